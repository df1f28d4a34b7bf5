//! The members of the document that was read before: the next is often like it, of the same issuer and kind, in the same
//! language.

use crate::encoding::json::{Passed, Place, Scanner};

use super::{KINDS, Member};

/// Of each kind of member how it stood last, what it said, and which kind followed it.
///
/// A member that stands there again, octet for octet, is not read again.
#[derive(Debug, Default)]
pub(super) struct MembersBefore {
    /// By kind; behind them is what a document begins with.
    kinds: [Before; KINDS + 1],
    /// The kind that was passed last.
    last: usize,
}

#[derive(Debug, Default)]
struct Before {
    /// `None` where it is to be read each time.
    says: Option<Member<'static>>,
    passed: Passed,
    next: usize,
}

impl MembersBefore {
    /// Begins with another document.
    pub(super) fn begin(&mut self) {
        self.last = KINDS;
    }

    /// Passes over the next member and the comma behind it, if they stand as they did in the document before.
    pub(super) fn pass(&mut self, scanner: &mut Scanner<'_, '_>) -> Option<Member<'static>> {
        let likely = self.kinds.get(self.last)?.next;
        let Before { says, passed, .. } = self.kinds.get(likely)?;
        let member = (*says)?;
        scanner.pass(passed)?;
        self.last = likely;
        Some(member)
    }

    /// Keeps a member that was read, and how it stood from its place on, if a comma is behind it.
    pub(super) fn keep(&mut self, member: Member<'_>, stood: Option<(&Scanner<'_, '_>, Place)>) {
        let kind = member.kind();
        if let Some(last) = self.kinds.get_mut(self.last) {
            last.next = kind;
        }
        self.last = kind;
        let Some(before) = self.kinds.get_mut(kind) else { return };
        before.says = member
            .by_octets()
            .filter(|_| stood.is_some_and(|(scanner, place)| scanner.keep(place, &mut before.passed)));
    }
}
