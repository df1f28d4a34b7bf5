//! Who issued a certificate, as far as its revocation asks.

use crate::crypto::PublicKey;
use crate::x509::{AnchorExtensions, Certificate, Name, TrustAnchor};

/// The issuer of a certificate: the certificate above it in a path, or the trust anchor.
///
/// Nothing here says that it is one: that is for the path. Made by `From`.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct CertificateIssuer<'a> {
    /// Its name.
    pub name: &'a Name,
    /// The key that signed the certificate.
    pub key: &'a PublicKey,
    /// Its certificate, to whose extensions it is held; a trust anchor may have none.
    pub certificate: Option<&'a Certificate>,
}

impl<'a> From<&'a Certificate> for CertificateIssuer<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        Self { name: certificate.subject(), key: certificate.public_key(), certificate: Some(certificate) }
    }
}

impl<'a> From<&'a TrustAnchor> for CertificateIssuer<'a> {
    fn from(anchor: &'a TrustAnchor) -> Self {
        let certificate = anchor.certificate().filter(|_| anchor.extensions() == AnchorExtensions::Enforce);
        Self { name: anchor.subject(), key: anchor.public_key(), certificate }
    }
}
