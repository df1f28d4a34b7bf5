//! Vectors of sixty-four octets (AVX-512), for every module that has functions compiled for them.

use std::arch::x86_64::{__m512i, _mm_cvtsi128_si64, _mm_unpackhi_epi64, _mm512_extracti32x4_epi32, _mm512_set_epi64};

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

/// Puts the first octets of a vector, whole words, into their place.
#[inline]
#[target_feature(enable = "avx512f")]
pub(crate) fn store<const OCTETS: usize>(vector: __m512i, octets: &mut [u8; OCTETS]) {
    let (words, _) = octets.as_chunks_mut::<8>();
    let quarters = [
        _mm512_extracti32x4_epi32::<0>(vector),
        _mm512_extracti32x4_epi32::<1>(vector),
        _mm512_extracti32x4_epi32::<2>(vector),
        _mm512_extracti32x4_epi32::<3>(vector),
    ];
    let found =
        quarters.map(|quarter| [_mm_cvtsi128_si64(quarter), _mm_cvtsi128_si64(_mm_unpackhi_epi64(quarter, quarter))]);
    words.iter_mut().zip(found.as_flattened()).for_each(|(word, found)| *word = found.to_le_bytes());
}
