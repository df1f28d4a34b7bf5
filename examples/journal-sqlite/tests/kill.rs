//! Issuers on one file, killed at any moment: what they said was issued is there, and no number is used twice or missing.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use wathiqa::budget::Limits;
use wathiqa::codes::CodingScheme;
use wathiqa::crypto::{JwsAlgorithm, Signer};
use wathiqa::issue::Issuer;
use wathiqa::journal::{Audit, Entry, EntryOutcome, Journal};
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa_journal_sqlite::SqliteStore;

/// Starts an issuer that would go on for ever, kills it after `life`, and answers what it said it issued.
fn killed_after(file: &Path, life: Duration) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wathiqa-journal-sqlite"))
        .arg(file)
        .arg("1000000")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(life);
    child.kill().unwrap(); // SIGKILL: nothing is flushed, no destructor runs
    let output = child.wait_with_output().unwrap();
    assert!(!output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    // The last line may be cut.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().filter_map(|line| line.strip_prefix("issued ")).map(str::to_owned).collect()
}

#[test]
fn a_journal_survives_the_death_of_its_issuers() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("journal.sqlite");
    let now: Instant =
        time::OffsetDateTime::now_utc().checked_add(time::Duration::hours(1)).unwrap().try_into().unwrap();
    let now = now.whole_seconds();
    let pki = DemonstrationPki::new(now).unwrap();
    let name =
        EntityName::new("1234567889".parse().unwrap(), &CodingScheme::default(), "SY", "وزارة العدل", "ختم").unwrap();
    let signer = pki.issue_signer(&name, JwsAlgorithm::Es256).unwrap();
    let stamps = pki.time_stamp_authority().transport(|| (now, SerialNumber::from(1)));
    let issuer = Issuer::new(&signer.key, signer.chain.clone(), stamps).unwrap();
    let journal = || Journal::new(SqliteStore::open(&file).unwrap(), issuer.entity(), signer.key.public_key());
    let verifier = Verifier::new(pki.validation_policy());
    let evidence = Evidence::none().with_revocation(pki.revocation_evidence(now, &[]).unwrap());

    let (mut said, mut heads, mut left) = (HashSet::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        // Two at once, each killed at another moment: while it makes keys, between two writes, in one.
        let lives = [round * 37 % 200, round * 61 % 200].map(|extra| Duration::from_millis(START + extra));
        let issued: Vec<Vec<String>> = std::thread::scope(|scope| {
            let issuers = lives.map(|life| {
                scope.spawn({
                    let file = &file;
                    move || killed_after(file, life)
                })
            });
            issuers.into_iter().map(|issuer| issuer.join().unwrap()).collect()
        });
        for number in issued.into_iter().flatten() {
            assert!(said.insert(number.clone()), "{number} was issued twice");
        }
        let journal = journal();
        let before = journal.tree_head(now).unwrap();
        left += before.open().len();
        heads.push(verifier.open_tree_head(&issuer.issue_tree_head(&before, now).unwrap(), &evidence, now).unwrap());
        let entries = journal.entries().unwrap();
        Audit::new(heads.last().unwrap()).run(&entries).unwrap();
        assert_eq!(journal.void_open(now).unwrap(), before.open());
    }

    let journal = journal();
    let signed = issuer.issue_tree_head(&journal.tree_head(now).unwrap(), now).unwrap();
    let head = verifier.open_tree_head(&signed, &evidence, now).unwrap();
    let entries = journal.entries().unwrap();
    let audit = heads.iter().fold(Audit::new(&head), |audit, earlier| audit.with_earlier(earlier));
    let audited = audit.run(&entries).unwrap();
    assert!(audited.open().is_empty());
    let read = |entry: &Vec<u8>| Entry::from_slice_in(entry, &CodingScheme::default(), &Limits::default()).unwrap();
    let issued: HashSet<String> = entries
        .iter()
        .map(read)
        .filter(|entry| matches!(entry.outcome(), EntryOutcome::Issued { .. }))
        .map(|entry| entry.number().to_string())
        .collect();
    assert!(said.is_subset(&issued), "said and not recorded: {:?}", said.difference(&issued).collect::<Vec<_>>());
    println!("{} entries, {} said to be issued, {left} left open by a kill", entries.len(), said.len());
    assert!(said.len() > 10, "the issuers had no time to issue");
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Pairs of issuers.
const ROUNDS: u64 = 12;
/// Milliseconds in which an issuer has begun to issue on any machine that is not overloaded.
const START: u64 = 150;
