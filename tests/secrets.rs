//! What a private key leaves behind: no octet of it in memory that was let go.
//!
//! The allocator of this test looks into every block that is freed. `ring` keeps a private key in a form of its own, which it
//! does not overwrite (`SECURITY.md`), and which is not the one that is looked for here: that of the file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::slice;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use rcgen::KeyPair;
use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use wathiqa::encoding::base64::encode_standard;

/// Counts the blocks that are freed with the secret in them.
struct Watching;

static SECRET: OnceLock<Box<[u8]>> = OnceLock::new();
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
            && let Some(secret) = SECRET.get()
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

/// How many blocks with the secret in them `work` frees.
fn left_behind_by(work: impl FnOnce()) -> usize {
    LEFT_BEHIND.store(0, Ordering::Relaxed);
    WATCH.store(true, Ordering::Relaxed);
    work();
    WATCH.store(false, Ordering::Relaxed);
    LEFT_BEHIND.load(Ordering::Relaxed)
}

#[test]
fn a_key_that_is_let_go_leaves_nothing_behind() {
    let _turn = TURN.lock().unwrap();
    let pair = KeyPair::generate().unwrap();
    let der = pair.serialize_der();
    let pem = |text: &str| format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    let text = encode_standard(&der);
    // The private scalar: an OCTET STRING of 32 octets (RFC 5915).
    let start = der.windows(2).position(|octets| octets == [0x04, 0x20]).unwrap() + 2;
    SECRET.set(der[start..start + 32].into()).unwrap();

    // The watch sees what it is there for.
    assert_eq!(left_behind_by(|| drop(der.clone())), 1);

    let made_from_der = left_behind_by(|| {
        let key = SoftwareKey::from_pkcs8_der(&der, JwsAlgorithm::Es256).unwrap();
        assert_eq!(key.sign(b"message").unwrap().len(), 64);
    });
    assert_eq!(made_from_der, 0, "made from DER");
    let made_from_pem = left_behind_by(|| {
        let key = SoftwareKey::from_pkcs8_pem(&pem(&text), JwsAlgorithm::Es256).unwrap();
        assert_eq!(key.sign(b"message").unwrap().len(), 64);
    });
    assert_eq!(made_from_pem, 0, "made from PEM");
    let refused = left_behind_by(|| assert!(SoftwareKey::from_pkcs8_der(&der, JwsAlgorithm::Es384).is_err()));
    assert_eq!(refused, 0, "refused");
    let truncated = left_behind_by(|| {
        assert!(SoftwareKey::from_pkcs8_der(&der[..der.len() - 1], JwsAlgorithm::Es256).is_err());
    });
    assert_eq!(truncated, 0, "truncated");
    // The last symbol is wrong, after all of the secret was read.
    let garbled = pem(&format!("{}!", &text[..text.len() - 1]));
    let garbled = left_behind_by(|| assert!(SoftwareKey::from_pkcs8_pem(&garbled, JwsAlgorithm::Es256).is_err()));
    assert_eq!(garbled, 0, "garbled");
}
