//! Instants and the periods between them.
//!
//! Every time in this crate is an argument or comes from a document; nothing here reads a clock. An [`Instant`] is UTC
//! with nanoseconds, between the years 0 and 9999, which is what GeneralizedTime (RFC 5280 §4.1.2.5.2), RFC 3339 and
//! a NumericDate (RFC 7519 §2) can all say. Finer fractions, which RFC 3161 allows, are cut to nanoseconds.

pub(crate) mod seconds;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use ::time::format_description::well_known::Rfc3339;
use ::time::{Date, OffsetDateTime, Time, UtcDateTime};

/// A moment in UTC, to the nanosecond, between 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z.
///
/// `Display` and `FromStr` are RFC 3339; serde uses the same text.
///
/// ```
/// use wathiqa::time::Instant;
/// let issued: Instant = "2025-03-01T09:30:00+03:00".parse()?;
/// assert_eq!(issued.to_string(), "2025-03-01T06:30:00Z");
/// assert_eq!(issued.unix_seconds(), 1_740_810_600);
/// # Ok::<(), wathiqa::time::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(UtcDateTime);

impl Instant {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 NumericDate).
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside the years 0 to 9999, such as `i64::MAX`.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, TimeError> {
        UtcDateTime::from_unix_timestamp(seconds).map_err(|_| TimeError::OutOfRange).and_then(Self::of)
    }

    /// The start of the day `days` after 1970-01-01, for constants of our time; of a day outside the calendar, a time
    /// before all others.
    pub(crate) const fn from_unix_days(days: i32) -> Self {
        let date = match Date::from_julian_day(days.saturating_add(JULIAN_DAY_OF_1970)) {
            Ok(date) => date,
            Err(_) => Date::MIN,
        };
        Self(UtcDateTime::new(date, Time::MIDNIGHT))
    }

    /// In the years that all formats can say.
    fn of(time: UtcDateTime) -> Result<Self, TimeError> {
        if (0..=9999).contains(&time.year()) { Ok(Self(time)) } else { Err(TimeError::OutOfRange) }
    }

    /// Whole seconds since 1970-01-01T00:00:00Z; a fraction is dropped towards the past.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// The nanoseconds past the whole second, 0 to 999,999,999.
    #[must_use]
    pub fn nanosecond(self) -> u32 {
        self.0.nanosecond()
    }

    /// The Gregorian year, 0 to 9999.
    #[must_use]
    pub fn year(self) -> u16 {
        u16::try_from(self.0.year()).unwrap_or(0)
    }

    /// The same instant without its fraction of a second.
    #[must_use]
    pub fn whole_seconds(self) -> Self {
        Self(self.0.replace_nanosecond(0).unwrap_or(self.0))
    }

    /// Reads the one spelling that this crate writes into signed data: UTC with `Z`, in whole seconds, 20 octets.
    pub(crate) fn from_canonical(text: &[u8]) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] =
            <&[u8; 20]>::try_from(text).ok()?
        else {
            return None;
        };
        let pair = |tens: u8, ones: u8| {
            let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
            digits.then(|| (tens - b'0') * 10 + (ones - b'0'))
        };
        let year = i32::from(pair(y1, y2)?) * 100 + i32::from(pair(y3, y4)?);
        let month = ::time::Month::try_from(pair(m1, m2)?).ok()?;
        let date = ::time::Date::from_calendar_date(year, month, pair(d1, d2)?).ok()?;
        let time = ::time::Time::from_hms(pair(h1, h2)?, pair(n1, n2)?, pair(s1, s2)?).ok()?;
        Some(Self(UtcDateTime::new(date, time)))
    }

    /// This instant plus `duration`, or `None` past the year 9999.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let duration = ::time::Duration::try_from(duration).ok()?;
        self.0.checked_add(duration).and_then(|sum| Self::of(sum).ok())
    }

    /// This instant less `duration`, or `None` before the year 0.
    #[must_use]
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let duration = ::time::Duration::try_from(duration).ok()?;
        self.0.checked_sub(duration).and_then(|difference| Self::of(difference).ok())
    }
}

impl TryFrom<OffsetDateTime> for Instant {
    type Error = TimeError;

    fn try_from(value: OffsetDateTime) -> Result<Self, TimeError> {
        value.checked_to_utc().ok_or(TimeError::OutOfRange).and_then(Self::of)
    }
}

impl From<Instant> for OffsetDateTime {
    fn from(value: Instant) -> Self {
        value.0.into()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| TimeError::NotRfc3339(text.chars().take(LONGEST_TEXT_KEPT).collect()))
            .and_then(Self::try_from)
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A period with both ends inside it: RFC 5280 §4.1.2.5 `Validity`, and a document's period of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Validity {
    not_before: Instant,
    not_after: Instant,
}

impl Validity {
    /// The period from `not_before` to `not_after`, both included.
    ///
    /// # Errors
    /// [`TimeError::EndBeforeStart`] when `not_after` is before `not_before`.
    pub fn new(not_before: Instant, not_after: Instant) -> Result<Self, TimeError> {
        if not_after < not_before {
            return Err(TimeError::EndBeforeStart { not_before, not_after });
        }
        Ok(Self { not_before, not_after })
    }

    /// The first instant of the period.
    #[must_use]
    pub fn not_before(&self) -> Instant {
        self.not_before
    }

    /// The last instant of the period.
    #[must_use]
    pub fn not_after(&self) -> Instant {
        self.not_after
    }

    /// Whether `at` lies in the period. A fraction of the last second still does: RFC 5280 counts whole seconds.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.not_before <= at && at.whole_seconds() <= self.not_after
    }

    /// The part two periods share, or `None`.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(self.not_before.max(other.not_before), self.not_after.min(other.not_after)).ok()
    }
}

/// Why a time cannot be represented.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The year is not in 0 to 9999.
    #[error("time: outside the years 0 to 9999")]
    OutOfRange,
    /// The text is not an RFC 3339 date and time with an offset.
    #[error("time: \"{}\" is not an RFC 3339 date and time", .0.escape_debug())]
    NotRfc3339(
        /// The text, at most its first 48 characters.
        String,
    ),
    /// A period ends before it starts.
    #[error("period: ends {not_after}, before it starts {not_before}")]
    EndBeforeStart {
        /// The start given.
        not_before: Instant,
        /// The end given.
        not_after: Instant,
    },
}

impl TimeError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange => "time-out-of-range",
            Self::NotRfc3339(_) => "time-not-rfc3339",
            Self::EndBeforeStart { .. } => "time-end-before-start",
        }
    }
}

/// The Julian day that begins on 1970-01-01 at noon.
const JULIAN_DAY_OF_1970: i32 = 2_440_588;

/// Longer than any RFC 3339 text that is right.
const LONGEST_TEXT_KEPT: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_instant_are_inverses() {
        for text in [
            "2025-03-01T06:30:00Z",
            "1969-12-31T23:59:59.25Z",
            "9999-12-31T23:59:59.999999999Z",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(text.parse::<Instant>().unwrap().to_string(), text);
        }
        assert_eq!(
            "yesterday".parse::<Instant>().unwrap_err().to_string(),
            "time: \"yesterday\" is not an RFC 3339 date and time"
        );
        assert_eq!("9999-12-31T23:59:59-01:00".parse::<Instant>(), Err(TimeError::OutOfRange));
        assert_eq!(Instant::from_unix_seconds(i64::MAX), Err(TimeError::OutOfRange));
    }

    #[test]
    fn the_canonical_spelling_is_one() {
        for text in ["2025-03-01T06:30:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-29T00:00:00Z"] {
            assert_eq!(Instant::from_canonical(text.as_bytes()), Some(text.parse().unwrap()));
        }
        for text in [
            "",
            "2025-03-01T06:30:00z",
            "2025-03-01 06:30:00Z",
            "2025-03-01T06:30:00.0Z",
            "2025-03-01T06:30:00+00:00",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-03-01T24:00:00Z",
            "2025-03-01T06:30:60Z",
            "+025-03-01T06:30:00Z",
            "2025-03-01T06:3٠:0Z",
        ] {
            assert_eq!(Instant::from_canonical(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_period_has_both_ends_and_the_fraction_of_the_last_second() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let period = Validity::new(at("2025-01-01T00:00:00Z"), at("2025-12-31T23:59:59Z")).unwrap();
        assert!(period.contains(at("2025-01-01T00:00:00Z")) && period.contains(at("2025-12-31T23:59:59.9Z")));
        assert!(!period.contains(at("2024-12-31T23:59:59.9Z")) && !period.contains(at("2026-01-01T00:00:00Z")));
        assert!(Validity::new(period.not_after(), period.not_before()).is_err());
    }
}
