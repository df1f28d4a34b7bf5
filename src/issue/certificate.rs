//! The public half of an issuer: its certificate chain, and what it lets be signed.

use serde::Serialize;
use serde_json::Value;

use crate::budget::Limits;
use crate::codes::{CodingScheme, EntityCode};
use crate::crypto::JwsAlgorithm;
use crate::document::{Document, MEDIA_TYPE, Mandate, MandateError};
use crate::issue::IssueError;
use crate::jws::Jws;
use crate::sign::{PreparedSignature, Serialization, SignError, SignatureParameters, prepare};
use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::entity::entity_code;

/// An entity's certificate chain and algorithm: all that issuing needs but the private key.
///
/// For a key in a device or behind a network, [`prepare`](Self::prepare) a document, have the octets signed, and
/// [`complete`](PreparedSignature::complete) it.
#[derive(Debug, Clone)]
pub struct IssuerCertificate {
    chain: Vec<Certificate>,
    algorithm: JwsAlgorithm,
    entity: EntityCode,
    scheme: CodingScheme,
    serialization: Serialization,
    /// Of others to this entity; that they hold is for whoever verifies to find out.
    mandates: Vec<Mandate>,
}

impl IssuerCertificate {
    /// The issuer whose certificate is the first of `chain`, followed by the CAs that issued it, signing with
    /// `algorithm`. Codes are read by `scheme`.
    ///
    /// # Errors
    /// [`IssueError::Entity`] when the certificate names no entity; [`IssueError::Sign`] when the algorithm does not fit
    /// its key or there is no certificate.
    pub fn new(
        chain: impl IntoIterator<Item = Certificate>,
        algorithm: JwsAlgorithm,
        scheme: CodingScheme,
    ) -> Result<Self, IssueError> {
        let chain: Vec<Certificate> = chain.into_iter().collect();
        let leaf = chain.first().ok_or(SignError::NoCertificate)?;
        leaf.public_key().check_jws_algorithm(algorithm).map_err(SignError::from)?;
        let entity = entity_code(leaf, &scheme)?;
        Ok(Self { chain, algorithm, entity, scheme, serialization: Serialization::FlattenedJson, mandates: Vec::new() })
    }

    /// Writes another serialization than flattened JSON. Only JSON can carry a time-stamp.
    #[must_use]
    pub fn with_serialization(mut self, serialization: Serialization) -> Self {
        self.serialization = serialization;
        self
    }

    /// Lets documents of another entity be signed by its signed mandate, a JWS, which is read here and not verified.
    ///
    /// Verifiers need it too: put it into each document
    /// ([`DocumentBuilder::mandate`](crate::document::DocumentBuilder::mandate)), or give it beside
    /// ([`Evidence::with_mandate`](crate::validation::Evidence::with_mandate)).
    ///
    /// # Errors
    /// [`IssueError::Mandate`] for what is no mandate, or one to another entity.
    pub fn with_mandate(mut self, file: &[u8]) -> Result<Self, IssueError> {
        let limits = Limits::default();
        let refuse = |reason: String| IssueError::Mandate(MandateError::DoesNotHold { reason });
        let jws = Jws::parse(file, &limits).map_err(|error| refuse(error.to_string()))?;
        let payload = jws.unverified_payload().unwrap_or_default();
        let document = Document::<Value>::from_slice_in(payload, &self.scheme, &limits);
        let document = document.map_err(|error| refuse(error.to_string()))?;
        let mandate = Mandate::of(&document, &self.scheme)?;
        if mandate.delegate() != self.entity {
            let (delegate, signer) = (mandate.delegate(), self.entity);
            return Err(IssueError::Mandate(MandateError::ToAnother { delegate, signer }));
        }
        self.mandates.push(mandate);
        Ok(self)
    }

    /// The entity that the certificate names.
    #[must_use]
    pub fn entity(&self) -> EntityCode {
        self.entity
    }

    /// The scheme of the codes.
    pub(super) fn scheme(&self) -> &CodingScheme {
        &self.scheme
    }

    /// The signing certificate first, then the CAs given.
    #[must_use]
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// Checks `document` and writes the octets to be signed, with `now` as the signing time.
    ///
    /// # Errors
    /// [`IssueError::WrongEntity`] for a document of another entity; [`IssueError::Inconsistent`] when its members
    /// contradict each other; [`IssueError::Document`] when it cannot be written, or read again; [`IssueError::Sign`]
    /// when the certificate is not valid at `now` or not for signing.
    pub fn prepare<B: Serialize>(&self, document: &Document<B>, now: Instant) -> Result<PreparedSignature, IssueError> {
        self.prepare_payload(&self.octets_of(document)?, MEDIA_TYPE, now)
    }

    /// The octets of `document`, when it is one that this certificate may sign and that can be read again.
    pub(super) fn octets_of<B: Serialize>(&self, document: &Document<B>) -> Result<Vec<u8>, IssueError> {
        if document.issuer() != self.entity {
            self.check_mandate(document)?;
        }
        if let Some(inconsistency) = document.inconsistencies().into_iter().next() {
            return Err(IssueError::Inconsistent(inconsistency));
        }
        let payload = document.to_vec()?;
        // What the strict reader would refuse must never be signed: a body that writes a member twice, for one.
        Document::<Value>::from_slice_in(&payload, &self.scheme, &Limits::default())?;
        Ok(payload)
    }

    /// A mandate of the issuer of `document` lets this entity sign it when it says it was issued.
    fn check_mandate<B>(&self, document: &Document<B>) -> Result<(), IssueError> {
        let of_issuer = |mandate: &&Mandate| mandate.delegator() == document.issuer();
        let mut failure = IssueError::WrongEntity { document: document.issuer(), certificate: self.entity };
        for mandate in self.mandates.iter().filter(of_issuer) {
            match mandate.check(document, self.entity, document.issued_at()) {
                Ok(()) => return Ok(()),
                Err(error) => failure = error.into(),
            }
        }
        Err(failure)
    }

    /// The octets to be signed for `payload`, which is of `media_type`.
    pub(super) fn prepare_payload(
        &self,
        payload: &[u8],
        media_type: &str,
        now: Instant,
    ) -> Result<PreparedSignature, IssueError> {
        let parameters = SignatureParameters::new(self.algorithm, self.chain.iter().cloned(), now.whole_seconds())?
            .with_content_type(format!("application/{media_type}"))
            .with_serialization(self.serialization);
        Ok(prepare(payload, parameters)?)
    }
}
