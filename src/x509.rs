//! Certificates and certification paths (RFC 5280).

mod asn1;
mod certificate;
mod extension;
mod general_name;
mod name;
#[cfg(feature = "pem")]
mod pem;

pub use self::certificate::{Certificate, CertificateError};
pub use self::extension::{
    AuthorityKeyIdentifier, BasicConstraints, Criticality, ExtKeyUsage, Extension, KeyUsage, KeyUsageBit,
};
pub use self::general_name::GeneralName;
pub use self::name::{Attribute, Name, NameError, RelativeDistinguishedName};
#[cfg(feature = "pem")]
pub use self::pem::{PemError, certificates_from_pem};
