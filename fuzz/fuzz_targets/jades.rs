//! Any protected header over any `etsiU` is judged and reported, and passes nothing: its signature is nobody's.
//!
//! The first line of the input is the protected header, each further line an item of `etsiU`.
#![no_main]

use std::sync::LazyLock;

use wathiqa::encoding::base64::encode_url;
use wathiqa::policy::ValidationPolicy;
use wathiqa::report::Indication;
use wathiqa::validation::{self, Evidence};
use wathiqa::x509::TrustStore;
use wathiqa::x509::path::RevocationPolicy;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let mut lines = octets.split(|octet| *octet == b'\n').map(encode_url);
    let protected = lines.next().unwrap_or_default();
    let items: Vec<String> = lines.map(|item| format!("\"{item}\"")).collect();
    let file = format!(
        r#"{{"payload":"e30","protected":"{protected}","header":{{"etsiU":[{}]}},"signature":"AAAA"}}"#,
        items.join(",")
    );
    let at = "2026-12-01T00:00:00Z".parse().expect("a time");
    let report = validation::validate(file.as_bytes(), &Evidence::none(), &POLICY, at);
    assert_ne!(report.indication(), Indication::TotalPassed);
    assert!(!report.to_string().is_empty() && serde_json::to_string(&report).is_ok());
});

static POLICY: LazyLock<ValidationPolicy> =
    LazyLock::new(|| ValidationPolicy::new(TrustStore::default(), TrustStore::default(), RevocationPolicy::default()));
