//! Members that a walk passed over, to be passed over again where they stand once more.

/// A place in a text that is walked over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(super) position: usize,
    pub(super) members_left: usize,
}

impl Place {
    /// The octets before it.
    pub(crate) fn position(self) -> usize {
        self.position
    }
}

/// A member of an object, from behind the bracket or comma before it to the comma behind it.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    pub(super) octets: Vec<u8>,
    /// How many members and elements it is.
    pub(super) members: usize,
    /// How many objects and arrays are in it one in the other, at most.
    pub(super) depth: u32,
}

impl Passed {
    /// Longer members are not kept.
    pub(super) const MOST_OCTETS: usize = 512;
}
