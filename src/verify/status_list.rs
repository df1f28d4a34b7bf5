//! Opening a status list.

use crate::policy::ValidationPolicy;
use crate::report::{Check, Indication, NotChecked, Report, Step, SubIndication};
use crate::status::{MEDIA_TYPE, StatusList, VerifiedStatusList};
use crate::time::Instant;
use crate::validation::{self, Evidence};
use crate::verify::{Verifier, binding, document};

impl Verifier {
    /// The status list in `octets`, a JWS in any serialization, when it holds as of `at`: its signatures as those of
    /// documents, each made for a status list (`cty`) and with a certificate of the entity whose list it says it is.
    ///
    /// That it is fresh is not asked here but of each document: a list may be opened today and asked for a past time.
    ///
    /// # Errors
    /// The report, when it does not hold: a list signed by another entity is `TOTAL_FAILED / ENTITY_MISMATCH`, a signed
    /// document `TOTAL_FAILED / FORMAT_FAILURE`.
    pub fn open_status_list(
        &self,
        octets: &[u8],
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<VerifiedStatusList, Box<Report>> {
        let report = validation::validate(octets, evidence, self.policy(), at);
        let read = report.unverified_payload().map(|payload| {
            let policy = self.policy();
            StatusList::from_slice_in(payload, policy.coding_scheme(), policy.limits())
        });
        let mut checks = vec![document::content_type_of(&report, MEDIA_TYPE)];
        let list = match read {
            Some(Ok(list)) => {
                checks.push(Check::passed(Step::StatusListFormat));
                checks.extend(issuers(&report, &list, self.policy()));
                Some(list)
            }
            Some(Err(error)) => {
                checks.push(Check::failed(Step::StatusListFormat, SubIndication::FormatFailure, error));
                None
            }
            None => {
                checks.push(Check::not_checked(Step::StatusListFormat, NotChecked::EarlierFailure));
                None
            }
        };
        let report = report.with_checks(checks);
        match list {
            Some(list) if report.indication() == Indication::TotalPassed => Ok(VerifiedStatusList::new(list)),
            _ => Err(Box::new(report)),
        }
    }
}

/// Every signing certificate is the entity's whose list it is.
fn issuers(report: &Report, list: &StatusList, policy: &ValidationPolicy) -> Vec<Check> {
    let check = |certificate| binding::entity_of_certificate(certificate, list.issuer(), policy);
    let absent = || Check::not_checked(Step::EntityOfCertificate, NotChecked::EarlierFailure);
    let signatures = report.signatures().iter();
    signatures.map(|signature| signature.certificate().map_or_else(absent, check)).collect()
}
