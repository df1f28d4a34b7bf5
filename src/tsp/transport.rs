//! Getting a token from an authority.

use std::sync::Arc;

use crate::budget::Limits;
use crate::tsp::{ResponseError, TimeStampRequest, TimeStampResponse, TimeStampToken};

/// A way to an authority, which the caller implements: HTTP (RFC 3161 §3.4), a queue, a device.
pub trait Transport: Send + Sync {
    /// Sends a DER TimeStampReq and gives back the DER TimeStampResp.
    ///
    /// # Errors
    /// [`TransportError`] when there is no answer: no connection, an HTTP status other than 200, another media type than
    /// `application/timestamp-reply`.
    fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError>;
}

macro_rules! delegate {
    ($($pointer:ty),*) => {$(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn exchange(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
                (**self).exchange(request)
            }
        }
    )*};
}

delegate!(&T, Box<T>, Arc<T>);

/// Why there is no answer from an authority.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("time-stamp transport: {reason}")]
#[non_exhaustive]
pub struct TransportError {
    /// What happened, in the words of the transport.
    pub reason: String,
}

impl TransportError {
    /// An error with the transport's own words.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "time-stamp-transport"
    }
}

/// Asks an authority for a time-stamp and checks that the answer is one to `request`: granted, with the imprint, the nonce
/// and the policy asked for, and with the signer's certificate if that was asked for.
///
/// The token is not verified: [`verify`](crate::tsp::verify) does that, with trust anchors.
///
/// # Errors
/// [`RequestTokenError::Transport`] when there is no answer, [`RequestTokenError::Response`] when it is not the one to
/// this request.
pub fn request_token(
    transport: &dyn Transport,
    request: &TimeStampRequest,
    limits: &Limits,
) -> Result<TimeStampToken, RequestTokenError> {
    let response = transport.exchange(request.as_der())?;
    Ok(TimeStampResponse::from_der(&response, limits)?.into_token_for(request)?)
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestTokenError {
    /// There is no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The answer has no token, or not the one asked for.
    #[error(transparent)]
    Response(#[from] ResponseError),
}

impl RequestTokenError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Transport(error) => error.code(),
            Self::Response(error) => error.code(),
        }
    }
}
