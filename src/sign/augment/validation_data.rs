//! The validation data that a file lacks, and the items that hold it.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::encoding::base64;
use crate::report::{SignatureReport, TimeStampReport};
use crate::sign::augment::place::Place;
use crate::tsp::TimeStampToken;
use crate::validation::Evidence;
use crate::x509::Certificate;
use crate::x509::crl::Crl;
use crate::x509::ocsp::OcspResponse;
use crate::x509::path::{CertificationPath, RevocationOutcome};
use crate::x509::revocation::{self, RevocationStatus};

/// What a file lacks: of its signer, and of the authorities of its time-stamps. Each once.
pub(super) struct Missing {
    of_signer: Values,
    of_time_stamps: Values,
}

/// Octets in DER, in the order in which they were found.
#[derive(Default)]
struct Values {
    certificates: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
    ocsp_responses: Vec<Vec<u8>>,
}

impl Missing {
    /// Of the paths by which the signature and its time-stamps hold: every certificate, the trust anchor's too, which whoever
    /// verifies decades later will look for, and the evidence that none was revoked.
    pub(super) fn of(place: &Place, signature: &SignatureReport) -> Self {
        let mut known = held(place);
        let mut of_signer = Values::default();
        signature.certification_path().into_iter().for_each(|path| of_signer.add_path(path, &mut known));
        let mut of_time_stamps = Values::default();
        let paths = signature.time_stamps().iter().filter_map(TimeStampReport::certification_path);
        paths.for_each(|path| of_time_stamps.add_path(path, &mut known));
        Self { of_signer, of_time_stamps }
    }

    /// Of everything that was given.
    pub(super) fn of_evidence(place: &Place, evidence: &Evidence<'_>) -> Self {
        let mut known = held(place);
        let mut values = Values::default();
        evidence.certificates.iter().for_each(|one| add(&mut values.certificates, one.as_der(), &mut known));
        let (crls, ocsp) = (evidence.revocation.crls(), evidence.revocation.ocsp_responses());
        crls.iter().for_each(|one| add(&mut values.crls, one.as_der(), &mut known));
        ocsp.iter().for_each(|one| add(&mut values.ocsp_responses, one.as_der(), &mut known));
        Self { of_signer: values, of_time_stamps: Values::default() }
    }

    /// `xVals, rVals, tstVD`, as far as there is anything to hold.
    pub(super) fn items_of_b_lt(&self) -> Vec<String> {
        let (x_vals, r_vals) = (self.of_signer.x_vals(), self.of_signer.r_vals());
        let members = [("xVals", x_vals), ("rVals", r_vals), ("tstVD", self.of_time_stamps.both())];
        members.into_iter().filter_map(|(name, value)| Some(item(name, value?))).collect()
    }

    /// `tstVD, anyValData`: of the last archive time-stamp, and newer revocation data of the signer.
    pub(super) fn items_of_renewal(&self) -> Vec<String> {
        let stamps = self.of_time_stamps.both().map(|value| item("tstVD", value));
        stamps.into_iter().chain(self.any_validation_data()).collect()
    }

    /// `anyValData`.
    pub(super) fn any_validation_data(&self) -> Vec<String> {
        self.of_signer.both().map(|value| item("anyValData", value)).into_iter().collect()
    }
}

impl Values {
    fn add_path(&mut self, path: &CertificationPath, known: &mut HashSet<Vec<u8>>) {
        let certificates = path.certificates().iter().chain(path.anchor().certificate());
        certificates.for_each(|one| add(&mut self.certificates, one.as_der(), known));
        let RevocationOutcome::Checked(statuses) = path.revocation() else { return };
        for status in statuses {
            let RevocationStatus::NotRevoked(not_revoked) = status else { continue };
            for evidence in not_revoked.evidence() {
                match evidence {
                    revocation::Evidence::Crl(crl) => add(&mut self.crls, crl.as_der(), known),
                    revocation::Evidence::OcspResponse(one) => add(&mut self.ocsp_responses, one.as_der(), known),
                }
            }
        }
    }

    /// §5.3.5.1.
    fn x_vals(&self) -> Option<Value> {
        let entry = |der: &Vec<u8>| json!({"x509Cert": object(der)});
        let entries: Vec<Value> = self.certificates.iter().map(entry).collect();
        (!entries.is_empty()).then(|| Value::from(entries))
    }

    /// §5.3.5.2.
    fn r_vals(&self) -> Option<Value> {
        let mut members = Map::new();
        for (name, ders) in [("crlVals", &self.crls), ("ocspVals", &self.ocsp_responses)] {
            if !ders.is_empty() {
                members.insert(name.to_owned(), ders.iter().map(|der| object(der)).collect());
            }
        }
        (!members.is_empty()).then(|| Value::from(members))
    }

    /// §5.3.5.3: `{"xVals": .., "rVals": ..}`, one of them or both.
    fn both(&self) -> Option<Value> {
        let members = [("xVals", self.x_vals()), ("rVals", self.r_vals())];
        let members: Map<String, Value> =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        (!members.is_empty()).then(|| Value::from(members))
    }
}

/// The item of a time-stamp container.
pub(super) fn time_stamp(name: &str, token: &TimeStampToken) -> String {
    item(name, json!({"tstTokens": [object(token.as_der())]}))
}

fn item(name: &str, value: Value) -> String {
    base64::encode_url(json!({name: value}).to_string().as_bytes())
}

/// A pkiOb: the encoding is DER where it is not said.
fn object(der: &[u8]) -> Value {
    json!({"val": base64::encode_standard(der)})
}

/// What the file holds already.
fn held(place: &Place) -> HashSet<Vec<u8>> {
    let data = place.data.iter();
    let inside = data.flat_map(|data| {
        let certificates = data.certificates.iter().map(Certificate::as_der);
        let crls = data.crls.iter().map(Crl::as_der);
        certificates.chain(crls).chain(data.ocsp_responses.iter().map(OcspResponse::as_der))
    });
    inside.chain(place.certificates.iter().map(Certificate::as_der)).map(<[u8]>::to_vec).collect()
}

fn add(values: &mut Vec<Vec<u8>>, der: &[u8], known: &mut HashSet<Vec<u8>>) {
    if known.insert(der.to_vec()) {
        values.push(der.to_vec());
    }
}
