//! What is read is the only spelling of what it means.
#![no_main]

use wathiqa::encoding::base64::{decode_standard, decode_url, encode_standard, encode_url};

libfuzzer_sys::fuzz_target!(|text: &str| {
    assert!(decode_url(text).is_ok_and(|octets| encode_url(&octets) == text) || decode_url(text).is_err());
    assert!(
        decode_standard(text).is_ok_and(|octets| encode_standard(&octets) == text) || decode_standard(text).is_err()
    );
});
