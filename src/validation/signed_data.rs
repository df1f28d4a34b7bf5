//! What a signature is over (EN 319 102-1 §5.2.7): the payload, the data objects that `sigD` names, or, for a
//! counter-signature, the value of another signature.
//!
//! **Accepted**: data objects given under the very names that `sigD` refers to, percent-encoding undone. **Not found**: one
//! that was not given, given under another name, or given twice, for then nobody can say which was meant. Its digest
//! alone does not make a document the one that was named. **Failed**: one whose digest is not the one signed.

use std::borrow::Cow;

use crate::digest::DigestAlgorithm;
use crate::encoding::excerpt;
use crate::jades::{DataReference, HeaderParameters, JadesError, ReferenceMechanism, SigD};
use crate::jws::{JwsError, JwsSignature};
use crate::report::{Check, NotChecked, SignedObject, SignedObjectState, Step, SubIndication, ValidationFault};
use crate::validation::Evidence;
use crate::validation::signature::{Context, Subject};

/// What was found of the data that a signature is over.
pub(super) struct SignedData<'a> {
    /// The payload as in the signing input, or why it cannot be read; `None` when it was not found.
    pub(super) payload: Option<Result<Cow<'a, [u8]>, JwsError>>,
    /// What time-stamps over the data are over, where it is another than the payload; `None` when it was not found.
    objects_stamped: Option<Vec<u8>>,
    by_digest: bool,
    /// A row for each data object that `sigD` names.
    pub(super) objects: Vec<SignedObject>,
    pub(super) checks: Vec<Check>,
}

impl<'a> SignedData<'a> {
    /// Looks for the data of `signature`.
    pub(super) fn find(context: &Context<'a>, signature: &'a JwsSignature, header: &HeaderParameters) -> Self {
        match context.subject {
            Subject::SignatureValue { value, .. } => Self::counter_signed(context, signature, value),
            Subject::Data if header.has_sig_d() => match header.sig_d() {
                Some(sig_d) if context.jws.is_detached() => Self::referenced(context.evidence, signature, sig_d),
                _ => Self::with(None, Check::not_checked(Step::SignedData, NotChecked::EarlierFailure)),
            },
            Subject::Data => Self::payload(context, signature),
        }
    }

    /// What time-stamps over the signed data are over (TS 119 182-1 §5.2.6): the payload as in the signing input, or the
    /// data objects, which `ObjectIdByURIHash` keeps out of it.
    pub(super) fn stamped(&self) -> Option<&[u8]> {
        if self.by_digest {
            return self.objects_stamped.as_deref();
        }
        self.payload.as_ref().and_then(|payload| payload.as_deref().ok())
    }

    fn with(payload: Option<Result<Cow<'a, [u8]>, JwsError>>, check: Check) -> Self {
        Self { payload, objects_stamped: None, by_digest: false, objects: Vec::new(), checks: vec![check] }
    }

    fn payload(context: &Context<'a>, signature: &'a JwsSignature) -> Self {
        let step = Step::SignedData;
        match signature.payload_in_signing_input(context.evidence.detached_payload) {
            Err(JwsError::PayloadAbsent) => {
                Self::with(None, Check::failed(step, SubIndication::SignedDataNotFound, ValidationFault::PayloadAbsent))
            }
            found => Self::with(Some(found), Check::passed(step)),
        }
    }

    /// The raw value of the signature that is countersigned (TS 119 182-1 §5.3.2). What stands in the counter-signature must
    /// be that value, or else it was made for another signature.
    fn counter_signed(context: &Context<'a>, signature: &'a JwsSignature, value: &'a [u8]) -> Self {
        let step = Step::SignedData;
        if context.jws.is_detached() {
            return Self::with(Some(signature.payload_in_signing_input(Some(value))), Check::passed(step));
        }
        let check = match context.jws.unverified_payload() {
            Some(attached) if attached != value => {
                let digest = |octets| DigestAlgorithm::Sha256.digest(octets).to_string();
                let fault = ValidationFault::OtherSignatureValue { found: digest(attached), expected: digest(value) };
                Check::failed(step, SubIndication::HashFailure, fault)
            }
            _ => Check::passed(step),
        };
        Self::with(Some(signature.payload_in_signing_input(None)), check)
    }

    /// The data objects of `sigD` (TS 119 182-1 §5.2.8.3).
    fn referenced(evidence: &Evidence<'_>, signature: &JwsSignature, sig_d: &SigD) -> Self {
        let step = Step::SignedData;
        let unresolved = |fault| Self::with(None, Check::failed(step, SubIndication::SignedDataNotFound, fault));
        let by_digest = match sig_d.mechanism() {
            ReferenceMechanism::ObjectIdByUri => false,
            ReferenceMechanism::ObjectIdByUriHash => true,
            ReferenceMechanism::HttpHeaders => return unresolved(ValidationFault::HttpHeaders),
            ReferenceMechanism::Other(found) => {
                return unresolved(ValidationFault::UnknownMechanism { found: found.clone() });
            }
        };
        let (mut objects, mut checks, mut concatenated) = (Vec::new(), Vec::new(), Some(Vec::new()));
        for reference in sig_d.references() {
            let given = evidence.documents.get(reference.name()).copied();
            let encoded = given.flatten().map(|octets| signature.encode(octets));
            let (state, failure) = judge(reference, given, encoded.as_deref());
            checks.extend(failure.map(|(sub_indication, fault)| Check::failed(step, sub_indication, fault)));
            objects.push(SignedObject::new(reference, state, given.flatten()));
            match (&mut concatenated, encoded) {
                (Some(octets), Some(encoded)) => octets.extend_from_slice(&encoded),
                _ => concatenated = None,
            }
        }
        if checks.is_empty() {
            checks.push(Check::passed(step));
        }
        let (payload, objects_stamped) =
            if by_digest { (Some(Vec::new()), concatenated) } else { (concatenated, None) };
        Self { payload: payload.map(|octets| Ok(Cow::Owned(octets))), objects_stamped, by_digest, objects, checks }
    }
}

/// What became of one data object: `given` is `None` when it was not given, `Some(None)` when several were.
fn judge(
    reference: &DataReference,
    given: Option<Option<&[u8]>>,
    encoded: Option<&[u8]>,
) -> (SignedObjectState, Option<(SubIndication, ValidationFault)>) {
    let name = || excerpt(reference.name());
    let not_found = SubIndication::SignedDataNotFound;
    match (given, encoded, reference.digest()) {
        (None, ..) => {
            (SignedObjectState::Absent, Some((not_found, ValidationFault::DataObjectAbsent { name: name() })))
        }
        (Some(_), None, _) => {
            (SignedObjectState::GivenTwice, Some((not_found, ValidationFault::DataObjectTwice { name: name() })))
        }
        (Some(_), Some(_), None) => (SignedObjectState::InPayload, None),
        (Some(_), Some(encoded), Some(expected)) => match expected.algorithm().digest(encoded) {
            found if found == *expected => (SignedObjectState::Matches, None),
            found => {
                let (expected, found) = (expected.to_string(), found.to_string());
                let fault = ValidationFault::DataObjectDiffers { name: name(), expected, found };
                (SignedObjectState::Differs, Some((SubIndication::HashFailure, fault)))
            }
        },
    }
}

/// The parameters of signatures over data that a counter-signature must not have (§5.1.3, §5.2.8).
pub(super) fn not_of_counter_signatures(header: &HeaderParameters) -> impl Iterator<Item = JadesError> {
    let members = [("cty", header.content_type().is_some()), ("sigD", header.has_sig_d())];
    let there = members.into_iter().filter(|(_, there)| *there);
    there.map(|(member, _)| JadesError::InCounterSignature { member })
}
