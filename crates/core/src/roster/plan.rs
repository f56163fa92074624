//! What a machine still has to be told: a pure rule over what the list wants, what the machine has confirmed, and what it can do.
//!
//! For each number there is at most one next step. The machine's answer changes what is known, and the rule is asked again, so
//! that a crash, a lost answer, a command done twice and a machine that was wiped are all the same: another look at the
//! difference. Whatever is lost, the steps end where list and machine agree.

use serde::{Deserialize, Serialize};

use super::Role;
use crate::directory::EmployeeId;

/// Who is to be on the machine under a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want<'a> {
    /// Who.
    pub employee: &'a EmployeeId,
    /// Under which name.
    pub name: &'a str,
    /// What they may do there.
    pub role: Role,
    /// Whether they may identify there.
    pub enabled: bool,
}

/// How somebody stands with a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Standing {
    /// Is there and may identify.
    Present,
    /// Is there and may not: validity dates in the past, or no door.
    Barred,
    /// Was taken off the machine; what they identify by is kept here (attendance-push §17).
    Away,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Present, Self::Barred, Self::Away];

    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Barred => "barred",
            Self::Away => "away",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.name() == name)
    }
}

/// What a machine has confirmed of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The name it was told, uncut.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they stand with it.
    pub standing: Standing,
}

/// How far what somebody identifies by has been read, since when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backup {
    /// Not asked for.
    #[default]
    None,
    /// Asked for; not everything the machine counted is here yet.
    Reading,
    /// Everything is here.
    Complete,
}

/// What a machine has under a number, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Has {
    /// On whose behalf something was sent; nobody's when nothing ever was.
    pub owner: Option<EmployeeId>,
    /// What was confirmed last; none when something was sent since and nobody knows what came of it.
    pub record: Option<Record>,
    /// The machine itself says that it has somebody under this number.
    pub seen: bool,
    /// How far their backup is.
    pub backup: Backup,
}

impl Has {
    /// Whether the machine has, or may have, somebody under this number.
    pub fn somebody(&self) -> bool {
        match &self.record {
            Some(record) if record.standing == Standing::Away => false,
            Some(_) => true,
            None => self.owner.is_some() || self.seen,
        }
    }
}

/// What a machine can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Can {
    /// It has a way of holding people who may not identify.
    pub bar: bool,
    /// What somebody identifies by can be read from it.
    pub back_up: bool,
}

/// What the machine is to be told next about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// Write the person, with everything of theirs that is kept here and not there.
    Put,
    /// Write the person so that they may not identify.
    Bar,
    /// Send everything the person identifies by.
    BackUp,
    /// Delete the person, whose backup is complete, until they are enabled again.
    TakeOff,
    /// Delete the person.
    Delete,
}

/// What comes of a look at one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// List and machine agree.
    Nothing,
    /// The machine is to be told this.
    Tell(Step),
    /// Something is on its way here that has to arrive first.
    Wait,
    /// It cannot be done: the machine can neither bar the person nor hand out what they identify by, which would be lost.
    CannotDisable,
}

/// The next step for one number; `want` is the entry that has it now, if one has.
pub fn next(want: Option<&Want<'_>>, has: &Has, can: Can) -> Next {
    let foreign = |want: &Want<'_>| has.owner.as_ref().is_some_and(|owner| owner != want.employee);
    let Some(want) = want else {
        return if has.somebody() { Next::Tell(Step::Delete) } else { Next::Nothing };
    };
    // Somebody else's fingers must not open under this person's name: they go first (rule 3.7).
    if foreign(want) && has.somebody() {
        return Next::Tell(Step::Delete);
    }
    // Whom the machine was told about on somebody else's behalf, it does not have any more.
    let record = has.record.as_ref().filter(|_| !foreign(want));
    let as_wanted = |record: &Record| record.name == want.name && record.role == want.role;
    match (want.enabled, record) {
        (true, Some(record)) if record.standing == Standing::Present && as_wanted(record) => Next::Nothing,
        (true, _) => Next::Tell(Step::Put),
        (false, _) if !has.somebody() => Next::Nothing,
        (false, Some(record)) if record.standing == Standing::Barred && as_wanted(record) => Next::Nothing,
        (false, _) if can.bar => Next::Tell(Step::Bar),
        (false, _) => match has.backup {
            Backup::Complete => Next::Tell(Step::TakeOff),
            Backup::Reading => Next::Wait,
            Backup::None if can.back_up => Next::Tell(Step::BackUp),
            Backup::None => Next::CannotDisable,
        },
    }
}

/// A number, who is wanted under it, and what the machine has under it.
#[derive(Debug, Clone)]
pub struct Number<'a> {
    /// The number.
    pub pin: i64,
    /// Who is to have it.
    pub want: Option<Want<'a>>,
    /// What the machine has.
    pub has: Has,
}

/// What a machine has to be told, in the order in which it is told: whoever goes makes room for whoever comes, and a machine that
/// is to have an administrator has one before everybody else.
pub fn plan(numbers: &[Number<'_>], can: Can) -> Vec<(i64, Step)> {
    let mut steps: Vec<_> = numbers
        .iter()
        .filter_map(|number| match next(number.want.as_ref(), &number.has, can) {
            Next::Tell(step) => Some((rank(step, number.want.as_ref()), number.pin, step)),
            Next::Nothing | Next::Wait | Next::CannotDisable => None,
        })
        .collect();
    steps.sort_by_key(|(rank, pin, _)| (*rank, *pin));
    steps.into_iter().map(|(_, pin, step)| (pin, step)).collect()
}

fn rank(step: Step, want: Option<&Want<'_>>) -> u8 {
    match step {
        Step::Delete | Step::TakeOff => 0,
        Step::Bar | Step::BackUp => 1,
        Step::Put if want.is_some_and(|want| want.role == Role::Administrator) => 2,
        Step::Put => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAN_BAR: Can = Can { bar: true, back_up: true };
    const CANNOT_BAR: Can = Can { bar: false, back_up: true };
    const OLD: Can = Can { bar: false, back_up: false };

    fn id(text: &str) -> EmployeeId {
        EmployeeId::new(text).unwrap()
    }

    fn of(owner: &str, standing: Option<Standing>) -> Has {
        let record =
            standing.map(|standing| Record { name: "张三".to_owned(), role: Role::User, standing });
        Has { owner: Some(id(owner)), record, ..Has::default() }
    }

    #[test]
    fn roster_3_5_only_the_difference_is_sent() {
        use Next::{CannotDisable, Nothing, Tell, Wait};
        use Standing::{Away, Barred, Present};
        let zhang = id("zhang");
        let on = Want { employee: &zhang, name: "张三", role: Role::User, enabled: true };
        let off = Want { enabled: false, ..on };
        let renamed = Want { name: "张三丰", ..on };
        let promoted = Want { role: Role::Administrator, ..on };
        let nobody = Has::default();
        let seen = Has { seen: true, ..Has::default() };
        let backed = |backup| Has { backup, ..of("zhang", Some(Present)) };
        let table: &[(&str, Option<&Want<'_>>, &Has, Can, Next)] = &[
            ("new", Some(&on), &nobody, CANNOT_BAR, Tell(Step::Put)),
            ("there as wanted", Some(&on), &of("zhang", Some(Present)), CANNOT_BAR, Nothing),
            ("another name", Some(&renamed), &of("zhang", Some(Present)), CANNOT_BAR, Tell(Step::Put)),
            ("another role", Some(&promoted), &of("zhang", Some(Present)), CANNOT_BAR, Tell(Step::Put)),
            ("no answer", Some(&on), &of("zhang", None), CANNOT_BAR, Tell(Step::Put)),
            ("enrolled at the machine", Some(&on), &seen, CANNOT_BAR, Tell(Step::Put)),
            ("somebody else's number", Some(&on), &of("li", Some(Present)), CAN_BAR, Tell(Step::Delete)),
            (
                "and nobody knows whether they are there",
                Some(&on),
                &of("li", None),
                CAN_BAR,
                Tell(Step::Delete),
            ),
            ("and they were taken off", Some(&on), &of("li", Some(Away)), CAN_BAR, Tell(Step::Put)),
            ("off the list", None, &of("zhang", Some(Present)), CAN_BAR, Tell(Step::Delete)),
            ("off the list, no answer", None, &of("zhang", None), CAN_BAR, Tell(Step::Delete)),
            ("off the list, enrolled at the machine", None, &seen, CAN_BAR, Tell(Step::Delete)),
            ("off the list, never sent", None, &nobody, CAN_BAR, Nothing),
            ("off the list, taken off", None, &of("zhang", Some(Away)), CAN_BAR, Nothing),
            // 3.4: by dates where the machine can, else read, kept and deleted.
            ("disabled", Some(&off), &of("zhang", Some(Present)), CAN_BAR, Tell(Step::Bar)),
            ("disabled by dates", Some(&off), &of("zhang", Some(Barred)), CAN_BAR, Nothing),
            ("disabled, no dates", Some(&off), &of("zhang", Some(Present)), CANNOT_BAR, Tell(Step::BackUp)),
            ("being read", Some(&off), &backed(Backup::Reading), CANNOT_BAR, Wait),
            ("read", Some(&off), &backed(Backup::Complete), CANNOT_BAR, Tell(Step::TakeOff)),
            ("taken off", Some(&off), &of("zhang", Some(Away)), CANNOT_BAR, Nothing),
            ("taken off, by a machine that can bar", Some(&off), &of("zhang", Some(Away)), CAN_BAR, Nothing),
            ("disabled, never sent", Some(&off), &nobody, CANNOT_BAR, Nothing),
            ("disabled, enrolled at the machine", Some(&off), &seen, CAN_BAR, Tell(Step::Bar)),
            ("what would be lost stays", Some(&off), &of("zhang", Some(Present)), OLD, CannotDisable),
            ("enabled again, dates", Some(&on), &of("zhang", Some(Barred)), CAN_BAR, Tell(Step::Put)),
            ("enabled again, brought back", Some(&on), &of("zhang", Some(Away)), CANNOT_BAR, Tell(Step::Put)),
        ];
        for (what, want, has, can, expected) in table {
            assert_eq!(next(*want, has, *can), *expected, "{what}");
        }
    }

    #[test]
    fn roster_3_3_administrators_come_first_and_whoever_goes_before_them() {
        let (a, b) = (id("a"), id("b"));
        let want = |employee, role| Some(Want { employee, name: "", role, enabled: true });
        let numbers = [
            Number { pin: 1, want: want(&a, Role::User), has: Has::default() },
            Number { pin: 2, want: want(&b, Role::Administrator), has: Has::default() },
            Number { pin: 3, want: None, has: Has { seen: true, ..Has::default() } },
        ];
        assert_eq!(plan(&numbers, CAN_BAR), [(3, Step::Delete), (2, Step::Put), (1, Step::Put)]);
    }
}

#[cfg(test)]
mod converges {
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
                    let there = There {
                        name: entry.name.clone(),
                        role: entry.role,
                        barred: step == Step::Bar,
                        finger,
                    };
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
                    let numbers: Vec<_> = (1..=PINS)
                        .map(|pin| Number { pin, want: self.want(pin), has: self.has(pin) })
                        .collect();
                    let steps = plan(&numbers, self.can);
                    // In any order: the machine may be slow with one and quick with another.
                    if let Some((pin, _)) = steps.get(which % steps.len().max(1)) {
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
}
