//! Certificates and certification paths (RFC 5280).
//!
//! | module or type | what it is |
//! | --- | --- |
//! | [`Certificate`], [`Name`], [`Extension`] and its kinds | what was read, strictly, with the octets it was read from |
//! | [`entity`] | which public entity a certificate names |
//! | [`TrustAnchor`], [`TrustStore`] | what the caller trusts |
//! | [`crl`], [`ocsp`] | revocation lists, and OCSP requests and responses, read strictly |
//! | [`revocation`] | whether a certificate was revoked at a time, from the lists and responses at hand |
//! | [`path`] | a path from an anchor to a certificate: found, validated, or refused with the reason |
//!
//! Reading a certificate says nothing about trust; a [`path::CertificationPath`] does, for one purpose and one time.

mod anchor_scope;
mod certificate;
mod certificate_policies;
pub mod crl;
pub mod entity;
mod extension;
mod general_name;
mod name;
mod name_constraints;
pub mod ocsp;
pub mod path;
mod path_checks;
#[cfg(feature = "pem")]
mod pem;
mod policy_graph;
pub mod revocation;
mod trust_anchor;

pub use self::anchor_scope::{AnchorScope, AnchorUse, ScopeViolation};
pub use self::certificate::{Certificate, CertificateError};
pub use self::certificate_policies::{CertificatePolicies, PolicyConstraints, PolicyMappings};
pub use self::extension::{
    AuthorityKeyIdentifier, BasicConstraints, Criticality, ExtKeyUsage, Extension, ExtensionError, KeyUsage,
    KeyUsageBit,
};
pub use self::general_name::{GeneralName, NameForm};
pub use self::name::{Attribute, Name, NameError, RelativeDistinguishedName};
pub use self::name_constraints::{NameConstraints, NameViolation};
#[cfg(feature = "pem")]
pub use self::pem::{PemError, certificates_from_pem};
pub use self::trust_anchor::{AnchorExtensions, AnchorValidity, TrustAnchor, TrustStore};
