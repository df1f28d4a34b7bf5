//! A file that was read once, to be judged more than once.

use crate::budget::{Budget, Limits};
use crate::jades::{EtsiU, HeaderParameters, JadesError};
use crate::jws::{Jws, JwsError, JwsSignature};
use crate::validation::tokens::Tokens;

/// A signed file as it was received, read and not judged.
///
/// [`validate_received`](crate::validation::validate_received) judges it by any policy, at any time, with any evidence,
/// as often as asked, and reads neither signatures nor tokens again. It is read by limits of its own; those of the policy are for
/// judging.
#[derive(Debug, Clone)]
pub struct ReceivedFile<'a> {
    octets: &'a [u8],
    contents: Result<Contents, JwsError>,
}

#[derive(Debug, Clone)]
struct Contents {
    jws: Jws,
    signatures: Vec<ReadSignature>,
}

/// The parts of a signature.
#[derive(Debug, Clone)]
pub(super) struct ReadSignature {
    pub(super) header: HeaderParameters,
    /// `None` where there is none.
    pub(super) etsi_u: Option<Result<EtsiU, JadesError>>,
    pub(super) tokens: Tokens,
}

impl<'a> ReceivedFile<'a> {
    /// Reads `octets`, a JWS in any serialization. What cannot be read is kept as its error, for the report to say.
    #[must_use]
    pub fn read(octets: &'a [u8], limits: &Limits) -> Self {
        let mut budget = Budget::new(limits);
        let contents = Jws::parse(octets, limits).map(|jws| {
            let signatures = jws.signatures().iter().map(|one| ReadSignature::read(one, &mut budget)).collect();
            Contents { jws, signatures }
        });
        Self { octets, contents }
    }

    /// The octets as they were received.
    #[must_use]
    pub fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The JWS and the parts of each of its signatures.
    pub(super) fn contents(&self) -> Result<(&Jws, &[ReadSignature]), &JwsError> {
        self.contents.as_ref().map(|contents| (&contents.jws, &contents.signatures[..]))
    }
}

impl ReadSignature {
    /// Reads the parts of `signature`; each token is drawn from `budget`.
    pub(super) fn read(signature: &JwsSignature, budget: &mut Budget) -> Self {
        let header = HeaderParameters::read(signature.protected(), budget.limits());
        let etsi_u = signature.unprotected().and_then(|header| header.value("etsiU"));
        let etsi_u = etsi_u.map(|value| EtsiU::read(value, budget.limits()));
        let readable = etsi_u.as_ref().and_then(|etsi_u| etsi_u.as_ref().ok());
        let tokens = Tokens::read(&header, readable, budget);
        Self { header, etsi_u, tokens }
    }
}
