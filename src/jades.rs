//! JAdES, JSON Advanced Electronic Signatures (ETSI TS 119 182-1 v1.2.1): the header parameters it adds to JWS.
//!
//! [`HeaderParameters`] reads the protected header, [`EtsiU`] the unprotected `etsiU` array, [`BaselineLevel`] tells
//! the level that their structure shows, and [`Imprint`] what each kind of time-stamp stands for. Nothing here judges
//! a signature: that is `validation`.
//!
//! Read and required: `alg`; exactly one of `iat` and `sigT`; exactly one of `x5t#S256`, `x5t#o` and `sigX5ts`; a
//! `crit` that keeps RFC 7515 §4.1.11. Read when present: `x5c`, `cty`, `kid`, `typ`, `b64`, `sigD`, `adoTst`, `sigPId`,
//! `srCms`, `srAts`, `sigPl`. Never a source of keys: `jwk`, `jku`, `x5u`. Other members of the header are ignored, as
//! RFC 7515 §4 asks, unless `crit` lists them.

mod commitment;
pub(crate) mod digest_identifier;
mod error;
mod etsi_u;
mod header;
mod imprint;
mod level;
mod object_id;
mod sig_d;
mod signature_place;
mod signature_policy;
mod signer_attributes;
mod validation_data;

pub use commitment::Commitment;
pub use error::JadesError;
pub use etsi_u::{EtsiU, EtsiUItem};
pub use header::{CertificateReference, HeaderParameters, SigningTime};
pub use imprint::Imprint;
pub(crate) use imprint::Received;
pub use level::BaselineLevel;
pub use object_id::ObjectId;
pub use sig_d::{DataReference, ReferenceMechanism, SigD};
#[cfg(feature = "issue")]
pub(crate) use sig_d::{OBJECT_ID_BY_URI, OBJECT_ID_BY_URI_HASH};
pub use signature_place::SignaturePlace;
pub use signature_policy::{PolicyQualifier, SignaturePolicyId, UserNotice};
pub use signer_attributes::{AttributeCertificate, AttributeValues, SignerAttributes};
pub use validation_data::ValidationData;
