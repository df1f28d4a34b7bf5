//! From octets to an issue, in one pass.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::budget::Limits;
use crate::codes::{CodingScheme, EntityCode};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::excerpt;
use crate::encoding::json;
use crate::register::entities::Entities;
use crate::register::raw::{RawEvent, Text, digest, instant, missing};
use crate::register::{
    EntityHistory, Event, HistoryFault, ListInformation, RegisterFormatError, RegisterIssue, RegisterMemberFault, TYPE,
};

impl RegisterIssue {
    /// Reads the payload of a register whose codes are of `scheme`, at most [`Limits::register_octets`].
    ///
    /// This says nothing of who wrote it: [`Register::open`](super::Register::open) does.
    ///
    /// # Errors
    /// [`RegisterFormatError`]: octets that are no JSON, another `type`, a member that is missing, not known, stands twice
    /// or is not what it must be, and histories that cannot be.
    pub fn from_slice(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, RegisterFormatError> {
        let mut state = State { scheme, fault: None };
        let read = json::from_slice_guarded(octets, limits.register_octets, RegisterSeed { state: &mut state });
        match (read, state.fault) {
            (Ok(issue), None) => Ok(issue),
            (_, Some(fault)) => Err(fault),
            // Of another type, it is that, whatever its other members are.
            (Err(error), None) => match json::from_slice_guarded(octets, limits.register_octets, TypeSeed) {
                Ok(Some(found)) => check_type(&found).and(Err(RegisterFormatError::Json(error))),
                _ => Err(RegisterFormatError::Json(error)),
            },
        }
    }
}

/// What the readers of members share: the error that the parser's error type could only carry as text.
struct State<'s> {
    scheme: &'s CodingScheme,
    fault: Option<RegisterFormatError>,
}

impl State<'_> {
    fn refuse<E: Error>(&mut self, fault: RegisterFormatError) -> E {
        let error = E::custom(&fault);
        self.fault = Some(fault);
        error
    }

    fn refuse_member<E: Error>(&mut self, place: &str, (member, fault): (String, RegisterMemberFault)) -> E {
        self.refuse(RegisterFormatError::Member { member: format!("{place}{member}"), fault })
    }
}

fn check_type(found: &str) -> Result<(), RegisterFormatError> {
    let (expected, version) = TYPE.split_once('/').unwrap_or_default();
    match found.split_once('/') {
        Some((name, other)) if name == expected && other == version => Ok(()),
        Some((name, other)) if name == expected => {
            Err(RegisterFormatError::Version { found: excerpt(other), supported: version })
        }
        _ => Err(RegisterFormatError::Type { found: excerpt(found) }),
    }
}

/// Sets `slot`, or refuses a member that stands twice.
fn once<T, E: Error>(
    slot: &mut Option<T>,
    member: &str,
    value: T,
    state: &mut State<'_>,
    place: &str,
) -> Result<(), E> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(state.refuse_member(place, (member.to_owned(), RegisterMemberFault::Twice))),
    }
}

struct RegisterSeed<'a, 's> {
    state: &'a mut State<'s>,
}

impl<'de> DeserializeSeed<'de> for RegisterSeed<'_, '_> {
    type Value = RegisterIssue;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RegisterIssue, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RegisterSeed<'_, '_> {
    type Value = RegisterIssue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a register as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<RegisterIssue, A::Error> {
        let (state, place) = (self.state, "");
        let (mut kind, mut information, mut histories) = (None, None, None);
        while let Some(name) = access.next_key::<Text<'_>>()? {
            match name.as_str() {
                "type" => {
                    let found = access.next_value::<Text<'_>>()?;
                    check_type(found.as_str()).map_err(|fault| state.refuse::<A::Error>(fault))?;
                    once(&mut kind, "type", (), state, place)?;
                }
                "listInformation" => {
                    once(
                        &mut information,
                        "listInformation",
                        access.next_value::<RawInformation<'_>>()?,
                        state,
                        place,
                    )?;
                }
                "entities" => {
                    let read = access.next_value_seed(EntitiesSeed { state: &mut *state })?;
                    once(&mut histories, "entities", read, state, place)?;
                }
                other => return Err(A::Error::custom(format!("unknown member \"{}\"", excerpt(other)))),
            }
        }
        let Some(()) = kind else { return Err(state.refuse_member(place, missing("type"))) };
        let Some(information) = information else { return Err(state.refuse_member(place, missing("listInformation"))) };
        let Some(histories) = histories else { return Err(state.refuse_member(place, missing("entities"))) };
        let information =
            information.read().map_err(|fault| state.refuse_member::<A::Error>("listInformation.", fault))?;
        let issue = Entities::new(histories).map_err(RegisterFormatError::from).and_then(|entities| {
            let issue = RegisterIssue { information, entities };
            recorded_before_issue(&issue).map(|()| issue)
        });
        issue.map_err(|fault| state.refuse(fault))
    }
}

/// No event was recorded after the register was issued.
fn recorded_before_issue(issue: &RegisterIssue) -> Result<(), RegisterFormatError> {
    let issued_at = issue.information.issued_at;
    for history in issue.entities.iter() {
        // In the order of recording, so the last is the latest.
        if let Some(recorded) = history.events().last().map(Event::recorded).filter(|recorded| *recorded > issued_at) {
            let fault = HistoryFault::RecordedAfterIssue { recorded, issued_at };
            return Err(history.refuse(history.events().len().saturating_sub(1), fault).into());
        }
    }
    Ok(())
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawInformation<'a> {
    sequence_number: u64,
    #[serde(default, borrow, deserialize_with = "present")]
    previous_issue: Option<RawPrevious<'a>>,
    #[serde(borrow)]
    issued_at: Text<'a>,
    #[serde(borrow)]
    next_update: Text<'a>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPrevious<'a> {
    algorithm: DigestAlgorithm,
    #[serde(borrow)]
    value: Text<'a>,
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RawPrevious<'de>>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}

impl RawInformation<'_> {
    fn read(self) -> Result<ListInformation, (String, RegisterMemberFault)> {
        let previous = |previous: RawPrevious<'_>| -> Result<Digest, (String, RegisterMemberFault)> {
            digest("previousIssue.value", previous.algorithm, previous.value.as_str())
        };
        let previous = self.previous_issue.map(previous).transpose()?;
        let issued_at = instant("issuedAt", self.issued_at.as_str())?;
        let next_update = instant("nextUpdate", self.next_update.as_str())?;
        let information = ListInformation::new(self.sequence_number, previous, issued_at, next_update);
        information.map_err(|(member, fault)| (member.to_owned(), fault))
    }
}

struct EntitiesSeed<'a, 's> {
    state: &'a mut State<'s>,
}

impl<'de> DeserializeSeed<'de> for EntitiesSeed<'_, '_> {
    type Value = Vec<EntityHistory>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for EntitiesSeed<'_, '_> {
    type Value = Vec<EntityHistory>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entities as an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut histories: Vec<EntityHistory> = Vec::new();
        loop {
            let place = format!("entities[{}].", histories.len());
            let previous = histories.last().map(EntityHistory::code);
            let seed = EntitySeed { state: &mut *self.state, place: &place, previous };
            match access.next_element_seed(seed)? {
                Some(history) => histories.push(history),
                None => return Ok(histories),
            }
        }
    }
}

struct EntitySeed<'a, 's> {
    state: &'a mut State<'s>,
    place: &'a str,
    previous: Option<EntityCode>,
}

impl<'de> DeserializeSeed<'de> for EntitySeed<'_, '_> {
    type Value = EntityHistory;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<EntityHistory, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntitySeed<'_, '_> {
    type Value = EntityHistory;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<EntityHistory, A::Error> {
        let Self { state, place, previous } = self;
        let (mut code, mut history) = (None, None);
        while let Some(name) = access.next_key::<Text<'_>>()? {
            match name.as_str() {
                "code" => {
                    let text = access.next_value::<Text<'_>>()?;
                    let found = state.scheme.parse_entity(text.as_str());
                    let fault = |error| ("code".to_owned(), RegisterMemberFault::Code(error));
                    let found = found.map_err(|error| state.refuse_member::<A::Error>(place, fault(error)))?;
                    once(&mut code, "code", found, state, place)?;
                }
                "history" => {
                    let events = access.next_value_seed(EventsSeed { state: &mut *state, place })?;
                    once(&mut history, "history", events, state, place)?;
                }
                other => return Err(A::Error::custom(format!("unknown member \"{}\"", excerpt(other)))),
            }
        }
        let Some(code) = code else { return Err(state.refuse_member(place, missing("code"))) };
        let Some(history) = history else { return Err(state.refuse_member(place, missing("history"))) };
        if let Some(previous) = previous.filter(|previous| *previous >= code) {
            let fault = RegisterMemberFault::Order { found: code, previous };
            return Err(state.refuse_member(place, ("code".to_owned(), fault)));
        }
        EntityHistory::new(code, history).map_err(|error| state.refuse(error.into()))
    }
}

struct EventsSeed<'a, 's> {
    state: &'a mut State<'s>,
    place: &'a str,
}

impl<'de> DeserializeSeed<'de> for EventsSeed<'_, '_> {
    type Value = Vec<Event>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Event>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for EventsSeed<'_, '_> {
    type Value = Vec<Event>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("events as an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Vec<Event>, A::Error> {
        let mut events = Vec::new();
        while let Some(raw) = access.next_element::<RawEvent<'_>>()? {
            match raw.read(self.state.scheme) {
                Ok(event) => events.push(event),
                Err(fault) => {
                    let place = format!("{}history[{}].", self.place, events.len());
                    return Err(self.state.refuse_member(&place, fault));
                }
            }
        }
        Ok(events)
    }
}

/// The `type` alone, whatever else there is.
struct TypeSeed;

impl<'de> DeserializeSeed<'de> for TypeSeed {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for TypeSeed {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a register as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Option<String>, A::Error> {
        let mut found = None;
        while let Some(name) = access.next_key::<Text<'_>>()? {
            if name.as_str() == "type" {
                found = Some(access.next_value::<Text<'_>>()?.as_str().to_owned());
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
