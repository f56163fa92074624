//! The access-control dialect (“Security PUSH”), on the same paths as the attendance dialect; “§” here are the chapters of
//! the protocol reference *access-push*. What both iclock dialects have in common (command framing, results, options) is
//! in [`crate::attendance`].
//!
//! * [`configuration`], [`request`], [`answer`]: registering, what is asked, what is answered.
//! * [`event`], [`class`]: what happened at a door, and whether it is a punch.
//! * [`row`], [`people`], [`templates`], [`errors`]: the tables a machine sends.
//! * [`state`], [`time`]: how the doors stand; packed times.
//! * [`orders`], [`codes`]: what it can be told, and what it says to that.

pub mod answer;
pub mod class;
pub mod codes;
pub mod configuration;
pub mod errors;
pub mod event;
pub mod orders;
pub mod people;
pub mod request;
pub mod row;
pub mod state;
pub mod templates;
pub mod time;
