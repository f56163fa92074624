use super::*;

#[tokio::test]
async fn dispatch_4_1_a_rule_is_off_by_default_and_does_nothing() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.rule, Rule::default());
    assert!(!shown.rule.enabled && shown.rule.out_of_scope == OutOfScope::Keep);
    assert_eq!(shown.rule.run_at.to_string(), "02:00");
    assert_eq!((shown.last_run, shown.next_run_at), (None, None));
    let off = Rule { enabled: false, ..rule(&["department:made"], &[], OutOfScope::Delete) };
    assert_eq!(world.save(HALL, off).await, None);
    world.night(7);
    assert_eq!(world.work().await, []);
    assert_eq!(world.hall().await, "");
    let refused = world.site.write(|tx| rule_run(tx, &console(), &sn(HALL), true)).await.unwrap_err();
    assert_eq!(refused.code(), "dispatch.off");
}

#[tokio::test]
async fn dispatch_4_1_targets_must_be_there_when_they_are_named_and_name_nobody_when_they_are_gone() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    for (include, exclude, place) in [
        (&["department:made", "branch:gone"][..], &[][..], (false, 1)),
        (&[][..], &["employee:nobody"][..], (true, 0)),
    ] {
        let rule = rule(include, exclude, OutOfScope::Keep);
        let refused =
            world.site.write(move |tx| rule_set(tx, &console(), &sn(HALL), &rule)).await.unwrap_err();
        assert_eq!(refused.code(), "dispatch.target_unknown");
        let DispatchError::TargetUnknown { excluded, index, .. } = refused else { panic!("{refused}") };
        assert_eq!((excluded, index), place);
    }
    world.save(HALL, on(&["department:desk", "employee:p1"])).await;
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE employees SET department_id = NULL", [])?;
            Ok::<_, db::Error>(tx.execute("DELETE FROM departments WHERE id = 'desk'", [])?)
        })
        .await
        .unwrap();
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.include_names, [None, Some("<p1>".to_owned())]);
    // What is gone may stay when something else is changed.
    world.save(HALL, on(&["department:desk", "employee:p1", "branch:hq"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_1_a_rule_is_copied_to_other_machines_and_gone_with_its_machine() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, rule(&["department:made"], &["department:secret"], OutOfScope::Disable)).await;
    let copied = world
        .site
        .write(|tx| rule_copy(tx, &console(), &sn(HALL), &[sn(GATE), sn(HALL), sn("cqz7000000002")]))
        .await
        .unwrap();
    assert_eq!(copied, [sn(GATE)]);
    world.work().await;
    assert_eq!(world.list(GATE).await.len(), 1);
    let unknown = world.site.write(|tx| rule_copy(tx, &console(), &sn(HALL), &[sn("X")])).await.unwrap_err();
    assert_eq!(unknown.code(), "machine.unknown");
    let now = world.site.clock().now();
    world
        .site
        .write(|tx| {
            machine_delete(tx, &console(), &sn(GATE))?;
            machine_add(
                tx,
                &console(),
                NewMachine { sn: sn(GATE), name: "大门".into(), model: None, time_zone: None },
            )
        })
        .await
        .unwrap();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(GATE), now)).await.unwrap();
    assert_eq!(shown.rule, Rule::default());
    let open = world.site.read(|conn| jobs_open_of(conn, "dispatchRun", None)).await.unwrap();
    assert_eq!(open, []);
}
