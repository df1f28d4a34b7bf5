//! JSON Web Signature (RFC 7515, RFC 7797), strict: compact, flattened and general JSON serialization.
//!
//! ```text
//! compact     BASE64URL(protected) . BASE64URL(payload) . BASE64URL(signature)
//! flattened   {"payload", "protected", "header", "signature"}
//! general     {"payload", "signatures": [{"protected", "header", "signature"}, ...]}
//! ```
//! Accepted: the three forms; one line end behind a compact form; other members of the JSON objects, which are ignored
//! (RFC 7515 §7.2); a payload left out (detached, appendix F); `b64: false` (RFC 7797). Refused: duplicate members,
//! base64url in any but its one spelling, a member in both the protected and the unprotected header, `signatures`
//! beside `signature`, no signature, `crit` or `b64` outside the protected header, `b64` that differs between
//! signatures. Nothing is encoded again to be verified: the signing input is made of the received strings.
//!
//! `alg` counts in the protected header only. `none`, `HS256` and its kin are no algorithms here; which key verifies
//! is for the caller to say, never for `jwk`, `jku` or `x5u`.

mod critical;
mod error;
mod parse;
mod payload;
mod signature;
mod straight;

pub use critical::CriticalRules;
pub use error::{CriticalFault, JwsError};
pub use parse::Jws;
pub use signature::JwsSignature;
pub(crate) use straight::StraightJws;
