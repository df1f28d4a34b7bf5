//! Typed reads of the members of a row.

use serde_json::{Map, Value};
use wathiqa::crypto::{AlgorithmConstraints, AlgorithmRow, ListedAlgorithm};

use super::framework::Problem;

/// The text of a member that must be there.
pub fn text<'a>(row: &'a Map<String, Value>, member: &str) -> Result<&'a str, Problem> {
    Ok(row.get(member).and_then(Value::as_str).ok_or_else(|| format!("no text \"{member}\" in a row"))?)
}

/// The texts of an array; none if the member is absent or null.
pub fn texts<'a>(row: &'a Map<String, Value>, member: &str) -> Result<Vec<&'a str>, Problem> {
    let items = match row.get(member) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err(format!("\"{member}\" is not an array").into()),
    };
    items.iter().map(|item| Ok(item.as_str().ok_or_else(|| format!("\"{member}\" has more than texts"))?)).collect()
}

/// Whether a flag is set; it is not if the member is absent.
pub fn flag(row: &Map<String, Value>, member: &str) -> bool {
    row.get(member) == Some(&Value::Bool(true))
}

/// What the harness of a suite of an older time allows: SHA-1, and RSA of 1024 bits.
pub fn of_its_time() -> AlgorithmConstraints {
    AlgorithmConstraints::default()
        .without(ListedAlgorithm::Rsa)
        .with(AlgorithmRow::new(ListedAlgorithm::Rsa, 1024))
        .with(AlgorithmRow::new(ListedAlgorithm::Sha1, 0))
}
