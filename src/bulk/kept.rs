//! Octets that are kept of many documents, in one piece of memory.

use std::ops::Range;

use crate::encoding::base64::{decode_url_onto, most_octets};

/// Octets one behind the other. They are forgotten together, and the memory is used again.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// What is there already is at the front.
    memory: Vec<u8>,
    used: usize,
}

impl Kept {
    /// Keeps two pieces as one; answers their place.
    pub(super) fn keep(&mut self, pieces: [&[u8]; 2]) -> Range<usize> {
        let start = self.used;
        for piece in pieces {
            let end = self.used + piece.len();
            if self.memory.len() < end {
                self.memory.resize(end, 0);
            }
            if let Some(place) = self.memory.get_mut(self.used..end) {
                place.copy_from_slice(piece);
            }
            self.used = end;
        }
        start..self.used
    }

    /// Keeps what `text` is in base64url, if it is; answers its place.
    pub(super) fn decode_url(&mut self, text: &[u8]) -> Option<Range<usize>> {
        let start = self.used;
        let most = start + most_octets(text);
        if self.memory.len() < most {
            self.memory.resize(most, 0);
        }
        self.used += decode_url_onto(text, self.memory.get_mut(start..)?)?.len();
        Some(start..self.used)
    }

    /// What is kept at `place`: nothing, if that is forgotten.
    pub(super) fn at(&self, place: &Range<usize>) -> &[u8] {
        self.memory.get(..self.used).and_then(|kept| kept.get(place.clone())).unwrap_or_default()
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        self.used = 0;
    }

    /// How many octets of memory it takes.
    pub(super) fn octets(&self) -> usize {
        self.memory.capacity()
    }
}
