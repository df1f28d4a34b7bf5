//! Issue, sign, time-stamp and verify government digital documents.

pub mod budget;
pub mod cms;
pub mod codes;
pub mod crypto;
pub mod digest;
pub mod document;
pub mod encoding;
pub mod jws;
pub mod oid;
pub mod time;
pub mod tsp;
pub mod x509;
