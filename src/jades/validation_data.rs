//! Certificates, CRLs and OCSP responses inside `etsiU` (TS 119 182-1 §5.3.5): evidence, nothing of which is trusted.
//!
//! ```text
//! xVals  = [ {"x509Cert": pkiOb} / {"otherCert": ..}, ... ]
//! rVals  = {"crlVals": [ pkiOb, ... ], "ocspVals": [ pkiOb, ... ]}      ; ocspVals: OCSPResponse, in full
//! tstVD  = anyValData = {"xVals": .., "rVals": ..}                       ; one of them or both
//! pkiOb  = {"val": base64 of DER}
//! ```
//! **Ignored**: `otherCert`, `otherVals`, and what a pkiOb says of its encoding: what is no DER is refused. **Rejected**:
//! what cannot be read, for to leave it out would be to judge by other evidence than the file's.

use serde_json::Value;

use crate::budget::Limits;
use crate::encoding::base64;
use crate::encoding::json::{MemberTypeError, Members};
use crate::jades::JadesError;
use crate::jades::etsi_u::EtsiUItem;
use crate::jades::header::certificate;
use crate::x509::Certificate;
use crate::x509::crl::Crl;
use crate::x509::ocsp::OcspResponse;

/// The validation data of one item.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ValidationData {
    /// The position of the item in `etsiU`, from 0.
    pub position: usize,
    /// Its certificates, in order.
    pub certificates: Vec<Certificate>,
    /// Its CRLs, in order.
    pub crls: Vec<Crl>,
    /// Its OCSP responses, in order.
    pub ocsp_responses: Vec<OcspResponse>,
}

impl ValidationData {
    /// Of the item at `position`.
    pub(crate) fn new(
        position: usize,
        certificates: Vec<Certificate>,
        crls: Vec<Crl>,
        ocsp_responses: Vec<OcspResponse>,
    ) -> Self {
        Self { position, certificates, crls, ocsp_responses }
    }
}

/// The data of every item that holds some.
pub(super) fn read_all(items: &[EtsiUItem], limits: &Limits) -> Result<Vec<ValidationData>, JadesError> {
    let mut reading = Reading { limits, certificates: 0, revocation_values: 0 };
    let mut all = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let mut data = ValidationData::new(position, Vec::new(), Vec::new(), Vec::new());
        match item.name() {
            "xVals" => reading.certificates(item.value(), &mut data)?,
            "rVals" => reading.revocation(members("rVals", item.value())?, &mut data)?,
            "tstVD" | "anyValData" => {
                let both = members(item.name(), item.value())?;
                both.value("xVals").map_or(Ok(()), |value| reading.certificates(value, &mut data))?;
                both.object("rVals")?.map_or(Ok(()), |value| reading.revocation(value, &mut data))?;
            }
            _ => continue,
        }
        all.push(data);
    }
    Ok(all)
}

/// How much was read of all items together.
struct Reading<'a> {
    limits: &'a Limits,
    certificates: usize,
    revocation_values: usize,
}

impl Reading<'_> {
    /// `xVals` (§5.3.5.1).
    fn certificates(&mut self, value: &Value, data: &mut ValidationData) -> Result<(), JadesError> {
        let entries = value.as_array().ok_or_else(|| MemberTypeError::new("xVals", "an array", value))?;
        for (position, entry) in entries.iter().enumerate() {
            let entry = entry.as_object().ok_or_else(|| MemberTypeError::new("xVals", "an array of objects", entry))?;
            let Some(object) = Members::new(entry).object("x509Cert")? else { continue };
            let limit = self.limits.certificates;
            if self.certificates >= limit {
                return Err(JadesError::TooManyCertificates { member: "etsiU", limit });
            }
            self.certificates += 1;
            data.certificates.push(certificate("xVals", position, val("x509Cert", object)?, self.limits)?);
        }
        Ok(())
    }

    /// `rVals` (§5.3.5.2).
    fn revocation(&mut self, object: Members<'_>, data: &mut ValidationData) -> Result<(), JadesError> {
        for (position, entry) in object.array("crlVals")?.unwrap_or_default().iter().enumerate() {
            let der = self.der("crlVals", entry)?;
            let crl = Crl::from_der(&der, self.limits).map_err(|error| JadesError::Crl { position, error })?;
            data.crls.push(crl);
        }
        for (position, entry) in object.array("ocspVals")?.unwrap_or_default().iter().enumerate() {
            let der = self.der("ocspVals", entry)?;
            let response = OcspResponse::from_der(&der, self.limits);
            data.ocsp_responses.push(response.map_err(|error| JadesError::Ocsp { position, error })?);
        }
        Ok(())
    }

    /// One more CRL or OCSP response, in DER.
    fn der(&mut self, member: &'static str, entry: &Value) -> Result<Vec<u8>, JadesError> {
        let limit = self.limits.revocation_values;
        if self.revocation_values >= limit {
            return Err(JadesError::TooManyRevocationValues { limit });
        }
        self.revocation_values += 1;
        let object = entry.as_object().ok_or_else(|| MemberTypeError::new(member, "an array of objects", entry))?;
        let text = val(member, Members::new(object))?;
        base64::decode_standard(text).map_err(|error| JadesError::Base64 { member, error })
    }
}

fn members<'a>(name: &str, value: &'a Value) -> Result<Members<'a>, MemberTypeError> {
    value.as_object().map(Members::new).ok_or_else(|| MemberTypeError::new(name, "an object", value))
}

/// The `val` of a pkiOb.
fn val<'a>(inside: &'static str, object: Members<'a>) -> Result<&'a str, JadesError> {
    object.string("val")?.ok_or(JadesError::Missing { inside, missing: "val" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jades::EtsiU;

    fn error(items: &Value) -> String {
        let limits = Limits { certificates: 0, revocation_values: 1, ..Limits::default() };
        let etsi_u = EtsiU::read(items, &limits).unwrap();
        etsi_u.validation_data(&limits).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_read_is_an_error_not_a_gap() {
        let table = [
            (json!([{"xVals": {}}]), "header: member \"xVals\": expected an array, found an object"),
            (json!([{"xVals": [1]}]), "header: member \"xVals\": expected an array of objects, found an integer"),
            (json!([{"xVals": [{"x509Cert": {"val": ""}}]}]), "header: \"etsiU\": more than 0 certificates"),
            (json!([{"tstVD": []}]), "header: member \"tstVD\": expected an object, found an array"),
            (json!([{"anyValData": {"rVals": []}}]), "header: member \"rVals\": expected an object, found an array"),
            (json!([{"rVals": []}]), "header: member \"rVals\": expected an object, found an array"),
            (json!([{"rVals": {"crlVals": {}}}]), "header: member \"crlVals\": expected an array, found an object"),
            (json!([{"rVals": {"crlVals": [{}]}}]), "header: \"crlVals\" has no member \"val\""),
            (
                json!([{"rVals": {"crlVals": ["MAA="]}}]),
                "header: member \"crlVals\": expected an array of objects, found a string",
            ),
            (json!([{"rVals": {"crlVals": [{"val": "MAA"}]}}]), "header: \"crlVals\": base64: "),
            (json!([{"rVals": {"crlVals": [{"val": "MAA="}]}}]), "header: \"crlVals\" entry 0: CRL: "),
            (json!([{"rVals": {"ocspVals": [{"val": "MAA="}]}}]), "header: \"ocspVals\" entry 0: OCSP"),
        ];
        for (items, expected) in table {
            let found = error(&items);
            assert!(found.starts_with(expected), "{items}: {found}");
        }
    }

    #[test]
    fn all_items_share_the_limits() {
        let limits = Limits { revocation_values: 0, ..Limits::default() };
        let read = |items: Value| EtsiU::read(&items, &limits).unwrap().validation_data(&limits);
        let values = json!({"crlVals": [{"val": "MAA="}]});
        let error = read(json!([{"anyValData": {"rVals": values}}])).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.code()),
            ("header: \"etsiU\": more than 0 CRLs and OCSP responses", "jades-too-many-revocation-values")
        );
        let none = read(json!([{"xVals": [{"otherCert": {}}]}, {"sigTst": 1}, {"tstVD": {}}])).unwrap();
        let positions: Vec<usize> = none.iter().map(|data| data.position).collect();
        assert_eq!(positions, [0, 2]);
        assert!(none.iter().all(|data| data.certificates.is_empty() && data.crls.is_empty()));
    }
}
