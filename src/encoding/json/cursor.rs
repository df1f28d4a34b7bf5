//! A place in a JSON text, and the steps from there to the next: over white space, a string, a number.
//!
//! Whoever goes through a long value takes a copy of the cursor, which the compiler then keeps in registers.

use super::marks;

/// A place in a text that is UTF-8, and the marks of that text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a, 'm> {
    octets: &'a [u8],
    marks: &'m [u64],
    /// The octets passed.
    pub(super) position: usize,
}

impl<'a, 'm> Cursor<'a, 'm> {
    /// The beginning of a text with these marks.
    pub(super) fn new(octets: &'a [u8], marks: &'m [u64]) -> Self {
        Self { octets, marks, position: 0 }
    }

    /// The octet that stands here, white space too.
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u8> {
        self.octets.get(self.position).copied()
    }

    /// Passes over white space, and gives the octet behind it.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<u8> {
        let octet = self.peek()?;
        if octet > b' ' {
            return Some(octet);
        }
        self.position += white_space(self.octets.get(self.position..)?);
        self.peek()
    }

    /// Passes over white space, then `octet`.
    #[inline(always)]
    pub(super) fn octet(&mut self, octet: u8) -> Option<()> {
        if self.next()? != octet {
            return None;
        }
        self.position += 1;
        Some(())
    }

    /// The octets from `start` to `end`, wherever in the text.
    #[inline(always)]
    pub(super) fn between(&self, start: usize, end: usize) -> Option<&'a [u8]> {
        self.octets.get(start..end)
    }

    /// The sixteen octets from here, the first as the lowest, if there are as many.
    #[inline(always)]
    pub(super) fn sixteen(&self) -> Option<u128> {
        let sixteen = self.octets.get(self.position..)?.first_chunk()?;
        Some(u128::from_le_bytes(*sixteen))
    }

    /// Passes over a string without escapes, and gives its contents.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Option<&'a [u8]> {
        self.octet(b'"')?;
        let start = self.position;
        self.position = marks::next(self.marks, start)?;
        // Not by `octet`: what stands here may be a line feed.
        if self.peek()? != b'"' {
            return None;
        }
        self.position += 1;
        self.between(start, self.position - 1)
    }

    /// Passes over what is left of a string behind its first quotation mark, with the escapes that stand for one character
    /// each.
    #[inline(always)]
    pub(super) fn rest_of_string(&mut self) -> Option<()> {
        loop {
            self.position = marks::next(self.marks, self.position)?;
            if self.peek()? == b'"' {
                self.position += 1;
                return Some(());
            }
            self.position += escape(self.octets.get(self.position..)?)?;
        }
    }

    /// Passes over `literal`, which must stand here.
    #[inline(always)]
    pub(super) fn literal(&mut self, literal: &[u8]) -> Option<()> {
        if !self.octets.get(self.position..)?.starts_with(literal) {
            return None;
        }
        self.position += literal.len();
        Some(())
    }

    /// Passes over a value that is no object and no array.
    #[inline(always)]
    pub(super) fn scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.position += 1;
                self.rest_of_string()
            }
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    /// Passes over a string, or an integer, and whatever value it is if neither object nor array. For many in a row.
    #[inline(always)]
    pub(super) fn likely_scalar(&mut self) -> Option<()> {
        let Some(sixteen) = self.octets.get(self.position..).and_then(|rest| rest.first_chunk::<16>()) else {
            return self.scalar();
        };
        let [first, ..] = sixteen;
        if *first == b'"' {
            self.position += 1;
            return self.rest_of_string();
        }
        // Most numbers have as many digits as the one before: one step after the other, each foretold, is done sooner than
        // all at once.
        let digits = sixteen.iter().take_while(|octet| octet.is_ascii_digit()).count();
        if *first == b'0' || digits == 0 || digits == 16 || sixteen.get(digits) == Some(&b'.') {
            return self.scalar();
        }
        self.position += digits;
        Some(())
    }

    /// Passes over `[-]digits[.digits]`, of 18 digits at most before the point and as many behind it.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Option<()> {
        self.position += any_number(self.octets.get(self.position..)?)?;
        Some(())
    }
}

/// How much white space `octets` begin with.
#[cold]
fn white_space(octets: &[u8]) -> usize {
    octets.iter().take_while(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n')).count()
}

/// The octets of the escape that `octets` begin with.
#[inline(never)]
fn escape(octets: &[u8]) -> Option<usize> {
    matches!(octets, [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..]).then_some(2)
}

/// The octets of the number that `octets` begin with. A digit behind a leading zero is not of it, nor is an exponent: whoever
/// comes next asks for a comma or a bracket, so that they end the walk.
#[inline(never)]
fn any_number(octets: &[u8]) -> Option<usize> {
    let unsigned = octets.strip_prefix(b"-").unwrap_or(octets);
    let is_zero = unsigned.first() == Some(&b'0');
    let rest = if is_zero { unsigned.get(1..)? } else { digits(unsigned)? };
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => digits(fraction)?,
        None if is_zero && unsigned.len() < octets.len() => return None,
        None => rest,
    };
    Some(octets.len() - rest.len())
}

/// What is behind the digits that `octets` begin with, from 1 to 18.
fn digits(octets: &[u8]) -> Option<&[u8]> {
    let digits = octets.iter().take_while(|octet| octet.is_ascii_digit()).count();
    octets.get(digits..).filter(|_| (1..=18).contains(&digits))
}
