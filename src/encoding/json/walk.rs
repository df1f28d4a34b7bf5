//! The walk over a value of any kind.

use super::cursor::Cursor;
use super::names::{Name, Names};

/// A walk over a value with all that is in it.
#[derive(Debug)]
pub(super) struct Walk<'a, 'm, 'n> {
    pub(super) cursor: Cursor<'a, 'm>,
    /// Members and elements that may still come.
    pub(super) members_left: usize,
    names: &'n mut Names,
    /// Objects and arrays that may be open, one in the other.
    most_depth: u32,
    /// How many are.
    depth: u32,
    /// Of each that is open a bit, the innermost as the lowest: whether it is an object.
    objects: u64,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// A value.
    Value,
    /// What stands behind a value.
    Behind,
}

impl<'a, 'm, 'n> Walk<'a, 'm, 'n> {
    pub(super) fn new(cursor: Cursor<'a, 'm>, members_left: usize, most_depth: u32, names: &'n mut Names) -> Self {
        Self { cursor, members_left, names, most_depth, depth: 0, objects: 0 }
    }

    /// Walks to the end of the value that begins here.
    #[inline(always)]
    pub(super) fn value(&mut self) -> Option<()> {
        loop {
            let next = match self.cursor.next()? {
                b'{' => self.object()?,
                b'[' => self.array()?,
                _ => {
                    self.cursor.scalar()?;
                    Next::Behind
                }
            };
            if next == Next::Behind && !self.behind()? {
                return Some(());
            }
        }
    }

    /// Walks into an object: to a value in it, or behind one, or behind its bracket if it is empty.
    #[inline(always)]
    fn object(&mut self) -> Option<Next> {
        let is_row = self.depth > 0 && !self.is_in_object();
        self.open(true)?;
        if let Some(next) = self.likely_members(is_row)? {
            return Some(next);
        }
        self.cursor.position += 1;
        if self.cursor.next()? == b'}' {
            return Some(Next::Behind);
        }
        self.name()
    }

    /// Walks into an array: to its first value, or behind its bracket if it is empty.
    #[inline(always)]
    fn array(&mut self) -> Option<Next> {
        self.open(false)?;
        self.cursor.position += 1;
        if self.cursor.next()? == b']' {
            return Some(Next::Behind);
        }
        self.members_left = self.members_left.checked_sub(1)?;
        Some(Next::Value)
    }

    /// Walks on behind a value, out of whatever ends there. Whether another value comes: else all has ended.
    #[inline(always)]
    fn behind(&mut self) -> Option<bool> {
        while self.depth > 0 {
            let closing = if self.is_in_object() { b'}' } else { b']' };
            match self.cursor.next()? {
                b',' => {
                    if self.comma()? == Next::Value {
                        return Some(true);
                    }
                }
                found if found == closing => {
                    self.cursor.position += 1;
                    (self.objects, self.depth) = (self.objects >> 1, self.depth - 1);
                }
                _ => return None,
            }
        }
        Some(false)
    }

    /// Walks from a comma to the next value, or behind one.
    #[inline(always)]
    fn comma(&mut self) -> Option<Next> {
        if self.is_in_object() {
            if let Some(next) = self.likely_members(false)? {
                return Some(next);
            }
            self.cursor.position += 1;
            return self.name();
        }
        self.cursor.position += 1;
        self.members_left = self.members_left.checked_sub(1)?;
        Some(Next::Value)
    }

    /// Opens an object or an array.
    #[inline(always)]
    fn open(&mut self, is_object: bool) -> Option<()> {
        if self.depth == self.most_depth {
            return None;
        }
        if is_object {
            self.names.at(self.depth)?.open();
        }
        (self.objects, self.depth) = (self.objects << 1 | u64::from(is_object), self.depth + 1);
        Some(())
    }

    /// Whether the innermost that is open is an object.
    #[inline(always)]
    fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    /// Walks over those members of the innermost object that are likely here, if there is one.
    #[inline(always)]
    fn likely_members(&mut self, is_row: bool) -> Option<Option<Next>> {
        let level = self.names.at(self.depth - 1)?;
        let rows = rows(self.cursor, level.likely(), is_row);
        level.take(rows.names);
        self.cursor.position = rows.end;
        self.members_left = self.members_left.checked_sub(rows.members)?;
        Some((rows.names > 0).then_some(rows.next))
    }

    /// Walks over a name and the colon behind it.
    #[inline(always)]
    fn name(&mut self) -> Option<Next> {
        self.members_left = self.members_left.checked_sub(1)?;
        self.cursor.position = self.names.at(self.depth - 1)?.pass(self.cursor)?;
        Some(Next::Value)
    }
}

/// How far [`rows`] came.
#[derive(Debug)]
struct Rows {
    end: usize,
    /// Members, and elements behind the first.
    members: usize,
    /// Members of the last object.
    names: usize,
    /// What comes there, if there is such a member.
    next: Next,
}

/// Walks over the members of an object from the bracket or comma that stands here, as long as they have `names` in their
/// order, and no objects or arrays and no white space in them; if `is_row`, then over the objects behind it in its array,
/// as long as all their members are such.
#[inline(never)]
fn rows(mut cursor: Cursor<'_, '_>, names: &[Name], is_row: bool) -> Rows {
    let mut members = 0;
    loop {
        let (passed, next) = row(&mut cursor, names);
        members += passed;
        if is_row && passed == names.len() && next == Next::Behind && cursor.literal(b"},{").is_some() {
            cursor.position -= 1;
            members += 1;
            continue;
        }
        return Rows { end: cursor.position, members, names: passed, next };
    }
}

/// Walks over one of [`rows`], not over the bracket that closes it: how many members it has, and what comes behind them.
#[inline(always)]
fn row(cursor: &mut Cursor<'_, '_>, names: &[Name]) -> (usize, Next) {
    let mut passed = 0;
    for name in names {
        if name.pass(cursor).is_none() {
            break;
        }
        passed += 1;
        let value = cursor.position;
        if cursor.likely_scalar().is_none() {
            cursor.position = value;
            return (passed, Next::Value);
        }
    }
    (passed, Next::Behind)
}
