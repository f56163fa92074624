//! The attendance dialect (“iclock”, ADMS), one module per message. Reading and writing live side by side, so
//! that the listener and the simulated machine cannot drift apart.

pub mod answer;
pub mod attlog;
pub mod codes;
pub mod command;
pub mod fields;
pub mod handshake;
pub mod info;
pub mod operlog;
mod option_block;
pub mod options;
pub mod orders;
pub mod picture;
pub mod questions;
pub mod request;
pub mod results;
mod table;
pub mod template;
pub mod user;

pub use table::Table;
