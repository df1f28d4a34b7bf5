//! Names that two authorities cannot choose for two things: those of extensions and of identifier schemes.
//!
//! ```text
//! name   = domain / uri
//! domain = label 1*("." label)                    ; a domain of the authority, reversed: sy.gov.example.counter
//! label  = ALPHA *( ALPHA / DIGIT / "-" / "_" )
//! uri    = scheme ":" 1*( unreserved / reserved / "%" HEXDIG HEXDIG )    ; RFC 3986
//! scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
//! ```
//!
//! Names are compared octet by octet.

/// Whether `name` is a domain or a URI as the module has it.
pub(super) fn is_namespaced(name: &str) -> bool {
    is_domain(name.as_bytes()) || is_uri(name.as_bytes())
}

/// Whether `name` is a domain as the module has it.
fn is_domain(name: &[u8]) -> bool {
    let (mut dots, mut before) = (0, b'.');
    for octet in name {
        let fits = match octet {
            b'.' | b'0'..=b'9' | b'-' | b'_' => before != b'.',
            _ => octet.is_ascii_alphabetic(),
        };
        if !fits {
            return false;
        }
        dots += usize::from(*octet == b'.');
        before = *octet;
    }
    dots > 0 && before != b'.'
}

/// Whether `text` is a URI as the module has it.
pub(super) fn is_uri(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |octet| *octet == b':');
    parts.next().is_some_and(is_scheme) && parts.next().is_some_and(is_uri_text)
}

fn is_scheme(scheme: &[u8]) -> bool {
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.'))
}

fn is_uri_text(text: &[u8]) -> bool {
    let mut octets = text.iter();
    while let Some(octet) = octets.next() {
        let allowed = match octet {
            b'%' => (0..2).all(|_| octets.next().is_some_and(u8::is_ascii_hexdigit)),
            other => other.is_ascii_alphanumeric() || URI_MARKS.contains(other),
        };
        if !allowed {
            return false;
        }
    }
    !text.is_empty()
}

/// What RFC 3986 allows beside letters, digits and `%`.
const URI_MARKS: &[u8] = b"-._~:/?#[]@!$&'()*+,;=";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_and_uris_and_nothing_between() {
        for name in [
            "sy.gov",
            "sy.gov.example.counter-2",
            "a.b_c",
            "urn:x",
            "https://example.org/a?b#c",
            "a:%7e",
            "tag:a,2025:b",
        ] {
            assert!(is_namespaced(name), "{name}");
        }
        for name in [
            "",
            "title",
            ".",
            "sy.",
            ".gov",
            "sy..gov",
            "sy.2",
            "sy.gov!",
            "س.ع",
            "sy gov.x",
            ":",
            "urn:",
            ":x",
            "1a:x",
            "a:%7",
            "a:%zz",
            "a: ",
            "a:\u{202E}",
            "a:\"",
            "ح:x",
        ] {
            assert!(!is_namespaced(name), "{name}");
        }
    }
}
