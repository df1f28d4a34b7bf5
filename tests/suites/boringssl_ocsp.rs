//! BoringSSL's OCSP tests: one response, one certificate, its issuer as anchor.

use serde_json::{Map, Value};
use wathiqa::time::Instant;
use wathiqa::x509::revocation::DelegateRevocation;
use wathiqa::x509::{Certificate, TrustAnchor};

use super::boringssl_crl::settings;
use super::framework::{Folder, Outcome, Problem, Row};
use super::members::text;
use super::ocsp::judge;

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("boringssl/ocsp.json")?;
    manifest.into_iter().map(|row| run(folder, row)).collect()
}

fn run(folder: &Folder, row: Map<String, Value>) -> Result<Row, Problem> {
    let id = text(&row, "id")?.to_owned();
    let file = |member: &str| folder.read(&format!("boringssl/{}", text(&row, member)?));
    let certificate = Certificate::from_der(&file("cert")?);
    let anchor = TrustAnchor::from_certificate(Certificate::from_der(&file("issuer")?)?);
    let response = file("response")?;
    let at: Instant = text(&row, "validation_time")?.parse()?;
    let mut settings = settings(&row)?;
    // Its delegates have no id-pkix-ocsp-nocheck, and BoringSSL does not ask.
    settings.delegates = DelegateRevocation::Ignore;
    Ok(Row::run(id, row.clone(), || {
        let certificate = match &certificate {
            Ok(certificate) => certificate,
            Err(error) => return Outcome::compare(&row, "unknown-or-reject", &error.to_string()),
        };
        let (answer, detail) = judge(certificate, ((&anchor).into(), &anchor), &response, None, at, &settings);
        let answer = match answer {
            "unknown" | "reject" => "unknown-or-reject",
            answer => answer,
        };
        Outcome::compare(&row, answer, &detail)
    }))
}
