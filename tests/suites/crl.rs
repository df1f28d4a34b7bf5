//! What CRLs say of one certificate: our own PKI of delta, indirect and partitioned lists.

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::revocation::{self, RevocationEvidence, RevocationInputs, RevocationSettings, RevocationStatus};
use wathiqa::x509::{Certificate, TrustAnchor};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{text, texts};

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("crl/manifest.json")?;
    manifest.into_iter().map(|row| run(folder, row)).collect()
}

fn run(folder: &Folder, row: Map<String, Value>) -> Result<Row, Problem> {
    let id = text(&row, "id")?.to_owned();
    let certificate = certificate(folder, &row, "cert")?;
    let issuer = self::certificate(folder, &row, "issuer")?;
    let anchor = TrustAnchor::from_certificate(self::certificate(folder, &row, "trust_anchor")?);
    let at: Instant = text(&row, "validation_time")?.parse()?;
    let mut pool = vec![issuer.clone()];
    for name in texts(&row, "extra_certs")? {
        pool.push(Certificate::from_pem(&String::from_utf8(folder.read(&format!("crl/{name}"))?)?)?);
    }
    let mut lists = Vec::new();
    for name in texts(&row, "crls")? {
        lists.push(folder.read(&format!("crl/{name}"))?);
    }
    Ok(Row::run(id, row.clone(), || {
        let (crls, malformed) = read(&lists);
        let evidence = RevocationEvidence::new(crls, Vec::new());
        let settings = RevocationSettings::default();
        let mut inputs = RevocationInputs::new(&evidence, &anchor, at, &settings);
        inputs.pool = &pool;
        let status = revocation::check(&certificate, (&issuer).into(), &inputs, &mut Budget::new(&Limits::default()));
        Outcome::compare(&row, answer(&status), &format!("{status}; {}", malformed.join("; ")))
    }))
}

/// The lists that can be read, and why the others cannot.
pub fn read(lists: &[Vec<u8>]) -> (Vec<Crl>, Vec<String>) {
    let (mut crls, mut malformed) = (Vec::new(), Vec::new());
    for list in lists {
        match Crl::from_der(list, &Limits::default()) {
            Ok(crl) => crls.push(crl),
            Err(error) => malformed.push(error.to_string()),
        }
    }
    (crls, malformed)
}

pub fn answer(status: &RevocationStatus) -> &'static str {
    match status {
        RevocationStatus::NotRevoked(_) => "good",
        RevocationStatus::Revoked(_) => "revoked",
        _ => "undetermined",
    }
}

fn certificate(folder: &Folder, row: &Map<String, Value>, member: &str) -> Result<Certificate, Problem> {
    let pem = folder.read(&format!("crl/{}", text(row, member)?))?;
    Ok(Certificate::from_pem(&String::from_utf8(pem)?)?)
}
