//! Buffers that are only held while a request is under way: ten thousand idle connections then cost next to
//! nothing, and a poll allocates nothing.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// What a head and a batch of two hundred punches fit into.
const CAPACITY: usize = 16 * 1024;
/// Buffers kept per thread; more are only in use at once when many requests wait in the middle.
const KEPT: usize = 64;

thread_local! {
    static FREE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// An empty byte buffer that goes back to its thread's pool when dropped.
#[derive(Debug)]
pub(crate) struct Buffer(Vec<u8>);

impl Buffer {
    pub(crate) fn take() -> Self {
        let kept = FREE.with_borrow_mut(Vec::pop);
        Self(kept.unwrap_or_else(|| Vec::with_capacity(CAPACITY)))
    }
}

impl Deref for Buffer {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut buffer = std::mem::take(&mut self.0);
        // One that grew for a large head or answer is not worth keeping.
        if buffer.capacity() == CAPACITY {
            buffer.clear();
            // The pool is gone when a thread ends while a connection is dropped on it.
            let _ = FREE.try_with(|free| {
                let mut free = free.borrow_mut();
                if free.len() < KEPT {
                    free.push(buffer);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_and_a_grown_one_does_not() {
        let mut first = Buffer::take();
        first.extend_from_slice(b"secret");
        let address = first.as_ptr();
        drop(first);
        let second = Buffer::take();
        assert!(second.is_empty());
        assert_eq!(second.as_ptr(), address);
        let mut grown = Buffer::take();
        grown.resize(CAPACITY * 2, 0);
        drop(grown);
        assert_eq!(Buffer::take().capacity(), CAPACITY);
    }
}
