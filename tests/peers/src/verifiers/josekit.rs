use std::error::Error;

use ::josekit::jws::alg::ecdsa::EcdsaJwsVerifier;
use ::josekit::jws::{self, ES256};
use wathiqa::crypto::PublicKey;

use super::DocumentVerifier;

/// The crate `josekit` with the signer's key given: the signature, and nothing of certificates or time-stamps.
#[derive(Debug)]
pub struct Josekit(EcdsaJwsVerifier);

impl Josekit {
    pub fn new(key: &PublicKey) -> Result<Self, Box<dyn Error>> {
        Ok(Self(ES256.verifier_from_der(key.spki_der())?))
    }
}

impl DocumentVerifier for Josekit {
    fn name(&self) -> &'static str {
        "josekit"
    }

    fn verify(&self, document: &str) -> Result<(), String> {
        jws::deserialize_json(document, &self.0).map(drop).map_err(|error| error.to_string())
    }
}
