//! Reading certificates: the gate once over all octets, then each component in the order of the ASN.1, and what §4 asks
//! beyond the type where the component is read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{CertificateError, Inner};
use crate::budget::Limits;
use crate::crypto::{AlgorithmError, PublicKey, SignatureAlgorithm};
use crate::encoding::der::{self, DerError, DerErrorKind, FractionalSeconds, Reader, Tag, Value};
use crate::time::{Instant, Validity};
use crate::x509::extension::KnownExtensions;
use crate::x509::{Criticality, Extension, Name};

/// Reads one complete DER certificate; see [`Certificate::from_der`](super::Certificate::from_der).
pub(super) fn read(input: &[u8], limits: &Limits) -> Result<Inner, CertificateError> {
    der::check(input, &Limits { input_octets: limits.certificate_octets, ..limits.clone() })?;
    let mut whole = Reader::new(input);
    let mut fields = whole.read(Tag::SEQUENCE)?.reader();
    whole.finish()?;
    let tbs = fields.read(Tag::SEQUENCE)?;
    let algorithm = fields.read(Tag::SEQUENCE)?;
    let signature = fields.read(Tag::BIT_STRING)?;
    fields.finish()?;

    let signature_algorithm = read_algorithm(&algorithm)?;
    let parts = read_tbs(&tbs, &algorithm)?;
    Ok(Inner {
        tbs: range(&tbs),
        serial_number: parts.serial_number,
        signature_algorithm_identifier: range(&algorithm),
        // A whole number of octets, so they follow the one that counts unused bits.
        signature_value: end_of(&signature, signature.bit_string_octets()?.len()),
        signature_algorithm,
        issuer: parts.issuer,
        subject: parts.subject,
        validity: parts.validity,
        public_key: parts.public_key,
        extensions: parts.extensions,
        known: parts.known,
        der: input.into(),
    })
}

/// What a TBSCertificate says, `signature` aside.
struct Tbs {
    serial_number: Range<usize>,
    issuer: Name,
    validity: Validity,
    subject: Name,
    public_key: PublicKey,
    extensions: Vec<Extension>,
    known: KnownExtensions,
}

/// §4.1.2, component by component; `algorithm` is the one beside the signature.
fn read_tbs(tbs: &Value<'_>, algorithm: &Value<'_>) -> Result<Tbs, CertificateError> {
    let mut fields = tbs.reader();
    let version = read_version(&mut fields)?;
    let serial_number = fields.read(Tag::INTEGER)?;
    // §4.1.1.2: `signatureAlgorithm` MUST be the same as `signature`, and in DER what is the same has the same octets.
    if fields.read(Tag::SEQUENCE)?.as_der() != algorithm.as_der() {
        return Err(CertificateError::SignatureAlgorithmMismatch);
    }
    let issuer = Name::from_value(&fields.read(Tag::SEQUENCE)?)?;
    let validity = read_validity(&fields.read(Tag::SEQUENCE)?)?;
    let subject = Name::from_value(&fields.read(Tag::SEQUENCE)?)?;
    let public_key = PublicKey::from_value(&fields.read(Tag::SEQUENCE)?)?;
    for number in [1, 2] {
        // §4.1.2.8: not in v1.
        if let Some(unique_identifier) = fields.optional(Tag::context(number))? {
            unique_identifier.bit_string()?;
            version.has("a unique identifier", 2)?;
        }
    }
    let (extensions, known) = match fields.optional(Tag::context_constructed(3))? {
        // §4.1.2.9: in v3 only.
        Some(extensions) => {
            version.has("extensions", 3)?;
            read_extensions(&extensions)?
        }
        None => (Vec::new(), KnownExtensions::default()),
    };
    fields.finish()?;
    let serial_number = end_of(&serial_number, serial_number.contents().len());
    Ok(Tbs { serial_number, issuer, validity, subject, public_key, extensions, known })
}

/// As written out: 1 for v1.
struct Version(u32);

impl Version {
    /// Checks that a certificate of this version can have `component`, which came with version `since`.
    fn has(&self, component: &'static str, since: u32) -> Result<(), CertificateError> {
        if self.0 < since { Err(CertificateError::Version { component, version: self.0 }) } else { Ok(()) }
    }
}

/// §4.1.2.1: v2 (1) or v3 (2); v1 (0) is the DEFAULT, which DER leaves out (X.690 §11.5).
fn read_version(fields: &mut Reader<'_>) -> Result<Version, DerError> {
    let Some(explicit) = fields.optional(Tag::context_constructed(0))? else { return Ok(Version(1)) };
    let mut inner = explicit.reader();
    let version = inner.read(Tag::INTEGER)?;
    inner.finish()?;
    match version.unsigned(2)? {
        0 => Err(DerError::new(DerErrorKind::DefaultEncoded, version.contents_offset())),
        1 => Ok(Version(2)),
        _ => Ok(Version(3)),
    }
}

/// The algorithm of an AlgorithmIdentifier, or why this crate does not have it.
fn read_algorithm(identifier: &Value<'_>) -> Result<Result<SignatureAlgorithm, AlgorithmError>, DerError> {
    let mut fields = identifier.reader();
    let algorithm = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let parameters = if fields.is_empty() { None } else { Some(fields.read_any()?.as_der()) };
    fields.finish()?;
    Ok(SignatureAlgorithm::from_algorithm_identifier(&algorithm, parameters))
}

/// §4.1.2.5.
fn read_validity(validity: &Value<'_>) -> Result<Validity, CertificateError> {
    let mut fields = validity.reader();
    let not_before = read_time(&mut fields)?;
    let not_after = read_time(&mut fields)?;
    fields.finish()?;
    Ok(Validity::new(not_before, not_after)?)
}

/// `Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }`
fn read_time(fields: &mut Reader<'_>) -> Result<Instant, DerError> {
    match fields.optional(Tag::GENERALIZED_TIME)? {
        Some(time) => time.generalized_time(FractionalSeconds::Deny),
        None => fields.read(Tag::UTC_TIME)?.utc_time(),
    }
}

/// §4.2: one extension or more, each once; those this crate types are read.
fn read_extensions(explicit: &Value<'_>) -> Result<(Vec<Extension>, KnownExtensions), CertificateError> {
    let mut inner = explicit.reader();
    let mut elements = inner.read(Tag::SEQUENCE)?.reader();
    inner.finish()?;
    let mut extensions = Vec::with_capacity(USUAL_EXTENSIONS);
    let mut known = KnownExtensions::default();
    let mut seen = BTreeSet::new();
    while extensions.is_empty() || !elements.is_empty() {
        let mut fields = elements.read(Tag::SEQUENCE)?.reader();
        let id_value = fields.read(Tag::OBJECT_IDENTIFIER)?;
        let id = id_value.oid()?;
        if !seen.insert(id_value.contents()) {
            return Err(CertificateError::DuplicateExtension { id });
        }
        let critical = fields.optional(Tag::BOOLEAN)?.map_or(Ok(false), |critical| critical.true_or_absent())?;
        let value = fields.read(Tag::OCTET_STRING)?;
        fields.finish()?;
        let criticality = if critical { Criticality::Critical } else { Criticality::NonCritical };
        let extension = Extension::new(id, criticality, value.contents());
        known.read(&extension).map_err(|reason| CertificateError::Extension { id: extension.id().clone(), reason })?;
        extensions.push(extension);
    }
    Ok((extensions, known))
}

/// As many as certificates of authorities and signers have, seldom more.
const USUAL_EXTENSIONS: usize = 8;

/// Where `value` lies in the certificate.
fn range(value: &Value<'_>) -> Range<usize> {
    value.offset()..value.offset() + value.as_der().len()
}

/// Where the last `len` octets of `value` lie in the certificate.
fn end_of(value: &Value<'_>, len: usize) -> Range<usize> {
    let end = range(value).end;
    end.saturating_sub(len)..end
}
