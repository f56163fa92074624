//! What is acknowledged is on disk, however much it is.

use rollcall_core::Connection;
use rollcall_node::listener::Limits;

use super::{CAME, EVENTS, HELLO, POLL, query, table};
use crate::support::{Rig, SN, post};

#[tokio::test]
async fn a1_nothing_of_this_dialect_is_acknowledged_before_the_commit() {
    let rig = Rig::access().await;
    for (target, body, answer) in [
        (EVENTS.to_owned(), CAME, "OK"),
        (table("user", 1), "user pin=1001\n", "user=1"),
        (
            query("tabledata", 1, "transaction", 1),
            "transaction pin=7\ttime_second=852197405\teventtype=0\n",
            "transaction=1",
        ),
        (format!("/iclock/cdata?SN={SN}&table=NEWTHING"), "x\n", "OK"),
    ] {
        let other = Connection::open(rig.folder.path().join("site.db")).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut line = rig.connect().await;
        line.send(post(&target, body)).await;
        // Polls go on meanwhile, and with them the certainty that the upload has been read.
        for _ in 0..20 {
            rig.get(POLL).await.is_ok("OK");
        }
        let mut byte = [0];
        assert!(line.stream.try_read(&mut byte).is_err(), "answered before the commit: {target}");
        other.execute_batch("ROLLBACK").unwrap();
        line.answer().await.is_ok(answer);
    }
}

#[tokio::test]
async fn a7_a_picture_too_large_is_let_go_and_events_too_large_are_not() {
    let rig = Rig::with(Limits { body: 4096, ..Limits::default() }).await;
    rig.get(HELLO).await;
    let large = "x".repeat(5000);
    rig.post(&table("ATTPHOTO", 1), format!("ATTPHOTO pin=1.jpg\tphoto={large}")).await.is_ok("ATTPHOTO=1");
    rig.post(EVENTS, &large).await.is_refused(413);
    rig.post(&table("user", 1), &large).await.is_refused(413);
}

#[tokio::test]
async fn s2_a_machines_whole_memory_is_taken_in_one_upload() {
    let rig = Rig::access().await;
    let row = |n: u32| {
        let pin = if n.is_multiple_of(3) { 0 } else { 1 + n % 7 };
        format!(
            "transaction pin={pin}\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second={}\tindex={n}\r\n",
            852_100_000 + n
        )
    };
    let body: String = (0..6_000).map(row).collect();
    rig.post(&query("tabledata", 1, "transaction", 6_000), body).await.is_ok("transaction=6000");
    let (punches, doors): (i64, i64) = rig
        .site
        .read(|conn| {
            let count = |sql: &str| conn.query_row(sql, [], |row| row.get(0));
            Ok::<_, rollcall_core::db::Error>((
                count("SELECT count(*) FROM punches")?,
                count("SELECT count(*) FROM machine_events")?,
            ))
        })
        .await
        .unwrap();
    assert_eq!((punches, doors), (4_000, 2_000));
    let people: String = (1..=1_200).map(|pin| format!("user uid={pin}\tpin={pin}\tname=N\r\n")).collect();
    rig.post(&table("user", 1_200), people).await.is_ok("user=1200");
    let people: i64 = rig
        .site
        .read(|conn| {
            Ok::<_, rollcall_core::db::Error>(conn.query_row(
                "SELECT count(*) FROM seen_people",
                [],
                |row| row.get(0),
            )?)
        })
        .await
        .unwrap();
    assert_eq!(people, 1_200);
}
