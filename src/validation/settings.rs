//! What the policy asks of paths, with the ends of algorithms judged at a time.

use crate::crypto::AlgorithmConstraints;
use crate::policy::ValidationPolicy;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::x509::path::PathSettings;

/// The settings of a policy for the paths of signers and of time-stamping authorities. In the policy they are of no time:
/// this says when an algorithm is judged.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) signer_path: PathSettings,
    pub(super) time_stamp_path: PathSettings,
}

impl Settings {
    /// Algorithms are judged when the object that they made is proven to have existed, else at validation time.
    pub(super) fn by(policy: &ValidationPolicy, proofs: &ProofsOfExistence) -> Self {
        let judge = |constraints: AlgorithmConstraints| {
            if proofs.is_empty() {
                constraints.judged_at(proofs.at())
            } else {
                constraints.judged_by(proofs.existence())
            }
        };
        Self {
            signer_path: policy.signer_path().clone().with_algorithms(judge),
            time_stamp_path: policy.time_stamp_path().clone().with_algorithms(judge),
        }
    }

    /// What is asked of the signature's own algorithm and key.
    pub(super) fn algorithms(&self) -> &AlgorithmConstraints {
        &self.signer_path.algorithms
    }
}
