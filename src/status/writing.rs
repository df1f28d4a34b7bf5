//! From a status list to octets.

use miniz_oxide::deflate::compress_to_vec_zlib;
use serde_json::{Map, Value, json};

use crate::encoding::base64;
use crate::status::reading::TYPE;
use crate::status::{Change, StatusList};

impl StatusList {
    /// The list as JSON, to be signed: members by name, no white space. The same list always makes the same octets.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        // The highest level, as §4.1 recommends.
        let zlib = compress_to_vec_zlib(self.array.as_octets(), 9);
        let mut members = json!({
            "type": TYPE,
            "iss": self.issuer.to_string(),
            "sub": self.uri,
            "iat": self.issued_at.unix_seconds(),
            "exp": self.expires.unix_seconds(),
            "status_list": { "bits": self.array.bits().number(), "lst": base64::encode_url(&zlib) },
        });
        if let Some(time_to_live) = self.time_to_live {
            insert(&mut members, "ttl", time_to_live.as_secs().into());
        }
        if !self.changes.is_empty() {
            let of_index = |(index, changes): (&u64, &Vec<Change>)| {
                changes.iter().map(|change| written(*index, change)).collect::<Vec<_>>()
            };
            insert(&mut members, "changes", self.changes.iter().flat_map(of_index).collect());
        }
        members.sort_all_objects();
        members.to_string().into_bytes()
    }
}

fn written(index: u64, change: &Change) -> Value {
    let mut members = json!({
        "idx": index,
        "status": change.status().value(),
        "since": change.since().unix_seconds(),
    });
    if let Some(by) = change.by() {
        insert(&mut members, "by", by.to_string().into());
    }
    members
}

fn insert(object: &mut Value, name: &str, value: Value) {
    object.as_object_mut().unwrap_or(&mut Map::new()).insert(name.to_owned(), value);
}
