//! How sure a day is (rule 6.5): “no data” is never shown as “absent”.
//!
//! A stored result says what the facts that are here come to. Whether others may still come depends on the present moment and on when
//! each machine was last heard, so it is added whenever a day is looked at. Nothing here is stored.

use chrono::NaiveDate;
use chrono_tz::Tz;
use rollcall_protocol::Sn;

use super::day::{Mark, MarkKind, Status, status_of};
use super::window;
use crate::clock::{self, Timestamp};
use crate::schedule::shift::Rule;

/// How many punches of a day a machine says it holds, and how many are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// What the machine says.
    pub theirs: i64,
    /// What is here.
    pub ours: i64,
}

/// A machine that could hold a punch of somebody's day: it knew them at some moment of it. Machines that were removed for good are
/// not among them, for nothing more will ever come from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its serial number.
    pub sn: Sn,
    /// What people call it.
    pub name: String,
    /// Whether its uploads are accepted.
    pub enabled: bool,
    /// Where its clock is.
    pub zone: Tz,
    /// When it last called.
    pub last_contact: Option<Timestamp>,
    /// The time of the newest punch of it that is here.
    pub newest_punch: Option<Timestamp>,
    /// How its punches of the day were counted last, if they were.
    pub gap: Option<Gap>,
}

impl Machine {
    /// Until when what it holds is here: a machine that calls has sent what it had; of one that is disabled nothing is accepted,
    /// whatever it says.
    pub fn heard_until(&self) -> Option<Timestamp> {
        if self.enabled { self.last_contact } else { self.newest_punch }
    }

    /// The punches it is known to hold that are not here.
    pub fn missing(&self) -> Option<Gap> {
        self.gap.filter(|gap| gap.theirs > gap.ours)
    }

    /// Whether everything it has of a day is here, given the end of that in the site's zone.
    pub fn covers(&self, ends_at: Timestamp, zone: Tz) -> bool {
        let end = self.end(ends_at, zone);
        self.missing().is_none() && self.heard_until().is_some_and(|heard| heard >= end)
    }

    /// The end of a day by its own clock, given the end in the site's zone.
    fn end(&self, ends_at: Timestamp, zone: Tz) -> Timestamp {
        if self.zone == zone {
            return ends_at;
        }
        let wall = clock::wall_at(zone, ends_at);
        clock::instant(wall, clock::offset_at(self.zone, wall))
    }
}

/// A stored result, and what is known at the moment somebody looks at it.
#[derive(Debug, Clone)]
pub struct Look<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What it was, by the facts that are here.
    pub status: Status,
    /// What was wrong with it, by the facts that are here.
    pub marks: &'a [Mark],
    /// The rule of the shift it was judged by.
    pub rule: Option<&'a Rule>,
    /// The end of its window in the site's zone.
    pub ends_at: Timestamp,
    /// The site's zone.
    pub zone: Tz,
    /// The machines that could hold a punch of it.
    pub machines: &'a [Machine],
    /// The present moment.
    pub now: Timestamp,
}

/// Why a day is not final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Punches of it may still be made.
    NotOver,
    /// A machine has not called since the day ended.
    MachineSilent {
        /// Its serial number.
        sn: Sn,
        /// What people call it.
        name: String,
        /// When it last called.
        heard_until: Option<Timestamp>,
    },
    /// A machine is disabled, and nothing it holds of the rest of the day is accepted.
    MachineDisabled {
        /// Its serial number.
        sn: Sn,
        /// What people call it.
        name: String,
        /// The newest punch of it that is here.
        heard_until: Option<Timestamp>,
    },
    /// A machine holds punches of the day that are not here.
    Gap {
        /// Its serial number.
        sn: Sn,
        /// What people call it.
        name: String,
        /// How many.
        gap: Gap,
    },
    /// No machine knows the person: that there is no punch says nothing.
    NoMachine,
}

impl Reason {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOver => "day.not_over",
            Self::MachineSilent { .. } => "day.machine_silent",
            Self::MachineDisabled { .. } => "day.machine_disabled",
            Self::Gap { .. } => "day.gap",
            Self::NoMachine => "day.no_machine",
        }
    }
}

/// A day as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Whether more facts may change it.
    pub provisional: bool,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The marks that are shown.
    pub marks: Vec<Mark>,
    /// What the day is, in a word; none: it is not known yet (`pending`).
    pub status: Option<Status>,
}

/// What may be shown of a day at this moment.
///
/// While the day is not final nothing is shown that a punch which is not here could heal: no absence and no missing punch, and no
/// leaving early before the hour of leaving has come. What is as it should be stays so, for a punch more makes no day worse.
pub fn look(day: &Look<'_>) -> Seen {
    let reasons = reasons(day);
    let held_back = |mark: &Mark| {
        !mark.lifted
            && match mark.kind {
                MarkKind::Absent | MarkKind::MissingIn | MarkKind::MissingOut => true,
                MarkKind::EarlyLeave => !has_ended(day, mark.segment),
                MarkKind::Late => false,
            }
    };
    if reasons.is_empty() {
        return Seen { provisional: false, reasons, marks: day.marks.to_vec(), status: Some(day.status) };
    }
    let marks: Vec<Mark> = day.marks.iter().filter(|mark| !held_back(mark)).cloned().collect();
    let status = if marks.len() == day.marks.len() {
        Some(day.status)
    } else {
        Some(status_of(&marks)).filter(|status| *status != Status::Normal)
    };
    Seen { provisional: true, reasons, marks, status }
}

/// Why the day is not final; empty: it is.
fn reasons(day: &Look<'_>) -> Vec<Reason> {
    // Nothing is asked of somebody who is not employed, and nothing that comes is held against them.
    if day.status == Status::NotEmployed {
        return Vec::new();
    }
    let ends = |machine: &Machine| machine.end(day.ends_at, day.zone);
    let over = day.now >= day.machines.iter().map(ends).fold(day.ends_at, Ord::max);
    if over && day.machines.is_empty() {
        let says_nothing = day.marks.iter().any(|mark| {
            !mark.lifted && matches!(mark.kind, MarkKind::Absent | MarkKind::MissingIn | MarkKind::MissingOut)
        });
        return if says_nothing { vec![Reason::NoMachine] } else { Vec::new() };
    }
    let mut reasons = Vec::new();
    if !over {
        reasons.push(Reason::NotOver);
    }
    for machine in day.machines {
        let (sn, name) = (&machine.sn, &machine.name);
        if let Some(gap) = machine.missing() {
            reasons.push(Reason::Gap { sn: sn.clone(), name: name.clone(), gap });
        }
        let heard_until = machine.heard_until();
        if heard_until.is_some_and(|heard| heard >= ends(machine)) {
            continue;
        }
        let (sn, name) = (sn.clone(), name.clone());
        if !machine.enabled {
            reasons.push(Reason::MachineDisabled { sn, name, heard_until });
        } else if over {
            // That a machine has not called after a day which is not over is no news.
            reasons.push(Reason::MachineSilent { sn, name, heard_until });
        }
    }
    reasons
}

/// Whether the hour has come at which somebody may go from the segment.
fn has_ended(day: &Look<'_>, segment: Option<u8>) -> bool {
    let segments = day.rule.map_or(&[][..], |rule| &rule.segments);
    let end = match segment {
        Some(segment) => segments.get(usize::from(segment)),
        None => segments.last(),
    };
    end.is_none_or(|segment| clock::wall_at(day.zone, day.now) >= window::wall(day.date, segment.end))
}
