//! A certificate that is read keeps its octets, its signed part is one of them, and its names can be shown and compared.
#![no_main]

use wathiqa::x509::Certificate;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(certificate) = Certificate::from_der(octets) else { return };
    assert_eq!(certificate.as_der(), octets);
    assert!(octets.windows(certificate.tbs_der().len()).any(|window| window == certificate.tbs_der()));
    for name in [certificate.subject(), certificate.issuer()] {
        assert!(name.matches(name) && name.is_within(name), "{name}");
    }
});
