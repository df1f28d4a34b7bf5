//! Path validation: RFC 5280 §6.1, step by step, under the RFC's own numbers.
//!
//! Certificate 1 is the one the anchor issued, certificate n the leaf. What §6.1 does and this does not yet: certificate
//! policies (§6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5 (a), (b), (g)) and name constraints (§6.1.3 (b), (c),
//! §6.1.4 (g)). A certificate that makes one of them critical is rejected by the steps for critical extensions.
//!
//! Beyond §6.1: the algorithm constraints, the extended key usage of §4.2.1.12 (see [`Purpose`](super::path::Purpose)),
//! and the constraints of the anchor's own certificate (RFC 5937).

use super::certificate::Certificate;
use super::extension::{Criticality, KeyUsageBit};
use super::name::Name;
use super::path::{CaKeyPurposes, CertificationPath, Link, PathError, PathErrorKind, PathInputs};
use super::path::{RevocationOutcome, RevocationPolicy};
use super::trust_anchor::{AnchorExtensions, AnchorValidity, TrustAnchor};
use crate::crypto::{AlgorithmConstraints, KeyKind, PublicKey, SignatureValid};
use crate::oid::{self, Oid};
use crate::time::{Instant, Validity};

/// Validates the path from `anchor` to the first of `links`, which stand leaf first.
pub(super) fn validate(
    links: &[Link<'_>],
    anchor: &TrustAnchor,
    inputs: &PathInputs<'_>,
) -> Result<CertificationPath, PathError> {
    let mut state = State::initialize(links, anchor, inputs)?;
    for (below, link) in links.iter().enumerate().rev() {
        state.basic_certificate_processing(link)?;
        if below > 0 {
            state.prepare_for_next(link.certificate)?;
        } else {
            state.wrap_up(link.certificate)?;
        }
    }
    Ok(CertificationPath::new(
        links.iter().map(|link| link.certificate.clone()).collect(),
        anchor.clone(),
        validity(links, anchor, inputs.leaf),
        state.revocation,
    ))
}

/// Checks that the certificate of a candidate issuer can stand above another at all: the steps of §6.1.3 and §6.1.4 that
/// do not depend on the rest of the path. The search asks this before it follows a candidate.
pub(super) fn issuer(certificate: &Certificate, inputs: &PathInputs<'_>) -> Result<(), PathError> {
    let checks = valid_at(&certificate.validity(), inputs.at)
        .and_then(|()| is_ca(certificate))
        .and_then(|()| may_sign_certificates(certificate))
        .and_then(|()| critical_extensions(certificate));
    checks.map_err(|kind| PathError::of(certificate, kind))
}

/// §6.1.3 (a)(1): the signature on the certificate can be verified with the working public key, by an algorithm that may be
/// relied on.
pub(super) fn signature(
    certificate: &Certificate,
    working_public_key: &PublicKey,
    algorithms: &AlgorithmConstraints,
) -> Result<SignatureValid, PathErrorKind> {
    let algorithm = certificate.signature_algorithm().map_err(|error| PathErrorKind::Algorithm(error.clone()))?;
    algorithms.check(algorithm, working_public_key).map_err(PathErrorKind::Constraint)?;
    working_public_key
        .verify(algorithm, certificate.tbs_der(), certificate.signature_value())
        .map_err(PathErrorKind::Signature)
}

/// The state variables of §6.1.2 that change from certificate to certificate.
struct State<'a> {
    inputs: &'a PathInputs<'a>,
    working_issuer_name: &'a Name,
    max_path_length: u64,
    /// The key purposes that every certificate so far leaves, of those the path's purpose can rest on.
    key_purposes: Option<Vec<Oid>>,
    revocation: RevocationOutcome,
}

impl<'a> State<'a> {
    /// §6.1.2, and the constraints of the anchor's own certificate (RFC 5937 §3).
    fn initialize(
        links: &'a [Link<'_>],
        anchor: &'a TrustAnchor,
        inputs: &'a PathInputs<'a>,
    ) -> Result<Self, PathError> {
        let path_length = u64::try_from(links.len()).unwrap_or(u64::MAX);
        let mut state = Self {
            inputs,
            working_issuer_name: anchor.subject(),
            max_path_length: inputs.settings.max_path_length.unwrap_or(path_length),
            key_purposes: inputs.settings.purpose.key_purposes(),
            revocation: match inputs.settings.revocation {
                RevocationPolicy::Skip => RevocationOutcome::NotChecked,
            },
        };
        state.anchor(links, anchor).map_err(|kind| PathError::of_anchor(anchor, kind))?;
        Ok(state)
    }

    fn anchor(&mut self, links: &[Link<'_>], anchor: &TrustAnchor) -> Result<(), PathErrorKind> {
        let is_leaf = links.iter().any(|link| link.signature.is_none());
        self.inputs.settings.algorithms.check_key(anchor.public_key()).map_err(PathErrorKind::Constraint)?;
        let Some(certificate) = anchor.certificate() else { return Ok(()) };
        if anchor.validity() == AnchorValidity::Enforce {
            valid_at(&certificate.validity(), self.inputs.at)?;
        }
        if anchor.extensions() == AnchorExtensions::Ignore || is_leaf {
            return Ok(());
        }
        // An anchor of version 1 has no basicConstraints; that it may issue is what makes it an anchor.
        if certificate.basic_constraints().is_some() {
            is_ca(certificate)?;
        }
        may_sign_certificates(certificate)?;
        critical_extensions(certificate)?;
        self.confine_key_purposes(certificate)?;
        self.path_len_constraint(certificate);
        Ok(())
    }

    /// §6.1.3 for certificate i.
    fn basic_certificate_processing(&self, link: &Link<'_>) -> Result<(), PathError> {
        let certificate = link.certificate;
        let checks = valid_at(&certificate.validity(), self.inputs.at).and_then(|()| match link.signature {
            // (a)(1) and (a)(4): the proof was made with the key of the certificate above.
            Some(SignatureValid { .. }) => self.issuer_name(certificate),
            // The certificate is the anchor; nothing is above it.
            None => Ok(()),
        });
        checks.map_err(|kind| PathError::of(certificate, kind))
    }

    /// §6.1.4 for certificate i, which is not the last.
    fn prepare_for_next(&mut self, certificate: &'a Certificate) -> Result<(), PathError> {
        let checks = is_ca(certificate)
            .and_then(|()| self.path_length(certificate))
            .and_then(|()| may_sign_certificates(certificate))
            .and_then(|()| critical_extensions(certificate))
            .and_then(|()| self.confine_key_purposes(certificate));
        checks.map_err(|kind| PathError::of(certificate, kind))?;
        self.path_len_constraint(certificate);
        // (c)
        self.working_issuer_name = certificate.subject();
        Ok(())
    }

    /// §6.1.5 for certificate n.
    fn wrap_up(&self, certificate: &Certificate) -> Result<(), PathError> {
        let purpose = &self.inputs.settings.purpose;
        let checks = self
            .certified_key(certificate)
            .and_then(|()| critical_extensions(certificate))
            .and_then(|()| purpose.check(certificate, self.key_purposes.as_deref()));
        checks.map_err(|kind| PathError::of(certificate, kind))
    }

    /// §6.1.3 (a)(4): the certificate issuer name is the working issuer name.
    fn issuer_name(&self, certificate: &Certificate) -> Result<(), PathErrorKind> {
        if certificate.issuer().matches(self.working_issuer_name) {
            return Ok(());
        }
        Err(PathErrorKind::IssuerName {
            expected: self.working_issuer_name.to_string(),
            found: certificate.issuer().to_string(),
        })
    }

    /// §6.1.4 (l): if the certificate was not self-issued, verify that max_path_length is greater than zero and decrement
    /// it.
    fn path_length(&mut self, certificate: &Certificate) -> Result<(), PathErrorKind> {
        if !certificate.is_self_issued() {
            self.max_path_length = self.max_path_length.checked_sub(1).ok_or(PathErrorKind::PathLength)?;
        }
        Ok(())
    }

    /// §6.1.4 (m): if pathLenConstraint is present and is less than max_path_length, set max_path_length to it.
    fn path_len_constraint(&mut self, certificate: &Certificate) {
        if let Some(constraint) = certificate.basic_constraints().and_then(|basic| basic.path_len_constraint()) {
            self.max_path_length = self.max_path_length.min(constraint);
        }
    }

    /// §4.2.1.12, of a CA: what it is not for, the certificates below are not for.
    fn confine_key_purposes(&mut self, certificate: &Certificate) -> Result<(), PathErrorKind> {
        let (CaKeyPurposes::Confine, Some(left), Some(found)) =
            (self.inputs.settings.ca_key_purposes, &mut self.key_purposes, certificate.ext_key_usage())
        else {
            return Ok(());
        };
        if found.contains(&oid::ANY_EXTENDED_KEY_USAGE) {
            return Ok(());
        }
        left.retain(|purpose| found.contains(purpose));
        if left.is_empty() {
            let purpose = self.inputs.settings.purpose.clone();
            return Err(PathErrorKind::ExtKeyUsage { purpose, found: Some(found.clone()) });
        }
        Ok(())
    }

    /// §6.1.5 (c) to (e): the working public key is that of certificate n, and can be relied on.
    fn certified_key(&self, certificate: &Certificate) -> Result<(), PathErrorKind> {
        let key = certificate.public_key();
        if let KeyKind::Unsupported(reason) = key.kind() {
            return Err(PathErrorKind::KeyUnsupported(reason.clone()));
        }
        self.inputs.settings.algorithms.check_key(key).map_err(PathErrorKind::Constraint)
    }
}

/// The period in which everything this path rests on is valid. Each part contains the time of judgement, so they overlap.
fn validity(links: &[Link<'_>], anchor: &TrustAnchor, leaf: &Certificate) -> Validity {
    let anchored = anchor.certificate().filter(|_| anchor.validity() == AnchorValidity::Enforce);
    let periods = links.iter().map(|link| link.certificate).chain(anchored).map(Certificate::validity);
    periods.fold(leaf.validity(), |window, period| window.intersection(&period).unwrap_or(window))
}

/// §6.1.3 (a)(2): the certificate validity period includes the time of judgement.
fn valid_at(validity: &Validity, at: Instant) -> Result<(), PathErrorKind> {
    if validity.contains(at) {
        return Ok(());
    }
    Err(if at < validity.not_before() {
        PathErrorKind::NotYetValid { not_before: validity.not_before(), at }
    } else {
        PathErrorKind::Expired { not_after: validity.not_after(), at }
    })
}

/// §6.1.4 (k): basicConstraints is present and `cA` is TRUE. Certificates of versions 1 and 2 have no other means here.
fn is_ca(certificate: &Certificate) -> Result<(), PathErrorKind> {
    match certificate.basic_constraints() {
        Some(basic) if basic.is_ca() => Ok(()),
        _ => Err(PathErrorKind::NotCa),
    }
}

/// §6.1.4 (n): if keyUsage is present, keyCertSign is set.
fn may_sign_certificates(certificate: &Certificate) -> Result<(), PathErrorKind> {
    match certificate.key_usage() {
        Some(usage) if !usage.allows(KeyUsageBit::KeyCertSign) => {
            Err(PathErrorKind::NoKeyCertSign { found: usage.clone() })
        }
        _ => Ok(()),
    }
}

/// §6.1.4 (o) and §6.1.5 (f): no critical extension is left that was not processed.
fn critical_extensions(certificate: &Certificate) -> Result<(), PathErrorKind> {
    let unprocessed = |extension: &&super::extension::Extension| {
        extension.criticality() == Criticality::Critical && !PROCESSED.contains(extension.id())
    };
    match certificate.extensions().iter().find(unprocessed) {
        Some(extension) => Err(PathErrorKind::CriticalExtension { id: extension.id().clone() }),
        None => Ok(()),
    }
}

/// The extensions that the steps above process, or that ask nothing of them: key identifiers are hints to the search, and
/// subjectAltName adds names without a constraint to meet.
const PROCESSED: [Oid; 6] = [
    oid::CE_BASIC_CONSTRAINTS,
    oid::CE_KEY_USAGE,
    oid::CE_EXT_KEY_USAGE,
    oid::CE_SUBJECT_KEY_IDENTIFIER,
    oid::CE_AUTHORITY_KEY_IDENTIFIER,
    oid::CE_SUBJECT_ALT_NAME,
];
