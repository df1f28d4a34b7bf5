//! Adding items to `etsiU` without touching an octet of what is there.
//!
//! The text is JSON that was read before; this only finds the place. Nothing is written anew, so that every signature, every
//! imprint and every habit of whoever wrote the file stays as it is.

use std::ops::Range;

/// `file` with `items`, base64url strings, behind the last of the `etsiU` of the signature at `position`; `None` when the
/// text has no such signature.
pub(super) fn append(file: &str, position: usize, items: &[String]) -> Option<String> {
    let octets = file.as_bytes();
    let root = value(octets, 0)?;
    let signature = match member(octets, &root, "signatures")? {
        None => Some(root).filter(|_| position == 0)?,
        Some(signatures) => elements(octets, &signatures.value)?.into_iter().nth(position)?,
    };
    let strings = items.iter().map(|item| format!("\"{item}\"")).collect::<Vec<_>>().join(",");
    let (at, text) = match member(octets, &signature, "header")? {
        None => {
            let value = member(octets, &signature, "signature")??;
            (value.name.start, format!("\"header\":{{\"etsiU\":[{strings}]}},"))
        }
        Some(header) => match member(octets, &header.value, "etsiU")? {
            None => {
                let comma = if members(octets, &header.value)?.is_empty() { "" } else { "," };
                (header.value.end.checked_sub(1)?, format!("{comma}\"etsiU\":[{strings}]"))
            }
            Some(etsi_u) => (etsi_u.value.end.checked_sub(1)?, format!(",{strings}")),
        },
    };
    Some([file.get(..at)?, &text, file.get(at..)?].concat())
}

/// A member of an object, by its place in the text.
struct Member {
    name: Range<usize>,
    value: Range<usize>,
}

/// The member of that name, whatever its spelling: `"head\u0065r"` is `header`.
fn member(octets: &[u8], object: &Range<usize>, name: &str) -> Option<Option<Member>> {
    let is_it = |found: &Member| {
        let spelt = octets.get(found.name.clone()).and_then(|name| serde_json::from_slice::<String>(name).ok());
        spelt.is_some_and(|spelt| spelt == name)
    };
    Some(members(octets, object)?.into_iter().find(is_it))
}

fn members(octets: &[u8], object: &Range<usize>) -> Option<Vec<Member>> {
    let mut found = Vec::new();
    let mut at = space(octets, object.start.checked_add(1)?);
    while octets.get(at)? != &b'}' {
        let name = value(octets, at)?;
        let colon = space(octets, name.end);
        let value = value(octets, colon.checked_add(1)?)?;
        at = space(octets, value.end);
        found.push(Member { name, value });
        if octets.get(at)? == &b',' {
            at = space(octets, at.checked_add(1)?);
        }
    }
    Some(found)
}

fn elements(octets: &[u8], array: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let mut found = Vec::new();
    let mut at = space(octets, array.start.checked_add(1)?);
    while octets.get(at)? != &b']' {
        let element = value(octets, at)?;
        at = space(octets, element.end);
        found.push(element);
        if octets.get(at)? == &b',' {
            at = space(octets, at.checked_add(1)?);
        }
    }
    Some(found)
}

/// The value that begins at `at` or behind white space.
fn value(octets: &[u8], at: usize) -> Option<Range<usize>> {
    let start = space(octets, at);
    let end = match octets.get(start)? {
        b'"' => string(octets, start)?,
        b'{' | b'[' => nested(octets, start)?,
        _ => {
            let rest = octets.get(start..)?;
            let ends = |octet: &u8| matches!(octet, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
            rest.iter().position(ends).map_or(octets.len(), |length| start.saturating_add(length))
        }
    };
    Some(start..end)
}

/// Behind the object or array that begins at `start`.
fn nested(octets: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        match octets.get(at)? {
            b'"' => {
                at = string(octets, at)?;
                continue;
            }
            b'{' | b'[' => depth = depth.checked_add(1)?,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at = at.checked_add(1)?;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// Behind the string that begins at `start`.
fn string(octets: &[u8], start: usize) -> Option<usize> {
    let mut at = start.checked_add(1)?;
    loop {
        at = match octets.get(at)? {
            b'"' => return at.checked_add(1),
            b'\\' => at.checked_add(2)?,
            _ => at.checked_add(1)?,
        };
    }
}

fn space(octets: &[u8], at: usize) -> usize {
    let rest = octets.get(at..).unwrap_or_default();
    let length = rest.iter().take_while(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n')).count();
    at.saturating_add(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appended(file: &str, position: usize) -> Option<String> {
        append(file, position, &["AA".to_owned(), "BB".to_owned()])
    }

    #[test]
    fn items_go_behind_the_last_and_nothing_else_moves() {
        let table = [
            (
                r#"{"payload":"","protected":"","signature":"x"}"#,
                r#"{"payload":"","protected":"","header":{"etsiU":["AA","BB"]},"signature":"x"}"#,
            ),
            (r#"{"signature":"x","header":{}}"#, r#"{"signature":"x","header":{"etsiU":["AA","BB"]}}"#),
            (
                r#"{ "header" : { "kid" : "]}\"{[" } , "signature" : "x" }"#,
                r#"{ "header" : { "kid" : "]}\"{[" ,"etsiU":["AA","BB"]} , "signature" : "x" }"#,
            ),
            (
                " \n{\"head\\u0065r\":{\"n\":[{\"etsiU\":[1]}, 1e5,true],\"etsiU\":[ \"a\" , \"b\" ]},\"signature\":\"x\"}\n",
                " \n{\"head\\u0065r\":{\"n\":[{\"etsiU\":[1]}, 1e5,true],\"etsiU\":[ \"a\" , \"b\" ,\"AA\",\"BB\"]},\"signature\":\"x\"}\n",
            ),
        ];
        for (file, expected) in table {
            assert_eq!(appended(file, 0).as_deref(), Some(expected));
            assert_eq!(appended(file, 1), None);
        }
        let general = r#"{"payload":"p","signatures":[{"signature":"1"}, {"header":{"etsiU":["c"]},"signature":"2"}]}"#;
        assert_eq!(
            appended(general, 1).unwrap(),
            r#"{"payload":"p","signatures":[{"signature":"1"}, {"header":{"etsiU":["c","AA","BB"]},"signature":"2"}]}"#
        );
        assert_eq!(
            appended(general, 0).unwrap(),
            r#"{"payload":"p","signatures":[{"header":{"etsiU":["AA","BB"]},"signature":"1"}, {"header":{"etsiU":["c"]},"signature":"2"}]}"#
        );
        assert_eq!(appended(general, 2), None);
    }

    #[test]
    fn what_ends_too_soon_is_no_place() {
        let file = r#"{"header":{"etsiU":["c"]},"signature":"2"}"#;
        for length in 0..file.len() {
            assert_eq!(appended(&file[..length], 0), None, "{length}");
        }
    }
}
