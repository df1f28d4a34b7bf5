//! JAdES, JSON Advanced Electronic Signatures (ETSI TS 119 182-1 v1.2.1): the header parameters it adds to JWS.
//!
//! [`HeaderParameters`] reads the protected header, [`EtsiU`] the unprotected `etsiU` array, [`BaselineLevel`] tells
//! the level that their structure shows, and [`Imprint`] what each kind of time-stamp stands for. Nothing here judges
//! a signature: that is `validation`.
//!
//! Read and required: `alg`; exactly one of `iat` and `sigT`; exactly one of `x5t#S256`, `x5t#o` and `sigX5ts`; a
//! `crit` that keeps RFC 7515 §4.1.11. Read when present: `x5c`, `cty`, `kid`, `typ`, `b64`, `sigD`, `adoTst`. Present
//! but not processed by this version: `sigPId`, `srCms`, `srAts`, `sigPl`, `sigD` mechanisms. Never a source of keys:
//! `jwk`, `jku`, `x5u`. Other members of the header are ignored, as RFC 7515 §4 asks, unless `crit` lists them.

mod error;
mod etsi_u;
mod header;
mod imprint;
mod level;

pub use error::JadesError;
pub use etsi_u::{EtsiU, EtsiUItem};
pub use header::{CertificateReference, HeaderParameters, SigningTime};
pub use imprint::Imprint;
pub(crate) use imprint::Received;
pub use level::BaselineLevel;
