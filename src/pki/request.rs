//! An entity's request for a certificate (PKCS#10, RFC 2986).

use rcgen::CertificateParams;

use crate::crypto::Signer;
use crate::pki::subject_key::CertificateSigner;
use crate::pki::{EntityName, PkiError};

/// Writes a request for a certificate of `name` over the key of `signer`: DER.
///
/// It asks for nothing but the name: purpose and validity are the CA's to decide.
///
/// ```
/// use wathiqa::codes::CodingScheme;
/// use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
/// use wathiqa::pki::{EntityName, certificate_request};
///
/// let scheme = CodingScheme::default();
/// let name = EntityName::new("1234567889".parse()?, &scheme, "SY", "وزارة العدل", "Ministry of Justice seal")?;
/// let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
/// let request: Vec<u8> = certificate_request(&name, &key)?;
/// # assert_eq!(request[0], 0x30);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PkiError::Algorithm`] for a signer of PS256, [`PkiError::Writer`] when it does not sign.
pub fn certificate_request(name: &EntityName, signer: &impl Signer) -> Result<Vec<u8>, PkiError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name.distinguished_name()?;
    let request = parameters.serialize_request(&CertificateSigner::new(signer)?).map_err(PkiError::from_writer)?;
    Ok(request.der().to_vec())
}
