//! The protected header of a JAdES signature (TS 119 182-1 §5.1 and §5.2).

use crate::budget::Limits;
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::json::{MemberTypeError, Members};
use crate::encoding::{base64, excerpt};
use crate::jades::{
    Commitment, JadesError, SigD, SignaturePlace, SignaturePolicyId, SignerAttributes, digest_identifier,
};
use crate::time::Instant;
use crate::x509::Certificate;

/// What a protected header says, with every fault in it.
///
/// A fault in one parameter does not hide the others: a report can still say who seems to have signed and when, while
/// the signature does not pass as long as [`faults`](Self::faults) is not empty.
#[derive(Debug, Clone, Default)]
pub struct HeaderParameters {
    content_type: Option<String>,
    key_id: Option<String>,
    certificates: Vec<Certificate>,
    references: Vec<CertificateReference>,
    signing_time: Option<SigningTime>,
    expires: Option<Instant>,
    content_time_stamps: Vec<Vec<u8>>,
    sig_d: Option<SigD>,
    has_sig_d: bool,
    commitments: Vec<Commitment>,
    place: Option<SignaturePlace>,
    attributes: Option<SignerAttributes>,
    signature_policy: Option<SignaturePolicyId>,
    faults: Vec<JadesError>,
}

impl HeaderParameters {
    /// Reads the members of a protected header.
    pub(crate) fn read(header: Members<'_>, limits: &Limits) -> Self {
        let mut this = Self { has_sig_d: header.contains("sigD"), ..Self::default() };
        this.content_type = this.keep(content_type(header)).flatten();
        this.key_id = this.keep(header.string("kid").map_err(Into::into)).flatten().map(str::to_owned);
        this.certificates = this.keep(certificates(header, limits)).unwrap_or_default();
        this.references = this.keep(references(header)).unwrap_or_default();
        this.signing_time = this.keep(signing_time(header));
        this.expires = this.keep(numeric_date(header, "exp")).flatten();
        this.content_time_stamps = this.keep(content_time_stamps(header)).unwrap_or_default();
        this.sig_d = this.keep(sig_d(header)).flatten();
        this.commitments = this.keep(Commitment::read_all(header)).unwrap_or_default();
        this.place = this.keep(SignaturePlace::read(header)).flatten();
        this.attributes = this.keep(SignerAttributes::read(header)).flatten();
        this.signature_policy = this.keep(SignaturePolicyId::read(header)).flatten();
        let _: Option<()> = this.keep(typ(header));
        this
    }

    fn keep<T>(&mut self, read: Result<T, JadesError>) -> Option<T> {
        read.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// The media type of the payload, with `application/` put back where `cty` leaves it out (RFC 7515 §4.1.10).
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// `kid`: a hint that nothing rests on.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// `x5c`: certificates to build a path from, the signer's first. Trust does not come from here.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The digests that pin the signing certificate: one, or those of `sigX5ts`.
    #[must_use]
    pub fn certificate_references(&self) -> &[CertificateReference] {
        &self.references
    }

    /// The signing time that the signer claims.
    #[must_use]
    pub fn signing_time(&self) -> Option<SigningTime> {
        self.signing_time
    }

    /// `exp` (§5.1.10): the time from which on the signer does not want the signature to be accepted.
    #[must_use]
    pub fn expires(&self) -> Option<Instant> {
        self.expires
    }

    /// The DER time-stamp tokens of `adoTst`, over the signed data.
    #[must_use]
    pub fn content_time_stamps(&self) -> &[Vec<u8>] {
        &self.content_time_stamps
    }

    /// Whether the signed data is named by `sigD`, also by one that cannot be read.
    #[must_use]
    pub fn has_sig_d(&self) -> bool {
        self.has_sig_d
    }

    /// The data objects that are signed and do not stand in the file, `sigD`.
    #[must_use]
    pub fn sig_d(&self) -> Option<&SigD> {
        self.sig_d.as_ref()
    }

    /// What the signer commits to, `srCms`.
    #[must_use]
    pub fn commitments(&self) -> &[Commitment] {
        &self.commitments
    }

    /// Where the signer claims to have signed, `sigPl`.
    #[must_use]
    pub fn place(&self) -> Option<&SignaturePlace> {
        self.place.as_ref()
    }

    /// What the signer claims to be, `srAts`.
    #[must_use]
    pub fn attributes(&self) -> Option<&SignerAttributes> {
        self.attributes.as_ref()
    }

    /// The policy by which the signer wants the signature to be validated, `sigPId` (§5.2.7).
    #[must_use]
    pub fn signature_policy(&self) -> Option<&SignaturePolicyId> {
        self.signature_policy.as_ref()
    }

    /// What is wrong with the header, in the order of the parameters; empty when nothing is.
    #[must_use]
    pub fn faults(&self) -> &[JadesError] {
        &self.faults
    }
}

/// A digest of the signing certificate's DER (§5.1.7 `x5t#S256`, §5.2.2 `x5t#o` and `sigX5ts`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateReference(Digest);

impl CertificateReference {
    /// Whether `certificate` is the one that is meant.
    #[must_use]
    pub fn matches(&self, certificate: &Certificate) -> bool {
        certificate.digest(self.0.algorithm()) == self.0
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.0
    }
}

/// The signing time claimed, by the parameter that claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningTime {
    /// `iat` (§5.1.11), a NumericDate.
    IssuedAt(Instant),
    /// `sigT` (§5.2.1), for signatures before 2025-07-15.
    SigT(Instant),
}

impl SigningTime {
    /// The instant claimed.
    #[must_use]
    pub fn instant(self) -> Instant {
        match self {
            Self::IssuedAt(instant) | Self::SigT(instant) => instant,
        }
    }
}

/// `cty` (RFC 7515 §4.1.10).
fn content_type(header: Members<'_>) -> Result<Option<String>, JadesError> {
    Ok(header.string("cty")?.map(media_type))
}

/// A media type with `application/` put back where it was left out.
pub(super) fn media_type(written: &str) -> String {
    if written.contains('/') { written.to_owned() } else { format!("application/{written}") }
}

/// `sigD` (§5.2.8).
fn sig_d(header: Members<'_>) -> Result<Option<SigD>, JadesError> {
    header.object("sigD")?.map(SigD::read).transpose()
}

/// `typ` (§5.1.2): absent, or one of the two types of a JWS, in either spelling of RFC 7515 §4.1.9.
fn typ(header: Members<'_>) -> Result<(), JadesError> {
    match header.string("typ")? {
        None => Ok(()),
        Some(typ) if matches!(typ.strip_prefix("application/").unwrap_or(typ), "jose" | "jose+json") => Ok(()),
        Some(typ) => Err(JadesError::Type { found: excerpt(typ) }),
    }
}

/// `x5c` (RFC 7515 §4.1.6): an unreadable entry is an error, never left out.
fn certificates(header: Members<'_>, limits: &Limits) -> Result<Vec<Certificate>, JadesError> {
    let Some(entries) = header.strings("x5c")? else { return Ok(Vec::new()) };
    if entries.is_empty() {
        return Err(JadesError::Empty { member: "x5c" });
    }
    let limit = limits.certificates;
    if entries.len() > limit {
        return Err(JadesError::TooManyCertificates { member: "x5c", limit });
    }
    let read = |(position, entry): (usize, &str)| certificate("x5c", position, entry, limits);
    entries.into_iter().enumerate().map(read).collect()
}

/// Reads standard base64 of a certificate's DER.
pub(super) fn certificate(
    member: &'static str,
    position: usize,
    text: &str,
    limits: &Limits,
) -> Result<Certificate, JadesError> {
    let der = base64::decode_standard(text).map_err(|error| JadesError::Base64 { member, error })?;
    Certificate::from_der_within(&der, limits).map_err(|error| JadesError::Certificate { member, position, error })
}

/// Exactly one of `x5t#S256`, `x5t#o` and `sigX5ts` (§6.3 table 1).
fn references(header: Members<'_>) -> Result<Vec<CertificateReference>, JadesError> {
    let found = ["x5t#S256", "x5t#o", "sigX5ts"].into_iter().filter(|name| header.contains(name)).count();
    match found {
        0 => return Err(JadesError::NoCertificateReference),
        1 => {}
        _ => return Err(JadesError::SeveralCertificateReferences { found }),
    }
    if let Some(value) = header.string("x5t#S256")? {
        return Ok(vec![reference("x5t#S256", DigestAlgorithm::Sha256, value)?]);
    }
    if let Some(object) = header.object("x5t#o")? {
        return Ok(vec![digest_object("x5t#o", object)?]);
    }
    let entries = header.array("sigX5ts")?.unwrap_or_default();
    if entries.is_empty() {
        return Err(JadesError::Empty { member: "sigX5ts" });
    }
    let read = |entry: &serde_json::Value| {
        let object = entry.as_object().ok_or_else(|| MemberTypeError::new("sigX5ts", "an array of objects", entry))?;
        digest_object("sigX5ts", Members::new(object))
    };
    entries.iter().map(read).collect()
}

/// `{"digAlg":"S512","digVal":base64url}`, the `DigAlgVal` of §5.2.2.
fn digest_object(member: &'static str, object: Members<'_>) -> Result<CertificateReference, JadesError> {
    let missing = |missing| JadesError::Missing { inside: member, missing };
    let identifier = object.string("digAlg")?.ok_or_else(|| missing("digAlg"))?;
    let value = object.string("digVal")?.ok_or_else(|| missing("digVal"))?;
    reference(member, digest_identifier::algorithm(member, identifier)?, value)
}

fn reference(
    member: &'static str,
    algorithm: DigestAlgorithm,
    value: &str,
) -> Result<CertificateReference, JadesError> {
    digest_identifier::digest(member, algorithm, value).map(CertificateReference)
}

/// Exactly one of `iat` and `sigT` (§5.1.11, §5.2.1).
fn signing_time(header: Members<'_>) -> Result<SigningTime, JadesError> {
    match (header.contains("iat"), header.contains("sigT")) {
        (false, false) => Err(JadesError::NoSigningTime),
        (true, true) => Err(JadesError::TwoSigningTimes),
        (true, false) => {
            let issued_at = numeric_date(header, "iat")?.ok_or(JadesError::NoSigningTime)?;
            Ok(SigningTime::IssuedAt(issued_at))
        }
        (false, true) => sig_t(header.string("sigT")?.unwrap_or_default()),
    }
}

/// A NumericDate (RFC 7519 §2) in whole seconds, as §5.1.10 and §5.1.11 ask.
fn numeric_date(header: Members<'_>, member: &'static str) -> Result<Option<Instant>, JadesError> {
    let Some(seconds) = header.integer(member)? else { return Ok(None) };
    let expected = "seconds since 1970 of a year up to 9999";
    let form = |_| JadesError::SigningTimeForm { member, found: seconds.to_string(), expected };
    Instant::from_unix_seconds(seconds).map(Some).map_err(form)
}

/// `yyyy-MM-ddTHH:mm:ssZ`, and nothing else that RFC 3339 would allow.
fn sig_t(text: &str) -> Result<SigningTime, JadesError> {
    let form = || JadesError::SigningTimeForm {
        member: "sigT",
        found: format!("\"{}\"", excerpt(text)),
        expected: "yyyy-MM-ddTHH:mm:ssZ",
    };
    let claimed: Instant = text.parse().map_err(|_| form())?;
    if text.len() != SIG_T_LENGTH || !text.ends_with('Z') || !text.contains('T') {
        return Err(form());
    }
    if claimed.unix_seconds() >= SIG_T_END {
        Err(JadesError::SigTTooLate { claimed })
    } else {
        Ok(SigningTime::SigT(claimed))
    }
}

/// `adoTst` (§5.2.6): a time-stamp container over the signed data.
fn content_time_stamps(header: Members<'_>) -> Result<Vec<Vec<u8>>, JadesError> {
    match header.object("adoTst")? {
        None => Ok(Vec::new()),
        Some(container) => time_stamp_tokens("adoTst", container),
    }
}

/// A `tstContainer` (§5.4.3.3): `{"tstTokens":[{"val": base64 DER}]}`. What a token's `type` and `encoding` say is passed
/// over: a value that is no RFC 3161 token in DER is refused when it is read.
pub(super) fn time_stamp_tokens(member: &'static str, container: Members<'_>) -> Result<Vec<Vec<u8>>, JadesError> {
    let missing = |missing| JadesError::Missing { inside: member, missing };
    let tokens = container.array("tstTokens")?.ok_or_else(|| missing("tstTokens"))?;
    if tokens.is_empty() {
        return Err(JadesError::Empty { member });
    }
    let read = |token: &serde_json::Value| {
        let object =
            token.as_object().ok_or_else(|| MemberTypeError::new("tstTokens", "an array of objects", token))?;
        let value = Members::new(object).string("val")?.ok_or_else(|| missing("val"))?;
        base64::decode_standard(value).map_err(|error| JadesError::Base64 { member, error })
    };
    tokens.iter().map(read).collect()
}

const SIG_T_LENGTH: usize = "yyyy-MM-ddTHH:mm:ssZ".len();

/// 2025-07-15T00:00:00Z (§5.2.1).
const SIG_T_END: i64 = 1_752_537_600;

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(header: &Value) -> HeaderParameters {
        HeaderParameters::read(
            Members::new(header.as_object().unwrap()),
            &Limits { certificates: 2, ..Limits::default() },
        )
    }

    /// The faults of a good header in which `changes` replaced members (null removes one).
    fn faults(changes: &Value) -> Vec<String> {
        let mut header = json!({"alg": "ES256", "x5t#S256": "A".repeat(43), "typ": "jose+json", "iat": 1_700_000_000});
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => drop(header.as_object_mut().unwrap().remove(name)),
                value => header[name] = value.clone(),
            }
        }
        read(&header).faults().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_header_has_no_fault() {
        assert_eq!(faults(&json!({})), [""; 0]);
        assert_eq!(faults(&json!({"typ": null, "iat": null, "sigT": "2024-02-29T12:00:00Z"})), [""; 0]);
        assert_eq!(
            faults(&json!({"typ": "application/jose", "exp": 1, "nbf": "ignored", "jwk": {"kty": "EC"}})),
            [""; 0]
        );
        let header = read(
            &json!({"cty": "vnd.x+json", "kid": "k", "iat": 5, "x5t#o": {"digAlg": "S512", "digVal": "A".repeat(86)}}),
        );
        assert_eq!((header.content_type(), header.key_id()), (Some("application/vnd.x+json"), Some("k")));
        assert_eq!(header.signing_time().unwrap().instant().unix_seconds(), 5);
        assert_eq!(header.certificate_references()[0].digest().algorithm(), DigestAlgorithm::Sha512);
    }

    #[test]
    fn each_fault_has_its_sentence() {
        let table = [
            (json!({"iat": null}), "header: no signing time, expected one of \"iat\" and \"sigT\""),
            (json!({"sigT": "2024-01-01T00:00:00Z"}), "header: \"iat\" and \"sigT\" together, expected one of them"),
            (json!({"iat": "1700000000"}), "header: member \"iat\": expected an integer, found a string"),
            (json!({"iat": 1.5}), "header: member \"iat\": expected an integer, found a fraction"),
            (
                json!({"iat": i64::MAX}),
                "header: \"iat\" is 9223372036854775807, expected seconds since 1970 of a year up to 9999",
            ),
            (json!({"exp": "soon"}), "header: member \"exp\": expected an integer, found a string"),
            (
                json!({"iat": null, "sigT": "2024-01-01"}),
                "header: \"sigT\" is \"2024-01-01\", expected yyyy-MM-ddTHH:mm:ssZ",
            ),
            (
                json!({"iat": null, "sigT": "2024-01-01T00:00:00+00:00"}),
                "header: \"sigT\" is \"2024-01-01T00:00:00+00:00\", expected yyyy-MM-ddTHH:mm:ssZ",
            ),
            (
                json!({"iat": null, "sigT": "2025-07-15T00:00:00Z"}),
                "header: \"sigT\" claims 2025-07-15T00:00:00Z, it may be used for times before 2025-07-15 only",
            ),
            (
                json!({"x5t#S256": null}),
                "header: no certificate reference, expected one of \"x5t#S256\", \"x5t#o\" and \"sigX5ts\"",
            ),
            (
                json!({"x5t#o": {}}),
                "header: 2 certificate references, expected one of \"x5t#S256\", \"x5t#o\" and \"sigX5ts\"",
            ),
            (json!({"x5t#S256": "AA"}), "header: \"x5t#S256\": 1 octets, its algorithm makes 32"),
            (json!({"x5t#S256": "A="}), "header: \"x5t#S256\": base64: octet 0x3d at offset 1 is not of the alphabet"),
            (json!({"x5t#S256": null, "x5t#o": {"digVal": "AA"}}), "header: \"x5t#o\" has no member \"digAlg\""),
            (
                json!({"x5t#S256": null, "x5t#o": {"digAlg": "sha512", "digVal": "AA"}}),
                "header: \"x5t#o\": digest algorithm \"sha512\", expected S256, S384 or S512",
            ),
            (json!({"x5t#S256": null, "sigX5ts": []}), "header: \"sigX5ts\" is empty"),
            (json!({"x5c": "MII"}), "header: member \"x5c\": expected an array, found a string"),
            (json!({"x5c": []}), "header: \"x5c\" is empty"),
            (json!({"x5c": ["MII="]}), "header: \"x5c\" entry 0: "),
            (json!({"typ": "JWT"}), "header: \"typ\" is \"JWT\", expected jose or jose+json"),
            (json!({"cty": 1}), "header: member \"cty\": expected a string, found an integer"),
            (json!({"kid": []}), "header: member \"kid\": expected a string, found an array"),
            (json!({"adoTst": {"tstTokens": []}}), "header: \"adoTst\" is empty"),
            (json!({"adoTst": {}}), "header: \"adoTst\" has no member \"tstTokens\""),
            (json!({"adoTst": {"tstTokens": [{}]}}), "header: \"adoTst\" has no member \"val\""),
        ];
        for (changes, expected) in table {
            let [fault] = &faults(&changes)[..] else { panic!("{changes}: {:?}", faults(&changes)) };
            assert!(fault.starts_with(expected), "{changes}: {fault}");
            assert!(fault == expected || expected.ends_with(": "), "{changes}: {fault}");
        }
    }

    #[test]
    fn one_fault_does_not_hide_the_rest() {
        let header = read(&json!({"iat": 5, "x5c": "MII", "x5t#S256": 1, "typ": 2}));
        assert_eq!(header.faults().len(), 3);
        assert_eq!(header.signing_time().unwrap().instant().unix_seconds(), 5);
    }
}
