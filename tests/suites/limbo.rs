//! `limbo`: the cases of C2SP's x509-limbo that say something about certification paths.
//!
//! A row is the entry of `applicable.json`, with the member `expect` made of `expected_result`. Names and kinds of peers are
//! left aside; key purposes are asked of the leaf alone.

use std::time::{Duration, Instant as Clock};

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::time::Instant;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::{CaKeyPurposes, PathInputs, PathSettings, Purpose, RevocationPolicy, build};
use wathiqa::x509::revocation::{RevocationEvidence, RevocationScope, RevocationSettings};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{text, texts};

/// The rows of `limbo/applicable.json`, run as `limbo/limbo.json` says.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let file = folder.json("limbo/limbo.json")?;
    let cases = file.get("testcases").and_then(Value::as_array).ok_or("limbo.json: no list \"testcases\"")?;
    let mut rows = Vec::new();
    for mut fields in folder.manifest("limbo/applicable.json")? {
        let id = text(&fields, "id")?.to_owned();
        let case = cases.iter().find(|case| case.get("id") == fields.get("id")).and_then(Value::as_object);
        let case = case.ok_or_else(|| format!("{id}: not in limbo.json"))?;
        let case = Case::read(case).map_err(|Problem(problem)| format!("{id}: {problem}"))?;
        fields.insert("expect".to_owned(), fields.get("expected_result").cloned().unwrap_or_default());
        rows.push(Row::run(id, fields.clone(), || case.compare(&fields)));
    }
    Ok(rows)
}

/// The longest that one row may take.
const LONGEST: Duration = Duration::from_secs(5);

/// When a row does not say at what time it is judged.
const NOW: &str = "2026-07-01T00:00:00Z";

/// One row.
struct Case<'a> {
    leaf: &'a str,
    pool: Vec<&'a str>,
    anchors: Vec<&'a str>,
    crls: Vec<&'a str>,
    /// Each of them is asked of the leaf.
    purposes: Vec<Purpose>,
    max_path_length: Option<u64>,
    at: Instant,
}

impl<'a> Case<'a> {
    fn read(case: &'a Map<String, Value>) -> Result<Self, Problem> {
        let purposes = texts(case, "extended_key_usage")?.into_iter().map(purpose).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            leaf: text(case, "peer_certificate")?,
            pool: texts(case, "untrusted_intermediates")?,
            anchors: texts(case, "trusted_certs")?,
            crls: texts(case, "crls")?,
            purposes: if purposes.is_empty() { vec![Purpose::Any] } else { purposes },
            max_path_length: case.get("max_chain_depth").and_then(Value::as_u64),
            at: case.get("validation_time").and_then(Value::as_str).unwrap_or(NOW).parse()?,
        })
    }

    fn compare(&self, row: &Map<String, Value>) -> Outcome {
        let start = Clock::now();
        let outcome = match self.judge() {
            Ok(()) => Outcome::compare(row, "SUCCESS", ""),
            Err(Problem(reason)) => Outcome::compare(row, "FAILURE", &reason),
        };
        match start.elapsed() {
            taken if taken > LONGEST => Outcome::Disagree(format!("took {taken:?}")),
            _ => outcome,
        }
    }

    fn judge(&self) -> Result<(), Problem> {
        let leaf = Certificate::from_pem(self.leaf)?;
        let trust_store: TrustStore = readable(&self.anchors).map(TrustAnchor::from_certificate).collect();
        let pool: Vec<Certificate> = readable(&self.pool).collect();
        let limits = Limits::default();
        let crls = self.crls.iter().filter_map(|text| pem::parse(text).ok());
        let crls = crls.filter_map(|block| Crl::from_der(block.contents(), &limits).ok()).collect();
        let evidence = RevocationEvidence::new(crls, Vec::new());
        let revocation = if self.crls.is_empty() {
            RevocationPolicy::Skip
        } else {
            let mut settings = RevocationSettings::default();
            settings.scope = RevocationScope::Leaf;
            RevocationPolicy::Check(settings)
        };
        for purpose in &self.purposes {
            let mut settings = PathSettings::new(purpose.clone(), revocation.clone());
            settings.ca_key_purposes = CaKeyPurposes::Ignore;
            settings.max_path_length = self.max_path_length;
            let mut inputs = PathInputs::new(&leaf, &trust_store, self.at, &settings);
            inputs.pool = &pool;
            inputs.evidence = Some(&evidence);
            let _path = build(&inputs, &mut Budget::new(&limits))?;
        }
        Ok(())
    }
}

/// The certificates that can be read; another is not there.
fn readable(texts: &[&str]) -> impl Iterator<Item = Certificate> {
    texts.iter().filter_map(|text| Certificate::from_pem(text).ok())
}

/// A key purpose by its name in RFC 5280 §4.2.1.12.
fn purpose(name: &str) -> Result<Purpose, Problem> {
    let number = match name {
        "anyExtendedKeyUsage" => return Ok(Purpose::Any),
        "serverAuth" => 1,
        "clientAuth" => 2,
        "codeSigning" => 3,
        "emailProtection" => 4,
        "timeStamping" => 8,
        "OCSPSigning" => 9,
        other => return Err(format!("key purpose \"{other}\"").into()),
    };
    Ok(Purpose::KeyPurpose(format!("1.3.6.1.5.5.7.3.{number}").parse()?))
}
