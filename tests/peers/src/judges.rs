//! Who judges: this library, `certval`, the `openssl verify` command line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, PDVCertificate, PDVTrustAnchorChoice,
    PkiEnvironment, TimeOfInterest, enforce_trust_anchor_constraints, validate_path_rfc5280,
};
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use wathiqa::budget::{Budget, Limits};
use wathiqa::encoding::base64;
use wathiqa::time::Instant;
use wathiqa::x509::path::{
    self, AcceptablePolicies, AnyPolicy, ExplicitPolicy, PathInputs, PathSettings, PolicyMapping, Purpose,
    RevocationPolicy,
};
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};
use x509_cert::der::asn1::{BitString, ObjectIdentifier};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::generator::{ANY_POLICY, CLIENT_AUTH, Case, EMAIL_PROTECTION, NOW, SERVER_AUTH};
use crate::specification::oid;

/// What a judge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Accepts,
    /// With the reason in the judge's own words.
    Rejects(String),
}

impl Verdict {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Rejects(_) => "rejects",
        }
    }

    pub fn reason(&self) -> &str {
        match self {
            Self::Accepts => "",
            Self::Rejects(reason) => reason,
        }
    }

    fn of<T, E: ToString>(result: Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Accepts,
            Err(reason) => Self::Rejects(reason.to_string()),
        }
    }
}

/// This library: its verdict, and the path it found, as positions of intermediates, the anchor's side first.
pub fn ours(case: &Case, der: &[Vec<u8>]) -> (Verdict, Option<Vec<usize>>) {
    match build(case, der) {
        Ok(path) => (Verdict::Accepts, Some(path)),
        Err(reason) => (Verdict::Rejects(reason), None),
    }
}

fn build(case: &Case, der: &[Vec<u8>]) -> Result<Vec<usize>, String> {
    let read =
        |position: usize| Certificate::from_der(&der[position]).map_err(|error| format!("{}: {error}", error.code()));
    let store = TrustStore::from_iter([TrustAnchor::from_certificate(read(0)?)]);
    let leaf = read(1)?;
    // What cannot be read is no candidate; it is the reason, if there is no path without it.
    let mut unreadable = None;
    let mut pool = Vec::new();
    for position in &case.pool {
        match read(*position) {
            Ok(certificate) => pool.push(certificate),
            Err(reason) => unreadable = Some(reason),
        }
    }
    let settings = settings(case);
    let at = Instant::from_unix_seconds(NOW).map_err(|error| error.to_string())?;
    let mut inputs = PathInputs::new(&leaf, &store, at, &settings);
    inputs.pool = &pool;
    let found = path::build(&inputs, &mut Budget::new(&Limits::default()))
        .map_err(|error| unreadable.unwrap_or_else(|| format!("{}: {error}", error.code())))?;
    let position = |certificate: &Certificate| der.iter().position(|one| one == certificate.as_der());
    Ok(found.certificates().iter().skip(1).rev().filter_map(position).collect())
}

fn settings(case: &Case) -> PathSettings {
    let purpose = case.settings.purpose.map_or(Purpose::Any, |purpose| Purpose::KeyPurpose(oid(purpose)));
    let mut settings = PathSettings::new(purpose, RevocationPolicy::Skip);
    let policies = &mut settings.policies;
    if let Some(acceptable) = &case.settings.acceptable {
        policies.acceptable = AcceptablePolicies::OneOf(acceptable.iter().map(|policy| oid(policy)).collect());
    }
    if case.settings.require_explicit {
        policies.explicit_policy = ExplicitPolicy::Required;
    }
    if case.settings.inhibit_mapping {
        policies.policy_mapping = PolicyMapping::Inhibit;
    }
    if case.settings.inhibit_any {
        policies.any_policy = AnyPolicy::Inhibit;
    }
    settings
}

/// `certval`, with ring for the signatures.
pub struct Certval(PkiEnvironment);

impl Default for Certval {
    fn default() -> Self {
        let mut environment = PkiEnvironment::new();
        environment.add_verify_signature_message_callback(verify_with_ring);
        Self(environment)
    }
}

impl Certval {
    /// Judges the path that was `found`; if none was, all there are.
    pub fn judge(&self, case: &Case, der: &[Vec<u8>], found: Option<&[usize]>) -> Verdict {
        let paths = found.map_or_else(|| case.paths(), |found| vec![found.to_vec()]);
        let mut verdict = Verdict::Rejects("no path".to_owned());
        for path in paths {
            verdict = Verdict::of(self.path(case, der, &path));
            if verdict == Verdict::Accepts {
                break;
            }
        }
        verdict
    }

    fn path(&self, case: &Case, der: &[Vec<u8>], intermediates: &[usize]) -> Result<(), String> {
        let read = |position: &usize| PDVCertificate::try_from(&der[*position][..]).map_err(|error| error.to_string());
        let anchor = PDVTrustAnchorChoice::try_from(&der[0][..]).map_err(|error| error.to_string())?;
        let intermediates = intermediates.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let path = CertificationPath::new(anchor, intermediates.into_iter().collect(), read(&1)?);
        self.validate(&certval_settings(case), &path)
    }

    /// Validates `path`, which is held to what its anchor says.
    pub fn validate(&self, settings: &CertificationPathSettings, path: &CertificationPath) -> Result<(), String> {
        let settings =
            enforce_trust_anchor_constraints(settings, &path.trust_anchor).map_err(|error| format!("{error:?}"))?;
        validate_path_rfc5280(&self.0, &settings, path, &mut CertificationPathResults::new())
            .map_err(|error| format!("{error:?}"))
    }
}

fn certval_settings(case: &Case) -> CertificationPathSettings {
    let mut settings = CertificationPathSettings::new();
    settings.set_time_of_interest(TimeOfInterest::from_unix_secs(NOW as u64).expect("a date"));
    settings.set_enforce_trust_anchor_constraints(true);
    settings.set_require_ta_store(false);
    settings.set_forbid_self_signed_ee(false);
    settings.set_initial_explicit_policy_indicator(case.settings.require_explicit);
    settings.set_initial_policy_mapping_inhibit_indicator(case.settings.inhibit_mapping);
    settings.set_initial_inhibit_any_policy_indicator(case.settings.inhibit_any);
    let identifier = |text: &&str| ObjectIdentifier::new_unwrap(text);
    if let Some(acceptable) = &case.settings.acceptable {
        settings.set_initial_policy_set_from_oid_set(acceptable.iter().map(identifier).collect());
    }
    if let Some(purpose) = &case.settings.purpose {
        settings.set_extended_key_usage_path(true);
        settings.set_extended_key_usage_from_oid_set([identifier(purpose)].into_iter().collect());
    }
    settings
}

/// A `certval` callback: Ed25519 or ECDSA on P-256, by the algorithm named.
pub fn verify_with_ring(
    _: &PkiEnvironment,
    message: &[u8],
    signature: &BitString,
    algorithm: &AlgorithmIdentifierOwned,
    key: &SubjectPublicKeyInfoOwned,
) -> certval::Result<()> {
    let ring: &dyn VerificationAlgorithm = match algorithm.oid.to_string().as_str() {
        "1.3.101.112" => &ED25519,
        "1.2.840.10045.4.3.2" => &ECDSA_P256_SHA256_ASN1,
        _ => return Err(certval::Error::Unrecognized),
    };
    UnparsedPublicKey::new(ring, key.subject_public_key.raw_bytes())
        .verify(message, signature.raw_bytes())
        .map_err(|_| certval::Error::PathValidation(certval::PathValidationStatus::SignatureVerificationFailure))
}

/// The `openssl verify` command line, with a folder for its input.
#[derive(Debug)]
pub struct OpenSsl(PathBuf);

impl OpenSsl {
    /// `None` on a machine without `openssl`.
    pub fn find(folder: &str) -> Option<Self> {
        Command::new("openssl").arg("version").output().ok()?;
        let target = env::var_os("CARGO_TARGET_TMPDIR").map_or_else(env::temp_dir, PathBuf::from);
        let folder = target.join("wathiqa-peers").join(folder);
        fs::create_dir_all(&folder).expect("a folder for temporary files");
        Some(Self(folder))
    }

    /// Judges the path that was `found`; if none was, whatever `openssl` finds in the pool.
    pub fn judge(&self, case: &Case, der: &[Vec<u8>], found: Option<&[usize]>) -> Verdict {
        let pool: String = found.unwrap_or(&case.pool).iter().map(|position| pem(&der[*position])).collect();
        let has_pool = !pool.is_empty();
        for (file, text) in [("root.pem", pem(&der[0])), ("leaf.pem", pem(&der[1])), ("pool.pem", pool)] {
            fs::write(self.0.join(file), text).expect("a file can be written");
        }
        let mut command = Command::new("openssl");
        command.current_dir(&self.0).args(arguments(case, has_pool));
        let output = command.output().expect("openssl runs");
        if output.status.success() {
            return Verdict::Accepts;
        }
        Verdict::Rejects(String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; "))
    }

    pub fn folder(&self) -> &Path {
        &self.0
    }
}

fn arguments(case: &Case, has_pool: bool) -> Vec<String> {
    let mut arguments: Vec<String> =
        ["verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-CAfile", "root.pem", "-attime", &NOW.to_string()]
            .map(str::to_owned)
            .into();
    let mut add = |words: &[&str]| arguments.extend(words.iter().map(|word| (*word).to_owned()));
    if has_pool {
        add(&["-untrusted", "pool.pem"]);
    }
    let purpose = match case.settings.purpose {
        Some(SERVER_AUTH) => "sslserver",
        Some(CLIENT_AUTH) => "sslclient",
        Some(EMAIL_PROTECTION) => "smimesign",
        _ => "any",
    };
    add(&["-purpose", purpose]);
    if case.uses_policies() {
        add(&["-policy_check"]);
        for policy in case.settings.acceptable.as_deref().unwrap_or(&[ANY_POLICY]) {
            add(&["-policy", policy]);
        }
        for (is_set, option) in [
            (case.settings.require_explicit, "-explicit_policy"),
            (case.settings.inhibit_mapping, "-inhibit_map"),
            (case.settings.inhibit_any, "-inhibit_any"),
        ] {
            if is_set {
                add(&[option]);
            }
        }
    }
    add(&["leaf.pem"]);
    arguments
}

/// PEM of a certificate.
pub fn pem(der: &[u8]) -> String {
    let text = base64::encode_standard(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64")).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
