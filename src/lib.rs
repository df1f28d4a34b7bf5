//! `wathiqa` (وثيقة, *document*) issues, signs, time-stamps and verifies government digital documents.
//!
//! A document is structured data: a number that carries the national code of the entity that issued it, a kind, a title,
//! a body of the caller's own type, attachments by their digest. It is signed with JAdES (ETSI TS 119 182-1), carries its
//! certificate chain and an RFC 3161 time-stamp, and is verified offline with the file, a trust store and, by default,
//! revocation lists of its day or later; archived (B-LTA) and renewed, decades later with the file and a trust store alone.
//!
//! # What it is for
//!
//! * **Issuing** in a ministry's service: a key in memory, in a device or behind a network; one call, or two steps.
//! * **Verifying** anywhere: the answer is never a bool but a [`report::Report`] in the words of ETSI EN 319 102-1, with
//!   every check that was made, that failed and why, and that was not made.
//! * **Parts**, useful alone: [`codes`], [`jws`], [`tsp`], [`x509::path`], [`validation`] of foreign JAdES signatures.
//!
//! # What it is not for
//!
//! * Signing PDF, XML or CMS: a PDF is an attachment, by the digest of the whole file.
//! * Transport, storage, clocks: they are arguments. Nothing here opens a socket or a file, reads a clock or the
//!   environment, or keeps state.
//! * Running a national CA: `pki` makes certificate requests and a PKI for demonstrations.
//! * References to validation data that is elsewhere. What is not checked is reported as not checked; a critical extension
//!   that is not processed is refused.
//!
//! # Issue
//!
//! With the feature `issue`; the demonstration PKI takes the feature `pki`.
//!
#![cfg_attr(feature = "pki", doc = "```")]
#![cfg_attr(not(feature = "pki"), doc = "```ignore")]
//! use wathiqa::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode};
//! use wathiqa::crypto::JwsAlgorithm;
//! use wathiqa::document::Document;
//! use wathiqa::issue::Issuer;
//! use wathiqa::pki::{DemonstrationPki, EntityName};
//! use wathiqa::report::Indication;
//! use wathiqa::time::Instant;
//! use wathiqa::tsp::SerialNumber;
//! use wathiqa::validation::Evidence;
//! use wathiqa::verify::Verifier;
//!
//! #[derive(serde::Serialize)]
//! struct Letter { to: String }
//!
//! let now: Instant = "2025-03-01T09:30:00Z".parse()?; // from the service's clock
//! let entity: EntityCode = "1234567889".parse()?;
//!
//! // In earnest the key is in a device and the certificate comes from the national CA.
//! let pki = DemonstrationPki::new(now)?;
//! let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم وزارة العدل")?;
//! let signer = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
//! let time_stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
//!
//! let issuer = Issuer::new(signer.key, signer.chain, time_stamps)?;
//! let number = DocumentNumber::new(entity, DocumentKind::OUTGOING, 2025, 12_345)?;
//! let letter = Document::builder(number, now).language("ar-SY").title("كتاب").build(Letter { to: "ليلى".into() })?;
//! let signed: Vec<u8> = issuer.issue(&letter, now)?; // JAdES B-T, JSON
//!
//! // Who trusts this PKI and has its revocation lists at hand finds that it holds.
//! let evidence = Evidence::none().with_revocation(pki.revocation_evidence(now, &[])?);
//! let report = Verifier::new(pki.validation_policy()).verify(&signed, &evidence, now);
//! assert_eq!(report.indication(), Indication::TotalPassed);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Verify one
//!
//! ```
//! use wathiqa::document::Document;
//! use wathiqa::policy::ValidationPolicy;
//! use wathiqa::report::{Indication, SubIndication};
//! use wathiqa::time::Instant;
//! use wathiqa::validation::Evidence;
//! use wathiqa::verify::{Verified, Verifier};
//! use wathiqa::x509::TrustStore;
//! use wathiqa::x509::path::RevocationPolicy;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Letter { to: String }
//!
//! // Anchors come from files of the service; signers and time-stamping authorities have their own.
//! let (signers, authorities) = (TrustStore::default(), TrustStore::default());
//! let verifier = Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::default()));
//! let at: Instant = "2025-03-02T08:00:00Z".parse()?;
//!
//! let report = verifier.verify(b"not a document at all", &Evidence::none(), at);
//! assert_eq!(report.indication(), Indication::TotalFailed);
//! assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure));
//! assert_eq!(report.failures().next().unwrap().to_string(), "JWS: a compact form has 3 parts, found 1");
//!
//! // The only way to a verified document; an error is the report, with the reasons.
//! let letter: Result<Verified<Document<Letter>>, _> = report.into_verified();
//! assert!(letter.is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Verify many
//!
//! A [`bulk::BulkVerifier`] judges each document as a [`verify::Verifier`] does, on as many threads as it is given, and
//! reports in their order; what many documents share is looked at once.
//!
//! ```
//! use std::num::NonZeroUsize;
//! use wathiqa::bulk::BulkVerifier;
//! use wathiqa::policy::ValidationPolicy;
//! use wathiqa::report::Indication;
//! use wathiqa::time::Instant;
//! use wathiqa::validation::Evidence;
//! use wathiqa::verify::Verifier;
//! use wathiqa::x509::TrustStore;
//! use wathiqa::x509::path::RevocationPolicy;
//!
//! let (signers, authorities) = (TrustStore::default(), TrustStore::default());
//! let verifier = Verifier::new(ValidationPolicy::new(signers, authorities, RevocationPolicy::default()));
//! let bulk = BulkVerifier::new(verifier).with_threads(NonZeroUsize::new(4).unwrap());
//! let at: Instant = "2025-03-02T08:00:00Z".parse()?;
//!
//! let documents = ["", "a.b", "{}"]; // any iterator of octets: files of a folder, lines of an archive
//! let mut reasons = Vec::new();
//! for outcome in bulk.verify(documents, &Evidence::none(), at) {
//!     if outcome.indication() != Indication::TotalPassed {
//!         reasons.extend(outcome.report().failures().next().map(|reason| reason.to_string()));
//!     }
//! }
//! assert_eq!(reasons, ["JWS: no octets", "JWS: a compact form has 3 parts, found 2", "JWS: no signature"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//!
//! Each module rests on those above it and on nothing below; a test holds the order.
//!
//! | module | what it is | after |
//! | --- | --- | --- |
//! | [`oid`], [`time`], [`digest`], [`budget`] | values: identifiers, instants and periods, digests, limits with their source | X.660, RFC 3339, FIPS 180-4 |
//! | [`encoding`] | base64, JSON and DER, each read strictly, with offsets | RFC 4648, RFC 8259, X.690 |
//! | [`codes`] | the national codes of entities, services and documents | ISO/IEC 7064 |
//! | [`crypto`] | algorithms, public keys, what holds a private key | RFC 7518, RFC 8017, FIPS 186-5, RFC 8032 |
//! | [`merkle`] | one root for many entries, and proofs against it | RFC 9162 |
//! | [`document`] | the document itself | |
//! | [`x509`] | certificates, names, trust anchors, certification paths, revocation | RFC 5280, RFC 6960 |
//! | [`cms`], [`tsp`] | signed data as time-stamps use it; time-stamps | RFC 5652, RFC 3161, RFC 5816 |
//! | [`jws`], [`jades`] | signatures in JSON; their advanced header parameters | RFC 7515, RFC 7797, TS 119 182-1 |
//! | [`ers`] | evidence records: one time-stamp over many documents, renewed for as long as it takes | RFC 4998 |
//! | [`batch`] | many documents under one signature, and the file of each | |
//! | [`status`] | lists that say which documents were withdrawn | draft-ietf-oauth-status-list |
//! | [`register`] | who may issue what: histories of entities, edited, signed, and asked | TS 119 602 |
//! | [`journal`] | the log of what an entity issued under which number, its audit, and evidence of a number used twice | RFC 9162 |
//! | [`policy`], [`report`] | what is asked for; what was found | EN 319 102-1 |
//! | [`validation`] | one JAdES signature over any payload | EN 319 102-1 |
//! | `sign` (feature `issue`) | making JAdES signatures over any payload, augmenting them to B-LTA | TS 119 182-1 |
//! | [`verify`] | a document: validation, and its binding to an entity | |
//! | `issue` (feature `issue`) | from a typed document to signed octets | |
//! | `pki` (feature `pki`) | certificate requests, a national PKI for demonstrations | RFC 2986 |
//! | [`bulk`] | many documents: in order, in bounded memory, on many threads | |
//!
//! # Features
//!
//! | feature | default | adds | pulls in |
//! | --- | --- | --- | --- |
//! | none | yes | reading and verifying | |
//! | `pem` | no | PEM input of certificates and anchors (RFC 7468) | `pem` |
//! | `issue` | no | software keys, signing, issuing, time-stamp requests, the in-process time-stamp authority | `pem`, `zeroize` |
//! | `pki` | no | certificate requests of an entity, the demonstration PKI | `issue`, `rcgen` |
//!
//! Features add interface; none changes a verdict.
//!
//! # Two kinds of errors
//!
//! Misuse of an interface, and arguments that are malformed, are `Err` with a typed error that says where, what was found
//! and what was expected; each has a `code()`, a stable name for programs. A document that does not hold is no `Err` but
//! a [`report::Report`]: also octets that are no document at all.

pub mod batch;
pub mod budget;
pub mod bulk;
pub mod cms;
pub mod codes;
pub mod crypto;
pub mod digest;
pub mod document;
pub mod encoding;
pub mod ers;
#[cfg(feature = "issue")]
pub mod issue;
pub mod jades;
pub mod journal;
pub mod jws;
pub mod merkle;
pub mod oid;
#[cfg(feature = "pki")]
pub mod pki;
pub mod policy;
pub mod register;
pub mod report;
#[cfg(feature = "issue")]
pub mod sign;
pub mod status;
pub mod time;
pub mod tsp;
pub mod validation;
#[cfg(target_arch = "x86_64")]
mod vector;
pub mod verify;
pub mod x509;

/// The samples of the README, compiled and run with the tests of the documentation.
#[cfg(all(doctest, feature = "pki"))]
#[doc = include_str!("../README.md")]
struct Readme;
