//! TSTInfo, what a time-stamp says.
//!
//! ```text
//! TSTInfo ::= SEQUENCE {
//!     version         INTEGER { v1(1) },
//!     policy          TSAPolicyId,
//!     messageImprint  MessageImprint,
//!     serialNumber    INTEGER,                      -- at most 160 bits
//!     genTime         GeneralizedTime,              -- YYYYMMDDhhmmss[.s]Z
//!     accuracy        Accuracy                 OPTIONAL,
//!     ordering        BOOLEAN             DEFAULT FALSE,
//!     nonce           INTEGER                  OPTIONAL,
//!     tsa             [0] EXPLICIT GeneralName OPTIONAL,
//!     extensions      [1] IMPLICIT Extensions  OPTIONAL }   -- none is known; a critical one is refused
//! ```

use crate::budget::Limits;
use crate::digest::Digest;
use crate::encoding::der::{self, DerError, FractionalSeconds, Reader, Tag};
use crate::oid::Oid;
use crate::time::Instant;
use crate::tsp::extension::read_extensions;
use crate::tsp::message_imprint::read_message_imprint;
use crate::tsp::{Accuracy, ExtensionError, MessageImprintError, Nonce, SerialNumber, SerialNumberTooLong};

/// What a time-stamp says (RFC 3161 §2.4.2). It says so to whoever verified the token around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TstInfo {
    policy: Oid,
    message_imprint: Digest,
    serial_number: SerialNumber,
    gen_time: Instant,
    accuracy: Option<Accuracy>,
    latest: Instant,
    ordering: bool,
    nonce: Option<Nonce>,
    tsa: Option<Box<[u8]>>,
}

impl TstInfo {
    /// Reads a TSTInfo, all of `octets`.
    ///
    /// # Errors
    /// [`TstInfoError`]; each variant shows an example.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, TstInfoError> {
        der::check(octets, limits)?;
        let mut components = Reader::new(octets).read(Tag::SEQUENCE)?.reader();
        match components.read(Tag::INTEGER)?.unsigned(u64::MAX)? {
            1 => {}
            found => return Err(TstInfoError::Version { found }),
        }
        let policy = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let message_imprint = read_message_imprint(&components.read(Tag::SEQUENCE)?)?;
        let serial_number = SerialNumber::from_der_contents(components.read(Tag::INTEGER)?.contents())?;
        let gen_time = components.read(Tag::GENERALIZED_TIME)?.generalized_time(FractionalSeconds::Allow)?;
        let accuracy = components.optional(Tag::SEQUENCE)?.map(|value| Accuracy::from_value(&value)).transpose()?;
        let deviation = accuracy.map(Accuracy::as_duration).unwrap_or_default();
        let latest = gen_time.checked_add(deviation).ok_or(TstInfoError::TooLate { gen_time })?;
        let ordering = components.optional(Tag::BOOLEAN)?.map_or(Ok(false), |value| value.true_or_absent())?;
        let nonce = components.optional(Tag::INTEGER)?.map(|value| Nonce::from_der_contents(value.contents()));
        let tsa = read_tsa(&mut components)?;
        if let Some(value) = components.optional(Tag::context_constructed(1))? {
            let extensions = read_extensions(&value)?;
            if let Some(extension) = extensions.into_iter().find(|extension| extension.critical) {
                return Err(TstInfoError::CriticalExtension { extension: extension.id });
            }
        }
        components.finish()?;
        Ok(Self { policy, message_imprint, serial_number, gen_time, accuracy, latest, ordering, nonce, tsa })
    }

    /// The policy under which the authority made the time-stamp.
    #[must_use]
    pub fn policy(&self) -> &Oid {
        &self.policy
    }

    /// The digest that was stamped.
    #[must_use]
    pub fn message_imprint(&self) -> &Digest {
        &self.message_imprint
    }

    /// The number that the authority gave the time-stamp.
    #[must_use]
    pub fn serial_number(&self) -> &SerialNumber {
        &self.serial_number
    }

    /// The time of the time-stamp, with the fraction of a second it states.
    #[must_use]
    pub fn gen_time(&self) -> Instant {
        self.gen_time
    }

    /// The accuracy, if it is stated. Where it is not, the policy of the authority may state one.
    #[must_use]
    pub fn accuracy(&self) -> Option<Accuracy> {
        self.accuracy
    }

    /// The latest true time at which the time-stamp can have been made: its time plus its accuracy.
    #[must_use]
    pub fn latest(&self) -> Instant {
        self.latest
    }

    /// Whether the authority says that the times of all its time-stamps are in the order in which it made them, whatever
    /// their accuracy.
    #[must_use]
    pub fn ordering(&self) -> bool {
        self.ordering
    }

    /// The nonce of the request.
    #[must_use]
    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }

    /// The name the authority gives itself, a GeneralName in DER.
    #[must_use]
    pub fn tsa_der(&self) -> Option<&[u8]> {
        self.tsa.as_deref()
    }
}

fn read_tsa(components: &mut Reader<'_>) -> Result<Option<Box<[u8]>>, DerError> {
    let Some(explicit) = components.optional(Tag::context_constructed(0))? else { return Ok(None) };
    let mut inner = explicit.reader();
    let name = inner.read_any()?.as_der().into();
    inner.finish()?;
    Ok(Some(name))
}

/// Why octets are not a TSTInfo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TstInfoError {
    /// Not DER, or not of the ASN.1 type: a genTime `20260601120000.50Z`, `20260601120000`.
    #[error("TSTInfo: {0}")]
    Der(#[from] DerError),
    /// A version other than 1.
    #[error("TSTInfo: version {found}, expected 1")]
    Version {
        /// What is written.
        found: u64,
    },
    /// The message imprint is malformed, by an unknown hash function, or of the wrong length.
    #[error("TSTInfo: message imprint: {0}")]
    MessageImprint(#[from] MessageImprintError),
    /// A serial number of more than 160 bits.
    #[error("TSTInfo: {0}")]
    SerialNumber(#[from] SerialNumberTooLong),
    /// A component of the accuracy is not in 1 to 999.
    #[error("TSTInfo: accuracy: {component} is {found}, not in 1 to 999")]
    Accuracy {
        /// `millis` or `micros`.
        component: &'static str,
        /// What is written.
        found: u64,
    },
    /// Time plus accuracy lies after the year 9999.
    #[error("TSTInfo: {gen_time} plus the accuracy is after the year 9999")]
    TooLate {
        /// The time.
        gen_time: Instant,
    },
    /// The extensions are malformed.
    #[error("TSTInfo: {0}")]
    Extensions(#[from] ExtensionError),
    /// A critical extension; none is known.
    #[error("TSTInfo: critical extension {extension} is not known")]
    CriticalExtension {
        /// The extension.
        extension: Oid,
    },
}

impl TstInfoError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Version { .. } => "tst-info-version",
            Self::MessageImprint(error) => error.code(),
            Self::SerialNumber(_) => "tst-info-serial-number",
            Self::Accuracy { .. } => "tst-info-accuracy",
            Self::TooLate { .. } => "tst-info-too-late",
            Self::Extensions(error) => error.code(),
            Self::CriticalExtension { .. } => "tst-info-critical-extension",
        }
    }
}
