//! JSON Lines: one document on each line.

use std::io::{self, BufRead};

use crate::budget::Limits;

/// The lines of `octets`, a document on each, without their line ends (LF or CR LF). Empty lines are passed over.
pub fn json_lines(octets: &[u8]) -> impl Iterator<Item = &[u8]> + Send {
    let lines = octets.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty())
}

/// The lines of a reader, a document on each, without their line ends (LF or CR LF). Empty lines are passed over.
///
/// No line is kept beyond [`Limits::input_octets`]: of a longer one as many octets and one more are given, which is more
/// than a verifier takes, and the rest is passed over. After an error of the reader there is nothing more.
///
/// ```
/// use wathiqa::budget::Limits;
/// use wathiqa::bulk::JsonLines;
/// let lines = JsonLines::new(&b"{}\n\na.b.c"[..], &Limits::default());
/// let lines: Vec<Vec<u8>> = lines.collect::<Result<_, _>>()?;
/// assert_eq!(lines, [b"{}".to_vec(), b"a.b.c".to_vec()]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct JsonLines<R> {
    /// `None` behind the end or an error.
    reader: Option<R>,
    limit: usize,
}

impl<R: BufRead> JsonLines<R> {
    /// The lines of `reader`, each up to the limit that a verifier has for a document.
    #[must_use]
    pub fn new(reader: R, limits: &Limits) -> Self {
        Self { reader: Some(reader), limit: limits.input_octets }
    }

    /// Reads up to the next LF; `None` at the end.
    fn line(reader: &mut R, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        loop {
            let buffer = match reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                return Ok(Some(line).filter(|line| !line.is_empty()));
            }
            let end = buffer.iter().position(|octet| *octet == b'\n');
            let found = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            // Room for one octet above the limit, and for the CR that may be cut off.
            let room = limit.saturating_add(2).saturating_sub(line.len());
            line.extend_from_slice(found.get(..room).unwrap_or(found));
            let used = found.len() + usize::from(end.is_some());
            reader.consume(used);
            if end.is_some() {
                return Ok(Some(line));
            }
        }
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = match Self::line(self.reader.as_mut()?, self.limit) {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.reader = None;
                    return None;
                }
                Err(error) => {
                    self.reader = None;
                    return Some(Err(error));
                }
            };
            line.pop_if(|last| *last == b'\r');
            line.truncate(self.limit.saturating_add(1));
            if !line.is_empty() {
                return Some(Ok(line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    fn read(octets: &[u8], buffer: usize, limit: usize) -> Vec<Vec<u8>> {
        let limits = Limits { input_octets: limit, ..Limits::default() };
        JsonLines::new(BufReader::with_capacity(buffer, octets), &limits).map(Result::unwrap).collect()
    }

    #[test]
    fn lines_end_in_lf_or_cr_lf_and_empty_ones_are_no_documents() {
        let octets = b"a\r\n\n\r\n bc\nd\re\r\n\r\nf";
        let expected: [&[u8]; 4] = [b"a", b" bc", b"d\re", b"f"];
        assert_eq!(json_lines(octets).collect::<Vec<_>>(), expected);
        assert_eq!(read(octets, 3, 100), expected);
        assert_eq!(json_lines(b"\n\r\n").count(), 0);
        assert_eq!(read(b"", 3, 100).len(), 0);
    }

    #[test]
    fn a_line_beyond_the_limit_is_cut_so_that_it_stays_beyond_it() {
        let expected: [&[u8]; 3] = [b"abcd", b"abcde", b"xy"];
        for buffer in [1, 2, 7, 100] {
            assert_eq!(read(b"abcd\r\nabcdefghijkl\r\nxy", buffer, 4), expected);
        }
    }

    #[test]
    fn an_error_is_given_once_and_ends_the_lines() {
        struct Broken(bool);
        impl io::Read for Broken {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    return Err(io::Error::other("the disk is gone"));
                }
                buffer[..4].copy_from_slice(b"a\nbc");
                Ok(4)
            }
        }
        let mut lines = JsonLines::new(BufReader::new(Broken(false)), &Limits::default());
        assert_eq!(lines.next().unwrap().unwrap(), b"a");
        assert_eq!(lines.next().unwrap().unwrap_err().to_string(), "the disk is gone");
        assert!(lines.next().is_none());
    }

    proptest! {
        #[test]
        fn both_readers_agree(octets in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), any::<u8>()], 0..60), buffer in 1_usize..20) {
            prop_assert_eq!(read(&octets, buffer, 100), json_lines(&octets).map(<[u8]>::to_vec).collect::<Vec<_>>());
        }
    }
}
