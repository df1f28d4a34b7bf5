//! Verifying a government document: the validation of its signature, and what a document adds to it.
//!
//! [`Verifier::verify`] always answers a [`Report`]. [`Report::into_verified`] turns one that passed into a
//! [`Verified`] document, read from exactly the octets whose signature held; there is no other way to one.
//!
//! 1. **Signature**: [`crate::validation`], for every signature of the file.
//! 2. **Type**: each protected header says that the payload is a document (`cty`), so that a signature over something
//!    else cannot be shown as one.
//! 3. **Document**: the payload is a document, strictly.
//! 4. **Binding**: entity in the certificate = issuer = entity in the number, and kind = kind in the number; and, at the
//!    proven time, the [register](crate::register) has the entity, lists the key for it, and grants it the kind and the
//!    service. Without a register these are not checked, unless the policy asks for one. The kind is one that the trust
//!    anchor is good for. Where another entity signed, a [mandate](crate::document::Mandate) of the issuer stands for the
//!    first equality, and the key is asked of the register for the entity that signed.
//! 5. **Status**: the status list that the document names, if it names one, does not say that it was withdrawn.
//! 6. **Journal**: the journal of the issuer, if one was given, gives the number to this document.
//! 7. **Attachments**: each one given is the one whose digest was signed; each one named was given.
//! 8. **In force**: the time of validation lies in the document's own period of validity, if it has one.
//!
//! The signature may be over the document or over the manifest of a [batch](crate::batch) that the document is in; then
//! the manifest and the document's inclusion come between steps 1 and 2, and the batch must be of the document's issuer.
//!
//! **Accepted**: a JWS in any serialization, whose signatures all pass and are all of the issuer. **Ignored**: attachments
//! given that the document does not name. **Not passed**: everything else; the report says which step it was.

mod artefact;
mod authority;
mod batch;
mod binding;
mod conflict;
mod document;
mod journal;
mod mandate;
mod register;
mod status;
mod verified;

use crate::batch::Manifest;
use crate::policy::ValidationPolicy;
use crate::report::Report;
use crate::time::Instant;
use crate::validation::{self, Evidence, ReceivedFile};

use self::document::{Judgement, MandateUse};

pub use conflict::{Conflict, ConflictError, ExhibitFault};
pub use register::RegisterError;
pub use verified::Verified;

/// Verifies documents by one policy. Cheap to share between threads.
#[derive(Debug, Clone)]
pub struct Verifier {
    policy: ValidationPolicy,
}

impl Verifier {
    /// A verifier by `policy`.
    #[must_use]
    pub fn new(policy: ValidationPolicy) -> Self {
        Self { policy }
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &ValidationPolicy {
        &self.policy
    }

    /// Whether documents whose certificates and time-stamps are alike are judged alike, but for their own values. In full,
    /// so that whoever adds something to judge by has to say so here.
    pub(crate) fn is_for_documents_alike(&self) -> bool {
        let Self { policy } = self;
        policy.is_for_documents_alike()
    }

    /// The verdict on the document in `octets`, a JWS in any serialization or the file of one document of a batch, as
    /// of `at`.
    pub fn verify(&self, octets: &[u8], evidence: &Evidence<'_>, at: Instant) -> Report {
        self.verify_received(&ReceivedFile::read(octets, self.policy.limits()), evidence, at)
    }

    /// As [`verify`](Self::verify), of a file that was read before: to judge it by several policies, or again later.
    ///
    /// ```
    /// use wathiqa::budget::Limits;
    /// use wathiqa::policy::{Preset, ValidationPolicy};
    /// use wathiqa::validation::{Evidence, ReceivedFile};
    /// use wathiqa::verify::Verifier;
    /// use wathiqa::x509::TrustStore;
    ///
    /// let file = ReceivedFile::read(b"a.b", &Limits::default());
    /// for preset in [Preset::Document, Preset::Archive] {
    ///     let policy = ValidationPolicy::from_rules(preset.rules(), TrustStore::default(), TrustStore::default());
    ///     let report = Verifier::new(policy).verify_received(&file, &Evidence::none(), "2025-03-02T08:00:00Z".parse()?);
    ///     assert_eq!(report.failures().next().unwrap().to_string(), "JWS: a compact form has 3 parts, found 2");
    /// }
    /// # Ok::<(), wathiqa::time::TimeError>(())
    /// ```
    pub fn verify_received(&self, file: &ReceivedFile<'_>, evidence: &Evidence<'_>, at: Instant) -> Report {
        let report = validation::validate_received(file, evidence, &self.policy, at);
        let (report, signed) = if batch::is_signed_as_batch(&report) {
            let (report, manifest) = batch::open(report, file.octets(), &self.policy);
            (report, SignedAs::InBatch(manifest))
        } else {
            (report, SignedAs::Document)
        };
        let judgement = Judgement { evidence, policy: &self.policy, at, mandates: MandateUse::Accept };
        document::verify(report, &signed, &judgement)
    }

    /// The verdict on the signatures in `octets` over a payload of any kind: the payload is not read, and whatever
    /// belongs to documents is reported as not checked.
    pub fn verify_any_payload(&self, octets: &[u8], evidence: &Evidence<'_>, at: Instant) -> Report {
        let report = validation::validate(octets, evidence, &self.policy, at);
        document::not_read(report)
    }
}

/// What the signatures of a file are over.
enum SignedAs {
    /// The document itself.
    Document,
    /// The manifest of a batch: the one that the document is proven to be in, if it is.
    InBatch(Option<Manifest>),
}
