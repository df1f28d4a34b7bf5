//! The mandate: a document by which an entity lets another sign in its name.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::codes::{CodeError, CodingScheme, DocumentKind, EntityCode, ServiceCode};
use crate::time::{Instant, Validity};

use super::Document;
use super::member::{MemberError, MemberFault, Members};
use super::reading::{code, period};
use super::writing::Period;

/// The body of a document of [kind 009](DocumentKind::MANDATE): for which kinds, and when, an entity lets another sign in
/// its name.
///
/// ```text
/// mandate = { "delegator": EntityCode, "delegate": EntityCode, "kinds": [ 1*DocumentKind ],
///             ["services": [ 1*ServiceCode ],] "period": { "notBefore": instant, "notAfter": instant } }
/// ```
/// Kinds and services ascend, each once. Without `services` the mandate is for every service, and for none. The period is
/// that in which the delegate may sign: what it signed then holds for ever, so a mandate has no `validity` of its own,
/// which would end with it.
///
/// ```
/// use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode};
/// use wathiqa::document::{Document, Mandate};
/// use wathiqa::time::Validity;
///
/// let (ministry, centre): (EntityCode, EntityCode) = ("1234567889".parse()?, "2345678930".parse()?);
/// let period = Validity::new("2025-01-01T00:00:00Z".parse()?, "2025-12-31T23:59:59Z".parse()?)?;
/// let mandate = Mandate::new(ministry, centre, [DocumentKind::new(14)?], period)?;
/// let number = DocumentNumber::new(ministry, DocumentKind::MANDATE, 2025, 7)?;
/// let document = Document::builder(number, period.not_before()).language("ar").title("تفويض").build(mandate)?;
/// assert_eq!(document.body().delegate(), centre);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mandate {
    delegator: EntityCode,
    delegate: EntityCode,
    kinds: BTreeSet<DocumentKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    services: Option<BTreeSet<ServiceCode>>,
    #[serde(serialize_with = "write_period")]
    period: Validity,
}

impl Mandate {
    /// A mandate of `delegator` to `delegate` for documents of `kinds`, signed in `period`, whose ends are whole seconds.
    ///
    /// # Errors
    /// [`MandateError::NoKind`] without kinds, [`MandateError::Chain`] with mandates among them, [`MandateError::Itself`]
    /// for a mandate to oneself.
    pub fn new(
        delegator: EntityCode,
        delegate: EntityCode,
        kinds: impl IntoIterator<Item = DocumentKind>,
        period: Validity,
    ) -> Result<Self, MandateError> {
        let kinds: BTreeSet<DocumentKind> = kinds.into_iter().collect();
        if kinds.is_empty() {
            return Err(MandateError::NoKind);
        }
        if kinds.contains(&DocumentKind::MANDATE) {
            return Err(MandateError::Chain);
        }
        if delegator == delegate {
            return Err(MandateError::Itself { entity: delegator });
        }
        Ok(Self { delegator, delegate, kinds, services: None, period })
    }

    /// The same, for documents of these services only.
    #[must_use]
    pub fn with_services(mut self, services: impl IntoIterator<Item = ServiceCode>) -> Self {
        self.services = Some(services.into_iter().collect());
        self
    }

    /// Reads the mandate that `document` is; who signed it is for a verifier to find out.
    ///
    /// # Errors
    /// [`MandateError`] for a document of another kind or with a `validity`, a body that is not as above, a delegator that
    /// is not the issuer.
    pub fn of<B: Serialize>(document: &Document<B>, scheme: &CodingScheme) -> Result<Self, MandateError> {
        if document.kind() != DocumentKind::MANDATE {
            return Err(MandateError::Kind { found: document.kind() });
        }
        if document.validity().is_some() {
            return Err(MandateError::Validity);
        }
        let body = serde_json::to_value(document.body());
        let body = body.map_err(|error| MemberError::new("body", MemberFault::NotJson(error.to_string())))?;
        let mandate = read(body, scheme).map_err(|error| error.within("body"))??;
        if mandate.delegator != document.issuer() {
            return Err(MandateError::Delegator { found: mandate.delegator, issuer: document.issuer() });
        }
        Ok(mandate)
    }

    /// Who lets sign.
    #[must_use]
    pub fn delegator(&self) -> EntityCode {
        self.delegator
    }

    /// Who may sign.
    #[must_use]
    pub fn delegate(&self) -> EntityCode {
        self.delegate
    }

    /// The kinds of documents.
    #[must_use]
    pub fn kinds(&self) -> &BTreeSet<DocumentKind> {
        &self.kinds
    }

    /// The services, when the mandate is limited to some.
    #[must_use]
    pub fn services(&self) -> Option<&BTreeSet<ServiceCode>> {
        self.services.as_ref()
    }

    /// When the delegate may sign.
    #[must_use]
    pub fn period(&self) -> Validity {
        self.period
    }

    /// That `delegate` may sign `document` by this mandate at `at`.
    ///
    /// # Errors
    /// [`MandateError`]: of another entity, to another delegate, for another kind or service, for another time.
    pub fn check<B>(&self, document: &Document<B>, delegate: EntityCode, at: Instant) -> Result<(), MandateError> {
        let (issuer, kind) = (document.issuer(), document.kind());
        if self.delegator != issuer {
            return Err(MandateError::OfAnotherEntity { delegator: self.delegator, issuer });
        }
        if self.delegate != delegate {
            return Err(MandateError::ToAnother { delegate: self.delegate, signer: delegate });
        }
        if !self.kinds.contains(&kind) {
            return Err(MandateError::OtherKind { kind });
        }
        if let Some(services) = self
            .services
            .as_ref()
            .filter(|services| document.service().is_none_or(|service| !services.contains(&service)))
        {
            let first = services.first().copied();
            return Err(MandateError::OtherService { service: document.service(), first });
        }
        if !self.period.contains(at) {
            let (not_before, not_after) = (self.period.not_before(), self.period.not_after());
            return Err(MandateError::OutOfPeriod { not_before, not_after, at });
        }
        Ok(())
    }
}

fn write_period<S: serde::Serializer>(period: &Validity, serializer: S) -> Result<S::Ok, S::Error> {
    Serialize::serialize(&Period(*period), serializer)
}

fn read(body: Value, scheme: &CodingScheme) -> Result<Result<Mandate, MandateError>, MemberError> {
    let mut members = Members::of(body)?;
    let delegator = code(&mut members, "delegator", |text| scheme.parse_entity(text))?;
    let delegate = code(&mut members, "delegate", |text| scheme.parse_entity(text))?;
    let kinds = codes("kinds", Some(members.required("kinds")?), str::parse)?.unwrap_or_default();
    let services = codes("services", members.optional("services"), |text| scheme.parse_service(text))?;
    let period = period(&mut members, "period")?.ok_or_else(|| MemberError::new("period", MemberFault::Missing))?;
    members.finish()?;
    Ok(Mandate::new(delegator, delegate, kinds, period).map(|mandate| Mandate { services, ..mandate }))
}

/// Codes in ascending order, each once.
fn codes<T: Ord>(
    member: &str,
    value: Option<Value>,
    parse: impl Fn(&str) -> Result<T, CodeError>,
) -> Result<Option<BTreeSet<T>>, MemberError> {
    let Some(value) = value else { return Ok(None) };
    let mut list = Members::new([(member.to_owned(), value)].into_iter().collect());
    let mut codes = BTreeSet::new();
    for (position, element) in list.optional_array(member)?.into_iter().enumerate() {
        let place = format!("{member}[{position}]");
        let mut element = Members::new([(place.clone(), element)].into_iter().collect());
        let found = code(&mut element, &place, &parse)?;
        if codes.last().is_some_and(|last| *last >= found) {
            return Err(MemberError::new(&place, MemberFault::Order));
        }
        codes.insert(found);
    }
    Ok(Some(codes))
}

/// Why a document is no mandate, or not the one for a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MandateError {
    /// A document of another kind.
    #[error("mandate: the document is of kind {found}, expected {}", DocumentKind::MANDATE)]
    Kind {
        /// Its kind.
        found: DocumentKind,
    },
    /// It would itself cease to be valid, and take what was signed by it along.
    #[error("mandate: a mandate has no \"validity\", its period is in its body")]
    Validity,
    /// The body is not that of a mandate.
    #[error("mandate: {0}")]
    Member(#[from] MemberError),
    /// It says that another entity than its issuer lets sign.
    #[error("mandate: the delegator is entity {found}, the issuer is entity {issuer}")]
    Delegator {
        /// The delegator.
        found: EntityCode,
        /// The issuer.
        issuer: EntityCode,
    },
    /// It is for no kind.
    #[error("mandate: for no kind of documents")]
    NoKind,
    /// Mandates are not given by mandate.
    #[error("mandate: a mandate is given by the entity itself, not by another in its name")]
    Chain,
    /// It is to the entity that gave it.
    #[error("mandate: of entity {entity} to itself")]
    Itself {
        /// The entity.
        entity: EntityCode,
    },
    /// Another entity gave it than issued the document.
    #[error("mandate: of entity {delegator}, the document's issuer is {issuer}")]
    OfAnotherEntity {
        /// Who gave it.
        delegator: EntityCode,
        /// The issuer of the document.
        issuer: EntityCode,
    },
    /// It was given to another than signed the document.
    #[error("mandate: to entity {delegate}, entity {signer} signed")]
    ToAnother {
        /// To whom it was given.
        delegate: EntityCode,
        /// Who signed.
        signer: EntityCode,
    },
    /// It is not for documents of that kind.
    #[error("mandate: not for documents of kind {kind}")]
    OtherKind {
        /// The kind of the document.
        kind: DocumentKind,
    },
    /// It is for services, and not for the document's.
    #[error("mandate: not for {}", match .service {
        Some(service) => format!("service {service}"),
        None => "documents without a service".to_owned(),
    })]
    OtherService {
        /// The service of the document.
        service: Option<ServiceCode>,
        /// The first service that it is for.
        first: Option<ServiceCode>,
    },
    /// The document was signed outside its period.
    #[error("mandate: from {not_before} to {not_after}, the document was signed {at}")]
    OutOfPeriod {
        /// When it begins.
        not_before: Instant,
        /// When it ends.
        not_after: Instant,
        /// When the document was signed.
        at: Instant,
    },
    /// It was signed after the document.
    #[error("mandate: signed {given}, after the document, signed {at}")]
    GivenLater {
        /// When the mandate was signed.
        given: Instant,
        /// When the document was.
        at: Instant,
    },
    /// The mandate itself does not hold.
    #[error("mandate: {reason}")]
    DoesNotHold {
        /// Why.
        reason: String,
    },
}

impl MandateError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Kind { .. } => "mandate-kind",
            Self::Validity => "mandate-validity",
            Self::Member(error) => error.code(),
            Self::Delegator { .. } => "mandate-delegator",
            Self::NoKind => "mandate-no-kind",
            Self::Chain => "mandate-chain",
            Self::Itself { .. } => "mandate-itself",
            Self::OfAnotherEntity { .. } => "mandate-of-another-entity",
            Self::ToAnother { .. } => "mandate-to-another",
            Self::OtherKind { .. } => "mandate-other-kind",
            Self::OtherService { .. } => "mandate-other-service",
            Self::OutOfPeriod { .. } => "mandate-out-of-period",
            Self::GivenLater { .. } => "mandate-given-later",
            Self::DoesNotHold { .. } => "mandate-does-not-hold",
        }
    }
}
