//! The parts of a plain JWS, borrowed from the file: for the one who reads millions of files.
//!
//! It reads less than [`Jws::parse`](super::Jws::parse) does, and nothing that this refuses: the flattened form without
//! white space, `header` with nothing but one string in `etsiU`, and strings without escapes, whose contents are not
//! looked at here. Everything else is left to that reader.

/// The parts of a flattened JWS, as they stand between the quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StraightJws<'a> {
    pub(crate) payload: &'a [u8],
    pub(crate) protected: &'a [u8],
    pub(crate) signature: &'a [u8],
    /// The one item of `etsiU`.
    pub(crate) etsi_u: Option<&'a [u8]>,
}

impl<'a> StraightJws<'a> {
    /// The parts of `octets`, if it is of the plain kind.
    ///
    /// A string here ends at the next quotation mark, so one with an escape keeps the backslash: whoever decodes base64
    /// or compares with a known text refuses that.
    pub(crate) fn read(octets: &'a [u8]) -> Option<Self> {
        let (mut payload, mut protected, mut signature, mut etsi_u) = (None, None, None, None);
        let mut rest = octets.strip_suffix(b"\n").unwrap_or(octets).strip_prefix(b"{")?;
        loop {
            let after = match rest {
                [b'"', b'p', b'a', b'y', b'l', b'o', b'a', b'd', b'"', b':', value @ ..] => {
                    string(value, &mut payload)?
                }
                [b'"', b'p', b'r', b'o', b't', b'e', b'c', b't', b'e', b'd', b'"', b':', value @ ..] => {
                    string(value, &mut protected)?
                }
                [b'"', b's', b'i', b'g', b'n', b'a', b't', b'u', b'r', b'e', b'"', b':', value @ ..] => {
                    string(value, &mut signature)?
                }
                _ => {
                    let value = rest.strip_prefix(br#""header":{"etsiU":["#)?;
                    string(value, &mut etsi_u)?.strip_prefix(b"]}")?
                }
            };
            match after {
                [b',', next @ ..] => rest = next,
                [b'}'] => break,
                _ => return None,
            }
        }
        Some(Self { payload: payload?, protected: protected?, signature: signature?, etsi_u })
    }
}

/// Takes a string into `part`, which must not be there yet, and gives what follows it.
fn string<'a>(value: &'a [u8], part: &mut Option<&'a [u8]>) -> Option<&'a [u8]> {
    let value = value.strip_prefix(b"\"")?;
    let end = memchr::memchr(b'"', value)?;
    let (contents, rest) = value.split_at_checked(end)?;
    part.replace(contents).is_none().then_some(())?;
    rest.get(1..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::budget::Limits;
    use crate::jws::Jws;

    /// `{"alg":"ES256"}` and a payload `hi`.
    const B_B: &str = r#"{"payload":"aGk","protected":"eyJhbGciOiJFUzI1NiJ9","signature":"AA"}"#;
    const B_T: &str =
        r#"{"payload":"aGk","protected":"eyJhbGciOiJFUzI1NiJ9","header":{"etsiU":["e30"]},"signature":"AA"}"#;

    #[test]
    fn the_plain_kind_is_borrowed() {
        let parts = StraightJws { payload: b"aGk", protected: b"eyJhbGciOiJFUzI1NiJ9", signature: b"AA", etsi_u: None };
        assert_eq!(StraightJws::read(B_B.as_bytes()), Some(parts));
        assert_eq!(StraightJws::read(format!("{B_B}\n").as_bytes()), Some(parts));
        assert_eq!(StraightJws::read(B_T.as_bytes()), Some(StraightJws { etsi_u: Some(b"e30"), ..parts }));
        let reordered =
            r#"{"signature":"AA","header":{"etsiU":["e30"]},"protected":"eyJhbGciOiJFUzI1NiJ9","payload":"aGk"}"#;
        assert_eq!(StraightJws::read(reordered.as_bytes()), StraightJws::read(B_T.as_bytes()));
    }

    #[test]
    fn every_other_kind_is_left() {
        for other in [
            "",
            "{}",
            " {}",
            "{\"payload\":\"aGk\"}",
            "eyJhbGciOiJFUzI1NiJ9.aGk.AA",
            r#"{ "payload":"aGk","protected":"e30","signature":"AA"}"#,
            r#"{"payload":"aGk","protected":"e30","signature":"AA"} "#,
            r#"{"payload":"aGk","protected":"e30","signature":"AA",}"#,
            r#"{"payload":"aGk","protected":"e30","signature":"AA","x":""}"#,
            r#"{"payload":"aGk","payload":"aGk","protected":"e30","signature":"AA"}"#,
            r#"{"payload":"aGk","protected":"e30","header":{"etsiU":["a","b"]},"signature":"AA"}"#,
            r#"{"payload":"aGk","protected":"e30","header":{"etsiU":["a"],"x":1},"signature":"AA"}"#,
            r#"{"payload":"aGk","protected":"e30","header":{"etsiU":[{}]},"signature":"AA"}"#,
            r#"{"payload":"aGk","signatures":[{"protected":"e30","signature":"AA"}]}"#,
            "{\"payload\":\"aGk\",\"protected\":\"e30\",\"signature\":\"AA\"}\n\n",
        ] {
            assert_eq!(StraightJws::read(other.as_bytes()), None, "{other}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

        #[test]
        fn whatever_it_reads_the_other_reader_reads_alike(position in any::<prop::sample::Index>(), octet in any::<u8>(), cut in any::<bool>(), long in any::<bool>()) {
            let mut octets = if long { B_T } else { B_B }.as_bytes().to_vec();
            let position = position.index(octets.len());
            if cut { octets.remove(position); } else { octets[position] = octet; }
            let Some(parts) = StraightJws::read(&octets) else { return Ok(()) };
            // What is no base64url is for the decoder to refuse.
            let all = [parts.payload, parts.protected, parts.signature, parts.etsi_u.unwrap_or_default()].concat();
            if !all.iter().all(|octet| octet.is_ascii_alphanumeric()) { return Ok(()) }
            if let Ok(jws) = Jws::parse(&octets, &Limits::default()) {
                let [signature] = jws.signatures() else { panic!("one signature") };
                prop_assert_eq!(signature.received_protected().as_bytes(), parts.protected);
                prop_assert_eq!(signature.received_signature().as_bytes(), parts.signature);
                prop_assert_eq!(signature.unprotected().is_some(), parts.etsi_u.is_some());
            }
        }
    }
}
