//! Machines that understand less, or something else.

use super::*;

#[tokio::test]
async fn attendance_6_7_a_machine_that_refuses_is_asked_in_other_words_and_at_last_to_send_everything() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-02", None).await.unwrap();
    let count = story.one("VERIFY SUM ATTLOG StartTime=2026-07-01 00:00:00").await;
    story.answer(count, -1).await;
    let count = story.one("VERIFY SUM ATTLOG StartTime=2026-07-01T00:00:00").await;
    story.answer(count, -1).await;
    let query = story.one("DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00").await;
    story.answer(query, -1).await;
    let query =
        story.one("DATA QUERY ATTLOG StartTime=2026-07-01T00:00:00|EndTime=2026-07-01T23:59:59").await;
    story.answer(query, -1002).await;
    let check = story.one("CHECK").await;
    let resending = async || story.site.read(reuploads_resending).await.unwrap();
    assert_eq!(resending().await, [story.machine.id], "its handshake is answered with stamp 0");
    story.answer(check, 0).await;
    let id = story.machine.id;
    story.nothing().await;
    story.site.write(move |tx| reuploads_told(tx, id)).await.unwrap();
    assert_eq!(resending().await, [], "once");
    story.upload(Answers::Perhaps, "1 2026-05-01 08:00:00\n2 2026-05-01 08:00:00").await;
    story.nothing().await;
    story.nothing().await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00\n2 2026-07-02 08:00:00").await;
    for _ in 0..3 {
        assert_eq!(story.state(job).await, "running");
        story.nothing().await;
    }
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [2, 2, 0, 0, 0, 0]));
    let log = story.log(job).await;
    assert_eq!(log.iter().filter(|code| *code == "reupload.next_way").count(), 2, "{log:?}");
    assert!(
        log.contains(&"reupload.cannot_count".to_owned()) && log.contains(&"reupload.outside".to_owned())
    );
    assert!(story.sources().await.iter().all(|(_, source)| *source == 1), "all of it came because of that");
    // What it understands is remembered.
    story.ask("2026-07-03", "2026-07-03", None).await.unwrap();
    story.one("CHECK").await;
}

#[tokio::test]
async fn attendance_6_7_firmware_of_1x_knows_one_way_only() {
    let story = Story::of(Dialect::Attendance, "1.x").await;
    let job = story.ask("2026-07-01", "2026-07-05", None).await.unwrap();
    let check = story.one("CHECK").await;
    story.answer(check, 0).await;
    for _ in 0..20 {
        story.nothing().await;
    }
    assert_eq!(story.state(job).await, "failed", "it never shook hands");
    assert!(story.log(job).await.contains(&"reupload.nothing_came".to_owned()));
    assert!(!story.gaps("2026-07-01", "2026-07-05").await.supported);
}

#[tokio::test]
async fn attendance_6_7_minus_one_of_an_empty_day_is_no_refusal() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-02", None).await.unwrap();
    let count = story.one("VERIFY SUM").await;
    story.answer(count, -22).await;
    let query = story.one("DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00").await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    story.answer(query, 1).await;
    let query = story.one("DATA QUERY ATTLOG StartTime=2026-07-02 00:00:00").await;
    story.answer(query, -1).await;
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [1, 1, 0, 0, 0, 0]));
    assert!(story.log(job).await.contains(&"reupload.nothing_there".to_owned()));
}

#[tokio::test]
async fn attendance_6_7_an_access_terminal_answers_by_number_whatever_it_sends_live() {
    let story = Story::of(Dialect::Access, "3.1.2").await;
    let job = story.ask("2026-07-01", "2026-07-02", None).await.unwrap();
    let query = story.one("DATA QUERY tablename=transaction,fielddesc=*,filter=starttime=").await;
    let answers = Answers::Command(query);
    story.upload(Answers::No, "9 2026-07-01 08:00:00").await;
    // The range was ignored.
    story.upload(answers, "1 2026-06-01 08:00:00\n9 2026-07-01 08:00:00\n1 2026-07-02 08:00:00").await;
    story.answer(query, 3).await;
    story.nothing().await;
    story.upload(answers, "9 2026-07-01 08:00:00\n2 2026-07-02 08:00:00").await;
    story.nothing().await;
    story.nothing().await;
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [3, 2, 1, 0, 1, 0]));
    assert!(story.log(job).await.contains(&"reupload.outside".to_owned()));
    let again = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    let query = story.one("DATA QUERY").await;
    story.answer(query, -105).await;
    let query = story.one("DATA QUERY tablename=transaction,fielddesc=*,filter=*").await;
    story.answer(query, -13).await;
    assert_eq!(story.state(again).await, "failed");
    assert!(story.log(again).await.contains(&"reupload.refused".to_owned()));
}

#[tokio::test]
async fn attendance_6_7_an_fk_machine_brings_everything_with_its_result() {
    let story = Story::of(Dialect::Fk, "").await;
    let job = story.ask("2026-07-01", "2026-07-02", None).await.unwrap();
    let query = story.one("GET_LOG_DATA").await;
    let lines = "1 2026-06-01 08:00:00\n1 2026-07-01 08:00:00\n1 2026-07-02 08:00:00";
    story.upload(Answers::Command(query), lines).await;
    story.answer(query, 0).await;
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [2, 2, 0, 0, 0, 0]));
    assert_eq!(story.job(job).await.total, 1);
}

#[tokio::test]
async fn attendance_6_7_a_busy_machine_is_asked_again_and_one_that_never_answers_is_given_up() {
    let story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    story.one("VERIFY SUM").await;
    for _ in 0..5 {
        story.nothing().await;
    }
    // It does not answer counts: nobody waits for that without end.
    let query = story.one("DATA QUERY").await;
    story.answer(query, -1005).await;
    let query = story.one("DATA QUERY").await;
    story.upload(Answers::Perhaps, "1 2026-07-01 08:00:00").await;
    for _ in 0..5 {
        story.later(6);
        assert!(story.poll().await.iter().all(|told| told.id == query));
    }
    story.nothing().await;
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [1, 1, 0, 0, 0, 0]));
    assert!(story.log(job).await.contains(&"reupload.no_result".to_owned()));
}

#[tokio::test]
async fn q10_a_machine_that_speaks_another_way_now_is_asked_anew() {
    let mut story = Story::attendance().await;
    let job = story.ask("2026-07-01", "2026-07-01", None).await.unwrap();
    story.one("VERIFY SUM").await;
    let id = story.machine.id;
    story
        .site
        .write(move |tx| {
            let report = Report { dialect: Some(Dialect::Access), ..Report::default() };
            machine_report(tx, id, &report)?;
            crate::commands::commands_cancel_all(tx, id, crate::commands::DIALECT_CHANGED)
        })
        .await
        .unwrap();
    story.dialect = Dialect::Access;
    let query = story.one("DATA QUERY tablename=transaction").await;
    story.upload(Answers::Command(query), "1 2026-07-01 08:00:00").await;
    story.answer(query, 1).await;
    assert_eq!((story.state(job).await, story.tally(job).await), ("done", [1, 1, 0, 0, 0, 0]));
}
