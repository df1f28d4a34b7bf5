//! Tokens of one shape whose values lie at the same places, as most do: no walk is needed over the second.

use std::ops::Range;
use std::sync::Arc;

use crate::encoding::der::{Reader, Tag};

use super::{TokenShape, TokenValues, read, read_gen_time, walk, walk_tst_info};

/// Where the values lie in tokens of one shape and one length.
///
/// The lengths of all values stand in the octets that do not differ. So a token with these octets at their places has the
/// structure of the model, which was walked over.
#[derive(Debug)]
struct TokenLayout {
    model: Box<[u8]>,
    /// Where a token may differ from the model, in order.
    holes: Vec<Range<usize>>,
    /// The integers among the values, whole encodings.
    integers: Vec<Range<usize>>,
    /// A whole encoding.
    gen_time: Range<usize>,
    tst_info: Range<usize>,
    imprint: Range<usize>,
    message_digest: Range<usize>,
    attributes: Range<usize>,
    signature: Range<usize>,
}

impl TokenLayout {
    /// The layout of a token that has this shape.
    fn of(shape: &TokenShape, token: &[u8]) -> Option<Self> {
        let (_, values) = walk(token)?;
        let (_, variable) = walk_tst_info(values.tst_info)?;
        let place = |part: &[u8]| {
            let start = part.as_ptr().addr().checked_sub(token.as_ptr().addr())?;
            Some(start..start + part.len()).filter(|place| place.end <= token.len())
        };
        let attributes = place(values.attributes)?;
        let in_attributes = |place: &Range<usize>| attributes.start + place.start..attributes.start + place.end;
        let integers: Vec<_> =
            [Some(variable.serial_number), variable.nonce].into_iter().flatten().map(place).collect::<Option<_>>()?;
        let (imprint, gen_time, signature) =
            (place(values.imprint)?, place(variable.gen_time_der)?, place(values.signature)?);
        // Of a value with a short length its contents may differ: those are its octets but two.
        let contents = |der: &Range<usize>| (der.len() < 0x80).then_some(der.start + 2..der.end);
        let mut holes = vec![imprint.clone(), contents(&gen_time)?, signature.clone()];
        holes.extend(integers.iter().map(contents).collect::<Option<Vec<_>>>()?);
        holes.extend(shape.holes.iter().map(in_attributes));
        holes.sort_by_key(|hole| hole.start);
        Some(Self {
            model: token.into(),
            holes,
            integers,
            gen_time,
            tst_info: place(values.tst_info)?,
            imprint,
            message_digest: in_attributes(&shape.message_digest),
            attributes,
            signature,
        })
    }

    /// The values of a token of this layout.
    fn read<'a>(&self, token: &'a [u8]) -> Option<TokenValues<'a>> {
        let end = self.model.len();
        if token.len() != end {
            return None;
        }
        let mut from = 0;
        for (start, behind) in self.holes.iter().map(|hole| (hole.start, hole.end)).chain([(end, end)]) {
            if token.get(from..start)? != self.model.get(from..start)? {
                return None;
            }
            from = behind;
        }
        for integer in &self.integers {
            read(&mut Reader::new(token.get(integer.clone())?), Tag::INTEGER)?;
        }
        Some(TokenValues {
            tst_info: token.get(self.tst_info.clone())?,
            imprint: token.get(self.imprint.clone())?,
            gen_time: read_gen_time(&mut Reader::new(token.get(self.gen_time.clone())?))?.0,
            message_digest: token.get(self.message_digest.clone())?,
            attributes: token.get(self.attributes.clone())?,
            signature: token.get(self.signature.clone())?,
        })
    }
}

/// The layouts of tokens that were read.
#[derive(Debug, Default)]
pub(crate) struct TokenLayouts(Vec<(Arc<TokenShape>, TokenLayout)>);

impl TokenLayouts {
    /// As [`TokenShape::read`]. Of a token that is laid out like one before it, with the same `shape`, only what differs is
    /// looked at.
    pub(crate) fn read<'a>(&mut self, shape: &Arc<TokenShape>, token: &'a [u8]) -> Option<TokenValues<'a>> {
        let of_shape = self.0.iter().filter(|(other, _)| Arc::ptr_eq(other, shape));
        if let Some(values) = of_shape.map(|(_, layout)| layout).find_map(|layout| layout.read(token)) {
            return Some(values);
        }
        let values = shape.read(token)?;
        if self.0.len() < MOST
            && let Some(layout) = TokenLayout::of(shape, token)
        {
            self.0.push((shape.clone(), layout));
        }
        Some(values)
    }
}

/// Layouts that are kept. 64: an authority has some six, by the lengths of its signatures and serial numbers.
const MOST: usize = 64;
