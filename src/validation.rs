//! Validation of JAdES signatures over any payload, after ETSI EN 319 102-1.
//!
//! [`validate`] takes the octets of a JWS in any serialization, the [`Evidence`] given beside it, a
//! [`ValidationPolicy`] and the time for which the verdict is asked, and always answers a [`Report`]: octets that are
//! no signature at all are `TOTAL_FAILED / FORMAT_FAILURE` with the place.
//!
//! **Accepted**: what [`jws`](crate::jws) and [`jades`](crate::jades) read. **Ignored**: `kid`, `jwk`, `jku`, `x5u`, which
//! never lead to a key, and header members that nothing asks to be understood. **Not passed**: a signature whose data, by
//! `sigD` or otherwise, was not given or is not what was signed; one without a time-stamp unless the policy takes B-B; a
//! time-stamp of any kind that was altered or is of something else.
//!
//! Every check is made that can be made, also after one has failed, so that a report tells all there is to tell; the
//! verdict follows from the first failure of the worst kind. Every signature of the file must pass.
//!
//! | step | EN 319 102-1 | here |
//! | --- | --- | --- |
//! | format checking | §5.2.2 | JWS, protected header, `crit`, `etsiU` |
//! | validation context initialization | §5.2.4 | the policy given; of one that the signer names, that its document, if given, is that one |
//! | identification of the signing certificate | §5.2.3 | the certificate that the protected header pins by its digest |
//! | cryptographic verification | §5.2.7 | over the octets received, and the data objects that `sigD` names |
//! | signature time-stamp | §5.4, §5.5 | imprint, token, authority at `genTime`; the earliest valid one is the proven time |
//! | proof of existence | §5.6.2.4 | of the whole file, by each evidence record given; the earliest is the proven time if it is earlier |
//! | X.509 certificate validation | §5.2.6 | path at the proven time, or at validation time without one |
//! | revocation | §5.2.5, §5.2.6 | of every certificate of the path, by the evidence given; unknown does not pass by default |
//! | signature acceptance | §5.2.8 | algorithms and key sizes, claimed time |
//! | countersignatures | §5.2.8 | each judged by itself, nested, by the evidence around it and since the archive time-stamp over it; what does not hold is a warning, unless the policy requires all |
//! | long-term data | §5.6.3 | the certificates, CRLs and OCSP responses of `etsiU` and of tokens are evidence beside what is given |
//! | proofs of existence | §5.6.2.3 | the time-stamps from the last to the first; each object is judged when it is proven to have existed |
//! | past certificate validation | §5.6.2.1, §5.6.2.2 | the word of an issuer that expired or was revoked since counts as far as it is proven to be older |
//!
//! A time-stamp is judged when it is proven to have existed: by a later one that covers it, by an evidence record, else at
//! validation time. So an authority must not have ended at validation time, unless its token was covered before.

#[cfg(feature = "issue")]
mod archive_imprint;
mod counter_signatures;
mod evidence;
mod evidence_records;
mod header;
mod long_term;
mod material;
mod path;
mod proofs_of_existence;
mod received;
mod settings;
mod signature;
mod signed_data;
mod signing_certificate;
mod time_stamp;
mod time_stamps;
mod tokens;
mod validation_time_sliding;

use crate::budget::Budget;
use crate::policy::ValidationPolicy;
use crate::report::{Check, Report, SignatureReport, Step, SubIndication};
use crate::time::Instant;

#[cfg(feature = "issue")]
pub(crate) use archive_imprint::archive_imprint;
pub use evidence::Evidence;
pub use received::ReceivedFile;

/// Validates every signature of `octets`, as of `at`.
///
/// The payload is not read as anything: the check of its meaning is `verify`'s.
pub fn validate(octets: &[u8], evidence: &Evidence<'_>, policy: &ValidationPolicy, at: Instant) -> Report {
    validate_received(&ReceivedFile::read(octets, policy.limits()), evidence, policy, at)
}

/// Validates every signature of a file that was read, as of `at`: as [`validate`], for a file that is judged more than
/// once, such as by another policy.
pub fn validate_received(
    file: &ReceivedFile<'_>,
    evidence: &Evidence<'_>,
    policy: &ValidationPolicy,
    at: Instant,
) -> Report {
    let records = evidence_records::validate(file.octets(), evidence, policy, at);
    let (jws, read) = match file.contents() {
        Ok(contents) => contents,
        Err(error) => {
            let check = Check::failed(Step::Format, SubIndication::FormatFailure, error.clone());
            return Report::new(at, Vec::new(), vec![check]).with_evidence_records(records);
        }
    };
    let (existed_at, subject) = (evidence_records::earliest(&records), signature::Subject::Data);
    let context = signature::Context { jws, evidence, policy, existed_at, at, subject };
    let mut budget = Budget::new(policy.limits());
    let signatures = jws.signatures().iter().zip(read);
    let signatures: Vec<_> =
        signatures.map(|(one, read)| signature::validate(&context, one, read, &mut budget)).collect();
    // Data that one signature names and another signs as the payload is not one payload.
    let detached = jws.is_detached() && !signatures.iter().any(SignatureReport::has_sig_d);
    let payload = jws.unverified_payload().or(evidence.detached_payload.filter(|_| detached));
    Report::new(at, signatures, vec![Check::passed(Step::Format)])
        .with_evidence_records(records)
        .with_payload(payload.map(<[u8]>::to_vec))
}
