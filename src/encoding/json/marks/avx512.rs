//! Sixty-four octets in one vector.

use std::arch::x86_64::{
    __m512i, _mm512_cmpeq_epi8_mask, _mm512_cmplt_epu8_mask, _mm512_movepi8_mask, _mm512_set1_epi8, _mm512_sub_epi8,
};

use crate::vector::load;

/// Proof that this processor has AVX-512 with octets, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }

    /// As the portable [`marks`](super::marks) of each block and the last, into the word in its place. The answer is whether
    /// the text was seen to be UTF-8 too, which needs another look if it has other characters than most.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn mark(self, blocks: &[[u8; 64]], last: &[u8; 64], words: &mut [u64]) -> bool {
        // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
        unsafe { mark(blocks, last, words) }
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn mark(blocks: &[[u8; 64]], last: &[u8; 64], words: &mut [u64]) -> bool {
    let mut characters = Characters::default();
    let Some((last_word, words)) = words.split_last_mut() else { return false };
    for (block, word) in blocks.iter().zip(words) {
        let octets = load(block);
        *word = marks(octets);
        characters.follow(octets);
    }
    let octets = load(last);
    *last_word = marks(octets);
    characters.follow(octets);
    // Behind the text is a space at least: a character that is cut off is one without its end.
    !characters.are_others
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn marks(octets: __m512i) -> u64 {
    _mm512_cmplt_epu8_mask(octets, each(b' '))
        | _mm512_cmpeq_epi8_mask(octets, each(b'"'))
        | _mm512_cmpeq_epi8_mask(octets, each(b'\\'))
}

/// What is known of the characters of a text so far.
#[derive(Default)]
struct Characters {
    /// Of the octets that follow, those that continue a character.
    continuing: u64,
    /// Whether there are any that are not UTF-8, or not of U+0000 to U+07FF or U+1000 to U+CFFF: outside these, not every
    /// first octet goes with every octet that continues a character (RFC 3629 §4).
    are_others: bool,
}

impl Characters {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn follow(&mut self, octets: __m512i) {
        let from = |first: u8, end: u8| _mm512_cmplt_epu8_mask(_mm512_sub_epi8(octets, each(first)), each(end - first));
        let (continuing, of_two, of_three) = (from(0x80, 0xc0), from(0xc2, 0xe0), from(0xe1, 0xed));
        let first = of_two | of_three;
        let expected = self.continuing | first << 1 | of_three << 2;
        self.continuing = first >> 63 | of_three >> 62;
        let is_other = _mm512_movepi8_mask(octets) ^ (continuing | first) | continuing ^ expected;
        self.are_others |= is_other != 0;
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn each(octet: u8) -> __m512i {
    _mm512_set1_epi8(octet.cast_signed())
}
