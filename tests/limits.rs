//! Every limit has two sides: what needs as much as a limit gives is read or passes, and with one less it is refused, for
//! this reason and no other.
//!
//! A limit without a row here fails, so that none can be added that does nothing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use wathiqa::budget::{Budget, Limits};
use wathiqa::codes::{CodingScheme, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64::{decode_url, encode_standard};
use wathiqa::encoding::{der, json};
use wathiqa::ers::{self, DataObject, DataObjects, EvidenceRecord, HashTree, RecordVerifier, TimeStampSource};
use wathiqa::policy::{Constraint, ConstraintLevel, Constraints, RequiredLevel, ValidationPolicy};
use wathiqa::register::{Event, Fact, Names, RegisterEditor, RegisterIssue};
use wathiqa::report::{Indication, Report, SignatureReport};
use wathiqa::status::{StatusArray, StatusBits};
use wathiqa::tsp::{Authority, SerialNumber, TimeStampToken};
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa::x509::crl::Crl;
use wathiqa::x509::path::{PathSettings, Purpose, RevocationPolicy};
use wathiqa::x509::revocation::RevocationEvidence;
use wathiqa::x509::{Certificate, TrustAnchor, TrustStore};
use world::*;

#[path = "support/world.rs"]
mod world;

/// What a refusal is: its stable name, and its text.
type Refusal = (String, String);

/// The verdict within some limits.
type Judge<'a> = Box<dyn Fn(&Limits) -> Result<(), Refusal> + 'a>;

/// A limit, and something that needs as much of it.
struct Row<'a> {
    /// The name of the field of [`Limits`], as it is in settings.
    limit: &'static str,
    needs: usize,
    judge: Judge<'a>,
    code: &'static str,
    /// The reason, with `{}` for one less than is needed.
    text: &'static str,
}

fn row<'a>(
    (limit, needs): (&'static str, usize),
    judge: impl Fn(&Limits) -> Result<(), Refusal> + 'a,
    (code, text): (&'static str, &'static str),
) -> Row<'a> {
    Row { limit, needs, judge: Box::new(judge), code, text }
}

/// `found` with `_` in the place of the offset, where `text` has it: signatures differ in length, and offsets with them.
fn placeless(found: &str, text: &str) -> String {
    let Some((before, _)) = text.split_once('_') else { return found.to_owned() };
    let rest = found.strip_prefix(before).map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    rest.map_or_else(|| found.to_owned(), |rest| format!("{before}_{rest}"))
}

/// The default limits but for one.
fn with(limit: &str, value: usize) -> Limits {
    let mut limits = serde_json::to_value(Limits::default()).unwrap();
    *limits.get_mut(limit).unwrap() = value.into();
    serde_json::from_value(limits).unwrap()
}

/// The result of a reader.
macro_rules! read {
    ($result:expr) => {
        $result.map(drop).map_err(|error| (error.code().to_owned(), error.to_string()))
    };
}

fn verdict(report: &Report) -> Result<(), Refusal> {
    if report.indication() == Indication::TotalPassed {
        return Ok(());
    }
    let counter_signatures: Vec<&SignatureReport> = report.signatures().iter().flat_map(all_within).collect();
    let of_these = counter_signatures.iter().flat_map(|counter| counter.checks()).find_map(|check| check.failure());
    let reason = of_these.map(|(_, reason)| reason).or(report.deciding_reason()).unwrap();
    Err((reason.code().to_owned(), reason.to_string()))
}

/// The countersignatures of a signature, the innermost first.
fn all_within(signature: &SignatureReport) -> Vec<&SignatureReport> {
    let within = signature.counter_signatures().iter();
    within.flat_map(|counter| all_within(counter).into_iter().chain([counter])).collect()
}

/// Verifies a file under a policy.
fn verify<'a>(
    policy: &'a ValidationPolicy,
    evidence: &'a Evidence<'_>,
    file: Value,
) -> impl Fn(&Limits) -> Result<(), Refusal> + 'a {
    move |limits| {
        let policy = policy.clone().with_limits(limits.clone());
        verdict(&Verifier::new(policy).verify(&octets(&file), evidence, at(NOW)))
    }
}

#[test]
fn every_limit_has_two_sides() {
    let world = World::new();
    let b_t = world.policy();
    let b_b = world.policy().with_level(RequiredLevel::BB);
    let strict = Constraints::default().with(Constraint::CounterSignatures, ConstraintLevel::Fail);
    let countersigned = b_b.clone().with_constraints(strict);
    let revocation = world.policy_with(RevocationPolicy::default()).with_level(RequiredLevel::BB);
    let none = Evidence::none();

    let rows = [
        texts(),
        formats(&world),
        files(&world, &b_t, &none),
        certificates(&world, &b_b, &none),
        counter_signatures(&world, &countersigned, &none),
        paths(&world, &b_b, &none),
        revocations(&world, &revocation),
        evidence_records(&world),
    ];
    let rows: Vec<Row<'_>> = rows.into_iter().flatten().collect();
    let mut differences = Vec::new();
    for Row { limit, needs, judge, code, text } in &rows {
        let less = needs - 1;
        let refusal = (code.to_string(), text.replace("{}", &less.to_string()));
        for (value, expected) in [(*needs, Ok(())), (less, Err(refusal))] {
            let found = judge(&with(limit, value)).map_err(|(code, found)| (code, placeless(&found, text)));
            if found != expected {
                differences.push(format!("{limit} {value}: {found:?}, expected {expected:?}"));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let limits = serde_json::to_value(Limits::default()).unwrap();
    for limit in limits.as_object().unwrap().keys() {
        assert!(rows.iter().any(|row| row.limit == limit), "{limit} has no row");
    }
}

fn texts<'a>() -> Vec<Row<'a>> {
    let value = |text: &'static str| move |limits: &Limits| read!(json::from_slice::<Value>(text.as_bytes(), limits));
    let nested = |limits: &Limits| read!(der::check(&[0x30, 4, 0x30, 2, 0x30, 0], limits));
    vec![
        row(("inputOctets", 7), value("[1,2,3]"), ("json-too-large", "JSON at octet 6: more than {} octets")),
        row(("jsonDepth", 3), value("[[[1]]]"), ("json-too-deep", "JSON at octet 2: nested deeper than {}")),
        row(
            ("jsonMembers", 5),
            value(r#"{"a":[1,2],"b":null,"c":{}}"#),
            ("json-too-many-members", "JSON at octet 22: more than {} members and elements"),
        ),
        row(("derDepth", 3), nested, ("der-too-deep", "DER at octet 4: values nest deeper than {}")),
    ]
}

fn formats(world: &World) -> Vec<Row<'_>> {
    let token = token_at(&world.tsa, b"data", NOW);
    let record = record(world);
    let lists = RevocationEvidence::new(vec![crl(&world.root, NOW, &[]), crl(&world.ministry, NOW, &[])], Vec::new());
    let whole = TimeStampToken::from_der(&token, &Limits::default()).unwrap();
    let whole = whole.with_revocation(&lists, &Limits::default()).unwrap().as_der().to_vec();
    let list = crl(&world.root, NOW, &[]).as_der().to_vec();
    let array = miniz_oxide::deflate::compress_to_vec_zlib(&[0; 1000], 9);
    let mut editor = RegisterEditor::new();
    let created = Fact::Created { names: Names::new("ar", "وزارة").unwrap(), parent: None };
    editor.record(ENTITY.parse::<EntityCode>().unwrap(), Event::new(at(NOW), at(NOW), created)).unwrap();
    let register = editor.issue(at(NOW), at("2025-07-01T00:00:00Z")).unwrap().to_vec();
    vec![
        row(
            ("inputOctets", token.len()),
            move |limits| read!(TimeStampToken::from_der(&token, limits)),
            ("der-input-too-long", "time-stamp: CMS: DER at octet 0: the input has more than {} octets"),
        ),
        row(
            ("revocationValues", 2),
            move |limits| read!(TimeStampToken::from_der(&whole, limits)),
            ("cms-too-many-revocation-values", "time-stamp: CMS: more than {} CRLs and OCSP responses"),
        ),
        row(
            ("inputOctets", record.as_der().len()),
            move |limits| read!(EvidenceRecord::from_der(record.as_der(), limits)),
            ("der-input-too-long", "evidence record: DER at octet 0: the input has more than {} octets"),
        ),
        row(
            ("crlOctets", list.len()),
            move |limits| read!(Crl::from_der(&list, limits)),
            ("der-input-too-long", "CRL: DER at octet 0: the input has more than {} octets"),
        ),
        row(
            ("registerOctets", register.len()),
            move |limits| read!(RegisterIssue::from_slice(&register, &CodingScheme::default(), limits)),
            ("json-too-large", "register: JSON at octet {}: more than {} octets"),
        ),
        row(
            ("statusListOctets", 1000),
            move |limits| read!(StatusArray::from_zlib(StatusBits::One, &array, limits)),
            ("status-list-too-large", "status list: the array has more than {} octets"),
        ),
    ]
}

fn files<'a>(world: &World, policy: &'a ValidationPolicy, evidence: &'a Evidence<'_>) -> Vec<Row<'a>> {
    let judge = |file: &Value| verify(policy, evidence, file.clone());
    let one = world.issue();
    let part = |file: &Value| json!({"protected": file["protected"], "header": file["header"], "signature": file["signature"]});
    let two = json!({"payload": one["payload"], "signatures": [part(&one), part(&world.issue())]});
    let stamped_twice = world.stamp(one.clone());
    vec![
        row(("inputOctets", octets(&one).len()), judge(&one), ("jws-too-large", "JWS: more than {} octets")),
        row(("signatures", 2), judge(&two), ("jws-too-many-signatures", "JWS: more than {} signatures")),
        row(("etsiUItems", 2), judge(&stamped_twice), ("jades-too-many-items", "etsiU: more than {} items")),
        row(("timeStamps", 2), judge(&stamped_twice), ("limit-reached", "limit reached: more than {} time-stamps")),
        row(("timeStamps", 2), judge(&two), ("limit-reached", "limit reached: more than {} time-stamps")),
        // Of each signature the signer's path and the authority's: two checks and one.
        row(
            ("signatureChecks", 6),
            judge(&two),
            (
                "path-exhausted",
                "certificate CN=Ministry,C=SY: limit reached: more than {} signature checks in one file",
            ),
        ),
        row(
            ("pathSignatures", 2),
            judge(&two),
            (
                "path-exhausted",
                "certificate CN=Ministry,C=SY: limit reached: more than {} signature checks while building paths",
            ),
        ),
    ]
}

fn certificates<'a>(world: &World, policy: &'a ValidationPolicy, evidence: &'a Evidence<'_>) -> Vec<Row<'a>> {
    let judge = |file: &Value| verify(policy, evidence, file.clone());
    let bare = world.draft().sign(&world.signer);
    let beside = with_item(bare.clone(), &x_vals(&[&world.ministry.certificate; 3]));
    let tst_info = TstInfo {
        imprint: DigestAlgorithm::Sha256.digest(bare["signature"].as_str().unwrap().as_bytes()),
        gen_time: NOW,
        serial_number: 1,
    };
    let stamped = with_item(bare.clone(), &sig_tst(&[token(&world.tsa, &tst_info, &[&world.tsa.certificate; 3])]));
    let longest = |certificates: &[&Certificate]| certificates.iter().map(|one| one.as_der().len()).max().unwrap();
    let in_header = longest(&[&world.signer.certificate, &world.ministry.certificate]);
    let long = world.ministry.certify(&with_long_name(), &world.signer.pair);
    let long_beside = with_item(bare.clone(), &x_vals(&[&long]));
    let list = json!({"val": encode_standard(crl(&world.root, NOW, &[]).as_der())});
    let revocation = with_item(bare.clone(), &json!({"rVals": {"crlVals": [list.clone(), list]}}));
    vec![
        row(
            ("certificates", 2),
            judge(&bare),
            ("jades-too-many-certificates", "header: \"x5c\": more than {} certificates"),
        ),
        row(
            ("certificates", 3),
            judge(&beside),
            ("jades-too-many-certificates", "header: \"etsiU\": more than {} certificates"),
        ),
        row(
            ("certificates", 3),
            judge(&stamped),
            (
                "no-valid-time-stamp",
                "signature time-stamp: none holds, the first because: time-stamp: CMS: more than {} certificates",
            ),
        ),
        row(
            ("certificateOctets", in_header),
            judge(&bare),
            (
                "der-input-too-long",
                "header: \"x5c\" entry 0: certificate: DER at octet 0: the input has more than {} octets",
            ),
        ),
        row(
            ("certificateOctets", long.as_der().len()),
            judge(&long_beside),
            (
                "der-input-too-long",
                "header: \"xVals\" entry 0: certificate: DER at octet 0: the input has more than {} octets",
            ),
        ),
        row(
            ("revocationValues", 2),
            judge(&revocation),
            ("jades-too-many-revocation-values", "header: \"etsiU\": more than {} CRLs and OCSP responses"),
        ),
    ]
}

fn with_long_name() -> rcgen::CertificateParams {
    params(&"x".repeat(1000))
}

fn counter_signatures<'a>(world: &World, policy: &'a ValidationPolicy, evidence: &'a Evidence<'_>) -> Vec<Row<'a>> {
    let supervisor = world.ministry.issue(entity(ENTITY));
    let over = |file: &Value| {
        let value = decode_url(file["signature"].as_str().unwrap()).unwrap();
        world.draft_by(&supervisor.certificate, value).with("cty", None).sign(&supervisor)
    };
    let bare = world.draft().sign(&world.signer);
    let first = over(&bare);
    let nested = with_clear_items(
        bare.clone(),
        vec![json!({"cSig": with_clear_items(first.clone(), vec![json!({"cSig": over(&first)})])})],
    );
    let both = with_clear_items(bare, vec![json!({"cSig": first}), json!({"cSig": first})]);
    vec![
        row(
            ("counterSignatures", 2),
            verify(policy, evidence, both),
            ("limit-reached", "limit reached: more than {} countersignatures"),
        ),
        row(
            ("counterSignatures", 2),
            verify(policy, evidence, nested.clone()),
            ("limit-reached", "limit reached: more than {} countersignatures"),
        ),
        row(
            ("counterSignatureDepth", 2),
            verify(policy, evidence, nested),
            ("jades-counter-signature-depth", "cSig: more than {} counter-signatures, each of the one before"),
        ),
    ]
}

fn paths<'a>(world: &World, policy: &'a ValidationPolicy, evidence: &'a Evidence<'_>) -> Vec<Row<'a>> {
    let bare = world.draft().sign(&world.signer);
    // Two names and the subject, with three subtrees.
    let mut confined = ca("Ministry");
    let subtree = |number: u8| rcgen::GeneralSubtree::DnsName(format!("n{number}.example"));
    confined.name_constraints =
        Some(rcgen::NameConstraints { permitted_subtrees: vec![], excluded_subtrees: (1..=3).map(subtree).collect() });
    let ministry = world.root.issue(confined);
    let mut named = entity(ENTITY);
    let name = |number: u8| rcgen::SanType::DnsName(format!("m{number}.example").try_into().unwrap());
    named.subject_alt_names = (1..=2).map(name).collect();
    let leaf = ministry.issue(named);
    let draft = world.draft_by(&leaf.certificate, serde_json::to_vec(&document()).unwrap());
    let named = draft.with("x5c", x5c(&[&leaf.certificate, &ministry.certificate])).sign(&leaf);
    vec![
        row(
            ("pathLength", 2),
            verify(policy, evidence, bare.clone()),
            (
                "path-too-long",
                "certificate organizationIdentifier=GO:SY-1234567889,CN=Registrar,C=SY: the path would have more than {} certificates",
            ),
        ),
        row(
            ("pathSignatures", 2),
            verify(policy, evidence, bare.clone()),
            (
                "path-exhausted",
                "certificate CN=Ministry,C=SY: limit reached: more than {} signature checks while building paths",
            ),
        ),
        row(
            ("pathCandidates", 2),
            verify(policy, evidence, bare),
            ("path-exhausted", "certificate CN=Ministry,C=SY: limit reached: more than {} candidate issuers"),
        ),
        row(
            ("nameComparisons", 9),
            verify(policy, evidence, named),
            (
                "path-exhausted",
                "certificate organizationIdentifier=GO:SY-1234567889,CN=Registrar,C=SY: limit reached: more than {} name comparisons",
            ),
        ),
    ]
}

/// A list remembers the key that signed it: each verdict here is on lists that nobody has asked yet.
fn revocations<'a>(world: &World, policy: &'a ValidationPolicy) -> Vec<Row<'a>> {
    let bare = octets(&world.draft().sign(&world.signer));
    let lists = [crl(&world.root, NOW, &[]), crl(&world.ministry, NOW, &[])].map(|list| list.as_der().to_vec());
    let judge = move |limits: &Limits| {
        let lists = lists.iter().map(|list| Crl::from_der(list, limits).unwrap()).collect();
        let evidence = Evidence::none().with_revocation(RevocationEvidence::new(lists, Vec::new()));
        verdict(&Verifier::new(policy.clone().with_limits(limits.clone())).verify(&bare, &evidence, at(NOW)))
    };
    vec![
        row(
            ("revocationSignatures", 2),
            judge.clone(),
            (
                "path-exhausted",
                "certificate organizationIdentifier=GO:SY-1234567889,CN=Registrar,C=SY: limit reached: more than {} signature checks of revocation evidence",
            ),
        ),
        row(
            ("revocationCandidates", 2),
            judge.clone(),
            (
                "path-exhausted",
                "certificate organizationIdentifier=GO:SY-1234567889,CN=Registrar,C=SY: limit reached: more than {} revocation lists tried",
            ),
        ),
        row(
            ("signatureChecks", 4),
            judge,
            (
                "path-exhausted",
                "certificate organizationIdentifier=GO:SY-1234567889,CN=Registrar,C=SY: limit reached: more than {} signature checks in one file",
            ),
        ),
    ]
}

/// Four documents' tree, renewed by a time-stamp and then by a tree: two chains, three archive time-stamps.
fn record(world: &World) -> EvidenceRecord {
    let key = SoftwareKey::from_pkcs8_der(&world.tsa.pair.serialize_der(), JwsAlgorithm::Es256).unwrap();
    let authority = Authority::new(key, vec![world.tsa.certificate.clone()], "2.999.2".parse().unwrap()).unwrap();
    let transport = authority.transport(|| (at(NOW), SerialNumber::from(5)));
    let source = TimeStampSource::new(&transport);
    let digests = (0..4_u8).map(|number| DigestAlgorithm::Sha256.digest(&[number]));
    let stamped = HashTree::new(DigestAlgorithm::Sha256, digests).unwrap().stamp(&source).unwrap();
    let first = stamped.records().next().unwrap().unwrap();
    let (trust_store, settings) = time_stamping(world);
    let mut verifier = RecordVerifier::new(ers::VerificationInputs::new(&trust_store, &settings, at(NOW)));
    let renewed = ers::renew_time_stamps(&[first], &mut verifier, &source).unwrap().remove(0);
    let with_data = [(renewed, DataObjects::Each(&[DataObject::Octets(&[0])]))];
    ers::renew_hash_trees(&with_data, DigestAlgorithm::Sha512, &mut verifier, &source).unwrap().remove(0)
}

fn time_stamping(world: &World) -> (TrustStore, PathSettings) {
    let anchor = TrustAnchor::from_certificate(world.time_root.certificate.clone());
    (TrustStore::from_iter([anchor]), PathSettings::new(Purpose::TimeStamping, RevocationPolicy::Skip))
}

fn evidence_records(world: &World) -> Vec<Row<'_>> {
    let record = record(world);
    let der = record.as_der().to_vec();
    let read = move |limits: &Limits| read!(EvidenceRecord::from_der(&der, limits));
    let judge = move |limits: &Limits| {
        let (trust_store, settings) = time_stamping(world);
        let inputs = ers::VerificationInputs::new(&trust_store, &settings, at(NOW));
        let objects = DataObjects::Each(&[DataObject::Octets(&[0])]);
        read!(ers::verify(&record, objects, inputs, &mut Budget::new(limits)).into_result())
    };
    vec![
        row(
            ("archiveTimeStampChains", 2),
            read.clone(),
            ("evidence-record-too-many-chains", "evidence record at octet _: more than {} chains"),
        ),
        row(
            ("archiveTimeStamps", 3),
            read.clone(),
            (
                "evidence-record-too-many-archive-time-stamps",
                "evidence record at octet _: more than {} archive time-stamps",
            ),
        ),
        row(
            ("reducedHashTreeLists", 2),
            read.clone(),
            ("evidence-record-too-many-lists", "evidence record at octet _: more than {} lists in a hash tree"),
        ),
        row(
            ("reducedHashTreeHashes", 2),
            read,
            ("evidence-record-too-many-hashes", "evidence record at octet _: more than {} hashes in a list"),
        ),
        row(
            ("timeStamps", 3),
            judge,
            ("limit-reached", "evidence record: archive time-stamp 3: limit reached: more than {} time-stamps"),
        ),
    ]
}
