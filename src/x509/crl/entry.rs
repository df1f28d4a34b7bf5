//! Entries of a CRL: RFC 5280 §5.1.2.6 and §5.3.
//!
//! ```text
//! revokedCertificates SEQUENCE OF SEQUENCE { userCertificate INTEGER, revocationDate Time,
//!     crlEntryExtensions Extensions OPTIONAL }
//! ```

use super::extensions::check_criticality;
use super::{CrlError, RevocationReason};
use crate::encoding::der::{DerError, DerErrorKind, FractionalSeconds, Reader, Tag, Value};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::x509::revocation::extension_list::{self, RawExtension};
use crate::x509::{Criticality, GeneralName};

/// What a CRL says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevokedEntry {
    /// The contents octets of the certificate's serial number.
    pub serial_number: Box<[u8]>,
    /// When the issuer revoked it.
    pub revocation_date: Instant,
    /// Why.
    pub reason: Option<RevocationReason>,
    /// Since when the private key is known or suspected to be in other hands.
    pub invalidity_date: Option<Instant>,
}

/// An entry where it lies.
pub(super) struct RawEntry<'a> {
    serial_number: Value<'a>,
    revocation_date: Instant,
    reason: Option<RevocationReason>,
    invalidity_date: Option<Instant>,
    certificate_issuer: Option<RawExtension<'a>>,
    pub(super) has_extensions: bool,
    /// A critical extension that is not processed.
    pub(super) critical_extension: Option<Oid>,
}

impl<'a> RawEntry<'a> {
    pub(super) fn read(sequence: &Value<'a>) -> Result<Self, CrlError> {
        let mut fields = sequence.reader();
        let serial_number = fields.read(Tag::INTEGER)?;
        let revocation_date = read_time(&mut fields)?;
        let extensions = fields.optional(Tag::SEQUENCE)?;
        fields.finish()?;
        let mut entry = Self {
            serial_number,
            revocation_date,
            reason: None,
            invalidity_date: None,
            certificate_issuer: None,
            has_extensions: extensions.is_some(),
            critical_extension: None,
        };
        if let Some(list) = extensions {
            for extension in extension_list::read(&list)? {
                entry.read_extension(&extension)?;
            }
        }
        Ok(entry)
    }

    fn read_extension(&mut self, extension: &RawExtension<'a>) -> Result<(), CrlError> {
        check_criticality(extension)?;
        if extension.is(&oid::CE_CRL_REASON) {
            let value = extension.value()?.with_tag(Tag::ENUMERATED)?;
            let reason = RevocationReason::from_number(value.contents());
            self.reason = Some(reason.ok_or(CrlError::Reason { offset: value.offset() })?);
        } else if extension.is(&oid::CE_INVALIDITY_DATE) {
            self.invalidity_date = Some(extension.value()?.generalized_time(FractionalSeconds::Deny)?);
        } else if extension.is(&oid::CE_CERTIFICATE_ISSUER) {
            GeneralName::read_all(&extension.value()?.with_tag(Tag::SEQUENCE)?)?;
            self.certificate_issuer = Some(*extension);
        } else if extension.criticality == Criticality::Critical {
            self.critical_extension = Some(extension.id()?);
        }
        Ok(())
    }

    pub(super) fn serial_number(&self) -> &'a [u8] {
        self.serial_number.contents()
    }

    pub(super) fn reason(&self) -> Option<RevocationReason> {
        self.reason
    }

    /// The certificate issuer that the entry names for itself and those after it (§5.3.3).
    pub(super) fn certificate_issuer(&self) -> Option<&RawExtension<'a>> {
        self.certificate_issuer.as_ref()
    }

    pub(super) fn certificate_issuer_names(&self) -> Result<Vec<GeneralName>, CrlError> {
        match &self.certificate_issuer {
            Some(extension) => Ok(GeneralName::read_all(&extension.value()?)?),
            None => Ok(Vec::new()),
        }
    }

    pub(super) fn to_entry(&self) -> RevokedEntry {
        RevokedEntry {
            serial_number: self.serial_number().into(),
            revocation_date: self.revocation_date,
            reason: self.reason,
            invalidity_date: self.invalidity_date,
        }
    }
}

/// Time: UTCTime or GeneralizedTime (§4.1.2.5).
pub(super) fn read_time(fields: &mut Reader<'_>) -> Result<Instant, DerError> {
    match fields.optional(Tag::UTC_TIME)? {
        Some(time) => time.utc_time(),
        None => fields.read(Tag::GENERALIZED_TIME)?.generalized_time(FractionalSeconds::Deny),
    }
}

/// Time, if one is there.
pub(super) fn optional_time(fields: &mut Reader<'_>) -> Result<Option<Instant>, DerError> {
    match fields.peek()? {
        Some(Tag::UTC_TIME | Tag::GENERALIZED_TIME) => read_time(fields).map(Some),
        _ => Ok(None),
    }
}

/// The position of an entry from the first one, as the index keeps it.
pub(super) fn index_offset(entry: &Value<'_>, first: usize) -> Result<u32, DerError> {
    let offset = entry.offset().saturating_sub(first);
    let too_long = |_| DerError::new(DerErrorKind::InputTooLong { limit: usize::MAX }, entry.offset());
    u32::try_from(offset).map_err(too_long)
}
