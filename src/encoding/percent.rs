//! Percent-encoding of names in URIs (RFC 3986 §2.1).
//!
//! [`encode`] writes a name so that [`decode`] gives it back, whatever it is. Decoding never fails: text in which not
//! every `%` begins an escape, or whose octets are not UTF-8, is a name as it stands, for there are signers that write
//! names without encoding them.

/// The name that `text` stands for.
pub(crate) fn decode(text: &str) -> String {
    decoded(text).unwrap_or_else(|| text.to_owned())
}

fn decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet == b'%' {
            let (high, low) = (nibble(rest.next()?)?, nibble(rest.next()?)?);
            octets.push(high << 4 | low);
        } else {
            octets.push(octet);
        }
    }
    String::from_utf8(octets).ok()
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// `name` as a URI reference: what may stand in one stays, except `%` and `+`, which some readers take for a space.
#[cfg(feature = "issue")]
pub(crate) fn encode(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for octet in name.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*,;=".contains(&octet) {
            text.push(char::from(octet));
        } else {
            text.push_str(&format!("%{octet:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_undone_once_and_wholly_or_not_at_all() {
        assert_eq!(decode("https%3A//x/a%2520b"), "https://x/a%20b");
        assert_eq!(decode("%D9%88%D8%AB"), "وث");
        for as_it_stands in ["100%", "100%2", "%zz", "%+1", "%FF", "a+b", ""] {
            assert_eq!(decode(as_it_stands), as_it_stands);
        }
        assert_eq!(encode("قرار 1+1=100%.pdf"), "%D9%82%D8%B1%D8%A7%D8%B1%201%2B1=100%25.pdf");
        assert_eq!(encode("https://x.example/a?b#c"), "https://x.example/a?b#c");
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC{0,30}") {
            prop_assert_eq!(decode(&encode(&name)), name);
        }
    }
}
