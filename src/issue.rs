//! Issuing a government document: from a typed document to signed, time-stamped octets.
//!
//! [`Issuer::issue`] is the one call for a key at hand: B-T, in flattened JSON. [`IssuerCertificate::prepare`] is for a
//! key elsewhere: it gives the octets to sign, and takes the signature value later.
//!
//! Many documents are issued under one signature and one time-stamp by [`Issuer::issue_batch`], or in two steps by
//! [`IssuerCertificate::batch`] and [`IssuerCertificate::prepare_batch`]; each still gets a file that proves itself alone.
//!
//! What became of the documents later, [`Issuer::issue_status_list`] says.
//!
//! [`Issuer::issue_recorded`] issues under the next number of a [journal](crate::journal).
//!
//! The register of entities is signed by several root keys, each by [`RegisterIssue::prepare`], side by side in a
//! [`SignedFile`].
//!
//! An issuer refuses what no verifier would pass: a document of another entity than the certificate's, a certificate
//! that is not valid now or not for signing, an algorithm that does not fit the key, a signature value that does not
//! verify, a time-stamp over something else.

mod batch;
mod certificate;
mod error;
mod issuer;
mod journal;
mod register;
mod status_list;

pub use certificate::IssuerCertificate;
pub use error::IssueError;
pub use issuer::Issuer;
pub use journal::RecordedIssueError;

#[cfg(doc)]
use crate::{register::RegisterIssue, sign::SignedFile};
