//! Every certificate in a PEM text is one that is read from its octets too, and comes back from its own PEM.
#![no_main]

use wathiqa::encoding::base64::encode_standard;
use wathiqa::x509::{Certificate, certificates_from_pem};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for certificate in certificates_from_pem(text).unwrap_or_default() {
        assert_eq!(Certificate::from_der(certificate.as_der()).as_ref(), Ok(&certificate));
        let lines = encode_standard(certificate.as_der());
        let text = format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
        assert_eq!(Certificate::from_pem(&text), Ok(certificate));
    }
});
