//! Judging the documents of a block: in the straight way what is like a document before it, in the general way the rest.
//!
//! 1. Each document is opened: everything is checked but its signatures.
//! 2. The digests of all are computed together, then the signatures of all are checked together.
//! 3. Whatever did not pass so far, for whatever reason, is judged in the general way, and that is its verdict.

use crate::crypto::KnownKeys;
use crate::jws::StraightJws;
use crate::register::DocumentQuestion;
use crate::report::{Indication, Report};
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::Verifier;

use super::batched::{self, BatchedFile, KnownBatch, OpenedFile};
use super::header::SplitHeader;
use super::memory::Memory;
use super::opening::{Buffers, Facts, Opened};
use super::precedent::KnownSigner;
use super::{BulkOutcome, BulkVerifier, Counts, Monitor, signatures};

/// What all documents of a run are judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) verifier: &'a Verifier,
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) at: Instant,
}

impl Task<'_> {
    /// The verdict on one document, in the general way.
    pub(super) fn verify(&self, document: &[u8]) -> Report {
        self.verifier.verify(document, self.evidence, self.at)
    }

    /// Whether the register, if one is given, bears out a document that is like one that it bore out.
    pub(super) fn is_borne_out(&self, asked: &DocumentQuestion) -> bool {
        self.evidence.register.is_none_or(|register| {
            self.at <= register.information().next_update() && register.require_document(asked).is_ok()
        })
    }

    /// Whether documents can be like each other under what they are judged by.
    fn allows_precedents(&self) -> bool {
        self.verifier.is_for_documents_alike() && self.evidence.is_for_documents_alike()
    }
}

/// Judges the documents of a run; shared by its threads.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    task: Task<'a>,
    /// None where no document can be like another.
    memories: Option<Memories>,
    known_keys: &'a KnownKeys,
    monitor: Monitor,
}

/// What was learned of signers and of batches.
#[derive(Debug)]
struct Memories {
    signers: Memory<KnownSigner>,
    batches: Memory<KnownBatch>,
}

/// How a document stands before signatures are checked.
enum State<'d> {
    /// Everything else holds.
    Opened(Box<Opened<'d>>),
    /// Everything holds, if the document is in the tree of its batch.
    Batched(Box<OpenedFile>),
    /// It is judged.
    Judged(Box<Report>),
    /// It is to be judged in the general way.
    General,
}

impl<'a> Judge<'a> {
    pub(super) fn new(bulk: &'a BulkVerifier, evidence: &'a Evidence<'a>, at: Instant) -> Self {
        let task = Task { verifier: &bulk.verifier, evidence, at };
        let half = bulk.cache_octets / 2;
        let memories = || Memories { signers: Memory::new(half), batches: Memory::new(half) };
        let memories = task.allows_precedents().then(memories);
        Self { task, memories, known_keys: &bulk.known_keys, monitor: Monitor::default() }
    }

    pub(super) fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The outcomes for consecutive documents, the first of which has `position`.
    pub(super) fn block<D: AsRef<[u8]>, E>(
        &self,
        position: u64,
        documents: Vec<Result<D, E>>,
    ) -> Vec<Result<BulkOutcome<'a, D>, E>> {
        let verdicts = self.verdicts(&documents);
        let mut counts = Counts::default();
        let mut outcomes = Vec::with_capacity(documents.len());
        for ((position, document), verdict) in (position..).zip(documents).zip(verdicts) {
            let outcome = document.map(|document| match verdict {
                Some(verdict) => BulkOutcome::new(self.task, position, document, verdict),
                None => BulkOutcome::general(self.task, position, document),
            });
            if let Ok(outcome) = &outcome {
                counts.count(outcome.document().as_ref().len(), outcome.indication(), outcome.went_straight());
            }
            outcomes.push(outcome);
        }
        self.monitor.add(counts);
        outcomes
    }

    /// The verdicts on those that are judged without a look at them alone.
    fn verdicts<D: AsRef<[u8]>, E>(&self, documents: &[Result<D, E>]) -> Vec<Option<Verdict>> {
        let Some(memories) = &self.memories else { return documents.iter().map(|_| None).collect() };
        let mut buffers = Buffers::default();
        let mut states = Vec::with_capacity(documents.len());
        for document in documents {
            states.push(match document {
                Ok(document) => self.open(memories, document.as_ref(), &mut buffers),
                Err(_) => State::General,
            });
        }
        let opened = states.iter_mut().filter_map(|state| match state {
            State::Opened(opened) => Some(opened.as_mut()),
            State::Batched(_) | State::Judged(_) | State::General => None,
        });
        signatures::digest(self.known_keys, &mut opened.collect::<Vec<_>>(), &mut buffers.queue);
        let opened = states.iter().filter_map(|state| match state {
            State::Opened(opened) => Some(opened.as_ref()),
            State::Batched(_) | State::Judged(_) | State::General => None,
        });
        let mut hold = signatures::hold(self.known_keys, &opened.collect::<Vec<_>>()).into_iter();
        let files = states.iter().filter_map(|state| match state {
            State::Batched(file) => Some(file.as_ref()),
            State::Opened(_) | State::Judged(_) | State::General => None,
        });
        let mut included = batched::are_included(&files.collect::<Vec<_>>()).into_iter();
        let verdict = |state| match state {
            State::Opened(opened) => hold.next().unwrap_or(false).then_some(Verdict::Straight(opened.facts)),
            State::Batched(file) => included.next().unwrap_or(false).then_some(Verdict::Straight(file.facts)),
            State::Judged(report) => Some(Verdict::General(report)),
            State::General => None,
        };
        states.into_iter().map(verdict).collect()
    }

    /// Whether a document would pass by what is known so far.
    #[cfg(test)]
    pub(super) fn goes_straight(&self, octets: &[u8]) -> bool {
        let Some(memories) = &self.memories else { return false };
        let mut buffers = Buffers::default();
        match self.straight(memories, octets, &mut buffers) {
            Some(State::Opened(mut opened)) => {
                signatures::digest(self.known_keys, &mut [&mut opened], &mut buffers.queue);
                signatures::hold(self.known_keys, &[&opened]) == [true]
            }
            Some(State::Batched(file)) => batched::are_included(&[&file]) == [true],
            Some(State::Judged(_) | State::General) | None => false,
        }
    }

    /// Opens a document that is like one before it.
    fn straight<'d>(&self, memories: &Memories, octets: &'d [u8], buffers: &mut Buffers) -> Option<State<'d>> {
        if octets.len() > self.task.verifier.policy().limits().input_octets {
            return None;
        }
        if let Some(file) = BatchedFile::read(octets, buffers.batch.as_deref().map_or(&[], KnownBatch::head)) {
            let known = buffers.batch.take().filter(|_| file.is_as_likely);
            let batch = known.or_else(|| memories.batches.find(file.head, file.sample()))?;
            let opened = file.open(&self.task, batch.clone(), buffers)?;
            buffers.batch = Some(batch);
            return Some(State::Batched(Box::new(opened)));
        }
        let jws = StraightJws::read(octets)?;
        let split = SplitHeader::read(jws.protected)?;
        let signer = memories.signers.find(&split, split.sample())?;
        let opened = Opened::read(&self.task, &signer, &jws, &split, buffers)?;
        Some(State::Opened(Box::new(opened)))
    }

    /// Opens a document, or judges it and learns from it when it is the first of its kind.
    fn open<'d>(&self, memories: &Memories, octets: &'d [u8], buffers: &mut Buffers) -> State<'d> {
        if let Some(state) = self.straight(memories, octets, buffers) {
            return state;
        }
        let report = self.task.verify(octets);
        if report.indication() == Indication::TotalPassed {
            self.learn(memories, octets, &report);
        }
        State::Judged(Box::new(report))
    }

    /// Learns from a document that passed, if it is of the ordinary kind.
    fn learn(&self, memories: &Memories, octets: &[u8], report: &Report) {
        if let Some(jws) = StraightJws::read(octets) {
            let split = SplitHeader::read(jws.protected);
            if let Some((split, learned)) = split.zip(KnownSigner::learn(&self.task, &jws, report)) {
                memories.signers.learn(&split, split.sample(), learned);
            }
        } else if let Some(file) = BatchedFile::read(octets, &[])
            && let Some(learned) = KnownBatch::learn(&self.task, octets, &file, report)
        {
            memories.batches.learn(file.head, file.sample(), learned);
        }
    }
}

/// The verdict on a document, and the way it came.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It passed.
    Straight(Facts),
    General(Box<Report>),
}
