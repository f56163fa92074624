//! The site: what is true about machines, people and punches, and what follows from it.
//!
//! One folder per thing the administrator talks about, SQLite underneath, no HTTP. A write goes through
//! [`Site::write`] and is answered only after it is durably on disk; a read goes through [`Site::read`] and is never
//! blocked by a write.

pub mod appeals;
pub mod attendance;
pub mod audit;
pub mod clock;
pub mod commands;
pub mod db;
pub mod directory;
pub mod dispatch;
pub mod enrolments;
pub mod jobs;
pub mod machine_log;
pub mod machines;
pub mod numbers;
pub mod page;
pub mod pictures;
pub mod private_file;
pub mod punch_files;
pub mod punches;
pub mod reuploads;
pub mod roster;
pub mod schedule;
pub mod settings;
mod site;
pub mod text;
pub mod uploads;
pub mod vault;

pub use audit::Actor;
pub use clock::{Clock, Timestamp};
pub use rollcall_protocol::{Sn, WallTime};
/// A connection that reads; named here so that hosts need no dependency on the database crate.
pub use rusqlite::Connection;
pub use site::{OpenError, Site, SiteOptions};
pub use vault::Vault;
