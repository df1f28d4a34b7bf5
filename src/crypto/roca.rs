//! The fingerprint of the ROCA keys (CVE-2017-15361).
//!
//! Infineon's library made primes of the form `k · M + (65537^a mod M)`, where M is a product of small primes. So for
//! every such prime p the modulus is a power of 65537 modulo p, which for a random modulus holds for all of them together
//! once in some 2^27 keys. M. Nemec et al., *The Return of Coppersmith's Attack*, ACM CCS 2017, §3.

/// The first primes of M, those in the M of every key size (the 39 primes of the 512-bit RSA keys, without 2).
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// The octets of the longest modulus that is looked at: 8192 bits. `ring` verifies nothing with a longer one, so nothing
/// rests on it, and the time that 38 residues take grows with their number.
const LONGEST: usize = 1024;

/// Whether `modulus`, big-endian, has the fingerprint and can be used.
pub(super) fn has_fingerprint(modulus: &[u8]) -> bool {
    modulus.len() <= LONGEST && PRIMES.iter().all(|prime| is_power_of_65537(residue(modulus, *prime), *prime))
}

fn residue(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, octet| (rest * 256 + u32::from(*octet)) % prime)
}

fn is_power_of_65537(residue: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == residue {
            return true;
        }
        power = power * 65537 % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_modulus_made_by_the_flawed_rule_is_found_and_its_neighbours_are_not() {
        // 65537^20 is 1 · 65537^20 modulo every prime: the rule with k = 0.
        let mut number = vec![1_u8];
        for _ in 0..20 {
            number = times_65537(&number);
        }
        assert!(has_fingerprint(&number));
        for change in [1, 2, 4, 8] {
            let mut other = number.clone();
            *other.last_mut().unwrap() ^= change;
            assert!(!has_fingerprint(&other));
            let mut other = number.clone();
            other[0] ^= change;
            assert!(!has_fingerprint(&other));
        }
        assert!(!has_fingerprint(&[]));
    }

    #[test]
    fn a_modulus_that_nothing_is_verified_with_is_not_looked_at() {
        let longest = (0..511).fold(vec![1], |number: Vec<u8>, _| times_65537(&number));
        assert!(longest.len() <= LONGEST && has_fingerprint(&longest));
        let longer = times_65537(&times_65537(&longest));
        assert!(longer.len() > LONGEST && !has_fingerprint(&longer));
    }

    /// 65537 · n = (n << 16) + n.
    fn times_65537(number: &[u8]) -> Vec<u8> {
        let mut product = [number, &[0, 0]].concat();
        let mut carry = 0;
        for position in 0..product.len() {
            let end = product.len() - 1 - position;
            let addend = if position < number.len() { number[number.len() - 1 - position] } else { 0 };
            let sum = u16::from(product[end]) + u16::from(addend) + carry;
            product[end] = u8::try_from(sum & 0xff).unwrap();
            carry = sum >> 8;
        }
        if carry > 0 { [&[1], &product[..]].concat() } else { product }
    }
}
