//! Who verifies documents.

mod jades;
#[cfg(feature = "openssl")]
mod josekit;
#[cfg(feature = "openssl")]
mod openssl;
mod ours;

use wathiqa::time::Instant;
use wathiqa::x509::Certificate;

pub use self::jades::Jades;
#[cfg(feature = "openssl")]
pub use self::josekit::Josekit;
#[cfg(feature = "openssl")]
pub use self::openssl::OpenSsl;
pub use self::ours::Ours;
use crate::parts::Form;

/// Says of one document whether it holds.
pub trait DocumentVerifier {
    /// As in the tables.
    fn name(&self) -> &'static str;

    /// The form in which it reads a time-stamp.
    fn form(&self) -> Form {
        Form::Standard
    }

    /// # Errors
    /// Why the document does not hold.
    fn verify(&self, document: &str) -> Result<(), String>;
}

/// What a verifier is given: anchors, lists, and the time of validation.
#[derive(Debug, Clone)]
pub struct Trust {
    pub root: Certificate,
    pub time_stamp_root: Certificate,
    /// DER.
    pub crls: Vec<Vec<u8>>,
    pub at: Instant,
}

/// What a document must have to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A signature.
    BB,
    /// A signature and its time-stamp.
    BT,
}

/// Whether revocation is looked at, where there is a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    Checked,
    Skipped,
}
