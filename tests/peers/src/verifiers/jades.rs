use std::error::Error;

use ::jades::{TrustStore, VerifyOptions, verify_jades};

use super::{DocumentVerifier, Level, Trust};
use crate::parts::Form;

/// The crate `jades`, with one trust store for signers and time-stamping authorities, as it has it. It takes no revocation
/// lists and no time of validation.
#[derive(Debug)]
pub struct Jades {
    options: VerifyOptions,
    level: Level,
}

impl Jades {
    pub fn new(trust: &Trust, level: Level) -> Result<Self, Box<dyn Error>> {
        let mut store = TrustStore::new();
        store.add_der_certificate(trust.root.as_der())?;
        store.add_der_certificate(trust.time_stamp_root.as_der())?;
        Ok(Self { options: VerifyOptions { trust_store: Some(store), detached_payload: None }, level })
    }
}

impl DocumentVerifier for Jades {
    fn name(&self) -> &'static str {
        "jades"
    }

    fn form(&self) -> Form {
        Form::Jades
    }

    /// What a careful caller asks of its answer: the signature, the chain and, for B-T, the time-stamp are each valid.
    fn verify(&self, document: &str) -> Result<(), String> {
        let found = verify_jades(document, &self.options).map_err(|error| error.to_string())?;
        let is_stamped = self.level == Level::BB || found.timestamp_valid == Some(true);
        if found.signature_valid && found.chain_valid == Some(true) && is_stamped {
            return Ok(());
        }
        let (level, signature, chain) = (&found.level, found.signature_valid, found.chain_valid);
        Err(format!("{level}, signature {signature}, chain {chain:?}, time-stamp {:?}", found.timestamp_valid))
    }
}
