//! What is read and written is read again as the same value.
#![no_main]

use serde_json::Value;
use wathiqa::budget::Limits;
use wathiqa::encoding::json;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(value) = json::from_slice::<Value>(octets, &Limits::default()) else { return };
    assert_eq!(json::from_slice::<Value>(value.to_string().as_bytes(), &Limits::default()), Ok(value));
});
