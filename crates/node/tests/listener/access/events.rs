//! What happened at doors: punches, and the rest.

use rollcall_core::punches::Kind;
use rollcall_node::events::Event;
use rollcall_protocol::{Dialect, WallTime};

use super::{CAME, EVENTS, query, sn, table};
use crate::support::{Rig, SN, patiently};

#[tokio::test]
async fn p6_events_become_punches_by_their_kind_and_broken_lines_are_set_aside() {
    let rig = Rig::access().await;
    let mut watcher = rig.events.subscribe();
    let body = format!(
        "{CAME}\r\n\
         verifytype=15\tevent=23\tpin=1002\ttime=2026-07-06 09:30:06\tinoutstatus=1\r\n\
         time=2026-07-06 09:30:07\tpin=1003\tevent=4711\tinoutstatus=2\tverifytype=1\n\
         time=2026-07-06 09:30:07\tpin=0\teventaddr=1\tevent=200\tinoutstatus=2\tverifytype=200\tindex=22\n\
         time=2026-02-31 09:30:07\tpin=1004\tevent=0\n\
         time=2026-07-06 09:30:08\tpin=1005\teventaddr=2\tevent=101\n\
         time=2026-07-06 09:30:09\tpin=\teventaddr=1\tevent=102"
    );
    rig.post(EVENTS, &body).await.is_ok("OK");
    assert_eq!(
        rig.told().await,
        [
            ("1001".to_owned(), Some(0), Kind::Punch),
            ("1002".to_owned(), Some(23), Kind::Refused),
            ("1003".to_owned(), Some(4711), Kind::Unclassified),
            ("1005".to_owned(), Some(101), Kind::Unclassified),
        ]
    );
    let rejected = rig.rejected().await;
    assert_eq!((rejected.len(), rejected[0].reason.as_str()), (1, "punch.time_impossible"));
    let log: Vec<_> = rig
        .door_log()
        .await
        .into_iter()
        .rev()
        .map(|e| (e.code, e.kind, e.operator, e.objects.join(",")))
        .collect();
    let line =
        |code, kind: &str, who: &str, door: &str| (code, kind.to_owned(), who.to_owned(), door.to_owned());
    assert_eq!(
        log,
        [line(200, "door", "", "1,#22"), line(101, "alarm", "1005", "2"), line(102, "alarm", "", "1")]
    );
    let punches = rig.punches().await;
    let came = punches.iter().find(|punch| punch.pin == "1001").unwrap();
    assert_eq!(
        (came.status, came.verify.as_str(), came.wall.to_string().as_str()),
        (Some(0), "15", "2026-07-06 09:30:05")
    );
    assert_eq!(came.dialect, Some(Dialect::Access));
    let told = patiently(async {
        loop {
            if let Some(Event::Punch { ids, .. }) = watcher.next().await {
                return ids;
            }
        }
    });
    assert_eq!(told.await.len(), 4);
}

#[tokio::test]
async fn d3_an_event_sent_live_and_asked_for_again_is_one_punch() {
    let rig = Rig::access().await;
    let row = "transaction cardno=0\tpin=1001\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second=852197405\tindex=21\tsitecode=0\tdevid=1\r\n\
               transaction cardno=0\tpin=0\tverified=200\tdoorid=1\teventtype=200\tinoutstate=2\ttime_second=852197405\tindex=22\r\n";
    rig.post(EVENTS, format!("{CAME}\r\ntime=2026-07-06 09:30:05\tpin=0\teventaddr=1\tevent=200\tinoutstatus=2\tverifytype=200\tindex=22\r\n"))
        .await
        .is_ok("OK");
    // A lost answer, a query in parts that are repeated, and a table sent by itself; the index has begun anew.
    rig.post(EVENTS, CAME).await.is_ok("OK");
    for _ in 0..2 {
        rig.post(&query("tabledata", 417, "transaction", 2), row).await.is_ok("transaction=2");
    }
    rig.post(&table("transaction", 2), row.replace("index=21", "index=1")).await.is_ok("transaction=2");
    assert_eq!((rig.punches().await.len(), rig.door_log().await.len()), (1, 1));
    // Something else in the same second is another record.
    rig.post(EVENTS, CAME.replace("event=0", "event=23")).await.is_ok("OK");
    rig.post(EVENTS, CAME.replace("verifytype=15", "verifytype=0000000000000010")).await.is_ok("OK");
    assert_eq!(rig.punches().await.len(), 3);
}

#[tokio::test]
async fn d3_what_the_real_time_form_leaves_out_makes_no_second_punch() {
    let rig = Rig::access().await;
    let row = "transaction pin=1003\tverified=4\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second=852197405\tindex=23\r\n";
    let live = "time=2026-07-06 09:30:05\tpin=1003\tevent=0\tverifytype=4\tindex=23";
    rig.post(EVENTS, live).await.is_ok("OK");
    rig.post(&query("tabledata", 417, "transaction", 1), row).await.is_ok("transaction=1");
    rig.post(EVENTS, live.replace("verifytype=4", "verifytype=004")).await.is_ok("OK");
    let punches = rig.punches().await;
    assert_eq!((punches.len(), punches[0].status, punches[0].verify.as_str()), (1, Some(0), "4"));
}

#[tokio::test]
async fn d3_one_person_at_two_doors_in_one_second_are_two_punches() {
    let rig = Rig::start().await;
    let event = |door: u8, index: u8| {
        format!(
            "time=2026-07-06 09:00:03\tpin=1004\teventaddr={door}\tevent=0\tinoutstatus=0\tverifytype=4\tindex={index}\r\n"
        )
    };
    let body = event(1, 24) + &event(2, 25);
    for _ in 0..2 {
        assert_eq!(rig.post(&format!("/iclock/cdata?SN={SN}&table=rtlog"), &body).await.body, "OK");
    }
    let punches = rig.punches().await;
    assert_eq!(punches.len(), 2);
    assert!(punches.iter().all(|punch| punch.event == Some(0)));
}

#[tokio::test]
async fn d7_an_index_that_begins_anew_loses_nothing() {
    let rig = Rig::access().await;
    for second in 5..8 {
        let line = CAME.replace("09:30:05", &format!("09:30:0{second}")).replace("index=21", "index=1");
        rig.post(EVENTS, line).await.is_ok("OK");
    }
    assert_eq!(rig.punches().await.len(), 3);
}

#[tokio::test]
async fn s4_door_states_are_not_stored_and_the_last_one_counts() {
    let rig = Rig::access().await;
    assert_eq!(rig.fleet.doors(&sn()), None);
    for second in 0..100 {
        let state = format!(
            "time=2026-07-06 09:30:{:02}\tsensor={second:02}\trelay=00\talarm=0000000000000000\r\n",
            second % 60
        );
        rig.post(&format!("/iclock/cdata?SN={SN}&table=rtstate"), state).await.is_ok("OK");
    }
    let doors = rig.fleet.doors(&sn()).unwrap();
    assert_eq!((doors.sensor.as_str(), doors.relay.as_str()), ("99", "00"));
    assert_eq!(doors.wall, WallTime::parse(b"2026-07-06 09:30:39").ok());
    for other in ["irstate", "testdata"] {
        rig.post(
            &format!("/iclock/cdata?SN={SN}&table={other}"),
            "time=2026-07-06 09:30:06\ttemperature=36\n",
        )
        .await
        .is_ok("OK");
    }
    assert!(
        rig.kept().await.is_empty() && rig.door_log().await.is_empty() && rig.rejected().await.is_empty()
    );
}

#[tokio::test]
async fn a_remote_decision_is_left_to_the_machine_and_its_event_kept() {
    let rig = Rig::access().await;
    let event = "time=2026-07-06 09:31:00\tpin=1001\tcardno=0\teventaddr=1\tevent=222\tinoutstatus=0\tverifytype=15\tindex=23";
    let target = format!("/iclock/cdata?SN={SN}&AuthType=device");
    rig.post(&target, format!("{event}\r\n")).await.is_ok(&format!("AUTH=TIMEOUT\r\n{event}\r\n"));
    assert_eq!(rig.told().await, [("1001".to_owned(), Some(222), Kind::Punch)]);
}
