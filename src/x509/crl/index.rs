//! Where the entry of a serial number is: four octets for each entry, sorted once.

use crate::encoding::der::{Reader, Tag};

/// The entries of a CRL by serial number.
///
/// Offsets count from the first entry. A list of a million entries costs four megabytes here, and a lookup reads twenty
/// serial numbers where they lie.
#[derive(Debug, Default)]
pub(super) struct SerialIndex {
    /// All entries, by the octets of their serial number, then in order of appearance.
    by_serial: Box<[u32]>,
    /// The entries that change the certificate issuer for themselves and those after them (§5.3.3), in order.
    issuer_changes: Box<[u32]>,
}

/// An index in the making.
#[derive(Default)]
pub(super) struct IndexBuilder {
    /// The first eight octets of the serial number, which mostly decide the order, and where the entry is.
    entries: Vec<(u64, u32)>,
    issuer_changes: Vec<u32>,
}

impl IndexBuilder {
    pub(super) fn add(&mut self, offset: u32, serial_number: &[u8]) {
        self.entries.push((leading_octets(serial_number), offset));
    }

    pub(super) fn add_issuer_change(&mut self, offset: u32) {
        self.issuer_changes.push(offset);
    }

    pub(super) fn finish(mut self, entries: &[u8]) -> SerialIndex {
        self.entries.sort_unstable_by(|(leading, offset), (other_leading, other_offset)| {
            leading
                .cmp(other_leading)
                .then_with(|| serial_number_at(entries, *offset).cmp(serial_number_at(entries, *other_offset)))
                .then_with(|| offset.cmp(other_offset))
        });
        SerialIndex {
            by_serial: self.entries.into_iter().map(|(_, offset)| offset).collect(),
            issuer_changes: self.issuer_changes.into(),
        }
    }
}

impl SerialIndex {
    pub(super) fn len(&self) -> usize {
        self.by_serial.len()
    }

    /// Where the entries with this serial number are, in order of appearance. `entries` is what the index was made of.
    pub(super) fn find<'a>(&'a self, entries: &'a [u8], serial_number: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
        let first = self.by_serial.partition_point(|offset| serial_number_at(entries, *offset) < serial_number);
        let from = self.by_serial.get(first..).unwrap_or_default().iter().copied();
        from.take_while(move |offset| serial_number_at(entries, *offset) == serial_number)
    }

    /// Where the entry is that names the issuer of the certificate in the entry at `offset`, if any does.
    pub(super) fn issuer_change_before(&self, offset: u32) -> Option<u32> {
        let after = self.issuer_changes.partition_point(|change| *change <= offset);
        after.checked_sub(1).and_then(|last| self.issuer_changes.get(last)).copied()
    }
}

/// The octets of the serial number of the entry at `offset`: it was read before, so it is there.
fn serial_number_at(entries: &[u8], offset: u32) -> &[u8] {
    let entry = usize::try_from(offset).ok().and_then(|offset| entries.get(offset..)).unwrap_or_default();
    let serial_number = Reader::new(entry)
        .read_any()
        .and_then(|entry| entry.reader().read(Tag::INTEGER))
        .map(|serial| serial.contents());
    serial_number.unwrap_or_default()
}

/// The first eight octets, padded with zeros: in the order of the whole, as far as they go.
fn leading_octets(octets: &[u8]) -> u64 {
    octets.iter().copied().chain(std::iter::repeat(0)).take(8).fold(0, |value, octet| (value << 8) | u64::from(octet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Writer;

    #[test]
    fn serial_numbers_are_found_whatever_their_order_and_length() {
        let serials: [&[u8]; 7] = [&[5], &[1, 0], &[1], &[1; 9], &[1, 1, 1, 1, 1, 1, 1, 1, 2], &[0, 0x80], &[1]];
        let mut writer = Writer::new();
        let mut offsets = Vec::new();
        let mut length = 0;
        for serial in serials {
            offsets.push(length);
            writer.constructed(Tag::SEQUENCE, |entry| entry.value(Tag::INTEGER, serial));
            length += 4 + u32::try_from(serial.len()).unwrap();
        }
        let entries = writer.into_der();
        let mut builder = IndexBuilder::default();
        offsets.iter().zip(serials).for_each(|(offset, serial)| builder.add(*offset, serial));
        builder.add_issuer_change(offsets[2]);
        builder.add_issuer_change(offsets[4]);
        let index = builder.finish(&entries);
        let find = |serial: &'static [u8]| index.find(&entries, serial).collect::<Vec<_>>();
        assert_eq!(index.len(), 7);
        assert_eq!(find(&[1]), [offsets[2], offsets[6]]);
        assert_eq!(find(&[1, 0]), [offsets[1]]);
        assert_eq!(find(&[1; 9]), [offsets[3]]);
        assert_eq!(find(&[0, 0x80]), [offsets[5]]);
        assert_eq!(find(&[5]), [offsets[0]]);
        for absent in [&[0][..], &[2], &[6], &[1; 8], &[]] {
            assert_eq!(index.find(&entries, absent).count(), 0, "{absent:?}");
        }
        let change = |position: usize| index.issuer_change_before(offsets[position]);
        assert_eq!((change(1), change(2), change(3)), (None, Some(offsets[2]), Some(offsets[2])));
        assert_eq!((change(4), change(6)), (Some(offsets[4]), Some(offsets[4])));
    }
}
