//! What is given beside a signature to judge it by.

use std::collections::{BTreeMap, HashMap};

use crate::codes::EntityCode;
use crate::journal::AuditedJournal;
use crate::register::Register;
use crate::status::{StatusError, StatusSettings, VerifiedStatusList, judge};
use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::revocation::RevocationEvidence;

/// Material for a validation that is not inside the file: nothing in it is trusted, all of it is checked, but for what is a
/// proof by its type.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Evidence<'a> {
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) attachments: BTreeMap<&'a str, &'a [u8]>,
    pub(crate) detached_payload: Option<&'a [u8]>,
    /// By name; `None` for a name under which several were given.
    pub(crate) documents: BTreeMap<&'a str, Option<&'a [u8]>>,
    pub(crate) signature_policies: BTreeMap<&'a str, &'a [u8]>,
    pub(crate) revocation: RevocationEvidence,
    pub(crate) evidence_records: Vec<&'a [u8]>,
    pub(crate) journals: Vec<&'a AuditedJournal>,
    /// By their names; the lists of one name in the order given.
    pub(crate) status_lists: HashMap<&'a str, Vec<&'a VerifiedStatusList>>,
    pub(crate) register: Option<&'a Register>,
    pub(crate) mandates: Vec<&'a [u8]>,
}

impl<'a> Evidence<'a> {
    /// Whether what is here says the same of all documents whose certificates and time-stamps are alike. In full, so that
    /// whoever adds evidence has to say so here.
    pub(crate) fn is_for_documents_alike(&self) -> bool {
        let Self {
            certificates: _,
            attachments: _,
            detached_payload,
            documents: _,
            signature_policies: _,
            revocation: _,
            evidence_records,
            status_lists: _,
            journals,
            // Asked about each.
            register: _,
            mandates,
        } = self;
        let alike = detached_payload.is_none() && evidence_records.is_empty() && mandates.is_empty();
        alike && journals.is_empty()
    }

    /// No evidence: the file must prove itself alone.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds certificates to build paths from: intermediates, authorities, signers.
    #[must_use]
    pub fn with_certificates(mut self, certificates: impl IntoIterator<Item = Certificate>) -> Self {
        self.certificates.extend(certificates);
        self
    }

    /// Gives the CRLs and OCSP responses at hand, for signers and for time-stamping authorities.
    #[must_use]
    pub fn with_revocation(mut self, revocation: RevocationEvidence) -> Self {
        self.revocation = revocation;
        self
    }

    /// Adds a signed [mandate](crate::document::Mandate), a JWS, for documents that one entity signed in the name of another
    /// and that do not carry it.
    #[must_use]
    pub fn with_mandate(mut self, file: &'a [u8]) -> Self {
        self.mandates.push(file);
        self
    }

    /// Gives the register of entities. Unlike the rest it was verified already: a [`Register`] is the proof of that.
    #[must_use]
    pub fn with_register(mut self, register: &'a Register) -> Self {
        self.register = Some(register);
        self
    }

    /// What the lists given make of the document of `issuer` at this place: the name of a list, and an index.
    pub(crate) fn judge_status(
        &self,
        place: (&str, u64),
        issuer: EntityCode,
        settings: StatusSettings,
        at: Instant,
    ) -> Result<(), StatusError> {
        let lists = self.status_lists.get(place.0).map(Vec::as_slice).unwrap_or_default();
        judge(place, issuer, lists, settings, at)
    }

    /// Adds a status list of an issuer of documents. Of several with one name and issuer the newest counts.
    #[must_use]
    pub fn with_status_list(mut self, list: &'a VerifiedStatusList) -> Self {
        self.status_lists.entry(list.uri()).or_default().push(list);
        self
    }

    /// Adds the journal of an issuer of documents. Of several with one issuer the newest counts.
    #[must_use]
    pub fn with_journal(mut self, journal: &'a AuditedJournal) -> Self {
        self.journals.push(journal);
        self
    }

    /// Adds the octets of the attachment that the document calls `name`.
    #[must_use]
    pub fn with_attachment(mut self, name: &'a str, octets: &'a [u8]) -> Self {
        self.attachments.insert(name, octets);
        self
    }

    /// Gives the data object that a signature names in `sigD` (TS 119 182-1 §5.2.8), by its name: the URI in `sigD`, with its
    /// percent-encoding undone. Two under one name are none: nobody could say which was meant.
    ///
    /// An attachment is something else: a document names it in its payload, and [`with_attachment`](Self::with_attachment)
    /// gives it.
    #[must_use]
    pub fn with_detached_document(mut self, name: &'a str, octets: &'a [u8]) -> Self {
        self.documents.entry(name).and_modify(|given| *given = None).or_insert(Some(octets));
        self
    }

    /// Gives the document of the signature policy that signers name as `id` in `sigPId`, or that they say is at that URI.
    #[must_use]
    pub fn with_signature_policy(mut self, id: &'a str, document: &'a [u8]) -> Self {
        self.signature_policies.insert(id, document);
        self
    }

    /// Gives the payload of a signature that does not carry it and names it nowhere (RFC 7515 appendix F).
    #[must_use]
    pub fn with_detached_payload(mut self, payload: &'a [u8]) -> Self {
        self.detached_payload = Some(payload);
        self
    }

    /// Adds an RFC 4998 evidence record over all octets of the file, in DER. One that holds proves that the file existed
    /// at its time; one that does not changes nothing but the report.
    #[must_use]
    pub fn with_evidence_record(mut self, record: &'a [u8]) -> Self {
        self.evidence_records.push(record);
        self
    }
}
