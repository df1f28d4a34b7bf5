//! The array of statuses: draft-ietf-oauth-status-list §4.1 and §7.

use std::fmt;

use crate::budget::Limits;
use crate::status::StatusListError;
use crate::status::inflation::inflate;

/// How many bits each status has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "an octet divides in no other ways")]
pub enum StatusBits {
    /// Valid and revoked.
    One,
    /// All statuses that this crate knows.
    Two,
    /// Sixteen statuses.
    Four,
    /// 256 statuses.
    Eight,
}

impl StatusBits {
    /// The number, as the claim `bits` has it.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The bits of that number, if it is one of the four.
    pub(super) fn from_number(number: i64) -> Option<Self> {
        [Self::One, Self::Two, Self::Four, Self::Eight].into_iter().find(|bits| i64::from(bits.number()) == number)
    }

    /// The largest value.
    fn mask(self) -> u8 {
        u8::MAX >> (8 - self.number())
    }

    fn per_octet(self) -> u64 {
        u64::from(8 / self.number())
    }
}

/// What became of a document (§7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatusType {
    /// 0: it stands.
    Valid,
    /// 1, the draft's `INVALID`: withdrawn for good.
    Revoked,
    /// 2: not to be relied on for now.
    Suspended,
    /// 3, which the draft leaves to the application: replaced by another document for good.
    Superseded,
    /// A value that this crate does not know; never valid.
    Other(
        /// The value, from 4.
        u8,
    ),
}

impl StatusType {
    /// The status of `value`.
    #[must_use]
    pub fn from_value(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Revoked,
            2 => Self::Suspended,
            3 => Self::Superseded,
            other => Self::Other(other),
        }
    }

    /// The value in the array.
    #[must_use]
    pub fn value(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Revoked => 1,
            Self::Suspended => 2,
            Self::Superseded => 3,
            Self::Other(value) => value,
        }
    }

    /// Whether nothing can come after it.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Revoked | Self::Superseded)
    }
}

impl fmt::Display for StatusType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid => f.write_str("valid"),
            Self::Revoked => f.write_str("revoked"),
            Self::Suspended => f.write_str("suspended"),
            Self::Superseded => f.write_str("superseded"),
            Self::Other(value) => write!(f, "of the unknown status {value}"),
        }
    }
}

/// Statuses packed into octets, the first in the least significant bits.
///
/// ```
/// use wathiqa::status::{StatusArray, StatusBits};
///
/// // The example of §4.1.
/// let array = StatusArray::from_octets(StatusBits::One, vec![0xb9, 0xa3]);
/// let statuses: Vec<u8> = (0..array.len()).filter_map(|index| array.get(index)).collect();
/// assert_eq!(statuses, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
/// assert_eq!(array.get(16), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StatusArray {
    bits: StatusBits,
    octets: Vec<u8>,
}

impl StatusArray {
    /// The statuses in `octets`, as many as there is room for.
    #[must_use]
    pub fn from_octets(bits: StatusBits, octets: Vec<u8>) -> Self {
        Self { bits, octets }
    }

    /// The statuses in `stream`, a zlib stream (RFC 1950).
    ///
    /// # Errors
    /// [`StatusListError::Zlib`] for what is no zlib stream or fails its checksum, [`StatusListError::ArrayTooLarge`] for
    /// one that holds more than [`Limits::status_list_octets`], and [`StatusListError::TrailingOctets`] for octets behind
    /// the stream.
    pub fn from_zlib(bits: StatusBits, stream: &[u8], limits: &Limits) -> Result<Self, StatusListError> {
        inflate(stream, limits.status_list_octets).map(|octets| Self { bits, octets })
    }

    /// The bits of each status.
    #[must_use]
    pub fn bits(&self) -> StatusBits {
        self.bits
    }

    /// How many statuses there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        u64::try_from(self.octets.len()).unwrap_or(u64::MAX).saturating_mul(self.bits.per_octet())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The octets.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }

    /// The value at `index`, in constant time.
    #[must_use]
    pub fn get(&self, index: u64) -> Option<u8> {
        let octet = self.octets.get(usize::try_from(index / self.bits.per_octet()).ok()?)?;
        Some((octet >> self.shift(index)) & self.bits.mask())
    }

    /// Writes `value` at `index`; `false` when the array has no such place or the value no room there.
    #[cfg(feature = "issue")]
    pub(super) fn set(&mut self, index: u64, value: u8) -> bool {
        let (shift, mask) = (self.shift(index), self.bits.mask());
        let position = usize::try_from(index / self.bits.per_octet()).ok();
        match position.and_then(|position| self.octets.get_mut(position)) {
            Some(octet) if value <= mask => {
                *octet = (*octet & !(mask << shift)) | (value << shift);
                true
            }
            _ => false,
        }
    }

    fn shift(&self, index: u64) -> u8 {
        u8::try_from(index % self.bits.per_octet()).unwrap_or_default() * self.bits.number()
    }
}

impl fmt::Debug for StatusArray {
    /// The octets can be millions.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StatusArray").field("bits", &self.bits).field("len", &self.len()).finish_non_exhaustive()
    }
}
