//! The outer forms of data: base64, DER and JSON, read strictly.
//!
//! Each reader takes all of its input or none of it, accepts one spelling where a standard allows one, and gives the
//! offset of what it refuses.

pub mod base64;
pub mod der;
pub mod json;
