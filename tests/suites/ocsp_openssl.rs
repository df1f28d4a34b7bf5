//! OpenSSL's OCSP tests: whether a response verifies, of real responders of 2012. No status, no freshness.

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::AlgorithmConstraints;
use wathiqa::encoding::base64;
use wathiqa::time::Instant;
use wathiqa::x509::ocsp::{self, OcspResponse};
use wathiqa::x509::path::{self, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{AnchorValidity, Certificate, TrustAnchor, TrustStore, certificates_from_pem};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{of_its_time, text};

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("ocsp-openssl/manifest.json")?;
    manifest.into_iter().map(|row| run(folder, row)).collect()
}

fn run(folder: &Folder, row: Map<String, Value>) -> Result<Row, Problem> {
    let id = text(&row, "id")?.to_owned();
    let file = |member: &str| folder.read(&format!("ocsp-openssl/{}", text(&row, member)?));
    let pem = |member: &str| -> Result<Vec<Certificate>, Problem> {
        Ok(certificates_from_pem(&String::from_utf8(file(member)?)?)?)
    };
    let anchors = pem("ca")?;
    let others = pem("other_certs")?;
    let response = file("response")?;
    let at: Instant = text(&row, "validation_time")?.parse()?;
    Ok(Row::run(id, row.clone(), || match verify(&response, &anchors, &others, at) {
        Ok(()) => Outcome::compare(&row, "valid", ""),
        Err(reason) => Outcome::compare(&row, "invalid", &reason),
    }))
}

/// Some issuer that has a path is the one all statuses are about, and has the response signed.
fn verify(response: &[u8], anchors: &[Certificate], others: &[Certificate], at: Instant) -> Result<(), String> {
    let octets = octets(response);
    let response = OcspResponse::from_der(&octets, &Limits::default()).map_err(|error| error.to_string())?;
    let algorithms = of_its_time();
    let mut last = "no issuer".to_owned();
    for issuer in anchors.iter().chain(others) {
        if !anchors.contains(issuer)
            && let Err(reason) = has_path(issuer, anchors, others, at, &algorithms)
        {
            last = reason;
            continue;
        }
        let is_of =
            |single: &ocsp::SingleResponse| single.cert_id().is_issued_by(issuer.subject(), issuer.public_key());
        if !response.responses().iter().all(is_of) {
            last = "a status is of another issuer".to_owned();
            continue;
        }
        let mut budget = Budget::new(&Limits::default());
        match ocsp::authorize(&response, issuer.into(), at, &algorithms, &mut budget) {
            Ok(_) => return Ok(()),
            Err(reason) => last = reason.to_string(),
        }
    }
    Err(last)
}

fn has_path(
    issuer: &Certificate,
    anchors: &[Certificate],
    others: &[Certificate],
    at: Instant,
    algorithms: &AlgorithmConstraints,
) -> Result<(), String> {
    let anchors = anchors.iter().cloned().map(TrustAnchor::from_certificate);
    let store = TrustStore::from_iter(anchors.map(|anchor| anchor.with_validity(AnchorValidity::Ignore)));
    let mut settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
    settings.algorithms = algorithms.clone();
    let mut inputs = PathInputs::new(issuer, &store, at, &settings);
    inputs.pool = others;
    let path = path::build(&inputs, &mut Budget::new(&Limits::default()));
    path.map(drop).map_err(|error| error.to_string())
}

/// Some responses are base64 in lines.
fn octets(file: &[u8]) -> Vec<u8> {
    let text: String =
        file.iter().filter(|octet| !octet.is_ascii_whitespace()).map(|octet| char::from(*octet)).collect();
    base64::decode_standard(&text).unwrap_or_else(|_| file.to_vec())
}
