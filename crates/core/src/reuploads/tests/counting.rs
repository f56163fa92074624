//! Which days lack punches.

use super::*;

fn shown(gaps: &Gaps) -> Vec<(String, Option<i64>, i64, bool)> {
    gaps.days.iter().map(|day| (day.date.to_string(), day.theirs, day.ours, day.missing)).collect()
}

#[tokio::test]
async fn attendance_6_7_the_gap_finder_shows_which_days_lack_punches() {
    let story = Story::attendance().await;
    story
        .upload(Answers::Perhaps, "1 2026-07-04 08:00:00\n2 2026-07-04 08:00:00\n1 2026-07-05 08:00:00")
        .await;
    let before = story.gaps("2026-07-04", "2026-07-05").await;
    assert!(before.supported && before.last_checked_at.is_none());
    assert_eq!(
        shown(&before),
        [("2026-07-04".into(), None, 2, false), ("2026-07-05".into(), None, 1, false)]
    );
    let job = story.check("2026-07-03", "2026-07-05").await;
    let first = story.one("VERIFY SUM ATTLOG StartTime=2026-07-03").await;
    story.counts(first, 0).await;
    for told in story.poll().await {
        story.counts(told.id, if told.words.contains("07-04") { 5 } else { 1 }).await;
    }
    assert_eq!(story.state(job).await, "done");
    let result = story.result(job).await;
    assert_eq!(
        (&result["theirs"], &result["ours"], &result["supported"]),
        (&6.into(), &3.into(), &true.into())
    );
    assert_eq!(
        (&result["missing"], &result["reuploadJobId"]),
        (&serde_json::json!(["2026-07-04"]), &Value::Null)
    );
    let after = story.gaps("2026-07-03", "2026-07-05").await;
    assert_eq!(
        shown(&after),
        [
            ("2026-07-03".into(), Some(0), 0, false),
            ("2026-07-04".into(), Some(5), 2, true),
            ("2026-07-05".into(), Some(1), 1, false)
        ]
    );
    // What comes fills it, whoever asked for it.
    story
        .upload(Answers::Perhaps, "3 2026-07-04 08:00:00\n4 2026-07-04 08:00:00\n5 2026-07-04 08:00:00")
        .await;
    assert!(!story.gaps("2026-07-04", "2026-07-04").await.days[0].missing);
    story.nothing().await;
}

#[tokio::test]
async fn attendance_6_7_todays_punches_after_the_question_fill_no_gap() {
    let story = Story::attendance().await;
    let job = story.check("2026-07-06", "2026-07-06").await;
    let count =
        story.one("VERIFY SUM ATTLOG StartTime=2026-07-06 00:00:00|EndTime=2026-07-06 09:00:00").await;
    story.counts(count, 2).await;
    assert_eq!(story.state(job).await, "done");
    story.upload(Answers::Perhaps, "1 2026-07-06 09:00:01\n2 2026-07-06 09:00:02").await;
    assert!(story.gaps("2026-07-06", "2026-07-06").await.days[0].missing);
    story.upload(Answers::Perhaps, "1 2026-07-06 08:00:01\n2 2026-07-06 08:00:02").await;
    assert!(!story.gaps("2026-07-06", "2026-07-06").await.days[0].missing);
}

#[tokio::test]
async fn attendance_6_7_a_machine_that_cannot_count_says_so() {
    let story = Story::attendance().await;
    let job = story.check("2026-07-01", "2026-07-03").await;
    let count = story.one("VERIFY SUM").await;
    story.answer(count, -22).await;
    let info = story.one("INFO").await;
    story.answer(info, 0).await;
    assert_eq!(
        (story.state(job).await, story.result(job).await["supported"].clone()),
        ("done", false.into())
    );
    assert!(!story.gaps("2026-07-01", "2026-07-01").await.supported);
    for (dialect, question) in
        [(Dialect::Access, "DATA COUNT transaction"), (Dialect::Fk, "GET_DEVICE_STATUS")]
    {
        let story = Story::of(dialect, "3").await;
        let job = story.check("2026-07-01", "2026-07-03").await;
        let count = story.one(question).await;
        story.answer(count, 12).await;
        assert_eq!(
            (story.state(job).await, story.result(job).await["supported"].clone()),
            ("done", false.into())
        );
        assert!(story.log(job).await.contains(&"gapCheck.not_supported".to_owned()));
    }
}

#[tokio::test]
async fn attendance_6_7_a_re_upload_that_brings_less_than_the_machine_holds_says_so() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    let count = story.one("VERIFY SUM").await;
    story.counts(count, 3).await;
    let query = story.one("DATA QUERY").await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    story.answer(query, 0).await;
    story.nothing().await;
    // Some may have been lost on the way; when asking again brings nothing new, that is all there is.
    let query = story.one("DATA QUERY").await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    story.answer(query, 0).await;
    story.nothing().await;
    let last = story.one("VERIFY SUM").await;
    story.counts(last, 3).await;
    assert_eq!(story.state(job).await, "done");
    let log = story.log(job).await;
    assert!(
        log.contains(&"reupload.again".to_owned()) && log.contains(&"reupload.short".to_owned()),
        "{log:?}"
    );
    assert!(story.gaps("2026-07-01", "2026-07-01").await.days[0].missing);
}

/// The number of punches of a stretch is found number by number: without the index it would be a walk over all punches.
#[tokio::test]
async fn counting_a_stretch_walks_over_this_machines_numbers_only() {
    let story = Story::attendance().await;
    let plan = story
        .site
        .read(|conn| {
            crate::site::tests::plan(conn, &format!("{} SELECT count(*) FROM walls", gaps::OF_MACHINE))
        })
        .await
        .unwrap();
    let scans = plan.lines().any(|line| line == "SCAN p" || line.starts_with("SCAN punches"));
    assert!(!scans && plan.matches("punches_pin").count() >= 3, "{plan}");
}
