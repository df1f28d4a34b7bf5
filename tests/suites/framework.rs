//! What a suite is: rows, each with the fields that rules may speak of and the outcome of one comparison.

use std::fmt::Display;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use serde_json::{Map, Value};

/// A suite and where it is found.
pub struct Suite {
    /// Its name, as printed and as excuses call it.
    pub name: &'static str,
    /// The file or folder, from the folder of suites, without which it is skipped.
    pub needs: &'static str,
    /// Runs every row.
    pub rows: fn(&Folder) -> Result<Vec<Row>, Problem>,
}

/// The folder of suites. Paths are given from its root.
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `root`, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// Whether there is a file or folder at `path`.
    pub fn holds(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    /// The octets of the file at `path`.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Problem> {
        fs::read(self.0.join(path)).map_err(|error| format!("{path}: {error}").into())
    }

    /// The JSON value in the file at `path`.
    pub fn json(&self, path: &str) -> Result<Value, Problem> {
        serde_json::from_slice(&self.read(path)?).map_err(|error| format!("{path}: {error}").into())
    }

    /// The rows of the manifest at `path`: a JSON array of objects.
    pub fn manifest(&self, path: &str) -> Result<Vec<Map<String, Value>>, Problem> {
        serde_json::from_slice(&self.read(path)?).map_err(|error| format!("{path}: {error}").into())
    }

    /// Paths of all files, in order.
    pub fn files(&self) -> Result<Vec<String>, Problem> {
        let (mut files, mut folders) = (Vec::new(), vec![String::new()]);
        while let Some(folder) = folders.pop() {
            for name in self.names(&folder)? {
                let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                if self.0.join(&path).is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        Ok(files)
    }

    /// Names of the files in the folder at `path`, in order.
    pub fn names(&self, path: &str) -> Result<Vec<String>, Problem> {
        let entries = fs::read_dir(self.0.join(path)).map_err(|error| format!("{path}: {error}"))?;
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}

/// Why a suite could not be run: a file is absent or malformed. Made by `?` from any error or text.
#[derive(Debug)]
pub struct Problem(pub String);

impl<E: Display> From<E> for Problem {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What one row came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Our answer is the one expected, or one accepted instead of it.
    Agree,
    /// It is not; the text says what we answered and, where there is one, why.
    Disagree(String),
    #[allow(dead_code, reason = "at the moment no suite waits for a part")]
    /// The row needs a part of the library that is not there yet; the text says which.
    NotRun(&'static str),
}

impl Outcome {
    /// Compares our `answer` with the members `expect` and `accept_also` of a row. `detail` is our reason.
    pub fn compare(row: &Map<String, Value>, answer: &str, detail: &str) -> Self {
        let names = |value: &Value| match value {
            Value::Array(items) => items.iter().any(|item| item == answer),
            single => single == answer,
        };
        if ["expect", "accept_also"].into_iter().filter_map(|member| row.get(member)).any(names) {
            return Self::Agree;
        }
        let expected = row.get("expect").map_or_else(|| "nothing".to_owned(), text_of);
        Self::Disagree(format!("expected {expected}, answered {answer}: {detail}"))
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// It must agree or be excused.
    Scored,
    /// It is counted apart, and nothing follows from it.
    NotScored,
}

/// Tiers whose rows are not scored; every other tier is, and a row without one.
const NOT_SCORED: [&str; 5] = ["profile", "choice", "anchor", "boringssl-semantics", "other"];

/// One comparison of a suite.
#[derive(Debug, Clone)]
pub struct Row {
    /// Names the row in the suite.
    pub id: String,
    /// What excuses may speak of: members of the manifest, parameters of a group or a file.
    pub fields: Map<String, Value>,
    /// From the member `tier`, unless the suite knows better.
    pub score: Score,
    /// What came of it.
    pub outcome: Outcome,
}

impl Row {
    /// Runs one comparison. A panic in `compare` is a disagreement.
    pub fn run(id: impl Into<String>, fields: Map<String, Value>, compare: impl FnOnce() -> Outcome) -> Self {
        let outcome =
            catch_unwind(AssertUnwindSafe(compare)).unwrap_or_else(|_| Outcome::Disagree("panicked".to_owned()));
        let tier = fields.get("tier").and_then(Value::as_str);
        let score = if tier.is_some_and(|tier| NOT_SCORED.contains(&tier)) { Score::NotScored } else { Score::Scored };
        Self { id: id.into(), fields, score, outcome }
    }

    /// The same row, counted apart.
    #[must_use]
    pub fn not_scored(self) -> Self {
        Self { score: Score::NotScored, ..self }
    }
}
