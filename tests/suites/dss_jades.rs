//! `dss-jades`: the EU validator's own samples, and what its tests assert of them.
//!
//! Of a sample is compared what its row asserts about structure, signature values, certificates and time-stamp imprints;
//! no row asserts an indication. In rows of the tier *stricter* agreement is that our verdict is not passed.

use serde_json::{Map, Value};
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::{Check, Indication, Outcome as Found, Report, SignatureReport, Step, TimeStampReport};
use wathiqa::time::Instant;
use wathiqa::validation::{Evidence, validate};
use wathiqa::x509::path::{Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use super::framework::{Folder, Outcome, Problem, Row};

/// The rows of `dss-jades/manifest.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let at: Instant = "2026-07-01T00:00:00Z".parse()?;
    let mut rows = Vec::new();
    for manifest_row in folder.manifest("dss-jades/manifest.json")? {
        let file = manifest_row.get("file").and_then(Value::as_str).ok_or("a row without a file")?;
        let octets = folder.read(&format!("dss-jades/{file}"))?;
        let certificates = trust_material(folder, &manifest_row).map_err(|Problem(text)| format!("{file}: {text}"))?;
        let detached = detached(folder, &manifest_row)?;
        let id = file.to_owned();
        rows.push(Row::run(id, manifest_row.clone(), || compare(&manifest_row, &octets, certificates, &detached, at)));
    }
    Ok(rows)
}

fn compare(
    row: &Map<String, Value>,
    octets: &[u8],
    certificates: Vec<Certificate>,
    detached: &[Vec<u8>],
    at: Instant,
) -> Outcome {
    if let Some(part) = not_processed(octets) {
        return Outcome::NotRun(part);
    }
    let trust_store: TrustStore = certificates.iter().cloned().map(TrustAnchor::from_certificate).collect();
    let policy = ValidationPolicy::new(trust_store.clone(), trust_store, RevocationPolicy::Skip)
        .with_level(RequiredLevel::BB)
        .with_signer_purpose(Purpose::Any);
    let mut evidence = Evidence::none().with_certificates(certificates);
    if let [payload] = detached {
        evidence = evidence.with_detached_payload(payload);
    }
    let report = validate(octets, &evidence, &policy, at);
    if row.get("tier").and_then(Value::as_str) == Some("stricter") {
        return match report.indication() {
            Indication::TotalPassed => Outcome::Disagree("passed".to_owned()),
            _ => Outcome::Agree,
        };
    }
    let Some(Value::Object(expected)) = row.get("expected") else {
        return Outcome::Disagree("the row has no member \"expected\"".to_owned());
    };
    let differences = differences(expected, &report);
    if differences.is_empty() {
        Outcome::Agree
    } else {
        Outcome::Disagree(format!("{}\n{report}", differences.join("; ")))
    }
}

/// The part of JAdES that the sample needs and this version leaves out. The headers are searched for as text, in every
/// form that the samples come in.
fn not_processed(octets: &[u8]) -> Option<&'static str> {
    let jws = wathiqa::jws::Jws::parse(octets, &wathiqa::budget::Limits::default()).ok()?;
    let decoded = |text: &str| wathiqa::encoding::base64::decode_url(text).unwrap_or_default();
    let holds = |octets: &[u8], name: &str| String::from_utf8_lossy(octets).contains(&format!("\"{name}\""));
    let whole: Option<Value> = serde_json::from_slice(octets).ok();
    let headers = whole.iter().flat_map(|file| {
        let general = file["signatures"].as_array().into_iter().flatten();
        std::iter::once(file).chain(general).filter_map(|signature| signature.pointer("/header/etsiU"))
    });
    let items = headers.filter_map(Value::as_array).flatten();
    let counter_signed = items.into_iter().any(|item| match item {
        Value::String(text) => holds(&decoded(text), "cSig"),
        object => object.get("cSig").is_some(),
    });
    let detached = jws.signatures().iter().any(|signature| holds(&decoded(signature.received_protected()), "sigD"));
    match (detached, counter_signed) {
        (true, _) => Some("sigD"),
        (_, true) => Some("countersignatures"),
        _ => None,
    }
}

/// Each member of `expected` that is asserted and differs.
fn differences(expected: &Map<String, Value>, report: &Report) -> Vec<String> {
    let mut differences = Vec::new();
    let mut differ = |member: &str, found: Value| {
        let wanted = expected.get(member).unwrap_or(&Value::Null);
        if !wanted.is_null() && *wanted != found {
            differences.push(format!("{member}: expected {wanted}, found {found}"));
        }
    };
    let signatures = report.signatures();
    let all = |holds: fn(&SignatureReport) -> bool| Value::Bool(!signatures.is_empty() && signatures.iter().all(holds));
    let stamps: Vec<&TimeStampReport> = signatures.iter().flat_map(SignatureReport::time_stamps).collect();
    differ("number_of_signatures", signatures.len().into());
    differ("all_signatures_cryptographically_intact", all(intact));
    differ("all_digest_matchers_found_and_intact", all(intact));
    differ("signing_certificate_identified", all(|signature| signature.signing_certificate().is_some()));
    differ("signing_certificate_digest_match", all(|signature| passed(signature.checks(), Step::SigningCertificate)));
    differ("claimed_signing_time_present", all(|signature| signature.claimed_signing_time().is_some()));
    differ("number_of_timestamps", stamps.len().into());
    differ("format_level", signatures.first().map_or(Value::Null, |signature| level(signature).into()));
    let least = expected.get("number_of_signatures_min").and_then(Value::as_u64).unwrap_or(0);
    if u64::try_from(signatures.len()).is_ok_and(|found| found < least) {
        differences.push(format!("number_of_signatures_min: expected {least}, found {}", signatures.len()));
    }
    if expected.get("exception").is_some_and(|exception| !exception.is_null()) && !unreadable(report) {
        differences.push("exception: expected one, found a signature that can be read".to_owned());
    }
    differences.extend(time_stamp_differences(expected, &stamps));
    differences
}

/// `timestamps`: each with its kind and imprint, in any order, or the count of a kind.
fn time_stamp_differences(expected: &Map<String, Value>, found: &[&TimeStampReport]) -> Vec<String> {
    let Some(Value::Array(expected)) = expected.get("timestamps") else { return Vec::new() };
    let mut left: Vec<(&str, bool)> =
        found.iter().map(|stamp| (kind(stamp), passed(stamp.checks(), Step::TimeStampImprint))).collect();
    let mut differences = Vec::new();
    for wanted in expected {
        if let Some(count) = wanted["count"].as_u64() {
            let of_kind = found.iter().filter(|stamp| wanted["type"] == kind(stamp)).count();
            if u64::try_from(of_kind) != Ok(count) {
                differences.push(format!("timestamps of type {}: expected {count}, found {of_kind}", wanted["type"]));
            }
            continue;
        }
        let imprint = &wanted["imprint_intact"];
        let fits =
            |(kind, intact): &(&str, bool)| wanted["type"] == *kind && (imprint.is_null() || *imprint == *intact);
        match left.iter().position(fits) {
            Some(position) => drop(left.remove(position)),
            None => differences.push(format!("timestamps: expected {wanted}, left of those found: {left:?}")),
        }
    }
    differences
}

fn kind(stamp: &TimeStampReport) -> &'static str {
    match stamp.kind().to_string().as_str() {
        "adoTst" => "CONTENT_TIMESTAMP",
        "sigTst" => "SIGNATURE_TIMESTAMP",
        "sigRTst" => "VALIDATION_DATA_TIMESTAMP",
        "rfsTst" => "VALIDATION_DATA_REFSONLY_TIMESTAMP",
        "arcTst" => "ARCHIVE_TIMESTAMP",
        _ => "another",
    }
}

fn level(signature: &SignatureReport) -> String {
    match signature.level() {
        None => "JSON_NOT_ETSI".to_owned(),
        Some(level) => format!("JAdES_BASELINE_{}", level.to_string().trim_start_matches("B-")),
    }
}

fn intact(signature: &SignatureReport) -> bool {
    passed(signature.checks(), Step::Cryptography)
}

fn passed(checks: &[Check], step: Step) -> bool {
    checks.iter().any(|check| check.step() == step && *check.outcome() == Found::Passed)
}

/// Whether the file, or the unsigned header of a signature, cannot be read at all.
fn unreadable(report: &Report) -> bool {
    let checks = report.checks().iter().chain(report.signatures().iter().flat_map(SignatureReport::checks));
    let of_form = [Step::Format, Step::UnsignedHeader];
    checks.filter(|check| of_form.contains(&check.step())).any(|check| matches!(check.outcome(), Found::Failed { .. }))
}

/// The certificates that the test configures, for path and identification.
fn trust_material(folder: &Folder, row: &Map<String, Value>) -> Result<Vec<Certificate>, Problem> {
    let mut certificates = Vec::new();
    for entry in row.get("trust_material").and_then(Value::as_array).into_iter().flatten() {
        let file = entry["file"].as_str().ok_or("trust material without a file")?;
        certificates.push(Certificate::from_der(&folder.read(&format!("dss-jades/{file}"))?)?);
    }
    Ok(certificates)
}

fn detached(folder: &Folder, row: &Map<String, Value>) -> Result<Vec<Vec<u8>>, Problem> {
    let mut octets = Vec::new();
    for entry in row.get("detached_files").and_then(Value::as_array).into_iter().flatten() {
        match (entry["file"].as_str(), entry["inline_utf8"].as_str()) {
            (Some(file), _) => octets.push(folder.read(&format!("dss-jades/{file}"))?),
            (None, Some(text)) => octets.push(text.as_bytes().to_vec()),
            (None, None) => return Err("a detached file without content".into()),
        }
    }
    Ok(octets)
}
