//! What is asked for: trust anchors, required level, algorithms, limits.
//!
//! Every leniency is a variant named for what it allows; the defaults of [`ValidationPolicy::new`] are the strict ones.
//! [`ValidationRules`] are a policy as data, for a file: everything but the trust anchors.

mod constraint;
mod register;
mod rules;

use std::time::Duration;

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::crypto::AlgorithmConstraints;
use crate::jades::BaselineLevel;
use crate::oid::Oid;
use crate::status::StatusSettings;
use crate::x509::TrustStore;
use crate::x509::path::{PathSettings, PolicySettings, Purpose, RevocationPolicy};

pub use constraint::{Constraint, ConstraintLevel, Constraints};
pub use register::{ExpiredRegister, RegisterPolicy, RegisterPolicyError, RegisterUse};
pub use rules::{Preset, ValidationRules};

/// What a signature, and a document, must fulfil to pass.
///
/// Certificates of signers and of time-stamping authorities have anchors of their own: a document CA cannot vouch for a
/// time, nor a time-stamping CA for an entity.
#[derive(Debug, Clone)]
pub struct ValidationPolicy {
    trust_store: TrustStore,
    time_stamp_trust_store: TrustStore,
    signer_path: PathSettings,
    time_stamp_path: PathSettings,
    level: RequiredLevel,
    constraints: Constraints,
    attachments: AttachmentPolicy,
    status: StatusSettings,
    register: RegisterUse,
    time_stamp_policies: Vec<Oid>,
    clock_tolerance: Duration,
    limits: Limits,
    coding_scheme: CodingScheme,
}

impl ValidationPolicy {
    /// A policy that trusts signers under `trust_store` and time-stamps under `time_stamp_trust_store`, and treats
    /// revocation as `revocation` says.
    ///
    /// The rest is strict: B-T required, certificates fit for signing documents, every attachment required, a fresh status
    /// list for every document that names one, a register of entities asked when it is given, the default
    /// [`AlgorithmConstraints`] and [`Limits`], any time-stamp policy, ten minutes of difference between the clocks of
    /// signer and time-stamping authority, the default [`CodingScheme`]; every check that does not hold fails, but
    /// countersignatures only warn.
    #[must_use]
    pub fn new(trust_store: TrustStore, time_stamp_trust_store: TrustStore, revocation: RevocationPolicy) -> Self {
        let rules = ValidationRules { revocation, ..ValidationRules::default() };
        Self::of(rules, trust_store, time_stamp_trust_store)
    }

    /// Whether documents whose certificates and time-stamps are alike are judged alike, but for their own values. In full,
    /// so that whoever asks for more has to say so here.
    pub(crate) fn is_for_documents_alike(&self) -> bool {
        let Self {
            trust_store: _,
            time_stamp_trust_store: _,
            signer_path: _,
            time_stamp_path: _,
            level: _,
            constraints: _,
            attachments: _,
            status: _,
            register: _,
            time_stamp_policies: _,
            clock_tolerance: _,
            limits: _,
            coding_scheme: _,
        } = self;
        true
    }

    /// Asks for another baseline level.
    #[must_use]
    pub fn with_level(mut self, level: RequiredLevel) -> Self {
        self.level = level;
        self
    }

    /// Lets checks weigh less than [`ConstraintLevel::Fail`].
    #[must_use]
    pub fn with_constraints(mut self, constraints: Constraints) -> Self {
        self.constraints = constraints;
        self
    }

    /// Says what signing certificates must be for.
    #[must_use]
    pub fn with_signer_purpose(mut self, purpose: Purpose) -> Self {
        self.signer_path.purpose = purpose;
        self
    }

    /// Asks for certificate policies on the path of a signing certificate (RFC 5280 §6.1.1 (c) to (g)).
    #[must_use]
    pub fn with_certificate_policies(mut self, policies: PolicySettings) -> Self {
        self.signer_path.policies = policies;
        self
    }

    /// Says what to do about attachments that are not given.
    #[must_use]
    pub fn with_attachments(mut self, attachments: AttachmentPolicy) -> Self {
        self.attachments = attachments;
        self
    }

    /// Says what to do about documents when no register of entities is given.
    #[must_use]
    pub fn with_register(mut self, register: RegisterUse) -> Self {
        self.register = register;
        self
    }

    /// Says what to do about documents that name a status list which is not given, or stale.
    #[must_use]
    pub fn with_status(mut self, status: StatusSettings) -> Self {
        self.status = status;
        self
    }

    /// Asks for other algorithms and key sizes, of signatures, certificates, time-stamps, CRLs and
    /// OCSP responses.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: AlgorithmConstraints) -> Self {
        self.signer_path = self.signer_path.with_algorithms(|_| algorithms.clone());
        self.time_stamp_path = self.time_stamp_path.with_algorithms(|_| algorithms.clone());
        self
    }

    /// Accepts time-stamps under these policies only; an empty list accepts any.
    #[must_use]
    pub fn with_time_stamp_policies(mut self, policies: Vec<Oid>) -> Self {
        self.time_stamp_policies = policies;
        self
    }

    /// Says how far a claimed signing time may lie behind the proven one and still be a difference of clocks.
    #[must_use]
    pub fn with_clock_tolerance(mut self, tolerance: Duration) -> Self {
        self.clock_tolerance = tolerance;
        self
    }

    /// Sets other limits on what input may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads codes by another scheme.
    #[must_use]
    pub fn with_coding_scheme(mut self, scheme: CodingScheme) -> Self {
        self.coding_scheme = scheme;
        self
    }

    /// The anchors of signing certificates.
    #[must_use]
    pub fn trust_store(&self) -> &TrustStore {
        &self.trust_store
    }

    /// The anchors of time-stamping authorities.
    #[must_use]
    pub fn time_stamp_trust_store(&self) -> &TrustStore {
        &self.time_stamp_trust_store
    }

    /// What is asked of the path of a signing certificate: purpose, revocation, algorithms, certificate policies.
    #[must_use]
    pub fn signer_path(&self) -> &PathSettings {
        &self.signer_path
    }

    /// What is asked of the path of a time-stamping authority's certificate.
    #[must_use]
    pub fn time_stamp_path(&self) -> &PathSettings {
        &self.time_stamp_path
    }

    /// The baseline level required.
    #[must_use]
    pub fn level(&self) -> RequiredLevel {
        self.level
    }

    /// How much each check weighs that may weigh less.
    #[must_use]
    pub fn constraints(&self) -> &Constraints {
        &self.constraints
    }

    /// What to do about attachments that are not given.
    #[must_use]
    pub fn attachments(&self) -> AttachmentPolicy {
        self.attachments
    }

    /// What to do about documents when no register of entities is given.
    #[must_use]
    pub fn register(&self) -> RegisterUse {
        self.register
    }

    /// What to do about documents that name a status list which is not given, or stale.
    #[must_use]
    pub fn status(&self) -> StatusSettings {
        self.status
    }

    /// The algorithms and key sizes accepted.
    #[must_use]
    pub fn algorithms(&self) -> &AlgorithmConstraints {
        &self.signer_path.algorithms
    }

    /// The time-stamp policies accepted; empty accepts any.
    #[must_use]
    pub fn time_stamp_policies(&self) -> &[Oid] {
        &self.time_stamp_policies
    }

    /// How far a claimed signing time may lie behind the proven one.
    #[must_use]
    pub fn clock_tolerance(&self) -> Duration {
        self.clock_tolerance
    }

    /// The limits on what input may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The scheme of national codes.
    #[must_use]
    pub fn coding_scheme(&self) -> &CodingScheme {
        &self.coding_scheme
    }
}

/// The least a signature must carry (TS 119 182-1 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum RequiredLevel {
    /// B-B suffices: certificates are judged at validation time where no valid time-stamp proves an earlier one. A
    /// time-stamp that is there must hold all the same.
    #[serde(rename = "B-B")]
    BB,
    /// B-T: a valid signature time-stamp proves when the signature existed.
    #[serde(rename = "B-T")]
    BT,
    /// B-LT: B-T, and the file holds all certificates and revocation data that the signature and its time-stamps are
    /// judged by: they hold with those alone.
    #[serde(rename = "B-LT")]
    BLt,
    /// B-LTA: B-LT, and every archive time-stamp holds, at least one.
    #[serde(rename = "B-LTA")]
    BLta,
}

impl RequiredLevel {
    /// The level that the structure of a signature must show at least.
    #[must_use]
    pub fn baseline(self) -> BaselineLevel {
        match self {
            Self::BB => BaselineLevel::BB,
            Self::BT => BaselineLevel::BT,
            Self::BLt => BaselineLevel::BLt,
            Self::BLta => BaselineLevel::BLta,
        }
    }
}

/// What to do about attachments that a document names and nobody gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AttachmentPolicy {
    /// Every attachment must be given and match; a missing one is `INDETERMINATE / SIGNED_DATA_NOT_FOUND`.
    RequireAll,
    /// Attachments that are given must match; missing ones are reported as not checked.
    AllowMissing,
}
