//! Distinguished names: RFC 5280 §4.1.2.4, compared by §7.1, shown by RFC 4514.
//!
//! ```text
//! Name                      ::= SEQUENCE OF RelativeDistinguishedName
//! RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
//! AttributeTypeAndValue     ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
//! ```
//!
//! Accepted: any attribute type, any DER value, the empty name. Refused: an empty RDN, components beyond the two, strings
//! with octets that their type cannot have (UTF8String that is not UTF-8, PrintableString with an octet above 0x7f).
//! PrintableString and NumericString may use all of ASCII: issuers do, and the signature covers what they wrote.

mod preparation;
mod rfc4514;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::budget::Limits;
use crate::encoding::der::{self, DerError, Reader, Tag, Value};
use crate::oid::Oid;

/// A distinguished name, with its DER as received.
///
/// `Display` is RFC 4514: `CN=Registrar,O=وزارة العدل,C=SY`, the last RDN first, with control and directional characters
/// escaped. Cheap to clone.
#[derive(Clone)]
pub struct Name(Arc<Inner>);

struct Inner {
    der: Box<[u8]>,
    rdns: Vec<RelativeDistinguishedName>,
    key: Box<[u8]>,
}

impl Name {
    /// Reads one complete DER `Name`.
    ///
    /// # Errors
    /// [`NameError::Der`] for anything that is not the ASN.1 above, such as `30 02 31 00` (an empty RDN);
    /// [`NameError::Text`] for a string with octets its type cannot have.
    pub fn from_der(input: &[u8]) -> Result<Self, NameError> {
        der::check(input, &Limits::default())?;
        let mut reader = Reader::new(input);
        let value = reader.read(Tag::SEQUENCE)?;
        reader.finish()?;
        Self::from_value(&value)
    }

    /// Reads the RDNSequence in `value`, which was read from a checked input.
    pub(crate) fn from_value(value: &Value<'_>) -> Result<Self, NameError> {
        // No more than can be in it: a certificate may hold a name in every four octets.
        let mut rdns = Vec::with_capacity(USUAL_RDNS.min(value.contents().len() / SMALLEST_RDN));
        let mut reader = value.reader();
        while !reader.is_empty() {
            rdns.push(RelativeDistinguishedName::read(&reader.read(Tag::SET)?)?);
        }
        // In a key lengths take more room than in DER.
        let mut key = Vec::with_capacity(2 * value.as_der().len() + 8 * USUAL_RDNS);
        rdns.iter().for_each(|rdn| rdn.write_key(&mut key));
        Ok(Self(Arc::new(Inner { der: value.as_der().into(), rdns, key: key.into() })))
    }

    /// The DER of the name, as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// Whether the name has no RDN.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.rdns.is_empty()
    }

    /// The relative distinguished names, the first (often the country) first.
    #[must_use]
    pub fn rdns(&self) -> &[RelativeDistinguishedName] {
        &self.0.rdns
    }

    /// The attributes of all RDNs, in order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.0.rdns.iter().flat_map(|rdn| rdn.attributes.iter())
    }

    /// Whether the two names are the same by RFC 5280 §7.1.
    ///
    /// The same number of RDNs, in order, and in each the same attributes, in any order. Attribute values compare by
    /// caseIgnoreMatch after the string preparation of RFC 4518: letters without case, inner white space as one space,
    /// outer white space dropped, composed and decomposed characters alike (Unicode's normalisation form KC), and the string
    /// type (UTF8String, PrintableString, BMPString, ..) of no matter. Values that are no such string, and TeletexString,
    /// compare octet by octet.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }

    /// Whether the name lies in the subtree that `base` names: its first RDNs are those of `base` (RFC 5280 §4.2.1.10).
    #[must_use]
    pub fn is_within(&self, base: &Self) -> bool {
        // An RDN's key says where it ends, so a prefix of the key is a prefix of RDNs.
        self.0.key.starts_with(&base.0.key)
    }

    /// Whether the name may lie in the subtree that `base` names, for a reader who takes TeletexString for text: it
    /// [does](Self::is_within), or attributes in TeletexString are all that speaks against it.
    pub(super) fn may_be_within(&self, base: &Self) -> bool {
        let (rdns, base) = (self.rdns(), base.rdns());
        base.len() <= rdns.len() && rdns.iter().zip(base).all(|(rdn, base)| rdn.may_match(base))
    }

    /// Octets that are equal for names that [match](Self::matches), to look names up by.
    pub(super) fn key(&self) -> &[u8] {
        &self.0.key
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        rfc4514::write_name(f, &self.0.rdns)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

/// One level of a name: attributes without an order.
#[derive(Clone)]
pub struct RelativeDistinguishedName {
    attributes: Box<[Attribute]>,
}

impl RelativeDistinguishedName {
    /// The attributes, one or more, in the order of the encoding.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    fn may_match(&self, other: &Self) -> bool {
        let finds = |one: &Attribute| other.attributes.iter().any(|other| one.may_match(other));
        self.attributes.len() == other.attributes.len() && self.attributes.iter().all(finds)
    }

    fn read(set: &Value<'_>) -> Result<Self, NameError> {
        let mut reader = set.reader();
        // SIZE (1..MAX): the first read fails on an empty SET. Most hold one.
        let mut attributes = vec![Attribute::read(&reader.read(Tag::SEQUENCE)?)?];
        while !reader.is_empty() {
            attributes.push(Attribute::read(&reader.read(Tag::SEQUENCE)?)?);
        }
        Ok(Self { attributes: attributes.into() })
    }

    /// Appends octets equal for RDNs that match: how many attributes there are, and their keys, which are sorted.
    fn write_key(&self, key: &mut Vec<u8>) {
        key.extend(self.attributes.len().to_be_bytes());
        if let [only] = &*self.attributes {
            return only.write_key(key);
        }
        let one = |attribute: &Attribute| {
            let mut key = Vec::new();
            attribute.write_key(&mut key);
            key
        };
        let mut keys: Vec<Vec<u8>> = self.attributes.iter().map(one).collect();
        keys.sort_unstable();
        key.extend(keys.concat());
    }
}

impl fmt::Debug for RelativeDistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.attributes).finish()
    }
}

/// One attribute of a name.
#[derive(Clone)]
pub struct Attribute {
    attribute_type: Oid,
    value: Box<[u8]>,
    value_tag: Tag,
    text: Text,
}

/// The text of an attribute's value.
#[derive(Clone)]
enum Text {
    /// The contents octets of the value, which are UTF-8 and start here in its DER.
    Contents(usize),
    /// Read from octets that are not UTF-8.
    Decoded(Box<str>),
    None,
}

impl Attribute {
    /// The type, such as countryName (2.5.4.6).
    #[must_use]
    pub fn attribute_type(&self) -> &Oid {
        &self.attribute_type
    }

    /// The value as text, as written by the issuer, if it is a string of a type whose octets have one reading.
    ///
    /// That is UTF8String, PrintableString, NumericString, IA5String, VisibleString, BMPString, UniversalString, and
    /// TeletexString within the letters, digits and marks it shares with ASCII.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.text {
            Text::Contents(start) => std::str::from_utf8(self.value.get(*start..)?).ok(),
            Text::Decoded(text) => Some(text),
            Text::None => None,
        }
    }

    /// The DER of the value.
    #[must_use]
    pub fn value_der(&self) -> &[u8] {
        &self.value
    }

    fn read(sequence: &Value<'_>) -> Result<Self, NameError> {
        let mut reader = sequence.reader();
        let attribute_type = reader.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let value = reader.read_any()?;
        reader.finish()?;
        let text = text::decode(&value)
            .map_err(|_| NameError::Text { string_type: value.tag(), offset: value.contents_offset() })?;
        let text = match text {
            Some(Cow::Borrowed(_)) => Text::Contents(value.contents_offset() - value.offset()),
            Some(Cow::Owned(decoded)) => Text::Decoded(decoded.into()),
            None => Text::None,
        };
        Ok(Self { attribute_type, value: value.as_der().into(), value_tag: value.tag(), text })
    }

    /// Whether the two match, or cannot be told apart because one is a TeletexString.
    fn may_match(&self, other: &Self) -> bool {
        if self.attribute_type != other.attribute_type {
            return false;
        }
        let prepared = |attribute: &Self| attribute.text().and_then(preparation::prepare);
        match (prepared(self), prepared(other)) {
            (Some(one), Some(other)) => one == other,
            _ => [self, other].iter().any(|one| one.value_tag == Tag::TELETEX_STRING) || self.value == other.value,
        }
    }

    /// Appends octets equal for attributes that match, with their lengths in front.
    fn write_key(&self, key: &mut Vec<u8>) {
        let prepared = match self.text() {
            Some(text) if self.value_tag != Tag::TELETEX_STRING => preparation::prepare(text),
            _ => None,
        };
        let (form, value) = match &prepared {
            Some(text) => (b's', text.as_bytes()),
            None => (b'd', &*self.value),
        };
        let attribute_type = self.attribute_type.as_der_contents();
        key.extend(attribute_type.len().to_be_bytes());
        key.extend(attribute_type);
        key.push(form);
        key.extend(value.len().to_be_bytes());
        key.extend(value);
    }
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        rfc4514::write_attribute(f, self)
    }
}

/// The octets of an RDN with one attribute of the shortest type, a NULL.
const SMALLEST_RDN: usize = 9;

/// As many as names of authorities and signers have, seldom more.
const USUAL_RDNS: usize = 4;

/// Why octets are not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The octets are not DER, or not the ASN.1 type `Name`.
    #[error(transparent)]
    Der(#[from] DerError),
    /// A string has octets that its type cannot have: a UTF8String that is not UTF-8, a BMPString of an odd length.
    #[error("name: {string_type} at octet {offset} has octets that are not of that type")]
    Text {
        /// The string type.
        string_type: Tag,
        /// Offset of the string's contents from the start of the outermost input.
        offset: usize,
    },
}

impl NameError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Text { .. } => "name-text",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::der::Writer;
    use crate::oid::{AT_COMMON_NAME, AT_COUNTRY_NAME, AT_ORGANIZATION_IDENTIFIER, AT_ORGANIZATION_NAME};

    fn der(rdns: &[&[(&Oid, Tag, &[u8])]]) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |name| {
            for rdn in rdns {
                name.constructed(Tag::SET, |set| {
                    for (attribute_type, tag, value) in *rdn {
                        set.constructed(Tag::SEQUENCE, |attribute| {
                            attribute.value(Tag::OBJECT_IDENTIFIER, attribute_type.as_der_contents());
                            attribute.value(*tag, value);
                        });
                    }
                });
            }
        });
        writer.into_der()
    }

    fn name(rdns: &[&[(&Oid, Tag, &[u8])]]) -> Name {
        Name::from_der(&der(rdns)).unwrap()
    }

    fn common_name(tag: Tag, value: &[u8]) -> Name {
        name(&[&[(&AT_COMMON_NAME, tag, value)]])
    }

    #[test]
    fn a_name_is_shown_by_rfc_4514_last_rdn_first() {
        let unnamed: Oid = "1.3.6.1.4.1.55555.1".parse().unwrap();
        let shown = name(&[
            &[(&AT_COUNTRY_NAME, Tag::PRINTABLE_STRING, b"SY")],
            &[(&AT_ORGANIZATION_NAME, Tag::UTF8_STRING, "وزارة العدل".as_bytes())],
            &[
                (&AT_COMMON_NAME, Tag::UTF8_STRING, b" #a, \"b\"+c;<d>\\e "),
                (&AT_ORGANIZATION_IDENTIFIER, Tag::UTF8_STRING, b"GO:SY-1234567889"),
            ],
            &[(&unnamed, Tag::UTF8_STRING, b"x")],
            &[(&AT_COMMON_NAME, Tag::OCTET_STRING, b"\x01\xff")],
            &[(&AT_COMMON_NAME, Tag::UTF8_STRING, "#a\u{202e}\nb".as_bytes())],
        ]);
        assert_eq!(
            shown.to_string(),
            "CN=\\#a\\E2\\80\\AE\\0Ab,CN=#040201FF,1.3.6.1.4.1.55555.1=#0C0178,\
             CN=\\ #a\\, \\\"b\\\"\\+c\\;\\<d\\>\\\\e\\ +organizationIdentifier=GO:SY-1234567889,O=وزارة العدل,C=SY"
        );
        assert_eq!(name(&[]).to_string(), "");
        assert!(name(&[]).is_empty());
    }

    #[test]
    fn names_match_without_case_space_and_string_type() {
        let bmp = [0x00, 0x41, 0x00, 0x20, 0x00, 0x42];
        let universal = [0, 0, 0, 0x61, 0, 0, 0, 0x20, 0, 0, 0, 0x62];
        let ab = common_name(Tag::UTF8_STRING, b"a b");
        assert!(ab.matches(&common_name(Tag::PRINTABLE_STRING, b" A  B ")));
        assert!(ab.matches(&common_name(Tag::BMP_STRING, &bmp)));
        assert!(ab.matches(&common_name(Tag::UNIVERSAL_STRING, &universal)));
        assert!(!ab.matches(&common_name(Tag::UTF8_STRING, b"ab")));
        assert!(!ab.matches(&name(&[&[(&AT_ORGANIZATION_NAME, Tag::UTF8_STRING, b"a b")]])));
        // TeletexString, and what is no string, compare octet by octet.
        let teletex = common_name(Tag::TELETEX_STRING, b"a b");
        assert!(teletex.matches(&teletex) && !teletex.matches(&ab));
        assert!(!teletex.matches(&common_name(Tag::TELETEX_STRING, b"A b")));
        assert_eq!(teletex.attributes().next().unwrap().text(), Some("a b"));
        assert_eq!(common_name(Tag::TELETEX_STRING, b"a#b").attributes().next().unwrap().text(), None);
        // A prohibited character takes the text out of the comparison.
        let private = common_name(Tag::UTF8_STRING, "a\u{e000}".as_bytes());
        assert!(private.matches(&private) && !private.matches(&common_name(Tag::UTF8_STRING, "A\u{e000}".as_bytes())));
    }

    #[test]
    fn an_rdn_is_a_set_and_a_name_a_sequence() {
        let c: (&Oid, Tag, &[u8]) = (&AT_COUNTRY_NAME, Tag::PRINTABLE_STRING, b"SY");
        let o: (&Oid, Tag, &[u8]) = (&AT_ORGANIZATION_NAME, Tag::UTF8_STRING, b"Justice");
        assert!(name(&[&[c, o]]).matches(&name(&[&[o, c]])));
        assert!(!name(&[&[c], &[o]]).matches(&name(&[&[o], &[c]])));
        assert!(!name(&[&[c], &[o]]).matches(&name(&[&[c, o]])));
        assert!(!name(&[&[c]]).matches(&name(&[&[c, c]])));
        assert!(name(&[&[c], &[o]]).is_within(&name(&[&[c]])));
        assert!(name(&[&[c]]).is_within(&name(&[&[c]])) && name(&[&[c]]).is_within(&name(&[])));
        assert!(!name(&[&[c]]).is_within(&name(&[&[c], &[o]])) && !name(&[&[c, o]]).is_within(&name(&[&[c]])));
    }

    #[test]
    fn a_teletex_string_may_be_what_its_text_says_and_beyond_ascii_anything() {
        let ministry = common_name(Tag::UTF8_STRING, "Santé".as_bytes());
        let teletex = |value: &[u8]| common_name(Tag::TELETEX_STRING, value);
        let ascii = common_name(Tag::UTF8_STRING, b"Justice");
        for (one, other, may) in [
            (&teletex(b"JUSTICE "), &ascii, true),
            (&teletex(b"Health"), &ascii, false),
            (&teletex(b"Sant\xe9"), &ministry, true),
            (&ascii, &ministry, false),
            (&ascii, &common_name(Tag::PRINTABLE_STRING, b"justice"), true),
            (&teletex(b"Justice"), &name(&[&[(&AT_ORGANIZATION_NAME, Tag::UTF8_STRING, b"Justice")]]), false),
            (&teletex(b"Justice"), &name(&[]), true),
        ] {
            assert_eq!(one.may_be_within(other), may, "{one} {other}");
            assert!(other.is_empty() || other.may_be_within(one) == may, "{other} {one}");
        }
        assert!(!name(&[]).may_be_within(&ascii));
    }

    #[test]
    fn what_is_no_name_is_refused_with_its_offset() {
        let message = |input: &[u8]| Name::from_der(input).unwrap_err().to_string();
        let one = |tag, value: &[u8]| message(&der(&[&[(&AT_COMMON_NAME, tag, value)]]));
        let not_text = |string_type| format!("name: {string_type} at octet 13 has octets that are not of that type");
        assert_eq!(one(Tag::UTF8_STRING, b"a\xff"), not_text("UTF8String"));
        assert_eq!(one(Tag::PRINTABLE_STRING, "é".as_bytes()), not_text("PrintableString"));
        assert_eq!(one(Tag::BMP_STRING, &[0x00]), not_text("BMPString"));
        assert_eq!(one(Tag::BMP_STRING, &[0xd8, 0x00]), not_text("BMPString"));
        assert_eq!(one(Tag::UNIVERSAL_STRING, &[0, 0x11, 0, 0]), not_text("UniversalString"));
        assert_eq!(message(&[0x30, 0x02, 0x31, 0x00]), "DER at octet 4: expected SEQUENCE, found the end");
        assert_eq!(message(&[0x30, 0x00, 0x00]), "DER at octet 2: 1 trailing octets");
    }
}
