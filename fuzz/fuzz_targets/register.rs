//! A register that is read is written as one that is read again as the same.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::register::RegisterIssue;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let read = |octets: &[u8]| RegisterIssue::from_slice(octets, &CodingScheme::default(), &Limits::default());
    let Ok(issue) = read(octets) else { return };
    let written = issue.to_vec();
    assert_eq!(read(&written).map(|issue| issue.to_vec()), Ok(written));
});
