//! National codes: of entities, services and documents.
//!
//! Every public entity has a fixed numeric code; services and documents are numbered too. A code carries no structure
//! that a reorganisation could falsify, is never reused, and ends in two check digits. Widths are not the same
//! everywhere and may change, so they are data: a [`CodingScheme`]. The default scheme is
//!
//! ```text
//! EntityCode      = first-digit 7DIGIT check                         ; 1234567889
//! ServiceCode     = first-digit 5DIGIT check                         ; 40000182
//! DocumentNumber  = EntityCode "-" kind "-" year "-" serial "-" check ; 1234567889-014-2025-00012345-22
//!
//! first-digit = "1" / .. / "9"
//! kind        = 3DIGIT      ; 001 to 999, 000 is not a kind
//! year        = 4DIGIT      ; Gregorian year of issue
//! serial      = 8DIGIT
//! check       = 2DIGIT      ; ISO/IEC 7064 MOD 97-10 over all digits before it, 02 to 98
//! DIGIT       = "0" / .. / "9"                                       ; ASCII
//! ```
//!
//! A scheme sets how many digits an entity code, a service code and a serial have. The rest of the grammar, the
//! checksum and the named kinds are the same in every scheme.
//!
//! # One value, one text
//!
//! A code *is* its canonical text: two codes are equal exactly when their texts are equal, octet by octet, and no
//! second text is read as the same code. Three things would give one code two texts, and each is closed:
//!
//! * *Aliases.* `10000798` and `10000701` are both 1 modulo 97. The check digits must be those that are computed, and
//!   these lie in 02 to 98; `01` is refused although the sum is right.
//! * *Floating separators.* Hyphens are not in the sum, so every field has its fixed width.
//! * *Other digits.* Canonical text is ASCII. `١٢٣٤٥٦٧٨٨٩` is for people, not for signed octets.
//!
//! A value does not remember the scheme it was read by, for the number of digits is part of it: a code of 12 digits is
//! no code of 10 digits, and neither equals the other. Reading is where the scheme is asked: `FromStr` and serde read
//! the default scheme, [`CodingScheme::parse_entity`] and its companions read their own.
//!
//! # Two readers
//!
//! `FromStr` takes canonical text and nothing else; it is for signed octets. `parse_human` is for keyboards and scans:
//! it also takes Arabic-Indic (U+0660 to U+0669) or Extended Arabic-Indic digits (U+06F0 to U+06F9), one kind of digit
//! in one code, and drops spaces (U+0020, U+00A0, U+202F) and bidirectional controls (U+061C, U+200E, U+200F, U+202A to
//! U+202E, U+2066 to U+2069). Every other character is refused, other digits too.
//!
//! ```
//! use wathiqa::codes::{DigitScript, DocumentNumber, EntityCode};
//!
//! let entity: EntityCode = "1234567889".parse()?;
//! assert_eq!(entity, EntityCode::parse_human("١٢٣٤ ٥٦٧٨ ٨٩")?);
//!
//! let number: DocumentNumber = "1234567889-014-2025-00012345-22".parse()?;
//! assert_eq!(number.entity(), entity);
//! assert_eq!((number.kind().value(), number.year(), number.serial()), (14, 2025, 12345));
//! assert_eq!(entity.display_form(DigitScript::ArabicIndic), "\u{2066}١٢٣٤٥٦٧٨٨٩\u{2069}");
//!
//! let error = "1234567803".parse::<EntityCode>().unwrap_err();
//! assert_eq!(error.to_string(), "entity code 1234567803: check digits are 03, expected 89");
//! # Ok::<(), wathiqa::codes::CodeError>(())
//! ```

mod check_digits;
mod digit_script;
mod document_kind;
mod document_number;
mod entity;
mod field;
mod flat;
mod organization_identifier;
mod reader;
mod scheme;
mod service;
mod text;

pub use digit_script::DigitScript;
pub use document_kind::DocumentKind;
pub use document_number::DocumentNumber;
pub use entity::EntityCode;
pub use field::{CodeField, FieldRangeError};
pub use organization_identifier::{OrganizationIdentifierError, OrganizationIdentifierPrefix};
pub use reader::{CodeError, CodeErrorReason, CodeSubject, ExpectedCharacter};
pub use scheme::{CodingScheme, SchemeError};
pub use service::ServiceCode;
