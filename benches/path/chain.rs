//! A path of three certificates on P-256: a CA, a CA below it, a signer.

#![allow(unreachable_pub, reason = "the modules of a bench have no public")]
#![allow(clippy::indexing_slicing, reason = "arrays of four, one entry for each certificate")]

use std::error::Error;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::oid::{self, Oid};
use wathiqa::x509::Certificate;

/// Within the validity of all, in seconds of Unix time.
pub const NOW: u64 = 1_748_779_200;

/// What the certificates say beside names, keys and their use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extras {
    /// A directoryName constraint in the first CA, certificate policies in all, a mapping in the second CA.
    ConstraintAndPolicies,
    #[allow(dead_code, reason = "for a peer that rejects constraints and ignores policies")]
    Nothing,
}

/// Four certificates in DER.
pub struct Chain {
    pub anchor: Vec<u8>,
    /// The upper one first.
    pub intermediates: [Vec<u8>; 2],
    pub leaf: Vec<u8>,
}

/// What a signature is checked with: key, message and value.
pub struct Signature {
    key: UnparsedPublicKey<Vec<u8>>,
    message: Vec<u8>,
    value: Vec<u8>,
}

impl Chain {
    pub fn new(extras: Extras) -> Result<Self, Box<dyn Error>> {
        let keys = [KeyPair::generate()?, KeyPair::generate()?, KeyPair::generate()?, KeyPair::generate()?];
        let mut params = [authority("Root CA")?, authority("Ministry CA")?, authority("Registry CA")?, signer()?];
        if extras == Extras::ConstraintAndPolicies {
            let mut base = DistinguishedName::new();
            base.push(DnType::CountryName, "SY");
            base.push(DnType::OrganizationName, "وزارة العدل");
            params[1].name_constraints = Some(NameConstraints {
                permitted_subtrees: vec![GeneralSubtree::DirectoryName(base)],
                excluded_subtrees: Vec::new(),
            });
            let [upper, lower]: [Oid; 2] = ["1.3.6.1.4.1.55555.1.1".parse()?, "1.3.6.1.4.1.55555.1.2".parse()?];
            params[1].custom_extensions.push(policies(&[&upper]));
            params[2].custom_extensions.push(policies(&[&upper]));
            params[2].custom_extensions.push(mapping(&upper, &lower));
            params[3].custom_extensions.push(policies(&[&lower]));
        }
        let issue = |subject: usize, issuer: usize| -> Result<Vec<u8>, rcgen::Error> {
            let issuer = Issuer::from_params(&params[issuer], &keys[issuer]);
            Ok(params[subject].signed_by(&keys[subject], &issuer)?.der().to_vec())
        };
        Ok(Self { anchor: issue(0, 0)?, intermediates: [issue(1, 0)?, issue(2, 1)?], leaf: issue(3, 2)? })
    }

    /// The three signatures of the path.
    pub fn signatures(&self) -> Result<Vec<Signature>, Box<dyn Error>> {
        let [upper, lower] = &self.intermediates;
        let pairs = [(upper, &self.anchor), (lower, upper), (&self.leaf, lower)];
        pairs.into_iter().map(|(subject, issuer)| Signature::new(subject, issuer)).collect()
    }
}

impl Signature {
    fn new(subject: &[u8], issuer: &[u8]) -> Result<Self, Box<dyn Error>> {
        let (subject, issuer) = (Certificate::from_der(subject)?, Certificate::from_der(issuer)?);
        // The last 65 octets of a P-256 SubjectPublicKeyInfo are the uncompressed point.
        let point = issuer.public_key().spki_der().last_chunk::<65>().ok_or("no point")?;
        Ok(Self {
            key: UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point.to_vec()),
            message: subject.tbs_der().to_vec(),
            value: subject.signature_value().to_vec(),
        })
    }

    pub fn is_valid(&self) -> bool {
        self.key.verify(&self.message, &self.value).is_ok()
    }
}

fn params(common_name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "SY");
    params.distinguished_name.push(DnType::OrganizationName, "وزارة العدل");
    params.distinguished_name.push(DnType::CommonName, common_name);
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2049, 12, 31));
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn authority(common_name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = params(common_name)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn signer() -> Result<CertificateParams, rcgen::Error> {
    let mut params = params("Registrar")?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    Ok(params)
}

fn policies(policies: &[&Oid]) -> CustomExtension {
    extension(&oid::CE_CERTIFICATE_POLICIES, |list| {
        policies.iter().for_each(|policy| list.constructed(Tag::SEQUENCE, |information| information.oid(policy)));
    })
}

fn mapping(issuer_domain: &Oid, subject_domain: &Oid) -> CustomExtension {
    extension(&oid::CE_POLICY_MAPPINGS, |list| {
        list.constructed(Tag::SEQUENCE, |mapping| {
            mapping.oid(issuer_domain);
            mapping.oid(subject_domain);
        });
    })
}

/// An extension that is a SEQUENCE.
fn extension(id: &Oid, write: impl FnOnce(&mut Writer)) -> CustomExtension {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, write);
    let arcs: Vec<u64> = id.to_string().split('.').filter_map(|arc| arc.parse().ok()).collect();
    CustomExtension::from_oid_content(&arcs, writer.into_der())
}
