//! Who signed a CRL, and that he may: RFC 5280 §6.3.3 (f) and (g).

use super::checker::Checker;
use super::{CertificateIssuer, CrlRejection, LaterRevocation, RevocationInputs};
use crate::crypto::{PublicKey, SignatureValid};
use crate::x509::crl::Crl;
use crate::x509::path::{self, PathInputs, PathSettings, Purpose, RevocationPolicy};
use crate::x509::{AnchorExtensions, AnchorScope, Certificate, KeyUsageBit, TrustAnchor, TrustStore};

impl Checker<'_> {
    /// (f) "Obtain and validate the certification path for the issuer of the complete CRL. The trust anchor for the
    /// certification path MUST be the same as the trust anchor used to validate the target certificate. If a key usage
    /// extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
    ///
    /// (g) "Validate the signature on the complete CRL using the public key validated in step (f)."
    ///
    /// The signature comes first: it says which of several keys under one name (rollover, a key for CRLs alone) is meant.
    pub(super) fn crl_signer(
        &mut self,
        crl: &Crl,
        issuer: CertificateIssuer<'_>,
        inputs: &RevocationInputs<'_>,
    ) -> Result<PublicKey, CrlRejection> {
        let mut failure = CrlRejection::IssuerUnknown;
        let mut note = |reason: CrlRejection| {
            if reason.rank() >= failure.rank() {
                failure = reason;
            }
        };
        if crl.issuer().matches(issuer.name) {
            // Its path is the one whose certificates are being judged.
            match self.signs(crl, issuer.key, issuer.certificate, inputs) {
                Ok(()) => return Ok(issuer.key.clone()),
                Err(reason) => note(reason),
            }
        }
        for anchor in inputs.anchor_keys().filter(|anchor| anchor.subject().matches(crl.issuer())) {
            if anchor.public_key() == issuer.key {
                continue;
            }
            let certificate = anchor.certificate().filter(|_| anchor.extensions() == AnchorExtensions::Enforce);
            match self.signs(crl, anchor.public_key(), certificate, inputs) {
                Ok(()) => return Ok(anchor.public_key().clone()),
                Err(reason) => note(reason),
            }
        }
        for certificate in candidates(crl, inputs) {
            let key = certificate.public_key();
            if crl.issuer().matches(issuer.name) && key == issuer.key {
                continue;
            }
            let signed = self.signs(crl, key, Some(certificate), inputs);
            match signed.and_then(|()| self.signer_path(certificate, crl, inputs)) {
                Ok(()) => return Ok(key.clone()),
                Err(reason) => note(reason),
            }
        }
        Err(failure)
    }

    /// Whether `key` made the signature and may sign CRLs, by the keyUsage of its certificate if it has one.
    fn signs(
        &mut self,
        crl: &Crl,
        key: &PublicKey,
        certificate: Option<&Certificate>,
        inputs: &RevocationInputs<'_>,
    ) -> Result<(), CrlRejection> {
        let SignatureValid { .. } = crl.verify(key, &inputs.settings.algorithms, self.budget)?;
        match certificate.and_then(Certificate::key_usage).filter(|usage| !usage.allows(KeyUsageBit::CrlSign)) {
            Some(found) => Err(CrlRejection::NoCrlSign { found: found.clone() }),
            None => Ok(()),
        }
    }

    /// Finds a path from the same anchor to `signer`, none of whose certificates is revoked.
    ///
    /// An issuer of CRLs may be listed on the CRL it signs and nowhere else. It is then judged by that list: what is
    /// being judged has its path already, and if the list names its own signer, the answer is revoked.
    fn signer_path(
        &mut self,
        signer: &Certificate,
        crl: &Crl,
        inputs: &RevocationInputs<'_>,
    ) -> Result<(), CrlRejection> {
        if self.is_judging(signer) {
            return Ok(());
        }
        // A list that was issued after the time asked about must have been signed by who was valid then.
        let at = inputs.at.max(crl.this_update());
        // The anchor of a path that is in its scope; who signs lists is an entity of no register.
        let in_scope = |anchor: &TrustAnchor| anchor.clone().with_scope(AnchorScope::default());
        let same_anchor = TrustStore::from_iter(inputs.anchor_keys().map(in_scope));
        let mut settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
        settings.algorithms = inputs.settings.algorithms.clone();
        let mut path_inputs = PathInputs::new(signer, &same_anchor, at, &settings);
        path_inputs.pool = inputs.pool;
        let path = path::build(&path_inputs, self.budget).map_err(|error| CrlRejection::IssuerPath(Box::new(error)))?;
        // When it was issued is his word alone.
        let later = LaterRevocation::Count;
        let inputs = RevocationInputs { at, later, anchor: path.anchor(), ..*inputs };
        self.path(path.certificates(), &inputs).map_err(CrlRejection::IssuerRevocation)?;
        Ok(())
    }
}

/// The certificates of the CRL's issuer in the pool, those with the key identifier that the CRL names first.
fn candidates<'a>(crl: &Crl, inputs: &RevocationInputs<'a>) -> Vec<&'a Certificate> {
    let mut candidates: Vec<&Certificate> =
        inputs.pool.iter().filter(|certificate| certificate.subject().matches(crl.issuer())).collect();
    if let Some(wanted) = crl.authority_key_identifier() {
        candidates.sort_by_key(|candidate| candidate.subject_key_identifier() != Some(wanted));
    }
    candidates
}
