//! The outer forms of data: base64, DER and JSON, read strictly.
//!
//! Each reader takes all of its input or none of it, accepts one spelling where a standard allows one, and gives the
//! offset of what it refuses.

pub mod base64;
pub mod der;
mod excerpt;
pub mod json;
pub(crate) mod percent;

pub(crate) use excerpt::{excerpt, is_bidi_control, is_line_separator, remark};
