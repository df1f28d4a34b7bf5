//! A signed document in its parts, and the two forms in which a time-stamp is put to it.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use wathiqa::budget::Limits;
use wathiqa::crypto::{Signer, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64;
use wathiqa::time::Instant;
use wathiqa::tsp::{self, Authority, SerialNumber, TimeStampRequest};

/// How the time-stamp of a signature is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As TS 119 182-1 says and DSS writes: the imprint is of the base64url signature value (§5.3.4), and the item of
    /// `etsiU` is base64url.
    Standard,
    /// As `jades` 0.1.0 makes and reads it: the imprint is of the octets of the signature, and the item is an object.
    Jades,
}

/// What a flattened JWS is made of; base64url except for the token.
#[derive(Debug, Clone)]
pub struct Parts {
    pub protected: String,
    pub payload: String,
    pub signature: String,
    /// DER.
    pub token: Option<Vec<u8>>,
}

impl Parts {
    /// The parts of a document in the standard's form.
    pub fn read(document: &[u8]) -> Result<Self, Box<dyn Error>> {
        let document: Value = serde_json::from_slice(document)?;
        let text = |name: &str| document[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name}"));
        let item = document.pointer("/header/etsiU/0").and_then(Value::as_str);
        let token = item.map(|item| -> Result<Vec<u8>, Box<dyn Error>> {
            let item: Value = serde_json::from_slice(&base64::decode_url(item)?)?;
            let token = item.pointer("/sigTst/tstTokens/0/val").and_then(Value::as_str).ok_or("no token")?;
            Ok(base64::decode_standard(token)?)
        });
        let token = token.transpose()?;
        Ok(Self { protected: text("protected")?, payload: text("payload")?, signature: text("signature")?, token })
    }

    pub fn signing_input(&self) -> String {
        format!("{}.{}", self.protected, self.payload)
    }

    /// The certificates of `x5c`, DER, the signer's first.
    pub fn chain(&self) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
        let header: Value = serde_json::from_slice(&base64::decode_url(&self.protected)?)?;
        let chain = header["x5c"].as_array().ok_or("no x5c")?;
        chain.iter().map(|one| Ok(base64::decode_standard(one.as_str().ok_or("x5c: not a string")?)?)).collect()
    }

    /// Signs `header` and the payload, and leaves out the time-stamp.
    #[must_use]
    pub fn signed_again(self, header: &str, key: &SoftwareKey) -> Self {
        let protected = base64::encode_url(header.as_bytes());
        let signature = key.sign(format!("{protected}.{}", self.payload).as_bytes()).expect("a software key signs");
        Self { protected, signature: base64::encode_url(&signature), token: None, ..self }
    }

    /// Puts a time-stamp of `gen_time` to it, in the form asked for.
    pub fn stamped(
        self,
        form: Form,
        authority: &Authority<SoftwareKey>,
        gen_time: Instant,
    ) -> Result<Self, Box<dyn Error>> {
        let token = match form {
            Form::Standard => token(self.signature.as_bytes(), authority, gen_time),
            Form::Jades => token(&base64::decode_url(&self.signature)?, authority, gen_time),
        };
        Ok(Self { token: Some(token?), ..self })
    }

    /// The document.
    pub fn to_json(&self, form: Form) -> String {
        let Self { protected, payload, signature, token } = self;
        let mut document = json!({"payload": payload, "protected": protected, "signature": signature});
        if let Some(token) = token {
            let item = json!({"sigTst": {"tstTokens": [{"val": base64::encode_standard(token)}]}});
            let item = match form {
                Form::Standard => Value::String(base64::encode_url(item.to_string().as_bytes())),
                Form::Jades => item,
            };
            document["header"] = json!({"etsiU": [item]});
        }
        document.to_string()
    }
}

fn token(stamped: &[u8], authority: &Authority<SoftwareKey>, gen_time: Instant) -> Result<Vec<u8>, Box<dyn Error>> {
    static SERIAL_NUMBER: AtomicU64 = AtomicU64::new(1 << 32);
    let serial_number = SerialNumber::from(SERIAL_NUMBER.fetch_add(1, Ordering::Relaxed));
    let transport = authority.transport(|| (gen_time, serial_number.clone()));
    let request = TimeStampRequest::new(&DigestAlgorithm::Sha256.digest(stamped));
    Ok(tsp::request_token(&transport, &request, &Limits::default())?.as_der().to_vec())
}
