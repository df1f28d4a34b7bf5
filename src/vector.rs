//! Vectors of sixty-four octets (AVX-512), for every module that has functions compiled for them.

use std::arch::x86_64::{__m512i, _mm512_set_epi64};

/// The octets as one vector, the first as the lowest: one instruction.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn load(octets: &[u8; 64]) -> __m512i {
    let (words, _) = octets.as_chunks::<8>();
    let mut eight = [0; 8];
    eight.iter_mut().zip(words).for_each(|(word, octets)| *word = i64::from_le_bytes(*octets));
    let [a, b, c, d, e, f, g, h] = eight;
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}
