//! While the computer was off.

use super::*;

async fn look(story: &Story) -> Option<Absence> {
    story.site.write(absence_look).await.unwrap()
}

async fn note(story: &Story, absence: &Absence) -> (Absence, Vec<JobId>) {
    let mut next = absence.clone();
    let (next, made) = story
        .site
        .write(move |tx| {
            let made = absence_note(tx, &mut next)?;
            Ok::<_, db::Error>((next, made))
        })
        .await
        .unwrap();
    (next, made.into_iter().map(|(_, job)| job).collect())
}

#[tokio::test]
async fn attendance_6_7_after_an_absence_each_machine_is_asked_about_those_days() {
    let story = Story::attendance().await;
    assert_eq!(look(&story).await, None, "the first start is no absence");
    story.later(9);
    assert_eq!(look(&story).await, None);
    story.later(26 * 60);
    let absence = look(&story).await.expect("an absence");
    assert!(look(&story).await.is_some(), "it stays one until it was dealt with");
    let (over, jobs) = note(&story, &absence).await;
    assert!(over.is_over());
    assert_eq!(look(&story).await, None);
    let job = story.job(jobs[0]).await;
    assert_eq!((job.kind.as_str(), job.who.as_str(), job.state.name()), ("gapCheck", "system", "waiting"));
    assert!(story.log(job.id).await.contains(&"gapCheck.away".to_owned()));
    // What the machine kept comes by itself, and first.
    story.nothing().await;
    story.upload(Answers::Perhaps, "1 2026-07-06 10:00:00").await;
    story.nothing().await;
    let first = story.one("VERIFY SUM ATTLOG StartTime=2026-07-06").await;
    story.counts(first, 2).await;
    let second = story.one("VERIFY SUM ATTLOG StartTime=2026-07-07").await;
    story.counts(second, 0).await;
    assert_eq!(story.state(job.id).await, "done");
    let follow = JobId(story.result(job.id).await["reuploadJobId"].as_i64().expect("a re-upload"));
    let follow = story.job(follow).await;
    assert_eq!((follow.kind.as_str(), follow.who.as_str()), ("reupload", "system"));
    // Only the day that lacks something.
    let count = story.one("VERIFY SUM ATTLOG StartTime=2026-07-06").await;
    story.counts(count, 2).await;
    let query = story.one("DATA QUERY ATTLOG StartTime=2026-07-06 00:00:00").await;
    story.upload(Answers::Perhaps, "1 2026-07-06 10:00:00\n2 2026-07-06 10:00:00").await;
    story.answer(query, 2).await;
    let last = story.one("VERIFY SUM").await;
    story.counts(last, 2).await;
    assert_eq!((story.state(follow.id).await, story.tally(follow.id).await), ("done", [2, 1, 1, 0, 0, 0]));
}

#[tokio::test]
async fn attendance_6_7_a_machine_that_cannot_be_asked_sends_those_days_again() {
    let story = Story::of(Dialect::Fk, "").await;
    look(&story).await;
    story.later(60);
    let absence = look(&story).await.expect("an absence");
    let (_, jobs) = note(&story, &absence).await;
    story.nothing().await;
    let status = story.one("GET_DEVICE_STATUS").await;
    story.answer(status, 0).await;
    assert_eq!(story.state(jobs[0]).await, "done");
    story.one("GET_LOG_DATA").await;
}

#[tokio::test]
async fn attendance_6_7_nobody_who_is_disabled_or_never_called_is_asked() {
    let story = Story::attendance().await;
    a_machine(&story.site, "NEVER1").await;
    story.enable(false).await;
    look(&story).await;
    story.later(60);
    let absence = look(&story).await.expect("an absence");
    assert!(absence.is_over(), "there is nobody to ask");
    let (_, jobs) = note(&story, &absence).await;
    assert_eq!((jobs.len(), look(&story).await), (0, None));
}
