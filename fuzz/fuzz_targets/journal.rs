//! Entries and tree heads of a journal have one spelling; exhibits that are read are written as ones that are read as the same.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::journal::{Entry, Exhibits, TreeHead};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let (scheme, limits) = (CodingScheme::default(), Limits::default());
    let entry = Entry::from_slice_in(octets, &scheme, &limits);
    assert!(entry.map_or(true, |entry| entry.to_vec() == octets));
    let head = TreeHead::from_slice_in(octets, &scheme, &limits);
    assert!(head.map_or(true, |head| head.to_vec() == octets));
    let Ok(exhibits) = Exhibits::from_slice(octets, &limits) else { return };
    assert_eq!(Exhibits::from_slice(&exhibits.to_vec(), &limits), Ok(exhibits));
});
