//! Judging a stretch of days anew on request.

use std::time::Duration as Lease;

use super::*;
use crate::jobs::{ATTENDANCE_RECOMPUTE, Job, JobId, JobState, job_cancel, job_get, jobs_begin, jobs_take};

impl World {
    async fn want(&self, wanted: Recompute) -> JobId {
        self.site.write(move |tx| recompute_add(tx, &Actor::console(), &wanted)).await.unwrap().id
    }

    async fn take(&self) -> Job {
        let lease = Lease::from_secs(300);
        self.site.write(move |tx| jobs_take(tx, &[ATTENDANCE_RECOMPUTE], lease)).await.unwrap().unwrap()
    }

    async fn prepare(&self, job: Job) -> Recomputing {
        let now = self.site.clock().now();
        self.site.read(move |conn| recompute_prepare(conn, &job, now)).await.unwrap().unwrap()
    }

    /// Does a part; none when there is none left.
    async fn part(&self, run: &Recomputing) -> Option<Recomputed> {
        let looked = run.clone();
        let part = self.site.read(move |conn| recompute_look(conn, &looked)).await.unwrap()?;
        let run = run.clone();
        Some(self.site.write(move |tx| recompute_write(tx, &run, &part)).await.unwrap())
    }

    async fn job(&self, id: JobId) -> Job {
        self.site.read(move |conn| job_get(conn, id)).await.unwrap().unwrap()
    }

    async fn differences(&self, job: JobId) -> Vec<String> {
        let now = self.site.clock().now();
        let list =
            self.site.read(move |conn| difference_list(conn, job, &Page::default(), now)).await.unwrap();
        list.items.iter().map(|day| became(&day.person, day.date, &day.before, &day.after)).collect()
    }
}

fn wanted(from: &str, to: &str) -> Recompute {
    let (from, to) = (day(from), day(to));
    Recompute { from, to, department_id: None, branch_id: None, employee_ids: None }
}

#[tokio::test]
async fn attendance_6_5_a_recomputation_names_what_became_different() {
    let world = World::new().await;
    world
        .site
        .write(|tx| {
            tx.execute_batch(
                "UPDATE attendance_days SET status = 'normal', marks = '[]' WHERE date = '2026-07-01';
                 DELETE FROM attendance_days WHERE date = '2026-07-02' AND employee_id = 'e2'",
            )?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let job = world.want(wanted("06-01", "08-31")).await;
    let run = world.prepare(world.take().await).await;
    assert_eq!(run.total(), 2 * 37, "no further than tomorrow");
    let Some(Recomputed::Written { changed, run }) = world.part(&run).await else { panic!() };
    assert_eq!((changed.len(), run.goes_on()), (3, false));
    let done = world.job(job).await;
    assert_eq!((done.state, done.done, done.total), (JobState::Done, 74, 74));
    assert_eq!(done.result, Some(serde_json::json!({ "days": 74, "changed": 3 })));
    assert_eq!(
        world.differences(job).await,
        ["e1 07-01 normal → absent", "e2 07-01 normal → absent", "e2 07-02 nothing → absent"]
    );
    // Of named people, of whom one does not exist; and of none.
    let one =
        Recompute { employee_ids: Some(vec!["e2".into(), "nobody".into()]), ..wanted("07-01", "07-02") };
    let job = world.want(one).await;
    let run = world.prepare(world.take().await).await;
    world.part(&run).await.unwrap();
    assert_eq!(world.job(job).await.result, Some(serde_json::json!({ "days": 4, "changed": 0 })));
    world.want(Recompute { department_id: Some("none".into()), ..wanted("07-01", "07-02") }).await;
    let run = world.prepare(world.take().await).await;
    assert!(world.part(&run).await.is_none());
}

#[tokio::test]
async fn attendance_6_5_a_recomputation_goes_on_where_it_was_and_can_be_cancelled() {
    let world = World::new().await;
    let job = world.want(wanted("05-01", "07-06")).await;
    // Seven people in all, of sixty-seven days each: two parts.
    for who in ["e3", "e4", "e5", "e6", "e7"] {
        world.hire(who).await;
    }
    world.settle().await;
    let run = world.prepare(world.take().await).await;
    assert_eq!(run.total(), 7 * 67);
    let Some(Recomputed::Written { run, .. }) = world.part(&run).await else { panic!() };
    assert!(run.goes_on());
    let half = world.job(job).await;
    assert_eq!((half.state, half.done), (JobState::Running, 400));
    // The program ends here, and begins again.
    world.site.write(|tx| jobs_begin(tx, &[ATTENDANCE_RECOMPUTE])).await.unwrap();
    let run = world.prepare(world.take().await).await;
    let Some(Recomputed::Written { run, .. }) = world.part(&run).await else { panic!() };
    assert!(!run.goes_on());
    let done = world.job(job).await;
    assert_eq!((done.state, done.done), (JobState::Done, 7 * 67), "each day once");

    let job = world.want(wanted("05-01", "07-06")).await;
    let run = world.prepare(world.take().await).await;
    let Some(Recomputed::Written { run, .. }) = world.part(&run).await else { panic!() };
    world.site.write(move |tx| job_cancel(tx, &Actor::console(), job)).await.unwrap();
    assert!(matches!(world.part(&run).await, Some(Recomputed::Cancelled)));
    let cancelled = world.job(job).await;
    assert_eq!((cancelled.state, cancelled.done), (JobState::Cancelled, 400));
}

/// Whoever was taken out of the directory since has no line, and those behind them have theirs.
#[tokio::test]
async fn attendance_6_5_what_was_recomputed_of_somebody_who_is_gone_ends_no_list() {
    let world = World::new().await;
    let job = world.want(wanted("07-01", "07-02")).await;
    world
        .site
        .write(move |tx| {
            for who in ["e0", "e1", "e1x", "e2"] {
                tx.execute(
                    "INSERT INTO attendance_differences (job_id, employee_id, date) VALUES (?1, ?2, '2026-07-01')",
                    rusqlite::params![job.0, who],
                )?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let now = world.site.clock().now();
    let (mut listed, mut page) = (Vec::new(), Page { limit: 1, cursor: None });
    loop {
        let wanted = page.clone();
        let part = world.site.read(move |conn| difference_list(conn, job, &wanted, now)).await.unwrap();
        listed.extend(part.items.into_iter().map(|item| item.person.id.as_str().to_owned()));
        let Some(next) = part.next else { break };
        page.cursor = Some(next);
    }
    assert_eq!(listed, ["e1", "e2"]);
}

/// Days of locked months are looked at and stay.
#[tokio::test]
async fn attendance_6_5_a_recomputation_leaves_locked_months_alone() {
    let world = World::new().await;
    world.advance(24 * 27);
    world.settle().await;
    world
        .site
        .write(|tx| {
            let july = Month::parse("2026-07").unwrap();
            tx.execute(
                "UPDATE attendance_days SET status = 'normal', marks = '[]' WHERE date = '2026-07-01'",
                [],
            )?;
            lock_add(tx, &Actor::console(), july, true)
        })
        .await
        .unwrap();
    let job = world.want(wanted("07-01", "08-02")).await;
    let run = world.prepare(world.take().await).await;
    world.part(&run).await.unwrap();
    assert!(world.differences(job).await.is_empty());
    assert_eq!(world.shown("e1", "07-01").await, "normal");
    assert_eq!(world.site.read(lock_list).await.unwrap()[0].late, 2, "they are listed");
}

fn stretch(from: &str, to: &str) -> Recompute {
    Recompute {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        department_id: None,
        branch_id: None,
        employee_ids: None,
    }
}

#[tokio::test]
async fn attendance_6_5_nobody_judges_a_century_anew() {
    let world = World::new().await;
    let add = |wanted| world.site.write(move |tx| recompute_add(tx, &Actor::console(), &wanted));
    assert!(matches!(add(stretch("1926-07-01", "2026-07-31")).await, Err(AttendanceError::RangeTooLong(_))));
    assert!(matches!(add(stretch("2026-07-31", "2026-07-01")).await, Err(AttendanceError::RangeTurned)));
    add(stretch("2017-01-01", "2026-12-31")).await.unwrap();
}

#[tokio::test]
async fn what_was_recomputed_long_ago_is_forgotten_a_little_at_a_time() {
    let world = World::new().await;
    let add =
        || world.site.write(|tx| recompute_add(tx, &Actor::console(), &stretch("2026-07-01", "2026-07-01")));
    let first = add().await.unwrap().id;
    world
        .site
        .write(move |tx| {
            for n in 0..2_500 {
                tx.execute(
                    "INSERT INTO attendance_differences (job_id, employee_id, date) VALUES (?1, ?2, '2026-07-01')",
                    rusqlite::params![first.0, format!("p{n}")],
                )?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    assert!(!world.site.write(differences_sweep).await.unwrap(), "it is the newest");
    for _ in 0..20 {
        add().await.unwrap();
    }
    let sweep = || world.site.write(differences_sweep);
    assert!(sweep().await.unwrap());
    assert!(sweep().await.unwrap());
    assert!(!sweep().await.unwrap());
    let now = world.site.clock().now();
    let page = Page::default();
    let left = world.site.read(move |conn| difference_list(conn, first, &page, now)).await.unwrap();
    assert_eq!(left.total, 0);
}
