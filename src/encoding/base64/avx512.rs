//! Sixty-four symbols in one vector.

use std::arch::x86_64::{
    _mm512_madd_epi16, _mm512_maddubs_epi16, _mm512_movepi8_mask, _mm512_or_si512, _mm512_permutex2var_epi8,
    _mm512_permutexvar_epi8, _mm512_set1_epi32,
};

use crate::vector::{load, store};

use super::swift::{OCTETS, SYMBOLS, Values};

/// Proof that this processor has AVX-512 with permutations of octets, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi");
        found.then_some(Self(()))
    }

    /// The octets of each block, whose symbols have the values of `alphabet`; whether all of them are symbols.
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn decode(self, alphabet: &Values, blocks: &[[u8; SYMBOLS]], octets: &mut [[u8; OCTETS]]) -> bool {
        // SAFETY: an `Avx512` is made by `detect` alone, when all three features are there.
        unsafe { decode(alphabet, blocks, octets) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi")]
fn decode(alphabet: &Values, blocks: &[[u8; SYMBOLS]], octets: &mut [[u8; OCTETS]]) -> bool {
    let [low, high] = alphabet;
    let (low, high) = (load(low), load(high));
    let in_order = load(&IN_ORDER);
    // The highest bit of an octet is set where no symbol was.
    let mut all = _mm512_set1_epi32(0);
    for (block, place) in blocks.iter().zip(octets) {
        let symbols = load(block);
        // A symbol is looked up by its lower seven bits; the eighth has no business there.
        let values = _mm512_permutex2var_epi8(low, symbols, high);
        all = _mm512_or_si512(all, _mm512_or_si512(values, symbols));
        // Of two values with six bits each a number of twelve, and of two of these one of twenty-four.
        let twelve = _mm512_maddubs_epi16(values, _mm512_set1_epi32(0x0140_0140));
        let twenty_four = _mm512_madd_epi16(twelve, _mm512_set1_epi32(0x0001_1000));
        store(_mm512_permutexvar_epi8(in_order, twenty_four), place);
    }
    _mm512_movepi8_mask(all) == 0
}

/// Where among the octets of numbers, the lowest of four first, their octets stand in their order: the third, the second and
/// the first of each.
const IN_ORDER: [u8; 64] = [
    2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 18, 17, 16, 22, 21, 20, 26, 25, 24, 30, 29, 28, 34, 33, 32, 38, 37, 36, 42,
    41, 40, 46, 45, 44, 50, 49, 48, 54, 53, 52, 58, 57, 56, 62, 61, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];
