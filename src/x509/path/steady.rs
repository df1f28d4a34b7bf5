//! When what is said of a path at one time is said at another too.

use std::time::Duration;

use super::{PathInputs, PathSettings, RevocationPolicy};
use crate::crypto::{AlgorithmConstraints, AlgorithmRow};
use crate::time::Instant;
use crate::x509::ocsp::CertStatus;
use crate::x509::revocation::{Freshness, RevocationEvidence, RevocationSettings};
use crate::x509::{Certificate, TrustStore};

/// A period, both ends outside it, around the time of some [`PathInputs`], within which nothing begins, ends, is issued,
/// becomes stale or is revoked: whatever [`build`](super::build) says at one time of it, with the same
/// [`known_at`](PathInputs::known_at) and [`existed_at`](PathInputs::existed_at), it says at every other.
///
/// A verdict on a path compares the time with the ends of validity periods, the ends of algorithms and the times in CRLs
/// and OCSP responses, and with nothing else. So it cannot change between two neighbours among these moments. Fractions of
/// seconds count differently in different places (RFC 5280 counts whole seconds), so a second on either side of each
/// moment is in no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SteadyPeriod {
    after: Option<Instant>,
    before: Option<Instant>,
}

impl SteadyPeriod {
    /// The period around the time of `inputs`; none when that is within a second of a moment at which something changes.
    pub(crate) fn around(inputs: &PathInputs<'_>) -> Option<Self> {
        let mut moments = Moments { at: inputs.at, period: Some(Self { after: None, before: None }) };
        moments.of_inputs(inputs);
        moments.period
    }

    /// Whether `at` lies in the period.
    pub(crate) fn contains(&self, at: Instant) -> bool {
        self.after.is_none_or(|after| after < at) && self.before.is_none_or(|before| at < before)
    }

    /// What two periods share; it may be nothing.
    pub(crate) fn and(self, other: Self) -> Self {
        let both = |one: Option<Instant>, other: Option<Instant>, choose: fn(Instant, Instant) -> Instant| match (
            one, other,
        ) {
            (Some(one), Some(other)) => Some(choose(one, other)),
            (one, other) => one.or(other),
        };
        Self {
            after: both(self.after, other.after, Instant::max),
            before: both(self.before, other.before, Instant::min),
        }
    }
}

/// What is left of the period after the moments noted so far.
struct Moments {
    at: Instant,
    period: Option<SteadyPeriod>,
}

impl Moments {
    fn of_inputs(&mut self, inputs: &PathInputs<'_>) {
        // In full, so that whoever adds an input has to say here whether it makes the verdict depend on the time.
        let PathInputs { leaf, pool, trust_store, at: _, settings, evidence, known_at: _, existed_at: _, entity: _ } =
            *inputs;
        let PathSettings {
            purpose: _,
            anchor_use: _,
            revocation,
            algorithms,
            ca_key_purposes: _,
            direct_trust: _,
            policies: _,
            max_path_length: _,
        } = settings;
        self.of_algorithms(algorithms);
        let certificates = || pool.iter().chain([leaf]).chain(anchors(trust_store));
        certificates().for_each(|certificate| self.of_certificate(certificate));
        let (RevocationPolicy::Check(settings), Some(evidence)) = (revocation, evidence) else { return };
        let responders = evidence.ocsp_responses().iter().flat_map(|response| response.certificates());
        responders.clone().for_each(|certificate| self.of_certificate(certificate));
        self.of_crls(evidence, settings, &mut certificates().chain(responders));
        self.of_ocsp_responses(evidence, settings);
    }

    /// From its end on an algorithm is not relied on.
    fn of_algorithms(&mut self, algorithms: &AlgorithmConstraints) {
        algorithms.rows().iter().filter_map(AlgorithmRow::end).for_each(|end| self.note(end));
    }

    fn of_certificate(&mut self, certificate: &Certificate) {
        self.note(certificate.validity().not_before());
        self.note(certificate.validity().not_after());
    }

    fn of_crls(
        &mut self,
        evidence: &RevocationEvidence,
        settings: &RevocationSettings,
        certificates: &mut dyn Iterator<Item = &Certificate>,
    ) {
        for crl in evidence.crls() {
            self.of_update(crl.this_update(), crl.next_update(), settings);
        }
        for certificate in certificates {
            for crl in evidence.crls() {
                match crl.find(certificate.issuer(), certificate.serial_number()) {
                    Ok(None) => {}
                    Ok(Some(entry)) => [Some(entry.revocation_date), entry.invalidity_date]
                        .into_iter()
                        .flatten()
                        .for_each(|moment| self.note(moment)),
                    Err(_) => self.period = None,
                }
            }
        }
    }

    fn of_ocsp_responses(&mut self, evidence: &RevocationEvidence, settings: &RevocationSettings) {
        for response in evidence.ocsp_responses() {
            self.note(response.produced_at());
            for single in response.responses() {
                self.of_update(single.this_update(), single.next_update(), settings);
                let revoked = match single.status() {
                    CertStatus::Revoked { date, .. } => Some(date),
                    CertStatus::Good | CertStatus::Unknown => None,
                };
                [revoked, single.invalidity_date(), single.archive_cutoff()]
                    .into_iter()
                    .flatten()
                    .for_each(|moment| self.note(moment));
            }
        }
    }

    fn of_update(&mut self, this_update: Instant, next_update: Option<Instant>, settings: &RevocationSettings) {
        let RevocationSettings { scope: _, unknown: _, freshness: Freshness { max_age }, delegates: _, algorithms } =
            settings;
        self.of_algorithms(algorithms);
        self.note(this_update);
        let oldest = max_age.and_then(|max_age| this_update.checked_add(max_age));
        next_update.into_iter().chain(oldest).for_each(|moment| self.note(moment));
    }

    /// Narrows the period so that `moment`, and a second around it, is outside.
    fn note(&mut self, moment: Instant) {
        let Some(period) = &mut self.period else { return };
        let end = moment.checked_add(SECOND).unwrap_or(moment);
        let start = moment.checked_sub(SECOND).unwrap_or(moment);
        if self.at > end {
            period.after = Some(period.after.map_or(end, |after| after.max(end)));
        } else if self.at < start {
            period.before = Some(period.before.map_or(start, |before| before.min(start)));
        } else {
            self.period = None;
        }
    }
}

fn anchors(trust_store: &TrustStore) -> impl Iterator<Item = &Certificate> {
    trust_store.anchors().iter().filter_map(|anchor| anchor.certificate())
}

const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::ListedAlgorithm;
    use crate::x509::TrustAnchor;
    use crate::x509::ocsp::fixture;
    use crate::x509::path::Purpose;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn moments(at: Instant) -> Moments {
        Moments { at, period: Some(SteadyPeriod { after: None, before: None }) }
    }

    /// The ends of the period that is left about `time`.
    fn ends(time: &str, note: impl Fn(&mut Moments)) -> (Option<String>, Option<String>) {
        let mut moments = moments(at(time));
        note(&mut moments);
        let SteadyPeriod { after, before } = moments.period.unwrap();
        let text = |end: Option<Instant>| end.map(|end| end.to_string());
        (text(after), text(before))
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn certificates_of_the_path_the_pool_and_the_anchors_begin_and_end() {
        let certificate = |not_before: i32, not_after: i32| {
            let mut params = rcgen::CertificateParams::default();
            params.not_before = rcgen::date_time_ymd(not_before, 1, 1);
            params.not_after = rcgen::date_time_ymd(not_after, 1, 1);
            let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            Certificate::from_der(made.der()).unwrap()
        };
        let period = |leaf: Certificate, pool: Certificate, anchor: Certificate| {
            let trust_store = TrustStore::from_iter([TrustAnchor::from_certificate(anchor)]);
            let settings = PathSettings::new(Purpose::Any, RevocationPolicy::Skip);
            let mut inputs = PathInputs::new(&leaf, &trust_store, at("2026-02-01T00:00:00Z"), &settings);
            let pool = [pool];
            inputs.pool = &pool;
            SteadyPeriod::around(&inputs).unwrap()
        };
        let (narrow, wide) = (certificate(2025, 2027), certificate(2020, 2028));
        let [start, end] = ["2025-01-01T00:00:01Z", "2026-12-31T23:59:59Z"].map(at);
        let expected = SteadyPeriod { after: Some(start), before: Some(end) };
        assert_eq!(period(narrow.clone(), wide.clone(), wide.clone()), expected);
        assert_eq!(period(wide.clone(), narrow.clone(), wide.clone()), expected);
        assert_eq!(period(wide.clone(), wide, narrow), expected);
    }

    #[test]
    fn algorithms_end_and_lists_come_and_go() {
        let row = AlgorithmRow::new(ListedAlgorithm::Ed25519, 0).until(at("2026-04-01T00:00:00Z"));
        let ending = AlgorithmConstraints::default().without(ListedAlgorithm::Rsa).with(row);
        let of_algorithms = |moments: &mut Moments| moments.of_algorithms(&ending);
        assert_eq!(
            ends("2026-02-01T00:00:00Z", of_algorithms),
            (some("2012-08-01T00:00:01Z"), some("2026-03-31T23:59:59Z"))
        );
        let freshness = Freshness::max_age(Duration::from_secs(86_400 * 10));
        let mut settings = RevocationSettings { freshness, ..RevocationSettings::default() };
        let listed = |moments: &mut Moments| {
            let (this_update, next_update) = (at("2026-01-10T00:00:00Z"), at("2026-01-25T00:00:00Z"));
            moments.of_update(this_update, Some(next_update), &settings);
        };
        // Not there, there, too old for the policy, out of date.
        let tables_end = some("2028-12-31T23:59:59Z");
        let (issued, old, stale) = ("2026-01-10T00:00:01Z", "2026-01-20T00:00:01Z", "2026-01-25T00:00:01Z");
        assert_eq!(ends("2026-01-09T00:00:00Z", listed).1, some("2026-01-09T23:59:59Z"));
        assert_eq!(ends("2026-01-11T00:00:00Z", listed), (some(issued), some("2026-01-19T23:59:59Z")));
        assert_eq!(ends("2026-01-21T00:00:00Z", listed), (some(old), some("2026-01-24T23:59:59Z")));
        assert_eq!(ends("2026-01-26T00:00:00Z", listed), (some(stale), tables_end));
        settings.algorithms = ending;
        let listed = |moments: &mut Moments| moments.of_update(at("2026-01-10T00:00:00Z"), None, &settings);
        assert_eq!(ends("2026-02-01T00:00:00Z", listed), (some(old), some("2026-03-31T23:59:59Z")));
    }

    #[test]
    fn responses_are_made_and_tell_of_revocations() {
        let evidence = RevocationEvidence::new(Vec::new(), vec![fixture::revoked()]);
        let settings = RevocationSettings::default();
        let answered = |moments: &mut Moments| moments.of_ocsp_responses(&evidence, &settings);
        assert_eq!(ends("2026-02-15T00:00:00Z", answered).1, some("2026-02-28T23:59:59Z"));
        let (revoked, this_update) = (some("2026-03-01T00:00:01Z"), some("2026-05-31T23:59:59Z"));
        assert_eq!(ends("2026-03-15T00:00:00Z", answered), (revoked, this_update));
        let (this_update, produced_at) = (some("2026-06-01T00:00:01Z"), some("2026-06-01T23:59:59Z"));
        assert_eq!(ends("2026-06-01T12:00:00Z", answered), (this_update, produced_at));
        let (produced_at, next_update) = (some("2026-06-02T00:00:01Z"), some("2026-06-07T23:59:59Z"));
        assert_eq!(ends("2026-06-03T00:00:00Z", answered), (produced_at, next_update));
    }

    #[test]
    fn a_second_about_each_moment_is_in_no_period() {
        let period = |at: Instant, moment: Instant| {
            let mut moments = moments(at);
            moments.note(moment);
            moments.period
        };
        let moment = at("2026-01-01T00:00:10Z");
        assert_eq!(period(at("2026-01-01T00:00:09Z"), moment), None);
        assert_eq!(period(at("2026-01-01T00:00:11Z"), moment), None);
        let before = period(at("2026-01-01T00:00:08Z"), moment).unwrap();
        assert!(before.contains(at("2026-01-01T00:00:08.9Z")) && !before.contains(at("2026-01-01T00:00:09Z")));
        let after = period(at("2026-01-01T00:00:12Z"), moment).unwrap();
        assert!(!after.contains(at("2026-01-01T00:00:11Z")) && after.contains(at("2026-01-01T00:00:11.1Z")));
        assert!(!before.and(after).contains(at("2026-01-01T00:00:08Z")));
        assert!(
            after
                .and(period(at("2026-01-01T00:00:12Z"), at("2026-01-01T00:01:00Z")).unwrap())
                .contains(at("2026-01-01T00:00:58Z"))
        );
    }
}
