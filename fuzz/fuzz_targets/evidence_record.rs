//! A record that is read keeps its octets, and whatever is made of one, it proves a file at no other time than an authority
//! stamped it.
#![no_main]

use std::sync::LazyLock;

use wathiqa::budget::{Budget, Limits};
use wathiqa::ers::{DataObject, DataObjects, EvidenceRecord, VerificationInputs, verify};
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let limits = Limits::default();
    let Ok(record) = EvidenceRecord::from_der(octets, &limits) else { return };
    assert_eq!(record.as_der(), octets);
    let at = "2026-12-01T00:00:00Z".parse().expect("a time");
    let inputs = VerificationInputs::new(&WORLD.0, &WORLD.1, at);
    let file = [DataObject::Octets(include_bytes!("../demonstration/recorded.json"))];
    let verdict = verify(&record, DataObjects::Each(&file), inputs, &mut Budget::new(&limits));
    if let Ok(proof) = verdict.into_result() {
        assert_eq!(proof.time().to_string(), include_str!("../demonstration/recorded-at").trim());
    }
});

static WORLD: LazyLock<(TrustStore, PathSettings)> = LazyLock::new(|| {
    let root = Certificate::from_pem(include_str!("../demonstration/recorded-tsa-root.pem")).expect("a certificate");
    let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip);
    (TrustStore::from_iter([TrustAnchor::from_certificate(root)]), settings)
});
