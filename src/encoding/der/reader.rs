//! A cursor over consecutive values.

use super::{DerError, DerErrorKind, LengthOctets, Tag, Truncated, check_contents};
use crate::oid::Oid;

/// A cursor over the values in a constructed value, or over an input.
///
/// Each value is checked by the rules of the gate at its own level when it is passed; what is nested in it is checked when
/// it is read in turn. A walk ends with [`finish`](Self::finish), so that trailing octets cannot be forgotten.
///
/// ```
/// use wathiqa::encoding::der::{Reader, Tag};
/// // SEQUENCE { INTEGER 5, [0] EXPLICIT OPTIONAL }
/// let mut outer = Reader::new(&[0x30, 0x03, 0x02, 0x01, 0x05]);
/// let sequence = outer.read(Tag::SEQUENCE)?;
/// outer.finish()?;
/// let mut inner = sequence.reader();
/// assert_eq!(inner.read(Tag::INTEGER)?.unsigned(u64::MAX)?, 5);
/// assert!(inner.optional(Tag::context_constructed(0))?.is_none());
/// inner.finish()?;
/// # Ok::<(), wathiqa::encoding::der::DerError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    octets: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// A cursor at the start of `octets`.
    #[must_use]
    pub fn new(octets: &'a [u8]) -> Self {
        Self::at(octets, 0)
    }

    /// A cursor at the start of `octets`, which lie at `offset` of a larger input; errors count from there.
    #[must_use]
    pub fn at(octets: &'a [u8], offset: usize) -> Self {
        Self { octets, offset }
    }

    /// The offset of the next value, from the start of the outermost input.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.octets.is_empty()
    }

    /// The octets not read yet.
    #[must_use]
    pub fn remaining(&self) -> &'a [u8] {
        self.octets
    }

    /// Reads the next value, of any type.
    ///
    /// # Errors
    /// [`DerError`] when it is not DER, such as `04 81 01 00`, or when nothing is left.
    pub fn read_any(&mut self) -> Result<Value<'a>, DerError> {
        let (value, rest) = Value::parse(self.octets, self.offset)?;
        self.pass(&value, rest);
        Ok(value)
    }

    #[inline]
    fn pass(&mut self, value: &Value<'_>, rest: &'a [u8]) {
        self.octets = rest;
        self.offset += value.encoded.len();
    }

    /// Reads the next value, which must have `tag`.
    ///
    /// # Errors
    /// [`DerErrorKind::UnexpectedTag`] or [`DerErrorKind::Missing`], such as an OCTET STRING or nothing where an INTEGER is
    /// expected; other kinds when the value is not DER.
    pub fn read(&mut self, tag: Tag) -> Result<Value<'a>, DerError> {
        if self.is_empty() {
            return Err(DerError::new(DerErrorKind::Missing { expected: tag }, self.offset));
        }
        let (value, rest) = Value::parse(self.octets, self.offset)?;
        if value.tag != tag {
            return value.with_tag(tag);
        }
        self.pass(&value, rest);
        Ok(value)
    }

    /// Reads the next value if it has `tag`; else stays where it is.
    ///
    /// # Errors
    /// [`DerError`] when the next value has a malformed tag, or has `tag` and is not DER.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Value<'a>>, DerError> {
        match self.peek()? {
            Some(next) if next == tag => self.read(tag).map(Some),
            _ => Ok(None),
        }
    }

    /// The tag of the next value, or `None` at the end.
    ///
    /// # Errors
    /// [`DerError`] when the tag is malformed, such as `1f 02`.
    pub fn peek(&self) -> Result<Option<Tag>, DerError> {
        if self.is_empty() {
            return Ok(None);
        }
        Tag::parse(self.octets, self.offset).map(|(tag, _)| Some(tag))
    }

    /// Ends the walk.
    ///
    /// # Errors
    /// [`DerErrorKind::Trailing`] when octets are left.
    pub fn finish(&self) -> Result<(), DerError> {
        if self.is_empty() {
            return Ok(());
        }
        Err(DerError::new(DerErrorKind::Trailing { left: self.octets.len() }, self.offset))
    }
}

/// One value: its tag, its octets, and where they lie.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    tag: Tag,
    encoded: &'a [u8],
    contents: &'a [u8],
    offset: usize,
}

impl<'a> Value<'a> {
    /// The tag.
    #[must_use]
    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// The whole encoding: tag, length and contents.
    #[must_use]
    pub fn as_der(&self) -> &'a [u8] {
        self.encoded
    }

    /// The contents octets.
    #[must_use]
    pub fn contents(&self) -> &'a [u8] {
        self.contents
    }

    /// The offset of the tag, from the start of the outermost input.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The offset of the contents, from the start of the outermost input.
    #[must_use]
    pub fn contents_offset(&self) -> usize {
        self.offset + (self.encoded.len() - self.contents.len())
    }

    /// This value, if it has `tag`.
    ///
    /// # Errors
    /// [`DerErrorKind::UnexpectedTag`], such as an OCTET STRING where a BIT STRING is expected.
    pub fn with_tag(self, tag: Tag) -> Result<Self, DerError> {
        if self.tag == tag {
            return Ok(self);
        }
        Err(DerError::new(DerErrorKind::UnexpectedTag { expected: tag, found: self.tag }, self.offset))
    }

    /// A cursor over the contents: the components of a constructed value, or the value that an OCTET STRING wraps.
    #[must_use]
    pub fn reader(&self) -> Reader<'a> {
        Reader::at(self.contents, self.contents_offset())
    }

    /// The value of a BOOLEAN, also under an IMPLICIT tag.
    ///
    /// # Errors
    /// [`DerErrorKind::Boolean`] unless it is one octet `00` or `ff`.
    pub fn boolean(&self) -> Result<bool, DerError> {
        check_contents(Tag::BOOLEAN, self.contents, self.contents_offset())?;
        Ok(self.contents == [0xff])
    }

    /// The value of a BOOLEAN that is DEFAULT FALSE, also under an IMPLICIT tag: encoded, it can only be TRUE.
    ///
    /// # Errors
    /// [`DerErrorKind::DefaultEncoded`] for FALSE; else as [`boolean`](Self::boolean).
    pub fn true_or_absent(&self) -> Result<bool, DerError> {
        if self.boolean()? { Ok(true) } else { Err(self.error(DerErrorKind::DefaultEncoded)) }
    }

    /// The value of an OBJECT IDENTIFIER, also under an IMPLICIT tag.
    ///
    /// # Errors
    /// [`DerErrorKind::Oid`] when an arc is empty, not minimal or larger than 128 bits.
    pub fn oid(&self) -> Result<Oid, DerError> {
        Oid::from_der_contents(self.contents).map_err(|error| self.error(DerErrorKind::Oid(error)))
    }

    /// The value of an INTEGER from 0 to `max`, also under an IMPLICIT tag.
    ///
    /// # Errors
    /// [`DerErrorKind::IntegerRange`] for a negative or larger one; the errors of the gate for one that is not minimal.
    pub fn unsigned(&self, max: u64) -> Result<u64, DerError> {
        check_contents(Tag::INTEGER, self.contents, self.contents_offset())?;
        let out_of_range = || self.error(DerErrorKind::IntegerRange { max });
        let magnitude = match self.contents {
            [0x80..=0xff, ..] => return Err(out_of_range()),
            [0x00, rest @ ..] => rest,
            all => all,
        };
        if magnitude.len() > size_of::<u64>() {
            return Err(out_of_range());
        }
        let value = magnitude.iter().fold(0, |value: u64, octet| (value << 8) | u64::from(*octet));
        if value > max { Err(out_of_range()) } else { Ok(value) }
    }

    /// The value of a BIT STRING, also under an IMPLICIT tag.
    ///
    /// # Errors
    /// [`DerErrorKind::BitStringUnused`] or [`DerErrorKind::BitStringPadding`].
    pub fn bit_string(&self) -> Result<BitString<'a>, DerError> {
        check_contents(Tag::BIT_STRING, self.contents, self.contents_offset())?;
        let [unused, octets @ ..] = self.contents else {
            return Err(self.error(DerErrorKind::BitStringUnused));
        };
        Ok(BitString { unused: *unused, octets })
    }

    /// The value of a BIT STRING with named bits, such as KeyUsage: its last bit, if it has any, is set.
    ///
    /// # Errors
    /// [`DerErrorKind::BitStringTrailingZeros`] for `03 02 00 80`; else as [`bit_string`](Self::bit_string).
    pub fn named_bits(&self) -> Result<BitString<'a>, DerError> {
        let bits = self.bit_string()?;
        match bits.octets.last() {
            Some(last) if last.trailing_zeros() != u32::from(bits.unused) => {
                Err(self.error(DerErrorKind::BitStringTrailingZeros))
            }
            _ => Ok(bits),
        }
    }

    /// The octets of a BIT STRING that is a whole number of them, such as a signature or a key.
    ///
    /// # Errors
    /// [`DerErrorKind::BitStringNotOctets`] when it has unused bits; else as [`bit_string`](Self::bit_string).
    pub fn bit_string_octets(&self) -> Result<&'a [u8], DerError> {
        let bits = self.bit_string()?;
        if bits.unused != 0 {
            return Err(self.error(DerErrorKind::BitStringNotOctets));
        }
        Ok(bits.octets)
    }

    /// A cursor over the contents if the value is constructed.
    pub(super) fn children(&self) -> Option<Reader<'a>> {
        self.tag.is_constructed().then(|| self.reader())
    }

    pub(super) fn error(&self, kind: DerErrorKind) -> DerError {
        DerError::new(kind, self.contents_offset())
    }

    /// Reads one value at the start of `octets`, which lie at `offset`, and gives what follows it.
    #[inline]
    fn parse(octets: &'a [u8], offset: usize) -> Result<(Self, &'a [u8]), DerError> {
        let (tag, tag_len) = Tag::parse(octets, offset)?;
        let (length, length_len) = match octets.get(tag_len) {
            Some(length @ 0x00..=0x7f) => (usize::from(*length), 1),
            _ => parse_length(octets.get(tag_len..).unwrap_or_default(), offset + tag_len)?,
        };
        let header = tag_len + length_len;
        let left = octets.len().saturating_sub(header);
        let Some((encoded, rest)) = header.checked_add(length).and_then(|total| octets.split_at_checked(total)) else {
            return Err(DerError::new(DerErrorKind::ContentsTruncated { length, left }, offset + header));
        };
        let contents = encoded.get(header..).unwrap_or_default();
        check_contents(tag, contents, offset + header)?;
        Ok((Self { tag, encoded, contents, offset }, rest))
    }
}

/// The bits of a BIT STRING, in whole octets, the last one padded with zero bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitString<'a> {
    unused: u8,
    octets: &'a [u8],
}

impl<'a> BitString<'a> {
    /// The octets, the first bit being the most significant of the first octet.
    #[must_use]
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// How many bits of the last octet do not count, 0 to 7.
    #[must_use]
    pub fn unused(&self) -> u8 {
        self.unused
    }

    /// Whether the named bit `position` is set; a bit that is not there is not.
    #[must_use]
    pub fn bit(&self, position: usize) -> bool {
        self.octets.get(position / 8).is_some_and(|octet| octet & (0x80 >> (position % 8)) != 0)
    }
}

/// Reads a length at the start of `octets`, which lie at `offset` (X.690 §8.1.3, §10.1): the length and its octets.
fn parse_length(octets: &[u8], offset: usize) -> Result<(usize, usize), DerError> {
    let Some((first, rest)) = octets.split_first() else {
        return Err(DerError::new(DerErrorKind::Truncated(Truncated::Length), offset));
    };
    let count = match first {
        0x00..=0x7f => return Ok((usize::from(*first), 1)),
        0x80 => return Err(DerError::new(DerErrorKind::LengthIndefinite, offset)),
        0xff => {
            return Err(DerError::new(DerErrorKind::LengthTooLarge(LengthOctets::new(octets)), offset));
        }
        _ => usize::from(first & 0x7f),
    };
    let Some(value) = rest.get(..count) else {
        return Err(DerError::new(DerErrorKind::Truncated(Truncated::Length), offset + octets.len()));
    };
    let shown = || LengthOctets::new(octets.get(..=count).unwrap_or_default());
    match value {
        [0x00, ..] | [0x00..=0x7f] => return Err(DerError::new(DerErrorKind::LengthNotMinimal(shown()), offset)),
        _ if count > size_of::<usize>() => {
            return Err(DerError::new(DerErrorKind::LengthTooLarge(shown()), offset));
        }
        _ => {}
    }
    let length = value.iter().fold(0, |length: usize, octet| (length << 8) | usize::from(*octet));
    Ok((length, count + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(octets: &[u8]) -> Value<'_> {
        Reader::new(octets).read_any().unwrap()
    }

    #[test]
    fn a_walk_keeps_absolute_offsets() {
        // SEQUENCE { INTEGER 1, SEQUENCE { BOOLEAN TRUE }, NULL }
        let octets = [0x30, 0x0a, 0x02, 0x01, 0x01, 0x30, 0x03, 0x01, 0x01, 0xff, 0x05, 0x00];
        let mut fields = Reader::at(&octets, 100).read(Tag::SEQUENCE).unwrap().reader();
        assert_eq!(fields.read(Tag::INTEGER).unwrap().unsigned(10).unwrap(), 1);
        let inner = fields.read(Tag::SEQUENCE).unwrap();
        assert_eq!((inner.offset(), inner.contents_offset()), (105, 107));
        let boolean = inner.reader().read(Tag::BOOLEAN).unwrap();
        assert!(boolean.boolean().unwrap());
        assert_eq!(boolean.as_der(), [0x01, 0x01, 0xff]);
        assert_eq!(boolean.true_or_absent(), Ok(true));
        assert_eq!(
            value(&[0x01, 0x01, 0x00]).true_or_absent().unwrap_err().to_string(),
            "DER at octet 2: a component that equals its default is encoded"
        );
        assert_eq!(
            fields.read(Tag::OCTET_STRING).unwrap_err().to_string(),
            "DER at octet 110: expected OCTET STRING, found NULL"
        );
        assert_eq!(fields.finish().unwrap_err().to_string(), "DER at octet 110: 2 trailing octets");
        assert!(fields.optional(Tag::context(0)).unwrap().is_none());
        assert!(fields.optional(Tag::NULL).unwrap().is_some());
        assert_eq!(fields.peek(), Ok(None));
        assert_eq!(fields.read(Tag::NULL).unwrap_err().to_string(), "DER at octet 112: expected NULL, found the end");
        assert_eq!(fields.finish(), Ok(()));
    }

    #[test]
    fn unsigned_integers_stop_at_their_bounds() {
        let limit = |octets: &[u8], max| value(octets).unsigned(max).map_err(|error| error.to_string());
        assert_eq!(limit(&[0x02, 0x01, 0x7f], 127), Ok(127));
        assert_eq!(
            limit(&[0x02, 0x01, 0x7f], 126),
            Err("DER at octet 2: INTEGER is not in the range 0 to 126".to_owned())
        );
        assert_eq!(limit(&[0x02, 0x09, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], u64::MAX), Ok(u64::MAX));
        assert!(limit(&[0x02, 0x09, 1, 0, 0, 0, 0, 0, 0, 0, 0], u64::MAX).is_err());
        assert!(limit(&[0x02, 0x01, 0xff], u64::MAX).is_err());
        // Under an IMPLICIT tag the gate saw only octets; the accessor applies the rules of INTEGER.
        assert!(limit(&[0x80, 0x02, 0x00, 0x01], 5).unwrap_err().ends_with("INTEGER has a redundant first octet"));
    }

    #[test]
    fn bits_are_counted_from_the_most_significant() {
        let octets = [0x03, 0x02, 0x05, 0xa0];
        let bits = value(&octets).bit_string().unwrap();
        assert_eq!((bits.bit(0), bits.bit(1), bits.bit(2), bits.bit(9)), (true, false, true, false));
        assert_eq!(
            value(&octets).bit_string_octets().unwrap_err().to_string(),
            "DER at octet 2: BIT STRING is not a whole number of octets"
        );
        assert_eq!(value(&octets).named_bits().unwrap().unused(), 5);
        assert!(value(&[0x03, 0x01, 0x00]).named_bits().unwrap().octets().is_empty());
        assert_eq!(
            value(&[0x03, 0x02, 0x00, 0x80]).named_bits().unwrap_err().to_string(),
            "DER at octet 2: BIT STRING of named bits ends in bits that are not set"
        );
        assert_eq!(value(&[0x03, 0x02, 0x00, 0xa1]).bit_string_octets().unwrap(), [0xa1]);
    }
}
