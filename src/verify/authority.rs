//! What a register of entities, and the scope of the trust anchor, say of a document.
//!
//! The register is asked for the proven time of each signature, or for the time of validation where nothing is proven: the
//! entity was there, the key was its key, the kind and the service were granted. Each is a check of its own. Key in the
//! register **and** entity in the certificate: neither a certification authority that certifies a wrong key nor whoever
//! changes the register can make a document alone.

use crate::codes::EntityCode;
use crate::crypto::KeyDigest;
use crate::document::Document;
use crate::policy::RegisterUse;
use crate::register::{Register, RegisterFault};
use crate::report::{Check, NotChecked, SignatureReport, Step, SubIndication};
use crate::time::Instant;
use crate::x509::Certificate;

/// Who signed what when, as far as it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signed<'a, B> {
    pub(super) document: &'a Document<B>,
    pub(super) certificate: &'a Certificate,
    /// Whose key it must be: the issuer, or the one that signs by its mandate.
    pub(super) signer: EntityCode,
    /// The proven time.
    pub(super) at: Instant,
}

/// The register that may be asked at the time of validation; or the checks that say why none is.
pub(super) fn register_in_use(
    register: Option<&Register>,
    policy: RegisterUse,
    at: Instant,
) -> Result<&Register, [Check; 3]> {
    let fault = match (register, policy) {
        (None, RegisterUse::WhenGiven) => {
            return Err(STEPS.map(|step| Check::not_checked(step, NotChecked::NoRegister)));
        }
        (None, RegisterUse::Require) => RegisterFault::NotGiven {},
        (Some(register), _) => {
            let information = register.information();
            let (sequence_number, next_update) = (information.sequence_number(), information.next_update());
            if at <= next_update {
                return Ok(register);
            }
            RegisterFault::OutOfDate { sequence_number, next_update, at }
        }
    };
    let [entity, key, authority] = STEPS;
    let failed = Check::failed(entity, SubIndication::RegisterUnavailable, fault);
    Err([failed, not_made(key), not_made(authority)])
}

/// What is said of a signature whose certificate is not known.
pub(super) fn without_certificate() -> [Check; 3] {
    STEPS.map(not_made)
}

fn not_made(step: Step) -> Check {
    Check::not_checked(step, NotChecked::EarlierFailure)
}

/// Asks the register about one signature: three checks, or more where more than one thing does not hold.
pub(super) fn checks<B>(register: &Register, signed: Signed<'_, B>) -> Vec<Check> {
    let Signed { document, certificate, signer, at } = signed;
    let issuer = document.issuer();
    let [entity, key, authority] = STEPS;
    let is_older = register.information().issued_at() < at;
    let failed = |step, fault: RegisterFault| Check::failed(step, sub_indication(&fault, is_older), fault);
    let mut checks = Vec::new();
    let mut check = |step: Step, answers: &[Result<(), RegisterFault>]| {
        let faults: Vec<Check> =
            answers.iter().filter_map(|answer| answer.clone().err()).map(|fault| failed(step, fault)).collect();
        if faults.is_empty() {
            checks.push(Check::passed(step));
        }
        checks.extend(faults);
    };
    if register.entity(issuer).is_none() || register.entity(signer).is_none() {
        let unknown = if register.entity(issuer).is_none() { issuer } else { signer };
        check(entity, &[Err(RegisterFault::UnknownEntity { entity: unknown })]);
        checks.extend([key, authority].map(not_made));
        return checks;
    }
    check(entity, &[register.require_entity(issuer, at)]);
    if signer != issuer {
        check(entity, &[register.require_entity(signer, at)]);
    }
    check(key, &[register.require_key(signer, &KeyDigest::of(certificate.public_key()), at)]);
    let service = document.service().map_or(Ok(()), |service| register.require_service(issuer, service, at));
    check(authority, &[register.require_kind(issuer, document.kind(), at), service]);
    checks
}

/// Whether the register lists the key of one signature for `entity`, at its proven time, or at `at` where nothing is proven.
pub(super) fn key(register: &Register, signature: &SignatureReport, entity: EntityCode, at: Instant) -> Check {
    let step = Step::KeyInRegister;
    let Some(certificate) = signature.certificate() else { return not_made(step) };
    let at = signature.proven_time().unwrap_or(at);
    let is_older = register.information().issued_at() < at;
    match register.require_key(entity, &KeyDigest::of(certificate.public_key()), at) {
        Ok(()) => Check::passed(step),
        Err(fault) => Check::failed(step, sub_indication(&fault, is_older), fault),
    }
}

/// What an answer makes of the document. What the register does not have yet, a newer one may have.
fn sub_indication(fault: &RegisterFault, is_older: bool) -> SubIndication {
    match fault {
        RegisterFault::UnknownEntity { .. }
        | RegisterFault::KeyNotListed { .. }
        | RegisterFault::KindNotGranted { .. }
        | RegisterFault::ServiceNotGranted { .. }
            if is_older =>
        {
            SubIndication::RegisterUnavailable
        }
        RegisterFault::NotGiven {} | RegisterFault::OutOfDate { .. } => SubIndication::RegisterUnavailable,
        RegisterFault::UnknownEntity { .. }
        | RegisterFault::NotYetCreated { .. }
        | RegisterFault::Suspended { .. }
        | RegisterFault::Abolished { .. }
        | RegisterFault::Merged { .. } => SubIndication::EntityNotActive,
        RegisterFault::KeyNotListed { .. }
        | RegisterFault::KeyOfAnotherEntity { .. }
        | RegisterFault::KeyNotYetListed { .. }
        | RegisterFault::KeyRevoked { .. } => SubIndication::KeyNotListed,
        RegisterFault::KindNotGranted { .. }
        | RegisterFault::KindNotYetGranted { .. }
        | RegisterFault::KindWithdrawn { .. }
        | RegisterFault::ServiceNotGranted { .. }
        | RegisterFault::ServiceNotYetGranted { .. }
        | RegisterFault::ServiceWithdrawn { .. } => SubIndication::NoAuthority,
    }
}

/// That the anchor of the path is good for the kind of the document; nothing of an anchor that is good for all.
pub(super) fn anchor_scope<B>(signature: &SignatureReport, document: &Document<B>) -> Option<Check> {
    let step = Step::KindInAnchorScope;
    let scope = signature.anchor()?.scope();
    if !scope.is_limited_to_kinds() {
        return None;
    }
    Some(match scope.check_kind(document.kind()) {
        Ok(()) => Check::passed(step),
        Err(violation) => Check::failed(step, SubIndication::ChainConstraintsFailure, violation),
    })
}

/// The questions that a register answers, in order.
const STEPS: [Step; 3] = [Step::EntityInRegister, Step::KeyInRegister, Step::AuthorityInRegister];
