//! The attendance dialect by its protocol chapter: every worked message byte for byte, tables of what real
//! machines send, and parse∘write = id. A test behind which a rule of the list of quirks stands has its
//! number in front.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod attlog;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod dialects;
#[cfg(test)]
mod handshake;
#[cfg(test)]
mod info;
#[cfg(test)]
mod listing;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod operlog;
#[cfg(test)]
mod options;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod questions;
#[cfg(test)]
mod results;
#[cfg(test)]
mod routing;
#[cfg(test)]
mod texts;
