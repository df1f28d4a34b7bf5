//! Documents that were judged in the general way and passed, as precedents for those that are like them.
//!
//! A document of the same signer differs from its precedent in a few values: the payload, the claimed time, the signature,
//! and the values of its time-stamp. All the rest is the same, octet for octet. So of what the general way found, all
//! holds of the new document too that does not rest on those values; and what does is judged for each document.
//! Nothing is ever taken from a precedent about a signature, a digest or a payload.

use std::sync::{Arc, Mutex, PoisonError};

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::{JwsAlgorithm, KeyDigest, PublicKey, SignatureAlgorithm};
use crate::digest::DigestAlgorithm;
use crate::encoding::base64;
use crate::encoding::json::{self, Members};
use crate::jades::HeaderParameters;
use crate::jws::StraightJws;
use crate::report::{Report, SignatureReport};
use crate::time::Instant;
use crate::tsp::{TimeStampToken, TokenShape};
use crate::x509::Certificate;
use crate::x509::path::{PathInputs, SteadyPeriod};

use super::header::{KnownHeader, SplitHeader};
use super::judge::Task;
use super::memory::Lesson;
use super::opening;

/// What the documents of a signer have in common that passed.
#[derive(Debug, Clone)]
pub(super) struct KnownSigner {
    pub(super) header: Arc<KnownHeader>,
    pub(super) key: PublicKey,
    /// By which a register lists it.
    pub(super) key_digest: KeyDigest,
    pub(super) algorithm: JwsAlgorithm,
    /// The entity that the certificate names, which was found to be the issuer.
    pub(super) entity: EntityCode,
    /// The kinds and services of documents that passed: who may issue what is not the same for all.
    pub(super) subjects: Vec<(DocumentKind, Option<ServiceCode>)>,
    /// Whether a document without a time-stamp passed.
    pub(super) without_time_stamp: bool,
    /// Time-stamps under which documents passed, the latest found last.
    pub(super) time_stamps: Vec<Arc<KnownTimeStamp>>,
}

/// A time-stamp under which a document passed.
#[derive(Debug)]
pub(super) struct KnownTimeStamp {
    pub(super) shape: Arc<TokenShape>,
    pub(super) key: PublicKey,
    pub(super) algorithm: SignatureAlgorithm,
    /// Of the content and of the signed attributes.
    pub(super) digest: DigestAlgorithm,
    pub(super) imprint: DigestAlgorithm,
    /// The proven times at which the paths of signer and authority hold as they did in the precedent.
    pub(super) period: SteadyPeriod,
}

impl KnownSigner {
    /// What is to be learned from a document with this report; `None` when it did not pass, or is out of the ordinary.
    pub(super) fn learn(task: &Task<'_>, shapes: &Shapes, jws: &StraightJws<'_>, report: &Report) -> Option<Self> {
        // A policy may let pass what does not hold: that is no precedent.
        if report.failures().next().is_some() {
            return None;
        }
        let [signature] = report.signatures() else { return None };
        let split = SplitHeader::read(jws.protected)?;
        let header = base64::decode_url(std::str::from_utf8(jws.protected).ok()?).ok()?;
        let policy = task.verifier.policy();
        let members = json::parse_object(&header, policy.limits()).ok()?;
        if !members.keys().all(|name| ORDINARY.contains(&name.as_str())) {
            return None;
        }
        if rests_on_an_end(task, signature)? {
            return None;
        }
        let pool = pool(task, &HeaderParameters::read(Members::new(&members), policy.limits()));
        let payload = task.ordinary_document(report)?;
        let time_stamp = match jws.etsi_u {
            None => None,
            Some(item) => Some(Arc::new(KnownTimeStamp::learn(task, shapes, item, signature, &pool)?)),
        };
        Some(Self {
            header: Arc::new(KnownHeader::of(&split, &header)?),
            key: signature.certificate()?.public_key().clone(),
            key_digest: KeyDigest::of(signature.certificate()?.public_key()),
            algorithm: signature.algorithm()?.parse().ok()?,
            entity: payload.issuer,
            subjects: vec![(payload.number.kind(), payload.service)],
            without_time_stamp: time_stamp.is_none(),
            time_stamps: time_stamp.into_iter().collect(),
        })
    }
}

impl Lesson for KnownSigner {
    type Key<'k> = SplitHeader<'k>;

    fn is(&self, header: &SplitHeader<'_>) -> bool {
        self.header.is(header)
    }

    fn and(&self, later: Self) -> Self {
        let mut all = self.clone();
        all.without_time_stamp |= later.without_time_stamp;
        all.time_stamps.extend(later.time_stamps);
        let surplus = all.time_stamps.len().saturating_sub(MOST_TIME_STAMPS);
        all.time_stamps.drain(..surplus);
        all.subjects.retain(|subject| !later.subjects.contains(subject));
        all.subjects.extend(later.subjects);
        let surplus = all.subjects.len().saturating_sub(MOST_SUBJECTS);
        all.subjects.drain(..surplus);
        all
    }

    fn octets(&self) -> usize {
        let of_time_stamps: usize = self.time_stamps.iter().map(|one| one.shape.octets() + FIXED).sum();
        self.header.octets() + of_time_stamps + FIXED
    }
}

impl KnownTimeStamp {
    fn learn(
        task: &Task<'_>,
        shapes: &Shapes,
        item: &[u8],
        signature: &SignatureReport,
        pool: &[Certificate],
    ) -> Option<Self> {
        let (mut item_octets, mut token_octets) = (Vec::new(), Vec::new());
        let der = opening::token(item, &mut item_octets, &mut token_octets)?;
        let policy = task.verifier.policy();
        let token = TimeStampToken::from_der(der, policy.limits()).ok()?;
        let authority = token.verify_signature(pool, policy.algorithms()).ok()?.signer();
        let proven = signature.proven_time().filter(|proven| *proven == token.unverified_tst_info().gen_time())?;
        let of_signer = period(task, signature.certificate()?, pool, proven, Path::Signer)?;
        let pool: Vec<Certificate> = token.certificates().iter().chain(pool).cloned().collect();
        let of_authority = period(task, authority, &pool, proven, Path::Authority)?;
        Some(Self {
            shape: shapes.of(der)?,
            key: authority.public_key().clone(),
            algorithm: token.signer_info().signature_algorithm(),
            digest: token.signer_info().digest_algorithm(),
            imprint: token.unverified_tst_info().message_imprint().algorithm(),
            period: of_signer.and(of_authority),
        })
    }
}

/// The shapes of tokens, which many signers share.
#[derive(Debug, Default)]
pub(super) struct Shapes(Mutex<Vec<Arc<TokenShape>>>);

impl Shapes {
    /// The shape of a token: one that is there, if the token has it.
    fn of(&self, token: &[u8]) -> Option<Arc<TokenShape>> {
        let mut shapes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = shapes.iter().find(|shape| shape.read(token).is_some()) {
            return Some(shape.clone());
        }
        let shape = Arc::new(TokenShape::of(token)?);
        if shapes.len() < MOST_SHAPES {
            shapes.push(shape.clone());
        }
        Some(shape)
    }
}

/// Whether an algorithm has ended that the signature rests on: then it passed for being older, which another may not be.
/// `None` when that cannot be told.
fn rests_on_an_end(task: &Task<'_>, signature: &SignatureReport) -> Option<bool> {
    let constraints = task.verifier.policy().algorithms();
    let path = signature.certification_path()?;
    let algorithm: JwsAlgorithm = signature.algorithm()?.parse().ok()?;
    let own = constraints.end(algorithm.signature_algorithm(), path.public_key()).ok()?;
    Some(path.first_end(constraints).into_iter().chain(own).any(|end| end <= task.at))
}

/// Everything a path may be built from, as in the general way: the certificates of the file, then those given.
fn pool(task: &Task<'_>, header: &HeaderParameters) -> Vec<Certificate> {
    header.certificates().iter().chain(&task.evidence.certificates).cloned().collect()
}

#[derive(Clone, Copy)]
enum Path {
    Signer,
    Authority,
}

/// The period around `proven` in which nothing changes that the path of `leaf` is judged by.
fn period(
    task: &Task<'_>,
    leaf: &Certificate,
    pool: &[Certificate],
    proven: Instant,
    path: Path,
) -> Option<SteadyPeriod> {
    let policy = task.verifier.policy();
    let (trust_store, settings) = match path {
        Path::Signer => (policy.trust_store(), policy.signer_path()),
        Path::Authority => (policy.time_stamp_trust_store(), policy.time_stamp_path()),
    };
    let mut inputs = PathInputs::new(leaf, trust_store, proven, settings);
    (inputs.pool, inputs.evidence) = (pool, Some(&task.evidence.revocation));
    SteadyPeriod::around(&inputs)
}

/// The header parameters that say the same of every document of a signer. One that refers to the payload, or that may, is
/// not among them.
const ORDINARY: [&str; 9] = ["alg", "cty", "kid", "x5t#S256", "x5t#o", "x5c", "typ", "exp", "iat"];

/// Time-stamps of one signer that are kept. 64: five years of monthly revocation lists, each of which starts a period.
const MOST_TIME_STAMPS: usize = 64;

/// Shapes that signers share. 64: some for each time-stamping authority.
const MOST_SHAPES: usize = 64;

/// Kinds and services of one signer that are kept.
const MOST_SUBJECTS: usize = 32;

/// What an entry takes beside the octets it keeps.
const FIXED: usize = 1024;
