use super::*;

#[tokio::test]
async fn dispatch_4_6_every_run_says_who_was_added_removed_disabled_enabled_skipped_and_why() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "secret"), ("p3", "made"), ("p4", "made")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p2", "p3", "p4"]).await;
    world.enable("p3", false).await;
    let disable = EntryChange { enabled: Some(false), by: Some(DisabledBy::Rule), ..EntryChange::default() };
    world.site.write(move |tx| roster_change(tx, &console(), &sn(HALL), &id("p4"), disable)).await.unwrap();
    let run = async |option| {
        world.save(HALL, rule(&["department:made"], &["department:secret"], option)).await;
        world.site.write(|tx| rule_run(tx, &console(), &sn(HALL), false)).await.unwrap()
    };
    let job = run(OutOfScope::Disable).await;
    world.work().await;
    // Saving has added p1 and enabled p4 already; the run by hand disables.
    let lines = world.log(job).await;
    let why = |code: &str, included: &[&str], excluded: &[&str]| json!({"code": code, "in": included, "out": excluded});
    let expected = [
        ("dispatch.started", json!({"trigger": "hand", "people": 1})),
        (
            "dispatch.skipped",
            json!({"employeeId": "p3", "name": "<p3>", "why": why("disabledByHand", &["生产部"], &[])}),
        ),
        (
            "dispatch.disabled",
            json!({"employeeId": "p2", "name": "<p2>", "why": why("excluded", &["生产部"], &["保密组"])}),
        ),
        (
            "dispatch.finished",
            json!({"trigger": "hand", "added": 0, "enabled": 0, "deleted": 0, "disabled": 1, "skipped": 1, "refused": 0}),
        ),
    ];
    assert_eq!(lines, expected.map(|(code, detail)| (code.to_owned(), detail)));
    let saved = world.log(JobId(job.0 - 1)).await;
    let codes: Vec<_> = saved.iter().map(|(code, _)| code.as_str()).collect();
    let expected =
        ["dispatch.started", "dispatch.skipped", "dispatch.enabled", "dispatch.added", "dispatch.finished"];
    assert_eq!(codes, expected);
    assert_eq!(
        saved[3].1,
        json!({"employeeId": "p1", "name": "<p1>", "pin": null, "why": why("inScope", &["生产部"], &[])})
    );
    let job = run(OutOfScope::Delete).await;
    let done = world.work().await;
    assert_eq!(
        done.last().unwrap().result,
        Some(json!(
            {"trigger": "hand", "added": 0, "enabled": 0, "deleted": 1, "disabled": 0, "skipped": 1, "refused": 0}
        ))
    );
    assert!(
        world
            .log(job)
            .await
            .iter()
            .any(|(code, detail)| code == "dispatch.deleted" && detail["employeeId"] == "p2")
    );
    let audit = world.site.read(|conn| audit::audit_list(conn, &Page::default())).await.unwrap();
    for what in ["dispatch.change", "dispatch.run", "roster.add", "roster.remove"] {
        assert!(audit.items.iter().any(|line| line.what == what), "{what}");
    }
}

#[tokio::test]
async fn dispatch_4_6_a_long_run_goes_in_parts_can_be_cancelled_and_is_taken_up_again() {
    let world = world().await;
    world
        .site
        .write(|tx| {
            tx.execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                 INSERT INTO employees (id, name, department_id, created_at, changed_at)
                   SELECT format('e%05d', i), format('n%05d', i), 'made', 0, 0 FROM n",
            )?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let job = world.save(HALL, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let now = world.site.clock().now();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    assert_eq!(parts.iter().map(Part::people).collect::<Vec<_>>(), [500, 500, 200]);
    let first = parts[0].clone();
    let did = world.site.write(move |tx| run_do(tx, job, &first)).await.unwrap();
    assert_eq!(did, Did { changed: Some(sn(HALL)), goes_on: true });
    let half = world.job(job).await;
    assert_eq!((half.state, half.done, half.total), (JobState::Running, 500, 1200));
    // The program ends here, and begins again.
    world.site.write(|tx| jobs_begin(tx, &[crate::jobs::DISPATCH_RUN])).await.unwrap();
    let done = world.work().await;
    assert_eq!((done[0].id, done[0].state), (job, JobState::Done));
    assert_eq!(done[0].result.as_ref().unwrap()["added"], 1200, "what was done before counts");
    assert_eq!(
        world
            .site
            .read(|conn| Ok::<_, db::Error>(
                conn.query_row("SELECT count(*) FROM roster", [], |row| row.get::<_, i64>(0))?
            ))
            .await
            .unwrap(),
        1200
    );

    let job = world.save(GATE, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap();
    world.site.write(move |tx| run_do(tx, job, &first)).await.unwrap();
    world.site.write(move |tx| job_cancel(tx, &console(), job)).await.unwrap();
    let second = parts.next().unwrap();
    let did = world.site.write(move |tx| run_do(tx, job, &second)).await.unwrap();
    assert_eq!(did, Did::default());
    let cancelled = world.job(job).await;
    assert_eq!(
        (cancelled.state, cancelled.result.unwrap()["added"].clone()),
        (JobState::Cancelled, json!(500))
    );
}

#[tokio::test]
async fn dispatch_4_6_who_is_judged_otherwise_by_then_is_left_alone() {
    let world = world().await;
    for person in ["p1", "p2"] {
        world.person(person, Some("made")).await;
    }
    let job = world.save(HALL, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let now = world.site.clock().now();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    world.move_to("p1", Some("desk")).await;
    world.by_hand(HALL, &["p2"]).await;
    for part in parts {
        world.site.write(move |tx| run_do(tx, job, &part)).await.unwrap();
    }
    assert_eq!(world.hall().await, "p2");
    assert_eq!(world.job(job).await.result.unwrap()["added"], 0);
}
