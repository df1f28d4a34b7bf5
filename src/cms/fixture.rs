//! What the tests of CMS and of time-stamps are made from: keys with certificates, and a way to alter DER.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "only tests see this")]

use crate::crypto::ecdsa::{self, Curve};
use crate::crypto::{JwsAlgorithm, Signer, SoftwareKey};
use crate::encoding::der::{Reader, Tag, Value, Writer};
use crate::oid::{self, Oid};
use crate::x509::Certificate;

/// A key and its certificate.
pub(crate) struct Holder {
    pub(crate) key: SoftwareKey,
    pub(crate) certificate: Certificate,
}

/// What [`Holder::new`] makes.
pub(crate) struct Profile<'a> {
    pub(crate) name: &'a str,
    pub(crate) algorithm: JwsAlgorithm,
    pub(crate) serial_number: u64,
    pub(crate) validity: (&'a str, &'a str),
    pub(crate) extensions: &'a [(Oid, bool, &'a [u8])],
}

/// Critical: a CA, keyCertSign.
pub(crate) const CA: &[(Oid, bool, &[u8])] = &[
    (oid::CE_BASIC_CONSTRAINTS, true, &[0x30, 0x03, 0x01, 0x01, 0xff]),
    (oid::CE_KEY_USAGE, true, &[0x03, 0x02, 0x02, 0x04]),
];

/// Critical: digitalSignature, timeStamping. A subject key identifier.
pub(crate) const TSA: &[(Oid, bool, &[u8])] = &[
    (oid::CE_SUBJECT_KEY_IDENTIFIER, false, &[0x04, 0x03, 7, 8, 9]),
    (oid::CE_KEY_USAGE, true, &[0x03, 0x02, 0x07, 0x80]),
    (oid::CE_EXT_KEY_USAGE, true, TIME_STAMPING),
];

pub(crate) const TIME_STAMPING: &[u8] = &[0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];

impl<'a> Profile<'a> {
    pub(crate) fn new(name: &'a str, extensions: &'a [(Oid, bool, &'a [u8])]) -> Self {
        let validity = ("20200101000000Z", "20491231235959Z");
        Self { name, algorithm: JwsAlgorithm::Es256, serial_number: 0x0102, validity, extensions }
    }
}

impl Holder {
    /// Makes a key and its certificate, signed by `issuer` or by itself.
    pub(crate) fn new(profile: &Profile<'_>, issuer: Option<&Self>) -> Self {
        let key = SoftwareKey::generate(profile.algorithm).unwrap().key;
        let subject = name(profile.name);
        let issuer_name = issuer.map_or(subject.clone(), |issuer| issuer.certificate.subject().as_der().to_vec());
        let signer = issuer.map_or(&key, |issuer| &issuer.key);
        let algorithm = signer.algorithm().signature_algorithm().algorithm_identifier_der();
        let mut tbs = Writer::new();
        tbs.constructed(Tag::SEQUENCE, |tbs| {
            tbs.constructed(Tag::context_constructed(0), |version| version.unsigned(2));
            tbs.unsigned(profile.serial_number);
            tbs.encoded(algorithm);
            tbs.encoded(&issuer_name);
            tbs.constructed(Tag::SEQUENCE, |validity| {
                validity.value(Tag::GENERALIZED_TIME, profile.validity.0.as_bytes());
                validity.value(Tag::GENERALIZED_TIME, profile.validity.1.as_bytes());
            });
            tbs.encoded(&subject);
            tbs.encoded(key.public_key().spki_der());
            tbs.constructed(Tag::context_constructed(3), |explicit| {
                explicit.constructed(Tag::SEQUENCE, |all| write_extensions(all, profile.extensions));
            });
        });
        let tbs = tbs.into_der();
        let signature = signer.sign(&tbs).unwrap();
        let signature = match signer.algorithm() {
            JwsAlgorithm::Es256 => ecdsa::der_from_fixed(Curve::P256, &signature).unwrap(),
            JwsAlgorithm::Es384 => ecdsa::der_from_fixed(Curve::P384, &signature).unwrap(),
            _ => signature,
        };
        let mut certificate = Writer::new();
        certificate.constructed(Tag::SEQUENCE, |certificate| {
            certificate.encoded(&tbs);
            certificate.encoded(algorithm);
            certificate.value(Tag::BIT_STRING, &[&[0][..], &signature].concat());
        });
        let certificate = Certificate::from_der(&certificate.into_der()).unwrap();
        Self { key, certificate }
    }
}

fn write_extensions(all: &mut Writer, extensions: &[(Oid, bool, &[u8])]) {
    for (id, critical, value) in extensions {
        all.constructed(Tag::SEQUENCE, |extension| {
            extension.oid(id);
            if *critical {
                extension.boolean_true();
            }
            extension.octet_string(value);
        });
    }
}

/// A Name with one commonName, a UTF8String.
fn name(common_name: &str) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |name| {
        name.constructed(Tag::SET, |rdn| {
            rdn.constructed(Tag::SEQUENCE, |attribute| {
                attribute.oid(&oid::AT_COMMON_NAME);
                attribute.value(Tag::UTF8_STRING, common_name.as_bytes());
            });
        });
    });
    writer.into_der()
}

/// DER as a tree, to be altered and written again with lengths that fit.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) tag: Tag,
    pub(crate) contents: Vec<u8>,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn parse(der: &[u8]) -> Self {
        Self::from_value(&Reader::new(der).read_any().unwrap())
    }

    fn from_value(value: &Value<'_>) -> Self {
        let mut children = Vec::new();
        if value.tag().is_constructed() {
            let mut rest = value.reader();
            while !rest.is_empty() {
                children.push(Self::from_value(&rest.read_any().unwrap()));
            }
        }
        let contents = if value.tag().is_constructed() { Vec::new() } else { value.contents().to_vec() };
        Self { tag: value.tag(), contents, children }
    }

    /// The node at `path`: the position among the children, level by level.
    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, position| &mut node.children[*position])
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        if self.tag.is_constructed() {
            writer.value(self.tag, &self.children.iter().flat_map(Self::to_der).collect::<Vec<u8>>());
        } else {
            writer.value(self.tag, &self.contents);
        }
        writer.into_der()
    }
}
