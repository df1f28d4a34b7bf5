//! Identification of the signing certificate (EN 319 102-1 §5.2.3).

use crate::jades::{CertificateReference, HeaderParameters};
use crate::report::ValidationFault;
use crate::x509::Certificate;

/// The certificate that the protected header pins by digest, looked for in `x5c`, then in `pool`.
///
/// Where `x5c` is there, its first certificate must be the one pinned: a digest that points elsewhere is an attempt to
/// swap the leaf, not a reason to look on. `kid` plays no part (threat of colliding identifiers).
pub(super) fn identify(header: &HeaderParameters, pool: &[Certificate]) -> Result<Certificate, ValidationFault> {
    let references = header.certificate_references();
    let Some(first) = references.first() else { return Err(ValidationFault::NoCertificateReference) };
    let pinned = |certificate: &&Certificate| references.iter().any(|reference| reference.matches(certificate));
    if let Some(leaf) = header.certificates().first() {
        return if pinned(&leaf) { Ok(leaf.clone()) } else { Err(differs(first, leaf)) };
    }
    let absent = || ValidationFault::SigningCertificateAbsent { digest: first.digest().to_string() };
    pool.iter().find(pinned).cloned().ok_or_else(absent)
}

fn differs(reference: &CertificateReference, leaf: &Certificate) -> ValidationFault {
    ValidationFault::SigningCertificateDiffers {
        expected: reference.digest().to_string(),
        found: leaf.digest(reference.digest().algorithm()).to_string(),
    }
}
