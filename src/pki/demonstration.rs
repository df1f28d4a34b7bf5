//! A national PKI in memory, for demonstrations and tests.

use std::fmt;
use std::time::Duration;

use crate::budget::Limits;
use crate::crypto::{GeneratedKey, JwsAlgorithm, Pkcs8Octets, PublicKey, Signer, SoftwareKey};
use crate::oid::Oid;
use crate::pki::authority::{CertificateAuthority, RevokedCertificate, Role};
use crate::pki::{EntityName, PkiError};
use crate::policy::ValidationPolicy;
use crate::time::{Instant, TimeError, Validity};
use crate::tsp::Authority;
use crate::x509::crl::Crl;
use crate::x509::path::RevocationPolicy;
use crate::x509::revocation::RevocationEvidence;
use crate::x509::{Certificate, TrustAnchor, TrustStore};

/// A root CA, a ministry's CA under it, and a time-stamping authority under a root of its own.
///
/// ```
/// use wathiqa::codes::CodingScheme;
/// use wathiqa::crypto::JwsAlgorithm;
/// use wathiqa::pki::{DemonstrationPki, EntityName};
///
/// let pki = DemonstrationPki::new("2025-03-01T09:30:00Z".parse()?)?;
/// let scheme = CodingScheme::default();
/// let name = EntityName::new("1234567889".parse()?, &scheme, "SY", "وزارة العدل", "Ministry of Justice seal")?;
/// let issued = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
/// assert_eq!(issued.chain.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct DemonstrationPki {
    root: CertificateAuthority,
    ministry_ca: CertificateAuthority,
    time_stamp_root: CertificateAuthority,
    time_stamp_authority: Authority<SoftwareKey>,
    /// Of the certificates of signers.
    signer_validity: Validity,
}

impl fmt::Debug for DemonstrationPki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemonstrationPki").field("root", self.root()).finish_non_exhaustive()
    }
}

/// A key made for an entity, and the chain of its certificate.
#[derive(Debug)]
#[non_exhaustive]
pub struct IssuedKey {
    /// The key.
    pub key: SoftwareKey,
    /// Its PKCS#8 form, for a demonstration that stores it.
    pub pkcs8: Pkcs8Octets,
    /// The certificate, then the CA that issued it; the root is left out.
    pub chain: Vec<Certificate>,
}

impl DemonstrationPki {
    /// A PKI whose certificates begin a day before `now`: roots end after 20 years, the ministry's CA and the
    /// time-stamping authority after 10, signers after 2.
    ///
    /// # Errors
    /// [`PkiError::Key`] when the system gives no randomness, [`PkiError::Time`] near the ends of the calendar.
    pub fn new(now: Instant) -> Result<Self, PkiError> {
        let years = |years: u32| -> Result<Validity, PkiError> {
            let not_before = now.whole_seconds().checked_sub(DAY).ok_or(TimeError::OutOfRange)?;
            let not_after = not_before.checked_add(DAY.saturating_mul(365).saturating_mul(years));
            Ok(Validity::new(not_before, not_after.ok_or(TimeError::OutOfRange)?)?)
        };
        let name = |common_name| EntityName::without_code("SY", "Demonstration", common_name);
        let root = CertificateAuthority::root(&name("Demonstration National Root CA")?, 1, years(20)?)?;
        let ministry_ca = root.subordinate(&name("Demonstration Ministries CA")?, years(10)?)?;
        let time_stamp_root = CertificateAuthority::root(&name("Demonstration Time-stamp Root CA")?, 0, years(20)?)?;
        let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
        let tsa_name = name("Demonstration Time-stamp Authority")?;
        let role = Role::TimeStampAuthority;
        let certificate = time_stamp_root.certify(&tsa_name, key.public_key(), role, years(10)?)?;
        let time_stamp_authority = Authority::new(key, vec![certificate], policy()?)?;
        Ok(Self { root, ministry_ca, time_stamp_root, time_stamp_authority, signer_validity: years(2)? })
    }

    /// Makes a key of `algorithm` for the entity of `name`, and its certificate.
    ///
    /// # Errors
    /// [`PkiError::Key`] for an RSA algorithm, whose keys come from elsewhere: see [`certify`](Self::certify).
    pub fn issue_signer(&self, name: &EntityName, algorithm: JwsAlgorithm) -> Result<IssuedKey, PkiError> {
        let GeneratedKey { key, pkcs8, .. } = SoftwareKey::generate(algorithm)?;
        let chain = self.certify(name, key.public_key())?;
        Ok(IssuedKey { key, pkcs8, chain })
    }

    /// A certificate for the entity of `name` over a key that is somewhere else, and the CA that issued it.
    ///
    /// # Errors
    /// [`PkiError::Writer`] for a key of a kind that no certificate is made for.
    pub fn certify(&self, name: &EntityName, key: &PublicKey) -> Result<Vec<Certificate>, PkiError> {
        let certificate = self.ministry_ca.certify(name, key, Role::DocumentSigner, self.signer_validity)?;
        Ok(vec![certificate, self.ministry_ca.certificate().clone()])
    }

    /// The CRLs of the PKI's three CAs, DER, issued at `this_update` and good for 30 days, that list `revoked`.
    ///
    /// # Errors
    /// [`PkiError::Time`] near the end of the calendar.
    pub fn crls(&self, this_update: Instant, revoked: &[RevokedCertificate<'_>]) -> Result<Vec<Vec<u8>>, PkiError> {
        let this_update = this_update.whole_seconds();
        let next_update = this_update.checked_add(DAY.saturating_mul(30)).ok_or(TimeError::OutOfRange)?;
        let period = Validity::new(this_update, next_update)?;
        [&self.root, &self.ministry_ca, &self.time_stamp_root].into_iter().map(|ca| ca.crl(period, revoked)).collect()
    }

    /// The same CRLs, read, as a verifier takes them.
    ///
    /// # Errors
    /// As [`crls`](Self::crls).
    pub fn revocation_evidence(
        &self,
        this_update: Instant,
        revoked: &[RevokedCertificate<'_>],
    ) -> Result<RevocationEvidence, PkiError> {
        let limits = Limits::default();
        let crls = self.crls(this_update, revoked)?;
        let crls = crls.iter().map(|der| Crl::from_der(der, &limits)).collect::<Result<_, _>>()?;
        Ok(RevocationEvidence::new(crls, Vec::new()))
    }

    /// The policy of a verifier that trusts this PKI, by the defaults of [`ValidationPolicy::new`].
    #[must_use]
    pub fn validation_policy(&self) -> ValidationPolicy {
        ValidationPolicy::new(self.trust_store(), self.time_stamp_trust_store(), RevocationPolicy::default())
    }

    /// Trust in the root, for signers.
    #[must_use]
    pub fn trust_store(&self) -> TrustStore {
        TrustStore::from_iter([TrustAnchor::from_certificate(self.root().clone())])
    }

    /// Trust in the root of time-stamps.
    #[must_use]
    pub fn time_stamp_trust_store(&self) -> TrustStore {
        TrustStore::from_iter([TrustAnchor::from_certificate(self.time_stamp_root().clone())])
    }

    /// The trust anchor of signers.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        self.root.certificate()
    }

    /// The CA of the ministries, under the root.
    #[must_use]
    pub fn ministry_ca(&self) -> &Certificate {
        self.ministry_ca.certificate()
    }

    /// The trust anchor of the time-stamping authority.
    #[must_use]
    pub fn time_stamp_root(&self) -> &Certificate {
        self.time_stamp_root.certificate()
    }

    /// The time-stamping authority.
    #[must_use]
    pub fn time_stamp_authority(&self) -> &Authority<SoftwareKey> {
        &self.time_stamp_authority
    }
}

const DAY: Duration = Duration::from_secs(86_400);

/// A policy under 2.999, the arc that X.660 keeps for examples.
fn policy() -> Result<Oid, PkiError> {
    "2.999.3161.1".parse().map_err(|error: crate::oid::OidError| PkiError::Writer { reason: error.to_string() })
}
