use super::*;

#[tokio::test]
async fn dispatch_4_3_every_night_those_out_of_scope_are_deleted_hand_added_ones_too() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "made"), ("p3", "desk")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p3"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 p3", "nothing is taken away by saving");
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.next_run_at.unwrap().to_rfc3339(), "2026-07-06T18:00:00+00:00");
    assert!(shown.last_run.is_some());
    world.move_to("p2", Some("desk")).await;
    assert_eq!(world.work().await, []);
    world.night(7);
    world.clock.advance(TimeDelta::seconds(-1));
    assert_eq!(world.work().await, [], "a second too early");
    world.clock.advance(TimeDelta::seconds(1));
    let done = world.work().await;
    assert_eq!(done[0].result.as_ref().unwrap()["deleted"], 2);
    assert_eq!((done[0].who.as_str(), world.hall().await.as_str()), ("system", "p1"));
    assert_eq!(world.work().await, [], "once a night");
}

#[tokio::test]
async fn dispatch_4_3_every_night_those_out_of_scope_are_disabled_and_come_back() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "made"), ("p3", "desk"), ("p4", "made")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p3"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Disable)).await;
    world.work().await;
    world.enable("p4", false).await;
    world.move_to("p2", Some("desk")).await;
    world.night(7);
    world.work().await;
    assert_eq!(world.hall().await, "p1 ~p2 ~p3 -p4", "disabled, not deleted");
    world.move_to("p2", Some("made")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 ~p3 -p4", "the rule's come back at once, the hand's stay");
    // Somebody disabled by hand who was out of scope in between is still disabled by hand.
    world.move_to("p4", Some("desk")).await;
    world.night(8);
    world.work().await;
    world.move_to("p4", Some("made")).await;
    world.night(9);
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 ~p3 -p4");
}

#[tokio::test]
async fn dispatch_4_3_whoever_has_left_is_out_of_scope_on_the_day_after() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    let leave =
        EmployeeChange { left_on: Some(NaiveDate::from_ymd_opt(2026, 7, 7)), ..EmployeeChange::default() };
    world.site.write(move |tx| employee_change(tx, &console(), &id("p1"), leave)).await.unwrap();
    world.night(7);
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.night(8);
    let done = world.work().await;
    assert_eq!(world.hall().await, "");
    let log = world.log(done[0].id).await;
    let line = log.iter().find(|(code, _)| code == "dispatch.deleted").unwrap();
    assert_eq!(line.1["why"]["code"], "left");
}

#[tokio::test]
async fn dispatch_4_3_a_night_missed_while_the_program_was_off_is_done_at_the_start() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.person("p2", Some("desk")).await;
    world.by_hand(HALL, &["p2"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world.site.close().await;
    // Three nights later, at one in the morning.
    world.night(9);
    let later = world.site.clock().now() - TimeDelta::hours(1);
    let (clock, handle) = crate::Clock::fixed(later);
    let site = Site::open(SiteOptions { path: world.folder.path().join("rollcall.db"), clock }).unwrap();
    let world = World { site, clock: handle, folder: world.folder };
    assert_eq!(world.work().await.len(), 1, "one run for all the nights");
    assert_eq!(world.hall().await, "p1");
    assert_eq!(world.work().await, []);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(world.work().await.len(), 1, "and tonight's");
}

#[tokio::test]
async fn dispatch_4_3_the_time_can_be_moved_and_a_rule_that_keeps_has_no_nights() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.by_hand(HALL, &["p1"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Keep)).await;
    world.work().await;
    world.night(7);
    assert_eq!(world.work().await, []);
    assert_eq!(world.hall().await, "p1");
    let at = |text| Rule {
        run_at: RunAt::parse(text).unwrap(),
        ..rule(&["department:made"], &[], OutOfScope::Delete)
    };
    // It is two now: one o'clock has passed, three comes today.
    world.save(HALL, at("01:00")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.save(HALL, at("03:00")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.clock.advance(TimeDelta::hours(1));
    world.work().await;
    assert_eq!(world.hall().await, "");
}

#[tokio::test]
async fn dispatch_4_3_the_page_shows_beforehand_who_would_be_hit_and_why() {
    let world = world().await;
    let people = [("p1", "made"), ("p2", "secret"), ("p3", "desk"), ("p4", "made"), ("p5", "shop")];
    for (person, department) in people {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p2", "p3", "p4"]).await;
    world.enable("p4", false).await;
    let unsaved = rule(&["department:made"], &["department:secret"], OutOfScope::Delete);
    let preview = world.preview(Some(unsaved.clone())).await;
    let names = |rows: &[PreviewRow]| {
        let shown = |row: &PreviewRow| {
            format!(
                "{} {} +{} -{}",
                row.employee_id,
                row.reason.name(),
                row.by.included.join("/"),
                row.by.excluded.join("/")
            )
        };
        rows.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(names(&preview.add), ["p1 inScope +生产部 -", "p5 inScope +生产部 -"]);
    assert_eq!(names(&preview.delete), ["p2 excluded +生产部 -保密组", "p3 outOfScope + -"]);
    assert_eq!(names(&preview.skip), ["p4 disabledByHand +生产部 -"]);
    assert_eq!((preview.counts, preview.hit, preview.entries), ([2, 0, 2, 0, 1], 2, 3));
    assert!(!preview.would_stop(), "two people");
    assert_eq!(world.hall().await, "p2 p3 -p4", "nothing is changed by looking");
    let disabling = world.preview(Some(Rule { out_of_scope: OutOfScope::Disable, ..unsaved.clone() })).await;
    assert_eq!((disabling.delete.len(), disabling.disable.len()), (0, 2));
    let keeping = world.preview(Some(Rule { out_of_scope: OutOfScope::Keep, ..unsaved })).await;
    assert_eq!(names(&keeping.skip).len(), 3);
    assert_eq!(world.preview(None).await.counts, [0, 0, 0, 0, 3], "the saved one names nobody and keeps all");
}
