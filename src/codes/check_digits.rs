//! ISO/IEC 7064 MOD 97-10, with one pair of check digits for each sequence of digits.
//!
//! The standard asks that the whole number be 1 modulo 97, which two pairs can satisfy (`01` and `98`, `00` and `97`,
//! `02` and `99`). Here the pair is computed, and lies in 02 to 98; whoever checks compares with it.

/// The digits so far, modulo 97.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mod97(u64);

impl Mod97 {
    /// No digits yet.
    pub(super) fn new() -> Self {
        Self(0)
    }

    /// Appends the decimal digits of `value`, with leading zeros to `digits` digits. They are 18 at most, which leaves room
    /// for what is added.
    pub(super) fn append(self, value: u64, digits: u8) -> Self {
        let scale = SCALES.get(usize::from(digits)).copied().unwrap_or_default();
        Self((self.0 * scale + value) % 97)
    }

    /// The check digits of what was appended, 2 to 98.
    pub(super) fn check_digits(self) -> u8 {
        // At most 96 is taken from 98, so neither bound is ever crossed and the conversion always holds.
        u8::try_from(98 - self.0 * 100 % 97).unwrap_or_default()
    }
}

/// By a number of digits, what it multiplies the digits before them with, modulo 97.
const SCALES: [u64; 19] = {
    let mut scales = [0; 19];
    let (mut scale, mut places) = (1, scales.as_mut_slice());
    while let [place, others @ ..] = places {
        *place = scale;
        (scale, places) = (scale * 10 % 97, others);
    }
    scales
};

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO/IEC 7064 as it is written: digit by digit, over the number and its check digits.
    fn sum(text: &str) -> u32 {
        text.bytes().fold(0, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 97)
    }

    #[test]
    fn one_pair_computed_by_hand() {
        // 79400 = 818 × 97 + 54, and 98 − 54 = 44.
        assert_eq!(Mod97::new().append(794, 3).check_digits(), 44);
        assert_eq!(sum("79444"), 1);
    }

    #[test]
    fn every_body_has_one_pair_from_02_to_98_and_the_sum_is_1() {
        let mut seen = [false; 100];
        for body in 0..100_000u64 {
            let check = Mod97::new().append(body, 5).check_digits();
            assert_eq!(sum(&format!("{body:05}{check:02}")), 1);
            seen[usize::from(check)] = true;
        }
        let used: Vec<_> = (0..100).filter(|check| seen[*check]).collect();
        assert_eq!(used, (2..=98).collect::<Vec<_>>());
    }

    #[test]
    fn the_largest_numbers_leave_room() {
        let nines = 999_999_999_999_999_999;
        let check = Mod97::new().append(nines, 18).append(nines, 18).append(nines, 18).check_digits();
        assert_eq!(sum(&format!("{nines}{nines}{nines}{check:02}")), 1);
    }

    #[test]
    fn appending_in_parts_is_appending_at_once() {
        let whole = Mod97::new().append(123_456_789_012_345_678, 18);
        let parts = Mod97::new().append(1_234, 4).append(56, 2).append(789_012_345_678, 12);
        assert_eq!(whole.check_digits(), parts.check_digits());
        assert_eq!(sum(&format!("123456789012345678{:02}", whole.check_digits())), 1);
    }
}
