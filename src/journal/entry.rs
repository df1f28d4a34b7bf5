//! One entry: what became of a number.

use serde_json::Value;

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentNumber};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::json::{self, Members};
use crate::encoding::{base64, excerpt};
use crate::journal::JournalError;
use crate::time::Instant;

/// What became of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a number is given to a document or it is not")]
pub enum EntryOutcome {
    /// It is the number of the document whose octets have this SHA-256 digest.
    Issued {
        /// The digest.
        sha256: Digest,
    },
    /// It is the number of no document.
    Void,
}

/// An entry of a journal; [the module](super) has its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    number: DocumentNumber,
    time: Instant,
    key: Digest,
    outcome: EntryOutcome,
}

impl Entry {
    /// The entry that says so, at `time`, whose fraction of a second is dropped. `key` is the SHA-256 digest of the
    /// SubjectPublicKeyInfo of the key that was to sign.
    ///
    /// # Errors
    /// [`JournalError::Value`] for a digest by another algorithm than SHA-256.
    pub fn new(
        number: DocumentNumber,
        time: Instant,
        key: Digest,
        outcome: EntryOutcome,
    ) -> Result<Self, JournalError> {
        check_sha256("key", &key)?;
        if let EntryOutcome::Issued { sha256 } = &outcome {
            check_sha256("sha256", sha256)?;
        }
        Ok(Self { number, time: time.whole_seconds(), key, outcome })
    }

    /// Reads an entry whose codes are of `scheme`.
    ///
    /// # Errors
    /// [`JournalError`]: `Json` for what is no JSON, `Type` for `wathiqa-journal-entry/2`, `Missing` and `MemberType`,
    /// `Value` for an outcome of `lost`, `Code` for a number whose check digits are wrong, `Spelling` for a space.
    pub fn from_slice_in(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, JournalError> {
        let object = json::parse_object(octets, limits)?;
        let members = Members::new(&object);
        read_type(members, TYPE)?;
        let number = read_number(text(members, "number")?, "number", scheme)?;
        let time = read_time(members)?;
        let key = read_sha256(members, "key")?;
        let outcome = match text(members, "outcome")? {
            "issued" => EntryOutcome::Issued { sha256: read_sha256(members, "sha256")? },
            "void" => EntryOutcome::Void,
            other => return Err(JournalError::Value { member: "outcome", found: excerpt(other) }),
        };
        let entry = Self { number, time, key, outcome };
        check_spelling(octets, &entry.to_vec())?;
        Ok(entry)
    }

    /// The entry as octets, the leaf of the tree.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let outcome = match &self.outcome {
            EntryOutcome::Issued { sha256 } => format!(r#""issued","sha256":"{}""#, written(sha256)),
            EntryOutcome::Void => r#""void""#.to_owned(),
        };
        let Self { number, time, key, .. } = self;
        let key = written(key);
        format!(r#"{{"type":"{TYPE}","number":"{number}","time":"{time}","key":"{key}","outcome":{outcome}}}"#).into()
    }

    /// The number.
    #[must_use]
    pub fn number(&self) -> DocumentNumber {
        self.number
    }

    /// When the entry was made.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.time
    }

    /// The SHA-256 digest of the SubjectPublicKeyInfo of the key that was to sign.
    #[must_use]
    pub fn key(&self) -> &Digest {
        &self.key
    }

    /// What became of the number.
    #[must_use]
    pub fn outcome(&self) -> &EntryOutcome {
        &self.outcome
    }
}

/// The `type` of an entry that this crate reads and writes.
const TYPE: &str = "wathiqa-journal-entry/1";

pub(super) fn read_type(members: Members<'_>, expected: &'static str) -> Result<(), JournalError> {
    let found = text(members, "type")?;
    if found == expected { Ok(()) } else { Err(JournalError::Type { found: excerpt(found), expected }) }
}

pub(super) fn text<'a>(members: Members<'a>, member: &'static str) -> Result<&'a str, JournalError> {
    members.string(member)?.ok_or(JournalError::Missing { member })
}

pub(super) fn read_number(
    text: &str,
    member: &'static str,
    scheme: &CodingScheme,
) -> Result<DocumentNumber, JournalError> {
    scheme.parse_document_number(text).map_err(|error| JournalError::Code { member, error })
}

/// A time in whole seconds; that it has its one spelling, the spelling of the whole shows.
pub(super) fn read_time(members: Members<'_>) -> Result<Instant, JournalError> {
    let found = text(members, "time")?;
    let time = found.parse::<Instant>().ok().filter(|time| time.nanosecond() == 0);
    time.ok_or_else(|| JournalError::Value { member: "time", found: excerpt(found) })
}

pub(super) fn read_sha256(members: Members<'_>, member: &'static str) -> Result<Digest, JournalError> {
    let found = text(members, member)?;
    let octets = base64::decode_url(found).ok();
    let digest = octets.and_then(|octets| Digest::new(DigestAlgorithm::Sha256, &octets).ok());
    digest.ok_or_else(|| JournalError::Value { member, found: excerpt(found) })
}

pub(super) fn read_count(members: Members<'_>, member: &'static str) -> Result<u64, JournalError> {
    let found = members.integer(member)?.ok_or(JournalError::Missing { member })?;
    u64::try_from(found).map_err(|_| JournalError::Value { member, found: found.to_string() })
}

pub(super) fn check_spelling(found: &[u8], expected: &[u8]) -> Result<(), JournalError> {
    if found == expected {
        return Ok(());
    }
    let same = found.iter().zip(expected).take_while(|(found, expected)| found == expected);
    Err(JournalError::Spelling { offset: same.count() })
}

pub(super) fn check_sha256(member: &'static str, digest: &Digest) -> Result<(), JournalError> {
    match digest.algorithm() {
        DigestAlgorithm::Sha256 => Ok(()),
        other => Err(JournalError::Value { member, found: format!("a digest by {other}") }),
    }
}

pub(super) fn written(digest: &Digest) -> String {
    base64::encode_url(digest.as_octets())
}

/// The texts of an array of strings.
pub(super) fn texts<'a>(members: Members<'a>, member: &'static str) -> Result<Vec<&'a str>, JournalError> {
    let array = members.array(member)?.unwrap_or_default();
    let text = |value: &'a Value| {
        value.as_str().ok_or_else(|| JournalError::Value { member, found: json::kind_of(value).to_owned() })
    };
    array.iter().map(text).collect()
}
