//! Lists and sums over days.

use super::*;
use crate::attendance::day::{MarkKind, Status};
use crate::schedule::plan::{CalendarDay, Special};
use crate::schedule::{LeaveKind, calendar_set, leave_add};

impl World {
    async fn list(&self, filter: DayFilter, page: Page) -> crate::page::Paged<DayView> {
        let now = self.site.clock().now();
        self.site.read(move |conn| day_list(conn, &filter, &page, now)).await.unwrap()
    }

    async fn sheet(&self, page: Page) -> Sheet {
        let now = self.site.clock().now();
        let july = Month::parse("2026-07").unwrap();
        self.site.read(move |conn| sheet(conn, &Whom::default(), july, &page, now)).await.unwrap()
    }
}

fn all() -> DayFilter {
    let dates = Dates { from: day("07-01"), to: day("07-06") };
    DayFilter { whom: Whom::default(), dates, status: None, mark: None }
}

/// A week with something of everything: e1 was late, left early, missed a punch; e2 was on leave for half a day.
async fn a_week() -> World {
    let world = World::new().await;
    world.advance(1);
    world
        .punch(&[
            ("1", "07-01 09:10:00"),
            ("1", "07-01 18:00:00"),
            ("1", "07-02 09:00:00"),
            ("1", "07-02 17:30:00"),
            ("1", "07-03 08:59:00"),
            ("1", "07-06 09:05:00"),
            ("2", "07-02 09:00:00"),
            ("2", "07-02 13:30:00"),
        ])
        .await;
    let leave = crate::schedule::Leave {
        employee: id("e2"),
        kind: LeaveKind::Annual,
        from: day("07-02"),
        to: day("07-02"),
        start: TimeOfDay::parse("13:30"),
        end: None,
        note: String::new(),
    };
    world.site.write(move |tx| leave_add(tx, &Actor::console(), leave)).await.unwrap();
    let holiday = CalendarDay {
        date: day("07-01"),
        special: Special::Workday { as_weekday: None },
        name: "调休".into(),
    };
    world.site.write(move |tx| calendar_set(tx, &Actor::console(), holiday)).await.unwrap();
    world.heard("A1").await;
    world.settle().await;
    world
}

#[tokio::test]
async fn attendance_6_5_days_are_listed_by_date_then_name_and_filtered_by_what_is_shown() {
    let world = a_week().await;
    let name =
        |day: &DayView| format!("{} {} {}", day.person.id, day.date.format("%m-%d"), day.status.name());
    let mut listed = Vec::new();
    let mut page = Page { limit: 5, cursor: None };
    loop {
        let part = world.list(all(), page.clone()).await;
        assert_eq!(part.total, 12);
        listed.extend(part.items.iter().map(name));
        let Some(next) = part.next else { break };
        page.cursor = Some(next);
    }
    let expected = [
        "e1 07-01 late",
        "e2 07-01 absent",
        "e1 07-02 earlyLeave",
        "e2 07-02 normal",
        "e1 07-03 missing",
        "e2 07-03 absent",
        "e1 07-04 rest",
        "e2 07-04 rest",
        "e1 07-05 rest",
        "e2 07-05 rest",
        "e1 07-06 late",
        "e2 07-06 pending",
    ];
    assert_eq!(listed, expected);
    let of_status = async |status| {
        let days = world.list(DayFilter { status: Some(status), ..all() }, Page::default()).await;
        days.items.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(of_status(DayStatus::Is(Status::Absent)).await, ["e2 07-01 absent", "e2 07-03 absent"]);
    assert_eq!(of_status(DayStatus::Pending).await, ["e2 07-06 pending"], "though it is kept as absent");
    assert_eq!(of_status(DayStatus::Is(Status::Late)).await, ["e1 07-01 late", "e1 07-06 late"]);
    let of_mark =
        async |mark| world.list(DayFilter { mark: Some(mark), ..all() }, Page::default()).await.total;
    assert_eq!((of_mark(MarkKind::MissingOut).await, of_mark(MarkKind::Absent).await), (1, 2));
    let mut each = Vec::new();
    let now = world.site.clock().now();
    let written = world.site.read(move |conn| {
        day_each(conn, &all(), now, |day| each.push(day))?;
        Ok::<_, AttendanceError>(each)
    });
    assert_eq!(written.await.unwrap().iter().map(name).collect::<Vec<_>>(), expected);
    let long = Dates::new(day("07-01"), day("08-31"), DAYS_MOST);
    assert!(long.is_ok() && Dates::new(day("07-01"), day("09-01"), DAYS_MOST).is_err());
}

#[tokio::test]
async fn attendance_6_5_the_month_sheet_adds_up_what_is_known() {
    let world = a_week().await;
    let sheet = world.sheet(Page::default()).await;
    assert!(sheet.head.provisional && !sheet.head.locked);
    let dates = &sheet.head.dates;
    assert_eq!((dates.len(), dates[0].weekday, dates[0].kind), (31, 3, DateKind::Workday));
    let [first, second] = sheet.rows.items.as_slice() else { panic!("{:?}", sheet.rows) };
    let totals = first.totals;
    assert_eq!((totals.late, totals.late_minutes), (2, 15), "today's lateness is known");
    assert_eq!((totals.early, totals.early_minutes, totals.missing), (1, 30, 1));
    assert_eq!((totals.absent_days, totals.worked_days, totals.lifted), (0.0, 2, 0));
    let totals = second.totals;
    assert_eq!((totals.absent_days, totals.absent_minutes), (2.0, 1080), "today may still come");
    assert_eq!((totals.leave, totals.leave_days), (270, 0.5));
    assert_eq!(first.days.len(), 6, "none that has not begun");

    let part = world.sheet(Page { limit: 1, cursor: None }).await;
    assert_eq!((part.rows.total, part.rows.items[0].person.id.as_str()), (2, "e1"));
    assert_eq!(part.rows.items[0], *first, "read person by person it is the same");
    let rest = world.sheet(Page { limit: 1, cursor: part.rows.next }).await;
    assert_eq!((rest.rows.items[0].person.id.as_str(), rest.rows.next), ("e2", None));
    assert_eq!(rest.rows.items[0], *second);
}

/// A file says of itself whether it may still change before its first row, and so before it has come to whoever keeps it open.
#[tokio::test]
async fn attendance_6_5_the_head_of_a_sheet_in_parts_speaks_of_everybody() {
    let world = a_week().await;
    a_machine(&world.site, "A2").await;
    world.enlist("A2", "e2", "2").await;
    world.advance(24 * 30);
    world.heard("A1").await;
    world.settle().await;
    let whole = world.sheet(Page::default()).await;
    let first = world.sheet(Page { limit: 1, cursor: None }).await;
    assert!(whole.head.provisional && !first.head.provisional, "the other machine has not called");
    let now = world.site.clock().now();
    let july = Month::parse("2026-07").unwrap();
    let written = world.site.read(move |conn| {
        let (head, parts) = sheet_in_parts(conn, &Whom::default(), july, 1, now)?;
        Ok::<_, AttendanceError>((head, parts.collect::<Result<Vec<_>, _>>()?))
    });
    let (head, parts) = written.await.unwrap();
    assert_eq!(head, whole.head);
    assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(parts.concat(), whole.rows.items);
}

#[tokio::test]
async fn attendance_6_5_what_is_wrong_is_listed_newest_first_with_counts() {
    let world = a_week().await;
    let now = world.site.clock().now();
    let read = async |page: Page| {
        let dates = Dates { from: day("07-01"), to: day("07-06") };
        let list = world
            .site
            .read(move |conn| exception_list(conn, &Whom::default(), dates, None, &page, now))
            .await;
        let (list, counts) = list.unwrap();
        let line = |item: &Exception| {
            format!(
                "{} {} {}{}",
                item.person.id,
                item.date.format("%m-%d"),
                item.mark.kind.name(),
                item.mark.minutes
            )
        };
        (list.items.iter().map(line).collect::<Vec<_>>(), list.next, counts)
    };
    let (all, _, counts) = read(Page::default()).await;
    assert_eq!(
        all,
        [
            "e1 07-06 late5",
            "e1 07-03 missingOut0",
            "e2 07-03 absent540",
            "e1 07-02 earlyLeave30",
            "e1 07-01 late10",
            "e2 07-01 absent540",
        ]
    );
    let expected = ExceptionCounts { late: 2, early_leave: 1, missing_in: 0, missing_out: 1, absent: 2 };
    assert_eq!(counts, expected);
    let (mut parts, mut page) = (Vec::new(), Page { limit: 1, cursor: None });
    loop {
        let (part, next, counts) = read(page.clone()).await;
        assert_eq!(counts, expected, "on every page");
        parts.extend(part);
        let Some(next) = next else { break };
        page.cursor = Some(next);
    }
    assert_eq!(parts, all);
}

#[tokio::test]
async fn attendance_6_5_dates_are_counted_by_what_people_were() {
    let world = a_week().await;
    let now = world.site.clock().now();
    let dates = Dates { from: day("07-02"), to: day("07-07") };
    let days = world.site.read(move |conn| day_summary(conn, &Whom::default(), dates, now)).await.unwrap();
    let of = |date: &str| days.iter().find(|(known, _)| *known == day(date)).unwrap().1;
    assert_eq!(days.len(), 6);
    assert_eq!(of("07-02"), DateSummary { normal: 1, early_leave: 1, ..DateSummary::default() });
    assert_eq!(of("07-03"), DateSummary { missing: 1, absent: 1, ..DateSummary::default() });
    assert_eq!(of("07-04"), DateSummary { rest: 2, ..DateSummary::default() });
    assert_eq!(of("07-06"), DateSummary { late: 1, pending: 1, ..DateSummary::default() });
    assert_eq!(of("07-07"), DateSummary::default());
}
