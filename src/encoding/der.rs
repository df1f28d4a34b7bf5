//! Strict DER (X.690 §8–11): a gate over a whole value, a cursor for straight walks, and a writer.
//!
//! [`check`] accepts exactly one value in the distinguished encoding and nothing after it. Parsers that are more lenient
//! run only behind it, so one certificate, token or response has one octet string and one fingerprint. [`Reader`] walks
//! values in place, by the same rules, and keeps absolute offsets for error messages.
//!
//! Refused: indefinite and non-minimal lengths, non-minimal and reserved tags, universal types in the wrong form
//! (a constructed OCTET STRING, a primitive SEQUENCE), BOOLEAN other than `00` and `ff`, empty and non-minimal INTEGER
//! and ENUMERATED, empty and non-minimal OBJECT IDENTIFIER, NULL with contents, BIT STRING with more than seven unused
//! bits or with padding bits set, trailing octets, nesting beyond [`Limits::der_depth`], more octets than
//! [`Limits::input_octets`].
//!
//! Not judged by the gate, because it takes the ASN.1 module or a profile: contents under context tags, the alphabet of
//! strings, the form of UTCTime and GeneralizedTime ([`Value::utc_time`], [`Value::generalized_time`]), components equal to
//! their DEFAULT ([`Value::true_or_absent`]), trailing zeros of named bits ([`Value::named_bits`]), and the order of SET OF ([`check_set_order`]; real CMS signers get that
//! wrong).
//!
//! ```text
//! value   = tag length contents
//! tag     = class(2 bits) constructed(1 bit) number(5 bits)      number < 31
//!         | class(2 bits) constructed(1 bit) 11111 base-128      number >= 31, no leading zero
//! length  = 0xxxxxxx                                              below 128
//!         | 1nnnnnnn octet{n}                                     n >= 1, big-endian, no leading zero, 128 or more
//! ```

mod reader;
mod tag;
mod time;
mod writer;

use std::fmt;

use crate::budget::Limits;
use crate::oid::{Oid, OidError};

pub use reader::{BitString, Reader, Value};
pub use tag::Tag;
pub use time::FractionalSeconds;
pub use writer::Writer;

/// Checks that `input` is one complete value in DER, at every depth.
///
/// ```
/// use wathiqa::{budget::Limits, encoding::der};
/// let limits = Limits::default();
/// assert!(der::check(&[0x30, 0x03, 0x02, 0x01, 0x05], &limits).is_ok());
/// let error = der::check(&[0x30, 0x81, 0x03, 0x02, 0x01, 0x05], &limits).unwrap_err();
/// assert_eq!(error.to_string(), "DER at octet 1: length 0x81 0x03 is not minimal");
/// ```
///
/// # Errors
/// [`DerError`] with the offset of the octet at fault; each [`DerErrorKind`] shows an example input.
pub fn check(input: &[u8], limits: &Limits) -> Result<(), DerError> {
    if input.len() > limits.input_octets {
        return Err(DerError::new(DerErrorKind::InputTooLong { limit: limits.input_octets }, 0));
    }
    let mut whole = Reader::new(input);
    let top = whole.read_any()?;
    whole.finish()?;
    let Some(children) = top.children() else { return Ok(()) };
    let mut open = Vec::with_capacity(USUAL_DEPTH);
    open.push(children);
    while let Some(innermost) = open.last_mut() {
        if innermost.is_empty() {
            open.pop();
            continue;
        }
        let value = innermost.read_any()?;
        if let Some(children) = value.children() {
            if open.len() >= limits.der_depth {
                return Err(DerError::new(DerErrorKind::TooDeep { limit: limits.der_depth }, value.offset()));
            }
            open.push(children);
        }
    }
    Ok(())
}

/// Deeper than certificates nest.
const USUAL_DEPTH: usize = 8;

/// Checks that the elements in `set` stand in ascending order of their encodings, as DER asks of a SET OF (X.690 §11.6).
///
/// Equal neighbours are in order. The gate does not ask for this.
///
/// # Errors
/// [`DerErrorKind::SetOrder`] at the first element that is smaller than the one before it, such as
/// `31 06 02 01 02 02 01 01`; any other kind when the contents are not DER.
pub fn check_set_order(set: &Value<'_>) -> Result<(), DerError> {
    let mut elements = set.reader();
    let mut before: &[u8] = &[];
    while !elements.is_empty() {
        let element = elements.read_any()?;
        // X.690 pads the shorter with zeros; two different values never differ in padding alone, their lengths stand first.
        if element.as_der() < before {
            return Err(DerError::new(DerErrorKind::SetOrder, element.offset()));
        }
        before = element.as_der();
    }
    Ok(())
}

/// Why octets are not the DER that was expected, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("DER at octet {offset}: {kind}")]
#[non_exhaustive]
pub struct DerError {
    /// What is wrong.
    pub kind: DerErrorKind,
    /// Offset of the octet at fault, from the start of the outermost input.
    pub offset: usize,
}

impl DerError {
    pub(crate) fn new(kind: DerErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What is wrong with an encoding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DerErrorKind {
    /// The input is larger than [`Limits::input_octets`].
    #[error("the input has more than {limit} octets")]
    InputTooLong {
        /// The limit.
        limit: usize,
    },
    /// Constructed values nest deeper than [`Limits::der_depth`].
    #[error("values nest deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// The input ends inside a tag or a length, or before it: `30`.
    #[error("the input ends where {0} is expected")]
    Truncated(Truncated),
    /// The contents are longer than what is left: `04 02 00`.
    #[error("contents of {length} octets are announced, {left} are left")]
    ContentsTruncated {
        /// The length announced.
        length: usize,
        /// The octets left in the enclosing value.
        left: usize,
    },
    /// A tag number below 31 in the long form, or a long form with a leading zero: `1f 02 00`.
    #[error("the tag number is not in its shortest form")]
    TagNotMinimal,
    /// A tag number above 2^32 - 1.
    #[error("the tag number is larger than 32 bits")]
    TagTooLarge,
    /// A universal tag that X.680 reserves, such as end-of-contents: `00 00`.
    #[error("universal tag {number} is reserved")]
    TagReserved {
        /// The tag number.
        number: u32,
    },
    /// The indefinite form of BER: `30 80 00 00`.
    #[error("the length is indefinite")]
    LengthIndefinite,
    /// More octets than the length needs: `04 81 01 00`.
    #[error("length {0} is not minimal")]
    LengthNotMinimal(LengthOctets),
    /// The length does not fit this machine, or starts with the reserved octet `ff`: `04 ff ..`.
    #[error("length {0} is too large")]
    LengthTooLarge(LengthOctets),
    /// A universal type in the constructed form that DER has only as primitive: `24 00`.
    #[error("{tag} must be primitive")]
    MustBePrimitive {
        /// The type, in its right form.
        tag: Tag,
    },
    /// A SEQUENCE or SET in the primitive form: `10 00`.
    #[error("{tag} must be constructed")]
    MustBeConstructed {
        /// The type, in its right form.
        tag: Tag,
    },
    /// A BOOLEAN that is not one octet `00` or `ff`: `01 01 01`.
    #[error("BOOLEAN is neither 0x00 nor 0xff")]
    Boolean,
    /// An INTEGER or ENUMERATED without contents: `02 00`.
    #[error("{tag} is empty")]
    IntegerEmpty {
        /// INTEGER or ENUMERATED.
        tag: Tag,
    },
    /// An INTEGER or ENUMERATED with a redundant first octet: `02 02 00 01`.
    #[error("{tag} has a redundant first octet")]
    IntegerNotMinimal {
        /// INTEGER or ENUMERATED.
        tag: Tag,
    },
    /// An INTEGER outside the range its place allows: `02 01 ff` where a count is expected.
    #[error("INTEGER is not in the range 0 to {max}")]
    IntegerRange {
        /// The largest value allowed.
        max: u64,
    },
    /// A malformed OBJECT IDENTIFIER: `06 02 2a 80`.
    #[error("{0}")]
    Oid(OidError),
    /// A NULL with contents: `05 01 00`.
    #[error("NULL has contents")]
    NullNotEmpty,
    /// A BIT STRING without the octet that counts unused bits, or with a count above seven or of bits that are not
    /// there: `03 00`, `03 02 08 00`, `03 01 01`.
    #[error("BIT STRING has no valid count of unused bits")]
    BitStringUnused,
    /// A BIT STRING whose unused bits are not zero: `03 02 01 01`.
    #[error("BIT STRING has unused bits that are set")]
    BitStringPadding,
    /// A BIT STRING that must be whole octets has unused bits: a signature `03 02 01 02`.
    #[error("BIT STRING is not a whole number of octets")]
    BitStringNotOctets,
    /// A named bit list that ends in zeros, which DER cuts off (X.690 §11.2.2): `03 02 00 80`.
    #[error("BIT STRING of named bits ends in bits that are not set")]
    BitStringTrailingZeros,
    /// A component that equals its DEFAULT, which DER leaves out (X.690 §11.5): `01 01 00` for `critical`.
    #[error("a component that equals its default is encoded")]
    DefaultEncoded,
    /// Octets follow where the value should end.
    #[error("{left} trailing octets")]
    Trailing {
        /// How many.
        left: usize,
    },
    /// Another type stands where one is expected.
    #[error("expected {expected}, found {found}")]
    UnexpectedTag {
        /// What the ASN.1 asks for.
        expected: Tag,
        /// What is there.
        found: Tag,
    },
    /// A value fits none of the alternatives of a CHOICE: a GeneralName `8f 00`.
    #[error("{found} is none of the alternatives")]
    NoAlternative {
        /// What is there.
        found: Tag,
    },
    /// The enclosing value ends where a component is expected.
    #[error("expected {expected}, found the end")]
    Missing {
        /// What the ASN.1 asks for.
        expected: Tag,
    },
    /// The elements of a SET OF are not in ascending order.
    #[error("the elements of the SET OF are not in order")]
    SetOrder,
    /// A UTCTime or GeneralizedTime that is not of the profile's form: `250301093000+0300`.
    #[error("{tag} is not of the form {form}")]
    TimeForm {
        /// UTCTime or GeneralizedTime.
        tag: Tag,
        /// The form expected.
        form: &'static str,
    },
    /// A UTCTime or GeneralizedTime with a day or time that does not exist: `250230000000Z`.
    #[error("{tag} names a day or time that does not exist")]
    TimeValue {
        /// UTCTime or GeneralizedTime.
        tag: Tag,
    },
}

impl DerErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::InputTooLong { .. } => "der-input-too-long",
            Self::TooDeep { .. } => "der-too-deep",
            Self::Truncated(_) | Self::ContentsTruncated { .. } => "der-truncated",
            Self::TagNotMinimal => "der-tag-not-minimal",
            Self::TagTooLarge => "der-tag-too-large",
            Self::TagReserved { .. } => "der-tag-reserved",
            Self::LengthIndefinite => "der-length-indefinite",
            Self::LengthNotMinimal(_) => "der-length-not-minimal",
            Self::LengthTooLarge(_) => "der-length-too-large",
            Self::MustBePrimitive { .. } => "der-must-be-primitive",
            Self::MustBeConstructed { .. } => "der-must-be-constructed",
            Self::Boolean => "der-boolean",
            Self::IntegerEmpty { .. } => "der-integer-empty",
            Self::IntegerNotMinimal { .. } => "der-integer-not-minimal",
            Self::IntegerRange { .. } => "der-integer-range",
            Self::Oid(_) => "der-oid",
            Self::NullNotEmpty => "der-null-not-empty",
            Self::BitStringUnused => "der-bit-string-unused",
            Self::BitStringPadding => "der-bit-string-padding",
            Self::BitStringNotOctets => "der-bit-string-not-octets",
            Self::BitStringTrailingZeros => "der-bit-string-trailing-zeros",
            Self::DefaultEncoded => "der-default-encoded",
            Self::Trailing { .. } => "der-trailing",
            Self::UnexpectedTag { .. } => "der-unexpected-tag",
            Self::NoAlternative { .. } => "der-no-alternative",
            Self::Missing { .. } => "der-missing",
            Self::SetOrder => "der-set-order",
            Self::TimeForm { .. } => "der-time-form",
            Self::TimeValue { .. } => "der-time-value",
        }
    }
}

/// The part of a header that the input ends before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Truncated {
    /// The tag.
    Tag,
    /// The length.
    Length,
}

impl fmt::Display for Truncated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tag => "a tag",
            Self::Length => "a length",
        })
    }
}

/// Length octets as received, for messages: the first nine at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LengthOctets(Box<[u8]>);

impl LengthOctets {
    pub(crate) fn new(octets: &[u8]) -> Self {
        Self(octets.iter().copied().take(9).collect())
    }
}

impl fmt::Display for LengthOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, octet) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { " " };
            write!(f, "{separator}0x{octet:02x}")?;
        }
        Ok(())
    }
}

/// The rules of X.690 §8 and §11 for the contents of one value of a universal type; nested values are not entered.
#[inline]
fn check_contents(tag: Tag, contents: &[u8], offset: usize) -> Result<(), DerError> {
    let kind = match tag {
        Tag::BOOLEAN if !matches!(contents, [0x00 | 0xff]) => DerErrorKind::Boolean,
        Tag::INTEGER | Tag::ENUMERATED => match contents {
            [] => DerErrorKind::IntegerEmpty { tag },
            [0x00, next, ..] if next & 0x80 == 0 => DerErrorKind::IntegerNotMinimal { tag },
            [0xff, next, ..] if next & 0x80 != 0 => DerErrorKind::IntegerNotMinimal { tag },
            _ => return Ok(()),
        },
        Tag::BIT_STRING => match contents {
            [] | [8..=0xff, ..] | [1..=7] => DerErrorKind::BitStringUnused,
            [unused, .., last] if last.trailing_zeros() < u32::from(*unused) => DerErrorKind::BitStringPadding,
            _ => return Ok(()),
        },
        Tag::NULL if !contents.is_empty() => DerErrorKind::NullNotEmpty,
        Tag::OBJECT_IDENTIFIER | Tag::RELATIVE_OID => match Oid::check_der_contents(contents) {
            Err(error) => DerErrorKind::Oid(error),
            Ok(()) => return Ok(()),
        },
        _ => return Ok(()),
    };
    Err(DerError::new(kind, offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(input: &[u8]) -> String {
        check(input, &Limits::default()).map_or_else(|error| error.to_string(), |()| "accepted".to_owned())
    }

    #[test]
    fn each_rule_of_the_gate_has_its_message_and_offset() {
        let refused: &[(&[u8], &str)] = &[
            (&[], "DER at octet 0: the input ends where a tag is expected"),
            (&[0x30], "DER at octet 1: the input ends where a length is expected"),
            (&[0x30, 0x82, 0x01], "DER at octet 3: the input ends where a length is expected"),
            (&[0x30, 0x04, 0x02, 0x02, 0x01], "DER at octet 2: contents of 4 octets are announced, 3 are left"),
            (&[0x30, 0x03, 0x02, 0x02, 0x01], "DER at octet 4: contents of 2 octets are announced, 1 are left"),
            (&[0x30, 0x80, 0x00, 0x00], "DER at octet 1: the length is indefinite"),
            (&[0x30, 0x02, 0x04, 0x80], "DER at octet 3: the length is indefinite"),
            (&[0x04, 0x81, 0x05, 1, 2, 3, 4, 5], "DER at octet 1: length 0x81 0x05 is not minimal"),
            (&[0x04, 0x82, 0x00, 0x80], "DER at octet 1: length 0x82 0x00 0x80 is not minimal"),
            (&[0x04, 0xff], "DER at octet 1: length 0xff is too large"),
            (
                &[0x04, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
                "DER at octet 1: length 0x89 0x01 0x00 0x00 0x00 0x00 0x00 0x00 0x00 is too large",
            ),
            (&[0x1f, 0x02, 0x00], "DER at octet 0: the tag number is not in its shortest form"),
            (&[0x9f, 0x80, 0x1f, 0x00], "DER at octet 0: the tag number is not in its shortest form"),
            (&[0x9f, 0x90, 0x80, 0x80, 0x80, 0x00, 0x00], "DER at octet 0: the tag number is larger than 32 bits"),
            (&[0x9f, 0x8f], "DER at octet 2: the input ends where a tag is expected"),
            (&[0x00, 0x00], "DER at octet 0: universal tag 0 is reserved"),
            (&[0x1f, 0x25, 0x00], "DER at octet 0: universal tag 37 is reserved"),
            (&[0x30, 0x02, 0x24, 0x00], "DER at octet 2: OCTET STRING must be primitive"),
            (&[0x2c, 0x00], "DER at octet 0: UTF8String must be primitive"),
            (&[0x10, 0x00], "DER at octet 0: SEQUENCE must be constructed"),
            (&[0x11, 0x00], "DER at octet 0: SET must be constructed"),
            (&[0x01, 0x01, 0x01], "DER at octet 2: BOOLEAN is neither 0x00 nor 0xff"),
            (&[0x01, 0x00], "DER at octet 2: BOOLEAN is neither 0x00 nor 0xff"),
            (&[0x01, 0x02, 0xff, 0xff], "DER at octet 2: BOOLEAN is neither 0x00 nor 0xff"),
            (&[0x02, 0x00], "DER at octet 2: INTEGER is empty"),
            (&[0x02, 0x02, 0x00, 0x7f], "DER at octet 2: INTEGER has a redundant first octet"),
            (&[0x0a, 0x02, 0xff, 0x80], "DER at octet 2: ENUMERATED has a redundant first octet"),
            (&[0x03, 0x00], "DER at octet 2: BIT STRING has no valid count of unused bits"),
            (&[0x03, 0x02, 0x08, 0x00], "DER at octet 2: BIT STRING has no valid count of unused bits"),
            (&[0x03, 0x01, 0x01], "DER at octet 2: BIT STRING has no valid count of unused bits"),
            (&[0x03, 0x02, 0x01, 0x01], "DER at octet 2: BIT STRING has unused bits that are set"),
            (&[0x05, 0x01, 0x00], "DER at octet 2: NULL has contents"),
            (&[0x06, 0x00], "DER at octet 2: object identifier: no octets"),
            (&[0x06, 0x03, 0x2a, 0x80, 0x01], "DER at octet 2: object identifier: arc at octet 1 starts with a zero"),
            (&[0x05, 0x00, 0x00], "DER at octet 2: 1 trailing octets"),
        ];
        for (input, expected) in refused {
            assert_eq!(message(input), *expected, "{input:02x?}");
        }
    }

    #[test]
    fn what_der_allows_is_accepted() {
        let mut long = vec![0x04, 0x81, 0x80];
        long.extend([0; 0x80]);
        let accepted: &[&[u8]] = &[
            &long,
            &[0x30, 0x00],
            &[0x01, 0x01, 0x00],
            &[0x02, 0x02, 0x00, 0x80],
            &[0x02, 0x02, 0xff, 0x7f],
            &[0x03, 0x01, 0x00],
            &[0x03, 0x02, 0x07, 0x80],
            &[0x9f, 0x1f, 0x00],
            &[0x9f, 0x8f, 0xff, 0xff, 0xff, 0x7f, 0x00],
            // SET OF in descending order: for the profile to refuse.
            &[0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01],
            // Contents under a primitive context tag are not entered.
            &[0x80, 0x02, 0x30, 0x80],
        ];
        for input in accepted {
            assert_eq!(message(input), "accepted", "{input:02x?}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded_on_both_sides() {
        let nested = |depth: usize| (0..depth).fold(Vec::new(), |inner, _| [&header(inner.len())[..], &inner].concat());
        let limits = Limits::default();
        assert_eq!(check(&nested(64), &limits), Ok(()));
        let error = check(&nested(65), &limits).unwrap_err();
        assert_eq!(error.kind, DerErrorKind::TooDeep { limit: 64 });
        assert_eq!(check(&nested(20_000), &limits).unwrap_err().kind, DerErrorKind::TooDeep { limit: 64 });

        let limits = Limits { input_octets: 3, ..Limits::default() };
        assert_eq!(check(&[0x02, 0x01, 0x05], &limits), Ok(()));
        assert_eq!(
            check(&[0x02, 0x02, 0x05, 0x05], &limits).unwrap_err().to_string(),
            "DER at octet 0: the input has more than 3 octets"
        );
    }

    fn header(length: usize) -> Vec<u8> {
        let octets = length.to_be_bytes();
        let significant = &octets[octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len() - 1)..];
        let mut header = vec![0x30];
        if length > 0x7f {
            header.push(0x80 | u8::try_from(significant.len()).unwrap());
        }
        header.extend(significant);
        header
    }

    #[test]
    fn a_set_of_out_of_order_is_found() {
        let set = |octets: &[u8]| Reader::new(octets).read(Tag::SET).and_then(|set| check_set_order(&set));
        assert_eq!(set(&[0x31, 0x09, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x02, 0x01, 0x02]), Ok(()));
        let error = set(&[0x31, 0x06, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01]).unwrap_err();
        assert_eq!(error.to_string(), "DER at octet 5: the elements of the SET OF are not in order");
        assert_eq!(error.code(), "der-set-order");
    }

    proptest::proptest! {
        #[test]
        fn a_flipped_bit_of_a_length_never_passes(
            contents in proptest::collection::vec(0_u8.., 0..300), octet in 1_usize..4, bit in 0_u32..8
        ) {
            let mut input = header(contents.len());
            input[0] = 0x04;
            if let Some(length) = input.get_mut(octet) {
                *length ^= 1 << bit;
                input.extend(&contents);
                proptest::prop_assert!(check(&input, &Limits::default()).is_err());
            }
        }
    }
}
