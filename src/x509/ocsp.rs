//! The online certificate status protocol: RFC 6960, without the network.
//!
//! | type | what it is |
//! | --- | --- |
//! | [`OcspRequest`], [`CertId`] | what to ask, in DER |
//! | [`OcspResponse`], [`SingleResponse`] | what was answered, read strictly |
//! | [`authorize`] | who signed a response, and that he may: the issuer, or his delegate (§4.2.2.2) |
//! | [`accept`] | the status of one certificate, by the steps of §3.2 |
//!
//! Octets pass the strict DER gate, outside and inside the OCTET STRING, and are walked to the last component.
//!
//! Refused when reading: a status other than `successful`, a response type other than basic, a version that is written
//! out, an empty list of statuses, a nextUpdate that is not after its thisUpdate, an extension twice, a reason code that
//! does not exist, fractions of seconds, a malformed certificate among those sent along.
//!
//! Refused when judging: a responder that is neither the issuer nor his delegate, a delegate without the key purpose
//! OCSPSigning (anyExtendedKeyUsage is not it), expired, or issued by another key than the certificate's; a critical
//! extension that is not processed; another nonce than the one sent; a status that is stale, of the future, or of a
//! time after the certificate expired, unless an archive cutoff says that the responder still knows it.
//!
//! Responders trusted by local configuration alone (§4.2.2.2, case 1) are not offered.

mod acceptance;
mod cert_id;
#[cfg(test)]
pub(crate) mod fixture;
mod malformed;
mod request;
mod responder;
mod response;
mod single_response;

pub use self::acceptance::{AcceptedStatus, OcspInputs, OcspRejection, accept};
pub use self::cert_id::CertId;
pub use self::malformed::{OcspError, OcspResponseStatus};
pub use self::request::{NonceLengthError, OcspRequest};
pub use self::responder::{Responder, ResponderError, authorize};
pub use self::response::{OcspResponse, ResponderId};
pub use self::single_response::{CertStatus, SingleResponse};
