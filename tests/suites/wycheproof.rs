//! Project Wycheproof: known attacks on signature schemes and on JWS.
//!
//! A parameter set that the library has not must be answered as unsupported, also where the signature is invalid; a rule
//! of `excused.toml` says which those are. A JWS that is to be rejected agrees whatever the reason.
//!
//! Every signature is also checked by the tables of known keys, through each back-end that this processor has; where one
//! answers otherwise than the ordinary verification, the row disagrees.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use wathiqa::budget::Limits;
use wathiqa::crypto::{
    AlgorithmConstraints, AlgorithmError, Backend, Check, JwsAlgorithm, JwsAlgorithmError, KnownKeyTables, KnownKeys,
    PublicKey, SignatureAlgorithm, SignatureError, ecdsa,
};
use wathiqa::encoding::der::{Tag, Writer};
use wathiqa::jws::{CriticalRules, Jws, JwsError};
use wathiqa::oid::{self, Oid};

use super::framework::{Folder, Outcome, Problem, Row};
use super::jwk::Jwk;

pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem> {
    let exceptions = Exceptions::read(folder)?;
    let (mut rows, mut by_tables) = (Vec::new(), [ByTables::default(); Backend::ALL.len()]);
    for entry in folder.manifest("wycheproof/manifest.json")? {
        let name = entry.get("file").and_then(Value::as_str).ok_or("a row without \"file\"")?;
        let file = folder.json(&format!("wycheproof/{name}"))?;
        for group in list(&file, "testGroups") {
            if text(group, "type").ends_with("Generate") {
                continue;
            }
            let mut splits = splits(group, &mut by_tables).into_iter();
            for test in list(group, "tests") {
                rows.push(run(name, group, test, &exceptions, splits.next().flatten()));
            }
        }
    }
    for (backend, ByTables { checked, hold, found }) in Backend::ALL.iter().zip(by_tables) {
        println!(
            "  back-end {backend}: {checked} ECDSA signatures checked, {hold} hold, {found} of these found by tables"
        );
        // Where points meet `ring` decides; but few vectors are made for that.
        if *backend != Backend::Ring && found * 10 < hold * 9 {
            return Err(format!("back-end {backend}: tables found {found} of {hold} signatures that hold").into());
        }
    }
    Ok(rows)
}

/// Signatures that were checked by a back-end.
#[derive(Clone, Copy, Default)]
struct ByTables {
    checked: usize,
    hold: usize,
    found: usize,
}

fn run(file: &str, group: &Value, test: &Value, exceptions: &Exceptions, split: Option<String>) -> Row {
    let id = test.get("tcId").map(Value::to_string).unwrap_or_default();
    let labelled = text(test, "result");
    let expected = exceptions.strict(file, test).unwrap_or(labelled);
    let mut fields = fields(file, group, test);
    fields.insert("expected".to_owned(), json!(expected));
    let row = Row::run(format!("{file}#{id}"), fields, || {
        let answer = split.map_or_else(|| answer(group, test), Answer::Split);
        match (&answer, expected) {
            (Answer::Valid, "valid") | (Answer::Invalid(_), "invalid") => Outcome::Agree,
            (Answer::Unsupported(_), "invalid") if text(group, "type").starts_with("JsonWeb") => Outcome::Agree,
            _ => Outcome::Disagree(format!("expected {expected}, answered {answer}")),
        }
    });
    if labelled == "acceptable" { row.not_scored() } else { row }
}

/// What rules may speak of: the file, the parameters of its group, and what follows from them.
fn fields(file: &str, group: &Value, test: &Value) -> Map<String, Value> {
    let mut fields = Map::new();
    for name in ["type", "sha", "mgf", "mgfSha", "sLen", "keySize"] {
        fields.extend(group.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    for name in ["tcId", "result", "flags"] {
        fields.extend(test.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let curve = group.get("publicKey").and_then(|key| key.get("curve"));
    fields.extend(curve.map(|curve| ("curve".to_owned(), curve.clone())));
    fields.insert("file".to_owned(), json!(file));
    if let Some(hash) = Hash::named(text(group, "sha")) {
        let fits = |fits: bool| json!(if fits { "that of the hash" } else { "another" });
        fields.extend(group.get("sLen").map(|salt| ("salt_length".to_owned(), fits(salt == hash.length))));
        fields.extend(group.get("mgfSha").map(|name| ("mask_hash".to_owned(), fits(name == text(group, "sha")))));
    }
    if text(group, "type").starts_with("JsonWeb") {
        let form = if test.get("jwe").is_some() { "encrypted" } else { "signed" };
        fields.insert("form".to_owned(), json!(form));
        let algorithm = keys(group).first().and_then(|key| Jwk::new(key).text("alg"));
        fields.extend(algorithm.map(|name| ("alg".to_owned(), json!(name))));
    }
    fields
}

/// Rows of the JWS file whose label no strict verifier can meet, with the one it can.
struct Exceptions(Vec<Value>);

impl Exceptions {
    fn read(folder: &Folder) -> Result<Self, Problem> {
        let path = "wycheproof/json_web_signature_exceptions.json";
        let rows = if folder.holds(path) { folder.json(path)? } else { Value::Null };
        Ok(Self(rows.as_array().cloned().unwrap_or_default()))
    }

    fn strict(&self, file: &str, test: &Value) -> Option<&str> {
        let row = self.0.iter().find(|row| row.get("tcId") == test.get("tcId"))?;
        if file == "json_web_signature_test.json" { row.get("strict").and_then(Value::as_str) } else { None }
    }
}

enum Answer {
    Valid,
    Invalid(String),
    Unsupported(String),
    /// The back-ends do not agree.
    Split(String),
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Valid => f.write_str("valid"),
            Self::Invalid(reason) => write!(f, "invalid: {reason}"),
            Self::Unsupported(reason) => write!(f, "unsupported: {reason}"),
            Self::Split(reason) => write!(f, "both: {reason}"),
        }
    }
}

impl From<SignatureError> for Answer {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::UnsupportedKey(_) | SignatureError::UnsupportedAlgorithm { .. } => {
                Self::Unsupported(error.to_string())
            }
            _ => Self::Invalid(error.to_string()),
        }
    }
}

impl From<AlgorithmError> for Answer {
    fn from(error: AlgorithmError) -> Self {
        match error {
            AlgorithmError::Unknown { .. } | AlgorithmError::UnsupportedPss(_) => Self::Unsupported(error.to_string()),
            _ => Self::Invalid(error.to_string()),
        }
    }
}

impl From<JwsError> for Answer {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::Signature(error) => error.into(),
            JwsError::Algorithm(JwsAlgorithmError::Symmetric { .. }) => Self::Unsupported(error.to_string()),
            JwsError::Algorithm(JwsAlgorithmError::Unsupported { ref name }) if name == "ES512" => {
                Self::Unsupported(error.to_string())
            }
            _ => Self::Invalid(error.to_string()),
        }
    }
}

impl From<String> for Answer {
    fn from(reason: String) -> Self {
        Self::Invalid(reason)
    }
}

fn answer(group: &Value, test: &Value) -> Answer {
    let outcome = match text(group, "type") {
        "EcdsaVerify" | "EcdsaP1363Verify" => verify_ecdsa(group, test),
        "EddsaVerify" => verify(group, test, Ok(SignatureAlgorithm::Ed25519)),
        "RsassaPkcs1Verify" => verify(group, test, pkcs1_with(text(group, "sha"))),
        "RsassaPssVerify" | "RsassaPssWithParametersVerify" => verify(group, test, pss_with(group)),
        "JsonWebSignature" | "JsonWebKey" | "JsonWebCrypto" => verify_json(group, test),
        other => Err(Answer::Unsupported(format!("rows of type {other}"))),
    };
    outcome.err().unwrap_or(Answer::Valid)
}

fn verify(group: &Value, test: &Value, algorithm: Result<SignatureAlgorithm, Answer>) -> Result<(), Answer> {
    let _valid = public_key(group)?.verify(algorithm?, &hex(test, "msg")?, &hex(test, "sig")?)?;
    Ok(())
}

fn verify_ecdsa(group: &Value, test: &Value) -> Result<(), Answer> {
    let (key, given) = (public_key(group)?, EcdsaTest::read(group, test)?);
    let _valid = given.check(&key, &[&given.message]).verify()?;
    Ok(())
}

/// What a test of ECDSA gives beside the key.
struct EcdsaTest {
    /// JWS, or else X.509.
    algorithm: Result<JwsAlgorithm, SignatureAlgorithm>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl EcdsaTest {
    /// An octet string of r and s is of the form of JWS; where JWS has no such pair of curve and hash, it is given in the DER
    /// form of the same numbers.
    fn read(group: &Value, test: &Value) -> Result<Self, Answer> {
        let curve = group.get("publicKey").map(|key| text(key, "curve")).unwrap_or_default();
        let (message, signature, sha) = (hex(test, "msg")?, hex(test, "sig")?, text(group, "sha"));
        let (algorithm, signature) = match (text(group, "type"), curve, sha) {
            ("EcdsaP1363Verify", "secp256r1", "SHA-256") => (Ok(JwsAlgorithm::Es256), signature),
            ("EcdsaP1363Verify", "secp384r1", "SHA-384") => (Ok(JwsAlgorithm::Es384), signature),
            ("EcdsaP1363Verify", ..) => {
                let curve = if curve == "secp384r1" { ecdsa::Curve::P384 } else { ecdsa::Curve::P256 };
                (Err(ecdsa_with(sha)?), ecdsa::der_from_fixed(curve, &signature).unwrap_or_default())
            }
            _ => (Err(ecdsa_with(sha)?), signature),
        };
        Ok(Self { algorithm, message, signature })
    }

    fn check<'a>(&'a self, key: &'a PublicKey, message: &'a [&'a [u8]]) -> Check<'a> {
        match self.algorithm {
            Ok(algorithm) => Check::jws(key, algorithm, message, &self.signature),
            Err(algorithm) => Check::new(key, algorithm, message, &self.signature),
        }
    }
}

/// For each test of a group of ECDSA how a back-end with tables answers otherwise than the ordinary verification, if one does.
/// All tests of the group are given at once, as many times as it takes for the key to earn its table.
fn splits(group: &Value, by_tables: &mut [ByTables]) -> Vec<Option<String>> {
    let is_ecdsa = matches!(text(group, "type"), "EcdsaVerify" | "EcdsaP1363Verify");
    let Some(key) = public_key(group).ok().filter(|_| is_ecdsa) else { return Vec::new() };
    let tests: Vec<_> = list(group, "tests").map(|test| EcdsaTest::read(group, test).ok()).collect();
    let messages: Vec<_> = tests.iter().map(|test| test.as_ref().map(|test| [&test.message[..]])).collect();
    let checks = tests.iter().zip(&messages).map(|(test, message)| Some(test.as_ref()?.check(&key, message.as_ref()?)));
    let checks: Vec<Option<Check<'_>>> = checks.collect();
    let given: Vec<Check<'_>> = checks.iter().flatten().copied().collect();
    let mut splits = split_answers(&given, by_tables).into_iter();
    checks.iter().map(|check| check.and_then(|_| splits.next().flatten())).collect()
}

fn split_answers(checks: &[Check<'_>], by_tables: &mut [ByTables]) -> Vec<Option<String>> {
    static KNOWN: OnceLock<Vec<KnownKeys>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let tables = KnownKeyTables::Bounded { octets: 16 << 20 };
        let backends = Backend::ALL.into_iter().filter(|backend| backend.is_available());
        backends.map(|backend| KnownKeys::new(tables, backend)).collect()
    });
    // The first time the key earns its table.
    let repeated = checks.repeat(16_usize.div_ceil(checks.len().max(1)));
    let expected: Vec<_> = checks.iter().map(Check::verify).collect();
    let mut splits = vec![None; checks.len()];
    for known in known {
        drop(known.verify(&repeated));
        let before = known.decided_by_tables();
        for (found, (expected, split)) in known.verify(checks).iter().zip(expected.iter().zip(&mut splits)) {
            if found != expected {
                *split = Some(format!("{expected:?} by itself, {found:?} by {known:?}"));
            }
        }
        let place = Backend::ALL.iter().position(|backend| *backend == known.backend());
        if let Some(counts) = place.and_then(|place| by_tables.get_mut(place)) {
            counts.checked += checks.len();
            counts.hold += expected.iter().filter(|answer| answer.is_ok()).count();
            counts.found += usize::try_from(known.decided_by_tables() - before).unwrap_or_default();
        }
    }
    splits
}

fn verify_json(group: &Value, test: &Value) -> Result<(), Answer> {
    let jws = match test.get("jws").or_else(|| test.get("jwe")) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => return Err(Answer::Invalid("no token".to_owned())),
    };
    let jws = Jws::parse(jws.as_bytes(), &Limits::default())?;
    // An empty payload and one that is kept elsewhere look alike in the compact form.
    let detached = jws.is_detached().then_some(&[][..]);
    for signature in jws.signatures() {
        let rules = CriticalRules::new(&[], &[]);
        signature.check_critical(&rules)?;
        let algorithm = signature.algorithm()?;
        let [key] = keys(group)[..] else { return Err(Answer::Invalid("not one key".to_owned())) };
        let jwk = Jwk::new(key);
        jwk.allows(algorithm.name())?;
        let key = jwk.public_key()?;
        let constraints = AlgorithmConstraints::default();
        constraints.check(algorithm.signature_algorithm(), &key).map_err(|error| error.to_string())?;
        let input = signature.signing_input(detached)?;
        if let [Some(split)] = &split_answers(&[Check::jws(&key, algorithm, &[&input], signature.value())], &mut [])[..]
        {
            return Err(Answer::Split(split.clone()));
        }
        let _valid = signature.verify(&key, &rules, detached)?;
    }
    Ok(())
}

/// The keys of a group: those that are public, if there are any.
fn keys(group: &Value) -> Vec<&Value> {
    let Some(given) = group.get("public").or_else(|| group.get("private")) else { return Vec::new() };
    given.get("keys").and_then(Value::as_array).map_or_else(|| vec![given], |keys| keys.iter().collect())
}

fn public_key(group: &Value) -> Result<PublicKey, Answer> {
    let spki = hex(group, "publicKeyDer")?;
    PublicKey::from_spki_der(&spki).map_err(|error| Answer::Invalid(error.to_string()))
}

fn ecdsa_with(sha: &str) -> Result<SignatureAlgorithm, Answer> {
    match sha {
        "SHA-256" => Ok(SignatureAlgorithm::EcdsaSha256),
        "SHA-384" => Ok(SignatureAlgorithm::EcdsaSha384),
        "SHA-512" => Ok(SignatureAlgorithm::EcdsaSha512),
        other => Err(Answer::Unsupported(format!("ECDSA with {other}"))),
    }
}

fn pkcs1_with(sha: &str) -> Result<SignatureAlgorithm, Answer> {
    match sha {
        "SHA-1" => Ok(SignatureAlgorithm::RsaPkcs1Sha1),
        "SHA-256" => Ok(SignatureAlgorithm::RsaPkcs1Sha256),
        "SHA-384" => Ok(SignatureAlgorithm::RsaPkcs1Sha384),
        "SHA-512" => Ok(SignatureAlgorithm::RsaPkcs1Sha512),
        other => Err(Answer::Unsupported(format!("RSASSA-PKCS1-v1_5 with {other}"))),
    }
}

/// RSASSA-PSS as its parameters say, by way of their DER.
fn pss_with(group: &Value) -> Result<SignatureAlgorithm, Answer> {
    let unknown = |what: &str| Answer::Unsupported(format!("RSASSA-PSS with {what}"));
    let hash = |name: &str| Hash::named(text(group, name)).ok_or_else(|| unknown(text(group, name)));
    let (sha, mask) = (hash("sha")?, hash("mgfSha")?);
    if text(group, "mgf") != "MGF1" {
        return Err(unknown(text(group, "mgf")));
    }
    let salt = group.get("sLen").and_then(Value::as_u64).ok_or_else(|| unknown("no salt length"))?;
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |writer| {
        writer.constructed(Tag::context_constructed(0), |writer| sha.write(writer));
        writer.constructed(Tag::context_constructed(1), |writer| {
            writer.constructed(Tag::SEQUENCE, |writer| {
                writer.value(Tag::OBJECT_IDENTIFIER, oid::ID_MGF1.as_der_contents());
                mask.write(writer);
            });
        });
        writer.constructed(Tag::context_constructed(2), |writer| writer.unsigned(salt));
    });
    Ok(SignatureAlgorithm::from_algorithm_identifier(&oid::ID_RSASSA_PSS, Some(&writer.into_der()))?)
}

struct Hash {
    oid: Oid,
    length: usize,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        let (dotted, length) = match name {
            "SHA-1" => ("1.3.14.3.2.26", 20),
            "SHA-224" => ("2.16.840.1.101.3.4.2.4", 28),
            "SHA-256" => ("2.16.840.1.101.3.4.2.1", 32),
            "SHA-384" => ("2.16.840.1.101.3.4.2.2", 48),
            "SHA-512" => ("2.16.840.1.101.3.4.2.3", 64),
            "SHA-512/224" => ("2.16.840.1.101.3.4.2.5", 28),
            "SHA-512/256" => ("2.16.840.1.101.3.4.2.6", 32),
            _ => return None,
        };
        dotted.parse().ok().map(|oid| Self { oid, length })
    }

    fn write(&self, writer: &mut Writer) {
        writer.constructed(Tag::SEQUENCE, |writer| {
            writer.value(Tag::OBJECT_IDENTIFIER, self.oid.as_der_contents());
            writer.value(Tag::NULL, &[]);
        });
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn hex(value: &Value, name: &str) -> Result<Vec<u8>, Answer> {
    let digits = text(value, name);
    let octet = |start: usize| digits.get(start..start + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let octets = (0..digits.len()).step_by(2).map(octet).collect::<Option<_>>();
    octets.ok_or_else(|| Answer::Invalid(format!("\"{name}\" is not hexadecimal")))
}
