use super::*;

#[tokio::test]
async fn dispatch_4_2_people_in_scope_are_added_at_once_when_the_rule_is_saved() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "shop"), ("p3", "desk"), ("p4", "secret")] {
        world.person(person, Some(department)).await;
    }
    let job = world.save(HALL, rule(&["department:made"], &["department:secret"], OutOfScope::Keep)).await;
    let done = world.work().await;
    assert_eq!(done.iter().map(|job| job.id).collect::<Vec<_>>(), [job.unwrap()]);
    assert_eq!((done[0].state, done[0].done, done[0].total), (JobState::Done, 2, 2));
    assert_eq!(world.hall().await, "p1 p2");
    assert!(
        world.list(HALL).await.iter().all(|entry| entry.source == EntrySource::Rule && entry.pin.is_none())
    );
    assert_eq!(world.list(GATE).await, [], "each machine has its own rule");
}

#[tokio::test]
async fn dispatch_4_2_people_in_scope_are_added_at_once_when_the_directory_changes() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.save(GATE, on(&["department:desk"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    world.person("p2", Some("shop")).await;
    world.move_to("p1", Some("made")).await;
    let done = world.work().await;
    assert_eq!(done.len(), 1, "only the rule concerned ran");
    assert_eq!(done[0].result.as_ref().unwrap()["trigger"], "directory");
    assert_eq!(world.hall().await, "p1 p2");
    assert_eq!(world.list(GATE).await.len(), 1, "nobody is removed before the night, nor here at all");
    // A department that moves takes its people along.
    world.person("p3", Some("desk")).await;
    world.work().await;
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE departments SET parent_id = 'made', branch_id = NULL WHERE id = 'desk'", [])?;
            department_moved(tx, "desk")
        })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 p3");
    assert_eq!(world.work().await, []);
}

#[tokio::test]
async fn dispatch_4_2_a_branch_that_moves_takes_its_departments_along() {
    let world = world().await;
    world.person("p1", Some("shop")).await;
    world
        .site
        .write(|tx| {
            let sql =
                "INSERT INTO branches (id, name, parent_id, created_at) VALUES ('all', '集团', NULL, 0)";
            Ok::<_, db::Error>(tx.execute(sql, [])?)
        })
        .await
        .unwrap();
    world.save(HALL, on(&["branch:all"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE branches SET parent_id = 'all' WHERE id = 'hq'", [])?;
            branch_moved(tx, "hq")
        })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_2_whoever_moves_while_the_rules_are_looked_at_is_looked_at_again() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    world.move_to("p1", Some("desk")).await;
    let now = world.site.clock().now();
    let moved = world.site.read(move |conn| moves_look(conn, now)).await.unwrap().unwrap();
    assert_eq!((moved.people, moved.touched.len()), (1, 0));
    world.move_to("p1", Some("made")).await;
    world.site.write(move |tx| moves_note(tx, &moved)).await.unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_2_somebody_removed_by_hand_who_is_in_scope_comes_back_unless_excluded() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    let remove = || world.site.write(|tx| roster_remove(tx, &console(), &sn(HALL), &id("p1")));
    remove().await.unwrap();
    let now = world.site.clock().now();
    let explain =
        async || world.site.read(move |conn| rule_explain(conn, &sn(HALL), &id("p1"), now)).await.unwrap();
    let before = explain().await;
    assert_eq!((before.standing, before.by.included), (Standing::In, vec!["生产部".to_owned()]));
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    remove().await.unwrap();
    world.save(HALL, rule(&["department:made"], &["employee:p1"], OutOfScope::Keep)).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    let after = explain().await;
    assert_eq!((after.standing, after.by.excluded), (Standing::Excluded, vec!["<p1>".to_owned()]));
}

#[tokio::test]
async fn dispatch_4_4_what_it_adds_is_sent_by_itself_if_it_has_a_number() {
    let world = world().await;
    world
        .site
        .write(|tx| {
            let mapping = Mapping { enabled: true, field: Some("employeeNumber".into()) };
            mapping_set(tx, &console(), &sn(HALL), &mapping)
        })
        .await
        .unwrap();
    world.person("p1", Some("made")).await;
    world.person("px", Some("made")).await;
    let job = world.save(HALL, Rule { sync: true, ..on(&["department:made"]) }).await.unwrap();
    world.work().await;
    let log = world.log(job).await;
    let added: Vec<_> =
        log.iter().filter(|(code, _)| code == "dispatch.added").map(|(_, detail)| &detail["pin"]).collect();
    assert_eq!(added, [&json!("1"), &Value::Null], "the mapping has filled in what it could");
    assert_eq!(log.iter().filter(|(code, _)| code == "dispatch.sent").count(), 1);
    // Nobody with a number: nothing is sent.
    world.person("py", Some("made")).await;
    let done = world.work().await;
    assert!(world.log(done[0].id).await.iter().all(|(code, _)| code != "dispatch.sent"));
    // Without the option nothing is, either.
    let job = world.save(GATE, on(&["employee:p1"])).await.unwrap();
    world.work().await;
    assert!(world.log(job).await.iter().all(|(code, _)| code != "dispatch.sent"));
}

#[tokio::test]
async fn dispatch_4_2_looking_at_moves_and_nights_goes_by_indexes() {
    let world = world().await;
    let plans = world
        .site
        .read(|conn| {
            [queries::ENTRIES_OF, crate::roster::HOLDER, crate::jobs::TAKE]
                .into_iter()
                .map(|sql| crate::site::tests::plan(conn, sql))
                .collect::<Result<Vec<_>, _>>()
        })
        .await
        .unwrap();
    for (plan, index) in plans.iter().zip(["roster_employee", "roster_pin", "jobs_open"]) {
        assert!(plan.contains(index) && !plan.contains("SCAN r"), "{plan}");
    }
}

#[tokio::test]
async fn dispatch_4_4_whoever_gets_a_number_later_is_sent_then() {
    let world = world().await;
    world.person("px", Some("made")).await;
    world.save(HALL, Rule { sync: true, ..on(&["department:made"]) }).await;
    world.save(GATE, on(&["department:made"])).await;
    world.work().await;
    for machine in [HALL, GATE] {
        world
            .site
            .write(move |tx| {
                let mapping = Mapping { enabled: true, field: Some("employeeNumber".into()) };
                mapping_set(tx, &console(), &sn(machine), &mapping)
            })
            .await
            .unwrap();
    }
    let fields = [("employeeNumber".to_owned(), Some("7".to_owned()))].into();
    let change = EmployeeChange { fields, ..EmployeeChange::default() };
    world.site.write(move |tx| employee_change(tx, &console(), &id("px"), change)).await.unwrap();
    let done = world.work().await;
    assert_eq!(done.len(), 1, "only where the rule sends by itself");
    assert!(
        world
            .log(done[0].id)
            .await
            .iter()
            .any(|(code, detail)| code == "dispatch.sent" && detail["entries"] == 1)
    );
    let due = async |machine: &'static str| -> i64 {
        let sql = "SELECT r.due FROM roster r JOIN machines m ON m.id = r.machine_id WHERE m.sn = ?1";
        world
            .site
            .read(move |conn| Ok::<_, db::Error>(conn.query_row(sql, [machine], |row| row.get(0))?))
            .await
            .unwrap()
    };
    assert_eq!((due(HALL).await, due(GATE).await), (1, 0));
    assert_eq!(world.work().await, [], "and only once");
    // The option alone, switched on later, sends what was dispatched without it.
    world.save(GATE, Rule { sync: true, ..on(&["department:made"]) }).await;
    world.work().await;
    assert_eq!(due(GATE).await, 1);
}
