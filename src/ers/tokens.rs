//! The tokens of records, each judged once.

use std::collections::HashMap;

use crate::budget::Budget;
use crate::digest::{Digest, DigestAlgorithm};
use crate::ers::{ArchiveTimeStamp, ArchiveTimeStampFault, VerificationInputs};
use crate::time::Instant;
use crate::tsp::{self, ProofOfExistence, StampedData};

/// Judges tokens by the same inputs and remembers those that hold.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    inputs: VerificationInputs<'a>,
    /// By the hash of the token and the time until which it was judged.
    held: HashMap<(Digest, Instant), ProofOfExistence>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(inputs: VerificationInputs<'a>) -> Self {
        Self { inputs, held: HashMap::new() }
    }

    pub(super) fn inputs(&self) -> &VerificationInputs<'a> {
        &self.inputs
    }

    /// Judges the token of `one`, which must be over the root of its hash tree and valid `until` the time of the next.
    pub(super) fn verify(
        &mut self,
        one: &ArchiveTimeStamp,
        until: Instant,
        budget: &mut Budget,
    ) -> Result<ProofOfExistence, ArchiveTimeStampFault> {
        let (token, root) = (one.token(), one.root());
        let data = StampedData::Digest(&root);
        token.check_imprint(data)?;
        let key = (DigestAlgorithm::Sha256.digest(token.as_der()), until);
        if let Some(proof) = self.held.get(&key) {
            return Ok(proof.clone());
        }
        // The next time-stamp proves that this one was made while its algorithms were good, if they were until then.
        let settings = self.inputs.settings.clone().with_algorithms(|algorithms| algorithms.judged_at(until));
        let mut inputs = tsp::VerificationInputs::new(data, self.inputs.trust_store, &settings, self.inputs.at);
        inputs.pool = self.inputs.pool;
        // Of its own evidence and what was given alone, so that the verdict on a token is the same in every record.
        let own =
            (!token.revocation().is_empty()).then(|| token.revocation_evidence(self.inputs.evidence, budget.limits()));
        inputs.evidence = own.as_ref().or(self.inputs.evidence);
        inputs.policies = self.inputs.policies;
        inputs.existed_at = Some(until);
        budget.start_path();
        let proof = tsp::verify(token, &inputs, budget)?;
        let validity = proof.path().validity();
        if !validity.contains(until) {
            return Err(ArchiveTimeStampFault::Expired { not_after: validity.not_after(), until });
        }
        if self.held.len() < HELD {
            self.held.insert(key, proof.clone());
        }
        Ok(proof)
    }
}

/// The most tokens that are remembered, of some KB each: those of as many batches of documents.
const HELD: usize = 1024;
