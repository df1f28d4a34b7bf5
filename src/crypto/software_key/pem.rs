//! The PEM form of a private key (RFC 7468 §10).
//!
//! ```text
//! explanatory text, ignored
//! -----BEGIN PRIVATE KEY-----
//! base64, over as many lines as there are
//! -----END PRIVATE KEY-----
//! explanatory text, ignored
//! ```
//!
//! It is read here and not with a crate, so that no copy of the key is left behind in memory.

use zeroize::Zeroizing;

use super::SoftwareKeyError;
use crate::encoding::base64;

const LABEL: &str = "PRIVATE KEY";

/// The octets in the one block of `pem`.
pub(super) fn read(pem: &[u8]) -> Result<Zeroizing<Vec<u8>>, SoftwareKeyError> {
    let text = std::str::from_utf8(pem).map_err(|_| SoftwareKeyError::NotPem)?;
    let mut lines = text.lines().map(str::trim_end);
    let label = lines.by_ref().find_map(|line| boundary(line, "BEGIN")).ok_or(SoftwareKeyError::NotPem)?;
    match label {
        LABEL => {}
        "ENCRYPTED PRIVATE KEY" => return Err(SoftwareKeyError::Encrypted),
        other => return Err(SoftwareKeyError::PemLabel { found: other.chars().take(40).collect() }),
    }
    // As long as everything, so that it never moves to a larger place and leaves octets behind.
    let mut symbols = Zeroizing::new(String::with_capacity(text.len()));
    loop {
        let line = lines.next().ok_or(SoftwareKeyError::NotPem)?;
        match boundary(line, "END") {
            Some(LABEL) => break,
            Some(_) => return Err(SoftwareKeyError::NotPem),
            None => symbols.push_str(line),
        }
    }
    if lines.any(|line| boundary(line, "BEGIN").is_some()) {
        return Err(SoftwareKeyError::PemMoreThanOne);
    }
    // With room for all of it, and overwritten also when the last symbol is wrong.
    let mut octets = Zeroizing::new(Vec::with_capacity(symbols.len()));
    base64::append_standard(&symbols, &mut octets)?;
    Ok(octets)
}

/// The label of `-----BEGIN label-----`, or of the same with `END`.
fn boundary<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix("-----")?.strip_prefix(word)?.strip_prefix(' ')?.strip_suffix("-----")
}

/// What turns the block found into the one expected, if anything does.
pub(super) fn hint(label: &str) -> &'static str {
    match label {
        "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "EC PARAMETERS" => "; `openssl pkcs8 -topk8 -nocrypt` converts it",
        _ => "",
    }
}
