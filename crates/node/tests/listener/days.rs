//! From the socket of a machine to a day that is sure: “no data” is never shown as “absent”.

use chrono::{NaiveDate, TimeDelta};
use rollcall_core::Actor;
use rollcall_core::attendance::horizon::Reason;
use rollcall_core::attendance::{Dates, DayFilter, DayView, Whom, day_list};
use rollcall_core::directory::{NewEmployee, employee_add};
use rollcall_core::dispatch::{Target, TargetKind};
use rollcall_core::machines::MachineChange;
use rollcall_core::page::Page;
use rollcall_core::roster::{EntrySource, NewEntry, Role, roster_add};
use rollcall_core::schedule::plan::{Assignment, Weekdays, Work};
use rollcall_core::schedule::{NewShift, Period, RuleDraft, TimeOfDay, assignment_add, shift_add};
use rollcall_core::settings::settings_begin;
use rollcall_core::{Sn, db};
use rollcall_node::events::{Event, Watcher};
use rollcall_node::workers::Workers;

use crate::support::{Rig, SN, patiently};

/// The machine at the back door.
const BACK: &str = "CQZ7000000002";

fn draft() -> RuleDraft {
    let time = |text| TimeOfDay::parse(text).unwrap();
    RuleDraft::fixed(vec![Period { start: time("09:00"), end: time("18:00") }])
}

/// Somebody under the number 1001 on two machines, nine to six; half past nine of a Monday. The workers run.
async fn a_site() -> (Rig, Workers, Watcher) {
    let rig = Rig::start().await;
    rig.add(BACK, chrono_tz::Asia::Shanghai).await;
    let monday: NaiveDate = "2026-07-06".parse().unwrap();
    rig.site
        .write(move |tx| {
            settings_begin(tx, chrono_tz::Asia::Shanghai)?;
            let new = NewEmployee { id: Some("e1".into()), name: "王芳".into(), ..NewEmployee::default() };
            employee_add(tx, &Actor::console(), new).unwrap();
            for sn in [SN, BACK] {
                let entry = NewEntry {
                    employee_id: "e1".into(),
                    pin: Some("1001".into()),
                    role: Role::User,
                    enabled: true,
                    source: EntrySource::Manual,
                };
                roster_add(tx, &Actor::console(), &Sn::new(sn).unwrap(), vec![entry]).unwrap();
            }
            let new = NewShift { name: "白班".into(), color: None, rule: draft() };
            let shift = shift_add(tx, &Actor::console(), new).unwrap().shift.id;
            let assignment = Assignment {
                id: 0,
                target: Target { kind: TargetKind::Employee, id: "e1".into() },
                work: Work::Shift(shift),
                from: monday,
                to: None,
                weekdays: Weekdays::ALL,
                holidays: false,
            };
            assignment_add(tx, &Actor::console(), assignment).unwrap();
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let mut watcher = rig.events.subscribe();
    let workers = Workers::start(&rig.site, &rig.fleet, &rig.events);
    told(&mut watcher).await;
    (rig, workers, watcher)
}

/// Waits until a day was told.
async fn told(watcher: &mut Watcher) {
    patiently(async { while !matches!(watcher.next().await, Some(Event::Attendance { .. })) {} }).await;
}

async fn monday(rig: &Rig) -> DayView {
    // What machines said lately is written down every few seconds.
    rig.fleet.flush().await.unwrap();
    let monday: NaiveDate = "2026-07-06".parse().unwrap();
    let dates = Dates { from: monday, to: monday };
    let filter = DayFilter { whom: Whom::default(), dates, status: None, mark: None };
    let now = rig.site.clock().now();
    let list = rig.site.read(move |conn| day_list(conn, &filter, &Page::default(), now)).await.unwrap();
    list.items.into_iter().next().unwrap()
}

fn shown(day: &DayView) -> String {
    let marks: String = day.marks.iter().map(|mark| format!(" {}", mark.kind.name())).collect();
    let reason = |reason: &Reason| match reason {
        Reason::MachineSilent { sn, .. } | Reason::MachineDisabled { sn, .. } | Reason::Gap { sn, .. } => {
            format!(" {} {sn}", reason.code())
        }
        Reason::NotOver | Reason::NoMachine => format!(" {}", reason.code()),
    };
    let reasons: String = day.reasons.iter().map(reason).collect();
    format!("{}{marks}{reasons}", day.status.name())
}

/// Waits until an event says that a day is another, and Monday is what is waited for.
async fn until(rig: &Rig, watcher: &mut Watcher, wanted: &str) {
    loop {
        told(watcher).await;
        if shown(&monday(rig).await) == wanted {
            return;
        }
    }
}

/// It calls until nothing more is to be expected of it.
async fn poll(rig: &Rig, sn: &str) {
    for _ in 0..3 {
        assert_eq!(rig.get(&format!("/iclock/getrequest?SN={sn}")).await.body, "OK");
    }
}

#[tokio::test]
async fn attendance_6_5_a_day_is_sure_when_every_machine_was_heard_after_it() {
    let (rig, workers, mut watcher) = a_site().await;
    assert_eq!(shown(&monday(&rig).await), "pending day.not_over");
    rig.punch(SN, "1001\t2026-07-06 09:05:11\t0\t15\t0\t0\t0\n").await.is_ok("OK: 1");
    until(&rig, &mut watcher, "late late day.not_over").await;

    // Eleven in the evening; punches counted until ten.
    rig.clock.advance(TimeDelta::minutes(13 * 60 + 30));
    let both = format!("late late day.machine_silent {SN} day.machine_silent {BACK}");
    assert_eq!(shown(&monday(&rig).await), both);
    poll(&rig, SN).await;
    assert_eq!(shown(&monday(&rig).await), format!("late late day.machine_silent {BACK}"));
    poll(&rig, BACK).await;
    let day = monday(&rig).await;
    assert_eq!((shown(&day).as_str(), day.provisional), ("missing late missingOut", false));

    // What was on its way after all is a fact like any other.
    let late = rig.punch(BACK, "1001\t2026-07-06 18:02:00\t1\t15\t0\t0\t0\n").await;
    assert_eq!(late.body, "OK: 1");
    until(&rig, &mut watcher, "late late").await;
    workers.stop().await;
}

#[tokio::test]
async fn attendance_6_5_a_machine_that_is_silent_or_disabled_makes_nobody_absent() {
    let (rig, workers, mut watcher) = a_site().await;
    poll(&rig, SN).await;
    poll(&rig, BACK).await;
    rig.clock.advance(TimeDelta::hours(48));
    poll(&rig, SN).await;
    assert_eq!(shown(&monday(&rig).await), format!("pending day.machine_silent {BACK}"));
    poll(&rig, BACK).await;
    assert_eq!(shown(&monday(&rig).await), "absent absent");
    // Of a machine that is disabled nothing is taken: it is heard, and that says nothing.
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    poll(&rig, SN).await;
    assert_eq!(shown(&monday(&rig).await), format!("pending day.machine_disabled {SN}"));
    rig.change(MachineChange { enabled: Some(true), ..MachineChange::default() }).await;
    // A machine that says it holds more than is here.
    rig.site
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO gap_days SELECT id, '2026-07-06', 3, 0, 9223372036854775807, 0 FROM machines WHERE sn = 'CQZ7000000002'",
            )?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    assert_eq!(shown(&monday(&rig).await), format!("pending day.gap {BACK}"));
    let both = "1001\t2026-07-06 08:58:00\t0\t15\n1001\t2026-07-06 18:00:00\t1\t15\n";
    assert_eq!(rig.punch(BACK, both).await.body, "OK: 2");
    // What is as it should be stays so, whatever else may come.
    until(&rig, &mut watcher, &format!("normal day.gap {BACK}")).await;
    workers.stop().await;
}
