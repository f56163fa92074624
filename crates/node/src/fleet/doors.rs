//! How the doors of an access machine stand: sent every few seconds, so only the last word is kept, and only in memory
//! (S4).

use parking_lot::Mutex;
use rollcall_protocol::WallTime;
use rollcall_protocol::access::state::DoorState;
use rollcall_protocol::text::truncate_bytes;

/// Bytes of a value that are kept: sixteen doors and their alarms need fewer.
const LONGEST: usize = 64;

/// The last word on the doors of one machine.
#[derive(Debug, Default)]
pub(crate) struct Doors(Mutex<Option<DoorsView>>);

/// How the doors of a machine stand, as strings of hexadecimal digits with a group of bits per door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorsView {
    /// By the machine's clock.
    pub wall: Option<WallTime>,
    /// Door contacts.
    pub sensor: String,
    /// Locks.
    pub relay: String,
    /// Alarms.
    pub alarm: String,
    /// What else the firmware says of the doors.
    pub door: String,
}

impl Doors {
    /// Takes over what the machine says.
    pub(crate) fn take(&self, state: &DoorState<'_>) {
        let kept = |text: &str| truncate_bytes(text, LONGEST).to_owned();
        *self.0.lock() = Some(DoorsView {
            wall: state.time,
            sensor: kept(&state.sensor),
            relay: kept(&state.relay),
            alarm: kept(&state.alarm),
            door: kept(&state.door),
        });
    }

    /// The last word.
    pub(crate) fn view(&self) -> Option<DoorsView> {
        self.0.lock().clone()
    }
}
