//! One check of a validation: what was looked at, and what came of it.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::policy::{Constraint, ConstraintLevel, Constraints};
use crate::report::{Reason, SubIndication};

/// One check, in the order in which the checks were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    step: Step,
    outcome: Outcome,
}

impl Check {
    pub(crate) fn passed(step: Step) -> Self {
        Self { step, outcome: Outcome::Passed }
    }

    pub(crate) fn failed(step: Step, sub_indication: SubIndication, reason: impl Into<Reason>) -> Self {
        Self { step, outcome: Outcome::Failed { sub_indication, reason: Box::new(reason.into()) } }
    }

    pub(crate) fn not_checked(step: Step, why: NotChecked) -> Self {
        Self { step, outcome: Outcome::NotChecked(why) }
    }

    /// The same check, weighing what `constraints` let it weigh.
    pub(crate) fn under(self, constraints: &Constraints) -> Self {
        let Outcome::Failed { sub_indication, reason } = self.outcome else { return self };
        let mut constraint = Constraint::ALL.iter().filter(|constraint| constraint.code() == self.step.code());
        let outcome = match constraint.next().map(|constraint| constraints.level(*constraint)) {
            Some(ConstraintLevel::Ignore) => Outcome::NotChecked(NotChecked::ByPolicy),
            Some(ConstraintLevel::Warn) => Outcome::Warned { reason },
            Some(ConstraintLevel::Inform) => Outcome::Informed { reason },
            Some(ConstraintLevel::Fail) | None => Outcome::Failed { sub_indication, reason },
        };
        Self { outcome, ..self }
    }

    /// What was looked at.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// What came of it.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// What a failed check makes of the whole, and why; `None` of one that passed or was not made.
    #[must_use]
    pub fn failure(&self) -> Option<(SubIndication, &Reason)> {
        match &self.outcome {
            Outcome::Failed { sub_indication, reason } => Some((*sub_indication, reason)),
            Outcome::Passed | Outcome::Warned { .. } | Outcome::Informed { .. } | Outcome::NotChecked(_) => None,
        }
    }

    /// Why the check does not hold, where the policy lets that pass with a warning.
    #[must_use]
    pub fn warning(&self) -> Option<&Reason> {
        match &self.outcome {
            Outcome::Warned { reason } => Some(reason),
            _ => None,
        }
    }

    fn line(&self, word: &str, reason: &Reason) -> String {
        format!("{word} {}: {}", self.step, without_subject(&reason.to_string(), self.step.title()))
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Passed => write!(f, "passed       {}", self.step),
            Outcome::Failed { reason, .. } => f.write_str(&self.line("FAILED      ", reason)),
            Outcome::Warned { reason } => f.write_str(&self.line("WARNING     ", reason)),
            Outcome::Informed { reason } => f.write_str(&self.line("note        ", reason)),
            Outcome::NotChecked(why) => write!(f, "not checked  {}: {why}", self.step),
        }
    }
}

/// A reason by itself says what it is about, as in `signed data: ..`; behind a title that does, it need not say so again.
fn without_subject<'a>(reason: &'a str, title: &str) -> &'a str {
    match reason.split_once(": ") {
        Some((subject, rest)) if title.starts_with(subject) => rest,
        _ => reason,
    }
}

impl Serialize for Check {
    /// `{"step", "outcome"}`, with `"subIndication", "code", "reason"` of a failure and `"code", "reason"` of a warning, an
    /// information, and what was not checked. Step, outcome, sub-indication and code are stable words; the reason is a sentence and may change.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Check", 5)?;
        members.serialize_field("step", &self.step)?;
        match &self.outcome {
            Outcome::Passed => members.serialize_field("outcome", "passed")?,
            Outcome::Failed { sub_indication, reason } => {
                members.serialize_field("outcome", "failed")?;
                members.serialize_field("subIndication", sub_indication)?;
                members.serialize_field("code", reason.code())?;
                members.serialize_field("reason", &reason.to_string())?;
            }
            Outcome::Warned { reason } | Outcome::Informed { reason } => {
                let warned = matches!(self.outcome, Outcome::Warned { .. });
                members.serialize_field("outcome", if warned { "warning" } else { "information" })?;
                members.serialize_field("code", reason.code())?;
                members.serialize_field("reason", &reason.to_string())?;
            }
            Outcome::NotChecked(why) => {
                members.serialize_field("outcome", "not-checked")?;
                members.serialize_field("code", why.code())?;
                members.serialize_field("reason", &why.to_string())?;
            }
        }
        members.end()
    }
}

/// What came of a check.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a check passed, did not hold at one of three levels, or was not made")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed {
        /// What that makes of the whole.
        sub_indication: SubIndication,
        /// Why, with what was found and what was expected.
        reason: Box<Reason>,
    },
    /// It does not hold, and the policy lets the document pass with a warning.
    Warned {
        /// Why it does not hold.
        reason: Box<Reason>,
    },
    /// It does not hold, and the policy wants that mentioned.
    Informed {
        /// Why it does not hold.
        reason: Box<Reason>,
    },
    /// It was not looked at. Never the same as holding.
    NotChecked(NotChecked),
}

/// Why a check was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotChecked {
    /// The policy says not to.
    #[error("the policy does not ask for it")]
    ByPolicy,
    /// There is nothing of the kind to check.
    #[error("there is none")]
    Absent,
    /// An earlier check failed and left nothing to look at.
    #[error("an earlier check failed")]
    EarlierFailure,
    /// The payload was validated as octets, not as a government document.
    #[error("the payload was not read as a document")]
    AnyPayload,
    /// No evidence tells, and the policy lets that pass.
    #[error("nothing is known, which the policy lets pass")]
    NothingKnown,
    /// Another entity signed, and a mandate of the issuer is what decides.
    #[error("another entity signed, by mandate")]
    Mandated,
    /// A register of entities is needed and none was given.
    #[error("no register of entities was given")]
    NoRegister,
    /// The status list that the document names is needed and was not given.
    #[error("its status list was not given, which the policy lets pass")]
    NoStatusList,
    /// No journal of the issuer was given.
    #[error("no journal of the issuer was given")]
    NoJournal,
    /// This version of the crate does not process it.
    #[error("this version does not process it")]
    NotProcessed,
}

impl NotChecked {
    /// The stable word for it, as in the JSON of a report.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ByPolicy => "by-policy",
            Self::Absent => "absent",
            Self::EarlierFailure => "earlier-failure",
            Self::AnyPayload => "any-payload",
            Self::NothingKnown => "nothing-known",
            Self::Mandated => "mandated",
            Self::NoRegister => "no-register",
            Self::NoStatusList => "no-status-list",
            Self::NoJournal => "no-journal",
            Self::NotProcessed => "not-processed",
        }
    }
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal;)*) => {
        /// What a check looks at. The words are stable; new ones may come.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
        #[non_exhaustive]
        pub enum Step {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Step {
            /// Every step.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable word for it, as in the JSON of a report.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }

        impl fmt::Display for Step {
            /// A few words for a reader.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.title())
            }
        }
    };
}

steps! {
    /// The octets are a JWS, and one that can be validated (EN 319 102-1 §5.2.2).
    Format = "format", "format of the signature";
    /// The JAdES header parameters are complete and understood (TS 119 182-1 §5).
    HeaderParameters = "header-parameters", "header parameters";
    /// The document given is that of the policy which the signer names (EN 319 102-1 §5.2.4); not whether it was followed.
    SignaturePolicy = "signature-policy", "signature policy";
    /// The certificate that the protected header pins was found (EN 319 102-1 §5.2.3).
    SigningCertificate = "signing-certificate", "signing certificate";
    /// The signed data was given (EN 319 102-1 §5.2.7).
    SignedData = "signed-data", "signed data";
    /// The signature value verifies (EN 319 102-1 §5.2.7).
    Cryptography = "cryptography", "signature value";
    /// The algorithm and the key are strong enough (EN 319 102-1 §5.2.8).
    Algorithms = "algorithms", "algorithms and key sizes";
    /// The unsigned header parameters are readable (TS 119 182-1 §5.3).
    UnsignedHeader = "unsigned-header", "unsigned header parameters";
    /// A time-stamp's imprint is of what it stands for (RFC 3161 §2.4.2).
    TimeStampImprint = "time-stamp-imprint", "time-stamp: imprint";
    /// A time-stamp token verifies and its authority is trusted (EN 319 102-1 §5.4).
    TimeStampToken = "time-stamp-token", "time-stamp: token and authority";
    /// A signature time-stamp proves when the signature existed (EN 319 102-1 §5.5).
    SignatureTimeStamp = "signature-time-stamp", "signature time-stamp";
    /// The signing time that the signer claims agrees with the proven one (EN 319 102-1 §5.5.4).
    ClaimedSigningTime = "claimed-signing-time", "claimed signing time";
    /// Time-stamps were made in the order that the signature says (EN 319 102-1 §5.5.4).
    TimeStampOrder = "time-stamp-order", "order of time-stamps";
    /// Archive time-stamps and what else long-term validation adds (TS 119 182-1 §5.3.6).
    LongTermData = "long-term-data", "long-term validation data";
    /// An evidence record given beside the file proves that the file existed (RFC 4998 §5.3).
    EvidenceRecord = "evidence-record", "evidence record";
    /// One archive time-stamp of an evidence record holds until the next (RFC 4998 §4.3).
    ArchiveTimeStamp = "archive-time-stamp", "archive time-stamp";
    /// A path leads to a trust anchor and holds at the proven time (EN 319 102-1 §5.2.6, RFC 5280 §6).
    CertificationPath = "certification-path", "certification path";
    /// No certificate of the path was revoked at the proven time (EN 319 102-1 §5.2.5).
    Revocation = "revocation", "revocation";
    /// The signature has the baseline level that the policy asks for (TS 119 182-1 §6).
    BaselineLevel = "baseline-level", "baseline level";
    /// Countersignatures (TS 119 182-1 §5.3.2).
    CounterSignatures = "counter-signatures", "countersignatures";

    /// What was signed is the manifest of a batch of documents.
    BatchManifest = "batch-manifest", "manifest of the batch";
    /// The document is in the batch, at the place that its file says (RFC 9162 §2.1.3).
    BatchInclusion = "batch-inclusion", "document in the batch";
    /// The issuer of the batch is the document's issuer.
    IssuerOfBatch = "issuer-of-batch", "issuer of the batch = issuer";
    /// The protected header says that the payload is a government document.
    ContentType = "content-type", "type of the payload";
    /// The payload is a government document.
    DocumentFormat = "document-format", "format of the document";
    /// The entity in the certificate is the document's issuer.
    EntityOfCertificate = "entity-of-certificate", "entity in the certificate = issuer";
    /// Entity, kind and year in the document's number are those of the document.
    NumberOfDocument = "number-of-document", "entity in the number = issuer, kind and year too";
    /// A mandate lets the entity that signed sign in the name of the issuer.
    Mandate = "mandate", "mandate of the issuer to the signer";
    /// The register has the entity, neither suspended nor ended, at the proven time.
    EntityInRegister = "entity-in-register", "entity exists in the register";
    /// The register lists the signing key for the entity at the proven time.
    KeyInRegister = "key-in-register", "key listed in the register";
    /// The register grants the entity the kind and service at the proven time.
    AuthorityInRegister = "authority-in-register", "kind and service granted in the register";
    /// The payload is a status list.
    StatusListFormat = "status-list-format", "format of the status list";
    /// The document was not withdrawn, by the status list that it names.
    Status = "status", "status of the document";
    /// The kind of the document is one that the trust anchor is good for. Only of an anchor that is limited to kinds.
    KindInAnchorScope = "kind-in-anchor-scope", "kind within the scope of the trust anchor";
    /// The payload is the head of a journal.
    TreeHeadFormat = "tree-head-format", "format of the tree head";
    /// The journal of the issuer gives the number to this document.
    Journal = "journal", "journal of the issuer";
    /// Each attachment given is the one whose digest was signed.
    Attachments = "attachments", "attachments";
    /// The document is inside its own period of validity.
    InForce = "in-force", "document's own validity";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::crypto::{ConstraintError, ListedAlgorithm, SignatureError};
    use crate::jws::JwsError;
    use crate::report::ValidationFault;

    #[test]
    fn a_line_names_its_subject_once() {
        let failed = |step, reason| Check::failed(step, SubIndication::FormatFailure, reason).to_string();
        let cases: [(Step, Reason, &str); 6] = [
            (
                Step::Cryptography,
                JwsError::from(SignatureError::Invalid).into(),
                "FAILED       signature value: does not fit the message and the key",
            ),
            (
                Step::SignedData,
                ValidationFault::PayloadAbsent.into(),
                "FAILED       signed data: the signature is detached and its payload was not given",
            ),
            (
                Step::SignatureTimeStamp,
                ValidationFault::NoTimeStamp.into(),
                "FAILED       signature time-stamp: the policy asks for B-T, there is none",
            ),
            (
                Step::Algorithms,
                ConstraintError::NotListed { algorithm: ListedAlgorithm::Sha1 }.into(),
                "FAILED       algorithms and key sizes: SHA-1 is not allowed",
            ),
            (Step::Format, JwsError::NoSignature.into(), "FAILED       format of the signature: JWS: no signature"),
            (
                Step::Attachments,
                ValidationFault::AttachmentAbsent { name: "a: b".to_owned() }.into(),
                "FAILED       attachments: attachment \"a: b\" was not given",
            ),
        ];
        for (step, reason, line) in cases {
            assert_eq!(failed(step, reason), line);
        }
        let passed = Check::passed(Step::Revocation).to_string();
        let open = Check::not_checked(Step::Revocation, NotChecked::ByPolicy).to_string();
        assert_eq!(passed, "passed       revocation");
        assert_eq!(open, "not checked  revocation: the policy does not ask for it");
    }

    #[test]
    fn programs_read_words_that_stay() {
        let json = |check: Check| serde_json::to_value(check).unwrap();
        assert_eq!(json(Check::passed(Step::Format)), json!({"step": "format", "outcome": "passed"}));
        assert_eq!(
            json(Check::failed(Step::SignedData, SubIndication::SignedDataNotFound, ValidationFault::PayloadAbsent)),
            json!({
                "step": "signed-data",
                "outcome": "failed",
                "subIndication": "SIGNED_DATA_NOT_FOUND",
                "code": "payload-absent",
                "reason": "signed data: the signature is detached and its payload was not given",
            })
        );
        for why in [
            NotChecked::ByPolicy,
            NotChecked::Absent,
            NotChecked::EarlierFailure,
            NotChecked::AnyPayload,
            NotChecked::NothingKnown,
            NotChecked::Mandated,
            NotChecked::NoRegister,
            NotChecked::NoStatusList,
            NotChecked::NoJournal,
            NotChecked::NotProcessed,
        ] {
            assert_eq!(serde_json::to_value(why).unwrap(), json!(why.code()));
            let check = json(Check::not_checked(Step::LongTermData, why));
            assert_eq!((&check["outcome"], &check["code"]), (&json!("not-checked"), &json!(why.code())));
        }
    }

    #[test]
    fn a_policy_weighs_the_checks_that_it_can_name() {
        let named = |constraint: &&Constraint| Step::ALL.iter().any(|step| step.code() == constraint.code());
        assert!(Constraint::ALL.iter().all(|constraint| named(&constraint)));

        let failed = |step| Check::failed(step, SubIndication::DocumentNotInForce, ValidationFault::PayloadAbsent);
        let line =
            |step, level| failed(step).under(&Constraints::default().with(Constraint::InForce, level)).to_string();
        let reason = "document's own validity: signed data: the signature is detached and its payload was not given";
        assert_eq!(line(Step::InForce, ConstraintLevel::Fail), format!("FAILED       {reason}"));
        assert_eq!(line(Step::InForce, ConstraintLevel::Warn), format!("WARNING      {reason}"));
        assert_eq!(line(Step::InForce, ConstraintLevel::Inform), format!("note         {reason}"));
        let ignored = "not checked  document's own validity: the policy does not ask for it";
        assert_eq!(line(Step::InForce, ConstraintLevel::Ignore), ignored);
        assert!(line(Step::Cryptography, ConstraintLevel::Ignore).starts_with("FAILED       signature value: "));

        let warned =
            failed(Step::InForce).under(&Constraints::default().with(Constraint::InForce, ConstraintLevel::Warn));
        let json = serde_json::to_value(&warned).unwrap();
        assert_eq!((&json["outcome"], &json["code"]), (&json!("warning"), &json!("payload-absent")));
        assert_eq!(warned.failure(), None);
    }
}
