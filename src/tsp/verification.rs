//! Judging a time-stamp.

use crate::budget::Budget;
use crate::crypto::{AlgorithmConstraints, SignatureAlgorithm};
use crate::digest::Digest;
use crate::encoding::der::{DerError, Reader, Tag};
use crate::oid::{self, Oid};
use crate::time::Instant;
use crate::tsp::{Accuracy, SerialNumber, StampedData, TimeStampError, TimeStampRequest, TimeStampToken, TstInfo};
use crate::x509::path::{self, CertificationPath, PathInputs, PathSettings, Purpose};
use crate::x509::revocation::RevocationEvidence;
use crate::x509::{AnchorUse, Certificate, Name, TrustStore};

/// What a time-stamp is judged with.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct VerificationInputs<'a> {
    /// What the time-stamp must be about.
    pub data: StampedData<'a>,
    /// The request it must answer, if that is at hand.
    pub request: Option<&'a TimeStampRequest>,
    /// The policies one of which it must be under; `None` for any.
    pub policies: Option<&'a [Oid]>,
    /// Certificates beside those in the token: the signer's, intermediate ones.
    pub pool: &'a [Certificate],
    /// CRLs and OCSP responses, for settings that ask about revocation.
    pub evidence: Option<&'a RevocationEvidence>,
    /// Whom to trust for time-stamps.
    pub trust_store: &'a TrustStore,
    /// What is asked of the authority's path, and which algorithms and keys to rely on, in the token too. The purpose is
    /// [`Purpose::TimeStamping`] whatever it says there.
    pub settings: &'a PathSettings,
    /// The time of validation: no time-stamp can be from later.
    pub at: Instant,
    /// A time at which the token is known to have existed: that of a valid later time-stamp over it. Whoever got the
    /// authority's key afterwards did not make the token, so a later revocation does not count.
    pub existed_at: Option<Instant>,
}

impl<'a> VerificationInputs<'a> {
    /// Inputs without a request, for any policy, without certificates beside those in the token.
    #[must_use]
    pub fn new(data: StampedData<'a>, trust_store: &'a TrustStore, settings: &'a PathSettings, at: Instant) -> Self {
        let (request, policies, evidence, existed_at) = (None, None, None, None);
        Self { data, request, policies, pool: &[], evidence, trust_store, settings, at, existed_at }
    }
}

/// Verifies `token` (RFC 3161 §2.2 and §2.4.2, RFC 5816, RFC 5652 §5.6).
///
/// # Errors
/// [`TimeStampError`], from the first step that fails:
/// 1. the time-stamp is about the data;
/// 2. the hash function of its imprint is relied on;
/// 3. it answers the request: imprint, nonce, policy;
/// 4. its policy is accepted;
/// 5. the signer's certificate is at hand, the signed attributes name it, and its key signed the token;
/// 6. the signer's certificate has the name that the token gives the authority;
/// 7. there is a path from it to a trust anchor, valid at the time of the time-stamp, and it may sign time-stamps; where
///    revocation is asked about, no certificate of it was revoked before that time, nor later, up to
///    [`VerificationInputs::existed_at`] if that is known, for a reason that leaves open who had the key (RFC 3161 §4);
/// 8. that time is not after the time of validation.
pub fn verify(
    token: &TimeStampToken,
    inputs: &VerificationInputs<'_>,
    budget: &mut Budget,
) -> Result<ProofOfExistence, TimeStampError> {
    let tst_info = token.unverified_tst_info();
    // 1.
    token.check_imprint(inputs.data)?;
    // 2.
    let imprint = tst_info.message_imprint();
    let algorithms = &inputs.settings.algorithms;
    algorithms.check_digest_of(token.as_der(), imprint.algorithm()).map_err(TimeStampError::Constraint)?;
    // 3.
    inputs.request.map_or(Ok(()), |request| token.check_request(request))?;
    // 4.
    check_policy(tst_info, inputs.policies)?;
    // 5.
    let signer = token.verify_signature(inputs.pool, &inputs.settings.algorithms)?.signer();
    // 6.
    check_name(tst_info, signer)?;
    // 7.
    let path = build_path(token, signer, inputs, budget)?;
    // 8.
    let gen_time = tst_info.gen_time();
    if gen_time > inputs.at {
        return Err(TimeStampError::FromTheFuture { gen_time, at: inputs.at });
    }
    let signature_algorithm = token.signer_info().signature_algorithm();
    Ok(ProofOfExistence { tst_info: tst_info.clone(), signature_algorithm, path })
}

fn check_policy(tst_info: &TstInfo, accepted: Option<&[Oid]>) -> Result<(), TimeStampError> {
    if accepted.is_none_or(|accepted| accepted.contains(tst_info.policy())) {
        return Ok(());
    }
    Err(TimeStampError::Policy { found: tst_info.policy().clone() })
}

fn check_name(tst_info: &TstInfo, signer: &Certificate) -> Result<(), TimeStampError> {
    match tst_info.tsa_der().map(|tsa| has_name(signer, tsa)) {
        None | Some(Ok(true)) => Ok(()),
        Some(_) => Err(TimeStampError::TsaName),
    }
}

/// Whether the GeneralName `tsa` is the subject of `certificate` or one of its alternative names.
fn has_name(certificate: &Certificate, tsa: &[u8]) -> Result<bool, DerError> {
    let name = Reader::new(tsa).read_any()?;
    let is_subject = || Name::from_der(name.contents()).is_ok_and(|name| name.matches(certificate.subject()));
    if name.tag() == Tag::context_constructed(4) && is_subject() {
        return Ok(true);
    }
    let Some(extension) = certificate.extension(&oid::CE_SUBJECT_ALT_NAME) else { return Ok(false) };
    let mut alternatives = Reader::new(extension.value()).read(Tag::SEQUENCE)?.reader();
    while !alternatives.is_empty() {
        if alternatives.read_any()?.as_der() == tsa {
            return Ok(true);
        }
    }
    Ok(false)
}

fn build_path(
    token: &TimeStampToken,
    signer: &Certificate,
    inputs: &VerificationInputs<'_>,
    budget: &mut Budget,
) -> Result<CertificationPath, TimeStampError> {
    let pool: Vec<Certificate> = token.certificates().iter().chain(inputs.pool).cloned().collect();
    let (purpose, anchor_use) = (Purpose::TimeStamping, Some(AnchorUse::TimeStamps));
    let settings = PathSettings { purpose, anchor_use, ..inputs.settings.clone() };
    let gen_time = token.unverified_tst_info().gen_time();
    let mut path_inputs = PathInputs::new(signer, inputs.trust_store, gen_time, &settings);
    path_inputs.pool = &pool;
    path_inputs.evidence = inputs.evidence;
    path_inputs.known_at = inputs.at.max(gen_time);
    path_inputs.existed_at = inputs.existed_at;
    Ok(path::build(&path_inputs, budget)?)
}

/// Proof that data existed at a time: a time-stamp that was verified in full. [`verify`] alone makes one.
#[derive(Debug, Clone)]
pub struct ProofOfExistence {
    tst_info: TstInfo,
    signature_algorithm: SignatureAlgorithm,
    path: CertificationPath,
}

impl ProofOfExistence {
    /// The time of the time-stamp.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.tst_info.gen_time()
    }

    /// What is proven: the data existed at this instant at the latest, which is the time plus the accuracy.
    #[must_use]
    pub fn latest(&self) -> Instant {
        self.tst_info.latest()
    }

    /// The accuracy, if it is stated.
    #[must_use]
    pub fn accuracy(&self) -> Option<Accuracy> {
        self.tst_info.accuracy()
    }

    /// The digest of the data.
    #[must_use]
    pub fn imprint(&self) -> &Digest {
        self.tst_info.message_imprint()
    }

    /// The policy of the authority.
    #[must_use]
    pub fn policy(&self) -> &Oid {
        self.tst_info.policy()
    }

    /// The number the authority gave the time-stamp.
    #[must_use]
    pub fn serial_number(&self) -> &SerialNumber {
        self.tst_info.serial_number()
    }

    /// Until when the time-stamp may be relied on by itself: the first end of the certificates of its path, and of the
    /// algorithms of `constraints` that it rests on. Before that a later time-stamp has to cover it.
    #[must_use]
    pub fn good_until(&self, constraints: &AlgorithmConstraints) -> Instant {
        let of_token = constraints.end(self.signature_algorithm, self.path.public_key()).ok().flatten();
        let of_imprint = constraints.end_of_digest(self.imprint().algorithm()).ok().flatten();
        let ends = self.path.first_end(constraints).into_iter().chain(of_token).chain(of_imprint);
        ends.chain([self.path.validity().not_after()]).min().unwrap_or_else(|| self.time())
    }

    /// The path from the authority's certificate to the trust anchor, valid at [`time`](Self::time).
    pub fn path(&self) -> &CertificationPath {
        &self.path
    }
}
