//! What is done to a B-T signature before both judge it.

use serde_json::{Value, json};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::crypto::ecdsa::{Curve, der_from_fixed};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::{decode_standard, decode_url, encode_standard, encode_url};
use wathiqa::time::Instant;
use wathiqa::x509::Certificate;

use crate::world::{Holder, PAYLOAD, World};

/// What mutations are made of: a signer, another of the same entity, and a B-T of ours by the first.
pub struct Material<'a> {
    world: &'a World,
    holder: Holder,
    other: Holder,
    signed: Value,
}

/// A mutation: its name, as `disagreements.toml` has it, and what it gives.
pub struct Mutation(&'static str, fn(&Material<'_>) -> Vec<u8>);

impl Mutation {
    pub fn name(&self) -> &'static str {
        self.0
    }

    pub fn apply(&self, material: &Material<'_>) -> Vec<u8> {
        (self.1)(material)
    }
}

pub const MUTATIONS: &[Mutation] = &[
    Mutation("nothing", |m| m.with(|_| {})),
    Mutation("payload-altered", |m| {
        m.with(|file| file["payload"] = encode_url(PAYLOAD.replace('١', "٢").as_bytes()).into())
    }),
    Mutation("payload-emptied", |m| m.with(|file| file["payload"] = "".into())),
    Mutation("payload-absent", |m| m.with(|file| drop(file.as_object_mut().unwrap().remove("payload")))),
    Mutation("payload-padded", |m| m.with(|file| file["payload"] = format!("{}=", text(&file["payload"])).into())),
    Mutation("signature-bit-flipped", |m| m.with(|file| file["signature"] = flipped(text(&file["signature"])).into())),
    Mutation("signature-cut", |m| m.with(|file| file["signature"] = text(&file["signature"])[..84].into())),
    Mutation("signature-empty", |m| m.with(|file| file["signature"] = "".into())),
    Mutation("signature-as-der", signature_as_der),
    Mutation("signature-with-white-space", |m| {
        m.with(|file| file["signature"] = format!("{} ", text(&file["signature"])).into())
    }),
    Mutation("member-twice", |m| {
        let file = m.signed.to_string();
        format!("{{\"payload\":{},{}", m.signed["payload"], &file[1..]).into_bytes()
    }),
    Mutation("member-unknown", |m| m.with(|file| file["comment"] = "seen".into())),
    Mutation("trailing-text", |m| [m.signed.to_string().as_bytes(), b"x"].concat()),
    Mutation("unprotected-member-unknown", |m| m.with(|file| file["header"]["comment"] = "seen".into())),
    Mutation("unprotected-alg", |m| m.with(|file| file["header"]["alg"] = "ES256".into())),
    Mutation("protected-iat-altered", |m| {
        m.with(|file| {
            file["protected"] = encode_url(m.header(|header| header["iat"] = json!(1_700_000_000)).as_bytes()).into()
        })
    }),
    Mutation("protected-alg-none", |m| {
        m.with(|file| {
            file["protected"] = encode_url(m.header(|header| header["alg"] = "none".into()).as_bytes()).into();
            file["signature"] = "".into();
        })
    }),
    // Signed again, so that only the rule is broken.
    Mutation("signed-alg-hs256", |m| m.signed_again(|header| header["alg"] = "HS256".into())),
    Mutation("signed-alg-es384-with-p256", |m| m.signed_again(|header| header["alg"] = "ES384".into())),
    Mutation("signed-no-time", |m| m.signed_again(|header| remove(header, "iat"))),
    Mutation("signed-iat-and-sigT", |m| m.signed_again(|header| header["sigT"] = "2025-01-01T00:00:00Z".into())),
    Mutation("signed-iat-in-the-future", |m| {
        m.signed_again(|header| header["iat"] = (m.world.now.unix_seconds() + 86_400).into())
    }),
    Mutation("signed-no-reference", |m| m.signed_again(|header| remove(header, "x5t#S256"))),
    Mutation("signed-reference-to-other", |m| m.signed_again(|header| header["x5t#S256"] = m.other_digest().into())),
    Mutation("signed-two-references", |m| {
        m.signed_again(|header| {
            let digest = DigestAlgorithm::Sha512.digest(m.holder.chain[0].as_der());
            header["x5t#o"] = json!({"digAlg": "S512", "digVal": encode_url(digest.as_octets())});
        })
    }),
    Mutation("signed-x5c-reversed", |m| m.signed_again(|header| header["x5c"].as_array_mut().unwrap().reverse())),
    Mutation("signed-x5c-absent", |m| m.signed_again(|header| remove(header, "x5c"))),
    Mutation("signed-x5c-without-issuer", |m| {
        m.signed_again(|header| header["x5c"].as_array_mut().unwrap().truncate(1))
    }),
    Mutation("signed-x5c-entry-unreadable", |m| m.signed_again(|header| header["x5c"][1] = "AAAA".into())),
    Mutation("signed-certificate-of-other", |m| {
        m.signed_again(|header| {
            header["x5c"][0] = encode_standard(m.other.chain[0].as_der()).into();
            header["x5t#S256"] = m.other_digest().into();
        })
    }),
    Mutation("signed-jwk-member", |m| m.signed_again(|header| header["jwk"] = json!({"kty": "oct", "k": "AAAA"}))),
    Mutation("signed-unknown-member", |m| m.signed_again(|header| header["comment"] = "seen".into())),
    Mutation("signed-member-twice", |m| m.signed_text(&m.header(|_| {}).replacen('{', "{\"iat\":1,", 1))),
    Mutation("signed-crit-unknown", |m| {
        m.signed_again(|header| {
            header["comment"] = "seen".into();
            header["crit"] = json!(["comment"]);
        })
    }),
    Mutation("signed-crit-of-absent", |m| m.signed_again(|header| header["crit"] = json!(["sigD"]))),
    Mutation("signed-crit-empty", |m| m.signed_again(|header| header["crit"] = json!([]))),
    Mutation("signed-crit-of-rfc-7515", |m| m.signed_again(|header| header["crit"] = json!(["alg"]))),
    Mutation("signed-b64-without-crit", |m| m.signed_again(|header| header["b64"] = json!(true))),
    Mutation("signed-typ-other", |m| m.signed_again(|header| header["typ"] = "JWT".into())),
    Mutation("sigTst-absent", |m| m.with(|file| remove(file, "header"))),
    Mutation("sigTst-twice", |m| {
        m.with(|file| {
            let item = file["header"]["etsiU"][0].clone();
            file["header"]["etsiU"].as_array_mut().unwrap().push(item);
        })
    }),
    Mutation("sigTst-of-other-signature", |m| {
        m.with_items(&[m.world.signature_time_stamp("AAAA", m.world.stamping())])
    }),
    Mutation("sigTst-broken", |m| {
        m.with_item(|item| {
            let token = &mut item["sigTst"]["tstTokens"][0]["val"];
            let mut octets = decode_standard(text(token)).unwrap();
            *octets.last_mut().unwrap() ^= 1;
            *token = encode_standard(&octets).into();
        })
    }),
    Mutation("sigTst-not-a-token", |m| m.with_item(|item| item["sigTst"]["tstTokens"][0]["val"] = "AAAA".into())),
    Mutation("sigTst-without-tokens", |m| m.with_item(|item| item["sigTst"]["tstTokens"] = json!([]))),
    Mutation("sigTst-two-tokens", |m| {
        m.with_item(|item| {
            let token = item["sigTst"]["tstTokens"][0].clone();
            item["sigTst"]["tstTokens"].as_array_mut().unwrap().push(token);
        })
    }),
    Mutation("sigTst-two-tokens-beside-one", |m| {
        let good = item(&m.signed);
        let mut double = good.clone();
        let token = double["sigTst"]["tstTokens"][0].clone();
        double["sigTst"]["tstTokens"].as_array_mut().unwrap().push(token);
        m.with_items(&[good, double])
    }),
    Mutation("sigTst-called-arcTst", |m| m.with_item(|item| *item = json!({"arcTst": item["sigTst"]}))),
    Mutation("sigTst-before-signing", |m| m.stamped(m.world.signing.unix_seconds() - 600)),
    Mutation("sigTst-in-the-future", |m| m.stamped(m.world.now.unix_seconds() + 600)),
    Mutation("cSig-not-a-signature", |m| m.with_items(&[item(&m.signed), json!({"cSig": "a.b.c"})])),
    Mutation("cSig-a-number", |m| m.with_items(&[item(&m.signed), json!({"cSig": 1})])),
    Mutation("cSig-of-the-payload", |m| {
        let counter = m.world.crafted(&m.holder, &m.header(|header| remove(header, "cty")), PAYLOAD);
        m.with_items(&[item(&m.signed), json!({"cSig": counter})])
    }),
    Mutation("signed-sigD-beside-payload", |m| {
        m.signed_again(|header| {
            header["sigD"] = json!({"mId": "http://uri.etsi.org/19182/ObjectIdByURI", "pars": ["a"]});
            header["crit"] = json!(["sigD"]);
        })
    }),
    Mutation("signed-sigD-of-nothing-given", |m| {
        let header = m.header(|header| {
            remove(header, "cty");
            header["sigD"] = json!({"mId": "http://uri.etsi.org/19182/ObjectIdByURI", "pars": ["a"]});
            header["crit"] = json!(["sigD"]);
        });
        let mut file = m.world.crafted(&m.holder, &header, PAYLOAD);
        remove(&mut file, "payload");
        file.to_string().into_bytes()
    }),
    Mutation("signed-commitment-and-place", |m| {
        m.signed_again(|header| {
            header["srCms"] = json!([{"commId": {"id": "http://uri.etsi.org/01903/v1.2.2#ProofOfApproval"}}]);
            header["sigPl"] = json!({"addressLocality": "دمشق"});
        })
    }),
    Mutation("signed-commitment-malformed", |m| m.signed_again(|header| header["srCms"] = json!(["approved"]))),
    Mutation("etsiU-clear", |m| m.with(|file| file["header"]["etsiU"] = json!([item(file)]))),
    Mutation("etsiU-mixed", |m| {
        m.with(|file| {
            let clear = item(file);
            file["header"]["etsiU"].as_array_mut().unwrap().push(clear);
        })
    }),
    Mutation("etsiU-not-an-array", |m| m.with(|file| file["header"]["etsiU"] = file["header"]["etsiU"][0].clone())),
    Mutation("etsiU-item-unreadable", |m| {
        m.with(|file| file["header"]["etsiU"].as_array_mut().unwrap().push(encode_url(b"no object").into()))
    }),
    Mutation("etsiU-item-unknown", |m| {
        m.with(|file| file["header"]["etsiU"].as_array_mut().unwrap().push(encode_url(br#"{"note":{}}"#).into()))
    }),
    Mutation("etsiU-protected", |m| m.signed_again(|header| header["etsiU"] = json!([]))),
];

impl<'a> Material<'a> {
    pub fn new(world: &'a World) -> Self {
        let holder = || world.holder(JwsAlgorithm::Es256).unwrap();
        let (holder, other) = (holder(), holder());
        let signed = serde_json::from_slice(&world.issue(&holder)).unwrap();
        Self { world, holder, other, signed }
    }

    /// The signature with a change to the file.
    fn with(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut file = self.signed.clone();
        change(&mut file);
        file.to_string().into_bytes()
    }

    /// The signature with a change to the one item of etsiU.
    fn with_item(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut changed = item(&self.signed);
        change(&mut changed);
        self.with_items(&[changed])
    }

    /// The signature with other items of etsiU.
    fn with_items(&self, items: &[Value]) -> Vec<u8> {
        let items: Vec<String> = items.iter().map(|item| encode_url(item.to_string().as_bytes())).collect();
        self.with(|file| file["header"]["etsiU"] = json!(items))
    }

    /// The signature stamped at another time.
    fn stamped(&self, unix_seconds: i64) -> Vec<u8> {
        let at = Instant::from_unix_seconds(unix_seconds).unwrap();
        self.with_items(&[self.world.signature_time_stamp(text(&self.signed["signature"]), at)])
    }

    /// The protected header, changed.
    fn header(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut header: Value = serde_json::from_slice(&decode_url(text(&self.signed["protected"])).unwrap()).unwrap();
        change(&mut header);
        header.to_string()
    }

    /// A signature of the same key over a changed header, stamped anew.
    fn signed_again(&self, change: impl FnOnce(&mut Value)) -> Vec<u8> {
        self.signed_text(&self.header(change))
    }

    fn signed_text(&self, header: &str) -> Vec<u8> {
        self.world.crafted(&self.holder, header, PAYLOAD).to_string().into_bytes()
    }

    fn other_digest(&self) -> String {
        reference(&self.other.chain[0])
    }
}

/// The signature value as CMS has it, not as JWS has it, and stamped so.
fn signature_as_der(material: &Material<'_>) -> Vec<u8> {
    let fixed = decode_url(text(&material.signed["signature"])).unwrap();
    let der = encode_url(&der_from_fixed(Curve::P256, &fixed).unwrap());
    let stamp = material.world.signature_time_stamp(&der, material.world.stamping());
    material.with(|file| {
        file["header"]["etsiU"] = json!([encode_url(stamp.to_string().as_bytes())]);
        file["signature"] = der.into();
    })
}

fn item(file: &Value) -> Value {
    serde_json::from_slice(&decode_url(text(&file["header"]["etsiU"][0])).unwrap()).unwrap()
}

fn reference(certificate: &Certificate) -> String {
    encode_url(certificate.digest(DigestAlgorithm::Sha256).as_octets())
}

fn flipped(value: &str) -> String {
    let mut octets = decode_url(value).unwrap();
    octets[7] ^= 1;
    encode_url(&octets)
}

fn remove(object: &mut Value, member: &str) {
    assert!(object.as_object_mut().unwrap().remove(member).is_some(), "{member}");
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
