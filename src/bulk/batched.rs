//! Files of one batch: the same signature, octet for octet, and another document behind it.
//!
//! ```text
//! file = head `,"batched":{"leafIndex":` index `,"path":[` [string *("," string)] `],"document":` string `}}`
//! ```
//! The head is all of the batch signature. Where it is that of a file that passed, all that was found of it holds of this
//! file too, down to the times; what is left is the document and its proof.

use std::hash::Hash;
use std::ops::Range;

use crate::batch::{self, Manifest};
use crate::codes::{DocumentKind, ServiceCode};
use crate::crypto::KeyDigest;
use crate::digest::DigestAlgorithm;
use crate::document::{StraightDocument, StraightMemory};
use crate::encoding::base64::{decode_url_onto, decode_url_to_vec, most_octets};
use crate::jws::Jws;
use crate::merkle::{InclusionProof, Sha256Leaves, Sha256Proof, leaf_hash};
use crate::register::DocumentQuestion;
use crate::report::{Report, SignatureReport};
use crate::time::Instant;

use super::fetch::Coming;
use super::judge::Task;
use super::memory::{Lent, Lesson};
use super::opening::{Facts, stands};

/// Memory that is used again for each file.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    /// The documents of the files that are judged together.
    documents: Sha256Leaves,
    /// The hashes of their paths.
    hashes: Vec<[u8; 32]>,
    /// The path of the file before, as text and as a place in `hashes`: the next file of a batch has most of it too.
    path_before: (Vec<u8>, Range<usize>),
    straight: StraightMemory,
}

impl Buffers {
    /// Forgets the files that were judged.
    fn forget(&mut self) {
        self.documents.forget();
        self.hashes.clear();
        self.path_before = Default::default();
    }

    /// About how many octets of memory they take.
    pub(super) fn octets(&self) -> usize {
        self.documents.octets() + self.hashes.capacity() * 32
    }

    /// The proof by SHA-256 of a file that has one.
    fn sha256_proof(&self, file: &OpenedFile) -> Option<Sha256Proof<'_>> {
        let Proof::Sha256 { leaf_index, path } = &file.proof else { return None };
        Sha256Proof::new(*leaf_index, file.batch.manifest.tree_size(), self.hashes.get(path.clone())?).ok()
    }

    /// The place of the hashes by SHA-256 that `path` is.
    fn hashes(&mut self, path: &[u8]) -> Option<Range<usize>> {
        let Self { hashes, path_before: (text_before, place_before), .. } = self;
        let start = hashes.len();
        let mut before = strings(text_before, SHA256_SYMBOLS).zip(place_before.clone());
        for text in strings(path, SHA256_SYMBOLS) {
            let same = before.next().filter(|(before, _)| *before == text).and_then(|(_, place)| hashes.get(place));
            let hash = match same {
                Some(hash) => *hash,
                None => sha256(text?)?,
            };
            hashes.push(hash);
        }
        drop(before);
        text_before.clear();
        text_before.extend_from_slice(path);
        *place_before = start..hashes.len();
        Some(place_before.clone())
    }
}

/// The parts of a file of a batch.
#[derive(Debug)]
pub(super) struct BatchedFile<'a> {
    /// The batch signature, without its last bracket.
    pub(super) head: &'a [u8],
    /// Whether that is the head which was likely.
    pub(super) is_as_likely: bool,
    leaf_index: u64,
    /// What stands between its brackets.
    path: &'a [u8],
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
        let rest = rest.strip_prefix(b",\"path\":[")?;
        let (path, rest) = rest.split_at_checked(memchr::memchr(b']', rest)?)?;
        // Were there a quotation mark within, it would be no base64.
        let document = rest.strip_prefix(b"],\"document\":\"")?.strip_suffix(END)?;
        Some(Self { head, is_as_likely, leaf_index, path, document })
    }

    /// Some of the octets in which batches differ: those of the signature value, at the end of the head.
    pub(super) fn sample(&self) -> impl Hash {
        (self.head.len(), self.head.last_chunk::<64>().copied())
    }

    /// Everything about the file but that its document is in the tree, by the batch that it is of; `None` when it is to be
    /// judged in the general way.
    pub(super) fn open(
        &self,
        task: &Task<'_>,
        batch: Lent<KnownBatch>,
        coming: &mut Coming<'_>,
        buffers: &mut Buffers,
    ) -> Option<OpenedFile> {
        let policy = task.verifier.policy();
        let manifest = &batch.manifest;
        let proof = self.proof(&batch, buffers)?;
        coming.ask();
        let decode = |place: &mut [u8]| Some(decode_url_onto(self.document, place)?.len());
        let entry = buffers.documents.keep(most_octets(self.document), decode)?;
        coming.ask();
        let octets = buffers.documents.at(&entry);
        let document = StraightDocument::read(octets, policy.coding_scheme(), policy.limits(), &mut buffers.straight)?;
        coming.ask();
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

    fn proof(&self, batch: &KnownBatch, buffers: &mut Buffers) -> Option<Proof> {
        let root = batch.manifest.root();
        let symbols = symbols(&batch.manifest);
        if strings(self.path, symbols).count() > batch.longest_path || self.path.ends_with(b",") {
            return None;
        }
        if root.algorithm() == DigestAlgorithm::Sha256 {
            return Some(Proof::Sha256 { leaf_index: self.leaf_index, path: buffers.hashes(self.path)? });
        }
        let path = strings(self.path, symbols).map(|text| decode_url_to_vec(text?)).collect::<Option<Vec<_>>>()?;
        let proof =
            InclusionProof::from_octets(self.leaf_index, batch.manifest.tree_size(), root.algorithm(), path).ok()?;
        Some(Proof::Other(Box::new(proof)))
    }
}

/// A file that passes if its document is in the tree of its batch.
#[derive(Debug)]
pub(super) struct OpenedFile {
    batch: Lent<KnownBatch>,
    /// The place of the document among those that are judged together.
    document: Range<usize>,
    proof: Proof,
    pub(super) facts: Facts,
}

/// That the document is in the tree, if it is.
#[derive(Debug)]
enum Proof {
    /// With the place of the hashes.
    Sha256 {
        leaf_index: u64,
        path: Range<usize>,
    },
    Other(Box<InclusionProof>),
}

/// For each of `files` whether its document is in the tree of its batch, at the place that it says. Then `buffers` forget
/// them.
pub(super) fn are_included(files: &[OpenedFile], buffers: &mut Buffers) -> Vec<bool> {
    let mut included = vec![false; files.len()];
    let (mut documents, mut proofs, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for (file, is_included) in files.iter().zip(&mut included) {
        let root = file.batch.manifest.root();
        if let Proof::Other(proof) = &file.proof {
            let leaf = leaf_hash(root.algorithm(), buffers.documents.at(&file.document));
            *is_included = proof.verify(&leaf, root).is_ok();
        } else if let Some(proof) = buffers.sha256_proof(file) {
            documents.push(&file.document);
            proofs.push(proof);
            answers.push((is_included, root));
        }
    }
    let proofs: Vec<_> = proofs.into_iter().zip(buffers.documents.hashes(&documents)).collect();
    for ((is_included, root), found) in answers.into_iter().zip(Sha256Proof::roots(&proofs)) {
        *is_included = found == root.as_octets();
    }
    buffers.forget();
    included
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
        let document = task.ordinary_document(report)?;
        let longest_path = strings(file.path, symbols(&manifest)).count();
        Some(Self {
            head: file.head.into(),
            manifest,
            key_digest: KeyDigest::of(signature.certificate()?.public_key()),
            proven_time: SignatureReport::proven_time(signature),
            subjects: vec![(document.number.kind(), document.service)],
            longest_path,
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

/// The strings of `symbols` each in what stands between the brackets of an array; `None` where another element is.
fn strings(array: &[u8], symbols: usize) -> impl Iterator<Item = Option<&[u8]>> {
    array.chunks(symbols + 3).map(move |element| match element {
        [b'"', contents @ .., b'"', b','] | [b'"', contents @ .., b'"'] if contents.len() == symbols => Some(contents),
        _ => None,
    })
}

/// The symbols of a hash of the tree in base64url.
fn symbols(manifest: &Manifest) -> usize {
    (manifest.root().as_octets().len() * 8).div_ceil(6)
}

/// The hash that `text` is.
fn sha256(text: &[u8]) -> Option<[u8; 32]> {
    let mut octets = [0; SHA256_SYMBOLS.div_ceil(4) * 3];
    decode_url_onto(text, &mut octets)?.try_into().ok()
}

/// The symbols of a hash by SHA-256 in base64url.
const SHA256_SYMBOLS: usize = 43;

/// The end of a file: no plain JWS ends so.
const END: &[u8] = b"\"}}";

const BATCHED: &[u8] = b",\"batched\":{\"leafIndex\":";

/// Kinds and services of one batch that are kept.
const MOST_SUBJECTS: usize = 31;

/// What an entry takes beside its head.
const FIXED: usize = 1024;
