//! Private keys made by the `openssl` command line sign here, and it verifies what they sign.

use openssl::{Holder, KeyType, LONG, OpenSsl, Request, SIGNER};
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey, ecdsa};

#[path = "support/openssl.rs"]
mod openssl;

const MESSAGE: &[u8] = b"octets";

fn signer(openssl: &OpenSsl, key: KeyType) -> Holder {
    openssl.issue(&Request {
        name: "signer",
        subject: "/CN=Signer",
        key,
        issuer: None,
        extensions: &SIGNER,
        validity: LONG,
    })
}

/// Algorithms of a kind of key.
fn algorithms(key: KeyType) -> &'static [JwsAlgorithm] {
    use JwsAlgorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
    match key {
        KeyType::P256 => &[Es256],
        KeyType::P384 => &[Es384],
        KeyType::Ed25519 => &[EdDsa],
        KeyType::Rsa3072 => &[Rs256, Rs384, Rs512, Ps256, Ps384, Ps512],
        KeyType::P521 | KeyType::Rsa2048 | KeyType::Rsa1024 => &[],
    }
}

#[test]
fn what_a_key_of_openssl_signs_here_is_verified_by_openssl() {
    for key_type in KeyType::ALL {
        let Some(openssl) = OpenSsl::in_folder(&format!("sign-{key_type:?}")) else { return };
        let signer = signer(&openssl, key_type);
        let pem = signer.key_pem().as_bytes();
        let der = openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "signer.key", "-outform", "DER"]);
        let spki = openssl.run(&["pkey", "-in", "signer.key", "-pubout", "-outform", "DER"]);
        for algorithm in algorithms(key_type) {
            let key = SoftwareKey::from_pkcs8_pem(pem, *algorithm).unwrap();
            assert_eq!(key.public_key().spki_der(), spki);
            let same = SoftwareKey::from_pkcs8_der(&der, *algorithm).unwrap();
            assert_eq!(same.public_key(), key.public_key());

            let signature = key.sign(MESSAGE).unwrap();
            assert!(key.public_key().verify_jws(*algorithm, MESSAGE, &signature).is_ok());
            let foreign = match key_type {
                KeyType::P256 => ecdsa::der_from_fixed(ecdsa::Curve::P256, &signature).unwrap(),
                KeyType::P384 => ecdsa::der_from_fixed(ecdsa::Curve::P384, &signature).unwrap(),
                _ => signature,
            };
            assert!(key.public_key().verify(algorithm.signature_algorithm(), MESSAGE, &foreign).is_ok());
            openssl.verify(&signer, algorithm.name(), MESSAGE, &foreign).unwrap();
            openssl.verify(&signer, algorithm.name(), b"other octets", &foreign).unwrap_err();
        }
    }
}

#[test]
fn a_short_rsa_key_signs_nothing() {
    for (key_type, bits) in [(KeyType::Rsa2048, 2048), (KeyType::Rsa1024, 1024)] {
        let Some(openssl) = OpenSsl::in_folder(&format!("short-{bits}")) else { return };
        let signer = signer(&openssl, key_type);
        for algorithm in algorithms(KeyType::Rsa3072) {
            let error = SoftwareKey::from_pkcs8_pem(signer.key_pem().as_bytes(), *algorithm).unwrap_err();
            let text = format!(
                "private key: algorithm: an RSA key of {bits} bits is not allowed, at least 3072 are asked for"
            );
            assert_eq!(error.to_string(), text);
            assert_eq!(error.code(), "algorithm-rsa-modulus-too-short");
        }
    }
}

#[test]
fn keys_in_other_forms_are_refused_with_what_to_do() {
    for (key_type, algorithm) in [(KeyType::P256, JwsAlgorithm::Es256), (KeyType::Rsa3072, JwsAlgorithm::Ps256)] {
        let Some(openssl) = OpenSsl::in_folder(&format!("forms-{key_type:?}")) else { return };
        signer(&openssl, key_type);
        let reason = |pem: &[u8]| SoftwareKey::from_pkcs8_pem(pem, algorithm).unwrap_err().to_string();
        let word = if key_type == KeyType::P256 { "EC" } else { "RSA" };
        assert_eq!(
            reason(&openssl.run(&["pkey", "-in", "signer.key", "-traditional"])),
            format!(
                "private key: found the PEM block \"{word} PRIVATE KEY\", expected \"PRIVATE KEY\"; \
                 `openssl pkcs8 -topk8 -nocrypt` converts it"
            )
        );
        let encrypted =
            |form: &str| openssl.run(&["pkcs8", "-topk8", "-in", "signer.key", "-passout", "pass:x", "-outform", form]);
        let text = "private key: it is encrypted; `openssl pkey` decrypts it";
        assert_eq!(reason(&encrypted("PEM")), text);
        assert_eq!(SoftwareKey::from_pkcs8_der(&encrypted("DER"), algorithm).unwrap_err().to_string(), text);
    }
}

#[test]
fn an_rsa_key_whose_numbers_do_not_belong_together_is_found_out() {
    let Some(openssl) = OpenSsl::in_folder("rsa-numbers") else { return };
    signer(&openssl, KeyType::Rsa3072);
    let der = openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "signer.key", "-outform", "DER"]);
    assert!(SoftwareKey::from_pkcs8_der(&der, JwsAlgorithm::Rs256).is_ok());
    // One octet in each stretch of the structure: modulus, private exponent, both primes, both exponents, coefficient.
    for position in (60..der.len()).step_by(150) {
        let mut changed = der.clone();
        changed[position] ^= 2;
        let outcome = SoftwareKey::from_pkcs8_der(&changed, JwsAlgorithm::Rs256);
        // `ring` never uses the private exponent itself, which follows the modulus and the public exponent.
        let unused = (450..840).contains(&position);
        assert!(unused || outcome.is_err(), "octet {position}");
    }
}

#[test]
fn what_the_messages_say_to_do_helps() {
    let Some(openssl) = OpenSsl::in_folder("remedies") else { return };
    signer(&openssl, KeyType::P256);
    let whole = openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "signer.key", "-outform", "DER"]);
    let public_key = SoftwareKey::from_pkcs8_der(&whole, JwsAlgorithm::Es256).unwrap().public_key().clone();
    let reads = |pem: &[u8]| {
        assert_eq!(SoftwareKey::from_pkcs8_pem(pem, JwsAlgorithm::Es256).unwrap().public_key(), &public_key);
    };

    // The 32 octets of the private key and no public key.
    let start = whole.windows(2).position(|pair| pair == [0x04, 0x20]).unwrap();
    let bare =
        [&[0x30, 0x41][..], &whole[3..27], &[0x04, 0x27, 0x30, 0x25, 2, 1, 1], &whole[start..start + 34]].concat();
    let error = SoftwareKey::from_pkcs8_der(&bare, JwsAlgorithm::Es256).unwrap_err();
    let text = "private key: the public key is missing; `openssl ec`, then `openssl pkcs8 -topk8 -nocrypt`, add it";
    assert_eq!(error.to_string(), text);
    openssl.write("bare", bare);
    openssl.run(&["ec", "-inform", "DER", "-in", "bare", "-out", "completed"]);
    reads(&openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "completed"]));

    openssl.run(&["pkey", "-in", "signer.key", "-traditional", "-out", "traditional"]);
    reads(&openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "traditional"]));
    openssl.run(&["pkcs8", "-topk8", "-in", "signer.key", "-passout", "pass:x", "-out", "encrypted"]);
    reads(&openssl.run(&["pkey", "-in", "encrypted", "-passin", "pass:x"]));
}
