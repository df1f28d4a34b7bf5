//! The signature in its file, and the end of its `etsiU`.

use crate::budget::Limits;
use crate::digest::{Digest, DigestAlgorithm};
use crate::jades::{BaselineLevel, EtsiU, HeaderParameters, ValidationData};
use crate::jws::Jws;
use crate::sign::augment::{AugmentError, splice};
use crate::tsp::TimeStampToken;
use crate::x509::Certificate;

/// One signature of a file, to which items are added.
pub(super) struct Place {
    pub(super) octets: Vec<u8>,
    position: usize,
    /// The level that its structure shows.
    pub(super) level: BaselineLevel,
    signature: String,
    /// The certificates that the file holds outside `etsiU` values: in `x5c` and in tokens.
    pub(super) certificates: Vec<Certificate>,
    /// The validation data in `etsiU`.
    pub(super) data: Vec<ValidationData>,
}

impl Place {
    pub(super) fn read(file: &[u8], position: usize, limits: &Limits) -> Result<Self, AugmentError> {
        let jws = Jws::parse(file, limits)?;
        if !file.trim_ascii_start().starts_with(b"{") {
            return Err(AugmentError::Compact);
        }
        let found = jws.signatures().len();
        let signature = jws.signatures().get(position).ok_or(AugmentError::NoSuchSignature { position, found })?;
        let etsi_u = match signature.unprotected().and_then(|header| header.value("etsiU")) {
            Some(value) => EtsiU::read(value, limits)?,
            None => EtsiU::default(),
        };
        if etsi_u.items().iter().any(|item| item.received().is_none()) {
            return Err(AugmentError::ItemsInClear);
        }
        let header = HeaderParameters::read(signature.protected(), limits);
        let mut certificates = header.certificates().to_vec();
        for item in etsi_u.items() {
            for der in item.time_stamp_tokens()? {
                let token = TimeStampToken::from_der(&der, limits);
                certificates.extend(token.iter().flat_map(|token| token.certificates().iter().cloned()));
            }
        }
        Ok(Self {
            octets: file.to_vec(),
            position,
            level: BaselineLevel::of(&etsi_u),
            signature: signature.received_signature().to_owned(),
            certificates,
            data: etsi_u.validation_data(limits)?,
        })
    }

    /// The digest for a `sigTst`.
    pub(super) fn signature_imprint(&self, algorithm: DigestAlgorithm) -> Digest {
        algorithm.digest(self.signature.as_bytes())
    }

    /// Adds `items` behind those that are there.
    pub(super) fn append(&mut self, items: &[String]) -> Result<(), AugmentError> {
        if items.is_empty() {
            return Ok(());
        }
        // It is JSON that was read: what cannot be found in it was not read either.
        let none = AugmentError::NoSuchSignature { position: self.position, found: self.position };
        let file = std::str::from_utf8(&self.octets).map_err(|_| none.clone())?;
        let file = splice::append(file, self.position, items).ok_or(none)?;
        *self = Self::read(file.as_bytes(), self.position, &Limits::default())?;
        Ok(())
    }
}
