//! What OCSP responses say of one certificate: our own PKI of responders and delegates.

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::encoding::der::{DerError, Reader, Tag};
use wathiqa::oid;
use wathiqa::time::Instant;
use wathiqa::x509::ocsp::{self, OcspInputs, OcspResponse};
use wathiqa::x509::revocation::{
    self, CertificateIssuer, RevocationEvidence, RevocationInputs, RevocationSettings, RevocationStatus, UnknownReason,
};
use wathiqa::x509::{Certificate, TrustAnchor};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::text;

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("ocsp/manifest.json")?;
    manifest.into_iter().map(|row| run(folder, row)).collect()
}

fn run(folder: &Folder, row: Map<String, Value>) -> Result<Row, Problem> {
    let id = text(&row, "id")?.to_owned();
    let file = |member: &str| folder.read(&format!("ocsp/{}", text(&row, member)?));
    let pem = |member: &str| -> Result<Certificate, Problem> {
        Ok(Certificate::from_pem(&String::from_utf8(file(member)?)?)?)
    };
    let certificate = pem("cert")?;
    let issuer = pem("issuer")?;
    let anchor = TrustAnchor::from_certificate(pem("trust_anchor")?);
    let response = file("file")?;
    let nonce = row.get("request").map(|_| file("request")).transpose()?.and_then(|request| nonce(&request));
    let at: Instant = text(&row, "validation_time")?.parse()?;
    Ok(Row::run(id, row.clone(), || {
        let settings = RevocationSettings::default();
        let (answer, detail) =
            judge(&certificate, ((&issuer).into(), &anchor), &response, nonce.as_deref(), at, &settings);
        Outcome::compare(&row, answer, &detail)
    }))
}

/// Judges `certificate` by one response.
pub fn judge(
    certificate: &Certificate,
    (issuer, anchor): (CertificateIssuer<'_>, &TrustAnchor),
    response: &[u8],
    nonce: Option<&[u8]>,
    at: Instant,
    settings: &RevocationSettings,
) -> (&'static str, String) {
    let response = match OcspResponse::from_der(response, &Limits::default()) {
        Ok(response) => response,
        Err(error) => return ("reject", error.to_string()),
    };
    let mut budget = Budget::new(&Limits::default());
    let mut inputs = OcspInputs::new(certificate, issuer, at, &settings.freshness, &settings.algorithms);
    inputs.nonce = nonce;
    if let Err(rejection) = ocsp::accept(&response, &inputs, &mut budget) {
        return ("reject", rejection.to_string());
    }
    let evidence = RevocationEvidence::new(Vec::new(), vec![response]);
    let inputs = RevocationInputs::new(&evidence, anchor, at, settings);
    let status = revocation::check(certificate, issuer, &inputs, &mut budget);
    let answer = match &status {
        RevocationStatus::NotRevoked(_) => "good",
        RevocationStatus::Revoked(_) => "revoked",
        RevocationStatus::Unknown(unknown)
            if matches!(unknown.reasons(), [UnknownReason::UnknownToResponder { .. }]) =>
        {
            "unknown"
        }
        _ => "reject",
    };
    (answer, status.to_string())
}

/// The nonce of a request: `[2]` of its first component, by the extension's identifier.
fn nonce(request: &[u8]) -> Option<Vec<u8>> {
    let find = || -> Result<Option<Vec<u8>>, DerError> {
        let mut fields = Reader::new(request).read(Tag::SEQUENCE)?.reader().read(Tag::SEQUENCE)?.reader();
        while !fields.is_empty() {
            let field = fields.read_any()?;
            if field.tag() != Tag::context_constructed(2) {
                continue;
            }
            let mut extensions = field.reader().read(Tag::SEQUENCE)?.reader();
            while !extensions.is_empty() {
                let mut extension = extensions.read(Tag::SEQUENCE)?.reader();
                if extension.read(Tag::OBJECT_IDENTIFIER)?.oid()? == oid::PKIX_OCSP_NONCE {
                    let value = extension.read(Tag::OCTET_STRING)?;
                    return Ok(Some(value.reader().read(Tag::OCTET_STRING)?.contents().to_vec()));
                }
            }
        }
        Ok(None)
    };
    find().ok().flatten()
}
