//! Revocation: what CRLs and OCSP responses say of a certificate at a time, and in which words.

#![expect(clippy::unwrap_used, reason = "helpers of tests, where a failure is a panic")]

use std::sync::LazyLock;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, SerialNumber, SigningKey,
};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::SignatureAlgorithm;
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::der::{Reader, Tag, Writer};
use wathiqa::oid::{self, Oid};
use wathiqa::time::Instant;
use wathiqa::x509::crl::{Crl, RevocationReason};
use wathiqa::x509::ocsp::{self, CertId, OcspError, OcspInputs, OcspRejection, OcspRequest, OcspResponse, Responder};
use wathiqa::x509::path::{self, PathInputs, PathSettings, Purpose, RevocationOutcome, RevocationPolicy};
use wathiqa::x509::revocation::{
    self, CertificateIssuer, DelegateRevocation, Evidence, Freshness, RevocationEvidence, RevocationInputs,
    RevocationScope, RevocationSettings, RevocationStatus, UnknownRevocation,
};
use wathiqa::x509::{Certificate, Name, TrustAnchor, TrustStore};

const NOW: &str = "2025-06-02T00:00:00Z";

/// A subject that can sign: its name, its key, its certificate.
struct Subject {
    params: CertificateParams,
    key: KeyPair,
    certificate: Certificate,
    anchor: TrustAnchor,
}

impl Subject {
    fn root(name: &str) -> Self {
        let (params, key) = (authority(name), KeyPair::generate().unwrap());
        let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
        Self { params, key, anchor: TrustAnchor::from_certificate(certificate.clone()), certificate }
    }

    fn issue(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = Certificate::from_der(params.signed_by(&key, &issuer).unwrap().der()).unwrap();
        Self { params, key, anchor: TrustAnchor::from_certificate(certificate.clone()), certificate }
    }

    fn leaf(&self) -> Certificate {
        self.issue(end_entity("Registrar")).certificate
    }

    fn name(&self) -> &Name {
        self.certificate.subject()
    }
}

fn end_entity(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2026, 1, 1);
    params.serial_number = Some(SerialNumber::from_slice(&[0x10, 0x02]));
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = end_entity(name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn with(mut params: CertificateParams, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    change(&mut params);
    params
}

type Write<'a> = &'a dyn Fn(&mut Writer);

/// A CRL to be signed.
struct List<'a> {
    this_update: &'a str,
    next_update: Option<&'a str>,
    entries: &'a [Entry<'a>],
    extensions: &'a [(Oid, bool, Write<'a>)],
}

#[derive(Clone, Copy)]
struct Entry<'a> {
    serial: &'a [u8],
    date: &'a str,
    reason: Option<u8>,
    extensions: &'a [(Oid, bool, Write<'a>)],
}

const LISTED: Entry<'_> = Entry { serial: &[0x10, 0x02], date: "20250301000000Z", reason: Some(1), extensions: &[] };

impl Default for List<'_> {
    fn default() -> Self {
        let (this_update, next_update) = ("20250601000000Z", Some("20250608000000Z"));
        Self { this_update, next_update, entries: &[], extensions: &[] }
    }
}

impl List<'_> {
    fn by(&self, signer: &Subject) -> Crl {
        self.named(signer.name(), signer)
    }

    fn named(&self, issuer: &Name, signer: &Subject) -> Crl {
        let der = signed(signer, |tbs| {
            tbs.unsigned(1);
            tbs.encoded(SignatureAlgorithm::EcdsaSha256.algorithm_identifier_der());
            tbs.encoded(issuer.as_der());
            tbs.value(Tag::GENERALIZED_TIME, self.this_update.as_bytes());
            self.next_update.into_iter().for_each(|time| tbs.value(Tag::GENERALIZED_TIME, time.as_bytes()));
            if !self.entries.is_empty() {
                tbs.constructed(Tag::SEQUENCE, |list| self.entries.iter().for_each(|entry| entry.write(list)));
            }
            if !self.extensions.is_empty() {
                tbs.constructed(Tag::context_constructed(0), |explicit| write_extensions(explicit, self.extensions));
            }
        });
        Crl::from_der(&der, &Limits::default()).unwrap()
    }
}

impl Entry<'_> {
    fn write(&self, list: &mut Writer) {
        list.constructed(Tag::SEQUENCE, |entry| {
            entry.value(Tag::INTEGER, self.serial);
            entry.value(Tag::GENERALIZED_TIME, self.date.as_bytes());
            let reason = self.reason.unwrap_or_default();
            let write_reason = |value: &mut Writer| value.value(Tag::ENUMERATED, &[reason]);
            let mut extensions = self.extensions.to_vec();
            if self.reason.is_some() {
                extensions.push((oid::CE_CRL_REASON, false, &write_reason));
            }
            if !extensions.is_empty() {
                write_extensions(entry, &extensions);
            }
        });
    }
}

fn write_extensions(writer: &mut Writer, extensions: &[(Oid, bool, Write<'_>)]) {
    writer.constructed(Tag::SEQUENCE, |list| {
        for (id, is_critical, write) in extensions {
            list.constructed(Tag::SEQUENCE, |extension| {
                extension.oid(id);
                if *is_critical {
                    extension.boolean_true();
                }
                let mut value = Writer::new();
                write(&mut value);
                extension.octet_string(&value.into_der());
            });
        }
    });
}

/// `SEQUENCE { tbs SEQUENCE, ecdsa-with-SHA256, signature }`.
fn signed(signer: &Subject, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    signed_with(signer, write, |_| {})
}

fn signed_with(signer: &Subject, write: impl FnOnce(&mut Writer), write_after: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut tbs = Writer::new();
    tbs.constructed(Tag::SEQUENCE, write);
    let tbs = tbs.into_der();
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |whole| {
        whole.encoded(&tbs);
        whole.encoded(SignatureAlgorithm::EcdsaSha256.algorithm_identifier_der());
        whole.value(Tag::BIT_STRING, &[&[0][..], &signer.key.sign(&tbs).unwrap()].concat());
        write_after(whole);
    });
    writer.into_der()
}

/// An OCSP response to be signed.
struct Answer<'a> {
    certificate: &'a Certificate,
    issuer: &'a Subject,
    status: Write<'a>,
    produced_at: &'a str,
    this_update: &'a str,
    next_update: Option<&'a str>,
    digest: DigestAlgorithm,
    single_extensions: &'a [(Oid, bool, Write<'a>)],
    extensions: &'a [(Oid, bool, Write<'a>)],
    certificates: &'a [&'a Certificate],
}

const GOOD: Write<'_> = &|single| single.value(Tag::context(0), &[]);
const REVOKED: Write<'_> = &|single| {
    single.constructed(Tag::context_constructed(1), |info| {
        info.value(Tag::GENERALIZED_TIME, b"20250301000000Z");
        info.constructed(Tag::context_constructed(0), |reason| reason.value(Tag::ENUMERATED, &[4]));
    });
};
const UNKNOWN: Write<'_> = &|single| single.value(Tag::context(2), &[]);

impl<'a> Answer<'a> {
    fn about(certificate: &'a Certificate, issuer: &'a Subject, status: Write<'a>) -> Self {
        Self {
            certificate,
            issuer,
            status,
            produced_at: "20250601000000Z",
            this_update: "20250601000000Z",
            next_update: Some("20250608000000Z"),
            digest: DigestAlgorithm::Sha256,
            single_extensions: &[],
            extensions: &[],
            certificates: &[],
        }
    }

    fn by(&self, signer: &Subject) -> OcspResponse {
        OcspResponse::from_der(&self.der(signer), &Limits::default()).unwrap()
    }

    fn der(&self, signer: &Subject) -> Vec<u8> {
        let id = OcspRequest::new(CertId::new(self.digest, self.certificate, self.issuer.certificate.public_key()));
        let id = cert_id(&id.to_der());
        let basic = signed_with(
            signer,
            |data| {
                data.constructed(Tag::context_constructed(1), |by_name| by_name.encoded(signer.name().as_der()));
                data.value(Tag::GENERALIZED_TIME, self.produced_at.as_bytes());
                data.constructed(Tag::SEQUENCE, |list| {
                    list.constructed(Tag::SEQUENCE, |single| {
                        single.encoded(&id);
                        (self.status)(single);
                        single.value(Tag::GENERALIZED_TIME, self.this_update.as_bytes());
                        if let Some(next_update) = self.next_update {
                            single.constructed(Tag::context_constructed(0), |explicit| {
                                explicit.value(Tag::GENERALIZED_TIME, next_update.as_bytes());
                            });
                        }
                        if !self.single_extensions.is_empty() {
                            single.constructed(Tag::context_constructed(1), |explicit| {
                                write_extensions(explicit, self.single_extensions);
                            });
                        }
                    });
                });
                if !self.extensions.is_empty() {
                    data.constructed(Tag::context_constructed(1), |explicit| {
                        write_extensions(explicit, self.extensions);
                    });
                }
            },
            |basic| {
                if !self.certificates.is_empty() {
                    basic.constructed(Tag::context_constructed(0), |explicit| {
                        explicit.constructed(Tag::SEQUENCE, |list| {
                            self.certificates.iter().for_each(|certificate| list.encoded(certificate.as_der()));
                        });
                    });
                }
            },
        );
        successful(&basic)
    }
}

fn successful(basic: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |response| {
        response.value(Tag::ENUMERATED, &[0]);
        response.constructed(Tag::context_constructed(0), |explicit| {
            explicit.constructed(Tag::SEQUENCE, |octets| {
                octets.oid(&oid::PKIX_OCSP_BASIC);
                octets.octet_string(basic);
            });
        });
    });
    writer.into_der()
}

/// The CertID of a request for one certificate.
fn cert_id(request: &[u8]) -> Vec<u8> {
    let mut inner = Reader::new(request);
    for _ in 0..4 {
        inner = inner.read(Tag::SEQUENCE).unwrap().reader();
    }
    inner.remaining().to_vec()
}

fn at(time: &str) -> Instant {
    time.parse().unwrap()
}

fn evidence(crls: &[&Crl], responses: &[&OcspResponse]) -> RevocationEvidence {
    let crls = crls.iter().map(|crl| (*crl).clone()).collect();
    RevocationEvidence::new(crls, responses.iter().map(|response| (*response).clone()).collect())
}

/// Judges `certificate`, issued by the anchor `root`, now, by the default settings.
fn judge(certificate: &Certificate, root: &Subject, evidence: &RevocationEvidence) -> RevocationStatus {
    judge_with(certificate, root, evidence, &RevocationSettings::default(), |_| {})
}

fn judge_with<'a>(
    certificate: &Certificate,
    root: &'a Subject,
    evidence: &'a RevocationEvidence,
    settings: &'a RevocationSettings,
    change: impl FnOnce(&mut RevocationInputs<'a>),
) -> RevocationStatus {
    let anchor = &root.anchor;
    let mut inputs = RevocationInputs::new(evidence, anchor, at(NOW), settings);
    change(&mut inputs);
    revocation::check(certificate, anchor.into(), &inputs, &mut Budget::new(&Limits::default()))
}

fn said(certificate: &Certificate, root: &Subject, crls: &[&Crl]) -> String {
    judge(certificate, root, &evidence(crls, &[])).to_string()
}

#[test]
fn a_list_that_is_current_tells() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let empty = List::default().by(&root);
    let status = judge(&leaf, &root, &evidence(&[&empty], &[]));
    let RevocationStatus::NotRevoked(proof) = &status else { panic!("{status}") };
    assert_eq!((proof.at(), proof.evidence()), (at(NOW), &[Evidence::Crl(empty)][..]));
    assert_eq!((status.to_string().as_str(), status.code()), ("not revoked at 2025-06-02T00:00:00Z", "not-revoked"));

    let listing = List { entries: &[LISTED], ..List::default() }.by(&root);
    let status = judge(&leaf, &root, &evidence(&[&listing], &[]));
    let RevocationStatus::Revoked(revoked) = &status else { panic!("{status}") };
    assert_eq!(revoked.reason(), Some(RevocationReason::KeyCompromise));
    assert_eq!(revoked.evidence(), &Evidence::Crl(listing));
    assert_eq!(status.to_string(), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
}

#[test]
fn a_list_that_does_not_tell_says_why() {
    let (root, stranger) = (Subject::root("Root"), Subject::root("Stranger"));
    let leaf = root.leaf();
    let prefix = |this_update: &str, reason: &str| {
        format!("revocation unknown: CRL of \"CN=Root\" issued {this_update}: {reason}")
    };
    let issued = "2025-06-01T00:00:00Z";
    assert_eq!(said(&leaf, &root, &[]), "revocation unknown: no CRL and no OCSP response is about it");
    let another = List::default().by(&stranger);
    assert_eq!(said(&leaf, &root, &[&another]), "revocation unknown: no CRL and no OCSP response is about it");
    let forged = List::default().named(root.name(), &stranger);
    let reason = "signature: does not fit the message and the key";
    assert_eq!(said(&leaf, &root, &[&forged]), prefix(issued, reason));
    let stale = List { next_update: Some("20250602000000Z"), ..List::default() }.by(&root);
    let reason = "stale: newer was due on 2025-06-02T00:00:00Z, asked for 2025-06-02T00:00:00Z";
    assert_eq!(said(&leaf, &root, &[&stale]), prefix(issued, reason));
    let future = List { this_update: "20250602000001Z", ..List::default() }.by(&root);
    let reason = "issued 2025-06-02T00:00:01Z, after 2025-06-02T00:00:00Z, when it was at hand";
    assert_eq!(said(&leaf, &root, &[&future]), prefix("2025-06-02T00:00:01Z", reason));
    let endless = List { next_update: None, ..List::default() }.by(&root);
    let reason = "it does not say when newer is due, and no maximum age is set";
    assert_eq!(said(&leaf, &root, &[&endless]), prefix(issued, reason));
    let unknown: Oid = "1.3.6.1.4.1.55555.9".parse().unwrap();
    let null: Write<'_> = &|value| value.value(Tag::NULL, &[]);
    let critical = List { extensions: &[(unknown, true, null)], ..List::default() }.by(&root);
    let reason = "critical extension 1.3.6.1.4.1.55555.9 is not processed";
    assert_eq!(said(&leaf, &root, &[&critical]), prefix(issued, reason));
    // All of them are named, and none stands in the way of one that tells.
    assert_eq!(said(&leaf, &root, &[&stale, &endless]).matches("CRL of").count(), 2);
    let good = List { this_update: "20250531000000Z", ..List::default() }.by(&root);
    assert_eq!(said(&leaf, &root, &[&stale, &forged, &good, &critical]), "not revoked at 2025-06-02T00:00:00Z");
}

#[test]
fn the_newer_list_of_a_scope_counts() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let hold = Entry { reason: Some(6), ..LISTED };
    let held = List { entries: &[hold], this_update: "20250530000000Z", ..List::default() }.by(&root);
    let released = List::default().by(&root);
    assert_eq!(said(&leaf, &root, &[&held, &released]), "not revoked at 2025-06-02T00:00:00Z");
    let held_again = List { entries: &[hold], this_update: "20250601000001Z", ..List::default() }.by(&root);
    assert_eq!(said(&leaf, &root, &[&held_again, &released]), "revoked 2025-03-01T00:00:00Z (certificateHold)");
}

#[test]
fn a_past_time_is_known_better_by_later_lists() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let asked = |crl: &Crl, known_at: &str| {
        judge_with(&leaf, &root, &evidence(&[crl], &[]), &RevocationSettings::default(), |inputs| {
            inputs.at = at("2025-02-01T00:00:00Z");
            inputs.known_at = at(known_at);
        })
        .to_string()
    };
    let listing = List { entries: &[LISTED], ..List::default() }.by(&root);
    assert_eq!(asked(&listing, "2025-06-02T00:00:00Z"), "not revoked at 2025-02-01T00:00:00Z");
    // Not at hand yet.
    assert!(asked(&listing, "2025-05-31T00:00:00Z").contains("when it was at hand"));
    // The key was in other hands before: the certificate was no good at the time, though not revoked yet.
    let invalid: Write<'_> = &|value| value.value(Tag::GENERALIZED_TIME, b"20250115000000Z");
    let invalidity = Entry { extensions: &[(oid::CE_INVALIDITY_DATE, false, invalid)], ..LISTED };
    let compromised = List { entries: &[invalidity], ..List::default() }.by(&root);
    assert_eq!(
        asked(&compromised, "2025-06-02T00:00:00Z"),
        "revoked 2025-03-01T00:00:00Z (keyCompromise), invalid since 2025-01-15T00:00:00Z"
    );
    // A date that was to come when the list was issued is no reason to trust until then.
    let announced = Entry { date: "20250801000000Z", ..LISTED };
    let announcing = List { entries: &[announced], ..List::default() }.by(&root);
    assert!(asked(&announcing, "2025-06-02T00:00:00Z").starts_with("revoked 2025-08-01"));
}

#[test]
fn a_list_that_drops_expired_certificates_does_not_tell_of_them() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let later = |extensions: &[(Oid, bool, Write<'_>)]| {
        let list =
            List { this_update: "20260201000000Z", next_update: Some("20260208000000Z"), entries: &[], extensions };
        let list = list.by(&root);
        judge_with(&leaf, &root, &evidence(&[&list], &[]), &RevocationSettings::default(), |inputs| {
            inputs.known_at = at("2026-02-02T00:00:00Z");
        })
        .to_string()
    };
    assert_eq!(
        later(&[]),
        "revocation unknown: CRL of \"CN=Root\" issued 2026-02-01T00:00:00Z: issued when the certificate had expired on \
         2026-01-01T00:00:00Z, and expired certificates are not kept on it"
    );
    let since: Write<'_> = &|value| value.value(Tag::GENERALIZED_TIME, b"20260101000000Z");
    assert_eq!(later(&[(oid::CE_EXPIRED_CERTS_ON_CRL, false, since)]), "not revoked at 2025-06-02T00:00:00Z");
    let too_late: Write<'_> = &|value| value.value(Tag::GENERALIZED_TIME, b"20260101000001Z");
    assert!(later(&[(oid::CE_EXPIRED_CERTS_ON_CRL, false, too_late)]).contains("are not kept on it"));
}

#[test]
fn a_delta_counts_only_between_its_base_and_the_next_complete_list() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let numbered = |number: u64, base: Option<u64>, entries: &[Entry<'_>], next_update: &str| {
        let write_number: Write<'_> = &|value| value.unsigned(number);
        let write_base: Write<'_> = &|value| value.unsigned(base.unwrap_or_default());
        let mut extensions = vec![(oid::CE_CRL_NUMBER, false, write_number)];
        if base.is_some() {
            extensions.push((oid::CE_DELTA_CRL_INDICATOR, true, write_base));
        }
        let list = List { next_update: Some(next_update), entries, extensions: &extensions, ..List::default() };
        list.by(&root)
    };
    let (current, past) = ("20250608000000Z", "20250601120000Z");
    let hold = Entry { reason: Some(6), ..LISTED };
    let release = Entry { reason: Some(8), ..LISTED };
    let (good, held) = (numbered(10, None, &[], current), numbered(10, None, &[hold], current));
    let (adds, removes) = (numbered(11, Some(10), &[LISTED], current), numbered(11, Some(10), &[release], current));
    let not_revoked = "not revoked at 2025-06-02T00:00:00Z";
    let revoked = "revoked 2025-03-01T00:00:00Z (keyCompromise)";
    let on_hold = "revoked 2025-03-01T00:00:00Z (certificateHold)";
    assert_eq!(said(&leaf, &root, &[&good, &adds]), revoked);
    assert_eq!(said(&leaf, &root, &[&held, &removes]), not_revoked);
    // Alone it says nothing.
    assert!(said(&leaf, &root, &[&adds]).starts_with("revocation unknown"));
    assert!(said(&leaf, &root, &[&removes]).starts_with("revocation unknown"));
    // It starts from a later list, comes before this one, is stale, or by another key.
    let base_too_late = numbered(12, Some(11), &[release], current);
    assert_eq!(said(&leaf, &root, &[&held, &base_too_late]), on_hold);
    let older = numbered(10, Some(9), &[release], current);
    assert_eq!(said(&leaf, &root, &[&held, &older]), on_hold);
    let stale = numbered(11, Some(10), &[release], past);
    assert_eq!(said(&leaf, &root, &[&held, &stale]), on_hold);
    // A complete list that is stale is carried on by a delta that is not.
    let stale_held = numbered(10, None, &[hold], past);
    assert!(said(&leaf, &root, &[&stale_held]).contains("stale"));
    assert_eq!(said(&leaf, &root, &[&stale_held, &removes]), not_revoked);
    // A forged delta hides no other.
    let homonym = Subject::root("Root");
    let forged = {
        let (number, base): (Write<'_>, Write<'_>) = (&|value| value.unsigned(12), &|value| value.unsigned(10));
        let extensions = [(oid::CE_CRL_NUMBER, false, number), (oid::CE_DELTA_CRL_INDICATOR, true, base)];
        List { this_update: "20250601000001Z", extensions: &extensions, ..List::default() }.by(&homonym)
    };
    assert_eq!(said(&leaf, &root, &[&good, &forged, &adds]), revoked);
    assert_eq!(said(&leaf, &root, &[&good, &forged]), not_revoked);
    let status = judge(&leaf, &root, &evidence(&[&held, &removes], &[]));
    let RevocationStatus::NotRevoked(proof) = status else { panic!("{status}") };
    assert_eq!(proof.evidence(), [Evidence::Crl(held), Evidence::Crl(removes)]);
}

#[test]
fn partitions_by_reason_must_cover_all_reasons() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let partition = |bits: &'static [u8]| {
        let scope: Write<'_> = &move |value| {
            value.constructed(Tag::SEQUENCE, |fields| fields.value(Tag::context(3), bits));
        };
        let extensions = [(oid::CE_ISSUING_DISTRIBUTION_POINT, true, scope)];
        List { extensions: &extensions, ..List::default() }.by(&root)
    };
    let (compromise, rest) = (partition(&[5, 0x60]), partition(&[7, 0x1f, 0x80]));
    assert_eq!(
        said(&leaf, &root, &[&compromise]),
        "revocation unknown: no CRL covers the reasons affiliationChanged, superseded, cessationOfOperation, \
         certificateHold, privilegeWithdrawn, aACompromise"
    );
    assert_eq!(said(&leaf, &root, &[&compromise, &rest]), "not revoked at 2025-06-02T00:00:00Z");
}

#[test]
fn every_distribution_point_counts() {
    let root = Subject::root("Root");
    let points = |uris: &[&str]| {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |list| {
            for uri in uris {
                list.constructed(Tag::SEQUENCE, |point| write_point_name(point, uri));
            }
        });
        CustomExtension::from_oid_content(&[2, 5, 29, 31], writer.into_der())
    };
    let of = |extension: CustomExtension| {
        root.issue(with(end_entity("Registrar"), |params| params.custom_extensions = vec![extension])).certificate
    };
    let list = |uri: &'static str, entries: &[Entry<'_>]| {
        let scope: Write<'_> = &move |value| value.constructed(Tag::SEQUENCE, |scope| write_point_name(scope, uri));
        let extensions = [(oid::CE_ISSUING_DISTRIBUTION_POINT, true, scope)];
        List { entries, extensions: &extensions, ..List::default() }.by(&root)
    };
    let two = of(points(&["http://a/1.crl", "http://a/2.crl"]));
    let (first, second) = (list("http://a/1.crl", &[]), list("http://a/2.crl", &[LISTED]));
    assert_eq!(said(&two, &root, &[&second]), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
    assert_eq!(said(&two, &root, &[&first]), "not revoked at 2025-06-02T00:00:00Z");
    // That the first covers all reasons does not keep the second from being read, in either order.
    assert_eq!(said(&two, &root, &[&first, &second]), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
    assert_eq!(said(&two, &root, &[&second, &first]), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
    let another = of(points(&["http://a/3.crl"]));
    assert_eq!(
        said(&another, &root, &[&first]),
        "revocation unknown: CRL of \"CN=Root\" issued 2025-06-01T00:00:00Z: it is for another distribution point than \
         the certificate's"
    );
    let malformed = of(CustomExtension::from_oid_content(&[2, 5, 29, 31], vec![0x30, 0x00]));
    assert_eq!(
        said(&malformed, &root, &[&first]),
        "revocation unknown: its distribution points cannot be read: CRL: DER at octet 2: expected SEQUENCE, found the end"
    );
}

fn write_point_name(fields: &mut Writer, uri: &str) {
    fields.constructed(Tag::context_constructed(0), |name| {
        name.constructed(Tag::context_constructed(0), |full_name| full_name.value(Tag::context(6), uri.as_bytes()));
    });
}

#[test]
fn the_issuer_of_a_list_may_sign_lists() {
    let root = Subject::root("Root");
    let ca = root.issue(with(authority("CA"), |params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign]));
    let lists = root.issue(with(end_entity("CA"), |params| params.key_usages = vec![KeyUsagePurpose::CrlSign]));
    let leaf = ca.leaf();
    let anchor = &root.anchor;
    let settings = RevocationSettings::default();
    let asked = |crls: &[&Crl], pool: &[Certificate]| {
        let evidence = evidence(crls, &[]);
        let mut inputs = RevocationInputs::new(&evidence, anchor, at(NOW), &settings);
        inputs.pool = pool;
        let issuer = CertificateIssuer::from(&ca.certificate);
        revocation::check(&leaf, issuer, &inputs, &mut Budget::new(&Limits::default())).to_string()
    };
    let unknown = |reason: &str| format!("revocation unknown: CRL of \"CN=CA\" issued 2025-06-01T00:00:00Z: {reason}");
    let by_ca = List::default().by(&ca);
    assert_eq!(asked(&[&by_ca], &[]), unknown("its issuer's keyUsage is keyCertSign, expected cRLSign among it"));
    // Another key under the name of the CA, for lists alone: its certificate is judged in turn.
    let (by_lists, of_root) = (List::default().by(&lists), List::default().by(&root));
    let pool = [lists.certificate.clone()];
    assert!(asked(&[&by_lists], &[]).contains("signature"));
    assert_eq!(
        asked(&[&by_lists], &pool),
        unknown("its issuer's certificate CN=CA: revocation unknown: no CRL and no OCSP response is about it")
    );
    assert_eq!(asked(&[&by_lists, &of_root], &pool), "not revoked at 2025-06-02T00:00:00Z");
    let of_root = List { entries: &[LISTED], ..List::default() }.by(&root);
    assert_eq!(
        asked(&[&by_lists, &of_root], &pool),
        unknown("its issuer's certificate CN=CA: revoked 2025-03-01T00:00:00Z (keyCompromise)")
    );
    // The same name under another anchor.
    let stranger = Subject::root("Stranger");
    let pretender = stranger.issue(authority("CA"));
    let by_pretender = List::default().by(&pretender);
    let pool = [pretender.certificate.clone()];
    assert_eq!(
        asked(&[&by_pretender], &pool),
        unknown(
            "its issuer has no path: certificate CN=CA: its issuer CN=Stranger is neither trusted nor among the \
             certificates given"
        )
    );
}

#[test]
fn another_key_of_the_anchor_signs_lists_only_when_it_is_given() {
    let (old, new) = (Subject::root("Root"), Subject::root("Root"));
    let leaf = old.leaf();
    let evidence = evidence(&[&List::default().by(&new)], &[]);
    let settings = RevocationSettings::default();
    assert!(judge(&leaf, &old, &evidence).to_string().contains("signature"));
    let others = [new.anchor.clone()];
    let status = judge_with(&leaf, &old, &evidence, &settings, |inputs| inputs.other_anchor_keys = &others);
    assert_eq!(status.to_string(), "not revoked at 2025-06-02T00:00:00Z");
    // A stranger among them is not the anchor.
    let stranger = Subject::root("Stranger");
    let forged = self::evidence(&[&List::default().named(old.name(), &stranger)], &[]);
    let others = [stranger.anchor.clone()];
    let status = judge_with(&leaf, &old, &forged, &settings, |inputs| inputs.other_anchor_keys = &others);
    assert!(status.to_string().contains("signature"));
}

#[test]
fn a_path_is_judged_from_the_anchor_down() {
    let root = Subject::root("Root");
    let ca = root.issue(authority("CA"));
    let path = [ca.leaf(), ca.certificate.clone()];
    let anchor = &root.anchor;
    let judged = |crls: &[&Crl], settings: &RevocationSettings| {
        let evidence = evidence(crls, &[]);
        let inputs = RevocationInputs::new(&evidence, anchor, at(NOW), settings);
        revocation::check_path(&path, &inputs, &mut Budget::new(&Limits::default()))
    };
    let (of_root, of_ca) = (List::default().by(&root), List::default().by(&ca));
    let hard = RevocationSettings::default();
    assert_eq!(judged(&[&of_root, &of_ca], &hard).unwrap().len(), 2);
    let error = judged(&[&of_ca], &hard).unwrap_err();
    assert_eq!(error.to_string(), "certificate CN=CA: revocation unknown: no CRL and no OCSP response is about it");
    assert_eq!(error.code(), "revocation-unknown");
    let mut soft = RevocationSettings::default();
    soft.unknown = UnknownRevocation::Allow;
    let statuses = judged(&[&of_ca], &soft).unwrap();
    assert_eq!(statuses.iter().map(RevocationStatus::code).collect::<Vec<_>>(), ["not-revoked", "revocation-unknown"]);
    let mut leaf_only = RevocationSettings::default();
    leaf_only.scope = RevocationScope::Leaf;
    assert_eq!(judged(&[&of_ca], &leaf_only).unwrap().len(), 1);
    // Softness lets nothing pass that is known to be revoked.
    let revoked_ca = List { entries: &[LISTED], ..List::default() }.by(&root);
    for settings in [&hard, &soft] {
        assert_eq!(
            judged(&[&revoked_ca, &of_ca], settings).unwrap_err().to_string(),
            "certificate CN=CA: revoked 2025-03-01T00:00:00Z (keyCompromise)"
        );
    }
}

#[test]
fn a_path_is_found_around_a_revoked_certificate_and_not_without_evidence() {
    let (root, other) = (Subject::root("Root"), Subject::root("Other"));
    let ca = root.issue(authority("CA"));
    let leaf = ca.leaf();
    // The same key of the CA, certified by the other root.
    let issuer = Issuer::from_params(&other.params, &other.key);
    let crossed = Certificate::from_der(ca.params.signed_by(&ca.key, &issuer).unwrap().der()).unwrap();
    let pool = [ca.certificate.clone(), crossed.clone()];
    let anchors: TrustStore = [root.anchor.clone(), other.anchor.clone()].into_iter().collect();
    let settings = PathSettings::new(Purpose::Any, RevocationPolicy::default());
    let found_in = |pool: &[Certificate], crls: &[&Crl], limits: &Limits| {
        let evidence = evidence(crls, &[]);
        let mut inputs = PathInputs::new(&leaf, &anchors, at(NOW), &settings);
        (inputs.pool, inputs.evidence) = (pool, Some(&evidence));
        path::build(&inputs, &mut Budget::new(limits))
    };
    let found = |crls: &[&Crl], limits: &Limits| found_in(&pool, crls, limits);
    let limits = Limits::default();
    assert_eq!(
        found(&[], &limits).unwrap_err().to_string(),
        "certificate CN=CA: revocation unknown: no CRL and no OCSP response is about it"
    );
    let (of_ca, of_other) = (List::default().by(&ca), List::default().by(&other));
    let revoked = List { entries: &[LISTED], ..List::default() }.by(&root);
    let path = found(&[&of_ca, &of_other, &revoked], &limits).unwrap();
    assert_eq!((&path.certificates()[1], path.anchor()), (&crossed, &other.anchor));
    let RevocationOutcome::Checked(statuses) = path.revocation() else { panic!("not checked") };
    assert!(statuses.iter().all(|status| matches!(status, RevocationStatus::NotRevoked(_))) && statuses.len() == 2);
    // That one is revoked tells more than that of the other nothing is known.
    for pool in [pool.clone(), [crossed, ca.certificate.clone()]] {
        let error = found_in(&pool, &[&of_ca, &revoked], &limits).unwrap_err();
        assert_eq!(error.to_string(), "certificate CN=CA: revoked 2025-03-01T00:00:00Z (keyCompromise)");
    }
    let mut limits = limits;
    limits.revocation_signatures = 0;
    assert_eq!(
        found(&[&List::default().by(&root), &List::default().by(&other)], &limits).unwrap_err().to_string(),
        "certificate CN=CA: limit reached: more than 0 signature checks of revocation evidence"
    );
}

#[test]
fn what_the_budget_does_not_cover_is_unknown() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let anchor = &root.anchor;
    let settings = RevocationSettings::default();
    let asked = |limits: &Limits| {
        let evidence = evidence(&[&List::default().by(&root)], &[]);
        let inputs = RevocationInputs::new(&evidence, anchor, at(NOW), &settings);
        revocation::check(&leaf, anchor.into(), &inputs, &mut Budget::new(limits)).to_string()
    };
    let mut limits = Limits::default();
    (limits.revocation_signatures, limits.revocation_candidates) = (1, 1);
    assert_eq!(asked(&limits), "not revoked at 2025-06-02T00:00:00Z");
    limits.revocation_candidates = 0;
    assert_eq!(asked(&limits), "revocation unknown: limit reached: more than 0 revocation lists tried");
    (limits.revocation_signatures, limits.revocation_candidates) = (0, 1);
    assert!(asked(&limits).ends_with("limit reached: more than 0 signature checks of revocation evidence"));
}

fn accept<'a>(
    response: &OcspResponse,
    certificate: &'a Certificate,
    issuer: &'a Subject,
    change: impl FnOnce(&mut OcspInputs<'a>),
) -> Result<ocsp::AcceptedStatus, OcspRejection> {
    static SETTINGS: LazyLock<RevocationSettings> = LazyLock::new(RevocationSettings::default);
    let settings = &*SETTINGS;
    let issuer = CertificateIssuer::from(&issuer.certificate);
    let mut inputs = OcspInputs::new(certificate, issuer, at(NOW), &settings.freshness, &settings.algorithms);
    change(&mut inputs);
    ocsp::accept(response, &inputs, &mut Budget::new(&Limits::default()))
}

fn rejection(response: &OcspResponse, certificate: &Certificate, issuer: &Subject) -> String {
    accept(response, certificate, issuer, |_| {}).unwrap_err().to_string()
}

#[test]
fn a_response_of_the_issuer_tells_by_any_digest() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    for digest in [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let good = Answer { digest, ..Answer::about(&leaf, &root, GOOD) }.by(&root);
        let accepted = accept(&good, &leaf, &root, |_| {}).unwrap();
        assert_eq!(accepted.responder(), &Responder::Issuer);
        let status = judge(&leaf, &root, &evidence(&[], &[&good]));
        let RevocationStatus::NotRevoked(proof) = &status else { panic!("{status}") };
        assert_eq!(proof.evidence(), [Evidence::OcspResponse(good)]);
    }
    let said = |status: Write<'_>| {
        judge(&leaf, &root, &evidence(&[], &[&Answer::about(&leaf, &root, status).by(&root)])).to_string()
    };
    assert_eq!(said(REVOKED), "revoked 2025-03-01T00:00:00Z (superseded)");
    assert_eq!(
        said(UNKNOWN),
        "revocation unknown: OCSP response signed 2025-06-01T00:00:00Z: the responder does not know the certificate"
    );
}

#[test]
fn a_response_that_does_not_tell_says_why() {
    let (root, stranger) = (Subject::root("Root"), Subject::root("Stranger"));
    let leaf = root.leaf();
    let other = root.issue(with(end_entity("Other"), |params| params.serial_number = Some(7_u64.into()))).certificate;
    let good = || Answer::about(&leaf, &root, GOOD);
    assert_eq!(rejection(&good().by(&root), &other, &root), "the response is not about this certificate");
    assert_eq!(rejection(&good().by(&root), &leaf, &stranger), "the response is not about this certificate");
    assert_eq!(
        rejection(&good().by(&stranger), &leaf, &root),
        "the responder \"CN=Stranger\" is not the issuer, and no certificate of his comes with the response"
    );
    let homonym = Subject::root("Root");
    assert!(rejection(&good().by(&homonym), &leaf, &root).starts_with("the response: signature: "));
    let stale = Answer { next_update: Some("20250602000000Z"), ..good() }.by(&root);
    assert_eq!(
        rejection(&stale, &leaf, &root),
        "stale: newer was due on 2025-06-02T00:00:00Z, asked for 2025-06-02T00:00:00Z"
    );
    let endless = Answer { next_update: None, ..good() }.by(&root);
    assert!(rejection(&endless, &leaf, &root).starts_with("it does not say when newer is due"));
    let day = Freshness::max_age(Duration::from_secs(24 * 60 * 60));
    let less = Freshness::max_age(Duration::from_secs(24 * 60 * 60 - 1));
    assert!(accept(&endless, &leaf, &root, |inputs| inputs.freshness = &day).is_ok());
    assert!(accept(&endless, &leaf, &root, |inputs| inputs.freshness = &less).is_err());
    let early = Answer { produced_at: "20241231235959Z", ..good() }.by(&root);
    assert_eq!(
        rejection(&early, &leaf, &root),
        "signed 2024-12-31T23:59:59Z, before the certificate became valid on 2025-01-01T00:00:00Z"
    );
    let late = Answer { produced_at: "20250602000001Z", ..good() }.by(&root);
    assert_eq!(
        rejection(&late, &leaf, &root),
        "signed 2025-06-02T00:00:01Z, after 2025-06-02T00:00:00Z, when it was at hand"
    );
    let unknown: Oid = "1.3.6.1.4.1.55555.9".parse().unwrap();
    let null: Write<'_> = &|value| value.value(Tag::NULL, &[]);
    let extensions = [(unknown, true, null)];
    for critical in [
        Answer { extensions: &extensions, ..good() }.by(&root),
        Answer { single_extensions: &extensions, ..good() }.by(&root),
    ] {
        assert_eq!(
            rejection(&critical, &leaf, &root),
            "the response has the critical extension 1.3.6.1.4.1.55555.9, which is not processed"
        );
    }
}

#[test]
fn the_nonce_that_was_sent_comes_back() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let sent: &[u8] = &[7; 32];
    let nonce: Write<'_> = &|value| value.octet_string(&[7; 32]);
    let repeats = Answer { extensions: &[(oid::PKIX_OCSP_NONCE, false, nonce)], ..Answer::about(&leaf, &root, GOOD) };
    let (repeats, silent) = (repeats.by(&root), Answer::about(&leaf, &root, GOOD).by(&root));
    let asked = |response: &OcspResponse, nonce: &'static [u8]| {
        accept(response, &leaf, &root, |inputs| inputs.nonce = Some(nonce)).map(drop).map_err(|error| error.code())
    };
    assert_eq!(asked(&repeats, sent), Ok(()));
    assert_eq!(asked(&repeats, &[8; 32]), Err("ocsp-other-nonce"));
    assert_eq!(asked(&silent, sent), Err("ocsp-no-nonce"));
    assert!(accept(&repeats, &leaf, &root, |_| {}).is_ok());
}

/// A delegate's certificate to be, with id-pkix-ocsp-nocheck.
fn delegate() -> CertificateParams {
    with(end_entity("Delegate"), |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.custom_extensions =
            vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 48, 1, 5], vec![5, 0])];
        params.serial_number = Some(9_u64.into());
    })
}

/// What a good response says about a certificate of `root`, signed by a delegate whom `issuer` made of `params`.
fn delegated(
    root: &Subject,
    issuer: &Subject,
    params: CertificateParams,
    settings: &RevocationSettings,
    crls: &[&Crl],
) -> String {
    let leaf = root.leaf();
    let delegate = issuer.issue(params);
    let certificates = [&delegate.certificate];
    let response = Answer { certificates: &certificates, ..Answer::about(&leaf, root, GOOD) }.by(&delegate);
    judge_with(&leaf, root, &evidence(crls, &[&response]), settings, |_| {}).to_string()
}

#[test]
fn a_delegate_is_issued_for_it_by_the_issuer_himself() {
    let (root, stranger) = (Subject::root("Root"), Subject::root("Stranger"));
    let hard = RevocationSettings::default();
    let unknown = |reason: &str| format!("revocation unknown: OCSP response signed 2025-06-01T00:00:00Z: {reason}");
    let not_revoked = "not revoked at 2025-06-02T00:00:00Z";
    assert_eq!(delegated(&root, &root, delegate(), &hard, &[]), not_revoked);
    assert_eq!(
        delegated(&root, &stranger, delegate(), &hard, &[]),
        unknown(
            "the responder's certificate was issued by \"CN=Stranger\", not by the issuer of the certificate in question"
        )
    );
    let homonym = Subject::root("Root");
    assert!(
        delegated(&root, &homonym, delegate(), &hard, &[])
            .starts_with(&unknown("the responder's certificate: signature: "))
    );
    let any = with(delegate(), |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]);
    let reason = "the responder's certificate does not have the key purpose OCSPSigning";
    assert_eq!(delegated(&root, &root, any, &hard, &[]), unknown(reason));
    let usage = with(delegate(), |params| params.key_usages = vec![KeyUsagePurpose::KeyAgreement]);
    assert_eq!(
        delegated(&root, &root, usage, &hard, &[]),
        unknown("the responder's keyUsage is keyAgreement, expected digitalSignature or contentCommitment among it")
    );
    let expired = with(delegate(), |params| params.not_after = rcgen::date_time_ymd(2025, 6, 1));
    assert_eq!(
        delegated(&root, &root, expired, &hard, &[]),
        unknown("the responder's certificate is not valid at 2025-06-02T00:00:00Z")
    );
    let critical = with(delegate(), |params| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 55555, 9], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    });
    let reason = "the responder's certificate has the critical extension 1.3.6.1.4.1.55555.9, which is not processed";
    assert_eq!(delegated(&root, &root, critical, &hard, &[]), unknown(reason));
}

#[test]
fn a_delegate_is_judged_himself_unless_the_issuer_or_the_policy_says_otherwise() {
    let root = Subject::root("Root");
    let hard = RevocationSettings::default();
    let not_revoked = "not revoked at 2025-06-02T00:00:00Z";
    let checked = || with(delegate(), |params| params.custom_extensions = Vec::new());
    let reason = "the responder's certificate CN=Delegate: revocation unknown: no CRL and no OCSP response is about it";
    assert_eq!(
        delegated(&root, &root, checked(), &hard, &[]),
        format!("revocation unknown: OCSP response signed 2025-06-01T00:00:00Z: {reason}")
    );
    let list_of = |entries: &[Entry<'_>]| {
        let scope: Write<'_> = &|value| {
            value.constructed(Tag::SEQUENCE, |scope| scope.value(Tag::context(1), &[0xff]));
        };
        List { entries, extensions: &[(oid::CE_ISSUING_DISTRIBUTION_POINT, true, scope)], ..List::default() }.by(&root)
    };
    let revoked = list_of(&[Entry { serial: &[9], ..LISTED }, LISTED]);
    assert_eq!(delegated(&root, &root, checked(), &hard, &[&revoked]), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
    assert_eq!(delegated(&root, &root, checked(), &hard, &[&list_of(&[])]), not_revoked);
    let mut trusting = RevocationSettings::default();
    trusting.delegates = DelegateRevocation::Ignore;
    assert_eq!(delegated(&root, &root, checked(), &trusting, &[]), not_revoked);
}

#[test]
fn a_status_of_an_expired_certificate_needs_an_archive_cutoff() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let said = |status: Write<'_>, single_extensions: &[(Oid, bool, Write<'_>)]| {
        let (produced_at, next_update) = ("20260201000000Z", Some("20260208000000Z"));
        let about = Answer::about(&leaf, &root, status);
        let answer = Answer { produced_at, this_update: produced_at, next_update, single_extensions, ..about };
        judge_with(&leaf, &root, &evidence(&[], &[&answer.by(&root)]), &RevocationSettings::default(), |inputs| {
            inputs.known_at = at("2026-02-02T00:00:00Z");
        })
        .to_string()
    };
    assert!(said(GOOD, &[]).ends_with(
        "signed 2026-02-01T00:00:00Z, when the certificate had expired on 2026-01-01T00:00:00Z, without an archive \
         cutoff that covers it"
    ));
    let covers: Write<'_> = &|value| value.value(Tag::GENERALIZED_TIME, b"20260101000000Z");
    assert_eq!(said(GOOD, &[(oid::PKIX_OCSP_ARCHIVE_CUTOFF, false, covers)]), "not revoked at 2025-06-02T00:00:00Z");
    let too_late: Write<'_> = &|value| value.value(Tag::GENERALIZED_TIME, b"20260101000001Z");
    assert!(said(GOOD, &[(oid::PKIX_OCSP_ARCHIVE_CUTOFF, false, too_late)]).starts_with("revocation unknown"));
    // That it was revoked is said by whoever still knows it.
    assert_eq!(said(REVOKED, &[]), "revoked 2025-03-01T00:00:00Z (superseded)");
}

#[test]
fn revoked_by_any_evidence_is_revoked() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let good = Answer::about(&leaf, &root, GOOD).by(&root);
    let revoked = Answer::about(&leaf, &root, REVOKED).by(&root);
    let (empty, listing) = (List::default().by(&root), List { entries: &[LISTED], ..List::default() }.by(&root));
    let said = |crls: &[&Crl], responses: &[&OcspResponse]| judge(&leaf, &root, &evidence(crls, responses)).to_string();
    assert_eq!(said(&[&listing], &[&good]), "revoked 2025-03-01T00:00:00Z (keyCompromise)");
    assert_eq!(said(&[&empty], &[&revoked]), "revoked 2025-03-01T00:00:00Z (superseded)");
    assert_eq!(said(&[], &[&good, &revoked]), "revoked 2025-03-01T00:00:00Z (superseded)");
    assert_eq!(said(&[], &[&revoked, &good]), "revoked 2025-03-01T00:00:00Z (superseded)");
    let unknown = Answer::about(&leaf, &root, UNKNOWN).by(&root);
    assert_eq!(said(&[], &[&unknown, &revoked]), "revoked 2025-03-01T00:00:00Z (superseded)");
    assert!(said(&[], &[&good, &unknown]).starts_with("revocation unknown"));
    // A newer status of the same responder takes its place: a hold was released.
    let newer = Answer { this_update: "20250601000001Z", ..Answer::about(&leaf, &root, GOOD) }.by(&root);
    assert_eq!(said(&[], &[&newer, &revoked]), "not revoked at 2025-06-02T00:00:00Z");
}

#[test]
fn what_is_no_successful_response_is_refused() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let read = |der: &[u8]| {
        let error: OcspError = OcspResponse::from_der(der, &Limits::default()).unwrap_err();
        (error.to_string(), error.code())
    };
    let status = |number| read(&[0x30, 0x03, 0x0a, 0x01, number]);
    assert_eq!(status(3).0, "OCSP response: the responder answered tryLater");
    assert_eq!(status(4).0, "OCSP response: the response status at octet 2 is not defined");
    assert_eq!(status(0).0, "OCSP response: successful, and without a response");
    let mut beside = Answer::about(&leaf, &root, GOOD).der(&root);
    let position = beside.windows(3).position(|octets| octets == [0x0a, 1, 0]).unwrap();
    beside[position + 2] = 6;
    assert_eq!(read(&beside).0, "OCSP response: the responder answered unauthorized, with a response beside it");
    let mut trailing = Answer::about(&leaf, &root, GOOD).der(&root);
    trailing.push(0);
    assert_eq!(read(&trailing).1, "der-trailing");
    let backwards = Answer { next_update: Some("20250601000000Z"), ..Answer::about(&leaf, &root, GOOD) }.der(&root);
    assert_eq!(
        read(&backwards).0,
        "OCSP response: nextUpdate 2025-06-01T00:00:00Z is not after thisUpdate 2025-06-01T00:00:00Z"
    );
    let null: Write<'_> = &|value| value.value(Tag::NULL, &[]);
    let unknown: Oid = "1.3.6.1.4.1.55555.9".parse().unwrap();
    let twice = [(unknown.clone(), false, null), (unknown, false, null)];
    let twice = Answer { extensions: &twice, ..Answer::about(&leaf, &root, GOOD) }.der(&root);
    assert_eq!(read(&twice).1, "ocsp-duplicate-extension");
    let fraction = Answer { produced_at: "20250601000000.5Z", ..Answer::about(&leaf, &root, GOOD) }.der(&root);
    assert_eq!(read(&fraction).1, "der-time-form");
    let not_null: Write<'_> = &|single| single.value(Tag::context(0), &[5, 0]);
    assert_eq!(read(&Answer::about(&leaf, &root, not_null).der(&root)).1, "der-null-not-empty");
    let mut limits = Limits::default();
    limits.certificates = 1;
    let certificates = [&leaf, &root.certificate];
    let two = Answer { certificates: &certificates, ..Answer::about(&leaf, &root, GOOD) }.der(&root);
    assert_eq!(
        OcspResponse::from_der(&two, &limits).unwrap_err().to_string(),
        "OCSP response: more than 1 certificates"
    );
    assert_eq!(OcspResponse::from_der(&two, &Limits::default()).unwrap().certificates().len(), 2);
}

#[test]
fn a_request_is_der_with_its_nonce() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let id = CertId::new(DigestAlgorithm::Sha1, &leaf, root.certificate.public_key());
    assert_eq!(id.to_string(), "serial number 1002");
    assert!(id.is_of(&leaf, root.certificate.public_key()) && !id.is_of(&leaf, leaf.public_key()));
    let request = OcspRequest::new(id.clone()).and(id);
    let octets = request.to_der();
    wathiqa::encoding::der::check(&octets, &Limits::default()).unwrap();
    assert!(request.nonce().is_none());
    for (length, is_accepted) in [(31, false), (32, true), (128, true), (129, false)] {
        let nonce = vec![7; length];
        match request.clone().with_nonce(&nonce) {
            Ok(request) => {
                assert!(is_accepted && request.nonce() == Some(&*nonce));
                wathiqa::encoding::der::check(&request.to_der(), &Limits::default()).unwrap();
                assert!(request.to_der().len() > octets.len() + length);
            }
            Err(error) => {
                assert!(!is_accepted);
                assert_eq!(error.to_string(), format!("OCSP request: a nonce of {length} octets, expected 32 to 128"));
            }
        }
    }
}

#[test]
fn no_octet_of_evidence_can_be_changed() {
    let root = Subject::root("Root");
    let leaf = root.leaf();
    let number: Write<'_> = &|value| value.unsigned(7);
    let list = List { entries: &[LISTED], extensions: &[(oid::CE_CRL_NUMBER, false, number)], ..List::default() };
    let crl = list.by(&root);
    let response = Answer::about(&leaf, &root, REVOKED).der(&root);
    let answer = OcspResponse::from_der(&response, &Limits::default()).unwrap();
    for untouched in [evidence(&[&crl], &[]), evidence(&[], &[&answer])] {
        assert_eq!(judge(&leaf, &root, &untouched).code(), "revoked");
    }
    let alter = |octets: &[u8], position: usize, mask: u8| {
        let mut altered = octets.to_vec();
        altered[position] ^= mask;
        altered
    };
    for mask in [0x01, 0x02, 0x20, 0x80, 0xff] {
        for position in 0..crl.as_der().len() {
            if let Ok(altered) = Crl::from_der(&alter(crl.as_der(), position, mask), &Limits::default()) {
                let status = judge(&leaf, &root, &evidence(&[&altered], &[]));
                assert_eq!(status.code(), "revocation-unknown", "octet {position} of the list, {mask:02x}");
            }
        }
        for position in 0..response.len() {
            if let Ok(altered) = OcspResponse::from_der(&alter(&response, position, mask), &Limits::default()) {
                let status = judge(&leaf, &root, &evidence(&[], &[&altered]));
                assert_eq!(status.code(), "revocation-unknown", "octet {position} of the response, {mask:02x}");
            }
        }
    }
}
