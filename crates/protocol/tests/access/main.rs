//! The access dialect by its protocol chapter: every worked message, tables of what real machines send, and
//! parse∘write = id. A test behind which a rule of the list of quirks stands has its number in front.

#[cfg(test)]
mod classes;
#[cfg(test)]
mod events;
#[cfg(test)]
#[path = "../attendance/listing.rs"]
#[expect(dead_code, reason = "one list of all messages is the attendance dialect's")]
mod listing;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod tables;
