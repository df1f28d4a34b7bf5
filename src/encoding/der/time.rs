//! UTCTime and GeneralizedTime, in the forms of RFC 5280 §4.1.2.5 and RFC 3161 §2.4.2.

use ::time::{Date, Month, PrimitiveDateTime, Time};

use super::{DerError, DerErrorKind, Tag, Value};
use crate::time::Instant;

/// Whether a GeneralizedTime may have a fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FractionalSeconds {
    /// `YYYYMMDDHHMMSSZ` only (RFC 5280 §4.1.2.5.2).
    Deny,
    /// Also `YYYYMMDDHHMMSS.sZ`: at least one digit and no trailing zero (X.690 §11.7, RFC 3161 §2.4.2). Digits beyond the
    /// ninth are cut.
    Allow,
}

impl Value<'_> {
    /// The instant of a UTCTime `YYMMDDHHMMSSZ`, of the years 1950 to 2049 (RFC 5280 §4.1.2.5.1).
    ///
    /// # Errors
    /// [`DerErrorKind::TimeForm`] for any other form (`2503010930Z`, an offset), [`DerErrorKind::TimeValue`] for a day that
    /// does not exist (`250230000000Z`), also the leap second `:60`; [`DerErrorKind::UnexpectedTag`] for another type.
    pub fn utc_time(&self) -> Result<Instant, DerError> {
        self.with_tag(Tag::UTC_TIME)?;
        let form = || self.error(DerErrorKind::TimeForm { tag: Tag::UTC_TIME, form: "YYMMDDHHMMSSZ" });
        let (year, rest) = two_digits(self.contents()).ok_or_else(form)?;
        let century = if year >= 50 { 1900 } else { 2000 };
        let [after_year @ .., b'Z'] = rest else { return Err(form()) };
        let clock = Clock::parse(after_year).filter(|(_, rest)| rest.is_empty()).ok_or_else(form)?.0;
        clock
            .instant(century + i32::from(year), 0)
            .ok_or_else(|| self.error(DerErrorKind::TimeValue { tag: self.tag() }))
    }

    /// The instant of a GeneralizedTime in UTC, `YYYYMMDDHHMMSSZ`, with a fraction of a second where `fraction` allows it.
    ///
    /// # Errors
    /// As [`utc_time`](Self::utc_time): `20250301093000+0300`, `20250301093000.50Z`, `20250230000000Z`.
    pub fn generalized_time(&self, fraction: FractionalSeconds) -> Result<Instant, DerError> {
        self.with_tag(Tag::GENERALIZED_TIME)?;
        let text = match fraction {
            FractionalSeconds::Deny => "YYYYMMDDHHMMSSZ",
            FractionalSeconds::Allow => "YYYYMMDDHHMMSS[.s]Z",
        };
        let form = || self.error(DerErrorKind::TimeForm { tag: Tag::GENERALIZED_TIME, form: text });
        let [digits @ .., b'Z'] = self.contents() else { return Err(form()) };
        let (century, rest) = two_digits(digits).ok_or_else(form)?;
        let (year, rest) = two_digits(rest).ok_or_else(form)?;
        let (clock, rest) = Clock::parse(rest).ok_or_else(form)?;
        let nanosecond = match (fraction, rest) {
            (_, []) => 0,
            (FractionalSeconds::Allow, [b'.', digits @ ..]) => nanoseconds(digits).ok_or_else(form)?,
            _ => return Err(form()),
        };
        clock
            .instant(i32::from(century) * 100 + i32::from(year), nanosecond)
            .ok_or_else(|| self.error(DerErrorKind::TimeValue { tag: self.tag() }))
    }
}

/// `MMDDHHMMSS`.
struct Clock {
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
}

impl Clock {
    fn parse(octets: &[u8]) -> Option<(Self, &[u8])> {
        let (month, rest) = two_digits(octets)?;
        let (day, rest) = two_digits(rest)?;
        let (hour, rest) = two_digits(rest)?;
        let (minute, rest) = two_digits(rest)?;
        let (second, rest) = two_digits(rest)?;
        Some((Self { month, day, hour, minute, second }, rest))
    }

    fn instant(&self, year: i32, nanosecond: u32) -> Option<Instant> {
        let date = Date::from_calendar_date(year, Month::try_from(self.month).ok()?, self.day).ok()?;
        let time = Time::from_hms_nano(self.hour, self.minute, self.second, nanosecond).ok()?;
        Instant::try_from(PrimitiveDateTime::new(date, time).assume_utc()).ok()
    }
}

fn two_digits(octets: &[u8]) -> Option<(u8, &[u8])> {
    let [tens @ b'0'..=b'9', units @ b'0'..=b'9', rest @ ..] = octets else { return None };
    Some(((tens - b'0') * 10 + (units - b'0'), rest))
}

/// The digits of a fraction as nanoseconds: one digit at least, the last not zero.
fn nanoseconds(digits: &[u8]) -> Option<u32> {
    if digits.last().is_none_or(|last| *last == b'0') || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let nine = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
    Some(nine.fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Reader;

    fn read(tag: u8, text: &str, fraction: FractionalSeconds) -> Result<String, String> {
        let octets = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let value = Reader::new(&octets).read_any().unwrap();
        let instant = if tag == 0x17 { value.utc_time() } else { value.generalized_time(fraction) };
        instant.map(|instant| instant.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn utc_time_has_one_form_and_a_window_of_a_century() {
        let utc = |text| read(0x17, text, FractionalSeconds::Deny);
        assert_eq!(utc("500101000000Z").unwrap(), "1950-01-01T00:00:00Z");
        assert_eq!(utc("491231235959Z").unwrap(), "2049-12-31T23:59:59Z");
        assert_eq!(utc("240229120000Z").unwrap(), "2024-02-29T12:00:00Z");
        let form = "DER at octet 2: UTCTime is not of the form YYMMDDHHMMSSZ";
        for malformed in ["2503010930Z", "250301093000+0300", "250301093000", "2503010930000Z", "25 301093000Z", "Z"] {
            assert_eq!(utc(malformed).unwrap_err(), form, "{malformed}");
        }
        let value = "DER at octet 2: UTCTime names a day or time that does not exist";
        for absent in ["250230000000Z", "251301000000Z", "250101240000Z", "250101006000Z", "250101000060Z"] {
            assert_eq!(utc(absent).unwrap_err(), value, "{absent}");
        }
        assert_eq!(
            read(0x04, "", FractionalSeconds::Deny).unwrap_err(),
            "DER at octet 0: expected GeneralizedTime, found OCTET STRING"
        );
    }

    #[test]
    fn generalized_time_has_fractions_only_where_allowed_and_without_trailing_zeros() {
        let deny = |text| read(0x18, text, FractionalSeconds::Deny);
        let allow = |text| read(0x18, text, FractionalSeconds::Allow);
        assert_eq!(deny("20500101000000Z").unwrap(), "2050-01-01T00:00:00Z");
        assert_eq!(
            deny("20250301093000.5Z").unwrap_err(),
            "DER at octet 2: GeneralizedTime is not of the form YYYYMMDDHHMMSSZ"
        );
        assert_eq!(allow("20250301093000.5Z").unwrap(), "2025-03-01T09:30:00.5Z");
        assert_eq!(allow("20250301093000.0000000019Z").unwrap(), "2025-03-01T09:30:00.000000001Z");
        let form = "DER at octet 2: GeneralizedTime is not of the form YYYYMMDDHHMMSS[.s]Z";
        for malformed in
            ["20250301093000.Z", "20250301093000.50Z", "20250301093000,5Z", "20250301093000.5", "202503010930Z"]
        {
            assert_eq!(allow(malformed).unwrap_err(), form, "{malformed}");
        }
        assert_eq!(
            allow("20250229093000Z").unwrap_err(),
            "DER at octet 2: GeneralizedTime names a day or time that does not exist"
        );
    }
}
