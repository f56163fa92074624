//! What a machine still has to be told: a pure rule over what the list wants, what the machine has confirmed, and what it can do.
//!
//! For each number there is at most one next step. The machine's answer changes what is known, and the rule is asked again, so
//! that a crash, a lost answer, a command done twice and a machine that was wiped are all the same: another look at the
//! difference. Whatever is lost, the steps end where list and machine agree.

#[cfg(test)]
mod converges;

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
}
