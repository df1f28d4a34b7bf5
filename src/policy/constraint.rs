//! How much a check weighs, for the checks whose weight a policy may choose.

use std::collections::BTreeMap;
use std::fmt;

macro_rules! constraints {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// A check that a policy may let weigh less (EN 319 102-1 §5.1.4, validation constraints). The words are those of
        /// the steps of a report.
        ///
        /// Checks without which a result would prove nothing are not among them, so that no policy can relax them: the
        /// format, the signing certificate, the signature value, its path, its time-stamps, the document and its binding to
        /// the entity. What these accept has settings of its own, such as the level, the algorithms, or revocation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum Constraint {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Constraint {
            /// Every constraint.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable word for it.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }

        impl fmt::Display for Constraint {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

constraints! {
    /// The document given is that of the policy which the signer names.
    SignaturePolicy = "signature-policy";
    /// The signing time that the signer claims agrees with the proven one.
    ClaimedSigningTime = "claimed-signing-time";
    /// Countersignatures hold, each by its own verdict. They stand in the unprotected header, where whoever has the file can
    /// put a bad one, which says nothing about the signature around it: unless set, [`ConstraintLevel::Warn`].
    CounterSignatures = "counter-signatures";
    /// The register knows the entity at the proven time.
    EntityInRegister = "entity-in-register";
    /// The register lists the signing key for the entity at the proven time.
    KeyInRegister = "key-in-register";
    /// The register grants the entity the kind and service at the proven time.
    AuthorityInRegister = "authority-in-register";
    /// The document is inside its own period of validity.
    InForce = "in-force";
}

/// What a check that does not hold makes of the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ConstraintLevel {
    /// The document does not pass.
    #[default]
    Fail,
    /// The document may pass; the report warns.
    Warn,
    /// The document may pass; the report mentions it.
    Inform,
    /// The check counts as not made.
    Ignore,
}

/// How much each [`Constraint`] weighs; [`ConstraintLevel::Fail`] unless set, but for [`Constraint::CounterSignatures`].
///
/// As JSON: `{"in-force": "warn", "signature-policy": "ignore"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Constraints(BTreeMap<Constraint, ConstraintLevel>);

impl Constraints {
    /// These constraints with `constraint` at `level`.
    #[must_use]
    pub fn with(mut self, constraint: Constraint, level: ConstraintLevel) -> Self {
        self.0.insert(constraint, level);
        self
    }

    /// The level of `constraint`.
    #[must_use]
    pub fn level(&self, constraint: Constraint) -> ConstraintLevel {
        let unless_set = match constraint {
            Constraint::CounterSignatures => ConstraintLevel::Warn,
            _ => ConstraintLevel::Fail,
        };
        self.0.get(&constraint).copied().unwrap_or(unless_set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_named_fails_and_what_cannot_be_relaxed_cannot_be_named() {
        let read = |json: &str| serde_json::from_str::<Constraints>(json);
        let constraints = read(r#"{"in-force":"warn","signature-policy":"ignore"}"#).unwrap();
        assert_eq!(constraints.level(Constraint::InForce), ConstraintLevel::Warn);
        assert_eq!(constraints.level(Constraint::SignaturePolicy), ConstraintLevel::Ignore);
        assert_eq!(constraints.level(Constraint::ClaimedSigningTime), ConstraintLevel::Fail);
        assert_eq!(constraints.level(Constraint::CounterSignatures), ConstraintLevel::Warn);
        assert_eq!(read(&serde_json::to_string(&constraints).unwrap()).unwrap(), constraints);
        for relaxed in ["cryptography", "signing-certificate", "certification-path", "document-format", "format"] {
            assert!(read(&format!(r#"{{"{relaxed}":"warn"}}"#)).is_err(), "{relaxed}");
        }
        assert!(read(r#"{"in-force":"pass"}"#).is_err());
    }
}
