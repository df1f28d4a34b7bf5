//! One signature of a JWS.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::budget::Limits;
use crate::crypto::{JwsAlgorithm, PublicKey, SignatureValid};
use crate::encoding::json::{self, Members};
use crate::encoding::{base64, excerpt};
use crate::jws::payload::{Payload, PayloadEncoding};
use crate::jws::{CriticalRules, JwsError};

/// One signature with its headers, as received. The two headers are never merged.
#[derive(Debug, Clone)]
pub struct JwsSignature {
    protected: String,
    protected_header: Map<String, Value>,
    unprotected_header: Option<Map<String, Value>>,
    signature: String,
    value: Vec<u8>,
    encoding: PayloadEncoding,
    payload: Arc<Payload>,
}

impl JwsSignature {
    /// The protected header as received, base64url; empty when there is none.
    #[must_use]
    pub fn received_protected(&self) -> &str {
        &self.protected
    }

    /// The signature value as received, base64url.
    #[must_use]
    pub fn received_signature(&self) -> &str {
        &self.signature
    }

    /// The signature value, octets.
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// A string member of the protected header, not verified; `None` also when it is of another type.
    #[must_use]
    pub fn unverified_string(&self, name: &str) -> Option<&str> {
        self.protected().string(name).ok().flatten()
    }

    pub(crate) fn protected(&self) -> Members<'_> {
        Members::new(&self.protected_header)
    }

    pub(crate) fn unprotected(&self) -> Option<Members<'_>> {
        self.unprotected_header.as_ref().map(Members::new)
    }

    /// The algorithm that the protected header names.
    ///
    /// # Errors
    /// [`JwsError::NoAlgorithm`] when it names none, also when the unprotected header does; [`JwsError::Member`] when
    /// `alg` is no string; [`JwsError::Algorithm`] for `none`, `HS256`, `ES512` and unknown names.
    pub fn algorithm(&self) -> Result<JwsAlgorithm, JwsError> {
        Ok(self.protected().string("alg")?.ok_or(JwsError::NoAlgorithm)?.parse()?)
    }

    /// Judges `crit` by `rules` (RFC 7515 §4.1.11).
    ///
    /// # Errors
    /// [`JwsError::Critical`] for an empty list, a name twice, one that RFC 7515 defines, one not understood, one not
    /// there, or one not listed that must be; [`JwsError::Member`] when it is no array of strings.
    pub fn check_critical(&self, rules: &CriticalRules<'_>) -> Result<(), JwsError> {
        rules.check(self.protected(), self.unprotected())
    }

    /// The octets that the signature is over (RFC 7515 §5.1, RFC 7797 §3), with the payload of the file, or with
    /// `detached` where the file has none.
    ///
    /// # Errors
    /// [`JwsError::PayloadAbsent`] when neither has one, [`JwsError::TwoPayloads`] when both have,
    /// [`JwsError::Base64`] or [`JwsError::Member`] when the payload in the file is unreadable.
    pub fn signing_input(&self, detached: Option<&[u8]>) -> Result<Vec<u8>, JwsError> {
        Ok(self.signing_input_over(&self.payload_in_signing_input(detached)?))
    }

    fn signing_input_over(&self, payload: &[u8]) -> Vec<u8> {
        [self.protected.as_bytes(), b".", payload].concat()
    }

    /// The payload as it stands in the signing input: base64url, or the octets themselves where `b64` is false.
    pub(crate) fn payload_in_signing_input<'a>(
        &'a self,
        detached: Option<&'a [u8]>,
    ) -> Result<Cow<'a, [u8]>, JwsError> {
        match (self.payload.as_ref(), detached) {
            (Payload::Unreadable(error), _) => Err(error.clone()),
            (Payload::Detached, None) => Err(JwsError::PayloadAbsent),
            (Payload::Attached { .. }, Some(_)) => Err(JwsError::TwoPayloads),
            (Payload::Attached { received, .. }, None) => Ok(Cow::Borrowed(received.as_bytes())),
            (Payload::Detached, Some(octets)) => Ok(self.encode(octets)),
        }
    }

    /// `octets` as a payload stands in the signing input: base64url, or as they are where `b64` is false.
    pub(crate) fn encode<'a>(&self, octets: &'a [u8]) -> Cow<'a, [u8]> {
        match self.encoding {
            PayloadEncoding::Base64Url => Cow::Owned(base64::encode_url(octets).into_bytes()),
            PayloadEncoding::Unencoded => Cow::Borrowed(octets),
        }
    }

    /// Verifies the signature with `key`, and that the caller understands what `crit` lists, by `rules`.
    ///
    /// # Errors
    /// As [`check_critical`](Self::check_critical), [`algorithm`](Self::algorithm) and
    /// [`signing_input`](Self::signing_input); [`JwsError::Signature`] when the algorithm does not fit the key or the
    /// value does not verify.
    pub fn verify(
        &self,
        key: &PublicKey,
        rules: &CriticalRules<'_>,
        detached: Option<&[u8]>,
    ) -> Result<SignatureValid, JwsError> {
        self.check_critical(rules)?;
        let algorithm = self.algorithm()?;
        Ok(key.verify_jws(algorithm, &self.signing_input(detached)?, &self.value)?)
    }

    /// Verifies the signature value alone, over `payload` as it stands in the signing input, for a caller that reports on
    /// `crit` apart.
    pub(crate) fn verify_value(&self, key: &PublicKey, payload: &[u8]) -> Result<SignatureValid, JwsError> {
        let algorithm = self.algorithm()?;
        Ok(key.verify_jws(algorithm, &self.signing_input_over(payload), &self.value)?)
    }

    pub(super) fn encoding(&self) -> PayloadEncoding {
        self.encoding
    }
}

/// The members of a signature as they stand in the file.
pub(super) struct Parts {
    pub(super) protected: Option<String>,
    pub(super) header: Option<Map<String, Value>>,
    pub(super) signature: String,
}

impl Parts {
    /// Reads the headers and the value; the payload comes when the encoding is known of all signatures.
    pub(super) fn read(self, position: usize, limits: &Limits) -> Result<JwsSignature, JwsError> {
        let Self { protected, header: unprotected_header, signature } = self;
        if protected.is_none() && unprotected_header.is_none() {
            return Err(JwsError::NoHeader { position });
        }
        let protected = protected.unwrap_or_default();
        let protected_header = protected_header(&protected, position, limits)?;
        if let Some(unprotected) = &unprotected_header {
            disjoint(&protected_header, unprotected)?;
        }
        let value = base64::decode_url(&signature).map_err(|error| JwsError::Base64 { part: "signature", error })?;
        let encoding = match Members::new(&protected_header).boolean("b64")? {
            Some(false) => PayloadEncoding::Unencoded,
            Some(true) | None => PayloadEncoding::Base64Url,
        };
        let payload = Arc::new(Payload::Detached);
        Ok(JwsSignature { protected, protected_header, unprotected_header, signature, value, encoding, payload })
    }
}

impl JwsSignature {
    pub(super) fn with_payload(mut self, payload: Arc<Payload>) -> Self {
        self.payload = payload;
        self
    }
}

/// An absent protected header is the empty string (RFC 7515 §7.2.1); a present one is an object.
fn protected_header(protected: &str, position: usize, limits: &Limits) -> Result<Map<String, Value>, JwsError> {
    if protected.is_empty() {
        return Ok(Map::new());
    }
    let octets = base64::decode_url(protected).map_err(|error| JwsError::Base64 { part: "protected", error })?;
    json::parse_object(&octets, limits).map_err(|error| JwsError::ProtectedHeader { position, error })
}

/// RFC 7515 §4: the two headers have no member in common; `crit` and `b64` must be protected.
fn disjoint(protected: &Map<String, Value>, unprotected: &Map<String, Value>) -> Result<(), JwsError> {
    if let Some(name) = protected.keys().find(|name| unprotected.contains_key(*name)) {
        return Err(JwsError::InBothHeaders { name: excerpt(name) });
    }
    match ["crit", "b64"].into_iter().find(|name| unprotected.contains_key(*name)) {
        Some(name) => Err(JwsError::Unprotected { name }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::{Signer, SoftwareKey};
    use crate::encoding::base64::{decode_standard, encode_url};
    use crate::jws::Jws;

    fn parse(text: &str) -> Jws {
        Jws::parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    /// The P-256 key whose private half, in OpenSSL, made the signatures below.
    fn key() -> PublicKey {
        let spki = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEydOMqrev2/JqvaOpocnMferQT5M1esNcJTmM/l34y6+2vDx1eP4MZ2kNU+hl4M+yQ\
                    /n1qgg7dKtWUwR+X2Uj6w==";
        PublicKey::from_spki_der(&decode_standard(spki).unwrap()).unwrap()
    }

    /// `{"alg":"ES256","b64":false,"crit":["b64"]}`.
    const UNENCODED: &str = "eyJhbGciOiJFUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";
    /// Over `$.02`, the payload of RFC 7797 §4.
    const DOLLARS: &str = "vVS5XODwu_1Z9_Ey6e_YMyB7JluE8dDi2jpABDAnSmj95e-DrjGI3mkgAusHIWGdq87fsBcBkj6OqVrVUSjPWg";
    /// Over `hello~`, which may stand in a URL.
    const HELLO: &str = "L1Ix8IspiP5-hwB4rDF-Q54txVsQGFKXXQ-7PhKf_OdP1aiaPK24wzaRLLiJzE5_8cABE6SfHw9VgQ7Cp6utmw";
    /// Over `وثيقة "1"` and a line feed.
    const ARABIC: &str = "xih6Q5hlnXe5IlP5XE2OENCeGbKUa7qUpEoF1f-YAVkGz7xOE78BBoDde2W1NNnLKA5O7VvLMoEfa7YV3ZbFjA";
    /// `{"alg":"ES256","b64":true,"crit":["b64"]}` and a signature over `$.02` in base64url.
    const ENCODED: [&str; 2] = [
        "eyJhbGciOiJFUzI1NiIsImI2NCI6dHJ1ZSwiY3JpdCI6WyJiNjQiXX0",
        "Dhz0U2KxDefd44lab3N-RzASHeVm5NfMjQK91v-FuxGcA2rC8Jy1CNMPqHvp1D1terME-4x3eY-IAEoMp0gdpQ",
    ];

    fn verify(text: &str, detached: Option<&[u8]>) -> Result<SignatureValid, JwsError> {
        let jws = parse(text);
        jws.signatures()[0].check_critical(&CriticalRules::new(&[], &[]))?;
        jws.signatures()[0].verify(&key(), &CriticalRules::new(&[], &[]), detached)
    }

    #[test]
    fn unencoded_payloads_of_another_signer_verify() {
        assert!(verify(&format!("{UNENCODED}..{DOLLARS}"), Some(b"$.02")).is_ok());
        assert!(verify(&format!("{UNENCODED}.hello~.{HELLO}"), None).is_ok());
        let flattened = |payload: &str, signature: &str| {
            format!(r#"{{"payload":"{payload}","protected":"{UNENCODED}","signature":"{signature}"}}"#)
        };
        assert!(verify(&flattened("$.02", DOLLARS), None).is_ok());
        // The payload is what the JSON string means, however it is spelt.
        assert!(verify(&flattened("\\u0024.02", DOLLARS), None).is_ok());
        assert!(verify(&flattened("وثيقة \\\"1\\\"\\n", ARABIC), None).is_ok());
        let jws = parse(&flattened("وثيقة \\\"1\\\"\\n", ARABIC));
        assert_eq!(jws.unverified_payload(), Some("وثيقة \"1\"\n".as_bytes()));
        let [header, signature] = ENCODED;
        assert!(verify(&format!("{header}.JC4wMg.{signature}"), None).is_ok());
        assert!(verify(&format!("{header}..{signature}"), Some(b"$.02")).is_ok());
    }

    #[test]
    fn the_encoding_of_the_payload_is_signed_with_it() {
        let invalid = |text: &str, detached: Option<&[u8]>| verify(text, detached).unwrap_err().code();
        // base64url of the payload where the payload itself was signed, and the reverse.
        assert_eq!(invalid(&format!("{UNENCODED}.JC4wMg.{DOLLARS}"), None), "signature-invalid");
        let [header, signature] = ENCODED;
        let swapped = format!(r#"{{"payload":"JC4wMg","protected":"{header}","signature":"{DOLLARS}"}}"#);
        assert_eq!(invalid(&swapped, None), "signature-invalid");
        assert_eq!(invalid(&format!("{UNENCODED}..{signature}"), Some(b"$.02")), "signature-invalid");
        assert_eq!(invalid(&format!("{UNENCODED}..{DOLLARS}"), Some(b"$.03")), "signature-invalid");
    }

    #[test]
    fn names_from_the_input_are_shown_safely() {
        let name = format!("\u{202e}{}", "x".repeat(100_000));
        let header = format!(r#"{{"crit":["{name}"],"{name}":1}}"#);
        let jws = parse(&format!("{}.e30.e30", encode_url(header.as_bytes())));
        let error = jws.signatures()[0].check_critical(&CriticalRules::new(&[], &[])).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("JWS: \"crit\" lists \"\\u{{202e}}{}…\", which is not understood", "x".repeat(47))
        );
    }

    #[test]
    fn a_hundred_megabytes_are_refused_at_once() {
        let limit = Limits::default().input_octets;
        for octet in [b'.', b'a', b'{', b' ', b'['] {
            let huge = vec![octet; 100 << 20];
            assert_eq!(Jws::parse(&huge, &Limits::default()).unwrap_err(), JwsError::TooLarge { limit });
        }
    }

    /// A key with the seed 7, 7, .. 7.
    fn software_key() -> SoftwareKey {
        let pkcs8 = [&[0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20][..], &[7; 32]].concat();
        SoftwareKey::from_pkcs8_der(&pkcs8, JwsAlgorithm::EdDsa).unwrap()
    }

    fn signed(key: &SoftwareKey, payload: &[u8]) -> [String; 3] {
        let (header, payload) = (encode_url(br#"{"alg":"EdDSA"}"#), encode_url(payload));
        let signature = encode_url(&key.sign(format!("{header}.{payload}").as_bytes()).unwrap());
        [header, payload, signature]
    }

    proptest! {
        #[test]
        fn any_octets_are_read_or_refused(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _outcome = Jws::parse(&octets, &Limits::default());
        }

        #[test]
        fn any_header_is_read_or_refused(header in "\\PC{0,40}", value in "[-_A-Za-z0-9]{0,20}") {
            if let Ok(jws) = Jws::parse(format!("{}.{value}.{value}", encode_url(header.as_bytes())).as_bytes(), &Limits::default()) {
                let signature = &jws.signatures()[0];
                prop_assert_eq!(signature.received_signature(), value);
                let _judged = (signature.algorithm(), signature.check_critical(&CriticalRules::new(&[], &[])));
            }
        }

        #[test]
        fn what_is_read_is_what_was_received(payload in proptest::collection::vec(any::<u8>(), 1..100)) {
            let key = software_key();
            let [header, encoded, value] = signed(&key, &payload);
            let forms = [
                format!("{header}.{encoded}.{value}"),
                format!(r#"{{"payload":"{encoded}","protected":"{header}","signature":"{value}"}}"#),
                format!(r#"{{"signatures":[{{"signature":"{value}","protected":"{header}"}}],"payload":"{encoded}"}}"#),
            ];
            for form in forms {
                let jws = parse(&form);
                let signature = &jws.signatures()[0];
                prop_assert_eq!(jws.unverified_payload(), Some(&payload[..]));
                prop_assert_eq!((signature.received_protected(), signature.received_signature()), (&header[..], &value[..]));
                prop_assert_eq!(signature.payload_in_signing_input(None).unwrap(), encoded.clone().into_bytes());
                prop_assert!(signature.verify(key.public_key(), &CriticalRules::new(&[], &[]), None).is_ok());
            }
        }

        #[test]
        fn a_changed_bit_never_passes(position in any::<prop::sample::Index>(), bit in 0_u32..8) {
            let key = software_key();
            let [header, payload, value] = signed(&key, b"octets");
            let forms = [
                format!("{header}.{payload}.{value}"),
                format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{value}"}}"#),
            ];
            for form in forms {
                let mut octets = form.into_bytes();
                let position = position.index(octets.len());
                octets[position] ^= 1 << bit;
                if let Ok(jws) = Jws::parse(&octets, &Limits::default()) {
                    prop_assert!(jws.signatures().iter().all(|signature| signature.verify(key.public_key(), &CriticalRules::new(&[], &[]), None).is_err()));
                }
            }
        }
    }
}
