//! Issue, sign, time-stamp and verify government digital documents.

pub mod budget;
pub mod cms;
pub mod codes;
pub mod crypto;
pub mod digest;
pub mod document;
pub mod encoding;
#[cfg(feature = "issue")]
pub mod issue;
pub mod jades;
pub mod jws;
pub mod oid;
#[cfg(feature = "pki")]
pub mod pki;
pub mod policy;
pub mod report;
#[cfg(feature = "issue")]
pub mod sign;
pub mod time;
pub mod tsp;
pub mod validation;
pub mod verify;
pub mod x509;
