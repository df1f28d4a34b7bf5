//! A SignedData is made, altered in one place, and judged.

#![cfg(feature = "issue")]

use crate::budget::Limits;
use crate::cms::fixture::{CA, Holder, Node, Profile, TSA};
use crate::cms::{CmsError, RevocationInfo, SignedData, ToBeSigned};
use crate::crypto::{AlgorithmConstraints, JwsAlgorithm};
use crate::encoding::der::{Reader, Tag, Writer};
use crate::oid;

const SIGNED_DATA: [usize; 2] = [1, 0];
const DIGEST_ALGORITHMS: [usize; 3] = [1, 0, 1];
const CERTIFICATES: [usize; 3] = [1, 0, 3];
const SIGNERS: [usize; 3] = [1, 0, 4];
const SIGNER: [usize; 4] = [1, 0, 4, 0];
const ATTRIBUTES: [usize; 5] = [1, 0, 4, 0, 3];

/// The positions of the attributes, which DER sorts by length: the first octets that differ are the lengths.
const CONTENT_TYPE: usize = 0;
const PROTECTION: usize = 1;
const MESSAGE_DIGEST: usize = 2;
const SIGNING_CERTIFICATE: usize = 3;

struct Made {
    holder: Holder,
    tree: Node,
}

impl Made {
    fn new(algorithm: JwsAlgorithm) -> Self {
        let holder = Holder::new(&Profile { algorithm, ..Profile::new("Signer", TSA) }, None);
        let to_be_signed = ToBeSigned {
            content_type: &oid::ID_CT_TST_INFO,
            content: b"what is signed",
            certificate: &holder.certificate,
            included: std::slice::from_ref(&holder.certificate),
        };
        let der = to_be_signed.sign(&holder.key).unwrap();
        Self { tree: Node::parse(&der), holder }
    }

    /// The verdict on the tree as it is now.
    fn judge(&self) -> Result<(), CmsError> {
        let signed_data = SignedData::from_der(&self.tree.to_der(), &Limits::default())?;
        let signer = signed_data.find_signer(&[])?;
        signed_data.verify(signer, &AlgorithmConstraints::default()).map(|_| ())
    }

    /// What is said after `alter`.
    fn refused(mut self, alter: impl FnOnce(&mut Node)) -> String {
        assert_eq!(self.judge(), Ok(()));
        alter(&mut self.tree);
        self.judge().unwrap_err().to_string()
    }
}

fn made() -> Made {
    Made::new(JwsAlgorithm::Es256)
}

fn node(tag: Tag, contents: &[u8]) -> Node {
    Node { tag, contents: contents.to_vec(), children: Vec::new() }
}

/// A copy of `tree` under another tag.
fn retagged(tree: &Node, tag: Tag) -> Node {
    Node { tag, ..tree.clone() }
}

#[test]
fn every_kind_of_key_makes_what_verifies() {
    for algorithm in [JwsAlgorithm::Es256, JwsAlgorithm::Es384, JwsAlgorithm::EdDsa] {
        assert_eq!(Made::new(algorithm).judge(), Ok(()), "{algorithm}");
    }
}

#[test]
fn the_outer_form_is_pinned() {
    let id_data: oid::Oid = "1.2.840.113549.1.7.1".parse().unwrap();
    assert_eq!(
        made().refused(|tree| tree.at(&[0]).contents = id_data.as_der_contents().to_vec()),
        "CMS: the content is of type 1.2.840.113549.1.7.1, expected signed data"
    );
    assert_eq!(
        made().refused(|tree| tree.at(&[1, 0, 0]).contents = vec![1]),
        "CMS: signed data has version 1, expected 3"
    );
    assert_eq!(made().refused(|tree| tree.at(&[1, 0, 2]).children.truncate(1)), "CMS: the content is missing");
    assert_eq!(made().refused(|tree| tree.at(&SIGNERS).children.clear()), "CMS: no signer");
    assert_eq!(
        made().refused(|tree| {
            let signer = tree.at(&SIGNER).clone();
            tree.at(&SIGNERS).children.push(signer);
        }),
        "CMS: more than one signer"
    );
    assert_eq!(
        made().refused(|tree| {
            let certificate = tree.at(&CERTIFICATES).children[0].clone();
            tree.at(&CERTIFICATES).children.push(retagged(&certificate, Tag::context_constructed(2)));
        }),
        "CMS: a certificate of kind [2] constructed, expected X.509"
    );
}

#[test]
fn the_digest_algorithms_announced_are_that_of_the_signer() {
    let refused = "CMS: the digest algorithms announced are not that of the signer alone";
    assert_eq!(made().refused(|tree| tree.at(&DIGEST_ALGORITHMS).children.clear()), refused);
    assert_eq!(
        made().refused(|tree| {
            let twice = tree.at(&DIGEST_ALGORITHMS).children[0].clone();
            tree.at(&DIGEST_ALGORITHMS).children.push(twice);
        }),
        refused
    );
    assert_eq!(
        made().refused(|tree| {
            tree.at(&[1, 0, 1, 0, 0]).contents = oid::ID_SHA384.as_der_contents().to_vec();
        }),
        refused
    );
    // NULL in place of no parameters says the same (RFC 5754 §2).
    let mut made = made();
    made.tree.at(&[1, 0, 1, 0]).children.push(node(Tag::NULL, &[]));
    assert_eq!(made.judge(), Ok(()));
}

#[test]
fn the_signer_is_the_one_named_octet_for_octet() {
    assert_eq!(
        made().refused(|tree| tree.at(&[1, 0, 4, 0, 0]).contents = vec![3]),
        "CMS: the signer has version 3, expected 1"
    );
    let missing = "CMS: the certificate of the signer is not at hand";
    assert_eq!(made().refused(|tree| tree.at(&[1, 0, 4, 0, 1, 1]).contents = vec![1, 3]), missing);
    // "SIGNER" is the same name as "Signer" (RFC 5280 §7.1), but not the same octets.
    assert_eq!(
        made().refused(|tree| {
            tree.at(&[1, 0, 4, 0, 1, 0, 0, 0, 1]).contents = b"SIGNER".to_vec();
        }),
        missing
    );
    assert_eq!(made().refused(|tree| tree.at(&CERTIFICATES).children.clear()), missing);

    let by_key = |identifier: &[u8]| {
        let mut made = made();
        made.tree.at(&SIGNER).children[0].contents = vec![3];
        made.tree.at(&SIGNER).children[1] = node(Tag::context(0), identifier);
        made.judge()
    };
    assert_eq!(by_key(&[7, 8, 9]), Ok(()));
    assert_eq!(by_key(&[7, 8]), Err(CmsError::SignerNotFound));
}

#[test]
fn attributes_are_signed_each_once_and_in_order() {
    assert_eq!(
        made().refused(|tree| {
            tree.at(&SIGNER).children.remove(3);
        }),
        "CMS: the signer has no signed attributes"
    );
    let out_of_order = made().refused(|tree| tree.at(&ATTRIBUTES).children.swap(0, 1));
    assert!(out_of_order.ends_with(": the elements of the SET OF are not in order"), "{out_of_order}");
    assert_eq!(
        made().refused(|tree| {
            let twice = tree.at(&ATTRIBUTES).children[CONTENT_TYPE].clone();
            tree.at(&ATTRIBUTES).children.insert(CONTENT_TYPE, twice);
        }),
        "CMS: signed attribute 1.2.840.113549.1.9.3 stands twice"
    );
    for (position, attribute) in [(CONTENT_TYPE, "1.2.840.113549.1.9.3"), (MESSAGE_DIGEST, "1.2.840.113549.1.9.4")] {
        assert_eq!(
            made().refused(|tree| {
                tree.at(&ATTRIBUTES).children.remove(position);
            }),
            format!("CMS: signed attribute {attribute} is missing")
        );
    }
    // Such that the attributes stay in order: the shortest without its value, the longest with two.
    assert_eq!(
        made().refused(|tree| tree.at(&ATTRIBUTES).children[CONTENT_TYPE].children[1].children.clear()),
        "CMS: signed attribute 1.2.840.113549.1.9.3 does not have exactly one value"
    );
    assert_eq!(
        made().refused(|tree| {
            let values = &mut tree.at(&ATTRIBUTES).children[SIGNING_CERTIFICATE].children[1].children;
            values.push(values[0].clone());
        }),
        "CMS: signed attribute 1.2.840.113549.1.9.16.2.47 does not have exactly one value"
    );
    assert_eq!(
        made().refused(|tree| {
            let filler = |number: u8| {
                let mut writer = Writer::new();
                writer.constructed(Tag::SEQUENCE, |attribute| {
                    attribute.value(Tag::OBJECT_IDENTIFIER, &[0x2a, number]);
                    attribute.constructed(Tag::SET, |_| {});
                });
                Node::parse(&writer.into_der())
            };
            let rest = std::mem::take(&mut tree.at(&ATTRIBUTES).children);
            tree.at(&ATTRIBUTES).children = (0..61).map(filler).chain(rest).collect();
        }),
        "CMS: more than 64 signed attributes"
    );
}

#[test]
fn nothing_unsigned_is_let_in() {
    assert_eq!(
        made().refused(|tree| {
            let mut unsigned = tree.at(&ATTRIBUTES).children[CONTENT_TYPE].clone();
            unsigned.children[0].contents = oid::ID_SIGNING_TIME.as_der_contents().to_vec();
            tree.at(&SIGNER).children.push(Node {
                tag: Tag::context_constructed(1),
                contents: Vec::new(),
                children: vec![unsigned],
            });
        }),
        "CMS: unsigned attribute 1.2.840.113549.1.9.5; nothing unsigned is accepted"
    );
}

#[test]
fn the_signed_attributes_hold_the_signature_together() {
    let digest = |made: &Made| {
        let found = made.holder.certificate.digest(crate::digest::DigestAlgorithm::Sha256);
        found.to_string()
    };
    let other = made();
    let expected = format!(
        "CMS: the signed attributes name a certificate with SHA-256 {}, that of the signer has {}",
        "00".repeat(32),
        digest(&other)
    );
    let hash: Vec<usize> = [&ATTRIBUTES[..], &[SIGNING_CERTIFICATE, 1, 0, 0, 0, 0]].concat();
    assert_eq!(other.refused(|tree| tree.at(&hash).contents = vec![0; 32]), expected);
    assert_eq!(
        made().refused(|tree| {
            tree.at(&ATTRIBUTES).children.remove(SIGNING_CERTIFICATE);
        }),
        "CMS: the signed attributes name no signing certificate"
    );
    assert_eq!(
        made().refused(|tree| {
            let value: Vec<usize> = [&ATTRIBUTES[..], &[CONTENT_TYPE, 1, 0]].concat();
            let last = tree.at(&value).contents.len() - 1;
            tree.at(&value).contents[last] = 5;
        }),
        "CMS: the content is of type 1.2.840.113549.1.9.16.1.4, the signed attributes say 1.2.840.113549.1.9.16.1.5"
    );
    assert_eq!(
        made().refused(|tree| tree.at(&[1, 0, 2, 1, 0]).contents = b"what was signed".to_vec()),
        format!(
            "CMS: the content has SHA-256 {}, the signed attributes say otherwise",
            crate::digest::DigestAlgorithm::Sha256.digest(b"what was signed")
        )
    );
    for (field, position) in [("digestAlgorithm", 0), ("signatureAlgorithm", 1)] {
        let oid: Vec<usize> = [&ATTRIBUTES[..], &[PROTECTION, 1, 0, position, 0]].concat();
        assert_eq!(
            made().refused(|tree| {
                let last = tree.at(&oid).contents.len() - 1;
                tree.at(&oid).contents[last] = 9;
            }),
            format!("CMS: {field} is not the algorithm that the signed attributes name")
        );
    }
    assert_eq!(
        made().refused(|tree| {
            tree.at(&[1, 0, 4, 0, 4, 0]).contents = oid::ECDSA_WITH_SHA384.as_der_contents().to_vec();
        }),
        "CMS: digest algorithm SHA-256 does not fit the signature algorithm ECDSA with SHA-384"
    );
    assert_eq!(
        Made::new(JwsAlgorithm::EdDsa).refused(|tree| {
            let value: Vec<usize> = [&ATTRIBUTES[..], &[PROTECTION, 1, 0, 0, 0]].concat();
            for path in [&[1, 0, 1, 0, 0][..], &[1, 0, 4, 0, 2, 0], &value] {
                tree.at(path).contents = oid::ID_SHA256.as_der_contents().to_vec();
            }
        }),
        "CMS: digest algorithm SHA-256 does not fit the signature algorithm Ed25519"
    );
}

#[test]
fn issuer_and_serial_number_of_the_signing_certificate_are_compared() {
    let with = |serial: &[u8], name: &[u8]| {
        let mut made = made();
        let issuer = Node::parse(made.holder.certificate.issuer().as_der());
        let mut issuer = Node { tag: Tag::context_constructed(4), contents: Vec::new(), children: vec![issuer] };
        issuer.at(&[0, 0, 0, 1]).contents = name.to_vec();
        let general_names = Node { tag: Tag::SEQUENCE, contents: Vec::new(), children: vec![issuer] };
        let serial = node(Tag::INTEGER, serial);
        let identifier: Vec<usize> = [&ATTRIBUTES[..], &[SIGNING_CERTIFICATE, 1, 0, 0, 0]].concat();
        let pair = Node { tag: Tag::SEQUENCE, contents: Vec::new(), children: vec![general_names, serial] };
        made.tree.at(&identifier).children.push(pair);
        made.judge()
    };
    // The signature is over other attributes now, which is found only after the certificate agrees.
    assert!(matches!(with(&[1, 2], b"Signer"), Err(CmsError::Signature(_))));
    assert!(matches!(with(&[1, 2], b"signer"), Err(CmsError::Signature(_))));
    assert_eq!(with(&[1, 3], b"Signer"), Err(CmsError::SigningCertificateIssuerSerial));
    assert_eq!(with(&[1, 2], b"Another"), Err(CmsError::SigningCertificateIssuerSerial));
}

#[test]
fn certificates_and_revocation_are_kept_and_not_judged() {
    let mut made = made();
    let other = Holder::new(&Profile::new("Other", CA), None).certificate;
    let mut unreadable = Node::parse(other.as_der());
    unreadable.at(&[0, 4]).children.swap(0, 1);
    let certificates = &mut made.tree.at(&CERTIFICATES).children;
    certificates.push(Node::parse(other.as_der()));
    certificates.push(unreadable);
    let crl = Node { tag: Tag::SEQUENCE, contents: Vec::new(), children: Vec::new() };
    let crls = Node { tag: Tag::context_constructed(1), contents: Vec::new(), children: vec![crl.clone()] };
    made.tree.at(&SIGNED_DATA).children.insert(4, crls);
    let signed_data = SignedData::from_der(&made.tree.to_der(), &Limits::default()).unwrap();
    assert_eq!(signed_data.certificates(), [made.holder.certificate.clone(), other]);
    assert_eq!(
        signed_data.unreadable_certificates()[0].to_string(),
        "certificate: period: ends 2020-01-01T00:00:00Z, before it starts 2049-12-31T23:59:59Z"
    );
    assert_eq!(signed_data.revocation(), [RevocationInfo::Crl([0x30, 0].into())]);

    // Another form of revocation information asks for version 5 (RFC 5652 §5.1).
    let format = node(Tag::OBJECT_IDENTIFIER, &[0x2a, 3]);
    let other = Node { tag: Tag::context_constructed(1), contents: Vec::new(), children: vec![format, crl] };
    made.tree.at(&[1, 0, 4]).children.push(other);
    let error = SignedData::from_der(&made.tree.to_der(), &Limits::default()).unwrap_err();
    assert_eq!(error, CmsError::Version { expected: 5, found: 3 });
    made.tree.at(&[1, 0, 0]).contents = vec![5];
    let signed_data = SignedData::from_der(&made.tree.to_der(), &Limits::default()).unwrap();
    assert_eq!(signed_data.revocation().len(), 2);

    let limits = Limits { certificates: 2, ..Limits::default() };
    let error = SignedData::from_der(&made.tree.to_der(), &limits).unwrap_err();
    assert_eq!(error.to_string(), "CMS: more than 2 certificates");
}

#[test]
fn a_signature_by_another_key_or_a_refused_algorithm_does_not_hold() {
    let impostor = Holder::new(&Profile::new("Signer", TSA), None);
    let victim = made();
    let to_be_signed = ToBeSigned {
        content_type: &oid::ID_CT_TST_INFO,
        content: b"what is signed",
        certificate: &victim.holder.certificate,
        included: &[],
    };
    let der = to_be_signed.sign(&impostor.key).unwrap();
    let signed_data = SignedData::from_der(&der, &Limits::default()).unwrap();
    // Same name and serial number: only the signed attributes tell which certificate was meant.
    let pool = [impostor.certificate.clone(), victim.holder.certificate.clone()];
    let signer = signed_data.find_signer(&pool).unwrap();
    assert_eq!(*signer, victim.holder.certificate);
    let constraints = AlgorithmConstraints::default();
    assert_eq!(signed_data.verify(signer, &constraints).unwrap_err().code(), "signature-invalid");
    assert_eq!(
        signed_data.verify(&impostor.certificate, &constraints).unwrap_err().code(),
        "cms-signing-certificate-hash"
    );
    assert_eq!(signed_data.find_signer(&pool[..1]).unwrap_err().code(), "cms-signing-certificate-hash");
}

#[test]
fn ber_is_refused_by_name() {
    let der = made().tree.to_der();
    let contents = Reader::new(&der).read(Tag::SEQUENCE).unwrap().contents();
    let indefinite = [&[0x30, 0x80][..], contents, &[0, 0]].concat();
    let error = SignedData::from_der(&indefinite, &Limits::default()).unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("der-length-indefinite", "CMS: DER at octet 1: the length is indefinite")
    );
}

#[test]
fn revocation_information_is_added_once_and_the_signature_holds() {
    let made = made();
    let read = |der: &[u8]| SignedData::from_der(der, &Limits::default()).unwrap();
    let list = RevocationInfo::Crl([0x30, 0].into());
    let other = RevocationInfo::Other { format: oid::ID_RI_OCSP_RESPONSE, der: [0x30, 1, 5].into() };
    let other_of = |octets: &[u8]| RevocationInfo::Other { format: oid::ID_RI_OCSP_RESPONSE, der: octets.into() };
    let bare = read(&made.tree.to_der());
    assert_eq!(bare.with_revocation(&[]).unwrap(), bare.as_der());
    let with_list = read(&bare.with_revocation(std::slice::from_ref(&list)).unwrap());
    assert_eq!(with_list.revocation(), std::slice::from_ref(&list));
    // Nothing but DER may be added: what comes out is read as strictly as anything else.
    assert!(SignedData::from_der(&bare.with_revocation(&[other]).unwrap(), &Limits::default()).is_err());
    let response = other_of(&[0x30, 3, 0x0a, 1, 6]);
    let both = read(&with_list.with_revocation(&[response.clone(), list.clone()]).unwrap());
    assert_eq!(both.revocation(), [list, response]);
    for signed_data in [with_list, both] {
        let signer = signed_data.find_signer(&[]).unwrap();
        assert!(signed_data.verify(signer, &AlgorithmConstraints::default()).is_ok());
    }
}
