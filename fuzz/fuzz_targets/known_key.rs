//! Tables of known keys answer as `ring` does: signatures over `octets`, with any of their bits changed.
#![no_main]

use std::sync::LazyLock;

use wathiqa::crypto::{Backend, Check, KnownKeyTables, KnownKeys, PublicKey, SignatureAlgorithm};

/// A key, its algorithm and a signature by it.
type Signed = (PublicKey, SignatureAlgorithm, &'static [u8]);

static SIGNED: LazyLock<[Signed; 2]> = LazyLock::new(|| {
    let key = |spki| PublicKey::from_spki_der(spki).unwrap();
    let p256 = key(include_bytes!("../known_key/p256.spki"));
    let p384 = key(include_bytes!("../known_key/p384.spki"));
    [
        (p256, SignatureAlgorithm::EcdsaSha256, include_bytes!("../known_key/p256.signature")),
        (p384, SignatureAlgorithm::EcdsaSha384, include_bytes!("../known_key/p384.signature")),
    ]
});

static KNOWN: LazyLock<Vec<KnownKeys>> = LazyLock::new(|| {
    let tables = KnownKeyTables::Bounded { octets: 16 << 20 };
    let backends = Backend::ALL.into_iter().filter(|backend| backend.is_available());
    backends.map(|backend| KnownKeys::new(tables, backend)).collect()
});

libfuzzer_sys::fuzz_target!(|changes: &[u8]| {
    for (key, algorithm, signature) in &*SIGNED {
        let changes = changes.iter().chain(std::iter::repeat(&0));
        let signature: Vec<u8> = signature.iter().zip(changes).map(|(octet, change)| octet ^ change).collect();
        let checks = [Check::new(key, *algorithm, &[b"octets"], &signature); 16];
        for known in &*KNOWN {
            assert_eq!(known.verify(&checks), checks.map(|check| check.verify()));
        }
    }
});
