//! Random chains judged by this library and by its peers: every disagreement has a rule in `excused.toml`, and every rule a
//! disagreement.
//!
//! `WATHIQA_PEERS_SEED` and `WATHIQA_PEERS_CHAINS` ask for other chains, or more. The seed is printed; chain `n` of a seed is
//! always the same. A chain that is not explained is left as PEM below the target folder, with what to call it by.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::thread;
use std::{env, fs};

use wathiqa_peers::excuses::Excuse;
use wathiqa_peers::features;
use wathiqa_peers::generator::{self, Case};
use wathiqa_peers::judges::{self, Certval, OpenSsl, Verdict, pem};
use wathiqa_peers::specification::Key;

const SEED: u64 = 5280;
const CHAINS: u64 = 30_000;
/// A process for each chain takes longer, so `openssl` judges one chain of so many.
const OPENSSL_SHARE: u64 = 10;

#[test]
fn certval_agrees_or_the_disagreement_is_explained() -> Result<(), Box<dyn Error>> {
    let run = Run::new("certval", 1)?;
    run.judge(|_| {
        let certval = Certval::default();
        move |case: &Case, der: &[Vec<u8>], found: Option<&[usize]>| certval.judge(case, der, found)
    })
}

#[test]
fn openssl_agrees_or_the_disagreement_is_explained() -> Result<(), Box<dyn Error>> {
    if OpenSsl::find("probe").is_none() {
        println!("SKIPPED: there is no openssl command line");
        return Ok(());
    }
    let run = Run::new("openssl", OPENSSL_SHARE)?;
    run.judge(|worker| {
        let openssl = OpenSsl::find(&format!("worker-{worker}"));
        move |case: &Case, der: &[Vec<u8>], found: Option<&[usize]>| match &openssl {
            Some(openssl) => openssl.judge(case, der, found),
            None => Verdict::Rejects("openssl is gone".to_owned()),
        }
    })
}

struct Run {
    peer: &'static str,
    seed: u64,
    chains: u64,
    /// Whether these are the chains that rules must be needed for.
    is_default: bool,
    excuses: Vec<Excuse>,
}

/// What became of one chain.
#[derive(Debug)]
struct Outcome {
    index: u64,
    ours: Verdict,
    theirs: Verdict,
    features: BTreeSet<String>,
}

impl Run {
    fn new(peer: &'static str, share: u64) -> Result<Self, Box<dyn Error>> {
        let number = |name: &str, default: u64| env::var(name).map_or(Ok(default), |text| text.parse::<u64>());
        let seed = number("WATHIQA_PEERS_SEED", SEED)?;
        let all = number("WATHIQA_PEERS_CHAINS", CHAINS)?;
        let excuses = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("excused.toml"))?;
        let excuses = Excuse::read_all(&excuses)?.into_iter().filter(|excuse| excuse.is_about(peer)).collect();
        Ok(Self { peer, seed, chains: all / share, is_default: (seed, all) == (SEED, CHAINS), excuses })
    }

    /// Judges all chains, on two threads; `judge` makes the peer of each.
    fn judge<J>(&self, judge: impl Fn(u64) -> J + Sync) -> Result<(), Box<dyn Error>>
    where
        J: Fn(&Case, &[Vec<u8>], Option<&[usize]>) -> Verdict,
    {
        let keys = generator::keys();
        let work = |worker: u64| {
            let judge = judge(worker);
            let indices = (0..self.chains).filter(|index| index % WORKERS == worker);
            indices.map(|index| self.outcome(index, &keys, &judge)).collect::<Vec<Outcome>>()
        };
        let outcomes: Vec<Outcome> = thread::scope(|scope| {
            let work = &work;
            let workers: Vec<_> = (0..WORKERS).map(|worker| scope.spawn(move || work(worker))).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a worker ends")).collect()
        });
        self.report(&outcomes, &keys)
    }

    fn outcome(
        &self,
        index: u64,
        keys: &[Key],
        judge: &impl Fn(&Case, &[Vec<u8>], Option<&[usize]>) -> Verdict,
    ) -> Outcome {
        let case = Case::new(self.seed, index);
        let der = case.to_der(keys);
        let (ours, found) = judges::ours(&case, &der);
        let theirs = judge(&case, &der, found.as_deref());
        let disagree = ours.word() != theirs.word();
        Outcome { index, ours, theirs, features: if disagree { features::of(&case) } else { BTreeSet::new() } }
    }

    fn report(&self, outcomes: &[Outcome], keys: &[Key]) -> Result<(), Box<dyn Error>> {
        let disagreements: Vec<&Outcome> =
            outcomes.iter().filter(|outcome| outcome.ours.word() != outcome.theirs.word()).collect();
        let accepted = outcomes.iter().filter(|outcome| outcome.ours == Verdict::Accepts).count();
        println!(
            "{}: seed {}, {} chains, {accepted} accepted by us, {} agree, {} disagree",
            self.peer,
            self.seed,
            outcomes.len(),
            outcomes.len() - disagreements.len(),
            disagreements.len()
        );
        let mut failures = Vec::new();
        for excuse in &self.excuses {
            match disagreements.iter().filter(|outcome| self.explains(excuse, outcome)).count() {
                0 if self.is_default => failures.push(format!("an excuse is not needed: {}", excuse.reason())),
                count => println!("  explained {count}: {}", excuse.reason()),
            }
        }
        for outcome in disagreements {
            if !self.excuses.iter().any(|excuse| self.explains(excuse, outcome)) {
                failures.push(format!("chain {outcome:?}\n  is kept in {}", self.keep(outcome.index, keys)?));
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(format!("{}: {}", self.peer, failures.join("\n")).into()) }
    }

    fn explains(&self, excuse: &Excuse, outcome: &Outcome) -> bool {
        let answer = match &outcome.ours {
            Verdict::Accepts => outcome.theirs.reason(),
            Verdict::Rejects(reason) => reason,
        };
        excuse.explains(self.peer, outcome.ours.word(), answer, &outcome.features)
    }

    /// Writes the chain where it can be looked at.
    fn keep(&self, index: u64, keys: &[Key]) -> Result<String, Box<dyn Error>> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("chain-{}-{index}", self.seed));
        fs::create_dir_all(&folder)?;
        let case = Case::new(self.seed, index);
        fs::write(folder.join("case.txt"), format!("{case:#?}\n"))?;
        for (position, der) in case.to_der(keys).iter().enumerate() {
            fs::write(folder.join(format!("{position}.pem")), pem(der))?;
        }
        Ok(folder.display().to_string())
    }
}

/// As many as the smallest machine this runs on has cores.
const WORKERS: u64 = 2;
