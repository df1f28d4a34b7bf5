//! Files of one batch: the same signature, octet for octet, and another document behind it.
//!
//! ```text
//! file = head `,"batched":{"leafIndex":` index `,"path":[` [string *("," string)] `],"document":` string `}}`
//! ```
//! The head is all of the batch signature. Where it is that of a file that passed, all that was found of it holds of this
//! file too, down to the times; what is left is the document and its proof.

use std::hash::Hash;
use std::sync::Arc;

use crate::batch::{self, Manifest};
use crate::codes::{DocumentKind, ServiceCode};
use crate::crypto::KeyDigest;
use crate::digest::{Digest, DigestAlgorithm};
use crate::document::StraightDocument;
use crate::encoding::base64::decode_url_into;
use crate::jws::Jws;
use crate::merkle::{InclusionProof, leaf_hash, sha256_leaf_hashes};
use crate::register::DocumentQuestion;
use crate::report::{Report, SignatureReport};
use crate::time::Instant;

use super::judge::Task;
use super::memory::Lesson;
use super::opening::{Buffers, Facts, stands};

/// The parts of a file of a batch.
#[derive(Debug)]
pub(super) struct BatchedFile<'a> {
    /// The batch signature, without its last bracket.
    pub(super) head: &'a [u8],
    leaf_index: u64,
    path: Vec<&'a [u8]>,
    document: &'a [u8],
}

impl<'a> BatchedFile<'a> {
    /// The parts of `octets`, if it is spelt as this crate does.
    pub(super) fn read(octets: &'a [u8]) -> Option<Self> {
        let octets = octets.strip_suffix(b"\n").unwrap_or(octets);
        let (head, rest) = octets.split_at_checked(memchr::memmem::find(octets, BATCHED)?)?;
        let (leaf_index, rest) = number(rest.get(BATCHED.len()..)?)?;
        let mut rest = rest.strip_prefix(b",\"path\":[")?;
        let mut path = Vec::with_capacity(16);
        while !rest.starts_with(b"]") {
            if !path.is_empty() {
                rest = rest.strip_prefix(b",")?;
            }
            let (hash, after) = string(rest)?;
            path.push(hash);
            rest = after;
        }
        let (document, rest) = string(rest.strip_prefix(b"],\"document\":")?)?;
        (rest == b"}}").then_some(Self { head, leaf_index, path, document })
    }

    /// Some of the octets in which batches differ: those of the signature value, at the end of the head.
    pub(super) fn sample(&self) -> impl Hash {
        (self.head.len(), self.head.last_chunk::<64>().copied())
    }

    /// Everything about the file but that its document is in the tree, by the batch that it is of; `None` when it is to be
    /// judged in the general way.
    pub(super) fn open(&self, task: &Task<'_>, batch: Arc<KnownBatch>, buffers: &mut Buffers) -> Option<OpenedFile> {
        if self.path.len() > batch.longest_path {
            return None;
        }
        let manifest = &batch.manifest;
        let algorithm = manifest.root().algorithm();
        let policy = task.verifier.policy();
        let mut path = Vec::with_capacity(self.path.len());
        for hash in &self.path {
            path.push(decode_url_into(hash, &mut buffers.item)?.to_vec());
        }
        let octets = decode_url_into(self.document, &mut buffers.payload)?;
        let proof = InclusionProof::from_octets(self.leaf_index, manifest.tree_size(), algorithm, &path).ok()?;
        let document = StraightDocument::read(octets, policy.coding_scheme(), policy.limits())?;
        let subject = (document.number.kind(), document.service);
        let holds =
            document.issuer == manifest.issuer() && batch.subjects.contains(&subject) && stands(&document, task);
        let (issuer, key, (kind, service)) = (document.issuer, batch.key_digest, subject);
        let asked = DocumentQuestion { issuer, key, kind, service, at: batch.proven_time.unwrap_or(task.at) };
        if !holds || !task.is_borne_out(&asked) {
            return None;
        }
        let facts = Facts { number: document.number, proven_time: batch.proven_time };
        Some(OpenedFile { document: octets.to_vec(), batch, proof, facts })
    }
}

/// A file that passes if its document is in the tree of its batch.
#[derive(Debug)]
pub(super) struct OpenedFile {
    batch: Arc<KnownBatch>,
    document: Vec<u8>,
    proof: InclusionProof,
    pub(super) facts: Facts,
}

/// For each of `files` whether its document is in the tree of its batch, at the place that it says.
pub(super) fn are_included(files: &[&OpenedFile]) -> Vec<bool> {
    let algorithm = |file: &OpenedFile| file.batch.manifest.root().algorithm();
    let leaves = if files.iter().all(|file| algorithm(file) == DigestAlgorithm::Sha256) {
        sha256_leaf_hashes(&files.iter().map(|file| file.document.as_slice()).collect::<Vec<_>>())
    } else {
        files.iter().map(|file| leaf_hash(algorithm(file), &file.document)).collect()
    };
    let included = |(file, leaf): (&&OpenedFile, Digest)| file.proof.verify(&leaf, file.batch.manifest.root()).is_ok();
    files.iter().zip(leaves).map(included).collect()
}

/// A batch one file of which passed.
#[derive(Debug, Clone)]
pub(super) struct KnownBatch {
    head: Box<[u8]>,
    manifest: Manifest,
    /// By which a register lists the key of the signature.
    key_digest: KeyDigest,
    proven_time: Option<Instant>,
    /// The kinds and services of documents that passed.
    subjects: Vec<(DocumentKind, Option<ServiceCode>)>,
    /// Of the files that passed.
    longest_path: usize,
}

impl KnownBatch {
    /// What is to be learned from a file with this report; `None` when it did not pass, or is out of the ordinary.
    pub(super) fn learn(task: &Task<'_>, octets: &[u8], file: &BatchedFile<'_>, report: &Report) -> Option<Self> {
        if report.failures().next().is_some() {
            return None;
        }
        let [signature] = report.signatures() else { return None };
        let expected = format!("application/{}", batch::MEDIA_TYPE);
        signature.content_type().filter(|found| **found == expected)?;
        let policy = task.verifier.policy();
        let jws = Jws::parse(octets, policy.limits()).ok()?;
        let manifest =
            Manifest::from_slice_in(jws.unverified_payload()?, policy.coding_scheme(), policy.limits()).ok()?;
        let document = StraightDocument::read(report.verified_payload()?, policy.coding_scheme(), policy.limits())?;
        Some(Self {
            head: file.head.into(),
            manifest,
            key_digest: KeyDigest::of(signature.certificate()?.public_key()),
            proven_time: SignatureReport::proven_time(signature),
            subjects: vec![(document.number.kind(), document.service)],
            longest_path: file.path.len(),
        })
    }
}

impl Lesson for KnownBatch {
    type Key<'k> = [u8];

    fn is(&self, head: &[u8]) -> bool {
        *self.head == *head
    }

    fn and(&self, other: Self) -> Self {
        let mut all = other;
        all.longest_path = all.longest_path.max(self.longest_path);
        let known = self.subjects.iter().filter(|subject| !all.subjects.contains(subject)).take(MOST_SUBJECTS);
        let known: Vec<_> = known.copied().collect();
        all.subjects.extend(known);
        all
    }

    fn octets(&self) -> usize {
        self.head.len() + FIXED
    }
}

/// Digits without a leading zero, at most 18.
fn number(octets: &[u8]) -> Option<(u64, &[u8])> {
    let digits = octets.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let (number, rest) = octets.split_at_checked(digits)?;
    let value = number.iter().fold(0_u64, |value, digit| value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')));
    let has_one_spelling = number.len() == 1 || number.first() != Some(&b'0');
    ((1..=18).contains(&digits) && has_one_spelling).then_some((value, rest))
}

/// A string as it stands between the quotation marks, and what follows it. One with an escape keeps the backslash, which is
/// no symbol of base64.
fn string(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let octets = octets.strip_prefix(b"\"")?;
    let (contents, rest) = octets.split_at_checked(memchr::memchr(b'"', octets)?)?;
    Some((contents, rest.get(1..)?))
}

const BATCHED: &[u8] = b",\"batched\":{\"leafIndex\":";

/// Kinds and services of one batch that are kept.
const MOST_SUBJECTS: usize = 31;

/// What an entry takes beside its head.
const FIXED: usize = 1024;
