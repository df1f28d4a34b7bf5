//! What a private key leaves behind: no octet of it in memory that was let go.
//!
//! The allocator of this test looks into every block that is freed. `ring` keeps a private key in a form of its own, which it
//! does not overwrite (`SECURITY.md`), and which is not the one that is looked for here: that of the file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::slice;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};

use wathiqa::codes::CodingScheme;
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::encoding::base64::encode_standard;
use wathiqa::encoding::der::{Reader, Tag};
use wathiqa::issue::Issuer;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::time::Instant;
use wathiqa::tsp::{Authority, SerialNumber};

use openssl::OpenSsl;

#[path = "support/openssl.rs"]
mod openssl;

/// Counts the blocks that are freed with the secret in them.
struct Watching;

/// The secret that is looked for. It is never freed itself.
static SECRET: AtomicPtr<Vec<u8>> = AtomicPtr::new(null_mut());
static WATCH: AtomicBool = AtomicBool::new(false);
static LEFT_BEHIND: AtomicUsize = AtomicUsize::new(0);

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to implement; this one looks and leaves the work to the system's"
)]
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Zeroed, so that all of a block may be looked at.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if WATCH.load(Ordering::Relaxed)
            && let Some(secret) = unsafe { SECRET.load(Ordering::Acquire).as_ref() }
        {
            let block = unsafe { slice::from_raw_parts(pointer, layout.size()) };
            let holds = block.windows(secret.len()).any(|window| window == &secret[..]);
            LEFT_BEHIND.fetch_add(usize::from(holds), Ordering::Relaxed);
        }
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// One watch at a time.
static TURN: Mutex<()> = Mutex::new(());

fn look_for(secret: &[u8]) {
    SECRET.store(Box::leak(Box::new(secret.to_vec())), Ordering::Release);
}

/// How many blocks with the secret in them `work` frees.
fn left_behind_by(work: impl FnOnce()) -> usize {
    LEFT_BEHIND.store(0, Ordering::Relaxed);
    WATCH.store(true, Ordering::Relaxed);
    work();
    WATCH.store(false, Ordering::Relaxed);
    LEFT_BEHIND.load(Ordering::Relaxed)
}

/// The private numbers in a PKCS#8 key: the scalar of ECPrivateKey (RFC 5915), the seed of CurvePrivateKey (RFC 8410), the
/// private exponent and the primes of RSAPrivateKey (RFC 8017).
fn private_numbers(pkcs8: &[u8]) -> Vec<Vec<u8>> {
    let mut fields = Reader::new(pkcs8).read(Tag::SEQUENCE).unwrap().reader();
    fields.read(Tag::INTEGER).unwrap();
    fields.read(Tag::SEQUENCE).unwrap();
    let key = fields.read(Tag::OCTET_STRING).unwrap();
    let mut inside = key.reader();
    if inside.peek().unwrap() == Some(Tag::OCTET_STRING) {
        return vec![inside.read(Tag::OCTET_STRING).unwrap().contents().to_vec()];
    }
    let mut fields = inside.read(Tag::SEQUENCE).unwrap().reader();
    fields.read(Tag::INTEGER).unwrap();
    if fields.peek().unwrap() == Some(Tag::OCTET_STRING) {
        return vec![fields.read(Tag::OCTET_STRING).unwrap().contents().to_vec()];
    }
    fields.read(Tag::INTEGER).unwrap();
    fields.read(Tag::INTEGER).unwrap();
    (0..3).map(|_| fields.read(Tag::INTEGER).unwrap().contents().to_vec()).collect()
}

fn pem(text: &str) -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

fn now() -> Instant {
    "2025-03-01T09:30:00Z".parse().unwrap()
}

#[test]
fn a_key_that_is_let_go_leaves_nothing_behind() {
    let _turn = TURN.lock().unwrap();
    let generated = [JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa]
        .map(|algorithm| (SoftwareKey::generate(algorithm).unwrap().pkcs8.as_der().to_vec(), algorithm));
    // `ring` makes no RSA keys.
    let rsa = OpenSsl::in_folder("secrets").map(|openssl| {
        let key = openssl.run(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]);
        openssl.write("rsa.key", key);
        openssl.run(&["pkcs8", "-topk8", "-nocrypt", "-in", "rsa.key", "-outform", "DER"])
    });
    for (der, algorithm) in generated.into_iter().chain(rsa.map(|der| (der, JwsAlgorithm::Ps256))) {
        for secret in private_numbers(&der) {
            look_for(&secret);
            of_a_file(&der, algorithm);
        }
    }
}

/// Everything that is done with the file of a key.
fn of_a_file(der: &[u8], algorithm: JwsAlgorithm) {
    // The watch sees what it is there for.
    let copy = der.to_vec();
    assert_eq!(left_behind_by(|| drop(copy)), 1);

    let text = encode_standard(der);
    let made_from_der = left_behind_by(|| {
        let key = SoftwareKey::from_pkcs8_der(der, algorithm).unwrap();
        assert!(!key.sign(b"message").unwrap().is_empty());
    });
    assert_eq!(made_from_der, 0, "{algorithm}: made from DER");
    let made_from_pem = left_behind_by(|| {
        let key = SoftwareKey::from_pkcs8_pem(&pem(&text), algorithm).unwrap();
        assert!(!key.sign(b"message").unwrap().is_empty());
    });
    assert_eq!(made_from_pem, 0, "{algorithm}: made from PEM");
    let other = if algorithm == JwsAlgorithm::Es384 { JwsAlgorithm::Es256 } else { JwsAlgorithm::Es384 };
    let refused = left_behind_by(|| assert!(SoftwareKey::from_pkcs8_der(der, other).is_err()));
    assert_eq!(refused, 0, "{algorithm}: refused");
    let truncated = left_behind_by(|| {
        assert!(SoftwareKey::from_pkcs8_der(&der[..der.len() - 1], algorithm).is_err());
    });
    assert_eq!(truncated, 0, "{algorithm}: truncated");
    // The last symbol is wrong, after all of the secret was read.
    let garbled = pem(&format!("{}!", text.trim_end_matches('=').split_at(text.len() - 4).0));
    let garbled = left_behind_by(|| assert!(SoftwareKey::from_pkcs8_pem(&garbled, algorithm).is_err()));
    assert_eq!(garbled, 0, "{algorithm}: garbled");
}

/// Keys that were just made, and keys inside of an issuer, of an authority and of a demonstration PKI.
#[test]
fn whoever_holds_a_key_leaves_nothing_behind() {
    let _turn = TURN.lock().unwrap();
    for algorithm in [JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa] {
        let generated = SoftwareKey::generate(algorithm).unwrap();
        look_for(&private_numbers(generated.pkcs8.as_der())[0]);
        assert_eq!(left_behind_by(|| drop(generated)), 0, "{algorithm}: made here");
    }
    let pki = DemonstrationPki::new(now()).unwrap();
    let name = EntityName::new("1234567889".parse().unwrap(), &CodingScheme::default(), "SY", "وزارة العدل", "ختم");
    let issued = pki.issue_signer(&name.unwrap(), JwsAlgorithm::Es256).unwrap();
    look_for(&private_numbers(issued.pkcs8.as_der())[0]);
    let (key, chain) = (issued.key, issued.chain);
    assert_eq!(left_behind_by(|| drop(issued.pkcs8)), 0, "issued with a certificate");
    let issuer = left_behind_by(|| {
        let stamps = pki.time_stamp_authority().transport(|| (now(), SerialNumber::from(1)));
        drop(Issuer::new(key, chain, stamps).unwrap());
    });
    assert_eq!(issuer, 0, "an issuer");
    let made = SoftwareKey::generate(JwsAlgorithm::Es256).unwrap();
    look_for(&private_numbers(made.pkcs8.as_der())[0]);
    let certified = vec![pki.time_stamp_authority().certificate().clone()];
    let authority = left_behind_by(|| {
        // Refused, for it is another's certificate: the key goes all the same.
        assert!(Authority::new(made.key, certified, "2.999.2".parse().unwrap()).is_err());
    });
    assert_eq!(authority, 0, "an authority");
}
