//! Periods in which a path is judged alike, over lists that come and revoke.

use crate::budget::{Budget, Limits};
use crate::codes::CodingScheme;
use crate::crypto::JwsAlgorithm;
use crate::pki::{DemonstrationPki, EntityName, RevokedCertificate};
use crate::time::Instant;
use crate::x509::crl::Crl;
use crate::x509::path::{PathInputs, PathSettings, Purpose, RevocationPolicy, SteadyPeriod, build};
use crate::x509::revocation::RevocationEvidence;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Lists of three months, the last of which revokes the signer; a path of three certificates.
#[test]
fn a_verdict_holds_in_all_of_its_period() {
    let pki = DemonstrationPki::new(at("2026-01-02T00:00:00Z")).unwrap();
    let name = EntityName::new("1234567889".parse().unwrap(), &CodingScheme::default(), "SY", "و", "خ").unwrap();
    let chain = pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap().chain;
    let revoked = [RevokedCertificate::new(&chain[0], at("2026-03-20T12:00:00Z"))];
    let mut crls = Vec::new();
    for (month, revoked) in
        [("2026-01-10T00:00:00Z", &[][..]), ("2026-02-20T00:00:00Z", &[]), ("2026-03-25T00:00:00Z", &revoked)]
    {
        let lists = pki.crls(at(month), revoked).unwrap();
        crls.extend(lists.iter().map(|der| Crl::from_der(der, &Limits::default()).unwrap()));
    }
    let evidence = RevocationEvidence::new(crls, Vec::new());
    let (trust_store, settings) =
        (pki.trust_store(), PathSettings::new(Purpose::DocumentSigning, RevocationPolicy::default()));
    let inputs_at = |time: Instant| {
        let mut inputs = PathInputs::new(&chain[0], &trust_store, time, &settings);
        (inputs.pool, inputs.evidence, inputs.known_at) = (&chain, Some(&evidence), at("2026-04-01T00:00:00Z"));
        inputs
    };
    let holds = |time: Instant| build(&inputs_at(time), &mut Budget::new(&Limits::default())).is_ok();
    let start = at("2025-12-31T23:59:59Z").unix_seconds();
    // Every seven hours, and the seconds about each of the moments.
    let mut times: Vec<i64> = (0..320).map(|step| start + step * 25_200).collect();
    for moment in [
        "2026-01-01T00:00:00Z",
        "2026-01-10T00:00:00Z",
        "2026-02-09T00:00:00Z",
        "2026-02-20T00:00:00Z",
        "2026-03-20T12:00:00Z",
        "2026-03-22T00:00:00Z",
    ] {
        times.extend((-3..4).map(|second| at(moment).unix_seconds() + second));
    }
    let times: Vec<Instant> = times.into_iter().map(|second| Instant::from_unix_seconds(second).unwrap()).collect();
    let verdicts: Vec<bool> = times.iter().map(|time| holds(*time)).collect();
    assert!(verdicts.contains(&true) && verdicts.contains(&false));
    let mut periods = 0;
    for (time, verdict) in times.iter().zip(&verdicts) {
        let Some(period) = SteadyPeriod::around(&inputs_at(*time)) else { continue };
        assert!(period.contains(*time));
        periods += 1;
        for (other, other_verdict) in times.iter().zip(&verdicts) {
            assert!(!period.contains(*other) || verdict == other_verdict, "{time} and {other}");
        }
    }
    assert!(periods > 300, "{periods}");
}
