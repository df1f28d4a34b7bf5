//! Tables of known keys answer as `ring` does: signatures over `octets` by the key that the first octet of the input chooses.
//! With its highest bit set the rest of the input is r and s, otherwise it is the bits of a signature to be changed.
#![no_main]

use std::sync::{LazyLock, OnceLock};

use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, PublicKey};

/// A key, its algorithm and a signature by it; whether it has earned its tables.
type Signed = (PublicKey, JwsAlgorithm, &'static [u8], OnceLock<()>);

macro_rules! signed {
    ($algorithm:ident: $($name:literal)*) => {
        [$({
            let key = PublicKey::from_spki_der(include_bytes!(concat!("../known_key/", $name, ".spki"))).unwrap();
            let signature = include_bytes!(concat!("../known_key/", $name, ".signature"));
            (key, JwsAlgorithm::$algorithm, &signature[..], OnceLock::new())
        }),*]
    };
}

/// Of each curve a key like any other; the generator and its negative; the key for which the last addition of points would
/// have to double one; and that for which the sum is the identity, so that nothing holds.
static SIGNED: LazyLock<[[Signed; 5]; 2]> = LazyLock::new(|| {
    [
        signed!(Es256: "p256" "p256-generator" "p256-negated-generator" "p256-doubling" "p256-opposite"),
        signed!(Es384: "p384" "p384-generator" "p384-negated-generator" "p384-doubling" "p384-opposite"),
    ]
});

static KNOWN: LazyLock<Vec<KnownKeys>> = LazyLock::new(|| {
    let tables = KnownKeyTables::Bounded { octets: 16 << 20 };
    let backends = Backend::ALL.into_iter().filter(|backend| backend.is_available());
    backends.map(|backend| KnownKeys::new(tables, backend)).collect()
});

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (chosen, rest) = input.split_first().unwrap_or((&0, &[]));
    let (key, algorithm, signature, earned) =
        SIGNED.as_flattened().iter().cycle().nth(usize::from(chosen & 0x7f)).unwrap();
    let changed: Vec<u8> = signature.iter().zip(rest.iter().chain(std::iter::repeat(&0))).map(|(a, b)| a ^ b).collect();
    let x509 = |signature| Check::new(key, algorithm.signature_algorithm(), &[b"octets"], signature);
    let one = if chosen >> 7 == 0 { x509(&changed) } else { Check::jws(key, *algorithm, &[b"octets"], rest) };
    earned.get_or_init(|| KNOWN.iter().for_each(|known| drop(known.verify(&[x509(signature); 16]))));
    let checks = [x509(signature), one];
    for known in &*KNOWN {
        assert!(known.backend() == Backend::Ring || known.tables_kept() > 0, "{known:?}");
        assert_eq!(known.verify(&checks), checks.map(|check| check.verify()));
    }
});
