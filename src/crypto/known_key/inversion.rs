//! The inverse of a number modulo an odd one.
//!
//! By the division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular inversion", 2019), 62 at a
//! time, in the form that libsecp256k1 describes (`doc/safegcd_implementation.md`) and here in variable time: an Euclidean
//! algorithm that looks at the lowest bits. From f = m and g = x it goes to g = 0 and f = ±gcd(m, x), and what it does to
//! them it also does to d and e, so that always f = d · x and g = e · x modulo m. In the end d is ±1 / x.
//!
//! Four times as fast as a power of x is, and there is one inversion for each step of a block.

/// A number as limbs of 62 bits, lowest first, of which the highest has the sign.
type Signed<const L: usize> = [i64; L];

/// What 62 steps do: f and g become (u · f + v · g) / 2^62 and (q · f + r · g) / 2^62, both without a remainder.
struct Steps {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

/// The lower 62 bits.
const MASK: u64 = u64::MAX >> 2;

/// 1 / x modulo m, and 0 for 0; for an odd m, x < m, and gcd(x, m) = 1. Limbs have 64 bits, lowest first, N of them; L limbs
/// of 62 bits are longer.
pub(super) fn inverse<const N: usize, const L: usize>(x: [u64; N], m: [u64; N]) -> [u64; N] {
    let modulus: Signed<L> = signed(&m);
    let (mut f, mut g): (Signed<L>, Signed<L>) = (modulus, signed(&x));
    let (mut d, mut e) = ([0; L], [0; L]);
    if let Some(lowest) = e.first_mut() {
        *lowest = 1;
    }
    // 1 / m modulo 2^64, by Newton's method: an odd m is its own inverse modulo 2^3, and each turn doubles the exponent.
    let lowest = m.first().copied().unwrap_or(1);
    let inverse = (0..5).fold(lowest, |i, _| i.wrapping_mul(2_u64.wrapping_sub(lowest.wrapping_mul(i))));
    let mut eta = -1;
    // Theorem 11.2 there: numbers of b bits take at most (49b + 57) / 17 steps, for b ≥ 46.
    for _ in 0..(49 * 64 * N + 57).div_ceil(17 * 62) {
        if g.iter().all(|limb| *limb == 0) {
            break;
        }
        let steps = Steps::new(&mut eta, low(&f), low(&g));
        let Steps { u, v, q, r } = steps;
        (d, e) = (divided(u, &d, v, &e, &modulus, inverse), divided(q, &d, r, &e, &modulus, inverse));
        (f, g) = (combined([u, v, 0], [&f, &g, &modulus]), combined([q, r, 0], [&f, &g, &modulus]));
    }
    // −2m < d < m, and f is 1 or −1.
    let plus_modulus = i64::from(is_negative(&d));
    let sign = if is_negative(&f) { -1 } else { 1 };
    let d = sum([sign, sign * plus_modulus], [&d, &modulus]);
    let plus_modulus = i64::from(is_negative(&d));
    unsigned(&sum([1, plus_modulus], [&d, &modulus]))
}

impl Steps {
    /// Of the numbers whose lowest bits are `f` and `g`; `eta` is −δ of the paper.
    fn new(eta: &mut i64, f: u64, g: u64) -> Self {
        let (mut f, mut g) = (f, g);
        let (mut u, mut v, mut q, mut r) = (1_u64, 0_u64, 0_u64, 1_u64);
        let mut left = 62_u32;
        loop {
            // Halve g as long as it is even.
            let zeros = (g | u64::MAX << left).trailing_zeros();
            g >>= zeros;
            (u, v) = (u << zeros, v << zeros);
            *eta -= i64::from(zeros);
            left -= zeros;
            if left == 0 {
                break;
            }
            if *eta < 0 {
                *eta = -*eta;
                (f, g) = (g, f.wrapping_neg());
                (u, q) = (q, u.wrapping_neg());
                (v, r) = (r, v.wrapping_neg());
            }
            // As many bits of g as can be cleared, by adding a multiple of f, before f and g change places again.
            let bits = u32::try_from(*eta + 1).unwrap_or(6).min(left).min(6);
            // −1 / f modulo 2^6.
            let negative = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
            let times = g.wrapping_mul(negative) & !(u64::MAX << bits);
            g = g.wrapping_add(f.wrapping_mul(times));
            q = q.wrapping_add(u.wrapping_mul(times));
            r = r.wrapping_add(v.wrapping_mul(times));
        }
        Self { u: u.cast_signed(), v: v.cast_signed(), q: q.cast_signed(), r: r.cast_signed() }
    }
}

/// (a · d + b · e) / 2^62 modulo m, between −2m and m as d and e are.
fn divided<const L: usize>(a: i64, d: &Signed<L>, b: i64, e: &Signed<L>, m: &Signed<L>, inverse: u64) -> Signed<L> {
    // m for each of the two that is below 0, then as much of it as leaves no remainder.
    let mut times = 0;
    for (factor, number) in [(a, d), (b, e)] {
        times += if is_negative(number) { factor } else { 0 };
    }
    let lowest = a.cast_unsigned().wrapping_mul(low(d)).wrapping_add(b.cast_unsigned().wrapping_mul(low(e)));
    let more = inverse.wrapping_mul(lowest).wrapping_add(times.cast_unsigned()) & MASK;
    combined([a, b, times - more.cast_signed()], [d, e, m])
}

/// The sum of three products, divided by 2^62; there is no remainder.
fn combined<const L: usize>([a, b, c]: [i64; 3], [x, y, z]: [&Signed<L>; 3]) -> Signed<L> {
    let product = |a: i64, x: &i64| i128::from(a) * i128::from(*x);
    let mut sums = x.iter().zip(y).zip(z).map(|((x, y), z)| product(a, x) + product(b, y) + product(c, z));
    let mut carry = sums.next().unwrap_or_default() >> 62;
    let mut limbs = [0; L];
    for (limb, sum) in limbs.iter_mut().zip(sums.chain([0])) {
        carry += sum;
        *limb = low_bits(carry);
        carry >>= 62;
    }
    with_sign(limbs, carry)
}

/// The sum of two products, with factors −1, 0 and 1.
fn sum<const L: usize>([a, b]: [i64; 2], [x, y]: [&Signed<L>; 2]) -> Signed<L> {
    let mut carry = 0;
    let mut limbs = [0; L];
    for ((limb, x), y) in limbs.iter_mut().zip(x).zip(y) {
        carry += i128::from(a * x) + i128::from(b * y);
        *limb = low_bits(carry);
        carry >>= 62;
    }
    with_sign(limbs, carry)
}

/// Puts what was carried beyond the highest limb, 0 or −1, into it.
fn with_sign<const L: usize>(mut limbs: Signed<L>, carry: i128) -> Signed<L> {
    if let Some(highest) = limbs.last_mut() {
        *highest -= if carry < 0 { 1 << 62 } else { 0 };
    }
    limbs
}

fn low_bits(number: i128) -> i64 {
    i64::try_from(number & i128::from(MASK)).unwrap_or_default()
}

fn is_negative<const L: usize>(number: &Signed<L>) -> bool {
    number.last().is_some_and(|highest| *highest < 0)
}

fn low<const L: usize>(number: &Signed<L>) -> u64 {
    number.first().map_or(0, |lowest| lowest.cast_unsigned())
}

fn signed<const N: usize, const L: usize>(limbs: &[u64; N]) -> Signed<L> {
    std::array::from_fn(|position| {
        let (first, shift) = (62 * position / 64, 62 * position % 64);
        let limb = |position: usize| limbs.get(position).copied().unwrap_or_default();
        ((limb(first) >> shift | (limb(first + 1) << 1) << (63 - shift)) & MASK).cast_signed()
    })
}

/// A number from 0 on that has no more than N limbs.
fn unsigned<const N: usize, const L: usize>(limbs: &Signed<L>) -> [u64; N] {
    std::array::from_fn(|position| {
        let (first, shift) = (64 * position / 62, 64 * position % 62);
        let limb = |position: usize| limbs.get(position).map_or(0, |limb| limb.cast_unsigned());
        limb(first) >> shift | limb(first + 1) << (62 - shift)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With the largest factors there are, next to the lower end.
    #[test]
    fn what_is_divided_stays_between_its_ends() {
        let m: Signed<5> = signed(&[u64::MAX, 0xffff_ffff, 0, 0xffff_ffff_0000_0001]);
        // m is −1 modulo 2^64, and so is its inverse.
        let inverse = u64::MAX;
        let end = sum([1, -1], [&sum([-1, -1], [&m, &m]), &[-1, 0, 0, 0, 0]]);
        let half = 1 << 61;
        let nearly = (1..9).map(|less| [half, half - less]);
        for factors in nearly.chain([[half, half], [2 * half, 0], [0, 2 * half], [half, -half]]) {
            let [a, b] = factors;
            let divided = divided(a, &end, b, &end, &m, inverse);
            let above = sum([1, 1], [&sum([1, 1], [&divided, &m]), &m]);
            assert!(!is_negative(&above) && above != [0; 5], "{factors:?}: not above −2m");
            assert!(is_negative(&sum([1, -1], [&divided, &m])), "{factors:?}: not below m");
        }
    }
}
