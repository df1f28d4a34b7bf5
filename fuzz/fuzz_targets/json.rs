//! What passes the gate reads as without it, and what is written of it passes again. (Fractions are not compared:
//! `serde_json` reads them to within one unit of the last place.)
#![no_main]

use serde_json::Value;
use wathiqa::budget::Limits;
use wathiqa::encoding::json::{self, JsonError};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let read = |octets: &[u8]| -> Result<Value, JsonError> { json::from_slice(octets, &Limits::default()) };
    let Ok(value) = read(octets) else { return };
    assert_eq!(serde_json::from_slice::<Value>(octets).ok(), Some(value.clone()));
    read(value.to_string().as_bytes()).expect("what was written of it passes the gate");
});
