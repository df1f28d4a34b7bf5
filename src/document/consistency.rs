//! What the members of a document say of each other.

use std::time::Duration;

use crate::codes::{DocumentKind, DocumentNumber, EntityCode};
use crate::time::Instant;

use super::Document;

/// Two members of a document contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Inconsistency {
    /// The issuer is not the entity in the number.
    #[error("issuer is {issuer}, the entity in number {number} is {}", .number.entity())]
    Issuer {
        /// The issuer.
        issuer: EntityCode,
        /// The number.
        number: DocumentNumber,
    },
    /// The kind is not the kind in the number.
    #[error("kind is {kind}, the kind in number {number} is {}", .number.kind())]
    Kind {
        /// The kind.
        kind: DocumentKind,
        /// The number.
        number: DocumentNumber,
    },
    /// The moment of issue is not in the year in the number, on no clock of the world.
    #[error("issued at {issued_at}, the year in number {number} is {:04}", .number.year())]
    Year {
        /// The moment of issue.
        issued_at: Instant,
        /// The number.
        number: DocumentNumber,
    },
}

impl Inconsistency {
    /// A stable name for the kind of contradiction.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Issuer { .. } => "document-issuer-not-of-number",
            Self::Kind { .. } => "document-kind-not-of-number",
            Self::Year { .. } => "document-year-not-of-number",
        }
    }
}

impl<B> Document<B> {
    /// What the members contradict each other in; nothing for a document that [`Document::builder`] made.
    ///
    /// Reading does not refuse contradictions: a document with the number of one entity and the name of another is
    /// readable, and to be reported as what it is.
    #[must_use]
    pub fn inconsistencies(&self) -> Vec<Inconsistency> {
        inconsistencies(self.number(), self.issuer(), self.kind(), self.issued_at())
    }
}

/// What these members of one document contradict each other in.
pub(super) fn inconsistencies(
    number: DocumentNumber,
    issuer: EntityCode,
    kind: DocumentKind,
    issued_at: Instant,
) -> Vec<Inconsistency> {
    let mut found = Vec::new();
    if issuer != number.entity() {
        found.push(Inconsistency::Issuer { issuer, number });
    }
    if kind != number.kind() {
        found.push(Inconsistency::Kind { kind, number });
    }
    if !is_in_year(issued_at, number.year()) {
        found.push(Inconsistency::Year { issued_at, number });
    }
    found
}

/// Whether some clock of the world shows a time in `year` at `instant`. The year in a number is that of the issuer's
/// wall, the instant is UTC; civil time runs from 12 hours behind UTC to 14 ahead of it.
pub(super) fn is_in_year(instant: Instant, year: u16) -> bool {
    if instant.year() == year {
        return true;
    }
    let first = instant.checked_sub(WESTMOST).map_or(instant.year(), Instant::year);
    let last = instant.checked_add(EASTMOST).map_or(instant.year(), Instant::year);
    (first..=last).contains(&year)
}

const WESTMOST: Duration = Duration::from_secs(12 * 60 * 60);

const EASTMOST: Duration = Duration::from_secs(14 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_is_that_of_some_clock_of_the_world() {
        let in_2025 = |text: &str| is_in_year(text.parse().unwrap(), 2025);
        assert!(in_2025("2025-01-01T00:00:00Z") && in_2025("2025-12-31T23:59:59Z"));
        assert!(in_2025("2024-12-31T10:00:00Z") && !in_2025("2024-12-31T09:59:59Z"));
        assert!(in_2025("2026-01-01T11:59:59Z") && !in_2025("2026-01-01T12:00:00Z"));
        // At the ends of time there is no clock further on.
        assert!(is_in_year("9999-12-31T23:59:59Z".parse().unwrap(), 9999));
        assert!(is_in_year("0000-01-01T00:00:00Z".parse().unwrap(), 0));
    }
}
