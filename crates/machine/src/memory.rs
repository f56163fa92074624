//! What a machine remembers: people, which templates they have, punches, and how far it has uploaded them.

use std::collections::BTreeMap;

use rollcall_protocol::WallTime;

/// One identification, as the machine keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Punch {
    /// Counts up for as long as the simulation runs, over wipes too; not sent to the server.
    pub sequence: u64,
    /// Number of the person.
    pub pin: String,
    /// The machine's wall time.
    pub time: WallTime,
    /// Chosen key; 255 = none.
    pub status: u8,
    /// How the person was recognised (attendance-push §7).
    pub verify: u8,
}

/// A person enrolled on the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Number, without leading zeros as machines keep it.
    pub pin: String,
    /// Name on the machine's screen.
    pub name: String,
    /// 0 user, 2 registrar, 14 administrator.
    pub privilege: u8,
    /// Everything else the server sent with the person (`Card`, `Grp`, `TZ`, dates …), as sent.
    pub fields: BTreeMap<String, String>,
    /// Templates held, never their content.
    pub templates: Templates,
}

/// Which templates a person has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    /// One bit per finger.
    pub fingers: u16,
    /// A face, of whichever kind.
    pub face: bool,
    /// A palm or finger vein.
    pub palm: bool,
    /// A comparison photo.
    pub photo: bool,
}

/// The memory of a machine. A copy of it is what [`MachineHandle::memory`](crate::MachineHandle::memory) returns.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    people: BTreeMap<String, Person>,
    punches: Vec<Punch>,
    position: usize,
    sequence: u64,
    /// Grows when positions lose their meaning, so that a late acknowledgement moves nothing.
    era: u64,
    settings: BTreeMap<String, String>,
    acknowledged: Vec<Punch>,
}

impl Memory {
    /// Everybody enrolled, by number.
    pub fn people(&self) -> impl ExactSizeIterator<Item = &Person> {
        self.people.values()
    }

    /// One person.
    #[must_use]
    pub fn person(&self, pin: &str) -> Option<&Person> {
        self.people.get(normal_pin(pin))
    }

    /// Punches stored on the machine now, uploaded or not.
    #[must_use]
    pub fn punches(&self) -> &[Punch] {
        &self.punches
    }

    /// Punches the server has not yet accepted, oldest first.
    #[must_use]
    pub fn pending(&self) -> &[Punch] {
        self.punches.get(self.position..).unwrap_or_default()
    }

    /// Every punch the server has ever accepted, in order; a wiped machine still knows them here.
    #[must_use]
    pub fn acknowledged(&self) -> &[Punch] {
        &self.acknowledged
    }

    /// Settings made by the server.
    #[must_use]
    pub fn settings(&self) -> &BTreeMap<String, String> {
        &self.settings
    }

    pub(crate) const fn era(&self) -> u64 {
        self.era
    }

    pub(crate) fn enrol(&mut self, person: Person) {
        self.people.insert(person.pin.clone(), person);
    }

    pub(crate) fn person_mut(&mut self, pin: &str) -> Option<&mut Person> {
        self.people.get_mut(normal_pin(pin))
    }

    pub(crate) fn forget(&mut self, pin: &str) -> bool {
        self.people.remove(normal_pin(pin)).is_some()
    }

    pub(crate) fn set(&mut self, key: String, value: String) {
        self.settings.insert(key, value);
    }

    /// Stores a punch under exactly this time.
    pub(crate) fn punch(&mut self, pin: &str, time: WallTime, status: u8, verify: u8) -> Punch {
        self.sequence += 1;
        let punch = Punch { sequence: self.sequence, pin: pin.to_owned(), time, status, verify };
        self.punches.push(punch.clone());
        punch
    }

    /// The first second from `time` on in which this person has not been seen. A machine needs a second to look at the
    /// same person again; two equal lines would be one punch to everybody.
    pub(crate) fn free_second(&self, pin: &str, mut time: WallTime) -> WallTime {
        while self.punches.iter().rev().take(64).any(|known| known.pin == pin && known.time == time) {
            time = WallTime::from_seconds(time.seconds().saturating_add(1));
        }
        time
    }

    /// The server accepted `count` punches from the present position, read in `era`; says how many are still pending.
    pub(crate) fn advance(&mut self, era: u64, count: usize) -> usize {
        if era == self.era {
            let taken = self.punches.iter().skip(self.position).take(count);
            self.acknowledged.extend(taken.cloned());
            self.position = self.punches.len().min(self.position + count);
        }
        self.pending().len()
    }

    /// Everything shall be uploaded once more.
    pub(crate) fn rewind(&mut self) {
        self.position = 0;
        self.era += 1;
    }

    pub(crate) fn clear_punches(&mut self) {
        self.punches.clear();
        self.rewind();
    }

    pub(crate) fn clear_people(&mut self) {
        self.people.clear();
    }

    /// Factory state, but for what the simulation itself keeps count of.
    pub(crate) fn wipe(&mut self) {
        self.clear_punches();
        self.clear_people();
        self.settings.clear();
    }

    pub(crate) fn in_range(&self, from: WallTime, to: WallTime) -> Vec<Punch> {
        self.punches.iter().filter(|punch| from <= punch.time && punch.time <= to).cloned().collect()
    }

    pub(crate) fn fingerprints(&self) -> u32 {
        self.people.values().map(|person| person.templates.fingers.count_ones()).sum()
    }

    pub(crate) fn faces(&self) -> usize {
        self.people.values().filter(|person| person.templates.face).count()
    }
}

/// Machines drop leading zeros.
pub(crate) fn normal_pin(pin: &str) -> &str {
    let bare = pin.trim_start_matches('0');
    if bare.is_empty() && !pin.is_empty() { "0" } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(seconds: i64) -> WallTime {
        WallTime::from_seconds(1_800_000_000 + seconds)
    }

    #[test]
    fn the_same_person_is_not_seen_twice_within_a_second() {
        let mut memory = Memory::default();
        memory.punch("1001", time(0), 0, 15);
        assert_eq!(memory.free_second("1001", time(0)), time(1));
        assert_eq!(memory.free_second("1002", time(0)), time(0));
    }

    #[test]
    fn a_late_acknowledgement_after_a_wipe_moves_nothing() {
        let mut memory = Memory::default();
        memory.punch("1001", time(0), 0, 15);
        let era = memory.era();
        memory.clear_punches();
        memory.punch("1002", time(1), 0, 15);
        assert_eq!(memory.advance(era, 1), 1);
        assert!(memory.acknowledged().is_empty());
    }

    proptest! {
        #[test]
        fn acknowledged_and_pending_are_all_and_in_order(steps in prop::collection::vec(0_usize..4, 0..60)) {
            let mut memory = Memory::default();
            for (index, step) in steps.iter().enumerate() {
                if *step == 0 {
                    let pin = (index + 1).to_string();
                    memory.punch(&pin, time(0), 0, 1);
                } else {
                    let era = memory.era();
                    memory.advance(era, *step);
                }
            }
            let seen: Vec<_> = memory.acknowledged().iter().chain(memory.pending()).cloned().collect();
            prop_assert_eq!(seen, memory.punches().to_vec());
        }
    }
}
