//! Where the signer claims to have signed (`sigPl`, TS 119 182-1 §5.2.4).

#[cfg(feature = "issue")]
use serde_json::Value;

use crate::encoding::json::Members;
use crate::jades::JadesError;

/// The place that the signer claims, in the words of a postal address (schema.org `PostalAddress`).
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SignaturePlace {
    /// The country, by name or ISO 3166-1 code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_country: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_locality: Option<String>,
    /// The governorate or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_region: Option<String>,
    /// The post office box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_office_box_number: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Street and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
}

impl SignaturePlace {
    /// Reads `sigPl`.
    pub(crate) fn read(header: Members<'_>) -> Result<Option<Self>, JadesError> {
        let Some(place) = header.object("sigPl")? else { return Ok(None) };
        let member = |name: &'static str| place.string(name).map(|text| text.map(str::to_owned));
        let read = Self {
            address_country: member("addressCountry")?,
            address_locality: member("addressLocality")?,
            address_region: member("addressRegion")?,
            post_office_box_number: member("postOfficeBoxNumber")?,
            postal_code: member("postalCode")?,
            street_address: member("streetAddress")?,
        };
        if read == Self::default() { Err(JadesError::Empty { member: "sigPl" }) } else { Ok(Some(read)) }
    }

    /// The value of `sigPl` to write; `None` for a place that says nothing.
    #[cfg(feature = "issue")]
    pub(crate) fn to_json(&self) -> Option<Value> {
        if *self == Self::default() { None } else { serde_json::to_value(self).ok() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(header: &Value) -> Result<Option<SignaturePlace>, String> {
        SignaturePlace::read(Members::new(header.as_object().unwrap())).map_err(|error| error.to_string())
    }

    #[test]
    fn a_place_comes_back_as_it_was_written() {
        let place = SignaturePlace {
            address_country: Some("SY".into()),
            address_locality: Some("دمشق".into()),
            address_region: Some("a".into()),
            post_office_box_number: Some("b".into()),
            postal_code: Some("c".into()),
            street_address: Some("d".into()),
        };
        assert_eq!(read(&json!({"sigPl": place.to_json().unwrap()})), Ok(Some(place)));
        assert_eq!((read(&json!({})), SignaturePlace::default().to_json()), (Ok(None), None));
        let empty = read(&json!({"sigPl": {"planet": "x"}})).unwrap_err();
        assert_eq!(empty, "header: \"sigPl\" is empty");
        let typed = read(&json!({"sigPl": {"postalCode": 1}})).unwrap_err();
        assert_eq!(typed, "header: member \"postalCode\": expected a string, found an integer");
    }
}
