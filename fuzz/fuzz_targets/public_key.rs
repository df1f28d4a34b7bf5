//! A key that is read keeps its octets, and no key makes checking a signature panic.
#![no_main]

use wathiqa::crypto::{PublicKey, SignatureAlgorithm};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(key) = PublicKey::from_spki_der(octets) else { return };
    assert_eq!(key.spki_der(), octets);
    for algorithm in
        [SignatureAlgorithm::RsaPkcs1Sha256, SignatureAlgorithm::RsaPssSha384, SignatureAlgorithm::EcdsaSha256]
    {
        assert!(key.verify(algorithm, b"message", octets).is_err());
    }
});
