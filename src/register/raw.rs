//! Members of one event as they stand in JSON, each still text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::codes::{CodeError, CodingScheme};
use crate::crypto::KeyDigest;
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::{base64, excerpt};
use crate::register::{Event, Fact, Names, RegisterMemberFault};
use crate::time::Instant;

/// A string, borrowed from the input unless it has escapes. `null` is none.
#[derive(Debug)]
pub(super) struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

/// The members of an event. Which of them belong to it, its word says.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEvent<'a> {
    #[serde(borrow)]
    event: Text<'a>,
    #[serde(borrow)]
    effective: Text<'a>,
    #[serde(borrow)]
    recorded: Text<'a>,
    #[serde(default, borrow, deserialize_with = "present")]
    names: Option<RawNames<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    parent: Option<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    successor: Option<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    origin: Option<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    successors: Option<Vec<Text<'a>>>,
    #[serde(default, borrow, deserialize_with = "present")]
    key: Option<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    kind: Option<Text<'a>>,
    #[serde(default, borrow, deserialize_with = "present")]
    service: Option<Text<'a>>,
}

/// A member that stands there is there: `null` is not the same as absent.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A fault and the member it is of.
pub(super) type Faulty<T> = Result<T, (String, RegisterMemberFault)>;

impl RawEvent<'_> {
    pub(super) fn read(mut self, scheme: &CodingScheme) -> Faulty<Event> {
        let effective = instant("effective", self.effective.as_str())?;
        let recorded = instant("recorded", self.recorded.as_str())?;
        let fact = self.fact(scheme)?;
        self.nothing_left(fact.word())?;
        Ok(Event::new(effective, recorded, fact))
    }

    /// Takes the members that belong to the event.
    fn fact(&mut self, scheme: &CodingScheme) -> Faulty<Fact> {
        let entity = |text: &str| scheme.parse_entity(text);
        Ok(match self.event.as_str() {
            "created" => {
                Fact::Created { names: self.take_names()?, parent: optional("parent", &mut self.parent, entity)? }
            }
            "renamed" => Fact::Renamed { names: self.take_names()? },
            "reparented" => Fact::Reparented { parent: optional("parent", &mut self.parent, entity)? },
            "merged-into" => Fact::MergedInto { successor: required("successor", &mut self.successor, entity)? },
            "split-from" => Fact::SplitFrom { origin: required("origin", &mut self.origin, entity)? },
            "abolished" => {
                let read = |(position, text): (usize, Text<'_>)| {
                    let fault = |error| (format!("successors[{position}]"), RegisterMemberFault::Code(error));
                    scheme.parse_entity(text.as_str()).map_err(fault)
                };
                let successors = self.successors.take().unwrap_or_default();
                Fact::Abolished { successors: successors.into_iter().enumerate().map(read).collect::<Result<_, _>>()? }
            }
            "suspended" => Fact::Suspended,
            "resumed" => Fact::Resumed,
            "key-added" => Fact::KeyAdded { key: self.take_key()? },
            "key-revoked" => Fact::KeyRevoked { key: self.take_key()? },
            "kind-granted" => Fact::KindGranted { kind: required("kind", &mut self.kind, str::parse)? },
            "kind-withdrawn" => Fact::KindWithdrawn { kind: required("kind", &mut self.kind, str::parse)? },
            "service-granted" => Fact::ServiceGranted {
                service: required("service", &mut self.service, |text| scheme.parse_service(text))?,
            },
            "service-withdrawn" => {
                let service = required("service", &mut self.service, |text| scheme.parse_service(text))?;
                Fact::ServiceWithdrawn { service }
            }
            other => return Err(("event".to_owned(), RegisterMemberFault::Event { found: excerpt(other) })),
        })
    }

    /// No member is left that belongs to another event.
    fn nothing_left(&self, event: &'static str) -> Faulty<()> {
        let left = [
            ("names", self.names.is_some()),
            ("parent", self.parent.is_some()),
            ("successor", self.successor.is_some()),
            ("origin", self.origin.is_some()),
            ("successors", self.successors.is_some()),
            ("key", self.key.is_some()),
            ("kind", self.kind.is_some()),
            ("service", self.service.is_some()),
        ];
        match left.into_iter().find(|(_, is_left)| *is_left) {
            None => Ok(()),
            Some((member, _)) => Err((member.to_owned(), RegisterMemberFault::OfAnotherEvent { event })),
        }
    }

    fn take_names(&mut self) -> Faulty<Names> {
        self.names.take().ok_or_else(|| missing("names"))?.read()
    }

    fn take_key(&mut self) -> Faulty<KeyDigest> {
        let text = self.key.take().ok_or_else(|| missing("key"))?;
        let digest = digest("key", DigestAlgorithm::Sha256, text.as_str())?;
        // SHA-256 has 32 octets.
        Ok(KeyDigest::from_octets(digest.as_octets().try_into().unwrap_or_default()))
    }
}

fn required<T>(
    member: &str,
    text: &mut Option<Text<'_>>,
    parse: impl FnOnce(&str) -> Result<T, CodeError>,
) -> Faulty<T> {
    optional(member, text, parse)?.ok_or_else(|| missing(member))
}

fn optional<T>(
    member: &str,
    text: &mut Option<Text<'_>>,
    parse: impl FnOnce(&str) -> Result<T, CodeError>,
) -> Faulty<Option<T>> {
    let read =
        |text: Text<'_>| parse(text.as_str()).map_err(|error| (member.to_owned(), RegisterMemberFault::Code(error)));
    text.take().map(read).transpose()
}

pub(super) fn missing(member: &str) -> (String, RegisterMemberFault) {
    (member.to_owned(), RegisterMemberFault::Missing)
}

/// A time in its one spelling.
pub(super) fn instant(member: &str, text: &str) -> Faulty<Instant> {
    let fault = || (member.to_owned(), RegisterMemberFault::Time { found: excerpt(text) });
    Instant::from_canonical(text.as_bytes()).ok_or_else(fault)
}

/// A digest in base64url.
pub(super) fn digest(member: &str, algorithm: DigestAlgorithm, text: &str) -> Faulty<Digest> {
    let in_member = |fault| (member.to_owned(), fault);
    let octets = base64::decode_url(text).map_err(|error| in_member(RegisterMemberFault::Base64(error)))?;
    Digest::new(algorithm, &octets).map_err(|error| in_member(RegisterMemberFault::DigestLength(error)))
}

/// Names by language, in any order.
struct RawNames<'a>(Vec<(Text<'a>, Text<'a>)>);

impl RawNames<'_> {
    fn read(self) -> Faulty<Names> {
        let mut names: Option<Names> = None;
        for (tag, name) in &self.0 {
            let (tag, name) = (tag.as_str(), name.as_str());
            let in_member = |fault| {
                (
                    format!("names.{}", excerpt(tag)),
                    match fault {
                        crate::document::MemberFault::Language(error) => RegisterMemberFault::Language(error),
                        other => RegisterMemberFault::Name(other),
                    },
                )
            };
            names = Some(match names {
                Some(names) if names.in_language(tag).is_some() => {
                    return Err((format!("names.{}", excerpt(tag)), RegisterMemberFault::Twice));
                }
                Some(names) => names.with(tag, name).map_err(in_member)?,
                None => Names::new(tag, name).map_err(in_member)?,
            });
        }
        names.ok_or_else(|| missing("names"))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawNames<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamesVisitor)
    }
}

struct NamesVisitor;

impl<'de> Visitor<'de> for NamesVisitor {
    type Value = RawNames<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names by language as an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<RawNames<'de>, A::Error> {
        let mut names = Vec::new();
        while let Some(entry) = access.next_entry()? {
            names.push(entry);
        }
        Ok(RawNames(names))
    }
}
