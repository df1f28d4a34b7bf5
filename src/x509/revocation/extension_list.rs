//! Extensions of CRLs, of their entries and of OCSP responses, read in place.

use crate::budget::Limits;
use crate::encoding::der::{self, DerError, Reader, Tag, Value};
use crate::oid::Oid;
use crate::x509::Criticality;

/// One extension, as received.
///
/// ```text
/// Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
/// ```
#[derive(Clone, Copy)]
pub(in crate::x509) struct RawExtension<'a> {
    id: Value<'a>,
    pub(in crate::x509) criticality: Criticality,
    value: Value<'a>,
}

impl<'a> RawExtension<'a> {
    fn read(sequence: &Value<'a>) -> Result<Self, DerError> {
        let mut fields = sequence.reader();
        let id = fields.read(Tag::OBJECT_IDENTIFIER)?;
        let is_critical = fields.optional(Tag::BOOLEAN)?.map_or(Ok(false), |critical| critical.true_or_absent())?;
        let value = fields.read(Tag::OCTET_STRING)?;
        fields.finish()?;
        let criticality = if is_critical { Criticality::Critical } else { Criticality::NonCritical };
        Ok(Self { id, criticality, value })
    }

    pub(in crate::x509) fn is(&self, id: &Oid) -> bool {
        self.id.contents() == id.as_der_contents()
    }

    pub(in crate::x509) fn id(&self) -> Result<Oid, DerError> {
        self.id.oid()
    }

    /// Where the extension's identifier lies in the outermost input.
    pub(in crate::x509) fn offset(&self) -> usize {
        self.id.offset()
    }

    /// The one value inside `extnValue`, which passes the gate again.
    pub(in crate::x509) fn value(&self) -> Result<Value<'a>, DerError> {
        only_value(self.value.contents(), self.value.contents_offset())
    }

    /// The contents of `extnValue`.
    pub(in crate::x509) fn octets(&self) -> &'a [u8] {
        self.value.contents()
    }
}

/// Reads `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`, each extension once and no more than 64.
pub(in crate::x509) fn read<'a>(list: &Value<'a>) -> Result<Vec<RawExtension<'a>>, ExtensionListError> {
    let mut reader: Reader<'a> = list.reader();
    let mut extensions = Vec::with_capacity(1);
    while extensions.is_empty() || !reader.is_empty() {
        if extensions.len() == MAX_EXTENSIONS {
            return Err(ExtensionListError::TooMany { limit: MAX_EXTENSIONS, offset: reader.offset() });
        }
        extensions.push(RawExtension::read(&reader.read(Tag::SEQUENCE)?)?);
    }
    if extensions.len() > 1 {
        let mut ids: Vec<&Value<'a>> = extensions.iter().map(|extension| &extension.id).collect();
        ids.sort_by_key(|id| id.contents());
        let twice = ids.windows(2).find_map(|pair| match pair {
            [one, two] if one.contents() == two.contents() => Some(*two),
            _ => None,
        });
        if let Some(second) = twice {
            return Err(ExtensionListError::Duplicate { id: second.oid()?, offset: second.offset() });
        }
    }
    Ok(extensions)
}

/// The one value in `octets`, which lie at `offset` of a larger input, through the gate.
pub(in crate::x509) fn only_value(octets: &[u8], offset: usize) -> Result<Value<'_>, DerError> {
    let within = |error: DerError| DerError::new(error.kind, error.offset + offset);
    der::check(octets, &Limits::default()).map_err(within)?;
    let mut reader = Reader::at(octets, offset);
    let value = reader.read_any()?;
    reader.finish()?;
    Ok(value)
}

/// Why extensions cannot be read.
pub(in crate::x509) enum ExtensionListError {
    Der(DerError),
    Duplicate { id: Oid, offset: usize },
    TooMany { limit: usize, offset: usize },
}

/// The most extensions of one CRL, entry or OCSP response. 64: RFC 5280 and RFC 6960 define fewer than twenty.
const MAX_EXTENSIONS: usize = 64;

impl From<DerError> for ExtensionListError {
    fn from(error: DerError) -> Self {
        Self::Der(error)
    }
}
