//! TimeStampToken: a ContentInfo with SignedData over a TSTInfo (RFC 3161 §2.4.2).

use crate::budget::Limits;
use crate::cms::{CmsError, RevocationInfo, SignedData, SignerInfo};
use crate::crypto::{AlgorithmConstraints, ConstraintError, SignatureValid};
use crate::digest::{Digest, DigestAlgorithm};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::tsp::{RequestMismatch, StampedData, TimeStampRequest, TstInfo, TstInfoError};
use crate::x509::Certificate;
use crate::x509::crl::{Crl, CrlError};
use crate::x509::ocsp::{OcspError, OcspResponse};
use crate::x509::path::PathError;
use crate::x509::revocation::RevocationEvidence;

/// A time-stamp token, read and not verified.
#[derive(Debug, Clone)]
pub struct TimeStampToken {
    signed_data: SignedData,
    tst_info: TstInfo,
}

impl TimeStampToken {
    /// Reads a TimeStampToken, all of `octets`.
    ///
    /// # Errors
    /// [`TimeStampError::Cms`] for octets that are no CMS signature of the subset, [`TimeStampError::ContentType`] for one
    /// over something else, [`TimeStampError::TstInfo`] for a malformed TSTInfo.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, TimeStampError> {
        let signed_data = SignedData::from_der(octets, limits)?;
        if *signed_data.content_type() != oid::ID_CT_TST_INFO {
            return Err(TimeStampError::ContentType { found: signed_data.content_type().clone() });
        }
        let tst_info = TstInfo::from_der(signed_data.unverified_content(), limits)?;
        Ok(Self { signed_data, tst_info })
    }

    /// The token as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        self.signed_data.as_der()
    }

    /// What the token says, not verified.
    #[must_use]
    pub fn unverified_tst_info(&self) -> &TstInfo {
        &self.tst_info
    }

    /// The certificates in the token: material for paths, covered by no signature but their own.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        self.signed_data.certificates()
    }

    /// The signer: how it names its certificate, and with which algorithms it signed.
    #[must_use]
    pub fn signer_info(&self) -> &SignerInfo {
        self.signed_data.signer_info()
    }

    /// The revocation information in the token, not judged.
    #[must_use]
    pub fn revocation(&self) -> &[RevocationInfo] {
        self.signed_data.revocation()
    }

    /// The same token with CRLs and OCSP responses in it (RFC 5652 §10.2.1, RFC 5940), each once: what a verifier needs in
    /// later years to judge the authority at the time of the time-stamp. They are covered by no signature but their own,
    /// and the token holds as before; its octets and its digest are others.
    ///
    /// # Errors
    /// [`TimeStampError::Cms`] when the token gets larger than `limits` allow.
    #[cfg(feature = "issue")]
    pub fn with_revocation(&self, evidence: &RevocationEvidence, limits: &Limits) -> Result<Self, TimeStampError> {
        let crls = evidence.crls().iter().map(|crl| RevocationInfo::Crl(crl.as_der().into()));
        let responses = evidence
            .ocsp_responses()
            .iter()
            .map(|response| RevocationInfo::Other { format: oid::ID_RI_OCSP_RESPONSE, der: response.as_der().into() });
        let added: Vec<RevocationInfo> = crls.chain(responses).collect();
        Self::from_der(&self.signed_data.with_revocation(&added).map_err(CmsError::from)?, limits)
    }

    /// The revocation information in the token that can be read, with `given`. Nothing about it is trusted.
    pub(crate) fn revocation_evidence(
        &self,
        given: Option<&RevocationEvidence>,
        limits: &Limits,
    ) -> RevocationEvidence {
        let mut crls = given.map(|given| given.crls().to_vec()).unwrap_or_default();
        let mut responses = given.map(|given| given.ocsp_responses().to_vec()).unwrap_or_default();
        for info in self.revocation() {
            match info {
                RevocationInfo::Crl(der) => crls.extend(Crl::from_der(der, limits)),
                RevocationInfo::Other { format, der } if *format == oid::ID_RI_OCSP_RESPONSE => {
                    responses.extend(OcspResponse::from_der(der, limits));
                }
                RevocationInfo::Other { .. } => {}
            }
        }
        RevocationEvidence::new(crls, responses)
    }

    /// Checks that the time-stamp is about `data`; nothing else.
    ///
    /// # Errors
    /// [`TimeStampError::MessageImprint`] when it is about something else, [`TimeStampError::MessageImprintAlgorithm`] when
    /// a digest is given that is by another algorithm than the one stamped.
    pub fn check_imprint(&self, data: StampedData<'_>) -> Result<(), TimeStampError> {
        let stamped = self.tst_info.message_imprint();
        let Some(found) = data.digest(stamped.algorithm()) else {
            return Err(TimeStampError::MessageImprintAlgorithm { expected: stamped.algorithm() });
        };
        if found == *stamped {
            Ok(())
        } else {
            Err(TimeStampError::MessageImprint { expected: stamped.clone(), found })
        }
    }

    /// Finds the signer's certificate, in the token or in `pool`, and verifies that its key signed the token. Whether
    /// the certificate may be trusted is another question.
    ///
    /// # Errors
    /// [`TimeStampError::Cms`], see [`SignedData::find_signer`] and [`SignedData::verify`].
    pub fn verify_signature<'a>(
        &'a self,
        pool: &'a [Certificate],
        constraints: &AlgorithmConstraints,
    ) -> Result<TokenSignature<'a>, TimeStampError> {
        let signer = self.signed_data.find_signer(pool)?;
        let validity = self.signed_data.verify(signer, constraints)?;
        Ok(TokenSignature { signer, validity })
    }

    /// Checks that the token repeats the imprint of `request`, and its nonce and policy, if it has any. The token is not
    /// verified by this.
    ///
    /// # Errors
    /// [`RequestMismatch`], with what differs.
    pub fn check_request(&self, request: &TimeStampRequest) -> Result<(), RequestMismatch> {
        let (expected, found) = (request.message_imprint(), self.tst_info.message_imprint());
        if expected != found {
            return Err(RequestMismatch::MessageImprint { expected: expected.clone(), found: found.clone() });
        }
        if let Some(expected) = request.nonce().filter(|nonce| self.tst_info.nonce() != Some(nonce)) {
            let found = self.tst_info.nonce().cloned();
            return Err(RequestMismatch::Nonce { expected: expected.clone(), found });
        }
        if let Some(expected) = request.policy().filter(|policy| self.tst_info.policy() != *policy) {
            let found = self.tst_info.policy().clone();
            return Err(RequestMismatch::Policy { expected: expected.clone(), found });
        }
        Ok(())
    }

    /// Whether the signer's certificate is in the token.
    pub(super) fn holds_signer(&self) -> bool {
        self.signed_data.find_signer(&[]).is_ok()
    }
}

/// Proof that a token is what the holder of a certificate's key made. Whether that one may be trusted it does not say.
#[derive(Debug, Clone, Copy)]
pub struct TokenSignature<'a> {
    signer: &'a Certificate,
    validity: SignatureValid,
}

impl<'a> TokenSignature<'a> {
    /// The signer's certificate.
    #[must_use]
    pub fn signer(&self) -> &'a Certificate {
        self.signer
    }

    /// The proof that the signature over the signed attributes holds.
    pub fn validity(&self) -> SignatureValid {
        self.validity
    }
}

/// Why octets are not a time-stamp token, or why it proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeStampError {
    /// Not a CMS signature of the subset, or one that does not hold.
    #[error("time-stamp: {0}")]
    Cms(#[from] CmsError),
    /// The signature is over something else than a TSTInfo, such as id-data.
    #[error("time-stamp: the content is of type {found}, expected TSTInfo")]
    ContentType {
        /// The content type.
        found: Oid,
    },
    /// The TSTInfo is malformed.
    #[error("time-stamp: {0}")]
    TstInfo(#[from] TstInfoError),
    /// The time-stamp is about other data.
    #[error("time-stamp: it is for {} {expected}, the data has {found}", .expected.algorithm())]
    MessageImprint {
        /// The digest that was stamped.
        expected: Digest,
        /// The digest of the data.
        found: Digest,
    },
    /// The digest given is by another algorithm than the digest stamped.
    #[error("time-stamp: it is for a digest by {expected}, the digest given is by another algorithm")]
    MessageImprintAlgorithm {
        /// The algorithm of the time-stamp.
        expected: DigestAlgorithm,
    },
    /// The hash function of the imprint is not relied on.
    #[error("time-stamp: message imprint: {0}")]
    Constraint(ConstraintError),
    /// It does not answer the request.
    #[error("time-stamp: {0}")]
    Request(#[from] RequestMismatch),
    /// It was made under a policy that is not accepted.
    #[error("time-stamp: policy {found} is not accepted")]
    Policy {
        /// The policy in the token.
        found: Oid,
    },
    /// The authority names itself by a name that its certificate does not have (RFC 3161 §2.4.2).
    #[error("time-stamp: the name of the authority is not in its certificate")]
    TsaName,
    /// There is no valid path from the signer's certificate to a trust anchor at the time of the time-stamp.
    #[error("time-stamp: {0}")]
    Path(#[from] PathError),
    /// A CRL among the revocation information of the token cannot be read.
    #[error("time-stamp: {0}")]
    Crl(CrlError),
    /// An OCSP response among the revocation information of the token cannot be read (RFC 5940).
    #[error("time-stamp: {0}")]
    Ocsp(OcspError),
    /// The time of the time-stamp is later than the time of validation.
    #[error("time-stamp: its time {gen_time} is after the time of validation {at}")]
    FromTheFuture {
        /// The time of the time-stamp.
        gen_time: Instant,
        /// The time of validation.
        at: Instant,
    },
}

impl TimeStampError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cms(error) => error.code(),
            Self::ContentType { .. } => "time-stamp-content-type",
            Self::TstInfo(error) => error.code(),
            Self::MessageImprint { .. } => "time-stamp-message-imprint",
            Self::MessageImprintAlgorithm { .. } => "time-stamp-message-imprint-algorithm",
            Self::Constraint(error) => error.code(),
            Self::Request(error) => error.code(),
            Self::Policy { .. } => "time-stamp-policy",
            Self::TsaName => "time-stamp-tsa-name",
            Self::Path(error) => error.code(),
            Self::Crl(error) => error.code(),
            Self::Ocsp(error) => error.code(),
            Self::FromTheFuture { .. } => "time-stamp-from-the-future",
        }
    }
}
