//! Whether a certificate was revoked, from the evidence at hand: RFC 5280 §6.3 and RFC 6960 §3.2.
//!
//! [`check`] answers for one certificate at one time, [`check_path`] for all certificates of a path:
//!
//! * [`RevocationStatus::NotRevoked`]: evidence of that time, signed by who may, covers the certificate for all reasons of
//!   revocation, and does not list it. [`NotRevoked`] has no other maker.
//! * [`RevocationStatus::Revoked`]: it does, and says since when and why.
//! * [`RevocationStatus::Unknown`]: neither, with the reason for each piece of evidence that could have told.
//!
//! All OCSP responses and all CRLs at hand are asked, and every distribution point counts. If any evidence that is accepted
//! says revoked, the certificate is revoked; a CRL gives way only to a newer one of its own scope, and a response to one of
//! a later time. What unknown means is
//! the policy's: [`UnknownRevocation::Deny`] unless it says otherwise.
//!
//! A time in the past is judged by [`RevocationInputs::known_at`]: evidence issued after the time that is asked about, and
//! not after `known_at`, knows it better than evidence of its time. A certificate that was revoked after the time asked
//! about was not revoked then, unless its key was in other hands already (invalidityDate), or may have been while the time
//! rests on nothing but that key ([`LaterRevocation::Count`]).

mod checker;
mod crl_processing;
mod crl_signer;
pub(in crate::x509) mod extension_list;
mod freshness;
mod issuer;
mod later;
mod rejection;
mod settings;
pub(in crate::x509) mod signed;
mod status;

use std::collections::HashMap;

use super::crl::Crl;
use super::ocsp::OcspResponse;
use super::{Certificate, Name, TrustAnchor};
use crate::budget::Budget;
use crate::time::Instant;

use self::checker::Checker;

pub use self::freshness::{Freshness, Untimely};
pub use self::issuer::CertificateIssuer;
pub use self::later::LaterRevocation;
pub use self::rejection::{CrlRejection, UnknownReason};
pub use self::settings::{DelegateRevocation, RevocationScope, RevocationSettings, UnknownRevocation};
pub use self::signed::EvidenceSignatureError;
pub use self::status::{Evidence, NotRevoked, RevocationError, RevocationStatus, Revoked, Unknown};

/// Judges one certificate, issued by `issuer`, at the time of `inputs`.
///
/// Running out of `budget` is one of the reasons of [`RevocationStatus::Unknown`].
pub fn check(
    certificate: &Certificate,
    issuer: CertificateIssuer<'_>,
    inputs: &RevocationInputs<'_>,
    budget: &mut Budget,
) -> RevocationStatus {
    Checker::new(budget).status(certificate, issuer, inputs)
}

/// Judges the certificates of a path, which stand leaf first as in
/// [`CertificationPath::certificates`](super::path::CertificationPath::certificates): each by its issuer, the last by the
/// anchor of `inputs`. A certificate that is that anchor is not judged. The statuses stand leaf first as well; under
/// [`RevocationScope::Leaf`] there is one.
///
/// # Errors
/// [`RevocationError`] for the certificate nearest the anchor that is revoked, or of which nothing is known unless
/// [`UnknownRevocation::Allow`] lets that pass.
pub fn check_path(
    certificates: &[Certificate],
    inputs: &RevocationInputs<'_>,
    budget: &mut Budget,
) -> Result<Vec<RevocationStatus>, RevocationError> {
    Checker::new(budget).path(certificates, inputs)
}

/// CRLs and OCSP responses, in any order. Nothing about them is trusted.
#[derive(Debug, Clone, Default)]
pub struct RevocationEvidence {
    crls: Vec<Crl>,
    ocsp_responses: Vec<OcspResponse>,
    /// Positions in `crls`, the latest issued first.
    by_issuer: HashMap<Box<[u8]>, Vec<usize>>,
}

impl RevocationEvidence {
    /// Evidence to judge by; OCSP responses are asked in the order given.
    #[must_use]
    pub fn new(crls: Vec<Crl>, ocsp_responses: Vec<OcspResponse>) -> Self {
        let mut by_issuer: HashMap<Box<[u8]>, Vec<usize>> = HashMap::new();
        for (position, crl) in crls.iter().enumerate() {
            by_issuer.entry(crl.issuer().key().into()).or_default().push(position);
        }
        for positions in by_issuer.values_mut() {
            positions.sort_by_key(|position| {
                std::cmp::Reverse(crls.get(*position).map(|crl| (crl.this_update(), crl.crl_number().cloned())))
            });
        }
        Self { crls, ocsp_responses, by_issuer }
    }

    /// The CRLs, in the order given.
    #[must_use]
    pub fn crls(&self) -> &[Crl] {
        &self.crls
    }

    /// The OCSP responses, in the order given.
    #[must_use]
    pub fn ocsp_responses(&self) -> &[OcspResponse] {
        &self.ocsp_responses
    }

    /// The CRLs whose issuer [matches](Name::matches) `issuer`, the latest issued first.
    pub fn crls_of(&self, issuer: &Name) -> impl Iterator<Item = &Crl> {
        let positions = self.by_issuer.get(issuer.key()).map(Vec::as_slice).unwrap_or_default();
        positions.iter().filter_map(|position| self.crls.get(*position))
    }
}

/// What certificates are judged by.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RevocationInputs<'a> {
    /// The CRLs and OCSP responses at hand.
    pub evidence: &'a RevocationEvidence,
    /// Certificates among which those of CRL issuers may be, in any order; nothing about them is trusted.
    pub pool: &'a [Certificate],
    /// The anchor of the path. Issuers of CRLs must have a path from it (§6.3.3 (f)).
    pub anchor: &'a TrustAnchor,
    /// Other trusted keys of the anchor, under its name: those before or after a key rollover.
    pub other_anchor_keys: &'a [TrustAnchor],
    /// The time for which the status is asked.
    pub at: Instant,
    /// The time at which the evidence is at hand, `at` or later.
    pub known_at: Instant,
    /// What it means that a certificate was revoked after `at`.
    pub later: LaterRevocation,
    /// How evidence is judged.
    pub settings: &'a RevocationSettings,
}

impl<'a> RevocationInputs<'a> {
    /// Inputs without a pool, for evidence that is at hand at the time `at` that is asked about.
    #[must_use]
    pub fn new(
        evidence: &'a RevocationEvidence,
        anchor: &'a TrustAnchor,
        at: Instant,
        settings: &'a RevocationSettings,
    ) -> Self {
        let later = LaterRevocation::Ignore;
        Self { evidence, pool: &[], anchor, other_anchor_keys: &[], at, known_at: at, later, settings }
    }

    /// The keys that are trusted under the name of the anchor.
    fn anchor_keys(&self) -> impl Iterator<Item = &'a TrustAnchor> {
        let anchor = self.anchor;
        let others = self.other_anchor_keys.iter().filter(|other| other.subject().matches(anchor.subject()));
        std::iter::once(anchor).chain(others)
    }
}
