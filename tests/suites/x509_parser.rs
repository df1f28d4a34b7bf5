//! Every certificate of every suite that can be read, also the hostile ones, against `x509-parser`: another reader must find the
//! same in it.
//!
//! What we refuse is no row: the suites themselves say whether that is right. Rows have the field `part`, the suite they are of, by which they are counted too.

use std::collections::BTreeSet;

use serde_json::Map;
use wathiqa::x509::{Certificate, Criticality, certificates_from_pem};
use x509_parser::certificate::{TbsCertificate, X509CertificateParser};
use x509_parser::nom::Parser;

use super::framework::{Folder, Outcome, Problem, Row};

/// The certificates in all files, in DER and in PEM, each once.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for file in folder.files()? {
        let octets = folder.read(&file)?;
        let found = Certificate::from_der(&octets).map_or_else(|_| in_pem(&octets), |certificate| vec![certificate]);
        for (position, certificate) in found.into_iter().enumerate() {
            if seen.insert(certificate.as_der().to_vec()) {
                let part = file.split('/').next().unwrap_or_default();
                let fields = Map::from_iter([("part".to_owned(), part.into())]);
                rows.push(Row::run(format!("{file}#{position}"), fields, || compare(&certificate)));
            }
        }
    }
    Ok(rows)
}

/// The certificates in the blocks of a text, which may be inside a JSON string.
fn in_pem(octets: &[u8]) -> Vec<Certificate> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    let text = String::from_utf8_lossy(octets).replace("\\n", "\n");
    let blocks = text.split(BEGIN).skip(1).filter_map(|after| after.split_once("-----END CERTIFICATE-----"));
    let read =
        |(inside, _)| certificates_from_pem(format!("{BEGIN}{inside}-----END CERTIFICATE-----\n").as_bytes()).ok();
    blocks.filter_map(read).flatten().collect()
}

fn compare(ours: &Certificate) -> Outcome {
    let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
    let theirs = match parser.parse(ours.as_der()) {
        Ok(([], theirs)) => theirs,
        Ok(_) => return Outcome::Disagree("octets are left".to_owned()),
        Err(error) => return Outcome::Disagree(format!("not read: {error}")),
    };
    let tbs: &TbsCertificate<'_> = &theirs.tbs_certificate;
    let period = tbs.validity();
    let seconds = [period.not_before, period.not_after].map(|time| time.timestamp());
    let parts = [
        ("tbsCertificate", ours.tbs_der() == tbs.as_ref()),
        ("serialNumber", ours.serial_number() == tbs.raw_serial()),
        ("issuer", ours.issuer().as_der() == tbs.issuer().as_raw()),
        ("subject", ours.subject().as_der() == tbs.subject().as_raw()),
        ("notBefore", ours.validity().not_before().unix_seconds() == seconds[0]),
        ("notAfter", ours.validity().not_after().unix_seconds() == seconds[1]),
        ("subjectPublicKeyInfo", ours.public_key().spki_der() == tbs.public_key().raw),
        ("extensions", extensions_agree(ours, tbs)),
        ("signatureValue", ours.signature_value() == &*theirs.signature_value.data),
    ];
    match parts.iter().find(|(_, agree)| !agree) {
        Some((part, _)) => Outcome::Disagree(format!("another {part}")),
        None => Outcome::Agree,
    }
}

fn extensions_agree(ours: &Certificate, theirs: &TbsCertificate<'_>) -> bool {
    let ours = ours.extensions().iter().map(|extension| {
        let critical = extension.criticality() == Criticality::Critical;
        (extension.id().as_der_contents(), critical, extension.value())
    });
    ours.eq(theirs.extensions().iter().map(|extension| (extension.oid.as_bytes(), extension.critical, extension.value)))
}
