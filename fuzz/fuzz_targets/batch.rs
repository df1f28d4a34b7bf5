//! A manifest that is read is written as one that is read as the same; what is proven to be in a batch is inside it, and the
//! file that is made of it anew proves the same.
#![no_main]

use wathiqa::batch::{BatchedDocument, Manifest};
use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::jws::Jws;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let (scheme, limits) = (CodingScheme::default(), Limits::default());
    let read = |octets: &[u8]| Manifest::from_slice_in(octets, &scheme, &limits);
    assert!(read(octets).map_or(true, |manifest| read(&manifest.to_vec()) == Ok(manifest)));

    let (Ok(jws), Ok(batched)) = (Jws::parse(octets, &limits), BatchedDocument::from_slice(octets, &limits)) else {
        return;
    };
    let Some(Ok(manifest)) = jws.unverified_payload().map(read) else { return };
    if batched.check(&manifest).is_ok() {
        assert!(batched.unverified_leaf_index() < manifest.tree_size());
        let signature = include_bytes!("../seeds/batch/signature.json");
        let again = batched.with_signature(signature, &scheme, &limits);
        let again = again.map(|file| BatchedDocument::from_slice(&file, &limits));
        assert!(again.map_or(true, |again| again.as_ref() == Ok(&batched)));
    }
});
