//! Which verifier refuses what: the tables of `README.md` here, and of the library's, are what these runs find.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use wathiqa_peers::parts::{Form, Parts};
use wathiqa_peers::verifiers::{DocumentVerifier, Jades, Level, Ours};
#[cfg(feature = "openssl")]
use wathiqa_peers::verifiers::{Josekit, OpenSsl, Revocation};
use wathiqa_peers::workshop::{Workshop, Wrong};

/// Each verifier, as one would use it for documents such as this.
fn verifiers(workshop: &Workshop, wrong: Wrong) -> Result<Vec<Box<dyn DocumentVerifier>>, Box<dyn Error>> {
    let trust = workshop.trust(wrong)?;
    Ok(vec![
        Box::new(Ours::new(std::slice::from_ref(&trust), Level::BT)?),
        Box::new(Jades::new(&trust, Level::BT)?),
        #[cfg(feature = "openssl")]
        Box::new(OpenSsl::new(&trust, Level::BT, Revocation::Checked)?),
        #[cfg(feature = "openssl")]
        Box::new(Josekit::new(workshop.key(wrong))?),
    ])
}

#[test]
fn the_tables_say_who_refuses_what() -> Result<(), Box<dyn Error>> {
    let workshop = Workshop::new()?;
    let (mut rows, mut checks) = (Vec::new(), BTreeMap::new());
    for wrong in Wrong::ALL {
        let (check, what) = wrong.description();
        let mut cells = Vec::new();
        for verifier in verifiers(&workshop, wrong)? {
            let verdict = verifier.verify(&workshop.document(wrong, verifier.form())?);
            println!("{what}: {}: {verdict:?}", verifier.name());
            let is_right = verdict.is_ok() == wrong.holds();
            let makes_check = checks.entry((check, verifier.name())).or_insert(true);
            *makes_check &= is_right;
            let word = if verdict.is_ok() { "accepts" } else { "refuses" };
            cells.push((verifier.name(), if is_right { word.to_owned() } else { format!("**{word}**") }));
            if matches!(wrong, Wrong::Nothing | Wrong::Payload) || verifier.name() == "wathiqa" {
                assert!(is_right, "{} {word} a document in which {what}", verifier.name());
            }
        }
        rows.push((what, cells));
    }
    let of_peers = table("README.md", "| what is wrong |")?;
    for (what, cells) in rows {
        for (verifier, cell) in cells {
            assert_eq!(of_peers.get(&(what.to_owned(), verifier.to_owned())), Some(&cell), "{what}: {verifier}");
        }
    }
    let of_library = table("../../README.md", "| checks |")?;
    for ((check, verifier), makes_check) in checks.into_iter().filter(|((check, _), _)| *check != "nothing") {
        let cell = if makes_check { "yes" } else { "no" };
        let found = of_library.get(&(check.to_owned(), verifier.to_owned()));
        assert_eq!(found.map(String::as_str), Some(cell), "{check}: {verifier}");
    }
    if !cfg!(feature = "openssl") {
        println!("SKIPPED: openssl and josekit, for want of the feature `openssl`");
    }
    Ok(())
}

/// `jades` 0.1.0 sees no time-stamp where the standard's form has it, and refuses one of the standard's imprint; what it reads
/// is refused here.
#[test]
fn jades_reads_time_stamps_of_its_own_form_alone() -> Result<(), Box<dyn Error>> {
    let workshop = Workshop::new()?;
    let trust = workshop.trust(Wrong::Nothing)?;
    let (ours, jades) = (Ours::new(std::slice::from_ref(&trust), Level::BT)?, Jades::new(&trust, Level::BT)?);

    let standard = workshop.document(Wrong::Nothing, Form::Standard)?;
    ours.verify(&standard)?;
    let seen = "JAdES-B-B, signature true, chain Some(true), time-stamp None";
    assert_eq!(jades.verify(&standard), Err(seen.to_owned()));
    Jades::new(&trust, Level::BB)?.verify(&standard)?;

    let as_object = Parts::read(standard.as_bytes())?.to_json(Form::Jades);
    let seen = "JAdES-B-T, signature true, chain Some(true), time-stamp Some(false)";
    assert_eq!(jades.verify(&as_object), Err(seen.to_owned()));
    ours.verify(&as_object)?;

    let its_own = workshop.document(Wrong::Nothing, Form::Jades)?;
    jades.verify(&its_own)?;
    let seen = ours.verify(&its_own).err().ok_or("accepted")?;
    assert!(seen.contains("time-stamp: it is for SHA-256 "), "{seen}");
    Ok(())
}

/// So an expired certificate passes there for who dates back, and no time-stamp tells otherwise.
#[test]
fn jades_judges_at_the_time_that_the_signer_claims() -> Result<(), Box<dyn Error>> {
    let workshop = Workshop::new()?;
    let trust = workshop.trust(Wrong::Expired)?;
    let (ours, jades) = (Ours::new(std::slice::from_ref(&trust), Level::BT)?, Jades::new(&trust, Level::BT)?);
    let (true_time, before_expiry) = ("2028-06-01T00:00:00Z", "2026-03-01T09:30:00Z");

    let seen = "JAdES-B-T, signature true, chain Some(false), time-stamp Some(true)";
    assert_eq!(jades.verify(&workshop.claiming(true_time, Form::Jades)?), Err(seen.to_owned()));
    jades.verify(&workshop.claiming(before_expiry, Form::Jades)?)?;
    for claimed in [true_time, before_expiry] {
        let seen = ours.verify(&workshop.claiming(claimed, Form::Standard)?).err().ok_or("accepted")?;
        assert!(seen.contains("expired 2028-02-28T09:30:00Z, judged at 2028-06-01T00:00:00Z"), "{seen}");
    }
    Ok(())
}

/// The cells of the table whose first row starts so, by their row and column.
fn table(file: &str, start: &str) -> Result<BTreeMap<(String, String), String>, Box<dyn Error>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file))?;
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines().skip_while(|line| !line.starts_with(start)).take_while(|line| line.starts_with('|'));
    let columns = cells(lines.next().ok_or_else(|| format!("{file}: no table {start}"))?);
    let mut found = BTreeMap::new();
    for row in lines.skip(1).map(cells) {
        for (column, cell) in columns.iter().zip(&row).skip(2) {
            found.insert((row[1].clone(), column.clone()), cell.clone());
        }
    }
    Ok(found)
}
