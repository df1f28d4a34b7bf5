//! Trust anchors: RFC 5280 §6.1.1 (d), RFC 5937.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use super::anchor_scope::AnchorScope;
use super::certificate::Certificate;
use super::name::Name;
use crate::crypto::PublicKey;

/// A name and a key that are trusted to issue certificates, because the caller says so.
///
/// An anchor made from a certificate also keeps it, and by default holds paths to what it says: RFC 5280 uses only
/// name and key, but an anchor that limits itself means it (RFC 5937). Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TrustAnchor {
    origin: Origin,
    validity: AnchorValidity,
    extensions: AnchorExtensions,
    scope: Arc<AnchorScope>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Origin {
    Certificate(Certificate),
    NameAndKey(Arc<NameAndKey>),
}

struct NameAndKey {
    subject: Name,
    public_key: PublicKey,
}

impl TrustAnchor {
    /// The subject and key of `certificate`, whose own signature is not looked at, with [`AnchorValidity::Enforce`] and
    /// [`AnchorExtensions::Enforce`], and good for everything.
    #[must_use]
    pub fn from_certificate(certificate: Certificate) -> Self {
        Self {
            origin: Origin::Certificate(certificate),
            validity: AnchorValidity::Enforce,
            extensions: AnchorExtensions::Enforce,
            scope: Arc::default(),
        }
    }

    /// A name and a key without a certificate, and so without limits.
    #[must_use]
    pub fn from_name_and_key(subject: Name, public_key: PublicKey) -> Self {
        Self {
            origin: Origin::NameAndKey(Arc::new(NameAndKey { subject, public_key })),
            validity: AnchorValidity::Ignore,
            extensions: AnchorExtensions::Ignore,
            scope: Arc::default(),
        }
    }

    /// This anchor with another rule for its certificate's validity period.
    #[must_use]
    pub fn with_validity(mut self, validity: AnchorValidity) -> Self {
        self.validity = validity;
        self
    }

    /// This anchor with another rule for its certificate's extensions.
    #[must_use]
    pub fn with_extensions(mut self, extensions: AnchorExtensions) -> Self {
        self.extensions = extensions;
        self
    }

    /// This anchor, good for what is in `scope` and nothing else.
    #[must_use]
    pub fn with_scope(mut self, scope: AnchorScope) -> Self {
        self.scope = Arc::new(scope);
        self
    }

    /// The trusted name.
    #[must_use]
    pub fn subject(&self) -> &Name {
        match &self.origin {
            Origin::Certificate(certificate) => certificate.subject(),
            Origin::NameAndKey(anchor) => &anchor.subject,
        }
    }

    /// The trusted key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        match &self.origin {
            Origin::Certificate(certificate) => certificate.public_key(),
            Origin::NameAndKey(anchor) => &anchor.public_key,
        }
    }

    /// The certificate the anchor was made from.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.origin {
            Origin::Certificate(certificate) => Some(certificate),
            Origin::NameAndKey(_) => None,
        }
    }

    /// Whether paths are held to the certificate's validity period.
    #[must_use]
    pub fn validity(&self) -> AnchorValidity {
        self.validity
    }

    /// Whether paths are held to the certificate's extensions.
    #[must_use]
    pub fn extensions(&self) -> AnchorExtensions {
        self.extensions
    }

    /// What the anchor is good for.
    #[must_use]
    pub fn scope(&self) -> &AnchorScope {
        &self.scope
    }

    /// Whether `certificate` certifies this anchor's key under this anchor's name.
    pub(super) fn is_of(&self, certificate: &Certificate) -> bool {
        self.public_key() == certificate.public_key() && self.subject().matches(certificate.subject())
    }
}

impl fmt::Debug for TrustAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustAnchor")
            .field("subject", self.subject())
            .field("validity", &self.validity)
            .field("extensions", &self.extensions)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

impl PartialEq for NameAndKey {
    fn eq(&self, other: &Self) -> bool {
        self.public_key == other.public_key && self.subject.as_der() == other.subject.as_der()
    }
}

impl Eq for NameAndKey {}

impl std::hash::Hash for NameAndKey {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.subject.as_der().hash(state);
        self.public_key.hash(state);
    }
}

/// What the validity period of a trust anchor's certificate means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnchorValidity {
    /// A path through the anchor holds only in this period.
    Enforce,
    /// Nothing: the caller trusts name and key for as long as the anchor is in the store (RFC 5280 §6.1.1).
    Ignore,
}

/// What the extensions of a trust anchor's certificate mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnchorExtensions {
    /// They constrain paths as those of the first certificate of the path would (RFC 5937 §3): `cA` if there is
    /// basicConstraints, pathLenConstraint, keyUsage, extKeyUsage, nameConstraints, certificate policies if it names any,
    /// critical extensions that are not processed.
    Enforce,
    /// Nothing (RFC 5280 §6.1.1).
    Ignore,
}

/// The trust anchors for one purpose.
///
/// Documents and time-stamps have a store each: an anchor for one is not an anchor for the other.
///
/// ```
/// use wathiqa::x509::TrustStore;
/// let store = TrustStore::from_iter([]);
/// assert!(store.is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct TrustStore {
    anchors: Vec<TrustAnchor>,
    by_subject: BTreeMap<Box<[u8]>, Vec<usize>>,
}

impl TrustStore {
    /// All anchors, in the order given, each once.
    #[must_use]
    pub fn anchors(&self) -> &[TrustAnchor] {
        &self.anchors
    }

    /// Whether there is no anchor, so that no path can be built.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.anchors.is_empty()
    }

    /// The anchors whose name [matches](Name::matches) `subject`, in the order given.
    pub fn by_subject(&self, subject: &Name) -> impl Iterator<Item = &TrustAnchor> {
        let positions = self.by_subject.get(subject.key()).map(Vec::as_slice).unwrap_or_default();
        positions.iter().filter_map(|position| self.anchors.get(*position))
    }

    /// Whether an anchor has the name and the key of `certificate`.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.by_subject(certificate.subject()).any(|anchor| anchor.is_of(certificate))
    }
}

impl FromIterator<TrustAnchor> for TrustStore {
    fn from_iter<I: IntoIterator<Item = TrustAnchor>>(anchors: I) -> Self {
        let mut seen = HashSet::new();
        let anchors: Vec<TrustAnchor> = anchors.into_iter().filter(|anchor| seen.insert(anchor.clone())).collect();
        let mut by_subject: BTreeMap<Box<[u8]>, Vec<usize>> = BTreeMap::new();
        for (position, anchor) in anchors.iter().enumerate() {
            by_subject.entry(anchor.subject().key().into()).or_default().push(position);
        }
        Self { anchors, by_subject }
    }
}
