//! The products of eight pairs of numbers at a time, and their Montgomery reduction modulo the prime p of P-256.

use std::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64, _mm512_set1_epi64, _mm512_setzero_si512,
    _mm512_srli_epi64,
};

use crate::crypto::known_key::avx512::field::Factors;

/// sum + the lower 52 bits of a · b.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn low(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
    _mm512_madd52lo_epu64(sum, a, b)
}

/// sum + the upper 52 bits of a · b.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn high(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
    _mm512_madd52hi_epu64(sum, a, b)
}

/// The ten columns of a product.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn product(a: Factors, b: Factors) -> [__m512i; 10] {
    product_onto([_mm512_setzero_si512(); 5], a, b)
}

/// The ten columns of a product, and of what is added to the upper five.
///
/// Column i is the coefficient of 2^(52·i); a limb adds a row of five products to six columns. The longest columns are two
/// sums each, so that fewer instructions wait for each other.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn product_onto([u5, u6, u7, u8, u9]: [__m512i; 5], a: Factors, b: Factors) -> [__m512i; 10] {
    let ([a0, a1, a2, a3, a4], [b0, b1, b2, b3, b4]) = (a.0, b.0);
    let zero = _mm512_setzero_si512();
    let (c0, c1, c2, l3, h3, l4, h4, h5) = (
        low(zero, a0, b0),
        low(high(zero, a0, b0), a0, b1),
        low(high(zero, a0, b1), a0, b2),
        low(zero, a0, b3),
        high(zero, a0, b2),
        low(zero, a0, b4),
        high(zero, a0, b3),
        high(u5, a0, b4),
    );
    let (c1, c2, l3, h3, l4, h4, l5, h5, c6) = (
        low(c1, a1, b0),
        low(high(c2, a1, b0), a1, b1),
        low(l3, a1, b2),
        high(h3, a1, b1),
        low(l4, a1, b3),
        high(h4, a1, b2),
        low(zero, a1, b4),
        high(h5, a1, b3),
        high(u6, a1, b4),
    );
    let (c2, l3, h3, l4, h4, l5, h5, c6, c7) = (
        low(c2, a2, b0),
        low(l3, a2, b1),
        high(h3, a2, b0),
        low(l4, a2, b2),
        high(h4, a2, b1),
        low(l5, a2, b3),
        high(h5, a2, b2),
        low(high(c6, a2, b3), a2, b4),
        high(u7, a2, b4),
    );
    let (l3, l4, h4, l5, h5, c6, c7, c8) = (
        low(l3, a3, b0),
        low(l4, a3, b1),
        high(h4, a3, b0),
        low(l5, a3, b2),
        high(h5, a3, b1),
        low(high(c6, a3, b2), a3, b3),
        low(high(c7, a3, b3), a3, b4),
        high(u8, a3, b4),
    );
    let (l4, l5, h5, c6, c7, c8, c9) = (
        low(l4, a4, b0),
        low(l5, a4, b1),
        high(h5, a4, b0),
        low(high(c6, a4, b1), a4, b2),
        low(high(c7, a4, b2), a4, b3),
        low(high(c8, a4, b3), a4, b4),
        high(u9, a4, b4),
    );
    let [c3, c4, c5] = [(l3, h3), (l4, h4), (l5, h5)].map(|(low, high)| _mm512_add_epi64(low, high));
    [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9]
}

/// The ten columns of a square.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn square_product(a: Factors) -> [__m512i; 10] {
    let [a0, a1, a2, a3, a4] = a.0;
    let zero = _mm512_setzero_si512();
    let twice = |column: __m512i| _mm512_add_epi64(column, column);
    // The products of different limbs, each of which is there twice.
    let c1 = twice(low(zero, a0, a1));
    let c2 = twice(low(high(zero, a0, a1), a0, a2));
    let c3 = twice(low(low(high(zero, a0, a2), a0, a3), a1, a2));
    let c4 = twice(low(low(high(high(zero, a0, a3), a1, a2), a0, a4), a1, a3));
    let c5 = twice(low(low(high(high(zero, a0, a4), a1, a3), a1, a4), a2, a3));
    let c6 = twice(low(high(high(zero, a1, a4), a2, a3), a2, a4));
    let c7 = twice(low(high(zero, a2, a4), a3, a4));
    let c8 = twice(high(zero, a3, a4));
    [
        low(zero, a0, a0),
        high(c1, a0, a0),
        low(c2, a1, a1),
        high(c3, a1, a1),
        low(c4, a2, a2),
        high(c5, a2, a2),
        low(c6, a3, a3),
        high(c7, a3, a3),
        low(c8, a4, a4),
        high(zero, a4, a4),
    ]
}

/// Montgomery reduction: adds to each of the five lower columns in turn the multiple q of p that makes its 52 bits 0.
///
/// As p is −1 modulo 2^52, q is the column itself; and q · p = q · (p + 1) − q, where −q clears the column and leaves
/// what it has above 52 bits to the next one, and p + 1 = 2^(52+44) + 2^(156+36) + 0xffffffff0000 · 2^208.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn reduce([c0, c1, c2, c3, c4, c5, c6, c7, c8, c9]: [__m512i; 10]) -> [__m512i; 5] {
    let [c1, c2, c3, c4, c5] = clear(c0, [c1, c2, c3, c4, c5]);
    let [c2, c3, c4, c5, c6] = clear(c1, [c2, c3, c4, c5, c6]);
    let [c3, c4, c5, c6, c7] = clear(c2, [c3, c4, c5, c6, c7]);
    let [c4, c5, c6, c7, c8] = clear(c3, [c4, c5, c6, c7, c8]);
    clear(c4, [c5, c6, c7, c8, c9])
}

/// Clears column `q`, and answers the five above it.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn clear(q: __m512i, [a, b, c, d, e]: [__m512i; 5]) -> [__m512i; 5] {
    let (p1, p3, p4) = (_mm512_set1_epi64(1 << 44), _mm512_set1_epi64(1 << 36), _mm512_set1_epi64(0xffff_ffff_0000));
    [
        _mm512_add_epi64(low(a, q, p1), _mm512_srli_epi64::<52>(q)),
        high(b, q, p1),
        low(c, q, p3),
        low(high(d, q, p3), q, p4),
        high(e, q, p4),
    ]
}
