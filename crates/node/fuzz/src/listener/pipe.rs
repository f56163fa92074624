//! Two ends that carry bytes, in one thread: nothing arrives late, and whether somebody waits for more can be seen.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

#[derive(Default)]
struct State {
    to_server: VecDeque<u8>,
    ended: bool,
    from_server: Vec<u8>,
    /// The server has asked for bytes that are not there.
    thirsty: bool,
    waiting: Option<Waker>,
}

/// The server's end.
pub struct Pipe {
    state: Arc<Mutex<State>>,
    /// The most bytes of one reading or writing.
    cut: usize,
}

/// Our end.
pub struct Far(Arc<Mutex<State>>);

impl Pipe {
    pub fn pair(cut: usize) -> (Self, Far) {
        let state = Arc::<Mutex<State>>::default();
        (Self { state: Arc::clone(&state), cut: cut.max(1) }, Far(state))
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn wake(state: &mut State) {
    if let Some(waker) = state.waiting.take() {
        waker.wake();
    }
}

impl Far {
    pub fn send(&self, bytes: &[u8]) {
        let mut state = lock(&self.0);
        state.to_server.extend(bytes);
        wake(&mut state);
    }

    pub fn end(&self) {
        let mut state = lock(&self.0);
        state.ended = true;
        wake(&mut state);
    }

    /// Everything the server has said since the last time.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut lock(&self.0).from_server)
    }

    /// From now on it counts whether the server asks.
    pub fn watch(&self) {
        lock(&self.0).thirsty = false;
    }

    pub fn is_thirsty(&self) -> bool {
        lock(&self.0).thirsty
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut state = lock(&self.state);
        let bytes = state.to_server.len().min(self.cut).min(into.remaining());
        if bytes > 0 {
            for byte in state.to_server.drain(..bytes) {
                into.put_slice(&[byte]);
            }
        } else if !state.ended {
            state.thirsty = true;
            state.waiting = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let taken = &bytes[..bytes.len().min(self.cut)];
        lock(&self.state).from_server.extend_from_slice(taken);
        Poll::Ready(Ok(taken.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
