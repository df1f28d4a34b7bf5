//! Requests and tokens that are read keep their octets; a signature that holds is by a certificate of the token.
#![no_main]

use wathiqa::budget::Limits;
use wathiqa::crypto::AlgorithmConstraints;
use wathiqa::tsp::{TimeStampRequest, TimeStampResponse, TimeStampToken};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let limits = Limits::default();
    let request = TimeStampRequest::from_der(octets, &limits);
    assert!(request.map_or(true, |request| request.as_der() == octets));
    let response = TimeStampResponse::from_der(octets, &limits).and_then(TimeStampResponse::into_token);
    for token in [response.ok(), TimeStampToken::from_der(octets, &limits).ok()].into_iter().flatten() {
        assert!(octets.ends_with(token.as_der()));
        let signature = token.verify_signature(&[], &AlgorithmConstraints::default());
        assert!(signature.map_or(true, |signature| token.certificates().contains(signature.signer())));
    }
});
