//! Opening a document that is like one before it: every check but those of signatures.

use std::ops::Range;
use std::sync::Arc;

use crate::codes::DocumentNumber;
use crate::digest::{DigestAlgorithm, Sha256Queue};
use crate::document::{StatusPlace, StraightDocument, StraightMemory};
use crate::encoding::base64::{decode_standard_into, decode_url_into};
use crate::jws::StraightJws;
use crate::register::DocumentQuestion;
use crate::time::Instant;
use crate::tsp::TokenLayouts;

use super::batched;
use super::fetch::Coming;
use super::header::SplitHeader;
use super::judge::Task;
use super::kept::Kept;
use super::memory::Lent;
use super::precedent::{KnownSigner, KnownTimeStamp};

/// Memory that is used again for each document.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    payload: Vec<u8>,
    item: Vec<u8>,
    token: Vec<u8>,
    straight: StraightMemory,
    /// What is kept of the documents of a block.
    pub(super) kept: Kept,
    /// For files of batches.
    pub(super) batched: batched::Buffers,
    /// What is hashed for time-stamps.
    pub(super) queue: Sha256Queue,
    layouts: TokenLayouts,
}

impl Buffers {
    /// About how many octets of memory they take.
    pub(super) fn octets(&self) -> usize {
        let texts = self.payload.capacity() + self.item.capacity() + self.token.capacity();
        texts + self.kept.octets() + self.batched.octets()
    }
}

/// A document that passes if its signatures hold.
#[derive(Debug)]
pub(super) struct Opened<'d> {
    pub(super) signer: Lent<KnownSigner>,
    /// Header, dot and payload of the signing input.
    pub(super) signing_input: [&'d [u8]; 3],
    /// The end of the header, behind what is known of it.
    pub(super) tail: &'d [u8],
    /// Of the signing input by SHA-256, where the algorithm is ES256; computed for many at once.
    pub(super) digest: Option<[u8; 32]>,
    /// The place of the signature value among what is kept.
    pub(super) signature: Range<usize>,
    pub(super) time_stamp: Option<OpenedTimeStamp>,
    pub(super) facts: Facts,
}

/// A time-stamp that holds if its signature does.
#[derive(Debug)]
pub(super) struct OpenedTimeStamp {
    pub(super) known: Arc<KnownTimeStamp>,
    /// The place of the signed attributes, as they were signed, among what is kept.
    pub(super) attributes: Range<usize>,
    pub(super) signature: Range<usize>,
    /// Of the signed attributes, where it was computed with others.
    pub(super) digest: Option<[u8; 32]>,
    pub(super) digests: Digests,
}

/// The digests that a time-stamp names, and those of what it is over.
#[derive(Debug)]
pub(super) enum Digests {
    /// By SHA-256: to be compared when those that wait are computed.
    Queued(QueuedDigests),
    /// They are the same.
    Same,
    /// They are not.
    Differ,
}

/// Places in the queue, with the digests expected there.
#[derive(Debug)]
pub(super) struct QueuedDigests {
    pub(super) imprint: (usize, [u8; 32]),
    pub(super) content: (usize, [u8; 32]),
    pub(super) attributes: usize,
}

impl OpenedTimeStamp {
    /// Compares the digests that it names with those `computed` of the queue.
    pub(super) fn compare(&mut self, computed: &[[u8; 32]]) {
        let Digests::Queued(queued) = &self.digests else { return };
        let is = |(place, expected): &(usize, [u8; 32])| computed.get(*place) == Some(expected);
        let same = is(&queued.imprint) && is(&queued.content);
        self.digest = computed.get(queued.attributes).copied();
        self.digests = if same { Digests::Same } else { Digests::Differ };
    }

    /// Whether the digests that it names were found to be those of what it is over.
    pub(super) fn is_over_them(&self) -> bool {
        matches!(self.digests, Digests::Same)
    }
}

/// What is told of a document that passed, short of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) number: DocumentNumber,
    pub(super) proven_time: Option<Instant>,
}

impl<'d> Opened<'d> {
    /// Opens a document of `signer`. `None` means that it is to be judged in the general way, whatever is the matter.
    pub(super) fn read(
        task: &Task<'_>,
        signer: &Lent<KnownSigner>,
        jws: &StraightJws<'d>,
        split: &SplitHeader<'d>,
        coming: &mut Coming<'_>,
        buffers: &mut Buffers,
    ) -> Option<Self> {
        let policy = task.verifier.policy();
        let payload = decode_url_into(jws.payload, &mut buffers.payload)?;
        coming.ask();
        let document = StraightDocument::read(payload, policy.coding_scheme(), policy.limits(), &mut buffers.straight)?;
        coming.ask();
        let subject = (document.number.kind(), document.service);
        if document.issuer != signer.entity || !signer.subjects.contains(&subject) || !stands(&document, task) {
            return None;
        }
        let (number, issuer) = (document.number, document.issuer);
        let signature = buffers.kept.decode_url(jws.signature)?;
        let (proven_time, time_stamp) = match jws.etsi_u {
            None if signer.without_time_stamp => (None, None),
            None => return None,
            Some(item) => {
                let (proven, time_stamp) = time_stamp(task, signer, item, jws.signature, buffers)?;
                (Some(proven), Some(time_stamp))
            }
        };
        let (kind, service) = subject;
        let (key, signed_at) = (signer.key_digest, proven_time.unwrap_or(task.at));
        if !task.is_borne_out(&DocumentQuestion { issuer, key, kind, service, at: signed_at }) {
            return None;
        }
        if split.issued_at > signed_at.checked_add(policy.clock_tolerance())? {
            return None;
        }
        let facts = Facts { number, proven_time };
        let signing_input = [jws.protected, b".", jws.payload];
        Some(Self {
            signer: signer.clone(),
            signing_input,
            tail: split.tail,
            digest: None,
            signature,
            time_stamp,
            facts,
        })
    }
}

/// What a document must fulfil by itself at the time of validation: its own period, if it has one, contains that time; and
/// the status list that it names, if it names one, was given and says that it stands.
pub(super) fn stands(document: &StraightDocument<'_>, task: &Task<'_>) -> bool {
    let settings = task.verifier.policy().status();
    let judge = |status: StatusPlace<'_>| {
        task.evidence.judge_status((status.uri, status.index), document.issuer, settings, task.at)
    };
    document.validity.is_none_or(|validity| validity.contains(task.at))
        && document.status.is_none_or(|status| judge(status).is_ok())
}

/// The one time-stamp in `item`, over the base64url signature value `stamped`: of a known shape, at a time for which its
/// precedent speaks.
fn time_stamp(
    task: &Task<'_>,
    signer: &KnownSigner,
    item: &[u8],
    stamped: &[u8],
    buffers: &mut Buffers,
) -> Option<(Instant, OpenedTimeStamp)> {
    let Buffers { item: item_octets, token: token_octets, kept, queue, layouts, .. } = buffers;
    let token = token(item, item_octets, token_octets)?;
    let mut latest_first = signer.time_stamps.iter().rev();
    let (known, values) = latest_first.find_map(|known| {
        let values = layouts.read(&known.shape, token)?;
        known.period.contains(values.gen_time).then_some((known, values))
    })?;
    if values.gen_time > task.at {
        return None;
    }
    let after_tag = values.attributes.get(1..)?;
    let digests = if (known.imprint, known.digest) == (DigestAlgorithm::Sha256, DigestAlgorithm::Sha256) {
        Digests::Queued(QueuedDigests {
            imprint: (queue.push([stamped, &[]]), values.imprint.try_into().ok()?),
            content: (queue.push([values.tst_info, &[]]), values.message_digest.try_into().ok()?),
            attributes: queue.push([&[UNIVERSAL_SET], after_tag]),
        })
    } else {
        let hold = known.imprint.digest(stamped).as_octets() == values.imprint
            && known.digest.digest(values.tst_info).as_octets() == values.message_digest;
        hold.then_some(Digests::Same)?
    };
    let (attributes, signature) = (kept.keep([&[UNIVERSAL_SET], after_tag]), kept.keep([values.signature, &[]]));
    Some((values.gen_time, OpenedTimeStamp { known: known.clone(), attributes, signature, digest: None, digests }))
}

/// The token in an item of `etsiU` that is one signature time-stamp with one token, spelt as this crate does.
pub(super) fn token<'b>(item: &[u8], item_octets: &mut Vec<u8>, token: &'b mut Vec<u8>) -> Option<&'b [u8]> {
    let object = decode_url_into(item, item_octets)?;
    let value = object.strip_prefix(br#"{"sigTst":{"tstTokens":[{"val":""#)?.strip_suffix(br#""}]}}"#)?;
    decode_standard_into(value, token)
}

/// The tag under which signed attributes are signed (RFC 5652 §5.4).
const UNIVERSAL_SET: u8 = 0x31;
