//! The names of the members of objects that are open, of which none may stand twice in one.
//!
//! An object often has the names of one before: rows of an array have, and bodies of documents. So the names of the last
//! object at each depth stay, from one text to the next, and where they stand again in their order they are not compared
//! with each other again.

use super::cursor::Cursor;

/// By depth, the names of the object that is open there, and behind them those that the one before had there.
#[derive(Debug, Default)]
pub(super) struct Names {
    depths: Vec<Level>,
}

/// The names at one depth, each unlike the others.
#[derive(Debug, Default)]
pub(super) struct Level {
    names: Vec<Name>,
    /// Where those of the open object end, so far.
    end: usize,
}

/// A name as it stands in a text: behind a bracket or a comma, between quotation marks, before a colon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// All that, and zeros behind it; of a long one what fits.
    head: [u128; 2],
    /// Which octets of `head` are of the name.
    mask: [u128; 2],
    /// Of all that.
    length: usize,
    /// Of the contents in their text.
    start: usize,
}

impl Name {
    /// Passes over the name and what is around it, if they stand here without white space. Of a long one it is not asked.
    #[inline(always)]
    pub(super) fn pass(&self, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        let ([head, more], [mask, more_mask]) = (self.head, self.mask);
        if cursor.sixteen()? & mask != head {
            return None;
        }
        if self.length > 16 {
            let mut behind = *cursor;
            behind.position += 16;
            if self.length > HEAD || behind.sixteen()? & more_mask != more {
                return None;
            }
        }
        cursor.position += self.length;
        Some(())
    }

    /// The name with these contents, which begin at `start`, behind `before`.
    fn new(before: u8, contents: &[u8], start: usize) -> Self {
        let length = contents.len() + AROUND;
        let mut octets = [0; HEAD];
        let pieces = [&[before, b'"'], contents, b"\":"];
        octets.iter_mut().zip(pieces.into_iter().flatten()).for_each(|(place, octet)| *place = *octet);
        let (halves, _) = octets.as_chunks();
        let mut head = [0; 2];
        head.iter_mut().zip(halves).for_each(|(half, octets)| *half = u128::from_le_bytes(*octets));
        Self { head, mask: [mask(length), mask(length.saturating_sub(16))], length, start }
    }

    /// Whether it is the name of another member of the same object: wherever each stands in it.
    fn is(&self, other: &Self, cursor: &Cursor<'_, '_>) -> bool {
        let ([head, more], [other_head, other_more]) = (self.head, other.head);
        let contents = |name: &Self| cursor.between(name.start, name.start + name.length - AROUND);
        self.length == other.length
            && (head ^ other_head) >> 8 == 0
            && more == other_more
            && (self.length <= HEAD || contents(self) == contents(other))
    }
}

impl Names {
    /// Begins with another text.
    pub(super) fn begin(&mut self) {
        self.depths.resize_with(usize::from(MOST_DEPTH), Level::default);
    }

    /// Those at `depth`.
    #[inline(always)]
    pub(super) fn at(&mut self, depth: u32) -> Option<&mut Level> {
        self.depths.get_mut(usize::try_from(depth).ok()?)
    }
}

impl Level {
    /// The names of the object before that may follow those of the open one, which begins as that did.
    #[inline(always)]
    pub(super) fn likely(&self) -> &[Name] {
        self.names.get(self.end..).unwrap_or_default()
    }

    /// Opens another object.
    #[inline(always)]
    pub(super) fn open(&mut self) {
        self.end = 0;
    }

    /// Takes so many of the likely names for those of the open object.
    #[inline(always)]
    pub(super) fn take(&mut self, passed: usize) {
        self.end += passed;
    }

    /// Passes over a name and the colon behind it, and adds it to those of the open object; `None` if it is there, or if
    /// there are too many to compare. The answer is the place behind the colon.
    #[inline(never)]
    pub(super) fn pass(&mut self, mut cursor: Cursor<'_, '_>) -> Option<usize> {
        let contents = cursor.string()?;
        let start = cursor.position - contents.len() - 1;
        let name = Name::new(if self.end == 0 { b'{' } else { b',' }, contents, start);
        self.names.truncate(self.end);
        if self.end >= MOST_NAMES || self.names.iter().any(|other| other.is(&name, &cursor)) {
            return None;
        }
        self.names.push(name);
        self.end += 1;
        cursor.octet(b':')?;
        Some(cursor.position)
    }
}

/// The octets of so many that are of a name.
fn mask(length: usize) -> u128 {
    let bits = u32::try_from(length).map_or(128, |length| length.saturating_mul(8));
    1_u128.checked_shl(bits).map_or(u128::MAX, |above| above - 1)
}

/// The octets of a name that are compared at once.
const HEAD: usize = 32;

/// What a name has around it: a bracket or comma, two quotation marks and a colon.
const AROUND: usize = 4;

/// How deep a walk goes at most.
pub(super) const MOST_DEPTH: u8 = 64;

/// The most members of an object that names are compared in, each with each. 64: a document has about a dozen.
pub(super) const MOST_NAMES: usize = 64;
