//! What a policy asks of revocation.

use super::Freshness;
use crate::crypto::AlgorithmConstraints;

/// How revocation is judged.
///
/// The default: all certificates of the path, unknown is denied, evidence must say until when it is good, delegated
/// responders are judged themselves, and the default [`AlgorithmConstraints`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RevocationSettings {
    /// Which certificates are judged.
    pub scope: RevocationScope,
    /// What it means that nothing is known.
    pub unknown: UnknownRevocation,
    /// How old evidence may be.
    pub freshness: Freshness,
    /// Whether delegated OCSP responders are judged themselves.
    pub delegates: DelegateRevocation,
    /// Which algorithms and keys evidence may rest on. Not part of the data: a policy has one table for all.
    #[serde(skip)]
    pub algorithms: AlgorithmConstraints,
}

/// Which certificates of a path are judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RevocationScope {
    /// All of them, the anchor's excepted.
    #[default]
    Path,
    /// The last one alone: CAs are trusted not to be revoked.
    Leaf,
}

/// What it means that the evidence does not tell whether a certificate is revoked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum UnknownRevocation {
    /// The path does not hold: hard fail.
    #[default]
    Deny,
    /// The path holds as if the certificate were not revoked: soft fail. Who can keep evidence away decides.
    Allow,
}

/// Whether the certificate of a delegated OCSP responder is judged when it does not have id-pkix-ocsp-nocheck.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DelegateRevocation {
    /// It is, by the other evidence at hand; a response by a delegate of whom nothing is known is not accepted.
    #[default]
    Check,
    /// It is not: RFC 6960 §4.2.2.2.1 leaves that to local policy.
    Ignore,
}
