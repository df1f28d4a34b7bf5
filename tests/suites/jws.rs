//! The examples of RFC 7515, RFC 7520 and RFC 8037.
//!
//! What is symmetric, `none`, or by ES512, which `ring` has not, agrees when it is refused. Several signatures agree when
//! each one that can be verified here is, and there is one.

use serde_json::{Map, Value};
use wathiqa::budget::Limits;
use wathiqa::crypto::AlgorithmConstraints;
use wathiqa::encoding::base64;
use wathiqa::jws::{CriticalRules, Jws, JwsSignature};

use super::framework::{Folder, Outcome, Problem, Row};
use super::jwk::Jwk;

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.manifest("jws/manifest.json")?;
    Ok(manifest.into_iter().enumerate().map(|(position, row)| run(position, row)).collect())
}

fn run(position: usize, row: Map<String, Value>) -> Row {
    let id = row.get("name").and_then(Value::as_str).map_or_else(|| position.to_string(), str::to_owned);
    Row::run(id, row.clone(), || {
        let algorithms = row.get("alg").and_then(Value::as_str).unwrap_or_default();
        let (answer, detail) = match answer(&row) {
            Ok(()) => ("valid", String::new()),
            Err(reason) => ("invalid", reason),
        };
        if answer == "invalid" && algorithms.split('+').all(|name| !verifiable(name)) {
            return Outcome::Agree;
        }
        Outcome::compare(&row, answer, &detail)
    })
}

fn verifiable(algorithm: &str) -> bool {
    !matches!(algorithm, "none" | "HS256" | "HS384" | "HS512" | "ES512")
}

fn answer(row: &Map<String, Value>) -> Result<(), String> {
    let text = match row.get("value") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return Err("no value".to_owned()),
    };
    let jws = Jws::parse(text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())?;
    let keys: Vec<&Value> = match row.get("keys") {
        Some(Value::Array(keys)) => keys.iter().collect(),
        _ => row.get("key").into_iter().collect(),
    };
    let mut verified = 0_usize;
    for signature in jws.signatures() {
        let algorithm = signature.algorithm();
        let named = signature.unverified_string("alg");
        if algorithm.is_err() && named.is_none_or(|name| !verifiable(name)) {
            continue;
        }
        verify(signature, &keys)?;
        verified += 1;
    }
    let payload = jws.unverified_payload().map(base64::encode_url);
    match row.get("payload").and_then(Value::as_str) {
        Some(expected) if payload.as_deref() != Some(expected) => Err("another payload".to_owned()),
        _ if verified == 0 => Err("no signature that can be verified".to_owned()),
        _ => Ok(()),
    }
}

/// One of the keys must verify the signature.
fn verify(signature: &JwsSignature, keys: &[&Value]) -> Result<(), String> {
    let rules = CriticalRules::new(&[], &[]);
    signature.check_critical(&rules).map_err(|error| error.to_string())?;
    let algorithm = signature.algorithm().map_err(|error| error.to_string())?;
    let mut reason = "no key".to_owned();
    for key in keys {
        let outcome = Jwk::new(key).public_key().and_then(|key| {
            let constraints = AlgorithmConstraints::default();
            constraints.check(algorithm.signature_algorithm(), &key).map_err(|error| error.to_string())?;
            signature.verify(&key, &rules, None).map_err(|error| error.to_string())
        });
        match outcome {
            Ok(_valid) => return Ok(()),
            Err(error) => reason = error,
        }
    }
    Err(reason)
}
