//! Ed25519 public keys of small order.
//!
//! Eight points of the curve have an order that divides its cofactor, 8 (RFC 7748 §4.1). With such a key, signatures hold
//! that no private key made: with the neutral element R = (0, 1) and S = 0 hold for every message, with the others for one
//! in two, four or eight (RFC 8032 §5.1.7). Neither that RFC nor `ring` refuses these keys. Whoever had one certified could
//! have a signature value time-stamped today, and choose the document it signs when the certificate has long ended.

/// The y-coordinates of the eight points, little-endian, in every spelling below 2^255: 0, 1, the two of the points of order
/// eight, p - 1, p and p + 1, where p = 2^255 - 19.
const COORDINATES: [[u8; 32]; 7] = [
    [0; 32],
    with_ends(0x01, 0x00, 0x00),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    with_ends(0xec, 0xff, 0x7f),
    with_ends(0xed, 0xff, 0x7f),
    with_ends(0xee, 0xff, 0x7f),
];

const fn with_ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut octets = [middle; 32];
    let [start, .., end] = &mut octets;
    (*start, *end) = (first, last);
    octets
}

/// Whether `key`, an Ed25519 public key as RFC 8032 §5.1.2 encodes it, is a point of small order.
pub(super) fn has_small_order(key: &[u8]) -> bool {
    // The last bit is the sign of x: of both points with a y, either.
    let [low @ .., last] = key else { return false };
    COORDINATES.iter().any(|[y @ .., y_last]| low == y && last & 0x7f == *y_last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{JwsAlgorithm, PublicKey};

    /// R = (0, 1), S = 0.
    const FORGED: [u8; 64] = {
        let mut forged = [0; 64];
        forged[0] = 1;
        forged
    };

    fn key(point: &[u8; 32]) -> PublicKey {
        let prefix = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
        PublicKey::from_spki_der(&[&prefix[..], point].concat()).unwrap()
    }

    #[test]
    fn a_signature_that_nobody_made_holds_with_each_of_these_keys() {
        for y in COORDINATES {
            let mut other = y;
            other[31] |= 0x80;
            let holds = |point: [u8; 32]| {
                (0..=u8::MAX)
                    .filter(|octet| key(&point).verify_jws(JwsAlgorithm::EdDsa, &[*octet], &FORGED).is_ok())
                    .count()
            };
            // Of 256 messages about 32 at least. One of the two signs of x = 0 is no encoding.
            assert!(holds(y).max(holds(other)) > 8, "{y:02x?}");
            assert!(has_small_order(&y) && has_small_order(&other));
        }
    }

    #[test]
    fn the_neighbours_are_not_meant() {
        for y in COORDINATES {
            let mut neighbour = y;
            neighbour[1] ^= 1;
            assert!(!has_small_order(&neighbour));
        }
        for other in [with_ends(0x02, 0x00, 0x00), with_ends(0xeb, 0xff, 0x7f), with_ends(0xef, 0xff, 0x7f)] {
            assert!(!has_small_order(&other));
        }
        assert!(!has_small_order(&[]) && !has_small_order(&[0; 31]) && !has_small_order(&[0; 33]));
    }
}
