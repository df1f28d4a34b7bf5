//! A time-stamp authority in the process: for tests, demonstrations and small installations.

use crate::budget::Limits;
use crate::cms::{SigningError, ToBeSigned};
use crate::crypto::{AlgorithmConstraints, ConstraintError, Signer};
use crate::encoding::der::{Tag, Writer};
use crate::oid::{self, Oid};
use crate::time::{Instant, Validity};
use crate::tsp::{
    Accuracy, MessageImprintError, PkiFailureInfo, PkiStatus, RequestError, RequestedCertificates, SerialNumber,
    TimeStampRequest, TimeStampToken, Transport, TransportError,
};
use crate::x509::Certificate;
use crate::x509::path::{PathError, Purpose};

/// Answers requests for time-stamps with a key, a certificate and a policy (RFC 3161 §2).
///
/// It reads no clock and keeps no count: time and serial number of each time-stamp are given by the caller, who has to see
/// that the time is right and that no serial number is given twice (RFC 3161 §2.1).
pub struct Authority<S> {
    signer: S,
    certificate: Certificate,
    chain: Vec<Certificate>,
    policy: Oid,
    accuracy: Option<Accuracy>,
    ordering: bool,
    tsa_name: bool,
}

impl<S: Signer> Authority<S> {
    /// An authority that signs with `signer` under `policy`. `chain` starts with the certificate of the signer's key, goes
    /// on with those of its issuers, and leaves the trust anchor out; tokens hold all of it, if the request asks for that.
    ///
    /// Its time-stamps state no accuracy, no ordering and no name until told otherwise.
    ///
    /// # Errors
    /// [`AuthorityError::ChainEmpty`] without certificates, [`AuthorityError::KeyMismatch`] when the first is not that of the
    /// key, [`AuthorityError::Certificate`] when it may not sign time-stamps, [`AuthorityError::Constraint`] for a weak
    /// key, such as RSA with 2048 bits ([`AlgorithmConstraints::for_signing`]).
    pub fn new(signer: S, chain: Vec<Certificate>, policy: Oid) -> Result<Self, AuthorityError> {
        let certificate = chain.first().cloned().ok_or(AuthorityError::ChainEmpty)?;
        if certificate.public_key().spki_der() != signer.public_key().spki_der() {
            return Err(AuthorityError::KeyMismatch);
        }
        Purpose::TimeStamping.check_certificate(&certificate)?;
        let algorithm = signer.algorithm().signature_algorithm();
        AlgorithmConstraints::for_signing()
            .check(algorithm, signer.public_key())
            .map_err(AuthorityError::Constraint)?;
        Ok(Self { signer, certificate, chain, policy, accuracy: None, ordering: false, tsa_name: false })
    }

    /// The same authority, stating an accuracy.
    #[must_use]
    pub fn with_accuracy(self, accuracy: Accuracy) -> Self {
        Self { accuracy: Some(accuracy), ..self }
    }

    /// The same authority, stating that its time-stamps are in the order of their times. The caller has to see to that.
    #[must_use]
    pub fn with_ordering(self) -> Self {
        Self { ordering: true, ..self }
    }

    /// The same authority, naming itself by the subject of its certificate.
    #[must_use]
    pub fn with_tsa_name(self) -> Self {
        Self { tsa_name: true, ..self }
    }

    /// The certificate of the key.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A [`Transport`] to this authority. `stamp` is asked for the time and the serial number of each time-stamp.
    pub fn transport<F>(&self, stamp: F) -> AuthorityTransport<'_, S, F>
    where
        F: Fn() -> (Instant, SerialNumber) + Send + Sync,
    {
        AuthorityTransport { authority: self, stamp }
    }

    /// Answers the DER TimeStampReq `request` with a DER TimeStampResp, in every case.
    ///
    /// | what is asked | answer |
    /// | --- | --- |
    /// | no TimeStampReq, or an imprint of the wrong length | rejection, badDataFormat |
    /// | another version than 1 | rejection, badRequest |
    /// | SHA-1 or an unknown hash function | rejection, badAlg |
    /// | another policy | rejection, unacceptedPolicy |
    /// | any extension, critical or not (RFC 3161 §2.4.1) | rejection, unacceptedExtension |
    /// | a time at which the certificate is not valid; the signer fails | rejection, systemFailure |
    /// | anything else | granted, with the token |
    pub fn respond(&self, request: &[u8], gen_time: Instant, serial_number: &SerialNumber) -> Vec<u8> {
        match self.grant(request, gen_time, serial_number) {
            Ok(token) => respond_with(PkiStatus::Granted, |_| {}, &token),
            Err(rejection) => respond_with(PkiStatus::Rejection, |status| rejection.write(status), &[]),
        }
    }

    fn grant(&self, request: &[u8], gen_time: Instant, serial_number: &SerialNumber) -> Result<Vec<u8>, Rejection> {
        let limits = Limits::default();
        let request = TimeStampRequest::from_der(request, &limits)?;
        let constraints = AlgorithmConstraints::default();
        let imprint = request.message_imprint().algorithm();
        constraints.check_digest(imprint).map_err(|error| Rejection::new(PkiFailureInfo::BadAlg, &error))?;
        if let Some(policy) = request.policy().filter(|policy| **policy != self.policy) {
            let text = format!("policy {policy} is not that of this authority, {}", self.policy);
            return Err(Rejection::new(PkiFailureInfo::UnacceptedPolicy, &text));
        }
        if let Some(extension) = request.first_extension() {
            let text = format!("extension {extension} is not known");
            return Err(Rejection::new(PkiFailureInfo::UnacceptedExtension, &text));
        }
        self.check_time(gen_time)?;
        let included = match request.certificates() {
            RequestedCertificates::Included => self.chain.as_slice(),
            RequestedCertificates::LeftOut => &[],
        };
        let content = self.tst_info(&request, gen_time, serial_number);
        let to_be_signed = ToBeSigned {
            content_type: &oid::ID_CT_TST_INFO,
            content: &content,
            certificate: &self.certificate,
            included,
        };
        let token = to_be_signed.sign(&self.signer)?;
        // What was made is read and verified before it is given out: a broken signer is found here, not years later.
        let made = TimeStampToken::from_der(&token, &limits);
        made.and_then(|made| made.verify_signature(&self.chain, &constraints).map(|_| ()))
            .map_err(|error| Rejection::new(PkiFailureInfo::SystemFailure, &error))?;
        Ok(token)
    }

    fn check_time(&self, gen_time: Instant) -> Result<(), Rejection> {
        let validity: Validity = self.certificate.validity();
        if validity.contains(gen_time) {
            return Ok(());
        }
        let text = format!("the certificate of the authority is not valid at {gen_time}");
        Err(Rejection::new(PkiFailureInfo::SystemFailure, &text))
    }

    fn tst_info(&self, request: &TimeStampRequest, gen_time: Instant, serial_number: &SerialNumber) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |tst_info| {
            tst_info.unsigned(1);
            tst_info.oid(&self.policy);
            tst_info.encoded(request.message_imprint_der());
            tst_info.value(Tag::INTEGER, serial_number.as_der_contents());
            tst_info.value(Tag::GENERALIZED_TIME, generalized_time(gen_time).as_bytes());
            if let Some(accuracy) = self.accuracy {
                accuracy.write(tst_info);
            }
            if self.ordering {
                tst_info.boolean_true();
            }
            if let Some(nonce) = request.nonce() {
                tst_info.value(Tag::INTEGER, nonce.as_der_contents());
            }
            if self.tsa_name {
                tst_info.constructed(Tag::context_constructed(0), |tsa| {
                    tsa.constructed(Tag::context_constructed(4), |directory_name| {
                        directory_name.encoded(self.certificate.subject().as_der());
                    });
                });
            }
        });
        writer.into_der()
    }
}

impl<S> std::fmt::Debug for Authority<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// The way to an [`Authority`] in the same process.
pub struct AuthorityTransport<'a, S, F> {
    authority: &'a Authority<S>,
    stamp: F,
}

impl<S, F> Transport for AuthorityTransport<'_, S, F>
where
    S: Signer,
    F: Fn() -> (Instant, SerialNumber) + Send + Sync,
{
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        let (gen_time, serial_number) = (self.stamp)();
        Ok(self.authority.respond(request, gen_time, &serial_number))
    }
}

impl<S, F> std::fmt::Debug for AuthorityTransport<'_, S, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorityTransport").field("authority", self.authority).finish_non_exhaustive()
    }
}

/// Why an authority cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// There is no certificate.
    #[error("time-stamp authority: no certificate")]
    ChainEmpty,
    /// The first certificate is not that of the signer's key.
    #[error("time-stamp authority: the certificate is not that of the key")]
    KeyMismatch,
    /// The certificate may not sign time-stamps.
    #[error("time-stamp authority: {0}")]
    Certificate(#[from] PathError),
    /// The key or the algorithm is too weak to sign with.
    #[error("time-stamp authority: {0}")]
    Constraint(ConstraintError),
}

impl AuthorityError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChainEmpty => "authority-chain-empty",
            Self::KeyMismatch => "authority-key-mismatch",
            Self::Certificate(error) => error.code(),
            Self::Constraint(error) => error.code(),
        }
    }
}

/// Why there is no token.
struct Rejection {
    failure: PkiFailureInfo,
    text: String,
}

impl Rejection {
    fn new(failure: PkiFailureInfo, text: &impl ToString) -> Self {
        Self { failure, text: text.to_string() }
    }

    fn write(&self, status: &mut Writer) {
        status.constructed(Tag::SEQUENCE, |texts| texts.value(Tag::UTF8_STRING, self.text.as_bytes()));
        // A named BIT STRING ends with its last bit that is set (X.690 §11.2.2).
        let position = self.failure.bit();
        let mut contents = vec![0; 2 + position / 8];
        if let [unused, .., last] = contents.as_mut_slice() {
            *last = 0x80 >> (position % 8);
            *unused = u8::try_from(7 - position % 8).unwrap_or(0);
        }
        status.value(Tag::BIT_STRING, &contents);
    }
}

impl From<RequestError> for Rejection {
    fn from(error: RequestError) -> Self {
        let failure = match &error {
            RequestError::Version { .. } => PkiFailureInfo::BadRequest,
            RequestError::MessageImprint(MessageImprintError::Algorithm(_)) => PkiFailureInfo::BadAlg,
            _ => PkiFailureInfo::BadDataFormat,
        };
        Self::new(failure, &error)
    }
}

impl From<SigningError> for Rejection {
    fn from(error: SigningError) -> Self {
        Self::new(PkiFailureInfo::SystemFailure, &error)
    }
}

fn respond_with(status: PkiStatus, write_reason: impl FnOnce(&mut Writer), token: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |response| {
        response.constructed(Tag::SEQUENCE, |status_info| {
            status_info.unsigned(status.number());
            write_reason(status_info);
        });
        response.encoded(token);
    });
    writer.into_der()
}

/// `YYYYMMDDhhmmss[.s]Z`, no trailing zero in the fraction. `Instant` writes RFC 3339, `YYYY-MM-DDThh:mm:ss[.s]Z`, with no
/// trailing zero either.
fn generalized_time(instant: Instant) -> String {
    instant.to_string().chars().filter(|c| !matches!(c, '-' | 'T' | ':')).collect()
}
