//! The whole verifier: whatever is made of a document, nothing passes but what was signed, every report can be written,
//! many are judged as one is, and smaller limits let nothing more pass.
#![no_main]

use std::sync::LazyLock;

use wathiqa::budget::Limits;
use wathiqa::bulk::BulkVerifier;
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::{Indication, Report};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

#[path = "verify/mutator.rs"]
mod mutator;

libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutator::mutate(data, size, max_size, seed)
});

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let (evidence, at) = (Evidence::none(), "2026-12-01T00:00:00Z".parse().expect("a time"));
    for verifier in [&*B_T, &*B_B] {
        let report = verifier.verify(octets, &evidence, at);
        assert!(!is_passed(&report) || report.verified_payload() == Some(DOCUMENT));
        assert!(!report.to_string().is_empty() && serde_json::to_string(&report).is_ok());
        let mut limits = Limits::default();
        (limits.signatures, limits.json_members, limits.path_candidates) = (1, 64, 4);
        let confined = Verifier::new(verifier.policy().clone().with_limits(limits)).verify(octets, &evidence, at);
        assert!(!is_passed(&confined) || is_passed(&report));
        for outcome in BulkVerifier::new(verifier.clone()).verify([octets, octets], &evidence, at) {
            assert_eq!(outcome.into_report(), report);
        }
    }
});

/// The one document that the demonstration PKI ever signed.
const DOCUMENT: &[u8] = include_bytes!("../demonstration/payload.json");

static B_T: LazyLock<Verifier> = LazyLock::new(|| {
    let anchor = |pem| {
        let certificate = Certificate::from_pem(pem).expect("a certificate");
        TrustStore::from_iter([TrustAnchor::from_certificate(certificate)])
    };
    let (signers, authorities) =
        (anchor(include_str!("../demonstration/root.pem")), anchor(include_str!("../demonstration/tsa-root.pem")));
    Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::Skip))
});

/// Where the time-stamp may be missing, the signature alone decides.
static B_B: LazyLock<Verifier> = LazyLock::new(|| Verifier::new(B_T.policy().clone().with_level(RequiredLevel::BB)));

fn is_passed(report: &Report) -> bool {
    report.indication() == Indication::TotalPassed
}
