//! The time-stamp tokens of a signature, read: each with what it stands for and its place.

use crate::budget::{Budget, Exhausted, Limits, Resource};
use crate::jades::{EtsiU, HeaderParameters};
use crate::report::{Reason, TimeStampKind};
use crate::tsp::TimeStampToken;

/// Every token of the protected header and of `etsiU`, in the order of the file, as far as the budget goes.
#[derive(Debug, Clone)]
pub(super) struct Tokens {
    pub(super) found: Vec<Found>,
    /// That there are more than are looked at.
    pub(super) exhausted: Option<Exhausted>,
}

/// One token, or one container that cannot be read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) kind: TimeStampKind,
    /// The position in `etsiU` of the item that holds it; `None` in the protected header.
    pub(super) position: Option<usize>,
    pub(super) token: Result<TimeStampToken, Reason>,
}

impl Tokens {
    /// Reads them all.
    pub(super) fn read(header: &HeaderParameters, etsi_u: Option<&EtsiU>, budget: &mut Budget) -> Self {
        let mut tokens = Self { found: Vec::new(), exhausted: None };
        for der in header.content_time_stamps() {
            tokens.add(TimeStampKind::Content, None, der, budget);
        }
        for (position, item) in etsi_u.map(EtsiU::items).unwrap_or_default().iter().enumerate() {
            let Some(kind) = kind(item.name()) else { continue };
            match item.time_stamp_tokens() {
                Ok(ders) => ders.iter().for_each(|der| tokens.add(kind, Some(position), der, budget)),
                // An unreadable container is a report of its own: nothing is passed over.
                Err(error) => tokens.found.push(Found { kind, position: Some(position), token: Err(error.into()) }),
            }
        }
        tokens
    }

    fn add(&mut self, kind: TimeStampKind, position: Option<usize>, der: &[u8], budget: &mut Budget) {
        if let Err(error) = budget.draw(Resource::TimeStamps) {
            self.exhausted = Some(error);
            return;
        }
        let limits: &Limits = budget.limits();
        let token = TimeStampToken::from_der(der, limits).map_err(Reason::from);
        self.found.push(Found { kind, position, token });
    }

    /// Those that can be read, each with the position of its item.
    pub(super) fn readable(&self) -> impl Iterator<Item = (Option<usize>, &TimeStampToken)> {
        self.found.iter().filter_map(|found| Some((found.position, found.token.as_ref().ok()?)))
    }
}

fn kind(item: &str) -> Option<TimeStampKind> {
    Some(match item {
        "sigTst" => TimeStampKind::Signature,
        "sigRTst" => TimeStampKind::SignatureAndReferences,
        "rfsTst" => TimeStampKind::References,
        "arcTst" => TimeStampKind::Archive,
        _ => return None,
    })
}
