//! Certification paths: building them from an unordered pool, and validating them by RFC 5280 §6.1.
//!
//! [`build`] searches from the leaf upwards, depth first. At each certificate it tries the trust anchors that have the
//! issuer's name, then the certificates of the pool that do: those whose key identifier is the one asked for first,
//! then the others. A candidate is followed when its key made the signature; no subject with the same key comes twice,
//! so cross-certificates and cycles end. Each path that reaches an anchor is validated from the anchor down, and
//! the first that holds is the answer. Every candidate and every signature check draws on the [`Budget`].
//!
//! Of a failed search the most telling reason is reported: an expired certificate in a complete path rather than a dead
//! end elsewhere.

mod policy_settings;
mod purpose;
mod reason;
mod search;
mod steady;

use std::collections::BTreeSet;

use super::anchor_scope::AnchorUse;
use super::certificate::Certificate;
use super::revocation::{RevocationEvidence, RevocationSettings, RevocationStatus};
use super::trust_anchor::{TrustAnchor, TrustStore};
use crate::budget::Budget;
use crate::codes::EntityCode;
use crate::crypto::{AlgorithmConstraints, PublicKey};
use crate::oid::Oid;
use crate::time::{Instant, Validity};

pub use self::policy_settings::{AcceptablePolicies, AnyPolicy, ExplicitPolicy, PolicyMapping, PolicySettings};
pub use self::purpose::Purpose;
pub use self::reason::{PathError, PathErrorKind, PathSubject};

pub(super) use self::search::Link;
pub(crate) use self::steady::SteadyPeriod;

/// Builds and validates a path from a trust anchor to a certificate.
///
/// # Errors
/// [`PathError`] when there is none: no issuer of that name, a signature that does not fit, an expired CA, a CA
/// certificate that says it is none, an unknown critical extension, a purpose that is not allowed; or when the
/// search costs more than `budget` has.
pub fn build(inputs: &PathInputs<'_>, budget: &mut Budget) -> Result<CertificationPath, PathError> {
    search::search(inputs, budget)
}

/// What a path is built from, and what it must be good for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PathInputs<'a> {
    /// The certificate at the end of the path.
    pub leaf: &'a Certificate,
    /// Certificates that may be in between, in any order; nothing about them is trusted.
    pub pool: &'a [Certificate],
    /// The anchors the path may start from.
    pub trust_store: &'a TrustStore,
    /// The time for which the path must hold.
    pub at: Instant,
    /// What is asked of it.
    pub settings: &'a PathSettings,
    /// The CRLs and OCSP responses at hand, for [`RevocationPolicy::Check`]; nothing about them is trusted.
    pub evidence: Option<&'a RevocationEvidence>,
    /// The entity that the leaf names, for anchors that are good for some entities only; where there is none, they are not
    /// good for the leaf.
    pub entity: Option<EntityCode>,
    /// The time at which the evidence is at hand: [`at`](Self::at), or later where a time in the past is judged.
    pub known_at: Instant,
    /// For [`Purpose::TimeStamping`]: a time at which what was signed is known to have existed, such as from a later
    /// time-stamp over it. A revocation after that does not count, for whatever reason; without such a time it does.
    pub existed_at: Option<Instant>,
}

impl<'a> PathInputs<'a> {
    /// Inputs without a pool, so that the leaf must be issued by an anchor, and without evidence of revocation. Set
    /// [`pool`](Self::pool) and [`evidence`](Self::evidence) for more.
    #[must_use]
    pub fn new(leaf: &'a Certificate, trust_store: &'a TrustStore, at: Instant, settings: &'a PathSettings) -> Self {
        let (evidence, entity, existed_at) = (None, None, None);
        Self { leaf, pool: &[], trust_store, at, settings, evidence, entity, known_at: at, existed_at }
    }
}

/// What is asked of a path, whatever its certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathSettings {
    /// What the last certificate is to be used for.
    pub purpose: Purpose,
    /// What the path is used for, for anchors that are good for some uses only; where it is none of them, they are not
    /// good for the path.
    pub anchor_use: Option<AnchorUse>,
    /// How revocation is judged.
    pub revocation: RevocationPolicy,
    /// Which algorithms and keys may be relied on.
    pub algorithms: AlgorithmConstraints,
    /// What extKeyUsage in a CA certificate means.
    pub ca_key_purposes: CaKeyPurposes,
    /// Whether the last certificate may be a trust anchor itself.
    pub direct_trust: DirectTrust,
    /// What is asked of certificate policies.
    pub policies: PolicySettings,
    /// The most intermediate certificates, self-issued ones not counted: the initial `max_path_length` of RFC 5280
    /// §6.1.2 (k), which is the length of the path if this is `None`.
    pub max_path_length: Option<u64>,
}

impl PathSettings {
    /// Settings for a purpose and the [`AnchorUse`] that goes with it, with the default [`AlgorithmConstraints`], [`CaKeyPurposes::Confine`],
    /// [`DirectTrust::Refuse`], any certificate policy or none, and no `max_path_length`.
    #[must_use]
    pub fn new(purpose: Purpose, revocation: RevocationPolicy) -> Self {
        let anchor_use = match purpose {
            Purpose::DocumentSigning => Some(AnchorUse::Documents),
            Purpose::TimeStamping => Some(AnchorUse::TimeStamps),
            _ => None,
        };
        Self {
            purpose,
            anchor_use,
            revocation,
            algorithms: AlgorithmConstraints::default(),
            ca_key_purposes: CaKeyPurposes::Confine,
            direct_trust: DirectTrust::Refuse,
            policies: PolicySettings::default(),
            max_path_length: None,
        }
    }

    /// The same settings with other algorithm constraints, of certificates and of evidence of revocation: what `change`
    /// makes of those that are there.
    #[must_use]
    pub fn with_algorithms(mut self, change: impl Fn(AlgorithmConstraints) -> AlgorithmConstraints) -> Self {
        self.algorithms = change(self.algorithms);
        if let RevocationPolicy::Check(settings) = &mut self.revocation {
            settings.algorithms = change(settings.algorithms.clone());
        }
        self
    }
}

/// How revocation is judged. The default is [`Check`](Self::Check) with the default settings: hard fail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RevocationPolicy {
    /// By the evidence given, as the settings say: without evidence nothing passes, unless they allow that.
    Check(RevocationSettings),
    /// Not at all: a revoked certificate passes, and the path says [`RevocationOutcome::NotChecked`]. A critical
    /// cRLDistributionPoints is not processed then, and refused.
    Skip,
}

impl Default for RevocationPolicy {
    fn default() -> Self {
        Self::Check(RevocationSettings::default())
    }
}

/// What was found about revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationOutcome {
    /// Nothing was looked at: [`RevocationPolicy::Skip`].
    NotChecked,
    /// The status of each certificate that was judged, the leaf's first.
    Checked(Vec<RevocationStatus>),
}

/// What extKeyUsage in a CA certificate means. RFC 5280 §4.2.1.12 is silent; verifiers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CaKeyPurposes {
    /// It confines the certificates below: they cannot be used for what it does not name, unless it names
    /// anyExtendedKeyUsage. As BoringSSL, NSS and Windows do.
    Confine,
    /// Nothing.
    Ignore,
}

/// What it means that the certificate to be validated is a trust anchor itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DirectTrust {
    /// It is a path on its own, as in EN 319 102-1 §5.2.6: validity, purpose and critical extensions are checked, its
    /// signature is not.
    Accept,
    /// It needs a path through another anchor: an anchor is there to issue.
    Refuse,
}

/// A path that was found valid; made by [`build`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct CertificationPath {
    // Only `path_checks` makes one.
    pub(super) certificates: Vec<Certificate>,
    pub(super) anchor: TrustAnchor,
    pub(super) validity: Validity,
    pub(super) policies: BTreeSet<Oid>,
    pub(super) revocation: RevocationOutcome,
}

impl CertificationPath {
    /// The certificates, the last (the leaf) first; the anchor's is not among them, unless the leaf is the anchor.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The anchor the path starts from.
    #[must_use]
    pub fn anchor(&self) -> &TrustAnchor {
        &self.anchor
    }

    /// The period in which all certificates of the path are valid, and the anchor's if its period is enforced.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// The certificate policies under which the path is valid, of those that are acceptable: the
    /// `user_constrained_policy_set` of RFC 9618. anyPolicy stands for all; none is not a fault unless one is required.
    #[must_use]
    pub fn policies(&self) -> &BTreeSet<Oid> {
        &self.policies
    }

    /// What was found about revocation.
    #[must_use]
    pub fn revocation(&self) -> &RevocationOutcome {
        &self.revocation
    }

    /// The first end, by `constraints`, of the algorithms that its certificates are signed with; `None` when they have none.
    #[must_use]
    pub fn first_end(&self, constraints: &AlgorithmConstraints) -> Option<Instant> {
        let issuers = self.certificates.iter().skip(1).map(Certificate::public_key).chain([self.anchor.public_key()]);
        let ends = self.certificates.iter().zip(issuers).filter_map(|(certificate, issuer)| {
            constraints.end(certificate.signature_algorithm().ok()?, issuer).ok().flatten()
        });
        ends.min()
    }

    /// The key of the leaf (RFC 5280 §6.1.6 `working_public_key`).
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        self.certificates.first().map_or_else(|| self.anchor.public_key(), Certificate::public_key)
    }
}
