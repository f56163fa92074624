//! The site on the network: the listener the machines push to, the console API, and the program `rollcalld`.
//!
//! [`Node`] is the whole of it, started and stopped as one; a host (the headless program, the desktop window, a test)
//! needs ten lines.

pub mod api;
mod assets;
pub mod events;
pub mod fleet;
pub mod listener;
pub mod log;
mod node;
mod photo;
pub mod workers;

pub use node::{Node, NodeOptions, StartError};
