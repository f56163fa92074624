use super::*;

#[tokio::test]
async fn attendance_6_6_an_appeal_goes_from_open_to_approved_and_becomes_a_fact() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 1);
    judged(&site, "e1", "2026-07-06", "day", &[MarkKind::Late, MarkKind::MissingOut]).await;
    let late = raise(&site, new("e1", "2026-07-06", MarkKind::Late, None)).await.unwrap();
    let out =
        raise(&site, new("e1", "2026-07-06", MarkKind::MissingOut, Some(o_clock(18, 5)))).await.unwrap();
    assert_eq!((late.state, late.claimed, out.claimed), (AppealState::Open, None, Some(minute(18, 5))));
    assert_eq!(late.name, "王芳");
    assert!(late.day.is_some_and(|day| day.open_appeals == 1));
    assert!(
        corrections_of(&site).await.is_empty() && dirty(&site).await.is_empty(),
        "nothing is changed by asking"
    );

    let approved = decide(&site, out.id, Decision::Approve).await.unwrap();
    assert_eq!((approved.state, approved.note.as_deref()), (AppealState::Approved, Some("已核实")));
    assert_eq!((approved.decided_by.as_deref(), approved.decided_at), (Some("console"), Some(now(&site))));
    decide(&site, late.id, Decision::Approve).await.unwrap();
    let facts = corrections_of(&site).await;
    let wall = WallTime::parse(b"2026-07-06 18:05:00").unwrap();
    assert_eq!(facts[1].what, What::Punch { wall, utc_offset: 28_800 });
    assert_eq!(facts[0].what, What::Lift(MarkKind::Late));
    assert_eq!(facts.iter().map(|fact| fact.appeal_id).collect::<Vec<_>>(), [Some(late.id), Some(out.id)]);
    // With the days beside: a punch may be of another day's window.
    assert_eq!(dirty(&site).await, ["e1 2026-07-05", "e1 2026-07-06", "e1 2026-07-07"]);
    assert_eq!(code(decide(&site, late.id, Decision::Approve).await), "appeal.not_open");
    assert_eq!(code(decide(&site, late.id, Decision::Reject).await), "appeal.not_open");
    insta::assert_json_snapshot!(audit_lines(&site).await);
}

#[tokio::test]
async fn attendance_6_6_of_a_shift_through_the_night_the_punch_is_of_the_morning_after() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 2);
    judged(&site, "e1", "2026-07-06", "night", &[MarkKind::MissingOut]).await;
    let appeal =
        raise(&site, new("e1", "2026-07-06", MarkKind::MissingOut, Some(o_clock(6, 10)))).await.unwrap();
    assert_eq!(appeal.claimed, Some(minute(30, 10)));
    decide(&site, appeal.id, Decision::Approve).await.unwrap();
    let facts = corrections_of(&site).await;
    let wall = WallTime::parse(b"2026-07-07 06:10:00").unwrap();
    assert_eq!((facts[0].date, facts[0].what), (day("2026-07-06"), What::Punch { wall, utc_offset: 28_800 }));
    let noon = new("e1", "2026-07-06", MarkKind::MissingOut, Some(o_clock(12, 0)));
    assert_eq!(code(raise(&site, noon).await), "appeal.claimed_outside");
}

#[tokio::test]
async fn attendance_6_6_what_cannot_be_raised_is_refused_by_name() {
    let (site, clock, _folder) = a_site().await;
    judged(&site, "e1", "2026-07-06", "day", &[MarkKind::Late, MarkKind::MissingOut]).await;
    let out = |claimed| new("e1", "2026-07-06", MarkKind::MissingOut, claimed);
    assert_eq!(code(raise(&site, out(Some(o_clock(18, 0)))).await), "appeal.future");
    later(&clock, 1);
    assert_eq!(code(raise(&site, out(None)).await), "appeal.claimed_needed");
    assert_eq!(code(raise(&site, out(Some(o_clock(3, 0)))).await), "appeal.claimed_outside");
    let nobody = new("nobody", "2026-07-06", MarkKind::Late, None);
    assert_eq!(code(raise(&site, nobody).await), "employee.unknown");
    let unjudged = new("e2", "2026-07-06", MarkKind::Late, None);
    assert_eq!(code(raise(&site, unjudged).await), "appeal.no_such_mark");
    assert_eq!(code(raise(&site, new("e1", "2026-07-08", MarkKind::Late, None)).await), "appeal.future");
    let late = || new("e1", "2026-07-06", MarkKind::Late, None);
    for (reason, expected) in [(" ".to_owned(), "text.empty"), ("x".repeat(501), "text.too_long")] {
        assert_eq!(code(raise(&site, NewAppeal { reason, ..late() }).await), expected);
    }
    let first = raise(&site, late()).await.unwrap();
    assert_eq!(code(raise(&site, late()).await), "appeal.open_already");
    // What was rejected may be asked again, and what was taken back.
    let id = first.id;
    let silent = site.write(move |tx| appeal_decide(tx, &console(), id, Decision::Reject, None)).await;
    assert_eq!(code(silent), "appeal.note_needed");
    assert_eq!(decide(&site, id, Decision::Reject).await.unwrap().state, AppealState::Rejected);
    let second = raise(&site, late()).await.unwrap().id;
    let withdrawn = site.write(move |tx| appeal_withdraw(tx, &console(), second, None)).await.unwrap();
    assert_eq!(withdrawn.state, AppealState::Withdrawn);
    assert!(corrections_of(&site).await.is_empty());
    let third = raise(&site, late()).await.unwrap().id;
    // Of a locked month nothing is raised or approved; what is open may still be ended.
    lock(&site, "2026-07").await;
    assert_eq!(code(raise(&site, out(Some(o_clock(18, 0)))).await), "appeal.month_locked");
    assert_eq!(code(decide(&site, third, Decision::Approve).await), "appeal.month_locked");
    assert_eq!(decide(&site, third, Decision::Reject).await.unwrap().state, AppealState::Rejected);
    assert_eq!(code(decide(&site, AppealId(99), Decision::Approve).await), "appeal.unknown");
}

#[tokio::test]
async fn attendance_6_6_so_many_punches_of_a_month_may_be_claimed() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 30);
    set_quota(&site, Some(2)).await;
    let dates = ["2026-07-01", "2026-07-15", "2026-07-31", "2026-06-30"];
    for date in dates {
        judged(&site, "e1", date, "day", &[MarkKind::MissingIn, MarkKind::Late]).await;
        judged(&site, "e2", date, "day", &[MarkKind::MissingIn]).await;
    }
    let claim = |who: &str, date: &str| new(who, date, MarkKind::MissingIn, Some(o_clock(9, 0)));
    let used = async |who: &'static str| {
        let month = crate::attendance::Month::of(day("2026-07-10"));
        let view = site.read(move |conn| quota_get(conn, who, month)).await.unwrap();
        assert_eq!((view.quota, view.month), (Some(2), month));
        view.used
    };
    let first = raise(&site, claim("e1", dates[0])).await.unwrap().id;
    let second = raise(&site, claim("e1", dates[1])).await.unwrap().id;
    assert_eq!(code(raise(&site, claim("e1", dates[2])).await), "appeal.quota_used");
    assert_eq!((used("e1").await, used("e2").await), (2, 0));
    // Neither another month, another person, nor what claims no punch.
    raise(&site, claim("e1", dates[3])).await.unwrap();
    raise(&site, claim("e2", dates[2])).await.unwrap();
    raise(&site, new("e1", dates[2], MarkKind::Late, None)).await.unwrap();
    // What is rejected counts no more.
    decide(&site, first, Decision::Approve).await.unwrap();
    decide(&site, second, Decision::Reject).await.unwrap();
    assert_eq!(used("e1").await, 1);
    let third = raise(&site, claim("e1", dates[2])).await.unwrap().id;
    // A quota that was lowered meanwhile leaves room for as many approvals as it says.
    set_quota(&site, Some(1)).await;
    assert_eq!(code(decide(&site, third, Decision::Approve).await), "appeal.quota_used");
    set_quota(&site, None).await;
    decide(&site, third, Decision::Approve).await.unwrap();
}

#[tokio::test]
async fn attendance_6_6_many_are_decided_at_once_and_one_that_cannot_be_leaves_the_others_alone() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 5);
    let mut ids = Vec::new();
    for date in ["2026-07-06", "2026-07-07", "2026-07-08"] {
        judged(&site, "e1", date, "day", &[MarkKind::MissingIn]).await;
        let new = new("e1", date, MarkKind::MissingIn, Some(o_clock(9, 0)));
        ids.push(raise(&site, new).await.unwrap().id);
    }
    // The mark of the second is gone, its punch was late to arrive; the last is named twice.
    judged(&site, "e1", "2026-07-07", "day", &[]).await;
    ids.extend([ids[2], AppealId(99)]);
    let wanted = ids.clone();
    let outcome =
        site.write(move |tx| appeals_decide(tx, &console(), &wanted, Decision::Approve, None)).await.unwrap();
    let decided: Vec<_> = outcome.decided.iter().map(|(_, date)| date.to_string()).collect();
    assert_eq!(decided, ["2026-07-06", "2026-07-08"]);
    let refused: Vec<_> = outcome.rejected.iter().map(|refused| (refused.id, refused.code)).collect();
    assert_eq!(
        refused,
        [(ids[1], "appeal.no_such_mark"), (ids[2], "appeal.not_open"), (ids[4], "appeal.unknown")]
    );
    assert_eq!(corrections_of(&site).await.len(), 2);
    let silent =
        site.write(move |tx| appeals_decide(tx, &console(), &ids, Decision::Reject, Some(" "))).await;
    assert_eq!(code(silent), "appeal.note_needed");
}

/// What a part of the work did is undone with it, and the rest stays.
#[tokio::test]
async fn a_refused_part_leaves_no_trace() {
    let (site, _clock, _folder) = a_site().await;
    site.write(|tx| {
        for keep in [true, false, true] {
            let done = tx.attempt(|tx| {
                tx.execute("INSERT INTO attendance_dirty (employee_id, date) VALUES ('x', random())", [])?;
                if keep { Ok(()) } else { Err(db::Error::Closed) }
            });
            assert_eq!(done.is_ok(), keep);
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    assert_eq!(dirty(&site).await.len(), 2);
}

#[tokio::test]
async fn attendance_6_6_appeals_are_listed_newest_first_by_state_person_department_and_day() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 5);
    site.write(|tx| {
        tx.execute_batch(
            "INSERT INTO departments (id, name, parent_id, created_at) VALUES ('d1', '生产部', NULL, 0), ('d2', '夜班组', 'd1', 0);
             UPDATE employees SET department_id = 'd2' WHERE id = 'e2'",
        )?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    for (who, date) in [("e1", "2026-07-06"), ("e2", "2026-07-06"), ("e1", "2026-07-07")] {
        judged(&site, who, date, "day", &[MarkKind::Late]).await;
        raise(&site, new(who, date, MarkKind::Late, None)).await.unwrap();
    }
    decide(&site, AppealId(1), Decision::Approve).await.unwrap();
    let found = async |filter: AppealFilter| {
        let at = now(&site);
        let found = site.read(move |conn| appeal_list(conn, &filter, &Page::default(), at)).await.unwrap();
        assert_eq!(found.total, found.items.len() as u64);
        assert!(found.items.iter().all(|appeal| appeal.day.is_some()));
        found.items.iter().map(|appeal| appeal.id.0).collect::<Vec<_>>()
    };
    let all = AppealFilter::default;
    let id = |text| Some(EmployeeId::new(text).unwrap());
    for (filter, ids) in [
        (all(), vec![3, 2, 1]),
        (AppealFilter { state: Some(AppealState::Open), ..all() }, vec![3, 2]),
        (AppealFilter { state: Some(AppealState::Approved), ..all() }, vec![1]),
        (AppealFilter { employee_id: id("e1"), ..all() }, vec![3, 1]),
        (AppealFilter { department_id: Some("d1".into()), ..all() }, vec![2]),
        (AppealFilter { department_id: Some("nothing".into()), ..all() }, vec![]),
        (AppealFilter { from: Some(day("2026-07-07")), ..all() }, vec![3]),
        (AppealFilter { to: Some(day("2026-07-06")), ..all() }, vec![2, 1]),
        (AppealFilter { employee_id: id("e2"), to: Some(day("2026-07-05")), ..all() }, vec![]),
    ] {
        assert_eq!(found(filter.clone()).await, ids, "{filter:?}");
    }
    let at = now(&site);
    let page = |cursor| Page { limit: 2, cursor };
    let first = site.read(move |conn| appeal_list(conn, &all(), &page(None), at)).await.unwrap();
    let rest = site.read(move |conn| appeal_list(conn, &all(), &page(first.next), at)).await.unwrap();
    assert_eq!((rest.items.len(), rest.total, rest.next), (1, 3, None));
}
