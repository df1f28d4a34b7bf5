//! From octets to a status list.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::document::StatusReference;
use crate::encoding::json::{self, MemberTypeError, Members};
use crate::encoding::{base64, excerpt};
use crate::status::change::check_end;
use crate::status::{Change, ChangeFault, StatusArray, StatusBits, StatusList, StatusListError, StatusType};
use crate::time::Instant;

impl StatusList {
    /// Reads a list whose codes are of `scheme`.
    ///
    /// # Errors
    /// [`StatusListError`]: `Json` for octets that are not strict JSON, `Type` for `wathiqa-status-list/2`, `Missing`,
    /// `Unknown` and `MemberType` for members that are not those of [the module](super), `ExpiresBeforeIssue` for an `exp`
    /// before `iat`, `Bits` for 3, `Base64`, `Zlib`, `TrailingOctets` and `ArrayTooLarge` for an array that is not one, and
    /// `Change` for changes that contradict each other or the array.
    pub fn from_slice_in(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, StatusListError> {
        let object = json::parse_object(octets, limits)?;
        let members = Members::new(&object);
        read_type(members)?;
        known(object.keys(), &["type", "iss", "sub", "iat", "exp", "ttl", "status_list", "changes"])?;
        let issuer = text(members, "iss")?;
        let issuer = scheme.parse_entity(issuer).map_err(|error| StatusListError::Code { member: "iss", error })?;
        let uri = text(members, "sub")?;
        if StatusReference::new(uri, 0).is_err() {
            return Err(StatusListError::Uri { found: excerpt(uri) });
        }
        let (issued_at, expires) = (instant(members, "iat")?, instant(members, "exp")?);
        if expires < issued_at {
            return Err(StatusListError::ExpiresBeforeIssue { issued_at, expires });
        }
        let time_to_live = members.integer("ttl")?.map(|found| seconds("ttl", found)).transpose()?;
        let array = array(members, limits)?;
        let changes = changes(members.array("changes")?.unwrap_or_default(), scheme)?;
        check_ends(&changes, &array, issued_at)?;
        Ok(Self { uri: uri.to_owned(), issuer, issued_at, expires, time_to_live, array, changes })
    }
}

/// The `type` of a status list that this crate reads and writes: what it is, and the version of its members.
pub(super) const TYPE: &str = "wathiqa-status-list/1";

/// Before anything else, for it says what anything else is.
fn read_type(members: Members<'_>) -> Result<(), StatusListError> {
    match text(members, "type")? {
        TYPE => Ok(()),
        other => Err(StatusListError::Type { found: excerpt(other) }),
    }
}

fn array(members: Members<'_>, limits: &Limits) -> Result<StatusArray, StatusListError> {
    let member = "status_list";
    let list = members.object(member)?.ok_or(StatusListError::Missing { member })?;
    let names = members.value(member).and_then(Value::as_object).into_iter().flat_map(|list| list.keys());
    known(names, &["bits", "lst"])?;
    let found = list.integer("bits")?.ok_or(StatusListError::Missing { member: "bits" })?;
    let bits = StatusBits::from_number(found).ok_or(StatusListError::Bits { found })?;
    StatusArray::from_zlib(bits, &base64::decode_url(text(list, "lst")?)?, limits)
}

/// Every change stands behind those of lower indices and, of its own index, behind those before it.
fn changes(elements: &[Value], scheme: &CodingScheme) -> Result<BTreeMap<u64, Vec<Change>>, StatusListError> {
    let mut changes: BTreeMap<u64, Vec<Change>> = BTreeMap::new();
    for element in elements {
        let (index, change) = change(element, scheme)?;
        let refuse = |fault| StatusListError::Change { index, fault };
        if changes.last_key_value().is_some_and(|(last, _)| index < *last) {
            return Err(refuse(ChangeFault::NotLater { since: change.since() }));
        }
        let entry = changes.entry(index).or_default();
        change.check_behind(entry.last()).map_err(refuse)?;
        entry.push(change);
    }
    Ok(changes)
}

fn change(element: &Value, scheme: &CodingScheme) -> Result<(u64, Change), StatusListError> {
    let object = element.as_object().ok_or_else(|| MemberTypeError::new("changes", "an array of objects", element))?;
    let members = Members::new(object);
    known(object.keys(), &["idx", "status", "since", "by"])?;
    let index = members.integer("idx")?.ok_or(StatusListError::Missing { member: "idx" })?;
    let index = u64::try_from(index).map_err(|_| StatusListError::Negative { member: "idx", found: index })?;
    let value = members.integer("status")?.ok_or(StatusListError::Missing { member: "status" })?;
    let value = u8::try_from(value).map_err(|_| StatusListError::Negative { member: "status", found: value })?;
    let by = members.string("by")?.map(|text| scheme.parse_document_number(text)).transpose();
    let by = by.map_err(|error| StatusListError::Code { member: "by", error })?;
    Ok((index, Change::new(instant(members, "since")?, StatusType::from_value(value), by)))
}

/// The last change of each index is what the array has there, and was before the list was issued.
pub(super) fn check_ends(
    changes: &BTreeMap<u64, Vec<Change>>,
    array: &StatusArray,
    issued_at: Instant,
) -> Result<(), StatusListError> {
    for (index, changes) in changes {
        if let Some(last) = changes.last() {
            let refuse = |fault| StatusListError::Change { index: *index, fault };
            check_end(*index, last, array, issued_at).map_err(refuse)?;
        }
    }
    Ok(())
}

fn known<'a>(names: impl Iterator<Item = &'a String>, known: &[&str]) -> Result<(), StatusListError> {
    match names.into_iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(StatusListError::Unknown { member: excerpt(name) }),
    }
}

fn text<'a>(members: Members<'a>, member: &'static str) -> Result<&'a str, StatusListError> {
    members.string(member)?.ok_or(StatusListError::Missing { member })
}

fn instant(members: Members<'_>, member: &'static str) -> Result<Instant, StatusListError> {
    let seconds = members.integer(member)?.ok_or(StatusListError::Missing { member })?;
    Instant::from_unix_seconds(seconds).map_err(|error| StatusListError::Time { member, error })
}

fn seconds(member: &'static str, found: i64) -> Result<Duration, StatusListError> {
    u64::try_from(found).map(Duration::from_secs).map_err(|_| StatusListError::Negative { member, found })
}
