//! The lanes of AVX-512: sixteen words of 32 bits in each vector.

use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_add_epi32, _mm512_cvtsi512_si32, _mm512_mask_set1_epi32,
    _mm512_permutexvar_epi32, _mm512_ror_epi32, _mm512_set_epi64, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_shuffle_epi8, _mm512_shuffle_i32x4, _mm512_srli_epi32, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};
use std::slice;

use crate::vector::{load, store};

use super::{INITIAL, Lane, TwoBlocks};

/// Proof that this processor has AVX-512 with words and octets, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }

    /// Hashes messages, each with a number of its own, and tells `done` the number and the last state of each as it ends.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn hash<'a>(self, messages: impl Iterator<Item = (usize, Lane<'a>)>, done: impl FnMut(usize, [u32; 8])) {
        // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
        unsafe { hash(messages, done) }
    }

    /// The digests of messages.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn hash_pairs(self, messages: &[TwoBlocks]) -> Vec<[u8; 32]> {
        let mut digests = vec![[0; 32]; messages.len()];
        for (messages, digests) in messages.chunks(VECTORS * LANES).zip(digests.chunks_mut(VECTORS * LANES)) {
            // SAFETY: as for `hash`.
            unsafe { hash_pairs(messages, digests) }
        }
        digests
    }
}

/// One word of each lane: the rounds of one vector wait for each other, so those of another fill the time.
type Words = [__m512i; VECTORS];

#[target_feature(enable = "avx512f,avx512bw")]
fn hash<'a>(mut messages: impl Iterator<Item = (usize, Lane<'a>)>, mut done: impl FnMut(usize, [u32; 8])) {
    let mut lanes: [[Option<(usize, Lane<'a>)>; LANES]; VECTORS] = [const { [const { None }; LANES] }; VECTORS];
    let mut parts: [[slice::Iter<'a, [u8; 64]>; LANES]; VECTORS] = Default::default();
    let mut state = [[_mm512_setzero_si512(); VECTORS]; 8];
    let mut words = [[_mm512_setzero_si512(); VECTORS]; 64];
    loop {
        let mut idle = 0;
        for (vector, (lanes, parts)) in lanes.iter_mut().zip(&mut parts).enumerate() {
            let mut blocks = [&[0; 64]; LANES];
            for (position, ((lane, part), block)) in (0..).zip(lanes.iter_mut().zip(parts).zip(&mut blocks)) {
                let next = part.next().or_else(|| {
                    let place = Place { vector, position };
                    *part = next_part(lane, (&mut state, place), &mut messages, &mut done).iter();
                    part.next()
                });
                // The block behind it is on its way while this one is hashed.
                _mm_prefetch::<_MM_HINT_T0>(part.as_slice().as_ptr().cast());
                match next {
                    Some(next) => *block = next,
                    None => idle += 1,
                }
            }
            put_columns(&mut words, vector, blocks);
        }
        if idle == VECTORS * LANES {
            break;
        }
        compress(&mut state, &mut words);
    }
}

/// Hashes messages of two blocks, so many that they fill the lanes at most: all begin and end together.
#[target_feature(enable = "avx512f,avx512bw")]
fn hash_pairs(messages: &[TwoBlocks], digests: &mut [[u8; 32]]) {
    let mut state = [[_mm512_setzero_si512(); VECTORS]; 8];
    for (words, initial) in state.iter_mut().zip(INITIAL) {
        *words = [_mm512_set1_epi32(initial.cast_signed()); VECTORS];
    }
    let mut words = [[_mm512_setzero_si512(); VECTORS]; 64];
    for turn in 0..2 {
        for (vector, messages) in messages.chunks(LANES).enumerate() {
            let mut blocks = [&[0; 64]; LANES];
            for (block, message) in blocks.iter_mut().zip(messages) {
                message.get(turn).into_iter().for_each(|next| *block = next);
            }
            put_columns(&mut words, vector, blocks);
        }
        compress(&mut state, &mut words);
    }
    for (vector, digests) in digests.chunks_mut(LANES).enumerate() {
        let mut columns = [_mm512_setzero_si512(); LANES];
        for (column, words) in columns.iter_mut().zip(state) {
            words.get(vector).into_iter().for_each(|words| *column = swapped(*words));
        }
        for (digest, row) in digests.iter_mut().zip(transposed(columns)) {
            store(row, digest);
        }
    }
}

/// The next part of a lane or, when its message has ended, the first of that which takes its place; nothing when there is
/// none.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw")]
fn next_part<'a>(
    lane: &mut Option<(usize, Lane<'a>)>,
    (state, place): (&mut [Words; 8], Place),
    messages: &mut impl Iterator<Item = (usize, Lane<'a>)>,
    done: &mut impl FnMut(usize, [u32; 8]),
) -> &'a [[u8; 64]] {
    loop {
        if let Some((number, lane)) = lane {
            if let Some(part) = lane.next_part() {
                return part;
            }
            let mut last = [0; 8];
            for (last, words) in last.iter_mut().zip(&*state) {
                *last = place.of(words);
            }
            done(*number, last);
        }
        *lane = messages.next();
        let Some((_, lane)) = lane else { return &[] };
        for (words, word) in state.iter_mut().zip(lane.state) {
            place.put(words, word);
        }
    }
}

/// Where a lane has its word among those of all.
#[derive(Debug, Clone, Copy)]
struct Place {
    vector: usize,
    position: i32,
}

impl Place {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn of(self, words: &Words) -> u32 {
        let vector = words.get(self.vector).copied().unwrap_or(_mm512_setzero_si512());
        let first = _mm512_permutexvar_epi32(_mm512_set1_epi32(self.position), vector);
        _mm512_cvtsi512_si32(first).cast_unsigned()
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn put(self, words: &mut Words, word: u32) {
        if let Some(vector) = words.get_mut(self.vector) {
            *vector = _mm512_mask_set1_epi32(*vector, 1 << self.position, word.cast_signed());
        }
    }
}

/// §6.2.2 for a block of each lane, whose words are the first sixteen of `words`.
///
/// The words stay in memory and the loops short: so the states of two vectors have room in the registers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn compress(state: &mut [Words; 8], words: &mut [Words; 64]) {
    let before = *state;
    let (first, last) = K.split_at(12);
    for (t, k) in (0..).step_by(4).zip(first) {
        let Some(w) = words.get_mut(t..).and_then(|words| words.first_chunk_mut::<20>()) else { break };
        *state = round(*state, k[0], w[0]);
        w[16] = schedule(w[0], w[1], w[9], w[14]);
        *state = round(*state, k[1], w[1]);
        w[17] = schedule(w[1], w[2], w[10], w[15]);
        *state = round(*state, k[2], w[2]);
        w[18] = schedule(w[2], w[3], w[11], w[16]);
        *state = round(*state, k[3], w[3]);
        w[19] = schedule(w[3], w[4], w[12], w[17]);
    }
    for (t, k) in (48..).step_by(4).zip(last) {
        let Some(w) = words.get(t..).and_then(|words| words.first_chunk::<4>()) else { break };
        *state = round(*state, k[0], w[0]);
        *state = round(*state, k[1], w[1]);
        *state = round(*state, k[2], w[2]);
        *state = round(*state, k[3], w[3]);
    }
    for (after, before) in state.iter_mut().zip(before) {
        *after = add(*after, before);
    }
}

/// §6.2.2 step 3.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round([a, b, c, d, e, f, g, h]: [Words; 8], k: u32, w: Words) -> [Words; 8] {
    let key = add(h, add([_mm512_set1_epi32(k.cast_signed()); VECTORS], w));
    let large_1 = xor(right::<6>(e), right::<11>(e), right::<25>(e));
    // Σ₁ is the last to be ready, so it is added last: the rounds wait for each other by the way from e to e.
    let first = add(add(key, table::<CHOOSE>(e, f, g)), large_1);
    let large_0 = xor(right::<2>(a), right::<13>(a), right::<22>(a));
    let second = add(table::<MAJORITY>(a, b, c), large_0);
    [add(first, second), a, b, c, add(d, first), e, f, g]
}

/// §6.2.2 step 1: the word sixteen later.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn schedule(w_16: Words, w_15: Words, w_7: Words, w_2: Words) -> Words {
    let small_0 = xor(right::<7>(w_15), right::<18>(w_15), shifted::<3>(w_15));
    let small_1 = xor(right::<17>(w_2), right::<19>(w_2), shifted::<10>(w_2));
    add(add(w_16, small_0), add(w_7, small_1))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn add(mut a: Words, b: Words) -> Words {
    for (a, b) in a.iter_mut().zip(b) {
        *a = _mm512_add_epi32(*a, b);
    }
    a
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn right<const BITS: i32>(mut words: Words) -> Words {
    for words in &mut words {
        *words = _mm512_ror_epi32::<BITS>(*words);
    }
    words
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn shifted<const BITS: u32>(mut words: Words) -> Words {
    for words in &mut words {
        *words = _mm512_srli_epi32::<BITS>(*words);
    }
    words
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor(a: Words, b: Words, c: Words) -> Words {
    table::<0b1001_0110>(a, b, c)
}

/// Any function of three bits: bit `4a + 2b + c` of the table is the answer for a, b, c.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn table<const TABLE: i32>(mut a: Words, b: Words, c: Words) -> Words {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = _mm512_ternarylogic_epi32::<TABLE>(*a, b, c);
    }
    a
}

/// Puts a block of each lane of a vector where its words are looked for.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn put_columns(words: &mut [Words; 64], vector: usize, blocks: [&[u8; 64]; LANES]) {
    let mut rows = [_mm512_setzero_si512(); LANES];
    for (row, block) in rows.iter_mut().zip(blocks) {
        *row = swapped(load(block));
    }
    for (words, column) in words.iter_mut().zip(transposed(rows)) {
        words.get_mut(vector).into_iter().for_each(|words| *words = column);
    }
}

/// Octets as numbers, and back.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn swapped(words: __m512i) -> __m512i {
    let (low, high) = (0x0405_0607_0001_0203, 0x0c0d_0e0f_0809_0a0b);
    _mm512_shuffle_epi8(words, _mm512_set_epi64(high, low, high, low, high, low, high, low))
}

/// From a block of each lane to a word of each lane, and back: rows become columns.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn transposed(rows: [__m512i; LANES]) -> [__m512i; LANES] {
    let [ra, rb, rc, rd, re, rf, rg, rh, ri, rj, rk, rl, rm, rn, ro, rp] = rows;
    // Of four rows, the columns k, 4 + k, 8 + k and 12 + k, for each k.
    let [a0, a1, a2, a3] = four([ra, rb, rc, rd]);
    let [b0, b1, b2, b3] = four([re, rf, rg, rh]);
    let [c0, c1, c2, c3] = four([ri, rj, rk, rl]);
    let [d0, d1, d2, d3] = four([rm, rn, ro, rp]);
    let [c00, c04, c08, c12] = sixteen([a0, b0, c0, d0]);
    let [c01, c05, c09, c13] = sixteen([a1, b1, c1, d1]);
    let [c02, c06, c10, c14] = sixteen([a2, b2, c2, d2]);
    let [c03, c07, c11, c15] = sixteen([a3, b3, c3, d3]);
    [c00, c01, c02, c03, c04, c05, c06, c07, c08, c09, c10, c11, c12, c13, c14, c15]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn four([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (low, high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    let (low_2, high_2) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    [
        _mm512_unpacklo_epi64(low, low_2),
        _mm512_unpackhi_epi64(low, low_2),
        _mm512_unpacklo_epi64(high, high_2),
        _mm512_unpackhi_epi64(high, high_2),
    ]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn sixteen([a, b, c, d]: [__m512i; 4]) -> [__m512i; 4] {
    let (even, odd) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
    let (even_2, odd_2) = (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
    [
        _mm512_shuffle_i32x4::<0x88>(even, even_2),
        _mm512_shuffle_i32x4::<0x88>(odd, odd_2),
        _mm512_shuffle_i32x4::<0xdd>(even, even_2),
        _mm512_shuffle_i32x4::<0xdd>(odd, odd_2),
    ]
}

const VECTORS: usize = 2;

/// Of each vector.
const LANES: usize = 16;

/// §4.1.2: Ch and Maj as tables.
const CHOOSE: i32 = 0b1100_1010;
const MAJORITY: i32 = 0b1110_1000;

/// §4.2.2.
const K: [[u32; 4]; 16] = [
    [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
    [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
    [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
    [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
    [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
    [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
    [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
    [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
    [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
    [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
    [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
    [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
    [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
];
