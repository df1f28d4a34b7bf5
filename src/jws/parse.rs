//! Reading the three serializations of a JWS.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::budget::Limits;
use crate::encoding::json::{self, MemberTypeError, Members};
use crate::jws::payload::{Payload, PayloadEncoding};
use crate::jws::signature::Parts;
use crate::jws::{JwsError, JwsSignature};

/// A JWS, read and not verified.
#[derive(Debug, Clone)]
pub struct Jws {
    payload: Arc<Payload>,
    signatures: Vec<JwsSignature>,
}

impl Jws {
    /// Reads a JWS in any serialization: JSON when the first octet that is not white space is `{`, else compact.
    ///
    /// A payload that cannot be read does not hide the signatures: it makes each of them fail.
    ///
    /// # Errors
    /// [`JwsError`], as the module and its variants say.
    pub fn parse(octets: &[u8], limits: &Limits) -> Result<Self, JwsError> {
        let limit = limits.input_octets;
        if octets.len() > limit {
            return Err(JwsError::TooLarge { limit });
        }
        let first = octets.iter().find(|octet| !matches!(octet, b' ' | b'\t' | b'\r' | b'\n'));
        match first {
            None => Err(JwsError::Empty),
            Some(b'{') => Self::parse_json(octets, limits),
            Some(_) => Self::parse_compact(octets, limits),
        }
    }

    /// The octets of the payload, not verified; `None` when it is detached or unreadable.
    #[must_use]
    pub fn unverified_payload(&self) -> Option<&[u8]> {
        self.payload.octets()
    }

    /// Whether the payload was left out (RFC 7515 appendix F).
    #[must_use]
    pub fn is_detached(&self) -> bool {
        matches!(*self.payload, Payload::Detached)
    }

    /// The signatures, in the order of the file; at least one.
    #[must_use]
    pub fn signatures(&self) -> &[JwsSignature] {
        &self.signatures
    }

    /// RFC 7515 §7.1. One line end behind the last part is that of a file.
    fn parse_compact(octets: &[u8], limits: &Limits) -> Result<Self, JwsError> {
        if let Some(offset) = octets.iter().position(|octet| !octet.is_ascii()) {
            return Err(JwsError::NotAscii { offset });
        }
        let text = std::str::from_utf8(octets).map_err(|error| JwsError::NotAscii { offset: error.valid_up_to() })?;
        Self::from_compact(without_final_line_break(text), limits)
    }

    /// Reads a compact form that stands in another text, without a line end. What is not ASCII is not of the alphabet.
    pub(crate) fn from_compact(text: &str, limits: &Limits) -> Result<Self, JwsError> {
        let mut parts = text.split('.');
        let (Some(protected), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(JwsError::Parts { found: text.split('.').count() });
        };
        let parts = Parts { protected: Some(protected.to_owned()), header: None, signature: signature.to_owned() };
        let signature = parts.read(0, limits)?;
        if signature.encoding() == PayloadEncoding::Unencoded {
            unencoded_compact(payload)?;
        }
        let payload = if payload.is_empty() { None } else { Some(payload.to_owned()) };
        Self::assemble(payload.map(Ok), vec![signature])
    }

    /// RFC 7515 §7.2.
    fn parse_json(octets: &[u8], limits: &Limits) -> Result<Self, JwsError> {
        Self::from_object(json::parse_object(octets, limits)?, limits)
    }

    /// Reads a JSON form that is a value in another text.
    pub(crate) fn from_object(mut file: Map<String, Value>, limits: &Limits) -> Result<Self, JwsError> {
        let payload = match file.remove("payload") {
            None => None,
            Some(Value::String(payload)) => Some(Ok(payload)),
            Some(other) => Some(Err(MemberTypeError::new("payload", "a string", &other).into())),
        };
        let signatures = match file.remove("signatures") {
            None => vec![parts(&mut file)?.read(0, limits)?],
            Some(signatures) => general(signatures, &file, limits)?,
        };
        Self::assemble(payload, signatures)
    }

    /// Gives every signature the payload, in the encoding that all of them agree on.
    fn assemble(payload: Option<Result<String, JwsError>>, signatures: Vec<JwsSignature>) -> Result<Self, JwsError> {
        let encoding = signatures.first().ok_or(JwsError::NoSignature)?.encoding();
        if signatures.iter().any(|signature| signature.encoding() != encoding) {
            return Err(JwsError::DifferentB64);
        }
        let payload = Arc::new(match payload {
            None => Payload::Detached,
            Some(Err(error)) => Payload::Unreadable(error),
            Some(Ok(received)) => Payload::read(received, encoding),
        });
        let signatures = signatures.into_iter().map(|signature| signature.with_payload(payload.clone())).collect();
        Ok(Self { payload, signatures })
    }
}

/// Takes off CR LF or LF at the end, once.
fn without_final_line_break(text: &str) -> &str {
    let Some(line) = text.strip_suffix('\n') else { return text };
    line.strip_suffix('\r').unwrap_or(line)
}

/// `signatures` of the general form.
fn general(signatures: Value, file: &Map<String, Value>, limits: &Limits) -> Result<Vec<JwsSignature>, JwsError> {
    if let Some(beside) = ["signature", "protected", "header"].into_iter().find(|name| file.contains_key(*name)) {
        return Err(JwsError::TwoForms { beside });
    }
    let Value::Array(array) = signatures else {
        return Err(MemberTypeError::new("signatures", "an array", &signatures).into());
    };
    let limit = limits.signatures;
    if array.len() > limit {
        return Err(JwsError::TooManySignatures { limit });
    }
    let limits = limits.of_each(array.len());
    let read = |(position, value)| match value {
        Value::Object(mut object) => parts(&mut object)?.read(position, &limits),
        other => Err(MemberTypeError::new("signatures", "an array of objects", &other).into()),
    };
    array.into_iter().enumerate().map(read).collect()
}

/// `protected`, `header` and `signature` of one signature.
fn parts(object: &mut Map<String, Value>) -> Result<Parts, JwsError> {
    let members = Members::new(object);
    let signature = members.string("signature")?.ok_or(JwsError::NoSignature)?.to_owned();
    let protected = members.string("protected")?.map(str::to_owned);
    let header = match object.remove("header") {
        None => None,
        Some(Value::Object(header)) => Some(header),
        Some(other) => return Err(MemberTypeError::new("header", "an object", &other).into()),
    };
    Ok(Parts { protected, header, signature })
}

/// RFC 7797 §5.2: what stands unencoded in a compact form is ASCII that needs no escape in a URL, and no dot.
fn unencoded_compact(payload: &str) -> Result<(), JwsError> {
    let allowed = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'~');
    match payload.bytes().enumerate().find(|(_, octet)| !allowed(*octet)) {
        Some((offset, found)) => Err(JwsError::UnencodedPayload { offset, found }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64::encode_url;

    fn parse(text: &str) -> Result<Jws, JwsError> {
        Jws::parse(text.as_bytes(), &Limits { signatures: 2, ..Limits::default() })
    }

    fn refused(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    const HEADER: &str = "eyJhbGciOiJFUzI1NiJ9"; // {"alg":"ES256"}

    #[test]
    fn headers_share_the_members_of_one_text() {
        // The file has eight members and elements, so half of ten are left to each header of two.
        let limits = Limits { json_members: 10, ..Limits::default() };
        let header = |length: usize| encode_url(format!(r#"{{"alg":[{}]}}"#, vec!["1"; length].join(",")).as_bytes());
        let read = |length: usize| {
            let part = format!(r#"{{"protected":"{}","signature":""}}"#, header(length));
            let file = format!(r#"{{"payload":"","signatures":[{part},{part}]}}"#);
            Jws::parse(file.as_bytes(), &limits).map(drop).map_err(|error| error.to_string())
        };
        assert_eq!(read(4), Ok(()));
        let error = "JWS signature 0: protected header: JSON at octet 17: more than 5 members and elements";
        assert_eq!(read(5), Err(error.to_owned()));
    }

    #[test]
    fn the_three_forms_read_alike() {
        let compact = parse(&format!("{HEADER}.aGk.AA\r\n")).unwrap();
        let flattened =
            parse(&format!(r#" {{"payload":"aGk","protected":"{HEADER}","signature":"AA","evil":1}}"#)).unwrap();
        let general =
            parse(&format!(r#"{{"payload":"aGk","signatures":[{{"protected":"{HEADER}","signature":"AA"}}]}}"#))
                .unwrap();
        for jws in [compact, flattened, general] {
            assert_eq!(jws.unverified_payload(), Some(b"hi".as_slice()));
            let [signature] = jws.signatures() else { panic!("one signature") };
            assert_eq!(signature.signing_input(None).unwrap(), format!("{HEADER}.aGk").into_bytes());
            assert_eq!(signature.algorithm(), Ok(crate::crypto::JwsAlgorithm::Es256));
            assert_eq!((signature.value(), signature.received_signature()), (&[0][..], "AA"));
            assert_eq!(signature.signing_input(Some(b"ho")), Err(JwsError::TwoPayloads));
        }
    }

    #[test]
    fn a_detached_payload_is_an_argument() {
        let jws = parse(&format!("{HEADER}..AA")).unwrap();
        assert!(jws.is_detached() && jws.unverified_payload().is_none());
        let signature = &jws.signatures()[0];
        assert_eq!(signature.signing_input(Some(b"hi")).unwrap(), format!("{HEADER}.aGk").into_bytes());
        assert_eq!(signature.signing_input(None), Err(JwsError::PayloadAbsent));
    }

    #[test]
    fn an_unencoded_payload_is_signed_as_it_is() {
        let header = encode_url(br#"{"alg":"ES256","b64":false,"crit":["b64"]}"#);
        let jws = parse(&format!(r#"{{"payload":"$.02","protected":"{header}","signature":"AA"}}"#)).unwrap();
        assert_eq!(jws.unverified_payload(), Some(b"$.02".as_slice()));
        assert_eq!(jws.signatures()[0].signing_input(None).unwrap(), format!("{header}.$.02").into_bytes());
        assert_eq!(
            refused(&format!("{header}.a b.AA")),
            "JWS: octet 0x20 at offset 1 cannot stand in an unencoded compact payload"
        );
    }

    #[test]
    fn an_unreadable_payload_does_not_hide_the_signature() {
        let number = parse(&format!(r#"{{"payload":1,"protected":"{HEADER}","signature":"AA"}}"#)).unwrap();
        let error = number.signatures()[0].signing_input(None).unwrap_err();
        assert_eq!(error.to_string(), "JWS: member \"payload\": expected a string, found an integer");
        let padded = parse(&format!("{HEADER}.aGk=.AA")).unwrap();
        let error = padded.signatures()[0].signing_input(None).unwrap_err();
        assert_eq!(error.to_string(), "JWS: payload: base64: octet 0x3d at offset 3 is not of the alphabet");
    }

    #[test]
    fn what_is_no_jws_says_why() {
        let b64_false = encode_url(br#"{"alg":"ES256","b64":false,"crit":["b64"]}"#);
        let table = [
            ("", "JWS: no octets"),
            ("a.b", "JWS: a compact form has 3 parts, found 2"),
            ("a.b.c.d", "JWS: a compact form has 3 parts, found 4"),
            (" a.b.c", "JWS: protected: base64: octet 0x20 at offset 0 is not of the alphabet"),
            ("e30.e30.e30\n\n", "JWS: signature: base64: octet 0x0a at offset 3 is not of the alphabet"),
            ("e30.e30.e30\r", "JWS: signature: base64: octet 0x0d at offset 3 is not of the alphabet"),
            ("e30.e30.e30 \n", "JWS: signature: base64: octet 0x20 at offset 3 is not of the alphabet"),
            ("é.b.c", "JWS: octet 0 of a compact form is not ASCII"),
            ("{}", "JWS: no signature"),
            (r#"{"payload":"","signatures":[]}"#, "JWS: no signature"),
            (
                r#"{"signatures":[],"signature":""}"#,
                "JWS: \"signatures\" stands beside \"signature\", a form is general or flattened",
            ),
            (r#"{"signatures":{}}"#, "JWS: member \"signatures\": expected an array, found an object"),
            (r#"{"signatures":[1]}"#, "JWS: member \"signatures\": expected an array of objects, found an integer"),
            (r#"{"signatures":[{},{},{}]}"#, "JWS: more than 2 signatures"),
            (r#"{"signature":""}"#, "JWS signature 0: no header"),
            (r#"{"signature":"","header":[]}"#, "JWS: member \"header\": expected an object, found an array"),
            (r#"{"signature":"","header":{"b64":true}}"#, "JWS: member \"b64\" stands in the unprotected header"),
            (
                r#"{"signature":"","protected":"W10"}"#,
                "JWS signature 0: protected header: JSON at octet 0: expected an object, found an array",
            ),
            (
                r#"{"signature":"=","protected":"e30"}"#,
                "JWS: signature: base64: octet 0x3d at offset 0 is not of the alphabet",
            ),
            (
                r#"{"signature":"","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"alg":"ES256"}}"#,
                "JWS: member \"alg\" stands in the protected and in the unprotected header",
            ),
            (
                r#"{"signature":"","protected":"e30","header":{"crit":["exp"]}}"#,
                "JWS: member \"crit\" stands in the unprotected header",
            ),
            (r#"{"signature":"","signature":""}"#, "JWS: JSON at octet 26: member \"signature\" stands twice"),
        ];
        for (text, expected) in table {
            assert_eq!(refused(text), expected, "{text}");
        }
        let two = format!(
            r#"{{"signatures":[{{"protected":"{HEADER}","signature":""}},{{"protected":"{b64_false}","signature":""}}]}}"#
        );
        assert_eq!(refused(&two), "JWS: signatures differ in \"b64\"");
    }

    #[test]
    fn hostile_sizes_are_refused_early() {
        let limits = Limits { input_octets: 1000, ..Limits::default() };
        assert_eq!(Jws::parse(&[b'a'; 1001], &limits).unwrap_err(), JwsError::TooLarge { limit: 1000 });
        let nested = format!(r#"{{"payload":{}"#, "[".repeat(100_000));
        assert_eq!(parse(&nested).unwrap_err().code(), "json-too-deep");
        let error = parse(&format!("{}.a.b", encode_url("[".repeat(100_000).as_bytes()))).unwrap_err();
        assert_eq!(error.code(), "json-too-deep");
    }

    #[test]
    fn crit_keeps_its_rules() {
        let check = |header: &str| {
            let jws = parse(&format!("{}.aGk.AA", encode_url(header.as_bytes()))).unwrap();
            let rules = crate::jws::CriticalRules::new(&["exp", "sigD"], &["sigD"]);
            jws.signatures()[0].check_critical(&rules).map_err(|error| error.to_string())
        };
        assert_eq!(check("{}"), Ok(()));
        assert_eq!(check(r#"{"crit":["exp"],"exp":1}"#), Ok(()));
        let table = [
            (r#"{"crit":[]}"#, "JWS: \"crit\" is empty"),
            (r#"{"crit":"exp"}"#, "JWS: member \"crit\": expected an array, found a string"),
            (r#"{"crit":[1]}"#, "JWS: member \"crit\": expected an array of strings, found an integer"),
            (r#"{"crit":["exp","exp"],"exp":1}"#, "JWS: \"crit\" lists \"exp\" twice"),
            (
                r#"{"crit":["alg"],"alg":"ES256"}"#,
                "JWS: \"crit\" lists \"alg\", which every reader must understand anyway",
            ),
            (r#"{"crit":["nbf"],"nbf":1}"#, "JWS: \"crit\" lists \"nbf\", which is not understood"),
            (r#"{"crit":["exp"]}"#, "JWS: \"crit\" lists \"exp\", which is not there"),
            (r#"{"sigD":{}}"#, "JWS: \"crit\" does not list \"sigD\", which is there and must be listed"),
            (r#"{"b64":true}"#, "JWS: \"crit\" does not list \"b64\", which is there and must be listed"),
        ];
        for (header, expected) in table {
            assert_eq!(check(header), Err(expected.to_owned()), "{header}");
        }
    }
}
