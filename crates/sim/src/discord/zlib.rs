//! `zlib-stream` compression: one deflate context for a whole connection, each frame flushed on a byte boundary.

use flate2::{Compress, Compression, FlushCompress};

/// The bytes every compressed frame ends with.
#[cfg(test)]
pub(crate) const SUFFIX: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
const SPACE: usize = 4_096;

/// The deflate context of one connection.
pub(crate) struct ZlibStream(Compress);

impl ZlibStream {
    pub(crate) fn new() -> Self {
        Self(Compress::new(Compression::default(), true))
    }

    /// Compresses one frame. The result can be read as soon as it has arrived whole.
    pub(crate) fn frame(&mut self, text: &str) -> Result<Vec<u8>, flate2::CompressError> {
        let mut input = text.as_bytes();
        let mut output = Vec::with_capacity(text.len() / 2 + SPACE);
        loop {
            let before = self.0.total_in();
            self.0.compress_vec(input, &mut output, FlushCompress::Sync)?;
            let read = usize::try_from(self.0.total_in() - before).unwrap_or(0);
            input = input.get(read..).unwrap_or_default();
            let room = output.len() < output.capacity();
            if input.is_empty() && room {
                return Ok(output);
            }
            output.reserve(SPACE);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use flate2::{Decompress, FlushDecompress};

    #[test]
    fn frames_share_one_context_and_end_on_the_suffix() {
        let mut stream = ZlibStream::new();
        let mut reader = Decompress::new(true);
        let mut sizes = Vec::new();
        for length in [10_usize, 10, 3_000, 100_000, 1, 4_090, 4_096, 5_000] {
            let text: String = (0..length)
                .map(|n| char::from(b'a' + u8::try_from((n * n + length) % 26).unwrap()))
                .collect();
            let packed = stream.frame(&text).unwrap();
            assert_eq!(&packed[packed.len() - 4..], SUFFIX);
            let mut out = Vec::with_capacity(length + 64);
            reader
                .decompress_vec(&packed, &mut out, FlushDecompress::Sync)
                .unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
            sizes.push(packed.len());
        }
        assert!(sizes[1] < sizes[0], "the second frame knows the first");
    }
}
