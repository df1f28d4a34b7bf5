//! The names of the members of objects that are open, of which none may stand twice in one.
//!
//! Arrays often have objects in rows, each with the names of the one before. So the names of an object that was closed stay
//! behind the others until another needs the place.

use super::cursor::Cursor;

/// The names so far of each object that is open, the innermost last, and behind them those of an object that was closed.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    /// Where those of each object that is open begin.
    firsts: Vec<usize>,
    /// Where those of the innermost end, so far.
    end: usize,
    /// Where those of the closed object end.
    closed_end: usize,
}

/// A name as it stands in a text, between its quotation marks and with the colon behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// Its sixteen first octets; of a shorter one all, and zeros behind them.
    head: u128,
    /// Which octets of `head` are of the name, or none of a longer one.
    mask: u128,
    /// Of all.
    length: usize,
    /// Of the name in its text.
    start: usize,
}

impl Name {
    /// Passes over the name and its colon, if they stand here without white space. Of a long one it is not asked.
    #[inline(always)]
    pub(super) fn pass(&self, cursor: &mut Cursor<'_, '_>) -> Option<()> {
        if cursor.sixteen()? & self.mask != self.head {
            return None;
        }
        cursor.position += self.length;
        Some(())
    }
}

impl Names {
    /// Begins with another text.
    pub(super) fn begin(&mut self) {
        self.firsts.clear();
        (self.end, self.closed_end) = (0, 0);
    }

    /// Opens an object.
    pub(super) fn open(&mut self) {
        self.firsts.push(self.end);
    }

    /// Closes the innermost object.
    pub(super) fn close(&mut self) {
        self.closed_end = self.end;
        self.end = self.firsts.pop().unwrap_or_default();
    }

    /// The names of an object that was closed where one may be opened now, each unlike the others.
    #[inline]
    pub(super) fn closed(&self) -> &[Name] {
        self.names.get(self.end..self.closed_end).unwrap_or_default()
    }

    /// Passes over a name and the colon behind it, and adds it to those of the innermost object; `None` if it is there, or
    /// if there are too many to compare. The answer is the place behind the colon.
    #[inline(never)]
    pub(super) fn pass(&mut self, mut cursor: Cursor<'_, '_>) -> Option<usize> {
        cursor.next()?;
        let sixteen = cursor.sixteen().unwrap_or_else(|| cursor.fewer_than_sixteen());
        let contents = cursor.string()?;
        let start = cursor.position - contents.len() - 1;
        let length = contents.len() + MARKS;
        let mask = MASKS.get(length).copied().unwrap_or_default();
        // With the colon, wherever that is in the text. A short name has two quotation marks in its head, a long one has not.
        let head = if mask == 0 { sixteen } else { sixteen & mask >> 8 | (mask ^ mask >> 8) & COLONS };
        let name = Name { head, mask, length, start };
        let before = self.names.get(*self.firsts.last()?..self.end)?;
        let is_same = |other: &Name| other.head == head && (mask != 0 || cursor.contents(other) == Some(contents));
        if before.len() >= MOST_NAMES || before.iter().any(is_same) {
            return None;
        }
        match self.names.get_mut(self.end) {
            Some(place) => *place = name,
            None => self.names.push(name),
        }
        self.end += 1;
        self.closed_end = self.end;
        cursor.octet(b':')?;
        Some(cursor.position)
    }
}

impl<'a> Cursor<'a, '_> {
    /// A name that was passed.
    fn contents(&self, name: &Name) -> Option<&'a [u8]> {
        self.between(name.start, name.start + name.length - MARKS)
    }
}

/// What a name has around it: two quotation marks and a colon.
const MARKS: usize = 3;

/// By the length of a name with what is around it, which octets of sixteen are of it.
const MASKS: [u128; 17] = {
    let mut masks = [0; 17];
    let (mut mask, mut places) = (0, masks.as_mut_slice());
    while let [place, others @ ..] = places {
        *place = mask;
        (mask, places) = (mask << 8 | 0xff, others);
    }
    masks
};

const COLONS: u128 = u128::from_le_bytes([b':'; 16]);

/// The most members of an object that names are compared in, each with each. 64: a document has about a dozen.
pub(super) const MOST_NAMES: usize = 64;
