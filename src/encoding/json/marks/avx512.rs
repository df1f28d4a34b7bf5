//! Sixty-four octets in one vector.

use std::arch::x86_64::{__m512i, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_set_epi64, _mm512_set1_epi8};

/// Proof that this processor has AVX-512 with octets, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }

    /// As the portable [`marks`](super::marks) of each block, added to `words`.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn marks(self, blocks: &[[u8; 64]], words: &mut Vec<u64>) {
        // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
        unsafe { marks(blocks, words) }
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn marks(blocks: &[[u8; 64]], words: &mut Vec<u64>) {
    let each = |octet: u8| _mm512_set1_epi8(octet.cast_signed());
    let (space, quotation_mark, backslash) = (each(b' '), each(b'"'), each(b'\\'));
    words.extend(blocks.iter().map(|block| {
        let octets = load(block);
        _mm512_cmplt_epu8_mask(octets, space)
            | _mm512_cmpeq_epi8_mask(octets, quotation_mark)
            | _mm512_cmpeq_epi8_mask(octets, backslash)
    }));
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn load(block: &[u8; 64]) -> __m512i {
    let (words, _) = block.as_chunks::<8>();
    let mut eight = [0; 8];
    eight.iter_mut().zip(words).for_each(|(word, octets)| *word = i64::from_le_bytes(*octets));
    let [a, b, c, d, e, f, g, h] = eight;
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}
