//! A small site whose days are judged: two people on a machine at the gate, nine to six from Monday to Friday since the first
//! of July 2026, which is a Wednesday. It is nine in the morning of Monday the sixth.

mod changes;
mod locks;
mod plans;
mod recompute;
mod reports;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::*;
use crate::audit::Actor;
use crate::clock::ClockHandle;
use crate::directory::{Brief, EmployeeId, NewEmployee, employee_add};
use crate::dispatch::{Target, TargetKind};
use crate::machines::MachineId;
use crate::machines::tests::a_machine;
use crate::page::Page;
use crate::punches::{Batch, Ingested, Source, punch_ingest};
use crate::roster::{EntrySource, NewEntry, Role, roster_add};
use crate::schedule::plan::{Assignment, Weekdays, Work as Assigned};
use crate::schedule::shift::ShiftId;
use crate::schedule::{NewShift, Period, RuleDraft, TimeOfDay, assignment_add, shift_add};
use crate::settings::settings_begin;
use crate::site::tests::scratch_with_clock;
use crate::{Site, Sn, db};

pub(super) struct World {
    pub site: Site,
    pub clock: ClockHandle,
    pub gate: MachineId,
    pub shift: ShiftId,
    _folder: tempfile::TempDir,
}

pub(super) fn day(text: &str) -> NaiveDate {
    format!("2026-{text}").parse().unwrap()
}

pub(super) fn id(text: &str) -> EmployeeId {
    EmployeeId::new(text).unwrap()
}

fn draft(start: &str, end: &str) -> RuleDraft {
    let time = |text| TimeOfDay::parse(text).unwrap();
    RuleDraft::fixed(vec![Period { start: time(start), end: time(end) }])
}

impl World {
    /// Everything there is has been judged.
    pub async fn new() -> Self {
        let world = Self::unjudged().await;
        world.settle().await;
        world
    }

    pub async fn unjudged() -> Self {
        let (site, clock, _folder) = scratch_with_clock();
        site.write(|tx| settings_begin(tx, Tz::Asia__Shanghai)).await.unwrap();
        let gate = a_machine(&site, "A1").await.id;
        let shift = add_shift(&site, "白班", "09:00", "18:00").await;
        let world = Self { site, clock, gate, shift, _folder };
        for (who, pin) in [("e1", "1"), ("e2", "2")] {
            world.hire(who).await;
            world.enlist("A1", who, pin).await;
            world.assign(TargetKind::Employee, who, "07-01").await;
        }
        world
    }

    pub async fn hire(&self, who: &'static str) {
        let new = NewEmployee { id: Some(who.into()), name: who.into(), ..NewEmployee::default() };
        self.site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap();
    }

    pub async fn enlist(&self, sn: &'static str, who: &'static str, pin: &'static str) {
        let entry = NewEntry {
            employee_id: who.into(),
            pin: Some(pin.into()),
            role: Role::User,
            enabled: true,
            source: EntrySource::Manual,
        };
        let sn = Sn::new(sn).unwrap();
        let added =
            self.site.write(move |tx| roster_add(tx, &Actor::console(), &sn, vec![entry])).await.unwrap();
        assert!(added.rejected.is_empty());
    }

    pub async fn assign(&self, kind: TargetKind, target: &'static str, from: &'static str) {
        let assignment = Assignment {
            id: 0,
            target: Target { kind, id: target.into() },
            work: Assigned::Shift(self.shift.clone()),
            from: day(from),
            to: None,
            weekdays: Weekdays::WORKING_WEEK,
            holidays: false,
        };
        self.site.write(move |tx| assignment_add(tx, &Actor::console(), assignment)).await.unwrap();
    }

    /// Punches of the gate: pin and time each, of the year 2026.
    pub async fn punch(&self, punches: &[(&str, &str)]) -> Ingested {
        let lines: String =
            punches.iter().map(|(pin, time)| format!("{pin}\t2026-{time}\t255\t15\n")).collect();
        let batch = Batch::parse(lines.as_bytes(), self.site.clock().now(), Tz::Asia__Shanghai);
        let gate = self.gate;
        self.site.write(move |tx| punch_ingest(tx, gate, Source::Live, &batch)).await.unwrap()
    }

    /// Does what the worker does until there is nothing to do; the days that are other than they were.
    pub async fn settle(&self) -> Vec<String> {
        let mut changed = Vec::new();
        loop {
            let now = self.site.clock().now();
            while let Some(mut at) = self.site.read(move |conn| opening(conn, now)).await.unwrap() {
                while let Some(next) = self.site.write(move |tx| open_next(tx, &at)).await.unwrap() {
                    at = next;
                }
            }
            let noted = self.site.read(stretches_wait).await.unwrap()
                && self.site.write(stretches_note).await.unwrap();
            let Some(work) = self.site.read(days_look).await.unwrap() else {
                if noted {
                    continue;
                }
                break;
            };
            if let Some(worked) = self.site.write(move |tx| days_write(tx, &work)).await.unwrap() {
                let name = |(who, date): &(EmployeeId, NaiveDate)| format!("{who} {}", date.format("%m-%d"));
                changed.extend(worked.changed.iter().map(name));
            }
        }
        changed.sort();
        changed
    }

    /// A day as the console shows it: what it is, and its marks.
    pub async fn shown(&self, who: &'static str, date: &'static str) -> String {
        let Some(view) = self.view(who, date).await else { return "nothing".to_owned() };
        let mark = |mark: &day::Mark| {
            format!(" {}{}{}", mark.kind.name(), mark.minutes, if mark.lifted { "(lifted)" } else { "" })
        };
        let marks: String = view.marks.iter().map(mark).collect();
        format!("{}{marks}{}", view.status.name(), if view.provisional { " provisional" } else { "" })
    }

    pub async fn view(&self, who: &'static str, date: &'static str) -> Option<DayView> {
        let whom = Whom { employee_id: Some(id(who)), ..Whom::default() };
        let dates = Dates { from: day(date), to: day(date) };
        let filter = DayFilter { whom, dates, status: None, mark: None };
        let now = self.site.clock().now();
        let page = self.site.read(move |conn| day_list(conn, &filter, &Page::default(), now)).await.unwrap();
        page.items.into_iter().next()
    }

    /// The rows that are kept: whose, of when, and what.
    pub async fn rows(&self) -> Vec<String> {
        self.site
            .read(|conn| {
                let mut query = conn.prepare(
                    "SELECT employee_id || ' ' || substr(date, 6) || ' ' || status FROM attendance_days ORDER BY employee_id, date",
                )?;
                let rows = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                Ok::<_, db::Error>(rows)
            })
            .await
            .unwrap()
    }

    pub async fn dirty(&self) -> i64 {
        self.site
            .read(|conn| {
                Ok::<_, db::Error>(
                    conn.query_row("SELECT count(*) FROM attendance_dirty", [], |row| row.get(0))?,
                )
            })
            .await
            .unwrap()
    }

    /// The machine called just now.
    pub async fn heard(&self, sn: &'static str) {
        self.site
            .write(move |tx| {
                let now = tx.now().timestamp_millis();
                tx.execute(
                    "UPDATE machines SET caught_up_at = ?2 WHERE sn = ?1",
                    rusqlite::params![sn, now],
                )?;
                Ok::<_, db::Error>(())
            })
            .await
            .unwrap();
    }

    pub fn advance(&self, hours: i64) {
        self.clock.advance(Duration::hours(hours));
    }
}

/// `e1 07-20 absent → normal`
fn became(person: &Brief, date: NaiveDate, before: &Option<DayView>, after: &Option<DayView>) -> String {
    let word = |day: &Option<DayView>| day.as_ref().map_or("nothing", |day| day.status.name());
    format!("{} {} {} → {}", person.id, date.format("%m-%d"), word(before), word(after))
}

pub(super) async fn add_shift(site: &Site, name: &str, start: &str, end: &str) -> ShiftId {
    let new = NewShift { name: name.into(), color: None, rule: draft(start, end) };
    site.write(move |tx| shift_add(tx, &Actor::console(), new)).await.unwrap().shift.id
}
