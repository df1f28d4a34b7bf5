//! Where in a text characters of a JSON string may not simply go on: found for the whole text at once, one bit an octet.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(not(target_arch = "x86_64"))]
#[path = "marks/no_avx512.rs"]
mod avx512;

use self::avx512::Avx512;

/// The octets of a text that are `"`, `\` or a control, as the bits of words, the first octet as the lowest bit.
#[derive(Debug)]
pub(super) struct Marks(Vec<u64>);

impl Marks {
    /// Looks at every octet once, sixty-four at a time.
    pub(super) fn of(octets: &[u8]) -> Self {
        let (blocks, rest) = octets.as_chunks::<64>();
        let mut words = Vec::with_capacity(blocks.len() + 1);
        match Avx512::detect() {
            Some(avx512) => avx512.marks(blocks, &mut words),
            None => words.extend(blocks.iter().map(marks)),
        }
        let mut last = [b' '; 64];
        last.iter_mut().zip(rest).for_each(|(place, octet)| *place = *octet);
        words.push(marks(&last));
        Self(words)
    }

    /// The words, the last of which has octets of no text.
    #[inline]
    pub(super) fn words(&self) -> &[u64] {
        &self.0
    }
}

/// The bits of sixty-four octets. Both steps are such that the compiler finds the instructions for many octets at once.
#[inline]
fn marks(block: &[u8; 64]) -> u64 {
    let flags = block.map(|octet| if octet < 0x20 || octet == b'"' || octet == b'\\' { 0xff } else { 0 });
    let (words, _) = flags.as_chunks::<8>();
    // Of each octet its own bit is left; the highest octet of the product is the sum of all eight.
    let gathered =
        |word: &[u8; 8]| (u64::from_le_bytes(*word) & 0x8040_2010_0804_0201).wrapping_mul(0x0101_0101_0101_0101) >> 56;
    words.iter().rev().fold(0, |marks, word| marks << 8 | gathered(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Octets of which many are marked, or nearly.
    fn octets() -> impl Strategy<Value = Vec<u8>> {
        let octet =
            prop_oneof![any::<u8>(), prop::sample::select(&b"\"\\\x00\x1f\x20\x21\x23\x5b\x5d\xa2\xdc\x9f"[..])];
        proptest::collection::vec(octet, 0..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn an_octet_is_marked_when_it_may_not_stand_in_a_string(octets in octets()) {
            let marks = Marks::of(&octets);
            let marked = |octet: &u8| matches!(octet, 0..=0x1f | b'"' | b'\\');
            for (position, octet) in octets.iter().enumerate() {
                let word = marks.words()[position / 64];
                prop_assert_eq!(word >> (position % 64) & 1 == 1, marked(octet));
            }
            prop_assert_eq!(marks.words()[octets.len() / 64] >> (octets.len() % 64), 0);
            for (block, word) in octets.as_chunks::<64>().0.iter().zip(marks.words()) {
                prop_assert_eq!(super::marks(block), *word);
            }
        }
    }
}
