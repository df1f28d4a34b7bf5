//! What the register answers about a time.
//!
//! Each question is a pure function of the register and its arguments: two searches in ordered maps, no allocation unless
//! the answer is no.

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::register::timeline::Granted;
use crate::register::{EntityHistory, Existence, RegisterFault, RegisterIssue};
use crate::time::Instant;

/// What a document asks of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentQuestion {
    /// Who issued it.
    pub issuer: EntityCode,
    /// The key that signed it.
    pub key: KeyDigest,
    /// Its kind.
    pub kind: DocumentKind,
    /// The service that it is for.
    pub service: Option<ServiceCode>,
    /// When it was signed.
    pub at: Instant,
}

impl RegisterIssue {
    /// The entity with this code.
    #[must_use]
    pub fn entity(&self, code: EntityCode) -> Option<&EntityHistory> {
        self.entities.get(code)
    }

    /// Every entity, in the order of the codes.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &EntityHistory> {
        self.entities.iter()
    }

    /// The entity that a key is listed for, or was.
    #[must_use]
    pub fn entity_of_key(&self, key: &KeyDigest) -> Option<EntityCode> {
        self.entities.of_key(key)
    }

    /// Those that carry on what the entity did, as of `at`: into which it was merged, which its abolition names, which were
    /// split from it. Each once, in the order of the codes; they may have successors themselves.
    #[must_use]
    pub fn successors(&self, code: EntityCode, at: Instant) -> Vec<EntityCode> {
        let ended = self.entity(code).filter(|history| !history.timeline().exists(at));
        let own = ended.map(EntityHistory::successors).unwrap_or_default();
        let mut successors: Vec<EntityCode> = own.iter().copied().chain(self.entities.split_from(code, at)).collect();
        successors.sort_unstable();
        successors.dedup();
        successors
    }

    /// All that a document asks: that its issuer was there and could issue, the key, the kind and the service, if it is for
    /// one. The first no is the answer.
    ///
    /// # Errors
    /// As [`require_entity`](Self::require_entity), [`require_key`](Self::require_key),
    /// [`require_kind`](Self::require_kind) and [`require_service`](Self::require_service).
    pub fn require_document(&self, asked: &DocumentQuestion) -> Result<(), RegisterFault> {
        let DocumentQuestion { issuer, key, kind, service, at } = *asked;
        self.require_entity(issuer, at)?;
        self.require_key(issuer, &key, at)?;
        self.require_kind(issuer, kind, at)?;
        service.map_or(Ok(()), |service| self.require_service(issuer, service, at))
    }

    /// That the entity was there at `at`, and could issue.
    ///
    /// # Errors
    /// [`RegisterFault`]: no such entity, created later, suspended, abolished or merged before.
    pub fn require_entity(&self, entity: EntityCode, at: Instant) -> Result<(), RegisterFault> {
        let history = self.entity(entity).ok_or(RegisterFault::UnknownEntity { entity })?;
        match history.existence(at) {
            Existence::Active => Ok(()),
            Existence::NotYet { created } => Err(RegisterFault::NotYetCreated { entity, created, at }),
            Existence::Suspended { since } => Err(RegisterFault::Suspended { entity, since, at }),
            Existence::Merged { since, successor } => Err(RegisterFault::Merged { entity, since, at, successor }),
            Existence::Abolished { since } => {
                let successors = history.successors().to_vec();
                Err(RegisterFault::Abolished { entity, since, at, successors })
            }
        }
    }

    /// That `key` was a key of the entity at `at`.
    ///
    /// # Errors
    /// [`RegisterFault`]: never listed, listed for another entity, listed later, revoked before.
    pub fn require_key(&self, entity: EntityCode, key: &KeyDigest, at: Instant) -> Result<(), RegisterFault> {
        let history = self.entity(entity).ok_or(RegisterFault::UnknownEntity { entity })?;
        let key = *key;
        match history.key(&key, at) {
            Granted::Holds => Ok(()),
            Granted::Ended(since) => Err(RegisterFault::KeyRevoked { entity, key, since, at }),
            Granted::Later(from) => Err(RegisterFault::KeyNotYetListed { entity, key, from, at }),
            Granted::Never => match self.entity_of_key(&key) {
                Some(listed_for) => Err(RegisterFault::KeyOfAnotherEntity { entity, key, listed_for }),
                None => Err(RegisterFault::KeyNotListed { entity, key }),
            },
        }
    }

    /// That the entity could issue documents of `kind` at `at`.
    ///
    /// # Errors
    /// [`RegisterFault`]: never granted, granted later, withdrawn before.
    pub fn require_kind(&self, entity: EntityCode, kind: DocumentKind, at: Instant) -> Result<(), RegisterFault> {
        let history = self.entity(entity).ok_or(RegisterFault::UnknownEntity { entity })?;
        match history.kind(kind, at) {
            Granted::Holds => Ok(()),
            Granted::Ended(since) => Err(RegisterFault::KindWithdrawn { entity, kind, since, at }),
            Granted::Later(from) => Err(RegisterFault::KindNotYetGranted { entity, kind, from, at }),
            Granted::Never => Err(RegisterFault::KindNotGranted { entity, kind }),
        }
    }

    /// That the entity could issue documents for `service` at `at`.
    ///
    /// # Errors
    /// As [`require_kind`](Self::require_kind).
    pub fn require_service(&self, entity: EntityCode, service: ServiceCode, at: Instant) -> Result<(), RegisterFault> {
        let history = self.entity(entity).ok_or(RegisterFault::UnknownEntity { entity })?;
        match history.service(service, at) {
            Granted::Holds => Ok(()),
            Granted::Ended(since) => Err(RegisterFault::ServiceWithdrawn { entity, service, since, at }),
            Granted::Later(from) => Err(RegisterFault::ServiceNotYetGranted { entity, service, from, at }),
            Granted::Never => Err(RegisterFault::ServiceNotGranted { entity, service }),
        }
    }
}
