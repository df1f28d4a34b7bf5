//! `boringssl-names`: which names are equal, within a subtree, unreadable, or permitted by name constraints.
//!
//! Rows are those of three lists; the files of `unparsable` are given the `op` of that name.

use serde_json::{Map, Value, json};
use wathiqa::budget::{Budget, Limits};
use wathiqa::x509::{GeneralName, Name, NameConstraints};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::text;

/// The rows of `boringssl/names.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let manifest = folder.json("boringssl/names.json")?;
    let list = |name: &str| manifest.get(name).and_then(Value::as_array).ok_or_else(|| format!("no list \"{name}\""));
    let mut entries = [list("pairs")?.as_slice(), list("name_constraints")?].concat();
    let unparsable = |file: &Value| json!({ "op": "unparsable", "name": file, "expect": true });
    entries.extend(list("unparsable")?.iter().map(unparsable));
    let mut rows = Vec::new();
    for entry in entries {
        let Value::Object(fields) = entry else { return Err("a row that is no object".into()) };
        let files = ["a", "b", "name", "san", "base", "constraints"].map(|member| text(&fields, member).ok());
        let id = format!("{} {}", text(&fields, "op")?, files.into_iter().flatten().collect::<Vec<_>>().join(" "));
        rows.push(Row::run(id, fields.clone(), || compare(folder, &fields)));
    }
    Ok(rows)
}

fn compare(folder: &Folder, row: &Map<String, Value>) -> Outcome {
    let expected = row.get("expect").unwrap_or(&Value::Null);
    match answer(folder, row) {
        Ok(found) if *expected == found => Outcome::Agree,
        Ok(found) => Outcome::Disagree(format!("expected {expected}, answered {found}")),
        Err(Problem(reason)) => Outcome::Disagree(format!("expected {expected}, not read: {reason}")),
    }
}

fn answer(folder: &Folder, row: &Map<String, Value>) -> Result<bool, Problem> {
    let octets = |member: &str| folder.read(&format!("boringssl/{}", text(row, member)?));
    let name = |member: &str| -> Result<Name, Problem> { Ok(Name::from_der(&octets(member)?)?) };
    match text(row, "op")? {
        "equal" => Ok(name("a")?.matches(&name("b")?)),
        "in_subtree" => Ok(name("name")?.is_within(&name("base")?)),
        "unparsable" => Ok(Name::from_der(&octets("name")?).is_err()),
        "directory_name_permitted" => permitted(&octets("constraints")?, &[GeneralName::DirectoryName(name("name")?)]),
        "san_permitted" => permitted(&octets("constraints")?, &GeneralName::all_from_der(&octets("san")?)?),
        other => Err(format!("op \"{other}\"").into()),
    }
}

/// Whether the constraints permit every one of `names`.
fn permitted(constraints: &[u8], names: &[GeneralName]) -> Result<bool, Problem> {
    let constraints = NameConstraints::from_der(constraints)?;
    let mut budget = Budget::new(&Limits::default());
    for name in names {
        if constraints.check(name, &mut budget)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}
