//! The pages that memory comes in.

use std::env;
use std::error::Error;
use std::process::{Command, exit};

/// Whether the allocator was not told yet which pages to ask for, and can be.
pub(crate) fn are_small() -> bool {
    cfg!(all(target_os = "linux", target_env = "gnu")) && env::var_os(VARIABLE).is_none()
}

/// Starts the program again, with an allocator that asks for huge pages, and ends as that ends.
pub(crate) fn again_with_huge_ones() -> Result<(), Box<dyn Error>> {
    let status = Command::new(env::current_exe()?).args(env::args_os().skip(1)).env(VARIABLE, HUGE_PAGES).status()?;
    exit(status.code().unwrap_or(1))
}

/// What the allocator was told.
pub(crate) fn asked_for() -> String {
    match env::var(VARIABLE) {
        Ok(settings) if settings == HUGE_PAGES => format!("huge pages were asked for ({VARIABLE}={HUGE_PAGES})"),
        Ok(settings) => format!("{VARIABLE}={settings}"),
        Err(_) => "no huge pages were asked for".to_owned(),
    }
}

const VARIABLE: &str = "GLIBC_TUNABLES";

/// Memory of the allocator is marked for transparent huge pages.
const HUGE_PAGES: &str = "glibc.malloc.hugetlb=1";
