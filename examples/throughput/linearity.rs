//! Whole runs over more and more documents: what one costs, and the memory that a run takes.

use std::error::Error;
use std::fs;
use std::num::NonZeroUsize;

use serde_json::{Value, json};
use wathiqa::crypto::Backend;

use crate::archive::Archive;
use crate::measure;

/// One run, its start included.
pub(crate) struct Run {
    documents: u32,
    seconds: f64,
    /// Of all threads on the processor: on a busy machine the clock goes on while others work.
    processor_seconds: f64,
    /// Beside the documents, which were in memory before.
    peak_mib: f64,
}

/// Runs over a thousand B-T documents to those of the citizen-service centre's year, each by a new verifier.
pub(crate) fn runs(archive: &Archive, backend: Backend, cores: NonZeroUsize) -> Result<Vec<Run>, Box<dyn Error>> {
    let documents_alone = memory_mib("VmRSS:");
    let run = |documents| {
        // The high-water mark begins anew (Linux). Where it does not, it is that of all runs so far.
        let _of_all_so_far = fs::write("/proc/self/clear_refs", "5");
        let before = processor_seconds();
        let (_, seconds) = measure::total(archive, backend, cores, usize::try_from(documents)?)?;
        let processor_seconds = processor_seconds() - before;
        Ok(Run { documents, seconds, processor_seconds, peak_mib: memory_mib("VmHWM:") - documents_alone })
    };
    COUNTS.into_iter().map(run).collect()
}

impl Run {
    fn documents_per_second(&self) -> f64 {
        f64::from(self.documents) / self.seconds
    }

    fn processor_us(&self) -> f64 {
        self.processor_seconds * 1e6 / f64::from(self.documents)
    }

    /// One line of the table.
    pub(crate) fn row(&self) -> String {
        let Self { documents, seconds, peak_mib, .. } = self;
        let (per_second, each) = (self.documents_per_second(), self.processor_us());
        format!(
            "{documents:>8} B-T documents: {seconds:>6.2} s, {per_second:>7.0}/s, {each:>6.2} us of the processor each, {peak_mib:>3.0} MiB at the highest"
        )
    }

    pub(crate) fn to_json(&self) -> Value {
        let Self { documents, seconds, peak_mib, .. } = self;
        json!({
            "documents": documents,
            "seconds": seconds,
            "documents_per_second": self.documents_per_second(),
            "processor_us": self.processor_us(),
            "peak_mib": peak_mib,
        })
    }
}

/// What all threads of this process, those that ended among them, have used of the processor (Linux, in hundredths).
fn processor_seconds() -> f64 {
    let status = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program, which may be anything, ends in the last bracket; fields 14 and 15 are of all.
    let fields = status.rsplit_once(") ").map_or("", |(_, fields)| fields).split(' ').skip(11).take(2);
    let hundredths: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
    if hundredths.len() == 2 { hundredths.iter().sum::<f64>() / 100.0 } else { f64::NAN }
}

/// A row of what the system says of the memory of this process (Linux).
fn memory_mib(row: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status.lines().find_map(|line| line.strip_prefix(row)?.split_whitespace().next()?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

const COUNTS: [u32; 5] = [1000, 10_000, 100_000, 1_000_000, 3_615_100];
