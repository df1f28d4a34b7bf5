//! Revocation after the time that is asked about.

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
}

impl LaterRevocation {
    /// Whether a revocation that came later, for `reason`, leaves the time before it as it was.
    pub(super) fn leaves_earlier(self, reason: Option<RevocationReason>) -> bool {
        match self {
            Self::Ignore => true,
            Self::Count => reason.is_some_and(|reason| KEY_STAYED.contains(&reason)),
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
        assert!(cleared.into_iter().all(|reason| LaterRevocation::Count.leaves_earlier(Some(reason))));
        assert!(!others.into_iter().any(|reason| LaterRevocation::Count.leaves_earlier(Some(reason))));
        assert!(!LaterRevocation::Count.leaves_earlier(None));
        assert!(
            others.into_iter().map(Some).chain([None]).all(|reason| LaterRevocation::Ignore.leaves_earlier(reason))
        );
    }
}
