//! Subjects that certify each other, made by `rcgen` in memory: any shape of public-key infrastructure for tests of paths.
//!
//! ```ignore
//! #[path = "support/issuing.rs"]
//! mod issuing;
//!
//! let root = Subject::root("Root");
//! let ministry = root.issue(with(authority("Ministry"), |params| params.not_after = date_time_ymd(2025, 2, 1)));
//! let signer = ministry.signer("Registrar");
//! build(&signer, &[&ministry.certificate], &store(&[&root]))
//! ```

#![allow(dead_code, reason = "each test uses a part of this")]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]
#![allow(clippy::unwrap_used, reason = "what cannot be made is a failed test")]

use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use wathiqa::budget::{Budget, Limits};
use wathiqa::x509::path::{self, CertificationPath, PathError, PathInputs, PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};

/// Within the validity of everything made here.
pub const NOW: &str = "2025-06-01T00:00:00Z";

/// A subject that can issue: its name, its key, its certificate.
pub struct Subject {
    pub params: CertificateParams,
    pub key: KeyPair,
    pub certificate: Certificate,
}

impl Subject {
    pub fn root(name: &str) -> Self {
        Self::self_signed(authority(name))
    }

    pub fn self_signed(params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = read(&params.self_signed(&key).unwrap());
        Self { params, key, certificate }
    }

    pub fn issue(&self, params: CertificateParams) -> Self {
        self.issue_for(params, KeyPair::generate().unwrap())
    }

    pub fn issue_for(&self, params: CertificateParams, key: KeyPair) -> Self {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = read(&params.signed_by(&key, &issuer).unwrap());
        Self { params, key, certificate }
    }

    /// Another certificate for this subject's key, by `issuer`.
    pub fn certified_by(&self, issuer: &Self, change: impl FnOnce(&mut CertificateParams)) -> Certificate {
        let mut params = self.params.clone();
        change(&mut params);
        read(&params.signed_by(&self.key, &Issuer::from_params(&issuer.params, &issuer.key)).unwrap())
    }

    pub fn authority(&self, name: &str) -> Self {
        self.issue(authority(name))
    }

    pub fn signer(&self, name: &str) -> Self {
        self.issue(end_entity(name))
    }
}

pub fn read(made: &rcgen::Certificate) -> Certificate {
    Certificate::from_der(made.der()).unwrap()
}

pub fn end_entity(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = rcgen::date_time_ymd(2026, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

pub fn authority(name: &str) -> CertificateParams {
    let mut params = end_entity(name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

pub fn with(mut params: CertificateParams, change: impl FnOnce(&mut CertificateParams)) -> CertificateParams {
    change(&mut params);
    params
}

pub fn settings(purpose: Purpose) -> PathSettings {
    PathSettings::new(purpose, RevocationPolicy::Skip)
}

pub fn store(anchors: &[&Subject]) -> TrustStore {
    anchors.iter().map(|anchor| TrustAnchor::from_certificate(anchor.certificate.clone())).collect()
}

/// A path from `anchors` to `leaf` through `pool`, now, for any purpose.
pub fn build(leaf: &Subject, pool: &[&Certificate], anchors: &TrustStore) -> Result<CertificationPath, PathError> {
    build_with(leaf, pool, anchors, NOW, &settings(Purpose::Any), &Limits::default())
}

pub fn build_with(
    leaf: &Subject,
    pool: &[&Certificate],
    anchors: &TrustStore,
    at: &str,
    settings: &PathSettings,
    limits: &Limits,
) -> Result<CertificationPath, PathError> {
    let pool: Vec<Certificate> = pool.iter().map(|certificate| (*certificate).clone()).collect();
    let mut inputs = PathInputs::new(&leaf.certificate, anchors, at.parse().unwrap(), settings);
    inputs.pool = &pool;
    path::build(&inputs, &mut Budget::new(limits))
}

pub fn refusal(result: Result<CertificationPath, PathError>) -> String {
    result.unwrap_err().to_string()
}
