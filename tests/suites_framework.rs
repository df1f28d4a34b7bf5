//! The judgement of `tests/suites.rs`, proved to fail where it must.

#![expect(unreachable_pub, reason = "the modules of a test have no public")]

use serde_json::{Map, Value, json};

use suites::excuses::Excuse;
use suites::framework::{Outcome, Row, Score};
use suites::judgement::{self, Judgement};

mod suites {
    pub mod excuses;
    #[expect(dead_code, reason = "the folder is read by the suites only")]
    pub mod framework;
    pub mod judgement;
}

fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

fn row(id: &str, members: Value, outcome: Outcome) -> Row {
    Row::run(id, fields(members), || outcome)
}

fn no(text: &str) -> Outcome {
    Outcome::Disagree(text.to_owned())
}

fn judge(rows: &[Row], excuses: &str) -> Judgement {
    judgement::judge("s", rows, &Excuse::read_all(excuses).unwrap_or_default())
}

fn is_meant(condition: &str, value: Value) -> bool {
    let rule = format!("[[excuse]]\nsuite = \"s\"\nwhere = {{ a = {condition} }}\nreason = \"r\"");
    let excuses = Excuse::read_all(&rule).unwrap_or_default();
    excuses.iter().any(|excuse| excuse.means(&row("1", json!({ "a": value }), Outcome::Agree)))
}

const ODD: &str = "[[excuse]]\nsuite = \"s\"\nwhere = { kind = \"odd\" }\nreason = \"odd ones\"\n";

#[test]
fn agreement_is_counted() {
    let rows = [row("1", json!({}), Outcome::Agree), row("2", json!({ "tier": "core" }), Outcome::Agree)];
    assert_eq!(
        judge(&rows, ""),
        Judgement { lines: vec!["suite s: 2 of 2 agree, 0 excused".into()], failures: vec![] }
    );
}

#[test]
fn parts_are_counted_too() {
    let part = |name: &str| json!({ "part": name });
    let rows = [
        row("1", part("4.1"), Outcome::Agree),
        row("2", part("4.2"), no("expected a")),
        row("3", part("4.1"), Outcome::Agree),
        row("4", part("4.2"), Outcome::NotRun("that")),
        row("5", json!({}), Outcome::Agree),
    ];
    let judged = judge(&rows, "");
    assert_eq!(
        judged.lines,
        ["suite s: 3 of 4 agree, 0 excused", "  agree in 4.1: 2 of 2, 4.2: 0 of 1", "  not run 1: that"]
    );
}

#[test]
fn a_disagreement_fails() {
    let judged = judge(&[row("1", json!({}), Outcome::Agree), row("2", json!({}), no("expected a"))], ODD);
    assert_eq!(judged.lines, ["suite s: 1 of 2 agree, 0 excused"]);
    assert_eq!(judged.failures, ["suite s: 2: expected a"]);
}

#[test]
fn an_excused_disagreement_does_not_fail() {
    let odd = json!({ "kind": "odd" });
    let judged = judge(&[row("1", odd.clone(), Outcome::Agree), row("2", odd, no("expected a"))], ODD);
    assert_eq!(judged.lines, ["suite s: 1 of 2 agree, 1 excused", "  excused 1: odd ones"]);
    assert_eq!(judged.failures, Vec::<String>::new());
}

#[test]
fn an_excuse_fails_when_all_it_means_agree_and_is_ignored_when_it_means_none() {
    let judged = judge(&[row("1", json!({ "kind": "odd" }), Outcome::Agree)], ODD);
    assert_eq!(judged.failures, ["suite s: an excuse is not needed, every row it means agrees: odd ones"]);
    let judged = judge(&[row("1", json!({ "kind": "even" }), Outcome::Agree)], ODD);
    assert_eq!(judged.failures, Vec::<String>::new());
    let unscored = row("2", json!({ "kind": "odd", "tier": "choice" }), Outcome::Agree);
    let judged = judge(&[row("1", json!({ "kind": "even" }), Outcome::Agree), unscored], ODD);
    assert_eq!(judged.failures, Vec::<String>::new());
}

#[test]
fn an_excuse_is_for_its_own_suite() {
    let rows = [row("1", json!({ "kind": "odd" }), no("x"))];
    assert_eq!(judge(&rows, &ODD.replace("\"s\"", "\"t\"")).failures, ["suite s: 1: x"]);
}

#[test]
fn an_excuse_with_an_answer_excuses_that_answer_only() {
    let odd = json!({ "kind": "odd" });
    let rule = ODD.replace("reason", "answer = \"unsupported\"\nreason");
    let rows = [row("1", odd.clone(), no("unsupported algorithm")), row("2", odd.clone(), no("accepted"))];
    assert_eq!(judge(&rows, &rule).failures, ["suite s: 2: accepted"]);
    let judged = judge(&[row("2", odd, no("accepted"))], &rule);
    assert_eq!(judged.lines, ["suite s: 0 of 1 agree, 0 excused"]);
    assert_eq!(judged.failures.len(), 2, "{judged:?}");
}

#[test]
fn rows_not_scored_are_counted_apart_and_never_fail() {
    for tier in ["profile", "choice", "anchor", "boringssl-semantics", "other"] {
        let rows = [row("1", json!({}), Outcome::Agree), row("2", json!({ "tier": tier }), no("x"))];
        let judged = judge(&rows, "");
        assert_eq!(judged.lines, ["suite s: 1 of 1 agree, 0 excused", "  not scored: 0 of 1"], "{tier}");
        assert_eq!(judged.failures, Vec::<String>::new());
    }
    for tier in ["core", "strict", "algorithm", "stricter", "a tier not seen yet"] {
        assert_eq!(row("1", json!({ "tier": tier }), Outcome::Agree).score, Score::Scored, "{tier}");
    }
    assert_eq!(row("1", json!({}), Outcome::Agree).not_scored().score, Score::NotScored);
}

#[test]
fn rows_not_run_are_named_and_a_suite_without_any_other_fails() {
    let waiting = || row("1", json!({}), Outcome::NotRun("waits for CRLs"));
    let judged = judge(&[waiting(), waiting(), row("2", json!({}), Outcome::Agree)], "");
    assert_eq!(judged.lines, ["suite s: 1 of 1 agree, 0 excused", "  not run 2: waits for CRLs"]);
    assert_eq!(judge(&[waiting()], "").failures, ["suite s: no scored row was run"]);
    assert_eq!(judge(&[], "").failures, ["suite s: no scored row was run"]);
    assert_eq!(judgement::broken("s", "no file").failures, ["suite s: could not be run: no file"]);
}

#[test]
fn many_disagreements_are_cut_short_but_counted() {
    let rows: Vec<Row> = (0..42).map(|number| row(&number.to_string(), json!({}), no("x"))).collect();
    let failures = judge(&rows, "").failures;
    assert_eq!(failures.len(), 41);
    assert_eq!(failures.last().map(String::as_str), Some("suite s: and 2 more disagreements"));
    assert_eq!(judge(&rows[..40], "").failures.len(), 40);
}

#[test]
fn a_panic_is_a_disagreement() {
    assert_eq!(Row::run("1", Map::new(), || panic!("on purpose")).outcome, no("panicked"));
}

#[test]
fn an_answer_is_compared_with_what_is_expected_and_with_what_is_accepted_also() {
    let plain = fields(json!({ "expect": "good" }));
    assert_eq!(Outcome::compare(&plain, "good", ""), Outcome::Agree);
    assert_eq!(Outcome::compare(&plain, "revoked", "why"), no("expected good, answered revoked: why"));
    let also = fields(json!({ "expect": "good", "accept_also": ["revoked", "unknown"] }));
    assert_eq!(Outcome::compare(&also, "unknown", ""), Outcome::Agree);
    assert_eq!(Outcome::compare(&also, "reject", "why"), no("expected good, answered reject: why"));
    let nothing = Outcome::compare(&Map::new(), "good", "why");
    assert_eq!(nothing, no("expected nothing, answered good: why"));
}

#[test]
fn each_condition_holds_and_does_not_hold() {
    for (condition, meant, not_meant) in [
        ("\"x\"", json!("x"), json!("xy")),
        ("32", json!(32), json!("32")),
        ("[\"x\", \"y\"]", json!("y"), json!("z")),
        ("{ not = \"x\" }", json!("y"), json!("x")),
        ("{ not = [32, 48] }", json!(20), json!(48)),
        ("{ prefix = \"rsa_\" }", json!("rsa_pss"), json!("x_rsa_")),
        ("{ suffix = \".pem\" }", json!("a.pem"), json!("a.pem.der")),
        ("{ contains = \"DSA\" }", json!("EC-DSA-P"), json!("RSA")),
        ("{ contains = \"crl\" }", json!(["ocsp", "crl"]), json!(["crls"])),
    ] {
        assert!(is_meant(condition, meant.clone()), "{condition} {meant}");
        assert!(!is_meant(condition, not_meant.clone()), "{condition} {not_meant}");
    }
    let rule = "[[excuse]]\nsuite = \"s\"\nwhere = { a = 1, b = { not = 2 } }\nreason = \"r\"";
    let excuses = Excuse::read_all(rule).unwrap();
    for (members, meant) in
        [(json!({"a": 1, "b": 1}), true), (json!({"a": 1}), false), (json!({"a": 1, "b": 2}), false)]
    {
        assert_eq!(excuses[0].means(&row("1", members.clone(), Outcome::Agree)), meant, "{members}");
    }
}

#[test]
fn a_rule_that_says_too_little_is_refused() {
    let problem = |rule: &str| Excuse::read_all(rule).map(|_| ()).unwrap_err();
    assert_eq!(problem(&ODD.replace("kind = \"odd\"", "")), "excuse 1: \"where\" must name a field");
    assert_eq!(problem(&ODD.replace("odd ones", " ")), "excuse 1: \"reason\" must be a text");
    assert_eq!(problem(&ODD.replace("suite", "siute")), "excuse 1: unknown member \"siute\"");
    assert_eq!(problem(&ODD.replace("\"odd\"", "{ like = \"odd\" }")), "excuse 1: \"kind\" is not a condition");
    assert_eq!(problem("excuses = 1"), "\"excuses\" is not a list of [[excuse]]");
}

#[test]
fn the_rules_of_this_project_can_be_read() {
    let excuses = Excuse::read_all(include_str!("excused.toml")).map(|excuses| excuses.len());
    assert!(excuses.is_ok(), "{excuses:?}");
}
