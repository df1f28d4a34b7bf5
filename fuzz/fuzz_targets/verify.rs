//! The whole verifier: whatever is made of a document, nothing passes but the payload that was signed, and every report
//! can be written.
#![no_main]

use std::sync::LazyLock;

use wathiqa::policy::ValidationPolicy;
use wathiqa::report::Indication;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let report = VERIFIER.verify(octets, &Evidence::none(), "2026-12-01T00:00:00Z".parse().expect("a time"));
    if report.indication() == Indication::TotalPassed {
        assert_eq!(report.verified_payload(), Some(&include_bytes!("../demonstration/payload.json")[..]));
    }
    assert!(!report.to_string().is_empty() && serde_json::to_string(&report).is_ok());
});

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let anchor = |pem| {
        let certificate = Certificate::from_pem(pem).expect("a certificate");
        TrustStore::from_iter([TrustAnchor::from_certificate(certificate)])
    };
    let (signers, authorities) =
        (anchor(include_str!("../demonstration/root.pem")), anchor(include_str!("../demonstration/tsa-root.pem")));
    Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip))
});
