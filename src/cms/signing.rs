//! Making a SignedData.
//!
//! Signed attributes are contentType, messageDigest, SigningCertificateV2 with SHA-256, and CMSAlgorithmProtection, so that
//! the signature covers the algorithms too. Everything is DER, sets in order.

use crate::cms::algorithm::digest_oid;
use crate::crypto::ecdsa::{self, Curve, FormError};
use crate::crypto::{JwsAlgorithm, Signer, SignerError};
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{Tag, Writer};
use crate::oid::{self, Oid};
use crate::x509::Certificate;

/// What is to be signed, and what is to come along.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToBeSigned<'a> {
    pub(crate) content_type: &'a Oid,
    pub(crate) content: &'a [u8],
    /// The certificate of the signer's key.
    pub(crate) certificate: &'a Certificate,
    /// The certificates to put in, that of the signer among them or not.
    pub(crate) included: &'a [Certificate],
}

impl ToBeSigned<'_> {
    /// Signs, and gives the ContentInfo in DER.
    pub(crate) fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, SigningError> {
        let algorithm = signer.algorithm().signature_algorithm();
        // Ed25519 goes with SHA-512 (RFC 8419 §2.3).
        let digest = algorithm.digest().unwrap_or(DigestAlgorithm::Sha512);
        let signature_algorithm = algorithm.algorithm_identifier_der();
        let attributes = self.attributes(digest, signature_algorithm);
        let mut to_be_signed = Writer::new();
        to_be_signed.set_of(Tag::SET, attributes.clone());
        let signature = in_cms_form(signer.algorithm(), signer.sign(&to_be_signed.into_der())?)?;

        let mut output = Writer::new();
        output.constructed(Tag::SEQUENCE, |content_info| {
            content_info.oid(&oid::ID_SIGNED_DATA);
            content_info.constructed(Tag::context_constructed(0), |explicit| {
                explicit.constructed(Tag::SEQUENCE, |signed_data| {
                    signed_data.unsigned(3);
                    signed_data.constructed(Tag::SET, |digests| write_digest_algorithm(digests, digest));
                    signed_data.constructed(Tag::SEQUENCE, |content| self.write_content(content));
                    if !self.included.is_empty() {
                        let certificates = self.included.iter().map(|one| one.as_der().to_vec()).collect();
                        signed_data.set_of(Tag::context_constructed(0), certificates);
                    }
                    signed_data.constructed(Tag::SET, |signers| {
                        signers.constructed(Tag::SEQUENCE, |signer_info| {
                            signer_info.unsigned(1);
                            self.write_identifier(signer_info);
                            write_digest_algorithm(signer_info, digest);
                            signer_info.set_of(Tag::context_constructed(0), attributes);
                            signer_info.encoded(signature_algorithm);
                            signer_info.octet_string(&signature);
                        });
                    });
                });
            });
        });
        Ok(output.into_der())
    }

    fn write_content(&self, content: &mut Writer) {
        content.oid(self.content_type);
        content.constructed(Tag::context_constructed(0), |explicit| explicit.octet_string(self.content));
    }

    fn write_identifier(&self, signer_info: &mut Writer) {
        signer_info.constructed(Tag::SEQUENCE, |issuer_and_serial| {
            issuer_and_serial.encoded(self.certificate.issuer().as_der());
            issuer_and_serial.value(Tag::INTEGER, self.certificate.serial_number());
        });
    }

    fn attributes(&self, digest: DigestAlgorithm, signature_algorithm: &[u8]) -> Vec<Vec<u8>> {
        vec![
            attribute(&oid::ID_CONTENT_TYPE, |value| value.oid(self.content_type)),
            attribute(&oid::ID_MESSAGE_DIGEST, |value| value.octet_string(digest.digest(self.content).as_octets())),
            attribute(&oid::ID_AA_SIGNING_CERTIFICATE_V2, |value| {
                let hash = self.certificate.digest(DigestAlgorithm::Sha256);
                value.constructed(Tag::SEQUENCE, |signing_certificate| {
                    signing_certificate.constructed(Tag::SEQUENCE, |identifiers| {
                        identifiers.constructed(Tag::SEQUENCE, |first| first.octet_string(hash.as_octets()));
                    });
                });
            }),
            attribute(&oid::ID_AA_CMS_ALGORITHM_PROTECTION, |value| {
                value.constructed(Tag::SEQUENCE, |protection| {
                    write_digest_algorithm(protection, digest);
                    // [1] IMPLICIT: the same SEQUENCE under another tag octet.
                    protection.encoded(&[0xa1]);
                    protection.encoded(signature_algorithm.get(1..).unwrap_or_default());
                });
            }),
        ]
    }
}

fn attribute(attribute_type: &Oid, write_value: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |attribute| {
        attribute.oid(attribute_type);
        attribute.constructed(Tag::SET, write_value);
    });
    writer.into_der()
}

/// Parameters are left out (RFC 5754 §2).
fn write_digest_algorithm(writer: &mut Writer, digest: DigestAlgorithm) {
    writer.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&digest_oid(digest)));
}

/// The signature value that CMS wants: DER for ECDSA (RFC 5753 §7.2), the others as they are.
fn in_cms_form(algorithm: JwsAlgorithm, signature: Vec<u8>) -> Result<Vec<u8>, FormError> {
    match algorithm {
        JwsAlgorithm::Es256 => ecdsa::der_from_fixed(Curve::P256, &signature),
        JwsAlgorithm::Es384 => ecdsa::der_from_fixed(Curve::P384, &signature),
        _ => Ok(signature),
    }
}

/// Why there is no signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SigningError {
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// The signer's answer has not the form of a signature.
    #[error("signer: {0}")]
    Form(#[from] FormError),
}
