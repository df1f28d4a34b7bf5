//! The search for a path, from the leaf upwards.

use std::collections::{BTreeMap, BTreeSet};

use super::{CertificationPath, DirectTrust, PathError, PathErrorKind, PathInputs};
use crate::budget::{Budget, Resource};
use crate::crypto::{PublicKey, SignatureValid};
use crate::x509::path_checks;
use crate::x509::{Certificate, TrustAnchor};

/// A certificate of a path, with the proof that the key above it made its signature.
#[derive(Debug, Clone, Copy)]
pub(in crate::x509) struct Link<'a> {
    pub(in crate::x509) certificate: &'a Certificate,
    /// `None` for a certificate that is itself the trust anchor.
    pub(in crate::x509) signature: Option<SignatureValid>,
}

/// Builds and validates a path; see [`build`](super::build).
pub(super) fn search(inputs: &PathInputs<'_>, budget: &mut Budget) -> Result<CertificationPath, PathError> {
    let mut search = Search::new(inputs, budget);
    if let Some(path) = search.direct_trust()? {
        return Ok(path);
    }
    if let Some(path) = search.extend(inputs.leaf, &mut Vec::new())? {
        return Ok(path);
    }
    let nothing = || Failure { reached_anchor: false, error: issuer_unknown(inputs.leaf) };
    Err(search.failure.unwrap_or_else(nothing).error)
}

struct Search<'a, 'b> {
    inputs: &'b PathInputs<'a>,
    budget: &'b mut Budget,
    /// The pool by subject, each certificate once.
    issuers: BTreeMap<&'a [u8], Vec<&'a Certificate>>,
    /// Signatures checked before.
    signatures: BTreeMap<Pairing<'a>, Result<SignatureValid, PathErrorKind>>,
    failure: Option<Failure>,
}

/// A certificate and the key that may have signed it, by their DER. Pools are small, so that comparing is cheaper than hashing;
/// and in a hostile one it costs no more.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pairing<'a> {
    certificate: &'a [u8],
    key: &'a [u8],
}

/// A reason, and how far the path got that failed for it.
struct Failure {
    reached_anchor: bool,
    error: PathError,
}

impl Failure {
    fn rank(&self) -> (bool, u8) {
        (self.reached_anchor, self.error.kind.rank())
    }
}

impl<'a, 'b> Search<'a, 'b> {
    fn new(inputs: &'b PathInputs<'a>, budget: &'b mut Budget) -> Self {
        let mut issuers: BTreeMap<&[u8], Vec<&Certificate>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for certificate in inputs.pool.iter().filter(|certificate| seen.insert(certificate.as_der())) {
            issuers.entry(certificate.subject().key()).or_default().push(certificate);
        }
        Self { inputs, budget, issuers, signatures: BTreeMap::new(), failure: None }
    }

    /// The leaf as a path of its own, if it is an anchor and that is allowed.
    fn direct_trust(&mut self) -> Result<Option<CertificationPath>, PathError> {
        let leaf = self.inputs.leaf;
        let mut anchors = self.inputs.trust_store.by_subject(leaf.subject());
        let Some(anchor) = anchors.find(|anchor| anchor.is_of(leaf)) else { return Ok(None) };
        match self.inputs.settings.direct_trust {
            DirectTrust::Refuse => {
                self.note(false, PathError::of(leaf, PathErrorKind::DirectlyTrusted));
                Ok(None)
            }
            DirectTrust::Accept => self.validate(&[Link { certificate: leaf, signature: None }], anchor),
        }
    }

    /// Continues the path that ends, so far, with the certificates `below` and then `subject`. As deep as
    /// [`Limits::path_length`](crate::budget::Limits::path_length).
    ///
    /// `Err` ends the search: the budget is exhausted.
    fn extend(
        &mut self,
        subject: &'a Certificate,
        below: &mut Vec<Link<'a>>,
    ) -> Result<Option<CertificationPath>, PathError> {
        let mut dead_end = DeadEnd::default();
        for anchor in self.inputs.trust_store.by_subject(subject.issuer()) {
            // A self-signed anchor is not below itself; that would be direct trust.
            if below.iter().map(|link| link.certificate).chain([subject]).any(|below| anchor.is_of(below)) {
                continue;
            }
            match self.signature(subject, anchor.public_key())? {
                Ok(signature) => {
                    dead_end.is_passed = true;
                    below.push(Link { certificate: subject, signature: Some(signature) });
                    let path = self.validate(below, anchor)?;
                    below.pop();
                    if path.is_some() {
                        return Ok(path);
                    }
                }
                Err(kind) => dead_end.add(PathError::of(subject, kind)),
            }
        }
        for issuer in self.issuers_of(subject) {
            if below.iter().map(|link| link.certificate).chain([subject]).any(|below| is_same(below, issuer)) {
                continue;
            }
            let limit = self.budget.limits().path_length;
            if below.len() + 2 > limit {
                dead_end.add(PathError::of(subject, PathErrorKind::TooLong { limit }));
                break;
            }
            match self.issuer(subject, issuer)? {
                Ok(signature) => {
                    dead_end.is_passed = true;
                    below.push(Link { certificate: subject, signature: Some(signature) });
                    let path = self.extend(issuer, below)?;
                    below.pop();
                    if path.is_some() {
                        return Ok(path);
                    }
                }
                Err(error) => dead_end.add(error),
            }
        }
        if !dead_end.is_passed {
            self.note(false, dead_end.error.unwrap_or_else(|| issuer_unknown(subject)));
        }
        Ok(None)
    }

    /// Validates the path that is complete with `anchor` above `links`.
    fn validate(&mut self, links: &[Link<'_>], anchor: &TrustAnchor) -> Result<Option<CertificationPath>, PathError> {
        match path_checks::validate(links, anchor, self.inputs, self.budget) {
            Ok(path) => Ok(Some(path)),
            Err(error) if matches!(error.kind, PathErrorKind::Exhausted(_)) => Err(error),
            Err(error) => {
                self.note(true, error);
                Ok(None)
            }
        }
    }

    /// The certificates of the pool with the issuer's name: first those whose key identifier is the one `subject`
    /// asks for, then those without one, then the others. Key identifiers are hints (RFC 5280 §4.2.1.1).
    fn issuers_of(&self, subject: &Certificate) -> Vec<&'a Certificate> {
        let mut candidates = self.issuers.get(subject.issuer().key()).cloned().unwrap_or_default();
        let Some(wanted) = subject.authority_key_identifier().and_then(|identifier| identifier.key_identifier()) else {
            return candidates;
        };
        candidates.sort_by_key(|candidate| match candidate.subject_key_identifier() {
            Some(identifier) if identifier == wanted => 0,
            None => 1,
            Some(_) => 2,
        });
        candidates
    }

    /// Whether `issuer` can have issued `subject`: it is a CA, and its key made the signature.
    fn issuer(
        &mut self,
        subject: &'a Certificate,
        issuer: &'a Certificate,
    ) -> Result<Result<SignatureValid, PathError>, PathError> {
        let signature = self.signature(subject, issuer.public_key())?;
        Ok(signature
            .map_err(|kind| PathError::of(subject, kind))
            .and_then(|valid| path_checks::issuer(issuer, self.inputs).map(|()| valid)))
    }

    /// Whether `key` made the signature of `subject`, by an algorithm that may be relied on.
    fn signature(
        &mut self,
        subject: &'a Certificate,
        key: &'a PublicKey,
    ) -> Result<Result<SignatureValid, PathErrorKind>, PathError> {
        let exhausted = |error| PathError::of(subject, PathErrorKind::Exhausted(error));
        self.budget.draw(Resource::PathCandidates).map_err(exhausted)?;
        let pairing = Pairing { certificate: subject.as_der(), key: key.spki_der() };
        if let Some(known) = self.signatures.get(&pairing) {
            return Ok(known.clone());
        }
        self.budget.draw(Resource::PathSignatures).map_err(exhausted)?;
        let result = path_checks::signature(subject, key, &self.inputs.settings.algorithms);
        self.signatures.insert(pairing, result.clone());
        Ok(result)
    }

    fn note(&mut self, reached_anchor: bool, error: PathError) {
        let failure = Failure { reached_anchor, error };
        if self.failure.as_ref().is_none_or(|noted| noted.rank() < failure.rank()) {
            self.failure = Some(failure);
        }
    }
}

/// What is to be said of a certificate for which no candidate issuer could be followed.
#[derive(Default)]
struct DeadEnd {
    is_passed: bool,
    /// `None` as long as there is no more to say than that the issuer is not known.
    error: Option<PathError>,
}

impl DeadEnd {
    fn add(&mut self, error: PathError) {
        if self.error.as_ref().is_none_or(|noted| noted.kind.rank() < error.kind.rank()) {
            self.error = Some(error);
        }
    }
}

fn issuer_unknown(subject: &Certificate) -> PathError {
    let kind = if subject.is_self_issued() {
        PathErrorKind::SelfIssuedNotTrusted
    } else {
        PathErrorKind::IssuerUnknown { issuer: subject.issuer().to_string() }
    };
    PathError::of(subject, kind)
}

/// Whether two certificates are for the same key under the same name.
fn is_same(one: &Certificate, other: &Certificate) -> bool {
    one.public_key() == other.public_key() && one.subject().matches(other.subject())
}
