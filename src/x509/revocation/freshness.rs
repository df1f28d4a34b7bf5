//! Whether evidence is of the time that is asked about.

use std::time::Duration;

use crate::time::Instant;

/// How old revocation evidence may be.
///
/// Evidence speaks for a time `at` when it was issued by then and the next issue was not due (`thisUpdate <= at <
/// nextUpdate`), or when it was issued later: a list of tomorrow knows what was revoked today. What was issued after the
/// time at which it is said to be at hand is not evidence.
///
/// The default asks for a nextUpdate and for nothing else: without nextUpdate and without a maximum age, evidence would
/// be good for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Freshness {
    /// The longest time from thisUpdate to the time asked about. With it, evidence need not have a nextUpdate.
    #[serde(rename = "maxAgeSeconds", with = "crate::time::seconds::optional")]
    pub max_age: Option<Duration>,
}

impl Freshness {
    /// Evidence that is not older than `max_age`, and whose nextUpdate, if it has one, has not come.
    #[must_use]
    pub fn max_age(max_age: Duration) -> Self {
        Self { max_age: Some(max_age) }
    }

    pub(in crate::x509) fn check(
        &self,
        this_update: Instant,
        next_update: Option<Instant>,
        at: Instant,
        known_at: Instant,
    ) -> Result<(), Untimely> {
        if this_update > known_at {
            return Err(Untimely::Future { this_update, known_at });
        }
        if this_update > at {
            return Ok(());
        }
        if let Some(next_update) = next_update.filter(|next_update| at >= *next_update) {
            return Err(Untimely::Stale { next_update, at });
        }
        match self.max_age {
            Some(max_age) if this_update.checked_add(max_age).is_some_and(|end| end < at) => {
                Err(Untimely::TooOld { this_update, at, max_age_seconds: max_age.as_secs() })
            }
            None if next_update.is_none() => Err(Untimely::NoNextUpdate),
            _ => Ok(()),
        }
    }
}

/// Why evidence is not of the time asked about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Untimely {
    /// It was issued later than it is said to be at hand.
    #[error("issued {this_update}, after {known_at}, when it was at hand")]
    Future {
        /// thisUpdate.
        this_update: Instant,
        /// When it was at hand.
        known_at: Instant,
    },
    /// Newer evidence was due.
    #[error("stale: newer was due on {next_update}, asked for {at}")]
    Stale {
        /// nextUpdate.
        next_update: Instant,
        /// The time asked about.
        at: Instant,
    },
    /// It is older than [`Freshness::max_age`] allows.
    #[error("issued {this_update}, more than {max_age_seconds} seconds before {at}")]
    TooOld {
        /// thisUpdate.
        this_update: Instant,
        /// The time asked about.
        at: Instant,
        /// The maximum age.
        max_age_seconds: u64,
    },
    /// It does not say when newer is due, and no maximum age is set.
    #[error("it does not say when newer is due, and no maximum age is set")]
    NoNextUpdate,
}

impl Untimely {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Future { .. } => "revocation-evidence-of-the-future",
            Self::Stale { .. } => "revocation-evidence-stale",
            Self::TooOld { .. } => "revocation-evidence-too-old",
            Self::NoNextUpdate => "revocation-evidence-without-next-update",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_unix_seconds(second).unwrap()
    }

    #[test]
    fn evidence_speaks_from_its_issue_until_the_next_and_for_all_before() {
        let check = |this, next: Option<i64>, asked, known| {
            let answer = Freshness::default().check(at(this), next.map(at), at(asked), at(known));
            answer.map_err(|reason| reason.code())
        };
        assert_eq!(check(10, Some(20), 10, 10), Ok(()));
        assert_eq!(check(10, Some(20), 19, 19), Ok(()));
        assert_eq!(check(10, Some(20), 20, 20), Err("revocation-evidence-stale"));
        // Issued after the time asked about, and at hand: it knows, even when newer was due since.
        assert_eq!(check(10, Some(20), 9, 10), Ok(()));
        assert_eq!(check(10, Some(20), 9, 99), Ok(()));
        assert_eq!(check(10, Some(20), 9, 9), Err("revocation-evidence-of-the-future"));
        assert_eq!(check(10, None, 11, 11), Err("revocation-evidence-without-next-update"));
    }

    #[test]
    fn a_maximum_age_counts_to_the_second_and_stands_in_for_next_update() {
        let freshness = Freshness::max_age(Duration::from_secs(5));
        assert_eq!(freshness.check(at(10), None, at(15), at(15)), Ok(()));
        let old = freshness.check(at(10), None, at(16), at(16)).unwrap_err();
        assert_eq!(old.to_string(), "issued 1970-01-01T00:00:10Z, more than 5 seconds before 1970-01-01T00:00:16Z");
        assert_eq!(
            freshness.check(at(10), Some(at(12)), at(12), at(12)).unwrap_err().to_string(),
            "stale: newer was due on 1970-01-01T00:00:12Z, asked for 1970-01-01T00:00:12Z"
        );
    }
}
