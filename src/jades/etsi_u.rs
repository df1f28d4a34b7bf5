//! The unprotected `etsiU` array (TS 119 182-1 §5.3.1): what is added to a signature after it was made.
//!
//! ```text
//! etsiU = [ item, ... ]      each item base64url of {"name": value}, or each item that object itself
//! ```
//! The strings are kept as received: archive time-stamps are taken over them. An item that cannot be read is an error,
//! since leaving it out would leave it out of the imprint too. An item of an unknown name is kept and not processed.

use serde_json::{Map, Value};

use crate::budget::Limits;
use crate::encoding::base64;
use crate::encoding::json::{self, MemberTypeError, Members};
use crate::jades::JadesError;
use crate::jades::header::time_stamp_tokens;
use crate::jades::validation_data::{self, ValidationData};

/// The items of `etsiU`, in order.
#[derive(Debug, Clone, Default)]
pub struct EtsiU {
    items: Vec<EtsiUItem>,
}

impl EtsiU {
    /// Reads the value of `header.etsiU`.
    pub(crate) fn read(value: &Value, limits: &Limits) -> Result<Self, JadesError> {
        let array = value.as_array().ok_or_else(|| MemberTypeError::new("etsiU", "an array", value))?;
        let limit = limits.etsi_u_items;
        if array.len() > limit {
            return Err(JadesError::TooManyItems { limit });
        }
        if array.is_empty() {
            return Err(JadesError::Empty { member: "etsiU" });
        }
        let first = array.first().map(json::kind_of).unwrap_or_default();
        let limits = limits.of_each(array.len());
        let mut items = Vec::with_capacity(array.len());
        for (position, value) in array.iter().enumerate() {
            let found = json::kind_of(value);
            if found != first {
                return Err(JadesError::MixedEtsiU { position, found, expected: first });
            }
            items.push(item(position, value, &limits)?);
        }
        Ok(Self { items })
    }

    /// The items, in order.
    #[must_use]
    pub fn items(&self) -> &[EtsiUItem] {
        &self.items
    }

    /// The certificates, CRLs and OCSP responses of every item that holds some, in order.
    ///
    /// # Errors
    /// [`JadesError`] when a value is not as §5.3.5 has it or cannot be read, or when they are more than
    /// [`Limits::certificates`] and [`Limits::revocation_values`].
    pub fn validation_data(&self, limits: &Limits) -> Result<Vec<ValidationData>, JadesError> {
        validation_data::read_all(&self.items, limits)
    }
}

/// One item of `etsiU`.
#[derive(Debug, Clone)]
pub struct EtsiUItem {
    name: String,
    value: Value,
    received: Option<String>,
}

impl EtsiUItem {
    /// Its name: `sigTst`, `xVals`, …
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds, under its name.
    pub(crate) fn value(&self) -> &Value {
        &self.value
    }

    /// The base64url string as received; `None` when the item came as an object.
    #[must_use]
    pub fn received(&self) -> Option<&str> {
        self.received.as_deref()
    }

    /// The DER time-stamp tokens in it, if it is a time-stamp container.
    ///
    /// # Errors
    /// [`JadesError`] when it should be one and is not as §5.4.3.3 has it, such as `{"sigTst":{"tstTokens":[]}}`.
    pub fn time_stamp_tokens(&self) -> Result<Vec<Vec<u8>>, JadesError> {
        let Some(member) = TIME_STAMPS.into_iter().find(|name| *name == self.name) else { return Ok(Vec::new()) };
        let container = self.value.as_object().ok_or_else(|| MemberTypeError::new(member, "an object", &self.value))?;
        time_stamp_tokens(member, Members::new(container))
    }
}

fn item(position: usize, value: &Value, limits: &Limits) -> Result<EtsiUItem, JadesError> {
    let (object, received) = match value {
        Value::String(text) => {
            let octets = base64::decode_url(text).map_err(|error| JadesError::ItemBase64 { position, error })?;
            let object = json::parse_object(&octets, limits);
            (object.map_err(|error| JadesError::ItemJson { position, error })?, Some(text.clone()))
        }
        Value::Object(object) => (object.clone(), None),
        other => return Err(MemberTypeError::new("etsiU", "an array of strings or of objects", other).into()),
    };
    let (name, value) = only_member(object).map_err(|members| JadesError::ItemMembers { position, members })?;
    Ok(EtsiUItem { name, value, received })
}

/// The one member of `object`, or how many there are.
fn only_member(object: Map<String, Value>) -> Result<(String, Value), usize> {
    let members = object.len();
    let mut object = object.into_iter();
    match (object.next(), object.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(members),
    }
}

/// The items that hold time-stamp tokens.
const TIME_STAMPS: [&str; 4] = ["sigTst", "sigRTst", "rfsTst", "arcTst"];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> Result<EtsiU, String> {
        EtsiU::read(value, &Limits { etsi_u_items: 2, ..Limits::default() }).map_err(|error| error.to_string())
    }

    fn encoded(item: &Value) -> Value {
        Value::String(base64::encode_url(item.to_string().as_bytes()))
    }

    #[test]
    fn items_read_in_either_form_and_keep_their_strings() {
        let item = json!({"sigTst": {"tstTokens": [{"val": "MAA="}]}});
        let etsi_u = read(&json!([encoded(&item), encoded(&json!({"unknown": 1}))])).unwrap();
        assert_eq!(etsi_u.items()[0].received().map(str::to_owned), encoded(&item).as_str().map(str::to_owned));
        assert_eq!(etsi_u.items()[0].time_stamp_tokens(), Ok(vec![vec![0x30, 0]]));
        assert_eq!(etsi_u.items()[1].time_stamp_tokens(), Ok(vec![]));
        let clear = read(&json!([item])).unwrap();
        assert_eq!((clear.items()[0].name(), clear.items()[0].received()), ("sigTst", None));
    }

    #[test]
    fn items_share_the_members_of_one_text() {
        let limits = Limits { json_members: 4, ..Limits::default() };
        let read = |items: &Value| EtsiU::read(items, &limits).map(drop).map_err(|error| error.to_string());
        let (two, three) = (encoded(&json!({"a": [1]})), encoded(&json!({"a": [1, 2]})));
        assert_eq!(read(&json!([three])), Ok(()));
        assert_eq!(read(&json!([two, two])), Ok(()));
        let error = "etsiU item 1: JSON at octet 9: more than 2 members and elements";
        assert_eq!(read(&json!([two, three])), Err(error.to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_an_error_not_a_gap() {
        let good = json!({"rVals": {}});
        let table = [
            (json!({}), "header: member \"etsiU\": expected an array, found an object"),
            (json!([]), "header: \"etsiU\" is empty"),
            (json!([encoded(&good), good]), "etsiU item 1: an object, the items before are a string"),
            (json!([good, encoded(&good)]), "etsiU item 1: a string, the items before are an object"),
            (json!([1]), "header: member \"etsiU\": expected an array of strings or of objects, found an integer"),
            (json!([good, good, good]), "etsiU: more than 2 items"),
            (json!(["e30 "]), "etsiU item 0: base64: octet 0x20 at offset 3 is not of the alphabet"),
            (json!(["e30"]), "etsiU item 0: 0 members, expected one"),
            (json!([{"a": 1, "b": 2}]), "etsiU item 0: 2 members, expected one"),
            (json!(["W10"]), "etsiU item 0: JSON at octet 0: expected an object, found an array"),
        ];
        for (value, expected) in table {
            assert_eq!(read(&value).unwrap_err(), expected, "{value}");
        }
        let token = read(&json!([{"sigTst": {"tstTokens": [1]}}])).unwrap().items()[0].time_stamp_tokens().unwrap_err();
        assert_eq!(token.to_string(), "header: member \"tstTokens\": expected an array of objects, found an integer");
    }
}
