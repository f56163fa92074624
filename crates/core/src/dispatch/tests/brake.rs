use super::*;

#[tokio::test]
async fn dispatch_4_5_brake_a_run_that_takes_too_much_stops_and_waits_for_a_yes() {
    let world = world().await;
    world.people(20, "made").await;
    world.person("new", Some("desk")).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    // Seven of twenty, and one more to add.
    let narrow = rule(&["department:desk", "department:shop"], &[], OutOfScope::Delete);
    world
        .site
        .write(|tx| {
            let sql = "UPDATE employees SET department_id = 'shop' WHERE id BETWEEN 'p08' AND 'p20'";
            Ok::<_, db::Error>(tx.execute(sql, [])?)
        })
        .await
        .unwrap();
    assert!(world.preview(Some(narrow.clone())).await.would_stop());
    world.save(HALL, narrow).await;
    world.night(7);
    let done = world.work().await;
    let stopped = done.last().unwrap();
    assert_eq!(
        (done.len(), stopped.state),
        (2, JobState::NeedsConfirmation),
        "one for saving, one for the night"
    );
    let list = world.list(HALL).await;
    assert_eq!(list.len(), 21, "nothing is deleted, additions happen");
    assert_eq!(stopped.result.as_ref().unwrap()["hit"], 7);
    let log = world.log(stopped.id).await;
    assert_eq!(log.iter().filter(|(code, _)| code == "dispatch.held").count(), 7, "it says who");
    let braked = &log.iter().find(|(code, _)| code == "dispatch.braked").unwrap().1;
    assert_eq!(*braked, json!({"hit": 7, "entries": 21, "percent": 30, "people": 5}));
    assert_eq!(world.work().await, [], "it waits");
    let stopped = stopped.id;
    world.site.write(move |tx| job_confirm(tx, &console(), stopped)).await.unwrap();
    let done = world.work().await;
    assert_eq!((done[0].id, done[0].state), (stopped, JobState::Done));
    assert_eq!(done[0].result.as_ref().unwrap()["deleted"], 7);
    assert_eq!(world.list(HALL).await.len(), 14);
}

#[tokio::test]
async fn dispatch_4_5_brake_holds_a_run_by_hand_unless_it_is_confirmed() {
    let world = world().await;
    world.people(10, "made").await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    world.save(HALL, rule(&["department:desk"], &[], OutOfScope::Disable)).await;
    world.work().await;
    let run = async |confirm| {
        world.site.write(move |tx| rule_run(tx, &console(), &sn(HALL), confirm)).await.unwrap()
    };
    let held = run(false).await;
    assert_eq!(world.work().await[0].state, JobState::NeedsConfirmation);
    assert!(world.list(HALL).await.iter().all(|entry| entry.enabled));
    let confirmed = run(true).await;
    assert_eq!(world.work().await[0].id, confirmed);
    assert!(world.list(HALL).await.iter().all(|entry| entry.disabled_by == Some(DisabledBy::Rule)));
    assert_eq!(world.job(held).await.state, JobState::Cancelled, "what was asked is answered");
    let codes: Vec<_> = world.log(held).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.last().map(String::as_str), Some("dispatch.superseded"));
}

#[tokio::test]
async fn dispatch_4_5_brake_a_yes_is_for_as_many_as_it_was_asked_for() {
    let world = world().await;
    world.people(20, "made").await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    let move_away = async |upto: &'static str| {
        let sql = "UPDATE employees SET department_id = 'desk' WHERE id <= ?1";
        world.site.write(move |tx| Ok::<_, db::Error>(tx.execute(sql, [upto])?)).await.unwrap();
    };
    move_away("p07").await;
    world.night(7);
    let held = world.work().await[0].id;
    move_away("p15").await;
    let confirm = async || world.site.write(move |tx| job_confirm(tx, &console(), held)).await;
    confirm().await.unwrap();
    assert_eq!(world.work().await[0].state, JobState::NeedsConfirmation, "fifteen are not seven");
    assert_eq!(world.list(HALL).await.len(), 20);
    assert_eq!(world.job(held).await.result.unwrap()["hit"], 15);
    // Fewer than asked for are fine.
    world.move_to("p15", Some("made")).await;
    confirm().await.unwrap();
    world.work().await;
    assert_eq!(world.list(HALL).await.len(), 6);
    // Another rule asks for itself.
    world.save(HALL, rule(&["department:desk"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world
        .site
        .write(|tx| Ok::<_, db::Error>(tx.execute("UPDATE employees SET department_id = 'shop'", [])?))
        .await
        .unwrap();
    world.night(8);
    let held = world.work().await[0].id;
    assert_eq!(world.job(held).await.state, JobState::NeedsConfirmation);
    world.save(HALL, rule(&["department:secret"], &[], OutOfScope::Delete)).await;
    let gone = world.site.write(move |tx| job_confirm(tx, &console(), held)).await.unwrap_err();
    assert_eq!(gone.code(), "job.nothing_to_confirm");
}

#[tokio::test]
async fn dispatch_4_5_brake_lets_five_people_go_however_short_the_list_is() {
    let world = world().await;
    world.people(5, "made").await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world
        .site
        .write(|tx| Ok::<_, db::Error>(tx.execute("UPDATE employees SET department_id = NULL", [])?))
        .await
        .unwrap();
    world.night(7);
    assert_eq!(world.work().await[0].state, JobState::Done);
    assert_eq!(world.hall().await, "");
}
