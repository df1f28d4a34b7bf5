//! `pkits`: NIST's Public Key Interoperability Test Suite.
//!
//! Rows have two fields more: `part`, the chapter such as 4.8, by which they are counted too; and `keys`, the algorithms of
//! the certified keys, for rules.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wathiqa::budget::{Budget, Limits};
use wathiqa::crypto::{KeyKind, UnsupportedKey};
use wathiqa::oid::{self, Oid};
use wathiqa::time::Instant;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::{
    AcceptablePolicies, AnyPolicy, CertificationPath, ExplicitPolicy, PathInputs, PathSettings, PolicyMapping,
    PolicySettings, Purpose, RevocationPolicy, build,
};
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor};

use super::framework::{Folder, Outcome, Problem, Row};
use super::members::{flag, text, texts};

/// The rows of `pkits/manifest.json`.
pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for mut fields in folder.manifest("pkits/manifest.json")? {
        let id = format!("{} {}", text(&fields, "test")?, text(&fields, "name")?);
        let case = Case::read(folder, &fields).map_err(|Problem(problem)| format!("{id}: {problem}"))?;
        let part: Vec<&str> = text(&fields, "section")?.splitn(3, '.').take(2).collect();
        fields.insert("part".to_owned(), part.join(".").into());
        fields.insert("keys".to_owned(), case.keys().into());
        rows.push(Row::run(id, fields.clone(), || case.compare(&fields)));
    }
    Ok(rows)
}

/// One row, its files read.
struct Case {
    /// Anchor first, leaf last.
    certificates: Vec<Vec<u8>>,
    policies: PolicySettings,
    expected_policies: Option<BTreeSet<Oid>>,
    /// `None` if revocation is not judged.
    crls: Option<Vec<Vec<u8>>>,
    /// Certificates of those who signed CRLs.
    crl_signers: Vec<Vec<u8>>,
    at: Instant,
}

impl Case {
    fn read(folder: &Folder, row: &Map<String, Value>) -> Result<Self, Problem> {
        let files = |member: &str| {
            let names = texts(row, member)?.into_iter();
            names.map(|name| folder.read(&format!("pkits/{name}"))).collect::<Result<Vec<_>, _>>()
        };
        let expected = row.get("expected_user_constrained_policy_set").filter(|set| !set.is_null());
        Ok(Self {
            certificates: files("certs")?,
            policies: policies(row)?,
            expected_policies: expected.map(|_| oids(row, "expected_user_constrained_policy_set")).transpose()?,
            crls: (row.get("revocation") != Some(&"off".into())).then(|| files("crls")).transpose()?,
            crl_signers: files("extra_certs")?,
            at: text(row, "validation_time")?.parse()?,
        })
    }

    /// The algorithms of the certified keys, by name or identifier.
    fn keys(&self) -> Vec<String> {
        let readable = self.certificates.iter().filter_map(|octets| Certificate::from_der(octets).ok());
        let kinds = readable.map(|certificate| match certificate.public_key().kind() {
            KeyKind::Rsa { .. } => "RSA".to_owned(),
            KeyKind::Unsupported(UnsupportedKey::Algorithm(id)) => id.to_string(),
            other => other.to_string(),
        });
        kinds.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn compare(&self, row: &Map<String, Value>) -> Outcome {
        let path = match self.judge() {
            Ok(path) => path,
            Err(Problem(reason)) => return Outcome::compare(row, "invalid", &reason),
        };
        match &self.expected_policies {
            Some(expected) if expected != path.policies() => {
                Outcome::Disagree(format!("expected the policies {expected:?}, found {:?}", path.policies()))
            }
            _ => Outcome::compare(row, "valid", ""),
        }
    }

    fn judge(&self) -> Result<CertificationPath, Problem> {
        let [anchor, pool @ .., leaf] = self.certificates.as_slice() else { return Err("no path".into()) };
        let leaf = Certificate::from_der(leaf)?;
        let trust_store = [TrustAnchor::from_certificate(Certificate::from_der(anchor)?)].into_iter().collect();
        // What cannot be read is not there.
        let pool = pool.iter().chain(&self.crl_signers).filter_map(|octets| Certificate::from_der(octets).ok());
        let pool: Vec<_> = pool.collect();
        let limits = Limits::default();
        let crls = self.crls.iter().flatten().filter_map(|octets| Crl::from_der(octets, &limits).ok());
        let evidence = RevocationEvidence::new(crls.collect(), Vec::new());
        let revocation = self.crls.as_ref().map_or(RevocationPolicy::Skip, |_| RevocationPolicy::default());
        let mut settings = PathSettings::new(Purpose::Any, revocation);
        settings.policies = self.policies.clone();
        let mut inputs = PathInputs::new(&leaf, &trust_store, self.at, &settings);
        inputs.pool = &pool;
        inputs.evidence = Some(&evidence);
        Ok(build(&inputs, &mut Budget::new(&limits))?)
    }
}

/// The inputs of RFC 5280 §6.1.1 (c), (e), (f) and (g).
fn policies(row: &Map<String, Value>) -> Result<PolicySettings, Problem> {
    let initial = oids(row, "user_initial_policy_set")?;
    let mut policies = PolicySettings::default();
    if !initial.contains(&oid::ANY_POLICY) {
        policies.acceptable = AcceptablePolicies::OneOf(initial);
    }
    if flag(row, "initial_explicit_policy") {
        policies.explicit_policy = ExplicitPolicy::Required;
    }
    if flag(row, "initial_policy_mapping_inhibit") {
        policies.policy_mapping = PolicyMapping::Inhibit;
    }
    if flag(row, "initial_inhibit_any_policy") {
        policies.any_policy = AnyPolicy::Inhibit;
    }
    Ok(policies)
}

fn oids(row: &Map<String, Value>, member: &str) -> Result<BTreeSet<Oid>, Problem> {
    texts(row, member)?.into_iter().map(|policy| Ok(policy.parse()?)).collect()
}
