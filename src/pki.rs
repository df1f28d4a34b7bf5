//! Making certificates: an entity's request to its CA, and a national PKI for demonstrations and tests.
//!
//! [`certificate_request`] writes what a ministry sends to the national CA: a PKCS#10 request (RFC 2986) signed by the
//! entity's own [`Signer`], wherever its key is. [`DemonstrationPki`] is a whole national PKI in memory, with a
//! time-stamping authority under a root of its own. A CA that issues in earnest has its own software and its own
//! procedures; this module does not replace them.
//!
//! Keys of certificates are RSA, P-256, P-384 and Ed25519. Refused: requests signed with RSASSA-PSS, names of more than 64
//! characters or with another country than the coding scheme has.

mod authority;
mod demonstration;
mod error;
mod name;
mod request;
mod subject_key;

pub use authority::RevokedCertificate;
pub use demonstration::{DemonstrationPki, IssuedKey};
pub use error::PkiError;
pub use name::EntityName;
pub use request::certificate_request;

#[cfg(doc)]
use crate::crypto::Signer;
