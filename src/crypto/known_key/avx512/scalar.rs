//! The multipliers of signatures, eight at a time: arithmetic modulo the order n of P-256.
//!
//! Numbers are in lanes as those of the [field](super::field) are, and multiplied as Montgomery does with the same R = 2^260:
//! a product of a and b is a · b / R modulo n. What is multiplied here is below 2^256, and n is above 2^255, so that a product
//! is below 5n/4.

use std::arch::x86_64::{
    __m512i, __mmask8, _mm_cvtsi64_si128, _mm512_add_epi64, _mm512_and_si512, _mm512_cmplt_epi64_mask,
    _mm512_mask_xor_epi64, _mm512_or_si512, _mm512_set_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
    _mm512_sll_epi64, _mm512_slli_epi64, _mm512_srl_epi64, _mm512_srli_epi64, _mm512_testn_epi64_mask,
};

use crate::crypto::known_key::avx512::VECTORS;
use crate::crypto::known_key::avx512::field::{Factors, Lanes, carry, constant, from_words, limbs_minus, select};
use crate::crypto::known_key::avx512::inverse::{inverse_of_first, invert_all_by};
use crate::crypto::known_key::avx512::product::{high, low, product};
use crate::crypto::known_key::field::{P256Scalar, PrimeField};
use crate::crypto::known_key::table::Digit;

/// The order n.
const N: [i64; 5] =
    [0x0009_cac2_fc63_2551, 0x000a_da71_79e8_4f3b, 0x000f_ffff_ffbc_e6fa, 0x000f_ffff_ffff, 0xffff_ffff_0000];

/// −1 / n modulo 2^52.
const N_INVERSE: i64 = 0x0001_c8aa_ee00_bc4f;

/// R mod n: the number 1.
const ONE: [i64; 5] = [0x0003_53d0_39cd_aaf0, 0x0002_58e8_617b_0c46, 0x0431_9055, 0x000f_ff00_0000_0000, 0x000f_ffff];

/// The number of each of eight signatures, as it is.
pub(super) type Eight<'a> = [&'a [u64; 4]; 8];

/// The numbers of eight signatures.
pub(super) struct Numbers<'a> {
    pub(super) e: Eight<'a>,
    pub(super) r: Eight<'a>,
    pub(super) s: Eight<'a>,
}

/// As [`Multiplier`](crate::crypto::known_key::table::Multiplier), of eight signatures: vectors of 64 bits of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Multipliers {
    odd: [__m512i; 4],
    negated: __mmask8,
}

/// u₁ = e / s and u₂ = r / s of all signatures, of which there are some whole groups.
///
/// Each s is inverted by the inverse of the product of all, multiplied by the products of the others. As numbers in Montgomery
/// form they are s / R, with inverses of R² / s. But the inverse of the product is taken without one R, which each of
/// them then lacks; by R / s one multiplies numbers that are not in Montgomery form.
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn multipliers(numbers: &[Numbers<'_>]) -> Vec<[Multipliers; 2]> {
    let (groups, _) = numbers.as_chunks::<VECTORS>();
    let mut products = [constant(ONE).into(); VECTORS];
    let mut before = Vec::with_capacity(groups.len());
    for group in groups {
        before.push(products);
        for (product, Numbers { s, .. }) in products.iter_mut().zip(group) {
            *product = mul(*product, lanes(s));
        }
    }
    let plain = |all| mul(all, constant([1, 0, 0, 0, 0])).lanes();
    let inverse = |all| inverse_of_first(plain(all), P256Scalar::MODULUS).into();
    let mut inverses = invert_all_by(products, |a, b| mul(a, b), inverse);
    let mut multipliers = Vec::with_capacity(numbers.len());
    for (group, before) in groups.iter().zip(before).rev() {
        for ((Numbers { e, r, s }, all), before) in group.iter().zip(&mut inverses).zip(before).rev() {
            let inverse = mul(*all, before);
            *all = mul(*all, lanes(s));
            multipliers.push([e, r].map(|number| Multipliers::new(mul(inverse, lanes(number)).lanes())));
        }
    }
    multipliers.reverse();
    multipliers
}

/// Eight numbers in lanes.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn lanes(numbers: &Eight<'_>) -> Lanes {
    let [a, b, c, d, e, f, g, h] = numbers.map(|number| number.map(u64::cast_signed));
    let word = |a, b, c, d, e, f, g, h| _mm512_set_epi64(h, g, f, e, d, c, b, a);
    let [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]] = [a, b, c, d];
    let [[e0, e1, e2, e3], [f0, f1, f2, f3], [g0, g1, g2, g3], [h0, h1, h2, h3]] = [e, f, g, h];
    from_words([
        word(a0, b0, c0, d0, e0, f0, g0, h0),
        word(a1, b1, c1, d1, e1, f1, g1, h1),
        word(a2, b2, c2, d2, e2, f2, g2, h2),
        word(a3, b3, c3, d3, e3, f3, g3, h3),
    ])
}

/// a · b / R modulo n, below a · b / R + n.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn mul(a: Factors, b: impl Into<Factors>) -> Factors {
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9] = product(a, b.into());
    let [c1, c2, c3, c4, c5] = clear([c0, c1, c2, c3, c4, c5]);
    let [c2, c3, c4, c5, c6] = clear([c1, c2, c3, c4, c5, c6]);
    let [c3, c4, c5, c6, c7] = clear([c2, c3, c4, c5, c6, c7]);
    let [c4, c5, c6, c7, c8] = clear([c3, c4, c5, c6, c7, c8]);
    carry(clear([c4, c5, c6, c7, c8, c9]))
}

/// Adds the multiple q of n that makes the 52 bits of the lowest column 0, and answers the five above it.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn clear([a, b, c, d, e, f]: [__m512i; 6]) -> [__m512i; 5] {
    let q = low(_mm512_setzero_si512(), a, _mm512_set1_epi64(N_INVERSE));
    let [n0, n1, n2, n3, n4] = constant(N).0;
    let carried = _mm512_srli_epi64::<52>(low(a, q, n0));
    [
        low(high(_mm512_add_epi64(b, carried), q, n0), q, n1),
        low(high(c, q, n1), q, n2),
        low(high(d, q, n2), q, n3),
        low(high(e, q, n3), q, n4),
        high(f, q, n4),
    ]
}

impl Multipliers {
    /// Takes numbers below 2n.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn new(numbers: Lanes) -> Self {
        let zero = _mm512_setzero_si512();
        let less = carry(limbs_minus(numbers.0, constant(N).0)).lanes();
        let [.., highest] = less.0;
        let numbers = select(_mm512_cmplt_epi64_mask(highest, zero), less, numbers);
        let [lowest, ..] = numbers.0;
        let negated = _mm512_testn_epi64_mask(lowest, _mm512_set1_epi64(1));
        let Lanes([a, b, c, d, e]) = select(negated, numbers, carry(limbs_minus(constant(N).0, numbers.0)).lanes());
        let odd = [
            _mm512_or_si512(a, _mm512_slli_epi64::<52>(b)),
            _mm512_or_si512(_mm512_srli_epi64::<12>(b), _mm512_slli_epi64::<40>(c)),
            _mm512_or_si512(_mm512_srli_epi64::<24>(c), _mm512_slli_epi64::<28>(d)),
            _mm512_or_si512(_mm512_srli_epi64::<36>(d), _mm512_slli_epi64::<16>(e)),
        ];
        Self { odd, negated }
    }

    /// As [`Digit::of`]: which entry of the row has the point of each signature, and which to negate.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn digit(&self, digit: Digit) -> (__m512i, __mmask8) {
        let word = |position: usize| self.odd.get(position).copied().unwrap_or(_mm512_setzero_si512());
        let count = |count: usize| _mm_cvtsi64_si128(i64::try_from(count).unwrap_or_default());
        let number = |number: usize| _mm512_set1_epi64(i64::try_from(number).unwrap_or_default());
        // Nothing is left of what is shifted by 64 bits.
        let lower = _mm512_srl_epi64(word(digit.limb), count(digit.shift));
        let upper = _mm512_sll_epi64(word(digit.limb + 1), count(64 - digit.shift));
        let signs = _mm512_or_si512(_mm512_or_si512(lower, upper), number(digit.highest));
        let negative = _mm512_testn_epi64_mask(signs, number(digit.row));
        let index = _mm512_mask_xor_epi64(signs, negative, signs, _mm512_set1_epi64(-1));
        (_mm512_and_si512(index, number(digit.row - 1)), negative ^ self.negated)
    }
}
