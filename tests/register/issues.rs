//! Opening issues, and what is served in the place of the one that follows (T27, T30).

use wathiqa::policy::ExpiredRegister;

use super::*;

/// The issues 1, 2 and 3, a month each, and their files.
fn issues(authority: &Authority) -> Vec<(RegisterIssue, Vec<u8>)> {
    let mut issues: Vec<(RegisterIssue, Vec<u8>)> = Vec::new();
    for (issued, due) in
        [(ISSUED, DUE), (DUE, "2025-08-01T00:00:00Z"), ("2025-08-01T00:00:00Z", "2025-09-01T00:00:00Z")]
    {
        let mut editor = match issues.last() {
            None => authority.editor.clone(),
            Some((previous, _)) => RegisterEditor::following(previous),
        };
        if !issues.is_empty() {
            let fact = if issues.len() == 1 { Fact::Suspended } else { Fact::Resumed };
            editor.record(code(OTHER), Event::new(at(issued), at(issued), fact)).unwrap();
        }
        let issue = editor.issue(at(issued), at(due)).unwrap();
        let file = signed(&issue, &[&authority.roots[0], &authority.roots[1]]);
        issues.push((issue, file));
    }
    issues
}

fn advance(known: &Register, authority: &Authority, file: &[u8], time: &str) -> Result<Register, RegisterError> {
    known.advance(file, &authority.policy(), &Evidence::none(), at(time))
}

/// `file` with the payload `change`d and signed again by two root keys: what only they could make.
fn remade(authority: &Authority, issue: &RegisterIssue, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut register: Value = serde_json::from_slice(&issue.to_vec()).unwrap();
    change(&mut register);
    sign_payload(authority, &serde_json::to_vec(&register).unwrap(), "vnd.wathiqa.register+json")
}

fn sign_payload(authority: &Authority, payload: &[u8], cty: &str) -> Vec<u8> {
    sign_payload_at(authority, payload, cty, ISSUED)
}

fn sign_payload_at(authority: &Authority, payload: &[u8], cty: &str, claimed: &str) -> Vec<u8> {
    let draft = |root: &Party| {
        let draft = authority.world.draft_by(&root.certificate, payload.to_vec());
        let draft = draft.with("cty", Value::from(cty)).with("x5c", x5c(&[&root.certificate]));
        draft.with("iat", Value::from(at(claimed).unix_seconds())).sign(root)
    };
    let mut files = authority.roots.iter().take(2).map(draft).collect::<Vec<_>>();
    let payload = files[0]["payload"].clone();
    for file in &mut files {
        file.as_object_mut().unwrap().remove("payload");
    }
    serde_json::to_vec(&serde_json::json!({"payload": payload, "signatures": files})).unwrap()
}

#[test]
fn as_many_root_keys_as_asked_for_must_sign() {
    let authority = Authority::granted();
    let (issue, roots) = (authority.issue(), &authority.roots);
    for signers in [vec![&roots[0], &roots[1]], vec![&roots[2], &roots[0]], vec![&roots[0], &roots[1], &roots[2]]] {
        let register = authority.open(&signed(&issue, &signers), ISSUED).unwrap();
        assert_eq!(register.information().sequence_number(), 1);
        assert_eq!(register.payload(), issue.to_vec());
    }
    let stranger = Authority::new();
    for (signers, found) in [
        (vec![&roots[0]], 1),
        // One key twice is one key.
        (vec![&roots[0], &roots[0]], 1),
        (vec![&roots[0], &stranger.roots[1]], 1),
        (vec![&stranger.roots[0], &stranger.roots[1]], 0),
    ] {
        let error = authority.open(&signed(&issue, &signers), ISSUED).unwrap_err();
        let start = format!("register: signed by {found} of the root keys, 2 are asked for");
        assert!(error.to_string().starts_with(&start), "{error}");
        assert_eq!(error.code(), "register-signatures");
    }
    // What anyone can add does no harm.
    let added = signed(&issue, &[&stranger.roots[0], &roots[0], &roots[1]]);
    authority.open(&added, ISSUED).unwrap();
    let three = NonZeroUsize::new(4).unwrap();
    let error = RegisterPolicy::new(authority.root_keys(), three).unwrap_err();
    assert_eq!(error.to_string(), "register policy: 4 signatures asked for, there are 3 different root keys");
}

#[test]
fn what_was_signed_must_be_a_register_of_that_time() {
    let authority = Authority::granted();
    let issue = authority.issue();
    let open = |file: &[u8], time: &str| authority.open(file, time).map(|_| ()).map_err(|error| error.to_string());
    let code = |file: &[u8]| authority.open(file, ISSUED).map(|_| ()).map_err(|error| error.code());
    // T30: a signature is not used in another protocol.
    let error = open(&sign_payload(&authority, &issue.to_vec(), DOCUMENT_TYPE), ISSUED).unwrap_err();
    let expected = "register: the signature says its payload is application/vnd.wathiqa.document+json, expected \
                    application/vnd.wathiqa.register+json";
    assert_eq!(error, expected);
    assert_eq!(code(&sign_payload(&authority, &issue.to_vec(), DOCUMENT_TYPE)), Err("register-content-type"));
    let letter = serde_json::to_vec(&document()).unwrap();
    assert_eq!(code(&sign_payload(&authority, &letter, "vnd.wathiqa.register+json")), Err("register-type"));
    let error = open(&sign_payload(&authority, &letter, "vnd.wathiqa.register+json"), ISSUED).unwrap_err();
    assert_eq!(error, "register: type is \"wathiqa-document/1\", expected wathiqa-register/1");
    let report = authority.world.verify(&signed(&issue, &[&authority.roots[0], &authority.roots[1]]));
    assert_eq!(report.sub_indication(), Some(SubIndication::FormatFailure), "{report}");

    let file = signed(&issue, &[&authority.roots[0], &authority.roots[1]]);
    let altered = String::from_utf8(file.clone()).unwrap().replacen("eyJ", "eyK", 1);
    assert!(open(altered.as_bytes(), ISSUED).unwrap_err().starts_with("register: signed by 0 of the root keys"));
    assert_eq!(open(&file, DUE), Ok(()));
    let error = open(&file, "2025-07-02T00:00:01Z").unwrap_err();
    let expected = "register: issue 1 was to be replaced by 2025-07-02T00:00:00Z, opened at 2025-07-02T00:00:01Z";
    assert_eq!(error, expected);
    // The clocks may differ by ten minutes.
    assert_eq!(open(&file, "2025-06-01T23:50:00Z"), Ok(()));
    let error = open(&file, "2025-06-01T23:49:59Z").unwrap_err();
    assert_eq!(
        error,
        "register: signed by 0 of the root keys, 2 are asked for: claimed signing time: 2025-06-02T00:00:00Z is after the time of validation 2025-06-01T23:49:59Z, by more than 600 seconds"
    );
    // Signed before it says that it was issued.
    let early = sign_payload_at(&authority, &issue.to_vec(), "vnd.wathiqa.register+json", "2025-06-01T00:00:00Z");
    assert_eq!(open(&early, "2025-06-01T23:50:00Z"), Ok(()));
    let error = authority.open(&early, "2025-06-01T23:49:59Z").unwrap_err();
    let expected = "register: issued 2025-06-02T00:00:00Z, opened at 2025-06-01T23:49:59Z";
    assert_eq!((error.code(), error.to_string().as_str()), ("register-issued-later", expected));
    let policy = authority.policy().with_expired(ExpiredRegister::Open);
    Register::open(&file, &policy, &Evidence::none(), at("2030-01-01T00:00:00Z")).unwrap();
}

#[test]
fn issues_follow_each_other_and_nothing_else_does() {
    let authority = Authority::granted();
    let issues = issues(&authority);
    let first = authority.open(&issues[0].1, ISSUED).unwrap();
    let second = advance(&first, &authority, &issues[1].1, DUE).unwrap();
    assert_eq!(second.information().sequence_number(), 2);
    let third = advance(&second, &authority, &issues[2].1, "2025-08-02T00:00:00Z").unwrap();
    assert_eq!(third.information().sequence_number(), 3);
    // The same is the same, in whatever signatures.
    let again = signed(&issues[1].0, &[&authority.roots[2], &authority.roots[1]]);
    assert_eq!(advance(&second, &authority, &again, DUE).unwrap().payload(), second.payload());

    let refused = |known: &Register, file: &[u8], time: &str| {
        let error = advance(known, &authority, file, time).unwrap_err();
        (error.code(), error.to_string())
    };
    // T27: serve 41 after 42; serve 42 for ever.
    let rollback = "register: issue 1 is older than issue 2, which is known".to_owned();
    assert_eq!(refused(&second, &issues[0].1, DUE), ("register-rollback", rollback));
    let frozen = "register: issue 2 is served again at 2025-08-01T00:00:01Z, the next was due 2025-08-01T00:00:00Z";
    assert_eq!(refused(&second, &issues[1].1, "2025-08-01T00:00:01Z"), ("register-frozen", frozen.to_owned()));
    let gap = "register: issue 3 does not follow issue 1 at once, give the issues between".to_owned();
    assert_eq!(refused(&first, &issues[2].1, "2025-08-02T00:00:00Z"), ("register-gap", gap));
    let expired = "register: issue 2 was to be replaced by 2025-08-01T00:00:00Z, opened at 2025-08-02T00:00:00Z";
    assert_eq!(refused(&first, &issues[1].1, "2025-08-02T00:00:00Z"), ("register-expired", expired.to_owned()));
    // Who was away takes all that was missed.
    let missed = [issues[1].1.as_slice(), issues[2].1.as_slice()];
    let caught_up = first.advance_through(missed, &authority.policy(), &Evidence::none(), at("2025-08-02T00:00:00Z"));
    assert_eq!(caught_up.unwrap().payload(), third.payload());
}

#[test]
fn a_fork_is_found_at_its_first_issue_and_behind_it() {
    let authority = Authority::granted();
    let issues = issues(&authority);
    let first = authority.open(&issues[0].1, ISSUED).unwrap();
    let second = advance(&first, &authority, &issues[1].1, DUE).unwrap();
    // Another issue 2, by the same root keys.
    let mut editor = first.edit();
    editor.record(code(OTHER), Event::new(at(DUE), at(DUE), Fact::Abolished { successors: vec![] })).unwrap();
    let other = editor.issue(at(DUE), at("2025-08-01T00:00:00Z")).unwrap();
    let file = signed(&other, &[&authority.roots[0], &authority.roots[2]]);
    let error = advance(&second, &authority, &file, DUE).unwrap_err();
    let digest = |issue: &RegisterIssue| wathiqa::digest::DigestAlgorithm::Sha256.digest(&issue.to_vec());
    let message = format!(
        "register: two issues 2: the one known has SHA digest {}, the other {}",
        digest(&issues[1].0),
        digest(&other)
    );
    assert_eq!((error.code(), error.to_string()), ("register-fork", message));
    let fork = advance(&first, &authority, &file, DUE).unwrap();
    let error = advance(&fork, &authority, &issues[2].1, "2025-08-02T00:00:00Z").unwrap_err();
    assert_eq!(error.code(), "register-fork");
}

#[test]
fn histories_are_appended_to_and_nothing_else() {
    let authority = Authority::granted();
    let issues = issues(&authority);
    let first = authority.open(&issues[0].1, ISSUED).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let file = remade(&authority, &issues[1].0, change);
        let error = advance(&first, &authority, &file, DUE).unwrap_err();
        (error.code(), error.to_string())
    };
    let rewritten = |event| format!("register: the history of entity {ENTITY} was changed at event {event}");
    let of_issuer = |register: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
        change(register["entities"][0]["history"].as_array_mut().unwrap());
    };
    assert_eq!(
        refused(&|register| of_issuer(register, &|history| history[2]["effective"] = NOW.into())),
        ("register-rewritten", rewritten(3))
    );
    assert_eq!(
        refused(&|register| of_issuer(register, &|history| drop(history.pop()))),
        ("register-rewritten", rewritten(3))
    );
    assert_eq!(
        refused(&|register| drop(register["entities"].as_array_mut().unwrap().remove(0))),
        ("register-entity-missing", format!("register: entity {ENTITY} is known, the next issue does not have it"))
    );
    // An event that pretends to have been there before.
    let message = format!(
        "register: an event of entity {OTHER} says that it was recorded 2025-06-01T00:00:00Z, the issue of \
         2025-06-02T00:00:00Z does not have it"
    );
    assert_eq!(
        refused(&|register| register["entities"][1]["history"][1]["recorded"] = "2025-06-01T00:00:00Z".into()),
        ("register-recorded-earlier", message)
    );
    assert_eq!(
        refused(&|register| {
            register["listInformation"]["issuedAt"] = ISSUED.into();
            register["entities"][1]["history"].as_array_mut().unwrap().pop();
        }),
        (
            "register-issued-earlier",
            "register: issue 2 was issued 2025-06-02T00:00:00Z, the one before 2025-06-02T00:00:00Z".to_owned()
        )
    );
}
