//! Why a check failed: the typed errors of the layers below, and the faults that the layers above find.

use std::time::Duration;

use crate::batch::BatchError;
use crate::budget::Exhausted;
use crate::codes::EntityCode;
use crate::crypto::{ConstraintError, JwsAlgorithmError, SignatureError};
use crate::document::{AttachmentError, DocumentError, Inconsistency, MandateError};
use crate::ers::{ArchiveTimeStampFault, EvidenceRecordError, RecordFault};
use crate::jades::{BaselineLevel, JadesError};
use crate::journal::{JournalError, JournalFault};
use crate::jws::JwsError;
use crate::register::RegisterFault;
use crate::status::{StatusError, StatusListError};
use crate::time::{Instant, Validity};
use crate::tsp::TimeStampError;
use crate::x509::ScopeViolation;
use crate::x509::entity::EntityError;
use crate::x509::path::PathError;

/// Why a check failed. `Display` is a sentence; [`code`](Self::code) is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum Reason {
    /// The octets are no JWS.
    Jws(#[from] JwsError),
    /// The header parameters are not those of JAdES.
    Jades(#[from] JadesError),
    /// The algorithm is none of ours.
    Algorithm(#[from] JwsAlgorithmError),
    /// The signature value does not verify.
    Signature(#[from] SignatureError),
    /// An algorithm or key is too weak.
    Constraint(#[from] ConstraintError),
    /// There is no valid certification path.
    Path(#[from] PathError),
    /// A time-stamp does not hold.
    TimeStamp(#[from] TimeStampError),
    /// The file holds no document of the batch that was signed.
    Batch(#[from] BatchError),
    /// The octets are no evidence record.
    EvidenceRecord(#[from] EvidenceRecordError),
    /// An evidence record proves nothing.
    RecordFault(#[from] RecordFault),
    /// An archive time-stamp of an evidence record does not hold.
    ArchiveTimeStamp(#[from] ArchiveTimeStampFault),
    /// The payload is not a document.
    Document(#[from] DocumentError),
    /// The document contradicts itself.
    Inconsistency(#[from] Inconsistency),
    /// The certificate names no entity.
    Entity(#[from] EntityError),
    /// An attachment is not the one that was signed.
    Attachment(#[from] AttachmentError),
    /// The register of entities does not bear the document out.
    Register(#[from] RegisterFault),
    /// The payload is not a status list.
    StatusList(#[from] StatusListError),
    /// The payload is not a tree head.
    TreeHead(#[from] JournalError),
    /// The journal does not bear the document out.
    Journal(#[from] JournalFault),
    /// The document is not known to stand.
    Status(#[from] StatusError),
    /// No mandate lets the signer sign in the name of the issuer.
    Mandate(#[from] MandateError),
    /// The trust anchor is not good for the document.
    AnchorScope(#[from] ScopeViolation),
    /// The file has more than is allowed of something.
    Limit(#[from] Exhausted),
    /// Found while putting the parts together.
    Fault(#[from] ValidationFault),
}

impl Reason {
    /// A stable name for the reason, in lower case with hyphens.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Jws(error) => error.code(),
            Self::Jades(error) => error.code(),
            Self::Algorithm(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Constraint(error) => error.code(),
            Self::Path(error) => error.code(),
            Self::TimeStamp(error) => error.code(),
            Self::Batch(error) => error.code(),
            Self::EvidenceRecord(error) => error.code(),
            Self::RecordFault(fault) => fault.code(),
            Self::ArchiveTimeStamp(fault) => fault.code(),
            Self::Document(error) => error.code(),
            Self::Inconsistency(error) => error.code(),
            Self::Entity(error) => error.code(),
            Self::Attachment(error) => error.code(),
            Self::Register(fault) => fault.code(),
            Self::StatusList(error) => error.code(),
            Self::Status(error) => error.code(),
            Self::Mandate(error) => error.code(),
            Self::AnchorScope(violation) => violation.code(),
            Self::TreeHead(error) => error.code(),
            Self::Journal(fault) => fault.code(),
            Self::Limit(error) => error.code(),
            Self::Fault(fault) => fault.code(),
        }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })? = $code:literal, $text:tt;)*) => {
        /// What is wrong between parts that are right in themselves.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum ValidationFault {
            $($(#[$doc])* #[error $text] $name $({ $($(#[$field_doc])* $field: $type,)* })?,)*
        }

        impl ValidationFault {
            /// A stable name for the fault.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)* }
            }
        }
    };
}

faults! {
    /// The header pins no certificate.
    NoCertificateReference = "no-certificate-reference", ("signing certificate: the protected header pins none");
    /// The certificate pinned is nowhere.
    SigningCertificateAbsent {
        /// The digest that pins it, hexadecimal.
        digest: String,
    } = "signing-certificate-absent", ("signing certificate: the one with digest {digest} is neither in the file nor given");
    /// The first certificate of `x5c` is not the one pinned.
    SigningCertificateDiffers {
        /// The digest that pins it, hexadecimal.
        expected: String,
        /// The digest of the first certificate, hexadecimal.
        found: String,
    } = "signing-certificate-differs", ("signing certificate: the first of \"x5c\" has digest {found}, the protected header pins {expected}");
    /// The payload is neither in the file nor given.
    PayloadAbsent = "payload-absent", ("signed data: the signature is detached and its payload was not given");
    /// `sigD` refers to header fields of a request of the web, which are no documents.
    HttpHeaders = "sig-d-http-headers", ("signed data: \"sigD\" refers to HTTP header fields, which are not resolved");
    /// `sigD` refers to data by a mechanism that the standard does not define.
    UnknownMechanism {
        /// The mechanism, at most 48 characters of it.
        found: String,
    } = "sig-d-mechanism-unknown", ("signed data: \"sigD\" refers to it by \"{found}\", which is not known");
    /// A data object that `sigD` names was not given.
    DataObjectAbsent {
        /// Its name.
        name: String,
    } = "data-object-absent", ("signed data: \"{name}\" was not given");
    /// Several data objects were given under one name.
    DataObjectTwice {
        /// The name.
        name: String,
    } = "data-object-given-twice", ("signed data: \"{name}\" was given twice, which of them was signed is not known");
    /// A data object is not the one that was signed.
    DataObjectDiffers {
        /// Its name.
        name: String,
        /// The digest that was signed, hexadecimal.
        expected: String,
        /// The digest of what was given, hexadecimal.
        found: String,
    } = "data-object-differs", ("signed data: \"{name}\" has digest {found}, signed was {expected}");
    /// A counter-signature was made over another signature than the one that it stands in.
    OtherSignatureValue {
        /// SHA-256 of what it is over, hexadecimal.
        found: String,
        /// SHA-256 of the signature value that it stands in, hexadecimal.
        expected: String,
    } = "other-signature-value", ("signed data: a signature value with SHA-256 {found}, it stands in one with {expected}");
    /// Countersignatures do not hold.
    CounterSignatures {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
    } = "counter-signatures", ("countersignatures: {failed} of {of} do not hold, see their own reports");
    /// The signature policy given is not the one that the signer named.
    OtherSignaturePolicy {
        /// The digest that was signed, hexadecimal.
        expected: String,
        /// The digest of what was given, hexadecimal.
        found: String,
    } = "other-signature-policy", ("signature policy: the document given has digest {found}, signed was {expected}");
    /// The policy asks for a time-stamp and there is none.
    NoTimeStamp = "no-time-stamp", ("signature time-stamp: the policy asks for B-T, there is none");
    /// There are time-stamps, and none of them holds.
    NoValidTimeStamp {
        /// Why the first does not.
        reason: String,
    } = "no-valid-time-stamp", ("signature time-stamp: none holds, the first because: {reason}");
    /// A time-stamp in the file is not of this signature, or was altered.
    BrokenTimeStamp {
        /// Which, counted from 1.
        position: usize,
        /// Why.
        reason: String,
    } = "broken-time-stamp", ("time-stamp {position}: {reason}");
    /// The certificates of a time-stamping authority were not valid any more when its token is proven to have existed.
    AuthorityExpired {
        /// The certificate, by its subject.
        subject: String,
        /// When it expired.
        not_after: Instant,
        /// When the token is proven to have existed: by a later time-stamp, else at validation time.
        proven: Instant,
    } = "authority-expired", ("time-stamp: the authority's certificate {subject} expired {not_after}, the token is proven to have existed at {proven} only");
    /// A certificate, or evidence of revocation, rests on the key of an issuer that ended before it is proven to have
    /// existed.
    ExistenceNotProven {
        /// What it is.
        object: String,
        /// The issuer whose word it is, or one above it.
        issuer: String,
        /// `expired` or `was revoked`.
        what_ended: &'static str,
        /// When: the control time.
        control: Instant,
        /// When the object is proven to have existed.
        proven: Instant,
    } = "existence-not-proven", ("{object}: proven to have existed at {proven} only, its issuer {issuer}, or one above, {what_ended} {control}");
    /// A time-stamp is later than one that was made after it.
    TimeStampOrder {
        /// Position, from 1, and time of the one that must be earlier.
        earlier: (usize, Instant),
        /// Position, from 1, and time of the one that must be later.
        later: (usize, Instant),
    } = "time-stamp-order", ("time-stamp {} of {} covers or follows time-stamp {} of {}", .later.0, .later.1, .earlier.0, .earlier.1);
    /// The signature does not show the level that the policy asks for.
    LevelNotReached {
        /// The level asked for.
        required: BaselineLevel,
        /// The level that its structure shows.
        found: BaselineLevel,
    } = "level-not-reached", ("baseline level: the policy asks for {required}, the signature shows {found}");
    /// The file does not hold all that its signature or a time-stamp is judged by.
    NotSelfContained {
        /// What is missing, or does not hold.
        reason: String,
    } = "not-self-contained", ("baseline level: with the validation data in the file alone: {reason}");
    /// An archive time-stamp does not hold, and the policy asks for all of them.
    ArchiveTimeStampFails {
        /// Why.
        reason: String,
    } = "archive-time-stamp-fails", ("baseline level: an archive time-stamp does not hold: {reason}");
    /// The signer did not want the signature accepted any more.
    SignatureExpired {
        /// The end that the signer set, `exp`.
        expires: Instant,
        /// The time of validation.
        at: Instant,
    } = "signature-expired", ("the signer set {expires} as the end of the signature, validated at {at}");
    /// The signing time claimed is after the time proven.
    ClaimedAfterProven {
        /// The time claimed.
        claimed: Instant,
        /// The time proven.
        proven: Instant,
        /// What the policy allows.
        tolerance: Duration,
    } = "claimed-after-proven", ("claimed signing time: {claimed} is after the proven {proven}, by more than {} seconds", .tolerance.as_secs_f64());
    /// The signing time claimed is after the time of validation.
    ClaimedInFuture {
        /// The time claimed.
        claimed: Instant,
        /// The time of validation.
        at: Instant,
        /// What the policy allows.
        tolerance: Duration,
    } = "claimed-in-future", ("claimed signing time: {claimed} is after the time of validation {at}, by more than {} seconds", .tolerance.as_secs_f64());

    /// The payload is not said to be a document.
    ContentType {
        /// The media type found.
        found: String,
        /// The media type expected.
        expected: String,
    } = "content-type", ("document: the signature says its payload is {found}, expected {expected}");
    /// The signature is over data objects that `sigD` names, and has no payload to be a document.
    NoPayload = "no-payload", ("document: the signature is over data that it names, a document is a payload");
    /// The signing certificate is a CA's.
    CaCertificate {
        /// Its subject.
        subject: String,
    } = "ca-certificate", ("the signing certificate is a CA's: {subject}");
    /// The certificate names another entity than the document's issuer.
    CertificateOfAnotherEntity {
        /// The entity in the certificate.
        certificate: EntityCode,
        /// The issuer of the document.
        issuer: EntityCode,
    } = "certificate-of-another-entity", ("the certificate is entity {certificate}'s, the document's issuer is {issuer}");
    /// The batch was issued by another entity than the document.
    BatchOfAnotherEntity {
        /// The issuer of the batch.
        batch: EntityCode,
        /// The issuer of the document.
        issuer: EntityCode,
    } = "batch-of-another-entity", ("the batch is entity {batch}'s, the document's issuer is {issuer}");
    /// An attachment was not given.
    AttachmentAbsent {
        /// Its name.
        name: String,
    } = "attachment-absent", ("attachment \"{name}\" was not given");
    /// The document is outside its own period of validity.
    NotInForce {
        /// The time of validation.
        at: Instant,
        /// The period, as a sentence says it.
        period: PeriodOfValidity,
    } = "not-in-force", ("the document is valid {period}, not at {at}");
}

/// A document's own period of validity, for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeriodOfValidity(pub Validity);

impl std::fmt::Display for PeriodOfValidity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "from {} to {}", self.0.not_before(), self.0.not_after())
    }
}
