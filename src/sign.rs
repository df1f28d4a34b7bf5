//! Creating JAdES signatures over any payload (ETSI TS 119 182-1): B-B in compact and flattened JSON, B-T in JSON.
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
//! Refused: an algorithm that does not fit the key, a CA's certificate, a chain that is no valid path for signing documents
//! at the signing time, a time-stamp on a compact form, a token over something else.

mod error;
mod parameters;
mod prepared;
mod signed;

pub use error::SignError;
pub use parameters::{Serialization, SignatureParameters};
pub use prepared::{PreparedSignature, prepare, sign};
pub use signed::SignedPayload;
