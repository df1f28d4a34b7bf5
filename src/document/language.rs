//! Language tags (BCP 47).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::encoding::excerpt;

/// A language tag, well-formed by RFC 5646 §2.1 and spelled as its §2.1.1 recommends: `ar`, `ar-SY`, `zh-Hant-TW`.
///
/// ```text
/// tag        = langtag / privateuse / irregular                  ; irregular: i-default and sixteen others
/// langtag    = language ["-" script] ["-" region] *("-" variant) *("-" extension) ["-" privateuse]
/// language   = 2*3ALPHA *3("-" 3ALPHA) / 4*8ALPHA
/// script     = 4ALPHA
/// region     = 2ALPHA / 3DIGIT
/// variant    = 5*8alphanum / (DIGIT 3alphanum)                   ; each once
/// extension  = singleton 1*("-" 2*8alphanum)                     ; each singleton once
/// privateuse = "x" 1*("-" 1*8alphanum)
/// ```
///
/// Tags do not differ by case, so one case is read: `ar-sy` is refused, `ar-SY` expected. Whether a subtag is
/// registered is not asked: the registry grows, and a document must read the same in decades.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = LanguageTagError;

    /// Reads a tag.
    ///
    /// # Errors
    /// [`LanguageTagError`] for a subtag that may not stand where it stands (`ar_SY`, `a`, `ar-SY-Arab`), one that
    /// stands twice (`de-1996-1996`), and another case (`AR`).
    fn from_str(text: &str) -> Result<Self, LanguageTagError> {
        let refuse = |fault| Err(LanguageTagError { text: excerpt(text), fault });
        if IRREGULAR.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        let mut subtags = Subtags { rest: Some(text), position: 0 };
        if let Err(fault) = subtags.read_tag() {
            return refuse(fault);
        }
        let expected = recommended_case(text);
        if text != expected {
            return refuse(LanguageTagFault::Case { expected });
        }
        Ok(Self(expected))
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for LanguageTag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a text is not a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("language tag \"{text}\": {fault}")]
#[non_exhaustive]
pub struct LanguageTagError {
    /// The text, at most 48 characters of it, controls escaped.
    pub text: String,
    /// What is wrong with it.
    pub fault: LanguageTagFault,
}

/// What is wrong with a language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LanguageTagFault {
    /// A subtag may not stand where it stands.
    #[error("subtag {position} is \"{found}\", expected {expected}")]
    Subtag {
        /// Its position, from 1.
        position: usize,
        /// The subtag.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// The tag ends where a subtag must follow.
    #[error("ends after subtag {position}, expected {expected}")]
    Ends {
        /// The last position, from 1.
        position: usize,
        /// What must follow.
        expected: &'static str,
    },
    /// A variant or a singleton stands twice.
    #[error("subtag {position}, \"{found}\", stands there for the second time")]
    Twice {
        /// The second position, from 1.
        position: usize,
        /// The subtag.
        found: String,
    },
    /// Upper and lower case other than recommended.
    #[error("expected \"{expected}\"")]
    Case {
        /// The tag as recommended.
        expected: String,
    },
}

impl LanguageTagError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.fault {
            LanguageTagFault::Subtag { .. } => "language-subtag",
            LanguageTagFault::Ends { .. } => "language-ends",
            LanguageTagFault::Twice { .. } => "language-subtag-twice",
            LanguageTagFault::Case { .. } => "language-case",
        }
    }
}

/// The subtags not read yet.
struct Subtags<'t> {
    rest: Option<&'t str>,
    /// Subtags read.
    position: usize,
}

impl<'t> Subtags<'t> {
    fn read_tag(&mut self) -> Result<(), LanguageTagFault> {
        if self.next_if(is_private_use).is_some() {
            return self.read_private_use();
        }
        let language = self.next_if(|subtag| is_alpha(subtag, 2, 8)).ok_or_else(|| self.unexpected(LANGUAGE))?;
        if language.len() <= 3 {
            for _ in 0..3 {
                self.next_if(|subtag| is_alpha(subtag, 3, 3));
            }
        }
        self.next_if(|subtag| is_alpha(subtag, 4, 4));
        self.next_if(|subtag| is_alpha(subtag, 2, 2) || is_digits(subtag));
        let mut seen = BTreeSet::new();
        while let Some(variant) = self.next_if(is_variant) {
            self.once(variant, &mut seen)?;
        }
        while let Some(singleton) = self.next_if(is_singleton) {
            self.once(singleton, &mut seen)?;
            self.read_some(|subtag| is_alphanumeric(subtag, 2, 8), EXTENSION)?;
        }
        if self.next_if(is_private_use).is_some() {
            return self.read_private_use();
        }
        if self.rest.is_some() { Err(self.unexpected(NEXT)) } else { Ok(()) }
    }

    fn read_private_use(&mut self) -> Result<(), LanguageTagFault> {
        self.read_some(|subtag| is_alphanumeric(subtag, 1, 8), PRIVATE_USE)?;
        if self.rest.is_some() { Err(self.unexpected(PRIVATE_USE)) } else { Ok(()) }
    }

    /// Takes one subtag that fits, and as many more as do.
    fn read_some(&mut self, fits: fn(&str) -> bool, expected: &'static str) -> Result<(), LanguageTagFault> {
        self.next_if(fits).ok_or_else(|| self.unexpected(expected))?;
        while self.next_if(fits).is_some() {}
        Ok(())
    }

    fn next_if(&mut self, fits: impl FnOnce(&str) -> bool) -> Option<&'t str> {
        let (first, rest) = split(self.rest?);
        if !fits(first) {
            return None;
        }
        self.rest = rest;
        self.position += 1;
        Some(first)
    }

    /// Remembers a variant or singleton.
    fn once(&self, subtag: &str, seen: &mut BTreeSet<String>) -> Result<(), LanguageTagFault> {
        let found = subtag.to_ascii_lowercase();
        if seen.insert(found.clone()) {
            Ok(())
        } else {
            Err(LanguageTagFault::Twice { position: self.position, found })
        }
    }

    fn unexpected(&self, expected: &'static str) -> LanguageTagFault {
        match self.rest {
            None => LanguageTagFault::Ends { position: self.position, expected },
            Some(rest) => {
                LanguageTagFault::Subtag { position: self.position + 1, found: excerpt(split(rest).0), expected }
            }
        }
    }
}

fn split(text: &str) -> (&str, Option<&str>) {
    text.split_once('-').map_or((text, None), |(first, rest)| (first, Some(rest)))
}

fn is_alpha(subtag: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&subtag.len()) && subtag.bytes().all(|octet| octet.is_ascii_alphabetic())
}

fn is_digits(subtag: &str) -> bool {
    subtag.len() == 3 && subtag.bytes().all(|octet| octet.is_ascii_digit())
}

fn is_alphanumeric(subtag: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&subtag.len()) && subtag.bytes().all(|octet| octet.is_ascii_alphanumeric())
}

fn is_variant(subtag: &str) -> bool {
    is_alphanumeric(subtag, 5, 8)
        || is_alphanumeric(subtag, 4, 4) && subtag.starts_with(|first: char| first.is_ascii_digit())
}

fn is_singleton(subtag: &str) -> bool {
    is_alphanumeric(subtag, 1, 1) && !is_private_use(subtag)
}

fn is_private_use(subtag: &str) -> bool {
    subtag.eq_ignore_ascii_case("x")
}

/// RFC 5646 §2.1.1: lower case, but a region in upper case and a script with a capital, before any singleton.
fn recommended_case(tag: &str) -> String {
    let mut spelled = Vec::new();
    let mut after_singleton = false;
    for (position, subtag) in tag.split('-').enumerate() {
        let lower = subtag.to_ascii_lowercase();
        spelled.push(match lower.len() {
            2 if position > 0 && !after_singleton => lower.to_ascii_uppercase(),
            4 if position > 0 && !after_singleton => {
                let (first, rest) = lower.split_at(1);
                first.to_ascii_uppercase() + rest
            }
            _ => lower,
        });
        after_singleton |= subtag.len() == 1;
    }
    spelled.join("-")
}

const LANGUAGE: &str = "a language of 2 to 8 letters";
const NEXT: &str = "a script, region, variant or extension in this order";
const EXTENSION: &str = "2 to 8 letters and digits of the extension";
const PRIVATE_USE: &str = "1 to 8 letters and digits of private use";

/// The grandfathered tags that the grammar does not make (RFC 5646 §2.1, `irregular`).
const IRREGULAR: [&str; 17] = [
    "en-GB-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-BE-FR",
    "sgn-BE-NL",
    "sgn-CH-DE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_tags_are_kept() {
        for tag in [
            "ar",
            "ar-SY",
            "ar-Arab-SY",
            "ckb-IQ",
            "zh-Hant-TW",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske-1994",
            "de-CH-1996",
            "es-419",
            "de-DE-u-co-phonebk",
            "en-a-bbb-x-a-ccc",
            "en-a-bbb-b-ccc",
            "x-whatever",
            "ar-x-1",
            "zh-min-nan",
            "art-lojban",
            "i-default",
            "sgn-BE-FR",
            "az-Latn-x-latn",
            "en-CA-x-ca",
            "qaa-Qaaa-QM-x-southern",
            "abcd",
            "abcdefgh",
        ] {
            assert_eq!(tag.parse::<LanguageTag>().map(|tag| tag.to_string()), Ok(tag.to_owned()));
        }
    }

    #[test]
    fn others_are_refused_with_their_place() {
        for (tag, fault) in [
            ("", "subtag 1 is \"\", expected a language of 2 to 8 letters"),
            ("a", "subtag 1 is \"a\", expected a language of 2 to 8 letters"),
            ("abcdefghi", "subtag 1 is \"abcdefghi\", expected a language of 2 to 8 letters"),
            ("ar_SY", "subtag 1 is \"ar_SY\", expected a language of 2 to 8 letters"),
            ("عر", "subtag 1 is \"عر\", expected a language of 2 to 8 letters"),
            ("ar-", "subtag 2 is \"\", expected a script, region, variant or extension in this order"),
            ("ar-SY-Arab", "subtag 3 is \"Arab\", expected a script, region, variant or extension in this order"),
            ("zh-a1b", "subtag 2 is \"a1b\", expected a script, region, variant or extension in this order"),
            (
                "zh-aaa-bbb-ccc-ddd",
                "subtag 5 is \"ddd\", expected a script, region, variant or extension in this order",
            ),
            ("de-1996-1996", "subtag 3, \"1996\", stands there for the second time"),
            ("en-a-bbb-A-ccc", "subtag 4, \"a\", stands there for the second time"),
            ("en-a", "ends after subtag 2, expected 2 to 8 letters and digits of the extension"),
            ("en-a-x", "subtag 3 is \"x\", expected 2 to 8 letters and digits of the extension"),
            ("x", "ends after subtag 1, expected 1 to 8 letters and digits of private use"),
            ("x-abcdefghi", "subtag 2 is \"abcdefghi\", expected 1 to 8 letters and digits of private use"),
            ("x-a--b", "subtag 3 is \"\", expected 1 to 8 letters and digits of private use"),
            ("AR", "expected \"ar\""),
            ("ar-sy", "expected \"ar-SY\""),
            ("ar-ARAB-SY-X-AB", "expected \"ar-Arab-SY-x-ab\""),
            ("I-DEFAULT", "subtag 1 is \"I\", expected a language of 2 to 8 letters"),
        ] {
            let error = tag.parse::<LanguageTag>().unwrap_err();
            assert_eq!(error.to_string(), format!("language tag \"{tag}\": {fault}"));
        }
    }
}
