use chrono::TimeDelta;
use rollcall_core::Actor;
use rollcall_core::attendance::{Recompute, recompute_add};
use rollcall_core::directory::{NewEmployee, employee_add};
use rollcall_core::jobs::{JobState, job_get};
use rollcall_core::settings::settings_begin;
use rollcall_core::{Site, db};

use super::*;
use crate::events::Watcher;
use crate::fleet::tests::Scratch;

/// Somebody who works on Mondays and Tuesdays, by hand, on a site in Berlin at half past three on a Monday morning.
async fn world() -> Scratch {
    let scratch = scratch().await;
    scratch
        .site
        .write(|tx| {
            settings_begin(tx, chrono_tz::Tz::Europe__Berlin)?;
            let new = NewEmployee { id: Some("e1".into()), name: "e1".into(), ..NewEmployee::default() };
            employee_add(tx, &Actor::console(), new).unwrap();
            let rule = serde_json::json!({
                "kind": "fixed", "segments": [{"start": 540, "end": 1080}], "graceIn": 0, "graceOut": 0, "windowBefore": 120,
                "windowAfter": 240, "breaks": [], "requiredMinutes": null, "halfDayAfter": null, "absentAfter": null,
                "overtimeAfter": null, "rounding": null, "doublePunch": 1
            });
            tx.execute("INSERT INTO shifts VALUES ('s', 's', ?1, NULL, 0, 0, NULL)", [rule.to_string()])?;
            tx.execute_batch(
                "INSERT INTO schedule_days VALUES ('e1', '2026-07-06', 's'), ('e1', '2026-07-07', 's');",
            )?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    scratch
}

async fn days(site: &Site) -> Vec<String> {
    site.read(|conn| {
        let mut query = conn.prepare("SELECT date || ' ' || status FROM attendance_days ORDER BY date")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok::<_, db::Error>(rows.collect::<Result<_, _>>()?)
    })
    .await
    .unwrap()
}

async fn told(watcher: &mut Watcher) {
    while watcher.next().await.unwrap().name() != "attendance" {}
}

/// The tests' time stands still but for timers; the day begins because the worker looks by itself.
#[tokio::test(start_paused = true)]
async fn attendance_6_5_a_day_begins_at_midnight_where_the_site_is() {
    let scratch = world().await;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    told(&mut watcher).await;
    assert_eq!(days(&scratch.site).await, ["2026-07-06 absent"], "as far as facts go");
    // Midnight of Tuesday in Berlin; nothing rings.
    scratch.clock.advance(TimeDelta::minutes(20 * 60 + 30));
    told(&mut watcher).await;
    assert_eq!(days(&scratch.site).await, ["2026-07-06 absent", "2026-07-07 absent"]);
    workers.stop().await;
}

/// A recomputation that the program left in the middle is done after the start, beside what came in.
#[tokio::test]
async fn attendance_6_5_a_recomputation_is_done_in_the_background() {
    let scratch = world().await;
    let wanted = Recompute {
        from: "2020-01-01".parse().unwrap(),
        to: "2026-07-06".parse().unwrap(),
        department_id: None,
        branch_id: None,
        employee_ids: None,
    };
    let job = scratch.site.write(move |tx| recompute_add(tx, &Actor::console(), &wanted)).await.unwrap().id;
    let lease = std::time::Duration::from_secs(3600);
    let kinds = &[rollcall_core::jobs::ATTENDANCE_RECOMPUTE];
    scratch.site.write(move |tx| rollcall_core::jobs::jobs_take(tx, kinds, lease)).await.unwrap().unwrap();
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    loop {
        let known = scratch.site.read(move |conn| job_get(conn, job)).await.unwrap().unwrap();
        if known.state == JobState::Done {
            assert_eq!((known.done, known.total), (2379, 2379));
            break;
        }
        while watcher.next().await.unwrap().name() != "job" {}
    }
    assert_eq!(days(&scratch.site).await, ["2026-07-06 absent"]);
    workers.stop().await;
}
