//! Making the next issue.

use crate::codes::EntityCode;
use crate::digest::{Digest, DigestAlgorithm};
use crate::register::entities::Entities;
use crate::register::{
    EntityHistory, Event, Fact, HistoryError, HistoryFault, ListInformation, RegisterFormatError, RegisterIssue,
};
use crate::time::Instant;

/// A register in the making: takes events one by one, and refuses what history forbids.
///
/// ```
/// use wathiqa::codes::{DocumentKind, EntityCode};
/// use wathiqa::register::{Event, Fact, Names, RegisterEditor};
/// use wathiqa::time::Instant;
///
/// let at = |text: &str| text.parse::<Instant>().unwrap();
/// let (justice, now): (EntityCode, _) = ("1234567889".parse()?, at("2025-01-01T00:00:00Z"));
/// let names = Names::new("ar", "وزارة العدل")?.with("en", "Ministry of Justice")?;
///
/// let mut editor = RegisterEditor::new();
/// let created = Fact::Created { names, parent: None };
/// editor.record(justice, Event::new(at("1919-01-01T00:00:00Z"), now, created))?;
/// editor.record(justice, Event::new(now, now, Fact::KindGranted { kind: DocumentKind::DECISION }))?;
///
/// let error = editor.record(justice, Event::new(now, now, Fact::Resumed)).unwrap_err();
/// assert_eq!(error.to_string(), "register: entity 1234567889, event 3 (resumed): ends what is not so");
///
/// let issue = editor.issue(now, at("2025-02-01T00:00:00Z"))?;
/// assert_eq!(issue.information().sequence_number(), 1);
/// assert!(issue.entity(justice).unwrap().kinds(now).eq([DocumentKind::DECISION]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RegisterEditor {
    entities: Entities,
    previous: Option<Previous>,
    last_recorded: Option<(EntityCode, Instant)>,
}

/// What the next issue must follow.
#[derive(Debug, Clone)]
struct Previous {
    sequence_number: u64,
    digest: Digest,
    issued_at: Instant,
}

impl RegisterEditor {
    /// An editor of the first issue, without entities.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An editor of the issue that follows `issue`.
    #[must_use]
    pub fn following(issue: &RegisterIssue) -> Self {
        Self::following_payload(issue, &issue.to_vec())
    }

    /// The same, for one whose payload was read and need not be written again.
    pub(super) fn following_payload(issue: &RegisterIssue, payload: &[u8]) -> Self {
        let previous = Previous {
            sequence_number: issue.information.sequence_number,
            digest: DigestAlgorithm::Sha256.digest(payload),
            issued_at: issue.information.issued_at,
        };
        Self { entities: issue.entities.clone(), previous: Some(previous), last_recorded: None }
    }

    /// The entity with this code, as it is so far.
    #[must_use]
    pub fn entity(&self, code: EntityCode) -> Option<&EntityHistory> {
        self.entities.get(code)
    }

    /// Every entity so far, in the order of the codes.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &EntityHistory> {
        self.entities.iter()
    }

    /// Appends `event` to the history of `entity`. When it is refused, nothing changes.
    ///
    /// # Errors
    /// [`HistoryError`] for what history forbids: an event before the creation of the entity or after its end, a code
    /// that is created again, a time of recording before that of the last event or not after the previous issue, what is
    /// so already, the end of what is not so, a key that was revoked or is another entity's, an entity that is not in the
    /// register or not there at that time, a parent that belongs to the entity.
    pub fn record(&mut self, entity: EntityCode, event: Event) -> Result<(), HistoryError> {
        let position = self.entities.get(entity).map_or(0, |history| history.events().len());
        let (word, recorded) = (event.fact().word(), event.recorded());
        let refuse = |fault| HistoryError { entity, position, event: word, fault };
        let issued_at = self.previous.as_ref().map(|previous| previous.issued_at);
        if let Some(issued_at) = issued_at.filter(|issued_at| recorded <= *issued_at) {
            return Err(refuse(HistoryFault::RecordedBeforePrevious { recorded, issued_at }));
        }
        if let (Fact::Created { .. }, Some(history)) = (event.fact(), self.entities.get(entity)) {
            return Err(refuse(HistoryFault::CreatedTwice { created: history.timeline().created }));
        }
        if position == 0 && !matches!(event.fact(), Fact::Created { .. }) {
            return Err(refuse(HistoryFault::NotCreated));
        }
        self.entities.record(entity, event)?;
        if self.last_recorded.is_none_or(|(_, last)| last < recorded) {
            self.last_recorded = Some((entity, recorded));
        }
        Ok(())
    }

    /// The issue with everything recorded, to be signed.
    ///
    /// # Errors
    /// [`RegisterFormatError::Member`] for a `next_update` that is not after `issued_at`, and an `issued_at` that is not
    /// after the previous issue; [`RegisterFormatError::History`] for an event recorded after `issued_at`.
    pub fn issue(self, issued_at: Instant, next_update: Instant) -> Result<RegisterIssue, RegisterFormatError> {
        let (issued_at, next_update) = (issued_at.whole_seconds(), next_update.whole_seconds());
        let (sequence_number, previous) = match self.previous {
            None => (1, None),
            Some(previous) if issued_at <= previous.issued_at => {
                let fault = super::RegisterMemberFault::NotAfter { found: issued_at, after: previous.issued_at };
                return Err(RegisterFormatError::Member { member: "listInformation.issuedAt".to_owned(), fault });
            }
            Some(previous) => (previous.sequence_number.saturating_add(1), Some(previous.digest)),
        };
        let information = ListInformation::new(sequence_number, previous, issued_at, next_update);
        let information = information.map_err(|(member, fault)| RegisterFormatError::Member {
            member: format!("listInformation.{member}"),
            fault,
        })?;
        if let Some((entity, recorded)) = self.last_recorded.filter(|(_, recorded)| *recorded > issued_at) {
            let history = self.entities.get(entity);
            let is_late = |event: &Event| event.recorded() > issued_at;
            let position = history.and_then(|history| history.events().iter().position(is_late)).unwrap_or_default();
            let event = history.and_then(|history| history.events().get(position));
            let event = event.map_or("none", |event| event.fact().word());
            let fault = HistoryFault::RecordedAfterIssue { recorded, issued_at };
            return Err(HistoryError { entity, position, event, fault }.into());
        }
        Ok(RegisterIssue { information, entities: self.entities })
    }
}
