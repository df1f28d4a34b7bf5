//! Verifying many documents: in order, in bounded memory, on as many threads as the caller gives.
//!
//! [`BulkVerifier::verify`] takes any iterator of documents and is an iterator of outcomes, one for each document and in
//! the order of the documents. **Bulk equals single, item by item**: the report of an outcome is the one that
//! [`Verifier::verify`] makes of that document alone, whatever stands beside it.
//!
//! Documents are taken a round at a time: so many that every thread has work, and no more than fit a bound in octets, with
//! their reports.
//! The threads take their documents from the iterator themselves, so that reading goes on beside verifying. Between
//! rounds, which is whenever the caller looks at outcomes, nothing runs; dropping the iterator ends the work, and a
//! [`Monitor`] ends it from another thread and shows how far it is.
//!
//! # What is done once
//!
//! The documents of one signer have the same header, certificates and algorithms, and their time-stamps are of the same
//! authority. The first such document is judged in the general way. If it passes, and nothing failed, it is a precedent:
//! a document that is the same octet for octet, but for payload, claimed time, signature and the values of its time-stamp,
//! is judged by these alone. Its paths hold at its own proven time when no certificate, list, response or algorithm
//! begins or ends between that and the precedent's. The signatures of some hundred documents are checked together, by
//! [tables of the keys](crate::crypto::KnownKeys) that made them.
//!
//! What does not pass so, for whatever reason, is judged in the general way. So a precedent can only ever spare work; it
//! never holds anything about a signature, a digest or a payload. The files of a batch have one signature, octet for octet:
//! of each but the first only the document and its proof are judged. Register and status lists are asked about each document.
//! Documents with attachments, extensions or a mandate, with more than one signature or time-stamp, with long-term data,
//! in compact form, and all of them where journals, mandates or evidence records are given, go the general way.
//!
//! **Accepted**: anything that is octets, from slices ([`json_lines`]), from a reader of JSON Lines ([`JsonLines`]), or
//! from any other source. **Ignored**: nothing. **Rejected**: nothing by itself; what is no document has a report that
//! says so. What a reader fails to read is passed on in its place ([`BulkVerifier::try_verify`]).
//!
//! ```
//! use std::num::NonZeroUsize;
//! use wathiqa::bulk::{BulkVerifier, json_lines};
//! use wathiqa::policy::ValidationPolicy;
//! use wathiqa::report::Indication;
//! use wathiqa::validation::Evidence;
//! use wathiqa::verify::Verifier;
//! use wathiqa::x509::TrustStore;
//! use wathiqa::x509::path::RevocationPolicy;
//!
//! let policy = ValidationPolicy::new(TrustStore::default(), TrustStore::default(), RevocationPolicy::default());
//! let bulk = BulkVerifier::new(Verifier::new(policy)).with_threads(NonZeroUsize::MIN);
//! let archive = b"{\"payload\":\"\"}\na.b\n"; // one document a line
//! let evidence = Evidence::none();
//! let mut failed = 0;
//! for outcome in bulk.verify(json_lines(archive), &evidence, "2025-03-02T08:00:00Z".parse()?) {
//!     if outcome.indication() != Indication::TotalPassed {
//!         println!("document {}: {}", outcome.position(), outcome.report());
//!         failed += 1;
//!     }
//! }
//! assert_eq!(failed, 2);
//! # Ok::<(), wathiqa::time::TimeError>(())
//! ```

mod batched;
mod fetch;
mod header;
mod judge;
mod kept;
mod lines;
mod memory;
mod monitor;
mod opening;
mod outcome;
mod precedent;
mod round;
mod signatures;
#[cfg(test)]
mod tests;
mod waiting;

use std::convert::Infallible;
use std::iter::FusedIterator;
use std::num::NonZeroUsize;
use std::sync::Arc;

use crate::crypto::{Backend, KnownKeyTables, KnownKeys};
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::Verifier;

use self::judge::Judge;
use self::round::Rounds;

pub use self::lines::{JsonLines, json_lines};
pub use self::monitor::{Counts, Monitor};
pub use self::outcome::BulkOutcome;

/// Verifies many documents by one [`Verifier`].
#[derive(Debug, Clone)]
pub struct BulkVerifier {
    verifier: Verifier,
    threads: NonZeroUsize,
    cache_octets: usize,
    known_keys: Arc<KnownKeys>,
}

impl BulkVerifier {
    /// A verifier of many documents, on the caller's own thread.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        let known_keys = Arc::new(KnownKeys::new(KnownKeyTables::default(), Backend::detect()));
        Self { verifier, threads: NonZeroUsize::MIN, cache_octets: CACHE_OCTETS, known_keys }
    }

    /// Works on so many threads at a time, the caller's among them. How many the machine has is for the caller to find
    /// out, by [`std::thread::available_parallelism`].
    #[must_use]
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
    }

    /// Keeps no more than about so many octets of what documents share: 64 MiB unless told otherwise, some ten thousand
    /// signers. What is not kept is looked at again; no verdict depends on it.
    #[must_use]
    pub fn with_cache_octets(mut self, octets: usize) -> Self {
        self.cache_octets = octets;
        self
    }

    /// Keeps tables of the keys that sign many documents as `tables` says, and computes with `backend`. Unless told
    /// otherwise it keeps [as many as the default](KnownKeyTables::default), with [the fastest](Backend::detect). The
    /// tables stay for the next run.
    #[must_use]
    pub fn with_known_keys(mut self, tables: KnownKeyTables, backend: Backend) -> Self {
        self.known_keys = Arc::new(KnownKeys::new(tables, backend));
        self
    }

    /// The keys known by the signatures they made.
    #[must_use]
    pub fn known_keys(&self) -> &KnownKeys {
        &self.known_keys
    }

    /// The verifier of one document.
    #[must_use]
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The verdicts on `documents`, as of `at`, in their order. `evidence` is for all of them.
    pub fn verify<'a, I>(&'a self, documents: I, evidence: &'a Evidence<'a>, at: Instant) -> Outcomes<'a, I::IntoIter>
    where
        I: IntoIterator,
        I::IntoIter: Send,
        I::Item: AsRef<[u8]> + Send,
    {
        Outcomes(self.try_verify(Arrived(documents.into_iter()), evidence, at))
    }

    /// As [`verify`](Self::verify), for documents that may fail to arrive: an error stands in the place of the document that
    /// it is about, and what the iterator gives after it is verified all the same.
    pub fn try_verify<'a, I, D, E>(
        &'a self,
        documents: I,
        evidence: &'a Evidence<'a>,
        at: Instant,
    ) -> TryOutcomes<'a, I::IntoIter, D, E>
    where
        I: IntoIterator<Item = Result<D, E>>,
        I::IntoIter: Send,
        D: AsRef<[u8]> + Send,
        E: Send,
    {
        let judge = Judge::new(self, evidence, at);
        TryOutcomes(Rounds::new(judge, self.threads, documents.into_iter()))
    }
}

const CACHE_OCTETS: usize = 64 << 20;

/// The outcomes for an iterator of documents, in their order; made by [`BulkVerifier::verify`].
#[must_use = "nothing is verified before outcomes are asked for"]
#[derive(Debug)]
pub struct Outcomes<'a, I: Iterator>(TryOutcomes<'a, Arrived<I>, I::Item, Infallible>);

/// An iterator of documents as one of documents that may fail to arrive, and never do.
#[derive(Debug)]
struct Arrived<I>(I);

impl<I: Iterator> Iterator for Arrived<I> {
    type Item = Result<I::Item, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Ok)
    }
}

impl<I: Iterator> Outcomes<'_, I> {
    /// Shows and ends the work from elsewhere.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.0.monitor()
    }
}

impl<'a, I> Iterator for Outcomes<'a, I>
where
    I: Iterator + Send,
    I::Item: AsRef<[u8]> + Send,
{
    type Item = BulkOutcome<'a, I::Item>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|outcome| match outcome {
            Ok(outcome) => outcome,
            Err(never) => match never {},
        })
    }
}

impl<I> FusedIterator for Outcomes<'_, I>
where
    I: Iterator + Send,
    I::Item: AsRef<[u8]> + Send,
{
}

/// The outcomes for an iterator of documents that may fail to arrive; made by [`BulkVerifier::try_verify`].
#[must_use = "nothing is verified before outcomes are asked for"]
#[derive(Debug)]
pub struct TryOutcomes<'a, I, D, E>(Rounds<'a, I, D, E>);

impl<I, D, E> TryOutcomes<'_, I, D, E> {
    /// Shows and ends the work from elsewhere.
    #[must_use]
    pub fn monitor(&self) -> Monitor {
        self.0.monitor().clone()
    }
}

impl<'a, I, D, E> Iterator for TryOutcomes<'a, I, D, E>
where
    I: Iterator<Item = Result<D, E>> + Send,
    D: AsRef<[u8]> + Send,
    E: Send,
{
    type Item = Result<BulkOutcome<'a, D>, E>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl<I, D, E> FusedIterator for TryOutcomes<'_, I, D, E>
where
    I: Iterator<Item = Result<D, E>> + Send,
    D: AsRef<[u8]> + Send,
    E: Send,
{
}
