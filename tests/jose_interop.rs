//! Our signatures under an independent JOSE library: it accepts each, and refuses each that was tampered with.
//!
//! Runs where `WATHIQA_JOSE_PYTHON` names a Python that has `tests/interop/jose/requirements.txt`, as `.ci/run` makes
//! one; elsewhere it says so and is skipped. Keys and certificates are made by `openssl`.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot make its input has failed")]

use std::env;
use std::process::Command;

use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::encoding::base64::{decode_url, encode_standard, encode_url};
use wathiqa::sign::{Content, DataObject, Serialization, SignatureParameters, sign_content};
use wathiqa::time::Instant;
use wathiqa::x509::Certificate;

use openssl::{DocumentPki, KeyType, OpenSsl};

#[path = "support/openssl.rs"]
mod openssl;

const PAYLOAD: &str = "{\"title\":\"قرار رقم ١\",\"subject\":\"إجازة\"}";

const CASES: [(JwsAlgorithm, KeyType); 5] = [
    (JwsAlgorithm::Es256, KeyType::P256),
    (JwsAlgorithm::Es384, KeyType::P384),
    (JwsAlgorithm::EdDsa, KeyType::Ed25519),
    (JwsAlgorithm::Ps256, KeyType::Rsa3072),
    (JwsAlgorithm::Rs256, KeyType::Rsa3072),
];

#[test]
fn an_independent_library_accepts_our_signatures_and_no_altered_one() {
    let Some(python) = env::var_os("WATHIQA_JOSE_PYTHON") else {
        println!("skipped, WATHIQA_JOSE_PYTHON names no Python with an independent JOSE library");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/jose/verify.py");
    for (algorithm, key_type) in CASES {
        let Some(openssl) = OpenSsl::in_folder(&algorithm.to_string()) else { return };
        let files = files(&DocumentPki::new(&openssl, key_type), algorithm);
        let mut command = Command::new(&python);
        command.arg(script).arg(openssl.path("signer.pem"));
        openssl.write("payload", PAYLOAD);
        for (name, contents, _) in &files {
            openssl.write(name, contents);
            let mut argument = openssl.path(name).into_os_string();
            if name.starts_with("detached") {
                argument.push("=");
                argument.push(openssl.path("payload"));
            }
            command.arg(argument);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answers = String::from_utf8(output.stdout).unwrap();
        assert_eq!(answers.lines().count(), files.len(), "{answers}");
        for ((name, _, expected), answer) in files.iter().zip(answers.lines()) {
            assert!(answer.starts_with(expected), "{algorithm} {name}: {answer}");
        }
    }
}

/// Names, contents and the beginning of the answer expected: serializations and contents, as made and altered.
fn files(pki: &DocumentPki, algorithm: JwsAlgorithm) -> Vec<(&'static str, String, String)> {
    let valid = format!("valid {}", encode_standard(PAYLOAD.as_bytes()));
    let refused = || "refused InvalidJWSSignature".to_owned();
    let compact = signed(pki, algorithm, Serialization::Compact);
    let parts: Vec<&str> = compact.split('.').collect();
    let [header, payload, signature] = <[&str; 3]>::try_from(parts).unwrap();
    let json = signed(pki, algorithm, Serialization::FlattenedJson);
    let (attached, detached) = (Content::attached(PAYLOAD.as_bytes()), Content::detached(PAYLOAD.as_bytes()));
    let named = Content::by_uri([DataObject::new("decision.json", PAYLOAD.as_bytes())]).unwrap();
    let other = encode_url(PAYLOAD.replace('١', "٢").as_bytes());
    vec![
        ("compact", compact.clone(), valid.clone()),
        ("compact-payload", format!("{header}.{other}.{signature}"), refused()),
        ("compact-header", format!("{}.{payload}.{signature}", later(header)), refused()),
        ("compact-signature", format!("{header}.{payload}.{}", flipped(signature)), refused()),
        ("json", json.clone(), valid.clone()),
        ("json-payload", json.replace(payload, &other), refused()),
        ("general", signed(pki, algorithm, Serialization::GeneralJson), valid.clone()),
        ("unencoded", made(pki, algorithm, &attached.unencoded(), Serialization::FlattenedJson), valid.clone()),
        ("detached", made(pki, algorithm, &detached, Serialization::Compact), valid.clone()),
        ("detached-unencoded", made(pki, algorithm, &detached.clone().unencoded(), Serialization::Compact), valid),
        ("detached-other", made(pki, algorithm, &Content::detached(b"other"), Serialization::Compact), refused()),
        // What it does not understand and is told to, it refuses.
        ("named", made(pki, algorithm, &named, Serialization::Compact), refused()),
    ]
}

fn signed(pki: &DocumentPki, algorithm: JwsAlgorithm, serialization: Serialization) -> String {
    made(pki, algorithm, &Content::attached(PAYLOAD.as_bytes()), serialization)
}

fn made(pki: &DocumentPki, algorithm: JwsAlgorithm, content: &Content<'_>, serialization: Serialization) -> String {
    let key = SoftwareKey::from_pkcs8_pem(pki.signer.key_pem().as_bytes(), algorithm).unwrap();
    let chain = pki.chain_der().map(|der| Certificate::from_der(der).unwrap());
    let at = Instant::from_unix_seconds(1_780_000_000).unwrap();
    let parameters = SignatureParameters::new(algorithm, chain, at).unwrap().with_serialization(serialization);
    String::from_utf8(sign_content(content, parameters, &key).unwrap().to_vec()).unwrap()
}

/// The header with another `iat`.
fn later(header: &str) -> String {
    let text = String::from_utf8(decode_url(header).unwrap()).unwrap();
    let changed = text.replace("1780000000", "1780000001");
    assert_ne!(changed, text);
    encode_url(changed.as_bytes())
}

fn flipped(signature: &str) -> String {
    let mut octets = decode_url(signature).unwrap();
    octets[7] ^= 1;
    encode_url(&octets)
}
