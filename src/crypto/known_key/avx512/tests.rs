//! The lanes against big integers.

use std::arch::x86_64::{__mmask8, _mm512_set_epi64};

use num_bigint::BigUint;
use proptest::prelude::*;

use super::Avx512;
use super::field::{
    Lanes, add, from_words, invert, is_zero, may_be_zero, mul, negate_in, one, select, square, sub, sub_reduced,
    sub_two, to_montgomery,
};
use crate::crypto::known_key::field::P256Coordinate;
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
    // A number above 0 and below p.
    let reduced = sub_two(x, one(), z);
    // None is 0.
    let units = a.each_ref().map(|number| number.max(&BigUint::from(1_u8)).clone());
    let cases = [
        ("add", add(x, y), each(&|i| &a[i] + &b[i])),
        ("sub", sub(x, y), each(&|i| &a[i] + &p - &b[i])),
        ("sub_two", sub_two(x, y, z), each(&|i| &a[i] + &p + &p - &b[i] - &c[i])),
        ("sub_reduced", sub_reduced(x, y), each(&|i| &a[i] + &p - &b[i])),
        ("mul", mul(x, y), each(&|i| &a[i] * &b[i])),
        ("mul of large", mul(four_x, four_y), each(&|i| &a[i] * &b[i] * 16_u8)),
        ("square", square(x), each(&|i| &a[i] * &a[i])),
        ("square of large", square(four_x), each(&|i| &a[i] * &a[i] * 16_u8)),
        ("invert", invert(lanes(&units)), each(&|i| units[i].modpow(&(&p - 2_u8), &p))),
        ("select", select(mask, x, y), each(&|i| if masked(i) { b[i].clone() } else { a[i].clone() })),
        (
            "negate_in",
            to_montgomery(negate_in(mask, plain(a))),
            each(&|i| if masked(i) { &p - &a[i] } else { a[i].clone() }),
        ),
        ("one", mul(one(), x), x),
        ("reduced", mul(reduced, one()), each(&|i| &a[i] + &p + &p - 1_u8 - &c[i])),
    ];
    let mut wrong = Vec::new();
    for (name, found, expected) in cases {
        // Both below 2p, as is_zero asks.
        let (found, expected) = (mul(found, one()), mul(expected, one()));
        let difference = sub(found, expected);
        if is_zero(difference) != 0xff || may_be_zero(difference) != 0xff {
            wrong.push(name);
        }
        if is_zero(sub(add(found, one()), expected)) != 0 {
            wrong.push("is_zero");
        }
    }
    wrong
}

#[expect(unsafe_code, reason = "`Avx512` is the proof that the processor has what the function is compiled for")]
fn wrong_of(_: Avx512, a: &Eight, b: &Eight, c: &Eight, mask: __mmask8) -> Vec<&'static str> {
    // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
    unsafe { wrong(a, b, c, mask) }
}

fn eight() -> impl Strategy<Value = Eight> {
    std::array::from_fn(|_| numbers().prop_map(|number| number % modulus::<P256Coordinate>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_lanes_agree_with_big_integers(a in eight(), b in eight(), c in eight(), mask in any::<u8>()) {
        if let Some(avx512) = Avx512::detect() {
            prop_assert_eq!(wrong_of(avx512, &a, &b, &c, mask), Vec::<&str>::new());
        }
    }
}
