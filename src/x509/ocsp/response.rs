//! Responses: RFC 6960 §4.2.1.

use std::fmt;
use std::sync::Arc;

use super::single_response::{read_extensions, read_time};
use super::{OcspError, OcspResponseStatus, SingleResponse, cert_id};
use crate::budget::{Budget, Limits};
use crate::crypto::{AlgorithmConstraints, AlgorithmError, PublicKey, SignatureAlgorithm, SignatureValid};
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{self, DerError, DerErrorKind, Reader, Tag, Value};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::x509::revocation::EvidenceSignatureError;
use crate::x509::revocation::extension_list;
use crate::x509::revocation::signed::Signed;
use crate::x509::{Certificate, Criticality, Name};

/// A successful basic OCSP response, with its DER as received. Having one says nothing about trust.
///
/// Cheap to clone. The first key that is found to have made the signature is remembered.
#[derive(Clone)]
pub struct OcspResponse(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    signed: Signed,
    responder_id: ResponderId,
    produced_at: Instant,
    responses: Vec<SingleResponse>,
    nonce: Option<Box<[u8]>>,
    critical_extension: Option<Oid>,
    certificates: Vec<Certificate>,
}

impl OcspResponse {
    /// Reads one complete DER `OCSPResponse`, which must be successful and basic.
    ///
    /// # Errors
    /// [`OcspError`], with the position where there is one: `tryLater`, a trailing octet, no single response, a status 4.
    pub fn from_der(input: &[u8], limits: &Limits) -> Result<Self, OcspError> {
        der::check(input, limits)?;
        let basic = response_octets(input)?;
        let basic = extension_list::only_value(basic.contents(), basic.contents_offset())?.with_tag(Tag::SEQUENCE)?;
        let mut fields = basic.reader();
        let data = fields.read(Tag::SEQUENCE)?;
        let algorithm = fields.read(Tag::SEQUENCE)?;
        let signature = fields.read(Tag::BIT_STRING)?;
        let certificates = fields.optional(Tag::context_constructed(0))?;
        fields.finish()?;

        let mut fields = data.reader();
        if let Some(version) = fields.optional(Tag::context_constructed(0))? {
            return Err(OcspError::Version { offset: version.offset() });
        }
        let responder_id = ResponderId::read(&fields.read_any()?)?;
        let produced_at = read_time(&mut fields)?;
        let responses = read_single_responses(&fields.read(Tag::SEQUENCE)?)?;
        let extensions = fields.optional(Tag::context_constructed(1))?;
        fields.finish()?;
        let mut nonce = None;
        let mut critical_extension = None;
        for extension in read_extensions(extensions)? {
            if extension.is(&oid::PKIX_OCSP_NONCE) {
                nonce = Some(extension.value()?.with_tag(Tag::OCTET_STRING)?.contents().into());
            } else if extension.criticality == Criticality::Critical && !extension.is(&oid::PKIX_OCSP_EXTENDED_REVOKE) {
                critical_extension.get_or_insert(extension.id()?);
            }
        }
        Ok(Self(Arc::new(Inner {
            signed: Signed::new(&data, &algorithm, &signature)?,
            responder_id,
            produced_at,
            responses,
            nonce,
            critical_extension,
            certificates: read_certificates(certificates, limits)?,
            der: input.into(),
        })))
    }

    /// The DER of the response, as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// Who says it has signed.
    #[must_use]
    pub fn responder_id(&self) -> &ResponderId {
        &self.0.responder_id
    }

    /// When it was signed, by the responder's word.
    #[must_use]
    pub fn produced_at(&self) -> Instant {
        self.0.produced_at
    }

    /// The statuses, one or more.
    #[must_use]
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.responses
    }

    /// The nonce (§4.4.1): that of the request, if it had one and the responder repeats it.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.nonce.as_deref()
    }

    /// A critical extension of the response that is not processed: the response must not be used.
    #[must_use]
    pub fn unprocessed_critical_extension(&self) -> Option<&Oid> {
        self.0.critical_extension.as_ref()
    }

    /// The certificates that came with the response; nothing about them is trusted.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.0.certificates
    }

    /// The algorithm of the signature, or why this crate does not have it.
    ///
    /// # Errors
    /// [`AlgorithmError`]. The response can be read, but no status rests on it.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, &AlgorithmError> {
        self.0.signed.algorithm()
    }

    /// Whether `key` made the signature over the response, by an algorithm that may be relied on.
    pub(super) fn verify(
        &self,
        key: &PublicKey,
        constraints: &AlgorithmConstraints,
        budget: &mut Budget,
    ) -> Result<SignatureValid, EvidenceSignatureError> {
        self.0.signed.verify(self.as_der(), key, constraints, budget)
    }
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for OcspResponse {}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OcspResponse({}, {})", self.responder_id(), self.produced_at())
    }
}

/// ResponderID: who signed.
///
/// ```text
/// ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING (SHA-1 of the key) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ResponderId {
    /// By the subject of its certificate.
    Name(Name),
    /// By the SHA-1 digest of its key.
    KeyHash(Box<[u8]>),
}

impl ResponderId {
    /// Whether this is who has the name and the key.
    #[must_use]
    pub fn is_of(&self, name: &Name, key: &PublicKey) -> bool {
        match self {
            Self::Name(own) => own.matches(name),
            Self::KeyHash(own) => *own == cert_id::key_hash(DigestAlgorithm::Sha1, key),
        }
    }

    fn read(choice: &Value<'_>) -> Result<Self, OcspError> {
        let tag = choice.tag();
        let mut inner = choice.reader();
        if tag == Tag::context_constructed(1) {
            let name = Name::from_value(&inner.read(Tag::SEQUENCE)?)?;
            inner.finish()?;
            return Ok(Self::Name(name));
        }
        if tag != Tag::context_constructed(2) {
            return Err(DerError::new(DerErrorKind::NoAlternative { found: tag }, choice.offset()).into());
        }
        let hash = inner.read(Tag::OCTET_STRING)?;
        inner.finish()?;
        if hash.contents().len() != DigestAlgorithm::Sha1.output_len() {
            return Err(OcspError::ResponderKeyHash { offset: hash.offset(), found: hash.contents().len() });
        }
        Ok(Self::KeyHash(hash.contents().into()))
    }
}

impl fmt::Display for ResponderId {
    /// The name by RFC 4514, or `key` and the digest in hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "{name}"),
            Self::KeyHash(hash) => {
                f.write_str("key ")?;
                hash.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
        }
    }
}

/// The OCTET STRING of a successful response of the basic type.
///
/// ```text
/// OCSPResponse  ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }
/// ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
/// ```
fn response_octets(input: &[u8]) -> Result<Value<'_>, OcspError> {
    let mut whole = Reader::new(input);
    let mut fields = whole.read(Tag::SEQUENCE)?.reader();
    whole.finish()?;
    let status = fields.read(Tag::ENUMERATED)?;
    let explicit = fields.optional(Tag::context_constructed(0))?;
    fields.finish()?;
    let offset = status.offset();
    let status = OcspResponseStatus::from_number(status.contents()).ok_or(OcspError::Status { offset })?;
    let explicit = match (status, explicit) {
        (Ok(()), Some(explicit)) => explicit,
        (Ok(()), None) => return Err(OcspError::Empty),
        (Err(status), None) => return Err(OcspError::Unsuccessful(status)),
        (Err(status), Some(_)) => return Err(OcspError::ResponseBesideError(status)),
    };
    let mut inner = explicit.reader();
    let mut fields = inner.read(Tag::SEQUENCE)?.reader();
    inner.finish()?;
    let response_type = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let response = fields.read(Tag::OCTET_STRING)?;
    fields.finish()?;
    if response_type != oid::PKIX_OCSP_BASIC {
        return Err(OcspError::Type { found: response_type });
    }
    Ok(response)
}

fn read_single_responses(list: &Value<'_>) -> Result<Vec<SingleResponse>, OcspError> {
    let mut reader = list.reader();
    if reader.is_empty() {
        return Err(OcspError::NoSingleResponse { offset: list.offset() });
    }
    let mut responses = Vec::new();
    while !reader.is_empty() {
        responses.push(SingleResponse::read(&reader.read(Tag::SEQUENCE)?)?);
    }
    Ok(responses)
}

fn read_certificates(explicit: Option<Value<'_>>, limits: &Limits) -> Result<Vec<Certificate>, OcspError> {
    let Some(explicit) = explicit else { return Ok(Vec::new()) };
    let mut inner = explicit.reader();
    let mut reader = inner.read(Tag::SEQUENCE)?.reader();
    inner.finish()?;
    let mut certificates = Vec::new();
    while !reader.is_empty() {
        if certificates.len() == limits.certificates {
            return Err(OcspError::TooManyCertificates { limit: limits.certificates });
        }
        let value = reader.read(Tag::SEQUENCE)?;
        let certificate = Certificate::from_der_within(value.as_der(), limits);
        certificates.push(certificate.map_err(|reason| OcspError::Certificate { offset: value.offset(), reason })?);
    }
    Ok(certificates)
}
