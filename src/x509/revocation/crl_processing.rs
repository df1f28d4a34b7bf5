//! CRL processing: RFC 5280 §6.3.3, step by step, under the RFC's own letters.
//!
//! The local CRL cache of the RFC is the evidence given; nothing is fetched. `use-deltas` is always set: a delta CRL at hand
//! that continues a complete one is used.

use super::checker::{Answer, Checker};
use super::{
    CertificateIssuer, CrlRejection, Evidence, EvidenceSignatureError, RevocationInputs, Revoked, UnknownReason,
    Untimely,
};
use crate::budget::Resource;
use crate::crypto::{PublicKey, SignatureValid};
use crate::encoding::der::{Reader, Tag};
use crate::time::Instant;
use crate::x509::crl::{
    Crl, CrlContents, CrlError, DistributionPoint, IssuingDistributionPoint, PointOrigin, ReasonFlags,
    RevocationReason, RevokedEntry, is_same_name,
};
use crate::x509::{Certificate, GeneralName, Name};

/// The processing for one certificate, with the state variables of §6.3.2.
pub(super) struct CrlProcessing<'c, 'b, 'a> {
    checker: &'c mut Checker<'b>,
    certificate: &'a Certificate,
    issuer: CertificateIssuer<'a>,
    inputs: &'a RevocationInputs<'a>,
    /// The reasons covered so far.
    reasons_mask: ReasonFlags,
    /// `cert_status`, unless it is UNREVOKED.
    revoked: Option<Revoked>,
    /// The lists that say UNREVOKED, and cover reasons that none before them did.
    evidence: Vec<Evidence>,
    /// The complete lists that were looked in.
    used: Vec<&'a Crl>,
}

impl<'c, 'b, 'a> CrlProcessing<'c, 'b, 'a> {
    pub(super) fn new(
        checker: &'c mut Checker<'b>,
        certificate: &'a Certificate,
        issuer: CertificateIssuer<'a>,
        inputs: &'a RevocationInputs<'a>,
    ) -> Self {
        let reasons_mask = ReasonFlags::NONE;
        let (evidence, used) = (Vec::new(), Vec::new());
        Self { checker, certificate, issuer, inputs, reasons_mask, revoked: None, evidence, used }
    }

    /// "For each distribution point (DP) in the certificate's CRL distribution points extension, for each corresponding CRL in
    /// the local CRL cache, while ((reasons_mask is not all-reasons) and (cert_status is UNREVOKED))" the steps are
    /// performed; then for "any available CRLs not specified in a distribution point but issued by the certificate issuer",
    /// assuming a DP that has the issuer's name.
    ///
    /// Stricter than the RFC: lists of other scopes are looked in also when all reasons are covered, so that no distribution
    /// point is passed over.
    ///
    /// A certificate whose points name other CRL issuers is not looked for on its own issuer's list: that is what
    /// the names are there for.
    pub(super) fn run(mut self, reasons: &mut Vec<UnknownReason>) -> Answer {
        let mut points = match DistributionPoint::of_certificate(self.certificate) {
            Ok(points) => points,
            Err(error) => {
                reasons.push(UnknownReason::DistributionPoints(error));
                return Answer::Nothing;
            }
        };
        if points.iter().all(|point| point.crl_issuer().is_empty()) {
            points.push(DistributionPoint::assumed(self.issuer.name));
        }
        let mut rejections = Vec::new();
        for point in &points {
            if let Err(exhausted) = self.distribution_point(point, &mut rejections) {
                // Of what was not looked at, nothing is known.
                reasons.push(exhausted);
                return self.revoked.map_or(Answer::Nothing, Answer::Revoked);
            }
        }
        if let Some(revoked) = self.revoked {
            return Answer::Revoked(revoked);
        }
        let missing = ReasonFlags::ALL.without(self.reasons_mask);
        if missing.is_empty() {
            return Answer::NotRevoked(self.evidence);
        }
        if !self.evidence.is_empty() {
            rejections.push(UnknownReason::ReasonsNotCovered { missing });
        }
        for rejection in rejections {
            // The assumed point repeats what a point of the certificate found.
            if !reasons.contains(&rejection) {
                reasons.push(rejection);
            }
        }
        Answer::Nothing
    }

    /// The steps for each complete CRL that may be that of `point`, the latest issued first.
    fn distribution_point(
        &mut self,
        point: &DistributionPoint,
        rejections: &mut Vec<UnknownReason>,
    ) -> Result<(), UnknownReason> {
        let crl_issuers = crl_issuers(point, self.issuer.name);
        let evidence = self.inputs.evidence;
        for crl in crl_issuers.iter().flat_map(|issuer| evidence.crls_of(issuer)) {
            if self.revoked.is_some() {
                return Ok(());
            }
            self.checker.budget.draw(Resource::RevocationCandidates)?;
            if crl.base_crl_number().is_some() {
                continue;
            }
            match self.complete_crl(crl, point) {
                Ok(()) => {}
                Err(reason) => {
                    if let Some(exhausted) = reason.exhausted() {
                        return Err(exhausted.into());
                    }
                    let issuer = crl.issuer().to_string();
                    rejections.push(UnknownReason::Crl { issuer, this_update: crl.this_update(), reason });
                }
            }
        }
        Ok(())
    }

    /// Steps (a) to (l) for one complete CRL.
    fn complete_crl(&mut self, crl: &'a Crl, point: &DistributionPoint) -> Result<(), CrlRejection> {
        self.step_b_issuer_and_scope(crl, point)?;
        let interim_reasons_mask = step_d_interim_reasons_mask(crl, point);
        let covers_more = self.step_e_covers_more(interim_reasons_mask);
        if !covers_more && self.used.iter().any(|used| used.has_scope_of(crl)) {
            // A newer list of this scope was used.
            return Ok(());
        }
        critical_extensions(crl)?;
        let deltas = self.step_c_deltas(crl);
        match self.timely(crl) {
            // A delta that is current carries on a list that is not.
            Err(Untimely::Stale { .. } | Untimely::TooOld { .. }) if !deltas.is_empty() => {}
            timely => timely?,
        }
        let key = self.checker.crl_signer(crl, self.issuer, self.inputs)?;
        let delta = self.step_h_delta_signature(&deltas, &key)?;
        if delta.is_none() {
            self.timely(crl)?;
        }
        self.revoked = self.steps_i_to_k_entry(crl, delta)?;
        if self.revoked.is_none() {
            self.retained(crl)?;
            if covers_more {
                self.evidence.extend([Some(crl), delta].into_iter().flatten().cloned().map(Evidence::Crl));
            }
        }
        self.used.push(crl);
        // (l) "Set the reasons_mask state variable to the union of its previous value and the value of the
        // interim_reasons_mask state variable."
        self.reasons_mask = self.reasons_mask.union(interim_reasons_mask);
        Ok(())
    }

    /// (e) "Verify that interim_reasons_mask includes one or more reasons that are not included in the reasons_mask."
    fn step_e_covers_more(&self, interim_reasons_mask: ReasonFlags) -> bool {
        !interim_reasons_mask.without(self.reasons_mask).is_empty()
    }

    /// (a): "update the local CRL cache" with lists whose next update has not come; here, are they of the time asked about.
    fn timely(&self, crl: &Crl) -> Result<(), Untimely> {
        let inputs = self.inputs;
        inputs.settings.freshness.check(crl.this_update(), crl.next_update(), inputs.at, inputs.known_at)
    }

    /// (b) "Verify the issuer and scope of the complete CRL."
    fn step_b_issuer_and_scope(&mut self, crl: &Crl, point: &DistributionPoint) -> Result<(), CrlRejection> {
        self.step_b_1_issuer(crl, point)?;
        match crl.issuing_distribution_point() {
            Some(scope) => {
                self.step_b_2_i_name(crl, scope, point)?;
                self.steps_b_2_ii_to_iv_contents(scope)
            }
            None => Ok(()),
        }
    }

    /// (b)(1) "If the DP includes cRLIssuer, then verify that the issuer field in the complete CRL matches cRLIssuer in the DP
    /// and that the complete CRL contains an issuing distribution point extension with the indirectCRL boolean
    /// asserted. Otherwise, verify that the CRL issuer matches the certificate issuer."
    ///
    /// The names were compared when the list was chosen. A cRLIssuer that is the certificate's own issuer is one too many
    /// (§4.2.1.13), and needs no indirect list. Stricter than the RFC: where the certificate names a point without cRLIssuer,
    /// an indirect list is not the one it means; BoringSSL judges so too.
    fn step_b_1_issuer(&self, crl: &Crl, point: &DistributionPoint) -> Result<(), CrlRejection> {
        let is_indirect = crl.issuing_distribution_point().is_some_and(IssuingDistributionPoint::is_indirect);
        if point.crl_issuer().is_empty() {
            let is_refused = is_indirect && point.origin() == PointOrigin::Certificate;
            return if is_refused { Err(CrlRejection::Indirect) } else { Ok(()) };
        }
        if is_indirect || crl.issuer().matches(self.issuer.name) { Ok(()) } else { Err(CrlRejection::NotIndirect) }
    }

    /// (b)(2)(i) "If the distribution point name is present within the IDP CRL extension and the distribution field is present
    /// in the DP, then verify that one of the names in the IDP matches one of the names in the DP. If the distribution
    /// point name is present within the IDP CRL extension and the distribution field is omitted from the DP, then verify
    /// that one of the names in the IDP matches one of the names in the cRLIssuer field of the DP."
    fn step_b_2_i_name(
        &mut self,
        crl: &Crl,
        scope: &IssuingDistributionPoint,
        point: &DistributionPoint,
    ) -> Result<(), CrlRejection> {
        let Some(name) = scope.name() else { return Ok(()) };
        let malformed = |error| CrlRejection::Malformed(CrlError::Name(error));
        let names = name.resolve(crl.issuer()).map_err(malformed)?;
        let others = match point.name() {
            Some(name) => name.resolve(crl.issuer()).map_err(malformed)?,
            None => point.crl_issuer().to_vec(),
        };
        for name in &names {
            for other in &others {
                self.checker.budget.draw(Resource::NameComparisons)?;
                if is_same_name(name, other) {
                    return Ok(());
                }
            }
        }
        Err(CrlRejection::OtherDistributionPoint)
    }

    /// (b)(2)(ii) "If the onlyContainsUserCerts boolean is asserted in the IDP CRL extension, verify that the certificate does
    /// not include the basic constraints extension with the cA boolean asserted." (iii) "If the onlyContainsCACerts boolean
    /// is asserted in the IDP CRL extension, verify that the certificate includes the basic constraints extension with
    /// the cA boolean asserted." (iv) "Verify that the onlyContainsAttributeCerts boolean is not asserted."
    ///
    /// A certificate that is not of version 3 cannot say whether it is a CA's, and is neither.
    fn steps_b_2_ii_to_iv_contents(&self, scope: &IssuingDistributionPoint) -> Result<(), CrlRejection> {
        let is_ca = self.certificate.basic_constraints().is_some_and(|basic| basic.is_ca());
        let holds = match scope.contents() {
            CrlContents::All => true,
            CrlContents::UserCertificates => !is_ca && is_version_3(self.certificate),
            CrlContents::CaCertificates => is_ca,
            CrlContents::AttributeCertificates => false,
        };
        if holds { Ok(()) } else { Err(CrlRejection::OtherContents { contents: scope.contents() }) }
    }

    /// (c) "If use-deltas is set, verify the issuer and scope of the delta CRL": the issuer, the IDP and the authority key
    /// identifier of the complete CRL; and by §5.2.4, that it starts from this complete CRL or an earlier one, and comes
    /// after it.
    fn step_c_deltas(&self, crl: &Crl) -> Vec<&'a Crl> {
        let Some(number) = crl.crl_number() else { return Vec::new() };
        let continues = |delta: &&Crl| {
            delta.base_crl_number().is_some_and(|base| base <= number)
                && delta.crl_number().is_some_and(|delta| delta > number)
                && delta.has_scope_of(crl)
                && critical_extensions(delta).is_ok()
                && self.timely(delta).is_ok()
        };
        self.inputs.evidence.crls_of(crl.issuer()).filter(continues).collect()
    }

    /// (h) "If use-deltas is set, then validate the signature on the delta CRL using the public key validated in step (f)."
    /// The latest that has it counts; one that has not hides no other.
    fn step_h_delta_signature(&mut self, deltas: &[&'a Crl], key: &PublicKey) -> Result<Option<&'a Crl>, CrlRejection> {
        for delta in deltas {
            match delta.verify(key, &self.inputs.settings.algorithms, self.checker.budget) {
                Ok(SignatureValid { .. }) => return Ok(Some(delta)),
                Err(EvidenceSignatureError::Exhausted(exhausted)) => return Err(exhausted.into()),
                Err(_) => {}
            }
        }
        Ok(None)
    }

    /// (i) "If use-deltas is set, then search for the certificate on the delta CRL." (j) "If (cert_status is UNREVOKED), then
    /// search for the certificate on the complete CRL." (k) "If (cert_status is removeFromCRL), then set cert_status to
    /// UNREVOKED."
    fn steps_i_to_k_entry(&self, crl: &Crl, delta: Option<&Crl>) -> Result<Option<Revoked>, CrlRejection> {
        let find = |list: &Crl| list.find(self.certificate.issuer(), self.certificate.serial_number());
        if let Some(delta) = delta
            && let Some(entry) = find(delta)?
        {
            return Ok(self.revoked(entry, delta));
        }
        Ok(find(crl)?.and_then(|entry| self.revoked(entry, crl)))
    }

    /// What an entry means at the time asked about.
    fn revoked(&self, entry: RevokedEntry, list: &Crl) -> Option<Revoked> {
        if entry.reason == Some(RevocationReason::RemoveFromCrl) {
            return None;
        }
        let revoked = Revoked {
            date: entry.revocation_date,
            reason: entry.reason,
            invalidity_date: entry.invalidity_date,
            evidence: Evidence::Crl(list.clone()),
        };
        (!revoked.leaves(self.inputs, list.this_update())).then_some(revoked)
    }

    /// §3.3: entries of expired certificates are dropped, unless expiredCertsOnCRL says that they are kept.
    fn retained(&self, crl: &Crl) -> Result<(), CrlRejection> {
        let not_after: Instant = self.certificate.validity().not_after();
        let is_kept = crl.expired_certs_on_crl().is_some_and(|since| since <= not_after);
        if crl.this_update() > not_after && !is_kept { Err(CrlRejection::NotRetained { not_after }) } else { Ok(()) }
    }
}

/// (d) "Compute the interim_reasons_mask for this CRL": what both the IDP and the DP cover, each all reasons if it names none.
fn step_d_interim_reasons_mask(crl: &Crl, point: &DistributionPoint) -> ReasonFlags {
    let of_crl = crl.issuing_distribution_point().and_then(IssuingDistributionPoint::only_some_reasons);
    of_crl.unwrap_or(ReasonFlags::ALL).intersection(point.reasons().unwrap_or(ReasonFlags::ALL))
}

/// §5.2: "If a CRL contains a critical extension that the application cannot process, then the application MUST NOT use that
/// CRL to determine the status of certificates"; §5.3 says the same of entries.
fn critical_extensions(crl: &Crl) -> Result<(), CrlRejection> {
    match crl.unprocessed_critical_extension() {
        Some(id) => Err(CrlRejection::CriticalExtension { id: id.clone() }),
        None => Ok(()),
    }
}

/// Whose lists are those of `point`: the directory names of its cRLIssuer, else the certificate's issuer.
fn crl_issuers(point: &DistributionPoint, issuer: &Name) -> Vec<Name> {
    if point.crl_issuer().is_empty() {
        return vec![issuer.clone()];
    }
    let directory_name = |name: &GeneralName| match name {
        GeneralName::DirectoryName(name) => Some(name.clone()),
        _ => None,
    };
    point.crl_issuer().iter().filter_map(directory_name).collect()
}

/// Whether the certificate can have extensions: version 3 is `[0] 2` at its head.
fn is_version_3(certificate: &Certificate) -> bool {
    let version = Reader::new(certificate.tbs_der())
        .read(Tag::SEQUENCE)
        .and_then(|tbs| tbs.reader().read(Tag::context_constructed(0)))
        .and_then(|explicit| explicit.reader().read(Tag::INTEGER));
    version.is_ok_and(|version| version.contents() == [2])
}
