//! Reading certificates: what is typed, and what is refused with which words.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests, where a failure is a panic")]

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType, SerialNumber,
};
use wathiqa::crypto::{KeyKind, SignatureAlgorithm};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::der::{Reader, Tag, Writer};
use wathiqa::oid;
use wathiqa::x509::{Certificate, Criticality, GeneralName, KeyUsageBit, certificates_from_pem};

fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "SY");
    params.distinguished_name.push(DnType::OrganizationName, "وزارة العدل");
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2050, 1, 1);
    params.serial_number = Some(SerialNumber::from_slice(&[0x01, 0x80]));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(3));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::TimeStamping];
    params.subject_alt_names = vec![SanType::Rfc822Name("registrar@example.gov".try_into().unwrap())];
    params
}

fn make(params: &CertificateParams) -> Vec<u8> {
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
}

/// The elements of a constructed value.
fn elements(der: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = Reader::new(der).read_any().unwrap().reader();
    let mut elements = Vec::new();
    while !reader.is_empty() {
        elements.push(reader.read_any().unwrap().as_der().to_vec());
    }
    elements
}

fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    value(Tag::SEQUENCE, &elements.concat())
}

fn value(tag: Tag, contents: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.value(tag, contents);
    writer.into_der()
}

/// The certificate with the components of its `tbsCertificate` changed.
fn with_tbs(der: &[u8], change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut outer = elements(der);
    let mut tbs = elements(&outer[0]);
    change(&mut tbs);
    outer[0] = sequence(&tbs);
    sequence(&outer)
}

/// The certificate with its extensions changed.
fn with_extensions(der: &[u8], change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    with_tbs(der, |tbs| {
        let last = tbs.len() - 1;
        let mut extensions = elements(&elements(&tbs[last])[0]);
        change(&mut extensions);
        tbs[last] = value(Tag::context_constructed(3), &sequence(&extensions));
    })
}

fn pem(label: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(label, der))
}

fn refusal(der: &[u8]) -> (String, &'static str) {
    let error = Certificate::from_der(der).unwrap_err();
    (error.to_string(), error.code())
}

#[test]
fn everything_a_certificate_says_can_be_read() {
    let der = make(&params());
    let certificate = Certificate::from_der(&der).unwrap();
    assert_eq!(certificate.as_der(), der);
    assert_eq!(certificate.tbs_der(), elements(&der)[0]);
    assert_eq!(certificate.signature_algorithm_der(), elements(&der)[1]);
    assert_eq!(certificate.signature_algorithm(), Ok(SignatureAlgorithm::EcdsaSha256));
    assert_eq!(certificate.public_key().kind(), &KeyKind::P256);
    assert!(
        certificate
            .public_key()
            .verify(SignatureAlgorithm::EcdsaSha256, certificate.tbs_der(), certificate.signature_value())
            .is_ok()
    );
    assert_eq!(certificate.serial_number(), [0x01, 0x80]);
    assert_eq!(certificate.subject().to_string(), "O=وزارة العدل,C=SY");
    assert!(certificate.is_self_issued());
    assert_eq!(certificate.validity().not_before().to_string(), "2025-01-01T00:00:00Z");
    assert_eq!(certificate.validity().not_after().to_string(), "2050-01-01T00:00:00Z");
    let basic = certificate.basic_constraints().unwrap();
    assert_eq!((basic.is_ca(), basic.path_len_constraint()), (true, Some(3)));
    let usage = certificate.key_usage().unwrap();
    assert_eq!(usage.to_string(), "keyCertSign, cRLSign");
    assert!(usage.allows(KeyUsageBit::CrlSign) && !usage.allows(KeyUsageBit::DigitalSignature));
    let purposes = certificate.ext_key_usage().unwrap();
    assert!(purposes.contains(&oid::KP_TIME_STAMPING) && purposes.criticality() == Criticality::NonCritical);
    assert_eq!(purposes.to_string(), "timeStamping");
    assert!(certificate.subject_key_identifier().is_some() && certificate.authority_key_identifier().is_none());
    assert!(
        matches!(certificate.subject_alt_name(), [GeneralName::Rfc822Name(name)] if &**name == "registrar@example.gov")
    );
    assert_eq!(certificate.extension(&oid::CE_KEY_USAGE).unwrap().criticality(), Criticality::Critical);
    assert!(certificate.extension(&oid::CE_CERTIFICATE_POLICIES).is_none());
    assert_eq!(certificate.digest(DigestAlgorithm::Sha256), DigestAlgorithm::Sha256.digest(&der));
}

#[test]
fn one_certificate_has_one_octet_string() {
    let der = make(&params());
    let mut trailing = der.clone();
    trailing.push(0);
    assert_eq!(
        refusal(&trailing),
        (format!("certificate: DER at octet {}: 1 trailing octets", der.len()), "der-trailing")
    );
    assert_eq!(refusal(&der[..der.len() - 1]).1, "der-truncated");
    let extra = |tbs: &mut Vec<Vec<u8>>| tbs.push(vec![0x05, 0x00]);
    assert_eq!(refusal(&with_tbs(&der, extra)).1, "der-trailing");
    let mut outer = elements(&der);
    outer.push(vec![0x05, 0x00]);
    assert_eq!(refusal(&sequence(&outer)).1, "der-trailing");
    // The serial number as [2], which `x509-parser` reads as a serial number.
    assert_eq!(
        refusal(&with_tbs(&der, |tbs| tbs[1] = vec![0x82, 0x01, 0x01])).0,
        "certificate: DER at octet 13: expected INTEGER, found [2]"
    );
    // A number has one encoding (X.690 §8.3.2).
    for redundant in [[0x00, 0x01], [0xff, 0x80]] {
        assert_eq!(
            refusal(&with_tbs(&der, |tbs| tbs[1] = value(Tag::INTEGER, &redundant))).0,
            "certificate: DER at octet 15: INTEGER has a redundant first octet"
        );
    }
    let v1 = value(Tag::context_constructed(0), &[0x02, 0x01, 0x00]);
    assert_eq!(refusal(&with_tbs(&der, |tbs| tbs[0] = v1)).1, "der-default-encoded");
    let v4 = value(Tag::context_constructed(0), &[0x02, 0x01, 0x03]);
    assert_eq!(refusal(&with_tbs(&der, |tbs| tbs[0] = v4)).1, "der-integer-range");
    let offset = sequence(&[value(Tag::UTC_TIME, b"250101000000+0300"), value(Tag::UTC_TIME, b"260101000000Z")]);
    assert_eq!(refusal(&with_tbs(&der, |tbs| tbs[4] = offset)).1, "der-time-form");
    let empty = value(Tag::context_constructed(3), &sequence(&[]));
    assert_eq!(refusal(&with_tbs(&der, |tbs| *tbs.last_mut().unwrap() = empty)).1, "der-missing");
}

#[test]
fn what_contradicts_rfc_5280_section_4_1_is_refused() {
    let der = make(&params());
    let backwards = sequence(&[value(Tag::UTC_TIME, b"260101000000Z"), value(Tag::UTC_TIME, b"250101000000Z")]);
    assert_eq!(
        refusal(&with_tbs(&der, |tbs| tbs[4] = backwards)).0,
        "certificate: period: ends 2025-01-01T00:00:00Z, before it starts 2026-01-01T00:00:00Z"
    );
    assert_eq!(
        refusal(&with_tbs(&der, |tbs| drop(tbs.remove(0)))).0,
        "certificate: extensions in a certificate of version 1"
    );
    let unique = |tbs: &mut Vec<Vec<u8>>| {
        tbs.remove(0);
        *tbs.last_mut().unwrap() = value(Tag::context(1), &[0x00, 0x01]);
    };
    assert_eq!(refusal(&with_tbs(&der, unique)).0, "certificate: a unique identifier in a certificate of version 1");
    let mut outer = elements(&der);
    outer[1] = SignatureAlgorithm::EcdsaSha384.algorithm_identifier_der().to_vec();
    assert_eq!(
        refusal(&sequence(&outer)).0,
        "certificate: the algorithm that was signed is not the algorithm beside the signature"
    );
    let mut unfinished = elements(&der);
    unfinished[2] = value(Tag::BIT_STRING, &[1, 0x80]);
    assert_eq!(refusal(&sequence(&unfinished)).1, "der-bit-string-not-octets");
}

#[test]
fn what_an_issuer_must_not_write_is_not_a_reason_to_refuse_reading() {
    let der = make(&params());
    for serial in [&[0x00][..], &[0xff], &[0x7f; 24]] {
        let read = Certificate::from_der(&with_tbs(&der, |tbs| tbs[1] = value(Tag::INTEGER, serial))).unwrap();
        assert_eq!(read.serial_number(), serial);
    }
    let nameless = Certificate::from_der(&with_tbs(&der, |tbs| tbs[3] = sequence(&[]))).unwrap();
    assert!(nameless.issuer().is_empty());
    // The algorithm is one this crate does not have, and the certificate can still be shown.
    let dsa = sequence(&[value(Tag::OBJECT_IDENTIFIER, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02])]);
    let mut outer = elements(&with_tbs(&der, |tbs| tbs[2] = dsa.clone()));
    outer[1] = dsa;
    assert!(Certificate::from_der(&sequence(&outer)).unwrap().signature_algorithm().is_err());
}

#[test]
fn extensions_come_once_and_in_their_form() {
    let with_extension = |contents: &[u8], value: &[u8]| {
        let mut params = params();
        params.key_usages.clear();
        params.subject_alt_names.clear();
        params.is_ca = IsCa::NoCa;
        let arcs: Vec<u64> =
            std::iter::once(2).chain([5, 29]).chain(contents.iter().map(|arc| u64::from(*arc))).collect();
        params.custom_extensions = vec![CustomExtension::from_oid_content(&arcs, value.to_vec())];
        make(&params)
    };
    let extension = |contents: &[u8], value: &[u8]| refusal(&with_extension(contents, value)).0;
    let key_usage = |value: &[u8]| extension(&[15], value);
    assert_eq!(
        key_usage(&[0x03, 0x02, 0x00, 0x80]),
        "certificate: extension 2.5.29.15: DER at octet 2: BIT STRING of named bits ends in bits that are not set"
    );
    assert_eq!(
        key_usage(&[0x03, 0x02, 0x07, 0x80, 0x00]),
        "certificate: extension 2.5.29.15: DER at octet 4: 1 trailing octets"
    );
    assert_eq!(
        extension(&[19], &[0x30, 0x03, 0x01, 0x01, 0x00]),
        "certificate: extension 2.5.29.19: DER at octet 4: a component that equals its default is encoded"
    );
    assert_eq!(
        extension(&[19], &[0x30, 0x06, 0x01, 0x01, 0xff, 0x02, 0x01, 0xff]),
        "certificate: extension 2.5.29.19: DER at octet 7: INTEGER is not in the range 0 to 18446744073709551615"
    );
    // subjectAltName may name nobody; an empty SEQUENCE is still one.
    let nobody = Certificate::from_der(&with_extension(&[17], &[0x30, 0x00])).unwrap();
    assert!(nobody.subject_alt_name().is_empty());
    assert_eq!(
        extension(&[17], &[0x31, 0x00]),
        "certificate: extension 2.5.29.17: DER at octet 0: expected SEQUENCE, found SET"
    );
    assert_eq!(
        extension(&[17], &[0x30, 0x03, 0x82, 0x01, 0xe9]),
        "certificate: extension 2.5.29.17: name: IA5String at octet 4 has octets that are not of that type"
    );
    assert_eq!(
        extension(&[17], &[0x30, 0x02, 0x8f, 0x00]),
        "certificate: extension 2.5.29.17: DER at octet 2: [15] is none of the alternatives"
    );

    let der = make(&params());
    let twice = with_extensions(&der, |extensions| extensions.push(extensions[0].clone()));
    let (message, code) = refusal(&twice);
    assert!(message.starts_with("certificate: extension 2.5.29.") && message.ends_with(" comes twice"), "{message}");
    assert_eq!(code, "certificate-duplicate-extension");
    let explicit = with_extensions(&der, |extensions| {
        let mut fields = elements(&extensions[0]);
        fields.insert(1, vec![0x01, 0x01, 0x00]);
        extensions[0] = sequence(&fields);
    });
    assert_eq!(refusal(&explicit).1, "der-default-encoded");
}

#[test]
fn pem_holds_certificates_and_nothing_else() {
    let key = KeyPair::generate().unwrap();
    let one = pem("CERTIFICATE", params().self_signed(&key).unwrap().der());
    assert_eq!(certificates_from_pem(&format!("Root of 2025\n{one}\nand again\n{one}")).unwrap().len(), 2);
    assert_eq!(Certificate::from_pem(&one).unwrap(), certificates_from_pem(&one).unwrap()[0]);
    let message = |text: &str| Certificate::from_pem(text).unwrap_err().to_string();
    assert_eq!(message(&format!("{one}{one}")), "PEM: 2 certificates, expected one");
    assert_eq!(message("no block"), "PEM: no block \"-----BEGIN CERTIFICATE-----\"");
    assert_eq!(
        message(&format!("{one}{}", pem("PRIVATE KEY", &key.serialize_der()))),
        "PEM: block 2 is labelled \"PRIVATE KEY\", expected \"CERTIFICATE\""
    );
    assert_eq!(message(&format!("{one}{}", &one[..40])), "PEM: a block is not finished");
    let broken = one.replacen("MII", "MI", 1);
    assert_eq!(Certificate::from_pem(&broken).unwrap_err().code(), "pem-malformed");
}
