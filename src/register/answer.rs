//! What a register says against a document.

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::time::Instant;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* } = $code:literal, $text:tt;)*) => {
        /// Why the register does not bear a document out. `at` is the time asked about: the proven time of the signature.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum RegisterFault {
            $($(#[$doc])* #[error $text] $name { $($(#[$field_doc])* $field: $type,)* },)*
        }

        impl RegisterFault {
            /// A stable name for the fault.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)* }
            }
        }
    };
}

faults! {
    /// The policy asks for a register.
    NotGiven {} = "register-not-given", ("the policy asks for a register of entities, none was given");
    /// The register given was to be replaced by then.
    OutOfDate {
        /// Its sequence number.
        sequence_number: u64,
        /// When the next issue was due.
        next_update: Instant,
        /// The time of validation.
        at: Instant,
    } = "register-out-of-date", ("issue {sequence_number} of the register was to be replaced by {next_update}, validated at {at}");

    /// No entity ever had the code.
    UnknownEntity {
        /// The code.
        entity: EntityCode,
    } = "register-unknown-entity", ("entity {entity} is not in the register");
    /// The entity was created later.
    NotYetCreated {
        /// The entity.
        entity: EntityCode,
        /// When it was created.
        created: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-not-yet-created", ("entity {entity} was created {created}, document signed {at}");
    /// The entity had been suspended.
    Suspended {
        /// The entity.
        entity: EntityCode,
        /// Since when.
        since: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-suspended", ("entity {entity} was suspended {since}, document signed {at}");
    /// The entity had been abolished.
    Abolished {
        /// The entity.
        entity: EntityCode,
        /// When.
        since: Instant,
        /// The time asked about.
        at: Instant,
        /// Those that carried on.
        successors: Vec<EntityCode>,
    } = "register-abolished", ("entity {entity} was abolished {since}, document signed {at}{}", Successors(.successors));
    /// The entity had been merged into another.
    Merged {
        /// The entity.
        entity: EntityCode,
        /// When.
        since: Instant,
        /// The time asked about.
        at: Instant,
        /// Into which.
        successor: EntityCode,
    } = "register-merged", ("entity {entity} was merged into entity {successor} {since}, document signed {at}");

    /// The key was never listed.
    KeyNotListed {
        /// The entity.
        entity: EntityCode,
        /// The key.
        key: KeyDigest,
    } = "register-key-not-listed", ("the key {key} is not listed for entity {entity}");
    /// The key is another entity's.
    KeyOfAnotherEntity {
        /// The entity.
        entity: EntityCode,
        /// The key.
        key: KeyDigest,
        /// Whose it is.
        listed_for: EntityCode,
    } = "register-key-of-another-entity", ("the key {key} is listed for entity {listed_for}, not for entity {entity}");
    /// The key was listed later.
    KeyNotYetListed {
        /// The entity.
        entity: EntityCode,
        /// The key.
        key: KeyDigest,
        /// Since when it is listed.
        from: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-key-not-yet-listed", ("the key {key} is listed for entity {entity} from {from} on, document signed {at}");
    /// The key had been revoked.
    KeyRevoked {
        /// The entity.
        entity: EntityCode,
        /// The key.
        key: KeyDigest,
        /// When.
        since: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-key-revoked", ("the key {key} of entity {entity} was revoked {since}, document signed {at}");

    /// The kind was never granted.
    KindNotGranted {
        /// The entity.
        entity: EntityCode,
        /// The kind.
        kind: DocumentKind,
    } = "register-kind-not-granted", ("entity {entity} was never granted kind {kind}");
    /// The kind was granted later.
    KindNotYetGranted {
        /// The entity.
        entity: EntityCode,
        /// The kind.
        kind: DocumentKind,
        /// Since when it is granted.
        from: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-kind-not-yet-granted", ("entity {entity} was granted kind {kind} {from}, document signed {at}");
    /// The kind had been withdrawn.
    KindWithdrawn {
        /// The entity.
        entity: EntityCode,
        /// The kind.
        kind: DocumentKind,
        /// When.
        since: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-kind-withdrawn", ("kind {kind} was withdrawn from entity {entity} {since}, document signed {at}");
    /// The service was never granted.
    ServiceNotGranted {
        /// The entity.
        entity: EntityCode,
        /// The service.
        service: ServiceCode,
    } = "register-service-not-granted", ("entity {entity} was never granted service {service}");
    /// The service was granted later.
    ServiceNotYetGranted {
        /// The entity.
        entity: EntityCode,
        /// The service.
        service: ServiceCode,
        /// Since when it is granted.
        from: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-service-not-yet-granted", ("entity {entity} was granted service {service} {from}, document signed {at}");
    /// The service had been withdrawn.
    ServiceWithdrawn {
        /// The entity.
        entity: EntityCode,
        /// The service.
        service: ServiceCode,
        /// When.
        since: Instant,
        /// The time asked about.
        at: Instant,
    } = "register-service-withdrawn", ("service {service} was withdrawn from entity {entity} {since}, document signed {at}");
}

/// The end of a sentence about an entity that ended.
struct Successors<'a>(&'a [EntityCode]);

impl std::fmt::Display for Successors<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some((first, others)) = self.0.split_first() else { return Ok(()) };
        write!(f, "; successor{} {first}", if others.is_empty() { "" } else { "s" })?;
        others.iter().try_for_each(|other| write!(f, ", {other}"))
    }
}
