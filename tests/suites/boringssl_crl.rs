//! BoringSSL's CRL tests: one list, one certificate, its issuer as anchor, in places with a second key.

use std::time::Duration;

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::revocation::{self, Freshness, RevocationEvidence, RevocationInputs, RevocationSettings};
use wathiqa::x509::{Certificate, TrustAnchor};

use super::crl::{answer, read};
use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{of_its_time, text};

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("boringssl/crl.json")?;
    manifest.into_iter().map(|row| run(folder, row)).collect()
}

fn run(folder: &Folder, row: Map<String, Value>) -> Result<Row, Problem> {
    let id = text(&row, "id")?.to_owned();
    let file = |member: &str| folder.read(&format!("boringssl/{}", text(&row, member)?));
    let certificate = Certificate::from_der(&file("cert")?)?;
    let anchor = TrustAnchor::from_certificate(Certificate::from_der(&file("issuer")?)?);
    let mut others = Vec::new();
    if row.get("issuer2").is_some_and(Value::is_string) {
        others.push(TrustAnchor::from_certificate(Certificate::from_der(&file("issuer2")?)?));
    }
    let list = file("crl")?;
    let at: Instant = text(&row, "validation_time")?.parse()?;
    let settings = settings(&row)?;
    Ok(Row::run(id, row.clone(), || {
        let (crls, malformed) = read(&[list]);
        let evidence = RevocationEvidence::new(crls, Vec::new());
        let mut inputs = RevocationInputs::new(&evidence, &anchor, at, &settings);
        inputs.other_anchor_keys = &others;
        let status = revocation::check(&certificate, (&anchor).into(), &inputs, &mut Budget::new(&Limits::default()));
        Outcome::compare(&row, answer(&status), &format!("{status}; {}", malformed.join("; ")))
    }))
}

/// SHA-1 and short keys are of the suite's time; age stands in for nextUpdate.
pub fn settings(row: &Map<String, Value>) -> Result<RevocationSettings, Problem> {
    let days = row.get("max_age_days").and_then(Value::as_u64).ok_or("no number \"max_age_days\"")?;
    let mut settings = RevocationSettings::default();
    settings.freshness = Freshness::max_age(Duration::from_secs(days * 24 * 60 * 60));
    settings.algorithms = of_its_time();
    Ok(settings)
}
