//! Public keys, signature algorithms, and the one place where a signature is found valid.
//!
//! A [`PublicKey`] is read from a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), keeps the octets it came from, and checks
//! signatures: in the X.509 and CMS form with [`PublicKey::verify`], in the JWS form with [`PublicKey::verify_jws`].
//! Both answer a [`SignatureValid`], which nothing else can make. [`AlgorithmConstraints`] say which algorithms and key
//! sizes may be relied on; [`Signer`] is whatever holds a private key.
//!
//! | algorithm | key | X.509 and CMS | JWS |
//! | --- | --- | --- | --- |
//! | RSASSA-PKCS1-v1_5, SHA-256/384/512 | RSA, 2048 to 8192 bits | yes | RS256, RS384, RS512 |
//! | RSASSA-PKCS1-v1_5, SHA-1 | RSA, 1024 to 8192 bits | if the constraints allow | no |
//! | RSASSA-PKCS1-v1_5, SHA-256/512 | RSA, 1024 to 2047 bits | if the constraints allow | if the constraints allow |
//! | RSASSA-PSS, SHA-256/384/512, MGF1 with the same hash, salt as long as the hash | RSA, 2048 to 8192 bits | yes | PS256, PS384, PS512 |
//! | ECDSA, SHA-256 or SHA-384 | P-256, P-384 | yes, all four pairs | ES256 = P-256, ES384 = P-384 |
//! | Ed25519 | Ed25519 | yes | EdDSA |
//!
//! [`KnownKeys`] checks many signatures at once, faster where few keys made them, and answers the same.
//!
//! Everything else is refused with a reason that says what it was: ECDSA with SHA-512 and the curve P-521 have no
//! implementation in `ring`; symmetric JWS algorithms and `none` do not exist here. A key that cannot be used is still
//! readable, so that a certificate that holds one can be shown; verifying with it is the error.
//!
//! ECDSA signatures are not unique: whoever has (r, s) can write (r, n − s), and FIPS 186-5 accepts both, so both are
//! accepted. Nothing may identify a document by its signature value.

mod algorithm;
mod algorithm_identifier;
mod constraints;
pub mod ecdsa;
#[cfg(test)]
mod example_keys;
mod existence;
mod jws_algorithm;
mod key_digest;
mod known_key;
mod pss_parameters;
mod public_key;
mod roca;
mod signer;
mod small_order;
#[cfg(feature = "issue")]
mod software_key;
mod verification;

pub use self::algorithm::{AlgorithmError, SignatureAlgorithm};
pub use self::constraints::{AlgorithmConstraints, AlgorithmRow, ConstraintError, ListedAlgorithm};
pub(crate) use self::existence::Existence;
pub use self::jws_algorithm::{JwsAlgorithm, JwsAlgorithmError};
pub use self::key_digest::KeyDigest;
pub(crate) use self::known_key::NearTables;
pub use self::known_key::{Backend, Check, KnownKeyTables, KnownKeys};
pub use self::pss_parameters::UnsupportedPss;
pub use self::public_key::{KeyKind, PublicKey, PublicKeyError, UnsupportedKey};
pub use self::signer::{Signer, SignerError};
#[cfg(feature = "issue")]
pub use self::software_key::{GeneratedKey, Pkcs8Octets, SoftwareKey, SoftwareKeyError};
pub use self::verification::{SignatureError, SignatureValid};
