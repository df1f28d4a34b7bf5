//! SHA-256 of thirty-two messages at once (FIPS 180-4 §6.2), where the processor has AVX-512.
//!
//! A message is hashed word by word in one of thirty-two lanes, beside the others, in less than a third of the time that
//! the instructions for one message take. Where it ends, the next takes its lane. Messages that start alike share what
//! their start leaves behind ([`Sha256Start`]).

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(not(target_arch = "x86_64"))]
#[path = "lanes/no_avx512.rs"]
mod avx512;
mod queue;

use std::iter;
use std::mem::take;
use std::ops::Range;

use self::avx512::Avx512;
pub(crate) use self::queue::Sha256Queue;

/// The start that messages have in common, already hashed.
#[derive(Debug, Clone)]
pub(crate) struct Sha256Start {
    state: [u32; 8],
    /// What was hashed: whole blocks.
    hashed: u64,
    /// The octets behind them, fewer than a block.
    rest: Box<[u8]>,
}

/// A message that starts with `start`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'a> {
    pub(crate) start: &'a Sha256Start,
    /// What follows, the longest last.
    pub(crate) pieces: [&'a [u8]; 3],
}

impl Sha256Start {
    /// Hashes the whole blocks of `start`; `None` where the processor has no lanes.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let lanes = Avx512::detect()?;
        let (blocks, rest) = start.as_chunks::<64>();
        let mut state = INITIAL;
        lanes.hash(iter::once((0, Lane::of(blocks))), |_, hashed| state = hashed);
        let hashed = u64::try_from(start.len() - rest.len()).unwrap_or_default();
        Some(Self { state, hashed, rest: rest.into() })
    }
}

/// The digests of `messages`, in their order; `None` where the processor has no lanes.
pub(crate) fn sha256_of_each(messages: &[Message<'_>]) -> Option<Vec<[u8; 32]>> {
    let lanes = Avx512::detect()?;
    let mut edges = Vec::with_capacity(messages.len() * 192);
    let parts: Vec<_> = messages.iter().map(|message| Parts::of(message, &mut edges)).collect();
    let (edges, _) = edges.as_chunks::<64>();
    let mut all = Vec::with_capacity(messages.len());
    for (message, parts) in messages.iter().zip(&parts) {
        let [_, _, long] = message.pieces;
        let (middle, _) = long.get(parts.middle.clone()).unwrap_or_default().as_chunks::<64>();
        let region = edges.get(parts.region.clone()).unwrap_or_default();
        let (first, last) = region.split_at_checked(parts.first).unwrap_or_default();
        all.push(Lane { state: message.start.state, parts: [first, middle, last] });
    }
    Some(hash_all(lanes, &all))
}

/// The digests of `all`, in their order.
fn hash_all(lanes: Avx512, all: &[Lane<'_>]) -> Vec<[u8; 32]> {
    // The longest first: then the lanes end at about one time. Plain numbers are sorted soonest.
    let keyed = |(position, lane): (u64, &Lane<'_>)| u64::try_from(lane.blocks()).unwrap_or_default() << 32 | position;
    let mut sorted: Vec<_> = (0..).zip(all).map(keyed).collect();
    sorted.sort_unstable();
    let longest_first = sorted.into_iter().rev().filter_map(|key| {
        let position = usize::try_from(key & u64::from(u32::MAX)).ok()?;
        Some((position, *all.get(position)?))
    });
    let mut digests = vec![[0; 32]; all.len()];
    lanes.hash(longest_first, |position, state| {
        if let Some(digest) = digests.get_mut(position) {
            *digest = octets(state);
        }
    });
    digests
}

/// The digests of `messages` with their padding, in their order; `None` where the processor has no lanes.
pub(crate) fn sha256_of_padded<'a>(messages: impl Iterator<Item = &'a [[u8; 64]]>) -> Option<Vec<[u8; 32]>> {
    Some(hash_all(Avx512::detect()?, &messages.map(Lane::of).collect::<Vec<_>>()))
}

/// Puts the padding behind a message of `length` octets at the front of `blocks`; answers how many of them it takes then.
#[inline]
pub(crate) fn pad(blocks: &mut [[u8; 64]], length: usize) -> usize {
    let count = padded_blocks(length);
    let octets = blocks.get_mut(..count).unwrap_or_default().as_flattened_mut();
    if let Some([end, rest @ ..]) = octets.get_mut(length..) {
        *end = 0x80;
        rest.fill(0);
    }
    if let Some(place) = octets.last_chunk_mut() {
        *place = (u64::try_from(length).unwrap_or_default() * 8).to_be_bytes();
    }
    count
}

/// The blocks of a message of `length` octets with its padding: an octet that marks its end, and eight with its length
/// (§5.1.1).
#[inline]
pub(crate) fn padded_blocks(length: usize) -> usize {
    (length + 9).div_ceil(64)
}

/// A message that is short, with its padding (§5.1.1).
pub(crate) type TwoBlocks = [[u8; 64]; 2];

/// The digests of `messages`, in their order; `None` where the processor has no lanes.
pub(crate) fn sha256_of_two_blocks(messages: &[TwoBlocks]) -> Option<Vec<[u8; 32]>> {
    Some(Avx512::detect()?.hash_pairs(messages))
}

/// A final state as a digest.
fn octets(state: [u32; 8]) -> [u8; 32] {
    let mut digest = [0; 32];
    let (words, _) = digest.as_chunks_mut::<4>();
    words.iter_mut().zip(state).for_each(|(octets, word)| *octets = word.to_be_bytes());
    digest
}

/// How the octets of a message lie: a region of their own for both ends, with the padding, and the middle as it is.
struct Parts {
    /// Blocks among the edges.
    region: Range<usize>,
    /// Blocks of the region that come before the middle.
    first: usize,
    /// Octets of the longest piece.
    middle: Range<usize>,
}

impl Parts {
    fn of(message: &Message<'_>, edges: &mut Vec<u8>) -> Self {
        let Message { start, pieces: [one, two, long] } = message;
        let begin = edges.len();
        [&start.rest, *one, *two].into_iter().for_each(|piece| edges.extend_from_slice(piece));
        let missing = edges.len().next_multiple_of(64) - edges.len();
        let (head, rest) = long.split_at_checked(missing).unwrap_or((long, &[]));
        edges.extend_from_slice(head);
        let first = edges.len() - begin;
        // To copy a few blocks costs less than to hash one part more.
        let (blocks, tail) = if rest.len() < 8 * 64 { (&[][..], rest) } else { rest.as_chunks::<64>() };
        edges.extend_from_slice(tail);
        let length = [one.len(), two.len(), long.len(), start.rest.len()].into_iter().sum::<usize>();
        let bits = (start.hashed + u64::try_from(length).unwrap_or_default()) * 8;
        edges.push(0x80);
        let end = (edges.len() + 8).next_multiple_of(64) - 8;
        edges.resize(end, 0);
        edges.extend_from_slice(&bits.to_be_bytes());
        let middle = head.len()..head.len() + blocks.len() * 64;
        let first = if blocks.is_empty() { edges.len() - begin } else { first };
        Self { region: begin / 64..edges.len() / 64, first: first / 64, middle }
    }
}

/// A message as blocks, which lie in three parts, behind a state.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "without lanes nobody reads it"))]
struct Lane<'a> {
    state: [u32; 8],
    parts: [&'a [[u8; 64]]; 3],
}

impl<'a> Lane<'a> {
    /// All of a message.
    fn of(blocks: &'a [[u8; 64]]) -> Self {
        Self { state: INITIAL, parts: [blocks, &[], &[]] }
    }

    fn blocks(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// Takes the next part that is not empty.
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "without lanes nobody takes one"))]
    fn next_part(&mut self) -> Option<&'a [[u8; 64]]> {
        self.parts.iter_mut().map(take).find(|part| !part.is_empty())
    }
}

/// §5.3.3.
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::DigestAlgorithm;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn the_digests_are_those_of_the_other_implementation(
            lengths in proptest::collection::vec((0_usize..200, 0_usize..20, 0_usize..3, 0_usize..1500), 0..100),
            seed in any::<u8>(),
        ) {
            let octets: Vec<u8> = (0..2000_u32).map(|position| u8::try_from((position * 7 + position / 3) % 251).unwrap() ^ seed).collect();
            let start = |length: usize| Sha256Start::of(&octets[..length]);
            if start(0).is_none() { return Ok(()) }
            let starts: Vec<Sha256Start> = lengths.iter().map(|lengths| start(lengths.0).unwrap()).collect();
            let pieces = |(_, one, two, long): (usize, usize, usize, usize)| [&octets[..one], &octets[5..5 + two], &octets[3..3 + long]];
            let messages: Vec<Message<'_>> = lengths.iter().zip(&starts).map(|(lengths, start)| Message { start, pieces: pieces(*lengths) }).collect();
            let digests = sha256_of_each(&messages).unwrap();
            for ((lengths, message), digest) in lengths.iter().zip(&messages).zip(digests) {
                let whole = [&octets[..lengths.0], message.pieces[0], message.pieces[1], message.pieces[2]].concat();
                let expected = DigestAlgorithm::Sha256.digest(&whole);
                prop_assert_eq!(&digest[..], expected.as_octets());
            }
        }
    }
}
