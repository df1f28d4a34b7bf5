//! A certification authority in memory.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyIdMethod, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

use crate::crypto::{JwsAlgorithm, PublicKey, SoftwareKey};
use crate::encoding::der::{Tag, Writer};
use crate::oid;
use crate::pki::subject_key::{CertificateSigner, SubjectKey};
use crate::pki::{EntityName, PkiError};
use crate::time::{Instant, Validity};
use crate::x509::{Certificate, crl};

/// A CA: its key, its certificate, and the parameters that its issuer name and key identifier come from.
pub(super) struct CertificateAuthority {
    key: SoftwareKey,
    certificate: Certificate,
    parameters: CertificateParams,
}

/// A certificate that a CRL is to list.
#[derive(Debug, Clone, Copy)]
pub struct RevokedCertificate<'a> {
    certificate: &'a Certificate,
    since: Instant,
    reason: Option<RevocationReason>,
}

impl<'a> RevokedCertificate<'a> {
    /// `certificate`, revoked at `since`, without a reason.
    #[must_use]
    pub fn new(certificate: &'a Certificate, since: Instant) -> Self {
        Self { certificate, since, reason: None }
    }

    /// `certificate`, put on hold at `since`: certificateHold (RFC 5280 §5.3.1), which may be lifted.
    #[must_use]
    pub fn on_hold(certificate: &'a Certificate, since: Instant) -> Self {
        Self { certificate, since, reason: Some(RevocationReason::CertificateHold) }
    }

    /// `certificate`, revoked at `since` for `reason`. removeFromCRL, which belongs on delta CRLs, is left out.
    #[must_use]
    pub fn for_reason(certificate: &'a Certificate, since: Instant, reason: crl::RevocationReason) -> Self {
        let reason = match reason {
            crl::RevocationReason::Unspecified => RevocationReason::Unspecified,
            crl::RevocationReason::KeyCompromise => RevocationReason::KeyCompromise,
            crl::RevocationReason::CaCompromise => RevocationReason::CaCompromise,
            crl::RevocationReason::AffiliationChanged => RevocationReason::AffiliationChanged,
            crl::RevocationReason::Superseded => RevocationReason::Superseded,
            crl::RevocationReason::CessationOfOperation => RevocationReason::CessationOfOperation,
            crl::RevocationReason::CertificateHold => RevocationReason::CertificateHold,
            crl::RevocationReason::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
            crl::RevocationReason::AaCompromise => RevocationReason::AaCompromise,
            crl::RevocationReason::RemoveFromCrl => return Self::new(certificate, since),
        };
        Self { certificate, since, reason: Some(reason) }
    }
}

/// What a certificate is to be for.
#[derive(Clone, Copy)]
pub(super) enum Role {
    /// Issuing certificates, with so many CAs below it.
    CertificateAuthority(u8),
    /// Signing documents.
    DocumentSigner,
    /// Signing time-stamps (RFC 3161 §2.3).
    TimeStampAuthority,
}

impl CertificateAuthority {
    /// A CA that signs its own certificate.
    pub(super) fn root(name: &EntityName, below: u8, validity: Validity) -> Result<Self, PkiError> {
        let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
        let parameters = parameters(name, Role::CertificateAuthority(below), validity)?;
        let certificate = parameters.self_signed(&CertificateSigner::new(&key)?).map_err(PkiError::from_writer)?;
        Ok(Self { key, certificate: Certificate::from_der(certificate.der())?, parameters })
    }

    /// A CA under this one.
    pub(super) fn subordinate(&self, name: &EntityName, validity: Validity) -> Result<Self, PkiError> {
        let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
        let role = Role::CertificateAuthority(0);
        let certificate = self.certify(name, crate::crypto::Signer::public_key(&key), role, validity)?;
        Ok(Self { key, certificate, parameters: parameters(name, role, validity)? })
    }

    /// A certificate of `name` over `key`.
    pub(super) fn certify(
        &self,
        name: &EntityName,
        key: &PublicKey,
        role: Role,
        validity: Validity,
    ) -> Result<Certificate, PkiError> {
        let issuer = Issuer::from_params(&self.parameters, CertificateSigner::new(&self.key)?);
        let mut parameters = parameters(name, role, validity)?;
        parameters.use_authority_key_identifier_extension = true;
        let certificate =
            parameters.signed_by(&SubjectKey::of_subject(key)?, &issuer).map_err(PkiError::from_writer)?;
        Ok(Certificate::from_der(certificate.der())?)
    }

    /// A CRL of every certificate of this CA: DER.
    pub(super) fn crl(&self, period: Validity, revoked: &[RevokedCertificate<'_>]) -> Result<Vec<u8>, PkiError> {
        let issuer = Issuer::from_params(&self.parameters, CertificateSigner::new(&self.key)?);
        let this_update = period.not_before();
        let entry = |revoked: &RevokedCertificate<'_>| RevokedCertParams {
            serial_number: SerialNumber::from_slice(revoked.certificate.serial_number()),
            revocation_time: revoked.since.into(),
            reason_code: revoked.reason,
            invalidity_date: None,
        };
        let of_this =
            |revoked: &&RevokedCertificate<'_>| revoked.certificate.issuer().matches(self.certificate.subject());
        let parameters = CertificateRevocationListParams {
            this_update: this_update.into(),
            next_update: period.not_after().into(),
            // Later lists have higher numbers (RFC 5280 §5.2.3): seconds since 1970 grow by themselves.
            crl_number: u64::try_from(this_update.unix_seconds()).unwrap_or_default().into(),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().filter(of_this).map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(parameters.signed_by(&issuer).map_err(PkiError::from_writer)?.der().to_vec())
    }

    pub(super) fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

fn parameters(name: &EntityName, role: Role, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = name.distinguished_name()?;
    parameters.not_before = validity.not_before().into();
    parameters.not_after = validity.not_after().into();
    match role {
        Role::CertificateAuthority(below) => {
            parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
            parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        }
        Role::DocumentSigner => {
            parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
            let document_signing = vec![1, 3, 6, 1, 5, 5, 7, 3, 36]; // RFC 9336
            parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(document_signing)];
        }
        Role::TimeStampAuthority => {
            parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
            parameters.custom_extensions = vec![critical_time_stamping()];
        }
    }
    Ok(parameters)
}

/// A critical extKeyUsage with timeStamping alone (RFC 3161 §2.3), which the writer has no parameter for.
fn critical_time_stamping() -> CustomExtension {
    let mut purposes = Writer::new();
    purposes.constructed(Tag::SEQUENCE, |purposes| purposes.oid(&oid::KP_TIME_STAMPING));
    let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], purposes.into_der());
    extension.set_criticality(true);
    extension
}
