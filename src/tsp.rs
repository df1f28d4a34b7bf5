//! Time-stamps: RFC 3161, with RFC 5816.
//!
//! A time-stamp token is a signature of an authority over a digest and a time. Whoever verifies it knows that the data
//! behind the digest existed then. [`TimeStampToken`] reads one, [`verify`] judges one in full and answers a
//! [`ProofOfExistence`], which nothing else can make. The steps are there one by one too:
//! [`TimeStampToken::check_imprint`] asks whether the time-stamp is about the data, and
//! [`TimeStampToken::verify_signature`] whether the token is what its signer made, trusted or not.
//!
//! With the feature `issue`, a token is got by `request_token` over a `Transport`, which the caller implements, or from
//! the `Authority` of this crate, which needs no network.
//!
//! **Accepted**: tokens in DER by one signer, SHA-1 as identifier of a certificate (ESSCertID), fractions of a second.
//! **Refused**: BER, a genTime without `Z` or with a trailing zero in its fraction, critical extensions, unsigned
//! attributes, a certificate whose extended key usage is not critical or not timeStamping alone, SHA-1 and short keys
//! unless the constraints allow them. **Not judged**: whether the accuracy is good enough, and whether the policy is one
//! that the caller accepts unless [`VerificationInputs::policies`] says which.

mod accuracy;
#[cfg(feature = "issue")]
mod authority;
mod extension;
mod integer;
mod message_imprint;
mod request;
mod response;
mod straight;
mod token;
#[cfg(feature = "issue")]
mod transport;
mod tst_info;
mod verification;

pub use self::accuracy::Accuracy;
#[cfg(feature = "issue")]
pub use self::authority::{Authority, AuthorityError, AuthorityTransport};
pub use self::extension::ExtensionError;
pub use self::integer::{Nonce, SerialNumber, SerialNumberTooLong};
pub use self::message_imprint::{MessageImprintError, StampedData};
pub use self::request::{RequestError, RequestMismatch, RequestedCertificates, TimeStampRequest};
pub use self::response::{PkiFailureInfo, PkiFailures, PkiStatus, ResponseError, TimeStampResponse};
#[cfg(test)]
pub(crate) use self::straight::TokenValues;
pub(crate) use self::straight::{TokenLayouts, TokenShape};
pub use self::token::{TimeStampError, TimeStampToken, TokenSignature};
#[cfg(feature = "issue")]
pub use self::transport::{RequestTokenError, Transport, TransportError, request_token};
pub use self::tst_info::{TstInfo, TstInfoError};
pub use self::verification::{ProofOfExistence, VerificationInputs, verify};

#[cfg(test)]
mod tests;
