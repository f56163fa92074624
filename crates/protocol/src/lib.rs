//! Bytes to values and back for the dialects attendance machines speak.
//!
//! Nothing here does I/O, asks a clock or knows a database: the listener hands in what a machine sent and
//! gets values, the simulated machine uses the same modules the other way round. The chapter numbers in
//! the documentation (“§7”) are those of the protocol reference *attendance-push*; numbers such as “P2” or
//! “R1” are the rules of its list of quirks.
//!
//! * [`http`]: what a request head says: target, query, endpoint.
//! * [`dialect`]: which of the three dialects a request belongs to.
//! * [`attendance`]: the messages of the attendance dialect, one module each.
//! * [`access`], [`fk`]: the other two dialects.
//! * [`order`]: what a machine can be told, before it is put into the words of a dialect.
//! * [`querydata`]: answers to queries, which both iclock dialects send the same way.
//! * [`codes`]: why a machine did not do something, by names that are the same for all dialects.
//! * [`ids`], [`time`], [`text`], [`base64`]: serial numbers, wall-clock times, text of unknown encoding, Base64.

pub mod access;
pub mod attendance;
pub mod base64;
pub mod codes;
pub mod dialect;
pub mod fk;
pub mod http;
pub mod ids;
pub mod order;
pub mod querydata;
pub mod text;
pub mod time;

pub use dialect::{Dialect, detect};
pub use ids::{Sn, SnError};
pub use time::{TimeError, WallTime};
