//! The inverses of eight numbers, modulo either prime of P-256.

use std::arch::x86_64::{
    _mm_cvtsi128_si64, _mm512_castsi512_si128, _mm512_permutex_epi64, _mm512_set1_epi64, _mm512_shuffle_i64x2,
};

use crate::crypto::known_key::avx512::VECTORS;
use crate::crypto::known_key::avx512::field::{Factors, Lanes, from_words};
use crate::crypto::known_key::inversion;

/// The inverse of each lane by `mul` and the inverse of one number: `inverse` is given the same number in all lanes.
///
/// The lanes are multiplied together, so that one number is inverted: with its neighbour each, with the next two, with the
/// next four. Multiplied by what a product was multiplied by, the inverse of the larger one is that of the product.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn invert_by(
    a: Factors,
    mul: impl Fn(Factors, Factors) -> Factors,
    inverse: impl FnOnce(Factors) -> Factors,
) -> Factors {
    let neighbour = Factors(a.0.map(|limb| _mm512_permutex_epi64::<0b10_11_00_01>(limb)));
    let twos = mul(a, neighbour);
    let other_two = Factors(twos.0.map(|limb| _mm512_permutex_epi64::<0b01_00_11_10>(limb)));
    let fours = mul(twos, other_two);
    let other_four = Factors(fours.0.map(|limb| _mm512_shuffle_i64x2::<0b01_00_11_10>(limb, limb)));
    let inverse = inverse(mul(fours, other_four));
    mul(mul(mul(inverse, other_four), other_two), neighbour)
}

/// The inverses of all lanes of all, as [`invert_by`] has them, by one inversion.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn invert_all_by(
    [a, b, c, d]: [Factors; VECTORS],
    mul: impl Fn(Factors, Factors) -> Factors,
    inverse: impl FnOnce(Factors) -> Factors,
) -> [Factors; VECTORS] {
    let (ab, cd) = (mul(a, b), mul(c, d));
    let all = invert_by(mul(ab, cd), &mul, inverse);
    let (of_ab, of_cd) = (mul(all, cd), mul(all, ab));
    [mul(of_ab, b), mul(of_ab, a), mul(of_cd, d), mul(of_cd, c)]
}

/// The inverse of the number in the first lane, in all; not in Montgomery form.
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn inverse_of_first(a: Lanes, modulus: [u64; 4]) -> Lanes {
    let [a, b, c, d, e] = a.0.map(|limb| _mm_cvtsi128_si64(_mm512_castsi512_si128(limb)).cast_unsigned());
    let words = [a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16];
    let inverse = inversion::inverse::<4, 5>(words, modulus);
    from_words(inverse.map(|word| _mm512_set1_epi64(word.cast_signed())))
}
