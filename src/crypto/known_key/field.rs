//! Arithmetic modulo the two primes of a curve: that of its coordinates, and its order.
//!
//! `fiat-crypto` does the arithmetic: its functions are generated together with a machine-checked proof that they compute
//! what their names say for every input below the modulus. Its values are kept in Montgomery form, `x` as `x · R mod m`
//! with `R` = 2^256 or 2^384, where a product costs no division. Each value has one representation, so equality is that
//! of the limbs.

use fiat_crypto::{p256_64, p256_scalar_64, p384_64, p384_scalar_64};

use crate::crypto::known_key::inversion;

/// An integer modulo a prime `m`, in Montgomery form.
pub(super) trait PrimeField: Copy + Eq + std::fmt::Debug + Send + Sync + 'static {
    /// An integer below 2^256 or 2^384, not in Montgomery form, lowest limb first.
    type Limbs: Copy + Eq + std::fmt::Debug + Send + Sync + AsRef<[u64]> + 'static;

    /// The prime `m`.
    const MODULUS: Self::Limbs;
    /// The number 1.
    const ONE: Self;
    /// The octets of a number.
    const OCTETS: usize;

    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn neg(self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn square(self) -> Self;
    fn is_zero(self) -> bool;
    /// Any of its limbs.
    fn word(self) -> u64;

    /// `limbs mod m`; `limbs` must be below `m`.
    fn from_limbs(limbs: Self::Limbs) -> Self;

    /// `self · limbs mod m`, out of Montgomery form; `limbs` must be below `m`.
    fn times_limbs(self, limbs: Self::Limbs) -> Self::Limbs;

    /// `limbs - other mod 2^256` or 2^384.
    fn limbs_minus(limbs: Self::Limbs, other: Self::Limbs) -> Self::Limbs;

    /// The integer of at most [`Self::OCTETS`] octets, highest first; without its last octets if there are more.
    fn limbs(octets: &[u8]) -> Self::Limbs;

    fn is_below_modulus(limbs: Self::Limbs) -> bool {
        limbs.as_ref().iter().rev().lt(Self::MODULUS.as_ref().iter().rev())
    }

    /// The number that as many octets say, unless it is `m` or more.
    fn from_octets(octets: &[u8]) -> Option<Self> {
        let limbs = Self::limbs(octets);
        (octets.len() == Self::OCTETS && Self::is_below_modulus(limbs)).then(|| Self::from_limbs(limbs))
    }

    /// `1 / self`, and 0 for 0.
    fn invert(self) -> Self;
}

/// Replaces each number by its inverse, with one inversion for all (Montgomery's trick): the product of all is inverted,
/// and multiplied by the products of the others. None of `numbers` may be 0.
///
/// Two products go side by side, of every other number: the multiplications of one wait for each other.
pub(super) fn invert_all<F: PrimeField>(numbers: &mut [F]) {
    let (pairs, rest) = numbers.as_chunks_mut::<2>();
    let [mut p, mut q] = [F::ONE; 2];
    let mut before = Vec::with_capacity(pairs.len());
    for [a, b] in pairs.iter() {
        before.push((p, q));
        (p, q) = (p.mul(*a), q.mul(*b));
    }
    let odd = rest.first().copied().unwrap_or(F::ONE);
    let product = p.mul(q);
    let inverse = product.mul(odd).invert();
    rest.iter_mut().for_each(|number| *number = inverse.mul(product));
    let inverse = inverse.mul(odd);
    let (mut i, mut j) = (inverse.mul(q), inverse.mul(p));
    for ([a, b], (p, q)) in pairs.iter_mut().zip(before).rev() {
        let next = (i.mul(*a), j.mul(*b));
        (*a, *b) = (i.mul(p), j.mul(q));
        (i, j) = next;
    }
}

/// A [`PrimeField`] by the functions of one module of `fiat-crypto`.
macro_rules! prime_field {
    ($(#[$doc:meta])* $name:ident, $limbs:literal, $octets:literal, $modulus:expr, $module:ident {
        $element:ident, $plain:ident, $add:ident, $sub:ident, $neg:ident, $mul:ident, $square:ident,
        $to_montgomery:ident, $one:ident
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) struct $name([u64; $limbs]);

        impl $name {
            const fn of(self) -> $module::$element {
                $module::$element(self.0)
            }
        }

        impl PrimeField for $name {
            type Limbs = [u64; $limbs];

            const MODULUS: [u64; $limbs] = $modulus;
            const ONE: Self = {
                let mut one = $module::$element([0; $limbs]);
                $module::$one(&mut one);
                Self(one.0)
            };
            const OCTETS: usize = $octets;

            #[inline]
            fn add(self, other: Self) -> Self {
                let mut sum = $module::$element([0; $limbs]);
                $module::$add(&mut sum, &self.of(), &other.of());
                Self(sum.0)
            }

            #[inline]
            fn sub(self, other: Self) -> Self {
                let mut difference = $module::$element([0; $limbs]);
                $module::$sub(&mut difference, &self.of(), &other.of());
                Self(difference.0)
            }

            #[inline]
            fn neg(self) -> Self {
                let mut negative = $module::$element([0; $limbs]);
                $module::$neg(&mut negative, &self.of());
                Self(negative.0)
            }

            #[inline]
            fn mul(self, other: Self) -> Self {
                let mut product = $module::$element([0; $limbs]);
                $module::$mul(&mut product, &self.of(), &other.of());
                Self(product.0)
            }

            #[inline]
            fn square(self) -> Self {
                let mut square = $module::$element([0; $limbs]);
                $module::$square(&mut square, &self.of());
                Self(square.0)
            }

            fn invert(self) -> Self {
                const LIMBS: usize = ($limbs * 64_usize).div_ceil(62);
                // Of x · R that is 1 / (x · R), and each time `from_limbs` multiplies by R.
                let inverse = inversion::inverse::<$limbs, LIMBS>(self.0, Self::MODULUS);
                Self::from_limbs(Self::from_limbs(inverse).0)
            }

            #[inline]
            fn is_zero(self) -> bool {
                self.0 == [0; $limbs]
            }

            #[inline]
            fn word(self) -> u64 {
                self.0[0]
            }

            fn from_limbs(limbs: [u64; $limbs]) -> Self {
                let mut element = $module::$element([0; $limbs]);
                $module::$to_montgomery(&mut element, &$module::$plain(limbs));
                Self(element.0)
            }

            fn times_limbs(self, limbs: [u64; $limbs]) -> [u64; $limbs] {
                // A Montgomery product divides by R, which takes `self` out of Montgomery form.
                self.mul(Self(limbs)).0
            }

            fn limbs_minus(limbs: [u64; $limbs], other: [u64; $limbs]) -> [u64; $limbs] {
                let mut difference = limbs;
                let mut borrow = false;
                for (limb, other) in difference.iter_mut().zip(other) {
                    let (less, first) = limb.overflowing_sub(other);
                    let (less, second) = less.overflowing_sub(u64::from(borrow));
                    (*limb, borrow) = (less, first || second);
                }
                difference
            }

            fn limbs(octets: &[u8]) -> [u64; $limbs] {
                let mut limbs = [0; $limbs];
                let leading = octets.get(..$octets).unwrap_or(octets);
                for (limb, chunk) in limbs.iter_mut().zip(leading.rchunks(8)) {
                    *limb = chunk.iter().fold(0, |number, octet| number << 8 | u64::from(*octet));
                }
                limbs
            }
        }
    };
}

prime_field!(
    /// A coordinate of a point on P-256: an integer modulo 2^256 − 2^224 + 2^192 + 2^96 − 1.
    P256Coordinate, 4, 32,
    [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0x0000_0000_0000_0000, 0xffff_ffff_0000_0001],
    p256_64 {
        fiat_p256_montgomery_domain_field_element, fiat_p256_non_montgomery_domain_field_element, fiat_p256_add,
        fiat_p256_sub, fiat_p256_opp, fiat_p256_mul, fiat_p256_square, fiat_p256_to_montgomery, fiat_p256_set_one
    }
);

prime_field!(
    /// An integer modulo the order of P-256.
    P256Scalar, 4, 32,
    [0xf3b9_cac2_fc63_2551, 0xbce6_faad_a717_9e84, 0xffff_ffff_ffff_ffff, 0xffff_ffff_0000_0000],
    p256_scalar_64 {
        fiat_p256_scalar_montgomery_domain_field_element, fiat_p256_scalar_non_montgomery_domain_field_element,
        fiat_p256_scalar_add, fiat_p256_scalar_sub, fiat_p256_scalar_opp, fiat_p256_scalar_mul,
        fiat_p256_scalar_square, fiat_p256_scalar_to_montgomery, fiat_p256_scalar_set_one
    }
);

prime_field!(
    /// A coordinate of a point on P-384: an integer modulo 2^384 − 2^128 − 2^96 + 2^32 − 1.
    P384Coordinate, 6, 48,
    [
        0x0000_0000_ffff_ffff, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_fffe,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
    ],
    p384_64 {
        fiat_p384_montgomery_domain_field_element, fiat_p384_non_montgomery_domain_field_element, fiat_p384_add,
        fiat_p384_sub, fiat_p384_opp, fiat_p384_mul, fiat_p384_square, fiat_p384_to_montgomery, fiat_p384_set_one
    }
);

prime_field!(
    /// An integer modulo the order of P-384.
    P384Scalar, 6, 48,
    [
        0xecec_196a_ccc5_2973, 0x581a_0db2_48b0_a77a, 0xc763_4d81_f437_2ddf,
        0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff,
    ],
    p384_scalar_64 {
        fiat_p384_scalar_montgomery_domain_field_element, fiat_p384_scalar_non_montgomery_domain_field_element,
        fiat_p384_scalar_add, fiat_p384_scalar_sub, fiat_p384_scalar_opp, fiat_p384_scalar_mul,
        fiat_p384_scalar_square, fiat_p384_scalar_to_montgomery, fiat_p384_scalar_set_one
    }
);

impl P256Coordinate {
    /// The limbs of x · 2^256 modulo the prime, lowest first.
    #[cfg(target_arch = "x86_64")]
    pub(super) const fn montgomery_limbs(self) -> [u64; 4] {
        self.0
    }
}
