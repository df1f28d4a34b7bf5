//! `tsp`: made tokens and responses, good and bad; `tsp-public`: what a public authority answered.
//!
//! Rows have a field more, for rules: `signature_algorithm`, as the token names it.

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::oid::Oid;
use wathiqa::time::Instant;
use wathiqa::tsp::{
    ProofOfExistence, StampedData, TimeStampRequest, TimeStampResponse, TimeStampToken, VerificationInputs, verify,
};
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore, certificates_from_pem};

use super::framework::{Folder, Outcome, Problem, Row};

/// The rows of `tsp/manifest.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for mut manifest_row in folder.manifest("tsp/manifest.json")? {
        let id = text(&manifest_row, "id").ok_or("a row without an id")?.to_owned();
        let case = Case::read(folder, &manifest_row).map_err(|Problem(problem)| format!("{id}: {problem}"))?;
        if let Ok(token) = case.token() {
            let algorithm = token.signer_info().signature_algorithm().to_string();
            manifest_row.insert("signature_algorithm".to_owned(), algorithm.into());
        }
        rows.push(Row::run(id, manifest_row.clone(), || {
            let (answer, detail) =
                case.judge().map_or_else(|reason| ("invalid", reason.0), |_| ("valid", String::new()));
            Outcome::compare(&manifest_row, answer, &detail)
        }));
    }
    Ok(rows)
}

/// One row, its files read.
struct Case {
    octets: Vec<u8>,
    is_response: bool,
    data: Vec<u8>,
    request: Option<TimeStampRequest>,
    trust_store: TrustStore,
    pool: Vec<Certificate>,
    policy: Option<Oid>,
    at: Instant,
}

impl Case {
    fn read(folder: &Folder, row: &Map<String, Value>) -> Result<Self, Problem> {
        let member = |name: &str| text(row, name).ok_or_else(|| format!("no member \"{name}\""));
        let file = |name: &str| folder.read(&format!("tsp/{}", member(name)?));
        let request = match text(row, "request") {
            Some(_) => Some(TimeStampRequest::from_der(&file("request")?, &Limits::default())?),
            None => None,
        };
        let intermediates = row.get("intermediates").and_then(Value::as_array).into_iter().flatten();
        let mut pool = Vec::new();
        for name in intermediates.filter_map(Value::as_str).chain(text(row, "signer_cert")) {
            pool.extend(certificates(folder, &format!("tsp/{name}"))?);
        }
        Ok(Self {
            octets: file("file")?,
            is_response: match member("kind")? {
                "TimeStampResp" => true,
                "TimeStampToken" => false,
                other => return Err(format!("kind \"{other}\"").into()),
            },
            data: file("data")?,
            request,
            trust_store: anchors(certificates(folder, &format!("tsp/{}", member("trust_anchor")?))?),
            pool,
            policy: text(row, "policy").map(str::parse).transpose()?,
            at: member("validation_time")?.parse()?,
        })
    }

    fn token(&self) -> Result<TimeStampToken, Problem> {
        let limits = Limits::default();
        if self.is_response {
            return Ok(TimeStampResponse::from_der(&self.octets, &limits)?.into_token()?);
        }
        Ok(TimeStampToken::from_der(&self.octets, &limits)?)
    }

    fn judge(&self) -> Result<ProofOfExistence, Problem> {
        let token = self.token()?;
        let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip);
        let pieces = [self.data.as_slice()];
        let mut inputs = VerificationInputs::new(StampedData::Octets(&pieces), &self.trust_store, &settings, self.at);
        inputs.request = self.request.as_ref();
        inputs.policies = self.policy.as_ref().map(std::slice::from_ref);
        inputs.pool = &self.pool;
        Ok(verify(&token, &inputs, &mut Budget::new(&Limits::default()))?)
    }
}

fn text<'a>(row: &'a Map<String, Value>, member: &str) -> Option<&'a str> {
    row.get(member).and_then(Value::as_str)
}

fn certificates(folder: &Folder, path: &str) -> Result<Vec<Certificate>, Problem> {
    let pem = String::from_utf8(folder.read(path)?)?;
    certificates_from_pem(&pem).map_err(|error| format!("{path}: {error}").into())
}

fn anchors(certificates: Vec<Certificate>) -> TrustStore {
    certificates.into_iter().map(TrustAnchor::from_certificate).collect()
}

/// The response in `tsp-public` under each of its two anchors, judged at its own time.
pub fn public_rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let limits = Limits::default();
    let request = TimeStampRequest::from_der(&folder.read("tsp-public/all-zero.tsq")?, &limits)?;
    let response = folder.read("tsp-public/sectigo-all-zero.tsr")?;
    let mut pool = Vec::new();
    for name in ["sectigo-time-stamping-ca.pem", "user-trust-ca.pem", "user-trust-ca-aaa.pem"] {
        pool.extend(certificates(folder, &format!("tsp-public/{name}"))?);
    }
    let judge = |trust_store: &TrustStore| -> Result<ProofOfExistence, Problem> {
        let token = TimeStampResponse::from_der(&response, &limits)?.into_token_for(&request)?;
        let settings = PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip);
        let gen_time = token.unverified_tst_info().gen_time();
        let data = StampedData::Digest(request.message_imprint());
        let mut inputs = VerificationInputs::new(data, trust_store, &settings, gen_time);
        inputs.pool = &pool;
        Ok(verify(&token, &inputs, &mut Budget::new(&limits))?)
    };
    let mut rows = Vec::new();
    for anchor in ["user-trust-ca-aaa.pem", "comodo-aaa.pem"] {
        let trust_store = anchors(certificates(folder, &format!("tsp-public/{anchor}"))?);
        rows.push(Row::run(anchor, Map::new(), || match judge(&trust_store) {
            Ok(_) => Outcome::Agree,
            Err(Problem(reason)) => Outcome::Disagree(reason),
        }));
    }
    Ok(rows)
}
