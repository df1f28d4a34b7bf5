//! The tokens of records, each judged once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::budget::Budget;
use crate::crypto::Existence;
use crate::digest::{Digest, DigestAlgorithm};
use crate::ers::{ArchiveTimeStamp, ArchiveTimeStampFault, VerificationInputs};
use crate::time::Instant;
use crate::tsp::{self, ProofOfExistence, StampedData, TimeStampToken};
use crate::x509::Certificate;
use crate::x509::crl::Crl;
use crate::x509::ocsp::OcspResponse;

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
        let existence = self.existence(token, until, budget);
        let settings =
            self.inputs.settings.clone().with_algorithms(|algorithms| algorithms.judged_by(Arc::clone(&existence)));
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

    /// The next time-stamp proves that this one, with all that is in it, was made while its algorithms were good, if they
    /// were until then. Lists and responses that were given beside it may be of today. Certificates that were given may be
    /// too, and count as if they had been in it, for authorities leave out those of their CAs.
    fn existence(&self, token: &TimeStampToken, until: Instant, budget: &Budget) -> Arc<Existence> {
        let mut existence = Existence::new(self.inputs.at);
        let own = token.revocation_evidence(None, budget.limits());
        let of_responders = own.ocsp_responses().iter().flat_map(OcspResponse::certificates);
        let certificates = token.certificates().iter().chain(self.inputs.pool).chain(of_responders);
        let lists = own.crls().iter().map(Crl::as_der);
        let objects = certificates.map(Certificate::as_der).chain(lists);
        let objects = objects.chain(own.ocsp_responses().iter().map(OcspResponse::as_der)).chain([token.as_der()]);
        objects.for_each(|object| existence.prove(DigestAlgorithm::Sha256.digest(object), until));
        Arc::new(existence)
    }
}

/// The most tokens that are remembered, of some KB each: those of as many batches of documents.
const HELD: usize = 1024;
