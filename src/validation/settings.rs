//! What the policy asks of paths, with the ends of algorithms judged at a time.

use crate::crypto::AlgorithmConstraints;
use crate::policy::ValidationPolicy;
use crate::time::Instant;
use crate::x509::path::PathSettings;

/// The settings of a policy for the paths of signers and of time-stamping authorities. In the policy they are of no time:
/// this says when an algorithm is judged.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) signer_path: PathSettings,
    pub(super) time_stamp_path: PathSettings,
}

impl Settings {
    /// Algorithms are judged at `at`.
    pub(super) fn at(policy: &ValidationPolicy, at: Instant) -> Self {
        let judged = |settings: &PathSettings| settings.clone().with_algorithms(|one| one.judged_at(at));
        Self { signer_path: judged(policy.signer_path()), time_stamp_path: judged(policy.time_stamp_path()) }
    }

    /// What is asked of the signature's own algorithm and key.
    pub(super) fn algorithms(&self) -> &AlgorithmConstraints {
        &self.signer_path.algorithms
    }
}
