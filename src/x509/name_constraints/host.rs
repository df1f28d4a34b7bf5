//! Host names and the subtrees of them.

/// A host name in lower case: labels of letters, digits, `-` and `_`, none empty. A dot at the end says nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host(Box<str>);

impl Host {
    pub(super) fn new(text: &str) -> Option<Self> {
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
        };
        let text = text.strip_suffix('.').unwrap_or(text);
        text.split('.').all(is_label).then(|| Self(text.to_ascii_lowercase().into()))
    }

    /// Whether the last label is a number, as in an IPv4 address.
    pub(super) fn is_address(&self) -> bool {
        self.0.rsplit('.').next().is_some_and(|label| label.bytes().all(|octet| octet.is_ascii_digit()))
    }

    /// Whether this host is `above` with labels before it.
    fn is_below(&self, above: &Self) -> bool {
        self.0.strip_suffix(&*above.0).is_some_and(|rest| rest.ends_with('.'))
    }

    /// The host without its first label.
    fn parent(&self) -> Option<&str> {
        self.0.split_once('.').map(|(_, parent)| parent)
    }
}

/// A dNSName: a host, or `*.` and a host, which stands for all hosts with one label more.
#[derive(Debug, Clone)]
pub(super) enum DnsName {
    Host(Host),
    Wildcard(Host),
}

impl DnsName {
    pub(super) fn new(text: &str) -> Option<Self> {
        match text.strip_prefix("*.") {
            Some(rest) => Host::new(rest).map(Self::Wildcard),
            None => Host::new(text).map(Self::Host),
        }
    }
}

/// A subtree of hosts.
#[derive(Debug, Clone)]
pub(super) enum HostSubtree {
    /// All hosts: the empty text.
    All,
    /// `.example`: the hosts below.
    Below(Host),
    /// `example`: the host, and for dNSName those below.
    At(Host),
}

impl HostSubtree {
    pub(super) fn new(text: &str) -> Option<Self> {
        match text.strip_prefix('.') {
            None if text.is_empty() => Some(Self::All),
            Some(rest) => Host::new(rest).map(Self::Below),
            None => Host::new(text).map(Self::At),
        }
    }

    /// Whether `host` is in the subtree, where a subtree without a leading dot is one host.
    pub(super) fn has(&self, host: &Host) -> bool {
        match self {
            Self::All => true,
            Self::Below(above) => host.is_below(above),
            Self::At(only) => host == only,
        }
    }

    /// Whether all hosts that `name` stands for are in the subtree, where a host includes those below.
    pub(super) fn has_all(&self, name: &DnsName) -> bool {
        match (self, name) {
            (Self::All, _) => true,
            (Self::Below(above), DnsName::Host(host)) => host.is_below(above),
            (Self::At(above), DnsName::Host(host))
            | (Self::At(above) | Self::Below(above), DnsName::Wildcard(host)) => host == above || host.is_below(above),
        }
    }

    /// Whether some host that `name` stands for is in the subtree, where a host includes those below.
    pub(super) fn has_some(&self, name: &DnsName) -> bool {
        match (self, name) {
            // `*.example` stands for `a.example` too.
            (Self::At(above), DnsName::Wildcard(host)) if above.parent() == Some(&*host.0) => true,
            _ => self.has_all(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_within_subtrees_by_labels_and_not_by_letters() {
        let table = [
            // subtree, name, permitted, excluded
            ("example", "example", true, true),
            ("example", "A.Example", true, true),
            ("example.", "a.example", true, true),
            ("example", "a.example.", true, true),
            ("example", "anexample", false, false),
            (".example", "example", false, false),
            (".example", "a.example", true, true),
            ("", "anything", true, true),
            ("example", "*.example", true, true),
            (".example", "*.example", true, true),
            ("a.example", "*.example", false, true),
            ("b.a.example", "*.example", false, false),
            (".a.example", "*.example", false, false),
        ];
        for (subtree, name, permitted, excluded) in table {
            let (subtree, name) = (HostSubtree::new(subtree).unwrap(), DnsName::new(name).unwrap());
            assert_eq!(
                (subtree.has_all(&name), subtree.has_some(&name)),
                (permitted, excluded),
                "{subtree:?} {name:?}"
            );
        }
        for malformed in ["", ".", "a..b", "a..", "*", "a.*.b", "w*.example", "a b", "a%2e"] {
            assert!(DnsName::new(malformed).is_none(), "{malformed}");
        }
        for malformed in [".", "..", "*.example", "a..", "..a"] {
            assert!(HostSubtree::new(malformed).is_none(), "{malformed}");
        }
        assert!(Host::new("192.0.2.1").unwrap().is_address() && !Host::new("2.example").unwrap().is_address());
    }
}
