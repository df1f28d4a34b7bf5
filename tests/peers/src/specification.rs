//! Certificates as data, and their DER: right or wrong, whatever the data says.

use ring::signature::{Ed25519KeyPair, KeyPair};
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid::Oid;

/// A name, RDN by RDN.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameSpecification(pub Vec<Vec<AttributeSpecification>>);

/// An attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeSpecification {
    pub attribute_type: &'static str,
    pub text: String,
    pub string_type: StringType,
}

/// How the text of an attribute is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringType {
    Utf8,
    Printable,
    Bmp,
    Teletex,
    Ia5,
}

pub const COUNTRY: &str = "2.5.4.6";
pub const ORGANIZATION: &str = "2.5.4.10";
pub const ORGANIZATIONAL_UNIT: &str = "2.5.4.11";
pub const COMMON_NAME: &str = "2.5.4.3";
pub const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";

impl NameSpecification {
    pub fn with(mut self, attribute_type: &'static str, text: &str) -> Self {
        let string_type = match attribute_type {
            COUNTRY => StringType::Printable,
            EMAIL_ADDRESS => StringType::Ia5,
            _ => StringType::Utf8,
        };
        self.0.push(vec![AttributeSpecification { attribute_type, text: text.to_owned(), string_type }]);
        self
    }

    pub fn attributes(&self) -> impl Iterator<Item = &AttributeSpecification> {
        self.0.iter().flatten()
    }

    pub fn attributes_mut(&mut self) -> impl Iterator<Item = &mut AttributeSpecification> {
        self.0.iter_mut().flatten()
    }

    /// The text of the attributes without case and white space, to compare names by.
    pub fn folded(&self) -> String {
        let text: Vec<&str> = self.attributes().flat_map(|attribute| attribute.text.split_whitespace()).collect();
        text.concat().to_lowercase()
    }

    pub fn write(&self, writer: &mut Writer) {
        writer.constructed(Tag::SEQUENCE, |name| {
            for rdn in &self.0 {
                let mut attributes = Vec::new();
                for attribute in rdn {
                    let mut one = Writer::new();
                    one.constructed(Tag::SEQUENCE, |fields| attribute.write(fields));
                    attributes.push(one.into_der());
                }
                name.set_of(Tag::SET, attributes);
            }
        });
    }
}

impl AttributeSpecification {
    fn write(&self, writer: &mut Writer) {
        writer.oid(&oid(self.attribute_type));
        let text = self.text.as_bytes();
        match self.string_type {
            StringType::Utf8 => writer.value(Tag::UTF8_STRING, text),
            StringType::Printable => writer.value(Tag::PRINTABLE_STRING, text),
            StringType::Ia5 => writer.value(Tag::IA5_STRING, text),
            StringType::Teletex => writer.value(Tag::TELETEX_STRING, text),
            StringType::Bmp => {
                let units: Vec<u8> = self.text.encode_utf16().flat_map(u16::to_be_bytes).collect();
                writer.value(Tag::BMP_STRING, &units);
            }
        }
    }
}

/// A GeneralName, or the base of a subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneralNameSpecification {
    Email(String),
    Dns(String),
    Directory(NameSpecification),
    Uri(String),
    Ip(Vec<u8>),
    /// otherName of a made-up type, holding this text.
    Other(String),
    RegisteredId(&'static str),
}

impl GeneralNameSpecification {
    pub fn write(&self, writer: &mut Writer) {
        match self {
            Self::Email(text) => writer.value(Tag::context(1), text.as_bytes()),
            Self::Dns(text) => writer.value(Tag::context(2), text.as_bytes()),
            Self::Directory(name) => writer.constructed(Tag::context_constructed(4), |inner| name.write(inner)),
            Self::Uri(text) => writer.value(Tag::context(6), text.as_bytes()),
            Self::Ip(octets) => writer.value(Tag::context(7), octets),
            Self::Other(text) => writer.constructed(Tag::context_constructed(0), |inner| {
                inner.oid(&oid("1.3.6.1.4.1.55555.7"));
                inner.constructed(Tag::context_constructed(0), |value| value.value(Tag::UTF8_STRING, text.as_bytes()));
            }),
            Self::RegisteredId(id) => writer.value(Tag::context(8), oid(id).as_der_contents()),
        }
    }
}

/// nameConstraints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameConstraintsSpecification {
    pub permitted: Vec<GeneralNameSpecification>,
    pub excluded: Vec<GeneralNameSpecification>,
    /// A `maximum`, which RFC 5280 forbids, in each subtree.
    pub maximum: Option<u64>,
}

/// The contents of an extension this suite knows how to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    BasicConstraints {
        ca: bool,
        path_length: Option<u64>,
    },
    /// Bit positions.
    KeyUsage(Vec<u8>),
    ExtKeyUsage(Vec<&'static str>),
    SubjectKeyIdentifier([u8; 8]),
    AuthorityKeyIdentifier([u8; 8]),
    SubjectAltName(Vec<GeneralNameSpecification>),
    NameConstraints(NameConstraintsSpecification),
    CertificatePolicies {
        policies: Vec<&'static str>,
        qualifier: Option<&'static str>,
    },
    PolicyMappings(Vec<(&'static str, &'static str)>),
    PolicyConstraints {
        require_explicit: Option<u64>,
        inhibit_mapping: Option<u64>,
    },
    InhibitAnyPolicy(u64),
    /// An extension nobody knows.
    Unknown,
}

/// An extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionSpecification {
    pub critical: bool,
    pub contents: Contents,
}

impl Contents {
    fn id(&self) -> &'static str {
        match self {
            Self::BasicConstraints { .. } => "2.5.29.19",
            Self::KeyUsage(_) => "2.5.29.15",
            Self::ExtKeyUsage(_) => "2.5.29.37",
            Self::SubjectKeyIdentifier(_) => "2.5.29.14",
            Self::AuthorityKeyIdentifier(_) => "2.5.29.35",
            Self::SubjectAltName(_) => "2.5.29.17",
            Self::NameConstraints(_) => "2.5.29.30",
            Self::CertificatePolicies { .. } => "2.5.29.32",
            Self::PolicyMappings(_) => "2.5.29.33",
            Self::PolicyConstraints { .. } => "2.5.29.36",
            Self::InhibitAnyPolicy(_) => "2.5.29.54",
            Self::Unknown => "1.3.6.1.4.1.55555.9",
        }
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::BasicConstraints { ca, path_length } => writer.constructed(Tag::SEQUENCE, |fields| {
                if *ca {
                    fields.boolean_true();
                }
                if let Some(length) = path_length {
                    fields.unsigned(*length);
                }
            }),
            Self::KeyUsage(positions) => {
                let bits = positions.iter().fold(0u8, |bits, position| bits | 0x80 >> position);
                let unused = bits.trailing_zeros().min(7) as u8;
                writer.value(Tag::BIT_STRING, &[unused, bits]);
            }
            Self::ExtKeyUsage(purposes) => writer.constructed(Tag::SEQUENCE, |sequence| {
                purposes.iter().for_each(|purpose| sequence.oid(&oid(purpose)));
            }),
            Self::SubjectKeyIdentifier(identifier) => writer.octet_string(identifier),
            Self::AuthorityKeyIdentifier(identifier) => {
                writer.constructed(Tag::SEQUENCE, |fields| fields.value(Tag::context(0), identifier));
            }
            Self::SubjectAltName(names) => writer.constructed(Tag::SEQUENCE, |sequence| {
                names.iter().for_each(|name| name.write(sequence));
            }),
            Self::NameConstraints(constraints) => constraints.write(writer),
            Self::CertificatePolicies { policies, qualifier } => writer.constructed(Tag::SEQUENCE, |sequence| {
                for policy in policies {
                    sequence.constructed(Tag::SEQUENCE, |fields| {
                        fields.oid(&oid(policy));
                        if let Some(id) = qualifier {
                            fields.constructed(Tag::SEQUENCE, |qualifiers| {
                                qualifiers.constructed(Tag::SEQUENCE, |qualifier| {
                                    qualifier.oid(&oid(id));
                                    qualifier.value(Tag::IA5_STRING, b"https://policy.example/cps");
                                });
                            });
                        }
                    });
                }
            }),
            Self::PolicyMappings(mappings) => writer.constructed(Tag::SEQUENCE, |sequence| {
                for (issuer_domain, subject_domain) in mappings {
                    sequence.constructed(Tag::SEQUENCE, |fields| {
                        fields.oid(&oid(issuer_domain));
                        fields.oid(&oid(subject_domain));
                    });
                }
            }),
            Self::PolicyConstraints { require_explicit, inhibit_mapping } => {
                writer.constructed(Tag::SEQUENCE, |fields| {
                    for (number, value) in [(0, require_explicit), (1, inhibit_mapping)] {
                        if let Some(value) = value {
                            fields.implicit_unsigned(Tag::context(number), *value);
                        }
                    }
                });
            }
            Self::InhibitAnyPolicy(skip) => writer.unsigned(*skip),
            Self::Unknown => writer.value(Tag::NULL, &[]),
        }
    }
}

impl NameConstraintsSpecification {
    fn write(&self, writer: &mut Writer) {
        writer.constructed(Tag::SEQUENCE, |fields| {
            for (number, subtrees) in [(0, &self.permitted), (1, &self.excluded)] {
                if subtrees.is_empty() {
                    continue;
                }
                fields.constructed(Tag::context_constructed(number), |list| {
                    for base in subtrees {
                        list.constructed(Tag::SEQUENCE, |subtree| {
                            base.write(subtree);
                            if let Some(maximum) = self.maximum {
                                subtree.implicit_unsigned(Tag::context(1), maximum);
                            }
                        });
                    }
                });
            }
        });
    }
}

/// A key pair, the same for the same number.
#[derive(Debug)]
pub struct Key(Ed25519KeyPair);

impl Key {
    pub fn new(number: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[number; 32]).expect("a seed has 32 octets"))
    }

    /// The octets of a key identifier that stands for the key of this number.
    pub fn identifier(number: u8) -> [u8; 8] {
        [number; 8]
    }
}

/// A certificate to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateSpecification {
    pub serial: u64,
    pub issuer: NameSpecification,
    pub subject: NameSpecification,
    pub not_before: &'static str,
    pub not_after: &'static str,
    /// Number of the certified key.
    pub key: u8,
    /// Number of the key that signs.
    pub signer: u8,
    /// Whether a bit of the signature is turned.
    pub signature_broken: bool,
    pub extensions: Vec<ExtensionSpecification>,
}

impl CertificateSpecification {
    /// Adds an extension.
    pub fn extend(&mut self, critical: bool, contents: Contents) {
        self.extensions.push(ExtensionSpecification { critical, contents });
    }

    /// The extension that `choose` finds something in.
    pub fn find<'a, T: 'a>(&'a self, choose: impl Fn(&'a Contents) -> Option<T>) -> Option<T> {
        self.extensions.iter().find_map(|extension| choose(&extension.contents))
    }

    /// The certificate, signed.
    pub fn to_der(&self, keys: &[Key]) -> Vec<u8> {
        let tbs = self.tbs(&keys[usize::from(self.key)]);
        let mut signature = keys[usize::from(self.signer)].0.sign(&tbs).as_ref().to_vec();
        if self.signature_broken {
            signature[7] ^= 1;
        }
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |certificate| {
            certificate.encoded(&tbs);
            write_ed25519(certificate);
            certificate.value(Tag::BIT_STRING, &[&[0], &signature[..]].concat());
        });
        writer.into_der()
    }

    fn tbs(&self, key: &Key) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |tbs| {
            tbs.constructed(Tag::context_constructed(0), |version| version.unsigned(2));
            tbs.unsigned(self.serial);
            write_ed25519(tbs);
            self.issuer.write(tbs);
            tbs.constructed(Tag::SEQUENCE, |validity| {
                for time in [self.not_before, self.not_after] {
                    let tag = if time.len() == 13 { Tag::UTC_TIME } else { Tag::GENERALIZED_TIME };
                    validity.value(tag, time.as_bytes());
                }
            });
            self.subject.write(tbs);
            tbs.constructed(Tag::SEQUENCE, |spki| {
                write_ed25519(spki);
                spki.value(Tag::BIT_STRING, &[&[0], key.0.public_key().as_ref()].concat());
            });
            if !self.extensions.is_empty() {
                tbs.constructed(Tag::context_constructed(3), |explicit| {
                    explicit.constructed(Tag::SEQUENCE, |extensions| {
                        self.extensions.iter().for_each(|extension| extension.write(extensions));
                    });
                });
            }
        });
        writer.into_der()
    }
}

impl ExtensionSpecification {
    fn write(&self, writer: &mut Writer) {
        writer.constructed(Tag::SEQUENCE, |fields| {
            fields.oid(&oid(self.contents.id()));
            if self.critical {
                fields.boolean_true();
            }
            let mut contents = Writer::new();
            self.contents.write(&mut contents);
            fields.octet_string(&contents.into_der());
        });
    }
}

fn write_ed25519(writer: &mut Writer) {
    writer.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&oid("1.3.101.112")));
}

/// The identifier that `text` writes out.
pub fn oid(text: &str) -> Oid {
    text.parse().expect("identifiers here are constants")
}
