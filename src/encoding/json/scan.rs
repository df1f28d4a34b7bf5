//! A straight walk over JSON, in place, without a tree of values: for the one who reads millions of texts.
//!
//! It reads less than the [gate](super) does, and nothing that the gate refuses. Whatever is out of the ordinary ends the
//! walk with `None`, right or wrong, and is left to the gate: names with escapes, `\u` escapes, integers of more than 18
//! digits, exponents, minus zero, objects of more than 64 members.

use crate::budget::Limits;

use super::cursor::Cursor;
use super::marks;
use super::names::{MOST_DEPTH, Names};
use super::passed::{Passed, Place};
use super::walk::Walk;

/// A walk over one JSON text.
#[derive(Debug)]
pub(crate) struct Scanner<'a, 'm> {
    cursor: Cursor<'a, 'm>,
    /// Members and elements that may still come.
    members_left: usize,
    /// Objects and arrays that may still be opened, one in the other.
    depth_left: u32,
    /// The names of the members so far of each object that is open.
    names: &'m mut Names,
}

/// Memory that one walk after the other uses.
#[derive(Debug, Default)]
pub(crate) struct ScanMemory {
    marks: Vec<u64>,
    names: Names,
}

impl<'a, 'm> Scanner<'a, 'm> {
    /// A walk over all of `octets`, if they are UTF-8 and no more than `limits` allow.
    pub(crate) fn new(octets: &'a [u8], limits: &Limits, memory: &'m mut ScanMemory) -> Option<Self> {
        if octets.len() > limits.input_octets {
            return None;
        }
        let ScanMemory { marks, names } = memory;
        marks::mark(octets, marks)?;
        names.begin();
        // The parser behind the gate has a bound of its own, of 128.
        let most_depth = u32::from(MOST_DEPTH);
        let depth_left = u32::try_from(limits.json_depth).map_or(most_depth, |depth| depth.min(most_depth));
        Some(Self { cursor: Cursor::new(octets, marks), members_left: limits.json_members, depth_left, names })
    }

    /// Walks over an object; `member` is given each name, must walk over the value, and must refuse a name that stands twice.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
        let mut more = self.enter()?;
        while more {
            let name = self.name()?;
            member(self, name)?;
            more = self.more()?;
        }
        Some(())
    }

    /// Walks over the bracket that opens an object, and over the other one if nothing stands between them. Whether a member
    /// follows.
    pub(crate) fn enter(&mut self) -> Option<bool> {
        self.cursor.octet(b'{')?;
        self.depth_left = self.depth_left.checked_sub(1)?;
        let is_empty = self.cursor.next()? == b'}';
        if is_empty {
            self.cursor.position += 1;
            self.depth_left += 1;
        }
        Some(!is_empty)
    }

    /// Walks over the name of a member and the colon, and gives the name.
    pub(crate) fn name(&mut self) -> Option<&'a [u8]> {
        self.members_left = self.members_left.checked_sub(1)?;
        let name = self.cursor.string()?;
        self.cursor.octet(b':')?;
        Some(name)
    }

    /// Walks over what is behind a member: a comma, or the bracket that closes the object. Whether another member follows.
    pub(crate) fn more(&mut self) -> Option<bool> {
        let found = self.cursor.next()?;
        self.cursor.position += 1;
        match found {
            b',' => Some(true),
            b'}' => {
                self.depth_left += 1;
                Some(false)
            }
            _ => None,
        }
    }

    /// Where the walk is.
    pub(crate) fn place(&self) -> Place {
        Place { position: self.cursor.position, members_left: self.members_left }
    }

    /// Keeps in `passed` the member that begins at `start` and ends with the comma before this place, if it is not long.
    /// Whether it is kept.
    pub(crate) fn keep(&self, start: Place, passed: &mut Passed) -> bool {
        let stood = self.cursor.between(start.position, self.cursor.position);
        let Some(octets) = stood.filter(|octets| octets.len() <= Passed::MOST_OCTETS) else { return false };
        passed.octets.clear();
        passed.octets.extend_from_slice(octets);
        passed.members = start.members_left - self.members_left;
        // Each is closed by another octet, and deeper than there are brackets nothing can be.
        passed.depth = octets.iter().map(|octet| u32::from(matches!(octet, b'{' | b'['))).sum();
        true
    }

    /// Walks over a member and the comma behind it, if they stand here as they were `passed` elsewhere.
    pub(crate) fn pass(&mut self, passed: &Passed) -> Option<()> {
        let Passed { octets, members, depth } = passed;
        if self.depth_left < *depth {
            return None;
        }
        let members_left = self.members_left.checked_sub(*members)?;
        self.cursor.literal(octets)?;
        self.members_left = members_left;
        Some(())
    }

    /// Walks over a string without escapes, and gives its contents, which are UTF-8.
    pub(crate) fn octets(&mut self) -> Option<&'a [u8]> {
        self.cursor.string()
    }

    /// Walks over a string without escapes, and gives its contents.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.octets()?).ok()
    }

    /// Walks over an integer that is not negative, and gives it.
    pub(crate) fn integer(&mut self) -> Option<u64> {
        self.cursor.next()?;
        let start = self.cursor.position;
        self.cursor.number()?;
        std::str::from_utf8(self.cursor.between(start, self.cursor.position)?).ok()?.parse().ok()
    }

    /// Walks over any value, with all that is in it.
    pub(crate) fn value(&mut self) -> Option<()> {
        let mut walk = Walk::new(self.cursor, self.members_left, self.depth_left, self.names);
        walk.value()?;
        (self.cursor, self.members_left) = (walk.cursor, walk.members_left);
        Some(())
    }

    /// Ends the walk: nothing but white space is left.
    pub(crate) fn finish(mut self) -> Option<()> {
        self.cursor.next().is_none().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The names of a row with the white space around them, the values of each row, and whether a row without the first name
    /// follows.
    type Rows = (Vec<(&'static str, &'static str)>, Vec<Vec<&'static str>>, bool);

    fn scans(octets: &[u8], limits: &Limits) -> bool {
        scans_after(&mut ScanMemory::default(), octets, limits)
    }

    fn scans_after(memory: &mut ScanMemory, octets: &[u8], limits: &Limits) -> bool {
        Scanner::new(octets, limits, memory).and_then(|mut scanner| {
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
            "[{\"a\":1},{\"a\":1,\"a\":2}]",
            "[{\"a\":1},{\"a\":1,}]",
            "[{\"a\":1},{\"a\":1},]",
            "[{\"a\":1,\"b\":2},{\"b\":1,\"b\":2}]",
            "[{\"a\":1,\"b\":2},{\"a\":1}{\"a\":1}]",
            "[{\"a\":1},{\"a\":01}]",
            "[{\"a\":1},{\"a\":\"\n\"}]",
            "[{\"a\":1},{\"a\"1}]",
            "{\"a\":{\"b\":1},{\"b\":1}}",
            "{\"a\":{\"b\":1},\"c\":{\"b\":1},{\"b\":1}}",
        ] {
            assert!(!scans(text.as_bytes(), &Limits::default()), "{text}");
        }
        assert!(!scans(b"\"\xff\"", &Limits::default()));
    }

    #[test]
    fn a_string_that_is_asked_for_has_no_escapes_and_no_controls() {
        let string = |text: &str| {
            let mut memory = ScanMemory::default();
            let mut scanner = Scanner::new(text.as_bytes(), &Limits::default(), &mut memory)?;
            let string = scanner.string()?.to_owned();
            scanner.finish().map(|()| string)
        };
        assert_eq!(string(" \"قرار\"\n"), Some("قرار".to_owned()));
        for text in ["\"a\n\"", "\"a\t\"", "\"\n\"", "\"a\\n\"", "\"a\\\"\"", "\"a", "a\"", ""] {
            assert_eq!(string(text), None, "{text}");
        }
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
            ("[{\"a\":1},{\"a\":1}]", true),
            ("[{\"a\":1},{\"a\":1},{}]", true),
            ("[{\"a\":1},{\"a\":1},{},1]", false),
            ("[{\"a\":1},{\"a\":1},{\"a\":1}]", false),
            ("[[{\"a\":1},{\"a\":1}]]", true),
            ("[[{\"a\":1},{\"a\":[]}]]", false),
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

    /// Arrays of objects that have the same names, or nearly.
    fn rows() -> impl Strategy<Value = String> {
        let name = prop::sample::select(
            &[
                "",
                "a",
                "b",
                "twelveoctets",
                "thirteenoctet",
                "thirteenoctes",
                "sixteen octets !",
                "twenty-eight octets in name!",
                "twenty-eight octets in name?",
                "twenty-nine octets in a name!",
                "twenty-nine octets in a name?",
                "no less than thirty-three octets !",
                "no less than thirty-three octets ?",
            ][..],
        );
        let value = prop::sample::select(
            &[
                "1",
                "12345",
                "-0.5",
                "0",
                "1234567890123456",
                "123456789012345678",
                "\"\"",
                "\"a\\n\"",
                "\"as many octets as do not fit in one word of marks, nor in two of them: there are more than one hundred and twenty-eight of them in it\"",
                "true",
                "false",
                "null",
                "{}",
                "[2]",
                "{\"a\":1}",
            ][..],
        );
        let shape = proptest::collection::vec((name, prop_oneof![9 => Just(""), 1 => Just(" ")]), 0..4);
        let values = proptest::collection::vec(proptest::collection::vec(value, 4), 0..4);
        proptest::collection::vec((shape, values, any::<bool>()), 0..4).prop_map(|shapes| {
            let object = |shape: &[(&str, &str)], values: &[&str]| {
                let member =
                    |((name, space), value): (&(&str, &str), &&str)| format!("{space}\"{name}\":{value}{space}");
                let members: Vec<_> = shape.iter().zip(values).map(member).collect();
                format!("{{{}}}", members.join(","))
            };
            let array = |(shape, values, more): &Rows| {
                let mut rows: Vec<_> = values.iter().map(|values| object(shape, values)).collect();
                if *more {
                    rows.push(object(shape.get(1..).unwrap_or_default(), &["1"; 4]));
                }
                format!("[{}]", rows.join(","))
            };
            let arrays: Vec<_> = shapes.iter().map(array).collect();
            format!("[{},0]", arrays.join(",")).replace("[,", "[")
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

        #[test]
        fn nothing_passes_that_the_gate_refuses(text in nearly_json()) {
            if scans(text.as_bytes(), &Limits::default()) {
                prop_assert!(super::super::parse(text.as_bytes(), &Limits::default()).is_ok(), "{}", text);
            }
        }

        #[test]
        fn rows_pass_that_the_gate_passes(text in rows(), before in rows(), at in any::<prop::sample::Index>(), octet in any::<u8>()) {
            let mut memory = ScanMemory::default();
            scans_after(&mut memory, before.as_bytes(), &Limits::default());
            let mut octets = text.into_bytes();
            let passes = super::super::parse(&octets, &Limits::default()).is_ok();
            prop_assert_eq!(scans_after(&mut memory, &octets, &Limits::default()), passes);
            let at = at.index(octets.len());
            octets[at] = octet;
            if scans_after(&mut memory, &octets, &Limits::default()) {
                prop_assert!(super::super::parse(&octets, &Limits::default()).is_ok(), "{:?}", octets);
            }
        }
    }
}
