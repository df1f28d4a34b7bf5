//! From an issue to octets.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::encoding::base64;
use crate::register::{EntityHistory, Event, Fact, ListInformation, Names, RegisterIssue, TYPE};

impl RegisterIssue {
    /// The issue as JSON, deterministic: members in the order of [the module](super), entities by their codes, no white
    /// space.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        // Nothing in it is a map without text keys, which is all that writing JSON to memory can fail on.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl Serialize for RegisterIssue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(3))?;
        members.serialize_entry("type", TYPE)?;
        members.serialize_entry("listInformation", &self.information)?;
        members.serialize_entry("entities", &Sequence(|| self.entities.iter()))?;
        members.end()
    }
}

/// Elements written one by one.
struct Sequence<F>(F);

impl<F: Fn() -> I, I: Iterator<Item: Serialize>> Serialize for Sequence<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl Serialize for ListInformation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("sequenceNumber", &self.sequence_number)?;
        if let Some(previous) = &self.previous {
            let (algorithm, value) = (previous.algorithm(), base64::encode_url(previous.as_octets()));
            members.serialize_entry("previousIssue", &PreviousIssue { algorithm, value })?;
        }
        members.serialize_entry("issuedAt", &self.issued_at)?;
        members.serialize_entry("nextUpdate", &self.next_update)?;
        members.end()
    }
}

#[derive(serde::Serialize)]
struct PreviousIssue {
    algorithm: crate::digest::DigestAlgorithm,
    value: String,
}

impl Serialize for EntityHistory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(2))?;
        members.serialize_entry("code", &self.code())?;
        members.serialize_entry("history", self.events())?;
        members.end()
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("event", self.fact().word())?;
        members.serialize_entry("effective", &self.effective())?;
        members.serialize_entry("recorded", &self.recorded())?;
        match self.fact() {
            Fact::Created { names, parent } => {
                members.serialize_entry("names", names)?;
                if let Some(parent) = parent {
                    members.serialize_entry("parent", parent)?;
                }
            }
            Fact::Renamed { names } => members.serialize_entry("names", names)?,
            Fact::Reparented { parent: Some(parent) } => members.serialize_entry("parent", parent)?,
            Fact::MergedInto { successor } => members.serialize_entry("successor", successor)?,
            Fact::SplitFrom { origin } => members.serialize_entry("origin", origin)?,
            Fact::Abolished { successors } if !successors.is_empty() => {
                members.serialize_entry("successors", successors)?;
            }
            Fact::Reparented { parent: None } | Fact::Abolished { .. } | Fact::Suspended | Fact::Resumed => {}
            Fact::KeyAdded { key } | Fact::KeyRevoked { key } => {
                members.serialize_entry("key", &base64::encode_url(key.as_octets()))?;
            }
            Fact::KindGranted { kind } | Fact::KindWithdrawn { kind } => members.serialize_entry("kind", kind)?,
            Fact::ServiceGranted { service } | Fact::ServiceWithdrawn { service } => {
                members.serialize_entry("service", service)?;
            }
        }
        members.end()
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(language, name)| (language.as_str(), name)))
    }
}
