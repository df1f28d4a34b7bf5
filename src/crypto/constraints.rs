//! Which algorithms and key sizes may be relied on, and until when.
//!
//! An algorithm does not break on a day of its own: somebody says from which day on it is not to be relied on. A policy
//! has these days in a table, as ETSI TS 119 312 has them. What was made with an algorithm before its end, and is proven
//! to have existed by then, stays good; what nothing proves may have been made by whoever can break it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::existence::Existence;
use crate::crypto::public_key::{KeyMaterial, PublicKey};
use crate::crypto::{roca, small_order};
use crate::digest::DigestAlgorithm;
use crate::time::Instant;

mod row;

pub use row::{AlgorithmRow, ListedAlgorithm};

/// What a policy asks of a signature's algorithm and key, before the signature itself is looked at.
///
/// What stands in no row is refused, and what stands in one is refused from its end on. The default has the ends that the
/// reference validator of the EU takes from ETSI TS 119 312 v1.5.1:
///
/// | algorithm | least bits | end |
/// | --- | --- | --- |
/// | SHA-1 | | 2012-08-01 |
/// | SHA-256, SHA-384, SHA-512 | | none |
/// | RSA, PKCS#1 v1.5 and PSS | 1024 | 2019-10-01 |
/// | RSA, PKCS#1 v1.5 and PSS | 2048 | 2029-01-01 |
/// | RSA, PKCS#1 v1.5 and PSS | 3072 | none |
/// | ECDSA | 256 | none |
/// | Ed25519 | | none |
///
/// Stricter than that source, RSA of 1900 to 2047 bits ends with the shorter ones, for SP 800-131A rev. 2 §3 asks for 2048;
/// RSA of 3072 bits has the strength of P-256 (SP 800-57 part 1 rev. 5 table 2) and no end either. Keys of a factory that made them guessable (ROCA, CVE-2017-15361) and Ed25519 keys of small order are always
/// refused: such a signature may be anybody's.
///
/// Ends are judged at the time of [`judged_at`](Self::judged_at); until that is given, on the day the table was last
/// reviewed, 2026-01-01.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(from = "Vec<AlgorithmRow>", into = "Vec<AlgorithmRow>")]
pub struct AlgorithmConstraints {
    rows: Cow<'static, [AlgorithmRow]>,
    judged: Judged,
}

/// When the use of an algorithm is judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Judged {
    /// On the day the table was last reviewed.
    #[default]
    Reviewed,
    At(Instant),
    /// Each object when it is proven to have existed.
    By(Arc<Existence>),
}

impl Default for AlgorithmConstraints {
    fn default() -> Self {
        Self { rows: Cow::Borrowed(&row::DEFAULT), judged: Judged::Reviewed }
    }
}

impl From<Vec<AlgorithmRow>> for AlgorithmConstraints {
    fn from(rows: Vec<AlgorithmRow>) -> Self {
        Self { rows: Cow::Owned(rows), judged: Judged::Reviewed }
    }
}

impl From<AlgorithmConstraints> for Vec<AlgorithmRow> {
    fn from(constraints: AlgorithmConstraints) -> Self {
        constraints.rows.into_owned()
    }
}

impl AlgorithmConstraints {
    /// What is asked before anything is signed, whoever holds the key: no SHA-1, and RSA of 3072 bits, which has the
    /// 128 bits of strength of P-256 and Ed25519 (SP 800-57 part 1 rev. 5 table 2). What is verified was signed long ago;
    /// what is signed has to last. It has no ends: those are for what is verified.
    #[must_use]
    pub fn for_signing() -> Self {
        Self { rows: Cow::Borrowed(&row::FOR_SIGNING), judged: Judged::Reviewed }
    }

    /// The table.
    #[must_use]
    pub fn rows(&self) -> &[AlgorithmRow] {
        &self.rows
    }

    /// The same with one row more. Of several rows that a key fits, the one that ends last counts.
    #[must_use]
    pub fn with(mut self, row: AlgorithmRow) -> Self {
        self.rows.to_mut().push(row);
        self
    }

    /// The same without the rows of `algorithm`.
    #[must_use]
    pub fn without(mut self, algorithm: ListedAlgorithm) -> Self {
        self.rows.to_mut().retain(|row| row.algorithm() != algorithm);
        self
    }

    /// The same table, its ends judged at `at`.
    #[must_use]
    pub fn judged_at(mut self, at: Instant) -> Self {
        self.judged = Judged::At(at);
        self
    }

    /// The same table, its ends judged for each object when that is proven to have existed.
    pub(crate) fn judged_by(mut self, existence: Arc<Existence>) -> Self {
        self.judged = Judged::By(existence);
        self
    }

    /// Checks an algorithm with the key it is used with. A key that cannot be used passes here: verifying with it
    /// says why.
    ///
    /// # Errors
    /// * [`ConstraintError::DigestEnded`]: RSASSA-PKCS1-v1_5 with SHA-1.
    /// * [`ConstraintError::RsaEnded`]: an RSA key of 1024 bits.
    /// * [`ConstraintError::RsaModulusTooShort`], [`ConstraintError::NotListed`]: no row has it, as RSA of 1023 bits.
    /// * [`ConstraintError::RocaKey`]: an RSA modulus with the ROCA fingerprint.
    /// * [`ConstraintError::Ed25519SmallOrder`]: an Ed25519 key of small order.
    pub fn check(&self, algorithm: SignatureAlgorithm, key: &PublicKey) -> Result<(), ConstraintError> {
        self.check_all(algorithm, key, None)
    }

    /// Checks a key alone: that of a trust anchor, whose own signature nobody checks.
    ///
    /// # Errors
    /// As [`check`](Self::check), of a key.
    pub fn check_key(&self, key: &PublicKey) -> Result<(), ConstraintError> {
        self.judge_key(key, None)
    }

    /// Checks a digest that something rests on, such as a message imprint.
    ///
    /// # Errors
    /// As [`check`](Self::check), of a digest.
    pub fn check_digest(&self, digest: DigestAlgorithm) -> Result<(), ConstraintError> {
        self.judge_digest(digest, None)
    }

    /// As [`check`](Self::check), for the signature of `object`: a certificate, a list, a response, a token, in DER.
    pub(crate) fn check_of(
        &self,
        object: &[u8],
        algorithm: SignatureAlgorithm,
        key: &PublicKey,
    ) -> Result<(), ConstraintError> {
        self.check_all(algorithm, key, Some(object))
    }

    /// As [`check_key`](Self::check_key), for a key that `object` holds or was made with.
    pub(crate) fn check_key_of(&self, object: &[u8], key: &PublicKey) -> Result<(), ConstraintError> {
        self.judge_key(key, Some(object))
    }

    /// As [`check_digest`](Self::check_digest), for a digest in `object`.
    pub(crate) fn check_digest_of(&self, object: &[u8], digest: DigestAlgorithm) -> Result<(), ConstraintError> {
        self.judge_digest(digest, Some(object))
    }

    /// Until when a signature by `algorithm` with `key` may be relied on: the earlier end of the two; `None` when the
    /// table has no end for either.
    ///
    /// # Errors
    /// [`ConstraintError`] when the table does not have it at all.
    pub fn end(&self, algorithm: SignatureAlgorithm, key: &PublicKey) -> Result<Option<Instant>, ConstraintError> {
        let of_digest = algorithm.digest().map_or(Ok(None), |digest| self.end_of_digest(digest))?;
        let of_key = self.end_of_key(key)?;
        Ok(of_digest.into_iter().chain(of_key).min())
    }

    /// Until when a digest may be relied on; `None` when the table has no end for it.
    ///
    /// # Errors
    /// [`ConstraintError::NotListed`] when the table does not have it at all.
    pub fn end_of_digest(&self, digest: DigestAlgorithm) -> Result<Option<Instant>, ConstraintError> {
        self.latest_end(digest.into(), usize::MAX).ok_or(ConstraintError::NotListed { algorithm: digest.into() })
    }

    fn end_of_key(&self, key: &PublicKey) -> Result<Option<Instant>, ConstraintError> {
        let Some((algorithm, bits)) = listed(key) else { return Ok(None) };
        self.latest_end(algorithm, bits).ok_or_else(|| match algorithm {
            ListedAlgorithm::Rsa => self.too_short(bits),
            _ => ConstraintError::NotListed { algorithm },
        })
    }

    fn check_all(
        &self,
        algorithm: SignatureAlgorithm,
        key: &PublicKey,
        object: Option<&[u8]>,
    ) -> Result<(), ConstraintError> {
        algorithm.digest().map_or(Ok(()), |digest| self.judge_digest(digest, object))?;
        self.judge_key(key, object)
    }

    fn judge_digest(&self, digest: DigestAlgorithm, object: Option<&[u8]>) -> Result<(), ConstraintError> {
        let Some(end) = self.end_of_digest(digest)? else { return Ok(()) };
        let at = self.time_of(object);
        if at < end { Ok(()) } else { Err(ConstraintError::DigestEnded { algorithm: digest, end, at }) }
    }

    fn judge_key(&self, key: &PublicKey, object: Option<&[u8]>) -> Result<(), ConstraintError> {
        match &key.material {
            KeyMaterial::Rsa(key) if roca::has_fingerprint(&key.modulus) => return Err(ConstraintError::RocaKey),
            KeyMaterial::Ed25519(key) if small_order::has_small_order(key) => {
                return Err(ConstraintError::Ed25519SmallOrder);
            }
            _ => {}
        }
        let Some(end) = self.end_of_key(key)? else { return Ok(()) };
        let at = self.time_of(object);
        match listed(key) {
            _ if at < end => Ok(()),
            Some((ListedAlgorithm::Rsa, found)) => Err(ConstraintError::RsaEnded { found, end, at }),
            Some((algorithm, _)) => Err(ConstraintError::Ended { algorithm, end, at }),
            None => Ok(()),
        }
    }

    /// When the use of an algorithm in `object` is judged.
    fn time_of(&self, object: Option<&[u8]>) -> Instant {
        match (&self.judged, object) {
            (Judged::Reviewed, _) => row::REVIEWED,
            (Judged::At(at), _) => *at,
            (Judged::By(existence), Some(object)) => existence.proven(object),
            (Judged::By(existence), None) => existence.at(),
        }
    }

    /// The end of the row that ends last, of those that a key of `bits` fits; `None` when it fits none.
    fn latest_end(&self, algorithm: ListedAlgorithm, bits: usize) -> Option<Option<Instant>> {
        let fitting = self.rows.iter().filter(|row| row.algorithm() == algorithm && row.min_bits() <= bits);
        // No end is the latest of all.
        fitting.map(AlgorithmRow::end).reduce(|one, other| one.zip(other).map(|(one, other)| one.max(other)))
    }

    fn too_short(&self, found: usize) -> ConstraintError {
        let of_rsa = self.rows.iter().filter(|row| row.algorithm() == ListedAlgorithm::Rsa);
        match of_rsa.map(AlgorithmRow::min_bits).min() {
            Some(minimum) => ConstraintError::RsaModulusTooShort { found, minimum },
            None => ConstraintError::NotListed { algorithm: ListedAlgorithm::Rsa },
        }
    }
}

/// The row that a key is looked up in, with its bits; `None` for a key that cannot be used.
fn listed(key: &PublicKey) -> Option<(ListedAlgorithm, usize)> {
    match &key.material {
        KeyMaterial::Rsa(key) => Some((ListedAlgorithm::Rsa, key.modulus_bits())),
        KeyMaterial::P256(_) => Some((ListedAlgorithm::Ecdsa, 256)),
        KeyMaterial::P384(_) => Some((ListedAlgorithm::Ecdsa, 384)),
        KeyMaterial::Ed25519(_) => Some((ListedAlgorithm::Ed25519, 256)),
        KeyMaterial::Unsupported => None,
    }
}

/// Which constraint an algorithm or key breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConstraintError {
    /// A hash function could be relied on once.
    #[error("algorithm: {algorithm} could be relied on until {end}, judged at {at}")]
    DigestEnded {
        /// The hash function.
        algorithm: DigestAlgorithm,
        /// The first instant at which it could not.
        end: Instant,
        /// When it was used, as far as that is proven, else the time of judgement.
        at: Instant,
    },
    /// RSA keys of that size could be relied on once.
    #[error("algorithm: RSA keys of {found} bits could be relied on until {end}, judged at {at}")]
    RsaEnded {
        /// The bits found.
        found: usize,
        /// The first instant at which they could not.
        end: Instant,
        /// When the key was used, as far as that is proven, else the time of judgement.
        at: Instant,
    },
    /// Keys of that kind could be relied on once.
    #[error("algorithm: {algorithm} could be relied on until {end}, judged at {at}")]
    Ended {
        /// The algorithm of the key.
        algorithm: ListedAlgorithm,
        /// The first instant at which they could not.
        end: Instant,
        /// When the key was used, as far as that is proven, else the time of judgement.
        at: Instant,
    },
    /// The table does not have the algorithm.
    #[error("algorithm: {algorithm} is not allowed")]
    NotListed {
        /// The algorithm.
        algorithm: ListedAlgorithm,
    },
    /// The RSA modulus is shorter than any in the table.
    #[error("algorithm: an RSA key of {found} bits is not allowed, at least {minimum} are asked for")]
    RsaModulusTooShort {
        /// The bits found.
        found: usize,
        /// The least bits in the table.
        minimum: usize,
    },
    /// The RSA modulus has the fingerprint of CVE-2017-15361: its factors can be found.
    #[error("algorithm: the RSA key is of the kind whose factors can be found (ROCA, CVE-2017-15361)")]
    RocaKey,
    /// The Ed25519 key is a point of small order: signatures that nobody made hold with it.
    #[error("algorithm: the Ed25519 key is of small order, with which anything is a signature")]
    Ed25519SmallOrder,
}

impl ConstraintError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DigestEnded { .. } => "algorithm-digest-ended",
            Self::RsaEnded { .. } => "algorithm-rsa-ended",
            Self::Ended { .. } => "algorithm-ended",
            Self::NotListed { .. } => "algorithm-not-listed",
            Self::RsaModulusTooShort { .. } => "algorithm-rsa-modulus-too-short",
            Self::RocaKey => "algorithm-roca-key",
            Self::Ed25519SmallOrder => "algorithm-ed25519-small-order",
        }
    }

    /// The first instant at which the algorithm could not be relied on, if it could before.
    #[must_use]
    pub fn end(&self) -> Option<Instant> {
        match self {
            Self::DigestEnded { end, .. } | Self::RsaEnded { end, .. } | Self::Ended { end, .. } => Some(*end),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::example_keys::{ED25519_SPKI, RSA1024_SPKI, RSA2048_SPKI, key};

    const PKCS1: SignatureAlgorithm = SignatureAlgorithm::RsaPkcs1Sha256;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn the_default_refuses_what_is_weak_and_says_since_when() {
        let strict = AlgorithmConstraints::default();
        assert_eq!(strict.check(PKCS1, &key(RSA2048_SPKI)), Ok(()));
        assert_eq!(strict.check(SignatureAlgorithm::Ed25519, &key(ED25519_SPKI)), Ok(()));
        let short = strict.check(PKCS1, &key(RSA1024_SPKI)).unwrap_err();
        assert_eq!(
            (short.to_string().as_str(), short.code()),
            (
                "algorithm: RSA keys of 1024 bits could be relied on until 2019-10-01T00:00:00Z, judged at \
                 2026-01-01T00:00:00Z",
                "algorithm-rsa-ended"
            )
        );
        let sha1 = strict.check(SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA2048_SPKI)).unwrap_err();
        assert_eq!(
            (sha1.to_string().as_str(), sha1.code()),
            (
                "algorithm: SHA-1 could be relied on until 2012-08-01T00:00:00Z, judged at 2026-01-01T00:00:00Z",
                "algorithm-digest-ended"
            )
        );
        let short = AlgorithmConstraints::for_signing().check(PKCS1, &key(RSA2048_SPKI)).unwrap_err();
        assert_eq!(short, ConstraintError::RsaModulusTooShort { found: 2048, minimum: 3072 });
        assert_eq!(short.to_string(), "algorithm: an RSA key of 2048 bits is not allowed, at least 3072 are asked for");
        let sha1 = AlgorithmConstraints::for_signing().check_digest(DigestAlgorithm::Sha1).unwrap_err();
        assert_eq!(
            (sha1.to_string().as_str(), sha1.code()),
            ("algorithm: SHA-1 is not allowed", "algorithm-not-listed")
        );
    }

    #[test]
    fn an_end_is_the_first_instant_that_is_too_late() {
        let judged = |text| AlgorithmConstraints::default().judged_at(at(text));
        let sha1 = |text| judged(text).check_digest(DigestAlgorithm::Sha1).is_ok();
        assert!(sha1("2012-07-31T23:59:59Z") && !sha1("2012-08-01T00:00:00Z"));
        let short = |text| judged(text).check(PKCS1, &key(RSA1024_SPKI)).is_ok();
        assert!(short("2019-09-30T23:59:59Z") && !short("2019-10-01T00:00:00Z"));
        let long = |text| judged(text).check_key(&key(RSA2048_SPKI)).is_ok();
        assert!(long("2028-12-31T23:59:59Z") && !long("2029-01-01T00:00:00Z"));
        assert!(judged("9999-12-31T00:00:00Z").check_key(&key(ED25519_SPKI)).is_ok());
        let end = |key| AlgorithmConstraints::default().end(PKCS1, &key).unwrap().map(|end| end.to_string());
        assert_eq!(end(key(RSA2048_SPKI)).as_deref(), Some("2029-01-01T00:00:00Z"));
        assert_eq!(end(key(ED25519_SPKI)), None);
    }

    #[test]
    fn an_object_is_judged_when_it_is_proven_to_have_existed() {
        let mut existence = Existence::new(at("2040-01-01T00:00:00Z"));
        existence.prove(DigestAlgorithm::Sha256.digest(b"old"), at("2012-07-31T23:59:59Z"));
        existence.prove(DigestAlgorithm::Sha256.digest(b"late"), at("2012-08-01T00:00:00Z"));
        let constraints = AlgorithmConstraints::default().judged_by(Arc::new(existence));
        let check = |object: &[u8]| constraints.check_digest_of(object, DigestAlgorithm::Sha1);
        assert_eq!(check(b"old"), Ok(()));
        let late = check(b"late").unwrap_err();
        assert_eq!(late.end(), Some(at("2012-08-01T00:00:00Z")));
        let unproven = check(b"unproven").unwrap_err().to_string();
        assert_eq!(
            unproven,
            "algorithm: SHA-1 could be relied on until 2012-08-01T00:00:00Z, judged at 2040-01-01T00:00:00Z"
        );
        assert!(constraints.check_digest(DigestAlgorithm::Sha1).is_err());
        assert_eq!(constraints.check_of(b"old", SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA1024_SPKI)), Ok(()));
        assert_eq!(constraints.check_key_of(b"late", &key(RSA1024_SPKI)), Ok(()));
        assert!(constraints.check_key_of(b"unproven", &key(RSA1024_SPKI)).is_err());
    }

    #[test]
    fn rows_are_added_and_taken_away_and_the_latest_end_counts() {
        let least = |bits| {
            AlgorithmConstraints::default()
                .without(ListedAlgorithm::Rsa)
                .with(AlgorithmRow::new(ListedAlgorithm::Rsa, bits))
                .with(AlgorithmRow::new(ListedAlgorithm::Sha1, 0))
        };
        assert_eq!(least(1024).check(SignatureAlgorithm::RsaPkcs1Sha1, &key(RSA1024_SPKI)), Ok(()));
        let short = least(1025).check(PKCS1, &key(RSA1024_SPKI)).unwrap_err();
        assert_eq!(short, ConstraintError::RsaModulusTooShort { found: 1024, minimum: 1025 });
        let none = AlgorithmConstraints::default().without(ListedAlgorithm::Ed25519);
        let error = none.check_key(&key(ED25519_SPKI)).unwrap_err();
        assert_eq!(error, ConstraintError::NotListed { algorithm: ListedAlgorithm::Ed25519 });
        let ended = none.with(AlgorithmRow::new(ListedAlgorithm::Ed25519, 0).until(at("2025-01-01T00:00:00Z")));
        assert_eq!(ended.check_key(&key(ED25519_SPKI)).unwrap_err().code(), "algorithm-ended");
    }

    #[test]
    fn the_table_is_data() {
        let constraints = AlgorithmConstraints::default();
        let json = serde_json::to_value(&constraints).unwrap();
        assert_eq!(json[0], serde_json::json!({"algorithm": "SHA-1", "end": "2012-08-01T00:00:00Z"}));
        assert_eq!(json[1], serde_json::json!({"algorithm": "SHA-256"}));
        let of_rsa = serde_json::json!({"algorithm": "RSA", "minBits": 1024, "end": "2019-10-01T00:00:00Z"});
        assert!(json.as_array().unwrap().contains(&of_rsa), "{json}");
        assert_eq!(serde_json::from_value::<AlgorithmConstraints>(json).unwrap(), constraints);
        let rows = vec![AlgorithmRow::new(ListedAlgorithm::Sha256, 0)];
        let alone: AlgorithmConstraints = serde_json::from_str(r#"[{"algorithm":"SHA-256"}]"#).unwrap();
        assert_eq!((alone.rows(), Vec::from(alone.clone())), (&rows[..], rows.clone()));
        assert!(serde_json::from_str::<AlgorithmConstraints>(r#"[{"algorithm":"MD5"}]"#).is_err());
        assert!(serde_json::from_str::<AlgorithmConstraints>(r#"[{"algorithm":"RSA","minBit":1}]"#).is_err());
    }
}
