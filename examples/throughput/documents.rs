//! What the documents say. `tests/peers` makes such documents too.

use std::error::Error;

use serde_json::json;
use wathiqa::codes::{DocumentKind, DocumentNumber, EntityCode};
use wathiqa::document::{Document, Subject};
use wathiqa::time::Instant;

/// A certificate of residence, an extract, a receipt: some members, and 1 to 4 KB of text in lines.
pub(crate) fn document(
    entity: EntityCode,
    serial: u64,
    at: Instant,
    random: &mut Random,
) -> Result<Document<serde_json::Value>, Box<dyn Error>> {
    let number = DocumentNumber::new(entity, DocumentKind::DECISION, at.year(), serial)?;
    let length = 1024 + random.below(3 * 1024);
    let (mut lines, mut octets) = (Vec::new(), 0);
    while octets < length {
        let words = (0..8).filter_map(|_| random.one_of(WORDS)).copied().collect::<Vec<_>>().join(" ");
        octets += words.len() + 40;
        lines.push(json!({"number": lines.len() + 1, "text": words, "amount": random.below(100_000)}));
    }
    let body = json!({
        "district": "الميدان", "nationalNumber": format!("{:011}", random.below(usize::MAX) % 100_000_000_000),
        "since": 1950 + random.below(75), "verified": true, "lines": lines,
    });
    Ok(Document::builder(number, at)
        .language("ar-SY")
        .title("شهادة سكن")
        .subject(Subject::new("ليلى حداد")?.with_identifier("sy.gov.example.national-number", "01010012345")?)
        .build(body)?)
}

/// Numbers that are the same in every run: Marsaglia's xorshift.
pub(crate) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }
}

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % bound
    }

    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len().max(1)))
    }
}

const WORDS: &[&str] = &[
    "دمشق",
    "حلب",
    "شارع",
    "الثورة",
    "بناء",
    "طابق",
    "رقم",
    "العقار",
    "المحضر",
    "باسم",
    "المالك",
    "المستأجر",
    "لغاية",
    "تاريخ",
    "قرار",
    "مجلس",
    "البلدية",
    "رسم",
    "الطابع",
    "المبلغ",
    "المدفوع",
    "ليرة",
    "سورية",
    "Nr",
    "2026",
];
