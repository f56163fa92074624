//! Simulated machines of three dialects, one or ten thousand: `attendance`, `access` and `fk`, each in a folder of its own,
//! over a memory, a wire, a clock and [`Faults`] they share.
//!
//! As strict as real ones: they search answers case-sensitively, drop lines without an end, take an upload for
//! accepted only after a clean 200 with `OK`, and keep everything else for later (attendance-push §12, quirks H and
//! A). A server that satisfies them has not been helped by a polite client.
//!
//! ```no_run
//! # async fn story() {
//! use rollcall_machine::Machine;
//! let server: std::net::SocketAddr = ([127, 0, 0, 1], 8083).into();
//! let machine = Machine::builder("CQZ7000000001").server(server).start();
//! machine.punch("1001");
//! machine.wait_uploaded().await;
//! assert_eq!(machine.memory().acknowledged().len(), 1);
//! # }
//! ```
//!
//! Bytes are written and read here a second time, apart from `rollcall-protocol`, on purpose: what the server
//! writes is read by other hands than those that wrote it.

mod access;
mod attendance;
mod base64;
mod clock;
mod faults;
mod fields;
mod fk;
mod fleet;
mod habits;
mod journal;
mod life;
mod machine;
mod memory;
mod profile;
pub mod wire;

pub use faults::Faults;
pub use fleet::{Counters, Fleet, FleetOptions};
pub use habits::Habits;
pub use journal::{Execution, Journal};
pub use machine::{Machine, MachineBuilder, MachineHandle, Phase, State, Totals};
pub use memory::{Kind, Memory, Person, Punch, Slot, Template, Templates};
pub use profile::{Dialect, Profile};
pub use wire::{HttpVersion, ServerAddress, ServerAddressError};
