//! What a trust anchor is good for.
//!
//! A certification authority that is broken into, or that errs, can certify anyone (DigiNotar, 2011). An anchor of limited
//! scope confines that to the entities, the kinds of documents and the uses for which the caller trusts it.

use std::collections::BTreeSet;
use std::fmt;

use crate::codes::{DocumentKind, EntityCode};

/// For which entities, kinds of documents and uses an anchor is trusted; the default is for everything.
///
/// Entities and uses are asked about while paths are built, so that another anchor may serve where this one does not;
/// kinds when the document has been read, of the anchor of the path that was found.
///
/// ```
/// use wathiqa::codes::{DocumentKind, EntityCode};
/// use wathiqa::x509::{AnchorScope, AnchorUse};
///
/// let justice: EntityCode = "1234567889".parse()?;
/// let scope = AnchorScope::default().with_entities([justice]).with_uses([AnchorUse::Documents]);
/// assert_eq!(scope.to_string(), "entity 1234567889, documents");
/// assert!(scope.check_kind(DocumentKind::DECISION).is_ok());
/// let error = scope.check_use(Some(AnchorUse::TimeStamps)).unwrap_err();
/// assert_eq!(error.to_string(), "trusted for documents, used for time-stamps");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AnchorScope {
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<BTreeSet<EntityCode>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<BTreeSet<DocumentKind>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<BTreeSet<AnchorUse>>,
}

/// What a path from an anchor is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnchorUse {
    /// Signatures on documents.
    Documents,
    /// Time-stamps.
    TimeStamps,
    /// Signatures on the register of entities.
    Register,
}

impl AnchorScope {
    /// This scope, limited to certificates of these entities; of none if there are none.
    #[must_use]
    pub fn with_entities(mut self, entities: impl IntoIterator<Item = EntityCode>) -> Self {
        self.entities = Some(entities.into_iter().collect());
        self
    }

    /// This scope, limited to documents of these kinds.
    #[must_use]
    pub fn with_kinds(mut self, kinds: impl IntoIterator<Item = DocumentKind>) -> Self {
        self.kinds = Some(kinds.into_iter().collect());
        self
    }

    /// This scope, limited to these uses.
    #[must_use]
    pub fn with_uses(mut self, uses: impl IntoIterator<Item = AnchorUse>) -> Self {
        self.uses = Some(uses.into_iter().collect());
        self
    }

    /// Whether the scope names kinds.
    #[must_use]
    pub fn is_limited_to_kinds(&self) -> bool {
        self.kinds.is_some()
    }

    /// That a certificate of `entity`, or of none, is in scope.
    ///
    /// # Errors
    /// [`ScopeViolation::Entity`] when the scope names entities and this is none of them.
    pub fn check_entity(&self, entity: Option<EntityCode>) -> Result<(), ScopeViolation> {
        match &self.entities {
            Some(entities) if !entity.is_some_and(|entity| entities.contains(&entity)) => {
                Err(ScopeViolation::Entity { scope: list(Some(entities), "entity ", "no entity"), presented: entity })
            }
            _ => Ok(()),
        }
    }

    /// That a document of `kind` is in scope.
    ///
    /// # Errors
    /// [`ScopeViolation::Kind`] when the scope names kinds and this is none of them.
    pub fn check_kind(&self, kind: DocumentKind) -> Result<(), ScopeViolation> {
        match &self.kinds {
            Some(kinds) if !kinds.contains(&kind) => {
                Err(ScopeViolation::Kind { scope: list(Some(kinds), "kind ", "no kind"), presented: kind })
            }
            _ => Ok(()),
        }
    }

    /// That a use, or one that is none of these, is in scope.
    ///
    /// # Errors
    /// [`ScopeViolation::Use`] when the scope names uses and this is none of them.
    pub fn check_use(&self, presented: Option<AnchorUse>) -> Result<(), ScopeViolation> {
        match &self.uses {
            Some(uses) if !presented.is_some_and(|presented| uses.contains(&presented)) => {
                Err(ScopeViolation::Use { scope: list(Some(uses), "", "nothing"), presented })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for AnchorScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            list(self.entities.as_ref(), "entity ", "no entity"),
            list(self.kinds.as_ref(), "kind ", "no kind"),
            list(self.uses.as_ref(), "", "no use"),
        ];
        let said: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        f.write_str(if said.is_empty() { "everything" } else { "" })?;
        f.write_str(&said.join(", "))
    }
}

/// The first few elements, or `none` when there are none; nothing when there is no limit.
fn list<T: fmt::Display>(elements: Option<&BTreeSet<T>>, label: &str, none: &str) -> String {
    let Some(elements) = elements else { return String::new() };
    let shown: Vec<String> = elements.iter().take(SHOWN).map(ToString::to_string).collect();
    match (shown.len(), elements.len().saturating_sub(SHOWN)) {
        (0, _) => none.to_owned(),
        (_, 0) => format!("{label}{}", shown.join(" or ")),
        (_, others) => format!("{label}{} or {others} others", shown.join(", ")),
    }
}

/// As many as a line holds.
const SHOWN: usize = 3;

impl fmt::Display for AnchorUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documents => "documents",
            Self::TimeStamps => "time-stamps",
            Self::Register => "the register",
        })
    }
}

/// An anchor was used for what it is not trusted for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScopeViolation {
    /// For a certificate of another entity.
    #[error("trusted for {scope}, used for {}", match .presented {
        Some(entity) => format!("entity {entity}"),
        None => "a certificate that names no entity".to_owned(),
    })]
    Entity {
        /// The entities in scope, the first of them.
        scope: String,
        /// The entity presented, if the certificate names one.
        presented: Option<EntityCode>,
    },
    /// For a document of another kind.
    #[error("trusted for {scope}, used for kind {presented}")]
    Kind {
        /// The kinds in scope, the first of them.
        scope: String,
        /// The kind presented.
        presented: DocumentKind,
    },
    /// For another use.
    #[error("trusted for {scope}, used for {}", match .presented {
        Some(presented) => presented.to_string(),
        None => "something else".to_owned(),
    })]
    Use {
        /// The uses in scope.
        scope: String,
        /// The use.
        presented: Option<AnchorUse>,
    },
}

impl ScopeViolation {
    /// A stable name for the violation.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entity { .. } => "anchor-scope-entity",
            Self::Kind { .. } => "anchor-scope-kind",
            Self::Use { .. } => "anchor-scope-use",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_says_the_scope_and_what_was_presented() {
        let code = |body| EntityCode::from_body(body).unwrap();
        let codes = [10_000_001, 10_000_002, 10_000_003, 10_000_004, 10_000_005].map(code);
        let all = AnchorScope::default();
        assert_eq!(all.to_string(), "everything");
        assert!(all.check_entity(None).is_ok() && all.check_use(None).is_ok());
        let scope = all.clone().with_entities(codes);
        assert_eq!(scope.check_entity(Some(codes[4])), Ok(()));
        let message = |result: Result<(), ScopeViolation>| result.unwrap_err().to_string();
        assert_eq!(
            message(scope.check_entity(None)),
            format!(
                "trusted for entity {}, {}, {} or 2 others, used for a certificate that names no entity",
                codes[0], codes[1], codes[2]
            )
        );
        let one = all.clone().with_entities([codes[0]]).with_kinds([DocumentKind::DECISION, DocumentKind::CIRCULAR]);
        assert_eq!(
            message(one.check_entity(Some(codes[1]))),
            format!("trusted for entity {}, used for entity {}", codes[0], codes[1])
        );
        assert_eq!(message(one.check_kind(DocumentKind::RECEIPT)), "trusted for kind 003 or 004, used for kind 006");
        let none = all.with_uses([]).with_entities([]);
        assert_eq!(message(none.check_use(None)), "trusted for nothing, used for something else");
        assert_eq!(none.to_string(), "no entity, no use");
        let json = serde_json::to_string(&one).unwrap();
        assert_eq!(json, format!(r#"{{"entities":["{}"],"kinds":["003","004"]}}"#, codes[0]));
        assert_eq!(serde_json::from_str::<AnchorScope>(&json).unwrap(), one);
    }
}
