//! Augmentation: adding to a signature what it needs to be judged decades later (TS 119 182-1 §6, EN 319 102-1 §4).
//!
//! ```text
//! B-B -> B-T     sigTst
//!     -> B-LT    xVals, rVals (of the signer), tstVD (of the time-stamps), anyValData (whatever else)
//!     -> B-LTA   arcTst
//! again  B-LTA   tstVD, anyValData, arcTst
//! ```
//! [`Augmenter::augment`] goes from whatever level a file has to the one asked for, in that order, and gives the file with
//! [`Augmented::renewal_due`]: the day before which it has to be time-stamped again. Items go behind those that are there;
//! no octet of the file is written anew, and none is moved.
//!
//! A file is augmented when its signature holds, by the policy and the evidence at hand, and only then: so revoked, expired,
//! self-signed and untrusted chains are refused, as is what could not be verified for lack of data. The result is validated
//! again at its new level before it is given out.
//!
//! **Refused** beside: compact forms, which have no unprotected header; `etsiU` in clear or mixed; a level that the file has
//! already, but for another round of B-LTA; an archive time-stamp without the signed data at hand.

mod error;
mod place;
mod source;
mod splice;
mod validation_data;

use crate::budget::Limits;
use crate::digest::DigestAlgorithm;
use crate::jades::BaselineLevel;
use crate::policy::{RequiredLevel, ValidationPolicy};
use crate::report::{Indication, Report, SignatureReport};
use crate::time::Instant;
use crate::tsp::{TimeStampRequest, TimeStampToken, Transport, request_token};
use crate::validation::{self, Evidence, archive_imprint};

use place::Place;
use validation_data::Missing;

pub use error::AugmentError;
pub use source::{Fetched, SourceError, ValidationDataSource, Wanted};

/// Augments signatures by one policy, with time-stamps of one authority.
#[derive(Debug)]
pub struct Augmenter<'a, T> {
    policy: &'a ValidationPolicy,
    time_stamps: T,
    source: Option<&'a dyn ValidationDataSource>,
    signature: usize,
}

/// A file that was augmented.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Augmented {
    /// The file.
    pub octets: Vec<u8>,
    /// When it must be augmented to B-LTA, again or for the first time, at the latest: the first end of the certificates
    /// and the algorithms of its last time-stamp.
    pub renewal_due: Instant,
    /// The verdict on it at its new level, with the evidence given.
    pub report: Report,
}

impl<'a, T: Transport> Augmenter<'a, T> {
    /// Augments the first signature of files that hold by `policy`, whatever level that asks for, with time-stamps that
    /// come over `time_stamps`. It looks for nothing beyond the evidence that is given.
    #[must_use]
    pub fn new(policy: &'a ValidationPolicy, time_stamps: T) -> Self {
        Self { policy, time_stamps, source: None, signature: 0 }
    }

    /// Asks `source` for certificates and revocation data that are missing.
    #[must_use]
    pub fn with_source(mut self, source: &'a dyn ValidationDataSource) -> Self {
        self.source = Some(source);
        self
    }

    /// Augments the signature at `position` of a general JSON form, from 0. All signatures of the file have to hold.
    #[must_use]
    pub fn with_signature(mut self, position: usize) -> Self {
        self.signature = position;
        self
    }

    /// Augments `file` to `level` at `at`, by the certificates, CRLs and OCSP responses, and the detached data of
    /// `evidence`.
    ///
    /// # Errors
    /// [`AugmentError`], each with an example; the file is then as it was.
    pub fn augment(
        &self,
        file: &[u8],
        level: BaselineLevel,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<Augmented, AugmentError> {
        let mut evidence = evidence.clone();
        let mut place = Place::read(file, self.signature, self.policy.limits())?;
        let present = place.level;
        if level < present || (level == present && level != BaselineLevel::BLta) || level == BaselineLevel::BB {
            return Err(AugmentError::LevelNotAbove { present, asked: level });
        }
        let mut at = at;
        let mut report = self.judge(&place.octets, present, &mut evidence, at)?;
        if present < BaselineLevel::BT {
            let token = self.token(&place.signature_imprint(DigestAlgorithm::Sha256))?;
            at = at.max(token.unverified_tst_info().gen_time());
            place.append(&[validation_data::time_stamp("sigTst", &token)])?;
            report = self.judge(&place.octets, BaselineLevel::BT, &mut evidence, at)?;
        }
        if level >= BaselineLevel::BLt {
            let is_first = present < BaselineLevel::BLt;
            report = self.add_validation_data(&mut place, is_first, report, &mut evidence, at)?;
        }
        if level == BaselineLevel::BLta {
            let over = (DigestAlgorithm::Sha256, at);
            let imprint = archive_imprint((&place.octets, self.signature), &evidence, self.policy, over);
            let token = self.token(&imprint.ok_or(AugmentError::DataNotGiven)?)?;
            at = at.max(token.unverified_tst_info().gen_time());
            place.append(&[validation_data::time_stamp("arcTst", &token)])?;
            report = self.judge(&place.octets, BaselineLevel::BLta, &mut evidence, at)?;
        }
        let due = self.of(&report).and_then(SignatureReport::renewal_due);
        let renewal_due = due.ok_or_else(|| AugmentError::DoesNotHold(Box::new(report.clone())))?;
        Ok(Augmented { octets: place.octets, renewal_due, report })
    }

    /// B-LT, or what another round of archive time-stamps needs: the data by which the signature and its time-stamps were
    /// found to hold, as far as the file does not have it.
    fn add_validation_data(
        &self,
        place: &mut Place,
        is_first: bool,
        report: Report,
        evidence: &mut Evidence<'_>,
        at: Instant,
    ) -> Result<Report, AugmentError> {
        let missing = match self.of(&report) {
            Some(signature) => Missing::of(place, signature),
            None => return Err(AugmentError::DoesNotHold(Box::new(report))),
        };
        let items = if is_first { missing.items_of_b_lt() } else { missing.items_of_renewal() };
        place.append(&items)?;
        if !is_first {
            return Ok(report);
        }
        let policy = self.policy.clone().with_level(RequiredLevel::BLt);
        let alone = validation::validate(&place.octets, evidence, &policy, at);
        if alone.indication() == Indication::TotalPassed {
            return Ok(alone);
        }
        // What signs revocation data rests on more than the paths show: then all that was given goes in.
        let rest = Missing::of_evidence(place, evidence);
        place.append(&rest.any_validation_data())?;
        self.judge(&place.octets, BaselineLevel::BLt, evidence, at)
    }

    /// The verdict on `octets` at `level`. What is missing is fetched, from the source if there is one, until nothing is.
    fn judge(
        &self,
        octets: &[u8],
        level: BaselineLevel,
        evidence: &mut Evidence<'_>,
        at: Instant,
    ) -> Result<Report, AugmentError> {
        let policy = self.policy.clone().with_level(match level {
            BaselineLevel::BB => RequiredLevel::BB,
            BaselineLevel::BT => RequiredLevel::BT,
            BaselineLevel::BLt => RequiredLevel::BLt,
            BaselineLevel::BLta => RequiredLevel::BLta,
        });
        // Each answer settles one certificate, and a file has no more than so many.
        let mut left = self.policy.limits().path_signatures;
        loop {
            let report = validation::validate(octets, evidence, &policy, at);
            if report.indication() == Indication::TotalPassed {
                return Ok(report);
            }
            let Some(wanted) = self.of(&report).and_then(Wanted::first_of) else {
                return Err(AugmentError::DoesNotHold(Box::new(report)));
            };
            let (Some(source), Some(fewer)) = (self.source, left.checked_sub(1)) else {
                return Err(AugmentError::Missing(wanted));
            };
            left = fewer;
            let fetched = source.fetch(&wanted)?;
            if !fetched.add_to(evidence) {
                return Err(AugmentError::Missing(wanted));
            }
        }
    }

    fn token(&self, imprint: &crate::digest::Digest) -> Result<TimeStampToken, AugmentError> {
        Ok(request_token(&self.time_stamps, &TimeStampRequest::new(imprint), &Limits::default())?)
    }

    fn of<'r>(&self, report: &'r Report) -> Option<&'r SignatureReport> {
        report.signatures().get(self.signature)
    }
}
