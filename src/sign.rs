//! Creating JAdES signatures over any payload (ETSI TS 119 182-1): B-B in compact, flattened and general JSON, B-T in JSON.
//!
//! Two steps, so that the key may be anywhere:
//!
//! 1. [`prepare`] takes the payload and [`SignatureParameters`], writes the protected header, and gives a
//!    [`PreparedSignature`] that holds the octets to sign;
//! 2. [`PreparedSignature::complete`] takes the signature value, verifies it with the signing certificate's key, and
//!    gives a [`SignedPayload`].
//!
//! A prepared signature is opaque and used up by its completion, so the two steps cannot speak of different things.
//! [`sign`] does both with a [`Signer`](crate::crypto::Signer). A [`SignedPayload`] then takes a signature time-stamp and becomes B-T.
//!
//! [`Content`] says what is signed: a payload in the file or beside it, data objects that the signature names, as they are or
//! base64url-encoded, with time-stamps older than the signature; [`prepare_content`] and [`sign_content`] take it. A
//! [`SignedFile`] takes further signatures: parallel ones over the same payload, countersignatures over one of those there.
//!
//! Refused: an algorithm that does not fit the key, a CA's certificate, a chain that is no valid path for signing documents
//! at the signing time, a time-stamp on a compact form, a token over something else, SHA-1, an unencoded payload that cannot
//! stand in the file, two data objects with one name, a parallel signature in a flattened file or with another `b64`, a
//! countersignature over one that an archive time-stamp covers.
//!
#![cfg_attr(feature = "pki", doc = "```")]
#![cfg_attr(not(feature = "pki"), doc = "```ignore")]
//! use wathiqa::budget::Limits;
//! use wathiqa::codes::CodingScheme;
//! use wathiqa::crypto::JwsAlgorithm;
//! use wathiqa::digest::DigestAlgorithm;
//! use wathiqa::pki::{DemonstrationPki, EntityName};
//! use wathiqa::sign::{Content, DataObject, SignatureParameters, SignedFile, sign_content};
//! use wathiqa::time::Instant;
//!
//! let now: Instant = "2025-03-01T09:30:00Z".parse()?;
//! let pki = DemonstrationPki::new(now)?;
//! let name = EntityName::new("1234567889".parse()?, &CodingScheme::default(), "SY", "وزارة العدل", "ختم وزارة العدل")?;
//! let clerk = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
//! let parameters = SignatureParameters::new(JwsAlgorithm::Es256, clerk.chain.clone(), now)?;
//!
//! // Two files that stay where they are, each named with its digest.
//! let files = [DataObject::new("decision.pdf", b"%PDF"), DataObject::new("map.png", b"\x89PNG")];
//! let content = Content::by_uri_hash(files, DigestAlgorithm::Sha256)?;
//! let signed = sign_content(&content, parameters.clone(), &clerk.key)?;
//!
//! // A countersignature over that signature.
//! let file = SignedFile::parse(&signed.to_vec(), &Limits::default())?;
//! let counter = sign_content(&file.signature_value(&[0])?, parameters, &clerk.key)?;
//! let countersigned: Vec<u8> = file.with_counter_signature(&[0], &counter)?.to_vec();
//! # assert!(countersigned.starts_with(b"{"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod augment;
mod content;
mod error;
mod header;
mod parameters;
mod prepared;
mod signed;
mod signed_file;

pub use content::{Content, DataObject};
pub use error::SignError;
pub use parameters::{Serialization, SignatureParameters};
pub use prepared::{PreparedSignature, prepare, prepare_content, sign, sign_content};
pub use signed::SignedPayload;
pub use signed_file::SignedFile;
