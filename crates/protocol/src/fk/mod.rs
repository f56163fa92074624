//! The FK dialect (“BS SDK”), most likely what 科密 machines speak: JSON and binary parts behind headers of their own.
//! The chapter is *fk-http*.
//!
//! * [`request`]: what a request asks, by its headers; what answers are called.
//! * [`frame`], [`json`]: a body taken apart, and written, in both generations.
//! * [`assembly`]: messages cut into blocks.
//! * [`punch`], [`log`], [`modes`]: punches sent at once and fetched later, and what their numbers mean.
//! * [`people`]: who is on a machine.
//! * [`poll`]: what a machine says of itself.
//! * [`orders`], [`codes`]: what it can be told, and what it answers.

pub mod assembly;
pub mod codes;
pub mod frame;
pub mod json;
pub mod log;
pub mod modes;
pub mod orders;
pub mod people;
pub mod poll;
pub mod punch;
pub mod request;
pub mod time;
