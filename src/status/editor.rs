//! Making a status list, and the next one of a name.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::budget::Limits;
use crate::codes::{DocumentNumber, EntityCode};
use crate::document::StatusReference;
use crate::encoding::excerpt;
use crate::status::reading::check_ends;
use crate::status::{Change, ChangeFault, StatusArray, StatusBits, StatusList, StatusListError, StatusType};
use crate::time::Instant;

/// The statuses of an entity's documents, to be changed and issued as one list after another.
///
/// ```
/// use wathiqa::status::{StatusBits, StatusListEditor, StatusType};
///
/// let at = |text: &str| text.parse::<wathiqa::time::Instant>();
/// let uri = "https://justice.example.gov.sy/status/2025";
/// let mut editor = StatusListEditor::new(uri, "1234567889".parse()?, StatusBits::Two, 1000)?;
/// editor.suspend(412, at("2025-04-01T08:00:00Z")?)?;
/// editor.revoke(412, at("2025-04-09T10:30:00Z")?)?;
/// assert_eq!(
///     editor.resume(412, at("2025-04-10T00:00:00Z")?).unwrap_err().to_string(),
///     "status list, entry 412: it is revoked, which is final"
/// );
///
/// let list = editor.build(at("2025-04-10T00:00:00Z")?, at("2025-04-11T00:00:00Z")?)?;
/// assert_eq!((list.status(412), list.status(413)), (Some(StatusType::Revoked), Some(StatusType::Valid)));
/// assert_eq!(list.status_at(412, at("2025-04-05T00:00:00Z")?), Some(StatusType::Suspended));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct StatusListEditor {
    uri: String,
    issuer: EntityCode,
    time_to_live: Option<Duration>,
    array: StatusArray,
    changes: BTreeMap<u64, Vec<Change>>,
}

impl StatusListEditor {
    /// A list of the name `uri` for `size` documents of `issuer`, all valid; the size is rounded up to whole octets.
    ///
    /// # Errors
    /// [`StatusListError::Uri`] for what is not a URI (`statuslists/1`), [`StatusListError::ArrayTooLarge`] for more
    /// octets than the default [`Limits`] let a verifier read.
    pub fn new(
        uri: impl Into<String>,
        issuer: EntityCode,
        bits: StatusBits,
        size: u64,
    ) -> Result<Self, StatusListError> {
        let uri = uri.into();
        if StatusReference::new(uri.as_str(), 0).is_err() {
            return Err(StatusListError::Uri { found: excerpt(&uri) });
        }
        let limit = Limits::default().status_list_octets;
        let octets = size.div_ceil(8 / u64::from(bits.number()));
        let octets = usize::try_from(octets).ok().filter(|octets| *octets <= limit);
        let octets = octets.ok_or(StatusListError::ArrayTooLarge { limit })?;
        let array = StatusArray::from_octets(bits, vec![0; octets]);
        Ok(Self { uri, issuer, time_to_live: None, array, changes: BTreeMap::new() })
    }

    /// Says for how long a copy of the lists may be used before a fresher one is asked for, in whole seconds.
    #[must_use]
    pub fn with_time_to_live(mut self, time_to_live: Duration) -> Self {
        self.time_to_live = Some(Duration::from_secs(time_to_live.as_secs()));
        self
    }

    /// Since `since` the document at `index` is withdrawn, for good.
    ///
    /// # Errors
    /// [`StatusListError::Change`] for an index that the list does not have, a time not after the last change of the entry,
    /// an entry that is revoked or superseded; [`StatusListError::Fraction`] for a time with a fraction of a second.
    pub fn revoke(&mut self, index: u64, since: Instant) -> Result<(), StatusListError> {
        self.change(index, since, StatusType::Revoked, None)
    }

    /// Since `since` the document at `index` is not to be relied on, for now.
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), for an entry that is suspended, and [`StatusListError::DoesNotFit`] in a list of one
    /// bit.
    pub fn suspend(&mut self, index: u64, since: Instant) -> Result<(), StatusListError> {
        self.change(index, since, StatusType::Suspended, None)
    }

    /// Since `since` the document at `index`, which was suspended, stands again.
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), and for an entry that is valid.
    pub fn resume(&mut self, index: u64, since: Instant) -> Result<(), StatusListError> {
        self.change(index, since, StatusType::Valid, None)
    }

    /// Since `since` the document numbered `by` stands for the one at `index`, for good.
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), and [`StatusListError::DoesNotFit`] in a list of one bit.
    pub fn supersede(&mut self, index: u64, since: Instant, by: DocumentNumber) -> Result<(), StatusListError> {
        self.change(index, since, StatusType::Superseded, Some(by))
    }

    /// The list as of `issued_at`, good until `expires`, both in whole seconds. The editor stays for the next one.
    ///
    /// # Errors
    /// [`StatusListError::Fraction`], [`StatusListError::ExpiresBeforeIssue`], and [`StatusListError::Change`] for a change
    /// after `issued_at`.
    pub fn build(&self, issued_at: Instant, expires: Instant) -> Result<StatusList, StatusListError> {
        whole_seconds(issued_at)?;
        whole_seconds(expires)?;
        if expires < issued_at {
            return Err(StatusListError::ExpiresBeforeIssue { issued_at, expires });
        }
        check_ends(&self.changes, &self.array, issued_at)?;
        let Self { uri, issuer, time_to_live, array, changes } = self.clone();
        Ok(StatusList { uri, issuer, issued_at, expires, time_to_live, array, changes })
    }

    fn change(
        &mut self,
        index: u64,
        since: Instant,
        status: StatusType,
        by: Option<DocumentNumber>,
    ) -> Result<(), StatusListError> {
        whole_seconds(since)?;
        let refuse = |fault| StatusListError::Change { index, fault };
        let Some(listed) = self.array.get(index) else {
            return Err(refuse(ChangeFault::OutOfRange { size: self.array.len() }));
        };
        let before = self.changes.get(&index).and_then(|changes| changes.last());
        if listed != StatusType::Valid.value() && before.is_none() {
            return Err(refuse(ChangeFault::Undated { status: StatusType::from_value(listed) }));
        }
        let change = Change::new(since, status, by);
        change.check_behind(before).map_err(refuse)?;
        let bits = self.array.bits().number();
        if !self.array.set(index, status.value()) {
            return Err(StatusListError::DoesNotFit { index, status, bits });
        }
        self.changes.entry(index).or_default().push(change);
        Ok(())
    }
}

impl From<StatusList> for StatusListEditor {
    /// To issue the list that follows `list`.
    fn from(list: StatusList) -> Self {
        let StatusList { uri, issuer, time_to_live, array, changes, .. } = list;
        Self { uri, issuer, time_to_live, array, changes }
    }
}

fn whole_seconds(at: Instant) -> Result<(), StatusListError> {
    if at.nanosecond() == 0 { Ok(()) } else { Err(StatusListError::Fraction { at }) }
}
