//! The clocks. `tests/peers` measures by them too.

use std::error::Error;
use std::fs;
use std::thread;
use std::time::{Duration, Instant as Clock};

/// As [`per_second`], by the time on the processor that this thread had, where the system tells it: on a busy machine the
/// clock goes on while others work.
pub(crate) fn per_second_on_one(work: impl FnOnce() -> Result<usize, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let Some(start) = processor_seconds() else { return per_second(work) };
    let count = work()?;
    Ok(number(count) / (processor_seconds().unwrap_or(f64::NAN) - start))
}

/// What this thread has used of the processor (Linux).
///
/// The system counts it when it takes the processor from the thread, and else every few milliseconds; so the thread gives
/// it away before it asks.
pub(crate) fn processor_seconds() -> Option<f64> {
    thread::sleep(Duration::from_micros(1));
    let times = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    times.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}

/// How many of what `work` counts are done in a second.
pub(crate) fn per_second(work: impl FnOnce() -> Result<usize, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let start = Clock::now();
    let count = work()?;
    Ok(number(count) / start.elapsed().as_secs_f64())
}

/// A count that is below four thousand million.
pub(crate) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::NAN, f64::from)
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn processor() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = information.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}
