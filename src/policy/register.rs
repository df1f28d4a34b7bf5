//! What is asked of a register of entities, and of documents where there is one.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::crypto::AlgorithmConstraints;
use crate::policy::{RequiredLevel, ValidationPolicy};
use crate::x509::path::{DirectTrust, RevocationPolicy};
use crate::x509::{AnchorUse, TrustStore};

/// Whose signatures make a register, and how many of them.
///
/// A root key is trusted by its certificate and nothing above it, at the time at which the register is opened, or at the
/// time that a time-stamp on its signature proves. One that is no longer trusted is taken out of the policy: no list says
/// so.
#[derive(Debug, Clone)]
pub struct RegisterPolicy {
    validation: ValidationPolicy,
    threshold: NonZeroUsize,
    expired: ExpiredRegister,
}

impl RegisterPolicy {
    /// Asks for the signatures of `threshold` of the keys that `root_keys` holds: certificates of end entities, such as
    /// self-signed ones. Anchors of another scope than [`AnchorUse::Register`] do not count.
    ///
    /// The rest: no time-stamp asked for, [`ExpiredRegister::Refuse`], the default [`AlgorithmConstraints`],
    /// [`Limits`] and [`CodingScheme`].
    ///
    /// # Errors
    /// [`RegisterPolicyError`] when there are not so many different keys.
    pub fn new(root_keys: TrustStore, threshold: NonZeroUsize) -> Result<Self, RegisterPolicyError> {
        let keys: HashSet<&[u8]> = root_keys.anchors().iter().map(|anchor| anchor.public_key().spki_der()).collect();
        if keys.len() < threshold.get() {
            return Err(RegisterPolicyError { keys: keys.len(), threshold });
        }
        let mut validation = ValidationPolicy::new(root_keys, TrustStore::default(), RevocationPolicy::Skip);
        validation.level = RequiredLevel::BB;
        validation.signer_path.direct_trust = DirectTrust::Accept;
        validation.signer_path.anchor_use = Some(AnchorUse::Register);
        Ok(Self { validation, threshold, expired: ExpiredRegister::Refuse }.with_limits(Limits::default()))
    }

    /// Trusts time-stamps on signatures under these anchors. One that is there must hold.
    #[must_use]
    pub fn with_time_stamps(mut self, trust_store: TrustStore, revocation: RevocationPolicy) -> Self {
        self.validation.time_stamp_trust_store = trust_store;
        self.validation.time_stamp_path.revocation = revocation;
        self
    }

    /// Says what to do about a register whose next issue is due.
    #[must_use]
    pub fn with_expired(mut self, expired: ExpiredRegister) -> Self {
        self.expired = expired;
        self
    }

    /// Asks for other algorithms and key sizes.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: AlgorithmConstraints) -> Self {
        self.validation = self.validation.with_algorithms(algorithms);
        self
    }

    /// Sets other limits on what input may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.validation.limits = Limits { input_octets: limits.register_octets, ..limits };
        self
    }

    /// Reads codes by another scheme.
    #[must_use]
    pub fn with_coding_scheme(mut self, scheme: CodingScheme) -> Self {
        self.validation.coding_scheme = scheme;
        self
    }

    /// The root keys.
    #[must_use]
    pub fn root_keys(&self) -> &TrustStore {
        &self.validation.trust_store
    }

    /// How many of them must have signed.
    #[must_use]
    pub fn threshold(&self) -> NonZeroUsize {
        self.threshold
    }

    /// What to do about a register whose next issue is due.
    #[must_use]
    pub fn expired(&self) -> ExpiredRegister {
        self.expired
    }

    /// By which each signature is validated.
    pub(crate) fn validation(&self) -> &ValidationPolicy {
        &self.validation
    }
}

/// There are not as many keys as are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("register policy: {threshold} signatures asked for, there are {keys} different root keys")]
#[non_exhaustive]
pub struct RegisterPolicyError {
    /// How many different keys there are.
    pub keys: usize,
    /// How many are asked for.
    pub threshold: NonZeroUsize,
}

impl RegisterPolicyError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "register-policy-threshold"
    }
}

/// What to do about a register whose next issue is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ExpiredRegister {
    /// It is not opened: whoever serves it may hold back the next.
    Refuse,
    /// It is opened, for [advancing](crate::register::Register) from it and for looking at it. A document is not judged by
    /// it all the same.
    Open,
}

/// What to do about documents when no register is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RegisterUse {
    /// A register that is given is asked; without one the questions are reported as not checked.
    WhenGiven,
    /// Without a register no document passes.
    Require,
}
