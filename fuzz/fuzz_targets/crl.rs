//! A list that is read keeps its octets, and what it says of a serial number is about that serial number.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::x509::crl::Crl;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let Ok(crl) = Crl::from_der(octets, &Limits::default()) else { return };
    assert_eq!(crl.as_der(), octets);
    assert!(crl.next_update().is_none_or(|next| next > crl.this_update()));
    for serial_number in octets.windows(2) {
        let found = crl.find(crl.issuer(), serial_number).unwrap();
        assert!(found.is_none_or(|entry| !crl.is_empty() && *entry.serial_number == *serial_number));
    }
});
