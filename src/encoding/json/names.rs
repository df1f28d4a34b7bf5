//! The names of the members of objects that are open, of which none may stand twice in one.

use super::cursor::{Cursor, Marked};

/// The names so far of each object that is open, the innermost last.
#[derive(Debug)]
pub(super) struct Names<'a> {
    names: Vec<Name<'a>>,
    /// Where those of the innermost object begin.
    first: usize,
}

/// A name, and some of its octets as a number, by which most comparisons end.
#[derive(Debug, Clone, Copy)]
struct Name<'a> {
    head: u64,
    name: &'a str,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Self { names: Vec::with_capacity(MOST_NAMES), first: 0 }
    }
}

impl<'a> Names<'a> {
    /// Opens an object; what is answered is for closing it.
    #[inline]
    pub(super) fn open(&mut self) -> usize {
        std::mem::replace(&mut self.first, self.names.len())
    }

    /// Closes the object for which [`open`](Self::open) answered `outer`.
    #[inline]
    pub(super) fn close(&mut self, outer: usize) {
        self.names.truncate(self.first);
        self.first = outer;
    }

    /// Passes over the name of a member and the colon behind it, and gives the name.
    #[inline(always)]
    pub(super) fn pass(&mut self, cursor: &mut Cursor, text: &Marked<'a>) -> Option<&'a str> {
        let name = cursor.string(text)?;
        self.add(name)?;
        cursor.octet(text, b':')?;
        Some(name)
    }

    /// Adds a name to those of the innermost object; `None` if it is there, or if there are too many to compare.
    #[inline]
    fn add(&mut self, name: &'a str) -> Option<()> {
        let head = head(name);
        let before = self.names.get(self.first..)?;
        if before.len() >= MOST_NAMES || before.iter().any(|other| other.head == head && other.name == name) {
            return None;
        }
        self.names.push(Name { head, name });
        Some(())
    }
}

/// The first octets of a name and the last, those of a short one more than once, and its length.
#[inline]
fn head(name: &str) -> u64 {
    let octets = name.as_bytes();
    let length = u64::try_from(octets.len()).unwrap_or_default();
    let ends = match (octets.first_chunk::<4>(), octets.last_chunk::<4>()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32,
        _ => octets.iter().fold(0, |ends, octet| ends << 8 | u64::from(*octet)),
    };
    ends.wrapping_add(length << 56)
}

/// The most members of an object that names are compared in, each with each. 64: a document has about a dozen.
pub(super) const MOST_NAMES: usize = 64;
