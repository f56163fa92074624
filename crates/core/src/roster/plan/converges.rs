//! Rule 3.5: from any starting point, under any loss, duplication and reordering, list and machine come to agree.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const PEOPLE: usize = 4;
const PINS: i64 = 4;

/// Somebody as a model of a machine holds them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct There {
    name: String,
    role: Role,
    barred: bool,
    /// Whose finger it is: what must never open under another name.
    finger: Option<usize>,
}

#[derive(Debug, Clone)]
struct Entry {
    pin: Option<i64>,
    name: String,
    role: Role,
    enabled: bool,
}

/// What happens to a message: the command is lost, the answer is lost, both arrive, or the command arrives twice.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Lost,
    Unanswered,
    Done,
    Twice,
}

#[derive(Debug, Clone)]
enum Happens {
    /// The list changes.
    Change { who: usize, pin: Option<i64>, role: Role, enabled: bool, name: bool },
    /// The next step of a number meets a fate.
    Say { which: usize, fate: Fate },
    /// The machine forgets everybody, and says so.
    Wiped,
    /// Somebody enrols a finger at the machine.
    Enrol { pin: i64 },
    /// Everything is to be sent again.
    Force,
}

struct World {
    ids: Vec<EmployeeId>,
    list: Vec<Entry>,
    machine: BTreeMap<i64, There>,
    applied: BTreeMap<i64, Has>,
    kept: BTreeMap<i64, Option<usize>>,
    can: Can,
}

impl World {
    fn holder(&self, pin: i64) -> Option<usize> {
        self.list.iter().position(|entry| entry.pin == Some(pin))
    }

    fn want(&self, pin: i64) -> Option<Want<'_>> {
        let who = self.holder(pin)?;
        let (entry, employee) = (&self.list[who], &self.ids[who]);
        Some(Want { employee, name: &entry.name, role: entry.role, enabled: entry.enabled })
    }

    fn has(&self, pin: i64) -> Has {
        self.applied.get(&pin).cloned().unwrap_or_default()
    }

    /// Carries out a step as a machine does; safe to do twice.
    fn carry_out(&mut self, pin: i64, step: Step, who: Option<usize>, kept: Option<usize>) {
        match step {
            Step::Put | Step::Bar => {
                let entry = &self.list[who.unwrap()];
                let finger = self.machine.get(&pin).and_then(|there| there.finger).or(kept);
                let there =
                    There { name: entry.name.clone(), role: entry.role, barred: step == Step::Bar, finger };
                self.machine.insert(pin, there);
            }
            Step::Delete | Step::TakeOff => drop(self.machine.remove(&pin)),
            Step::BackUp => {}
        }
    }

    fn say(&mut self, pin: i64, fate: Fate) {
        let has = self.has(pin);
        let Next::Tell(step) = next(self.want(pin).as_ref(), &has, self.can) else { return };
        let who = self.holder(pin);
        let owner = match step {
            Step::Delete => has.owner.clone(),
            _ => who.map(|who| self.ids[who].clone()),
        };
        // Only what is this person's own is brought back: whoever had the number when it was read.
        let kept = self.kept.get(&pin).copied().flatten().filter(|finger| Some(*finger) == who);
        if step != Step::BackUp {
            // Written down before it leaves: from here on nobody knows.
            self.applied.insert(pin, Has { owner: owner.clone(), record: None, ..has });
        }
        if matches!(fate, Fate::Lost) {
            return;
        }
        self.carry_out(pin, step, who, kept);
        if matches!(fate, Fate::Twice) {
            self.carry_out(pin, step, who, kept);
        }
        if step == Step::BackUp {
            if !matches!(fate, Fate::Unanswered) {
                self.kept.insert(pin, self.machine.get(&pin).and_then(|there| there.finger));
                self.applied.insert(pin, Has { owner, backup: Backup::Complete, ..has });
            }
            return;
        }
        if matches!(fate, Fate::Unanswered) {
            return;
        }
        let record = |standing| {
            let entry = &self.list[who.unwrap()];
            Some(Record { name: entry.name.clone(), role: entry.role, standing })
        };
        let after = match step {
            Step::Put => Some(Has { owner, record: record(Standing::Present), ..Has::default() }),
            Step::Bar => Some(Has { owner, record: record(Standing::Barred), ..Has::default() }),
            Step::TakeOff => Some(Has { owner, record: record(Standing::Away), ..Has::default() }),
            Step::Delete | Step::BackUp => None,
        };
        match after {
            Some(after) => drop(self.applied.insert(pin, after)),
            None => {
                self.applied.remove(&pin);
                self.kept.remove(&pin);
            }
        }
    }

    fn happens(&mut self, what: Happens) {
        match what {
            Happens::Change { who, pin, role, enabled, name } => {
                let free = pin.is_none_or(|pin| self.holder(pin).is_none_or(|holder| holder == who));
                let entry = &mut self.list[who];
                if free {
                    entry.pin = pin;
                }
                entry.role = role;
                entry.enabled = enabled;
                if name {
                    entry.name.push('x');
                }
            }
            Happens::Say { which, fate } => {
                let is_due = |pin: &i64| {
                    matches!(next(self.want(*pin).as_ref(), &self.has(*pin), self.can), Next::Tell(_))
                };
                let due: Vec<_> = (1..=PINS).filter(is_due).collect();
                // In any order: the machine may be slow with one and quick with another.
                if let Some(pin) = due.get(which % due.len().max(1)) {
                    self.say(*pin, fate);
                }
            }
            Happens::Wiped => {
                self.machine.clear();
                self.applied.retain(|_, has| {
                    has.record.as_ref().is_some_and(|record| record.standing == Standing::Away)
                });
            }
            Happens::Enrol { pin } => {
                let owner = self.has(pin).owner;
                let who = self.ids.iter().position(|id| Some(id) == owner.as_ref());
                if let Some(there) = self.machine.get_mut(&pin) {
                    // Whoever stands at the machine is whose name it shows.
                    there.finger = who;
                }
            }
            Happens::Force => {
                for has in self.applied.values_mut() {
                    if has.somebody() {
                        has.record = None;
                    }
                }
            }
        }
    }
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(Role::ALL.to_vec())
}

fn fate() -> impl Strategy<Value = Fate> {
    prop::sample::select(vec![Fate::Lost, Fate::Unanswered, Fate::Done, Fate::Twice])
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        3 => (0..PEOPLE, prop::option::of(1..=PINS), role(), any::<bool>(), any::<bool>())
            .prop_map(|(who, pin, role, enabled, name)| Happens::Change { who, pin, role, enabled, name }),
        6 => (any::<usize>(), fate()).prop_map(|(which, fate)| Happens::Say { which, fate }),
        1 => Just(Happens::Wiped),
        1 => (1..=PINS).prop_map(|pin| Happens::Enrol { pin }),
        1 => Just(Happens::Force),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn roster_3_5_list_and_machine_come_to_agree(
        story in prop::collection::vec(happens(), 0..60),
        bar in any::<bool>(),
    ) {
        let ids: Vec<_> = (0..PEOPLE).map(|n| EmployeeId::new(&format!("e{n}")).unwrap()).collect();
        let entry = |n| Entry { pin: None, name: format!("n{n}"), role: Role::User, enabled: true };
        let mut world = World {
            ids,
            list: (0..PEOPLE).map(entry).collect(),
            machine: BTreeMap::new(),
            applied: BTreeMap::new(),
            kept: BTreeMap::new(),
            can: Can { bar, back_up: true },
        };
        for what in story {
            world.happens(what);
            // Never a finger under somebody else's name.
            for (pin, there) in &world.machine {
                let owner = world.applied.get(pin).and_then(|has| has.owner.clone());
                if let (Some(finger), Some(owner)) = (there.finger, owner) {
                    prop_assert_eq!(&world.ids[finger], &owner, "the finger on number {}", pin);
                }
            }
        }
        // Now everything arrives: a few steps for each number are enough.
        for _ in 0..4 {
            for pin in 1..=PINS {
                world.say(pin, Fate::Done);
            }
        }
        for pin in 1..=PINS {
            let there = world.machine.get(&pin);
            match world.want(pin) {
                None => prop_assert_eq!(there, None),
                Some(want) if want.enabled => {
                    let there = there.expect("everybody enabled is there");
                    prop_assert_eq!(
                        (there.name.as_str(), there.role, there.barred),
                        (want.name, want.role, false)
                    );
                }
                Some(_) => prop_assert!(there.is_none_or(|there| there.barred)),
            }
            prop_assert_eq!(next(world.want(pin).as_ref(), &world.has(pin), world.can), Next::Nothing);
        }
    }
}
