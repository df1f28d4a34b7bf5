//! Octets that are kept in place when they are few. Certificates are full of identifiers, nearly all of them short.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// Compared and hashed as octets, wherever they are kept.
#[derive(Clone)]
pub(super) enum Octets {
    Short { octets: [u8; SHORT], len: u8 },
    Long(Cow<'static, [u8]>),
}

/// As many as the other variant leaves room for.
const SHORT: usize = 15;

impl Octets {
    pub(super) fn new(from: &[u8]) -> Self {
        let mut octets = [0; SHORT];
        match (octets.get_mut(..from.len()), u8::try_from(from.len())) {
            (Some(used), Ok(len)) => {
                used.copy_from_slice(from);
                Self::Short { octets, len }
            }
            _ => Self::Long(Cow::Owned(from.to_vec())),
        }
    }

    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Short { octets, len } => octets.get(..usize::from(*len)).unwrap_or_default(),
            Self::Long(octets) => octets,
        }
    }
}

impl PartialEq for Octets {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Octets {}

impl PartialOrd for Octets {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Octets {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl Hash for Octets {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_slice().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn octets_are_the_same_wherever_they_are_kept() {
        for len in [0, 1, SHORT - 1, SHORT, SHORT + 1, 40] {
            let octets = Octets::new(&vec![0x2a; len]);
            let elsewhere = Octets::Long(Cow::Owned(vec![0x2a; len]));
            assert_eq!(octets.as_slice(), vec![0x2a; len]);
            assert_eq!(matches!(octets, Octets::Short { .. }), len <= SHORT, "{len}");
            assert!(octets == elsewhere && octets.cmp(&elsewhere) == Ordering::Equal);
            assert!(HashSet::from([octets.clone()]).contains(&elsewhere));
            assert!(octets < Octets::Long(Cow::Borrowed(&[0x2b])) && octets < Octets::new(&[0x2a; 41]));
        }
        assert_eq!(size_of::<Octets>(), size_of::<Vec<u8>>());
    }
}
