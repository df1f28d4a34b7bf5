//! Revocation after the time that is asked about.

use crate::time::Instant;
use crate::x509::crl::RevocationReason;

/// What it means that a certificate was revoked after the time asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LaterRevocation {
    /// Nothing: that something was signed by then is known from elsewhere, such as from a time-stamp.
    Ignore,
    /// The certificate counts as revoked from the beginning, unless the reason says that the key stayed where it was: only
    /// the holder of the key says that the time was that. So it is with time-stamps themselves (RFC 3161 §4): whoever has
    /// the key of an authority, or of a CA above it, makes time-stamps of any time. Signers of revocation evidence are
    /// always judged so.
    Count,
    /// As [`Count`](Self::Count), for revocations up to this time. What was signed is known to have existed then, such as
    /// from a later time-stamp over a time-stamp: whoever got the key afterwards did not make it.
    CountUntil(Instant),
}

impl LaterRevocation {
    /// Whether a revocation that came later, `since` and for `reason`, leaves the time before it as it was.
    pub(super) fn leaves_earlier(self, since: Instant, reason: Option<RevocationReason>) -> bool {
        let key_stayed = || reason.is_some_and(|reason| KEY_STAYED.contains(&reason));
        match self {
            Self::Ignore => true,
            Self::Count => key_stayed(),
            Self::CountUntil(known) => since > known || key_stayed(),
        }
    }
}

/// The reasons that RFC 3161 §4 has for an authority whose key was not compromised. Without a reason it may have been.
const KEY_STAYED: [RevocationReason; 4] = [
    RevocationReason::Unspecified,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reason_that_clears_the_key_leaves_what_was_before() {
        use RevocationReason as Reason;
        let cleared =
            [Reason::Unspecified, Reason::AffiliationChanged, Reason::Superseded, Reason::CessationOfOperation];
        let others = [
            Reason::KeyCompromise,
            Reason::CaCompromise,
            Reason::AaCompromise,
            Reason::CertificateHold,
            Reason::PrivilegeWithdrawn,
        ];
        let since = |text: &str| text.parse::<Instant>().unwrap();
        let revoked = since("2026-03-01T00:00:00Z");
        let leaves = |later: LaterRevocation, reason| later.leaves_earlier(revoked, reason);
        let [at_that_time, before] = [revoked, since("2026-02-28T23:59:59Z")].map(LaterRevocation::CountUntil);
        for later in [LaterRevocation::Count, at_that_time] {
            assert!(cleared.into_iter().all(|reason| leaves(later, Some(reason))));
            assert!(!others.into_iter().any(|reason| leaves(later, Some(reason))));
            assert!(!leaves(later, None));
        }
        for later in [LaterRevocation::Ignore, before] {
            assert!(cleared.into_iter().chain(others).map(Some).chain([None]).all(|reason| leaves(later, reason)));
        }
    }
}
