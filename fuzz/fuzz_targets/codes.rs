//! A code read strictly is its text; a code read from people is found again from every form it is shown in.
#![no_main]

use wathiqa::codes::{DigitScript, DocumentNumber, EntityCode};

libfuzzer_sys::fuzz_target!(|text: &str| {
    assert!(text.parse::<EntityCode>().map_or(true, |code| code.to_string() == text));
    assert!(text.parse::<DocumentNumber>().map_or(true, |number| number.to_string() == text));
    let Ok(number) = DocumentNumber::parse_human(text) else { return };
    assert_eq!(number.to_string().parse(), Ok(number));
    assert_eq!(DocumentNumber::parse_human(&number.display_form(DigitScript::ArabicIndic)), Ok(number));
});
