//! The gate for JSON (RFC 8259), strict where readers are known to differ (RFC 7493, I-JSON).
//!
//! Accepted: one JSON text in UTF-8. Refused, each with its byte offset: a duplicate member name at any depth
//! (escaped spellings too), more nesting or members than [`Limits`] allow, an integer that fits neither `i64` nor
//! `u64` and would silently become a float, a lone surrogate, a byte order mark, anything behind the text.
//! Fractions and exponents are read as `f64`, as RFC 8259 §6 expects.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::budget::Limits;
use crate::encoding::{excerpt, remark};

mod cursor;
mod marks;
mod members;
mod names;
mod passed;
mod scan;
mod walk;

pub use members::MemberTypeError;
pub(crate) use members::Members;
pub(crate) use passed::{Passed, Place};
pub(crate) use scan::{ScanMemory, Scanner};

/// Reads one JSON text as a `T` that serde can read.
///
/// # Errors
/// [`JsonError`] as the module says, and [`JsonFault::Shape`] when the text is JSON but not a `T`, such as
/// `{"a":"1"}` where `a` is a number.
pub fn from_slice<T: DeserializeOwned>(octets: &[u8], limits: &Limits) -> Result<T, JsonError> {
    let text = readable(octets, limits)?;
    gate(text, limits, Shape::Nothing)?;
    serde_json::from_str(text).map_err(|error| JsonError::from_backend(&error, text, None))
}

/// Reads one JSON text of at most `limit` octets in one pass, for a large text and a type that guards itself: one that
/// reads every member as a type of its own, so that nothing nests deeper than the types do, and refuses a member that
/// stands twice.
pub(crate) fn from_slice_guarded<'de, S: DeserializeSeed<'de>>(
    octets: &'de [u8],
    limit: usize,
    seed: S,
) -> Result<S::Value, JsonError> {
    if octets.len() > limit {
        return Err(JsonError { fault: JsonFault::TooLarge { limit }, offset: limit });
    }
    let text = std::str::from_utf8(octets)
        .map_err(|error| JsonError { fault: JsonFault::NotUtf8, offset: error.valid_up_to() })?;
    let mut parser = serde_json::Deserializer::from_str(text);
    let outcome = seed.deserialize(&mut parser);
    outcome.and_then(|value| parser.end().map(|()| value)).map_err(|error| JsonError::from_backend(&error, text, None))
}

/// Reads one JSON text as a tree of values, in the same pass that guards it.
pub(crate) fn parse(octets: &[u8], limits: &Limits) -> Result<Value, JsonError> {
    let text = readable(octets, limits)?;
    gate(text, limits, Shape::Tree)
}

/// Reads one JSON text that must be an object.
pub(crate) fn parse_object(octets: &[u8], limits: &Limits) -> Result<Map<String, Value>, JsonError> {
    match parse(octets, limits)? {
        Value::Object(object) => Ok(object),
        other => {
            let fault = JsonFault::Shape(format!("expected an object, found {}", kind_of(&other)));
            Err(JsonError { fault, offset: 0 })
        }
    }
}

/// Names the JSON type of `value` with its article, for messages.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a fraction",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Why octets are not JSON that this crate accepts, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("JSON at octet {offset}: {fault}")]
#[non_exhaustive]
pub struct JsonError {
    /// What is wrong.
    pub fault: JsonFault,
    /// Octets before the place where it was noticed.
    pub offset: usize,
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonFault {
    /// More octets than [`Limits::input_octets`].
    #[error("more than {limit} octets")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The octets are not UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// Not the grammar of RFC 8259.
    #[error("{0}")]
    Syntax(String),
    /// A member name stands twice in one object.
    #[error("member \"{name}\" stands twice")]
    DuplicateMember {
        /// The name, at most 48 characters of it, controls escaped.
        name: String,
    },
    /// Arrays and objects nest deeper than [`Limits::json_depth`].
    #[error("nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// More members and elements than [`Limits::json_members`].
    #[error("more than {limit} members and elements")]
    TooManyMembers {
        /// The limit.
        limit: usize,
    },
    /// An integer that neither `i64` nor `u64` holds.
    #[error("the integer does not fit 64 bits")]
    WideInteger,
    /// JSON, but not of the shape asked for.
    #[error("{0}")]
    Shape(String),
}

impl JsonError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.fault {
            JsonFault::TooLarge { .. } => "json-too-large",
            JsonFault::NotUtf8 => "json-not-utf8",
            JsonFault::Syntax(_) => "json-syntax",
            JsonFault::DuplicateMember { .. } => "json-duplicate-member",
            JsonFault::TooDeep { .. } => "json-too-deep",
            JsonFault::TooManyMembers { .. } => "json-too-many-members",
            JsonFault::WideInteger => "json-wide-integer",
            JsonFault::Shape(_) => "json-shape",
        }
    }

    /// Turns an error of the parser, or the fault that the gate left behind, into ours.
    fn from_backend(error: &serde_json::Error, text: &str, fault: Option<JsonFault>) -> Self {
        let offset = offset_of(text, error.line(), error.column());
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(said, _)| said);
        let message = remark(message);
        let fault = fault.unwrap_or(match error.classify() {
            serde_json::error::Category::Data => JsonFault::Shape(message),
            _ => JsonFault::Syntax(message),
        });
        Self { fault, offset }
    }
}

/// The octets before `column` (counted from 1, in octets) of `line` (counted from 1).
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

fn readable<'a>(octets: &'a [u8], limits: &Limits) -> Result<&'a str, JsonError> {
    let limit = limits.input_octets;
    if octets.len() > limit {
        return Err(JsonError { fault: JsonFault::TooLarge { limit }, offset: limit });
    }
    let text = std::str::from_utf8(octets)
        .map_err(|error| JsonError { fault: JsonFault::NotUtf8, offset: error.valid_up_to() })?;
    match wide_integer(text) {
        Some(offset) => Err(JsonError { fault: JsonFault::WideInteger, offset }),
        None => Ok(text),
    }
}

/// The offset of the first integer, outside strings, that fits neither `i64` nor `u64`. Text that is not JSON is left
/// for the parser to refuse.
fn wide_integer(text: &str) -> Option<usize> {
    let is_number = |(_, octet): &(usize, u8)| matches!(octet, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    let mut octets = text.bytes().enumerate().peekable();
    while let Some((start, octet)) = octets.next() {
        if octet == b'"' {
            skip_string(&mut octets);
        } else if octet == b'-' || octet.is_ascii_digit() {
            let mut end = start + 1;
            while let Some((at, _)) = octets.next_if(is_number) {
                end = at + 1;
            }
            let number = text.get(start..end).unwrap_or_default();
            let integer = number.trim_start_matches('-').bytes().all(|digit| digit.is_ascii_digit());
            if integer && number.len() > 18 && number.parse::<i64>().is_err() && number.parse::<u64>().is_err() {
                return Some(start);
            }
        }
    }
    None
}

fn skip_string(octets: &mut impl Iterator<Item = (usize, u8)>) {
    while let Some((_, octet)) = octets.next() {
        match octet {
            b'"' => return,
            b'\\' => drop(octets.next()),
            _ => {}
        }
    }
}

fn gate(text: &str, limits: &Limits, shape: Shape) -> Result<Value, JsonError> {
    let mut state = State { limits, members: 0, fault: None };
    let mut parser = serde_json::Deserializer::from_str(text);
    let outcome = Gate { state: &mut state, depth: 0, shape }.deserialize(&mut parser);
    outcome
        .and_then(|value| parser.end().map(|()| value))
        .map_err(|error| JsonError::from_backend(&error, text, state.fault.take()))
}

/// Whether the gate keeps what it reads.
#[derive(Clone, Copy)]
enum Shape {
    Tree,
    Nothing,
}

struct State<'a> {
    limits: &'a Limits,
    members: usize,
    /// What the gate itself objects to; the parser's error type can only carry text.
    fault: Option<JsonFault>,
}

struct Gate<'s, 'a> {
    state: &'s mut State<'a>,
    depth: usize,
    shape: Shape,
}

impl<'a> Gate<'_, 'a> {
    fn refuse<E: Error>(&mut self, fault: JsonFault) -> E {
        let error = E::custom(&fault);
        self.state.fault = Some(fault);
        error
    }

    fn descend<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        let limit = self.state.limits.json_depth;
        if self.depth > limit { Err(self.refuse(JsonFault::TooDeep { limit })) } else { Ok(()) }
    }

    fn count<E: Error>(&mut self) -> Result<(), E> {
        self.state.members += 1;
        let limit = self.state.limits.json_members;
        if self.state.members > limit { Err(self.refuse(JsonFault::TooManyMembers { limit })) } else { Ok(()) }
    }

    fn inner(&mut self) -> Gate<'_, 'a> {
        Gate { state: self.state, depth: self.depth, shape: self.shape }
    }

    fn keep(&self, value: impl FnOnce() -> Value) -> Value {
        match self.shape {
            Shape::Tree => value(),
            Shape::Nothing => Value::Null,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Gate<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Gate<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(self.keep(|| Value::String(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Value, A::Error> {
        self.descend()?;
        let mut array = Vec::new();
        while let Some(value) = elements.next_element_seed(self.inner())? {
            self.count()?;
            if let Shape::Tree = self.shape {
                array.push(value);
            }
        }
        Ok(self.keep(|| Value::Array(array)))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        self.descend()?;
        let mut names = HashSet::new();
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.count()?;
            if !names.insert(name.clone()) {
                let name = excerpt(&name);
                return Err(self.refuse(JsonFault::DuplicateMember { name }));
            }
            let value = members.next_value_seed(self.inner())?;
            if let Shape::Tree = self.shape {
                object.insert(name, value);
            }
        }
        Ok(self.keep(|| Value::Object(object)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Limits {
        Limits { input_octets: 1000, json_depth: 3, json_members: 5, ..Limits::default() }
    }

    fn refused(text: &str) -> String {
        let tree = parse(text.as_bytes(), &small()).unwrap_err();
        assert_eq!(from_slice::<Value>(text.as_bytes(), &small()).unwrap_err(), tree, "both ways agree");
        tree.to_string()
    }

    #[test]
    fn what_readers_differ_on_is_refused_with_its_place() {
        assert_eq!(refused(r#"{"alg":1,"\u0061lg":2}"#), r#"JSON at octet 18: member "alg" stands twice"#);
        assert_eq!(refused(r#"[{"a":{"b":1,"b":1}}]"#), r#"JSON at octet 15: member "b" stands twice"#);
        assert_eq!(refused("[18446744073709551616]"), "JSON at octet 1: the integer does not fit 64 bits");
        assert_eq!(refused("-9223372036854775809"), "JSON at octet 0: the integer does not fit 64 bits");
        assert_eq!(refused("{} {}"), "JSON at octet 3: trailing characters");
        assert_eq!(refused("\u{feff}{}"), "JSON at octet 0: expected value");
        assert_eq!(refused(r#""\ud800""#), "JSON at octet 7: unexpected end of hex escape");
        assert_eq!(refused("[1,\n 2,]"), "JSON at octet 7: trailing comma");
    }

    #[test]
    fn both_sides_of_each_limit() {
        let parses = |text: &str| parse(text.as_bytes(), &small()).is_ok();
        assert!(parses("[[[1]]]") && parses("[1,2,3,4,5]") && parses(&format!("{:1000}", 1)));
        assert_eq!(refused("[[[[1]]]]"), "JSON at octet 3: nested deeper than 3");
        assert_eq!(refused("[1,2,3,4,5,6]"), "JSON at octet 12: more than 5 members and elements");
        assert_eq!(refused(&format!("{:1001}", 1)), "JSON at octet 1000: more than 1000 octets");
        assert_eq!(refused(&"[".repeat(1000)), "JSON at octet 3: nested deeper than 3");
    }

    #[test]
    fn not_utf8_is_named_with_its_place() {
        let error = parse(b"{\"a\":\"\xff\"}", &Limits::default()).unwrap_err();
        assert_eq!((error.code(), error.offset), ("json-not-utf8", 6));
    }

    #[test]
    fn numbers_that_fit_are_kept_exactly() {
        let text = b"[18446744073709551615,-9223372036854775808,1E22,0.5,\"99999999999999999999\\\"1\"]";
        let value = parse(text, &Limits::default()).unwrap();
        assert_eq!(value[0].as_u64(), Some(u64::MAX));
        assert_eq!(value[1].as_i64(), Some(i64::MIN));
        assert_eq!(value[2].as_f64(), Some(1e22));
    }

    #[test]
    fn a_wrong_shape_is_named() {
        let error = from_slice::<Vec<u8>>(b"[1,\"2\"]", &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "JSON at octet 5: invalid type: string \"2\", expected u8");
        let error = parse_object(b"[]", &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "JSON at octet 0: expected an object, found an array");
    }
}
