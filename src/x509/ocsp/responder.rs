//! Who may answer for an issuer: RFC 6960 §4.2.2.2.

use super::OcspResponse;
use crate::budget::{Budget, Resource};
use crate::crypto::{AlgorithmConstraints, SignatureValid};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::x509::revocation::{CertificateIssuer, EvidenceSignatureError};
use crate::x509::{Certificate, Criticality, ExtKeyUsage, KeyUsage, KeyUsageBit};

/// Who signed a response, and may.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Responder {
    /// The issuer of the certificate, with the key that issued it (case 2).
    Issuer,
    /// Whom the issuer delegated to, by a certificate of its own issuing with OCSPSigning (case 3).
    Delegate(Certificate),
}

impl Responder {
    /// The delegate's certificate if somebody has to find out whether it is revoked: it does not have
    /// id-pkix-ocsp-nocheck, by which the issuer says that nobody has to (§4.2.2.2.1).
    #[must_use]
    pub fn to_be_checked(&self) -> Option<&Certificate> {
        match self {
            Self::Delegate(certificate) if certificate.extension(&oid::PKIX_OCSP_NO_CHECK).is_none() => {
                Some(certificate)
            }
            Self::Issuer | Self::Delegate(_) => None,
        }
    }
}

/// Finds who signed `response`, and that he may answer for `issuer` at the time `at`: steps 2 to 4 of §3.2.
///
/// Whether a delegate's certificate is revoked is not looked at: see [`Responder::to_be_checked`].
///
/// # Errors
/// [`ResponderError`]: nobody with the responder's name or key is the issuer or comes with the response, the signature
/// does not fit, a delegate without OCSPSigning.
pub fn authorize(
    response: &OcspResponse,
    issuer: CertificateIssuer<'_>,
    at: Instant,
    algorithms: &AlgorithmConstraints,
    budget: &mut Budget,
) -> Result<Responder, ResponderError> {
    let mut failure = ResponderError::NotFound { responder: response.responder_id().to_string() };
    if response.responder_id().is_of(issuer.name, issuer.key) {
        match response.verify(issuer.key, algorithms, budget) {
            Ok(SignatureValid { .. }) => return Ok(Responder::Issuer),
            Err(error) => failure = ResponderError::Signature(error),
        }
    }
    for certificate in response.certificates() {
        if !response.responder_id().is_of(certificate.subject(), certificate.public_key()) {
            continue;
        }
        match delegated(response, certificate, issuer, at, algorithms, budget) {
            Ok(()) => return Ok(Responder::Delegate(certificate.clone())),
            Err(error) if error.rank() >= failure.rank() => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

/// Whether the holder of `certificate` made the signature, and is a delegate of `issuer`.
fn delegated(
    response: &OcspResponse,
    certificate: &Certificate,
    issuer: CertificateIssuer<'_>,
    at: Instant,
    algorithms: &AlgorithmConstraints,
    budget: &mut Budget,
) -> Result<(), ResponderError> {
    let SignatureValid { .. } =
        response.verify(certificate.public_key(), algorithms, budget).map_err(ResponderError::Signature)?;
    issued_by(certificate, issuer, algorithms, budget)?;
    if !certificate.validity().contains(at) {
        return Err(ResponderError::NotValid { at });
    }
    // "A value of id-kp-OCSPSigning in an extended key usage extension": anyExtendedKeyUsage is not it.
    if !certificate.ext_key_usage().is_some_and(|purposes| purposes.contains(&oid::KP_OCSP_SIGNING)) {
        return Err(ResponderError::ExtKeyUsage { found: certificate.ext_key_usage().cloned() });
    }
    if let Some(found) = certificate.key_usage().filter(|usage| !SIGNING.iter().any(|bit| usage.allows(*bit))) {
        return Err(ResponderError::KeyUsage { found: found.clone() });
    }
    let unprocessed = certificate
        .extensions()
        .iter()
        .find(|extension| extension.criticality() == Criticality::Critical && !PROCESSED.contains(extension.id()));
    match unprocessed {
        Some(extension) => Err(ResponderError::CriticalExtension { id: extension.id().clone() }),
        None => Ok(()),
    }
}

/// "This certificate MUST be issued directly by the CA that is identified in the request", and with the same key.
fn issued_by(
    certificate: &Certificate,
    issuer: CertificateIssuer<'_>,
    algorithms: &AlgorithmConstraints,
    budget: &mut Budget,
) -> Result<(), ResponderError> {
    if !certificate.issuer().matches(issuer.name) {
        return Err(ResponderError::IssuedByAnother { issuer: certificate.issuer().to_string() });
    }
    let algorithm = certificate.signature_algorithm().map_err(|error| EvidenceSignatureError::Algorithm(error.clone()));
    let valid = algorithm.and_then(|algorithm| {
        algorithms.check_of(certificate.as_der(), algorithm, issuer.key)?;
        budget.draw(Resource::RevocationSignatures)?;
        Ok(issuer.key.verify(algorithm, certificate.tbs_der(), certificate.signature_value())?)
    });
    let SignatureValid { .. } = valid.map_err(ResponderError::CertificateSignature)?;
    Ok(())
}

const SIGNING: [KeyUsageBit; 2] = [KeyUsageBit::DigitalSignature, KeyUsageBit::ContentCommitment];

/// The extensions of a delegate's certificate that the checks above process, or that ask nothing of a certificate that
/// is not a CA's.
const PROCESSED: [Oid; 9] = [
    oid::CE_BASIC_CONSTRAINTS,
    oid::CE_KEY_USAGE,
    oid::CE_EXT_KEY_USAGE,
    oid::CE_SUBJECT_KEY_IDENTIFIER,
    oid::CE_AUTHORITY_KEY_IDENTIFIER,
    oid::CE_SUBJECT_ALT_NAME,
    oid::CE_CERTIFICATE_POLICIES,
    oid::CE_CRL_DISTRIBUTION_POINTS,
    oid::PKIX_OCSP_NO_CHECK,
];

/// Why nobody who may sign has signed a response; of several candidates, the one that came furthest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponderError {
    /// Nobody with this name or key is the issuer, or comes with the response.
    #[error("the responder \"{responder}\" is not the issuer, and no certificate of his comes with the response")]
    NotFound {
        /// The name, or the digest of the key.
        responder: String,
    },
    /// Who has the responder's name or key did not make the signature.
    #[error("the response: {0}")]
    Signature(EvidenceSignatureError),
    /// The delegate's certificate is of another issuer.
    #[error("the responder's certificate was issued by \"{issuer}\", not by the issuer of the certificate in question")]
    IssuedByAnother {
        /// Who issued it.
        issuer: String,
    },
    /// The signature of the delegate's certificate is not the issuer's.
    #[error("the responder's certificate: {0}")]
    CertificateSignature(EvidenceSignatureError),
    /// The delegate's certificate is not valid at the time of judgement.
    #[error("the responder's certificate is not valid at {at}")]
    NotValid {
        /// The time of judgement.
        at: Instant,
    },
    /// The delegate's certificate is not for signing responses.
    #[error("the responder's certificate does not have the key purpose OCSPSigning")]
    ExtKeyUsage {
        /// What is there.
        found: Option<ExtKeyUsage>,
    },
    /// The delegate's key is not for signing.
    #[error("the responder's keyUsage is {found}, expected digitalSignature or contentCommitment among it")]
    KeyUsage {
        /// What is there.
        found: KeyUsage,
    },
    /// The delegate's certificate has a critical extension that is not processed.
    #[error("the responder's certificate has the critical extension {id}, which is not processed")]
    CriticalExtension {
        /// Which.
        id: Oid,
    },
}

impl ResponderError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "ocsp-responder-not-found",
            Self::Signature(error) | Self::CertificateSignature(error) => error.code(),
            Self::IssuedByAnother { .. } => "ocsp-responder-issued-by-another",
            Self::NotValid { .. } => "ocsp-responder-not-valid",
            Self::ExtKeyUsage { .. } => "ocsp-responder-ext-key-usage",
            Self::KeyUsage { .. } => "ocsp-responder-key-usage",
            Self::CriticalExtension { .. } => "ocsp-responder-critical-extension",
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::NotFound { .. } => 0,
            Self::Signature(_) => 1,
            Self::IssuedByAnother { .. } => 2,
            Self::CertificateSignature(_) => 3,
            Self::NotValid { .. } => 4,
            Self::ExtKeyUsage { .. } | Self::KeyUsage { .. } | Self::CriticalExtension { .. } => 5,
        }
    }
}
