//! In both directions with DSS, the EU's reference validator of advanced signatures: it validates what we sign, we verify
//! what it signs, and altered signatures get the same verdict from both, or `disagreements.toml` says why not.
//!
//! Runs where `WATHIQA_DSS_JAR` names the program made from `tests/interop/dss`, as `.ci/run` makes it, and Java is there;
//! elsewhere it says so and is skipped. RSA keys are made by `openssl`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot make its input failed"
)]
#![allow(unreachable_pub, reason = "the modules of a test have no public")]

use std::fmt;

use serde_json::{Value, json};
use wathiqa::crypto::JwsAlgorithm;
use wathiqa::jades::BaselineLevel;
use wathiqa::report::{Indication, Outcome, Report, Step};
use wathiqa::sign::Serialization;

use archive_mutations::{ARCHIVE_MUTATIONS, Archive};
use dss::{Dss, signing};
use mutations::{MUTATIONS, Material};
use world::{PAYLOAD, World};

#[path = "dss_interop/archive_mutations.rs"]
mod archive_mutations;
#[path = "dss_interop/dss.rs"]
mod dss;
#[path = "dss_interop/forms.rs"]
mod forms;
#[path = "dss_interop/levels.rs"]
mod levels;
#[path = "dss_interop/mutations.rs"]
mod mutations;
#[path = "support/openssl.rs"]
mod openssl;
#[path = "dss_interop/records.rs"]
mod records;
#[path = "dss_interop/world.rs"]
mod world;

/// Each with the name that DSS has for it.
const ALGORITHMS: [(JwsAlgorithm, &str); 5] = [
    (JwsAlgorithm::Es256, "ECDSA_SHA256"),
    (JwsAlgorithm::Es384, "ECDSA_SHA384"),
    (JwsAlgorithm::EdDsa, "ED25519"),
    (JwsAlgorithm::Rs256, "RSA_SHA256"),
    (JwsAlgorithm::Ps256, "RSA_SSA_PSS_SHA256_MGF1"),
];

/// The level and serialization of a signature that DSS makes.
const MADE_BY_DSS: [(BaselineLevel, &str); 5] = [
    (BaselineLevel::BB, "COMPACT_SERIALIZATION"),
    (BaselineLevel::BB, "FLATTENED_JSON_SERIALIZATION"),
    (BaselineLevel::BB, "JSON_SERIALIZATION"),
    (BaselineLevel::BT, "FLATTENED_JSON_SERIALIZATION"),
    (BaselineLevel::BT, "JSON_SERIALIZATION"),
];

#[test]
fn dss_passes_what_we_sign() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    for (algorithm, name) in ALGORITHMS {
        let Some(holder) = world.holder(algorithm) else { continue };
        let compact = world.sign(&holder, Serialization::Compact);
        let flattened = world.sign(&holder, Serialization::FlattenedJson);
        for (document, level, serialization) in [
            (compact, BaselineLevel::BB, "COMPACT_SERIALIZATION"),
            (flattened, BaselineLevel::BB, "FLATTENED_JSON_SERIALIZATION"),
            (world.issue(&holder), BaselineLevel::BT, "FLATTENED_JSON_SERIALIZATION"),
        ] {
            let said = dss.validate(&document, world.now.unix_seconds());
            let signature = &said["signatures"][0];
            let stamped = level == BaselineLevel::BT;
            let facts = json!({
                "algorithm": name, "level": level_of_dss(level), "serialization": serialization,
                "intact": true, "certificateIdentified": true, "certificateReferenceUnique": true,
                "certificateDigestMatches": true, "trustedChain": true, "structure": [],
                "claimed": world.signing.unix_seconds(),
                "bestSignatureTime": if stamped { world.stamping() } else { world.now }.unix_seconds(),
            });
            for (fact, expected) in facts.as_object().unwrap() {
                assert_eq!(&signature[fact], expected, "{algorithm}, {fact}: {said:#}");
            }
            let stamps = signature["timestamps"].as_array().unwrap();
            assert_eq!(stamps.len(), usize::from(stamped));
            for stamp in stamps {
                assert_eq!((&stamp["indication"], &stamp["errors"]), (&json!("PASSED"), &json!([])), "{said:#}");
                assert_eq!(stamp["time"], world.stamping().unix_seconds());
            }
            assert_eq!(verdict_of_dss(signature), total_passed(), "{algorithm}: {said:#}");
        }
    }
}

/// The policy that DSS 6.4 brings does not have EdDSA among the algorithms for signing (it follows a catalogue of its
/// makers), and says so of a signature that it finds intact.
#[test]
fn eddsa_is_not_in_the_catalogue_of_dss() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    let document = world.issue(&world.holder(JwsAlgorithm::EdDsa).unwrap());
    let said = dss.validate_by_default(&document, world.now.unix_seconds());
    assert_eq!(said["signatures"][0]["intact"], true, "{said:#}");
    let errors = vec!["ASCCM_CAA_ANS".to_owned(), "ARCH_LTAIVMP_ANS".to_owned()];
    let expected = ("INDETERMINATE / CRYPTO_CONSTRAINTS_FAILURE_NO_POE".to_owned(), errors);
    assert_eq!(verdict_of_dss(&said["signatures"][0]), expected, "{said:#}");
}

/// The verdict on a signature that is as it should be.
fn total_passed() -> (String, Vec<String>) {
    ("TOTAL_PASSED".to_owned(), Vec::new())
}

/// Indication, with the sub-indication if any, and the keys of the errors.
fn verdict_of_dss(signature: &Value) -> (String, Vec<String>) {
    let errors = signature["errors"].as_array().unwrap().iter().map(|error| error.as_str().unwrap());
    let keys = errors.map(|error| error.split(':').next().unwrap_or_default().to_owned()).collect();
    let indication = signature["indication"].as_str().unwrap();
    match signature["subIndication"].as_str() {
        Some(sub) => (format!("{indication} / {sub}"), keys),
        None => (indication.to_owned(), keys),
    }
}

fn level_of_dss(level: BaselineLevel) -> String {
    format!("JAdES-BASELINE-{}", level.to_string().trim_start_matches("B-"))
}

#[test]
fn we_pass_what_dss_signs() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    dss.trust(world.anchors(), &world.crls);
    for (algorithm, name) in ALGORITHMS {
        let Some(holder) = world.holder(algorithm) else { continue };
        for (level, serialization) in MADE_BY_DSS {
            let parameters = signing((PAYLOAD.as_bytes(), world.signing), &holder, name, (level, serialization));
            let document = dss.make(&parameters, |digest| world.token(digest, world.stamping())).unwrap();
            let report = world.verify(&document);
            assert_eq!(report.indication(), Indication::TotalPassed, "{algorithm}, {serialization}: {report}");
            let [signature] = report.signatures() else { panic!("one signature: {report}") };
            assert_eq!(signature.level(), Some(level), "{report}");
            assert_eq!(signature.algorithm(), Some(algorithm.to_string().as_str()));
            assert_eq!(signature.claimed_signing_time(), Some(world.signing));
            assert_eq!(signature.proven_time(), (level == BaselineLevel::BT).then(|| world.stamping()), "{report}");
            assert_eq!(report.verified_payload(), Some(PAYLOAD.as_bytes()));
        }
    }
}

#[test]
fn mutations_get_the_same_verdict_or_a_reason() {
    let Some(mut dss) = Dss::start() else { return };
    let world = World::new();
    let (material, archive) = (Material::new(&world), Archive::new(&world));
    let at = world.now.unix_seconds();
    let mut judged: Vec<(&str, Value, Report)> = Vec::new();
    dss.trust(world.anchors(), &world.crls);
    for mutation in MUTATIONS {
        let octets = mutation.apply(&material);
        judged.push((mutation.name(), dss.validate_by_default(&octets, at), world.verify(&octets)));
    }
    dss.trust(world.anchors(), &[]);
    for mutation in ARCHIVE_MUTATIONS {
        let octets = mutation.apply(&archive);
        judged.push((mutation.name(), dss.validate_by_default(&octets, at), world.verify_alone(&octets)));
    }
    let file: Disagreements = toml::from_str(include_str!("interop/dss/disagreements.toml")).unwrap();
    let known = |name: &str| judged.iter().any(|(mutation, ..)| *mutation == name);
    let strangers = file.disagreement.iter().filter(|entry| !known(&entry.mutation));
    let mut wrong: Vec<String> = strangers.map(|entry| format!("{}: no such mutation", entry.mutation)).collect();
    for (name, said, report) in &judged {
        let (theirs, ours) = (Verdict::of_dss(said), Verdict::ours(report));
        let expected = match file.disagreement.iter().find(|entry| entry.mutation == *name) {
            Some(entry) => {
                let found = (theirs.to_string(), ours.to_string());
                (&entry.dss, &entry.ours) == (&found.0, &found.1) && !theirs.agrees(&ours) && !entry.reason.is_empty()
            }
            None => theirs.agrees(&ours),
        };
        if !expected {
            let why: Vec<String> = report.failures().map(ToString::to_string).collect();
            wrong.push(format!("mutation = {name:?}\ndss = \"{theirs}\"\nours = \"{ours}\"\n{why:?}\n{said}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} unexpected:\n{}", wrong.len(), judged.len(), wrong.join("\n"));
    println!("{} mutations, {} disagreements, each with its reason", judged.len(), file.disagreement.len());
}

/// Where the two differ, and why.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreement {
    mutation: String,
    dss: String,
    ours: String,
    reason: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Disagreements {
    disagreement: Vec<Disagreement>,
}

/// What one of the two says of the first signature.
#[derive(Debug)]
enum Verdict {
    /// No signature was read: nothing passes.
    Unreadable,
    Read {
        indication: String,
        sub_indication: String,
        level: String,
        value: &'static str,
    },
}

impl Verdict {
    fn of_dss(said: &Value) -> Self {
        let Some(signature) = said["signatures"].get(0) else { return Self::Unreadable };
        let level = signature["level"].as_str().unwrap();
        Self::Read {
            indication: signature["indication"].as_str().unwrap().to_owned(),
            sub_indication: signature["subIndication"].as_str().map_or(String::new(), |sub| format!(" / {sub}")),
            level: level.strip_prefix("JAdES-BASELINE-").map_or("no level".to_owned(), |level| format!("B-{level}")),
            value: if signature["intact"] == true { "intact" } else { "not intact" },
        }
    }

    fn ours(report: &Report) -> Self {
        let Some(signature) = report.signatures().first() else {
            assert_eq!(report.indication(), Indication::TotalFailed);
            return Self::Unreadable;
        };
        let mut checks = signature.checks().iter();
        let intact = checks.any(|check| check.step() == Step::Cryptography && *check.outcome() == Outcome::Passed);
        Self::Read {
            indication: signature.indication().to_string(),
            sub_indication: signature.sub_indication().map_or(String::new(), |sub| format!(" / {sub}")),
            level: signature.level().map_or("no level".to_owned(), |level| level.to_string()),
            value: if intact { "intact" } else { "not intact" },
        }
    }

    /// The same indication, level and state of the signature value. Sub-indications need not be the same: for a JWS whose
    /// signature value does not hold, DSS says HASH_FAILURE, we SIG_CRYPTO_FAILURE, as no digest of the payload is signed.
    fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unreadable, Self::Unreadable) => true,
            (Self::Unreadable, Self::Read { indication, .. }) | (Self::Read { indication, .. }, Self::Unreadable) => {
                indication == "TOTAL_FAILED"
            }
            (
                Self::Read { indication: left, level: at, value, .. },
                Self::Read { indication, level, value: held, .. },
            ) => (left, at, value) == (indication, level, held),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("unreadable"),
            Self::Read { indication, sub_indication, level, value } => {
                write!(f, "{indication}{sub_indication}, {level}, {value}")
            }
        }
    }
}
