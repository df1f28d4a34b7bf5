//! Where in a text characters of a JSON string may not simply go on: found for the whole text at once, one bit an octet.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(not(target_arch = "x86_64"))]
#[path = "marks/no_avx512.rs"]
mod avx512;

use self::avx512::Avx512;

/// Marks the octets of a text that are `"`, `\` or a control, as the bits of words, the first octet as the lowest bit. The
/// last word has octets of no text. Whatever `words` had before is gone. `None` if the text is not UTF-8.
pub(super) fn mark(octets: &[u8], words: &mut Vec<u64>) -> Option<()> {
    let (blocks, rest) = octets.as_chunks::<64>();
    let mut last = [b' '; 64];
    last.get_mut(..rest.len())?.copy_from_slice(rest);
    let behind = blocks.len() + 1;
    words.resize(behind + 2, 0);
    let (words, behind) = words.split_at_mut_checked(behind)?;
    behind.fill(0);
    let is_utf8 = match Avx512::detect() {
        Some(avx512) => avx512.mark(blocks, &last, words),
        None => {
            words.iter_mut().zip(blocks.iter().chain([&last])).for_each(|(word, block)| *word = marks(block));
            false
        }
    };
    if !is_utf8 {
        simdutf8::basic::from_utf8(octets).ok()?;
    }
    Some(())
}

/// The position of the first mark that is not before `position`.
#[inline(always)]
pub(super) fn next(words: &[u64], position: usize) -> Option<usize> {
    let (word, bit) = (position / 64, position % 64);
    let [here, behind, far] = words.get(word..)?.first_chunk::<3>()?;
    let near = here >> bit | behind << 1 << (63 - bit);
    let far = behind >> bit | far << 1 << (63 - bit);
    let (skipped, marks) = if near == 0 { (64, far) } else { (0, near) };
    if marks == 0 {
        return next_far(words, position + 128);
    }
    Some(position + skipped + usize::try_from(marks.trailing_zeros()).ok()?)
}

/// The same, word after word: few strings are so long.
#[inline(never)]
fn next_far(words: &[u64], position: usize) -> Option<usize> {
    let mut words = words.get(position / 64..)?.iter();
    let mut here = position;
    let mut marks = words.next()? >> (position % 64);
    while marks == 0 {
        here = (here | 63) + 1;
        marks = *words.next()?;
    }
    Some(here + usize::try_from(marks.trailing_zeros()).ok()?)
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
        let octet = prop_oneof![0..0x80_u8, prop::sample::select(&b"\"\\\x00\x1f\x20\x21\x23\x5b\x5d\x7f"[..])];
        proptest::collection::vec(octet, 0..300)
    }

    /// Those at which the ranges of RFC 3629 §4 begin and end.
    const ENDS: &[u8] = b"\x00\x22\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf4\xf5\xff";

    #[test]
    fn what_is_marked_is_utf8() {
        let mut words = Vec::new();
        let mut check = |octets: &[u8]| {
            assert_eq!(mark(octets, &mut words).is_some(), std::str::from_utf8(octets).is_ok(), "{octets:x?}");
        };
        for (a, b) in ENDS.iter().flat_map(|a| ENDS.iter().map(move |b| (*a, *b))) {
            for (c, d) in ENDS.iter().flat_map(|c| ENDS.iter().map(move |d| (*c, *d))) {
                let mut octets = [b' '; 66];
                octets[61..65].copy_from_slice(&[a, b, c, d]);
                check(&octets);
            }
            for c in ENDS {
                let mut octets = [b' '; 64];
                octets[61..].copy_from_slice(&[a, b, *c]);
                check(&octets);
                check(&octets[60..]);
            }
        }
        check("ليلى حداد — “Nr. 12” 漢字 😀 ﷲ".repeat(9).as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn an_octet_is_marked_when_it_may_not_stand_in_a_string(octets in octets()) {
            let mut words = vec![u64::MAX; 3];
            prop_assert!(mark(&octets, &mut words).is_some());
            let marked = |octet: &u8| matches!(octet, 0..=0x1f | b'"' | b'\\');
            for (position, octet) in octets.iter().enumerate() {
                let word = words[position / 64];
                prop_assert_eq!(word >> (position % 64) & 1 == 1, marked(octet));
                let following = octets[position..].iter().position(marked).map(|more| position + more);
                prop_assert_eq!(next(&words, position), following);
            }
            prop_assert_eq!(words[octets.len() / 64] >> (octets.len() % 64), 0);
            for (block, word) in octets.as_chunks::<64>().0.iter().zip(&words) {
                prop_assert_eq!(marks(block), *word);
            }
        }
    }
}
