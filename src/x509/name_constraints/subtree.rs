//! Subtrees, and the names that are compared with them.

use super::host::{DnsName, Host, HostSubtree};
use crate::x509::{GeneralName, Name, NameForm};

/// A subtree of names of one form.
#[derive(Debug, Clone)]
pub(super) enum Subtree {
    DirectoryName(Name),
    DnsName(HostSubtree),
    Mailbox(Mailbox),
    MailHost(HostSubtree),
    UriHost(HostSubtree),
    IpAddress(IpSubtree),
    /// A form that cannot be compared.
    Other(NameForm),
}

impl Subtree {
    /// The subtree with this base, or `None` if the base is malformed.
    pub(super) fn new(base: GeneralName) -> Option<Self> {
        Some(match base {
            GeneralName::DirectoryName(name) => Self::DirectoryName(name),
            GeneralName::DnsName(text) => Self::DnsName(HostSubtree::new(&text)?),
            GeneralName::Rfc822Name(text) if text.contains('@') => Self::Mailbox(Mailbox::new(&text)?),
            GeneralName::Rfc822Name(text) => Self::MailHost(HostSubtree::new(&text)?),
            // Seen in the field: whole URIs, which say nothing here. Where a URI occurs, such a subtree refuses it.
            GeneralName::Uri(text) => HostSubtree::new(&text).map_or(Self::Other(NameForm::Uri), Self::UriHost),
            GeneralName::IpAddress(octets) => Self::IpAddress(IpSubtree::new(&octets)?),
            other => Self::Other(other.form()),
        })
    }

    pub(super) fn form(&self) -> NameForm {
        match self {
            Self::DirectoryName(_) => NameForm::DirectoryName,
            Self::DnsName(_) => NameForm::DnsName,
            Self::Mailbox(_) | Self::MailHost(_) => NameForm::Rfc822Name,
            Self::UriHost(_) => NameForm::Uri,
            Self::IpAddress(_) => NameForm::IpAddress,
            Self::Other(form) => *form,
        }
    }

    /// Whether the subtree, permitted, has all that `subject` stands for; `None` if that cannot be told.
    pub(super) fn permits(&self, subject: &Subject<'_>) -> Option<bool> {
        match (self, subject) {
            (Self::DnsName(subtree), Subject::DnsName(name)) => Some(subtree.has_all(name)),
            _ => self.has(subject, Malformed::Outside),
        }
    }

    /// Whether the subtree, excluded, has anything that `subject` stands for; `None` if that cannot be told.
    pub(super) fn excludes(&self, subject: &Subject<'_>) -> Option<bool> {
        match (self, subject) {
            (Self::DnsName(subtree), Subject::DnsName(name)) => Some(subtree.has_some(name)),
            // A name that is excluded in one string type is not let through in another.
            (Self::DirectoryName(base), Subject::DirectoryName(name)) => Some(name.may_be_within(base)),
            _ => self.has(subject, Malformed::Inside),
        }
    }

    fn has(&self, subject: &Subject<'_>, malformed: Malformed) -> Option<bool> {
        Some(match (self, subject) {
            (Self::Other(_), _) => return None,
            (Self::DirectoryName(base), Subject::DirectoryName(name)) => name.is_within(base),
            (Self::Mailbox(only), Subject::Mailbox(mailbox)) => mailbox == only,
            (Self::MailHost(subtree), Subject::Mailbox(mailbox)) => subtree.has(&mailbox.host),
            (Self::UriHost(subtree), Subject::UriHost(host)) => subtree.has(host),
            (Self::IpAddress(subtree), Subject::IpAddress(address)) => subtree.has(address),
            _ => matches!(malformed, Malformed::Inside),
        })
    }
}

/// Where a malformed name is counted.
enum Malformed {
    Inside,
    Outside,
}

/// A name, read as its form asks for.
pub(super) enum Subject<'a> {
    DirectoryName(&'a Name),
    DnsName(DnsName),
    Mailbox(Mailbox),
    UriHost(Host),
    IpAddress(&'a [u8]),
    /// Malformed, or of a form that cannot be compared.
    Other(NameForm),
}

impl<'a> Subject<'a> {
    pub(super) fn new(name: &'a GeneralName) -> Self {
        let read = match name {
            GeneralName::DirectoryName(name) => Some(Self::DirectoryName(name)),
            GeneralName::DnsName(text) => DnsName::new(text).map(Self::DnsName),
            GeneralName::Rfc822Name(text) => Mailbox::new(text).map(Self::Mailbox),
            GeneralName::Uri(text) => uri_host(text).map(Self::UriHost),
            GeneralName::IpAddress(octets) if matches!(octets.len(), 4 | 16) => Some(Self::IpAddress(octets)),
            _ => None,
        };
        read.unwrap_or(Self::Other(name.form()))
    }

    pub(super) fn form(&self) -> NameForm {
        match self {
            Self::DirectoryName(_) => NameForm::DirectoryName,
            Self::DnsName(_) => NameForm::DnsName,
            Self::Mailbox(_) => NameForm::Rfc822Name,
            Self::UriHost(_) => NameForm::Uri,
            Self::IpAddress(_) => NameForm::IpAddress,
            Self::Other(form) => *form,
        }
    }
}

/// `local@host`: the local part as written, the host without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mailbox {
    local: Box<str>,
    host: Host,
}

impl Mailbox {
    /// Local parts that quote an `@` are left out: what one reader takes for the host, another takes for the mailbox.
    fn new(text: &str) -> Option<Self> {
        let (local, host) = text.split_once('@').filter(|(local, _)| !local.is_empty())?;
        Some(Self { local: local.into(), host: Host::new(host)? })
    }
}

/// The host in the authority of a URI (RFC 3986 §3.2), if it is a name: §4.2.1.10 refuses addresses.
fn uri_host(text: &str) -> Option<Host> {
    let (scheme, rest) = text.split_once("://")?;
    if scheme.is_empty() || !scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet)) {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host_and_port.split_once(':') {
        Some((host, port)) if port.bytes().all(|octet| octet.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host_and_port,
    };
    Host::new(host).filter(|host| !host.is_address())
}

/// An address and a mask, of four or sixteen octets each.
#[derive(Debug, Clone)]
pub(super) struct IpSubtree {
    address: Box<[u8]>,
    mask: Box<[u8]>,
}

impl IpSubtree {
    fn new(octets: &[u8]) -> Option<Self> {
        let half = match octets.len() {
            8 => 4,
            32 => 16,
            _ => return None,
        };
        let (address, mask) = octets.split_at_checked(half)?;
        // Leading ones and then zeros (RFC 4632).
        let mut after_ones = mask.iter().skip_while(|octet| **octet == 0xff);
        let is_prefix = after_ones.next().is_none_or(|octet| octet.leading_ones() + octet.trailing_zeros() == 8)
            && after_ones.all(|octet| *octet == 0);
        is_prefix.then(|| Self { address: address.into(), mask: mask.into() })
    }

    fn has(&self, address: &[u8]) -> bool {
        let masked =
            |octets: &[u8]| -> Vec<u8> { octets.iter().zip(&self.mask).map(|(octet, mask)| octet & mask).collect() };
        self.address.len() == address.len() && masked(&self.address) == masked(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(base: GeneralName, name: GeneralName) -> Option<(bool, bool)> {
        let subtree = Subtree::new(base).unwrap();
        let subject = Subject::new(&name);
        Some((subtree.permits(&subject)?, subtree.excludes(&subject)?))
    }

    const IN: Option<(bool, bool)> = Some((true, true));
    const OUT: Option<(bool, bool)> = Some((false, false));
    /// Neither permitted nor clear of what is excluded.
    const MALFORMED: Option<(bool, bool)> = Some((false, true));

    #[test]
    fn mailboxes() {
        let judge =
            |base: &str, name: &str| judge(GeneralName::Rfc822Name(base.into()), GeneralName::Rfc822Name(name.into()));
        assert_eq!(judge("root@example.gov", "root@Example.GOV"), IN);
        assert_eq!(judge("root@example.gov", "Root@example.gov"), OUT);
        assert_eq!(judge("*@example.gov", "root@example.gov"), OUT);
        assert_eq!(judge("example.gov", "anyone@example.gov"), IN);
        assert_eq!(judge("example.gov", "anyone@a.example.gov"), OUT);
        assert_eq!(judge(".example.gov", "anyone@a.example.gov"), IN);
        assert_eq!(judge(".example.gov", "anyone@example.gov"), OUT);
        for malformed in ["", "example.gov", "@example.gov", "a@b@example.gov", "a@[192.0.2.1]", "a@"] {
            assert_eq!(judge("example.gov", malformed), MALFORMED, "{malformed}");
        }
        assert!(Subtree::new(GeneralName::Rfc822Name("@example.gov".into())).is_none());
    }

    #[test]
    fn uris() {
        let judge = |base: &str, name: &str| judge(GeneralName::Uri(base.into()), GeneralName::Uri(name.into()));
        assert_eq!(judge("example.gov", "https://user@EXAMPLE.gov:443/path?a@b"), IN);
        assert_eq!(judge("example.gov", "https://a.example.gov"), OUT);
        assert_eq!(judge(".example.gov", "ldap://a.b.example.gov/cn=x"), IN);
        assert_eq!(judge(".example.gov", "https://example.gov#x"), OUT);
        for malformed in [
            "urn:a:b",
            "mailto:a@example.gov",
            "https://",
            "https://192.0.2.1/",
            "https://[2001:db8::1]/",
            "://example.gov",
        ] {
            assert_eq!(judge("example.gov", malformed), MALFORMED, "{malformed}");
        }
    }

    #[test]
    fn addresses() {
        let judge =
            |base: &[u8], name: &[u8]| judge(GeneralName::IpAddress(base.into()), GeneralName::IpAddress(name.into()));
        let net = [192, 0, 2, 0, 255, 255, 255, 128];
        assert_eq!(judge(&net, &[192, 0, 2, 127]), IN);
        assert_eq!(judge(&net, &[192, 0, 2, 128]), OUT);
        assert_eq!(judge(&net, &[0; 16]), OUT);
        assert_eq!(judge(&[0; 8], &[1, 2, 3, 4]), IN);
        assert_eq!(judge(&[0; 32], &[1; 16]), IN);
        assert_eq!(judge(&net, &[192, 0, 2]), MALFORMED);
        for malformed in [&[192, 0, 2, 0][..], &[1, 1, 1, 1, 255, 0, 255, 0], &[1, 1, 1, 1, 0, 255, 255, 255], &[1; 8]]
        {
            assert!(Subtree::new(GeneralName::IpAddress(malformed.into())).is_none(), "{malformed:?}");
        }
    }

    #[test]
    fn a_form_that_cannot_be_compared_says_so() {
        let uri = GeneralName::Uri("https://example.gov/".into());
        assert_eq!(judge(uri.clone(), uri), None);
        let id = GeneralName::RegisteredId(crate::oid::KP_TIME_STAMPING);
        assert_eq!(judge(id.clone(), id), None);
    }
}
