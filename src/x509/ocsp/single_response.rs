//! The status of one certificate: RFC 6960 §4.2.1.
//!
//! ```text
//! SingleResponse ::= SEQUENCE { certID CertID, certStatus CertStatus, thisUpdate GeneralizedTime,
//!     nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL, singleExtensions [1] EXPLICIT Extensions OPTIONAL }
//! CertStatus     ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
//! RevokedInfo    ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL }
//! ```

use super::{CertId, OcspError};
use crate::encoding::der::{DerError, DerErrorKind, FractionalSeconds, Reader, Tag, Value};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::x509::Criticality;
use crate::x509::crl::RevocationReason;
use crate::x509::revocation::extension_list::{self, RawExtension};

/// What a response says of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleResponse {
    cert_id: CertId,
    status: CertStatus,
    this_update: Instant,
    next_update: Option<Instant>,
    archive_cutoff: Option<Instant>,
    invalidity_date: Option<Instant>,
    critical_extension: Option<Oid>,
}

/// CertStatus: what a responder says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertStatus {
    /// Not revoked.
    Good,
    /// Revoked, for good or for now.
    Revoked {
        /// When.
        date: Instant,
        /// Why.
        reason: Option<RevocationReason>,
    },
    /// The responder does not know the certificate.
    Unknown,
}

impl SingleResponse {
    /// Which certificate it is about.
    #[must_use]
    pub fn cert_id(&self) -> &CertId {
        &self.cert_id
    }

    /// What is said of it.
    #[must_use]
    pub fn status(&self) -> CertStatus {
        self.status
    }

    /// When that was known to be right.
    #[must_use]
    pub fn this_update(&self) -> Instant {
        self.this_update
    }

    /// When something newer is known at the latest.
    #[must_use]
    pub fn next_update(&self) -> Option<Instant> {
        self.next_update
    }

    /// The archive cutoff (§4.4.4): the responder still knows certificates that expired at this time or later.
    #[must_use]
    pub fn archive_cutoff(&self) -> Option<Instant> {
        self.archive_cutoff
    }

    /// Since when the private key is known or suspected to be in other hands (RFC 5280 §5.3.2).
    #[must_use]
    pub fn invalidity_date(&self) -> Option<Instant> {
        self.invalidity_date
    }

    /// A critical extension that is not processed: the status must not be used.
    #[must_use]
    pub fn unprocessed_critical_extension(&self) -> Option<&Oid> {
        self.critical_extension.as_ref()
    }

    pub(super) fn read(sequence: &Value<'_>) -> Result<Self, OcspError> {
        let mut fields = sequence.reader();
        let cert_id = CertId::read(&fields.read(Tag::SEQUENCE)?)?;
        let status = CertStatus::read(&fields.read_any()?)?;
        let this_update = read_time(&mut fields)?;
        let next_update = match fields.optional(Tag::context_constructed(0))? {
            Some(explicit) => Some(read_only_time(&explicit)?),
            None => None,
        };
        if let Some(next_update) = next_update.filter(|next| *next <= this_update) {
            return Err(OcspError::NextUpdate { this_update, next_update });
        }
        let extensions = fields.optional(Tag::context_constructed(1))?;
        fields.finish()?;
        let mut single = Self {
            cert_id,
            status,
            this_update,
            next_update,
            archive_cutoff: None,
            invalidity_date: None,
            critical_extension: None,
        };
        for extension in read_extensions(extensions)? {
            single.read_extension(&extension)?;
        }
        Ok(single)
    }

    fn read_extension(&mut self, extension: &RawExtension<'_>) -> Result<(), OcspError> {
        if extension.is(&oid::PKIX_OCSP_ARCHIVE_CUTOFF) {
            self.archive_cutoff = Some(extension.value()?.generalized_time(FractionalSeconds::Deny)?);
        } else if extension.is(&oid::CE_INVALIDITY_DATE) {
            self.invalidity_date = Some(extension.value()?.generalized_time(FractionalSeconds::Deny)?);
        } else if extension.criticality == Criticality::Critical
            && !NOTHING_TO_DO.iter().any(|id| extension.is(id))
            && self.critical_extension.is_none()
        {
            self.critical_extension = Some(extension.id()?);
        }
        Ok(())
    }
}

/// Extensions of a status that ask nothing of who relies on it: which CRL it is from, the reason once more, and
/// certificate timestamps, which are for who asks for them.
const NOTHING_TO_DO: [Oid; 3] = [oid::PKIX_OCSP_CRL, oid::CE_CRL_REASON, oid::OCSP_SIGNED_CERTIFICATE_TIMESTAMPS];

impl CertStatus {
    fn read(choice: &Value<'_>) -> Result<Self, OcspError> {
        let tag = choice.tag();
        if tag == Tag::context(0) || tag == Tag::context(2) {
            if !choice.contents().is_empty() {
                return Err(DerError::new(DerErrorKind::NullNotEmpty, choice.contents_offset()).into());
            }
            return Ok(if tag == Tag::context(0) { Self::Good } else { Self::Unknown });
        }
        if tag != Tag::context_constructed(1) {
            return Err(DerError::new(DerErrorKind::NoAlternative { found: tag }, choice.offset()).into());
        }
        let mut fields = choice.reader();
        let date = read_time(&mut fields)?;
        let reason = fields.optional(Tag::context_constructed(0))?;
        fields.finish()?;
        let reason = match reason {
            None => None,
            Some(explicit) => {
                let mut inner = explicit.reader();
                let value = inner.read(Tag::ENUMERATED)?;
                inner.finish()?;
                let reason = RevocationReason::from_number(value.contents());
                Some(reason.ok_or(OcspError::Reason { offset: value.offset() })?)
            }
        };
        Ok(Self::Revoked { date, reason })
    }
}

/// `Extensions` under an EXPLICIT tag, none if there is no such component.
pub(super) fn read_extensions<'a>(explicit: Option<Value<'a>>) -> Result<Vec<RawExtension<'a>>, OcspError> {
    let Some(explicit) = explicit else { return Ok(Vec::new()) };
    let mut inner = explicit.reader();
    let list = inner.read(Tag::SEQUENCE)?;
    inner.finish()?;
    Ok(extension_list::read(&list)?)
}

/// GeneralizedTime, without a fraction of a second (RFC 5280 §4.1.2.5.2, to which §4.2.2.1 refers).
pub(super) fn read_time(fields: &mut Reader<'_>) -> Result<Instant, DerError> {
    fields.read(Tag::GENERALIZED_TIME)?.generalized_time(FractionalSeconds::Deny)
}

fn read_only_time(explicit: &Value<'_>) -> Result<Instant, DerError> {
    let mut inner = explicit.reader();
    let time = read_time(&mut inner)?;
    inner.finish()?;
    Ok(time)
}
