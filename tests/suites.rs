//! Third-party suites: what others say of signatures, tokens, certificates and documents, against what we say.
//!
//! The data is no part of this project. It is found through the environment variable `WATHIQA_VECTORS`, else at
//! `../shared/vectors` beside the project; what is absent is skipped with a line that says so. Everything is built on
//! the public interface alone. For every suite one line is printed, `suite NAME: A of N agree, X excused`, where N
//! counts the scored rows, and a second one for rows that are not scored. A disagreement that `tests/excused.toml` does
//! not excuse is a failure, and so is an excuse that is not needed.
//!
//! To add a suite: write `tests/suites/NAME.rs` with `pub fn rows(folder: &Folder) -> Result<Vec<Row>, Problem>`
//! (see [`suites::framework`]), declare it below and give it a line in [`SUITES`].
//!
//! `cargo test --test suites -- jws tsp` runs the suites named so; flags of the usual test harness are accepted.

#![expect(unreachable_pub, reason = "the modules of a test have no public")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use suites::excuses::Excuse;
use suites::framework::{Folder, Suite};
use suites::judgement::{self, Judgement};

mod suites {
    pub mod boringssl_chains;
    pub mod boringssl_crl;
    pub mod boringssl_names;
    pub mod boringssl_ocsp;
    pub mod crl;
    pub mod dss_jades;
    pub mod excuses;
    pub mod framework;
    pub mod hostile;
    pub mod judgement;
    pub mod jwk;
    pub mod jws;
    pub mod limbo;
    pub mod members;
    pub mod ocsp;
    pub mod ocsp_openssl;
    pub mod pkits;
    pub mod tsp;
    pub mod wycheproof;
    pub mod x509_parser;
}

/// Every suite, in the order of the layers it tests.
const SUITES: &[Suite] = &[
    Suite { name: "wycheproof", needs: "wycheproof/manifest.json", rows: suites::wycheproof::rows },
    Suite { name: "hostile", needs: "hostile", rows: suites::hostile::rows },
    Suite { name: "x509-parser", needs: "", rows: suites::x509_parser::rows },
    Suite { name: "pkits", needs: "pkits/manifest.json", rows: suites::pkits::rows },
    Suite { name: "limbo", needs: "limbo/limbo.json", rows: suites::limbo::rows },
    Suite { name: "boringssl-chains", needs: "boringssl/chains.json", rows: suites::boringssl_chains::rows },
    Suite { name: "boringssl-names", needs: "boringssl/names.json", rows: suites::boringssl_names::rows },
    Suite { name: "tsp", needs: "tsp/manifest.json", rows: suites::tsp::rows },
    Suite { name: "tsp-public", needs: "tsp-public/sectigo-all-zero.tsr", rows: suites::tsp::public_rows },
    Suite { name: "crl", needs: "crl/manifest.json", rows: suites::crl::rows },
    Suite { name: "boringssl-crl", needs: "boringssl/crl.json", rows: suites::boringssl_crl::rows },
    Suite { name: "ocsp", needs: "ocsp/manifest.json", rows: suites::ocsp::rows },
    Suite { name: "ocsp-openssl", needs: "ocsp-openssl/manifest.json", rows: suites::ocsp_openssl::rows },
    Suite { name: "boringssl-ocsp", needs: "boringssl/ocsp.json", rows: suites::boringssl_ocsp::rows },
    Suite { name: "jws", needs: "jws/manifest.json", rows: suites::jws::rows },
    Suite { name: "dss-jades", needs: "dss-jades/manifest.json", rows: suites::dss_jades::rows },
];

fn main() -> ExitCode {
    let arguments = Arguments::read(env::args().skip(1));
    let chosen: Vec<&Suite> = SUITES.iter().filter(|suite| arguments.choose(suite.name)).collect();
    if arguments.lists {
        chosen.iter().for_each(|suite| println!("{}: test", suite.name));
        return ExitCode::SUCCESS;
    }
    match run(&chosen) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(problem) => {
            println!("tests/excused.toml: {problem}\n\n0 passed, 1 failed");
            ExitCode::FAILURE
        }
    }
}

/// Runs the suites and prints what came of them; gives the number that failed.
fn run(chosen: &[&Suite]) -> Result<usize, String> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = env::var_os("WATHIQA_VECTORS").map_or_else(|| project.join("../shared/vectors"), PathBuf::from);
    let folder = Folder::new(&root);
    let rules = fs::read_to_string(project.join("tests/excused.toml")).map_err(|error| error.to_string())?;
    let excuses = Excuse::read_all(&rules)?;
    if let Some(excuse) = excuses.iter().find(|excuse| SUITES.iter().all(|suite| suite.name != excuse.suite())) {
        return Err(format!("there is no suite \"{}\"", excuse.suite()));
    }
    let mut failures = Vec::new();
    let (mut passed, mut failed) = (0_usize, 0_usize);
    if !root.is_dir() {
        println!("suites: skipped, no folder {} (WATHIQA_VECTORS names another)\n\n0 passed, 0 failed", root.display());
        return Ok(0);
    }
    for suite in chosen {
        if !folder.holds(suite.needs) {
            println!("suite {}: skipped, no {} in {}", suite.name, suite.needs, root.display());
            continue;
        }
        let judged = judge(suite, &folder, &excuses);
        judged.lines.iter().for_each(|line| println!("{line}"));
        if judged.failures.is_empty() {
            passed += 1
        } else {
            failed += 1
        }
        failures.extend(judged.failures);
    }
    failures.iter().for_each(|failure| println!("{failure}"));
    println!("\n{passed} passed, {failed} failed");
    Ok(failed)
}

fn judge(suite: &Suite, folder: &Folder, excuses: &[Excuse]) -> Judgement {
    let rows = match catch_unwind(|| (suite.rows)(folder)) {
        Ok(Ok(rows)) => rows,
        Ok(Err(problem)) => return judgement::broken(suite.name, &problem.0),
        Err(_) => return judgement::broken(suite.name, "panicked"),
    };
    judgement::judge(suite.name, &rows, excuses)
}

/// What of the command line matters here: names, `--exact`, `--skip NAME` and `--list`.
#[derive(Default)]
struct Arguments {
    names: Vec<String>,
    skipped: Vec<String>,
    exact: bool,
    lists: bool,
}

impl Arguments {
    fn read(mut given: impl Iterator<Item = String>) -> Self {
        let mut arguments = Self::default();
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--exact" => arguments.exact = true,
                "--list" => arguments.lists = true,
                "--skip" => arguments.skipped.extend(given.next()),
                "--color" | "--format" | "--logfile" | "--shuffle-seed" | "--test-threads" | "-Z" => {
                    given.next();
                }
                flag if flag.starts_with('-') => {}
                _ => arguments.names.push(argument),
            }
        }
        arguments
    }

    fn choose(&self, suite: &str) -> bool {
        let fits = |name: &String| if self.exact { suite == name } else { suite.contains(name.as_str()) };
        (self.names.is_empty() || self.names.iter().any(fits)) && !self.skipped.iter().any(fits)
    }
}
