//! Reading a body to its end, whatever says where that is (T5): kept when wanted and affordable, else thrown away
//! so that the answer can still be read by the machine (A7).

use super::head::Framing;
use super::stream::{Broken, PIECE, Wire};
use crate::listener::limits::{Lease, Limits};

/// Bytes of a body that are read before everybody else has a turn. One that is there already would be read in pieces of
/// megabytes otherwise, and polls would wait for it.
const STRETCH: usize = 128 * 1024;

/// Room that is made for a body of which nothing has come yet.
const FIRST_PIECE: usize = 4 * 1024;

/// What to do with the body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Appetite {
    /// Keep it if it has no more than so many bytes.
    Keep(usize),
    /// Read and throw away: whatever it says, the answer is the same.
    Discard,
}

/// A body that arrived whole (T7: one that does not is [`Broken`], and never gets this far).
#[derive(Debug)]
pub(crate) enum Body {
    Kept(Vec<u8>),
    /// Read, but not kept: nobody asked for it.
    Discarded,
    /// Larger than wanted; thrown away.
    TooLarge,
    /// There was no memory left for it; thrown away.
    NoMemory,
    /// Larger than [`Limits::discard`], and not read to its end: the connection cannot go on.
    Endless,
    /// The chunk lengths make no sense: the connection cannot go on.
    Unreadable,
}

/// Collects bytes up to the limits, and counts what it cannot keep.
struct Collector<'a> {
    limits: &'a Limits,
    most: usize,
    lease: Lease,
    body: Body,
    seen: u64,
}

impl Collector<'_> {
    /// Makes room for `more` bytes, or gives up keeping.
    fn make_room(&mut self, more: usize) {
        let Body::Kept(bytes) = &mut self.body else { return };
        let needed = bytes.len().saturating_add(more);
        if needed > self.most {
            self.give_up(Body::TooLarge);
        } else if needed > bytes.capacity() {
            let doubled = bytes.capacity().saturating_mul(2).min(self.most).max(needed);
            match [doubled, needed].into_iter().find(|size| self.lease.cover(*size)) {
                Some(size) => bytes.reserve_exact(size - bytes.len()),
                None => self.give_up(Body::NoMemory),
            }
        }
    }

    fn give_up(&mut self, as_what: Body) {
        self.body = as_what;
        self.lease.end();
    }

    fn push(&mut self, part: &[u8]) {
        self.seen = self.seen.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        self.make_room(part.len());
        if let Body::Kept(bytes) = &mut self.body {
            bytes.extend_from_slice(part);
        }
    }

    fn endless(&self) -> bool {
        self.seen > self.limits.discard
    }
}

/// Reads the body of a request whose head has been taken out of `wire.input`, with a lease that covers nothing yet. It is
/// to be held as long as the body.
pub(crate) async fn read(
    wire: &mut Wire<'_>,
    framing: Framing,
    appetite: Appetite,
    limits: &Limits,
    lease: Lease,
) -> Result<(Body, Lease), Broken> {
    let (body, most) = match appetite {
        Appetite::Keep(most) => (Body::Kept(Vec::new()), most),
        Appetite::Discard => (Body::Discarded, 0),
    };
    let mut collector = Collector { limits, most, lease, body, seen: 0 };
    match framing {
        Framing::Empty => {}
        Framing::Length(length) if length > limits.discard => {
            return Ok((Body::Endless, collector.lease));
        }
        Framing::Length(length) => {
            let announced = usize::try_from(length).unwrap_or(usize::MAX);
            if announced > most && matches!(collector.body, Body::Kept(_)) {
                collector.body = Body::TooLarge;
            }
            collector.most = most.min(announced);
            read_length(wire, announced, &mut collector).await?;
        }
        Framing::Chunked => read_chunked(wire, &mut collector).await?,
        Framing::UntilClose => read_until_close(wire, &mut collector).await?,
    }
    let body = if collector.endless() { Body::Endless } else { collector.body };
    Ok((body, collector.lease))
}

async fn read_length(
    wire: &mut Wire<'_>,
    length: usize,
    collector: &mut Collector<'_>,
) -> Result<(), Broken> {
    let arrived = wire.input.len().min(length);
    collector.push(wire.input.get(..arrived).unwrap_or_default());
    wire.input.drain(..arrived);
    let (mut left, mut at_a_stretch) = (length - arrived, 0);
    while left > 0 {
        // Room for as much again as has come: whoever announces much and sends little holds little.
        let piece = left.min(PIECE).min((length - left).max(FIRST_PIECE));
        collector.make_room(piece);
        let read = match &mut collector.body {
            Body::Kept(bytes) => wire.fill_other(bytes, piece).await?,
            _ => wire.skip(piece).await?,
        };
        left -= read;
        at_a_stretch += read;
        if at_a_stretch >= STRETCH {
            at_a_stretch = 0;
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

async fn read_until_close(wire: &mut Wire<'_>, collector: &mut Collector<'_>) -> Result<(), Broken> {
    // A POST without body from an old machine looks the same until it stays silent (T4).
    if wire.input.is_empty() {
        match tokio::time::timeout(collector.limits.silence, wire.fill_or_end()).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) | Err(_) => return Ok(()),
            Ok(Err(broken)) => return Err(broken),
        }
    }
    loop {
        collector.push(&wire.input);
        wire.input.clear();
        if collector.endless() || !wire.fill_or_end().await? {
            return Ok(());
        }
    }
}

async fn read_chunked(wire: &mut Wire<'_>, collector: &mut Collector<'_>) -> Result<(), Broken> {
    let mut chunks = Chunks::default();
    loop {
        let mut used = 0;
        let state = loop {
            let rest = wire.input.get(used..).unwrap_or_default();
            match chunks.next(rest) {
                Chunk::Skip(bytes) => used += bytes,
                Chunk::Data(bytes) => {
                    collector.push(rest.get(..bytes).unwrap_or_default());
                    used += bytes;
                }
                state => break state,
            }
        };
        wire.input.drain(..used);
        match state {
            Chunk::End => return Ok(()),
            Chunk::Unreadable => {
                collector.body = Body::Unreadable;
                return Ok(());
            }
            _ if collector.endless() => return Ok(()),
            _ => wire.fill().await?,
        }
    }
}

/// Where in a chunked body the reader is.
#[derive(Debug, Default)]
enum Chunks {
    /// In front of a line with a length.
    #[default]
    Size,
    /// Inside data, with this many bytes to come.
    Data(usize),
    /// Behind data, in front of its line end.
    Gap,
    /// Behind the last chunk, in front of trailer lines.
    Trailer,
    Done,
}

/// What the bytes in front of a chunk reader are.
#[derive(Debug, PartialEq, Eq)]
enum Chunk {
    /// So many bytes that carry no data.
    Skip(usize),
    /// So many bytes of data.
    Data(usize),
    /// More bytes are needed to say.
    Wait,
    End,
    Unreadable,
}

/// Longest line with a length, chunk extensions included; and longest trailer line.
const CHUNK_LINE: usize = 256;

impl Chunks {
    fn next(&mut self, bytes: &[u8]) -> Chunk {
        match self {
            Self::Done => Chunk::End,
            Self::Data(left) => {
                let ready = bytes.len().min(*left);
                *left -= ready;
                if *left == 0 {
                    *self = Self::Gap;
                }
                if ready == 0 { Chunk::Wait } else { Chunk::Data(ready) }
            }
            Self::Size | Self::Gap | Self::Trailer => {
                let window = bytes.get(..CHUNK_LINE).unwrap_or(bytes);
                let Some(end) = window.iter().position(|byte| *byte == b'\n') else {
                    return if window.len() == CHUNK_LINE { Chunk::Unreadable } else { Chunk::Wait };
                };
                let line = window.get(..end).unwrap_or_default().trim_ascii();
                match self {
                    Self::Gap if line.is_empty() => *self = Self::Size,
                    Self::Trailer if line.is_empty() => *self = Self::Done,
                    Self::Trailer => {}
                    Self::Size => match chunk_size(line) {
                        Some(0) => *self = Self::Trailer,
                        Some(size) => *self = Self::Data(size),
                        None => return Chunk::Unreadable,
                    },
                    _ => return Chunk::Unreadable,
                }
                Chunk::Skip(end + 1)
            }
        }
    }
}

fn chunk_size(line: &[u8]) -> Option<usize> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Feeds `parts` to a reader of chunks; the body, or `None` when it is unreadable or has no end.
    fn decode(parts: &[&[u8]]) -> Option<Vec<u8>> {
        let (mut chunks, mut waiting, mut body) = (Chunks::default(), Vec::new(), Vec::new());
        for part in parts {
            waiting.extend_from_slice(part);
            loop {
                match chunks.next(&waiting) {
                    Chunk::Skip(bytes) => drop(waiting.drain(..bytes)),
                    Chunk::Data(bytes) => body.extend(waiting.drain(..bytes)),
                    Chunk::Wait => break,
                    Chunk::End => return Some(body),
                    Chunk::Unreadable => return None,
                }
            }
        }
        None
    }

    #[test]
    fn t5_chunks_with_extensions_and_trailers() {
        let text = b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n";
        assert_eq!(decode(&[text]).unwrap(), b"hello world");
        assert_eq!(decode(&[b"A\n0123456789\n0\n\n"]).unwrap(), b"0123456789");
    }

    #[test]
    fn t7_broken_or_unfinished_chunks_make_no_body() {
        for text in [
            &b"5\r\nhello\r\n"[..],
            b"5\r\nhello\r\n0\r\n",
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"-1\r\n",
            b"\r\n\r\n",
            b"FFFFFFFFFFFFFFFFFF\r\n",
        ] {
            assert_eq!(decode(&[text]), None, "{:?}", String::from_utf8_lossy(text));
        }
        assert_eq!(decode(&[&[b'1'; 300]]), None);
    }

    proptest! {
        #[test]
        fn chunks_cut_anywhere_give_the_same_body(
            body in prop::collection::vec(any::<u8>(), 1..200),
            sizes in prop::collection::vec(1_usize..40, 1..20),
            cut in 1_usize..30,
        ) {
            let (mut wire, mut rest, mut sizes) = (Vec::new(), &body[..], sizes.iter().cycle());
            while !rest.is_empty() {
                let (part, next) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
                wire.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
                wire.extend_from_slice(part);
                wire.extend_from_slice(b"\r\n");
                rest = next;
            }
            wire.extend_from_slice(b"0\r\n\r\n");
            let parts: Vec<&[u8]> = wire.chunks(cut).collect();
            prop_assert_eq!(decode(&parts), Some(body));
        }
    }
}
