//! Asking for octets before they are read.

/// Has `octets`, or the first of them, brought into the nearest cache, while other work goes on. Where they are read without that, whoever reads
/// waits for one line of the cache after the other.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "every x86-64 processor has what the function is compiled for")]
pub(super) fn ask_for(octets: &[u8]) {
    // SAFETY: SSE is of the base of x86-64.
    unsafe { prefetch(octets) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse")]
fn prefetch(octets: &[u8]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    let first = octets.get(..MOST).unwrap_or(octets);
    first.chunks(LINE).for_each(|line| _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()));
}

/// Other processors are not asked.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn ask_for(_: &[u8]) {}

/// Octets of a line of the cache.
#[cfg(target_arch = "x86_64")]
const LINE: usize = 64;

/// Octets that are asked for. 16 KiB: two documents are no more than a near cache holds.
#[cfg(target_arch = "x86_64")]
const MOST: usize = 16 << 10;
