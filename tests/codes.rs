//! Properties that hold for every code, of any scheme.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]

use proptest::prelude::*;
use proptest::string::string_regex;

use wathiqa::codes::{
    CodeError, CodeErrorReason, CodingScheme, DigitScript, DocumentKind, DocumentNumber, EntityCode, ServiceCode,
};

fn entities() -> impl Strategy<Value = EntityCode> {
    (10_000_000..100_000_000u64).prop_map(|body| EntityCode::from_body(body).unwrap())
}

fn services() -> impl Strategy<Value = ServiceCode> {
    (100_000..1_000_000u64).prop_map(|body| ServiceCode::from_body(body).unwrap())
}

fn numbers() -> impl Strategy<Value = DocumentNumber> {
    (entities(), 1..=999u16, 0..=9999u16, 0..100_000_000u64).prop_map(|(entity, kind, year, serial)| {
        DocumentNumber::new(entity, DocumentKind::new(kind).unwrap(), year, serial).unwrap()
    })
}

/// A scheme, and a code of each kind in it.
fn schemes() -> impl Strategy<Value = (CodingScheme, EntityCode, ServiceCode, DocumentNumber)> {
    (3..=18u8, 3..=18u8, 1..=18u8, any::<[u64; 3]>()).prop_map(|(entity, service, serial, seeds)| {
        let scheme = CodingScheme::default()
            .with_entity_digits(entity)
            .and_then(|scheme| scheme.with_service_digits(service))
            .and_then(|scheme| scheme.with_serial_digits(serial))
            .unwrap();
        let body = |seed: u64, digits: u8| {
            let least = 10u64.pow(u32::from(digits) - 3);
            least + seed % (9 * least)
        };
        let entity = scheme.entity_from_body(body(seeds[0], entity)).unwrap();
        let service = scheme.service_from_body(body(seeds[1], service)).unwrap();
        let serial = seeds[2] % 10u64.pow(u32::from(serial));
        let number = scheme.document_number(entity, DocumentKind::RECEIPT, 1999, serial).unwrap();
        (scheme, entity, service, number)
    })
}

/// Text near enough to codes that some of it is one.
fn near_codes() -> impl Strategy<Value = String> {
    let digits = "[0-9٠-٩۰-۹]";
    let noise = "[ \u{A0}\u{202F}\u{61C}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}]";
    prop_oneof![
        string_regex(&format!("({noise}?{digits}){{8,10}}{noise}?")).unwrap(),
        "[0-9]{8}",
        "[0-9]{10}",
        numbers().prop_map(|number| number.to_string()),
        ".{0,12}",
    ]
}

/// What `parse_human` drops and maps, written down a second time.
fn normalised(text: &str) -> Option<String> {
    let mut scripts = Vec::new();
    let mut canonical = String::new();
    for character in text.chars() {
        let (script, ascii) = match u32::from(character) {
            0x20 | 0xA0 | 0x202F | 0x61C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => continue,
            code @ 0x660..=0x669 => (2, char::from_digit(code - 0x660, 10)?),
            code @ 0x6F0..=0x6F9 => (3, char::from_digit(code - 0x6F0, 10)?),
            0x30..=0x39 => (1, character),
            _ => (0, character),
        };
        canonical.push(ascii);
        if script != 0 {
            scripts.push(script);
        }
    }
    scripts.dedup();
    (scripts.len() <= 1).then_some(canonical)
}

/// All texts that differ from `code` in one digit, and all in which two neighbouring digits are swapped, those with a
/// hyphen between them too.
fn single_mistakes(code: &str) -> Vec<String> {
    let digits: Vec<usize> = code.bytes().enumerate().filter(|(_, octet)| *octet != b'-').map(|(at, _)| at).collect();
    let mut mistakes = Vec::new();
    for at in &digits {
        for digit in b'0'..=b'9' {
            let mut octets = code.as_bytes().to_vec();
            octets[*at] = digit;
            mistakes.push(octets);
        }
    }
    for pair in digits.windows(2) {
        let mut octets = code.as_bytes().to_vec();
        octets.swap(pair[0], pair[1]);
        mistakes.push(octets);
    }
    mistakes.retain(|octets| octets != code.as_bytes());
    mistakes.into_iter().map(|octets| String::from_utf8(octets).unwrap()).collect()
}

fn is_about_digits(error: &CodeError) -> bool {
    matches!(
        error.reason,
        CodeErrorReason::CheckDigits { .. }
            | CodeErrorReason::EntityCheckDigits { .. }
            | CodeErrorReason::KindZero
            | CodeErrorReason::Character { position: 1, found: '0', .. }
    )
}

proptest! {
    #[test]
    fn parse_and_print_are_inverses((scheme, entity, service, number) in schemes()) {
        prop_assert_eq!(scheme.parse_entity(&entity.to_string()), Ok(entity));
        prop_assert_eq!(scheme.parse_service(&service.to_string()), Ok(service));
        prop_assert_eq!(scheme.parse_document_number(&number.to_string()), Ok(number));
        for script in [DigitScript::Ascii, DigitScript::ArabicIndic, DigitScript::ExtendedArabicIndic] {
            prop_assert_eq!(scheme.parse_entity_human(&entity.display_form(script)), Ok(entity));
            prop_assert_eq!(scheme.parse_service_human(&service.display_form(script)), Ok(service));
            prop_assert_eq!(scheme.parse_document_number_human(&number.display_form(script)), Ok(number));
            prop_assert!(scheme.parse_document_number(&number.display_form(script)).is_err());
        }
    }

    #[test]
    fn every_wrong_digit_and_every_adjacent_swap_is_detected(
        (scheme, entity, service, number) in schemes(),
    ) {
        for wrong in single_mistakes(&entity.to_string()) {
            prop_assert!(is_about_digits(&scheme.parse_entity(&wrong).unwrap_err()), "{}", wrong);
        }
        for wrong in single_mistakes(&service.to_string()) {
            prop_assert!(is_about_digits(&scheme.parse_service(&wrong).unwrap_err()), "{}", wrong);
        }
        for wrong in single_mistakes(&number.to_string()) {
            prop_assert!(is_about_digits(&scheme.parse_document_number(&wrong).unwrap_err()), "{}", wrong);
        }
    }

    #[test]
    fn no_value_has_two_spellings(text in near_codes()) {
        if let Ok(code) = text.parse::<EntityCode>() {
            prop_assert_eq!(code.to_string(), text.clone());
        }
        if let Ok(code) = text.parse::<ServiceCode>() {
            prop_assert_eq!(code.to_string(), text.clone());
        }
        if let Ok(number) = text.parse::<DocumentNumber>() {
            prop_assert_eq!(number.to_string(), text);
        }
    }

    #[test]
    fn reading_as_people_write_is_reading_strictly_after_normalisation(text in near_codes()) {
        let strict = normalised(&text);
        let strict = |read: fn(&str) -> Option<String>| strict.as_deref().and_then(read);
        prop_assert_eq!(
            EntityCode::parse_human(&text).ok().map(|code| code.to_string()),
            strict(|text| text.parse::<EntityCode>().ok().map(|code| code.to_string()))
        );
        prop_assert_eq!(
            ServiceCode::parse_human(&text).ok().map(|code| code.to_string()),
            strict(|text| text.parse::<ServiceCode>().ok().map(|code| code.to_string()))
        );
        prop_assert_eq!(
            DocumentNumber::parse_human(&text).ok().map(|number| number.to_string()),
            strict(|text| text.parse::<DocumentNumber>().ok().map(|number| number.to_string()))
        );
    }

    #[test]
    fn codes_decorated_by_people_are_the_same_codes(
        number in numbers(),
        places in prop::collection::vec(
            (0..32usize, prop::sample::select(vec![' ', '\u{A0}', '\u{200F}', '\u{2067}'])),
            0..9,
        ),
    ) {
        let mut shown: Vec<char> = number.display_form(DigitScript::ArabicIndic).chars().collect();
        for (place, character) in places {
            shown.insert(place, character);
        }
        let shown: String = shown.into_iter().collect();
        prop_assert_eq!(DocumentNumber::parse_human(&shown), Ok(number));
    }

    #[test]
    fn serde_is_the_canonical_text(entity in entities(), service in services(), number in numbers()) {
        let json = serde_json::to_string(&(entity, service, number, number.kind())).unwrap();
        prop_assert_eq!(&json, &format!("[\"{entity}\",\"{service}\",\"{number}\",\"{}\"]", number.kind()));
        let read: (EntityCode, ServiceCode, DocumentNumber, DocumentKind) = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(read, (entity, service, number, number.kind()));
    }

    #[test]
    fn values_are_equal_exactly_when_their_texts_are(a in schemes(), b in schemes()) {
        prop_assert_eq!(a.1 == b.1, a.1.to_string() == b.1.to_string());
        prop_assert_eq!(a.3 == b.3, a.3.to_string() == b.3.to_string());
    }
}

#[test]
fn serde_says_what_is_wrong() {
    for (json, message) in [
        ("1234567889", "invalid type: integer `1234567889`, expected an entity code as a string at line 1"),
        ("null", "invalid type: null, expected an entity code as a string at line 1"),
        (r#""1234567803""#, "entity code 1234567803: check digits are 03, expected 89 at line 1"),
    ] {
        let error = serde_json::from_str::<EntityCode>(json).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    // Escaped characters are text like any other.
    let code: EntityCode = serde_json::from_str(r#""\u0031234567889""#).unwrap();
    assert_eq!(code.to_string(), "1234567889");
}

#[test]
fn hostile_text_costs_no_memory_and_is_refused_early() {
    let text = format!("1{}", "\u{202E}".repeat(1 << 20));
    let error = text.parse::<EntityCode>().unwrap_err();
    assert_eq!(error.code(), "code-character");
    assert!(error.to_string().len() < 1000);
    assert_eq!(EntityCode::parse_human(&text).unwrap_err().code(), "code-ends-early");
}
