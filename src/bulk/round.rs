//! Rounds: documents taken from the caller's iterator, shared among threads, and put back into their order.

use std::collections::VecDeque;
use std::mem::take;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::vec::IntoIter;

use super::judge::{Desk, Judge};
use super::opening::Buffers;
use super::{BulkOutcome, Monitor};

/// A run over many documents, a round at a time.
#[derive(Debug)]
pub(super) struct Rounds<'a, I, D, E> {
    judge: Judge<'a>,
    threads: NonZeroUsize,
    /// `None` behind its end.
    documents: Option<I>,
    /// The position of the next document.
    position: u64,
    /// Memory of threads that ended, for those of the next round.
    spare: Vec<Buffers>,
    /// Outcomes of the last round that were not asked for yet, by blocks.
    ready: VecDeque<IntoIter<Result<BulkOutcome<'a, D>, E>>>,
}

impl<'a, I, D, E> Rounds<'a, I, D, E> {
    pub(super) fn new(judge: Judge<'a>, threads: NonZeroUsize, documents: I) -> Self {
        Self { judge, threads, documents: Some(documents), position: 0, spare: Vec::new(), ready: VecDeque::new() }
    }

    pub(super) fn monitor(&self) -> &Monitor {
        self.judge.monitor()
    }
}

impl<'a, I, D, E> Rounds<'a, I, D, E>
where
    I: Iterator<Item = Result<D, E>> + Send,
    D: AsRef<[u8]> + Send,
    E: Send,
{
    pub(super) fn next(&mut self) -> Option<Result<BulkOutcome<'a, D>, E>> {
        loop {
            if self.monitor().is_cancelled() {
                self.documents = None;
                self.ready.clear();
            }
            match self.ready.front_mut().map(Iterator::next) {
                Some(Some(outcome)) => return Some(outcome),
                Some(None) => drop(self.ready.pop_front()),
                None => {
                    let documents = self.documents.take()?;
                    self.round(documents);
                }
            }
        }
    }

    /// Takes and judges as many documents as a round has, on all threads.
    fn round(&mut self, documents: I) {
        let intake = Mutex::new(Intake::new(documents, self.position, self.threads.get()));
        let judged = Mutex::new(Vec::new());
        let spare = Mutex::new(take(&mut self.spare));
        let judge = &self.judge;
        let next_block = || if judge.monitor().is_cancelled() { None } else { lock(&intake).block() };
        let work = || {
            let mut desk = Desk::new(lock(&spare).pop().unwrap_or_default());
            while let Some(Block { position, documents }) = next_block() {
                let outcomes = judge.block(&mut desk, position, documents);
                let reports = outcomes.iter().flatten().map(BulkOutcome::waiting_octets).sum();
                lock(&intake).charge(reports);
                lock(&judged).push((position, outcomes));
            }
            let buffers = desk.into_buffers();
            if buffers.octets() <= BLOCK_OCTETS {
                lock(&spare).push(buffers);
            }
        };
        thread::scope(|scope| {
            for _ in 1..self.threads.get() {
                // A thread that the system does not give is one thread less.
                let _thread_or_none = thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
        let intake = intake.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.spare = spare.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut judged = judged.into_inner().unwrap_or_else(PoisonError::into_inner);
        judged.sort_by_key(|(position, _)| *position);
        (self.documents, self.position) = (intake.documents, intake.position);
        self.ready.extend(judged.into_iter().map(|(_, outcomes): (_, Vec<_>)| outcomes.into_iter()));
    }
}

/// Nothing that panics while it holds a lock leaves anything half done behind it: the panic ends the run in any case.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The documents of one round, taken by its threads in blocks.
struct Intake<I> {
    /// `None` behind its end.
    documents: Option<I>,
    position: u64,
    threads: usize,
    /// What the round may still take.
    left: usize,
    left_octets: usize,
}

/// Consecutive documents, for one thread at once.
struct Block<D, E> {
    position: u64,
    documents: Vec<Result<D, E>>,
}

impl<I> Intake<I> {
    fn new(documents: I, position: u64, threads: usize) -> Self {
        // One thread waits for nobody at the end of a round.
        let left = if threads == 1 { ROUND / 2 } else { threads.saturating_mul(ROUND) };
        Self { documents: Some(documents), position, threads, left, left_octets: ROUND_OCTETS }
    }

    /// Notes that so many octets more wait in memory.
    fn charge(&mut self, octets: usize) {
        self.left_octets = self.left_octets.saturating_sub(octets);
    }

    /// The next block. Towards the end of a round they become smaller, so that the threads end at about one time.
    fn block<D: AsRef<[u8]>, E>(&mut self) -> Option<Block<D, E>>
    where
        I: Iterator<Item = Result<D, E>>,
    {
        let share = self.left.checked_div(self.threads).unwrap_or_default();
        let size = share.clamp(SMALLEST_BLOCK, BLOCK).min(self.left);
        let position = self.position;
        let mut documents = Vec::with_capacity(size);
        let mut block_octets = 0;
        while documents.len() < size && self.left_octets > 0 && block_octets < BLOCK_OCTETS {
            let Some(document) = self.documents.as_mut().and_then(Iterator::next) else {
                self.documents = None;
                break;
            };
            let octets = document.as_ref().map_or(0, |document| document.as_ref().len());
            self.charge(octets);
            block_octets += octets;
            documents.push(document);
        }
        self.left -= documents.len();
        self.position += u64::try_from(documents.len()).unwrap_or(u64::MAX);
        (!documents.is_empty()).then_some(Block { position, documents })
    }
}

/// Documents that a thread takes at once. 256: so many signatures share their inversions; with more, the
/// documents are out of the near caches again before they are hashed.
const BLOCK: usize = 256;

const SMALLEST_BLOCK: usize = 64;

/// Documents of one round, for each thread. 4,096: some 10 ms of work, beside which it is little to start threads and to
/// wait for the last of them.
const ROUND: usize = 4096;

/// Octets of the documents of one round and of the reports on them, those of the last blocks not counted in: what waits in
/// memory. 64 MiB.
const ROUND_OCTETS: usize = 64 << 20;

/// Octets of the documents of one block, the last not counted in: nobody knows of their reports yet; and of the memory that a
/// thread leaves to the next round. 4 MiB, so that 256 documents of the ordinary size are a block.
const BLOCK_OCTETS: usize = 4 << 20;
