//! `boringssl-chains`: BoringSSL's chains, each under the trust and the key purpose that its row names.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::oid::Oid;
use wathiqa::time::Instant;
use wathiqa::x509::path::{CertificationPath, DirectTrust, PathInputs, PathSettings, Purpose, RevocationPolicy, build};
use wathiqa::x509::{AnchorExtensions, AnchorValidity, Certificate, TrustAnchor, TrustStore};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{of_its_time, text, texts};

/// The rows of `boringssl/chains.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for manifest_row in folder.manifest("boringssl/chains.json")? {
        let id = text(&manifest_row, "id")?.to_owned();
        let case = Case::read(folder, &manifest_row).map_err(|Problem(problem)| format!("{id}: {problem}"))?;
        rows.push(Row::run(id, manifest_row.clone(), || case.compare(&manifest_row)));
    }
    Ok(rows)
}

/// One row, its files read.
struct Case {
    /// Leaf first, anchor last.
    certificates: Vec<Vec<u8>>,
    trust: Trust,
    purpose: Purpose,
    at: Instant,
}

impl Case {
    fn read(folder: &Folder, row: &Map<String, Value>) -> Result<Self, Problem> {
        let certificates = texts(row, "certs")?.into_iter().map(|file| folder.read(&format!("boringssl/{file}")));
        Ok(Self {
            certificates: certificates.collect::<Result<_, _>>()?,
            trust: Trust::read(text(row, "trust")?),
            purpose: purpose(text(row, "key_purpose")?)?,
            at: text(row, "validation_time")?.parse()?,
        })
    }

    fn compare(&self, row: &Map<String, Value>) -> Outcome {
        let path = match self.judge() {
            Ok(path) => path,
            Err(Problem(reason)) => return Outcome::compare(row, "invalid", &reason),
        };
        match row.get("expected_user_constrained_policy_set").and_then(Value::as_str) {
            Some(policies) if policies_of(policies) != Some(path.policies().clone()) => {
                Outcome::Disagree(format!("expected the policies {policies}, found {:?}", path.policies()))
            }
            _ => Outcome::compare(row, "valid", ""),
        }
    }

    fn judge(&self) -> Result<CertificationPath, Problem> {
        let [leaf, above @ ..] = self.certificates.as_slice() else { return Err("no certificate".into()) };
        let leaf = Certificate::from_der(leaf)?;
        // A certificate that cannot be read is not there.
        let readable = |octets: &Vec<u8>| Certificate::from_der(octets).ok();
        let pool: Vec<_> = above.split_last().into_iter().flat_map(|(_, pool)| pool).filter_map(readable).collect();
        let anchor = self.certificates.last().and_then(readable);
        let trust_store: TrustStore = anchor.and_then(|anchor| self.trust.anchor(anchor)).into_iter().collect();
        let mut settings = PathSettings::new(self.purpose.clone(), RevocationPolicy::Skip);
        settings.algorithms = of_its_time();
        settings.direct_trust = self.trust.direct;
        let mut inputs = PathInputs::new(&leaf, &trust_store, self.at, &settings);
        inputs.pool = &pool;
        Ok(build(&inputs, &mut Budget::new(&Limits::default()))?)
    }
}

/// What BoringSSL's trust in the last certificate means here.
struct Trust {
    is_trusted: bool,
    direct: DirectTrust,
    validity: AnchorValidity,
    extensions: AnchorExtensions,
}

impl Trust {
    /// Reads `TRUSTED_ANCHOR`, with `_WITH_EXPIRATION`, `_WITH_CONSTRAINTS` or both behind it; `TRUSTED_LEAF`,
    /// `TRUSTED_ANCHOR_OR_LEAF`; anything else is no trust.
    fn read(trust: &str) -> Self {
        Self {
            is_trusted: trust.starts_with("TRUSTED_"),
            direct: if trust.contains("LEAF") { DirectTrust::Accept } else { DirectTrust::Refuse },
            validity: if trust.contains("EXPIRATION") { AnchorValidity::Enforce } else { AnchorValidity::Ignore },
            extensions: if ["WITH_CONSTRAINTS", "AND_CONSTRAINTS"].iter().any(|held| trust.contains(held)) {
                AnchorExtensions::Enforce
            } else {
                AnchorExtensions::Ignore
            },
        }
    }

    fn anchor(&self, certificate: Certificate) -> Option<TrustAnchor> {
        let anchor = || TrustAnchor::from_certificate(certificate);
        self.is_trusted.then(|| anchor().with_validity(self.validity).with_extensions(self.extensions))
    }
}

/// The key purpose of a row; what BoringSSL asks of TLS certificates beyond it (`_STRICT`) is left aside.
fn purpose(name: &str) -> Result<Purpose, Problem> {
    let id = match name {
        "ANY_EKU" => return Ok(Purpose::Any),
        "C2PA_MANIFEST" => "1.3.6.1.4.1.62558.2.1",
        "C2PA_TIMESTAMPING" => "1.3.6.1.5.5.7.3.8",
        "MLS_CLIENT_AUTH" => "2.23.146.2.1.3",
        name if name.starts_with("SERVER_AUTH") => "1.3.6.1.5.5.7.3.1",
        name if name.starts_with("CLIENT_AUTH") => "1.3.6.1.5.5.7.3.2",
        other => return Err(format!("key_purpose \"{other}\"").into()),
    };
    Ok(Purpose::KeyPurpose(id.parse()?))
}

/// The policies of a row, separated by commas.
fn policies_of(list: &str) -> Option<BTreeSet<Oid>> {
    list.split(',').map(|policy| policy.trim().parse().ok()).collect()
}
