//! A policy as data: everything but whom it trusts.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::crypto::AlgorithmConstraints;
use crate::oid::Oid;
use crate::status::StatusSettings;
use crate::x509::TrustStore;
use crate::x509::path::{PathSettings, PolicySettings, Purpose, RevocationPolicy};

use super::{AttachmentPolicy, Constraints, RegisterUse, RequiredLevel, ValidationPolicy};

/// What a policy asks for, as data; whom it trusts is given apart, as certificates.
///
/// As JSON, by serde: an object in which every member may be missing. `preset` says where to start, with
/// [`Preset::Document`] unless given, and each other member that is there takes the place of the preset's own; a member of
/// another name is refused. What is written has every member and no `preset`.
///
/// ```
/// use wathiqa::policy::{Constraint, ConstraintLevel, RequiredLevel, ValidationRules};
///
/// let rules: ValidationRules = serde_json::from_str(
///     r#"{"preset": "archive", "clockToleranceSeconds": 60, "constraints": {"in-force": "warn"}}"#,
/// )?;
/// assert_eq!(rules.level, RequiredLevel::BLta);
/// assert_eq!(rules.constraints.level(Constraint::InForce), ConstraintLevel::Warn);
/// let written = serde_json::to_string(&rules)?;
/// assert_eq!(serde_json::from_str::<ValidationRules>(&written)?, rules);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", from = "Written")]
#[non_exhaustive]
pub struct ValidationRules {
    /// The baseline level required: `"B-T"`.
    pub level: RequiredLevel,
    /// How revocation is judged, of signers and of time-stamping authorities: `"skip"`, or
    /// `{"check": {"unknown": "deny", "freshness": {"maxAgeSeconds": 86400}}}`.
    pub revocation: RevocationPolicy,
    /// What signing certificates must be for: `"document-signing"`.
    pub signer_purpose: Purpose,
    /// What is asked of certificate policies on a signer's path: `{"acceptable": {"one-of": ["2.999.1"]}}`.
    pub certificate_policies: PolicySettings,
    /// Which algorithms and key sizes may be relied on, and until when, a row for each:
    /// `[{"algorithm": "RSA", "minBits": 2048, "end": "2029-01-01T00:00:00Z"}]`.
    pub algorithms: AlgorithmConstraints,
    /// How much checks weigh: `{"in-force": "warn"}`.
    pub constraints: Constraints,
    /// What to do about attachments that are not given: `"require-all"`.
    pub attachments: AttachmentPolicy,
    /// What to do about documents that name a status list which is not given, or stale: `{"missing": "deny"}`.
    pub status: StatusSettings,
    /// What to do about documents when no register of entities is given: `"require"`.
    pub register: RegisterUse,
    /// The time-stamp policies accepted: `["2.999.2"]`; an empty list accepts any.
    pub time_stamp_policies: Vec<Oid>,
    /// How far a claimed signing time may lie behind the proven one, in seconds.
    #[serde(rename = "clockToleranceSeconds", with = "crate::time::seconds")]
    pub clock_tolerance: Duration,
    /// The limits on what input may cost: `{"inputOctets": 1048576}`.
    pub limits: Limits,
    /// The scheme of national codes.
    pub coding_scheme: CodingScheme,
}

/// A set of rules with a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Preset {
    /// A government document of today: B-T, revocation hard fail, every attachment given.
    #[default]
    Document,
    /// A document taken into an archive: as [`Document`](Self::Document), and B-LTA.
    Archive,
    /// An advanced signature by anybody over anything: as [`Document`](Self::Document), but B-B suffices and the
    /// certificate may be for any purpose.
    Signature,
}

impl Preset {
    /// The rules.
    #[must_use]
    pub fn rules(self) -> ValidationRules {
        let document = ValidationRules::default();
        match self {
            Self::Document => document,
            Self::Archive => ValidationRules { level: RequiredLevel::BLta, ..document },
            Self::Signature => ValidationRules { level: RequiredLevel::BB, signer_purpose: Purpose::Any, ..document },
        }
    }
}

/// [`Preset::Document`], the strict rules: B-T, certificates fit for signing documents, revocation hard fail, every
/// attachment required, a fresh status list for every document that names one, a register of entities asked when it is
/// given, the default [`AlgorithmConstraints`] and [`Limits`], any time-stamp policy, ten minutes of difference between the
/// clocks of signer and time-stamping authority, the default [`CodingScheme`]; every check that does not hold fails, but
/// countersignatures only warn.
impl Default for ValidationRules {
    fn default() -> Self {
        Self {
            level: RequiredLevel::BT,
            revocation: RevocationPolicy::default(),
            signer_purpose: Purpose::DocumentSigning,
            certificate_policies: PolicySettings::default(),
            algorithms: AlgorithmConstraints::default(),
            constraints: Constraints::default(),
            attachments: AttachmentPolicy::RequireAll,
            status: StatusSettings::default(),
            register: RegisterUse::WhenGiven,
            time_stamp_policies: Vec::new(),
            clock_tolerance: Duration::from_secs(600),
            limits: Limits::default(),
            coding_scheme: CodingScheme::default(),
        }
    }
}

impl ValidationPolicy {
    /// The policy that trusts signers under `trust_store` and time-stamps under `time_stamp_trust_store`, and asks for what
    /// `rules` ask.
    #[must_use]
    pub fn from_rules(rules: ValidationRules, trust_store: TrustStore, time_stamp_trust_store: TrustStore) -> Self {
        let algorithms = rules.algorithms.clone();
        Self::of(rules, trust_store, time_stamp_trust_store).with_algorithms(algorithms)
    }

    /// All of `rules` but the algorithms: revocation settings may come with their own.
    pub(super) fn of(rules: ValidationRules, trust_store: TrustStore, time_stamp_trust_store: TrustStore) -> Self {
        let time_stamp_path = PathSettings::new(Purpose::TimeStamping, rules.revocation.clone());
        let mut signer_path = PathSettings::new(rules.signer_purpose, rules.revocation);
        signer_path.policies = rules.certificate_policies;
        Self {
            trust_store,
            time_stamp_trust_store,
            signer_path,
            time_stamp_path,
            level: rules.level,
            constraints: rules.constraints,
            attachments: rules.attachments,
            status: rules.status,
            register: rules.register,
            time_stamp_policies: rules.time_stamp_policies,
            clock_tolerance: rules.clock_tolerance,
            limits: rules.limits,
            coding_scheme: rules.coding_scheme,
        }
    }

    /// What the policy asks for, as data.
    #[must_use]
    pub fn rules(&self) -> ValidationRules {
        ValidationRules {
            level: self.level,
            revocation: self.signer_path.revocation.clone(),
            signer_purpose: self.signer_path.purpose.clone(),
            certificate_policies: self.signer_path.policies.clone(),
            algorithms: self.signer_path.algorithms.clone(),
            constraints: self.constraints.clone(),
            attachments: self.attachments,
            status: self.status,
            register: self.register,
            time_stamp_policies: self.time_stamp_policies.clone(),
            clock_tolerance: self.clock_tolerance,
            limits: self.limits.clone(),
            coding_scheme: self.coding_scheme.clone(),
        }
    }
}

/// A member that is there has a value: null is not absent.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Whole seconds.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Seconds(#[serde(with = "crate::time::seconds")] Duration);

macro_rules! written {
    ($($(#[$attribute:meta])* $member:ident: $type:ty,)*) => {
        /// Rules as somebody writes them: what differs from a preset.
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Written {
            #[serde(default)]
            preset: Preset,
            $($(#[$attribute])* #[serde(default, deserialize_with = "given")] $member: Option<$type>,)*
        }

        impl From<Written> for ValidationRules {
            fn from(written: Written) -> Self {
                let preset = written.preset.rules();
                Self { $($member: written.$member.map_or(preset.$member, Into::into),)* }
            }
        }
    };
}

written! {
    level: RequiredLevel,
    revocation: RevocationPolicy,
    signer_purpose: Purpose,
    certificate_policies: PolicySettings,
    algorithms: AlgorithmConstraints,
    constraints: Constraints,
    attachments: AttachmentPolicy,
    status: StatusSettings,
    register: RegisterUse,
    time_stamp_policies: Vec<Oid>,
    #[serde(rename = "clockToleranceSeconds")]
    clock_tolerance: Seconds,
    limits: Limits,
    coding_scheme: CodingScheme,
}

impl From<Seconds> for Duration {
    fn from(seconds: Seconds) -> Self {
        seconds.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<ValidationRules, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_preset_is_what_the_members_given_do_not_change() {
        assert_eq!(read("{}").unwrap(), ValidationRules::default());
        for (name, preset) in
            [("document", Preset::Document), ("archive", Preset::Archive), ("signature", Preset::Signature)]
        {
            let rules = read(&format!(r#"{{"preset":"{name}"}}"#)).unwrap();
            assert_eq!(rules, preset.rules());
            let policy = ValidationPolicy::from_rules(rules.clone(), TrustStore::default(), TrustStore::default());
            assert_eq!(policy.rules(), rules);
            assert_eq!(read(&serde_json::to_string(&rules).unwrap()).unwrap(), rules);
        }
        let soft =
            read(r#"{"revocation":{"check":{"unknown":"allow","freshness":{"maxAgeSeconds":60}}},"level":"B-B"}"#);
        let soft = soft.unwrap();
        let RevocationPolicy::Check(settings) = &soft.revocation else { panic!("{soft:?}") };
        assert_eq!(settings.freshness.max_age, Some(Duration::from_secs(60)));
        assert_eq!(read(&serde_json::to_string(&soft).unwrap()).unwrap(), soft);
        let limits = read(r#"{"limits":{"inputOctets":1000}}"#).unwrap().limits;
        assert_eq!(limits, Limits { input_octets: 1000, ..Limits::default() });
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for json in [
            r#"{"preset":"lenient"}"#,
            r#"{"levle":"B-B"}"#,
            r#"{"level":"B-X"}"#,
            r#"{"constraints":{"cryptography":"ignore"}}"#,
            r#"{"revocation":{"check":{"unknwon":"allow"}}}"#,
            r#"{"limits":{"octets":1}}"#,
            r#"{"clockToleranceSeconds":-1}"#,
            r#"{"level":null}"#,
            r#"{"algorithms":[{"algorithm":"MD5"}]}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
