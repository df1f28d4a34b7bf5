//! What follows from the rows of a suite: its count lines, and what fails it.

use serde_json::Value;

use super::excuses::Excuse;
use super::framework::{Outcome, Row, Score};

/// How many disagreements of one suite are written out.
const WRITTEN_OUT: usize = 40;

/// What to print at once, and what to print at the end; a suite fails when there is anything of the second.
#[derive(Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Count lines, first `suite NAME: A of N agree, X excused`.
    pub lines: Vec<String>,
    /// Disagreements not excused, and excuses not needed.
    pub failures: Vec<String>,
}

/// A suite whose rows could not be run.
pub fn broken(suite: &str, problem: &str) -> Judgement {
    Judgement { lines: Vec::new(), failures: vec![format!("suite {suite}: could not be run: {problem}")] }
}

/// Judges the rows of `suite`. Excuses of other suites are left aside.
pub fn judge(suite: &str, rows: &[Row], excuses: &[Excuse]) -> Judgement {
    let excuses: Vec<&Excuse> = excuses.iter().filter(|excuse| excuse.suite() == suite).collect();
    let was_run = |row: &&Row| !matches!(row.outcome, Outcome::NotRun(_));
    let scored: Vec<&Row> = rows.iter().filter(|row| row.score == Score::Scored).filter(was_run).collect();
    let apart: Vec<&Row> = rows.iter().filter(|row| row.score == Score::NotScored).filter(was_run).collect();
    let excused = |row: &&&Row| excuses.iter().any(|excuse| excuse.excuses(row));
    let disagreeing = || scored.iter().filter(|row| row.outcome != Outcome::Agree);

    let total = scored.len();
    let agree = total - disagreeing().count();
    let mut lines =
        vec![format!("suite {suite}: {agree} of {total} agree, {} excused", disagreeing().filter(excused).count())];
    if !apart.is_empty() {
        let agree = apart.iter().filter(|row| row.outcome == Outcome::Agree).count();
        lines.push(format!("  not scored: {agree} of {}", apart.len()));
    }
    lines.extend(excuses.iter().filter_map(|excuse| {
        let count = scored.iter().filter(|row| excuse.excuses(row)).count();
        (count > 0).then(|| format!("  excused {count}: {}", excuse.reason()))
    }));
    lines.extend(parts(&scored));
    lines.extend(not_run(rows));

    let mut failures: Vec<String> =
        disagreeing().filter(|row| !excused(row)).map(|row| disagreement(suite, row)).collect();
    if let Some(more) = failures.len().checked_sub(WRITTEN_OUT).filter(|more| *more > 0) {
        failures.truncate(WRITTEN_OUT);
        failures.push(format!("suite {suite}: and {more} more disagreements"));
    }
    if total == 0 {
        failures.push(format!("suite {suite}: no scored row was run"));
    }
    let needless =
        |excuse: &&&Excuse| scored.iter().any(|row| excuse.means(row)) && !scored.iter().any(|row| excuse.excuses(row));
    failures.extend(excuses.iter().filter(needless).map(|excuse| {
        format!("suite {suite}: an excuse is not needed, every row it means agrees: {}", excuse.reason())
    }));
    Judgement { lines, failures }
}

/// One line with a count for each value of the field `part`, in the order of the rows.
fn parts(scored: &[&Row]) -> Option<String> {
    let mut parts: Vec<(&str, usize, usize)> = Vec::new();
    for row in scored {
        let Some(name) = row.fields.get("part").and_then(Value::as_str) else { continue };
        if parts.iter().all(|(known, ..)| *known != name) {
            parts.push((name, 0, 0));
        }
        for (_, agree, total) in parts.iter_mut().filter(|(known, ..)| *known == name) {
            *agree += usize::from(row.outcome == Outcome::Agree);
            *total += 1;
        }
    }
    let counts: Vec<_> = parts.iter().map(|(name, agree, total)| format!("{name}: {agree} of {total}")).collect();
    (!counts.is_empty()).then(|| format!("  agree in {}", counts.join(", ")))
}

/// One line for each part of the library that rows wait for.
fn not_run(rows: &[Row]) -> Vec<String> {
    let mut waiting: Vec<(&str, usize)> = Vec::new();
    for row in rows {
        let Outcome::NotRun(part) = &row.outcome else { continue };
        match waiting.iter_mut().find(|(name, _)| name == part) {
            Some((_, count)) => *count += 1,
            None => waiting.push((part, 1)),
        }
    }
    waiting.iter().map(|(part, count)| format!("  not run {count}: {part}")).collect()
}

fn disagreement(suite: &str, row: &Row) -> String {
    let text = if let Outcome::Disagree(text) = &row.outcome { text } else { "" };
    format!("suite {suite}: {}: {text}", row.id)
}
