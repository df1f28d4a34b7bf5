//! A signed file that gets another signature: beside those that it has, or over one of them.
//!
//! ```text
//! SignedFile::parse(octets)
//!   parallel:    sign the same payload                     with_signature(signed)
//!   counter:     sign signature_value(path)                with_counter_signature(path, signed)
//! to_vec()
//! ```
//! What stands in the file stays: payload, protected headers, signature values and the strings of `etsiU` are written as they
//! were read. Only white space and the order of members of JSON objects around them may differ.

use serde_json::{Map, Value, json};

use crate::budget::Limits;
use crate::encoding::base64;
use crate::encoding::json::{self, MemberTypeError};
use crate::jades::{EtsiU, JadesError};
use crate::jws::{Jws, JwsError};
use crate::sign::{Content, Serialization, SignError, SignedPayload};

/// A signed file in JSON, flattened or general.
#[derive(Debug, Clone)]
pub struct SignedFile {
    file: Map<String, Value>,
    payload: Option<Vec<u8>>,
    limits: Limits,
}

impl SignedFile {
    /// Reads a file; nothing of it is verified.
    ///
    /// # Errors
    /// [`SignError::CompactCannotGrow`] for a compact form; [`SignError::Jws`] for what is no JWS.
    pub fn parse(octets: &[u8], limits: &Limits) -> Result<Self, SignError> {
        let jws = Jws::parse(octets, limits)?;
        if !octets.trim_ascii_start().starts_with(b"{") {
            return Err(SignError::CompactCannotGrow);
        }
        let file = json::parse_object(octets, limits).map_err(JwsError::from)?;
        Ok(Self { file, payload: jws.unverified_payload().map(<[u8]>::to_vec), limits: limits.clone() })
    }

    /// The payload, not verified, for a further signature over it; `None` when it is detached.
    #[must_use]
    pub fn unverified_payload(&self) -> Option<&[u8]> {
        self.payload.as_deref()
    }

    /// Adds a parallel signature over the same payload. Where the payload is detached, that it is the same is for the caller
    /// to see to.
    ///
    /// # Errors
    /// [`SignError::NotGeneral`] when the file is flattened, or the signature was not made for the general form;
    /// [`SignError::OtherPayload`] when it is over something else; [`SignError::Jws`] when the signatures would differ in
    /// `b64`, or be more than [`Limits::signatures`].
    pub fn with_signature(&self, signed: &SignedPayload) -> Result<Self, SignError> {
        if !self.file.contains_key("signatures") {
            return Err(SignError::NotGeneral { found: "the file is flattened" });
        }
        if signed.serialization() != Serialization::GeneralJson {
            return Err(SignError::NotGeneral { found: "the signature is for another form" });
        }
        if signed.payload_in_file() != self.file.get("payload").and_then(Value::as_str)
            || signed.counter_signed().is_some()
        {
            return Err(SignError::OtherPayload);
        }
        let mut file = self.file.clone();
        if let Some(Value::Array(signatures)) = file.get_mut("signatures") {
            signatures.push(signed.signature_object());
        }
        self.again(file)
    }

    /// The value of a signature, to be countersigned. `path` says which: `[0]` the first signature of the file, `[0, 1]` the
    /// second countersignature in it.
    ///
    /// # Errors
    /// [`SignError::NoSuchSignature`] when there is none; [`SignError::CoveredByTimeStamp`] when an archive time-stamp covers a
    /// countersignature, which then cannot take another; [`SignError::CompactCannotGrow`] for a compact countersignature;
    /// [`SignError::Jades`] for an `etsiU` that cannot be read, or mixes strings and objects.
    pub fn signature_value(&self, path: &[usize]) -> Result<Content<'static>, SignError> {
        let mut value = Vec::new();
        let mut file = self.file.clone();
        self.visit(&mut file, path, |signature| {
            let text = signature.get("signature").and_then(Value::as_str).ok_or(JwsError::NoSignature)?;
            value = base64::decode_url(text).map_err(|error| JwsError::Base64 { part: "signature", error })?;
            Ok(())
        })?;
        Ok(Content::signature_value(value))
    }

    /// Puts `counter`, a signature over [`signature_value`](Self::signature_value), into the `etsiU` of the signature at `path`.
    ///
    /// # Errors
    /// As [`signature_value`](Self::signature_value); [`SignError::OtherPayload`] when it is over something else;
    /// [`SignError::NotGeneral`] when it was made for the general form, of which a countersignature has none.
    pub fn with_counter_signature(&self, path: &[usize], counter: &SignedPayload) -> Result<Self, SignError> {
        let item = match counter.serialization() {
            Serialization::Compact => Value::String(String::from_utf8_lossy(&counter.to_vec()).into_owned()),
            Serialization::FlattenedJson => counter.signature_object(),
            Serialization::GeneralJson => {
                return Err(SignError::NotGeneral { found: "a countersignature is compact or flattened" });
            }
        };
        let mut file = self.file.clone();
        self.visit(&mut file, path, |signature| {
            let value = signature.get("signature").and_then(Value::as_str).unwrap_or_default();
            if counter.counter_signed().map(base64::encode_url).as_deref() != Some(value) {
                return Err(SignError::OtherPayload);
            }
            self.push(signature, json!({"cSig": item}))
        })?;
        self.again(file)
    }

    /// The octets of the file: UTF-8 JSON without spaces.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        Value::Object(self.file.clone()).to_string().into_bytes()
    }

    /// Reads what was written, so that nothing is given out that cannot be read.
    fn again(&self, file: Map<String, Value>) -> Result<Self, SignError> {
        Self::parse(Value::Object(file).to_string().as_bytes(), &self.limits)
    }

    /// Finds the signature at `path` in `file` and does something with it.
    fn visit(
        &self,
        file: &mut Map<String, Value>,
        path: &[usize],
        visitor: impl FnOnce(&mut Map<String, Value>) -> Result<(), SignError>,
    ) -> Result<(), SignError> {
        let limit = self.limits.counter_signature_depth;
        if path.len() > limit {
            return Err(JadesError::CounterSignatureDepth { limit }.into());
        }
        let absent = || SignError::NoSuchSignature { path: path.to_vec() };
        let (first, rest) = path.split_first().ok_or_else(absent)?;
        let signature = match file.get_mut("signatures") {
            Some(Value::Array(signatures)) => signatures.get_mut(*first).and_then(Value::as_object_mut),
            _ => Some(file).filter(|_| *first == 0),
        };
        self.descend(signature.ok_or_else(absent)?, rest, &absent, Box::new(visitor))
    }

    fn descend(
        &self,
        signature: &mut Map<String, Value>,
        path: &[usize],
        absent: &dyn Fn() -> SignError,
        visitor: Visitor<'_>,
    ) -> Result<(), SignError> {
        let etsi_u = signature.get("header").and_then(|header| header.get("etsiU"));
        let names: Vec<String> = match etsi_u {
            None => Vec::new(),
            Some(etsi_u) => {
                let read = EtsiU::read(etsi_u, &self.limits)?;
                read.items().iter().map(|item| item.name().to_owned()).collect()
            }
        };
        let Some((next, rest)) = path.split_first() else { return visitor(signature) };
        let counters = names.iter().enumerate().filter(|(_, name)| *name == "cSig");
        let (position, _) = counters.clone().nth(*next).ok_or_else(absent)?;
        if let Some(covered_by) = names.iter().skip(position).position(|name| name == "arcTst") {
            return Err(SignError::CoveredByTimeStamp { position: position + covered_by });
        }
        let items =
            signature.get_mut("header").and_then(|header| header.get_mut("etsiU")).and_then(Value::as_array_mut);
        let item = items.and_then(|items| items.get_mut(position)).ok_or_else(absent)?;
        let mut opened = opened(item, &self.limits)?;
        match opened.get_mut("cSig") {
            Some(Value::Object(counter)) => self.descend(counter, rest, absent, visitor)?,
            _ => return Err(SignError::CompactCannotGrow),
        }
        *item = closed(opened, item.is_string());
        Ok(())
    }

    /// Appends an item to `etsiU`, in the form of those there.
    fn push(&self, signature: &mut Map<String, Value>, item: Value) -> Result<(), SignError> {
        let header = signature.entry("header").or_insert_with(|| json!({}));
        let header =
            header.as_object_mut().ok_or_else(|| JwsError::from(MemberTypeError::new("header", "an object", &item)))?;
        let etsi_u = header.entry("etsiU").or_insert_with(|| json!([]));
        let Some(items) = etsi_u.as_array_mut() else {
            return Err(JadesError::from(MemberTypeError::new("etsiU", "an array", &item)).into());
        };
        let as_strings = items.first().is_none_or(Value::is_string);
        let Value::Object(item) = item else { return Ok(()) };
        items.push(closed(item, as_strings));
        EtsiU::read(etsi_u, &self.limits)?;
        Ok(())
    }
}

type Visitor<'a> = Box<dyn FnOnce(&mut Map<String, Value>) -> Result<(), SignError> + 'a>;

/// The object that an item of `etsiU` is.
fn opened(item: &Value, limits: &Limits) -> Result<Map<String, Value>, SignError> {
    match item {
        Value::Object(object) => Ok(object.clone()),
        Value::String(text) => {
            let octets = base64::decode_url(text).map_err(|error| JadesError::ItemBase64 { position: 0, error })?;
            Ok(json::parse_object(&octets, limits).map_err(|error| JadesError::ItemJson { position: 0, error })?)
        }
        other => {
            Err(JadesError::from(MemberTypeError::new("etsiU", "an array of strings or of objects", other)).into())
        }
    }
}

fn closed(object: Map<String, Value>, as_string: bool) -> Value {
    let object = Value::Object(object);
    if as_string { base64::encode_url(object.to_string().as_bytes()).into() } else { object }
}
