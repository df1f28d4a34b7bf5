//! What a status list makes of a document.

use crate::codes::{DocumentNumber, EntityCode};
use crate::status::{Change, StatusList, StatusType, VerifiedStatusList};
use crate::time::Instant;

/// What is asked of the status of documents. The default is the strict one: a document that names a list passes by a
/// list at hand that is not stale, and by nothing else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StatusSettings {
    /// What becomes of a document whose list was not given.
    pub missing: MissingStatusList,
    /// What becomes of a document whose list is stale.
    pub stale: StaleStatusList,
}

/// What to do about a document that names a status list which was not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MissingStatusList {
    /// It is `INDETERMINATE / STATUS_UNKNOWN`.
    #[default]
    Deny,
    /// The status is reported as not checked.
    Allow,
}

/// What to do about a list that is older than it says it may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StaleStatusList {
    /// What it calls valid or suspended is `INDETERMINATE / TRY_LATER`; what is final stays final.
    #[default]
    Deny,
    /// It counts as if it were fresh: for an archive, when no fresher one will ever come.
    Allow,
}

/// The status at `at` of the document of `issuer` at `index` of the list `uri`, by the newest of `lists` that are its own.
///
/// All of `lists` are of the name `uri`.
pub(crate) fn judge(
    (uri, index): (&str, u64),
    issuer: EntityCode,
    lists: &[&VerifiedStatusList],
    settings: StatusSettings,
    at: Instant,
) -> Result<(), StatusError> {
    let own = lists.iter().filter(|list| list.issuer() == issuer).max_by_key(|list| list.issued_at());
    match (own, lists.first()) {
        (Some(list), _) => judge_by(list, index, settings.stale, at),
        (None, Some(other)) => {
            Err(StatusError::ListOfAnotherIssuer { uri: uri.to_owned(), list: other.issuer(), issuer })
        }
        (None, None) => Err(StatusError::NoList { uri: uri.to_owned() }),
    }
}

/// Revoked and superseded are for good, so a stale list says them as well as a fresh one; they are asked first.
fn judge_by(list: &StatusList, index: u64, stale: StaleStatusList, at: Instant) -> Result<(), StatusError> {
    let uri = || list.uri().to_owned();
    let Some(listed) = list.status(index) else {
        return Err(StatusError::OutOfRange { uri: uri(), index, size: list.array().len() });
    };
    let Some(status) = list.status_at(index, at) else {
        return Err(StatusError::SinceUnknown { status: listed, issued_at: list.issued_at(), at });
    };
    let change = list.change_at(index, at);
    let since = change.map(Change::since);
    match status {
        StatusType::Revoked => return Err(StatusError::Revoked { since }),
        StatusType::Superseded => {
            return Err(StatusError::Superseded { since, by: change.and_then(Change::by) });
        }
        StatusType::Valid | StatusType::Suspended | StatusType::Other(_) => {}
    }
    let until = list.fresh_until();
    if at > until && stale == StaleStatusList::Deny {
        return Err(StatusError::Stale { uri: uri(), until, at });
    }
    match status {
        StatusType::Valid => Ok(()),
        StatusType::Suspended => Err(StatusError::Suspended { since }),
        other => Err(StatusError::NotKnown { value: other.value() }),
    }
}

/// Why a document is not known to stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The list that the document names was not given.
    #[error("status: the list {uri} was not given")]
    NoList {
        /// Its name.
        uri: String,
    },
    /// The list of that name is not by the document's issuer.
    #[error("status: the list {uri} is entity {list}'s, the document's issuer is {issuer}")]
    ListOfAnotherIssuer {
        /// Its name.
        uri: String,
        /// Whose it is.
        list: EntityCode,
        /// Whose the document is.
        issuer: EntityCode,
    },
    /// The list has no such entry.
    #[error("status: the list {uri} has {size} entries, the document's is at index {index}")]
    OutOfRange {
        /// Its name.
        uri: String,
        /// The index in the document.
        index: u64,
        /// How many entries there are.
        size: u64,
    },
    /// The list is too old to tell.
    #[error("status: the list {uri} is good until {until}, validated at {at}")]
    Stale {
        /// Its name.
        uri: String,
        /// The end of its time.
        until: Instant,
        /// The time of validation.
        at: Instant,
    },
    /// Withdrawn for good.
    #[error("status: revoked{}", with_word("since", .since))]
    Revoked {
        /// Since when, where the list says so.
        since: Option<Instant>,
    },
    /// Not to be relied on for now.
    #[error("status: suspended{}", with_word("since", .since))]
    Suspended {
        /// Since when, where the list says so.
        since: Option<Instant>,
    },
    /// Replaced for good.
    #[error(
        "status: superseded{}{}",
        with_word("since", .since),
        with_word("by", .by)
    )]
    Superseded {
        /// Since when, where the list says so.
        since: Option<Instant>,
        /// By which document, where the list says so.
        by: Option<DocumentNumber>,
    },
    /// A value that the document's verifier does not know.
    #[error("status: {value}, which this version does not know")]
    NotKnown {
        /// The value.
        value: u8,
    },
    /// The list is newer than the time asked for, and does not say since when the entry is what it is.
    #[error("status: {status} at {issued_at}; what it was at {at}, the list does not say")]
    SinceUnknown {
        /// What it is.
        status: StatusType,
        /// When the list said so.
        issued_at: Instant,
        /// The time of validation.
        at: Instant,
    },
}

/// ` since 2025-03-01T06:30:00Z`, or nothing.
fn with_word(word: &str, value: &Option<impl std::fmt::Display>) -> String {
    value.as_ref().map_or_else(String::new, |value| format!(" {word} {value}"))
}

impl StatusError {
    /// A stable name for the kind of reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoList { .. } => "status-no-list",
            Self::ListOfAnotherIssuer { .. } => "status-list-of-another-issuer",
            Self::OutOfRange { .. } => "status-index-out-of-range",
            Self::Stale { .. } => "status-list-stale",
            Self::Revoked { .. } => "status-revoked",
            Self::Suspended { .. } => "status-suspended",
            Self::Superseded { .. } => "status-superseded",
            Self::NotKnown { .. } => "status-not-known",
            Self::SinceUnknown { .. } => "status-since-unknown",
        }
    }
}
