//! An issuer with its key and its time-stamping authority.

use serde::Serialize;

use crate::budget::Limits;
use crate::codes::{CodingScheme, EntityCode};
use crate::crypto::Signer;
use crate::digest::DigestAlgorithm;
use crate::document::Document;
use crate::issue::{IssueError, IssuerCertificate};
use crate::jades::BaselineLevel;
use crate::policy::ValidationPolicy;
use crate::sign::augment::Augmenter;
use crate::sign::{SignError, SignedPayload};
use crate::time::Instant;
use crate::tsp::{TimeStampRequest, Transport, request_token};
use crate::validation::Evidence;
use crate::x509::Certificate;

/// An entity that issues documents: B-T or above, in one call each.
#[derive(Debug)]
pub struct Issuer<S, T> {
    signer: S,
    certificate: IssuerCertificate,
    time_stamps: T,
}

impl<S: Signer, T: Transport> Issuer<S, T> {
    /// The issuer whose key is `signer`, whose certificate is the first of `chain`, and whose time-stamps come over
    /// `time_stamps`. Codes are of the default [`CodingScheme`]; [`with_scheme`](Self::with_scheme) takes another.
    ///
    /// # Errors
    /// [`IssueError::Sign`] when the certificate is not over the signer's key ([`SignError::OtherKey`]);
    /// [`IssueError::Entity`] when it names no entity.
    pub fn new(signer: S, chain: impl IntoIterator<Item = Certificate>, time_stamps: T) -> Result<Self, IssueError> {
        Self::with_scheme(signer, chain, time_stamps, CodingScheme::default())
    }

    /// As [`new`](Self::new), with codes of `scheme`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_scheme(
        signer: S,
        chain: impl IntoIterator<Item = Certificate>,
        time_stamps: T,
        scheme: CodingScheme,
    ) -> Result<Self, IssueError> {
        let certificate = IssuerCertificate::new(chain, signer.algorithm(), scheme)?;
        let leaf = certificate.chain().first().ok_or(SignError::NoCertificate)?;
        if leaf.public_key().spki_der() != signer.public_key().spki_der() {
            return Err(SignError::OtherKey { subject: leaf.subject().to_string() }.into());
        }
        Ok(Self { signer, certificate, time_stamps })
    }

    /// Lets documents of another entity be signed by its signed mandate: [`IssuerCertificate::with_mandate`].
    ///
    /// # Errors
    /// [`IssueError::Mandate`] for what is no mandate, or one to another entity.
    pub fn with_mandate(mut self, file: &[u8]) -> Result<Self, IssueError> {
        self.certificate = self.certificate.with_mandate(file)?;
        Ok(self)
    }

    /// The entity that issues.
    #[must_use]
    pub fn entity(&self) -> EntityCode {
        self.certificate.entity()
    }

    /// The public half: what can be signed, without the key.
    #[must_use]
    pub fn certificate(&self) -> &IssuerCertificate {
        &self.certificate
    }

    /// The key.
    #[must_use]
    pub fn signer(&self) -> &S {
        &self.signer
    }

    /// Signs `document` at `now` and has the signature time-stamped: JAdES B-T in flattened JSON, UTF-8.
    ///
    /// The request for the time-stamp carries no nonce: the imprint is of a signature value made a moment ago, so an
    /// older token cannot answer it.
    ///
    /// # Errors
    /// As [`IssuerCertificate::prepare`]; [`IssueError::Sign`] when the signer does not sign, or what it signs does not
    /// verify; [`IssueError::TimeStamp`] when the authority gives no token, or not the one asked for.
    pub fn issue<B: Serialize>(&self, document: &Document<B>, now: Instant) -> Result<Vec<u8>, IssueError> {
        self.time_stamp(self.sign(document, now)?)
    }

    /// Issues `document` at `now` at `level`: signed, time-stamped, and then what the levels above ask for, by the certificates, CRLs and OCSP
    /// responses of `evidence`. `policy` is that of who will verify: what does not hold by it is not archived.
    ///
    /// B-B is what [`sign`](Self::sign) makes; asked for here, the answer is B-T.
    ///
    /// # Errors
    /// As [`issue`](Self::issue); [`IssueError::Augment`] when a level above B-T is not reached, such as for lack of revocation
    /// data, which it names.
    pub fn issue_at<B: Serialize>(
        &self,
        document: &Document<B>,
        level: BaselineLevel,
        (policy, evidence): (&ValidationPolicy, &Evidence<'_>),
        now: Instant,
    ) -> Result<Vec<u8>, IssueError> {
        if level <= BaselineLevel::BT {
            return self.issue(document, now);
        }
        let signed = self.sign(document, now)?.to_vec();
        Ok(Augmenter::new(policy, &self.time_stamps).augment(&signed, level, evidence, now)?.octets)
    }

    /// Has `signed` time-stamped, and writes it: B-T.
    pub(super) fn time_stamp(&self, signed: SignedPayload) -> Result<Vec<u8>, IssueError> {
        let request = TimeStampRequest::new(&signed.time_stamp_imprint(DigestAlgorithm::Sha256));
        let token = request_token(&self.time_stamps, &request, &Limits::default())?;
        Ok(signed.with_signature_time_stamp(&token)?.to_vec())
    }

    /// Signs `document` at `now` without a time-stamp: B-B.
    ///
    /// # Errors
    /// As [`issue`](Self::issue), without those of the time-stamp.
    pub fn sign<B: Serialize>(&self, document: &Document<B>, now: Instant) -> Result<SignedPayload, IssueError> {
        let prepared = self.certificate.prepare(document, now)?;
        let value = self.signer.sign(prepared.signing_input()).map_err(SignError::from)?;
        Ok(prepared.complete(&value)?)
    }
}
