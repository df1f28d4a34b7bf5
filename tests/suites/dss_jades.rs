//! `dss-jades`: the EU validator's own samples, and what its tests assert of them.
//!
//! Of a sample is compared what its row asserts about structure, signature values, certificates and time-stamp imprints;
//! no row asserts an indication. In rows of the tier *stricter* agreement is that our verdict is not passed.

use serde_json::{Map, Value, json};
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
    detached: &[(String, Vec<u8>)],
    at: Instant,
) -> Outcome {
    let trust_store: TrustStore = certificates.iter().cloned().map(TrustAnchor::from_certificate).collect();
    let policy = ValidationPolicy::new(trust_store.clone(), trust_store, RevocationPolicy::Skip)
        .with_level(RequiredLevel::BB)
        .with_signer_purpose(Purpose::Any);
    let mut evidence = Evidence::none().with_certificates(certificates);
    if let [(_, payload)] = detached {
        evidence = evidence.with_detached_payload(payload);
    }
    for (name, octets) in detached {
        evidence = evidence.with_detached_document(name, octets);
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
    let counter_signatures: Vec<&SignatureReport> =
        signatures.iter().flat_map(SignatureReport::counter_signatures).collect();
    let counter_signed = |holds: fn(&SignatureReport) -> bool| counter_signatures.iter().all(|report| holds(report));
    let stamps: Vec<&TimeStampReport> = signatures.iter().flat_map(SignatureReport::time_stamps).collect();
    differ("number_of_signatures", signatures.len().into());
    differ("all_signatures_cryptographically_intact", (all(intact) == true && counter_signed(intact)).into());
    differ("all_digest_matchers_found_and_intact", (all(all_intact) == true && counter_signed(all_intact)).into());
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
    if let Some(Value::Object(expected)) = expected.get("counter_signatures") {
        differences.extend(counter_signature_differences(expected, signatures, &counter_signatures));
    }
    differences
}

/// `counter_signatures`: how many of each kind, and what was digested of the first of each.
fn counter_signature_differences(
    expected: &Map<String, Value>,
    masters: &[SignatureReport],
    counters: &[&SignatureReport],
) -> Vec<String> {
    let found = [
        ("master_signatures", masters.len().into()),
        ("counter_signatures", counters.len().into()),
        ("master_digest_matchers", masters.first().map_or(Value::Null, |master| json!([signing_input(master)]))),
        (
            "counter_digest_matchers",
            counters.first().map_or(Value::Null, |counter| {
                let intact = passed(counter.checks(), Step::SignedData);
                let value =
                    json!({"type": "COUNTER_SIGNED_SIGNATURE_VALUE", "data_found": true, "data_intact": intact});
                json!([signing_input(counter), value])
            }),
        ),
    ];
    let differs = |(member, found): &(&str, Value)| expected.get(*member).is_some_and(|wanted| wanted != found);
    let text = |(member, found)| format!("counter_signatures.{member}: found {found}, expected {}", expected[member]);
    found.into_iter().filter(differs).map(text).collect()
}

fn signing_input(signature: &SignatureReport) -> Value {
    let found = signature
        .checks()
        .iter()
        .any(|check| check.step() == Step::Cryptography && !matches!(check.outcome(), Found::NotChecked(_)));
    json!({"type": "JWS_SIGNING_INPUT_DIGEST", "data_found": found, "data_intact": intact(signature)})
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

/// The signature value, the data objects that it names, and the signature value that it countersigns.
fn all_intact(signature: &SignatureReport) -> bool {
    intact(signature) && passed(signature.checks(), Step::SignedData)
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

/// The data objects given, each with its name.
fn detached(folder: &Folder, row: &Map<String, Value>) -> Result<Vec<(String, Vec<u8>)>, Problem> {
    let mut documents = Vec::new();
    for entry in row.get("detached_files").and_then(Value::as_array).into_iter().flatten() {
        let octets = match (entry["file"].as_str(), entry["inline_utf8"].as_str()) {
            (Some(file), _) => folder.read(&format!("dss-jades/{file}"))?,
            (None, Some(text)) => text.as_bytes().to_vec(),
            (None, None) => return Err("a detached file without content".into()),
        };
        let name = entry["name"].as_str().or(entry["file"].as_str()).unwrap_or_default();
        documents.push((name.to_owned(), octets));
    }
    Ok(documents)
}
