//! The lanes of AVX-512: sixteen words of 32 bits in each vector.

use std::arch::x86_64::{
    __m512i, _mm_extract_epi32, _mm512_add_epi32, _mm512_extracti32x4_epi32, _mm512_mask_mov_epi32, _mm512_ror_epi32,
    _mm512_set_epi32, _mm512_set_epi64, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_shuffle_epi8,
    _mm512_shuffle_i32x4, _mm512_srli_epi32, _mm512_ternarylogic_epi32, _mm512_unpackhi_epi32, _mm512_unpackhi_epi64,
    _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
};

use super::{LANES, Lane};

/// Proof that this processor has AVX-512 with words and octets, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }

    /// The state after all blocks of each lane.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn hash(self, lanes: &[Lane<'_>; LANES]) -> [[u32; 8]; LANES] {
        // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
        unsafe { hash(lanes) }
    }
}

/// One word of each lane.
type Words = __m512i;

#[target_feature(enable = "avx512f,avx512bw")]
fn hash(lanes: &[Lane<'_>; LANES]) -> [[u32; 8]; LANES] {
    let mut lanes = *lanes;
    let mut state = across(lanes.map(|lane| lane.state));
    // As far as no lane comes to the end of a part, no lane is looked at.
    while let Some(run) = lanes.iter_mut().filter_map(Lane::run).min() {
        let active = lanes.iter().rev().fold(0, |active: u16, lane| active << 1 | u16::from(!lane.part().is_empty()));
        // The words of the next block are gathered while the rounds of this one wait for each other.
        let mut next = words(&lanes, 0);
        for step in 1..=run {
            let block = next;
            next = words(&lanes, step);
            let after = compress(state, block);
            for (state, after) in state.iter_mut().zip(after) {
                *state = _mm512_mask_mov_epi32(*state, active, after);
            }
        }
        lanes.iter_mut().for_each(|lane| lane.skip(run));
    }
    along(state)
}

/// The words of the block `step` of each lane; of lanes that have no such block, whatever.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn words(lanes: &[Lane<'_>; LANES], step: usize) -> [Words; 16] {
    let row = |lane: &Lane<'_>| match lane.part().get(step) {
        Some(octets) => load(octets),
        None => _mm512_setzero_si512(),
    };
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = lanes;
    transposed([
        row(a),
        row(b),
        row(c),
        row(d),
        row(e),
        row(f),
        row(g),
        row(h),
        row(i),
        row(j),
        row(k),
        row(l),
        row(m),
        row(n),
        row(o),
        row(p),
    ])
}

/// §6.2.2 for a block of each lane.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn compress(state: [Words; 8], block: [Words; 16]) -> [Words; 8] {
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
    let [
        mut w0,
        mut w1,
        mut w2,
        mut w3,
        mut w4,
        mut w5,
        mut w6,
        mut w7,
        mut w8,
        mut w9,
        mut w10,
        mut w11,
        mut w12,
        mut w13,
        mut w14,
        mut w15,
    ] = block;
    for (quarter, [k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14, k15]) in (0..).zip(K) {
        let state = [&mut a, &mut b, &mut c, &mut d, &mut e, &mut f, &mut g, &mut h];
        eight_rounds(state, [k0, k1, k2, k3, k4, k5, k6, k7], [w0, w1, w2, w3, w4, w5, w6, w7]);
        let state = [&mut a, &mut b, &mut c, &mut d, &mut e, &mut f, &mut g, &mut h];
        eight_rounds(state, [k8, k9, k10, k11, k12, k13, k14, k15], [w8, w9, w10, w11, w12, w13, w14, w15]);
        if quarter == 3 {
            break;
        }
        w0 = schedule(w0, w1, w9, w14);
        w1 = schedule(w1, w2, w10, w15);
        w2 = schedule(w2, w3, w11, w0);
        w3 = schedule(w3, w4, w12, w1);
        w4 = schedule(w4, w5, w13, w2);
        w5 = schedule(w5, w6, w14, w3);
        w6 = schedule(w6, w7, w15, w4);
        w7 = schedule(w7, w8, w0, w5);
        w8 = schedule(w8, w9, w1, w6);
        w9 = schedule(w9, w10, w2, w7);
        w10 = schedule(w10, w11, w3, w8);
        w11 = schedule(w11, w12, w4, w9);
        w12 = schedule(w12, w13, w5, w10);
        w13 = schedule(w13, w14, w6, w11);
        w14 = schedule(w14, w15, w7, w12);
        w15 = schedule(w15, w0, w8, w13);
    }
    let mut sums = [a, b, c, d, e, f, g, h];
    sums.iter_mut().zip(state).for_each(|(sum, before)| *sum = _mm512_add_epi32(*sum, before));
    sums
}

/// §6.2.2 step 3, eight times: then every variable has its own name again.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn eight_rounds([a, b, c, d, e, f, g, h]: [&mut Words; 8], k: [u32; 8], w: [Words; 8]) {
    let ([k0, k1, k2, k3, k4, k5, k6, k7], [w0, w1, w2, w3, w4, w5, w6, w7]) = (k, w);
    round([a, b, c, d, e, f, g, h], k0, w0);
    round([h, a, b, c, d, e, f, g], k1, w1);
    round([g, h, a, b, c, d, e, f], k2, w2);
    round([f, g, h, a, b, c, d, e], k3, w3);
    round([e, f, g, h, a, b, c, d], k4, w4);
    round([d, e, f, g, h, a, b, c], k5, w5);
    round([c, d, e, f, g, h, a, b], k6, w6);
    round([b, c, d, e, f, g, h, a], k7, w7);
}

/// One round: the new a comes in the place of h, and the new e in that of d.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn round([a, b, c, d, e, f, g, h]: [&mut Words; 8], k: u32, w: Words) {
    // Σ₁ is the last to be ready, so it is added last: the rounds wait for each other by the way from e to e.
    let key = _mm512_add_epi32(*h, _mm512_add_epi32(_mm512_set1_epi32(k.cast_signed()), w));
    let (chosen, major) = (choose(*e, *f, *g), majority(*a, *b, *c));
    let first = _mm512_add_epi32(_mm512_add_epi32(key, chosen), large_1(*e));
    *d = _mm512_add_epi32(*d, first);
    *h = _mm512_add_epi32(_mm512_add_epi32(first, major), large_0(*a));
}

/// §6.2.2 step 1: the word sixteen later.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn schedule(w_16: Words, w_15: Words, w_7: Words, w_2: Words) -> Words {
    let small_0 = xor(_mm512_ror_epi32::<7>(w_15), _mm512_ror_epi32::<18>(w_15), _mm512_srli_epi32::<3>(w_15));
    let small_1 = xor(_mm512_ror_epi32::<17>(w_2), _mm512_ror_epi32::<19>(w_2), _mm512_srli_epi32::<10>(w_2));
    _mm512_add_epi32(_mm512_add_epi32(w_16, small_0), _mm512_add_epi32(w_7, small_1))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn large_0(a: Words) -> Words {
    xor(_mm512_ror_epi32::<2>(a), _mm512_ror_epi32::<13>(a), _mm512_ror_epi32::<22>(a))
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn large_1(e: Words) -> Words {
    xor(_mm512_ror_epi32::<6>(e), _mm512_ror_epi32::<11>(e), _mm512_ror_epi32::<25>(e))
}

/// Tables of three inputs: bit `4a + 2b + c` is the answer for a, b, c.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn xor(a: Words, b: Words, c: Words) -> Words {
    _mm512_ternarylogic_epi32::<0b1001_0110>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn choose(e: Words, f: Words, g: Words) -> Words {
    _mm512_ternarylogic_epi32::<0b1100_1010>(e, f, g)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn majority(a: Words, b: Words, c: Words) -> Words {
    _mm512_ternarylogic_epi32::<0b1110_1000>(a, b, c)
}

/// A block of one lane, its words as numbers.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(octets: &[u8; 64]) -> Words {
    let (words, _) = octets.as_chunks::<8>();
    let mut eight = [0; 8];
    eight.iter_mut().zip(words).for_each(|(word, octets)| *word = i64::from_le_bytes(*octets));
    let [a, b, c, d, e, f, g, h] = eight;
    let (low, high) = (0x0405_0607_0001_0203, 0x0c0d_0e0f_0809_0a0b);
    _mm512_shuffle_epi8(
        _mm512_set_epi64(h, g, f, e, d, c, b, a),
        _mm512_set_epi64(high, low, high, low, high, low, high, low),
    )
}

/// From a block of each lane to a word of each lane: rows become columns.
#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn transposed(rows: [Words; 16]) -> [Words; 16] {
    let [ra, rb, rc, rd, re, rf, rg, rh, ri, rj, rk, rl, rm, rn, ro, rp] = rows;
    // Of four rows, the columns k, 4 + k, 8 + k and 12 + k, for each k.
    let [a, b, c, d] = [[ra, rb, rc, rd], [re, rf, rg, rh], [ri, rj, rk, rl], [rm, rn, ro, rp]].map(|rows| four(rows));
    let columns = |k: fn([Words; 4]) -> Words| [k(a), k(b), k(c), k(d)];
    let [c0, c4, c8, c12] = sixteen(columns(|[first, ..]| first));
    let [c1, c5, c9, c13] = sixteen(columns(|[_, second, ..]| second));
    let [c2, c6, c10, c14] = sixteen(columns(|[_, _, third, _]| third));
    let [c3, c7, c11, c15] = sixteen(columns(|[.., fourth]| fourth));
    [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15]
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn four([a, b, c, d]: [Words; 4]) -> [Words; 4] {
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
fn sixteen([a, b, c, d]: [Words; 4]) -> [Words; 4] {
    let (even, odd) = (_mm512_shuffle_i32x4::<0x88>(a, b), _mm512_shuffle_i32x4::<0xdd>(a, b));
    let (even_2, odd_2) = (_mm512_shuffle_i32x4::<0x88>(c, d), _mm512_shuffle_i32x4::<0xdd>(c, d));
    [
        _mm512_shuffle_i32x4::<0x88>(even, even_2),
        _mm512_shuffle_i32x4::<0x88>(odd, odd_2),
        _mm512_shuffle_i32x4::<0xdd>(even, even_2),
        _mm512_shuffle_i32x4::<0xdd>(odd, odd_2),
    ]
}

/// From the states of the lanes to their words side by side.
#[target_feature(enable = "avx512f,avx512bw")]
fn across(states: [[u32; 8]; LANES]) -> [Words; 8] {
    let rows = states.map(|state| {
        let [a, b, c, d, e, f, g, h] = state.map(u32::cast_signed);
        _mm512_set_epi32(0, 0, 0, 0, 0, 0, 0, 0, h, g, f, e, d, c, b, a)
    });
    let [a, b, c, d, e, f, g, h, ..] = transposed(rows);
    [a, b, c, d, e, f, g, h]
}

/// From the words side by side to the states of the lanes.
#[target_feature(enable = "avx512f,avx512bw")]
fn along([a, b, c, d, e, f, g, h]: [Words; 8]) -> [[u32; 8]; LANES] {
    let none = _mm512_setzero_si512();
    transposed([a, b, c, d, e, f, g, h, none, none, none, none, none, none, none, none]).map(|row| {
        let (low, high) = (_mm512_extracti32x4_epi32::<0>(row), _mm512_extracti32x4_epi32::<1>(row));
        [
            _mm_extract_epi32::<0>(low),
            _mm_extract_epi32::<1>(low),
            _mm_extract_epi32::<2>(low),
            _mm_extract_epi32::<3>(low),
            _mm_extract_epi32::<0>(high),
            _mm_extract_epi32::<1>(high),
            _mm_extract_epi32::<2>(high),
            _mm_extract_epi32::<3>(high),
        ]
        .map(i32::cast_unsigned)
    })
}

/// §4.2.2.
const K: [[u32; 16]; 4] = [
    [
        0x428a_2f98,
        0x7137_4491,
        0xb5c0_fbcf,
        0xe9b5_dba5,
        0x3956_c25b,
        0x59f1_11f1,
        0x923f_82a4,
        0xab1c_5ed5,
        0xd807_aa98,
        0x1283_5b01,
        0x2431_85be,
        0x550c_7dc3,
        0x72be_5d74,
        0x80de_b1fe,
        0x9bdc_06a7,
        0xc19b_f174,
    ],
    [
        0xe49b_69c1,
        0xefbe_4786,
        0x0fc1_9dc6,
        0x240c_a1cc,
        0x2de9_2c6f,
        0x4a74_84aa,
        0x5cb0_a9dc,
        0x76f9_88da,
        0x983e_5152,
        0xa831_c66d,
        0xb003_27c8,
        0xbf59_7fc7,
        0xc6e0_0bf3,
        0xd5a7_9147,
        0x06ca_6351,
        0x1429_2967,
    ],
    [
        0x27b7_0a85,
        0x2e1b_2138,
        0x4d2c_6dfc,
        0x5338_0d13,
        0x650a_7354,
        0x766a_0abb,
        0x81c2_c92e,
        0x9272_2c85,
        0xa2bf_e8a1,
        0xa81a_664b,
        0xc24b_8b70,
        0xc76c_51a3,
        0xd192_e819,
        0xd699_0624,
        0xf40e_3585,
        0x106a_a070,
    ],
    [
        0x19a4_c116,
        0x1e37_6c08,
        0x2748_774c,
        0x34b0_bcb5,
        0x391c_0cb3,
        0x4ed8_aa4a,
        0x5b9c_ca4f,
        0x682e_6ff3,
        0x748f_82ee,
        0x78a5_636f,
        0x84c8_7814,
        0x8cc7_0208,
        0x90be_fffa,
        0xa450_6ceb,
        0xbef9_a3f7,
        0xc671_78f2,
    ],
];
