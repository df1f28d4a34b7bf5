//! Why a peer may differ: rules over features of the chain, each with its reason.
//!
//! ```toml
//! [[excuse]]
//! peer = ["certval"]
//! ours = "accepts"
//! when = ["ca: no keyUsage"]
//! answer = ["InvalidKeyUsage"]
//! reason = "..."
//! ```
//!
//! A disagreement is explained when the chain has all features under `when`, one of those under `any`, and none of those
//! under `unless`, where `*` at the end stands for any rest; and when the one that rejects gives a reason with one of `answer`
//! in it. `any` and `unless` may be absent.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// One rule.
#[derive(Debug)]
pub struct Excuse {
    peers: Vec<String>,
    ours: String,
    when: Vec<String>,
    any: Vec<String>,
    unless: Vec<String>,
    answers: Vec<String>,
    reason: String,
}

impl Excuse {
    /// Reads the rules of a whole file.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        let file: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        let rules = file.get("excuse").and_then(Value::as_array).filter(|_| file.len() == 1);
        let rules = rules.ok_or("not a list of [[excuse]]")?.iter().enumerate();
        rules
            .map(|(position, rule)| Self::read(rule).map_err(|error| format!("excuse {}: {error}", position + 1)))
            .collect()
    }

    fn read(rule: &Value) -> Result<Self, String> {
        let rule = rule.as_table().ok_or("not a table")?;
        if let Some(unknown) = rule.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("unknown key {unknown}"));
        }
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or("not text");
        let list = |key: &str| -> Result<Vec<String>, &str> {
            let Some(value) = rule.get(key) else { return Ok(Vec::new()) };
            value.as_array().ok_or("not a list")?.iter().map(text).collect()
        };
        let read = Self {
            peers: list("peer")?,
            ours: text(rule.get("ours").ok_or("no ours")?)?,
            when: list("when")?,
            any: list("any")?,
            unless: list("unless")?,
            answers: list("answer")?,
            reason: text(rule.get("reason").ok_or("no reason")?)?,
        };
        let says_nothing =
            read.peers.is_empty() || read.answers.is_empty() || read.when.is_empty() && read.any.is_empty();
        if says_nothing { Err("without peer, answer, or feature".to_owned()) } else { Ok(read) }
    }

    /// Whether the rule is about `peer`.
    pub fn is_about(&self, peer: &str) -> bool {
        self.peers.iter().any(|one| one == peer)
    }

    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the rule explains that `peer` differs from ours, which says `ours`, where the one that rejects says
    /// `answer`.
    pub fn explains(&self, peer: &str, ours: &str, answer: &str, features: &BTreeSet<String>) -> bool {
        let has = |wanted: &String| match wanted.strip_suffix('*') {
            Some(prefix) => features.iter().any(|feature| feature.starts_with(prefix)),
            None => features.contains(wanted),
        };
        self.is_about(peer)
            && self.ours == ours
            && self.answers.iter().any(|one| answer.contains(one))
            && self.when.iter().all(has)
            && (self.any.is_empty() || self.any.iter().any(has))
            && !self.unless.iter().any(has)
    }
}

const KEYS: [&str; 7] = ["peer", "ours", "when", "any", "unless", "answer", "reason"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_explains_what_it_says_and_nothing_else() {
        let rule = "[[excuse]]\npeer = [\"p\"]\nours = \"accepts\"\nwhen = [\"a\", \"b*\"]\nany = [\"d\", \"e\"]\n\
                    unless = [\"c\"]\nanswer = [\"x\"]\nreason = \"r\"\n";
        let rules = Excuse::read_all(rule).unwrap();
        let explains = |peer: &str, ours: &str, answer: &str, features: &[&str]| {
            rules[0].explains(peer, ours, answer, &features.iter().map(|one| (*one).to_owned()).collect())
        };
        assert!(explains("p", "accepts", "is x.", &["a", "bc", "e"]));
        assert!(!explains("q", "accepts", "is x.", &["a", "bc", "e"]));
        assert!(!explains("p", "rejects", "is x.", &["a", "bc", "e"]));
        assert!(!explains("p", "accepts", "is y.", &["a", "bc", "e"]));
        assert!(!explains("p", "accepts", "is x.", &["a", "e"]));
        assert!(!explains("p", "accepts", "is x.", &["a", "bc"]));
        assert!(!explains("p", "accepts", "is x.", &["a", "bc", "e", "c"]));
        for faulty in ["unless", "answer = [\"x\"]", "reason", "peer"] {
            assert!(Excuse::read_all(&rule.replace(faulty, "other")).is_err(), "{faulty}");
        }
    }
}
