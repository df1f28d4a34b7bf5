//! The tables against `ring` and against plain arithmetic on big integers.

use num_bigint::BigUint;
use proptest::prelude::*;

use super::*;
use crate::crypto::known_key::block::Limbs;
use crate::crypto::known_key::field::{P256Coordinate, P256Scalar, P384Coordinate, P384Scalar, PrimeField, invert_all};
use crate::crypto::known_key::point::{add_all, doublings};
use crate::crypto::known_key::table::{Digit, Multiplier};
use crate::crypto::{JwsAlgorithm, PublicKey, SignatureAlgorithm, Signer, SoftwareKey};
use crate::digest::{Digest, DigestAlgorithm};

pub(super) fn big(limbs: &impl AsRef<[u64]>) -> BigUint {
    limbs.as_ref().iter().rev().fold(BigUint::ZERO, |number, limb| (number << 64) + *limb)
}

pub(super) fn limbs<F: PrimeField>(number: &BigUint) -> F::Limbs {
    F::limbs(&number.to_bytes_be())
}

/// Out of Montgomery form.
fn value<F: PrimeField>(element: F) -> BigUint {
    big(&element.times_limbs(limbs::<F>(&BigUint::from(1_u8))))
}

pub(super) fn modulus<F: PrimeField>() -> BigUint {
    big(&F::MODULUS)
}

/// Numbers of up to 48 octets, many of them next to 0, to a modulus or to a power of two.
pub(super) fn numbers() -> impl Strategy<Value = BigUint> {
    let moduli =
        [modulus::<P256Coordinate>(), modulus::<P256Scalar>(), modulus::<P384Coordinate>(), modulus::<P384Scalar>()];
    let near = moduli.into_iter().chain((0..=384).step_by(32).map(|bit| BigUint::from(1_u8) << bit));
    let near = proptest::sample::select(near.collect::<Vec<_>>());
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..48).prop_map(|octets| BigUint::from_bytes_be(&octets)),
        (near.clone(), 0_u8..4).prop_map(|(number, more)| number + more),
        (near, 0_u8..4).prop_map(|(number, less)| if number > BigUint::from(less) { number - less } else { number }),
    ]
}

fn field_agrees<F: PrimeField>(a: &BigUint, b: &BigUint) -> Result<(), TestCaseError> {
    let m = modulus::<F>();
    let (a, b) = (a % &m, b % &m);
    let (x, y) = (F::from_limbs(limbs::<F>(&a)), F::from_limbs(limbs::<F>(&b)));
    prop_assert_eq!(value(x), a.clone());
    prop_assert_eq!(value(x.add(y)), (&a + &b) % &m);
    prop_assert_eq!(value(x.sub(y)), (&a + &m - &b) % &m);
    prop_assert_eq!(value(x.neg()), (&m - &a) % &m);
    prop_assert_eq!(value(x.mul(y)), &a * &b % &m);
    prop_assert_eq!(value(x.square()), &a * &a % &m);
    prop_assert_eq!(big(&x.times_limbs(limbs::<F>(&b))), &a * &b % &m);
    prop_assert_eq!(value(x.invert()), a.modpow(&(&m - 2_u8), &m));
    prop_assert_eq!(x.is_zero(), a == BigUint::ZERO);
    prop_assert_eq!(x == y, a == b);
    if !x.is_zero() && !y.is_zero() {
        for count in 0..=3 {
            let mut inverses = [x, y, x.mul(y)];
            let expected = inverses.map(F::invert);
            invert_all(&mut inverses[..count]);
            prop_assert_eq!(&inverses[..count], &expected[..count]);
        }
        prop_assert_eq!(x.mul(x.invert()), F::ONE);
    }
    Ok(())
}

/// Octets are read as a number below the modulus, or not at all.
fn octets_agree<F: PrimeField>(number: &BigUint) -> Result<(), TestCaseError> {
    let octets = number.to_bytes_be();
    let padded = [vec![0; F::OCTETS.saturating_sub(octets.len())], octets].concat();
    let read = F::from_octets(&padded).map(value);
    prop_assert_eq!(read, Some(number.clone()).filter(|number| *number < modulus::<F>()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_fields_agree_with_big_integers(a in numbers(), b in numbers()) {
        field_agrees::<P256Coordinate>(&a, &b)?;
        field_agrees::<P256Scalar>(&a, &b)?;
        field_agrees::<P384Coordinate>(&a, &b)?;
        field_agrees::<P384Scalar>(&a, &b)?;
        octets_agree::<P256Coordinate>(&a)?;
        octets_agree::<P256Scalar>(&a)?;
        octets_agree::<P384Coordinate>(&a)?;
        octets_agree::<P384Scalar>(&a)?;
    }

    #[test]
    fn digits_add_up_to_the_multiplier(number in numbers(), bits in 2_usize..=16) {
        digits_add_up::<P256>(&number, bits)?;
        digits_add_up::<P384>(&number, bits)?;
    }
}

fn digits_add_up<C: Curve>(number: &BigUint, bits: usize) -> Result<(), TestCaseError> {
    let order = modulus::<C::Scalar>();
    let (number, window) = (number % &order, Window::new::<C>(bits));
    let multiplier = Multiplier::<C>::new(limbs::<C::Scalar>(&number));
    let mut sum = BigUint::ZERO;
    for position in 0..window.count() {
        let (index, negative) = Digit::new(window, position).of(&multiplier);
        prop_assert_eq!(index / window.row(), position);
        let term = BigUint::from(2 * (index % window.row()) + 1) << (position * bits);
        sum = if negative { sum + &order - term % &order } else { sum + term };
    }
    prop_assert_eq!(sum % order, number);
    Ok(())
}

/// A point by big integers; `None` is the identity.
type Plain = Option<(BigUint, BigUint)>;

fn plain<F: PrimeField>(point: Point<F>) -> Plain {
    Some((value(point.x), value(point.y)))
}

/// The addition of SP 800-186, Appendix A.1, all its cases.
fn add_plain(first: &Plain, second: &Plain, p: &BigUint) -> Plain {
    let (Some((x1, y1)), Some((x2, y2))) = (first, second) else { return first.clone().or(second.clone()) };
    let (top, bottom) = if x1 != x2 {
        ((y2 + p - y1) % p, (x2 + p - x1) % p)
    } else if y1 == y2 {
        ((x1 * x1 * 3_u8 + p - 3_u8) % p, y1 * 2_u8 % p)
    } else {
        return None;
    };
    let slope = top * bottom.modpow(&(p - 2_u8), p) % p;
    let x3 = (&slope * &slope + p + p - x1 - x2) % p;
    let y3 = (slope * (x1 + p - &x3) + p - y1) % p;
    Some((x3, y3))
}

fn multiply_plain(point: &Plain, multiplier: &BigUint, p: &BigUint) -> Plain {
    (0..multiplier.bits()).rev().fold(None, |sum, bit| {
        let doubled = add_plain(&sum, &sum, p);
        if multiplier.bit(bit) { add_plain(&doubled, point, p) } else { doubled }
    })
}

fn generator<C: Curve>() -> Point<C::Coordinate> {
    Point::on_curve::<C>(C::GENERATOR).unwrap()
}

fn table_agrees<C: Curve>(bits: usize) {
    let (p, n) = (modulus::<C::Coordinate>(), modulus::<C::Scalar>());
    let point = generator::<C>();
    assert_eq!(multiply_plain(&plain(point), &n, &p), None, "the order of the curve");
    let table = Table::new(point, Window::new::<C>(bits)).unwrap();
    let digit = |found: Option<(&Point<C::Coordinate>, bool)>| {
        let (point, negative) = found.unwrap();
        plain(if negative { point.neg() } else { *point })
    };
    for number in [BigUint::from(1_u8), BigUint::from(2_u8), &n - 1_u8, &n >> 1, &n / 3_u8] {
        let multiplier = Multiplier::<C>::new(limbs::<C::Scalar>(&number));
        let digits = (0..table.window().count())
            .map(|position| digit(table.look_up(Digit::new(table.window(), position), &multiplier)));
        let sum = digits.fold(None, |sum, digit| add_plain(&sum, &digit, &p));
        assert_eq!(sum, multiply_plain(&plain(point), &number, &p), "{number} times the generator");
    }
}

fn sums_agree<C: Curve>() {
    let p = modulus::<C::Coordinate>();
    // The multiples 1, 2, 4 and so on.
    let points = doublings(generator::<C>(), 40);
    for count in 0..6 {
        let (mut first, second) = (points[..count].to_vec(), &points[20..20 + count]);
        let mut met = Vec::new();
        let expected: Vec<_> = first.iter().zip(second).map(|(a, b)| add_plain(&plain(*a), &plain(*b), &p)).collect();
        add_all(&mut first, second, &mut met);
        assert_eq!(first.into_iter().map(plain).collect::<Vec<_>>(), expected, "{count} sums");
        assert!(met.is_empty());
        // Each of them meets itself once, or its negative.
        for position in 0..count {
            for twin in [points[position], points[position].neg()] {
                let (mut first, mut second) = (points[..count].to_vec(), second.to_vec());
                second[position] = twin;
                add_all(&mut first, &second, &mut met);
                assert_eq!(met, [position], "of {count} sums");
                met.clear();
                let mut others = first.into_iter().map(plain).zip(&expected).enumerate();
                assert!(others.all(|(i, (sum, expected))| i == position || sum == *expected));
            }
        }
    }
}

#[test]
fn points_are_added_two_by_two() {
    sums_agree::<P256>();
    sums_agree::<P384>();
}

/// Pairing the halves of an order is pairing neighbours.
#[test]
fn a_tree_of_halves_is_one_of_neighbours() {
    for count in 1..120 {
        let mut halves: Vec<Vec<usize>> = block::order(count).into_iter().map(|row| vec![row]).collect();
        let mut neighbours: Vec<Vec<usize>> = (0..count).map(|row| vec![row]).collect();
        while neighbours.len() > 2 {
            let half = halves.len() / 2;
            let second: Vec<_> = halves.drain(half..2 * half).collect();
            halves.iter_mut().zip(second).for_each(|(first, second)| first.extend(second));
            neighbours = neighbours.chunks(2).map(<[_]>::concat).collect();
        }
        assert_eq!(halves, neighbours, "{count} rows");
    }
}

#[test]
fn the_points_of_a_table_add_up() {
    table_agrees::<P256>(4);
    table_agrees::<P256>(5);
    table_agrees::<P384>(4);
}

#[test]
fn a_point_must_be_on_its_curve() {
    let off = |curve: ecdsa::Curve, generator: &[u8], change: &dyn Fn(&mut Vec<u8>)| {
        let mut point = [&[4], generator].concat();
        change(&mut point);
        KeyTable::of_key(Arithmetic::Portable, curve, &point, Window::new::<P256>(4)).is_none()
    };
    for (curve, generator) in [(ecdsa::Curve::P256, P256::GENERATOR), (ecdsa::Curve::P384, P384::GENERATOR)] {
        assert!(!off(curve, generator, &|_| ()));
        assert!(off(curve, generator, &|point| point[1] ^= 1), "another x");
        assert!(off(curve, generator, &|point| *point.last_mut().unwrap() ^= 1), "another y");
        assert!(off(curve, generator, &|point| point[0] = 3), "another form");
        assert!(off(curve, generator, &|point| point.truncate(generator.len())), "too short");
        assert!(off(curve, generator, &|point| point.push(0)), "too long");
        assert!(off(curve, generator, &|point| point[1..].fill(0)), "0, 0");
        assert!(off(curve, generator, &|point| point[1..].fill(0xff)), "coordinates above the prime");
    }
}

/// A claim over chosen numbers: the digest e, and for a key d·G the signature with the nonce k.
struct Crafted {
    e: BigUint,
    r: BigUint,
    s: BigUint,
}

/// Whether the equation holds, by big integers alone.
fn holds_plain<C: Curve>(d: &BigUint, claim: &Crafted) -> bool {
    let (p, n) = (modulus::<C::Coordinate>(), modulus::<C::Scalar>());
    let g = plain(generator::<C>());
    let inverse = claim.s.modpow(&(&n - 2_u8), &n);
    let (u1, u2) = (&claim.e * &inverse % &n, &claim.r * &inverse % &n);
    let q = multiply_plain(&g, d, &p);
    let sum = add_plain(&multiply_plain(&g, &u1, &p), &multiply_plain(&q, &u2, &p), &p);
    sum.is_some_and(|(x, _)| x % n == claim.r)
}

/// The signature for which the two multipliers are `u1` and `u2`, whatever the digest must then be.
fn with_multipliers<C: Curve>(d: &BigUint, u1: &BigUint, u2: &BigUint) -> Crafted {
    let (p, n) = (modulus::<C::Coordinate>(), modulus::<C::Scalar>());
    let sum = (u1 + u2 * d) % &n;
    let (x, _) = multiply_plain(&plain(generator::<C>()), &sum, &p).unwrap();
    let r = x % &n;
    let s = &r * u2.modpow(&(&n - 2_u8), &n) % &n;
    Crafted { e: u1 * &s % &n, r, s }
}

/// The tables of the generator and of the key d·G.
fn tables<C: Curve>(d: &BigUint, window: Window) -> [PointTable<C>; 2] {
    let (x, y) = multiply_plain(&plain(generator::<C>()), d, &modulus::<C::Coordinate>()).unwrap();
    let coordinate = |number: BigUint| C::Coordinate::from_limbs(limbs::<C::Coordinate>(&number));
    let key = Point { x: coordinate(x), y: coordinate(y) };
    [generator::<C>(), key].map(|point| Table::new(point, window).unwrap())
}

fn claims<'a, C: Curve, T>(table: &'a T, crafted: &[Crafted]) -> Vec<Claim<'a, C, T>> {
    let number = |number: &BigUint| -> Limbs<C> { limbs::<C::Scalar>(number) };
    crafted.iter().map(|one| Claim { table, e: number(&one.e), r: number(&one.r), s: number(&one.s) }).collect()
}

fn decided<C: Curve>(d: &BigUint, crafted: &[Crafted], window: Window) -> Vec<bool> {
    let [generator, key] = tables::<C>(d, window);
    block::decide::<C>(&generator, &claims(&key, crafted))
}

/// The same in the lanes of AVX-512, if this processor has them.
#[cfg(target_arch = "x86_64")]
fn decided_in_lanes(d: &BigUint, crafted: &[Crafted], window: Window) -> Option<Vec<bool>> {
    let avx512 = avx512::Avx512::detect()?;
    let [generator, key] = tables::<P256>(d, window).map(|table| table.map(|point| LanePoint::from(point)));
    Some(avx512.decide(&generator, &claims(&key, crafted)))
}

/// Claims whose points meet, and such whose points do not.
fn meeting<C: Curve>(d: &BigUint) -> [Crafted; 7] {
    let n = modulus::<C::Scalar>();
    let odd = (&n / 3_u8) | BigUint::from(1_u8);
    let one = BigUint::from(1_u8);
    [
        with_multipliers::<C>(d, &odd, &(&odd + 2_u8)),
        // The two halves of the sum are one point, so that the last addition would have to double it.
        with_multipliers::<C>(d, &(&odd * d % &n), &odd),
        // u1 = 0: the points of the generator cancel.
        with_multipliers::<C>(d, &BigUint::ZERO, &odd),
        // They cancel with those of the key: no signature, as the sum is the identity.
        Crafted { e: &n - &one, r: one.clone(), s: d.modpow(&(&n - 2_u8), &n) },
        Crafted { e: (&n - d) % &n, r: one.clone(), s: one.clone() },
        Crafted { e: odd.clone(), r: one.clone(), s: one },
        with_multipliers::<C>(d, &(&odd - 2_u8), &(&n - &odd)),
    ]
}

fn meeting_points_are_left<C: Curve>() {
    // 64 digits, so that the points of the key and those of the generator are added apart up to the last addition.
    let window = Window::new::<C>(C::BITS / 64);
    for d in [BigUint::from(1_u8), modulus::<C::Scalar>() - 1_u8, BigUint::from(3_u8)] {
        let claims = meeting::<C>(&d);
        let plainly: Vec<bool> = claims.iter().map(|claim| holds_plain::<C>(&d, claim)).collect();
        assert_eq!(plainly, [true, true, true, false, false, false, true]);
        let found = decided::<C>(&d, &claims, window);
        assert_eq!(found, [true, false, false, false, false, false, true], "d = {d}");
    }
}

#[test]
fn points_that_meet_are_left_to_ring() {
    meeting_points_are_left::<P256>();
    meeting_points_are_left::<P384>();
}

/// Tables whose points lie on no curve. Where all y are 0, the sum of two points is −(x₁ + x₂), and −(2x + `more`) where they
/// meet: that means nothing, and could look like a signature that holds.
#[cfg(target_arch = "x86_64")]
fn met_and_not<E>(
    more: u32,
    form: impl Fn(&Point<P256Coordinate>) -> E,
    decide: impl Fn(&Table<E>, &[Claim<'_, P256, Table<E>>]) -> Vec<bool>,
) {
    // 64 digits: the points of a key are added apart from those of the generator, and no sum changes its sign.
    let window = Window::new::<P256>(4);
    let plain = Table::new(generator::<P256>(), window).unwrap();
    let table = |rows: &[BigUint]| {
        let position = std::cell::Cell::new(0);
        plain.map(|_| {
            let x = &rows[position.replace(position.get() + 1) / window.row()];
            let x = P256Coordinate::from_limbs(limbs::<P256Coordinate>(x));
            form(&Point { x, y: x.sub(x) })
        })
    };
    let rows = |first: u32| -> Vec<BigUint> { (0..64).map(|row| BigUint::from(first + (2 + more) * row)).collect() };
    let (key, mut generator) = (rows(2), rows(1002));
    // So that x of the last sum, less all the others, is 1.
    let others: BigUint = key.iter().chain(&generator[..63]).sum();
    generator[63] = modulus::<P256Coordinate>() - 1_u8 - others;
    let meet = |rows: &mut [BigUint], pair: usize| {
        let x = (&rows[pair] + &rows[pair + 1] - more) / 2_u8;
        (rows[pair], rows[pair + 1]) = (x.clone(), x);
    };
    // Two pairs of points meet, their sums as before; a pair meets, and its sum meets that of the next.
    let (mut apart, mut again) = (key.clone(), key.clone());
    meet(&mut apart, 0);
    meet(&mut apart, 2);
    meet(&mut again, 0);
    (again[2], again[3]) = (key[0].clone(), key[1].clone());
    again[7] += &key[2] + &key[3] - &key[0] - &key[1] + more;
    // After them, the last two points are one.
    let (mut last, sum) = (apart.clone(), key.iter().sum::<BigUint>());
    last[63] = modulus::<P256Coordinate>() - 1_u8 - (&sum + &sum - &key[63]);
    let number = |number: BigUint| limbs::<P256Scalar>(&number);
    let (one, of_last) = (number(BigUint::from(1_u8)), number((sum + 1_u8) * 2_u8));
    let tables = [&key, &apart, &again, &last].map(|rows| table(rows));
    let kinds = [0, 1, 0, 3, 2, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0, 0, 1, 0];
    let claim = |kind: usize| Claim { table: &tables[kind], e: one, r: if kind == 3 { of_last } else { one }, s: one };
    let claims = kinds.map(claim);
    assert_eq!(decide(&table(&generator), &claims), kinds.map(|kind| kind == 0));
    meet(&mut generator, 0);
    assert_eq!(decide(&table(&generator), &claims), [false; 19]);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_signature_whose_points_met_is_left_and_its_neighbours_are_not() {
    met_and_not(0, |point| *point, block::decide::<P256>);
    if let Some(Arithmetic::Avx512(avx512)) = Arithmetic::of(Backend::Avx512) {
        met_and_not(1, |point| LanePoint::from(point), |generator, claims| avx512.decide(generator, claims));
    }
}

#[test]
fn a_claim_has_two_numbers_below_the_order() {
    let (key, order) = (software_key(JwsAlgorithm::Es256), modulus::<P256Scalar>());
    let claimed = |signature: &[u8]| {
        let check = Check::jws(key.public_key(), JwsAlgorithm::Es256, &[b"octets"], signature);
        check.claim::<P256, ()>(&()).map(|claim| (big(&claim.r), big(&claim.s)))
    };
    let fixed = |number: &BigUint| {
        let octets = number.to_bytes_be();
        [vec![0; 32 - octets.len()], octets].concat()
    };
    let (zero, one, most) = (BigUint::ZERO, BigUint::from(1_u8), &order - 1_u8);
    assert_eq!(claimed(&[fixed(&one), fixed(&most)].concat()), Some((one.clone(), most)));
    for (r, s) in [(&zero, &one), (&one, &zero), (&order, &one), (&one, &order)] {
        assert_eq!(claimed(&[fixed(r), fixed(s)].concat()), None, "{r}, {s}");
    }
    for length in [0, 63, 65, 96] {
        assert_eq!(claimed(&vec![1; length]), None, "{length} octets");
    }
}

#[test]
fn a_digest_at_hand_is_not_computed_again() {
    let [p256, p384] = [JwsAlgorithm::Es256, JwsAlgorithm::Es384].map(software_key);
    let message: [&[u8]; 2] = [b"oct", b"ets"];
    let check = Check::jws(p256.public_key(), JwsAlgorithm::Es256, &message, &[1; 64]);
    let e = |check: Check<'_>| big(&check.claim::<P256, ()>(&()).unwrap().e);
    let number = |digest: &Digest| BigUint::from_bytes_be(digest.as_octets());
    assert_eq!(e(check), number(&DigestAlgorithm::Sha256.digest(b"octets")));
    assert_eq!(e(check.with_sha256(&[7; 32])), BigUint::from_bytes_be(&[7; 32]));
    let check = Check::jws(p384.public_key(), JwsAlgorithm::Es384, &message, &[1; 96]).with_sha256(&[7; 32]);
    let e = big(&check.claim::<P384, ()>(&()).unwrap().e);
    assert_eq!(e, number(&DigestAlgorithm::Sha384.digest(b"octets")), "by another hash function");
}

#[test]
fn a_key_has_tables_for_the_algorithms_of_its_curve() {
    let [p256, p384] = [JwsAlgorithm::Es256, JwsAlgorithm::Es384].map(software_key);
    for (key, curve, own, other) in [
        (p256.public_key(), ecdsa::Curve::P256, JwsAlgorithm::Es256, JwsAlgorithm::Es384),
        (p384.public_key(), ecdsa::Curve::P384, JwsAlgorithm::Es384, JwsAlgorithm::Es256),
    ] {
        let jws = |algorithm| Check::jws(key, algorithm, &[], &[]).point().map(|(curve, _)| curve);
        assert_eq!(jws(own), Some(curve));
        assert_eq!([jws(other), jws(JwsAlgorithm::EdDsa), jws(JwsAlgorithm::Ps256)], [None; 3]);
        let x509 = |algorithm| Check::new(key, algorithm, &[], &[]).point().map(|(curve, _)| curve);
        assert_eq!(
            [x509(SignatureAlgorithm::EcdsaSha256), x509(SignatureAlgorithm::EcdsaSha384)],
            [Some(curve), Some(curve)]
        );
        let others = [
            SignatureAlgorithm::EcdsaSha512,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::RsaPssSha256,
            SignatureAlgorithm::Ed25519,
        ];
        assert_eq!(others.map(x509), [None; 4]);
    }
}

#[test]
fn keys_that_end_alike_are_told_apart() {
    let key = |first: u8, last: u8| {
        let mut point = [first; 64];
        (point[62], point[63]) = (0, last);
        let identifier =
            [0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
        PublicKey::from_spki_der(&[&[0x30, 0x59][..], &identifier, &[3, 0x42, 0, 4], &point].concat()).unwrap()
    };
    let keys = [key(1, 7), key(2, 7), key(3, 7), key(1, 8)];
    let checks = [0, 1, 0, 2, 1, 3, 0].map(|number: usize| Check::jws(&keys[number], JwsAlgorithm::Es256, &[], &[]));
    let found = Keys::of(&checks);
    for (position, check) in checks.iter().enumerate() {
        assert_eq!(found.of_check(position).map(|key| key.point), check.point().map(|(_, point)| point), "{position}");
    }
    assert_eq!(found.keys.iter().map(|key| key.signatures).collect::<Vec<_>>(), [3, 2, 1, 1]);
}

/// Powers of a number, one after the other.
fn inverses_of_many<F: PrimeField>() {
    let factor = F::from_limbs(limbs::<F>(&(modulus::<F>() / 3_u8)));
    let mut number = factor;
    for power in 1..=2000 {
        assert_eq!(number.mul(number.invert()), F::ONE, "{power}");
        number = number.mul(factor);
    }
}

#[test]
fn every_number_times_its_inverse_is_1() {
    inverses_of_many::<P256Coordinate>();
    inverses_of_many::<P256Scalar>();
    inverses_of_many::<P384Coordinate>();
    inverses_of_many::<P384Scalar>();
}

/// As [`KnownKeyTables::Bounded`] says.
#[test]
fn tables_are_wide_where_there_is_room() {
    let octets = |curve, bound| (key_window(curve, bound).octets(curve), generator_window(curve, bound).octets(curve));
    let (p256, p384, room) = (ecdsa::Curve::P256, ecdsa::Curve::P384, 32 << 20);
    assert_eq!([octets(p256, room), octets(p384, room)], [(256 << 10, 5 << 20), (768 << 10, 2496 << 10)]);
    assert_eq!([octets(p256, room - 1), octets(p384, room - 1)], [(52 << 10, 52 << 10), (154 << 10, 154 << 10)]);
}

#[test]
fn a_backend_is_there_if_the_processor_has_it() {
    assert!(Backend::Ring.is_available() && Backend::Portable.is_available());
    #[cfg(target_arch = "x86_64")]
    let lanes = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma");
    #[cfg(not(target_arch = "x86_64"))]
    let lanes = false;
    assert_eq!(Backend::Avx512.is_available(), lanes);
    assert_eq!(Backend::detect(), if lanes { Backend::Avx512 } else { Backend::Portable });
    assert_eq!(KnownKeys::new(SMALL, Backend::Avx512).backend(), Backend::detect());
    assert_eq!(Backend::ALL.map(|backend| backend.to_string()), ["ring", "portable", "avx512"]);
    let known = KnownKeys::new(SMALL, Backend::Portable);
    assert_eq!(format!("{known:?}"), "KnownKeys { backend: Portable, bound: 16777216, .. }");
}

/// In groups of 32 lanes, of which the last is not full: where points meet, only their own lane is left.
#[cfg(target_arch = "x86_64")]
#[test]
fn points_that_meet_in_a_lane_are_left_to_ring() {
    let window = Window::new::<P256>(4);
    for d in [BigUint::from(1_u8), modulus::<P256Scalar>() - 1_u8, BigUint::from(3_u8)] {
        let claims: Vec<Crafted> = (0..5).flat_map(|_| meeting::<P256>(&d)).collect();
        let Some(found) = decided_in_lanes(&d, &claims, window) else { return };
        assert_eq!(found, [true, false, false, false, false, false, true].repeat(5), "d = {d}");
    }
}

/// Four points of the key and four of the generator have one sum, which is found half way up the tree of additions.
#[test]
fn sums_that_meet_half_way_are_left_to_ring() {
    let n = modulus::<P256Scalar>();
    let window = Window::new::<P256>(5);
    // With 52 digits, those from the 48th on stand beside the first of the generator; for this key they are the same points.
    let d = (BigUint::from(1_u8) << 240_u8).modpow(&(&n - 2_u8), &n);
    let (low, one) = (BigUint::from(0b101_1001_0111_0101_u16), BigUint::from(1_u8));
    let rest = (BigUint::from(0x1234_5678_9abc_def1_u64) << 40_u8) | &one;
    let u1 = &rest | (&low << 1_u8) | (&one << 20_u8);
    let u2 = &rest | (&low << 241_u8);
    let claims = [
        with_multipliers::<P256>(&d, &u1, &u2),
        with_multipliers::<P256>(&d, &(&u1 + 2_u8), &u2),
        with_multipliers::<P256>(&d, &u1, &(&u2 + 2_u8)),
        with_multipliers::<P256>(&d, &u1, &(u2 ^ (one << 250_u8))),
    ];
    assert!(claims.iter().all(|claim| holds_plain::<P256>(&d, claim)));
    let expected = [false, true, false, true];
    assert_eq!(decided::<P256>(&d, &claims, window), expected);
    #[cfg(target_arch = "x86_64")]
    assert_eq!(decided_in_lanes(&d, &claims, window).unwrap_or(expected.to_vec()), expected);
}

/// A bound that leaves tables small, so that they are quick to build.
const SMALL: KnownKeyTables = KnownKeyTables::Bounded { octets: 16 << 20 };

/// A signature by a software key.
struct Signed {
    key: PublicKey,
    algorithm: JwsAlgorithm,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Signed {
    fn by(key: &SoftwareKey, number: u32) -> Self {
        let message = number.to_be_bytes().to_vec();
        let signature = key.sign(&message).unwrap();
        Self { key: key.public_key().clone(), algorithm: key.algorithm(), message, signature }
    }

    fn curve(&self) -> ecdsa::Curve {
        if self.algorithm == JwsAlgorithm::Es256 { ecdsa::Curve::P256 } else { ecdsa::Curve::P384 }
    }
}

fn software_key(algorithm: JwsAlgorithm) -> SoftwareKey {
    SoftwareKey::generate(algorithm).unwrap().key
}

/// That `known` answers as the ordinary verification does, in both forms of a signature; how many signatures hold.
fn same_answers(known: &KnownKeys, signed: &[Signed]) -> u64 {
    same_answers_near(known, &mut NearTables::default(), signed)
}

fn same_answers_near(known: &KnownKeys, near: &mut NearTables, signed: &[Signed]) -> u64 {
    let der: Vec<Vec<u8>> =
        signed.iter().map(|s| ecdsa::der_from_fixed(s.curve(), &s.signature).unwrap_or_default()).collect();
    let pieces: Vec<[&[u8]; 2]> = signed.iter().map(|s| s.message.split_at(s.message.len() / 2).into()).collect();
    let jws = signed.iter().zip(&pieces).map(|(s, pieces)| Check::jws(&s.key, s.algorithm, pieces, &s.signature));
    let x509 = signed.iter().zip(&pieces).zip(&der);
    let x509 = x509.map(|((s, pieces), der)| Check::new(&s.key, s.algorithm.signature_algorithm(), pieces, der));
    let checks: Vec<Check<'_>> = jws.chain(x509).collect();
    let expected: Vec<_> = checks.iter().map(Check::verify).collect();
    assert_eq!(known.verify_near(near, &checks), expected);
    expected.iter().map(|answer| u64::from(answer.is_ok())).sum()
}

fn backends() -> impl Iterator<Item = KnownKeys> {
    Backend::ALL.into_iter().filter(|backend| backend.is_available()).map(|backend| KnownKeys::new(SMALL, backend))
}

#[test]
fn every_backend_answers_as_ring_does() {
    let algorithms = [JwsAlgorithm::Es256, JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa];
    let keys = algorithms.map(software_key);
    let mut signed: Vec<Signed> = (0..80).flat_map(|number| keys.iter().map(move |k| Signed::by(k, number))).collect();
    for (number, signed) in signed.iter_mut().enumerate().skip(1).step_by(5) {
        match number % 6 {
            0 => signed.message.push(0),
            1 => signed.signature[0] ^= 0x80,
            2 => signed.signature.truncate(63),
            3 => signed.signature[40] ^= 1,
            4 => signed.signature[..32].fill(0),
            _ => signed.signature[..32].fill(0xff),
        }
    }
    for known in backends() {
        let valid = same_answers(&known, &signed);
        // Ed25519 has no second form.
        assert_eq!(valid, 256 + 192, "{known:?}");
        // All but those of Ed25519.
        let (by_tables, kept) = if known.backend() == Backend::Ring { (0, 0) } else { (2 * 192, 3) };
        assert_eq!((known.decided_by_tables(), known.tables_kept()), (by_tables, kept), "{known:?}");
    }
}

#[test]
fn wide_tables_answer_the_same() {
    let key = software_key(JwsAlgorithm::Es256);
    let mut signed: Vec<Signed> = (0..33).map(|number| Signed::by(&key, number)).collect();
    signed[7].signature[63] ^= 1;
    for backend in Backend::ALL.into_iter().filter(|backend| backend.is_available()) {
        let known = KnownKeys::new(KnownKeyTables::default(), backend);
        assert_eq!(same_answers(&known, &signed), 64);
        assert_eq!(known.decided_by_tables(), if backend == Backend::Ring { 0 } else { 64 });
    }
}

#[test]
fn a_table_that_is_dropped_is_at_hand_no_longer() {
    let keys = [(); 3].map(|()| software_key(JwsAlgorithm::Es256));
    let signed = keys.map(|key| (0..20).map(|number| Signed::by(&key, number)).collect::<Vec<_>>());
    for backend in [Backend::Portable, Backend::detect()] {
        // Room for the generator and two keys.
        let known = KnownKeys::new(KnownKeyTables::Bounded { octets: 3 * (52 << 10) }, backend);
        let (mut near, mut dropped) = (NearTables::default(), 0);
        for (calls, signed) in (1..=12).zip(signed.iter().cycle()) {
            assert_eq!(same_answers_near(&known, &mut near, signed), 40);
            assert_eq!(known.decided_by_tables(), 40 * calls);
            let before = std::mem::replace(&mut dropped, known.cache().now().1);
            // What is dropped in a call is at hand until the next.
            let most = known.tables_kept() + usize::try_from(dropped - before).unwrap();
            assert!((1..=most).contains(&near.len()), "{near:?}, at most {most}");
            // Long enough that the oldest is in use no longer.
            known.cache().pass(10_000);
        }
        assert!(dropped > 5, "{dropped}");
    }
}

/// The key d·G.
fn key_of<C: Curve>(d: &BigUint) -> PublicKey {
    let (x, y) = multiply_plain(&plain(generator::<C>()), d, &modulus::<C::Coordinate>()).unwrap();
    let header: &[u8] = match C::NAME {
        ecdsa::Curve::P256 => &[
            0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1,
            7, 3, 0x42, 0, 4,
        ],
        ecdsa::Curve::P384 => &[
            0x30, 0x76, 0x30, 0x10, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22, 3, 0x62, 0,
            4,
        ],
    };
    PublicKey::from_spki_der(&[header, &padded::<C>(&x), &padded::<C>(&y)].concat()).unwrap()
}

fn padded<C: Curve>(number: &BigUint) -> Vec<u8> {
    let octets = number.to_bytes_be();
    [vec![0; C::Coordinate::OCTETS - octets.len()], octets].concat()
}

/// The digest of `message` as the number that is signed.
fn number_of<C: Curve>(algorithm: JwsAlgorithm, message: &[u8]) -> BigUint {
    BigUint::from_bytes_be(algorithm.signature_algorithm().digest().unwrap().digest(message).as_octets())
        % modulus::<C::Scalar>()
}

/// Signatures by the key d·G over numbers with the nonce k, both given: by the definition, with big integers.
fn crafted<C: Curve>(algorithm: JwsAlgorithm, d: &BigUint, k: &BigUint, numbers: std::ops::Range<u32>) -> Vec<Signed> {
    let (p, n, g) = (modulus::<C::Coordinate>(), modulus::<C::Scalar>(), plain(generator::<C>()));
    let key = key_of::<C>(d);
    let r = multiply_plain(&g, k, &p).unwrap().0 % &n;
    let inverse = k.modpow(&(&n - 2_u8), &n);
    let sign = |number: u32| {
        let message = number.to_be_bytes().to_vec();
        let s = &inverse * (number_of::<C>(algorithm, &message) + &r * d) % &n;
        Signed { key: key.clone(), algorithm, message, signature: [padded::<C>(&r), padded::<C>(&s)].concat() }
    };
    numbers.map(sign).collect()
}

/// The first row of the generator in the second of the two sums that are added last.
fn first_row_of_last_sum(of_key: Window, of_generator: Window) -> usize {
    let mut sums = vec![1; of_key.count() + of_generator.count()];
    while sums.len() > 2 {
        sums = sums.chunks(2).map(|pair| pair.iter().sum()).collect();
    }
    sums[0] - of_key.count()
}

/// A signature over `message`, and the key for which it holds, such that the last addition would have to double a point,
/// with tables of these widths; and one by whose key the sum of all is the identity.
fn colliding<C: Curve>(algorithm: JwsAlgorithm, message: &[u8], bound: usize) -> [Signed; 2] {
    let (p, n, g) = (modulus::<C::Coordinate>(), modulus::<C::Scalar>(), plain(generator::<C>()));
    let inverse = |number: &BigUint| number.modpow(&(&n - 2_u8), &n);
    let (e, u1) = (number_of::<C>(algorithm, message), (&n / 7_u8) | BigUint::from(1_u8));
    let window = generator_window(C::NAME, bound);
    let multiplier = Multiplier::<C>::new(limbs::<C::Scalar>(&u1));
    let first = first_row_of_last_sum(key_window(C::NAME, bound), window);
    // The part of u1 in the second sum; the first sum is to be the same point, so that the nonce is twice this.
    let part = (first..window.count()).fold(BigUint::ZERO, |part, position| {
        let (index, negative) = Digit::new(window, position).of(&multiplier);
        let term =
            (BigUint::from(2 * (index % window.row()) + 1) << (position * C::BITS.div_ceil(window.count()))) % &n;
        if negative { part + &n - term } else { part + term }
    });
    let k = part * 2_u8 % &n;
    let r = multiply_plain(&g, &k, &p).unwrap().0 % &n;
    let s = &e * inverse(&u1) % &n;
    let d = (k + &n - u1) * &s * inverse(&r) % &n;
    let opposite = (&n - &e) * inverse(&r) % &n;
    [d, opposite].map(|d| Signed {
        key: key_of::<C>(&d),
        algorithm,
        message: message.to_vec(),
        signature: [padded::<C>(&r), padded::<C>(&s)].concat(),
    })
}

fn collisions_are_answered<C: Curve>(algorithm: JwsAlgorithm) {
    let small = 16 << 20;
    for bound in [small, 64 << 20] {
        for backend in [Backend::Portable, Backend::Avx512] {
            let known = KnownKeys::new(KnownKeyTables::Bounded { octets: bound }, backend);
            for [doubling, opposite] in
                [colliding::<C>(algorithm, b"octets", bound), colliding::<C>(algorithm, b"", bound)]
            {
                let repeat = |signed: &Signed| -> Vec<Signed> {
                    let Signed { key, algorithm, message, signature } = signed;
                    let one = || (key.clone(), *algorithm, message.clone(), signature.clone());
                    let signed = |(key, algorithm, message, signature)| Signed { key, algorithm, message, signature };
                    std::iter::repeat_with(one).take(16).map(signed).collect()
                };
                assert_eq!(same_answers(&known, &repeat(&doubling)), 32, "{known:?}");
                assert_eq!(same_answers(&known, &repeat(&opposite)), 0, "{known:?}");
            }
            assert_eq!((known.tables_kept(), known.decided_by_tables()), (4, 0), "{known:?}");
        }
    }
}

#[test]
fn points_that_meet_are_answered_as_by_ring() {
    collisions_are_answered::<P256>(JwsAlgorithm::Es256);
    collisions_are_answered::<P384>(JwsAlgorithm::Es384);
}

/// Puts another number in the place of r or s, or changes a bit.
fn altered<C: Curve>(signed: &mut Signed, change: usize, number: &BigUint) {
    let octets = C::Scalar::OCTETS;
    let n = modulus::<C::Scalar>();
    let s = BigUint::from_bytes_be(&signed.signature[octets..]);
    let (place, number) = match change {
        0 => return,
        1 => (0, number.clone()),
        2 => (octets, number.clone()),
        // As valid as the other.
        3 => (octets, &n - s),
        4 => (octets, &n + s),
        5 => return signed.message.push(0),
        bit => return signed.signature[bit % (2 * octets)] ^= 1 << (bit % 8),
    };
    let number = number.to_bytes_be();
    if number.len() <= octets {
        signed.signature[place..place + octets].fill(0);
        signed.signature[place + octets - number.len()..place + octets].copy_from_slice(&number);
    }
}

fn edges_agree<C: Curve>(
    known: &[KnownKeys],
    algorithm: JwsAlgorithm,
    (d, k): (usize, BigUint),
    changes: Vec<(usize, BigUint)>,
) {
    let n = modulus::<C::Scalar>();
    let one = BigUint::from(1_u8);
    // ±G, and multiples near to it, so that the points of key and generator are the same ones.
    let keys = [one.clone(), &n - &one, BigUint::from(2_u8), BigUint::from(255_u8), &n >> 1, &one << 16];
    let k = k % (&n - &one) + &one;
    let mut signed = crafted::<C>(algorithm, &keys[d], &k, 0..16);
    known.iter().for_each(|known| assert_eq!(same_answers(known, &signed), 32));
    for (signed, (change, number)) in signed.iter_mut().zip(changes) {
        altered::<C>(signed, change, &number);
    }
    for known in known {
        same_answers(known, &signed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn edges_are_answered_as_by_ring(
        key in (0_usize..6, numbers()),
        changes in proptest::collection::vec((0_usize..400, numbers()), 8),
        fixed in proptest::collection::vec((0_usize..6, numbers()), 8),
    ) {
        let known: Vec<KnownKeys> = backends().filter(|known| known.backend() != Backend::Ring).collect();
        let changes = [changes, fixed].concat();
        edges_agree::<P256>(&known, JwsAlgorithm::Es256, key.clone(), changes.clone());
        edges_agree::<P384>(&known, JwsAlgorithm::Es384, key, changes);
    }
}

/// `cargo test --release --lib known_key -- --ignored ten_million`: some eleven minutes of one core; with
/// `WATHIQA_SIGNATURES=1000000` before it a tenth of that.
#[test]
#[ignore = "takes some minutes in a release build"]
fn ten_million_random_signatures_are_answered_as_by_ring() {
    let count: u32 = option_env!("WATHIQA_SIGNATURES").map_or(10_000_000, |count| count.parse().unwrap());
    let known: Vec<KnownKeys> = Backend::ALL
        .into_iter()
        .filter(|backend| backend.is_available() && *backend != Backend::Ring)
        .map(|backend| KnownKeys::new(KnownKeyTables::default(), backend))
        .collect();
    let keys: Vec<SoftwareKey> = (0..50).map(|_| software_key(JwsAlgorithm::Es256)).collect();
    let mut wrong = 0_u64;
    for block in 0..count / 500 {
        let number = |i: u32| block * 500 + i;
        let mut signed: Vec<Signed> =
            (0..500).zip(keys.iter().cycle()).map(|(i, key)| Signed::by(key, number(i))).collect();
        // Every tenth is false: one bit of the signature, another one each time.
        for (i, signed) in (0_usize..).zip(&mut signed).step_by(10) {
            let bit = (usize::try_from(block).unwrap() * 7 + i) % 512;
            signed.signature[bit / 8] ^= 1 << (bit % 8);
            wrong += 1;
        }
        let pieces: Vec<[&[u8]; 1]> = signed.iter().map(|signed| [&signed.message[..]]).collect();
        let checks: Vec<Check<'_>> = signed
            .iter()
            .zip(&pieces)
            .map(|(signed, pieces)| Check::jws(&signed.key, signed.algorithm, pieces, &signed.signature))
            .collect();
        let expected: Vec<_> = checks.iter().map(Check::verify).collect();
        for known in &known {
            assert_eq!(known.verify(&checks), expected, "{known:?}, block {block}");
        }
    }
    // In the first block no key has earned its table yet; from then on tables decide all that hold.
    let by_tables = u64::from(count / 500 * 500) - wrong - 450;
    for known in known {
        assert_eq!(known.decided_by_tables(), by_tables, "{known:?}");
    }
}
