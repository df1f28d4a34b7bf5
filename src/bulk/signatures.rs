//! The digests and signatures of many documents, computed and checked together.

use crate::crypto::{Backend, Check, JwsAlgorithm, KnownKeys, NearTables};
use crate::digest::{Message, Sha256Queue, sha256_of_each};

use super::kept::Kept;
use super::opening::Opened;

/// Computes the digests of the signing inputs that tables of known keys ask for, and those of `queue` that time-stamps
/// name, in the lanes of the processor if it has them.
pub(super) fn digest(known_keys: &KnownKeys, documents: &mut [Opened<'_>], queue: &mut Sha256Queue) {
    let computed = queue.digests();
    documents
        .iter_mut()
        .filter_map(|opened| opened.time_stamp.as_mut())
        .for_each(|time_stamp| time_stamp.compare(&computed));
    if known_keys.backend() == Backend::Ring {
        return;
    }
    let mut es256: Vec<_> =
        documents.iter_mut().filter(|opened| opened.signer.algorithm == JwsAlgorithm::Es256).collect();
    let messages: Option<Vec<Message<'_>>> = es256.iter().map(|opened| message(opened)).collect();
    let digests = messages.and_then(|messages| sha256_of_each(&messages));
    match digests {
        Some(digests) => {
            for (opened, digest) in es256.iter_mut().zip(digests) {
                opened.digest = Some(digest);
            }
        }
        None => es256.iter_mut().for_each(|opened| opened.digest = digest_of_one(opened)),
    }
}

/// The signing input, behind what is known of the header.
fn message<'o>(opened: &'o Opened<'_>) -> Option<Message<'o>> {
    let [_, dot, payload] = opened.signing_input;
    Some(Message { start: opened.signer.header.start()?, pieces: [opened.tail, dot, payload] })
}

fn digest_of_one(opened: &Opened<'_>) -> Option<[u8; 32]> {
    let [_, dot, payload] = opened.signing_input;
    let mut hasher = opened.signer.header.hasher();
    [opened.tail, dot, payload].into_iter().for_each(|piece| hasher.update(piece));
    hasher.finish().as_octets().first_chunk().copied()
}

/// For each of `documents` whether its signature, and that of its time-stamp, hold. Their values are in `kept`.
pub(super) fn hold(known_keys: &KnownKeys, near: &mut NearTables, documents: &[Opened<'_>], kept: &Kept) -> Vec<bool> {
    let attributes: Vec<Option<[&[u8]; 1]>> = documents
        .iter()
        .map(|opened| opened.time_stamp.as_ref().map(|time_stamp| [kept.at(&time_stamp.attributes)]))
        .collect();
    let mut checks = Vec::with_capacity(2 * documents.len());
    for (opened, attributes) in documents.iter().zip(&attributes) {
        let (signer, input) = (&opened.signer, &opened.signing_input);
        let check = Check::jws(&signer.key, signer.algorithm, input, kept.at(&opened.signature));
        checks.push(opened.digest.as_ref().map_or(check, |digest| check.with_sha256(digest)));
        if let (Some(time_stamp), Some(attributes)) = (&opened.time_stamp, attributes) {
            let known = &time_stamp.known;
            let check = Check::new(&known.key, known.algorithm, attributes, kept.at(&time_stamp.signature));
            checks.push(time_stamp.digest.as_ref().map_or(check, |digest| check.with_sha256(digest)));
        }
    }
    let mut valid = known_keys.verify_near(near, &checks).into_iter().map(|valid| valid.is_ok());
    let mut next = || valid.next().unwrap_or(false);
    documents
        .iter()
        .map(|opened| {
            let own = next();
            let of_time_stamp = opened.time_stamp.as_ref().is_none_or(|time_stamp| next() && time_stamp.is_over_them());
            own && of_time_stamp
        })
        .collect()
}
