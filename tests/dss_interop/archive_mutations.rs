//! What is done to a B-LTA signature before both judge it by the file and the roots alone.

use serde_json::{Value, json};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::{decode_standard, decode_url, encode_standard, encode_url};
use wathiqa::jades::BaselineLevel;
use wathiqa::sign::Serialization;
use wathiqa::time::Instant;

use crate::levels::{archiving, augmented};
use crate::world::World;

/// What mutations are made of: a B-LTA of ours, the same after a renewal, and a B-LTA of another PKI.
pub struct Archive<'a> {
    world: &'a World,
    archived: Value,
    renewed: Value,
    foreign: Value,
}

/// A mutation: its name, as `disagreements.toml` has it, and what it gives.
pub struct ArchiveMutation(&'static str, fn(&Archive<'_>) -> Vec<u8>);

impl ArchiveMutation {
    pub fn name(&self) -> &'static str {
        self.0
    }

    pub fn apply(&self, archive: &Archive<'_>) -> Vec<u8> {
        (self.1)(archive)
    }
}

/// Positions of items: sigTst, xVals, rVals, tstVD, arcTst; once renewed, arcTst follows again.
pub const ARCHIVE_MUTATIONS: &[ArchiveMutation] = &[
    ArchiveMutation("archived-nothing", |a| a.with(|_| {})),
    ArchiveMutation("archived-payload-altered", |a| {
        let mut file = a.archived.clone();
        file["payload"] = encode_url(b"{}").into();
        file.to_string().into_bytes()
    }),
    ArchiveMutation("archived-sigTst-copied", |a| a.with(|items| items.insert(1, items[0].clone()))),
    ArchiveMutation("archived-sigTst-copied-behind", |a| a.with(|items| items.push(items[0].clone()))),
    ArchiveMutation("archived-sigTst-moved", |a| a.with(|items| items.swap(0, 1))),
    ArchiveMutation("archived-sigTst-removed", |a| a.with(|items| drop(items.remove(0)))),
    ArchiveMutation("archived-sigTst-behind", |a| {
        a.with(|items| {
            let item = items.remove(0);
            items.push(item);
        })
    }),
    ArchiveMutation("archived-sigTst-as-arcTst", |a| a.with(|items| items.push(renamed(&items[0], "arcTst")))),
    ArchiveMutation("archived-xVals-removed", |a| a.with(|items| drop(items.remove(1)))),
    ArchiveMutation("archived-xVals-behind", |a| a.with(|items| items.push(items[1].clone()))),
    ArchiveMutation("archived-xVals-of-others", |a| a.with(|items| items[1] = a.foreign["header"]["etsiU"][1].clone())),
    ArchiveMutation("archived-rVals-removed", |a| a.with(|items| drop(items.remove(2)))),
    ArchiveMutation("archived-rVals-copied", |a| a.with(|items| items.insert(3, items[2].clone()))),
    ArchiveMutation("archived-rVals-moved", |a| a.with(|items| items.swap(1, 2))),
    ArchiveMutation("archived-rVals-emptied", |a| {
        a.with(|items| items[2] = encoded(&json!({"rVals": {"crlVals": []}})))
    }),
    ArchiveMutation("archived-rVals-of-others", |a| a.with(|items| items[2] = a.foreign["header"]["etsiU"][2].clone())),
    ArchiveMutation("archived-rVals-altered", |a| {
        a.with(|items| items[2] = altered(&items[2], |item| last_octet(&mut item["rVals"]["crlVals"][0]["val"])))
    }),
    ArchiveMutation("archived-tstVD-removed", |a| a.with(|items| drop(items.remove(3)))),
    ArchiveMutation("archived-tstVD-moved", |a| a.with(|items| items.swap(0, 3))),
    ArchiveMutation("archived-item-with-white-space", |a| {
        a.with(|items| items[1] = encode_url(format!("{} ", decoded(&items[1])).as_bytes()).into())
    }),
    ArchiveMutation("archived-item-unknown", |a| a.with(|items| items.insert(1, encoded(&json!({"note": {}}))))),
    ArchiveMutation("archived-item-unknown-behind", |a| a.with(|items| items.push(encoded(&json!({"note": {}}))))),
    ArchiveMutation("archived-items-reversed", |a| a.with(|items| items.reverse())),
    ArchiveMutation("archived-items-of-others", |a| {
        a.with(|items| items.clone_from(a.foreign["header"]["etsiU"].as_array().unwrap()))
    }),
    ArchiveMutation("archived-arcTst-removed", |a| a.with(|items| drop(items.pop()))),
    ArchiveMutation("archived-arcTst-copied", |a| a.with(|items| items.push(items[4].clone()))),
    ArchiveMutation("archived-arcTst-first", |a| {
        a.with(|items| {
            let item = items.pop().unwrap();
            items.insert(0, item);
        })
    }),
    ArchiveMutation("archived-arcTst-broken", |a| {
        a.with(|items| {
            items[4] = altered(&items[4], |item| last_octet(&mut item["arcTst"]["tstTokens"][0]["val"]));
        })
    }),
    ArchiveMutation("archived-arcTst-of-others", |a| {
        a.with(|items| items[4] = a.foreign["header"]["etsiU"][4].clone())
    }),
    ArchiveMutation("archived-arcTst-not-a-token", |a| {
        a.with(|items| items[4] = encoded(&json!({"arcTst": {"tstTokens": [{"val": "AAAA"}]}})))
    }),
    ArchiveMutation("archived-arcTst-without-tokens", |a| {
        a.with(|items| items[4] = encoded(&json!({"arcTst": {"tstTokens": []}})))
    }),
    ArchiveMutation("archived-arcTst-as-sigTst", |a| a.with(|items| items[4] = renamed(&items[4], "sigTst"))),
    ArchiveMutation("archived-arcTst-before-sigTst", |a| a.stamped(a.world.signing)),
    ArchiveMutation("archived-arcTst-in-the-future", |a| {
        a.stamped(Instant::from_unix_seconds(a.world.now.unix_seconds() + 600).unwrap())
    }),
    ArchiveMutation("renewed-nothing", |a| a.renewed(|_| {})),
    ArchiveMutation("renewed-first-arcTst-removed", |a| a.renewed(|items| drop(items.remove(4)))),
    ArchiveMutation("renewed-last-arcTst-removed", |a| a.renewed(|items| drop(items.pop()))),
    ArchiveMutation("renewed-arcTsts-exchanged", |a| {
        a.renewed(|items| {
            let last = items.len() - 1;
            items.swap(4, last);
        })
    }),
    ArchiveMutation("renewed-first-arcTst-broken", |a| {
        a.renewed(|items| {
            items[4] = altered(&items[4], |item| last_octet(&mut item["arcTst"]["tstTokens"][0]["val"]));
        })
    }),
    ArchiveMutation("renewed-rVals-removed", |a| a.renewed(|items| drop(items.remove(2)))),
];

impl<'a> Archive<'a> {
    pub fn new(world: &'a World) -> Self {
        let archived = |world: &World| {
            let holder = world.holder(JwsAlgorithm::Es256).unwrap();
            let file = world.sign(&holder, Serialization::FlattenedJson);
            let file = augmented(world, &file, (BaselineLevel::BT, world.stamping()));
            augmented(world, &file, (BaselineLevel::BLta, archiving(world)))
        };
        let file = archived(world);
        let renewed = augmented(world, &file, (BaselineLevel::BLta, world.now));
        let value = |file: &[u8]| serde_json::from_slice(file).unwrap();
        let foreign = value(&archived(&World::new()));
        Self { world, archived: value(&file), renewed: value(&renewed), foreign }
    }

    /// The B-LTA with its items changed.
    fn with(&self, change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
        changed(self.archived.clone(), change)
    }

    /// The renewed one with its items changed.
    fn renewed(&self, change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
        changed(self.renewed.clone(), change)
    }

    /// The B-LTA with an archive time-stamp of another time over the same.
    fn stamped(&self, at: Instant) -> Vec<u8> {
        let text = |name: &str| self.archived[name].as_str().unwrap();
        let items = self.archived["header"]["etsiU"].as_array().unwrap()[..4].iter();
        let items: String = items.map(|item| item.as_str().unwrap()).collect();
        let over = format!("{}.{}.{}.{items}", text("payload"), text("protected"), text("signature"));
        let token = self.world.token(&DigestAlgorithm::Sha256.digest(over.as_bytes()), at);
        let item = json!({"arcTst": {"tstTokens": [{"val": encode_standard(&token)}]}});
        self.with(|items| items[4] = encoded(&item))
    }
}

fn changed(mut file: Value, change: impl FnOnce(&mut Vec<Value>)) -> Vec<u8> {
    change(file["header"]["etsiU"].as_array_mut().unwrap());
    file.to_string().into_bytes()
}

fn encoded(item: &Value) -> Value {
    encode_url(item.to_string().as_bytes()).into()
}

fn decoded(item: &Value) -> Value {
    serde_json::from_slice(&decode_url(item.as_str().unwrap()).unwrap()).unwrap()
}

fn altered(item: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut item = decoded(item);
    change(&mut item);
    encoded(&item)
}

/// The same item under another name.
fn renamed(item: &Value, name: &str) -> Value {
    let item = decoded(item);
    let value = item.as_object().unwrap().values().next().unwrap();
    encoded(&json!({name: value}))
}

/// Alters the last octet of what `text` holds in standard base64: that of a signature value.
fn last_octet(text: &mut Value) {
    let mut octets = decode_standard(text.as_str().unwrap()).unwrap();
    *octets.last_mut().unwrap() ^= 1;
    *text = encode_standard(&octets).into();
}
