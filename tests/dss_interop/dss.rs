//! DSS in a process of its own: a question a line, an answer a line, as `tests/interop/dss/src/Dss.java` says.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use wathiqa::digest::{Digest, DigestAlgorithm};
use wathiqa::encoding::base64::{decode_standard, encode_standard};
use wathiqa::jades::BaselineLevel;
use wathiqa::time::Instant;
use wathiqa::x509::Certificate;

use crate::level_of_dss;
use crate::world::Holder;

pub struct Dss {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Dss {
    /// `None`, with a line that says so, where there is no program or no Java.
    pub fn start() -> Option<Self> {
        let Some(jar) = env::var_os("WATHIQA_DSS_JAR") else {
            println!("skipped, WATHIQA_DSS_JAR names no program with DSS; `.ci/run` makes one from tests/interop/dss");
            return None;
        };
        let mut command = Command::new("java");
        command.arg("-jar").arg(&jar).stdin(Stdio::piped()).stdout(Stdio::piped());
        let Ok(mut process) = command.spawn() else {
            println!("skipped, there is no java");
            return None;
        };
        let (questions, answers) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        Some(Self { process, questions, answers })
    }

    /// From now on DSS trusts these certificates and knows these CRLs.
    pub fn trust(&mut self, certificates: [&Certificate; 2], crls: &[Vec<u8>]) {
        let certificates = encoded(certificates.map(Certificate::as_der));
        let answer = self.ask(&json!({"ask": "trust", "certificates": certificates, "crls": encoded(crls)}));
        assert_eq!(answer, json!({"done": true}));
    }

    /// What DSS says of each signature under `signatures`, or why it reads none under `refused`. By the policy that it brings,
    /// with EdDSA among the algorithms.
    pub fn validate(&mut self, document: &[u8], at: i64) -> Value {
        self.validate_with(document, &[], at)
    }

    /// The same of a document over `files`, which are given by name.
    pub fn validate_with(&mut self, document: &[u8], files: &[(&str, &[u8])], at: i64) -> Value {
        self.validate_by(document, files, ("with-EdDSA", at))
    }

    /// The same by the policy that it brings as it is.
    pub fn validate_by_default(&mut self, document: &[u8], at: i64) -> Value {
        self.validate_by(document, &[], ("default", at))
    }

    fn validate_by(&mut self, document: &[u8], files: &[(&str, &[u8])], (policy, at): (&str, i64)) -> Value {
        let document = encode_standard(document);
        self.ask(
            &json!({"ask": "validate", "document": document, "detached": named(files), "at": at, "policy": policy}),
        )
    }

    /// What DSS says of an evidence record over `documents`.
    pub fn record(&mut self, record: &[u8], documents: &[&[u8]], at: i64) -> Value {
        let record = encode_standard(record);
        self.ask(&json!({"ask": "record", "record": record, "documents": encoded(documents), "at": at}))
    }

    /// Has DSS sign or extend as `parameters` say; it has its digests stamped by `stamp`, which makes a token.
    pub fn make(&mut self, parameters: &Value, mut stamp: impl FnMut(&Digest) -> Vec<u8>) -> Result<Vec<u8>, String> {
        let mut answer = self.ask(parameters);
        while let Some(digest) = answer.get("digest").and_then(Value::as_str) {
            let algorithm = match answer["stamp"].as_str() {
                Some("SHA256") => DigestAlgorithm::Sha256,
                Some("SHA384") => DigestAlgorithm::Sha384,
                Some("SHA512") => DigestAlgorithm::Sha512,
                other => panic!("a time-stamp over {other:?}"),
            };
            let token = stamp(&Digest::new(algorithm, &decode_standard(digest).unwrap()).unwrap());
            answer = self.ask(&json!({"token": encode_standard(&token)}));
        }
        let document = answer["document"].as_str().ok_or_else(|| answer["refused"].to_string())?;
        Ok(decode_standard(document).unwrap())
    }

    fn ask(&mut self, question: &Value) -> Value {
        writeln!(self.questions.as_ref().unwrap(), "{question}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("DSS answered {answer:?}: {error}"))
    }
}

impl Drop for Dss {
    fn drop(&mut self) {
        drop(self.questions.take()); // the program ends with its input
        drop(self.process.wait());
    }
}

/// What DSS is asked in order to sign `payload`; algorithm and serialization by its names.
pub fn signing(
    (payload, at): (&[u8], Instant),
    holder: &Holder,
    algorithm: &str,
    (level, serialization): (BaselineLevel, &str),
) -> Value {
    json!({
        "ask": "sign", "payload": encode_standard(payload), "key": encode_standard(&holder.pkcs8),
        "certificates": encoded(holder.chain.iter().map(Certificate::as_der)), "algorithm": algorithm,
        "level": level_of_dss(level).replace('-', "_"), "serialization": serialization, "at": at.unix_seconds(),
    })
}

pub fn encoded(items: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<String> {
    items.into_iter().map(|octets| encode_standard(octets.as_ref())).collect()
}

/// Files as DSS is asked about them.
pub fn named(files: &[(&str, &[u8])]) -> Value {
    files.iter().map(|(name, octets)| json!({"name": name, "octets": encode_standard(octets)})).collect()
}
