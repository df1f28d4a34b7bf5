//! A response that is read keeps its octets, and says something of one certificate at least.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::x509::ocsp::OcspResponse;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(response) = OcspResponse::from_der(octets, &Limits::default()) else { return };
    assert_eq!(response.as_der(), octets);
    assert!(!response.responses().is_empty());
    for single in response.responses() {
        assert!(single.next_update().is_none_or(|next| next > single.this_update()));
    }
});
