//! The lanes against big integers.

use std::arch::x86_64::{__mmask8, _mm512_cmplt_epu64_mask, _mm512_set_epi64, _mm512_set1_epi64};

use num_bigint::BigUint;
use proptest::prelude::*;

use super::Avx512;
use super::VECTORS;
use super::field::{
    Factors, Lanes, add, carry, from_words, invert_all, is_zero, may_be_zero, minus, mul, mul_less, negate_and_add,
    negate_in, one, select, square, square_less, sub, to_montgomery,
};
use super::points::{narrow, wide};
use super::scalar::{Numbers, multipliers};
use crate::crypto::known_key::field::{P256Coordinate, P256Scalar};
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::{Digit, Multiplier, Window};
use crate::crypto::known_key::tests::{limbs, modulus, numbers};

/// Eight numbers below the prime, not in Montgomery form.
type Eight = [BigUint; 8];

#[target_feature(enable = "avx512f,avx512ifma")]
fn lanes(numbers: &Eight) -> Lanes {
    to_montgomery(plain(numbers))
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn plain(numbers: &Eight) -> Lanes {
    let words = numbers.each_ref().map(limbs::<P256Coordinate>);
    let [a, b, c, d, e, f, g, h] = words.map(|words| words.map(u64::cast_signed));
    let word = |i: usize| _mm512_set_epi64(h[i], g[i], f[i], e[i], d[i], c[i], b[i], a[i]);
    from_words([word(0), word(1), word(2), word(3)])
}

/// The name of each operation whose answer is not what it should be.
#[target_feature(enable = "avx512f,avx512ifma")]
fn wrong(a: &Eight, b: &Eight, c: &Eight, mask: __mmask8) -> Vec<&'static str> {
    let p = modulus::<P256Coordinate>();
    let (x, y, z) = (lanes(a), lanes(b), lanes(c));
    let each = |number: &dyn Fn(usize) -> BigUint| lanes(&std::array::from_fn(|lane| number(lane) % &p));
    let masked = |lane: usize| mask >> lane & 1 == 1;
    // x and y as large as a product allows: below 4p.
    let (four_x, four_y) = (add(add(x, x), add(x, x)), add(add(y, y), add(y, y)));
    // y and z below p + 2^228, and as large as what is subtracted may be: below 3p.
    let zero = plain(&std::array::from_fn(|_| BigUint::ZERO));
    let less = |a: Lanes, b: Lanes, c: Lanes| carry(mul_less(a.into(), b.into(), c)).lanes();
    let square_less = |a: Lanes, b: Lanes, c: Lanes| carry(square_less(a.into(), b, c)).lanes();
    let (y_less, z_less) = (less(y, one(), zero), less(z, one(), zero));
    let three_z = add(add(z_less, z_less), z_less);
    let reduced = [
        ("mul_less", less(x, y, z), each(&|i| &a[i] * &b[i] + &p - &c[i])),
        ("mul_less of large", less(four_x, four_y, z), each(&|i| &a[i] * &b[i] * 16_u8 + &p - &c[i])),
        ("square_less", square_less(x, y, z), each(&|i| &a[i] * &a[i] + &p * 3_u8 - &b[i] - &b[i] - &c[i])),
        (
            "square_less of large",
            square_less(four_x, y_less, three_z),
            each(&|i| &a[i] * &a[i] * 16_u8 + &p * 5_u8 - &b[i] * 2_u8 - &c[i] * 3_u8),
        ),
    ];
    let cases = [
        ("add", add(x, y), each(&|i| &a[i] + &b[i])),
        ("sub", sub(x.0, y).lanes(), each(&|i| &a[i] + &p - &b[i])),
        ("mul", mul(x, y).lanes(), each(&|i| &a[i] * &b[i])),
        ("mul of large", mul(four_x, four_y).lanes(), each(&|i| &a[i] * &b[i] * 16_u8)),
        ("square", square(x.into()).lanes(), each(&|i| &a[i] * &a[i])),
        ("square of large", square(four_x.into()).lanes(), each(&|i| &a[i] * &a[i] * 16_u8)),
        ("minus", minus(x), each(&|i| &p - &a[i])),
        ("select", select(mask, x, y), each(&|i| if masked(i) { b[i].clone() } else { a[i].clone() })),
        (
            "negate_in",
            to_montgomery(negate_in(mask, plain(a))),
            each(&|i| if masked(i) { &p - &a[i] } else { a[i].clone() }),
        ),
        (
            "negate_and_add",
            to_montgomery(negate_and_add(mask, plain(a), plain(b).0).lanes()),
            each(&|i| if masked(i) { &p - &a[i] + &b[i] } else { &a[i] + &b[i] }),
        ),
        ("one", mul(one(), x).lanes(), x),
    ];
    let mut wrong = Vec::new();
    wrong.extend(reduced.iter().filter(|(_, found, _)| !is_reduced(*found)).map(|(name, ..)| *name));
    for (name, found, expected) in cases.into_iter().chain(reduced).chain(inverses(a)) {
        // Both below 2p, as is_zero asks.
        let (found, expected) = (mul(found, one()).lanes(), mul(expected, one()).lanes());
        let difference = sub(found.0, expected).lanes();
        if is_zero(difference) != 0xff || may_be_zero(difference) != 0xff {
            wrong.push(name);
        }
        if is_zero(sub(add(found, one()).0, expected).lanes()) != 0 {
            wrong.push("is_zero");
        }
    }
    wrong
}

/// The inverses of powers of some numbers, as they were found and as they should be.
#[target_feature(enable = "avx512f,avx512ifma")]
fn inverses(numbers: &Eight) -> impl Iterator<Item = (&'static str, Lanes, Lanes)> {
    let p = modulus::<P256Coordinate>();
    // None is 0.
    let units = numbers.each_ref().map(|number| number.max(&BigUint::from(1_u8)).clone());
    let one: Factors = lanes(&units).into();
    let two = mul(one, one);
    let found = invert_all([one, two, one, mul(two, one)]);
    let powers = [1_u8, 2, 1, 3].map(|power| (&p - 2_u8) * power);
    found.into_iter().zip(powers).map(move |(found, power)| {
        ("invert_all", found.lanes(), lanes(&units.each_ref().map(|unit| unit.modpow(&power, &p))))
    })
}

/// Whether all limbs have 52 bits, and no number has more than p + 2^228.
#[target_feature(enable = "avx512f,avx512ifma")]
fn is_reduced(Lanes([a, b, c, d, e]): Lanes) -> bool {
    let below = |limb, bound| _mm512_cmplt_epu64_mask(limb, _mm512_set1_epi64(bound)) == 0xff;
    [a, b, c, d].into_iter().all(|limb| below(limb, 1 << 52)) && below(e, (1 << 48) + (1 << 20))
}

#[expect(unsafe_code, reason = "`Avx512` is the proof that the processor has what the function is compiled for")]
fn wrong_of(_: Avx512, a: &Eight, b: &Eight, c: &Eight, mask: __mmask8) -> Vec<&'static str> {
    // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
    unsafe { wrong(a, b, c, mask) }
}

fn eight() -> impl Strategy<Value = Eight> {
    std::array::from_fn(|_| numbers().prop_map(|number| number % modulus::<P256Coordinate>()))
}

/// The numbers e, r and s of a signature.
type Signature = [BigUint; 3];

/// The digits of all signatures, of which there are whole groups, that are not those of their multipliers by big integers.
#[target_feature(enable = "avx512f,avx512ifma")]
fn wrong_digits(signatures: &[Signature], bits: usize) -> Vec<String> {
    let n = modulus::<P256Scalar>();
    let words: Vec<[[u64; 4]; 3]> =
        signatures.iter().map(|numbers| numbers.each_ref().map(limbs::<P256Scalar>)).collect();
    let eight = |first: usize, number: usize| std::array::from_fn(|lane| &words[first + lane][number]);
    let numbers = (0..signatures.len()).step_by(8);
    let numbers = numbers.map(|first| Numbers { e: eight(first, 0), r: eight(first, 1), s: eight(first, 2) });
    let numbers: Vec<Numbers<'_>> = numbers.collect();
    let window = Window::new::<P256>(bits);
    let mut wrong = Vec::new();
    for (multipliers, signatures) in multipliers(&numbers).iter().zip(signatures.chunks(8)) {
        for (factor, multipliers) in multipliers.iter().enumerate() {
            for (lane, [e, r, s]) in signatures.iter().enumerate() {
                let number = [e, r][factor] * s.modpow(&(&n - 2_u8), &n) % &n;
                let expected = Multiplier::<P256>::new(limbs::<P256Scalar>(&number));
                for position in 0..window.count() {
                    let digit = Digit::new(window, position);
                    let (index, negative) = multipliers.digit(digit);
                    let found = (digit.start + wide(narrow(index))[lane], negative >> lane & 1 == 1);
                    if found != digit.of(&expected) {
                        wrong.push(format!("digit {position} of u{} of {e}, {r}, {s}", factor + 1));
                    }
                }
            }
        }
    }
    wrong
}

#[expect(unsafe_code, reason = "`Avx512` is the proof that the processor has what the function is compiled for")]
fn wrong_digits_of(_: Avx512, signatures: &[Signature], bits: usize) -> Vec<String> {
    // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
    unsafe { wrong_digits(signatures, bits) }
}

/// With e of 256 bits, r and s from 1 to n − 1.
fn signature() -> impl Strategy<Value = Signature> {
    let [below, order] = [BigUint::from(1_u8) << 256, modulus::<P256Scalar>()];
    let unit = move |number: BigUint| (number % (&order - 1_u8)) + 1_u8;
    (numbers(), numbers(), numbers()).prop_map(move |(e, r, s)| [e % &below, unit(r), unit(s)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_lanes_agree_with_big_integers(a in eight(), b in eight(), c in eight(), mask in any::<u8>()) {
        if let Some(avx512) = Avx512::detect() {
            prop_assert_eq!(wrong_of(avx512, &a, &b, &c, mask), Vec::<&str>::new());
        }
    }

    #[test]
    fn the_lanes_have_the_digits_of_the_multipliers(
        signatures in proptest::collection::vec(signature(), 3 * 8 * VECTORS), groups in 1..=3_usize, bits in 2_usize..=16,
    ) {
        if let Some(avx512) = Avx512::detect() {
            let wrong = wrong_digits_of(avx512, &signatures[..8 * VECTORS * groups], bits);
            prop_assert_eq!(wrong, Vec::<String>::new());
        }
    }
}
