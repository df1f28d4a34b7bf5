//! Extensions of a CRL: RFC 5280 §5.2.

use super::{CrlError, CrlNumber, IssuingDistributionPoint};
use crate::encoding::der::{FractionalSeconds, Tag, Value};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::x509::Criticality;
use crate::x509::revocation::extension_list::{self, RawExtension};

/// The extensions of a CRL that this crate types (§5.2).
#[derive(Default)]
pub(super) struct CrlExtensions {
    pub(super) authority_key_identifier: Option<Box<[u8]>>,
    pub(super) key_identifier: Option<Box<[u8]>>,
    pub(super) crl_number: Option<CrlNumber>,
    pub(super) base_crl_number: Option<CrlNumber>,
    pub(super) issuing_distribution_point: Option<IssuingDistributionPoint>,
    pub(super) issuing_distribution_point_der: Option<Box<[u8]>>,
    pub(super) expired_certs_on_crl: Option<Instant>,
    pub(super) critical_extension: Option<Oid>,
}

impl CrlExtensions {
    pub(super) fn read(explicit: &Value<'_>) -> Result<Self, CrlError> {
        let mut reader = explicit.reader();
        let list = reader.read(Tag::SEQUENCE)?;
        reader.finish()?;
        let mut extensions = Self::default();
        for extension in extension_list::read(&list)? {
            check_criticality(&extension)?;
            extensions.read_extension(&extension)?;
        }
        Ok(extensions)
    }

    fn read_extension(&mut self, extension: &RawExtension<'_>) -> Result<(), CrlError> {
        if extension.is(&oid::CE_AUTHORITY_KEY_IDENTIFIER) {
            let mut fields = extension.value()?.with_tag(Tag::SEQUENCE)?.reader();
            self.key_identifier = fields.optional(Tag::context(0))?.map(|identifier| identifier.contents().into());
            self.authority_key_identifier = Some(extension.octets().into());
        } else if extension.is(&oid::CE_CRL_NUMBER) {
            self.crl_number = Some(CrlNumber::read(&extension.value()?)?);
        } else if extension.is(&oid::CE_DELTA_CRL_INDICATOR) {
            self.base_crl_number = Some(CrlNumber::read(&extension.value()?)?);
        } else if extension.is(&oid::CE_ISSUING_DISTRIBUTION_POINT) {
            self.issuing_distribution_point = Some(IssuingDistributionPoint::read(&extension.value()?)?);
            self.issuing_distribution_point_der = Some(extension.octets().into());
        } else if extension.is(&oid::CE_EXPIRED_CERTS_ON_CRL) {
            self.expired_certs_on_crl = Some(extension.value()?.generalized_time(FractionalSeconds::Deny)?);
        } else if extension.criticality == Criticality::Critical && self.critical_extension.is_none() {
            self.critical_extension = Some(extension.id()?);
        }
        Ok(())
    }
}

/// The extensions whose criticality §4.2.1.1, §5.2 and §5.3 fix. Where they only say what an extension is, as of
/// reasonCode, a list is not refused for it.
const CRITICALITY: [(Oid, Criticality); 6] = [
    (oid::CE_AUTHORITY_KEY_IDENTIFIER, Criticality::NonCritical),
    (oid::CE_CRL_NUMBER, Criticality::NonCritical),
    (oid::CE_FRESHEST_CRL, Criticality::NonCritical),
    (oid::CE_DELTA_CRL_INDICATOR, Criticality::Critical),
    (oid::CE_ISSUING_DISTRIBUTION_POINT, Criticality::Critical),
    (oid::CE_CERTIFICATE_ISSUER, Criticality::Critical),
];

/// Checks an extension of a CRL or of an entry against the table.
pub(super) fn check_criticality(extension: &RawExtension<'_>) -> Result<(), CrlError> {
    match CRITICALITY.iter().find(|(id, _)| extension.is(id)) {
        Some((id, expected)) if *expected != extension.criticality => {
            Err(CrlError::Criticality { id: id.clone(), expected: *expected, offset: extension.offset() })
        }
        _ => Ok(()),
    }
}
