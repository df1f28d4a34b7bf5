//! A document that is read is written as one that is read again as the same.
#![no_main]

use serde_json::Value;
use wathiqa::budget::Limits;
use wathiqa::document::Document;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let read = |octets: &[u8]| Document::<Value>::from_slice(octets, &Limits::default());
    let Ok(document) = read(octets) else { return };
    let again = read(&document.to_vec().expect("it was read")).expect("it was written");
    // Fractions in the body are read to within one unit of the last place: the rest is compared.
    assert_eq!((again.number(), again.title()), (document.number(), document.title()));
    assert_eq!((again.issued_at(), again.attachments()), (document.issued_at(), document.attachments()));
});
