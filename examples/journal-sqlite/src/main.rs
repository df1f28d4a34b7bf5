//! Issues documents under numbers of a journal in an SQLite file, until it has issued enough or is killed.
//!
//! ```text
//! cargo run --manifest-path examples/journal-sqlite/Cargo.toml -- FILE COUNT
//! ```
//! Several may run at once on one file. A line `issued NUMBER` is written after the entry is on the disk, and not before.
//! Without arguments it issues three documents into a file in the temporary folder, voids what was left open, signs a tree
//! head, and audits the journal by it.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use wathiqa::codes::{CodingScheme, DocumentKind, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, Signer};
use wathiqa::document::Document;
use wathiqa::issue::Issuer;
use wathiqa::journal::{Audit, Journal};
use wathiqa::pki::{DemonstrationPki, EntityName};
use wathiqa::time::Instant;
use wathiqa::tsp::SerialNumber;
use wathiqa::validation::Evidence;
use wathiqa::verify::Verifier;
use wathiqa_journal_sqlite::SqliteStore;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [file, count] => issue(Path::new(file), count.parse()?, false),
        [] => {
            let file = std::env::temp_dir().join(format!("wathiqa-journal-{}.sqlite", std::process::id()));
            issue(&file, 3, true)?;
            Ok(std::fs::remove_file(file)?)
        }
        _ => Err("usage: [FILE COUNT]".into()),
    }
}

/// Issues `count` documents, each under the next number of the journal in `file`.
fn issue(file: &Path, count: usize, audit: bool) -> Result<(), Box<dyn Error>> {
    let now = || Instant::try_from(time::OffsetDateTime::now_utc()).map(Instant::whole_seconds);
    let start = now()?;
    let pki = DemonstrationPki::new(start)?;
    let entity: EntityCode = "1234567889".parse()?;
    let name = EntityName::new(entity, &CodingScheme::default(), "SY", "وزارة العدل", "ختم وزارة العدل")?;
    let signer = pki.issue_signer(&name, JwsAlgorithm::Es256)?;
    let time_stamps = pki.time_stamp_authority().transport(|| (start, SerialNumber::from(1)));
    let journal = Journal::new(SqliteStore::open(file)?, entity, signer.key.public_key());
    let issuer = Issuer::new(&signer.key, signer.chain.clone(), time_stamps)?;
    let mut out = std::io::stdout().lock();
    for _ in 0..count {
        let mut given = None;
        issuer.issue_recorded(&journal, DocumentKind::DECISION, start, |number| {
            given = Some(number);
            Document::builder(number, start).language("ar").title("قرار").build(())
        })?;
        writeln!(out, "issued {}", given.ok_or("no number")?)?;
        out.flush()?;
    }
    if audit {
        journal.void_open(start)?;
        let signed = issuer.issue_tree_head(&journal.tree_head(start)?, start)?;
        let verifier = Verifier::new(pki.validation_policy());
        let evidence = Evidence::none().with_revocation(pki.revocation_evidence(start, &[])?);
        let head = verifier.open_tree_head(&signed, &evidence, start)?;
        Audit::new(&head).run(journal.entries()?)?;
        writeln!(out, "audited {} entries under root {}", head.tree_size(), head.root())?;
    }
    Ok(())
}
