//! What is asked of certificate policies.

use std::collections::BTreeSet;

use crate::oid::Oid;

/// The inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g).
///
/// The default asks nothing: any policy is acceptable, none is required. A CA that requires an explicit policy, maps
/// policies or inhibits mapping is heard whatever is set here.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PolicySettings {
    /// `user-initial-policy-set`.
    pub acceptable: AcceptablePolicies,
    /// `initial-explicit-policy`.
    pub explicit_policy: ExplicitPolicy,
    /// `initial-policy-mapping-inhibit`.
    pub policy_mapping: PolicyMapping,
    /// `initial-any-policy-inhibit`.
    pub any_policy: AnyPolicy,
}

/// Which certificate policies the caller accepts.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AcceptablePolicies {
    /// Any policy.
    #[default]
    Any,
    /// One of these.
    OneOf(BTreeSet<Oid>),
}

/// Whether the path must be valid under an acceptable policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ExplicitPolicy {
    /// It must.
    Required,
    /// Only if a certificate of the path says so.
    #[default]
    AsCertificatesSay,
}

/// Whether a CA may say that a policy of the next domain stands for one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PolicyMapping {
    /// It may, until a certificate of the path inhibits it.
    #[default]
    Allow,
    /// It may not.
    Inhibit,
}

/// Whether anyPolicy in a certificate counts as every policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnyPolicy {
    /// It does, until a certificate of the path inhibits it.
    #[default]
    Allow,
    /// It does not.
    Inhibit,
}
