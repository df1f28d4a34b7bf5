//! How far the time of a time-stamp may be from the true time.
//!
//! ```text
//! Accuracy ::= SEQUENCE {
//!     seconds      INTEGER           OPTIONAL,
//!     millis   [0] INTEGER (1..999)  OPTIONAL,
//!     micros   [1] INTEGER (1..999)  OPTIONAL }
//! ```

use std::fmt;
use std::time::Duration;

use crate::encoding::der::{Tag, Value};
use crate::tsp::TstInfoError;

/// The most that the time in a time-stamp deviates from UTC, in either direction (RFC 3161 §2.4.2).
///
/// ```
/// use std::time::Duration;
/// use wathiqa::tsp::Accuracy;
/// let accuracy = Accuracy::from_micros(1_500_000);
/// assert_eq!(accuracy.as_duration(), Duration::from_millis(1500));
/// assert_eq!(accuracy.to_string(), "1.5 s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Accuracy {
    micros: u64,
}

impl Accuracy {
    /// An accuracy of `micros` microseconds.
    #[must_use]
    pub fn from_micros(micros: u32) -> Self {
        Self { micros: micros.into() }
    }

    /// The deviation.
    #[must_use]
    pub fn as_duration(self) -> Duration {
        Duration::from_micros(self.micros)
    }

    /// Reads an Accuracy. A component that is absent counts as zero.
    pub(super) fn from_value(value: &Value<'_>) -> Result<Self, TstInfoError> {
        let mut components = value.reader();
        let seconds = components.optional(Tag::INTEGER)?.map_or(Ok(0), |value| value.unsigned(MAX_SECONDS))?;
        let millis = components.optional(Tag::context(0))?.map_or(Ok(0), |value| thousandths(&value, "millis"))?;
        let micros = components.optional(Tag::context(1))?.map_or(Ok(0), |value| thousandths(&value, "micros"))?;
        components.finish()?;
        Ok(Self { micros: seconds * 1_000_000 + millis * 1_000 + micros })
    }

    /// Writes an Accuracy, components that are zero left out.
    #[cfg(feature = "issue")]
    pub(super) fn write(self, writer: &mut crate::encoding::der::Writer) {
        let seconds = self.micros / 1_000_000;
        let millis = self.micros / 1_000 % 1_000;
        let micros = self.micros % 1_000;
        writer.constructed(Tag::SEQUENCE, |accuracy| {
            if seconds != 0 {
                accuracy.unsigned(seconds);
            }
            if millis != 0 {
                accuracy.implicit_unsigned(Tag::context(0), millis);
            }
            if micros != 0 {
                accuracy.implicit_unsigned(Tag::context(1), micros);
            }
        });
    }
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.micros % 1_000_000);
        match fraction.trim_end_matches('0') {
            "" => write!(f, "{} s", self.micros / 1_000_000),
            digits => write!(f, "{}.{digits} s", self.micros / 1_000_000),
        }
    }
}

/// An INTEGER from 1 to 999.
fn thousandths(value: &Value<'_>, component: &'static str) -> Result<u64, TstInfoError> {
    let number = value.unsigned(u64::MAX)?;
    if (1..=999).contains(&number) { Ok(number) } else { Err(TstInfoError::Accuracy { component, found: number }) }
}

/// The most seconds that are read: 136 years, more than which no clock is wrong.
const MAX_SECONDS: u64 = 0xffff_ffff;
