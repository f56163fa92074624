//! The attendance dialect beyond punches: what machines say of people, templates, pictures and themselves, the results of
//! commands, and questions that are answered with records.

use rollcall_core::commands::{Command, CommandState};
use rollcall_core::directory::{NewEmployee, employee_add};
use rollcall_core::enrolments::{SeenView, seen_list, template_counts, templates_of};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_core::page::Page;
use rollcall_core::pictures::{picture_get, picture_of};
use rollcall_core::roster::{EntryChange, EntrySource, NewEntry, Role, roster_add, roster_change};
use rollcall_core::{Actor, Connection, Sn, WallTime};
use rollcall_protocol::base64;
use rollcall_protocol::order::{Order, Person, Pin, Privilege, Template, TemplateKind};
use rollcall_protocol::text::Encoding;

use crate::support::{LINE, Rig, SN, post};

const POLL: &str = "/iclock/getrequest?SN=CQZ7000000001";
const RESULT: &str = "/iclock/devicecmd?SN=CQZ7000000001";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture \0 with a NUL in it";

fn sn() -> Sn {
    Sn::new(SN).unwrap()
}

fn at(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

impl Rig {
    async fn upload(&self, table: &str, body: impl AsRef<[u8]>) -> crate::support::Answer {
        self.post(&format!("/iclock/cdata?SN={SN}&table={table}&Stamp=9999"), body).await
    }

    /// Whom [`SN`] says it holds.
    async fn held_people(&self) -> Vec<SeenView> {
        self.site.read(|conn| seen_list(conn, &sn(), &Page::default())).await.unwrap().items
    }

    async fn seen_pins(&self) -> Vec<String> {
        self.held_people().await.into_iter().map(|person| person.pin).collect()
    }

    async fn held_templates(&self, pin: &'static str) -> Vec<Template> {
        let (site, id) = (self.site.clone(), self.machine().await.id);
        self.site.read(move |conn| templates_of(conn, site.vault(), id, pin)).await.unwrap()
    }

    async fn own_log(&self) -> Vec<MachineEventView> {
        self.site.read(|conn| machine_events(conn, &sn(), &Page::default())).await.unwrap().items
    }

    async fn command(&self, id: i64) -> Command {
        self.commands().await.into_iter().find(|command| command.id.0 == id).unwrap()
    }

    /// Puts somebody on the roster of [`SN`].
    async fn enrol(&self, name: &'static str, number: &'static str) {
        self.site
            .write(move |tx| {
                let new =
                    NewEmployee { id: Some(number.to_owned()), name: name.to_owned(), ..Default::default() };
                employee_add(tx, &Actor::console(), new).unwrap();
                let entry = NewEntry {
                    employee_id: number.to_owned(),
                    pin: Some(number.to_owned()),
                    role: Role::Administrator,
                    enabled: true,
                    source: EntrySource::Manual,
                };
                let added = roster_add(tx, &Actor::console(), &sn(), vec![entry]).unwrap();
                assert!(added.rejected.is_empty(), "{added:?}");
                Ok::<_, rollcall_core::db::Error>(())
            })
            .await
            .unwrap();
    }
}

const MIXED: &str = "OPLOG 4\t1\t2026-07-06 09:01:07\t0\t0\t0\t0\n\
    USER PIN=1003\tName=李四\tPri=14\tPasswd=4321\tCard=[15CD5B07]\tGrp=1\tTZ=0000000100000000\tVerify=-1\tEndDatetime=0\n\
    FP PIN=1003\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==\n\
    OPLOG 6\t1\t2026-07-06 09:02:30\t1003\t6\t8\t0\n";

#[tokio::test]
async fn p7_a_mixed_body_becomes_people_templates_and_events() {
    let rig = Rig::start().await;
    for _ in 0..2 {
        rig.upload("OPERLOG", MIXED).await.is_ok("OK: 4");
    }
    let seen = rig.held_people().await;
    assert_eq!(seen.len(), 1);
    let person = &seen[0];
    assert_eq!(
        (person.pin.as_str(), person.name.as_str(), person.card.as_str()),
        ("1003", "李四", "123456789")
    );
    assert_eq!((person.privilege, person.raw_privilege.as_str()), (Privilege::Administrator, "14"));
    assert!(person.has_password && !person.inactive && person.valid_to.is_empty());
    assert_eq!(person.templates.fingerprints, 1);
    let templates = rig.held_templates("1003").await;
    assert_eq!((templates.len(), templates[0].no, templates[0].data.as_slice()), (1, 6, &b"MZSS"[..]));
    let log: Vec<_> = rig
        .own_log()
        .await
        .into_iter()
        .map(|event| (event.code, event.kind, event.operator, event.utc_offset))
        .collect();
    let entry = |code, kind: &str| (code, kind.to_owned(), "1".to_owned(), 8 * 3600);
    assert_eq!(log, [entry(6, "enrolment"), entry(4, "operation")]);
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn p7_tables_of_their_own_name_with_and_without_the_word() {
    let rig = Rig::start().await;
    let photo = base64::encode(JPEG);
    for (table, body) in [
        ("USERINFO", "PIN=1\tName=A\tPri=0\nUSER\tPIN=2\tName=B\n".to_owned()),
        ("FINGERTMP", "FP PIN=1\tFID=0\tSize=8\tValid=1\tTMP=TVpTUw==\n".to_owned()),
        ("FACE", "PIN=1\tFID=0\tSIZE=8\tVALID=1\tTMP=AAECAwQF\n".to_owned()),
        ("FVEIN", "Pin=1\tFID=3\tIndex=0\tTmp=AAECAwQF\n".to_owned()),
        (
            "BIODATA",
            "BIODATA Pin=2\tNo=0\tIndex=0\tType=9\tMajorVer=40\tMinorVer=1\tTmp=AAECAwQFBgc=\n".to_owned(),
        ),
        ("BIOPHOTO", format!("BIOPHOTO PIN=2\tFileName=2.jpg\tType=9\tSize=9\tContent={photo}\n")),
        ("USERPIC", format!("USERPIC PIN=2\tFileName=2.jpg\tSize=9\tContent={photo}\n")),
    ] {
        let lines = body.lines().count();
        rig.upload(table, body).await.is_ok(&format!("OK: {lines}"));
    }
    assert_eq!(rig.seen_pins().await, ["1", "2"]);
    let kinds =
        |templates: Vec<Template>| templates.into_iter().map(|template| template.kind).collect::<Vec<_>>();
    let (mut first, mut second) =
        (kinds(rig.held_templates("1").await), kinds(rig.held_templates("2").await));
    first.sort();
    second.sort();
    assert_eq!(first, [TemplateKind::Fingerprint, TemplateKind::NearInfraredFace, TemplateKind::FingerVein]);
    assert_eq!(second, [TemplateKind::Bio(9), TemplateKind::Photo, TemplateKind::Picture]);
    let id = rig.machine().await.id;
    let counts = rig.site.read(move |conn| template_counts(conn, id)).await.unwrap();
    assert_eq!((counts.fingerprints, counts.veins, counts.faces, counts.photos), (1, 1, 2, 1));
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn p6_p11_broken_lines_and_nuls_disturb_no_other_line() {
    let rig = Rig::start().await;
    let body =
        "USER PIN=1\tName=Li\0Si\n\0\0\nFP PIN=1\tTMP=@@@\nUSER PIN=\0\nOPLOG x\nUSER PIN=2\tName=B\0\n";
    rig.upload("OPERLOG", body).await.is_ok("OK: 5");
    let names: Vec<_> = rig.held_people().await.into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["Li Si", "B"]);
    assert_eq!(
        rig.kept().await,
        [("OPERLOG".to_owned(), b"FP PIN=1\tTMP=@@@\nUSER PIN=\0\nOPLOG x\n".to_vec())]
    );
}

#[tokio::test]
async fn u1_somebody_deleted_at_the_machine_is_gone_and_what_it_had_of_them_is_kept() {
    let rig = Rig::start().await;
    rig.upload("OPERLOG", MIXED).await.is_ok("OK: 4");
    let deleted = "OPLOG 9\t1\t2026-07-06 09:05:00\t1003\t0\t0\t0\n";
    rig.upload("OPERLOG", deleted).await.is_ok("OK: 1");
    assert!(rig.held_people().await.is_empty());
    assert_eq!(rig.held_templates("1003").await.len(), 1, "the backup stays");
    // Registered again, and the machine sends its log once more (D7).
    rig.upload("OPERLOG", "USER PIN=1003\tName=李四\n").await.is_ok("OK: 1");
    rig.upload("OPERLOG", deleted).await.is_ok("OK: 1");
    assert_eq!(rig.seen_pins().await, ["1003"]);
}

#[tokio::test]
async fn u6_u7_what_a_machine_says_of_people_is_told_to_nobody() {
    let rig = Rig::start().await;
    rig.enrol("王五", "1001").await;
    rig.upload("OPERLOG", "USER PIN=1001\tName=Wang\tPri=0\nOPLOG 9\t0\t2026-07-06 09:05:00\t1001\n")
        .await
        .is_ok("OK: 2");
    rig.get(POLL).await.is_ok("OK");
    assert!(rig.commands().await.is_empty());
}

#[tokio::test]
async fn p1_pictures_are_split_at_the_first_nul_and_kept_once() {
    let rig = Rig::start().await;
    let picture =
        |name: &str| [format!("PIN={name}\nSN={SN}\nsize=1\nCMD=uploadphoto\0").as_bytes(), JPEG].concat();
    let target = format!("/iclock/fdata.aspx?SN={SN}&table=ATTPHOTO&PhotoStamp=836730000");
    rig.upload("ATTPHOTO", picture("20260706085811-1001.jpg")).await.is_ok("OK");
    rig.post(&target, picture("20260706085811-1001.jpg")).await.is_ok("OK");
    let encoded = format!("PIN=20260706085900-1002.jpg\nCMD=realupload\0{}", base64::encode(JPEG));
    rig.post(&target, encoded).await.is_ok("OK");
    let (site, id) = (rig.site.clone(), rig.machine().await.id);
    let found = |pin: &'static str, when: &'static str| {
        let site = site.clone();
        let reading = site.clone();
        async move {
            site.read(move |conn| {
                let Some(picture) = picture_of(conn, id, pin, at(when))? else { return Ok(None) };
                picture_get(conn, reading.vault(), picture)
            })
            .await
            .unwrap()
        }
    };
    assert_eq!(found("1001", "2026-07-06 08:58:11").await.as_deref(), Some(JPEG));
    assert_eq!(found("1002", "2026-07-06 08:59:00").await.as_deref(), Some(JPEG));
    assert_eq!(found("1002", "2026-07-06 08:58:11").await, None);
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn p5_the_names_a_machine_sends_say_how_it_is_written_to() {
    let rig = Rig::start().await;
    rig.upload("OPERLOG", "USER PIN=1\tName=Li\n").await.is_ok("OK: 1");
    assert_eq!(rig.machine().await.seen_encoding, None);
    rig.upload("OPERLOG", b"USER PIN=2\tName=\xc0\xee\xcb\xc4\n").await.is_ok("OK: 1");
    assert_eq!(rig.held_people().await[1].name, "李四");
    assert_eq!(rig.machine().await.seen_encoding, Some(Encoding::Gb18030));
    let id = rig.order(Order::PutPerson(person("7", "张三"))).await;
    let mut line = rig.connect().await;
    line.send(format!("GET {POLL} HTTP/1.0\r\n\r\n")).await;
    let answer = line.rest().await;
    let expected =
        [format!("C:{id}:DATA UPDATE USERINFO PIN=7\tName=").as_bytes(), b"\xd5\xc5\xc8\xfd\tPri=0\t"]
            .concat();
    assert!(
        answer.windows(expected.len()).any(|bytes| bytes == expected),
        "{:?}",
        String::from_utf8_lossy(&answer)
    );
}

fn person(number: &str, name: &str) -> Person {
    Person {
        pin: pin(number),
        name: name.to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    }
}

#[tokio::test]
async fn h9_polls_are_answered_while_an_upload_is_being_read_and_waits_for_the_disk() {
    let rig = Rig::start().await;
    let template = "A".repeat(40_000);
    let body: String = (1..=200).map(|n| format!("BIODATA Pin={n}\tType=9\tTmp={template}\n")).collect();
    let lock = Connection::open(rig.folder.path().join("site.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut long = rig.connect().await;
    long.send(post(&format!("/iclock/cdata?SN={SN}&table=BIODATA"), body)).await;
    for _ in 0..20 {
        rig.get(POLL).await.is_ok("OK");
    }
    let mut byte = [0];
    assert!(long.stream.try_read(&mut byte).is_err(), "acknowledged before it was stored");
    lock.execute_batch("ROLLBACK").unwrap();
    long.answer().await.is_ok("OK: 200");
    let id = rig.machine().await.id;
    assert_eq!(rig.site.read(move |conn| template_counts(conn, id)).await.unwrap().faces, 200);
}

#[tokio::test]
async fn q9_results_end_commands_with_the_reason_in_words() {
    let rig = Rig::start().await;
    let read = rig.order(Order::ReadPeople).await;
    let clear = rig.order(Order::ReadInfo).await;
    rig.get(POLL).await;
    rig.post(RESULT, format!("ID={read}&Return=2&CMD=DATA\nID={clear}&Return=-1005&CMD=INFO\n"))
        .await
        .is_ok("OK");
    let (read, clear) = (rig.command(read).await, rig.command(clear).await);
    assert_eq!((read.state, read.return_code, read.reason), (CommandState::Done, Some(2), None));
    assert_eq!((clear.state, clear.return_code), (CommandState::Failed, Some(-1005)));
    assert_eq!(clear.reason.as_deref(), Some("machine.busy"));
}

#[tokio::test]
async fn d6_the_first_final_result_counts_whatever_is_repeated() {
    let rig = Rig::start().await;
    let id = rig.order(Order::ClearPunches).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:CLEAR LOG\n"));
    for code in [0, -1, 0, -1002] {
        rig.post(RESULT, format!("ID={id}&Return={code}&CMD=CLEAR_LOG\n")).await.is_ok("OK");
    }
    let command = rig.command(id).await;
    assert_eq!((command.state, command.return_code), (CommandState::Done, Some(0)));
}

#[tokio::test]
async fn t4_a_result_may_come_in_the_query_of_a_get() {
    let rig = Rig::start().await;
    let id = rig.order(Order::Ping).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:LOG\n"));
    rig.get(RESULT).await.is_ok("OK");
    assert_eq!(rig.command(id).await.state, CommandState::Sent);
    rig.get(&format!("{RESULT}&ID={id}&Return=0&CMD=LOG")).await.is_ok("OK");
    assert_eq!(rig.command(id).await.state, CommandState::Done);
}

#[tokio::test]
async fn the_answer_to_info_is_what_the_machine_says_of_itself() {
    let rig = Rig::start().await;
    let id = rig.order(Order::ReadInfo).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:INFO\n"));
    let lines = "~DeviceName=FaceClock 7\nMAC=00:17:61:00:00:01\nTransactionCount=1342\nUserCount=17\nFPCount=18\n\
                 FWVersion=ZAM70-NF24HA-Ver3.3.12\nPushCommKey=secret\nName=x&ID=999&Return=-1\n";
    rig.post(RESULT, format!("ID={id}&Return=0&CMD=INFO\n{lines}")).await.is_ok("OK");
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("ZAM70-NF24HA-Ver3.3.12"));
    let reported = machine.reported;
    assert_eq!((reported.people, reported.fingerprints, reported.punches), (Some(17), Some(18), Some(1342)));
    assert_eq!(machine.options["DeviceName"], "FaceClock 7");
    assert!(!machine.options.contains_key("PushCommKey"));
    assert_eq!(rig.command(id).await.state, CommandState::Done);
}

#[tokio::test]
async fn what_a_machine_was_told_to_delete_it_has_no_more() {
    let rig = Rig::start().await;
    rig.upload("OPERLOG", MIXED.to_owned() + "USER PIN=1004\nUSER PIN=1005\n").await.is_ok("OK: 6");
    let finish = async |order| {
        let id = rig.order(order).await;
        rig.get(POLL).await;
        rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA\n")).await.is_ok("OK");
        assert_eq!(rig.command(id).await.state, CommandState::Done);
    };
    finish(Order::DeleteTemplates { pin: pin("1003"), of: TemplateKind::Fingerprint }).await;
    assert_eq!(rig.held_people().await[0].templates.fingerprints, 0);
    finish(Order::DeletePerson { pin: pin("1003") }).await;
    assert_eq!(rig.seen_pins().await, ["1004", "1005"]);
    let refused = rig.order(Order::DeletePerson { pin: pin("1004") }).await;
    rig.get(POLL).await;
    rig.post(RESULT, format!("ID={refused}&Return=-1&CMD=DATA\n")).await.is_ok("OK");
    assert_eq!(rig.seen_pins().await, ["1004", "1005"]);
    finish(Order::ClearPeople).await;
    assert!(rig.held_people().await.is_empty());
}

#[tokio::test]
async fn a_photo_the_machine_could_not_use_fails_with_the_reason_even_after_it_was_stored() {
    let rig = Rig::start().await;
    let template = Template {
        pin: pin("1003"),
        kind: TemplateKind::Photo,
        no: 0,
        index: 0,
        valid: 1,
        duress: 0,
        version: None,
        format: 0,
        data: JPEG.to_vec(),
    };
    let id = rig.order(Order::PutTemplate(template)).await;
    assert!(rig.get(POLL).await.body.starts_with(&format!("C:{id}:DATA UPDATE BIOPHOTO PIN=1003\tType=9\t")));
    rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA\n")).await.is_ok("OK");
    let line = |origin: &str, id: i64| {
        format!("ERRORLOG ErrCode=D01E0001\tErrMsg=\tDataOrigin={origin}\tCmdId={id}\tAdditional=\n")
    };
    rig.upload("ERRORLOG", line("dev", id) + &line("cmd", id + 1)).await.is_ok("OK: 2");
    assert_eq!(rig.command(id).await.state, CommandState::Done);
    rig.upload("ERRORLOG", line("cmd", id)).await.is_ok("OK: 1");
    let command = rig.command(id).await;
    assert_eq!((command.state, command.reason.as_deref()), (CommandState::Failed, Some("photo.no_face")));
    assert!(rig.own_log().await.iter().all(|event| event.kind == "error" && event.objects[0] == "D01E0001"));
    // A late success does not undo it.
    rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA\n")).await.is_ok("OK");
    assert_eq!(rig.command(id).await.state, CommandState::Failed);
}

#[tokio::test]
async fn old_firmware_is_told_once_more_in_the_words_it_knows() {
    let rig = Rig::start().await;
    let id = rig.order(Order::DeletePerson { pin: pin("7") }).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:DATA DELETE USERINFO PIN=7\n"));
    rig.post(RESULT, format!("ID={id}&Return=-22&CMD=DATA\n")).await.is_ok("OK");
    rig.get(POLL).await.is_ok(&format!("C:{id}:DATA DEL_USER PIN=7\n"));
    rig.post(RESULT, format!("ID={id}&Return=-22&CMD=DATA\n")).await.is_ok("OK");
    let command = rig.command(id).await;
    assert_eq!(
        (command.state, command.reason.as_deref()),
        (CommandState::Failed, Some("machine.unknown_command"))
    );
}

#[tokio::test]
async fn a_machine_that_asks_who_somebody_is_hears_of_its_own_roster_only() {
    let rig = Rig::start().await;
    rig.enrol("王五", "1001").await;
    let ask = async |query: &str| rig.get(&format!("/iclock/cdata?SN={SN}&{query}")).await;
    let known = "DATA UPDATE USERINFO PIN=1001\tName=王五\tPri=14\tPasswd=\tCard=\tGrp=1\tTZ=\tVerify=-1\tViceCard=\n";
    ask("table=RemoteAtt&PIN=1001").await.is_ok(known);
    ask("PIN=001001").await.is_ok(known);
    for stranger in
        ["table=RemoteAtt&PIN=1002", "table=RemoteAtt&PIN=", "PIN=0", "PIN=%27%20OR%201", "table=RemoteAtt"]
    {
        ask(stranger).await.is_ok("NONE");
    }
    rig.get("/iclock/cdata?SN=STRANGER1&table=RemoteAtt&PIN=1001").await.is_ok("NONE");
    rig.add("OTHER1", chrono_tz::Asia::Shanghai).await;
    rig.get("/iclock/cdata?SN=OTHER1&table=RemoteAtt&PIN=1001").await.is_ok("NONE");
    rig.site
        .write(|tx| {
            let employee = rollcall_core::roster::roster_list(
                tx,
                &sn(),
                &rollcall_core::roster::RosterFilter::default(),
                &Page::default(),
            )
            .unwrap()
            .items
            .remove(0)
            .employee_id;
            let off = EntryChange { enabled: Some(false), ..EntryChange::default() };
            roster_change(tx, &Actor::console(), &sn(), &employee, off).unwrap();
            Ok::<_, rollcall_core::db::Error>(())
        })
        .await
        .unwrap();
    ask("table=RemoteAtt&PIN=1001").await.is_ok("NONE");
}

#[tokio::test]
async fn the_last_punch_key_shows_the_last_punch() {
    let rig = Rig::start().await;
    rig.enrol("王五", "1001").await;
    let ask = async |query: &str| rig.get(&format!("/iclock/cdata?SN={SN}&type=LastPunch&{query}")).await;
    ask("PIN=1001").await.is_ok("status=1\n");
    rig.punch(SN, &format!("{LINE}1001\t2026-07-06 08:00:00\t1\t15\t7\n1002\t2026-07-06 09:00:00\t1\t15\n"))
        .await
        .is_ok("OK: 3");
    ask("PIN=1001")
        .await
        .is_ok("status=0\nname=王五\tpin=1001\tstate=0\tworkcode=0\tdate=2026-07-06\ttime=08:58:11\n");
    for nobody in ["PIN=1003", "PIN=", "PIN=0", ""] {
        ask(nobody).await.is_ok("status=1\n");
    }
    rig.get("/iclock/cdata?SN=STRANGER1&type=LastPunch&PIN=1001").await.is_ok("status=1\n");
}

#[tokio::test]
async fn i1_what_a_stranger_or_a_disabled_machine_says_of_people_is_refused() {
    let rig = Rig::start().await;
    rig.post("/iclock/cdata?SN=STRANGER1&table=OPERLOG", MIXED).await.is_refused(503);
    rig.change(rollcall_core::machines::MachineChange { enabled: Some(false), ..Default::default() }).await;
    rig.upload("OPERLOG", MIXED).await.is_refused(503);
    rig.upload("ATTPHOTO", "PIN=a.jpg\nCMD=uploadphoto\0\u{1}").await.is_refused(503);
    assert!(
        rig.held_people().await.is_empty() && rig.own_log().await.is_empty() && rig.kept().await.is_empty()
    );
}
