//! Reading certificates: the gate, the whole ASN.1 type, then `x509-parser`, then what §4 asks beyond the type.

use std::collections::HashSet;
use std::ops::Range;

use x509_parser::certificate::{TbsCertificate, TbsCertificateParser};
use x509_parser::nom::Parser;
use x509_parser::prelude::FromDer;
use x509_parser::x509::{AlgorithmIdentifier, X509Version};

use super::{CertificateError, Inner};
use crate::budget::Limits;
use crate::crypto::{AlgorithmError, PublicKey, SignatureAlgorithm};
use crate::encoding::der::{self, DerError, DerErrorKind, Reader, Tag, Value};
use crate::oid::Oid;
use crate::time::{Instant, TimeError, Validity};
use crate::x509::extension::KnownExtensions;
use crate::x509::{Criticality, Extension, Name, asn1};

/// Reads one complete DER certificate; see [`Certificate::from_der`](super::Certificate::from_der).
pub(super) fn read(input: &[u8]) -> Result<Inner, CertificateError> {
    let limits = Limits::default();
    der::check(input, &Limits { input_octets: limits.certificate_octets, ..limits })?;
    let mut whole = Reader::new(input);
    let mut fields = whole.read(Tag::SEQUENCE)?.reader();
    whole.finish()?;
    let tbs = fields.read(Tag::SEQUENCE)?;
    let algorithm = fields.read(Tag::SEQUENCE)?;
    let signature = fields.read(Tag::BIT_STRING)?;
    fields.finish()?;

    asn1::TBS_CERTIFICATE.check(tbs.as_der(), tbs.offset())?;
    asn1::ALGORITHM_IDENTIFIER.check(algorithm.as_der(), algorithm.offset())?;
    let parsed = parse_tbs(&tbs)?;
    check_version(&parsed)?;
    check_algorithms(&parsed, &algorithm)?;
    let (extensions, known) = read_extensions(input, &parsed)?;
    Ok(Inner {
        tbs: range(input, tbs.as_der()),
        serial_number: range(input, parsed.raw_serial()),
        signature_algorithm_identifier: range(input, algorithm.as_der()),
        signature_value: range(input, signature.bit_string_octets()?),
        signature_algorithm: read_algorithm(&algorithm)?,
        issuer: read_name(input, parsed.issuer().as_raw())?,
        subject: read_name(input, parsed.subject().as_raw())?,
        validity: read_validity(&parsed)?,
        public_key: PublicKey::from_spki_der(parsed.public_key().raw)?,
        extensions,
        known,
        der: input.into(),
    })
}

/// Reads a TBSCertificate that has its ASN.1 type; extensions are left as octets.
fn parse_tbs<'a>(tbs: &Value<'a>) -> Result<TbsCertificate<'a>, CertificateError> {
    let mut parser = TbsCertificateParser::new().with_deep_parse_extensions(false);
    match parser.parse(tbs.as_der()) {
        Ok((_, parsed)) => Ok(parsed),
        Err(error) => Err(CertificateError::Unreadable(error.to_string())),
    }
}

/// §4.1.2.1, §4.1.2.8, §4.1.2.9: which version has which components.
fn check_version(tbs: &TbsCertificate<'_>) -> Result<(), CertificateError> {
    let component = match tbs.version() {
        X509Version::V3 => return Ok(()),
        _ if !tbs.extensions().is_empty() => "extensions",
        X509Version::V1 if tbs.issuer_uid.is_some() || tbs.subject_uid.is_some() => "a unique identifier",
        _ => return Ok(()),
    };
    Err(CertificateError::Version { component, version: tbs.version().0 + 1 })
}

/// §4.1.1.2: `signatureAlgorithm` MUST be the same as `signature`.
fn check_algorithms(tbs: &TbsCertificate<'_>, outer: &Value<'_>) -> Result<(), CertificateError> {
    match AlgorithmIdentifier::from_der(outer.as_der()) {
        Ok((_, outer)) if outer == tbs.signature => Ok(()),
        Ok(_) => Err(CertificateError::SignatureAlgorithmMismatch),
        Err(error) => Err(CertificateError::Unreadable(error.to_string())),
    }
}

/// The algorithm of a checked AlgorithmIdentifier, or why this crate does not have it.
fn read_algorithm(identifier: &Value<'_>) -> Result<Result<SignatureAlgorithm, AlgorithmError>, DerError> {
    let mut fields = identifier.reader();
    let algorithm = fields.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let parameters = Some(fields.remaining()).filter(|parameters| !parameters.is_empty());
    Ok(SignatureAlgorithm::from_algorithm_identifier(&algorithm, parameters))
}

fn read_name(input: &[u8], name: &[u8]) -> Result<Name, CertificateError> {
    let value = Reader::at(name, range(input, name).start).read(Tag::SEQUENCE)?;
    Ok(Name::from_value(&value)?)
}

fn read_validity(tbs: &TbsCertificate<'_>) -> Result<Validity, TimeError> {
    let instant = |time: x509_parser::time::ASN1Time| Instant::try_from(time.to_datetime());
    Validity::new(instant(tbs.validity().not_before)?, instant(tbs.validity().not_after)?)
}

/// §4.2: each extension once; those this crate types are read.
fn read_extensions(
    input: &[u8],
    tbs: &TbsCertificate<'_>,
) -> Result<(Vec<Extension>, KnownExtensions), CertificateError> {
    let mut extensions: Vec<Extension> = Vec::new();
    let mut known = KnownExtensions::default();
    let mut seen = HashSet::new();
    for parsed in tbs.extensions() {
        let id = Oid::from_der_contents(parsed.oid.as_bytes())
            .map_err(|error| DerError::new(DerErrorKind::Oid(error), range(input, parsed.oid.as_bytes()).start))?;
        if !seen.insert(id.clone()) {
            return Err(CertificateError::DuplicateExtension { id });
        }
        let criticality = if parsed.critical { Criticality::Critical } else { Criticality::NonCritical };
        let extension = Extension::new(id, criticality, parsed.value);
        known.read(&extension).map_err(|reason| CertificateError::Extension { id: extension.id().clone(), reason })?;
        extensions.push(extension);
    }
    Ok((extensions, known))
}

/// Where `part`, a slice of `whole`, lies in it.
fn range(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start.saturating_add(part.len())
}
