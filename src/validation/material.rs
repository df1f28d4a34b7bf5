//! Everything at hand to judge one signature by: what the file holds, beside what was given. Nothing of it is trusted.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::budget::Limits;
use crate::cms::RevocationInfo;
use crate::jades::{EtsiU, HeaderParameters, ValidationData};
use crate::oid;
use crate::report::Reason;
use crate::tsp::{TimeStampError, TimeStampToken};
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::signature::{Context, Subject};
use crate::validation::tokens::Tokens;
use crate::x509::Certificate;
use crate::x509::crl::Crl;
use crate::x509::ocsp::OcspResponse;
use crate::x509::revocation::RevocationEvidence;

/// Certificates, CRLs and OCSP responses, and where in the file they stand.
pub(super) struct Material<'a> {
    /// What a path may be built from: the file's own certificates first, then those given.
    pub(super) pool: Vec<Certificate>,
    evidence: Cow<'a, RevocationEvidence>,
    /// What the file holds, item by item.
    items: Vec<ValidationData>,
    /// What tokens hold, beside the position of their item.
    in_tokens: Vec<(Option<usize>, ValidationData)>,
}

impl<'a> Material<'a> {
    /// Collects it, and says what in the file cannot be read.
    pub(super) fn collect(
        context: &'a Context<'_>,
        header: &HeaderParameters,
        etsi_u: &EtsiU,
        tokens: &Tokens,
    ) -> (Self, Vec<Reason>) {
        let (given, limits) = (context.evidence, context.policy.limits());
        let mut faults: Vec<Reason> = Vec::new();
        let items = etsi_u.validation_data(limits).unwrap_or_else(|fault| {
            faults.push(fault.into());
            Vec::new()
        });
        let mut in_tokens = Vec::new();
        for (position, token) in tokens.readable() {
            match of_token(token, limits) {
                Ok(None) => {}
                Ok(Some(data)) => in_tokens.push((position, data)),
                Err(fault) => faults.push(fault.into()),
            }
        }
        let inside = || items.iter().chain(in_tokens.iter().map(|(_, data)| data));
        let mut pool = header.certificates().to_vec();
        pool.extend(inside().flat_map(|data| data.certificates.iter().cloned()));
        // What was given stands among what is around a counter-signature.
        let (certificates, revocation) = match context.subject {
            Subject::Data => (&given.certificates, &given.revocation),
            Subject::SignatureValue { material, .. } => (&material.pool, material.evidence()),
        };
        pool.extend(certificates.iter().cloned());
        let holds_evidence = inside().any(|data| !data.crls.is_empty() || !data.ocsp_responses.is_empty());
        let evidence = if holds_evidence {
            let crls = inside().flat_map(|data| &data.crls).chain(revocation.crls());
            let ocsp = inside().flat_map(|data| &data.ocsp_responses).chain(revocation.ocsp_responses());
            Cow::Owned(RevocationEvidence::new(
                without_copies(crls, Crl::as_der),
                without_copies(ocsp, OcspResponse::as_der),
            ))
        } else {
            Cow::Borrowed(revocation)
        };
        (Self { pool, evidence, items, in_tokens }, faults)
    }

    /// All CRLs and OCSP responses.
    pub(super) fn evidence(&self) -> &RevocationEvidence {
        &self.evidence
    }

    /// Those that are proven to have existed before validation time.
    pub(super) fn proven_evidence(&self, proofs: &ProofsOfExistence) -> RevocationEvidence {
        let crls = self.evidence.crls().iter().filter(|crl| proofs.before_validation(crl.as_der()).is_some());
        let ocsp = self.evidence.ocsp_responses().iter();
        let ocsp = ocsp.filter(|response| proofs.before_validation(response.as_der()).is_some());
        RevocationEvidence::new(crls.cloned().collect(), ocsp.cloned().collect())
    }

    /// Those that the file holds.
    pub(super) fn evidence_inside(&self) -> RevocationEvidence {
        let inside = || self.items.iter().chain(self.in_tokens.iter().map(|(_, data)| data));
        let crls = inside().flat_map(|data| data.crls.iter().cloned()).collect();
        RevocationEvidence::new(crls, inside().flat_map(|data| data.ocsp_responses.iter().cloned()).collect())
    }

    /// The DER of every object in the items of `etsiU` before `position`, and of the responders' certificates in OCSP
    /// responses, which are judged as objects of their own.
    pub(super) fn objects_before(&self, position: usize) -> impl Iterator<Item = &[u8]> {
        let items = self.items.iter().filter(move |data| data.position < position);
        let in_tokens = self.in_tokens.iter().filter(move |(of, _)| of.is_none_or(|of| of < position));
        items.chain(in_tokens.map(|(_, data)| data)).flat_map(|data| {
            let certificates = data.certificates.iter().map(Certificate::as_der);
            let crls = data.crls.iter().map(Crl::as_der);
            let of_responders =
                data.ocsp_responses.iter().flat_map(OcspResponse::certificates).map(Certificate::as_der);
            certificates.chain(crls).chain(data.ocsp_responses.iter().map(OcspResponse::as_der)).chain(of_responders)
        })
    }
}

/// The certificates and the revocation information of a token, which no signature covers; `None` without the latter, for
/// the certificates are looked up in the token where it is judged.
fn of_token(token: &TimeStampToken, limits: &Limits) -> Result<Option<ValidationData>, TimeStampError> {
    if token.revocation().is_empty() {
        return Ok(None);
    }
    let (mut crls, mut ocsp_responses) = (Vec::new(), Vec::new());
    for info in token.revocation() {
        match info {
            RevocationInfo::Crl(der) => crls.push(Crl::from_der(der, limits).map_err(TimeStampError::Crl)?),
            RevocationInfo::Other { format, der } if *format == oid::ID_RI_OCSP_RESPONSE => {
                ocsp_responses.push(OcspResponse::from_der(der, limits).map_err(TimeStampError::Ocsp)?);
            }
            // Another kind of evidence: there is none that this crate could judge by.
            _ => {}
        }
    }
    let certificates = token.certificates().to_vec();
    Ok(Some(ValidationData::new(0, certificates, crls, ocsp_responses)))
}

/// Each once: renewals repeat what is there, and every copy would be tried.
fn without_copies<'a, T: Clone + 'a>(all: impl Iterator<Item = &'a T>, der: fn(&T) -> &[u8]) -> Vec<T> {
    let mut seen = HashSet::new();
    all.filter(|one| seen.insert(der(one))).cloned().collect()
}
