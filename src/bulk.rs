//! Verifying many documents: in order, in bounded memory, on as many threads as the caller gives.
//!
//! [`BulkVerifier::verify`] takes any iterator of documents and is an iterator of outcomes, one for each document and in
//! the order of the documents. **Bulk equals single, item by item**: the report of an outcome is the one that
//! [`Verifier::verify`] makes of that document alone, whatever stands beside it.
//!
//! Documents are taken a round at a time: so many that every thread has work, and no more than fit a bound in octets.
//! The threads take their documents from the iterator themselves, so that reading goes on beside verifying. Between
//! rounds, which is whenever the caller looks at outcomes, nothing runs; dropping the iterator ends the work, and a
//! [`Monitor`] ends it from another thread and shows how far it is.
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

mod judge;
mod lines;
mod monitor;
mod outcome;
mod round;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::iter::FusedIterator;
use std::num::NonZeroUsize;

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
}

impl BulkVerifier {
    /// A verifier of many documents, on the caller's own thread.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier, threads: NonZeroUsize::MIN }
    }

    /// Works on so many threads at a time, the caller's among them. How many the machine has is for the caller to find
    /// out, by [`std::thread::available_parallelism`].
    #[must_use]
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads;
        self
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
