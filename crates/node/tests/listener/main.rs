//! The machine listener over real sockets, byte for byte. Every test carries the number of the rule it stands for; the
//! rules are those of the protocol notes (`quirks`).

mod bodies;
mod clocks;
mod headers;
mod identity;
mod routing;
mod storage;
mod support;
mod transport;
