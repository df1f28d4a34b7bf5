//! Path validation: RFC 5280 §6.1 with the policy graph of RFC 9618, step by step, under the RFC's own numbers.
//!
//! Certificate 1 is the one the anchor issued, certificate n the leaf. Beyond §6.1: the algorithm constraints, the
//! extended key usage of §4.2.1.12 (see [`Purpose`](super::path::Purpose)), and the constraints of the anchor's own
//! certificate (RFC 5937), which is then processed as the first one is.

mod policies;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use self::policies::{PolicyState, Position};
use super::certificate::Certificate;
use super::extension::{self, Criticality, Extension, KeyUsageBit};
use super::name::Name;
use super::name_constraints::{self, NameConstraints};
use super::path::{CaKeyPurposes, CertificationPath, Link, PathError, PathErrorKind, PathInputs};
use super::path::{Purpose, RevocationOutcome, RevocationPolicy};
use super::revocation::{self, LaterRevocation, RevocationEvidence, RevocationInputs};
use super::trust_anchor::{AnchorExtensions, AnchorValidity, TrustAnchor};
use crate::budget::Budget;
use crate::crypto::{AlgorithmConstraints, KeyKind, PublicKey, SignatureValid};
use crate::oid::{self, Oid};
use crate::time::{Instant, Validity};

/// Validates the path from `anchor` to the first of `links`, which stand leaf first.
pub(super) fn validate(
    links: &[Link<'_>],
    anchor: &TrustAnchor,
    inputs: &PathInputs<'_>,
    budget: &mut Budget,
) -> Result<CertificationPath, PathError> {
    let mut state = State::initialize(links, anchor, inputs)?;
    let mut user_constrained_policy_set = BTreeSet::new();
    for (below, link) in links.iter().enumerate().rev() {
        let position = if below > 0 { Position::Intermediate } else { Position::Last };
        let certificate = link.certificate;
        let processed = state.basic_certificate_processing(link, position, budget).and_then(|()| match position {
            Position::Anchor | Position::Intermediate => state.prepare_for_next(certificate).map(|()| BTreeSet::new()),
            Position::Last => state.wrap_up(certificate),
        });
        user_constrained_policy_set = processed.map_err(|kind| PathError::of(certificate, kind))?;
    }
    let certificates: Vec<Certificate> = links.iter().map(|link| link.certificate.clone()).collect();
    Ok(CertificationPath {
        revocation: revocation(&certificates, anchor, inputs, budget)?,
        certificates,
        anchor: anchor.clone(),
        validity: validity(links, anchor, inputs.leaf),
        policies: user_constrained_policy_set,
    })
}

/// §6.1.3 (a)(3): at the time of judgement, no certificate is revoked. Last, for what does not hold otherwise need not be
/// looked up.
fn revocation(
    certificates: &[Certificate],
    anchor: &TrustAnchor,
    inputs: &PathInputs<'_>,
    budget: &mut Budget,
) -> Result<RevocationOutcome, PathError> {
    let RevocationPolicy::Check(settings) = &inputs.settings.revocation else {
        return Ok(RevocationOutcome::NotChecked);
    };
    let none = RevocationEvidence::default();
    let evidence = inputs.evidence.unwrap_or(&none);
    let mut judged_by = RevocationInputs::new(evidence, anchor, inputs.at, settings);
    judged_by.pool = inputs.pool;
    judged_by.other_anchor_keys = inputs.trust_store.anchors();
    judged_by.known_at = inputs.known_at;
    if inputs.settings.purpose == Purpose::TimeStamping {
        judged_by.later = inputs.existed_at.map_or(LaterRevocation::Count, LaterRevocation::CountUntil);
    }
    let statuses = revocation::check_path(certificates, &judged_by, budget);
    statuses.map(RevocationOutcome::Checked).map_err(|error| {
        // More than the budget has would have told: that ends the search, as anywhere in it.
        let kind = error.status.exhausted().map_or(PathErrorKind::Revocation(error.status), PathErrorKind::Exhausted);
        PathError::of(&error.certificate, kind)
    })
}

/// Checks that the certificate of a candidate issuer can stand above another at all: the steps of §6.1.3 and §6.1.4 that
/// do not depend on the rest of the path. The search asks this before it follows a candidate.
pub(super) fn issuer(certificate: &Certificate, inputs: &PathInputs<'_>) -> Result<(), PathError> {
    let checks = valid_at(&certificate.validity(), inputs.at)
        .and_then(|()| is_ca(certificate))
        .and_then(|()| may_sign_certificates(certificate))
        .and_then(|()| critical_extensions(certificate, inputs));
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
    algorithms.check_of(certificate.as_der(), algorithm, working_public_key).map_err(PathErrorKind::Constraint)?;
    working_public_key
        .verify(algorithm, certificate.tbs_der(), certificate.signature_value())
        .map_err(PathErrorKind::Signature)
}

/// The state variables of §6.1.2 that change from certificate to certificate.
struct State<'a> {
    inputs: &'a PathInputs<'a>,
    /// `permitted_subtrees` and `excluded_subtrees`: the constraints of each certificate, all of which a name must meet.
    name_constraints: Vec<&'a NameConstraints>,
    policies: PolicyState,
    working_issuer_name: &'a Name,
    max_path_length: u64,
    /// The key purposes that every certificate so far leaves, of those the path's purpose can rest on.
    key_purposes: Option<Vec<Oid>>,
}

impl<'a> State<'a> {
    /// §6.1.2, and the constraints of the anchor's own certificate.
    fn initialize(
        links: &'a [Link<'_>],
        anchor: &'a TrustAnchor,
        inputs: &'a PathInputs<'a>,
    ) -> Result<Self, PathError> {
        let path_length = u64::try_from(links.len()).unwrap_or(u64::MAX);
        let mut state = Self {
            inputs,
            name_constraints: Vec::new(),
            // One more: the anchor's certificate may count as the first.
            policies: PolicyState::initialize(&inputs.settings.policies, path_length.saturating_add(1)),
            working_issuer_name: anchor.subject(),
            max_path_length: inputs.settings.max_path_length.unwrap_or(path_length),
            key_purposes: inputs.settings.purpose.key_purposes(),
        };
        state.anchor(links, anchor).map_err(|kind| PathError::of_anchor(anchor, kind))?;
        Ok(state)
    }

    /// What the anchor's key and, as far as it is enforced, its certificate ask (RFC 5937 §3).
    fn anchor(&mut self, links: &[Link<'_>], anchor: &'a TrustAnchor) -> Result<(), PathErrorKind> {
        let scope = anchor.scope();
        scope.check_use(self.inputs.settings.anchor_use).map_err(PathErrorKind::AnchorScope)?;
        scope.check_entity(self.inputs.entity).map_err(PathErrorKind::AnchorScope)?;
        // What its key signed.
        let below = links.last().map_or_else(|| self.inputs.leaf.as_der(), |link| link.certificate.as_der());
        let algorithms = &self.inputs.settings.algorithms;
        algorithms.check_key_of(below, anchor.public_key()).map_err(PathErrorKind::Constraint)?;
        let Some(certificate) = anchor.certificate() else { return Ok(()) };
        if anchor.validity() == AnchorValidity::Enforce {
            valid_at(&certificate.validity(), self.inputs.at)?;
        }
        let is_leaf = links.iter().any(|link| link.signature.is_none());
        if anchor.extensions() == AnchorExtensions::Ignore || is_leaf {
            return Ok(());
        }
        // An anchor that names no policy is not one under which none is valid.
        if certificate.certificate_policies().is_some() {
            self.policies.process(certificate, Position::Anchor)?;
        }
        // An anchor of version 1 has no basicConstraints; that it may issue is what makes it an anchor.
        if certificate.basic_constraints().is_some() {
            is_ca(certificate)?;
        }
        self.prepare(certificate)
    }

    /// §6.1.3 for certificate i.
    fn basic_certificate_processing(
        &mut self,
        link: &Link<'_>,
        position: Position,
        budget: &mut Budget,
    ) -> Result<(), PathErrorKind> {
        let certificate = link.certificate;
        valid_at(&certificate.validity(), self.inputs.at)?;
        // (a)(1): the proof was made with the key of the certificate above. Without one the certificate is the anchor, and
        // nothing is above it.
        if let Some(SignatureValid { .. }) = link.signature {
            self.issuer_name(certificate)?;
        }
        self.names(certificate, position, budget)?;
        self.policies.process(certificate, position)
    }

    /// §6.1.4 for certificate i, which is not the last.
    fn prepare_for_next(&mut self, certificate: &'a Certificate) -> Result<(), PathErrorKind> {
        is_ca(certificate)?;
        self.path_length(certificate)?;
        self.prepare(certificate)
    }

    /// §6.1.4 without (k) and (l), which an anchor is not asked for.
    fn prepare(&mut self, certificate: &'a Certificate) -> Result<(), PathErrorKind> {
        // (a) and (b)
        self.policies.map(certificate)?;
        // (c)
        self.working_issuer_name = certificate.subject();
        // (g)
        self.name_constraints.extend(certificate.name_constraints());
        // (h), (i) and (j)
        self.policies.count(certificate);
        self.path_len_constraint(certificate);
        may_sign_certificates(certificate)?;
        critical_extensions(certificate, self.inputs)?;
        self.confine_key_purposes(certificate)
    }

    /// §6.1.5 for certificate n: the `user_constrained_policy_set`.
    fn wrap_up(&mut self, certificate: &Certificate) -> Result<BTreeSet<Oid>, PathErrorKind> {
        let settings = self.inputs.settings;
        let policies = self.policies.wrap_up(certificate, &settings.policies.acceptable)?;
        self.certified_key(certificate)?;
        critical_extensions(certificate, self.inputs)?;
        settings.purpose.check(certificate, self.key_purposes.as_deref())?;
        Ok(policies)
    }

    /// §6.1.3 (b) and (c): the names are within the permitted subtrees and outside the excluded ones. A certificate that is
    /// self-issued and not the last is passed over.
    fn names(&self, certificate: &Certificate, position: Position, budget: &mut Budget) -> Result<(), PathErrorKind> {
        if position == Position::Intermediate && certificate.is_self_issued() {
            return Ok(());
        }
        match name_constraints::check(certificate, &self.name_constraints, budget)? {
            Some((name, violation)) => Err(PathErrorKind::NameConstraint { name: name.to_string(), violation }),
            None => Ok(()),
        }
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
        let algorithms = &self.inputs.settings.algorithms;
        algorithms.check_key_of(certificate.as_der(), key).map_err(PathErrorKind::Constraint)
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
    let (not_before, not_after) = (validity.not_before(), validity.not_after());
    Err(match at.cmp(&not_before) {
        Ordering::Less => PathErrorKind::NotYetValid { not_before, at },
        Ordering::Equal | Ordering::Greater => PathErrorKind::Expired { not_after, at },
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
fn critical_extensions(certificate: &Certificate, inputs: &PathInputs<'_>) -> Result<(), PathErrorKind> {
    let by_revocation = |id: &Oid| {
        let looked_at = matches!(inputs.settings.revocation, RevocationPolicy::Check(_));
        looked_at && [oid::CE_CRL_DISTRIBUTION_POINTS, oid::CE_FRESHEST_CRL].contains(id)
    };
    let processed = |id: &Oid| extension::TYPED.contains(id) || by_revocation(id);
    let unprocessed = |found: &&Extension| found.criticality() == Criticality::Critical && !processed(found.id());
    match certificate.extensions().iter().find(unprocessed) {
        Some(found) => Err(PathErrorKind::CriticalExtension { id: found.id().clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;
    use crate::x509::TrustStore;
    use crate::x509::path::PathSettings;

    fn params(name: &str) -> rcgen::CertificateParams {
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params
    }

    /// The search offers no such path; that the names follow each other does not rest on it.
    #[test]
    fn the_key_alone_does_not_make_an_issuer() {
        let [key, of_leaf] = [(); 2].map(|()| rcgen::KeyPair::generate().unwrap());
        let authority = params("Ministry");
        let made = params("Registrar").signed_by(&of_leaf, &rcgen::Issuer::from_params(&authority, &key)).unwrap();
        let leaf = Certificate::from_der(made.der()).unwrap();
        let of_name = |name: &str| Certificate::from_der(params(name).self_signed(&key).unwrap().der()).unwrap();
        let settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
        let proof = signature(&leaf, of_name("Ministry").public_key(), &settings.algorithms).unwrap();
        let trust_store = TrustStore::default();
        let inputs = PathInputs::new(&leaf, &trust_store, "2026-01-02T00:00:00Z".parse().unwrap(), &settings);
        let judge = |name: &str| {
            let certificate = of_name(name);
            let (name, key) = (certificate.subject().clone(), certificate.public_key().clone());
            let links = [Link { certificate: &leaf, signature: Some(proof) }];
            let anchor = TrustAnchor::from_name_and_key(name, key);
            validate(&links, &anchor, &inputs, &mut Budget::new(&Limits::default())).map(drop)
        };
        assert_eq!(judge("Ministry"), Ok(()));
        let (expected, found) = ("CN=Office".to_owned(), "CN=Ministry".to_owned());
        assert_eq!(judge("Office").unwrap_err().kind, PathErrorKind::IssuerName { expected, found });
    }
}
