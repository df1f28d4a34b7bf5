//! Typed reads of the members of a JSON object, with errors that name the member.

use serde_json::{Map, Value};

use crate::encoding::json::kind_of;

/// The members of one object, read by name and type. A member that is absent is `None`; one of another type is an
/// error, never absent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    pub(crate) fn new(object: &'a Map<String, Value>) -> Self {
        Self(object)
    }

    pub(crate) fn contains(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    pub(crate) fn string(self, name: &str) -> Result<Option<&'a str>, MemberTypeError> {
        self.read(name, "a string", Value::as_str)
    }

    /// A whole number that fits `i64`.
    pub(crate) fn integer(self, name: &str) -> Result<Option<i64>, MemberTypeError> {
        self.read(name, "an integer", Value::as_i64)
    }

    pub(crate) fn boolean(self, name: &str) -> Result<Option<bool>, MemberTypeError> {
        self.read(name, "a boolean", Value::as_bool)
    }

    pub(crate) fn array(self, name: &str) -> Result<Option<&'a [Value]>, MemberTypeError> {
        self.read(name, "an array", |value| value.as_array().map(Vec::as_slice))
    }

    pub(crate) fn object(self, name: &str) -> Result<Option<Self>, MemberTypeError> {
        self.read(name, "an object", |value| value.as_object().map(Self))
    }

    /// An array whose elements are all strings.
    pub(crate) fn strings(self, name: &str) -> Result<Option<Vec<&'a str>>, MemberTypeError> {
        let Some(array) = self.array(name)? else { return Ok(None) };
        let element =
            |value: &'a Value| value.as_str().ok_or_else(|| MemberTypeError::new(name, "an array of strings", value));
        array.iter().map(element).collect::<Result<_, _>>().map(Some)
    }

    fn read<T>(
        self,
        name: &str,
        expected: &'static str,
        as_type: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, MemberTypeError> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        as_type(value).map(Some).ok_or_else(|| MemberTypeError::new(name, expected, value))
    }
}

/// A member is not of the type it should be: `{"iat":"1700000000"}`.
///
/// It has no code of its own: the layer that asks gives one, such as `jws-member-type`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("member \"{name}\": expected {expected}, found {found}")]
#[non_exhaustive]
pub struct MemberTypeError {
    /// The member's name.
    pub name: String,
    /// The type it should have, with its article.
    pub expected: &'static str,
    /// The type it has, with its article.
    pub found: &'static str,
}

impl MemberTypeError {
    pub(crate) fn new(name: &str, expected: &'static str, found: &Value) -> Self {
        Self { name: name.to_owned(), expected, found: kind_of(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_is_not_malformed() {
        let value = serde_json::json!({"s": "x", "i": 1, "f": 1.5, "b": true, "a": ["x", 1], "o": {"n": null}});
        let members = Members::new(value.as_object().unwrap());
        assert_eq!(members.string("none"), Ok(None));
        assert_eq!((members.string("s"), members.integer("i")), (Ok(Some("x")), Ok(Some(1))));
        assert_eq!(members.boolean("b"), Ok(Some(true)));
        let text = |error: MemberTypeError| error.to_string();
        assert_eq!(text(members.string("i").unwrap_err()), "member \"i\": expected a string, found an integer");
        assert_eq!(text(members.integer("f").unwrap_err()), "member \"f\": expected an integer, found a fraction");
        assert_eq!(
            text(members.strings("a").unwrap_err()),
            "member \"a\": expected an array of strings, found an integer"
        );
        let inner = members.object("o").unwrap().unwrap();
        assert_eq!(text(inner.array("n").unwrap_err()), "member \"n\": expected an array, found null");
        assert!(members.contains("a") && members.value("a").is_some());
    }
}
