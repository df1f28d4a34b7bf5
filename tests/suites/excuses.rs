//! Excuses: rules over the fields of a row, each with its reason, so that they hold for rows not seen yet.
//!
//! ```toml
//! [[excuse]]
//! suite = "wycheproof"
//! where = { sha = "SHA-512", curve = ["secp256r1", "secp384r1"], file = { prefix = "ecdsa_" } }
//! answer = "unsupported"
//! reason = "ring has no ECDSA with SHA-512"
//! ```
//!
//! A row is meant when every field named under `where` is there and fits: it equals the value given, or one of a list;
//! or it has the `prefix`, the `suffix`, or what it `contains` (part of a text, or an element of an array); or it is
//! `not` the value, nor one of the list. With `answer`, the text of the disagreement must contain it.

use serde_json::{Map, Value};

use super::framework::{Outcome, Row};

/// One rule.
#[derive(Debug)]
pub struct Excuse {
    suite: String,
    conditions: Vec<(String, Condition)>,
    answer: Option<String>,
    reason: String,
}

#[derive(Debug)]
enum Condition {
    OneOf(Vec<Value>),
    NoneOf(Vec<Value>),
    Prefix(String),
    Suffix(String),
    Contains(Value),
}

impl Excuse {
    /// Reads the rules of a whole file.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        let file: Map<String, Value> = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut excuses = Vec::new();
        for (name, value) in file {
            let Some(rules) = value.as_array().filter(|_| name == "excuse") else {
                return Err(format!("\"{name}\" is not a list of [[excuse]]"));
            };
            for (position, rule) in rules.iter().enumerate() {
                excuses.push(Self::read(rule).map_err(|problem| format!("excuse {}: {problem}", position + 1))?);
            }
        }
        Ok(excuses)
    }

    fn read(rule: &Value) -> Result<Self, String> {
        let members = rule.as_object().ok_or("not a table")?;
        if let Some(other) = members.keys().find(|key| !["suite", "where", "answer", "reason"].contains(&key.as_str()))
        {
            return Err(format!("unknown member \"{other}\""));
        }
        let text = |name: &str| match members.get(name).and_then(Value::as_str) {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            _ => Err(format!("\"{name}\" must be a text")),
        };
        let fields = members.get("where").and_then(Value::as_object).filter(|fields| !fields.is_empty());
        let mut conditions = Vec::new();
        for (field, value) in fields.ok_or("\"where\" must name a field")? {
            let condition = Condition::read(value).ok_or_else(|| format!("\"{field}\" is not a condition"))?;
            conditions.push((field.clone(), condition));
        }
        let answer = members.contains_key("answer").then(|| text("answer")).transpose()?;
        Ok(Self { suite: text("suite")?, conditions, answer, reason: text("reason")? })
    }

    /// The suite it is for.
    pub fn suite(&self) -> &str {
        &self.suite
    }

    /// Why the rows it means may disagree.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the rule means `row`, whatever came of it.
    pub fn means(&self, row: &Row) -> bool {
        self.conditions
            .iter()
            .all(|(field, condition)| row.fields.get(field).is_some_and(|value| condition.holds(value)))
    }

    /// Whether `row` disagrees and the rule excuses that.
    pub fn excuses(&self, row: &Row) -> bool {
        let Outcome::Disagree(text) = &row.outcome else { return false };
        self.means(row) && self.answer.as_ref().is_none_or(|answer| text.contains(answer))
    }
}

impl Condition {
    fn read(value: &Value) -> Option<Self> {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        let Value::Object(form) = value else { return Some(Self::OneOf(list(value))) };
        let mut members = form.iter();
        let (name, operand) = members.next().filter(|_| form.len() == 1)?;
        match name.as_str() {
            "not" => Some(Self::NoneOf(list(operand))),
            "prefix" => operand.as_str().map(|text| Self::Prefix(text.to_owned())),
            "suffix" => operand.as_str().map(|text| Self::Suffix(text.to_owned())),
            "contains" => Some(Self::Contains(operand.clone())),
            _ => None,
        }
    }

    fn holds(&self, value: &Value) -> bool {
        let text = value.as_str();
        match self {
            Self::OneOf(values) => values.contains(value),
            Self::NoneOf(values) => !values.contains(value),
            Self::Prefix(prefix) => text.is_some_and(|text| text.starts_with(prefix)),
            Self::Suffix(suffix) => text.is_some_and(|text| text.ends_with(suffix)),
            Self::Contains(part) => match (value, part) {
                (Value::Array(items), _) => items.contains(part),
                (Value::String(text), Value::String(part)) => text.contains(part),
                _ => false,
            },
        }
    }
}
