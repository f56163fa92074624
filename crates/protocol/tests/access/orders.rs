//! Orders in the words of the access dialect (access-push §8, §10, §15, §16).

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use rollcall_protocol::access::codes::reason;
use rollcall_protocol::access::orders::{body, steps};
use rollcall_protocol::attendance::command::{Command, parse_commands, write_commands};
use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::order::{
    Means, Order, Person, Pin, Privilege, Refusal, Table, Template, TemplateKind,
};
use rollcall_protocol::text::Encoding;
use rollcall_protocol::{Dialect, WallTime, codes};

use crate::listing::{message, shown};

fn means(options: &[(&str, &str)]) -> Means<'static> {
    let options: BTreeMap<_, _> =
        options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Means {
        dialect: Dialect::Access,
        generation: Generation::Modern,
        encoding: Encoding::Utf8,
        old_user_form: false,
        options: Cow::Owned(options),
        now: wall("2026-07-06 09:30:05"),
        utc_offset: 8 * 3600,
    }
}

fn wall(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

fn person() -> Person {
    Person {
        pin: pin("1001"),
        name: "张三".to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    }
}

fn template(kind: TemplateKind) -> Template {
    Template {
        pin: pin("1001"),
        kind,
        no: 0,
        index: 0,
        valid: 1,
        duress: 0,
        version: Some((40, 1)),
        format: 0,
        data: vec![0, 1, 2, 3, 4, 5, 6, 7],
    }
}

/// All steps of an order in words.
fn told(order: &Order, means: &Means<'_>) -> Vec<String> {
    let steps = steps(order, means).unwrap();
    steps.iter().map(|step| body(step, means).unwrap().as_str().to_owned()).collect()
}

fn refused(order: &Order, options: &[(&str, &str)]) -> Refusal {
    steps(order, &means(options)).unwrap_err()
}

#[test]
fn the_commands_of_the_chapter() {
    let means = means(&[]);
    for (order, expected) in [
        (Order::Restart, "CONTROL DEVICE 03000000"),
        (Order::SetClock, "SET OPTIONS DateTime=852197405"),
        (Order::Ping, "DATA COUNT user"),
        (Order::UnlockDoor { door: 1, seconds: 5 }, "CONTROL DEVICE 01010105"),
        (Order::ClearPunches, "DATA DELETE transaction *"),
        (Order::ReadPeople, "DATA QUERY tablename=user,fielddesc=*,filter=*"),
        (Order::ReadPerson { pin: pin("1001") }, "DATA QUERY tablename=user,fielddesc=*,filter=Pin=1001"),
        (
            Order::Authorize { pin: pin("1001") },
            "DATA UPDATE userauthorize Pin=1001\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1",
        ),
        (Order::Revoke { pin: pin("1002") }, "DATA DELETE userauthorize Pin=1002"),
        (
            Order::ReadPunches {
                from: wall("2026-07-01 00:00:00"),
                to: wall("2026-07-06 09:30:05"),
                second: false,
            },
            "DATA QUERY tablename=transaction,fielddesc=*,filter=starttime=851731200\tendtime=852197405",
        ),
        (
            Order::ReadPunches {
                from: wall("2026-07-01 00:00:00"),
                to: wall("2026-07-06 09:30:05"),
                second: true,
            },
            "DATA QUERY tablename=transaction,fielddesc=*,filter=*",
        ),
        (Order::CountAllPunches, "DATA COUNT transaction"),
    ] {
        assert_eq!(told(&order, &means), [expected]);
    }
    let info = told(&Order::ReadInfo, &means);
    assert!(info[0].starts_with("GET OPTIONS ~SerialNumber,") && info[0].contains(",FirmVer,"), "{info:?}");
    // In the spelling of the worked messages.
    for name in ["commands", "commands-all"] {
        let body = message(&format!("access/{name}")).body;
        let all = parse_commands(&body);
        assert_eq!(all.len(), if name == "commands" { 2 } else { 7 });
        for order in
            [Order::SetClock, Order::UnlockDoor { door: 1, seconds: 5 }, Order::Ping, Order::ReadPeople]
        {
            let words = &told(&order, &means)[0];
            assert!(name == "commands" || all.iter().any(|command| command.body == *words), "{words}");
        }
    }
}

#[test]
fn section_15_a_person_comes_with_leave_to_enter() {
    let means = means(&[]);
    let both = told(&Order::PutPerson(person()), &means);
    let commands: Vec<_> = both
        .iter()
        .zip(415..)
        .map(|(words, id)| {
            let (words, fields) = words.split_at(words.find('=').unwrap());
            let (words, key) = words.rsplit_once(' ').unwrap();
            let mut command = rollcall_protocol::attendance::command::Body::new(words);
            for field in format!("{key}{fields}").split('\t') {
                let (key, value) = field.split_once('=').unwrap();
                command = command.field(key, value);
            }
            Command { id, body: command }
        })
        .collect();
    let mut out = Vec::new();
    write_commands(&commands, Encoding::Utf8, &mut out);
    assert_eq!(shown(&out), shown(&message("access/commands").body).replace('␍', ""));
    let inactive = told(&Order::PutPerson(Person { inactive: true, ..person() }), &means);
    assert_eq!(inactive[1], "DATA DELETE userauthorize Pin=1001");
}

#[test]
fn people_in_all_their_forms() {
    let valid = Some((wall("2026-07-01 00:00:00"), wall("2026-12-31 23:59:59")));
    let person = Person {
        pin: pin("0042"),
        name: "欧阳娜娜欧阳娜娜欧阳".to_owned(),
        privilege: Privilege::Registrar,
        card: "123456".to_owned(),
        password: "1\t2\n3".to_owned(),
        valid,
        ..person()
    };
    let words =
        |options: &[(&str, &str)]| told(&Order::PutPerson(person.clone()), &means(options))[0].clone();
    assert_eq!(
        words(&[]),
        "DATA UPDATE user CardNo=123456\tPin=42\tPassword=1 2 3\tGroup=1\tStartTime=20260701\tEndTime=20261231\t\
         Name=欧阳娜娜欧阳娜娜\tPrivilege=2"
    );
    let packed = words(&[("DateFmtFunOn", "1"), ("DisableUserFunOn", "1")]);
    assert!(packed.contains("\tStartTime=851731200\tEndTime=867801599\t"), "{packed}");
    assert!(packed.ends_with("\tDisable=0"), "{packed}");
}

#[test]
fn deletions_go_from_leave_to_templates_to_the_person() {
    let options =
        [("FingerFunOn", "1"), ("MultiBioDataSupport", "0:0:0:0:0:0:0:0:0:1"), ("BioPhotoFun", "1")];
    let order = Order::DeletePerson { pin: pin("1002") };
    assert_eq!(
        told(&order, &means(&options)),
        [
            "DATA DELETE userauthorize Pin=1002",
            "DATA DELETE templatev10 Pin=1002",
            "DATA DELETE biodata Pin=1002",
            "DATA DELETE biophoto Pin=1002",
            "DATA DELETE user Pin=1002",
        ]
    );
    // A table the machine may not have is left alone.
    assert_eq!(
        told(&order, &means(&[])),
        ["DATA DELETE userauthorize Pin=1002", "DATA DELETE user Pin=1002"]
    );
    assert_eq!(
        told(&Order::ClearPeople, &means(&options)),
        [
            "DATA DELETE userauthorize *",
            "DATA DELETE templatev10 *",
            "DATA DELETE biodata *",
            "DATA DELETE biophoto *",
            "DATA DELETE user *",
        ]
    );
    assert_eq!(
        told(&Order::ClearAll, &means(&[])),
        ["DATA DELETE userauthorize *", "DATA DELETE user *", "DATA DELETE transaction *"]
    );
}

#[test]
fn templates_are_read_table_by_table() {
    let all = "DATA QUERY tablename=biodata,fielddesc=*,filter=*";
    let order = Order::ReadTemplates;
    assert_eq!(told(&order, &means(&[])), [all]);
    assert_eq!(
        told(&order, &means(&[("~FingerFunOn", "1"), ("BioPhotoFun", "1")])),
        [
            "DATA QUERY tablename=templatev10,fielddesc=*,filter=*",
            "DATA QUERY tablename=biophoto,fielddesc=*,filter=*"
        ]
    );
    // Fingers in the unified form are not asked for twice.
    let unified = means(&[("FingerFunOn", "1"), ("MultiBioDataSupport", "0:1:0:0:0:0:0:0:0:1")]);
    assert_eq!(told(&order, &unified), [all]);
    assert_eq!(refused(&order, &[("FingerFunOn", "0"), ("FaceFunOn", "0")]), Refusal::NotSupported);
}

#[test]
fn templates_in_all_their_forms() {
    let put = |kind| Order::PutTemplate(template(kind));
    let none = means(&[]);
    for (kind, expected) in [
        (
            TemplateKind::Bio(9),
            "DATA UPDATE biodata Pin=1001\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=40\tMinorVer=1\tFormat=0\tTmp=AAECAwQFBgc=",
        ),
        (
            TemplateKind::Fingerprint,
            "DATA UPDATE templatev10 Pin=1001\tFingerID=0\tValid=1\tTemplate=AAECAwQFBgc=",
        ),
        (
            TemplateKind::Photo,
            "DATA UPDATE biophoto PIN=1001\tType=9\tSize=12\tContent=AAECAwQFBgc=\tFormat=0\tUrl=\tPostBackTmpFlag=0",
        ),
        (
            TemplateKind::Picture,
            "DATA UPDATE userpic pin=1001\tsize=12\tformat=0\turl=\tcontent=AAECAwQFBgc=",
        ),
    ] {
        assert_eq!(told(&put(kind), &none), [expected]);
    }
    for (kind, options, refusal) in [
        (TemplateKind::FingerVein, ("", ""), Refusal::NotInDialect),
        (TemplateKind::Fingerprint, ("FingerFunOn", "0"), Refusal::NotSupported),
        (TemplateKind::Photo, ("BioPhotoFun", "0"), Refusal::NotSupported),
        (TemplateKind::Photo, ("MultiBioPhotoSupport", "0:0:0:0:0:0:0:0:0:0"), Refusal::NotSupported),
        (TemplateKind::Bio(8), ("MultiBioDataSupport", "0:0:0:0:0:0:0:0:0:1"), Refusal::NotSupported),
    ] {
        assert_eq!(refused(&put(kind), &[options]), refusal, "{kind:?} {options:?}");
    }
}

#[test]
fn u3_templates_go_only_to_machines_with_the_same_algorithm() {
    let put = Order::PutTemplate(template(TemplateKind::Bio(9)));
    let with = |version: &'static str| [("MultiBioVersion", version)];
    assert_eq!(refused(&put, &with("0:0:0:0:0:0:0:0:0:58.12")), Refusal::TemplateVersion);
    assert_eq!(refused(&put, &with("0:0:0:0:0:0:0:0:0:40")), Refusal::TemplateVersion);
    for same in ["0:0:0:0:0:0:0:0:0:40.1", "0:0:0:0:0:0:0:0:0:0", "0:1"] {
        assert!(steps(&put, &means(&with(same))).is_ok(), "{same}");
    }
}

#[test]
fn what_a_machine_cannot_be_told_is_refused_beforehand() {
    assert_eq!(refused(&Order::ReadOptions, &[]), Refusal::NotInDialect);
    let unlock = |door| Order::UnlockDoor { door, seconds: 5 };
    assert_eq!(refused(&unlock(0), &[]), Refusal::NoDoor);
    assert_eq!(refused(&unlock(1), &[("LockCount", "0")]), Refusal::NoDoor);
    assert_eq!(refused(&unlock(3), &[("~LockCount", "2")]), Refusal::NoDoor);
    assert_eq!(told(&unlock(2), &means(&[("LockCount", "2")])), ["CONTROL DEVICE 01020105"]);
}

#[test]
fn q4_no_order_opens_a_door_for_good() {
    for seconds in 0..=255 {
        let words = &told(&Order::UnlockDoor { door: 11, seconds }, &means(&[]))[0];
        assert!(words.starts_with("CONTROL DEVICE 010B01"), "{words}");
        assert!(!words.ends_with("FF") && !words.ends_with("0100"), "{seconds}: {words}");
    }
}

#[test]
fn every_code_of_the_chapter_has_its_reason() {
    let chapter = [
        -1, -2, -3, -4, -5, -6, -7, -8, -9, -10, -11, -12, -13, -14, -15, -16, -18, -19, -20, -22, -23, -26,
        -27, -99, -100, -101, -102, -103, -104, -105, -106, -108, -612, -620, -621, -628, -629, -630, -631,
        -632, -708, -721, -722, -725, -726,
    ];
    for code in chapter {
        let reason = reason(code);
        assert!(reason != codes::DONE && reason != codes::UNEXPLAINED, "{code}");
        assert!(!codes::words(reason).is_empty(), "{code}: {reason}");
    }
    assert_eq!((reason(0), reason(17), reason(-9999)), (codes::DONE, codes::DONE, codes::UNEXPLAINED));
}

fn any_order() -> impl Strategy<Value = Order> {
    let text = "(.|\\n|\\t|=|\\*|,){0,12}";
    let pin = "[0-9A-Za-z]{1,9}".prop_filter_map("none", |text| Pin::new(&text).ok());
    (pin, text, text, text, 0..8).prop_map(|(pin, name, card, password, which)| match which {
        0 => Order::DeletePerson { pin },
        1 => Order::Revoke { pin },
        2 => Order::DeleteTemplates { pin, of: TemplateKind::Bio(9) },
        3 => Order::ReadPerson { pin },
        4 => Order::Authorize { pin },
        5 => Order::ReadTable(Table::Photos),
        _ => Order::PutPerson(Person { pin, name, card, password, ..person() }),
    })
}

proptest! {
    /// Whatever is typed, every step is one command, and a deletion names somebody.
    #[test]
    fn q7_nothing_typed_becomes_a_command_or_deletes_everybody(order in any_order()) {
        let means = means(&[("BioDataFun", "1")]);
        for step in steps(&order, &means).unwrap() {
            let body = body(&step, &means).unwrap();
            let words = body.as_str().to_owned();
            let mut out = Vec::new();
            write_commands(&[Command { id: 1, body }], Encoding::Utf8, &mut out);
            prop_assert_eq!(parse_commands(&out).len(), 1);
            prop_assert_eq!(out.iter().filter(|byte| byte.is_ascii_control() && **byte != b'\t').count(), 1);
            if let Some(rest) = words.strip_prefix("DATA DELETE ") {
                let (_, pin) = rest.split_once(" Pin=").unwrap();
                prop_assert!(pin.bytes().next().unwrap().is_ascii_alphanumeric(), "{}", words);
            }
        }
    }
}
