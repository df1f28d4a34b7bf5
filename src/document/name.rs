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
    match name.split_once(':') {
        Some((scheme, rest)) => is_scheme(scheme) && is_uri_text(rest),
        None => name.contains('.') && name.split('.').all(is_label),
    }
}

/// Whether `text` is a URI as the module has it.
pub(super) fn is_uri(text: &str) -> bool {
    text.contains(':') && is_namespaced(text)
}

fn is_label(label: &str) -> bool {
    label.starts_with(|first: char| first.is_ascii_alphabetic())
        && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'-' | b'.'))
}

fn is_uri_text(text: &str) -> bool {
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        let allowed = match octet {
            b'%' => (0..2).all(|_| octets.next().is_some_and(|digit| digit.is_ascii_hexdigit())),
            other => other.is_ascii_alphanumeric() || URI_MARKS.contains(&other),
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
