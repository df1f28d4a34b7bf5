//! The ASN.1 types of RFC 5280 as data, and the walk that compares octets with them.
//!
//! `x509-parser` reads values; it passes over what it does not ask for: components after the last one it knows, a serial
//! number under another class, a second time in another form. The tables here leave nothing over. What matches a
//! [`Shape`] has exactly the components of its ASN.1 type, so what `x509-parser` then reads is all there is.

use crate::encoding::der::{DerError, DerErrorKind, FractionalSeconds, Reader, Tag, Value};

/// An ASN.1 type.
pub(super) enum Shape {
    /// `ANY`: one value of any type.
    Any,
    /// A value with this tag, whose contents the gate, or the parser that follows, judges.
    Tagged(Tag),
    /// A primitive value with this tag, whose contents the function judges.
    Checked(Tag, fn(&Value<'_>) -> Result<(), DerError>),
    /// SEQUENCE, or an EXPLICIT tag: these components in this order.
    Sequence(Tag, &'static [Component]),
    /// SEQUENCE OF or SET OF, `SIZE (1..MAX)`.
    OneOrMore(Tag, &'static Shape),
    /// CHOICE: the first alternative whose tag fits.
    Choice(&'static [Shape]),
}

/// A component of a SEQUENCE.
pub(super) enum Component {
    Required(Shape),
    Optional(Shape),
}

use Component::{Optional, Required};
use Shape::{Any, Checked, Choice, OneOrMore, Sequence, Tagged};

impl Shape {
    /// Checks that `octets`, which lie at `offset`, are one value of this type.
    pub(super) fn check(&self, octets: &[u8], offset: usize) -> Result<(), DerError> {
        let mut reader = Reader::at(octets, offset);
        self.read(&mut reader)?;
        reader.finish()
    }

    /// Reads one value of this type. The recursion is as deep as the table, which is a constant.
    fn read(&self, reader: &mut Reader<'_>) -> Result<(), DerError> {
        match self {
            Any => reader.read_any().map(drop),
            Tagged(tag) => reader.read(*tag).map(drop),
            Checked(tag, check) => check(&reader.read(*tag)?),
            Sequence(tag, components) => {
                let mut inner = reader.read(*tag)?.reader();
                for component in *components {
                    component.read(&mut inner)?;
                }
                inner.finish()
            }
            OneOrMore(tag, element) => {
                let mut inner = reader.read(*tag)?.reader();
                element.read(&mut inner)?;
                while !inner.is_empty() {
                    element.read(&mut inner)?;
                }
                Ok(())
            }
            Choice(alternatives) => {
                let next = reader.peek()?;
                match alternatives.iter().find(|alternative| alternative.begins_with(next)).or(alternatives.first()) {
                    Some(alternative) => alternative.read(reader),
                    None => reader.read_any().map(drop),
                }
            }
        }
    }

    fn begins_with(&self, next: Option<Tag>) -> bool {
        match self {
            Any => next.is_some(),
            Tagged(tag) | Checked(tag, _) | Sequence(tag, _) | OneOrMore(tag, _) => next == Some(*tag),
            Choice(alternatives) => alternatives.iter().any(|alternative| alternative.begins_with(next)),
        }
    }
}

impl Component {
    fn read(&self, reader: &mut Reader<'_>) -> Result<(), DerError> {
        match self {
            Required(shape) => shape.read(reader),
            Optional(shape) if shape.begins_with(reader.peek()?) => shape.read(reader),
            Optional(_) => Ok(()),
        }
    }
}

/// AlgorithmIdentifier (§4.1.1.2).
pub(super) const ALGORITHM_IDENTIFIER: Shape =
    Sequence(Tag::SEQUENCE, &[Required(Tagged(Tag::OBJECT_IDENTIFIER)), Optional(Any)]);

/// TBSCertificate (§4.1). Names are read by [`Name`](super::Name), to the same end.
pub(super) const TBS_CERTIFICATE: Shape = Sequence(
    Tag::SEQUENCE,
    &[
        Optional(Sequence(Tag::context_constructed(0), &[Required(Checked(Tag::INTEGER, version))])),
        Required(Tagged(Tag::INTEGER)),
        Required(ALGORITHM_IDENTIFIER),
        Required(Tagged(Tag::SEQUENCE)),
        Required(Sequence(Tag::SEQUENCE, &[Required(TIME), Required(TIME)])),
        Required(Tagged(Tag::SEQUENCE)),
        Required(Sequence(Tag::SEQUENCE, &[Required(ALGORITHM_IDENTIFIER), Required(Tagged(Tag::BIT_STRING))])),
        Optional(Checked(Tag::context(1), |value| value.bit_string().map(drop))),
        Optional(Checked(Tag::context(2), |value| value.bit_string().map(drop))),
        Optional(Sequence(Tag::context_constructed(3), &[Required(EXTENSIONS)])),
    ],
);

/// Time (§4.1.2.5).
const TIME: Shape = Choice(&[
    Checked(Tag::UTC_TIME, |value| value.utc_time().map(drop)),
    Checked(Tag::GENERALIZED_TIME, |value| value.generalized_time(FractionalSeconds::Deny).map(drop)),
]);

/// Extensions (§4.1.2.9).
const EXTENSIONS: Shape = OneOrMore(
    Tag::SEQUENCE,
    &Sequence(
        Tag::SEQUENCE,
        &[
            Required(Tagged(Tag::OBJECT_IDENTIFIER)),
            Optional(Checked(Tag::BOOLEAN, |value| value.true_or_absent().map(drop))),
            Required(Tagged(Tag::OCTET_STRING)),
        ],
    ),
);

/// Version: v2 (1) or v3 (2); v1 is the DEFAULT, which DER leaves out (X.690 §11.5).
fn version(value: &Value<'_>) -> Result<(), DerError> {
    match value.contents() {
        [0] => Err(DerError::new(DerErrorKind::DefaultEncoded, value.contents_offset())),
        _ => value.unsigned(2).map(drop),
    }
}
