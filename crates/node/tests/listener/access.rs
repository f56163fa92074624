//! The access dialect over real sockets: registering, events, tables, queries, orders.

use std::net::SocketAddr;
use std::sync::Arc;

use rollcall_core::commands::CommandState;
use rollcall_core::enrolments::{SeenView, seen_list, templates_of};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_core::machines::{Machine, MachineChange};
use rollcall_core::page::Page;
use rollcall_core::pictures::{picture_get, picture_of};
use rollcall_core::punches::Kind;
use rollcall_core::{Connection, Sn};
use rollcall_node::events::Event;
use rollcall_node::fleet::Fleet;
use rollcall_node::listener::{Limits, Listener};
use rollcall_protocol::access::configuration::{Configuration, parse_registered};
use rollcall_protocol::order::{Order, Person, Pin, Privilege};
use rollcall_protocol::{Dialect, WallTime};

use crate::support::{LINE, Line, Rig, SN, patiently, post};

const HELLO: &str = "/iclock/cdata?SN=CQZ7000000001&pushver=3.1.2&options=all&language=83&DeviceType=acc";
const EVENTS: &str = "/iclock/cdata?SN=CQZ7000000001&table=rtlog";
const POLL: &str = "/iclock/getrequest?SN=CQZ7000000001";
const RESULT: &str = "/iclock/devicecmd?SN=CQZ7000000001";
const REGISTRATION: &str =
    "DeviceType=acc,~DeviceName=FaceGate 5,FirmVer=ZAM180,LockCount=1,BioDataFun=1,UserCount=3";

/// Somebody came in.
const CAME: &str = "time=2026-07-06 09:30:05\tpin=1001\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=21";

fn sn() -> Sn {
    Sn::new(SN).unwrap()
}

fn table(name: &str, count: usize) -> String {
    format!("/iclock/cdata?SN={SN}&table=tabledata&tablename={name}&count={count}")
}

fn query(kind: &str, id: i64, name: &str, count: usize) -> String {
    format!(
        "/iclock/querydata?SN={SN}&type={kind}&cmdid={id}&tablename={name}&count={count}&packcnt=1&packidx=1"
    )
}

impl Rig {
    /// With [`SN`] an access machine that has registered.
    async fn access() -> Self {
        let rig = Self::start().await;
        rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
        rig.machine().await;
        rig
    }

    async fn door_log(&self) -> Vec<MachineEventView> {
        self.site.read(|conn| machine_events(conn, &sn(), &Page::default())).await.unwrap().items
    }

    async fn known_people(&self) -> Vec<SeenView> {
        self.site.read(|conn| seen_list(conn, &sn(), &Page::default())).await.unwrap().items
    }

    /// PIN, event and kind of every punch, oldest first.
    async fn told(&self) -> Vec<(String, Option<i32>, Kind)> {
        let mut punches = self.punches().await;
        punches.sort_by_key(|punch| punch.id);
        punches.into_iter().map(|punch| (punch.pin, punch.event, punch.kind)).collect()
    }

    async fn dialect(&self) -> Option<Dialect> {
        self.machine().await.dialect
    }
}

#[tokio::test]
async fn a_known_machine_is_given_everything_at_once() {
    let rig = Rig::start().await;
    let answer = rig.get(HELLO).await;
    answer.is_ok(&answer.body);
    let block = Configuration::parse(answer.body.as_bytes()).unwrap();
    assert!(answer.body.starts_with("registry=ok\nRegistryCode="), "{answer:?}");
    assert!(block.registry_code.is_some() && block.session.len() == 32);
    assert!(
        answer.body.contains("\nRequestDelay=5\nDelay=5\n") && answer.body.ends_with("TimeoutSec=10\n"),
        "{answer:?}"
    );
    // H5: what goes around it included.
    assert!(answer.raw.len() < 2048);
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert_eq!(rig.machine().await.protocol_version.as_deref(), Some("3.1.2"));
}

#[tokio::test]
async fn registering_gives_the_code_and_then_the_configuration() {
    let rig = Rig::start().await;
    let registered = rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
    registered.is_ok(&registered.body);
    let code = parse_registered(registered.body.as_bytes()).unwrap().to_owned();
    // By either method (§2.1).
    let push = format!("/iclock/push?SN={SN}");
    let (posted, got) = (rig.post(&push, "").await, rig.get(&push).await);
    assert_eq!(posted.body, got.body);
    let block = Configuration::parse(posted.body.as_bytes()).unwrap();
    assert_eq!(block.registry_code, None);
    assert!(posted.body.contains("\nBioDataFun=1\n"), "{posted:?}");
    let known = rig.get(HELLO).await.body;
    let known = Configuration::parse(known.as_bytes()).unwrap();
    assert_eq!((known.registry_code.as_deref(), known.session.clone()), (Some(code.as_str()), block.session));
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("ZAM180"));
    assert_eq!((machine.options["LockCount"].as_str(), machine.reported.people), ("1", Some(3)));
}

#[tokio::test]
async fn i7_codes_outlive_a_restart_and_no_token_is_asked_for() {
    let rig = Rig::start().await;
    let first = rig.get(HELLO).await.body;
    let fleet = Fleet::load(&rig.site).await.unwrap();
    let again = Listener::start(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        Limits::default(),
        rig.site.clone(),
        Arc::clone(&fleet),
        rig.events.clone(),
    )
    .unwrap();
    let mut line = Line::over(tokio::net::TcpStream::connect(again.local_addr()).await.unwrap());
    line.send(format!("GET {HELLO} HTTP/1.1\r\nCookie: token=nonsense; timestamp=1\r\n\r\n")).await;
    assert_eq!(line.answer().await.body, first);
    again.stop().await;
    // Another machine has other codes.
    rig.add("VGU6000000002", chrono_tz::UTC).await;
    let other = rig.get("/iclock/cdata?SN=VGU6000000002&options=all&DeviceType=acc").await.body;
    let code =
        |body: &str| Configuration::parse(body.as_bytes()).unwrap().registry_code.unwrap().into_owned();
    assert_ne!(code(&other), code(&first));
    // With a wrong token, and with none.
    for cookie in ["", "Cookie: token=\r\n", "Cookie: token=2a280b85ddf5344017da093f6cea7f23\r\n"] {
        let request =
            format!("POST {EVENTS} HTTP/1.1\r\n{cookie}Content-Length: {}\r\n\r\n{CAME}", CAME.len());
        rig.talk(request).await.is_ok("OK");
    }
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i1_strangers_of_the_access_dialect_are_kept_calling_and_keep_what_they_have() {
    let rig = Rig::start().await;
    refused_politely(&rig, "VGU6000000001").await;
    let strangers = rig.fleet.strangers();
    assert_eq!(strangers[0].info["DeviceName"], "FaceGate 5");
    assert_eq!(strangers[0].info["dialect"], "access");
    assert_eq!(strangers[0].info["pushver"], "3.1.2");
    // Once it is added it is given everything.
    rig.add("VGU6000000001", chrono_tz::Asia::Shanghai).await;
    let registered = rig.post("/iclock/registry?SN=VGU6000000001", REGISTRATION).await;
    assert!(parse_registered(registered.body.as_bytes()).is_some(), "{registered:?}");
}

#[tokio::test]
async fn i1_a_disabled_access_machine_is_treated_alike() {
    let rig = Rig::start().await;
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    refused_politely(&rig, SN).await;
    let machine = rig.machine().await;
    assert_eq!((machine.dialect, machine.firmware.as_deref()), (Some(Dialect::Access), Some("ZAM181")));
    assert!(rig.fleet.strangers().is_empty());
    rig.change(MachineChange { enabled: Some(true), ..MachineChange::default() }).await;
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.punches().await.len(), 1);
}

/// The handshake, polls and the clock are answered, whatever would be handed over is not.
async fn refused_politely(rig: &Rig, sn: &str) {
    rig.get(&format!("/iclock/cdata?SN={sn}&pushver=3.1.2&options=all&DeviceType=acc")).await.is_ok("OK");
    rig.post(&format!("/iclock/registry?SN={sn}"), REGISTRATION).await.is_refused(503);
    rig.get(&format!("/iclock/push?SN={sn}")).await.is_refused(503);
    for target in [
        format!("/iclock/push?SN={sn}"),
        format!("/iclock/cdata?SN={sn}&table=rtlog"),
        format!("/iclock/cdata?SN={sn}&table=rtstate"),
        format!("/iclock/cdata?SN={sn}&table=tabledata&tablename=transaction&count=1"),
        format!("/iclock/cdata?SN={sn}&table=tabledata&tablename=user&count=1"),
    ] {
        rig.post(&target, format!("{CAME}\n")).await.is_refused(503);
    }
    if sn == SN {
        // What says nothing by itself is refused by a machine that is remembered.
        for target in
            ["querydata?type=tabledata&tablename=user&count=1", "devicecmd?x=1", "cdata?AuthType=device"]
        {
            rig.post(&format!("/iclock/{target}&SN={sn}"), "ID=1&Return=0&CMD=DATA\n").await.is_refused(503);
        }
    }
    rig.get(&format!("/iclock/getrequest?SN={sn}")).await.is_ok("OK");
    rig.get(&format!("/iclock/ping?SN={sn}")).await.is_ok("OK");
    let time = rig.get(&format!("/iclock/rtdata?SN={sn}&type=time")).await;
    assert!(time.body.starts_with("DateTime=852168600,ServerTZ=+0"), "{time:?}");
    rig.post(&format!("/iclock/cdata?SN={sn}&table=options"), "FirmVer=ZAM181").await.is_ok("OK");
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty() && rig.rejected().await.is_empty());
}

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
async fn h4_media_types_of_either_kind_are_taken_and_text_plain_is_answered() {
    let rig = Rig::access().await;
    for media in [
        "application/push;charset=UTF-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
    ] {
        let request = format!(
            "POST {EVENTS} HTTP/1.1\r\nConnection: starting\r\nAccept: application/push\r\nContent-Type: {media}\r\n\
             Content-Length: {}\r\n\r\n{CAME}",
            CAME.len()
        );
        let answer = rig.talk(request).await;
        assert!(answer.head.contains("\r\nContent-Type: text/plain\r\n"), "{answer:?}");
        assert_eq!((answer.status(), answer.body.as_str()), (200, "OK"));
    }
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn a6_tables_are_acknowledged_by_name_and_number() {
    let rig = Rig::access().await;
    for (target, body, answer) in [
        (table("user", 2), "user uid=1\tpin=1001\tname=A\nuser uid=2\tpin=1002\tname=B\n", "user=2"),
        // As the request spells the name and counts; without a number the lines; without a name plainly.
        (table("USER", 7), "pin=1001\n", "USER=7"),
        (
            format!("/iclock/cdata?SN={SN}&table=tabledata&tablename=user"),
            "pin=1001\r\n\r\npin=1002\r\n",
            "user=2",
        ),
        (format!("/iclock/cdata?SN={SN}&table=tabledata"), "whatever\n", "OK"),
        (format!("/iclock/cdata?SN={SN}&table=tabledata&tablename=a/b&count=1"), "whatever\n", "OK"),
        (
            table("biophoto", 1),
            "biophoto pin=1001\tfilename=1001.jpg\ttype=9\tsize=12\tcontent=/9j/4AAQSkZJ\n",
            "biophoto=1",
        ),
        (
            table("ATTPHOTO", 1),
            "ATTPHOTO pin=20260706093005-1001.jpg\tsn=X\tsize=12\tphoto=/9j/4AAQSkZJ\n",
            "ATTPHOTO=1",
        ),
        (
            format!("/iclock/cdata?SN={SN}&type=registry&tablename=DeviceAuthorize&count=3"),
            "a\nb\nc\n",
            "DeviceAuthorize=3",
        ),
        (table("errorlog", 1), "errorlog errcode=D01E0001\tdataorigin=dev\n", "errorlog=1"),
        (query("tabledata", 7, "extuser", 1), "extuser pin=1001\tfirstname=A\n", "extuser=1"),
        (query("count", 7, "user", 1), "user=17", "user=17"),
        (query("options", 7, "options", 1), "~SerialNumber=CQZ7000000001,FirmVer=ZAM190", "OK"),
        (query("vmtable", 7, "vmtable", 2), "a\nb\n", "vmtable=2"),
        // A parameter may occur twice (§9).
        (
            format!("/iclock/querydata?SN={SN}&type=tabledata&type=tabledata&cmdid=7&tablename=user&count=1"),
            "pin=1001",
            "user=1",
        ),
    ] {
        rig.post(&target, body).await.is_ok(answer);
    }
    let machine: Machine = rig.machine().await;
    assert_eq!((machine.reported.people, machine.firmware.as_deref()), (Some(17), Some("ZAM190")));
}

#[tokio::test]
async fn r5_a4_unknown_tables_are_acknowledged_and_kept() {
    let rig = Rig::access().await;
    for (target, body, answer) in [
        (format!("/iclock/cdata?SN={SN}&table=NEWTHING"), "a\tb\n", "OK"),
        (table("newtable", 1), "newtable a=1\n", "newtable=1"),
        (table("mulcarduser", 1), "mulcarduser pin=1001\tcardno=8A1F22\n", "mulcarduser=1"),
        // A row that names nobody, between good ones.
        (table("user", 3), "user pin=1001\nuser pin=0\tname=X\nuser pin=1002\n", "user=3"),
        (table("biodata", 1), "biodata pin=1001\ttmp=***\n", "biodata=1"),
    ] {
        rig.post(&target, body).await.is_ok(answer);
    }
    let kept: Vec<_> = rig.kept().await;
    let names: Vec<_> = kept.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["NEWTHING", "newtable", "mulcarduser", "user", "biodata"]);
    assert_eq!(kept[3].1, b"user pin=0\tname=X\n");
    assert_eq!(rig.known_people().await.len(), 2);
}

#[tokio::test]
async fn r4_r6_paths_nobody_knows_and_files_are_not_found() {
    let rig = Rig::access().await;
    for path in ["whatever", "file", "photo/1001.jpg", "registry/x"] {
        rig.get(&format!("/iclock/{path}?SN={SN}")).await.is_refused(404);
        rig.post(&format!("/iclock/{path}?SN={SN}"), CAME).await.is_refused(404);
    }
    rig.talk(format!("GET /iclock/photo/1001.jpg?SN={SN} HTTP/1.1\r\nRange: bytes=0-9\r\n\r\n"))
        .await
        .is_refused(404);
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty());
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
async fn people_templates_and_pictures_are_kept() {
    let rig = Rig::access().await;
    let users = "user uid=1\tcardno=\tpin=1001\tpassword=\tgroup=1\tstarttime=0\tendtime=0\tname=张三\tprivilege=0\tdisable=0\tverify=0\r\n\
                 user uid=2\tcardno=8A1F22\tpin=1002\tpassword=77\tgroup=1\tstarttime=20260701\tendtime=20261231\tname=Wang\tprivilege=14\tdisable=1\tverify=0\r\n";
    rig.post(&table("user", 2), users).await.is_ok("user=2");
    let biodata = "biodata pin=1001\tno=0\tindex=0\tvalid=1\tduress=0\ttype=9\tmajorver=40\tminorver=1\tformat=0\ttmp=AAECAwQFBgc=\r\n";
    rig.post(&table("biodata", 1), biodata).await.is_ok("biodata=1");
    rig.post(
        &table("ATTPHOTO", 1),
        "ATTPHOTO pin=20260706093005-1001.jpg\tsn=X\tsize=12\tphoto=/9j/4AAQSkZJ\r\n",
    )
    .await
    .is_ok("ATTPHOTO=1");
    let seen = rig.known_people().await;
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].inactive),
        ("张三", Privilege::User, false)
    );
    assert_eq!(
        (seen[1].card.as_str(), seen[1].privilege, seen[1].inactive),
        ("8A1F22", Privilege::Administrator, true)
    );
    assert!(seen[1].has_password && !seen[0].has_password);
    assert_eq!(seen[1].valid_to, "20261231");
    let machine = rig.machine().await;
    assert_eq!(machine.seen_encoding, Some(rollcall_protocol::text::Encoding::Utf8));
    let vault = rig.site.vault().clone();
    let wall = WallTime::parse(b"2026-07-06 09:30:05").unwrap();
    let (templates, picture) = rig
        .site
        .read(move |conn| {
            let templates = templates_of(conn, &vault, machine.id, "1001")?;
            let picture = picture_of(conn, machine.id, "1001", wall)?.unwrap();
            Ok::<_, rollcall_core::db::Error>((templates, picture_get(conn, &vault, picture)?.unwrap()))
        })
        .await
        .unwrap();
    assert_eq!((templates.len(), templates[0].version, templates[0].data.len()), (1, Some((40, 1)), 8));
    assert_eq!(&picture[..2], [0xff, 0xd8]);
    assert!(rig.kept().await.is_empty());
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
async fn the_clock_is_told_in_gmt_with_the_machines_zone() {
    let rig = Rig::access().await;
    // 2026-07-06 01:30:00 GMT, packed, and Shanghai.
    rig.get(&format!("/iclock/rtdata?SN={SN}&type=time")).await.is_ok("DateTime=852168600,ServerTZ=+0800");
    // A stranger is told the site's zone, which here is that of Kolkata (I1).
    rig.get("/iclock/rtdata?SN=STRANGER1&type=time").await.is_ok("DateTime=852168600,ServerTZ=+0530");
}

#[tokio::test]
async fn c2_a_machine_that_is_not_to_be_steered_is_told_no_time() {
    let rig = Rig::access().await;
    rig.fleet.set_steer_clocks(false);
    let answer = rig.get(&format!("/iclock/rtdata?SN={SN}&type=time")).await;
    assert_eq!((answer.status(), answer.body.as_str()), (200, "OK"));
    assert!(!answer.head.contains("\r\nDate:"), "{answer:?}");
}

#[tokio::test]
async fn c7_door_states_and_single_events_tell_how_far_the_clock_is_off() {
    let rig = Rig::access().await;
    // It is 09:30:00 where the machine is.
    rig.post(&format!("/iclock/cdata?SN={SN}&table=rtstate"), "time=2026-07-06 09:40:00\tsensor=01\n")
        .await
        .is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(600));
    rig.post(&format!("/iclock/cdata?SN={SN}&table=rtstate"), "time=2026-07-06 09:30:02\tsensor=01\n")
        .await
        .is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(2));
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(5));
    // What was asked for is old by nature.
    let old = "transaction pin=7\ttime_second=852190000\teventtype=0\n";
    rig.post(&query("tabledata", 1, "transaction", 1), old).await.is_ok("transaction=1");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(5));
}

#[tokio::test]
async fn c8_a_machine_whose_zone_was_changed_is_told_the_time() {
    let rig = Rig::access().await;
    rig.get(HELLO).await;
    rig.get(POLL).await.is_ok("OK");
    rig.change(MachineChange { time_zone: Some(chrono_tz::Asia::Kolkata), ..MachineChange::default() }).await;
    rig.get(POLL).await.is_ok("OK");
    let id = rig.commands().await[0].id.0;
    // 07:00 in Kolkata.
    rig.get(POLL).await.is_ok(&format!("C:{id}:SET OPTIONS DateTime=852188400\n"));
    for _ in 0..3 {
        rig.get(POLL).await.is_ok("OK");
    }
    assert_eq!(rig.commands().await.len(), 1);
}

#[tokio::test]
async fn a_remote_decision_is_left_to_the_machine_and_its_event_kept() {
    let rig = Rig::access().await;
    let event = "time=2026-07-06 09:31:00\tpin=1001\tcardno=0\teventaddr=1\tevent=222\tinoutstatus=0\tverifytype=15\tindex=23";
    let target = format!("/iclock/cdata?SN={SN}&AuthType=device");
    rig.post(&target, format!("{event}\r\n")).await.is_ok(&format!("AUTH=TIMEOUT\r\n{event}\r\n"));
    assert_eq!(rig.told().await, [("1001".to_owned(), Some(222), Kind::Punch)]);
}

#[tokio::test]
async fn q_orders_go_out_in_this_dialects_words_and_their_results_end_them() {
    let rig = Rig::access().await;
    let restart = rig.order(Order::Restart).await;
    rig.get(POLL).await.is_ok(&format!("C:{restart}:CONTROL DEVICE 03000000\n"));
    // It registers again: it has restarted.
    rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
    assert_eq!(rig.states().await, [CommandState::Done]);

    let unlock = rig.order(Order::UnlockDoor { door: 1, seconds: 5 }).await;
    let clock = rig.order(Order::SetClock).await;
    rig.get(POLL)
        .await
        .is_ok(&format!("C:{unlock}:CONTROL DEVICE 01010105\nC:{clock}:SET OPTIONS DateTime=852197400\n"));
    let results =
        format!("ID={unlock}&Return=0&CMD=CONTROL DEVICE\r\nID={clock}&return=-13&CMD=SET OPTIONS\r\n");
    rig.post(RESULT, results).await.is_ok("OK");
    let commands = rig.commands().await;
    assert_eq!(commands[1].state, CommandState::Done);
    assert_eq!((commands[0].state, commands[0].return_code), (CommandState::Failed, Some(-13)));
    assert_eq!(commands[0].reason.as_deref(), Some("machine.unknown_command"));
    // Q8: numbers that are not ours, and heads of nothing.
    rig.post(RESULT, "ID=99&Return=0&CMD=DATA\nnonsense\n").await.is_ok("OK");
}

#[tokio::test]
async fn q1_a_command_a_master_has_taken_over_is_not_over() {
    let rig = Rig::access().await;
    let ping = rig.order(Order::Ping).await;
    rig.get(POLL).await.is_ok(&format!("C:{ping}:DATA COUNT user\n"));
    rig.post(RESULT, format!("ID={ping}&Return=-5000&CMD=DATA COUNT\n")).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Sent]);
    rig.post(&query("count", ping, "user", 1), "user=17").await.is_ok("user=17");
    rig.post(RESULT, format!("ID={ping}&Return=17&CMD=DATA COUNT\n")).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Done]);
    assert_eq!(rig.machine().await.reported.people, Some(17));
}

#[tokio::test]
async fn q3_a_person_goes_before_their_leave_to_enter() {
    let rig = Rig::access().await;
    let pin = Pin::new("1001").unwrap();
    let person = Person {
        pin: pin.clone(),
        name: "张三".to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    };
    let last = rig.order(Order::PutPerson(person)).await;
    let mut sent = String::new();
    for id in [last - 1, last] {
        sent.push_str(&rig.get(POLL).await.body);
        rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA UPDATE\n")).await.is_ok("OK");
    }
    let user = "DATA UPDATE user CardNo=\tPin=1001\tPassword=\tGroup=1\tStartTime=0\tEndTime=0\tName=张三\tPrivilege=0";
    let leave = "DATA UPDATE userauthorize Pin=1001\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1";
    assert_eq!(sent, format!("C:{}:{user}\nC:{last}:{leave}\n", last - 1));
    assert_eq!(rig.states().await, [CommandState::Done, CommandState::Done]);
}

#[tokio::test]
async fn reading_people_back_replaces_what_was_known() {
    let rig = Rig::access().await;
    rig.post(&table("user", 2), "user pin=1001\tname=A\nuser pin=1002\tname=B\n").await.is_ok("user=2");
    rig.clock.advance(chrono::TimeDelta::seconds(10));
    let read = rig.order(Order::ReadPeople).await;
    let asked = rig.get(POLL).await.body;
    assert_eq!(asked, format!("C:{read}:DATA QUERY tablename=user,fielddesc=*,filter=*\n"));
    rig.clock.advance(chrono::TimeDelta::seconds(10));
    let answer = rig.post(&query("tabledata", read, "user", 1), "user pin=1002\tname=B\n").await;
    assert_eq!(answer.body, "user=1");
    assert_eq!(rig.known_people().await.len(), 2);
    assert_eq!(rig.post(RESULT, format!("ID={read}&Return=1&CMD=DATA QUERY\n")).await.body, "OK");
    let seen = rig.known_people().await;
    assert_eq!((seen.len(), seen[0].pin.as_str()), (1, "1002"));
    // U1: the last of them is deleted at the machine.
    let delete = rig.order(Order::DeletePerson { pin: Pin::new("1002").unwrap() }).await;
    for _ in 0..5 {
        let body = rig.get(POLL).await.body;
        for line in body.lines().filter_map(|line| line.strip_prefix("C:")) {
            let id = line.split(':').next().unwrap();
            rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA DELETE\n")).await;
        }
    }
    let last = rig.commands().await.into_iter().find(|command| command.id.0 == delete).unwrap();
    assert_eq!(last.state, CommandState::Done);
    assert!(rig.known_people().await.is_empty());
}

#[tokio::test]
async fn an_error_of_the_machine_ends_the_command_it_is_about() {
    let rig = Rig::access().await;
    let ping = rig.order(Order::Ping).await;
    rig.get(POLL).await;
    let error = format!(
        "errorlog errcode=D01E0001\terrmsg=\tdataorigin=cmd\tcmdid={ping}\tadditional=UElOPTEwMDE=\r\n"
    );
    for _ in 0..2 {
        rig.post(&table("errorlog", 1), &error).await.is_ok("errorlog=1");
    }
    let commands = rig.commands().await;
    assert_eq!(
        (commands[0].state, commands[0].reason.as_deref()),
        (CommandState::Failed, Some("photo.no_face"))
    );
    assert_eq!(commands[0].detail.as_deref(), Some("D01E0001 PIN=1001"));
    let log = rig.door_log().await;
    assert_eq!((log.len(), log[0].kind.as_str(), log[0].objects[0].as_str()), (1, "error", "D01E0001"));
}

#[tokio::test]
async fn what_a_machine_speaks_is_revised_on_evidence_both_ways() {
    let rig = Rig::access().await;
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    // Without evidence it stays what it is, and is not refused.
    for target in
        [format!("/iclock/cdata?SN={SN}"), POLL.to_owned(), format!("/iclock/cdata?SN={SN}&pushver=3.1.2")]
    {
        assert_eq!(rig.get(&target).await.status(), 200, "{target}");
        assert_eq!(rig.dialect().await, Some(Dialect::Access), "{target}");
    }
    assert!(rig.get(&format!("/iclock/cdata?SN={SN}")).await.body.starts_with("registry=ok\n"));
    // Results and queries prove nothing.
    rig.post(RESULT, "ID=1&Return=0&CMD=DATA\n").await.is_ok("OK");
    rig.post(&query("tabledata", 1, "user", 1), "pin=1\n").await.is_ok("user=1");
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    // Its type was changed in its menu, and back.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    assert_eq!(rig.dialect().await, Some(Dialect::Attendance));
    rig.post(&query("tabledata", 1, "user", 1), "pin=1\n").await;
    assert_eq!(rig.dialect().await, Some(Dialect::Attendance));
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert_eq!(rig.punches().await.len(), 2);
}

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
