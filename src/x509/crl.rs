//! Certificate revocation lists: RFC 5280 §5.
//!
//! ```text
//! CertificateList ::= SEQUENCE { tbsCertList TBSCertList, signatureAlgorithm AlgorithmIdentifier, signatureValue BIT STRING }
//! TBSCertList     ::= SEQUENCE { version INTEGER OPTIONAL (v2), signature AlgorithmIdentifier, issuer Name,
//!     thisUpdate Time, nextUpdate Time OPTIONAL, revokedCertificates SEQUENCE OF (entries) OPTIONAL,
//!     crlExtensions [0] EXPLICIT Extensions OPTIONAL }
//! ```
//!
//! Octets pass the strict DER gate and are then walked where they lie, to the last component. Every entry is read once, for
//! its form; what is kept of it are four octets that say where it is, sorted by serial number. So a list of a million
//! entries takes hardly more memory than its octets, and an entry is found in microseconds.
//!
//! Refused, beyond what is not the ASN.1 above: extensions in version 1, an extension twice, the two algorithm identifiers
//! not the same, a nextUpdate that is not after thisUpdate, an empty list, an extension whose criticality §5.2 or §5.3 fixes
//! otherwise, reason codes that do not exist, `removeFromCRL` outside a delta CRL, an entry of another issuer in a CRL
//! that is not indirect, an issuingDistributionPoint that is empty or contradicts itself.
//!
//! Accepted: version 1; no nextUpdate (whether such a list is fresh enough is for the
//! [freshness](super::revocation::Freshness) to say); no CRL number; serial numbers of any length and sign; unknown
//! extensions. An unknown extension that is critical is remembered: the list can be read, but no status rests on it.

mod distribution_point;
mod entry;
mod extensions;
mod index;
mod malformed;
mod number;
mod reason;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::revocation::EvidenceSignatureError;
use super::revocation::signed::Signed;
use super::{GeneralName, Name};
use crate::budget::{Budget, Limits};
use crate::crypto::{AlgorithmConstraints, AlgorithmError, PublicKey, SignatureAlgorithm, SignatureValid};
use crate::encoding::der::{self, Reader, Tag, Value};
use crate::oid::Oid;
use crate::time::Instant;

use self::entry::RawEntry;
use self::extensions::CrlExtensions;
use self::index::{IndexBuilder, SerialIndex};

pub use self::distribution_point::{CrlContents, DistributionPoint, DistributionPointName, IssuingDistributionPoint};
pub use self::entry::RevokedEntry;
pub use self::malformed::CrlError;
pub use self::number::CrlNumber;
pub use self::reason::{ReasonFlags, RevocationReason};

pub(super) use self::distribution_point::{PointOrigin, is_same_name};

/// A certificate revocation list, with its DER as received. Having one says nothing about trust.
///
/// Cheap to clone. The first key that is found to have made the signature is remembered, so that a long list is hashed
/// once however many certificates are looked up in it.
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    signed: Signed,
    issuer: Name,
    this_update: Instant,
    next_update: Option<Instant>,
    entries: Range<usize>,
    index: SerialIndex,
    extensions: CrlExtensions,
    critical_entry_extension: Option<Oid>,
}

impl Crl {
    /// Reads one complete DER CRL of at most [`Limits::crl_octets`].
    ///
    /// # Errors
    /// [`CrlError`], with the position where there is one: a trailing octet, a list that is there and empty, a second CRL
    /// number, a reason code 7.
    pub fn from_der(input: &[u8], limits: &Limits) -> Result<Self, CrlError> {
        der::check(input, &Limits { input_octets: limits.crl_octets, ..limits.clone() })?;
        let mut whole = Reader::new(input);
        let mut fields = whole.read(Tag::SEQUENCE)?.reader();
        whole.finish()?;
        let tbs = fields.read(Tag::SEQUENCE)?;
        let algorithm = fields.read(Tag::SEQUENCE)?;
        let signature = fields.read(Tag::BIT_STRING)?;
        fields.finish()?;

        let mut fields = tbs.reader();
        let is_v2 = read_version(&mut fields)?;
        if fields.read(Tag::SEQUENCE)?.as_der() != algorithm.as_der() {
            return Err(CrlError::SignatureAlgorithmMismatch);
        }
        let issuer = Name::from_value(&fields.read(Tag::SEQUENCE)?)?;
        let this_update = entry::read_time(&mut fields)?;
        let next_update = entry::optional_time(&mut fields)?;
        if let Some(next_update) = next_update.filter(|next| *next <= this_update) {
            return Err(CrlError::NextUpdate { this_update, next_update });
        }
        let list = fields.optional(Tag::SEQUENCE)?;
        let extensions = fields.optional(Tag::context_constructed(0))?;
        fields.finish()?;

        if let Some(extensions) = extensions.filter(|_| !is_v2) {
            return Err(CrlError::ExtensionsInVersion1 { offset: extensions.offset() });
        }
        let extensions = extensions.map_or_else(|| Ok(CrlExtensions::default()), |list| CrlExtensions::read(&list))?;
        let entries = list.map_or_else(|| Ok(Entries::default()), |list| Entries::read(&list, is_v2, &extensions))?;
        Ok(Self(Arc::new(Inner {
            signed: Signed::new(&tbs, &algorithm, &signature)?,
            issuer,
            this_update,
            next_update,
            entries: list.map_or(0..0, |list| range(list.contents_offset(), list.contents())),
            index: entries.index,
            extensions,
            critical_entry_extension: entries.critical_extension,
            der: input.into(),
        })))
    }

    /// The DER of the CRL, as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// Who issued the CRL.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> Instant {
        self.0.this_update
    }

    /// When the next one is issued at the latest.
    #[must_use]
    pub fn next_update(&self) -> Option<Instant> {
        self.0.next_update
    }

    /// cRLNumber (§5.2.3).
    #[must_use]
    pub fn crl_number(&self) -> Option<&CrlNumber> {
        self.0.extensions.crl_number.as_ref()
    }

    /// deltaCRLIndicator (§5.2.4): the number of the complete CRL this one starts from, if it is a delta CRL.
    #[must_use]
    pub fn base_crl_number(&self) -> Option<&CrlNumber> {
        self.0.extensions.base_crl_number.as_ref()
    }

    /// issuingDistributionPoint (§5.2.5): the scope, all certificates of the issuer if there is none.
    #[must_use]
    pub fn issuing_distribution_point(&self) -> Option<&IssuingDistributionPoint> {
        self.0.extensions.issuing_distribution_point.as_ref()
    }

    /// The octets of `keyIdentifier` in authorityKeyIdentifier: a hint at the key that signed.
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.key_identifier.as_deref()
    }

    /// expiredCertsOnCRL (X.509 §9.5.2.8): certificates that expired at this time or later stay on the list.
    #[must_use]
    pub fn expired_certs_on_crl(&self) -> Option<Instant> {
        self.0.extensions.expired_certs_on_crl
    }

    /// A critical extension of the list or of an entry that is not processed: the list must not be used (§5.2, §5.3).
    #[must_use]
    pub fn unprocessed_critical_extension(&self) -> Option<&Oid> {
        self.0.extensions.critical_extension.as_ref().or(self.0.critical_entry_extension.as_ref())
    }

    /// The algorithm of the signature, or why this crate does not have it.
    ///
    /// # Errors
    /// [`AlgorithmError`], for ECDSA with SHA-1 for example. The list can be read, but no status rests on it.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, &AlgorithmError> {
        self.0.signed.algorithm()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.index.len()
    }

    /// Whether nothing is revoked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Looks for the certificate with this issuer and serial number (contents octets), as §5.3.3 says: an entry is of the
    /// issuer that it or the nearest entry before it names, else of the CRL's.
    ///
    /// Of several entries the one that revokes, and of those the earliest, is the answer.
    ///
    /// # Errors
    /// [`CrlError`] cannot happen: every entry was read by [`from_der`](Self::from_der).
    pub fn find(&self, certificate_issuer: &Name, serial_number: &[u8]) -> Result<Option<RevokedEntry>, CrlError> {
        let list = self.slice(&self.0.entries);
        let mut found: Option<RevokedEntry> = None;
        for offset in self.0.index.find(list, serial_number) {
            if !self.is_of(offset, certificate_issuer)? {
                continue;
            }
            let entry = self.entry_at(offset)?.to_entry();
            let rank =
                |entry: &RevokedEntry| (entry.reason == Some(RevocationReason::RemoveFromCrl), entry.revocation_date);
            if found.as_ref().is_none_or(|found| rank(&entry) < rank(found)) {
                found = Some(entry);
            }
        }
        Ok(found)
    }

    /// Whether `key` made the signature over the list, by an algorithm that may be relied on.
    pub(super) fn verify(
        &self,
        key: &PublicKey,
        constraints: &AlgorithmConstraints,
        budget: &mut Budget,
    ) -> Result<SignatureValid, EvidenceSignatureError> {
        self.0.signed.verify(self.as_der(), key, constraints, budget)
    }

    /// Whether the two lists have the same issuer, scope and key: one continues the other (§5.2.4, §6.3.3 (c)).
    pub(super) fn has_scope_of(&self, other: &Self) -> bool {
        let (own, others) = (&self.0.extensions, &other.0.extensions);
        self.issuer().matches(other.issuer())
            && own.issuing_distribution_point_der == others.issuing_distribution_point_der
            && own.authority_key_identifier == others.authority_key_identifier
    }

    fn is_of(&self, offset: u32, certificate_issuer: &Name) -> Result<bool, CrlError> {
        let Some(change) = self.0.index.issuer_change_before(offset) else {
            return Ok(self.issuer().matches(certificate_issuer));
        };
        let names = self.entry_at(change)?.certificate_issuer_names()?;
        let certificate_issuer = GeneralName::DirectoryName(certificate_issuer.clone());
        Ok(names.iter().any(|name| is_same_name(name, &certificate_issuer)))
    }

    fn entry_at(&self, offset: u32) -> Result<RawEntry<'_>, CrlError> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let octets = self.slice(&self.0.entries).get(offset..).unwrap_or_default();
        RawEntry::read(&Reader::at(octets, self.0.entries.start.saturating_add(offset)).read(Tag::SEQUENCE)?)
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        self.as_der() == other.as_der()
    }
}

impl Eq for Crl {}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl({}, {}, {} entries)", self.issuer(), self.this_update(), self.len())
    }
}

/// The entries of a list, read once.
#[derive(Default)]
struct Entries {
    index: SerialIndex,
    critical_extension: Option<Oid>,
}

impl Entries {
    fn read(list: &Value<'_>, is_v2: bool, extensions: &CrlExtensions) -> Result<Self, CrlError> {
        let is_indirect = extensions.issuing_distribution_point.as_ref().is_some_and(|scope| scope.is_indirect());
        let is_delta = extensions.base_crl_number.is_some();
        let mut reader = list.reader();
        if reader.is_empty() {
            return Err(CrlError::EmptyList { offset: list.offset() });
        }
        let mut builder = IndexBuilder::default();
        let mut critical_extension = None;
        while !reader.is_empty() {
            let value = reader.read(Tag::SEQUENCE)?;
            let offset = value.offset();
            let mut entry = RawEntry::read(&value)?;
            if entry.has_extensions && !is_v2 {
                return Err(CrlError::ExtensionsInVersion1 { offset });
            }
            if entry.reason() == Some(RevocationReason::RemoveFromCrl) && !is_delta {
                return Err(CrlError::RemoveFromCrl { offset });
            }
            let position = entry::index_offset(&value, list.contents_offset())?;
            builder.add(position, entry.serial_number());
            if entry.certificate_issuer().is_some() {
                if !is_indirect {
                    return Err(CrlError::CertificateIssuer { offset });
                }
                builder.add_issuer_change(position);
            }
            if critical_extension.is_none() {
                critical_extension = entry.critical_extension.take();
            }
        }
        Ok(Self { index: builder.finish(list.contents()), critical_extension })
    }
}

/// §5.1.2.1: the version is v2 if it is there.
fn read_version(fields: &mut Reader<'_>) -> Result<bool, CrlError> {
    match fields.optional(Tag::INTEGER)? {
        None => Ok(false),
        Some(version) if version.contents() == [1] => Ok(true),
        Some(version) => Err(CrlError::Version { offset: version.offset() }),
    }
}

fn range(start: usize, octets: &[u8]) -> Range<usize> {
    start..start.saturating_add(octets.len())
}

#[cfg(test)]
mod tests;
