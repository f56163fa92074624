//! A small HTTP/1.x server side, made for machines: heads, bodies and answers as bytes, and the reading of them
//! from a socket. What a request means is no business of this folder.

pub(crate) mod body;
pub(crate) mod buffers;
pub(crate) mod head;
pub(crate) mod response;
pub(crate) mod socket;
pub(crate) mod stream;
