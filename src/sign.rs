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
