//! What a machine remembers: people, which templates they have, punches, and how far it has uploaded them.

mod person;

use std::collections::{BTreeMap, HashSet, VecDeque};

use rollcall_protocol::WallTime;

pub use person::{Kind, Person, Slot, Template, Templates};

/// One identification, as the machine keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Punch {
    /// Counts up for as long as the simulation runs, over wipes too; not sent to the server.
    pub sequence: u64,
    /// Number of the record on the machine; begins anew when the log is cleared.
    pub index: u64,
    /// Number of the person.
    pub pin: String,
    /// The machine's wall time.
    pub time: WallTime,
    /// Chosen key; 255 = none.
    pub status: u8,
    /// How the person was recognised (attendance-push §7).
    pub verify: u8,
    /// What happened at the door (access-push §13); 0 where machines know nothing else.
    pub event: u16,
}

/// Something a machine tells by itself besides punches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// The table it is posted to.
    pub(crate) table: &'static str,
    /// What is posted; of some tables several make one request.
    pub(crate) body: Vec<u8>,
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
    gone: Vec<Punch>,
    index: u64,
    /// Who was seen when, ever: even a wiped machine whose clock was set back sees nobody twice in the same second.
    seen: HashSet<(String, WallTime)>,
    /// Door permissions by number (access only).
    doors: BTreeMap<String, String>,
    reports: VecDeque<Report>,
    capacity: Option<usize>,
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

    /// Punches that were deleted before the server had accepted them; it may have them all the same, if its answer was lost.
    #[must_use]
    pub fn gone(&self) -> &[Punch] {
        &self.gone
    }

    /// Whether somebody may open the door (access terminals; elsewhere nobody needs to).
    #[must_use]
    pub fn authorized(&self, pin: &str) -> bool {
        self.doors.contains_key(normal_pin(pin))
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

    pub(crate) fn authorize(&mut self, pin: &str, door: String) {
        self.doors.insert(normal_pin(pin).to_owned(), door);
    }

    pub(crate) fn revoke(&mut self, pin: &str) -> bool {
        self.doors.remove(normal_pin(pin)).is_some()
    }

    pub(crate) const fn doors(&self) -> &BTreeMap<String, String> {
        &self.doors
    }

    pub(crate) fn clear_doors(&mut self) {
        self.doors.clear();
    }

    pub(crate) fn clear_templates(&mut self, mut which: impl FnMut(&Slot) -> bool) {
        self.people.values_mut().for_each(|person| {
            person.templates.forget(&mut which);
        });
    }

    pub(crate) fn people_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.people.values_mut()
    }

    /// Whether one more person would not fit.
    pub(crate) fn full(&self) -> bool {
        self.capacity.is_some_and(|most| self.people.len() >= most)
    }

    pub(crate) const fn limit(&mut self, people: usize) {
        self.capacity = Some(people);
    }

    pub(crate) fn report(&mut self, table: &'static str, body: Vec<u8>) {
        // A machine has little memory; the newest counts.
        if self.reports.len() >= 1000 {
            self.reports.pop_front();
        }
        self.reports.push_back(Report { table, body });
    }

    pub(crate) fn next_report(&self) -> Option<Report> {
        self.reports.front().cloned()
    }

    pub(crate) fn reported(&mut self, report: &Report) {
        if self.reports.front() == Some(report) {
            self.reports.pop_front();
        }
    }

    /// Stores a punch under exactly this time.
    pub(crate) fn punch(&mut self, pin: &str, time: WallTime, status: u8, verify: u8) -> Punch {
        self.record(pin, time, status, verify, 0)
    }

    /// Stores a punch or whatever else happened at a door.
    pub(crate) fn record(&mut self, pin: &str, time: WallTime, status: u8, verify: u8, event: u16) -> Punch {
        self.sequence += 1;
        self.index += 1;
        let (sequence, index) = (self.sequence, self.index);
        let punch = Punch { sequence, index, pin: pin.to_owned(), time, status, verify, event };
        self.seen.insert((pin.to_owned(), time));
        self.punches.push(punch.clone());
        punch
    }

    /// The first second from `time` on in which this person has not been seen. A machine needs a second to look at the
    /// same person again; two equal lines would be one punch to everybody.
    pub(crate) fn free_second(&self, pin: &str, mut time: WallTime) -> WallTime {
        while self.seen.contains(&(pin.to_owned(), time)) {
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
        self.gone.extend(self.punches.iter().skip(self.position).cloned());
        self.punches.clear();
        self.index = 0;
        self.rewind();
    }

    pub(crate) fn clear_people(&mut self) {
        self.people.clear();
    }

    /// Factory state, but for what the simulation itself keeps count of.
    pub(crate) fn wipe(&mut self) {
        self.clear_punches();
        self.clear_people();
        self.clear_doors();
        self.settings.clear();
        self.reports.clear();
    }

    pub(crate) fn in_range(&self, from: WallTime, to: WallTime) -> Vec<Punch> {
        self.punches.iter().filter(|punch| from <= punch.time && punch.time <= to).cloned().collect()
    }

    pub(crate) fn fingerprints(&self) -> usize {
        self.people.values().map(|person| person.templates.fingers()).sum()
    }

    pub(crate) fn faces(&self) -> usize {
        self.people.values().filter(|person| person.templates.face()).count()
    }
}

/// A picture taken with a punch: not much of a face, but bytes that are no text.
pub(crate) fn picture(punch: &Punch) -> Vec<u8> {
    let mut jpeg = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\n\x80\xFE=\t".to_vec();
    jpeg.extend_from_slice(&punch.sequence.to_be_bytes());
    jpeg.extend_from_slice(b"\xFF\xD9");
    jpeg
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
    fn d7_a_cleared_log_begins_its_index_anew_and_knows_what_is_gone() {
        let mut memory = Memory::default();
        memory.punch("1", time(0), 0, 15);
        memory.advance(memory.era(), 1);
        memory.punch("2", time(0), 0, 15);
        memory.clear_punches();
        assert_eq!(memory.punch("3", time(1), 0, 15).index, 1);
        let gone: Vec<_> = memory.gone().iter().map(|punch| punch.pin.as_str()).collect();
        assert_eq!((gone, memory.acknowledged().len()), (vec!["2"], 1));
        assert_eq!(memory.free_second("2", time(0)), time(1), "seen is seen");
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
