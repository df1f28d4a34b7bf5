//! Files that belong to a document.

use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::base64;
use crate::encoding::excerpt;

use super::free_text;
use super::member::{MemberError, MemberFault, Members};

/// A file that belongs to a document, by its name, media type, size and SHA-256.
///
/// The file itself travels beside the document; what is signed is its digest, over the whole file, whatever its format.
///
/// ```
/// use wathiqa::document::Attachment;
/// let plan = Attachment::of("المخطط.pdf", "application/pdf", b"%PDF-1.7 ...")?;
/// assert_eq!(plan.size(), 12);
/// assert!(plan.check(b"%PDF-1.7 ...").is_ok());
/// let error = plan.check(b"%PDF-1.7 ....").unwrap_err();
/// assert_eq!(error.to_string(), "attachment \"المخطط.pdf\": 13 octets, expected 12");
/// # Ok::<(), wathiqa::document::MemberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attachment {
    name: String,
    media_type: String,
    size: u64,
    sha256: Digest,
}

impl Attachment {
    /// The most octets a file may have: 2^53 − 1, the largest integer that every JSON reader keeps (RFC 7493 §2.2).
    pub const MAX_SIZE: u64 = (1 << 53) - 1;

    /// The attachment whose whole file is `octets`.
    ///
    /// # Errors
    /// [`MemberError`] as [`Attachment::new`].
    pub fn of(name: impl Into<String>, media_type: impl Into<String>, octets: &[u8]) -> Result<Self, MemberError> {
        Self::new(name, media_type, size_of(octets), DigestAlgorithm::Sha256.digest(octets))
    }

    /// The attachment with this size in octets and this SHA-256, for a file read piece by piece.
    ///
    /// # Errors
    /// [`MemberError`] for a name that is blank, has controls, or is a path (`../a.pdf`, `a\b`, `..`); a media type
    /// that is not `type/subtype` (`pdf`, `text/plain; charset=utf-8`); a size above [`MAX_SIZE`](Self::MAX_SIZE); a digest
    /// that is not SHA-256.
    pub fn new(
        name: impl Into<String>,
        media_type: impl Into<String>,
        size: u64,
        sha256: Digest,
    ) -> Result<Self, MemberError> {
        let (name, media_type) = (free_text::check("name", name.into())?, media_type.into());
        let refuse = |member, fault| Err(MemberError::new(member, fault));
        if name.contains(['/', '\\']) || name == "." || name == ".." {
            return refuse("name", MemberFault::Path { found: excerpt(&name) });
        }
        if !is_media_type(&media_type) {
            return refuse("mediaType", MemberFault::MediaType { found: excerpt(&media_type) });
        }
        if size > Self::MAX_SIZE {
            return refuse("size", MemberFault::TooLarge { found: size, max: Self::MAX_SIZE });
        }
        if sha256.algorithm() != DigestAlgorithm::Sha256 {
            return refuse("sha256", MemberFault::DigestAlgorithm { found: sha256.algorithm() });
        }
        Ok(Self { name, media_type, size, sha256 })
    }

    /// The name of the file, without a path; unique in its document.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type, without parameters: `application/pdf`.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The size of the file in octets.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of the file.
    #[must_use]
    pub fn sha256(&self) -> &Digest {
        &self.sha256
    }

    /// Checks that `octets` are the whole file.
    ///
    /// # Errors
    /// [`AttachmentError`] for another size or digest, with both sides.
    pub fn check(&self, octets: &[u8]) -> Result<(), AttachmentError> {
        self.check_size(size_of(octets))?;
        self.check_digest(size_of(octets), &DigestAlgorithm::Sha256.digest(octets))
    }

    /// Checks that a file of `size` octets with the digest `sha256`, computed piece by piece, is this one.
    ///
    /// # Errors
    /// [`AttachmentError`] for another size or digest, with both sides; a digest by another algorithm never matches.
    pub fn check_digest(&self, size: u64, sha256: &Digest) -> Result<(), AttachmentError> {
        self.check_size(size)?;
        if *sha256 == self.sha256 {
            return Ok(());
        }
        let (found, expected) = (sha256.clone(), self.sha256.clone());
        Err(AttachmentError::Digest { name: excerpt(&self.name), found, expected })
    }

    pub(super) fn read(value: Value) -> Result<Self, MemberError> {
        let mut members = Members::of(value)?;
        let (name, media_type) = (members.text("name")?, members.text("mediaType")?);
        let size = members.integer("size")?;
        let sha256 = base64::decode_url(&members.text("sha256")?)
            .map_err(MemberFault::Base64)
            .and_then(|octets| Digest::new(DigestAlgorithm::Sha256, &octets).map_err(MemberFault::DigestLength));
        let sha256 = sha256.map_err(|fault| MemberError::new("sha256", fault))?;
        members.finish()?;
        Self::new(name, media_type, size, sha256)
    }

    /// The size first: it costs nothing, and a digest need not be computed of what is too long.
    fn check_size(&self, found: u64) -> Result<(), AttachmentError> {
        if found == self.size {
            return Ok(());
        }
        Err(AttachmentError::Size { name: excerpt(&self.name), found, expected: self.size })
    }
}

impl Serialize for Attachment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_struct("Attachment", 4)?;
        members.serialize_field("name", &self.name)?;
        members.serialize_field("mediaType", &self.media_type)?;
        members.serialize_field("size", &self.size)?;
        members.serialize_field("sha256", &base64::encode_url(self.sha256.as_octets()))?;
        members.end()
    }
}

/// A file is not the attachment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttachmentError {
    /// Its size is another.
    #[error("attachment \"{name}\": {found} octets, expected {expected}")]
    Size {
        /// The name of the attachment, at most 48 characters of it, controls escaped.
        name: String,
        /// The octets of the file.
        found: u64,
        /// The octets in the document.
        expected: u64,
    },
    /// Its digest is another.
    #[error("attachment \"{name}\": {} is {found}, expected {expected}", .found.algorithm())]
    Digest {
        /// The name of the attachment, at most 48 characters of it, controls escaped.
        name: String,
        /// The digest of the file.
        found: Digest,
        /// The digest in the document.
        expected: Digest,
    },
}

impl AttachmentError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "attachment-size",
            Self::Digest { .. } => "attachment-digest",
        }
    }
}

fn size_of(octets: &[u8]) -> u64 {
    // No address space is larger.
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}

/// `type "/" subtype`, each a restricted-name of RFC 6838 §4.2; no parameters.
fn is_media_type(text: &str) -> bool {
    text.split_once('/').is_some_and(|(kind, subtype)| is_restricted_name(kind) && is_restricted_name(subtype))
}

fn is_restricted_name(name: &str) -> bool {
    name.len() <= 127
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_octet_more_or_another_octet_is_noticed() {
        let attachment = Attachment::of("a.txt", "text/plain", b"abc").unwrap();
        assert_eq!(attachment.check(b"abc"), Ok(()));
        assert_eq!(attachment.check(b"abcd").unwrap_err().to_string(), "attachment \"a.txt\": 4 octets, expected 3");
        let error = attachment.check(b"abd").unwrap_err();
        let message = "attachment \"a.txt\": SHA-256 is a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9, \
                       expected ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((error.to_string().as_str(), error.code()), (message, "attachment-digest"));
        let piecewise = attachment.check_digest(3, &DigestAlgorithm::Sha256.digest(b"abc"));
        assert_eq!(piecewise, Ok(()));
        assert!(attachment.check_digest(3, &DigestAlgorithm::Sha512.digest(b"abc")).is_err());
        assert!(attachment.check_digest(4, &DigestAlgorithm::Sha256.digest(b"abc")).is_err());
    }

    #[test]
    fn what_cannot_be_attached() {
        let digest = || DigestAlgorithm::Sha256.digest(b"");
        let new = |name: &str, media_type: &str, size| {
            Attachment::new(name, media_type, size, digest()).map(drop).map_err(|error| error.to_string())
        };
        assert_eq!(new("خطة.pdf", "application/vnd.ms-excel.sheet.macroEnabled.12", Attachment::MAX_SIZE), Ok(()));
        for name in ["../a.pdf", "a\\b.pdf", "..", ".", "/etc/passwd"] {
            let shown = name.replace('\\', "\\\\");
            assert_eq!(
                new(name, "a/b", 0),
                Err(format!("document member name: \"{shown}\" is a path, expected a name"))
            );
        }
        assert_eq!(new(" ", "a/b", 0), Err("document member name: blank".to_owned()));
        for media_type in ["", "pdf", "a/", "/b", "a/b/c", "text/plain; charset=utf-8", ".a/b", "a/ب", "*/*"] {
            let message =
                format!("document member mediaType: \"{media_type}\" is not a media type such as application/pdf");
            assert_eq!(new("a", media_type, 0), Err(message));
        }
        assert!(is_media_type(&format!("a/{}", "b".repeat(127))) && !is_media_type(&format!("a/{}", "b".repeat(128))));
        let message = "document member size: 9007199254740992, expected at most 9007199254740991".to_owned();
        assert_eq!(new("a", "a/b", Attachment::MAX_SIZE + 1), Err(message));
        let error = Attachment::new("a", "a/b", 0, DigestAlgorithm::Sha512.digest(b"")).unwrap_err();
        assert_eq!(error.to_string(), "document member sha256: a digest by SHA-512, expected SHA-256");
    }
}
