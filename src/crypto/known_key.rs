//! Signatures by keys that have signed many: ECDSA on P-256 and P-384 by tables, in blocks.
//!
//! # The idea
//!
//! To verify an ECDSA signature (FIPS 186-5 §6.4.2) is to compute u₁·G + u₂·Q for the curve's generator G, the signer's
//! key Q and two numbers of 256 bits: with an unknown Q, 256 doublings of a point and some 80 additions. Where a hundred
//! keys have signed millions of documents, Q is known, and all of its multiples that can be needed are computed once:
//! u₂·Q is then the sum of 32 points looked up, u₁·G of 20, and nothing is doubled. What an addition costs most is a
//! division; a block of signatures shares each of these, so that an addition costs six multiplications.
//!
//! [`KnownKeys`] keeps the tables and takes [`Check`]s, any number at a time, best some hundreds.
//!
//! # It can only fail towards ring
//!
//! What the tables find to hold, holds. What they do not find to hold, for whatever reason, is decided again by the ordinary
//! verification, [`Check::verify`]: a signature that is false, one whose points meet on the way, a
//! key without a table. So there is no false reject, the reason of a reject is the ordinary one, and a signature that `ring`
//! refuses could pass only if a sum of points had by mistake exactly the x-coordinate that the signature names.
//!
//! All of it is over public data, and takes time that depends on them. Nothing here is ever used to sign.
//!
//! # Which back-end
//!
//! * [`Backend::Portable`]: the arithmetic of `fiat-crypto`, proved by machine. P-256 and P-384.
//! * [`Backend::Avx512`]: AVX-512 IFMA, where the processor has it. P-256; P-384 is computed as by the portable one.
//! * [`Backend::Ring`]: no tables.
//!
//! Ed25519 and RSA have no tables: `ring` takes for them about what a document costs anyway.

#[cfg(target_arch = "x86_64")]
mod avx512;
mod backend;
mod block;
mod cache;
mod check;
mod field;
mod inversion;
mod near;
mod point;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::crypto::ecdsa;
#[cfg(target_arch = "x86_64")]
use crate::crypto::known_key::avx512::LanePoint;
use crate::crypto::known_key::backend::Arithmetic;
use crate::crypto::known_key::block::{Claim, PointTable};
use crate::crypto::known_key::cache::{Answer, Cache};
use crate::crypto::known_key::point::{Curve, P256, P384, Point};
use crate::crypto::known_key::table::{Table, Window};
use crate::crypto::verification::{SignatureError, SignatureValid};

pub use self::backend::Backend;
pub use self::check::Check;
use self::near::Lent;
pub(crate) use self::near::NearTables;

/// Whether keys may have tables, and how much memory these may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KnownKeyTables {
    /// No tables: every signature is verified by `ring`.
    Off,
    /// Tables of keys that sign many, as long as they fit; the longest unused go first.
    Bounded {
        /// The octets that all tables may take. A P-256 key takes 256 KiB, a P-384 key 768 KiB, and the generators 5 and
        /// 2.5 MiB; with a bound below 32 MiB tables are smaller, 52 KiB and 154 KiB, and a signature costs more.
        octets: usize,
    },
}

impl Default for KnownKeyTables {
    /// 64 MiB: more than two hundred P-256 keys.
    fn default() -> Self {
        Self::Bounded { octets: 64 << 20 }
    }
}

/// The keys known from the signatures they made, to be shared by reference between threads.
///
/// A P-256 or P-384 key that has made some signatures gets a table of its multiples; a block of signatures is then verified
/// by additions alone, which share their divisions. Give [`verify`](Self::verify) some hundreds at a time, of any keys in any order. What
/// the tables do not find to hold is decided by [`Check::verify`], so that answers and reasons are the ordinary ones. Only
/// public data is computed with, in a time that depends on it.
///
/// ```
/// use wathiqa::crypto::{Backend, Check, JwsAlgorithm, KnownKeyTables, KnownKeys, PublicKey, SignatureError};
/// # let spki = [
/// #     &[0x30, 0x59, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7][..],
/// #     &[3, 0x42, 0, 4], &[1; 64],
/// # ].concat();
/// let key = PublicKey::from_spki_der(&spki).unwrap();
/// let known = KnownKeys::new(KnownKeyTables::default(), Backend::detect());
/// let checks = [Check::jws(&key, JwsAlgorithm::Es256, &[b"header", b".", b"payload"], &[1; 64])];
/// assert_eq!(known.verify(&checks), [Err(SignatureError::Invalid)]);
/// ```
pub struct KnownKeys {
    /// None if there are no tables.
    arithmetic: Option<Arithmetic>,
    bound: usize,
    p256: OnceLock<Option<KeyTable>>,
    p384: OnceLock<Option<KeyTable>>,
    cache: Mutex<Cache<KeyTable>>,
    decided: AtomicU64,
}

/// The table of a key or of a generator, in the form of the back-end.
enum KeyTable {
    P256(PointTable<P256>),
    #[cfg(target_arch = "x86_64")]
    P256Lanes(Table<LanePoint>),
    P384(PointTable<P384>),
}

impl KnownKeys {
    /// No keys known yet. A back-end that this processor has not is replaced by [`Backend::Portable`].
    #[must_use]
    pub fn new(tables: KnownKeyTables, backend: Backend) -> Self {
        let (arithmetic, bound) = match tables {
            KnownKeyTables::Off => (None, 0),
            KnownKeyTables::Bounded { octets } => (Arithmetic::of(backend), octets),
        };
        let (p256, p384, cache) = (OnceLock::new(), OnceLock::new(), Mutex::new(Cache::new(bound)));
        Self { arithmetic, bound, p256, p384, cache, decided: AtomicU64::new(0) }
    }

    /// Checks each signature, and answers in the same order exactly what [`Check::verify`] answers.
    #[must_use]
    pub fn verify(&self, checks: &[Check<'_>]) -> Vec<Result<SignatureValid, SignatureError>> {
        self.verify_near(&mut NearTables::default(), checks)
    }

    /// The same, for a thread that has tables at hand from the call before.
    pub(crate) fn verify_near(
        &self,
        near: &mut NearTables,
        checks: &[Check<'_>],
    ) -> Vec<Result<SignatureValid, SignatureError>> {
        let mut valid = vec![None; checks.len()];
        if let Some(arithmetic) = self.arithmetic {
            let keys = self.keys(arithmetic, near, checks);
            let job = |(position, check)| {
                let table = &keys.of_check(position)?.table.as_ref()?.table;
                Some(Job { position, check, table })
            };
            let jobs: Vec<Job<'_>> = checks.iter().enumerate().filter_map(job).collect();
            self.decide(arithmetic, &jobs, &mut valid);
        }
        valid.into_iter().zip(checks).map(|(valid, check)| valid.map_or_else(|| check.verify(), Ok)).collect()
    }

    /// The back-end in use.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.arithmetic.map_or(Backend::Ring, Arithmetic::backend)
    }

    /// How many signatures tables have decided; `ring` decided the others.
    #[must_use]
    pub fn decided_by_tables(&self) -> u64 {
        self.decided.load(Ordering::Relaxed)
    }

    /// How many keys have a table.
    #[must_use]
    pub fn tables_kept(&self) -> usize {
        self.cache().size().0
    }

    /// The keys of `checks`, with their tables; those that were earned are built.
    fn keys<'a>(&self, arithmetic: Arithmetic, near: &mut NearTables, checks: &[Check<'a>]) -> Keys<'a> {
        let mut keys = Keys::of(checks);
        let (now, dropped) = self.cache().now();
        near.look_after(dropped);
        let mut at_hand = 0;
        for key in &mut keys.keys {
            key.table = near.find(key.point, now);
            at_hand += key.table.as_ref().map_or(0, |_| key.signatures);
        }
        let mut earned = Vec::new();
        let mut cache = self.cache();
        cache.pass(at_hand);
        for key in keys.keys.iter_mut().filter(|key| key.table.is_none()) {
            match cache.ask(key.point, key.signatures, key_window(key.curve, self.bound).octets(key.curve)) {
                Answer::NoTable => {}
                Answer::Table(table) => key.table = Some(near.keep(key.point, table)),
                Answer::Build => earned.push(key),
            }
        }
        drop(cache);
        // Other threads go on while this one builds.
        for key in earned {
            let window = key_window(key.curve, self.bound);
            let table = KeyTable::of_key(arithmetic, key.curve, key.point, window);
            let kept = self.cache().built(key.point, table);
            key.table = kept.map(|table| near.keep(key.point, table));
        }
        keys
    }

    /// Notes in `valid` which signatures were found to hold.
    fn decide(&self, arithmetic: Arithmetic, jobs: &[Job<'_>], valid: &mut [Option<SignatureValid>]) {
        let generator = |curve| self.generator(arithmetic, curve);
        match arithmetic {
            Arithmetic::Portable => self.decide_by(generator, jobs, valid, KeyTable::p256, block::decide::<P256>),
            #[cfg(target_arch = "x86_64")]
            Arithmetic::Avx512(avx512) => {
                self.decide_by(generator, jobs, valid, KeyTable::p256_lanes, |table, claims| {
                    avx512.decide(table, claims)
                });
            }
        }
        self.decide_by(generator, jobs, valid, KeyTable::p384, block::decide::<P384>);
    }

    /// Those of `jobs` whose table `form` knows.
    fn decide_by<'a, 'b, C: Curve, T: 'a>(
        &'b self,
        generator: impl Fn(ecdsa::Curve) -> Option<&'b KeyTable>,
        jobs: &[Job<'a>],
        valid: &mut [Option<SignatureValid>],
        form: fn(&KeyTable) -> Option<&T>,
        decide: impl Fn(&T, &[Claim<'a, C, T>]) -> Vec<bool>,
    ) {
        let (mut positions, mut claims) = (Vec::new(), Vec::new());
        for job in jobs {
            if let Some(table) = form(job.table)
                && let Some(claim) = job.check.claim(table)
            {
                positions.push(job.position);
                claims.push(claim);
            }
        }
        if claims.is_empty() {
            return;
        }
        let Some(generator) = generator(C::NAME).and_then(form) else { return };
        let mut count = 0;
        for (position, holds) in positions.into_iter().zip(decide(generator, &claims)) {
            if let Some(valid) = valid.get_mut(position) {
                *valid = SignatureValid::by_equation(holds);
                count += u64::from(holds);
            }
        }
        self.decided.fetch_add(count, Ordering::Relaxed);
    }

    /// The table of the generator, built when first asked for.
    fn generator(&self, arithmetic: Arithmetic, curve: ecdsa::Curve) -> Option<&KeyTable> {
        let table = match curve {
            ecdsa::Curve::P256 => &self.p256,
            ecdsa::Curve::P384 => &self.p384,
        };
        let build = || {
            let window = generator_window(curve, self.bound);
            self.cache().reserve(window.octets(curve));
            KeyTable::of_generator(arithmetic, curve, window)
        };
        table.get_or_init(build).as_ref()
    }

    fn cache(&self) -> MutexGuard<'_, Cache<KeyTable>> {
        // Whoever panicked while holding it left counts behind at worst.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KnownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownKeys")
            .field("backend", &self.backend())
            .field("bound", &self.bound)
            .finish_non_exhaustive()
    }
}

/// The keys of some checks.
struct Keys<'a> {
    keys: Vec<Key<'a>>,
    /// For each check which of `keys` is its own.
    of_checks: Vec<Option<usize>>,
}

/// A key, and how many of the checks are by it.
struct Key<'a> {
    curve: ecdsa::Curve,
    point: &'a [u8],
    signatures: u64,
    table: Option<Lent>,
}

impl<'a> Keys<'a> {
    fn of(checks: &[Check<'a>]) -> Self {
        let mut keys: Vec<Key<'a>> = Vec::new();
        let mut numbers: BTreeMap<&'a [u8], usize> = BTreeMap::new();
        // The number of the key last seen with these last bits. It finds most keys with one comparison; those that share
        // their bits, be it by intent, are found among all.
        let mut recent = [usize::MAX; 1024];
        let of_check = |check: &Check<'a>| {
            let (curve, point) = check.point()?;
            let bits = point.last_chunk().map_or(0, |last| usize::from(u16::from_be_bytes(*last)) % recent.len());
            let recent = recent.get_mut(bits)?;
            if keys.get(*recent).is_none_or(|key| key.point != point) {
                *recent = *numbers.entry(point).or_insert(keys.len());
            }
            if *recent == keys.len() {
                keys.push(Key { curve, point, signatures: 0, table: None });
            }
            keys.get_mut(*recent)?.signatures += 1;
            Some(*recent)
        };
        let of_checks = checks.iter().map(of_check).collect();
        Self { keys, of_checks }
    }

    fn of_check(&self, position: usize) -> Option<&Key<'a>> {
        self.keys.get((*self.of_checks.get(position)?)?)
    }
}

/// A check whose key has a table.
struct Job<'a> {
    position: usize,
    check: &'a Check<'a>,
    table: &'a KeyTable,
}

impl KeyTable {
    /// The table of an uncompressed point (SEC 1 §2.3.3), unless it is not on its curve.
    fn of_key(arithmetic: Arithmetic, curve: ecdsa::Curve, point: &[u8], window: Window) -> Option<Self> {
        let coordinates = point.strip_prefix(&[4])?;
        Self::build(arithmetic, curve, coordinates, window)
    }

    fn of_generator(arithmetic: Arithmetic, curve: ecdsa::Curve, window: Window) -> Option<Self> {
        let coordinates = match curve {
            ecdsa::Curve::P256 => P256::GENERATOR,
            ecdsa::Curve::P384 => P384::GENERATOR,
        };
        Self::build(arithmetic, curve, coordinates, window)
    }

    fn build(arithmetic: Arithmetic, curve: ecdsa::Curve, coordinates: &[u8], window: Window) -> Option<Self> {
        match curve {
            ecdsa::Curve::P256 => {
                let table = Table::new(Point::on_curve::<P256>(coordinates)?, window)?;
                Some(match arithmetic {
                    Arithmetic::Portable => Self::P256(table),
                    #[cfg(target_arch = "x86_64")]
                    Arithmetic::Avx512(_) => Self::P256Lanes(table.map(|point| LanePoint::from(point))),
                })
            }
            ecdsa::Curve::P384 => Table::new(Point::on_curve::<P384>(coordinates)?, window).map(Self::P384),
        }
    }

    fn p256(&self) -> Option<&PointTable<P256>> {
        if let Self::P256(table) = self { Some(table) } else { None }
    }

    #[cfg(target_arch = "x86_64")]
    fn p256_lanes(&self) -> Option<&Table<LanePoint>> {
        if let Self::P256Lanes(table) = self { Some(table) } else { None }
    }

    fn p384(&self) -> Option<&PointTable<P384>> {
        if let Self::P384(table) = self { Some(table) } else { None }
    }
}

/// The digits of the tables of keys. 128 points for each of 32 or 48: wider rows would fall out of the processor's caches.
/// With little memory, 16 for each of 52 or 77, so that more keys have a table.
const fn key_window(curve: ecdsa::Curve, bound: usize) -> Window {
    let bits = if bound < WIDE { 5 } else { 8 };
    match curve {
        ecdsa::Curve::P256 => Window::new::<P256>(bits),
        ecdsa::Curve::P384 => Window::new::<P384>(bits),
    }
}

/// There is one generator, so its rows may be wider: 20 or 39 digits.
const fn generator_window(curve: ecdsa::Curve, bound: usize) -> Window {
    match curve {
        _ if bound < WIDE => key_window(curve, bound),
        ecdsa::Curve::P256 => Window::new::<P256>(13),
        ecdsa::Curve::P384 => Window::new::<P384>(10),
    }
}

/// The bound from which there is room for a hundred keys and the generators with wide tables.
const WIDE: usize = 32 << 20;
