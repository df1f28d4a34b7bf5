//! A writer of DER.

use super::Tag;
use crate::oid::Oid;

/// Appends values in DER, one after the other; constructed values are written by a closure.
///
/// ```
/// use wathiqa::encoding::der::{Tag, Writer};
/// let mut writer = Writer::new();
/// writer.constructed(Tag::SEQUENCE, |sequence| sequence.unsigned(5));
/// assert_eq!(writer.into_der(), [0x30, 0x03, 0x02, 0x01, 0x05]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Writer {
    octets: Vec<u8>,
}

impl Writer {
    /// A writer that has written nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written.
    #[must_use]
    pub fn into_der(self) -> Vec<u8> {
        self.octets
    }

    /// Appends values that are DER already.
    pub fn encoded(&mut self, der: &[u8]) {
        self.octets.extend_from_slice(der);
    }

    /// Appends a value with `contents` as its contents octets, which must be right for `tag`.
    pub fn value(&mut self, tag: Tag, contents: &[u8]) {
        tag.write(&mut self.octets);
        write_length(contents.len(), &mut self.octets);
        self.octets.extend_from_slice(contents);
    }

    /// Appends a constructed value; `write` writes what it holds.
    pub fn constructed(&mut self, tag: Tag, write: impl FnOnce(&mut Self)) {
        let mut inner = Self::new();
        write(&mut inner);
        self.value(tag, &inner.octets);
    }

    /// Appends a SET OF, universal or under an IMPLICIT tag, of `elements`, each one value in DER, in the order that
    /// X.690 §11.6 asks for.
    pub fn set_of(&mut self, tag: Tag, mut elements: Vec<Vec<u8>>) {
        elements.sort();
        self.value(tag, &elements.concat());
    }

    /// Appends an INTEGER that is not negative.
    pub fn unsigned(&mut self, value: u64) {
        self.implicit_unsigned(Tag::INTEGER, value);
    }

    /// Appends an INTEGER that is not negative, under the IMPLICIT tag `tag`.
    pub fn implicit_unsigned(&mut self, tag: Tag, value: u64) {
        let octets = value.to_be_bytes();
        let redundant = octets.iter().take(7).take_while(|octet| **octet == 0).count();
        let mut contents = octets.get(redundant..).unwrap_or_default().to_vec();
        if contents.first().is_some_and(|first| first & 0x80 != 0) {
            contents.insert(0, 0);
        }
        self.value(tag, &contents);
    }

    /// Appends BOOLEAN TRUE. FALSE is a DEFAULT wherever a BOOLEAN is written here, and DER leaves it out (X.690 §11.5).
    pub fn boolean_true(&mut self) {
        self.value(Tag::BOOLEAN, &[0xff]);
    }

    /// Appends an OBJECT IDENTIFIER.
    pub fn oid(&mut self, oid: &Oid) {
        self.value(Tag::OBJECT_IDENTIFIER, oid.as_der_contents());
    }

    /// Appends an OCTET STRING.
    pub fn octet_string(&mut self, octets: &[u8]) {
        self.value(Tag::OCTET_STRING, octets);
    }
}

/// Appends a length in its shortest form (X.690 §10.1).
fn write_length(length: usize, octets: &mut Vec<u8>) {
    if let Ok(short @ ..=0x7f) = u8::try_from(length) {
        octets.push(short);
        return;
    }
    let significant: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    // At most eight: a length has as many octets as a `usize`.
    octets.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
    octets.extend(significant);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;
    use crate::encoding::der::{Reader, check};

    #[test]
    fn what_is_written_passes_the_gate_and_reads_back() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let mut writer = Writer::new();
            writer.octet_string(&vec![7; length]);
            let der = writer.into_der();
            check(&der, &Limits::default()).unwrap();
            assert_eq!(Reader::new(&der).read(Tag::OCTET_STRING).unwrap().contents().len(), length);
        }
        for value in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, u64::MAX >> 1, u64::MAX] {
            let mut writer = Writer::new();
            writer.unsigned(value);
            let der = writer.into_der();
            check(&der, &Limits::default()).unwrap();
            assert_eq!(Reader::new(&der).read(Tag::INTEGER).unwrap().unsigned(u64::MAX), Ok(value));
        }
    }

    #[test]
    fn every_tag_reads_back() {
        for tag in
            [Tag::SEQUENCE, Tag::context(0), Tag::context_constructed(30), Tag::context(31), Tag::context(u32::MAX)]
        {
            let mut writer = Writer::new();
            writer.value(tag, &[]);
            let der = writer.into_der();
            assert_eq!(Reader::new(&der).read_any().unwrap().tag(), tag);
        }
    }

    #[test]
    fn a_set_is_sorted() {
        let mut writer = Writer::new();
        writer.set_of(Tag::SET, vec![vec![2, 1, 2], vec![2, 1, 1], vec![1, 1, 0xff]]);
        assert_eq!(writer.into_der(), [0x31, 9, 1, 1, 0xff, 2, 1, 1, 2, 1, 2]);
    }
}
