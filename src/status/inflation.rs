//! zlib streams (RFC 1950), inflated no further than allowed.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_COMPUTE_ADLER32, TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use crate::status::StatusListError;

/// The octets that all of `stream` stands for, at most `limit` of them.
///
/// A stream can stand for a thousand times its octets, so room is made as it is needed, twice as much each time.
pub(super) fn inflate(stream: &[u8], limit: usize) -> Result<Vec<u8>, StatusListError> {
    let mut decompressor = Box::<DecompressorOxide>::default();
    let first = stream.len().saturating_mul(2).max(FIRST_ROOM);
    let mut inflated = vec![0; first.min(limit)];
    let (mut consumed, mut written) = (0, 0);
    loop {
        let rest = stream.get(consumed..).unwrap_or_default();
        let (status, read, wrote) = decompress(&mut decompressor, rest, &mut inflated, written, FLAGS);
        consumed += read;
        written += wrote;
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if inflated.len() < limit => {
                inflated.resize(inflated.len().saturating_mul(2).min(limit), 0);
            }
            TINFLStatus::HasMoreOutput => return Err(StatusListError::ArrayTooLarge { limit }),
            TINFLStatus::Adler32Mismatch => return Err(StatusListError::Zlib { fault: "its checksum does not match" }),
            TINFLStatus::FailedCannotMakeProgress | TINFLStatus::NeedsMoreInput => {
                return Err(StatusListError::Zlib { fault: "it ends early" });
            }
            _ => return Err(StatusListError::Zlib { fault: "it is malformed" }),
        }
    }
    match stream.len() - consumed {
        0 => {
            inflated.truncate(written);
            Ok(inflated)
        }
        count => Err(StatusListError::TrailingOctets { count }),
    }
}

const FLAGS: u32 = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | TINFL_FLAG_COMPUTE_ADLER32;

/// Enough for the lists of most offices at once.
const FIRST_ROOM: usize = 4096;

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::*;

    fn refused(stream: &[u8], limit: usize) -> String {
        inflate(stream, limit).unwrap_err().to_string()
    }

    #[test]
    fn both_sides_of_the_limit() {
        for size in [0, 1, 4095, 4096, 4097, 20_000] {
            let stream = compress_to_vec_zlib(&vec![7; size], 9);
            assert_eq!(inflate(&stream, size), Ok(vec![7; size]), "{size}");
            assert_eq!(inflate(&stream, size + 1), Ok(vec![7; size]), "{size}");
            if let Some(limit) = size.checked_sub(1) {
                let expected = format!("status list: the array has more than {limit} octets");
                assert_eq!(refused(&stream, limit), expected);
            }
        }
    }

    #[test]
    fn a_stream_that_is_not_whole_or_not_alone() {
        let stream = compress_to_vec_zlib(b"some octets that compress badly: 0123456789", 9);
        for end in 0..stream.len() {
            assert_eq!(
                refused(&stream[..end], 100),
                "status list: the array is no zlib stream: it ends early",
                "{end}"
            );
        }
        let mut longer = stream.clone();
        longer.extend([0, 0]);
        assert_eq!(refused(&longer, 100), "status list: 2 octets behind the zlib stream");
        let mut other_sum = stream.clone();
        *other_sum.last_mut().unwrap() ^= 1;
        let expected = "status list: the array is no zlib stream: its checksum does not match";
        assert_eq!(refused(&other_sum, 100), expected);
        assert_eq!(refused(b"not zlib at all", 100), "status list: the array is no zlib stream: it is malformed");
        // The same octets as raw DEFLATE (RFC 1951).
        assert!(refused(&stream[2..], 100).starts_with("status list: the array is no zlib stream: "));
    }
}
