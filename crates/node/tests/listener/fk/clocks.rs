//! What its clock shows.

use rollcall_core::Sn;

use super::{INFO, POLL, framed, punch};
use crate::support::{Rig, SN};

#[tokio::test]
async fn c5_a_machine_that_lost_its_clock_is_told_the_time() {
    let rig = Rig::fk_rig().await;
    let lost = INFO.replace("20260706093000", "20150101000000");
    assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    let told = rig.fk(POLL, &framed(&lost, &[])).await;
    assert_eq!((told.header("cmd_code"), told.json()), (Some("SET_TIME"), r#"{"time":"20260706093000"}"#));
    assert_eq!(rig.commands().await[0].who, "system");
    rig.result(told.header("trans_id").unwrap(), "OK", b"").await;
    // It does not listen: it is not told again with every poll.
    for _ in 0..3 {
        assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    }
    assert_eq!(rig.commands().await.len(), 1);
}

#[tokio::test]
async fn c2_no_clock_is_set_where_somebody_has_said_so() {
    use rollcall_core::settings::{settings_change, settings_get};
    let rig = Rig::fk_rig().await;
    rig.site
        .write(|tx| {
            let mut settings = settings_get(tx)?;
            settings.steer_clocks = false;
            settings_change(tx, &rollcall_core::Actor::console(), &settings)?;
            Ok::<_, rollcall_core::db::Error>(())
        })
        .await
        .unwrap();
    let lost = INFO.replace("20260706093000", "20150101000000");
    for _ in 0..3 {
        assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    }
    assert!(rig.commands().await.is_empty());
}

#[tokio::test]
async fn c7_the_clock_is_measured_by_polls_and_not_by_punches_that_waited() {
    let rig = Rig::fk_rig().await;
    let live = || rig.fleet.live(&Sn::new(SN).unwrap()).unwrap();
    assert_eq!(live().clock_skew.map(|(seconds, _)| seconds), Some(0));
    // A queue being emptied: an hour old, one after the other.
    for second in 10..20 {
        assert_eq!(rig.glog(&punch("1", &format!("202607060830{second}"))).await.code(), "OK");
    }
    assert!(!live().clock_off);
    let fast = INFO.replace("20260706093000", "20260706093500");
    assert_eq!(rig.fk(POLL, &framed(&fast, &[])).await.code(), "ERROR_NO_CMD");
    assert!(live().clock_off);
    assert_eq!(live().clock_skew.map(|(seconds, _)| seconds), Some(300));
    assert_eq!(rig.glog(&punch("1", "20260706083100")).await.code(), "OK");
    assert!(rig.punches().await.iter().any(|p| p.flags.has(rollcall_core::punches::Flag::ClockOff)));
    assert!(rig.commands().await.is_empty(), "a clock that is wrong, but not lost, is left to people");
}
