//! Points of a curve y² = x³ − 3x + b (FIPS 186-5, SP 800-186 §3.2.1), and their addition in bulk.

use crate::crypto::ecdsa;
use crate::crypto::known_key::field::{P256Coordinate, P256Scalar, P384Coordinate, P384Scalar, PrimeField, invert_all};

/// One of the curves, with what its points and its tables are.
pub(super) trait Curve: Copy + std::fmt::Debug + Send + Sync + 'static {
    /// A coordinate of a point.
    type Coordinate: PrimeField;
    /// An integer modulo the order of the curve, which is below the prime of the coordinates.
    type Scalar: PrimeField<Limbs = <Self::Coordinate as PrimeField>::Limbs>;

    /// Which it is.
    const NAME: ecdsa::Curve;
    /// The coefficient b.
    const B: &'static [u8];
    /// The generator G: x and y.
    const GENERATOR: &'static [u8];
    /// The bits of a number of either field.
    const BITS: usize;
}

/// P-256 (SP 800-186 §3.2.1.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct P256;

#[rustfmt::skip]
impl Curve for P256 {
    type Coordinate = P256Coordinate;
    type Scalar = P256Scalar;

    const NAME: ecdsa::Curve = ecdsa::Curve::P256;
    const B: &'static [u8] = &[
        0x5a, 0xc6, 0x35, 0xd8, 0xaa, 0x3a, 0x93, 0xe7, 0xb3, 0xeb, 0xbd, 0x55, 0x76, 0x98, 0x86, 0xbc,
        0x65, 0x1d, 0x06, 0xb0, 0xcc, 0x53, 0xb0, 0xf6, 0x3b, 0xce, 0x3c, 0x3e, 0x27, 0xd2, 0x60, 0x4b,
    ];
    const GENERATOR: &'static [u8] = &[
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
        0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16,
        0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ];
    const BITS: usize = 256;
}

/// P-384 (SP 800-186 §3.2.1.4).
#[derive(Debug, Clone, Copy)]
pub(super) struct P384;

#[rustfmt::skip]
impl Curve for P384 {
    type Coordinate = P384Coordinate;
    type Scalar = P384Scalar;

    const NAME: ecdsa::Curve = ecdsa::Curve::P384;
    const B: &'static [u8] = &[
        0xb3, 0x31, 0x2f, 0xa7, 0xe2, 0x3e, 0xe7, 0xe4, 0x98, 0x8e, 0x05, 0x6b, 0xe3, 0xf8, 0x2d, 0x19,
        0x18, 0x1d, 0x9c, 0x6e, 0xfe, 0x81, 0x41, 0x12, 0x03, 0x14, 0x08, 0x8f, 0x50, 0x13, 0x87, 0x5a,
        0xc6, 0x56, 0x39, 0x8d, 0x8a, 0x2e, 0xd1, 0x9d, 0x2a, 0x85, 0xc8, 0xed, 0xd3, 0xec, 0x2a, 0xef,
    ];
    const GENERATOR: &'static [u8] = &[
        0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b, 0x05, 0x37, 0x8e, 0xb1, 0xc7, 0x1e, 0xf3, 0x20, 0xad, 0x74,
        0x6e, 0x1d, 0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98, 0x59, 0xf7, 0x41, 0xe0, 0x82, 0x54, 0x2a, 0x38,
        0x55, 0x02, 0xf2, 0x5d, 0xbf, 0x55, 0x29, 0x6c, 0x3a, 0x54, 0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7,
        0x36, 0x17, 0xde, 0x4a, 0x96, 0x26, 0x2c, 0x6f, 0x5d, 0x9e, 0x98, 0xbf, 0x92, 0x92, 0xdc, 0x29,
        0xf8, 0xf4, 0x1d, 0xbd, 0x28, 0x9a, 0x14, 0x7c, 0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0, 0xb8, 0xc0,
        0x0a, 0x60, 0xb1, 0xce, 0x1d, 0x7e, 0x81, 0x9d, 0x7a, 0x43, 0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f,
    ];
    const BITS: usize = 384;
}

/// A point of a curve that is not the identity, by its coordinates; one cache line for P-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Point<F> {
    pub(super) x: F,
    pub(super) y: F,
}

impl<F: PrimeField> Point<F> {
    /// Reads x and y, unless either is no coordinate or the point is not on the curve. (The identity has no
    /// coordinates, and both curves have no other points than the multiples of G.)
    pub(super) fn on_curve<C: Curve<Coordinate = F>>(octets: &[u8]) -> Option<Self> {
        let (x, y) = octets.split_at_checked(F::OCTETS)?;
        let (x, y, b) = (F::from_octets(x)?, F::from_octets(y)?, F::from_octets(C::B)?);
        let three_x = x.add(x).add(x);
        (y.square() == x.square().mul(x).sub(three_x).add(b)).then_some(Self { x, y })
    }

    pub(super) fn neg(self) -> Self {
        Self { x: self.x, y: self.y.neg() }
    }
}

/// Adds to each of `first` the one of `second` at its position, with one inversion for all.
///
/// The chord through two points has the slope λ = (y₂ − y₁) / (x₂ − x₁) and meets the curve again at
/// x₃ = λ² − x₁ − x₂. Points of equal x have no such chord: they are doubled or cancel. Such a pair is reported by its position in
/// `met`, and its sum means nothing.
///
/// Two additions go side by side, each with products of its own: the multiplications of one wait for each other, those of
/// two fill each other's gaps.
pub(super) fn add_all<F: PrimeField>(first: &mut [Point<F>], second: &[Point<F>], met: &mut Vec<usize>) {
    let (pairs, rest) = first.as_chunks_mut::<2>();
    let (seconds, second_rest) = second.as_chunks::<2>();
    let mut products = [F::ONE; 2];
    let mut steps = Vec::with_capacity(pairs.len() + 1);
    let mut position = 0;
    let mut difference = |first: &Point<F>, second: &Point<F>| {
        let difference = second.x.sub(first.x);
        let meet = difference.is_zero();
        if meet {
            met.push(position);
        }
        position += 1;
        if meet { F::ONE } else { difference }
    };
    for ([a, b], [c, d]) in pairs.iter().zip(seconds) {
        let ([p, q], [dx, ex]) = (products, [difference(a, c), difference(b, d)]);
        steps.push([(dx, p), (ex, q)]);
        products = [p.mul(dx), q.mul(ex)];
    }
    // An odd one goes with itself.
    let mut odd = rest.first().zip(second_rest.first()).map(|(a, c)| ([*a; 2], [*c; 2]));
    if let Some(([a, _], [c, _])) = &odd {
        let ([p, q], dx) = (products, difference(a, c));
        steps.push([(dx, p), (dx, q)]);
        products = [p.mul(dx), q.mul(dx)];
    }
    let [p, q] = products;
    let inverse = p.mul(q).invert();
    let mut inverses = [inverse.mul(q), inverse.mul(p)];
    if let (Some((sums, second)), [sum]) = (&mut odd, rest)
        && let Some(step) = steps.pop()
    {
        add_two(sums, second, step, &mut inverses);
        [*sum, _] = *sums;
    }
    for ((pair, second), step) in pairs.iter_mut().zip(seconds).zip(steps).rev() {
        add_two(pair, second, step, &mut inverses);
    }
}

/// Two additions, given differences, the products before each, and the inverses of the products up to each.
#[inline]
fn add_two<F: PrimeField>(
    [a, b]: &mut [Point<F>; 2],
    [c, d]: &[Point<F>; 2],
    [(dx, p), (ex, q)]: [(F, F); 2],
    inverses: &mut [F; 2],
) {
    let [i, j] = *inverses;
    let (slope, tilt) = (i.mul(p), j.mul(q));
    *inverses = [i.mul(dx), j.mul(ex)];
    let (slope, tilt) = (slope.mul(c.y.sub(a.y)), tilt.mul(d.y.sub(b.y)));
    let (x, u) = (slope.square().sub(a.x).sub(c.x), tilt.square().sub(b.x).sub(d.x));
    let (y, v) = (slope.mul(a.x.sub(x)).sub(a.y), tilt.mul(b.x.sub(u)).sub(b.y));
    (*a, *b) = (Point { x, y }, Point { x: u, y: v });
}

/// `point`, twice it, four times it, and so on: `count` points.
///
/// By Jacobian coordinates (x = X / Z², y = Y / Z³; formulas dbl-2001-b of the Explicit-Formulas Database), of which all
/// are then divided by their Z with one inversion. No point of a curve of odd order doubles to the identity.
pub(super) fn doublings<F: PrimeField>(point: Point<F>, count: usize) -> Vec<Point<F>> {
    let mut doubled = Vec::with_capacity(count);
    let (mut x, mut y, mut z) = (point.x, point.y, F::ONE);
    let times_4 = |number: F| number.add(number).add(number.add(number));
    for _ in 0..count {
        doubled.push((x, y, z));
        let (delta, gamma) = (z.square(), y.square());
        let beta = x.mul(gamma);
        let product = x.sub(delta).mul(x.add(delta));
        let alpha = product.add(product).add(product);
        let beta_4 = times_4(beta);
        x = alpha.square().sub(beta_4.add(beta_4));
        z = y.add(z).square().sub(gamma).sub(delta);
        let gamma_4 = times_4(gamma.square());
        y = alpha.mul(beta_4.sub(x)).sub(gamma_4.add(gamma_4));
    }
    let mut inverses: Vec<F> = doubled.iter().map(|(_, _, z)| *z).collect();
    invert_all(&mut inverses);
    let affine = |((x, y, _), inverse): ((F, F, F), F)| {
        let square = inverse.square();
        Point { x: x.mul(square), y: y.mul(square).mul(inverse) }
    };
    doubled.into_iter().zip(inverses).map(affine).collect()
}
