//! A status list, and one that was verified.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::codes::EntityCode;
use crate::status::{Change, StatusArray, StatusType};
use crate::time::Instant;

/// The claims of a status list; [the module](super) has their form.
///
/// That a list was read says nothing of who wrote it: [`VerifiedStatusList`] is one whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    pub(super) uri: String,
    pub(super) issuer: EntityCode,
    pub(super) issued_at: Instant,
    pub(super) expires: Instant,
    pub(super) time_to_live: Option<Duration>,
    pub(super) array: StatusArray,
    /// By index; no index without one, each in the order of time, the last as the array has it.
    pub(super) changes: BTreeMap<u64, Vec<Change>>,
}

impl StatusList {
    /// The name of the list, as documents give it; the claim `sub`.
    #[must_use]
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The entity whose documents these are, as the list says.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.issuer
    }

    /// When the list said so.
    #[must_use]
    pub fn issued_at(&self) -> Instant {
        self.issued_at
    }

    /// When the next list is there at the latest; the claim `exp`.
    #[must_use]
    pub fn expires(&self) -> Instant {
        self.expires
    }

    /// For how long a copy may be used before a fresher one is asked for; the claim `ttl`.
    #[must_use]
    pub fn time_to_live(&self) -> Option<Duration> {
        self.time_to_live
    }

    /// The last moment at which the list still says what is: the earlier of `exp` and `iat` + `ttl`.
    #[must_use]
    pub fn fresh_until(&self) -> Instant {
        let lived = self.time_to_live.and_then(|time_to_live| self.issued_at.checked_add(time_to_live));
        lived.map_or(self.expires, |lived| lived.min(self.expires))
    }

    /// The statuses.
    #[must_use]
    pub fn array(&self) -> &StatusArray {
        &self.array
    }

    /// The status of the entry at `index`, in constant time; `None` when the list has no such entry.
    #[must_use]
    pub fn status(&self, index: u64) -> Option<StatusType> {
        self.array.get(index).map(StatusType::from_value)
    }

    /// The changes of the entry at `index`, in the order of time; none when it is valid from the start, or when the list
    /// does not say since when it is what it is.
    #[must_use]
    pub fn changes(&self, index: u64) -> &[Change] {
        self.changes.get(&index).map(Vec::as_slice).unwrap_or_default()
    }

    /// The status of the entry at `index` at the time `at`: `None` when the list has no such entry, or does not say.
    ///
    /// From `issued_at` on it is what the list has. Before, it follows from the changes; an entry without any was valid
    /// before when it is now, and may have been anything when it is not.
    #[must_use]
    pub fn status_at(&self, index: u64, at: Instant) -> Option<StatusType> {
        let listed = self.status(index)?;
        let changes = self.changes(index);
        if at >= self.issued_at || (changes.is_empty() && listed == StatusType::Valid) {
            return Some(listed);
        }
        changes.first()?;
        Some(self.change_at(index, at).map_or(StatusType::Valid, Change::status))
    }

    /// The change that made the entry what it was at `at`.
    pub(super) fn change_at(&self, index: u64, at: Instant) -> Option<&Change> {
        self.changes(index).iter().rev().find(|change| change.since() <= at)
    }
}

/// A status list whose signature holds and is its issuer's. Nothing but
/// [`Verifier::open_status_list`](crate::verify::Verifier::open_status_list) makes one.
///
/// ```compile_fail,E0451
/// let list: wathiqa::status::StatusList = unimplemented!();
/// let forged = wathiqa::status::VerifiedStatusList { list };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedStatusList {
    list: StatusList,
}

impl VerifiedStatusList {
    /// Only for a list read from octets whose signature, path and issuer were verified.
    pub(crate) fn new(list: StatusList) -> Self {
        Self { list }
    }

    /// Lets go of the proof.
    #[must_use]
    pub fn into_inner(self) -> StatusList {
        self.list
    }
}

impl std::ops::Deref for VerifiedStatusList {
    type Target = StatusList;

    fn deref(&self) -> &StatusList {
        &self.list
    }
}
