//! What was found about an evidence record.

use std::fmt;

use crate::ers::Renewal;
use crate::report::{CertificateSummary, Check, Indication, SubIndication, conclusion};
use crate::time::Instant;

/// The verdict on one evidence record that was given beside the file, over all octets of the file.
///
/// A record that does not hold proves nothing; it makes no signature worse.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceRecordReport {
    indication: Indication,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<SubIndication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proven_time: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    renew_before: Option<Instant>,
    archive_time_stamps: Vec<ArchiveTimeStampReport>,
    checks: Vec<Check>,
}

impl EvidenceRecordReport {
    /// `proven` is the time that is proven and the time before which the record has to be renewed.
    pub(crate) fn new(
        proven: Option<(Instant, Instant)>,
        archive_time_stamps: Vec<ArchiveTimeStampReport>,
        checks: Vec<Check>,
    ) -> Self {
        let (indication, sub_indication) = conclusion(&checks);
        let (proven_time, renew_before) = proven.unzip();
        Self { indication, sub_indication, proven_time, renew_before, archive_time_stamps, checks }
    }

    /// The verdict on this record.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// Why it is not [`Indication::TotalPassed`].
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.sub_indication
    }

    /// The time at which the file is proven to have existed; `None` when the record does not hold.
    #[must_use]
    pub fn proven_time(&self) -> Option<Instant> {
        self.proven_time
    }

    /// When the record has to be renewed at the latest; `None` when it does not hold.
    #[must_use]
    pub fn renew_before(&self) -> Option<Instant> {
        self.renew_before
    }

    /// The archive time-stamps, in the order of the record.
    pub fn archive_time_stamps(&self) -> &[ArchiveTimeStampReport] {
        &self.archive_time_stamps
    }

    /// The checks, in the order in which they were made.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

impl fmt::Display for EvidenceRecordReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        if let Some(time) = self.proven_time {
            write!(f, "\n  proven at    {time}")?;
        }
        if let Some(time) = self.renew_before {
            write!(f, "\n  renew before {time}")?;
        }
        self.checks.iter().try_for_each(|check| write!(f, "\n  {check}"))?;
        for (position, one) in self.archive_time_stamps.iter().enumerate() {
            write!(f, "\n  archive time-stamp {} of {}: {one}", position + 1, self.archive_time_stamps.len())?;
        }
        Ok(())
    }
}

/// The verdict on one archive time-stamp.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArchiveTimeStampReport {
    renewal: Renewal,
    indication: Indication,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<SubIndication>,
    unverified_time: Instant,
    until: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<CertificateSummary>,
    checks: Vec<Check>,
}

impl ArchiveTimeStampReport {
    /// A time-stamp of the first time, that had to hold until the second.
    pub(crate) fn new(
        renewal: Renewal,
        (unverified_time, until): (Instant, Instant),
        authority: Option<CertificateSummary>,
        checks: Vec<Check>,
    ) -> Self {
        let (indication, sub_indication) = conclusion(&checks);
        Self { renewal, indication, sub_indication, unverified_time, until, authority, checks }
    }

    /// What it is over.
    #[must_use]
    pub fn renewal(&self) -> Renewal {
        self.renewal
    }

    /// The verdict on this archive time-stamp, until the time of the next.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// Why it is not [`Indication::TotalPassed`].
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.sub_indication
    }

    /// The token's `genTime`, whether or not the token holds.
    #[must_use]
    pub fn unverified_time(&self) -> Instant {
        self.unverified_time
    }

    /// The time until which it had to hold: that of the next one, or that of validation.
    #[must_use]
    pub fn until(&self) -> Instant {
        self.until
    }

    /// The authority's certificate, when the token holds.
    #[must_use]
    pub fn authority(&self) -> Option<&CertificateSummary> {
        self.authority.as_ref()
    }

    /// The checks.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }
}

impl fmt::Display for ArchiveTimeStampReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let over = match self.renewal {
            Renewal::Initial => "over the file",
            Renewal::TimeStamp => "over the one before",
            Renewal::HashTree => "over the file and all before",
        };
        write!(f, "{over}, {}", self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        write!(f, ", {}", self.unverified_time)?;
        if let Some(authority) = &self.authority {
            write!(f, "\n    stamped by   {}", authority.subject)?;
        }
        self.checks.iter().try_for_each(|check| write!(f, "\n    {check}"))
    }
}
