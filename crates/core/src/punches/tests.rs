use chrono::NaiveDate;
use chrono_tz::Tz;
use rollcall_protocol::Sn;

use super::*;
use crate::Site;
use crate::audit::Actor;
use crate::clock;
use crate::directory::{Employee, EmployeeChange, EmployeeId, NewEmployee, employee_add, employee_change};
use crate::machines::tests::a_machine;
use crate::roster::{self, EntryChange, NewEntry, Role};
use crate::site::tests::{SCRATCH_NOW, TEN_MILLION_PUNCHES, as_if_large, plans, scratch};

const ZONE: Tz = Tz::Asia__Shanghai;

async fn send(site: &Site, machine: MachineId, body: &str) -> Ingested {
    let batch = Batch::parse(body.as_bytes(), site.clock().now(), ZONE);
    site.write(move |tx| punch_ingest(tx, machine, Source::Live, &batch)).await.unwrap()
}

#[test]
fn a_batch_in_parts_has_the_same_lines_in_the_same_order() {
    let body: String = (1..=25)
        .map(|n| if n % 4 == 3 { format!("bad {n}\n") } else { format!("{n}\t2026-07-06 08:00:{n:02}\n") })
        .collect();
    let whole = Batch::parse(body.as_bytes(), SCRATCH_NOW, ZONE);
    assert_eq!((whole.punches.len(), whole.rejected.len()), (19, 6));
    for most in [0, 1, 7, 19, 24, 25, 26, usize::MAX] {
        let parts: Vec<_> = whole.clone().parts(most).collect();
        assert!(parts.iter().all(|part| (1..=most.max(1)).contains(&part.lines())));
        assert_eq!(parts.len(), whole.lines().div_ceil(most.max(1)));
        assert_eq!(parts.iter().flat_map(|part| part.punches.clone()).collect::<Vec<_>>(), whole.punches);
        assert_eq!(parts.iter().flat_map(|part| part.rejected.clone()).collect::<Vec<_>>(), whole.rejected);
    }
    assert_eq!(Batch::parse(b"\n", SCRATCH_NOW, ZONE).parts(7).count(), 0);
}

async fn hire(site: &Site, id: &str, name: &str, hired_on: Option<&str>) -> Employee {
    let new = NewEmployee {
        id: Some(id.into()),
        name: name.into(),
        hired_on: hired_on.map(|day| day.parse().unwrap()),
        ..NewEmployee::default()
    };
    site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap()
}

async fn enlist(site: &Site, sn: &str, employee: &str, pin: &str) -> roster::Added {
    let (sn, entry) = (
        Sn::new(sn).unwrap(),
        NewEntry {
            employee_id: employee.into(),
            pin: Some(pin.into()),
            role: Role::User,
            enabled: true,
            source: roster::EntrySource::Manual,
        },
    );
    site.write(move |tx| roster::roster_add(tx, &Actor::console(), &sn, vec![entry])).await.unwrap()
}

async fn list(site: &Site, filter: PunchFilter) -> Paged<PunchView> {
    site.read(move |conn| punch_list(conn, &filter, &Page::default())).await.unwrap()
}

/// The punches as "pin time name", newest first.
async fn story(site: &Site, filter: PunchFilter) -> Vec<String> {
    let name = |punch: &PunchView| punch.employee.as_ref().map_or("?".to_owned(), |(_, name)| name.clone());
    let items = list(site, filter).await.items;
    items.iter().map(|punch| format!("{} {} {}", punch.pin, punch.wall, name(punch))).collect()
}

/// What the derived list must be: the punches no span covers, found the slow way.
async fn check_unmatched(site: &Site) {
    let (listed, truth) = site
        .read(|conn| {
            let ids = |sql: &str| -> Result<Vec<i64>, db::Error> {
                let mut query = conn.prepare(sql)?;
                let rows = query.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            };
            Ok::<_, db::Error>((
                ids("SELECT punch_id FROM unmatched ORDER BY 1")?,
                ids("SELECT id FROM punches p WHERE NOT EXISTS (SELECT 1 FROM spans s WHERE s.machine_id = p.machine_id
                       AND s.pin_number = p.pin_number AND s.from_at <= p.wall - p.utc_offset
                       AND p.wall - p.utc_offset < s.to_at) ORDER BY 1")?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(listed, truth);
}

#[tokio::test]
async fn punches_6_1_the_same_punch_twice_exists_once() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let body = "1001\t2026-07-06 08:58:11\t0\t15\n1001\t2026-07-06 08:58:11\t1\t15\n1001\t2026-07-06 08:58:11\t\t15\n";
    let first = send(&site, machine, body).await;
    // another status, or none at all, in the same second is another punch (D2)
    assert_eq!((first.new.len(), first.known), (3, 0));
    let again = send(&site, machine, body).await;
    assert_eq!((again.new.len(), again.known), (0, 3));
    let other = a_machine(&site, "A2").await.id;
    assert_eq!(send(&site, other, body).await.new.len(), 3, "another machine is another punch (D5)");
    let totals = site.read(punch_totals).await.unwrap();
    assert_eq!((totals.punches, totals.unmatched), (6, 6));
}

#[tokio::test]
async fn punches_6_2_a_broken_line_is_kept_aside_and_the_good_ones_are_stored() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let body = "1001\t2026-07-06 08:58:11\n1002\t2026-02-31 08:00:00\n\n0\t2026-07-06 08:00:00\nrubbish\n";
    for _ in 0..2 {
        let outcome = send(&site, machine, body).await;
        assert_eq!(outcome.rejected, 3);
    }
    let rejected = site.read(|conn| rejected_list(conn, &Page::default())).await.unwrap();
    let lines: Vec<_> =
        rejected.items.iter().map(|line| (line.line.as_str(), line.reason.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("rubbish", "punch.time_missing"),
            ("0\t2026-07-06 08:00:00", "punch.no_pin"),
            ("1002\t2026-02-31 08:00:00", "punch.time_impossible"),
        ]
    );
    assert_eq!(rejected.total, 3, "a machine that repeats itself says nothing new");
}

#[tokio::test]
async fn machines_1_6_odd_times_are_kept_and_flagged() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    // the scratch clock stands at 2026-07-06 09:00:00 in Shanghai
    let table = [
        ("1999-12-31 23:59:59", false, true),
        ("2000-01-01 00:00:00", false, false),
        ("2026-07-06 09:01:00", false, false),
        ("2026-07-06 09:01:01", true, false),
        ("2099-01-01 00:00:00", true, false),
    ];
    for (time, future, ancient) in table {
        send(&site, machine, &format!("7\t{time}\n")).await;
        let punch = list(&site, PunchFilter { order: Order::Arrival, ..PunchFilter::default() })
            .await
            .items
            .remove(0);
        assert_eq!(
            (punch.flags.has(Flag::Future), punch.flags.has(Flag::Ancient)),
            (future, ancient),
            "{time}"
        );
        assert_eq!(punch.wall.to_string(), time);
    }
    let machine = site.read(crate::machines::machine_list).await.unwrap().remove(0);
    assert_eq!(machine.newest_punch.unwrap().to_string(), "2026-07-06 09:01:00", "the future hides nothing");
}

#[tokio::test]
async fn roster_3_2_a_punch_matches_by_value_and_a_conflict_names_the_holder() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    hire(&site, "e1", "王伟", None).await;
    hire(&site, "e2", "王伟", None).await;
    enlist(&site, "A1", "e1", "0042").await;
    let refused = enlist(&site, "a1", "e2", "42").await.rejected;
    assert_eq!(refused[0].code, "pin.taken");
    assert!(
        refused[0].detail.contains("王伟") && refused[0].detail.contains("0042"),
        "{}",
        refused[0].detail
    );
    send(&site, machine, "00042\t2026-07-06 08:00:00\n42\t2026-07-06 08:00:01\n").await;
    assert_eq!(
        story(&site, PunchFilter::default()).await,
        ["42 2026-07-06 08:00:01 王伟", "00042 2026-07-06 08:00:00 王伟"]
    );
    assert_eq!(enlist(&site, "A1", "e1", "7").await.rejected[0].code, "roster.exists");
    assert_eq!(enlist(&site, "A1", "nobody", "7").await.rejected[0].code, "employee.unknown");
    for (pin, code) in [("12a", "pin.not_digits"), ("0", "pin.zero"), ("1234567890", "pin.too_long")] {
        assert_eq!(enlist(&site, "A1", "e2", pin).await.rejected[0].code, code);
    }
}

#[tokio::test]
async fn roster_3_4_a_punch_of_a_disabled_person_is_stored_and_flagged() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let id = hire(&site, "e1", "嘢𠮷", None).await.id;
    enlist(&site, "A1", "e1", "5").await;
    let change = EntryChange { enabled: Some(false), ..EntryChange::default() };
    site.write(move |tx| roster::roster_change(tx, &Actor::console(), &Sn::new("A1").unwrap(), &id, change))
        .await
        .unwrap();
    send(&site, machine, "5\t2026-07-06 08:00:00\n6\t2026-07-06 08:00:00\n").await;
    let flagged: Vec<_> = list(&site, PunchFilter::default())
        .await
        .items
        .iter()
        .map(|punch| (punch.pin.clone(), punch.flags.has(Flag::DisabledPerson)))
        .collect();
    assert!(flagged.contains(&("5".into(), true)) && flagged.contains(&("6".into(), false)), "{flagged:?}");
}

/// Rule 3.7 told through one pin: unmatched, claimed, given back, given to somebody else.
#[tokio::test]
async fn roster_3_7_a_pin_belongs_to_somebody_for_a_span() {
    let (site, clock, _folder) = crate::site::tests::scratch_with_clock();
    let machine = a_machine(&site, "A1").await.id;
    let sn = || Sn::new("A1").unwrap();
    hire(&site, "old", "张三", Some("2026-03-01")).await;
    hire(&site, "new", "李四", None).await;
    send(&site, machine, "9\t2026-02-28 23:59:59\n9\t2026-03-01 00:00:00\n9\t2026-07-06 08:00:00\n").await;
    assert_eq!(story(&site, PunchFilter { matched: Some(false), ..PunchFilter::default() }).await.len(), 3);
    check_unmatched(&site).await;

    enlist(&site, "A1", "old", "9").await;
    assert_eq!(
        story(&site, PunchFilter::default()).await,
        ["9 2026-07-06 08:00:00 张三", "9 2026-03-01 00:00:00 张三", "9 2026-02-28 23:59:59 ?"],
        "claimed from the hire date on"
    );
    check_unmatched(&site).await;

    // 09:00 there: the span ends now, at once, for the machine never had the entry
    let old = EmployeeId::new("old").unwrap();
    let gone = old.clone();
    site.write(move |tx| roster::roster_remove(tx, &Actor::console(), &sn(), &gone)).await.unwrap();
    clock.set(SCRATCH_NOW + chrono::Duration::hours(3));
    send(&site, machine, "9\t2026-07-06 08:59:59\n9\t2026-07-06 09:00:00\n").await;
    assert_eq!(
        story(
            &site,
            PunchFilter {
                from: Some(TimeBound::Date("2026-07-06".parse().unwrap())),
                ..PunchFilter::default()
            }
        )
        .await,
        ["9 2026-07-06 09:00:00 ?", "9 2026-07-06 08:59:59 张三", "9 2026-07-06 08:00:00 张三"],
        "a punch belongs to whoever held the pin at its time, however late it comes"
    );
    check_unmatched(&site).await;

    enlist(&site, "A1", "new", "009").await;
    let mine =
        |id: &str| PunchFilter { employee_id: Some(EmployeeId::new(id).unwrap()), ..PunchFilter::default() };
    assert_eq!(
        story(&site, mine("new")).await,
        ["9 2026-07-06 09:00:00 李四"],
        "from the end of the old span on"
    );
    assert_eq!(list(&site, mine("old")).await.total, 3);
    check_unmatched(&site).await;

    // a corrected hire date claims what it now covers
    let change = EmployeeChange {
        hired_on: Some(Some(NaiveDate::from_ymd_opt(2026, 2, 1).unwrap())),
        ..EmployeeChange::default()
    };
    site.write(move |tx| employee_change(tx, &Actor::console(), &old, change)).await.unwrap();
    assert_eq!(list(&site, mine("old")).await.total, 4);
    assert_eq!(list(&site, PunchFilter { matched: Some(false), ..PunchFilter::default() }).await.total, 0);
    check_unmatched(&site).await;

    // another pin ends this one now and begins the other
    let change = EntryChange { pin: Some(Some("10".into())), ..EntryChange::default() };
    let new = EmployeeId::new("new").unwrap();
    site.write(move |tx| roster::roster_change(tx, &Actor::console(), &sn(), &new, change)).await.unwrap();
    send(&site, machine, "9\t2026-07-06 12:00:00\n10\t2026-07-06 12:00:00\n").await;
    assert_eq!(
        story(&site, mine("new")).await,
        ["10 2026-07-06 12:00:00 李四", "9 2026-07-06 09:00:00 李四"]
    );
    check_unmatched(&site).await;
}

#[tokio::test]
async fn punches_6_3_are_found_by_time_pin_and_machine_in_pages() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let other = a_machine(&site, "B1").await.id;
    for hour in 0..5 {
        send(&site, machine, &format!("7\t2026-07-05 0{hour}:00:00\n007\t2026-07-06 0{hour}:00:00\n")).await;
    }
    send(&site, other, "AB\t2026-07-05 03:00:00\n").await;

    let date = |day: &str| Some(TimeBound::Date(day.parse().unwrap()));
    let at = |wall: &str| {
        let wall = WallTime::parse(wall.as_bytes()).unwrap();
        Some(TimeBound::Instant(clock::instant(wall, clock::offset_at(ZONE, wall))))
    };
    let table: Vec<(PunchFilter, u64)> = vec![
        (PunchFilter::default(), 11),
        (PunchFilter { sn: Some(Sn::new("b1").unwrap()), ..PunchFilter::default() }, 1),
        (PunchFilter { sn: Some(Sn::new("C1").unwrap()), ..PunchFilter::default() }, 0),
        (PunchFilter { pin: Some("7".into()), ..PunchFilter::default() }, 10),
        (PunchFilter { pin: Some("AB".into()), ..PunchFilter::default() }, 1),
        (PunchFilter { from: date("2026-07-06"), ..PunchFilter::default() }, 5),
        (PunchFilter { to: date("2026-07-05"), ..PunchFilter::default() }, 6),
        (
            PunchFilter {
                from: at("2026-07-05 04:00:00"),
                to: at("2026-07-06 00:00:00"),
                ..PunchFilter::default()
            },
            2,
        ),
        (PunchFilter { matched: Some(true), ..PunchFilter::default() }, 0),
    ];
    for (filter, total) in table {
        assert_eq!(list(&site, filter.clone()).await.total, total, "{filter:?}");
    }

    for order in [Order::Time, Order::Arrival] {
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = Page { limit: 3, cursor };
            let filter = PunchFilter { order, ..PunchFilter::default() };
            let paged = site.read(move |conn| punch_list(conn, &filter, &page)).await.unwrap();
            seen.extend(paged.items.iter().map(|punch| punch.id));
            cursor = paged.next;
            if cursor.is_none() {
                break;
            }
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (11, 11), "{order:?}");
    }
    let quarters = site.read(|conn| punches_by_quarter(conn, "2026-07-05".parse().unwrap())).await.unwrap();
    assert_eq!((quarters[0], quarters[12], quarters.iter().sum::<u32>()), (1, 2, 6));
}

async fn change_pin(site: &Site, employee: &str, pin: Option<&str>) {
    let (id, pin) = (EmployeeId::new(employee).unwrap(), pin.map(str::to_owned));
    let change = EntryChange { pin: Some(pin), ..EntryChange::default() };
    site.write(move |tx| roster::roster_change(tx, &Actor::console(), &Sn::new("A1").unwrap(), &id, change))
        .await
        .unwrap();
}

#[tokio::test]
async fn roster_3_7_somebody_hired_in_the_future_and_removed_today_keeps_no_claim() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let alice = hire(&site, "alice", "爱丽丝", Some("2026-12-20")).await.id;
    hire(&site, "bob", "鲍勃", None).await;
    enlist(&site, "A1", "alice", "1").await;
    change_pin(&site, "alice", None).await;
    enlist(&site, "A1", "bob", "1").await;
    send(&site, machine, "1\t2026-07-06 09:00:30\n").await;
    assert_eq!(story(&site, PunchFilter::default()).await, ["1 2026-07-06 09:00:30 鲍勃"]);
    let change = EmployeeChange { hired_on: Some(None), ..EmployeeChange::default() };
    site.write(move |tx| employee_change(tx, &Actor::console(), &alice, change)).await.unwrap();
    assert_eq!(story(&site, PunchFilter::default()).await, ["1 2026-07-06 09:00:30 鲍勃"]);
    check_unmatched(&site).await;
}

#[tokio::test]
async fn roster_3_7_a_machine_that_moves_to_another_zone_gives_nobody_anothers_punches() {
    let (site, clock, _folder) = crate::site::tests::scratch_with_clock();
    let machine = a_machine(&site, "A1").await.id;
    hire(&site, "alice", "爱丽丝", None).await;
    hire(&site, "bob", "鲍勃", None).await;
    enlist(&site, "A1", "alice", "9").await;
    change_pin(&site, "alice", None).await;
    let zone = Tz::Europe__London;
    let change = crate::machines::MachineChange { time_zone: Some(zone), ..Default::default() };
    let sn = Sn::new("A1").unwrap();
    site.write(move |tx| crate::machines::machine_change(tx, &Actor::console(), &sn, change)).await.unwrap();
    enlist(&site, "A1", "bob", "9").await;
    clock.advance(chrono::Duration::minutes(1));
    // seven hours behind the wall clock of the hand-over
    let batch = Batch::parse(b"9\t2026-07-06 02:01:00\n", site.clock().now(), zone);
    site.write(move |tx| punch_ingest(tx, machine, Source::Live, &batch)).await.unwrap();
    assert_eq!(story(&site, PunchFilter::default()).await, ["9 2026-07-06 02:01:00 鲍勃"]);
}

#[tokio::test]
async fn punches_6_1_leading_zeros_make_no_second_punch() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    send(&site, machine, "77\t2026-07-06 08:00:00\t0\t1\n").await;
    let again =
        send(&site, machine, "00077\t2026-07-06 08:00:00\t0\t1\nX77\t2026-07-06 08:00:00\t0\t1\n").await;
    assert_eq!((again.new.len(), again.known), (1, 1));
}

#[tokio::test]
async fn i5_endless_lines_and_columns_are_cut() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "A1").await.id;
    let long = "x".repeat(1 << 20);
    send(&site, machine, &format!("{long}\n7\t2026-07-06 08:00:00\t0\t{long}\t{long}\n")).await;
    let rejected = site.read(|conn| rejected_list(conn, &Page::default())).await.unwrap();
    assert!(rejected.items[0].line.len() <= 4096);
    let punch = list(&site, PunchFilter::default()).await.items.remove(0);
    assert!(punch.verify.len() <= 64 && punch.work_code.len() <= 64);
}

#[tokio::test]
async fn safety_9_2_a_change_of_a_masked_field_is_logged_without_it() {
    let (site, _folder) = scratch();
    let id = hire(&site, "e1", "王伟", None).await.id;
    for mobile in ["13800000001", "13800000002", "13800000002"] {
        let (id, fields) = (id.clone(), [("mobile".to_owned(), Some(mobile.to_owned()))].into());
        let change = EmployeeChange { fields, ..EmployeeChange::default() };
        site.write(move |tx| employee_change(tx, &Actor::console(), &id, change)).await.unwrap();
    }
    let log = site.read(|conn| crate::audit::audit_list(conn, &Page::default())).await.unwrap();
    assert_eq!(log.items.iter().filter(|line| line.what == "employee.change").count(), 2);
    assert!(!format!("{:?}", log.items).contains("138"));
}

/// A large seeded database must be answered from indexes: a lost one fails here, not at a customer's.
#[tokio::test]
async fn big_lists_are_answered_from_indexes() {
    let (site, _folder) = scratch();
    // What SQLite knows of a site with three machines and ten million punches; it plans differently for it.
    as_if_large(&site, TEN_MILLION_PUNCHES).await;
    let everyone = PunchFilter::default();
    let one = PunchFilter { employee_id: Some(EmployeeId::new("e1").unwrap()), ..PunchFilter::default() };
    let open = PunchFilter { matched: Some(false), ..PunchFilter::default() };
    let lists = [
        list::select(&everyone, "", "p.wall DESC, p.id DESC"),
        list::select(&one, "WHERE s.employee_id = 'e1'", "p.wall DESC, p.id DESC"),
        list::select(&open, "", "u.punch_id DESC"),
        "SELECT (wall - 0) / 900, count(*) FROM punches WHERE wall >= 0 AND wall < 86400 GROUP BY 1"
            .to_owned(),
    ];
    insta::assert_snapshot!(plans(&site, lists).await);
}

mod spans_and_unmatched {
    use proptest::prelude::*;

    use super::*;

    /// One thing that happens: (which, who, pin, minute).
    type Step = (u8, u8, u8, u8);

    async fn play(steps: Vec<Step>) {
        let (site, clock, _folder) = crate::site::tests::scratch_with_clock();
        let machine = a_machine(&site, "A1").await.id;
        for who in 0..3 {
            hire(&site, &format!("e{who}"), &format!("员工{who}"), None).await;
        }
        let sn = || Sn::new("A1").unwrap();
        for (at, (what, who, pin, minute)) in steps.into_iter().enumerate() {
            clock.set(SCRATCH_NOW + chrono::Duration::minutes(at as i64));
            let id = EmployeeId::new(&format!("e{who}")).unwrap();
            match what {
                0 => drop(enlist(&site, "A1", id.as_str(), &pin.to_string()).await),
                1 => {
                    let _ =
                        site.write(move |tx| roster::roster_remove(tx, &Actor::console(), &sn(), &id)).await;
                }
                2 => {
                    let change = EntryChange { pin: Some(Some(pin.to_string())), ..EntryChange::default() };
                    let _ = site
                        .write(move |tx| roster::roster_change(tx, &Actor::console(), &sn(), &id, change))
                        .await;
                }
                3 => {
                    let day = NaiveDate::from_ymd_opt(2026, 7, u32::from(minute % 9) + 1);
                    let change = EmployeeChange { hired_on: Some(day), ..EmployeeChange::default() };
                    site.write(move |tx| employee_change(tx, &Actor::console(), &id, change)).await.unwrap();
                }
                _ => {
                    send(&site, machine, &format!("{pin}\t2026-07-06 09:{:02}:00\n", minute % 60)).await;
                }
            }
        }
        check_unmatched(&site).await;
        let all = list(&site, PunchFilter::default()).await;
        assert_eq!(all.items.len() as u64, all.total, "no punch is shown twice, with two owners");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn roster_3_7_every_punch_has_at_most_one_owner_whatever_happens(
            steps in prop::collection::vec((0_u8..6, 0_u8..3, 1_u8..4, any::<u8>()), 1..40)
        ) {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(steps));
        }
    }
}

#[tokio::test]
async fn s1_ten_megabytes_of_rubbish_are_counted_and_bounded() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "RUBBISH").await;
    let body: String = (0..50_000)
        .map(|n| format!("rubbish {n}\n"))
        .chain(["1001\t2026-07-06 08:58:11\t0\t1\n".to_owned()])
        .collect();
    let batch = Batch::parse(body.as_bytes(), SCRATCH_NOW, Tz::Asia__Shanghai);
    assert_eq!(batch.lines(), 50_001, "the machine is told of every line");
    let mut stored = Ingested::default();
    for part in batch.parts(1_000) {
        let of = site.write(move |tx| punch_ingest(tx, machine.id, Source::Live, &part)).await.unwrap();
        stored.new.extend(of.new);
        stored.rejected += of.rejected;
    }
    assert_eq!((stored.new.len(), stored.rejected), (1, 10_000));
}
