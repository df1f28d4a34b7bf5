//! Documents that hold, and documents that are wrong in one way each.

use std::error::Error;

use serde_json::{Value, json};
use wathiqa::codes::{CodingScheme, EntityCode};
use wathiqa::crypto::{JwsAlgorithm, PublicKey, Signer, SoftwareKey};
use wathiqa::digest::DigestAlgorithm;
use wathiqa::encoding::base64;
use wathiqa::issue::IssuerCertificate;
use wathiqa::pki::{DemonstrationPki, EntityName, RevokedCertificate};
use wathiqa::time::Instant;
use wathiqa::x509::Certificate;

use crate::documents::{Random, document};
use crate::parts::{Form, Parts};
use crate::verifiers::Trust;

/// What is done to a document before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Payload,
    Signature,
    Thumbprint,
    ForeignRoot,
    Expired,
    ExpiredSince,
    Revoked,
    Critical,
    Algorithm,
    MemberTwice,
    NoTimeStamp,
    Imprint,
    TokenOctet,
    ForeignAuthority,
    CheckDigits,
    OtherEntity,
}

impl Wrong {
    pub const ALL: [Self; 17] = [
        Self::Nothing,
        Self::Payload,
        Self::Signature,
        Self::Thumbprint,
        Self::ForeignRoot,
        Self::Expired,
        Self::ExpiredSince,
        Self::Revoked,
        Self::Critical,
        Self::Algorithm,
        Self::MemberTwice,
        Self::NoTimeStamp,
        Self::Imprint,
        Self::TokenOctet,
        Self::ForeignAuthority,
        Self::CheckDigits,
        Self::OtherEntity,
    ];

    /// The check that this is about, and what it is.
    pub fn description(self) -> (&'static str, &'static str) {
        match self {
            Self::Nothing => ("nothing", "nothing is wrong"),
            Self::Payload => ("signature", "another octet in the payload"),
            Self::Signature => ("signature", "another octet in the signature"),
            Self::Thumbprint => ("certificate of `x5t#S256`", "`x5t#S256` of another certificate"),
            Self::ForeignRoot => ("path to a trusted root", "the root is not trusted"),
            Self::Expired => ("validity at the proven time", "the certificate had expired before the time-stamp"),
            Self::ExpiredSince => ("validity at the proven time", "nothing; the certificate has expired since"),
            Self::Revoked => ("revocation", "the certificate was revoked before the time-stamp"),
            Self::Critical => ("rules of the header", "`crit` names what nobody knows"),
            Self::Algorithm => ("rules of the header", "`alg` is ES384, the signature ES256"),
            Self::MemberTwice => ("rules of the header", "the member `alg` twice"),
            Self::NoTimeStamp => ("time-stamp of this signature", "no time-stamp"),
            Self::Imprint => ("time-stamp of this signature", "the time-stamp of another signature"),
            Self::TokenOctet => ("the time-stamp's signature and path", "another second in the token"),
            Self::ForeignAuthority => ("the time-stamp's signature and path", "the authority's root is not trusted"),
            Self::CheckDigits => ("national codes", "a document number with wrong check digits"),
            Self::OtherEntity => ("national codes", "a document number of another entity"),
        }
    }

    /// Whether a document of which only this is to be said holds.
    pub fn holds(self) -> bool {
        matches!(self, Self::Nothing | Self::ExpiredSince)
    }
}

/// A signer's key, certified by two CAs of one name, and one whose certificate was revoked.
pub struct Workshop {
    pki: DemonstrationPki,
    foreign: DemonstrationPki,
    key: SoftwareKey,
    chain: Vec<Certificate>,
    certified_elsewhere: Vec<Certificate>,
    revoked_key: SoftwareKey,
    revoked: Vec<Certificate>,
    scheme: CodingScheme,
}

impl Workshop {
    pub fn new() -> Result<Self, Box<dyn Error>> {
        let now: Instant = NOW.parse()?;
        let (pki, foreign) = (DemonstrationPki::new(now)?, DemonstrationPki::new(now)?);
        let scheme = CodingScheme::default();
        let name = EntityName::new(ENTITY.parse()?, &scheme, "SY", "وزارة الداخلية", "ختم الشؤون المدنية")?;
        let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
        let chain = pki.certify(&name, key.public_key())?;
        let certified_elsewhere = foreign.certify(&name, key.public_key())?;
        let revoked_key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
        let revoked = pki.certify(&name, revoked_key.public_key())?;
        Ok(Self { pki, foreign, key, chain, certified_elsewhere, revoked_key, revoked, scheme })
    }

    /// The key that signs a document with this.
    pub fn key(&self, wrong: Wrong) -> &PublicKey {
        self.signer(wrong).0.public_key()
    }

    fn signer(&self, wrong: Wrong) -> (&SoftwareKey, &[Certificate]) {
        match wrong {
            Wrong::Revoked => (&self.revoked_key, &self.revoked),
            Wrong::ForeignRoot => (&self.key, &self.certified_elsewhere),
            _ => (&self.key, &self.chain),
        }
    }

    /// What a verifier of a document with this is given.
    pub fn trust(&self, wrong: Wrong) -> Result<Trust, Box<dyn Error>> {
        let mut crls = Vec::new();
        let lists: &[&str] = if is_late(wrong) { &[LISTS, LATE_LISTS] } else { &[LISTS] };
        for lists in lists {
            let revoked = self.revoked.first().ok_or("no certificate")?;
            crls.extend(self.pki.crls(lists.parse()?, &[RevokedCertificate::new(revoked, REVOKED.parse()?)])?);
        }
        Ok(Trust {
            root: self.pki.root().clone(),
            time_stamp_root: self.pki.time_stamp_root().clone(),
            crls,
            at: if is_late(wrong) { LATE_AT } else { AT }.parse()?,
        })
    }

    /// A document with this, in the form asked for.
    pub fn document(&self, wrong: Wrong, form: Form) -> Result<String, Box<dyn Error>> {
        let parts = self.signed(wrong)?;
        let signature = parts.signature.clone();
        let stamped = if wrong == Wrong::Imprint { self.signed(Wrong::Nothing)? } else { parts.clone() };
        let authority = if wrong == Wrong::ForeignAuthority { &self.foreign } else { &self.pki };
        let gen_time = if wrong == Wrong::Expired { LATE_LISTS } else { NOW };
        let mut stamped = stamped.stamped(form, authority.time_stamp_authority(), gen_time.parse()?)?;
        if wrong == Wrong::TokenOctet {
            let token = stamped.token.as_mut().ok_or("no token")?;
            // genTime, which the signed digest covers.
            let at = token.windows(15).position(|octets| octets == b"20260301093000Z").ok_or("no genTime")?;
            token[at + 13] = b'1';
        }
        let mut parts = Parts { token: stamped.token.filter(|_| wrong != Wrong::NoTimeStamp), signature, ..parts };
        if wrong == Wrong::Payload {
            let text = String::from_utf8(base64::decode_url(&parts.payload)?)?;
            parts.payload = base64::encode_url(text.replacen("\"verified\":true", "\"verified\":null", 1).as_bytes());
        }
        Ok(parts.to_json(form))
    }

    /// A document that was stamped when the certificate had expired, and claims in `sigT` (TS 119 182-1 §5.2.1) to be signed
    /// at `claimed`.
    pub fn claiming(&self, claimed: &str, form: Form) -> Result<String, Box<dyn Error>> {
        let parts = self.signed(Wrong::Expired)?;
        let mut header: Value = serde_json::from_slice(&base64::decode_url(&parts.protected)?)?;
        header.as_object_mut().ok_or("no header")?.remove("iat");
        header["sigT"] = json!(claimed);
        let parts = parts.signed_again(&header.to_string(), &self.key);
        Ok(parts.stamped(form, self.pki.time_stamp_authority(), LATE_LISTS.parse()?)?.to_json(form))
    }

    /// Signed, and not yet stamped. What is wrong with the signature is done before the time-stamp, so that this one holds.
    fn signed(&self, wrong: Wrong) -> Result<Parts, Box<dyn Error>> {
        let (key, chain) = self.signer(wrong);
        let mut parts = self.issued(ENTITY.parse()?, key, chain)?.0;
        let header = String::from_utf8(base64::decode_url(&parts.protected)?)?;
        let with = |name: &str, value: Value| -> Result<String, Box<dyn Error>> {
            let mut header: Value = serde_json::from_str(&header)?;
            header[name] = value;
            Ok(header.to_string())
        };
        match wrong {
            Wrong::Signature => {
                let mut value = base64::decode_url(&parts.signature)?;
                value[40] ^= 1;
                parts.signature = base64::encode_url(&value);
                Ok(parts)
            }
            Wrong::Thumbprint => {
                let other = self.revoked.first().ok_or("no certificate")?.digest(DigestAlgorithm::Sha256);
                Ok(parts.signed_again(&with("x5t#S256", base64::encode_url(other.as_octets()).into())?, &self.key))
            }
            Wrong::Critical => Ok(parts.signed_again(&with("crit", json!(["nobody"]))?, &self.key)),
            Wrong::Algorithm => Ok(parts.signed_again(&with("alg", json!("ES384"))?, &self.key)),
            Wrong::MemberTwice => Ok(parts.signed_again(&header.replacen('{', r#"{"alg":"ES256","#, 1), &self.key)),
            Wrong::CheckDigits | Wrong::OtherEntity => {
                parts.payload = self.misnumbered(wrong)?;
                Ok(parts.signed_again(&header, &self.key))
            }
            _ => Ok(parts),
        }
    }

    /// A document that holds, without a time-stamp, and its number.
    fn issued(
        &self,
        entity: EntityCode,
        key: &SoftwareKey,
        chain: &[Certificate],
    ) -> Result<(Parts, String), Box<dyn Error>> {
        let now: Instant = NOW.parse()?;
        let document = document(entity, 7, now, &mut Random::default())?;
        let issuer = IssuerCertificate::new(chain.to_vec(), JwsAlgorithm::Es256, self.scheme.clone())?;
        let prepared = issuer.prepare(&document, now)?;
        let value = key.sign(prepared.signing_input())?;
        Ok((Parts::read(&prepared.complete(&value)?.to_vec())?, document.number().to_string()))
    }

    /// The payload with a number that is not one, or not one of this entity.
    fn misnumbered(&self, wrong: Wrong) -> Result<String, Box<dyn Error>> {
        let entity: EntityCode = if wrong == Wrong::OtherEntity { OTHER_ENTITY } else { ENTITY }.parse()?;
        let name = EntityName::new(entity, &self.scheme, "SY", "وزارة أخرى", "ختم")?;
        let (Parts { payload, .. }, number) =
            self.issued(entity, &self.key, &self.pki.certify(&name, self.key.public_key())?)?;
        if wrong == Wrong::OtherEntity {
            return Ok(payload);
        }
        let (before, digits) = number.rsplit_once('-').ok_or("a number without check digits")?;
        let other = if digits == "11" { "22" } else { "11" };
        let text = String::from_utf8(base64::decode_url(&payload)?)?;
        Ok(base64::encode_url(text.replace(&number, &format!("{before}-{other}")).as_bytes()))
    }
}

fn is_late(wrong: Wrong) -> bool {
    matches!(wrong, Wrong::Expired | Wrong::ExpiredSince)
}

const ENTITY: &str = "1234567889";
const OTHER_ENTITY: &str = "1234567986";

/// When documents are signed and stamped, when lists are issued, when documents are judged.
const NOW: &str = "2026-03-01T09:30:00Z";
const REVOKED: &str = "2026-03-01T01:00:00Z";
const LISTS: &str = "2026-03-01T12:00:00Z";
const AT: &str = "2026-03-02T00:00:00Z";

/// The same when the signer's certificate, of two years, has expired.
const LATE_LISTS: &str = "2028-06-01T00:00:00Z";
const LATE_AT: &str = "2028-06-02T00:00:00Z";
