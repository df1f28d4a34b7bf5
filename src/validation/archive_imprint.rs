//! What the next archive time-stamp of a signature is to be over.

use crate::digest::{Digest, DigestAlgorithm};
use crate::jades::{EtsiU, HeaderParameters, Imprint, Received};
use crate::jws::Jws;
use crate::policy::ValidationPolicy;
use crate::time::Instant;
use crate::validation::Evidence;
use crate::validation::signature::{Context, Subject};
use crate::validation::signed_data::SignedData;

/// The digest for an `arcTst` behind all items of the signature at `position` of a file that was validated; `None` when
/// the signed data is not at hand, or the items are not strings.
pub(crate) fn archive_imprint(
    (octets, position): (&[u8], usize),
    evidence: &Evidence<'_>,
    policy: &ValidationPolicy,
    (algorithm, at): (DigestAlgorithm, Instant),
) -> Option<Digest> {
    let limits = policy.limits();
    let jws = Jws::parse(octets, limits).ok()?;
    let signature = jws.signatures().get(position)?;
    let header = HeaderParameters::read(signature.protected(), limits);
    let etsi_u = EtsiU::read(signature.unprotected()?.value("etsiU")?, limits).ok()?;
    let context = Context { jws: &jws, evidence, policy, existed_at: None, at, subject: Subject::Data };
    let data = SignedData::find(&context, signature, &header);
    let received = Received {
        data: data.stamped()?,
        protected: signature.received_protected(),
        signature: signature.received_signature(),
    };
    Some(Imprint::archive(received, &etsi_u, etsi_u.items().len())?.digest(algorithm))
}
