//! What the gate lets through is the only encoding of what it means: written again it is the same.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::encoding::der::{self, Reader, Value, Writer};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if der::check(octets, &Limits::default()).is_ok() {
        assert_eq!(written_again(Reader::new(octets)), octets);
    }
});

fn written_again(mut reader: Reader<'_>) -> Vec<u8> {
    let mut written = Writer::new();
    while !reader.is_empty() {
        let value: Value<'_> = reader.read_any().expect("the gate let it through");
        let inner =
            if value.tag().is_constructed() { written_again(value.reader()) } else { value.contents().to_vec() };
        written.value(value.tag(), &inner);
    }
    written.into_der()
}
