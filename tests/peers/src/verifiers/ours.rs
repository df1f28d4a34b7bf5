use std::error::Error;

use wathiqa::budget::Limits;
use wathiqa::policy::{RequiredLevel, ValidationPolicy};
use wathiqa::report::Indication;
use wathiqa::time::Instant;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::TrustAnchor;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::RevocationPolicy;
use wathiqa::x509::revocation::RevocationEvidence;

use super::{DocumentVerifier, Level, Trust};

/// This library, by its defaults.
#[derive(Debug)]
pub struct Ours {
    verifier: Verifier,
    evidence: Evidence<'static>,
    at: Instant,
}

impl Ours {
    /// Trusts all of `trust`, and judges at the time of the first.
    pub fn new(trust: &[Trust], level: Level) -> Result<Self, Box<dyn Error>> {
        let signers = trust.iter().map(|trust| TrustAnchor::from_certificate(trust.root.clone())).collect();
        let authorities =
            trust.iter().map(|trust| TrustAnchor::from_certificate(trust.time_stamp_root.clone())).collect();
        let level = if level == Level::BB { RequiredLevel::BB } else { RequiredLevel::BT };
        let policy = ValidationPolicy::new(signers, authorities, RevocationPolicy::default()).with_level(level);
        let lists = trust.iter().flat_map(|trust| &trust.crls);
        let lists = lists.map(|der| Crl::from_der(der, &Limits::default())).collect::<Result<_, _>>()?;
        let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
        let at = trust.first().ok_or("nothing is trusted")?.at;
        Ok(Self { verifier: Verifier::new(policy), evidence, at })
    }

    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    pub fn evidence(&self) -> &Evidence<'static> {
        &self.evidence
    }

    pub fn at(&self) -> Instant {
        self.at
    }
}

impl DocumentVerifier for Ours {
    fn name(&self) -> &'static str {
        "wathiqa"
    }

    fn verify(&self, document: &str) -> Result<(), String> {
        let report = self.verifier.verify(document.as_bytes(), &self.evidence, self.at);
        if report.indication() == Indication::TotalPassed {
            return Ok(());
        }
        Err(report.failures().map(|reason| reason.to_string()).collect::<Vec<_>>().join("; "))
    }
}
