//! The socket of one connection and what has arrived on it.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::BufMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::buffers::Buffer;
use super::socket::Socket;
use crate::listener::connections::Slot;

/// Bytes asked from the socket at a time while a body arrives.
pub(crate) const PIECE: usize = 64 * 1024;

/// How long, and for how many bytes, a refused request is listened to after its answer.
const PARTING: Duration = Duration::from_secs(5);
const PARTING_BYTES: usize = 4 * 1024 * 1024;

/// The connection is of no more use: reset, closed in the middle of a request (T7), or taken away because of its
/// time or its place. Nothing of the request may be processed, and nobody is there to be told.
#[derive(Debug)]
pub(crate) struct Broken;

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// A connection in the middle of a request.
pub(crate) struct Wire<'a> {
    pub(crate) stream: &'a mut dyn Socket,
    pub(crate) slot: &'a Slot,
    /// What has arrived and was not used yet.
    pub(crate) input: Buffer,
}

impl Wire<'_> {
    /// Waits for more bytes; the end of the connection in this place breaks the request.
    pub(crate) async fn fill(&mut self) -> Result<(), Broken> {
        if self.fill_or_end().await? { Ok(()) } else { Err(Broken) }
    }

    /// Like [`Wire::fill`], but for 1 to `most` bytes and past the input, to the end of `into`; how many came.
    pub(crate) async fn fill_other(&mut self, into: &mut Vec<u8>, most: usize) -> Result<usize, Broken> {
        match read(self.stream, into, most).await? {
            0 => Err(Broken),
            bytes => {
                self.slot.earn(bytes);
                Ok(bytes)
            }
        }
    }

    /// Waits for 1 to `most` bytes and forgets them; how many came. The input must be used up.
    pub(crate) async fn skip(&mut self, most: usize) -> Result<usize, Broken> {
        self.input.clear();
        let bytes = read(self.stream, &mut self.input, most).await?;
        self.input.clear();
        self.slot.earn(bytes);
        if bytes == 0 { Err(Broken) } else { Ok(bytes) }
    }

    /// Waits for more bytes or the orderly end of the connection; whether there were more.
    pub(crate) async fn fill_or_end(&mut self) -> Result<bool, Broken> {
        let bytes = read(self.stream, &mut self.input, PIECE).await?;
        self.slot.earn(bytes);
        Ok(bytes > 0)
    }

    /// Writes all of `bytes`, at once if the socket takes them (H8).
    pub(crate) async fn send(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let written = poll_fn(|context| self.stream.poll_send(context, rest)).await?;
            rest = rest.get(written..).unwrap_or_default();
        }
        Ok(())
    }

    /// Says that nothing more will be sent, then reads and forgets what still arrives, so that closing does not tear up
    /// the answer that is on its way: a close with unread bytes resets the connection.
    pub(crate) async fn part(&mut self) {
        let _ = tokio::time::timeout(PARTING, self.read_to_end()).await;
    }

    async fn read_to_end(&mut self) -> Result<(), Broken> {
        self.stream.shutdown().await?;
        let mut left = PARTING_BYTES;
        while left > 0 {
            left = left.saturating_sub(self.skip(PIECE).await?);
        }
        Ok(())
    }
}

/// Waits for the first bytes of a request without holding memory for them; their number, 0 at the end.
pub(crate) async fn first_bytes(stream: &mut dyn Socket) -> io::Result<(usize, Buffer)> {
    poll_fn(|context| {
        ready!(stream.poll_readable(context))?;
        let mut input = Buffer::take();
        // It may have been a false alarm; then the buffer goes back and the wait goes on.
        let bytes = ready!(pin!(stream.read_buf(&mut *input)).poll(context))?;
        Poll::Ready(Ok((bytes, input)))
    })
    .await
}

/// Reads 1 to `most` bytes into the spare capacity of `input`, none at the end of the connection.
async fn read(stream: &mut dyn Socket, input: &mut Vec<u8>, most: usize) -> io::Result<usize> {
    if input.len() == input.capacity() {
        let grown = input.capacity().max(1024);
        input.reserve(grown);
    }
    // No more than there is room for: what is not needed is not asked for.
    let spare = (input.capacity() - input.len()).min(most);
    stream.read_buf(&mut input.limit(spare)).await
}
