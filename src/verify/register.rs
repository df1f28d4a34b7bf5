//! Opening a register of entities, and following it from issue to issue.

use std::collections::HashSet;

use crate::encoding::excerpt;
use crate::policy::{ExpiredRegister, RegisterPolicy};
use crate::register::{MEDIA_TYPE, Register, RegisterFormatError, RegisterIssue, SuccessionError};
use crate::report::{Indication, Report, SignatureReport};
use crate::time::Instant;
use crate::validation::{self, Evidence};

impl Register {
    /// The register in `octets`, a JWS, when it holds as of `at`: signed as a register (`cty`) by as many different root
    /// keys as `policy` asks for, issued no later than `at`, and with its next issue not yet due.
    ///
    /// A signature that does not hold, or is of no root key, does not count and does no harm, for anyone can add one.
    ///
    /// # Errors
    /// [`RegisterError::Signatures`] with the report, [`RegisterError::ContentType`] for a signed document,
    /// [`RegisterError::Format`] for what is no register, [`RegisterError::IssuedLater`], [`RegisterError::Expired`].
    pub fn open(
        octets: &[u8],
        policy: &RegisterPolicy,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<Self, RegisterError> {
        let register = open(octets, policy, evidence, at)?;
        match policy.expired() {
            ExpiredRegister::Open => Ok(register),
            ExpiredRegister::Refuse => register.require_current(at).map(|()| register),
        }
    }

    /// The issue in `octets`, when it holds as of `at` and is the one that follows this; or this one, when it is the same
    /// and its next is not due.
    ///
    /// Keep the register that was seen last, and advance from it: that is what finds an older one that is served again.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`RegisterError::Succession`] for an older issue, another one of the same number,
    /// one that does not name this one, or in which a history was changed; [`RegisterError::Frozen`] when it is still
    /// this issue, and the next was due.
    pub fn advance(
        &self,
        octets: &[u8],
        policy: &RegisterPolicy,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<Self, RegisterError> {
        self.advance_through([octets], policy, evidence, at)
    }

    /// The same, through several issues in their order, of which only the last must be current.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub fn advance_through<'o>(
        &self,
        issues: impl IntoIterator<Item = &'o [u8]>,
        policy: &RegisterPolicy,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<Self, RegisterError> {
        let mut last = self.clone();
        for octets in issues {
            let next = open(octets, policy, evidence, at)?;
            if next.payload() != last.payload() {
                last.check_successor(&next)?;
                last = next;
            }
        }
        if last.payload() == self.payload() {
            let (sequence_number, next_update) = number_and_end(self);
            let frozen = RegisterError::Frozen { sequence_number, next_update, at };
            return if at <= next_update { Ok(last) } else { Err(frozen) };
        }
        last.require_current(at).map(|()| last)
    }

    fn require_current(&self, at: Instant) -> Result<(), RegisterError> {
        let (sequence_number, next_update) = number_and_end(self);
        if at <= next_update { Ok(()) } else { Err(RegisterError::Expired { sequence_number, next_update, at }) }
    }
}

fn number_and_end(register: &Register) -> (u64, Instant) {
    (register.information().sequence_number(), register.information().next_update())
}

/// Opens a register of any age.
fn open(
    octets: &[u8],
    policy: &RegisterPolicy,
    evidence: &Evidence<'_>,
    at: Instant,
) -> Result<Register, RegisterError> {
    let validation = policy.validation();
    let mut report = validation::validate(octets, evidence, validation, at);
    check_signatures(&report, policy)?;
    // Every signature is over the one payload, so there is one when a signature holds.
    let payload = report.take_payload().unwrap_or_default();
    let issue = RegisterIssue::from_slice(&payload, validation.coding_scheme(), validation.limits())?;
    let issued_at = issue.information().issued_at();
    let tolerance = validation.clock_tolerance();
    if at.checked_add(tolerance).is_some_and(|latest| latest < issued_at) {
        return Err(RegisterError::IssuedLater { issued_at, at });
    }
    Ok(Register::new(issue, payload))
}

/// As many different root keys as are asked for made a signature that holds, and said that it is over a register.
fn check_signatures(report: &Report, policy: &RegisterPolicy) -> Result<(), RegisterError> {
    let holds = |signature: &&SignatureReport| signature.indication() == Indication::TotalPassed;
    let other = report.signatures().iter().filter(holds).find(|signature| !signature.is_over(MEDIA_TYPE));
    if let Some(signature) = other {
        let expected = format!("application/{MEDIA_TYPE}");
        let found = excerpt(signature.content_type().unwrap_or("of no type"));
        return Err(RegisterError::ContentType { found, expected });
    }
    let certificates = report.signatures().iter().filter(holds).filter_map(SignatureReport::certificate);
    let keys: HashSet<&[u8]> = certificates
        .filter(|certificate| policy.root_keys().contains(certificate))
        .map(|certificate| certificate.public_key().spki_der())
        .collect();
    let (found, threshold) = (keys.len(), policy.threshold().get());
    if found >= threshold {
        return Ok(());
    }
    let reason = report.failures().next().map(|reason| format!(": {reason}")).unwrap_or_default();
    Err(RegisterError::Signatures { found, threshold, reason, report: Box::new(report.clone()) })
}

/// Why a register does not hold, or does not follow the one that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// Not enough root keys signed it.
    #[error("register: signed by {found} of the root keys, {threshold} are asked for{reason}")]
    Signatures {
        /// How many root keys made a signature that holds.
        found: usize,
        /// How many are asked for.
        threshold: usize,
        /// Why the first that does not hold does not.
        reason: String,
        /// Every signature with every check.
        report: Box<Report>,
    },
    /// A root key signed something else.
    #[error("register: the signature says its payload is {found}, expected {expected}")]
    ContentType {
        /// The media type found.
        found: String,
        /// The media type expected.
        expected: String,
    },
    /// What was signed is no register.
    #[error(transparent)]
    Format(#[from] RegisterFormatError),
    /// It was issued after the time for which it is opened.
    #[error("register: issued {issued_at}, opened at {at}")]
    IssuedLater {
        /// When it was issued.
        issued_at: Instant,
        /// The time of opening.
        at: Instant,
    },
    /// Its next issue is due.
    #[error("register: issue {sequence_number} was to be replaced by {next_update}, opened at {at}")]
    Expired {
        /// Its number.
        sequence_number: u64,
        /// When the next was due.
        next_update: Instant,
        /// The time of opening.
        at: Instant,
    },
    /// The next issue is due, and the one that is known is served still.
    #[error("register: issue {sequence_number} is served again at {at}, the next was due {next_update}")]
    Frozen {
        /// Its number.
        sequence_number: u64,
        /// When the next was due.
        next_update: Instant,
        /// The time of opening.
        at: Instant,
    },
    /// It does not follow the one that is known.
    #[error(transparent)]
    Succession(#[from] SuccessionError),
}

impl RegisterError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signatures { .. } => "register-signatures",
            Self::ContentType { .. } => "register-content-type",
            Self::Format(error) => error.code(),
            Self::IssuedLater { .. } => "register-issued-later",
            Self::Expired { .. } => "register-expired",
            Self::Frozen { .. } => "register-frozen",
            Self::Succession(error) => error.code(),
        }
    }
}
