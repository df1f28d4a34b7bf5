//! A straight walk over JSON, in place, without a tree of values: for the one who reads millions of texts.
//!
//! It reads less than the [gate](super) does, and nothing that the gate refuses. Whatever is out of the ordinary ends the
//! walk with `None`, right or wrong, and is left to the gate: names with escapes, `\u` escapes, integers of more than 18
//! digits, exponents, minus zero, objects of more than [`MOST_NAMES`] members.

use crate::budget::Limits;

/// A walk over one JSON text.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    /// What is left of `text`.
    rest: &'a [u8],
    /// Members and elements that may still come.
    members_left: usize,
    depth_left: usize,
    /// The names of the members so far of each object that is open, the innermost last.
    names: Vec<Name<'a>>,
}

/// A name, and some of its octets as a number, by which most comparisons end.
#[derive(Debug, Clone, Copy)]
struct Name<'a> {
    head: u64,
    name: &'a str,
}

impl<'a> Scanner<'a> {
    /// A walk over all of `octets`, if they are UTF-8 and no more than `limits` allow.
    pub(crate) fn new(octets: &'a [u8], limits: &Limits) -> Option<Self> {
        if octets.len() > limits.input_octets {
            return None;
        }
        let text = simdutf8::basic::from_utf8(octets).ok()?;
        // The parser behind the gate has a bound of its own, of 128.
        let depth_left = limits.json_depth.min(64);
        Some(Self { text, rest: octets, members_left: limits.json_members, depth_left, names: Vec::with_capacity(64) })
    }

    /// Walks over an object; `member` is given each name and must walk over the value.
    pub(crate) fn object(&mut self, mut member: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.octet(b'{')?;
        self.depth_left = self.depth_left.checked_sub(1)?;
        let first = self.names.len();
        if !self.closes(b'}')? {
            loop {
                self.count()?;
                let name = self.string()?;
                self.is_new_name(first, name)?;
                self.octet(b':')?;
                member(self, name)?;
                if !self.goes_on(b'}')? {
                    break;
                }
            }
        }
        self.names.truncate(first);
        self.depth_left += 1;
        Some(())
    }

    /// Walks over a string without escapes, and gives its contents.
    pub(crate) fn string(&mut self) -> Option<&'a str> {
        self.octet(b'"')?;
        let start = self.position();
        self.plain_characters();
        let end = self.position();
        self.octet_here(b'"')?;
        self.text.get(start..end)
    }

    /// Walks over an integer that is not negative, and gives it.
    pub(crate) fn integer(&mut self) -> Option<u64> {
        self.white_space();
        let start = self.position();
        self.number()?;
        self.text.get(start..self.position())?.parse().ok()
    }

    /// Walks over any value.
    pub(crate) fn value(&mut self) -> Option<()> {
        self.white_space();
        match self.rest.first()? {
            b'"' => self.any_string(),
            b'{' => self.object(|scanner, _| scanner.value()),
            b'[' => self.array(),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => self.number(),
        }
    }

    /// Ends the walk: nothing but white space is left.
    pub(crate) fn finish(mut self) -> Option<()> {
        self.white_space();
        self.rest.is_empty().then_some(())
    }

    fn array(&mut self) -> Option<()> {
        self.octet(b'[')?;
        self.depth_left = self.depth_left.checked_sub(1)?;
        if !self.closes(b']')? {
            loop {
                self.count()?;
                self.value()?;
                if !self.goes_on(b']')? {
                    break;
                }
            }
        }
        self.depth_left += 1;
        Some(())
    }

    /// After an opening bracket: whether the closing one follows at once.
    fn closes(&mut self, closing: u8) -> Option<bool> {
        self.white_space();
        match self.rest.split_first()? {
            (first, rest) if *first == closing => {
                self.rest = rest;
                Some(true)
            }
            _ => Some(false),
        }
    }

    /// After an element: whether another follows, or the closing bracket.
    fn goes_on(&mut self, closing: u8) -> Option<bool> {
        self.white_space();
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        match *first {
            b',' => Some(true),
            found if found == closing => Some(false),
            _ => None,
        }
    }

    fn count(&mut self) -> Option<()> {
        self.members_left = self.members_left.checked_sub(1)?;
        Some(())
    }

    fn is_new_name(&mut self, first: usize, name: &'a str) -> Option<()> {
        let named = Name { head: head(name), name };
        let before = self.names.get(first..)?;
        if before.len() >= MOST_NAMES || before.iter().any(|other| other.head == named.head && other.name == name) {
            return None;
        }
        self.names.push(named);
        Some(())
    }

    /// A string, with the escapes that stand for one character each.
    fn any_string(&mut self) -> Option<()> {
        self.octet_here(b'"')?;
        loop {
            self.plain_characters();
            match self.rest {
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return Some(());
                }
                [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..] => self.rest = rest,
                _ => return None,
            }
        }
    }

    /// Passes over characters that are neither `"` nor `\` nor a control, eight octets at a time.
    fn plain_characters(&mut self) {
        while let Some((eight, rest)) = self.rest.split_first_chunk::<8>() {
            let special = special(u64::from_le_bytes(*eight));
            if special != 0 {
                let plain = usize::try_from(special.trailing_zeros() / 8).unwrap_or_default();
                self.rest = self.rest.get(plain..).unwrap_or_default();
                return;
            }
            self.rest = rest;
        }
        while let [0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0xff, rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn literal(&mut self, literal: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(literal)?;
        Some(())
    }

    /// `[-]digits[.digits]`, of 18 digits at most before the point and as many behind it.
    fn number(&mut self) -> Option<()> {
        let negative = self.rest.first() == Some(&b'-');
        if negative {
            self.rest = self.rest.get(1..)?;
        }
        let first = *self.rest.first()?;
        let digits = self.digits()?;
        let is_zero = first == b'0';
        if is_zero && digits > 1 {
            return None;
        }
        if self.rest.first() == Some(&b'.') {
            self.rest = self.rest.get(1..)?;
            self.digits()?;
        } else if negative && is_zero {
            return None;
        }
        // Whoever comes next asks for a comma or a bracket, so an exponent ends the walk.
        Some(())
    }

    fn digits(&mut self) -> Option<usize> {
        let digits = self.rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
        self.rest = self.rest.get(digits..)?;
        (1..=18).contains(&digits).then_some(digits)
    }

    /// Passes over white space, then `octet`.
    fn octet(&mut self, octet: u8) -> Option<()> {
        self.white_space();
        self.octet_here(octet)
    }

    fn octet_here(&mut self, octet: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        if *first != octet {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    fn white_space(&mut self) {
        while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn position(&self) -> usize {
        self.text.len() - self.rest.len()
    }
}

/// The first eight octets of a name, or all of a shorter one, with its length.
fn head(name: &str) -> u64 {
    let octets = name.as_bytes();
    let length = u64::try_from(octets.len()).unwrap_or_default();
    match octets.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight).wrapping_add(length),
        None => octets.iter().fold(length, |head, octet| (head << 8) | u64::from(*octet)),
    }
}

/// A set high bit for each octet that is `"`, `\` or a control; bits above the lowest one may be wrong.
fn special(eight: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let zero = |word: u64| word.wrapping_sub(EACH) & !word;
    let control = eight.wrapping_sub(EACH * 0x20) & !eight;
    (control | zero(eight ^ (EACH * 0x22)) | zero(eight ^ (EACH * 0x5c))) & (EACH * 0x80)
}

/// The most members of an object that names are compared in, each with each. 64: a document has about a dozen.
const MOST_NAMES: usize = 64;

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

        #[test]
        fn an_octet_is_special_when_it_is(octets in any::<[u8; 8]>()) {
            let plain = |octet: &u8| !matches!(octet, 0..=0x1f | b'"' | b'\\');
            let expected = octets.iter().take_while(|octet| plain(octet)).count();
            let found = special(u64::from_le_bytes(octets)).trailing_zeros() / 8;
            prop_assert_eq!(usize::try_from(found).unwrap(), expected);
        }
    }
}
