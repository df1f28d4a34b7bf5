//! Tags: class, form and number.

use std::fmt;

use super::{DerError, DerErrorKind, Truncated};

/// An ASN.1 tag with its form (X.690 §8.1.2).
///
/// `Display` is the name of a universal type, or `[0]` and `[0] constructed` for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    class: Class,
    form: Form,
    number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    Universal,
    Application,
    Context,
    Private,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Primitive,
    Constructed,
}

macro_rules! universal {
    ($($(#[$doc:meta])* $name:ident = $number:literal $form:ident $text:literal;)*) => {
        impl Tag {$(
            $(#[$doc])*
            pub const $name: Self = Self { class: Class::Universal, form: Form::$form, number: $number };
        )*}

        /// Form in DER and name of the universal type with this number.
        #[inline]
        const fn universal_type(number: u32) -> Option<(Form, &'static str)> {
            match number {
                $($number => Some((Form::$form, $text)),)*
                _ => None,
            }
        }
    };
}

universal! {
    /// BOOLEAN.
    BOOLEAN = 1 Primitive "BOOLEAN";
    /// INTEGER.
    INTEGER = 2 Primitive "INTEGER";
    /// BIT STRING.
    BIT_STRING = 3 Primitive "BIT STRING";
    /// OCTET STRING.
    OCTET_STRING = 4 Primitive "OCTET STRING";
    /// NULL.
    NULL = 5 Primitive "NULL";
    /// OBJECT IDENTIFIER.
    OBJECT_IDENTIFIER = 6 Primitive "OBJECT IDENTIFIER";
    /// ObjectDescriptor.
    OBJECT_DESCRIPTOR = 7 Primitive "ObjectDescriptor";
    /// EXTERNAL.
    EXTERNAL = 8 Constructed "EXTERNAL";
    /// REAL.
    REAL = 9 Primitive "REAL";
    /// ENUMERATED.
    ENUMERATED = 10 Primitive "ENUMERATED";
    /// EMBEDDED PDV.
    EMBEDDED_PDV = 11 Constructed "EMBEDDED PDV";
    /// UTF8String.
    UTF8_STRING = 12 Primitive "UTF8String";
    /// RELATIVE-OID.
    RELATIVE_OID = 13 Primitive "RELATIVE-OID";
    /// TIME.
    TIME = 14 Primitive "TIME";
    /// SEQUENCE and SEQUENCE OF.
    SEQUENCE = 16 Constructed "SEQUENCE";
    /// SET and SET OF.
    SET = 17 Constructed "SET";
    /// NumericString.
    NUMERIC_STRING = 18 Primitive "NumericString";
    /// PrintableString.
    PRINTABLE_STRING = 19 Primitive "PrintableString";
    /// TeletexString, also called T61String.
    TELETEX_STRING = 20 Primitive "TeletexString";
    /// VideotexString.
    VIDEOTEX_STRING = 21 Primitive "VideotexString";
    /// IA5String.
    IA5_STRING = 22 Primitive "IA5String";
    /// UTCTime.
    UTC_TIME = 23 Primitive "UTCTime";
    /// GeneralizedTime.
    GENERALIZED_TIME = 24 Primitive "GeneralizedTime";
    /// GraphicString.
    GRAPHIC_STRING = 25 Primitive "GraphicString";
    /// VisibleString.
    VISIBLE_STRING = 26 Primitive "VisibleString";
    /// GeneralString.
    GENERAL_STRING = 27 Primitive "GeneralString";
    /// UniversalString.
    UNIVERSAL_STRING = 28 Primitive "UniversalString";
    /// CHARACTER STRING.
    CHARACTER_STRING = 29 Constructed "CHARACTER STRING";
    /// BMPString.
    BMP_STRING = 30 Primitive "BMPString";
    /// DATE.
    DATE = 31 Primitive "DATE";
    /// TIME-OF-DAY.
    TIME_OF_DAY = 32 Primitive "TIME-OF-DAY";
    /// DATE-TIME.
    DATE_TIME = 33 Primitive "DATE-TIME";
    /// DURATION.
    DURATION = 34 Primitive "DURATION";
    /// OID-IRI.
    OID_IRI = 35 Primitive "OID-IRI";
    /// RELATIVE-OID-IRI.
    RELATIVE_OID_IRI = 36 Primitive "RELATIVE-OID-IRI";
}

impl Tag {
    /// The context-specific tag `[number]` of a primitive value: IMPLICIT on a primitive type.
    #[must_use]
    pub const fn context(number: u32) -> Self {
        Self { class: Class::Context, form: Form::Primitive, number }
    }

    /// The context-specific tag `[number]` of a constructed value: EXPLICIT, or IMPLICIT on a constructed type.
    #[must_use]
    pub const fn context_constructed(number: u32) -> Self {
        Self { class: Class::Context, form: Form::Constructed, number }
    }

    /// Whether the contents are values themselves.
    #[must_use]
    pub const fn is_constructed(self) -> bool {
        matches!(self.form, Form::Constructed)
    }

    /// Whether the tag is context-specific, in either form.
    #[must_use]
    pub const fn is_context(self) -> bool {
        matches!(self.class, Class::Context)
    }

    /// The tag number, within its class.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Reads a tag at the start of `octets`, which lie at `offset`: the tag and how many octets it has.
    #[inline]
    pub(super) fn parse(octets: &[u8], offset: usize) -> Result<(Self, usize), DerError> {
        let Some((first, rest)) = octets.split_first() else {
            return Err(DerError::new(DerErrorKind::Truncated(Truncated::Tag), offset));
        };
        let class = match first >> 6 {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::Context,
            _ => Class::Private,
        };
        let form = if first & 0x20 == 0 { Form::Primitive } else { Form::Constructed };
        let (number, len) = match first & 0x1f {
            0x1f => {
                let (number, len) = long_number(rest, offset)?;
                (number, len + 1)
            }
            number => (u32::from(number), 1),
        };
        let tag = Self { class, form, number };
        tag.check_universal(offset)?;
        Ok((tag, len))
    }

    /// Appends the tag in its shortest form.
    pub(super) fn write(self, octets: &mut Vec<u8>) {
        let class = match self.class {
            Class::Universal => 0x00,
            Class::Application => 0x40,
            Class::Context => 0x80,
            Class::Private => 0xc0,
        };
        let leading = if self.is_constructed() { class | 0x20 } else { class };
        match u8::try_from(self.number) {
            Ok(low @ ..=0x1e) => octets.push(leading | low),
            _ => {
                octets.push(leading | 0x1f);
                let groups = (32 - self.number.leading_zeros()).div_ceil(7);
                for group in (0..groups).rev() {
                    let [.., low] = (self.number >> (7 * group)).to_be_bytes();
                    octets.push(if group == 0 { low & 0x7f } else { low | 0x80 });
                }
            }
        }
    }

    #[inline]
    fn check_universal(self, offset: usize) -> Result<(), DerError> {
        if self.class != Class::Universal {
            return Ok(());
        }
        let right = match universal_type(self.number) {
            None => return Err(DerError::new(DerErrorKind::TagReserved { number: self.number }, offset)),
            Some((form, _)) => Self { form, ..self },
        };
        match right.form {
            form if form == self.form => Ok(()),
            Form::Primitive => Err(DerError::new(DerErrorKind::MustBePrimitive { tag: right }, offset)),
            Form::Constructed => Err(DerError::new(DerErrorKind::MustBeConstructed { tag: right }, offset)),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = if self.is_constructed() { " constructed" } else { "" };
        match self.class {
            Class::Universal => match universal_type(self.number) {
                Some((_, name)) => f.write_str(name),
                None => write!(f, "[UNIVERSAL {}]{form}", self.number),
            },
            Class::Application => write!(f, "[APPLICATION {}]{form}", self.number),
            Class::Context => write!(f, "[{}]{form}", self.number),
            Class::Private => write!(f, "[PRIVATE {}]{form}", self.number),
        }
    }
}

/// Reads a tag number in the long form, after its first octet at `offset` (X.690 §8.1.2.4): the number and its octets.
fn long_number(octets: &[u8], offset: usize) -> Result<(u32, usize), DerError> {
    let mut number: u32 = 0;
    for (position, octet) in octets.iter().enumerate() {
        if position == 0 && *octet == 0x80 {
            return Err(DerError::new(DerErrorKind::TagNotMinimal, offset));
        }
        if number >> 25 != 0 {
            return Err(DerError::new(DerErrorKind::TagTooLarge, offset));
        }
        number = (number << 7) | u32::from(octet & 0x7f);
        if octet & 0x80 == 0 {
            let minimal = number >= 0x1f;
            return if minimal {
                Ok((number, position + 1))
            } else {
                Err(DerError::new(DerErrorKind::TagNotMinimal, offset))
            };
        }
    }
    Err(DerError::new(DerErrorKind::Truncated(Truncated::Tag), offset + 1 + octets.len()))
}
