//! A1, A2, A7: what is acknowledged is on disk, and what cannot be kept is not acknowledged.

use rollcall_core::Connection;
use rollcall_core::machines::MachineChange;
use rollcall_node::listener::Limits;

#[cfg(target_os = "linux")]
use crate::support::Line;
use crate::support::{LINE, Rig, SN, post};

#[tokio::test]
async fn a1_nothing_is_acknowledged_before_the_commit() {
    let rig = Rig::start().await;
    let other = Connection::open(rig.folder.path().join("site.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut line = rig.connect().await;
    line.send(post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE)).await;
    // Polls go on meanwhile, and with them the certainty that the upload has been read.
    for _ in 0..20 {
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
    }
    let mut byte = [0];
    assert!(line.stream.try_read(&mut byte).is_err(), "answered before the commit");
    other.execute_batch("ROLLBACK").unwrap();
    line.answer().await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn a1_a_long_upload_lets_others_in_between_and_is_acknowledged_when_all_of_it_is_stored() {
    const OTHER: &str = "CQZ7000000002";
    let rig = Rig::start().await;
    rig.add(OTHER, chrono_tz::Asia::Shanghai).await;
    // Just too little to be read on a thread of its own: whoever is heard later is queued later.
    let body: String = (1..=8_000)
        .map(|n| format!("{n}\t2026-07-06 0{}:{:02}:{:02}\n", n / 3600, n / 60 % 60, n % 60))
        .collect();
    let lock = Connection::open(rig.folder.path().join("site.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (mut long, mut short) = (rig.connect().await, rig.connect().await);
    let poll = async || {
        for _ in 0..20 {
            rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
        }
    };
    long.send(post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), body)).await;
    poll().await;
    short.send(post(&format!("/iclock/cdata?SN={OTHER}&table=ATTLOG"), LINE)).await;
    poll().await;
    lock.execute_batch("ROLLBACK").unwrap();
    short.answer().await.is_ok("OK: 1");
    long.answer().await.is_ok("OK: 8000");
    let after: i64 = rig
        .site
        .read(|conn| {
            let sql = "SELECT count(*) FROM punches WHERE id > (SELECT p.id FROM punches p
                       JOIN machines m ON m.id = p.machine_id WHERE m.sn = ?1)";
            Ok::<_, rollcall_core::db::Error>(conn.query_row(sql, [OTHER], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert!(after >= 3_000, "the short upload waited for the long one: {after}");
}

#[tokio::test]
async fn a2_a_storage_failure_is_503_and_nothing_is_lost() {
    let rig = Rig::start().await;
    let other = Connection::open(rig.folder.path().join("site.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let answer = rig.punch(SN, LINE).await;
    answer.is_refused(503);
    assert_eq!(
        answer.head,
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\
         Date: Mon, 06 Jul 2026 01:30:00 GMT\r\nConnection: keep-alive\r\n\r\n"
    );
    rig.post(&format!("/iclock/cdata?SN={SN}&table=OPERLOG"), "USER PIN=1\n").await.is_refused(503);
    rig.get(&format!("/iclock/getrequest?SN={SN}&INFO=Ver3,1,2,3,1.2.3.4")).await.is_ok("OK");
    assert!(rig.fleet.flush().await.is_err());
    other.execute_batch("ROLLBACK").unwrap();
    // Recovery needs no restart, and what the machine said of itself was kept.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 1);
    assert_eq!(rig.machine().await.firmware.as_deref(), Some("Ver3"));
}

#[tokio::test]
async fn a2_a_closed_site_acknowledges_nothing() {
    let rig = Rig::start().await;
    rig.site.close().await;
    rig.punch(SN, LINE).await.is_refused(503);
}

fn small() -> Limits {
    Limits { body: 1000, discard: 100_000, ..Limits::default() }
}

#[tokio::test]
async fn a7_over_sized_pictures_are_acknowledged_and_punches_are_not() {
    let rig = Rig::with(small()).await;
    let body = LINE.repeat(100);
    let target = |table: &str| format!("/iclock/cdata?SN={SN}&table={table}");
    let mut line = rig.connect().await;
    for table in ["ATTPHOTO", "BIOPHOTO", "USERPIC"] {
        line.send(post(&target(table), &body)).await;
        line.answer().await.is_ok("OK");
    }
    for table in ["ATTLOG", "OPERLOG", "BIODATA", "WHATEVER"] {
        line.send(post(&target(table), &body)).await;
        line.answer().await.is_refused(413);
    }
    // The same connection still works: the bodies were read to their ends.
    line.send(post(&target("ATTLOG"), LINE)).await;
    line.answer().await.is_ok("OK: 1");
    let chunk = format!("{:x}\r\n{LINE}\r\n", LINE.len()).repeat(100);
    line.send(format!(
        "POST {} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n",
        target("ATTLOG")
    ))
    .await;
    line.answer().await.is_refused(413);
    assert_eq!(rig.punches().await.len(), 1);
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn a7_what_is_beyond_all_reason_is_refused_unread() {
    let rig = Rig::with(small()).await;
    for table in ["ATTPHOTO", "ATTLOG"] {
        let mut line = rig.connect().await;
        line.send(format!(
            "POST /iclock/cdata?SN={SN}&table={table} HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\nabc"
        ))
        .await;
        let answer = line.answer().await;
        answer.is_refused(413);
        assert!(answer.head.contains("\r\nConnection: close\r\n"));
    }
    let mut line = rig.connect().await;
    line.send(format!(
        "POST /iclock/cdata?SN={SN}&table=ATTLOG HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    ))
    .await;
    let chunk = format!("{:x}\r\n{LINE}\r\n", LINE.len()).repeat(4000);
    line.send(chunk).await;
    line.answer().await.is_refused(413);
    assert!(rig.punches().await.is_empty());
}

#[tokio::test]
async fn s1_bodies_share_a_budget_and_whoever_finds_it_used_up_comes_again() {
    let rig = Rig::with(Limits { body_memory: 1_000_000, ..Limits::default() }).await;
    let target = format!("/iclock/cdata?SN={SN}&table=ATTPHOTO");
    let body = vec![b'x'; 700_000];
    let mut first = rig.connect().await;
    let request = post(&target, &body);
    let (most, last) = request.split_at(request.len() - 1);
    first.send(most).await;
    // While these are answered, what has arrived of the first body is read, and holds its memory from then on.
    for _ in 0..20 {
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
    }
    rig.post(&target, &body).await.is_refused(503);
    // Small ones are taken all the same.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    first.send(last).await;
    first.answer().await.is_ok("OK");
    rig.post(&target, &body).await.is_ok("OK");
}

#[tokio::test]
async fn a_machine_disabled_in_mid_upload_is_refused() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    line.send(format!("POST /iclock/cdata?SN={SN}&table=ATTLOG HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n", LINE.len())).await;
    line.one_read().await;
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    line.send(LINE).await;
    line.answer().await.is_refused(503);
    assert!(rig.punches().await.is_empty());
}

/// A connection from one of this computer's other addresses.
#[cfg(target_os = "linux")]
async fn connect_from(rig: &Rig, address: [u8; 4]) -> Line {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind((address, 0).into()).unwrap();
    Line::over(socket.connect(rig.listener.local_addr()).await.unwrap())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn s1_one_address_holds_its_share_of_the_budget_and_no_more() {
    const MIB: usize = 1024 * 1024;
    let rig = Rig::with(Limits { body: 2 * MIB, body_memory: 8 * MIB, ..Limits::default() }).await;
    let target = format!("/iclock/cdata?SN={SN}&table=ATTPHOTO");
    let most = post(&target, vec![b'x'; 2 * MIB]);
    let mut greedy = Vec::new();
    for _ in 0..8 {
        let mut line = connect_from(&rig, [127, 0, 0, 2]).await;
        line.send(&most[..most.len() - 1]).await;
        greedy.push(line);
    }
    // Bodies in two pieces, of another computer and of the same: a small one and a large one.
    for (address, bytes, refused) in
        [([127, 0, 0, 3], 1024 * 1024, false), ([127, 0, 0, 2], 30_000, false), ([127, 0, 0, 2], MIB, true)]
    {
        let request = post(&target, vec![b'y'; bytes]);
        let mut line = connect_from(&rig, address).await;
        line.send(&request[..1000]).await;
        for _ in 0..20 {
            rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
        }
        line.send(&request[1000..]).await;
        let answer = line.answer().await;
        if refused { answer.is_refused(503) } else { answer.is_ok("OK") }
    }
    assert_eq!(rig.kept().await.len(), 2);
}
