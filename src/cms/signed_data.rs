//! SignedData, in its ContentInfo.

use crate::budget::Limits;
use crate::cms::algorithm::AlgorithmIdentifier;
use crate::cms::{CmsError, SignerInfo};
use crate::crypto::{AlgorithmConstraints, SignatureValid};
use crate::encoding::der::{self, Reader, Tag, Value};
#[cfg(feature = "issue")]
use crate::encoding::der::{DerError, Writer};
use crate::oid::{self, Oid};
use crate::x509::{Certificate, CertificateError};

/// A ContentInfo that holds SignedData by one signer.
#[derive(Debug, Clone)]
pub struct SignedData {
    der: Box<[u8]>,
    content_type: Oid,
    content: Box<[u8]>,
    certificates: Certificates,
    revocation: Vec<RevocationInfo>,
    signer_info: SignerInfo,
}

impl SignedData {
    /// Reads a ContentInfo, all of `octets`.
    ///
    /// # Errors
    /// [`CmsError`]: each variant that is about form shows an example.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, CmsError> {
        der::check(octets, limits)?;
        let mut input = Reader::new(octets);
        let mut content_info = input.read(Tag::SEQUENCE)?.reader();
        let content_type = content_info.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        if content_type != oid::ID_SIGNED_DATA {
            return Err(CmsError::NotSignedData { found: content_type });
        }
        let mut content = content_info.read(Tag::context_constructed(0))?.reader();
        let signed_data = content.read(Tag::SEQUENCE)?;
        content.finish()?;
        content_info.finish()?;
        Self::from_components(octets, &mut signed_data.reader(), limits)
    }

    fn from_components(octets: &[u8], components: &mut Reader<'_>, limits: &Limits) -> Result<Self, CmsError> {
        let version = components.read(Tag::INTEGER)?.unsigned(u64::MAX)?;
        let digest_algorithms = components.read(Tag::SET)?;
        let (content_type, content) = read_content(&mut components.read(Tag::SEQUENCE)?.reader())?;
        let certificates = match components.optional(Tag::context_constructed(0))? {
            Some(set) => Certificates::read(&set, limits)?,
            None => Certificates::default(),
        };
        let revocation = match components.optional(Tag::context_constructed(1))? {
            Some(set) => RevocationInfo::read_all(&set, limits)?,
            None => Vec::new(),
        };
        let signer_info = read_signer(&mut components.read(Tag::SET)?.reader())?;
        components.finish()?;
        let expected = version_of(&revocation);
        if version != expected {
            return Err(CmsError::Version { expected, found: version });
        }
        check_digest_algorithms(&digest_algorithms, &signer_info)?;
        Ok(Self { der: octets.into(), content_type, content, certificates, revocation, signer_info })
    }

    /// The ContentInfo as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// What the content is.
    #[must_use]
    pub fn content_type(&self) -> &Oid {
        &self.content_type
    }

    /// The content, not verified.
    #[must_use]
    pub fn unverified_content(&self) -> &[u8] {
        &self.content
    }

    /// The certificates that came along, in the order received, those that can be read. No signature covers the set.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates.readable
    }

    /// Why other certificates that came along cannot be used. They are not an error of the signature: a path that
    /// needs one of them is not found.
    #[must_use]
    pub fn unreadable_certificates(&self) -> &[CertificateError] {
        &self.certificates.unreadable
    }

    /// The revocation information that came along, not judged. No signature covers the set.
    #[must_use]
    pub fn revocation(&self) -> &[RevocationInfo] {
        &self.revocation
    }

    /// The signer.
    #[must_use]
    pub fn signer_info(&self) -> &SignerInfo {
        &self.signer_info
    }

    /// Finds the signer's certificate among those that came along and those in `pool`: the signer identifier names it
    /// and so do the signed attributes.
    ///
    /// # Errors
    /// [`CmsError::SignerNotFound`] when the signer identifier names none of them; when it names one that the signed
    /// attributes do not, the reason of the first such.
    pub fn find_signer<'a>(&'a self, pool: &'a [Certificate]) -> Result<&'a Certificate, CmsError> {
        let mut reason = CmsError::SignerNotFound;
        let named = self.certificates().iter().chain(pool).filter(|one| self.signer_info.identifier().names(one));
        for certificate in named {
            match self.signer_info.check_signing_certificate(certificate) {
                Ok(()) => return Ok(certificate),
                Err(error) if reason == CmsError::SignerNotFound => reason = error,
                Err(_) => {}
            }
        }
        Err(reason)
    }

    /// Verifies the signature of `certificate` over the content (RFC 5652 §5.4 to §5.6, RFC 5035 §5).
    ///
    /// Whether the certificate may be trusted is another question.
    ///
    /// # Errors
    /// In this order:
    /// 1. [`CmsError::SignerNotFound`]: the signer identifier names another certificate;
    /// 2. [`CmsError::SigningCertificateMissing`], [`CmsError::SigningCertificateHash`],
    ///    [`CmsError::SigningCertificateIssuerSerial`]: the signed attributes do not name this certificate;
    /// 3. [`CmsError::ContentTypeMismatch`]: the contentType attribute is not the type of the content;
    /// 4. [`CmsError::MessageDigest`]: the content was altered;
    /// 5. [`CmsError::AlgorithmProtection`]: the algorithms were replaced (RFC 6211);
    /// 6. [`CmsError::Constraint`]: `constraints` refuse the algorithm or the key;
    /// 7. [`CmsError::Signature`]: the signature over the signed attributes does not hold.
    pub fn verify(
        &self,
        certificate: &Certificate,
        constraints: &AlgorithmConstraints,
    ) -> Result<SignatureValid, CmsError> {
        if !self.signer_info.identifier().names(certificate) {
            return Err(CmsError::SignerNotFound);
        }
        self.signer_info.check_signing_certificate(certificate)?;
        self.signer_info.verify(self, certificate, constraints)
    }
}

#[cfg(feature = "issue")]
impl SignedData {
    /// The ContentInfo with `added` beside the revocation information that is there, each once. No signature covers the
    /// set, so the signature holds as before.
    pub(crate) fn with_revocation(&self, added: &[RevocationInfo]) -> Result<Vec<u8>, DerError> {
        let mut content_info = Reader::new(&self.der).read(Tag::SEQUENCE)?.reader();
        let content_type = content_info.read_any()?;
        let mut explicit = content_info.read(Tag::context_constructed(0))?.reader();
        let mut components = explicit.read(Tag::SEQUENCE)?.reader();
        components.read(Tag::INTEGER)?;
        let (digest_algorithms, content) = (components.read_any()?, components.read_any()?);
        let certificates = components.optional(Tag::context_constructed(0))?;
        components.optional(Tag::context_constructed(1))?;
        let signers = components.read_any()?;
        let all: Vec<RevocationInfo> = self.revocation.iter().chain(added).cloned().collect();
        let mut choices: Vec<Vec<u8>> = all.iter().map(RevocationInfo::to_der).collect();
        choices.sort();
        choices.dedup();
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |content_info| {
            content_info.encoded(content_type.as_der());
            content_info.constructed(Tag::context_constructed(0), |explicit| {
                explicit.constructed(Tag::SEQUENCE, |signed_data| {
                    signed_data.unsigned(version_of(&all));
                    signed_data.encoded(digest_algorithms.as_der());
                    signed_data.encoded(content.as_der());
                    signed_data.encoded(certificates.map(|set| set.as_der()).unwrap_or_default());
                    if !choices.is_empty() {
                        signed_data.set_of(Tag::context_constructed(1), choices);
                    }
                    signed_data.encoded(signers.as_der());
                });
            });
        });
        Ok(writer.into_der())
    }
}

/// Evidence of revocation that came along with a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationInfo {
    /// A CertificateList, in DER.
    Crl(Box<[u8]>),
    /// Another form, such as an OCSP response (RFC 5940).
    Other {
        /// What it is.
        format: Oid,
        /// The value, in DER.
        der: Box<[u8]>,
    },
}

impl RevocationInfo {
    /// Reads RevocationInfoChoices (RFC 5652 §10.2.1).
    fn read_all(value: &Value<'_>, limits: &Limits) -> Result<Vec<Self>, CmsError> {
        let mut all = Vec::new();
        let mut rest = value.reader();
        while !rest.is_empty() {
            if all.len() >= limits.revocation_values {
                return Err(CmsError::TooManyRevocationValues { limit: limits.revocation_values });
            }
            let Some(other) = rest.optional(Tag::context_constructed(1))? else {
                all.push(Self::Crl(rest.read(Tag::SEQUENCE)?.as_der().into()));
                continue;
            };
            let mut components = other.reader();
            let format = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
            let der = components.read_any()?.as_der().into();
            components.finish()?;
            all.push(Self::Other { format, der });
        }
        Ok(all)
    }
}

#[cfg(feature = "issue")]
impl RevocationInfo {
    /// A RevocationInfoChoice.
    fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Crl(der) => der.to_vec(),
            Self::Other { format, der } => {
                let mut writer = Writer::new();
                writer.constructed(Tag::context_constructed(1), |other| {
                    other.oid(format);
                    other.encoded(der);
                });
                writer.into_der()
            }
        }
    }
}

/// The set of certificates, in two.
#[derive(Debug, Clone, Default)]
struct Certificates {
    readable: Vec<Certificate>,
    unreadable: Vec<CertificateError>,
}

impl Certificates {
    fn read(set: &Value<'_>, limits: &Limits) -> Result<Self, CmsError> {
        let mut certificates = Self::default();
        let mut rest = set.reader();
        while !rest.is_empty() {
            if certificates.readable.len() + certificates.unreadable.len() >= limits.certificates {
                return Err(CmsError::TooManyCertificates { limit: limits.certificates });
            }
            let choice = rest.read_any()?;
            if choice.tag() != Tag::SEQUENCE {
                return Err(CmsError::CertificateKind { found: choice.tag() });
            }
            match Certificate::from_der_within(choice.as_der(), limits) {
                Ok(certificate) => certificates.readable.push(certificate),
                Err(error) => certificates.unreadable.push(error),
            }
        }
        Ok(certificates)
    }
}

fn read_content(components: &mut Reader<'_>) -> Result<(Oid, Box<[u8]>), CmsError> {
    let content_type = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    let content = components.optional(Tag::context_constructed(0))?.ok_or(CmsError::ContentMissing)?;
    components.finish()?;
    let mut content = content.reader();
    let octets = content.read(Tag::OCTET_STRING)?.contents().into();
    content.finish()?;
    Ok((content_type, octets))
}

fn read_signer(signer_infos: &mut Reader<'_>) -> Result<SignerInfo, CmsError> {
    if signer_infos.is_empty() {
        return Err(CmsError::NoSigner);
    }
    let first = signer_infos.read(Tag::SEQUENCE)?;
    if !signer_infos.is_empty() {
        return Err(CmsError::SeveralSigners);
    }
    SignerInfo::from_value(&first)
}

/// The version of a SignedData (RFC 5652 §5.1): what would make it 4 is refused, and 1 belongs to content of type id-data.
fn version_of(revocation: &[RevocationInfo]) -> u64 {
    if revocation.iter().any(|info| matches!(info, RevocationInfo::Other { .. })) { 5 } else { 3 }
}

/// `digestAlgorithms` repeats the algorithm of the one signer, and holds nothing else that could be altered unseen.
fn check_digest_algorithms(set: &Value<'_>, signer_info: &SignerInfo) -> Result<(), CmsError> {
    let mut rest = set.reader();
    if rest.is_empty() {
        return Err(CmsError::DigestAlgorithms);
    }
    let only = AlgorithmIdentifier::from_value(&rest.read(Tag::SEQUENCE)?)?;
    if !rest.is_empty() || !only.says_the_same(&signer_info.digest_identifier) {
        return Err(CmsError::DigestAlgorithms);
    }
    Ok(())
}
