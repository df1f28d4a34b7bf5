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
use crate::digest::DigestAlgorithm;
use crate::document::StraightDocument;
use crate::encoding::base64::{decode_url_into, decode_url_to_vec};
use crate::jws::Jws;
use crate::merkle::{InclusionProof, Sha256Proof, leaf_hash, sha256_leaf_hashes};
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
    /// Whether that is the head which was likely.
    pub(super) is_as_likely: bool,
    leaf_index: u64,
    path: Vec<&'a [u8]>,
    document: &'a [u8],
}

impl<'a> BatchedFile<'a> {
    /// The parts of `octets`, if it is spelt as this crate does. `likely` is the head of another such file: of this one too,
    /// most often, and then the octets behind it need not be searched for. They cannot begin within it: but for its first
    /// octet, what they begin with has no comma.
    pub(super) fn read(octets: &'a [u8], likely: &[u8]) -> Option<Self> {
        let octets = octets.strip_suffix(b"\n").unwrap_or(octets);
        if !octets.ends_with(END) {
            return None;
        }
        let is_as_likely = octets.strip_prefix(likely).is_some_and(|rest| rest.starts_with(BATCHED));
        let end = if is_as_likely { likely.len() } else { memchr::memmem::find(octets, BATCHED)? };
        let (head, rest) = octets.split_at_checked(end)?;
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
        (rest == b"}}").then_some(Self { head, is_as_likely, leaf_index, path, document })
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
        let policy = task.verifier.policy();
        let manifest = &batch.manifest;
        let entry = decode_url_to_vec(self.document)?;
        let proof = self.proof(manifest, &mut buffers.item)?;
        let document = StraightDocument::read(&entry, policy.coding_scheme(), policy.limits())?;
        let subject = (document.number.kind(), document.service);
        let holds =
            document.issuer == manifest.issuer() && batch.subjects.contains(&subject) && stands(&document, task);
        let (issuer, key, (kind, service)) = (document.issuer, batch.key_digest, subject);
        let asked = DocumentQuestion { issuer, key, kind, service, at: batch.proven_time.unwrap_or(task.at) };
        if !holds || !task.is_borne_out(&asked) {
            return None;
        }
        let facts = Facts { number: document.number, proven_time: batch.proven_time };
        Some(OpenedFile { batch, document: entry, proof, facts })
    }

    fn proof(&self, manifest: &Manifest, buffer: &mut Vec<u8>) -> Option<Proof> {
        let (leaf_index, tree_size, algorithm) = (self.leaf_index, manifest.tree_size(), manifest.root().algorithm());
        if algorithm == DigestAlgorithm::Sha256 {
            let mut path = Vec::with_capacity(self.path.len());
            for hash in &self.path {
                path.push(decode_url_into(hash, buffer)?.try_into().ok()?);
            }
            return Sha256Proof::new(leaf_index, tree_size, path).ok().map(Proof::Sha256);
        }
        let path = self.path.iter().map(|hash| decode_url_to_vec(hash)).collect::<Option<Vec<_>>>()?;
        InclusionProof::from_octets(leaf_index, tree_size, algorithm, path).ok().map(Proof::Other)
    }
}

/// A file that passes if its document is in the tree of its batch.
#[derive(Debug)]
pub(super) struct OpenedFile {
    batch: Arc<KnownBatch>,
    document: Vec<u8>,
    proof: Proof,
    pub(super) facts: Facts,
}

/// That the document is in the tree, if it is.
#[derive(Debug)]
enum Proof {
    Sha256(Sha256Proof),
    Other(InclusionProof),
}

/// For each of `files` whether its document is in the tree of its batch, at the place that it says.
pub(super) fn are_included(files: &[&OpenedFile]) -> Vec<bool> {
    let by_sha256 = files.iter().filter_map(|file| match &file.proof {
        Proof::Sha256(proof) => Some((file.document.as_slice(), proof)),
        Proof::Other(_) => None,
    });
    let (documents, proofs): (Vec<&[u8]>, Vec<&Sha256Proof>) = by_sha256.unzip();
    let proofs: Vec<_> = proofs.into_iter().zip(sha256_leaf_hashes(&documents)).collect();
    let mut roots = Sha256Proof::roots(&proofs).into_iter();
    let included = |file: &&OpenedFile| {
        let root = file.batch.manifest.root();
        match &file.proof {
            Proof::Sha256(_) => roots.next().is_some_and(|found| found == root.as_octets()),
            Proof::Other(proof) => proof.verify(&leaf_hash(root.algorithm(), &file.document), root).is_ok(),
        }
    };
    files.iter().map(included).collect()
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
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// What is to be learned from a file with this report; `None` when it did not pass, or is out of the ordinary.
    pub(super) fn learn(task: &Task<'_>, octets: &[u8], file: &BatchedFile<'_>, report: &Report) -> Option<Self> {
        if report.failures().next().is_some() {
            return None;
        }
        let [signature] = report.signatures() else { return None };
        if !signature.is_over(batch::MEDIA_TYPE) {
            return None;
        }
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

/// The end of a file: no plain JWS ends so.
const END: &[u8] = b"\"}}";

const BATCHED: &[u8] = b",\"batched\":{\"leafIndex\":";

/// Kinds and services of one batch that are kept.
const MOST_SUBJECTS: usize = 31;

/// What an entry takes beside its head.
const FIXED: usize = 1024;
