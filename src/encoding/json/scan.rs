//! A straight walk over JSON, in place, without a tree of values: for the one who reads millions of texts.
//!
//! It reads less than the [gate](super) does, and nothing that the gate refuses. Whatever is out of the ordinary ends the
//! walk with `None`, right or wrong, and is left to the gate: names with escapes, `\u` escapes, integers of more than 18
//! digits, exponents, minus zero, objects of more than [`MOST_NAMES`] members.

use crate::budget::Limits;

use super::cursor::{Cursor, Marked};
use super::marks::Marks;
use super::names::Names;

/// A walk over one JSON text.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: Marked<'a>,
    cursor: Cursor,
    /// Members and elements that may still come.
    members_left: usize,
    /// Objects and arrays that may still be opened, one in the other.
    depth_left: usize,
    /// The names of the members so far of each object that is open, the innermost last.
    names: Names<'a>,
}

impl<'a> Scanner<'a> {
    /// A walk over all of `octets`, if they are UTF-8 and no more than `limits` allow.
    pub(crate) fn new(octets: &'a [u8], limits: &Limits) -> Option<Self> {
        if octets.len() > limits.input_octets {
            return None;
        }
        let text = Marked { text: simdutf8::basic::from_utf8(octets).ok()?, marks: Marks::of(octets) };
        let (cursor, members_left) = (Cursor::new(&text), limits.json_members);
        // The parser behind the gate has a bound of its own, of 128.
        let depth_left = limits.json_depth.min(MOST_DEPTH);
        Some(Self { text, cursor, members_left, depth_left, names: Names::default() })
    }

    /// Walks over an object; `member` is given each name and must walk over the value.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.cursor.octet(&self.text, b'{')?;
        self.depth_left = self.depth_left.checked_sub(1)?;
        let outer = self.names.open();
        let mut goes_on = !self.closes(b'}')?;
        while goes_on {
            self.members_left = self.members_left.checked_sub(1)?;
            let name = self.names.pass(&mut self.cursor, &self.text)?;
            member(self, name)?;
            goes_on = self.goes_on(b'}')?;
        }
        self.names.close(outer);
        self.depth_left += 1;
        Some(())
    }

    /// Walks over a string without escapes, and gives its contents.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        self.cursor.string(&self.text)
    }

    /// Walks over an integer that is not negative, and gives it.
    pub(crate) fn integer(&mut self) -> Option<u64> {
        self.cursor.white_space(&self.text);
        let start = self.cursor.position;
        self.cursor.number(&self.text)?;
        self.text.text.get(start..self.cursor.position)?.parse().ok()
    }

    /// Walks over any value, with all that is in it.
    pub(crate) fn value(&mut self) -> Option<()> {
        let (text, mut cursor, mut members_left) = (&self.text, self.cursor, self.members_left);
        // Of each object or array that is open, from the outermost: whether it is an object, and what closes its names.
        let mut open = [(false, 0); MOST_DEPTH];
        let mut depth = 0;
        'value: loop {
            cursor.white_space(text);
            match cursor.peek(text)? {
                b'"' => cursor.any_string(text)?,
                bracket @ (b'{' | b'[') => {
                    let is_object = bracket == b'{';
                    let place = open.get_mut(depth).filter(|_| depth < self.depth_left)?;
                    cursor.position += 1;
                    cursor.white_space(text);
                    if cursor.peek(text)? == closing(is_object) {
                        cursor.position += 1;
                    } else {
                        *place = (is_object, self.names.open());
                        depth += 1;
                        members_left = members_left.checked_sub(1)?;
                        if is_object {
                            self.names.pass(&mut cursor, text)?;
                        }
                        continue 'value;
                    }
                }
                b't' => cursor.literal(text, b"true")?,
                b'f' => cursor.literal(text, b"false")?,
                b'n' => cursor.literal(text, b"null")?,
                _ => cursor.number(text)?,
            }
            // A value ended, and with it perhaps what it is in.
            while let Some((is_object, outer)) = depth.checked_sub(1).and_then(|innermost| open.get(innermost)) {
                cursor.white_space(text);
                let found = cursor.peek(text)?;
                cursor.position += 1;
                if found == b',' {
                    members_left = members_left.checked_sub(1)?;
                    if *is_object {
                        self.names.pass(&mut cursor, text)?;
                    }
                    continue 'value;
                }
                if found != closing(*is_object) {
                    return None;
                }
                self.names.close(*outer);
                depth -= 1;
            }
            (self.cursor, self.members_left) = (cursor, members_left);
            return Some(());
        }
    }

    /// Ends the walk: nothing but white space is left.
    pub(crate) fn finish(mut self) -> Option<()> {
        self.cursor.white_space(&self.text);
        self.cursor.peek(&self.text).is_none().then_some(())
    }

    /// After an opening bracket: whether the closing one follows at once.
    fn closes(&mut self, closing: u8) -> Option<bool> {
        self.cursor.white_space(&self.text);
        let closes = self.cursor.peek(&self.text)? == closing;
        self.cursor.position += usize::from(closes);
        Some(closes)
    }

    /// After an element: whether another follows, or the closing bracket.
    fn goes_on(&mut self, closing: u8) -> Option<bool> {
        self.cursor.white_space(&self.text);
        let found = self.cursor.peek(&self.text)?;
        self.cursor.position += 1;
        match found {
            b',' => Some(true),
            _ if found == closing => Some(false),
            _ => None,
        }
    }
}

/// What closes an object or an array.
#[inline]
fn closing(is_object: bool) -> u8 {
    if is_object { b'}' } else { b']' }
}

/// How deep the walk goes at most.
const MOST_DEPTH: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn scans(octets: &[u8], limits: &Limits) -> bool {
        Scanner::new(octets, limits).and_then(|mut scanner| {
            scanner.value()?;
            scanner.finish()
        }) == Some(())
    }

    #[test]
    fn what_is_ordinary_is_walked_over() {
        for text in [
            " { \"a\" : [ 1 , -20 , 0 , 0.50 , -0.5 , true , false , null , { } , [ ] ] , \"b\" : \"\\\"\\\\\\n\\/\" }\r\n",
            "\"\"",
            "\"وثيقة, seven octets and more\"",
            "123456789012345678",
            "{\"a\":{\"a\":1,\"b\":2},\"b\":{\"a\":1}}",
        ] {
            assert!(scans(text.as_bytes(), &Limits::default()), "{text}");
        }
    }

    #[test]
    fn what_is_not_ends_the_walk() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "[,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{\"a\":1,\"a\":2}",
            "{\"\\u0061\":1}",
            "\"\\u0061\"",
            "\"\\x\"",
            "\"a\n\"",
            "\"\u{1f}\"",
            "\"seven o\u{1}ctets and more\"",
            "01",
            "-",
            "-0",
            "1.",
            ".5",
            "1e5",
            "+1",
            "1 2",
            "nul",
            "truex",
            "1234567890123456789",
            "{\"a\":[{\"b\":1,\"c\":{\"b\":1},\"b\":2}]}",
            "\u{feff}1",
            "[1}",
            "{1:2}",
            "'a'",
        ] {
            assert!(!scans(text.as_bytes(), &Limits::default()), "{text}");
        }
        assert!(!scans(b"\"\xff\"", &Limits::default()));
    }

    #[test]
    fn the_limits_are_those_of_the_gate() {
        let limits = Limits { input_octets: 40, json_depth: 3, json_members: 5, ..Limits::default() };
        for (text, holds) in [
            ("[[[1]]]", true),
            ("[[[[1]]]]", false),
            ("[1,2,3,4,5]", true),
            ("[1,2,3,4,5,6]", false),
            ("{\"a\":[1,2],\"b\":{\"c\":1}}", true),
            ("{\"a\":[1,2],\"b\":{\"c\":[1]}}", false),
        ] {
            assert_eq!(scans(text.as_bytes(), &limits), holds, "{text}");
            assert_eq!(super::super::parse(text.as_bytes(), &limits).is_ok(), holds, "{text}");
        }
        assert!(scans(&[b"1".as_slice(), &[b' '; 39]].concat(), &limits));
        assert!(!scans(&[b"1".as_slice(), &[b' '; 40]].concat(), &limits));
        let deep = |depth| ["[".repeat(depth), "]".repeat(depth)].concat();
        let limits = Limits { json_depth: 1000, ..Limits::default() };
        assert!(scans(deep(64).as_bytes(), &limits) && !scans(deep(65).as_bytes(), &limits));
        let wide = |names: usize| {
            json!((0..names).map(|name| (name.to_string(), Value::Null)).collect::<serde_json::Map<_, _>>())
        };
        assert!(scans(wide(64).to_string().as_bytes(), &limits) && !scans(wide(65).to_string().as_bytes(), &limits));
    }

    /// Texts that are JSON, or nearly.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("{"),
            Just("}"),
            Just("["),
            Just("]"),
            Just(","),
            Just(":"),
            Just("\"a\""),
            Just("\"b\""),
            Just("1"),
            Just("-0.5"),
            Just("0"),
            Just("true"),
            Just("null"),
            Just(" "),
            Just("\"\\n\""),
            Just("\"\\u0062\""),
            Just("\""),
            Just("\\"),
            Just("9"),
            Just("e1"),
            Just("\u{1}"),
            Just("ب"),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn nothing_passes_that_the_gate_refuses(text in nearly_json()) {
            if scans(text.as_bytes(), &Limits::default()) {
                prop_assert!(super::super::parse(text.as_bytes(), &Limits::default()).is_ok(), "{}", text);
            }
        }
    }
}
