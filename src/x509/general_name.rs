//! GeneralName: RFC 5280 §4.2.1.6.
//!
//! ```text
//! GeneralName ::= CHOICE { otherName [0], rfc822Name [1] IA5String, dNSName [2] IA5String, x400Address [3],
//!     directoryName [4] EXPLICIT Name, ediPartyName [5], uniformResourceIdentifier [6] IA5String,
//!     iPAddress [7] OCTET STRING, registeredID [8] OBJECT IDENTIFIER }
//! ```
//!
//! The form of addresses, host names and URIs is for who uses them to judge; IA5String is held to ASCII.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::fmt;

use super::name::{Name, NameError};
use crate::budget::Limits;
use crate::encoding::der::{self, DerError, DerErrorKind, Reader, Tag, Value};
use crate::oid::Oid;

/// One of the names that subjectAltName, name constraints and CRLs use.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum GeneralName {
    /// A name of a form defined elsewhere, kept as DER.
    OtherName(Box<[u8]>),
    /// A mail address.
    Rfc822Name(Box<str>),
    /// A host name.
    DnsName(Box<str>),
    /// An X.400 address, kept as DER.
    X400Address(Box<[u8]>),
    /// A distinguished name.
    DirectoryName(Name),
    /// An EDI party name, kept as DER.
    EdiPartyName(Box<[u8]>),
    /// A URI.
    Uri(Box<str>),
    /// An IPv4 or IPv6 address in network octet order; in name constraints followed by its mask.
    IpAddress(Box<[u8]>),
    /// A registered object identifier.
    RegisteredId(Oid),
}

impl GeneralName {
    /// Which of the forms the name has.
    #[must_use]
    pub fn form(&self) -> NameForm {
        match self {
            Self::OtherName(_) => NameForm::OtherName,
            Self::Rfc822Name(_) => NameForm::Rfc822Name,
            Self::DnsName(_) => NameForm::DnsName,
            Self::X400Address(_) => NameForm::X400Address,
            Self::DirectoryName(_) => NameForm::DirectoryName,
            Self::EdiPartyName(_) => NameForm::EdiPartyName,
            Self::Uri(_) => NameForm::Uri,
            Self::IpAddress(_) => NameForm::IpAddress,
            Self::RegisteredId(_) => NameForm::RegisteredId,
        }
    }

    /// Reads one complete DER `GeneralNames`, such as the value of subjectAltName.
    ///
    /// # Errors
    /// [`NameError::Der`] for what is not that type, such as `30 00`; [`NameError::Text`] for a dNSName beyond ASCII.
    pub fn all_from_der(input: &[u8]) -> Result<Vec<Self>, NameError> {
        der::check(input, &Limits::default())?;
        Self::read_all(&Reader::new(input).read(Tag::SEQUENCE)?)
    }

    /// Reads `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`, from a checked input.
    pub(super) fn read_all(names: &Value<'_>) -> Result<Vec<Self>, NameError> {
        let mut reader = names.reader();
        let mut read = Vec::new();
        while read.is_empty() || !reader.is_empty() {
            read.push(Self::read(&reader.read_any()?)?);
        }
        Ok(read)
    }

    /// Reads one GeneralName.
    pub(super) fn read(value: &Value<'_>) -> Result<Self, NameError> {
        let tag = value.tag();
        Ok(match TAGS.iter().position(|expected| *expected == tag) {
            Some(0) => Self::OtherName(value.as_der().into()),
            Some(1) => Self::Rfc822Name(ia5_string(value)?),
            Some(2) => Self::DnsName(ia5_string(value)?),
            Some(3) => Self::X400Address(value.as_der().into()),
            Some(4) => {
                let mut inner = value.reader();
                let name = Name::from_value(&inner.read(Tag::SEQUENCE)?)?;
                inner.finish()?;
                Self::DirectoryName(name)
            }
            Some(5) => Self::EdiPartyName(value.as_der().into()),
            Some(6) => Self::Uri(ia5_string(value)?),
            Some(7) => Self::IpAddress(value.contents().into()),
            Some(8) => Self::RegisteredId(value.oid()?),
            _ => return Err(DerError::new(DerErrorKind::NoAlternative { found: tag }, value.offset()).into()),
        })
    }
}

impl fmt::Display for GeneralName {
    /// The name in a message: `dNSName a.example`; a form that is not text only by the form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.form())?;
        match self {
            Self::Rfc822Name(text) | Self::DnsName(text) | Self::Uri(text) => write!(f, " {}", text.escape_debug()),
            Self::DirectoryName(name) => write!(f, " {name}"),
            Self::RegisteredId(id) => write!(f, " {id}"),
            Self::IpAddress(octets) => match (<[u8; 4]>::try_from(&**octets), <[u8; 16]>::try_from(&**octets)) {
                (Ok(four), _) => write!(f, " {}", Ipv4Addr::from(four)),
                (_, Ok(sixteen)) => write!(f, " {}", Ipv6Addr::from(sixteen)),
                _ => write!(f, " of {} octets", octets.len()),
            },
            Self::OtherName(_) | Self::X400Address(_) | Self::EdiPartyName(_) => Ok(()),
        }
    }
}

/// The form of a [`GeneralName`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameForm {
    /// otherName.
    OtherName,
    /// rfc822Name.
    Rfc822Name,
    /// dNSName.
    DnsName,
    /// x400Address.
    X400Address,
    /// directoryName.
    DirectoryName,
    /// ediPartyName.
    EdiPartyName,
    /// uniformResourceIdentifier.
    Uri,
    /// iPAddress.
    IpAddress,
    /// registeredID.
    RegisteredId,
}

impl fmt::Display for NameForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherName => "otherName",
            Self::Rfc822Name => "rfc822Name",
            Self::DnsName => "dNSName",
            Self::X400Address => "x400Address",
            Self::DirectoryName => "directoryName",
            Self::EdiPartyName => "ediPartyName",
            Self::Uri => "uniformResourceIdentifier",
            Self::IpAddress => "iPAddress",
            Self::RegisteredId => "registeredID",
        })
    }
}

/// The tags of the alternatives; the position is the number.
const TAGS: [Tag; 9] = [
    Tag::context_constructed(0),
    Tag::context(1),
    Tag::context(2),
    Tag::context_constructed(3),
    Tag::context_constructed(4),
    Tag::context_constructed(5),
    Tag::context(6),
    Tag::context(7),
    Tag::context(8),
];

fn ia5_string(value: &Value<'_>) -> Result<Box<str>, NameError> {
    match std::str::from_utf8(value.contents()) {
        Ok(text) if text.is_ascii() => Ok(text.into()),
        _ => Err(NameError::Text { string_type: Tag::IA5_STRING, offset: value.contents_offset() }),
    }
}
