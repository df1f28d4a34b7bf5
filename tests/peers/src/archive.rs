//! Documents of a hundred signers under three CAs, with bodies of 1 to 4 KB, made in memory.

use std::error::Error;
use std::sync::atomic::{AtomicI64, Ordering};

use wathiqa::codes::{CodingScheme, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, PublicKey};
use wathiqa::issue::Issuer;
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;

use crate::documents::{Random, document};
use crate::parts::{Form, Parts};
use crate::verifiers::Trust;

/// One document, B-T as [`Issuer`] writes it.
#[derive(Debug)]
pub struct Entry {
    pub octets: Vec<u8>,
    pub parts: Parts,
    /// Which signer's it is, and which CA's.
    pub signer: usize,
    pub ca: usize,
    /// When it was stamped.
    pub at: Instant,
}

pub struct Archive {
    pkis: Vec<DemonstrationPki>,
    entries: Vec<Entry>,
    keys: Vec<PublicKey>,
    lists: Instant,
}

impl Archive {
    /// So many documents, one a second, of signers in random order. One authority stamps the time for all.
    pub fn new(documents: usize) -> Result<Self, Box<dyn Error>> {
        let lists: Instant = LISTS.parse()?;
        let pkis = (0..CAS).map(|_| DemonstrationPki::new(lists)).collect::<Result<Vec<_>, _>>()?;
        let clock = AtomicI64::new(0);
        let stamp = || {
            let seconds = clock.load(Ordering::Relaxed);
            (Instant::from_unix_seconds(seconds).unwrap_or(lists), SerialNumber::from(seconds.unsigned_abs()))
        };
        let time_stamps = pkis[0].time_stamp_authority();
        let (mut issuers, mut keys) = (Vec::new(), Vec::new());
        for signer in 0..SIGNERS {
            let entity = EntityCode::from_body(10_000_000 + u64::try_from(signer)? * 611_953)?;
            let name = EntityName::new(entity, &CodingScheme::default(), "SY", &format!("Ministry {signer}"), "Seal")?;
            let issued = pkis[signer % CAS].issue_signer(&name, JwsAlgorithm::Es256)?;
            keys.push(issued.chain[0].public_key().clone());
            issuers.push((entity, Issuer::new(issued.key, issued.chain, time_stamps.transport(stamp))?));
        }
        let mut random = Random::default();
        let mut entries = Vec::new();
        for number in 0..documents {
            let signer = random.below(SIGNERS);
            let (entity, issuer) = &issuers[signer];
            let seconds = lists.unix_seconds() + 60 + i64::try_from(number)?;
            clock.store(seconds, Ordering::Relaxed);
            let at = Instant::from_unix_seconds(seconds)?;
            let document = document(*entity, u64::try_from(number)? + 1, at, &mut random)?;
            let octets = issuer.issue(&document, at)?;
            entries.push(Entry { parts: Parts::read(&octets)?, octets, signer, ca: signer % CAS, at });
        }
        drop(issuers);
        Ok(Self { pkis, entries, keys, lists })
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The keys of the signers.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// What a verifier is given of each CA: its root, that of the time-stamps, the lists of both.
    pub fn trust(&self) -> Result<Vec<Trust>, Box<dyn Error>> {
        let at: Instant = AT.parse()?;
        let of_time_stamps = self.pkis[0].crls(self.lists, &[])?;
        let trust = self.pkis.iter().map(|pki| {
            let mut crls = pki.crls(self.lists, &[])?;
            crls.extend(of_time_stamps.last().cloned());
            let time_stamp_root = self.pkis[0].time_stamp_root().clone();
            Ok(Trust { root: pki.root().clone(), time_stamp_root, crls, at })
        });
        trust.collect()
    }

    /// The document of `entry` as `jades` reads it: the same but for the time-stamp, which is of the same authority.
    pub fn as_jades(&self, entry: &Entry) -> Result<String, Box<dyn Error>> {
        let authority = self.pkis[0].time_stamp_authority();
        Ok(entry.parts.clone().stamped(Form::Jades, authority, entry.at)?.to_json(Form::Jades))
    }
}

const CAS: usize = 3;
const SIGNERS: usize = 100;

/// When lists are issued, and from when on documents are; when they are judged.
const LISTS: &str = "2026-03-01T00:00:00Z";
const AT: &str = "2026-03-02T00:00:00Z";
