//! The `crit` header parameter (RFC 7515 §4.1.11).

use crate::encoding::excerpt;
use crate::encoding::json::Members;
use crate::jws::JwsError;
use crate::jws::error::CriticalFault;

/// What a reader understands of a header, beyond RFC 7515 itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CriticalRules<'a> {
    /// Header parameters that are understood when `crit` lists them.
    understood: &'a [&'a str],
    /// Header parameters that `crit` must list when they are there.
    must_be_listed: &'a [&'a str],
}

impl<'a> CriticalRules<'a> {
    /// Rules for a reader that understands `understood`, and in whose profile `crit` must list `must_be_listed` where
    /// they stand. `b64` is always of both (RFC 7797 §6).
    #[must_use]
    pub const fn new(understood: &'a [&'a str], must_be_listed: &'a [&'a str]) -> Self {
        Self { understood, must_be_listed }
    }

    /// Judges `crit` of a protected header; `unprotected` are the members of the other header, where a profile's own
    /// parameter may stand.
    pub(super) fn check(&self, protected: Members<'_>, unprotected: Option<Members<'_>>) -> Result<(), JwsError> {
        let listed = protected.strings("crit")?;
        let listed = listed.as_deref();
        let fault = |fault| Err(JwsError::Critical { fault });
        if listed.is_some_and(<[_]>::is_empty) {
            return fault(CriticalFault::Empty);
        }
        let listed = listed.unwrap_or_default();
        for (position, name) in listed.iter().copied().enumerate() {
            let there = |members: Members<'_>| members.contains(name);
            if listed.iter().take(position).any(|earlier| *earlier == name) {
                return fault(CriticalFault::Twice(excerpt(name)));
            }
            if DEFINED.contains(&name) {
                return fault(CriticalFault::Defined(excerpt(name)));
            }
            if name != "b64" && !self.understood.contains(&name) {
                return fault(CriticalFault::NotUnderstood(excerpt(name)));
            }
            if !there(protected) && !unprotected.is_some_and(there) {
                return fault(CriticalFault::NotThere(excerpt(name)));
            }
        }
        let unlisted = |name: &&&str| protected.contains(name) && !listed.contains(*name);
        match self.must_be_listed.iter().chain(&["b64"]).find(unlisted) {
            Some(name) => fault(CriticalFault::NotListed((*name).to_owned())),
            None => Ok(()),
        }
    }
}

/// Names that RFC 7515 §4.1 and RFC 7518 §4 define: `crit` must not list them.
const DEFINED: [&str; 20] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc", "zip", "epk", "apu",
    "apv", "iv", "tag", "p2s", "p2c",
];
