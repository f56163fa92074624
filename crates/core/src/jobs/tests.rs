use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::machines::{NewMachine, machine_add, machine_delete};
use crate::site::tests::{SCRATCH_NOW, scratch, scratch_with_clock};
use crate::{Site, Sn};

const LEASE: Duration = Duration::from_secs(60);
const KINDS: &[&str] = &[DISPATCH_RUN];

async fn machine(site: &Site) -> MachineId {
    let new = NewMachine {
        sn: Sn::new("CQZ7000000001").unwrap(),
        name: "大厅".into(),
        model: None,
        time_zone: None,
    };
    site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap().id
}

async fn add(site: &Site, kind: &'static str, machine: Option<MachineId>) -> Job {
    site.write(move |tx| job_add(tx, &Actor::console(), kind, machine, &json!({"why": "test"})))
        .await
        .unwrap()
}

async fn get(site: &Site, id: JobId) -> Job {
    site.read(move |conn| job_get(conn, id)).await.unwrap().unwrap()
}

async fn take(site: &Site) -> Option<Job> {
    site.write(|tx| jobs_take(tx, KINDS, LEASE)).await.unwrap()
}

#[tokio::test]
async fn a_job_lives_visibly_from_waiting_to_done() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = machine(&site).await;
    let job = add(&site, DISPATCH_RUN, Some(machine)).await;
    assert_eq!((job.state, job.who.as_str(), job.tries), (JobState::Waiting, "console", 0));
    assert_eq!((job.machine_name.as_deref(), job.next_at), (Some("大厅"), Some(SCRATCH_NOW)));
    assert_eq!(job.params, json!({"why": "test"}));
    clock.advance(TimeDelta::seconds(5));
    let taken = take(&site).await.unwrap();
    assert_eq!((taken.id, taken.state, taken.tries), (job.id, JobState::Running, 1));
    assert_eq!(take(&site).await, None, "one at a time");
    let id = job.id;
    site.write(move |tx| {
        job_progress(tx, id, 3, 10)?;
        job_log(tx, id, Level::Warning, "dispatch.skipped", json!({"name": "王芳"}))?;
        job_end(tx, id, JobState::Done, Some(json!({"added": 3})))
    })
    .await
    .unwrap();
    let done = get(&site, id).await;
    assert_eq!((done.state, done.done, done.total), (JobState::Done, 3, 10));
    assert_eq!((done.started_at, done.ended_at), (Some(clock_now(5)), Some(clock_now(5))));
    assert_eq!((done.next_at, done.result), (None, Some(json!({"added": 3}))));
    let log = site.read(move |conn| job_log_list(conn, id)).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].level, log[0].code.as_str()), (Level::Warning, "dispatch.skipped"));
    assert_eq!(log[0].detail, json!({"name": "王芳"}));
    // What has ended stays as it ended.
    site.write(move |tx| {
        job_set_state(tx, id, JobState::Running)?;
        job_end(tx, id, JobState::Failed, None)
    })
    .await
    .unwrap();
    assert_eq!(get(&site, id).await.state, JobState::Done);
}

fn clock_now(seconds: i64) -> Timestamp {
    SCRATCH_NOW + TimeDelta::seconds(seconds)
}

#[tokio::test]
async fn a_lease_ends_with_the_program_or_with_its_time() {
    let (site, clock, folder) = scratch_with_clock();
    let job = add(&site, DISPATCH_RUN, None).await;
    take(&site).await.unwrap();
    clock.advance(TimeDelta::seconds(59));
    site.write(move |tx| job_progress(tx, job.id, 1, 2)).await.unwrap();
    clock.advance(TimeDelta::seconds(59));
    assert_eq!(take(&site).await, None, "progress has prolonged it");
    assert_eq!(site.read(|conn| jobs_next(conn, KINDS)).await.unwrap(), Some(clock_now(119)));
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(take(&site).await.unwrap().tries, 2);
    site.close().await;

    let options = crate::SiteOptions {
        path: folder.path().join("rollcall.db"),
        clock: crate::Clock::fixed(clock_now(120)).0,
    };
    let site = Site::open(options).unwrap();
    assert_eq!(take(&site).await, None);
    assert_eq!(site.write(|tx| jobs_begin(tx, &["another"])).await.unwrap(), 0);
    assert_eq!(site.write(|tx| jobs_begin(tx, KINDS)).await.unwrap(), 1);
    assert_eq!(take(&site).await.unwrap().tries, 3);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_each_time_later_and_then_no_more() {
    let (site, clock, _folder) = scratch_with_clock();
    let id = add(&site, DISPATCH_RUN, None).await.id;
    for tries in 1..=MOST_TRIES {
        let job = take(&site).await.unwrap();
        assert_eq!(job.tries, tries);
        site.write(move |tx| job_retry(tx, &job, "database.locked", json!({}))).await.unwrap();
        assert_eq!(take(&site).await, None, "not at once");
        clock.advance(TimeDelta::minutes(60));
    }
    let job = get(&site, id).await;
    assert_eq!((job.state, job.next_at), (JobState::Failed, None));
    let log = site.read(move |conn| job_log_list(conn, id)).await.unwrap();
    assert_eq!(log.last().map(|line| line.level), Some(Level::Error));
}

#[tokio::test]
async fn a_job_is_cancelled_at_once_or_as_soon_as_its_worker_notices() {
    let (site, _folder) = scratch();
    let job = add(&site, DISPATCH_RUN, None).await;
    let cancel = async |id| site.write(move |tx| job_cancel(tx, &Actor::console(), id)).await;
    assert_eq!(cancel(job.id).await.unwrap().state, JobState::Cancelled);
    assert_eq!(cancel(job.id).await.unwrap_err().code(), "job.not_open");
    assert_eq!(cancel(JobId(99)).await.unwrap_err().code(), "job.unknown");

    let job = add(&site, DISPATCH_RUN, None).await;
    take(&site).await.unwrap();
    let wanted = cancel(job.id).await.unwrap();
    assert_eq!((wanted.state, wanted.cancel_wanted), (JobState::Running, true));

    // Followed from elsewhere: nobody has a lease on it.
    let job = add(&site, ROSTER_SYNC, None).await;
    site.write(move |tx| job_set_state(tx, job.id, JobState::Running)).await.unwrap();
    assert_eq!(cancel(job.id).await.unwrap().state, JobState::Cancelled);
}

#[tokio::test]
async fn a_job_that_stopped_goes_on_when_somebody_says_yes() {
    let (site, _folder) = scratch();
    let id = add(&site, DISPATCH_RUN, None).await.id;
    let confirm = async || site.write(move |tx| job_confirm(tx, &Actor::console(), id)).await;
    assert_eq!(confirm().await.unwrap_err().code(), "job.nothing_to_confirm");
    take(&site).await.unwrap();
    site.write(move |tx| job_ask(tx, id, &json!({"hit": 7}))).await.unwrap();
    assert_eq!(get(&site, id).await.state, JobState::NeedsConfirmation);
    assert_eq!(take(&site).await, None);
    let open = site.read(|conn| jobs_open_of(conn, DISPATCH_RUN, None)).await.unwrap();
    assert_eq!(open.len(), 1);
    let confirmed = confirm().await.unwrap();
    assert_eq!((confirmed.state, confirmed.confirmed), (JobState::Waiting, true));
    assert!(take(&site).await.unwrap().confirmed);
}

#[tokio::test]
async fn jobs_are_found_by_state_kind_and_machine_newest_first() {
    let (site, _folder) = scratch();
    let machine = machine(&site).await;
    let first = add(&site, DISPATCH_RUN, Some(machine)).await.id;
    let second = add(&site, ROSTER_SYNC, Some(machine)).await.id;
    let third = add(&site, DISPATCH_RUN, None).await.id;
    let list = async |filter: JobFilter| {
        let page = Page { limit: 2, cursor: None };
        let paged = site.read(move |conn| job_list(conn, &filter, &page)).await.unwrap();
        (paged.items.iter().map(|job| job.id).collect::<Vec<_>>(), paged.total, paged.next.is_some())
    };
    assert_eq!(list(JobFilter::default()).await, (vec![third, second], 3, true));
    let kind = JobFilter { kind: Some(DISPATCH_RUN.into()), ..JobFilter::default() };
    assert_eq!(list(kind).await, (vec![third, first], 2, false));
    let sn = JobFilter { sn: Some(Sn::new("cqz7000000001").unwrap()), ..JobFilter::default() };
    assert_eq!(list(sn).await, (vec![second, first], 2, false));
    let ended = JobFilter { state: Some(JobState::Done), ..JobFilter::default() };
    assert_eq!(list(ended).await, (vec![], 0, false));
    site.write(|tx| machine_delete(tx, &Actor::console(), &Sn::new("CQZ7000000001").unwrap())).await.unwrap();
    assert_eq!(get(&site, first).await.state, JobState::Cancelled);
    assert_eq!(
        get(&site, second).await.machine_name.as_deref(),
        Some("大厅"),
        "one still reads which it was"
    );
    assert_eq!(get(&site, third).await.state, JobState::Waiting);
}

#[tokio::test]
async fn old_jobs_and_old_lines_go() {
    let (site, _folder) = scratch();
    let machine = machine(&site).await;
    let kept = add(&site, ROSTER_SYNC, Some(machine)).await.id;
    let open = add(&site, DISPATCH_RUN, Some(machine)).await.id;
    let last = site
        .write(move |tx| {
            job_end(tx, kept, JobState::Done, None)?;
            let mut last = kept;
            for _ in 0..ENDED_MOST_PER_MACHINE + 5 {
                last = job_add(tx, &Actor::system(), DISPATCH_RUN, Some(machine), &json!({}))?.id;
                job_end(tx, last, JobState::Done, None)?;
            }
            for line in 0..LINES_MOST + 600 {
                job_log(tx, last, Level::Info, "x", json!({ "line": line }))?;
            }
            Ok::<_, db::Error>(last)
        })
        .await
        .unwrap();
    let count = async |sql: &'static str| -> i64 {
        site.read(move |conn| Ok::<_, db::Error>(conn.query_row(sql, [], |row| row.get(0))?)).await.unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM jobs").await, ENDED_MOST_PER_MACHINE + 2);
    assert_eq!(get(&site, open).await.state, JobState::Waiting);
    let lines = count("SELECT count(*) FROM job_log").await;
    assert!((LINES_MOST..LINES_MOST + 256).contains(&lines), "{lines}");
    let log = site.read(move |conn| job_log_list(conn, last)).await.unwrap();
    assert_eq!(log.len(), usize::try_from(LINES_SHOWN).unwrap());
    assert_eq!(log.last().unwrap().detail, json!({ "line": LINES_MOST + 599 }), "the newest are shown");
}
