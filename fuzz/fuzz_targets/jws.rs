//! What is signed is what was received: a compact JWS is its signing input and its signature, octet by octet.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::jws::{CriticalRules, Jws};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(jws) = Jws::parse(octets, &Limits::default()) else { return };
    for signature in jws.signatures() {
        let judged = (signature.algorithm(), signature.check_critical(&CriticalRules::new(&["sigD"], &["sigD"])));
        let Ok(input) = signature.signing_input(None) else { continue };
        let compact = [&input[..], b".", signature.received_signature().as_bytes()].concat();
        assert!(octets.contains(&b'{') || octets.trim_ascii_end() == compact, "{judged:?}");
    }
});
