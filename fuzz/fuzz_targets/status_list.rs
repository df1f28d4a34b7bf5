//! A status list that is read is written as one that is read again as the same.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::status::StatusList;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let mut limits = Limits::default();
    limits.status_list_octets = 1 << 16;
    let read = |octets: &[u8]| StatusList::from_slice_in(octets, &CodingScheme::default(), &limits);
    let Ok(list) = read(octets) else { return };
    assert_eq!(read(&list.to_vec()), Ok(list));
});
