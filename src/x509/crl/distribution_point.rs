//! Distribution points: RFC 5280 §4.2.1.13 in certificates, §5.2.5 in CRLs.

use super::{CrlError, ReasonFlags};
use crate::encoding::der::{DerError, DerErrorKind, Reader, Tag, Value, Writer};
use crate::oid;
use crate::x509::revocation::extension_list;
use crate::x509::{Certificate, GeneralName, Name, NameError};

/// One place, named in a certificate, where its revocation is published.
///
/// ```text
/// CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
/// DistributionPoint     ::= SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL,
///     reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
/// ```
#[derive(Debug, Clone)]
pub struct DistributionPoint {
    name: Option<DistributionPointName>,
    reasons: Option<ReasonFlags>,
    crl_issuer: Vec<GeneralName>,
    origin: PointOrigin,
}

/// Whether a certificate names a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::x509) enum PointOrigin {
    Certificate,
    /// The RFC assumes it.
    Assumed,
}

impl DistributionPoint {
    /// The distribution points of `certificate`, none if it has no such extension.
    ///
    /// # Errors
    /// [`CrlError`] when the extension is malformed, offsets counted from its contents: an empty list, a point with
    /// `reasons` alone.
    pub fn of_certificate(certificate: &Certificate) -> Result<Vec<Self>, CrlError> {
        let Some(extension) = certificate.extension(&oid::CE_CRL_DISTRIBUTION_POINTS) else { return Ok(Vec::new()) };
        let list = extension_list::only_value(extension.value(), 0)?;
        let mut reader = list.with_tag(Tag::SEQUENCE)?.reader();
        let mut points = Vec::new();
        while points.is_empty() || !reader.is_empty() {
            points.push(Self::read(&reader.read(Tag::SEQUENCE)?)?);
        }
        Ok(points)
    }

    /// The point that RFC 5280 §6.3.3 assumes for CRLs no point speaks of: it has the name of the certificate's issuer.
    pub(in crate::x509) fn assumed(issuer: &Name) -> Self {
        let name = DistributionPointName::FullName(vec![GeneralName::DirectoryName(issuer.clone())]);
        Self { name: Some(name), reasons: None, crl_issuer: Vec::new(), origin: PointOrigin::Assumed }
    }

    pub(in crate::x509) fn origin(&self) -> PointOrigin {
        self.origin
    }

    /// The names of the place.
    #[must_use]
    pub fn name(&self) -> Option<&DistributionPointName> {
        self.name.as_ref()
    }

    /// The reasons the CRL there covers; all of them if this is `None`.
    #[must_use]
    pub fn reasons(&self) -> Option<ReasonFlags> {
        self.reasons
    }

    /// Who signs the CRL there; the certificate's issuer if there is no name.
    #[must_use]
    pub fn crl_issuer(&self) -> &[GeneralName] {
        &self.crl_issuer
    }

    fn read(sequence: &Value<'_>) -> Result<Self, CrlError> {
        let mut fields = sequence.reader();
        let name = fields.optional(Tag::context_constructed(0))?;
        let name = name.map(|name| DistributionPointName::read(&name)).transpose()?;
        let reasons = fields.optional(Tag::context(1))?.map(|reasons| ReasonFlags::read(&reasons)).transpose()?;
        let crl_issuer = fields.optional(Tag::context_constructed(2))?;
        let crl_issuer = crl_issuer.map_or(Ok(Vec::new()), |names| GeneralName::read_all(&names))?;
        fields.finish()?;
        if name.is_none() && crl_issuer.is_empty() {
            return Err(CrlError::DistributionPointWithoutName { offset: sequence.offset() });
        }
        Ok(Self { name, reasons, crl_issuer, origin: PointOrigin::Certificate })
    }
}

/// The names of a distribution point.
///
/// ```text
/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames,
///     nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum DistributionPointName {
    /// Names that stand alone, such as the URI to fetch the CRL from.
    FullName(Vec<GeneralName>),
    /// The contents octets of an RDN that continues the CRL issuer's name.
    RelativeToCrlIssuer(Box<[u8]>),
}

impl DistributionPointName {
    /// The names in full, for a CRL issued by `crl_issuer`.
    ///
    /// # Errors
    /// [`NameError`] when the relative name is not an RDN.
    pub fn resolve(&self, crl_issuer: &Name) -> Result<Vec<GeneralName>, NameError> {
        match self {
            Self::FullName(names) => Ok(names.clone()),
            Self::RelativeToCrlIssuer(rdn) => {
                let mut writer = Writer::new();
                writer.constructed(Tag::SEQUENCE, |name| {
                    name.encoded(rdns(crl_issuer));
                    name.value(Tag::SET, rdn);
                });
                Ok(vec![GeneralName::DirectoryName(Name::from_der(&writer.into_der())?)])
            }
        }
    }

    fn read(explicit: &Value<'_>) -> Result<Self, CrlError> {
        let mut inner = explicit.reader();
        let choice = inner.read_any()?;
        inner.finish()?;
        let tag = choice.tag();
        if tag == Tag::context_constructed(0) {
            return Ok(Self::FullName(GeneralName::read_all(&choice)?));
        }
        if tag != Tag::context_constructed(1) {
            return Err(DerError::new(DerErrorKind::NoAlternative { found: tag }, choice.offset()).into());
        }
        Ok(Self::RelativeToCrlIssuer(choice.contents().into()))
    }
}

/// The RDNs of `name`, one after the other.
fn rdns(name: &Name) -> &[u8] {
    Reader::new(name.as_der()).read_any().map(|value| value.contents()).unwrap_or_default()
}

/// Whether the two are the same.
///
/// Directory names compare by RFC 5280 §7.1, everything else octet by octet: a distribution point is the same when it is
/// written the same.
pub(in crate::x509) fn is_same_name(one: &GeneralName, other: &GeneralName) -> bool {
    use GeneralName as G;
    match (one, other) {
        (G::DirectoryName(one), G::DirectoryName(other)) => one.matches(other),
        (G::Rfc822Name(one), G::Rfc822Name(other))
        | (G::DnsName(one), G::DnsName(other))
        | (G::Uri(one), G::Uri(other)) => one == other,
        (G::OtherName(one), G::OtherName(other))
        | (G::X400Address(one), G::X400Address(other))
        | (G::EdiPartyName(one), G::EdiPartyName(other))
        | (G::IpAddress(one), G::IpAddress(other)) => one == other,
        (G::RegisteredId(one), G::RegisteredId(other)) => one == other,
        _ => false,
    }
}

/// issuingDistributionPoint: the scope of a CRL.
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0] DistributionPointName OPTIONAL,
///     onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE, onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE,
///     onlySomeReasons [3] ReasonFlags OPTIONAL, indirectCRL [4] BOOLEAN DEFAULT FALSE,
///     onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
/// ```
///
/// Refused: an empty one, and more than one of the three `onlyContains`, as §5.2.5 forbids both.
#[derive(Debug, Clone)]
pub struct IssuingDistributionPoint {
    name: Option<DistributionPointName>,
    contents: CrlContents,
    only_some_reasons: Option<ReasonFlags>,
    is_indirect: bool,
}

/// The kinds of certificates a CRL speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CrlContents {
    /// All of them.
    All,
    /// Those of end entities: `onlyContainsUserCerts`.
    UserCertificates,
    /// Those of CAs: `onlyContainsCACerts`.
    CaCertificates,
    /// Attribute certificates: `onlyContainsAttributeCerts`.
    AttributeCertificates,
}

impl IssuingDistributionPoint {
    /// The names of the distribution point; the CRL is only for certificates that name it too.
    #[must_use]
    pub fn name(&self) -> Option<&DistributionPointName> {
        self.name.as_ref()
    }

    /// The kinds of certificates the CRL speaks of.
    #[must_use]
    pub fn contents(&self) -> CrlContents {
        self.contents
    }

    /// The reasons the CRL covers; all of them if this is `None`.
    #[must_use]
    pub fn only_some_reasons(&self) -> Option<ReasonFlags> {
        self.only_some_reasons
    }

    /// Whether the CRL has entries for certificates of other issuers than its own.
    #[must_use]
    pub fn is_indirect(&self) -> bool {
        self.is_indirect
    }

    pub(super) fn read(value: &Value<'_>) -> Result<Self, CrlError> {
        let mut fields = value.with_tag(Tag::SEQUENCE)?.reader();
        if fields.is_empty() {
            return Err(CrlError::EmptyScope { offset: value.offset() });
        }
        let name = fields.optional(Tag::context_constructed(0))?;
        let name = name.map(|name| DistributionPointName::read(&name)).transpose()?;
        let only_user = flag(&mut fields, 1)?;
        let only_ca = flag(&mut fields, 2)?;
        let only_some_reasons = fields.optional(Tag::context(3))?.map(|value| ReasonFlags::read(&value)).transpose()?;
        let is_indirect = flag(&mut fields, 4)?;
        let only_attribute = flag(&mut fields, 5)?;
        fields.finish()?;
        let contents = match (only_user, only_ca, only_attribute) {
            (false, false, false) => CrlContents::All,
            (true, false, false) => CrlContents::UserCertificates,
            (false, true, false) => CrlContents::CaCertificates,
            (false, false, true) => CrlContents::AttributeCertificates,
            _ => return Err(CrlError::ContradictoryScope { offset: value.offset() }),
        };
        Ok(Self { name, contents, only_some_reasons, is_indirect })
    }
}

/// A BOOLEAN DEFAULT FALSE under the IMPLICIT tag `number`.
fn flag(fields: &mut Reader<'_>, number: u32) -> Result<bool, DerError> {
    fields.optional(Tag::context(number))?.map_or(Ok(false), |flag| flag.true_or_absent())
}
