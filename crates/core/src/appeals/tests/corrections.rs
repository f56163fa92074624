use super::*;

fn by_hand(employee: &str, date: &str, what: Wanted) -> NewCorrection {
    NewCorrection { employee_id: employee.into(), date: day(date), what, reason: "考勤机停电".into() }
}

async fn add(site: &Site, new: NewCorrection) -> Result<Correction, AppealError> {
    site.write(move |tx| correction_add(tx, &console(), new)).await
}

async fn withdraw(site: &Site, id: CorrectionId) -> Result<Correction, AppealError> {
    site.write(move |tx| correction_withdraw(tx, &console(), id)).await
}

#[tokio::test]
async fn attendance_6_6_a_correction_by_hand_is_added_and_withdrawn_and_stays_in_the_list() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 2);
    judged(&site, "e1", "2026-07-06", "day", &[MarkKind::Late]).await;
    judged(&site, "e1", "2026-07-07", "night", &[MarkKind::MissingOut]).await;
    let lift = add(&site, by_hand("e1", "2026-07-06", Wanted::Lift(MarkKind::Late))).await.unwrap();
    assert_eq!((lift.what, lift.appeal_id), (What::Lift(MarkKind::Late), None));
    assert_eq!(dirty(&site).await, ["e1 2026-07-05", "e1 2026-07-06", "e1 2026-07-07"]);
    let night = add(&site, by_hand("e1", "2026-07-07", Wanted::Punch(o_clock(6, 0)))).await.unwrap();
    let wall = WallTime::parse(b"2026-07-08 06:00:00").unwrap();
    assert_eq!((night.date, night.what), (day("2026-07-07"), What::Punch { wall, utc_offset: 28_800 }));
    // Where nobody was to work, the whole day takes punches.
    add(&site, by_hand("e1", "2026-07-04", Wanted::Punch(o_clock(23, 59)))).await.unwrap();
    dirty(&site).await;
    let withdrawn = withdraw(&site, lift.id).await.unwrap();
    assert_eq!(withdrawn.withdrawn_at, Some(now(&site)));
    assert_eq!(dirty(&site).await.len(), 3);
    assert_eq!(code(withdraw(&site, lift.id).await), "correction.withdrawn");
    let all = corrections_of(&site).await;
    assert_eq!(all.iter().map(|fact| fact.withdrawn_at.is_some()).collect::<Vec<_>>(), [false, false, true]);
    insta::assert_json_snapshot!(audit_lines(&site).await);
}

#[tokio::test]
async fn attendance_6_6_what_cannot_be_corrected_is_refused_by_name() {
    let (site, _clock, _folder) = a_site().await;
    judged(&site, "e1", "2026-07-05", "day", &[MarkKind::Late]).await;
    let punch = |hours| Wanted::Punch(o_clock(hours, 0));
    for (new, expected) in [
        (by_hand("nobody", "2026-07-05", punch(9)), "employee.unknown"),
        (by_hand("e1", "2026-07-07", punch(9)), "correction.future"),
        (by_hand("e1", "2026-07-06", punch(10)), "correction.future"),
        (by_hand("e1", "2026-07-07", Wanted::Lift(MarkKind::Late)), "correction.future"),
        (by_hand("e2", "2026-06-14", punch(9)), "correction.not_employed"),
        (by_hand("e1", "2026-07-05", punch(3)), "correction.outside"),
        (by_hand("e1", "2026-07-05", Wanted::Lift(MarkKind::Absent)), "correction.no_such_mark"),
        (by_hand("e2", "2026-07-05", Wanted::Lift(MarkKind::Late)), "correction.no_such_mark"),
        (NewCorrection { reason: " ".into(), ..by_hand("e1", "2026-07-05", punch(9)) }, "text.empty"),
    ] {
        let what = format!("{new:?}");
        assert_eq!(code(add(&site, new).await), expected, "{what}");
    }
    assert_eq!(code(withdraw(&site, CorrectionId(1)).await), "correction.unknown");
    assert!(dirty(&site).await.is_empty() && audit_lines(&site).await.is_empty());
    let there = add(&site, by_hand("e2", "2026-06-15", punch(9))).await.unwrap();
    lock(&site, "2026-06").await;
    assert_eq!(code(add(&site, by_hand("e2", "2026-06-16", punch(9))).await), "appeal.month_locked");
    assert_eq!(code(withdraw(&site, there.id).await), "appeal.month_locked");
}

#[tokio::test]
async fn attendance_6_6_whoever_left_is_corrected_up_to_the_last_day() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 30);
    site.write(|tx| {
        tx.execute("UPDATE employees SET left_on = '2026-07-10' WHERE id = 'e1'", [])?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    add(&site, by_hand("e1", "2026-07-10", Wanted::Punch(o_clock(9, 0)))).await.unwrap();
    let after = add(&site, by_hand("e1", "2026-07-11", Wanted::Punch(o_clock(9, 0)))).await;
    assert_eq!(code(after), "correction.not_employed");
}

#[tokio::test]
async fn attendance_6_6_an_approval_is_undone_by_its_correction_and_may_be_asked_for_again() {
    let (site, clock, _folder) = a_site().await;
    later(&clock, 1);
    set_quota(&site, Some(1)).await;
    judged(&site, "e1", "2026-07-06", "day", &[MarkKind::MissingIn]).await;
    let claim = || new("e1", "2026-07-06", MarkKind::MissingIn, Some(o_clock(8, 55)));
    let appeal = raise(&site, claim()).await.unwrap().id;
    decide(&site, appeal, Decision::Approve).await.unwrap();
    dirty(&site).await;
    let fact = corrections_of(&site).await[0].id;
    // An approved one is not withdrawn by itself.
    let wrong = site.write(move |tx| appeal_withdraw(tx, &console(), appeal, None)).await;
    assert_eq!(code(wrong), "appeal.not_open");
    withdraw(&site, fact).await.unwrap();
    assert_eq!(dirty(&site).await.len(), 3);
    let at = now(&site);
    let undone = site.read(move |conn| appeal_get(conn, appeal, at)).await.unwrap();
    assert_eq!((undone.state, undone.note.as_deref()), (AppealState::Withdrawn, Some("已核实")));
    // It counts no more, and the mark may be appealed against again.
    let again = raise(&site, claim()).await.unwrap().id;
    decide(&site, again, Decision::Approve).await.unwrap();
    let facts = corrections_of(&site).await;
    assert_eq!(
        facts.iter().map(|fact| (fact.appeal_id, fact.withdrawn_at.is_some())).collect::<Vec<_>>(),
        [(Some(again), false), (Some(appeal), true)]
    );
    insta::assert_json_snapshot!(audit_lines(&site).await);
}

#[tokio::test]
async fn attendance_6_6_the_offset_is_that_of_the_sites_zone_at_that_time() {
    let (site, clock, _folder) = a_site().await;
    clock.set("2026-11-01T00:00:00Z".parse().unwrap());
    site.write(|tx| {
        let berlin = Settings { time_zone: chrono_tz::Tz::Europe__Berlin, ..settings(None) };
        settings_change(tx, &console(), &berlin)
    })
    .await
    .unwrap();
    for (date, hours, offset) in [("2026-10-24", 9, 7200), ("2026-10-25", 2, 7200), ("2026-10-25", 9, 3600)] {
        let fact = add(&site, by_hand("e1", date, Wanted::Punch(o_clock(hours, 0)))).await.unwrap();
        assert!(matches!(fact.what, What::Punch { utc_offset, .. } if utc_offset == offset), "{fact:?}");
    }
}
