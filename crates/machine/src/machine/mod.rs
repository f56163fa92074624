//! A machine as tests and people hold it: build one, punch on it, look into it.

mod builder;
mod handle;
mod state;

pub use builder::MachineBuilder;
pub use handle::MachineHandle;
pub(crate) use state::Shared;
pub use state::{Phase, State, Totals};

/// A simulated machine; see [`Machine::builder`].
#[derive(Debug)]
pub struct Machine;

impl Machine {
    /// Begins a machine with this serial number, taken as it is: a wrong one is the commonest fault in the field.
    #[must_use]
    pub fn builder(sn: impl Into<String>) -> MachineBuilder {
        MachineBuilder::new(sn.into())
    }
}
