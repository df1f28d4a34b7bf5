//! Eight coordinates of P-256 at a time.
//!
//! A number is five limbs of 52 bits, lowest first, in as many vectors; each vector has that limb of eight numbers. The
//! instructions multiply two limbs and add the lower or the upper 52 bits of the product to a third (IFMA). Numbers are in
//! Montgomery form with R = 2^260 = 16 · 2^256, so that they need not be below the prime p:
//!
//! * a product of a and b is below (a·b / R + p), so below 2p as long as a · b ≤ 16p²;
//! * [`sub`] takes b < 2p and answers a − b + 2p, below a + 2p;
//! * [`mul_less`] and [`square_less`] subtract from a product before it is carried, and answer a number above 0 and below
//!   p + 2^228.
//!
//! All limbs of [`Lanes`] are below 2^52. A number above 0 and below 4p that is 0 modulo p is thus one of p, 2p and 3p. To
//! carry takes long, as each limb waits for the one below: limbs that are not carried yet are plain arrays, and what is
//! computed from them by additions alone is carried beside them, not after them.

use std::arch::x86_64::{
    __m512i, __mmask8, _mm512_add_epi64, _mm512_and_si512, _mm512_cmpeq_epi64_mask, _mm512_cmpge_epu64_mask,
    _mm512_mask_mov_epi64, _mm512_or_si512, _mm512_set1_epi64, _mm512_slli_epi64, _mm512_srai_epi64, _mm512_srli_epi64,
    _mm512_sub_epi64,
};

use crate::crypto::known_key::avx512::VECTORS;
use crate::crypto::known_key::avx512::inverse::{inverse_of_first, invert_all_by};
use crate::crypto::known_key::avx512::product::{product, product_onto, reduce, square_product};
use crate::crypto::known_key::field::{P256Coordinate, PrimeField};

/// Eight numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lanes(pub(super) [__m512i; 5]);

/// Eight numbers to be multiplied. What the four lower limbs have above 52 bits means nothing: no instruction that
/// multiplies looks at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factors(pub(super) [__m512i; 5]);

impl From<Lanes> for Factors {
    #[inline]
    fn from(Lanes(limbs): Lanes) -> Self {
        Self(limbs)
    }
}

impl Factors {
    /// Clears what means nothing.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn lanes(self) -> Lanes {
        let mask = _mm512_set1_epi64(MASK);
        let [a, b, c, d, e] = self.0;
        let masked = |limb| _mm512_and_si512(limb, mask);
        Lanes([masked(a), masked(b), masked(c), masked(d), e])
    }
}

/// The lower 52 bits.
const MASK: i64 = (1 << 52) - 1;

/// The prime p, and its multiples with limbs that may be longer than 52 bits.
const P: [i64; 5] = [MASK, (1 << 44) - 1, 0, 1 << 36, 0xffff_ffff_0000];
const P_2: [i64; 5] = [2 * MASK, (1 << 45) - 2, 0, 1 << 37, 0x0001_ffff_fffe_0000];
const P_4: [i64; 5] = [4 * MASK, (1 << 46) - 4, 0, 1 << 38, 0x0003_ffff_fffc_0000];
const P_6: [i64; 5] = [6 * MASK, 6 * ((1 << 44) - 1), 0, 6 << 36, 0x0005_ffff_fffa_0000];

/// The multiples of p below 4p, with limbs of 52 bits.
const MULTIPLES: [[i64; 5]; 3] = [
    P,
    [MASK - 1, 0x1fff_ffff_ffff, 0, 0x0020_0000_0000, 0x0001_ffff_fffe_0000],
    [MASK - 2, 0x2fff_ffff_ffff, 0, 0x0030_0000_0000, 0x0002_ffff_fffd_0000],
];

/// R mod p: the number 1.
const ONE: [i64; 5] = [0x10, 0x000f_0000_0000_0000, 0x000f_ffff_ffff_ffff, 0x000f_feff_ffff_ffff, 0x000f_ffff];

/// R² mod p, which takes a number into Montgomery form.
const R_SQUARED: [i64; 5] = [0x300, 0x000f_ffff_fff0_0000, 0x000f_fffe_ffff_fffb, 0x000f_dfff_ffff_ffff, 0x04ff_ffff];

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn constant(limbs: [i64; 5]) -> Lanes {
    let [a, b, c, d, e] = limbs;
    Lanes([
        _mm512_set1_epi64(a),
        _mm512_set1_epi64(b),
        _mm512_set1_epi64(c),
        _mm512_set1_epi64(d),
        _mm512_set1_epi64(e),
    ])
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn one() -> Lanes {
    constant(ONE)
}

/// Eight numbers of four limbs of 64 bits, as they are.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn from_words([a, b, c, d]: [__m512i; 4]) -> Lanes {
    let mask = _mm512_set1_epi64(MASK);
    Lanes([
        _mm512_and_si512(a, mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<52>(a), _mm512_slli_epi64::<12>(b)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<40>(b), _mm512_slli_epi64::<24>(c)), mask),
        _mm512_and_si512(_mm512_or_si512(_mm512_srli_epi64::<28>(c), _mm512_slli_epi64::<36>(d)), mask),
        _mm512_srli_epi64::<16>(d),
    ])
}

/// The Montgomery form of numbers that are not in it.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn to_montgomery(plain: Lanes) -> Lanes {
    mul(plain, constant(R_SQUARED)).lanes()
}

/// Carries what each limb has above 52 bits, or lacks below 0, to the next.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn carry([a, b, c, d, e]: [__m512i; 5]) -> Factors {
    let b = _mm512_add_epi64(b, _mm512_srai_epi64::<52>(a));
    let c = _mm512_add_epi64(c, _mm512_srai_epi64::<52>(b));
    let d = _mm512_add_epi64(d, _mm512_srai_epi64::<52>(c));
    let e = _mm512_add_epi64(e, _mm512_srai_epi64::<52>(d));
    Factors([a, b, c, d, e])
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn limbs_plus([a, b, c, d, e]: [__m512i; 5], [f, g, h, i, j]: [__m512i; 5]) -> [__m512i; 5] {
    [
        _mm512_add_epi64(a, f),
        _mm512_add_epi64(b, g),
        _mm512_add_epi64(c, h),
        _mm512_add_epi64(d, i),
        _mm512_add_epi64(e, j),
    ]
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn limbs_minus([a, b, c, d, e]: [__m512i; 5], [f, g, h, i, j]: [__m512i; 5]) -> [__m512i; 5] {
    [
        _mm512_sub_epi64(a, f),
        _mm512_sub_epi64(b, g),
        _mm512_sub_epi64(c, h),
        _mm512_sub_epi64(d, i),
        _mm512_sub_epi64(e, j),
    ]
}

/// a + b, without a reduction.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn add(a: Lanes, b: Lanes) -> Lanes {
    carry(limbs_plus(a.0, b.0)).lanes()
}

/// a − b + 2p, for b < 2p. The limbs of a need not be carried.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn sub(a: [__m512i; 5], b: Lanes) -> Factors {
    carry(limbs_plus(limbs_minus(a, b.0), constant(P_2).0))
}

/// 2p − a, for a < 2p.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn minus(a: Lanes) -> Lanes {
    carry(limbs_minus(constant(P_2).0, a.0)).lanes()
}

/// p − a in the lanes of `mask`, a in the others; for 0 < a < p.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn negate_in(mask: __mmask8, a: Lanes) -> Lanes {
    carry(negated_in(mask, a)).lanes()
}

/// p − a + b in the lanes of `mask`, a + b in the others; for 0 < a < p. The limbs of b need not be carried.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn negate_and_add(mask: __mmask8, a: Lanes, b: [__m512i; 5]) -> Factors {
    carry(limbs_plus(negated_in(mask, a), b))
}

/// As [`negate_in`], with limbs that may be below 0.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn negated_in(mask: __mmask8, a: Lanes) -> [__m512i; 5] {
    select(mask, a, Lanes(limbs_minus(constant(P).0, a.0))).0
}

/// Takes t · p from v, 0 < v < 8p, where t is about v / 2^256. Nothing is carried.
///
/// A limb is the sum of at most 15 products of 52 bits, and what is added to or taken from it; what the lower limbs would
/// carry into the highest is between −4 and 6. So that the rest stays above 0 whatever they carry, t is taken from the
/// highest limb less 4. The rest is below 2^256 + 11 · 2^208 + t · (2^256 − p), and t ≤ 8.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn reduce_once([a, b, c, d, e]: [__m512i; 5]) -> [__m512i; 5] {
    let t = _mm512_srai_epi64::<48>(_mm512_sub_epi64(e, _mm512_set1_epi64(4)));
    // t · p = t · 2^256 − t · 2^224 + t · 2^192 + t · 2^96 − t.
    let e = _mm512_sub_epi64(e, _mm512_slli_epi64::<48>(t));
    [
        _mm512_add_epi64(a, t),
        _mm512_sub_epi64(b, _mm512_slli_epi64::<44>(t)),
        c,
        _mm512_sub_epi64(d, _mm512_slli_epi64::<36>(t)),
        _mm512_add_epi64(e, _mm512_slli_epi64::<16>(t)),
    ]
}

/// The lanes in which a number above 0 and below 4p may be 0 modulo p: all where it is, and one in 2^50 others.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn may_be_zero(a: Lanes) -> __mmask8 {
    let [lowest, ..] = a.0;
    _mm512_cmpge_epu64_mask(lowest, _mm512_set1_epi64(MASK - 2))
}

/// The lanes in which a number above 0 and below 4p is 0 modulo p.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn is_zero(a: Lanes) -> __mmask8 {
    let mut answer = 0;
    for multiple in MULTIPLES {
        let mut equal = 0xff;
        for (limb, of_multiple) in a.0.into_iter().zip(constant(multiple).0) {
            equal &= _mm512_cmpeq_epi64_mask(limb, of_multiple);
        }
        answer |= equal;
    }
    answer
}

/// b in the lanes of `mask`, a in the others.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn select(mask: __mmask8, a: Lanes, b: Lanes) -> Lanes {
    let ([a, b, c, d, e], [f, g, h, i, j]) = (a.0, b.0);
    Lanes([
        _mm512_mask_mov_epi64(a, mask, f),
        _mm512_mask_mov_epi64(b, mask, g),
        _mm512_mask_mov_epi64(c, mask, h),
        _mm512_mask_mov_epi64(d, mask, i),
        _mm512_mask_mov_epi64(e, mask, j),
    ])
}

/// a · b / R modulo p, below 2p; for a · b ≤ 16p².
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn mul(a: impl Into<Factors>, b: impl Into<Factors>) -> Factors {
    carry(reduce(product(a.into(), b.into())))
}

/// a² / R modulo p, below 2p; for a ≤ 4p.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn square(a: Factors) -> Factors {
    carry(reduce(square_product(a)))
}

/// A number above 0 and below p + 2^228 that is a · b / R − c modulo p, for a · b ≤ 16p² and c < 2p; not carried.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn mul_less(a: Factors, b: Factors, c: Lanes) -> [__m512i; 5] {
    let upper = limbs_minus(constant(P_4).0, c.0);
    reduce_once(reduce(product_onto(upper, a, b)))
}

/// A number above 0 and below p + 2^228 that is a² / R − 2b − c modulo p, for a ≤ 4p, 2b + c < 6p; not carried.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn square_less(a: Factors, b: Lanes, c: Lanes) -> [__m512i; 5] {
    let less = limbs_plus(limbs_plus(b.0, b.0), c.0);
    reduce_once(limbs_plus(limbs_minus(reduce(square_product(a)), less), constant(P_6).0))
}

/// The inverses of all; they are at most 2p, and no lane is 0.
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn invert_all(numbers: [Factors; VECTORS]) -> [Factors; VECTORS] {
    // A product with 1 is out of Montgomery form, and at most p.
    let plain = |all: Factors| mul(all, constant([1, 0, 0, 0, 0]));
    let inverse = |all| to_montgomery(inverse_of_first(plain(all).lanes(), P256Coordinate::MODULUS)).into();
    invert_all_by(numbers, |a, b| mul(a, b), inverse)
}
