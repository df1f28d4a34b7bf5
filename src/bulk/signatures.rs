//! The signatures of many documents, checked together.

use crate::crypto::{Check, KnownKeys};

use super::opening::Opened;

/// For each of `documents` whether its signature, and that of its time-stamp, hold.
pub(super) fn hold(known_keys: &KnownKeys, documents: &[&Opened<'_>]) -> Vec<bool> {
    let attributes: Vec<Option<[&[u8]; 1]>> = documents
        .iter()
        .map(|opened| opened.time_stamp.as_ref().map(|time_stamp| [time_stamp.attributes.as_slice()]))
        .collect();
    let mut checks = Vec::with_capacity(2 * documents.len());
    for (opened, attributes) in documents.iter().zip(&attributes) {
        let (signer, input) = (&opened.signer, &opened.signing_input);
        let check = Check::jws(&signer.key, signer.algorithm, input, &opened.signature);
        checks.push(opened.digest.as_ref().map_or(check, |digest| check.with_digest(digest)));
        if let (Some(time_stamp), Some(attributes)) = (&opened.time_stamp, attributes) {
            let known = &time_stamp.known;
            checks.push(Check::new(&known.key, known.algorithm, attributes, &time_stamp.signature));
        }
    }
    let mut valid = known_keys.verify(&checks).into_iter().map(|valid| valid.is_ok());
    let mut next = || valid.next().unwrap_or(false);
    documents
        .iter()
        .map(|opened| {
            let own = next();
            let of_time_stamp = opened.time_stamp.is_none() || next();
            own && of_time_stamp
        })
        .collect()
}
