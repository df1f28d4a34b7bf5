//! Asking for octets before they are read.

/// A document that is read next, while another is opened. Where it is not asked for, whoever reads it waits for one line of
/// the cache after the other; where all of it is asked for at once, whoever asks waits.
#[derive(Debug)]
pub(super) struct Coming<'d> {
    /// What was not asked for yet.
    rest: &'d [u8],
}

impl<'d> Coming<'d> {
    pub(super) fn new(document: &'d [u8]) -> Self {
        Self { rest: document }
    }

    /// Has the next octets brought into the nearest cache, while the work goes on: between one step of it and the next.
    #[inline]
    pub(super) fn ask(&mut self) {
        let (piece, rest) = self.rest.split_at_checked(PIECE).unwrap_or((self.rest, &[]));
        self.rest = rest;
        ask_for(piece);
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "every x86-64 processor has what the function is compiled for")]
fn ask_for(octets: &[u8]) {
    // SAFETY: SSE is of the base of x86-64.
    unsafe { prefetch(octets) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse")]
fn prefetch(octets: &[u8]) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    octets.chunks(LINE).for_each(|line| _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()));
}

/// Other processors are not asked.
#[cfg(not(target_arch = "x86_64"))]
fn ask_for(_: &[u8]) {}

/// Octets of a line of the cache.
#[cfg(target_arch = "x86_64")]
const LINE: usize = 64;

/// Octets that are asked for between two steps. A document is opened in four or five, so that of a long one the first octets
/// are asked for, and two are no more than a near cache holds.
const PIECE: usize = 2 << 10;
