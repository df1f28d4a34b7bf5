//! Judging the documents of a block: in the straight way what is like a document before it, in the general way the rest.
//!
//! 1. Each document is opened: everything is checked but its signatures.
//! 2. The digests of some are computed together, and then the signatures of all are checked together.
//! 3. Whatever did not pass so far, for whatever reason, is judged in the general way, and that is its verdict.

use crate::crypto::{KnownKeys, NearTables};
use crate::document::{StraightDocument, StraightMemory};
use crate::jws::StraightJws;
use crate::register::DocumentQuestion;
use crate::report::{Indication, Report};
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::Verifier;

use super::batched::{self, BatchedFile, KnownBatch, OpenedFile};
use super::fetch::Coming;
use super::header::SplitHeader;
use super::memory::{Lent, Memory, Near};
use super::opening::{Buffers, Facts, Opened};
use super::precedent::{KnownSigner, Shapes};
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

    /// The document that `report` is of, if it is one of the ordinary kind whose signature holds.
    pub(super) fn ordinary_document<'r>(&self, report: &'r Report) -> Option<StraightDocument<'r>> {
        let policy = self.verifier.policy();
        let memory = &mut StraightMemory::default();
        StraightDocument::read(report.verified_payload()?, policy.coding_scheme(), policy.limits(), memory)
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
    shapes: Shapes,
}

/// What one thread uses again for each block.
#[derive(Debug, Default)]
pub(super) struct Desk {
    signers: Near<KnownSigner>,
    batches: Near<KnownBatch>,
    tables: NearTables,
    /// The batch of the file before.
    batch: Option<Lent<KnownBatch>>,
    buffers: Buffers,
}

impl Desk {
    pub(super) fn new(buffers: Buffers) -> Self {
        Self { buffers, ..Self::default() }
    }

    /// Memory for another desk, of any thread.
    pub(super) fn into_buffers(self) -> Buffers {
        self.buffers
    }
}

/// How a document stands before signatures are checked.
enum State {
    /// It is the next of those of which everything else holds.
    Opened,
    /// It is the next of those of which everything holds, if they are in the trees of their batches.
    Batched,
    /// It is judged.
    Judged(Box<Report>),
    /// It is to be judged in the general way.
    General,
}

/// The documents of a block that await the check of signatures, and of trees.
#[derive(Default)]
struct Block<'d> {
    opened: Vec<Opened<'d>>,
    files: Vec<OpenedFile>,
    included: Vec<bool>,
}

impl Block<'_> {
    /// Computes the digests of those that were opened since, some at once, while they are still near.
    fn digest(&mut self, known_keys: &KnownKeys, digested: usize, buffers: &mut Buffers) {
        signatures::digest(known_keys, self.opened.get_mut(digested..).unwrap_or_default(), &mut buffers.queue);
        let files = self.files.get(self.included.len()..).unwrap_or_default();
        self.included.extend(batched::are_included(files, &mut buffers.batched));
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(bulk: &'a BulkVerifier, evidence: &'a Evidence<'a>, at: Instant) -> Self {
        let task = Task { verifier: &bulk.verifier, evidence, at };
        let half = bulk.cache_octets / 2;
        let memories =
            || Memories { signers: Memory::new(half), batches: Memory::new(half), shapes: Shapes::default() };
        let memories = task.allows_precedents().then(memories);
        Self { task, memories, known_keys: &bulk.known_keys, monitor: Monitor::default() }
    }

    pub(super) fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The outcomes for consecutive documents, the first of which has `position`.
    pub(super) fn block<D: AsRef<[u8]>, E>(
        &self,
        desk: &mut Desk,
        position: u64,
        documents: Vec<Result<D, E>>,
    ) -> Vec<Result<BulkOutcome<'a, D>, E>> {
        let verdicts = self.verdicts(desk, &documents);
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
    fn verdicts<D: AsRef<[u8]>, E>(&self, desk: &mut Desk, documents: &[Result<D, E>]) -> Vec<Option<Verdict>> {
        let Some(memories) = &self.memories else { return documents.iter().map(|_| None).collect() };
        let opened = Vec::with_capacity(documents.len());
        let (mut states, mut block) = (Vec::with_capacity(documents.len()), Block { opened, ..Block::default() });
        // The next document is on its way while one is opened.
        let mut next = documents.iter().skip(1);
        for some in documents.chunks(TOGETHER) {
            let digested = block.opened.len();
            for document in some {
                let next = next.next().and_then(|next| next.as_ref().ok()).map(AsRef::as_ref);
                let mut coming = Coming::new(next.unwrap_or_default());
                states.push(match document {
                    Ok(document) => self.open(memories, desk, document.as_ref(), &mut coming, &mut block),
                    Err(_) => State::General,
                });
            }
            block.digest(self.known_keys, digested, &mut desk.buffers);
        }
        let Block { opened, files, included } = block;
        let hold = signatures::hold(self.known_keys, &mut desk.tables, &opened, &desk.buffers.kept);
        desk.buffers.kept.forget();
        let mut hold = opened.iter().zip(hold);
        let mut included = files.iter().zip(included);
        let verdict = |state| match state {
            State::Opened => hold.next().filter(|(_, holds)| *holds).map(|(opened, _)| Verdict::Straight(opened.facts)),
            State::Batched => included.next().filter(|(_, is)| *is).map(|(file, _)| Verdict::Straight(file.facts)),
            State::Judged(report) => Some(Verdict::General(report)),
            State::General => None,
        };
        states.into_iter().map(verdict).collect()
    }

    /// Whether a document would pass by what is known so far.
    #[cfg(test)]
    pub(super) fn goes_straight(&self, octets: &[u8]) -> bool {
        let Some(memories) = &self.memories else { return false };
        let (mut desk, mut block) = (Desk::default(), Block::default());
        let state = self.straight(memories, &mut desk, octets, &mut Coming::new(&[]), &mut block);
        block.digest(self.known_keys, 0, &mut desk.buffers);
        match state {
            Some(State::Opened) => {
                signatures::hold(self.known_keys, &mut desk.tables, &block.opened, &desk.buffers.kept) == [true]
            }
            Some(State::Batched) => block.included == [true],
            Some(State::Judged(_) | State::General) | None => false,
        }
    }

    /// Opens a document that is like one before it.
    fn straight<'d>(
        &self,
        memories: &Memories,
        desk: &mut Desk,
        octets: &'d [u8],
        coming: &mut Coming<'_>,
        block: &mut Block<'d>,
    ) -> Option<State> {
        coming.ask();
        if octets.len() > self.task.verifier.policy().limits().input_octets {
            return None;
        }
        if let Some(file) = BatchedFile::read(octets, desk.batch.as_ref().map_or(&[], |batch| batch.head())) {
            coming.ask();
            let known = desk.batch.take().filter(|_| file.is_as_likely);
            let batch = known.or_else(|| memories.batches.find(&mut desk.batches, file.head, file.sample()))?;
            block.files.push(file.open(&self.task, batch.clone(), coming, &mut desk.buffers.batched)?);
            desk.batch = Some(batch);
            return Some(State::Batched);
        }
        let jws = StraightJws::read(octets)?;
        coming.ask();
        let split = SplitHeader::read(jws.protected)?;
        let signer = memories.signers.find(&mut desk.signers, &split, split.sample())?;
        block.opened.push(Opened::read(&self.task, &signer, &jws, &split, coming, &mut desk.buffers)?);
        Some(State::Opened)
    }

    /// Opens a document, or judges it and learns from it when it is the first of its kind.
    fn open<'d>(
        &self,
        memories: &Memories,
        desk: &mut Desk,
        octets: &'d [u8],
        coming: &mut Coming<'_>,
        block: &mut Block<'d>,
    ) -> State {
        if let Some(state) = self.straight(memories, desk, octets, coming, block) {
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
            if let Some((split, learned)) = split.zip(KnownSigner::learn(&self.task, &memories.shapes, &jws, report)) {
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

/// Documents that are opened and then hashed together: so many that the lanes are full, and so few that they are still in
/// the near caches.
const TOGETHER: usize = 128;
