//! Public keys in JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2), for suites that give them so. The library has no use for
//! them: its keys come in certificates.

use serde_json::Value;
use wathiqa::crypto::PublicKey;
use wathiqa::encoding::base64;
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid::{self, Oid};

/// What a JWK says beside its key.
pub struct Jwk<'a>(&'a Value);

impl<'a> Jwk<'a> {
    pub fn new(value: &'a Value) -> Self {
        Self(value)
    }

    /// A member that is a text.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Whether it may verify a signature by `algorithm` (RFC 7517 §4.2 to §4.4).
    pub fn allows(&self, algorithm: &str) -> Result<(), String> {
        let operations = self.0.get("key_ops").and_then(Value::as_array);
        if self.text("use").is_some_and(|usage| usage != "sig") {
            return Err("the key is not for signatures".to_owned());
        }
        if operations.is_some_and(|operations| !operations.iter().any(|operation| operation == "verify")) {
            return Err("the key is not for verifying".to_owned());
        }
        match self.text("alg") {
            Some(own) if own != algorithm => Err(format!("the key is for {own}, the signature by {algorithm}")),
            _ => Ok(()),
        }
    }

    /// The public key; an error for one that is malformed, or of a kind that only RFC 7518 §6.4 has: symmetric.
    pub fn public_key(&self) -> Result<PublicKey, String> {
        let (algorithm, parameters, key) = match (self.text("kty"), self.text("crv")) {
            (Some("RSA"), None) => (oid::RSA_ENCRYPTION, vec![0x05, 0x00], self.rsa()?),
            (Some("EC"), Some("P-256")) => (oid::ID_EC_PUBLIC_KEY, named(&oid::SECP256R1), self.point(32)?),
            (Some("EC"), Some("P-384")) => (oid::ID_EC_PUBLIC_KEY, named(&oid::SECP384R1), self.point(48)?),
            (Some("EC"), Some("P-521")) => {
                let secp521r1: Oid = "1.3.132.0.35".parse().map_err(|error| format!("{error}"))?;
                (oid::ID_EC_PUBLIC_KEY, named(&secp521r1), self.point(66)?)
            }
            (Some("OKP"), Some("Ed25519")) => (oid::ID_ED25519, Vec::new(), self.octets("x")?),
            (kty, crv) => return Err(format!("no public key of type {kty:?}, curve {crv:?}")),
        };
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.constructed(Tag::SEQUENCE, |writer| {
                writer.value(Tag::OBJECT_IDENTIFIER, algorithm.as_der_contents());
                writer.encoded(&parameters);
            });
            writer.value(Tag::BIT_STRING, &[&[0], &key[..]].concat());
        });
        PublicKey::from_spki_der(&writer.into_der()).map_err(|error| error.to_string())
    }

    fn rsa(&self) -> Result<Vec<u8>, String> {
        let mut writer = Writer::new();
        let (modulus, exponent) = (self.number("n")?, self.number("e")?);
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.value(Tag::INTEGER, &modulus);
            writer.value(Tag::INTEGER, &exponent);
        });
        Ok(writer.into_der())
    }

    /// The contents of an INTEGER, from a number without leading zeros.
    fn number(&self, name: &str) -> Result<Vec<u8>, String> {
        let octets = self.octets(name)?;
        match octets.first() {
            None | Some(0) => Err(format!("\"{name}\" is empty or has leading zeros")),
            Some(0x80..) => Ok([&[0], &octets[..]].concat()),
            Some(_) => Ok(octets),
        }
    }

    fn point(&self, length: usize) -> Result<Vec<u8>, String> {
        let (x, y) = (self.octets("x")?, self.octets("y")?);
        if x.len() != length || y.len() != length {
            return Err(format!("coordinates of {} and {} octets, the curve has {length}", x.len(), y.len()));
        }
        Ok([&[4][..], &x, &y].concat())
    }

    fn octets(&self, name: &str) -> Result<Vec<u8>, String> {
        let text = self.text(name).ok_or_else(|| format!("no text \"{name}\""))?;
        base64::decode_url(text).map_err(|error| format!("\"{name}\": {error}"))
    }
}

fn named(curve: &Oid) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.value(Tag::OBJECT_IDENTIFIER, curve.as_der_contents());
    writer.into_der()
}
