//! What an evidence record is about.

use crate::digest::{Digest, DigestAlgorithm};

/// A data object: its octets, or their digests.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum DataObject<'a> {
    /// The octets themselves: a whole signed file.
    Octets(&'a [u8]),
    /// Digests of the octets, one by each algorithm of the chains of the record.
    Digests(&'a [Digest]),
}

impl DataObject<'_> {
    /// The digest by `algorithm`, if it can be had.
    pub(super) fn digest(&self, algorithm: DigestAlgorithm) -> Option<Digest> {
        match self {
            Self::Octets(octets) => Some(algorithm.digest(octets)),
            Self::Digests(digests) => digests.iter().find(|digest| digest.algorithm() == algorithm).cloned(),
        }
    }
}

/// The data objects that a record is asked about.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum DataObjects<'a> {
    /// Each of them must be covered. The record may cover others too: the first list of a hash tree holds, beside one data
    /// object, the hashes of its neighbours.
    Each(&'a [DataObject<'a>]),
    /// They are a group, all of it and nothing else (RFC 4998 §4.3, last paragraph): a document and its signatures.
    Group(&'a [DataObject<'a>]),
}

impl<'a> DataObjects<'a> {
    pub(super) fn all(&self) -> &'a [DataObject<'a>] {
        match self {
            Self::Each(objects) | Self::Group(objects) => objects,
        }
    }
}

/// The digests of data objects, each taken once.
pub(super) struct Digests<'a> {
    objects: &'a [DataObject<'a>],
    taken: Vec<(DigestAlgorithm, Vec<Option<Digest>>)>,
}

impl<'a> Digests<'a> {
    pub(super) fn of(objects: &'a [DataObject<'a>]) -> Self {
        Self { objects, taken: Vec::new() }
    }

    /// The digests by `algorithm`, in the order of the objects.
    pub(super) fn by(&mut self, algorithm: DigestAlgorithm) -> Vec<Option<Digest>> {
        if let Some((_, digests)) = self.taken.iter().find(|(taken, _)| *taken == algorithm) {
            return digests.clone();
        }
        let digests: Vec<Option<Digest>> = self.objects.iter().map(|object| object.digest(algorithm)).collect();
        self.taken.push((algorithm, digests.clone()));
        digests
    }
}
