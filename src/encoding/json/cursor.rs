//! A place in a JSON text, and the steps from there to the next: over white space, a string, a number.
//!
//! Whoever goes through a long value takes a copy of the cursor, which the compiler then keeps in registers.

use super::marks::Marks;

/// A place in a text that is UTF-8.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    /// The octets passed.
    pub(super) position: usize,
    /// The word of marks to which the next belongs.
    word: usize,
    /// What of it is left.
    marks: u64,
}

/// A text with its marks.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    pub(super) text: &'a str,
    pub(super) marks: Marks,
}

impl<'a> Marked<'a> {
    #[inline]
    fn octets(&self) -> &'a [u8] {
        self.text.as_bytes()
    }
}

impl Cursor {
    /// The beginning of a text.
    pub(super) fn new(text: &Marked<'_>) -> Self {
        Self { position: 0, word: 0, marks: text.marks.words().first().copied().unwrap_or_default() }
    }

    #[inline(always)]
    pub(super) fn peek(&self, text: &Marked<'_>) -> Option<u8> {
        text.octets().get(self.position).copied()
    }

    /// Passes over white space.
    #[inline(always)]
    pub(super) fn white_space(&mut self, text: &Marked<'_>) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek(text) {
            self.position += 1;
        }
    }

    /// Passes over `octet`, which must stand here.
    #[inline(always)]
    pub(super) fn octet_here(&mut self, text: &Marked<'_>, octet: u8) -> Option<()> {
        if self.peek(text)? != octet {
            return None;
        }
        self.position += 1;
        Some(())
    }

    /// Passes over white space, then `octet`.
    #[inline(always)]
    pub(super) fn octet(&mut self, text: &Marked<'_>, octet: u8) -> Option<()> {
        self.white_space(text);
        self.octet_here(text, octet)
    }

    /// Passes over a string without escapes, and gives its contents.
    #[inline(always)]
    pub(super) fn string<'a>(&mut self, text: &Marked<'a>) -> Option<&'a str> {
        self.octet(text, b'"')?;
        let (start, end) = (self.position, self.next_mark(text)?);
        self.position = end;
        self.octet_here(text, b'"')?;
        text.text.get(start..end)
    }

    /// Passes over a string, with the escapes that stand for one character each.
    #[inline(always)]
    pub(super) fn any_string(&mut self, text: &Marked<'_>) -> Option<()> {
        self.octet_here(text, b'"')?;
        loop {
            self.position = self.next_mark(text)?;
            match text.octets().get(self.position..)? {
                [b'"', ..] => {
                    self.position += 1;
                    return Some(());
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => self.position += 2,
                _ => return None,
            }
        }
    }

    /// Passes over `literal`, which must stand here.
    #[inline(always)]
    pub(super) fn literal(&mut self, text: &Marked<'_>, literal: &[u8]) -> Option<()> {
        if !text.octets().get(self.position..)?.starts_with(literal) {
            return None;
        }
        self.position += literal.len();
        Some(())
    }

    /// Passes over `[-]digits[.digits]`, of 18 digits at most before the point and as many behind it.
    #[inline(always)]
    pub(super) fn number(&mut self, text: &Marked<'_>) -> Option<()> {
        let negative = self.peek(text)? == b'-';
        self.position += usize::from(negative);
        let is_zero = self.peek(text)? == b'0';
        let digits = self.digits(text)?;
        if is_zero && digits > 1 {
            return None;
        }
        if self.peek(text) == Some(b'.') {
            self.position += 1;
            self.digits(text)?;
        } else if negative && is_zero {
            return None;
        }
        // Whoever comes next asks for a comma or a bracket, so an exponent ends the walk.
        Some(())
    }

    /// How many digits were passed, from 1 to 18.
    #[inline(always)]
    fn digits(&mut self, text: &Marked<'_>) -> Option<usize> {
        let rest = text.octets().get(self.position..)?;
        let mut digits = rest.first_chunk().map_or(0, |eight| digits_first(u64::from_le_bytes(*eight)));
        if digits == 0 || digits == 8 {
            digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        }
        self.position += digits;
        (1..=18).contains(&digits).then_some(digits)
    }

    /// The position of the next mark that was not passed. It is passed now.
    #[inline(always)]
    fn next_mark(&mut self, text: &Marked<'_>) -> Option<usize> {
        loop {
            while self.marks == 0 {
                self.word += 1;
                self.marks = *text.marks.words().get(self.word)?;
            }
            let position = self.word * 64 + usize::try_from(self.marks.trailing_zeros()).ok()?;
            self.marks &= self.marks - 1;
            // White space and escapes are passed by without asking.
            if position >= self.position {
                return Some(position);
            }
        }
    }
}

/// How many of eight octets are digits before the first that is none.
#[inline]
fn digits_first(eight: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // A digit less `0` is below 10; what another octet carries goes to those behind it.
    let values = eight ^ (EACH * 0x30);
    let others = (values.wrapping_add(EACH * 0x76) | values) & (EACH * 0x80);
    usize::try_from(others.trailing_zeros() / 8).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn a_digit_is_one_of_ten(text in "[0-9/:x\u{80}-\u{ff}]{0,8}", other in any::<[u8; 8]>()) {
            for octets in [other, std::array::from_fn(|position| text.as_bytes().get(position).copied().unwrap_or(b' '))] {
                let expected = octets.iter().take_while(|octet| octet.is_ascii_digit()).count();
                prop_assert_eq!(digits_first(u64::from_le_bytes(octets)), expected);
            }
        }
    }
}
