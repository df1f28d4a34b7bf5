//! Tokens of one authority, walked over in place.

use std::sync::Arc;

use crate::budget::Limits;
use crate::digest::DigestAlgorithm;
use crate::pki::DemonstrationPki;
use crate::tsp::{
    Nonce, RequestedCertificates, SerialNumber, TimeStampRequest, TimeStampToken, TokenLayouts, TokenShape,
    TokenValues, request_token,
};

fn token(pki: &DemonstrationPki, data: &[u8], at: &str, serial: u64, nonce: Option<&[u8]>) -> Vec<u8> {
    let transport = pki.time_stamp_authority().transport(|| (at.parse().unwrap(), SerialNumber::from(serial)));
    let mut request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(data));
    request = request.with_certificates(RequestedCertificates::Included);
    if let Some(nonce) = nonce {
        request = request.with_nonce(Nonce::from_be_octets(nonce));
    }
    request_token(&transport, &request, &Limits::default()).unwrap().as_der().to_vec()
}

fn agrees(values: &TokenValues<'_>, token: &[u8]) {
    let read = TimeStampToken::from_der(token, &Limits::default()).unwrap();
    let tst_info = read.unverified_tst_info();
    assert_eq!((values.gen_time, values.imprint), (tst_info.gen_time(), tst_info.message_imprint().as_octets()));
}

#[test]
fn tokens_of_one_authority_have_one_shape() {
    let pki = DemonstrationPki::new("2026-03-01T00:00:00Z".parse().unwrap()).unwrap();
    let first = token(&pki, b"one", "2026-03-02T00:00:00Z", 1, None);
    let shape = TokenShape::of(&first).unwrap();
    for (data, at, serial) in [(&b"two"[..], "2026-03-03T01:02:03Z", 1 << 40), (b"", "2027-03-03T01:02:03Z", 0)] {
        let other = token(&pki, data, at, serial, None);
        let values = shape.read(&other).unwrap();
        agrees(&values, &other);
        assert_eq!(values.message_digest, DigestAlgorithm::Sha256.digest(values.tst_info).as_octets());
        assert_eq!(
            TokenShape::of(&other).unwrap().read(&first).map(|values| values.gen_time),
            shape.read(&first).map(|values| values.gen_time)
        );
    }
    let with_nonce = token(&pki, b"one", "2026-03-02T00:00:00Z", 1, Some(&[5]));
    assert_eq!(shape.read(&with_nonce), None);
    assert!(TokenShape::of(&with_nonce).unwrap().read(&with_nonce).is_some());
    let other = DemonstrationPki::new("2026-03-01T00:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(shape.read(&token(&other, b"one", "2026-03-02T00:00:00Z", 1, None)), None);
}

#[test]
fn whatever_it_reads_the_other_reader_reads_alike() {
    let pki = DemonstrationPki::new("2026-03-01T00:00:00Z".parse().unwrap()).unwrap();
    let good = token(&pki, b"one", "2026-03-02T00:00:00Z", 1, None);
    let shape = TokenShape::of(&good).unwrap();
    let mut read = 0;
    for position in 0..good.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut octets = good.clone();
            octets[position] ^= change;
            if let Some(values) = shape.read(&octets) {
                agrees(&values, &octets);
                read += 1;
            }
        }
        let mut octets = good.clone();
        octets.remove(position);
        assert_eq!(shape.read(&octets), None);
    }
    // Imprint, serial number, digits of the time, digest and signature.
    assert!((300..600).contains(&read), "{read}");
}

/// By the place of its values or by a walk: the same is found, and the same is left.
#[test]
fn a_token_laid_out_like_another_is_read_as_by_a_walk() {
    let pki = DemonstrationPki::new("2026-03-01T00:00:00Z".parse().unwrap()).unwrap();
    for nonce in [None, Some(&[0x70; 8][..])] {
        let tokens: Vec<_> = (0..12_u64)
            .map(|serial| token(&pki, &serial.to_be_bytes(), "2026-03-02T00:00:00Z", 100 + 10 * serial, nonce))
            .collect();
        let shape = Arc::new(TokenShape::of(&tokens[0]).unwrap());
        let mut layouts = TokenLayouts::default();
        // The first of each layout is walked over, the others are not.
        for token in tokens.iter().chain(&tokens) {
            assert_eq!(layouts.read(&shape, token).unwrap(), shape.read(token).unwrap());
        }
        // The serial number of the last has a zero in front of its first bit.
        for token in [&tokens[0], &tokens[11]] {
            for position in 0..token.len() {
                for change in [0x01, 0x80, 0xff] {
                    let mut octets = token.clone();
                    octets[position] ^= change;
                    assert_eq!(layouts.read(&shape, &octets), shape.read(&octets), "{position} {change:#x}");
                }
            }
        }
    }
}
