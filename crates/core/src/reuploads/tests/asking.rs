//! What comes is counted exactly, in whatever order it comes.

use super::*;

const DAY: &str = "DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00|EndTime=2026-07-01 23:59:59";

#[tokio::test]
async fn attendance_6_7_a_day_is_counted_asked_for_and_counted_again() {
    let story = Story::attendance().await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    let job = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    assert_eq!(story.state(job).await, "waiting");
    let count =
        story.one("VERIFY SUM ATTLOG StartTime=2026-07-01 00:00:00|EndTime=2026-07-01 23:59:59").await;
    assert_eq!(story.state(job).await, "running");
    story.nothing().await;
    story.counts(count, 3).await;
    let query = story.one(DAY).await;
    let lines = "1 2026-07-01 08:00:00\n2 2026-07-01 08:01:00\n2 2026-07-01 18:00:00";
    let stored = story.upload(Answers::Perhaps, lines).await;
    assert_eq!((stored.new.len(), stored.known, stored.jobs.as_slice()), (2, 1, &[job][..]));
    assert_eq!(story.tally(job).await, [3, 2, 1, 0, 0, 0]);
    story.answer(query, 3).await;
    let last = story.one("VERIFY SUM ATTLOG").await;
    story.counts(last, 3).await;
    assert_eq!(story.state(job).await, "done");
    let result = story.result(job).await;
    assert_eq!((&result["asked"], &result["before"], &result["after"]), (&1.into(), &3.into(), &3.into()));
    assert_eq!(
        story.log(job).await,
        [
            "reupload.asked",
            "reupload.begun",
            "reupload.part_asked",
            "reupload.answered",
            "reupload.part_done",
            "reupload.done"
        ]
    );
    assert_eq!(story.sources().await, [("1".into(), 0), ("2".into(), 1), ("2".into(), 1)]);
    story.nothing().await;
}

#[tokio::test]
async fn attendance_6_7_the_result_may_come_before_its_data() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    let count = story.one("VERIFY SUM").await;
    story.answer(count, -22).await;
    let query = story.one(DAY).await;
    story.answer(query, 0).await;
    story.nothing().await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    story.nothing().await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00\n2 2026-07-01 08:00:00").await;
    assert_eq!(story.tally(job).await, [2, 2, 0, 0, 1, 0]);
    story.nothing().await;
    assert_eq!(story.state(job).await, "running", "it has polled once since something came");
    story.nothing().await;
    assert_eq!(story.state(job).await, "done", "and twice");
    assert_eq!(story.result(job).await["after"], Value::Null);
}

#[tokio::test]
async fn attendance_6_7_days_the_machine_holds_nothing_of_are_not_asked_for() {
    let story = Story::attendance().await;
    let job = story.ask("2026-06-20", "2026-07-05", None).await.unwrap();
    let first = story.one("VERIFY SUM ATTLOG StartTime=2026-06-20").await;
    story.counts(first, 0).await;
    let rest = story.poll().await;
    assert_eq!(rest.len(), 15, "it is known to count: all the others at once");
    for told in &rest {
        let held = if told.words.contains("StartTime=2026-07-05") { 1 } else { 0 };
        story.counts(told.id, held).await;
    }
    let query = story.one("DATA QUERY ATTLOG StartTime=2026-07-05 00:00:00").await;
    story.upload(Answers::Perhaps, "1 2026-07-05 08:00:00").await;
    story.answer(query, 1).await;
    let last = story.one("VERIFY SUM ATTLOG StartTime=2026-06-20 00:00:00|EndTime=2026-07-05 23:59:59").await;
    story.counts(last, 1).await;
    assert_eq!(story.state(job).await, "done");
    assert_eq!(story.tally(job).await, [1, 1, 0, 0, 0, 0]);
    assert_eq!(story.result(job).await["before"], 1);
}

#[tokio::test]
async fn attendance_6_7_punches_made_meanwhile_are_not_of_it() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-06", "2026-07-06", None).await.unwrap();
    let count =
        story.one("VERIFY SUM ATTLOG StartTime=2026-07-06 00:00:00|EndTime=2026-07-06 09:00:00").await;
    story.counts(count, 2).await;
    story.later(1);
    let query =
        story.one("DATA QUERY ATTLOG StartTime=2026-07-06 00:00:00|EndTime=2026-07-06 09:00:00").await;
    // Live, and what an office nearby sent late: neither is of the stretch that was asked for.
    story.upload(Answers::Perhaps, "7 2026-07-06 09:00:30").await;
    story.upload(Answers::Perhaps, "8 2026-07-05 18:00:00").await;
    assert_eq!(story.tally(job).await, [0; 6]);
    story.upload(Answers::Perhaps, "1 2026-07-06 08:00:00\n2 2026-07-06 09:00:00").await;
    story.answer(query, 2).await;
    let last = story.one("VERIFY SUM").await;
    story.counts(last, 3).await;
    assert_eq!(story.tally(job).await, [2, 2, 0, 0, 0, 0]);
    let sources = story.sources().await;
    assert_eq!(sources, [("7".into(), 0), ("8".into(), 0), ("1".into(), 1), ("2".into(), 1)]);
}

#[tokio::test]
async fn attendance_6_7_whoever_was_not_asked_for_is_stored_and_counted_apart() {
    let story = Story::attendance().await;
    for (id, pin) in [("e1", "1"), ("e2", "2"), ("e3", "3")] {
        story.employee(id, pin).await;
    }
    story.upload(Answers::Perhaps, "2 2026-07-01 08:00:00").await;
    let job = story.ask("2026-07-01", "2026-07-01", Some(&["e1", "e2"])).await.unwrap();
    let count = story.one("VERIFY SUM").await;
    story.answer(count, -22).await;
    let query = story.one(DAY).await;
    let lines =
        "1 2026-07-01 08:00:00\n2 2026-07-01 08:00:00\n3 2026-07-01 08:00:00\n99 2026-07-01 08:00:00\n?";
    story.upload(Answers::Perhaps, lines).await;
    story.upload(Answers::Perhaps, lines).await;
    story.answer(query, 4).await;
    assert_eq!(story.tally(job).await, [4, 1, 1, 2, 4, 1], "a broken line that comes again is one");
    assert_eq!(story.state(job).await, "done");
    assert_eq!(story.sources().await.len(), 4);
}

#[tokio::test]
async fn attendance_6_7_what_cannot_be_asked_for_is_refused_with_a_reason() {
    let story = Story::attendance().await;
    story.employee("e1", "1").await;
    let code = async |from, to, people| story.ask(from, to, people).await.map_err(|error| error.code());
    assert_eq!(code("2026-07-02", "2026-07-01", None).await, Err("reupload.backwards"));
    assert_eq!(code("2026-07-01", "2026-07-07", None).await, Err("reupload.future"));
    assert_eq!(code("2024-07-01", "2026-07-01", None).await, Err("reupload.too_many_days"));
    assert_eq!(code("2026-07-01", "2026-07-01", Some(&[])).await, Err("reupload.nobody"));
    assert_eq!(code("2026-07-01", "2026-07-01", Some(&["e1", "e9"])).await, Err("employee.unknown"));
    let job = code("2026-07-01", "2026-07-01", None).await.unwrap();
    assert_eq!(code("2026-07-01", "2026-07-01", None).await, Ok(job), "asked for already");
    story.enable(false).await;
    assert_eq!(code("2026-07-01", "2026-07-01", None).await, Err("machine.disabled"));
}

#[tokio::test]
async fn attendance_6_7_it_waits_for_a_machine_that_is_away_and_one_follows_the_other() {
    let story = Story::attendance().await;
    let first = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    let second = story.ask("2026-07-02", "2026-07-02", None).await.unwrap();
    let count = story.one("VERIFY SUM ATTLOG StartTime=2026-07-01").await;
    let sn = story.machine.sn.clone();
    let changed = story.site.write(move |tx| reuploads_offline(tx, &sn)).await.unwrap();
    assert_eq!((changed.as_slice(), story.state(first).await), (&[first][..], "waiting"));
    assert!(story.log(first).await.contains(&"reupload.offline".to_owned()));
    // Its answer was lost with it; when it calls again after the lease, it is asked once more.
    story.later(6);
    assert_eq!(story.one("VERIFY SUM ATTLOG StartTime=2026-07-01").await, count);
    assert_eq!((story.state(first).await, story.state(second).await), ("running", "waiting"));
    story.counts(count, 0).await;
    let last = story.one("VERIFY SUM").await;
    story.counts(last, 0).await;
    assert_eq!(story.state(first).await, "done");
    story.one("VERIFY SUM ATTLOG StartTime=2026-07-02").await;
}

#[tokio::test]
async fn attendance_6_7_a_cancelled_one_asks_nothing_more() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-03", None).await.unwrap();
    let count = story.one("VERIFY SUM").await;
    story.answer(count, -22).await;
    let query = story.one(DAY).await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    story.site.write(move |tx| job_cancel(tx, &Actor::console(), job)).await.unwrap();
    assert_eq!((story.state(job).await, story.tally(job).await), ("cancelled", [1, 1, 0, 0, 0, 0]));
    // What it sends all the same is a punch like any other.
    story.upload(Answers::Perhaps, "2 2026-07-01 08:00:00").await;
    story.answer(query, 2).await;
    for _ in 0..3 {
        story.later(10);
        story.nothing().await;
    }
    assert_eq!(story.sources().await, [("1".into(), 1), ("2".into(), 0)]);
    while story.site.write(reuploads_sweep).await.unwrap() {}
    let seen: i64 = story
        .site
        .read(|conn| {
            Ok::<_, db::Error>(conn.query_row("SELECT count(*) FROM reupload_seen", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(seen, 0);
}
