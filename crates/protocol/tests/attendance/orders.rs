//! Orders, byte for byte as machines get them (attendance-push §14).

use std::borrow::Cow;
use std::collections::BTreeMap;

use proptest::prelude::*;
use rollcall_protocol::Dialect;
use rollcall_protocol::attendance::command::{Command, parse_commands, received_fields, write_commands};
use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::attendance::orders::{body, refusal, steps};
use rollcall_protocol::order::{
    Means, Order, Person, Pin, Privilege, Refusal, Table, Template, TemplateKind,
};
use rollcall_protocol::text::{Encoding, encode};
use rollcall_protocol::time::WallTime;

use crate::listing::{message, shown};

fn options(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn means(said: &[(&str, &str)]) -> Means<'static> {
    Means {
        dialect: Dialect::Attendance,
        generation: Generation::Modern,
        encoding: Encoding::Utf8,
        old_user_form: false,
        options: Cow::Owned(options(said)),
        now: at("2026-07-06 09:30:05"),
        utc_offset: 8 * 3600,
    }
}

const FROM: &str = "2026-07-01 00:00:00";
const TO: &str = "2026-07-06 23:59:59";

fn at(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

fn person() -> Person {
    Person {
        pin: pin("1003"),
        name: "Li Si".to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    }
}

fn template(kind: TemplateKind, data: &[u8]) -> Template {
    Template {
        pin: pin("1003"),
        kind,
        no: 0,
        index: 0,
        valid: 1,
        duress: 0,
        version: None,
        format: 0,
        data: data.to_vec(),
    }
}

/// The command as it travels, without its number.
fn wire(order: &Order, means: &Means<'_>) -> Vec<u8> {
    let body = body(order, means).unwrap_or_else(|refusal| panic!("{order:?}: {refusal}"));
    let mut out = Vec::new();
    write_commands(&[Command { id: 1, body }], means.encoding, &mut out);
    out.strip_prefix(b"C:1:").unwrap().to_vec()
}

fn text(order: &Order, means: &Means<'_>) -> String {
    String::from_utf8(wire(order, means)).unwrap()
}

/// A line of a worked message, without its number.
fn worked(name: &str, id: u32) -> String {
    let body = String::from_utf8(message(name).body).unwrap();
    let line = body.lines().find_map(|line| line.strip_prefix(&format!("C:{id}:"))).unwrap();
    format!("{line}\n")
}

#[test]
fn the_worked_commands() {
    let dates = means(&[("UserValidTimeFun", "1")]);
    let valid = Some((at("2026-07-01 00:00:00"), at("2026-12-31 23:59:59")));
    let (jpeg, eight) = ([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49], [0, 1, 2, 3, 4, 5, 6, 7]);
    let all = "commands-all";
    for (name, id, order) in [
        (
            all,
            310,
            Order::PutPerson(Person {
                privilege: Privilege::Registrar,
                password: "4321".to_owned(),
                card: "123456789".to_owned(),
                valid,
                ..person()
            }),
        ),
        (all, 311, Order::PutTemplate(Template { no: 6, ..template(TemplateKind::Fingerprint, b"MZSS") })),
        (all, 312, Order::PutTemplate(template(TemplateKind::NearInfraredFace, &eight[..6]))),
        (
            all,
            313,
            Order::PutTemplate(Template { version: Some((40, 1)), ..template(TemplateKind::Bio(9), &eight) }),
        ),
        (all, 314, Order::PutTemplate(template(TemplateKind::Picture, &jpeg))),
        (all, 316, Order::DeleteTemplates { pin: pin("1003"), of: TemplateKind::Bio(9) }),
        (all, 317, Order::ReadPunches { from: at(FROM), to: at(TO), second: false }),
        (all, 319, Order::CountPunches { from: at(FROM), to: at(TO), second: false }),
        (all, 324, Order::Ping),
        (all, 325, Order::ReadInfo),
        ("commands-biophoto", 326, Order::PutTemplate(template(TemplateKind::Photo, &jpeg))),
        ("commands-reboot", 327, Order::Restart),
        ("commands", 296, Order::DeletePerson { pin: pin("1002") }),
        ("commands", 297, Order::ReadOptions),
        ("commands", 297, Order::CheckAll),
    ] {
        assert_eq!(text(&order, &dates), worked(name, id));
    }
}

#[test]
fn every_order_in_its_words() {
    let of = |kind| Order::DeleteTemplates { pin: pin("0042"), of: kind };
    let vein = Template { no: 1, index: 2, ..template(TemplateKind::FingerVein, b"x") };
    let orders = [
        Order::SetClock,
        Order::UnlockDoor { door: 1, seconds: 5 },
        Order::ClearPunches,
        Order::ClearPeople,
        Order::ClearAll,
        Order::ReadPeople,
        Order::ReadPerson { pin: pin("0042") },
        Order::ReadTable(Table::Fingerprints),
        Order::ReadTable(Table::Bio(9)),
        Order::PutPerson(person()),
        Order::PutPerson(Person { privilege: Privilege::Administrator, ..person() }),
        Order::PutTemplate(vein),
        of(TemplateKind::Fingerprint),
        of(TemplateKind::NearInfraredFace),
        of(TemplateKind::FingerVein),
        of(TemplateKind::Bio(1)),
        of(TemplateKind::Photo),
        of(TemplateKind::Picture),
    ];
    let written: String = orders.iter().map(|order| text(order, &means(&[]))).collect();
    insta::assert_snapshot!(shown(written.as_bytes()));
}

#[test]
fn old_machines_are_told_in_the_words_they_know() {
    let v1 = Means { generation: Generation::V1, ..means(&[]) };
    let later = Means { old_user_form: true, ..means(&[]) };
    let person = Order::PutPerson(Person { card: "123456789".to_owned(), ..person() });
    let finger = Order::PutTemplate(Template { no: 6, ..template(TemplateKind::Fingerprint, b"MZSS") });
    for means in [&v1, &later] {
        assert_eq!(
            shown(text(&person, means).as_bytes()),
            "DATA USER PIN=1003␉Name=Li Si␉Pri=0␉Passwd=␉Card=[15CD5B07]␉Grp=1␉TZ=␊\n"
        );
        assert_eq!(
            shown(text(&finger, means).as_bytes()),
            "DATA FP PIN=1003␉FID=6␉Size=8␉Valid=1␉TMP=TVpTUw==␊\n"
        );
        assert_eq!(text(&Order::DeletePerson { pin: pin("7") }, means), "DATA DEL_USER PIN=7\n");
        let face = Order::PutTemplate(template(TemplateKind::Photo, b"x"));
        assert_eq!(refusal(&face, means), Some(Refusal::FirmwareTooOld));
    }
    assert_eq!(text(&Order::Ping, &v1), "CHECK\n");
    assert_eq!(text(&Order::CheckAll, &v1), "CHECK\n");
    let (from, to, second) = (at(FROM), at(TO), false);
    for order in [
        Order::ReadPeople,
        Order::ReadTemplates,
        Order::ReadPerson { pin: pin("7") },
        Order::ReadPunches { from, to, second },
        Order::CountPunches { from, to, second },
        Order::ClearPeople,
    ] {
        assert_eq!(steps(&order, &v1), Err(Refusal::FirmwareTooOld));
        assert!(body(&order, &v1).is_err() && refusal(&order, &later).is_none(), "{order:?}");
    }
    for (card, written) in
        [("", "Card=␉"), ("0", "Card=␉"), ("4294967296", "Card=[0000000001]␉"), ("x", "Card=x␉")]
    {
        let order = Order::PutPerson(Person { card: card.to_owned(), ..super_person() });
        assert!(shown(text(&order, &v1).as_bytes()).contains(written), "{card}");
    }
}

fn super_person() -> Person {
    Person { privilege: Privilege::Administrator, ..person() }
}

#[test]
fn what_a_machine_cannot_do_is_refused() {
    let door = |door| Order::UnlockDoor { door, seconds: 5 };
    let photo = || Order::PutTemplate(template(TemplateKind::Photo, b"x"));
    let palm = || Order::PutTemplate(template(TemplateKind::Bio(8), b"x"));
    let named = |pin_text: &str| Order::PutPerson(Person { pin: pin(pin_text), ..person() });
    for (order, said, expected) in [
        (door(1), ("A", ""), None),
        (door(2), ("A", ""), Some(Refusal::NoDoor)),
        (door(1), ("~LockFunOn", "0"), Some(Refusal::NoDoor)),
        (Order::Authorize { pin: pin("1") }, ("A", ""), Some(Refusal::NotInDialect)),
        (Order::ClearTable(Table::People), ("A", ""), Some(Refusal::NotInDialect)),
        (Order::ReadTable(Table::Photos), ("A", ""), Some(Refusal::NotInDialect)),
        (Order::ReadTemplates, ("FingerFunOn", "0"), Some(Refusal::NotSupported)),
        (photo(), ("A", ""), None),
        (photo(), ("VisilightFun", "0"), Some(Refusal::NotSupported)),
        (photo(), ("BioPhotoFun", "0"), Some(Refusal::NotSupported)),
        (palm(), ("MultiBioDataSupport", "0:1:0:0:0:0:0:0:0:1"), Some(Refusal::NotSupported)),
        (palm(), ("MultiBioDataSupport", "0:1:0:0:0:0:0:0:1:1"), None),
        (named("123456789"), ("PIN2Width", "9"), None),
        (named("1234567890"), ("PIN2Width", "9"), Some(Refusal::NotSupported)),
        (named("1234567890"), ("PIN2Width", "0"), None),
        (named("A12"), ("A", ""), Some(Refusal::NotSupported)),
        (named("A12"), ("StringPinFunOn", "1"), None),
    ] {
        let means = means(&[said]);
        assert_eq!(refusal(&order, &means), expected, "{order:?} {said:?}");
        assert_eq!(steps(&order, &means).err(), expected);
        if !matches!(order, Order::ReadTemplates) {
            assert_eq!(body(&order, &means).err(), expected);
        }
    }
}

#[test]
fn u3_templates_go_only_to_machines_with_the_same_algorithm() {
    let face = |version| Order::PutTemplate(Template { version, ..template(TemplateKind::Bio(9), b"x") });
    let finger =
        |version| Order::PutTemplate(Template { version, ..template(TemplateKind::Fingerprint, b"x") });
    let said = [("MultiBioVersion", "0:13.0:0:0:0:0:0:0:0:40.1"), ("FPVersion", "10")];
    let means = means(&said);
    assert_eq!(refusal(&face(Some((40, 1))), &means), None);
    assert_eq!(refusal(&face(Some((58, 12))), &means), Some(Refusal::TemplateVersion));
    assert_eq!(refusal(&finger(Some((10, 0))), &means), None);
    assert_eq!(refusal(&finger(Some((9, 0))), &means), Some(Refusal::TemplateVersion));
    // Nothing is known of one side.
    assert_eq!(refusal(&finger(None), &means), None);
    assert_eq!(refusal(&face(Some((58, 12))), &self::means(&[("MultiBioVersion", "0:13.0")])), None);
}

#[test]
fn unified_templates_go_to_no_firmware_from_before_them() {
    let before = Means { generation: Generation::V2_0, ..means(&[]) };
    let unified = Order::PutTemplate(template(TemplateKind::Bio(9), b"x"));
    assert_eq!(refusal(&unified, &before), Some(Refusal::FirmwareTooOld));
    let finger = Order::PutTemplate(template(TemplateKind::Fingerprint, b"x"));
    assert!(text(&finger, &before).starts_with("DATA UPDATE FINGERTMP PIN=1003\t"));
}

#[test]
fn templates_are_read_table_by_table() {
    for (said, tables) in [
        (&[][..], &[Table::Fingerprints][..]),
        (&[("VisilightFun", "1")], &[Table::Fingerprints, Table::Bio(9)]),
        (&[("FingerFunOn", "0"), ("BioDataFun", "1")], &[Table::Bio(9)]),
        (&[("MultiBioDataSupport", "0:1:0:0:0:0:0:0:1:1")], &[Table::Bio(1), Table::Bio(8), Table::Bio(9)]),
        (&[("MultiBioDataSupport", "0:0:0:0:0:0:0:0:0:1")], &[Table::Fingerprints, Table::Bio(9)]),
    ] {
        let expected: Vec<_> = tables.iter().copied().map(Order::ReadTable).collect();
        assert_eq!(steps(&Order::ReadTemplates, &means(said)), Ok(expected), "{said:?}");
    }
}

#[test]
fn somebody_who_shall_not_identify_is_never_sent_as_one_who_may() {
    let off = Order::PutPerson(Person { inactive: true, ..person() });
    let limited = Order::PutPerson(Person {
        valid: Some((at("2026-07-01 00:00:00"), at("2026-07-02 00:00:00"))),
        ..person()
    });
    let dates = means(&[("UserValidTimeFun", "1")]);
    for order in [&off, &limited] {
        assert_eq!(refusal(order, &means(&[])), Some(Refusal::NotSupported));
        assert_eq!(
            refusal(order, &Means { old_user_form: true, ..dates.clone() }),
            Some(Refusal::NotSupported)
        );
    }
    let end =
        |order: &Order| text(order, &dates).trim_end().rsplit_once("EndDatetime=").unwrap().1.to_owned();
    assert_eq!(end(&off), "2000-01-01T00:00:01");
    assert_eq!(end(&limited), "2026-07-02T00:00:00");
    // Enabled again: the dates of before are overwritten (U2).
    assert_eq!(end(&Order::PutPerson(person())), "2037-12-31T23:59:59");
}

#[test]
fn u5_names_are_cut_by_the_bytes_of_the_machines_encoding() {
    let long = Order::PutPerson(Person {
        name: "欧阳娜娜欧阳娜娜欧阳娜娜欧阳".to_owned(), ..person()
    });
    let name = |encoding| {
        let bytes = wire(&long, &Means { encoding, ..means(&[]) });
        let at = bytes.windows(5).position(|five| five == b"Name=").unwrap() + 5;
        bytes[at..].split(|byte| *byte == b'\t').next().unwrap().to_vec()
    };
    assert_eq!(name(Encoding::Utf8), "欧阳娜娜欧阳娜娜".as_bytes());
    assert_eq!(name(Encoding::Gb18030), encode("欧阳娜娜欧阳娜娜欧阳娜娜", Encoding::Gb18030).as_ref());
}

#[test]
fn q7_a_name_cannot_begin_another_command() {
    let name = "Li\nC:9:CLEAR DATA\r\0\tPri=14";
    let order =
        Order::PutPerson(Person { name: name.to_owned(), password: "1\tPri=14\n".to_owned(), ..person() });
    for (encoding, old_user_form) in [(Encoding::Utf8, false), (Encoding::Gb18030, true)] {
        let sent = wire(&order, &Means { encoding, old_user_form, ..means(&[]) });
        assert_eq!(sent.iter().filter(|byte| **byte == b'\n').count(), 1);
        let command = [b"C:1:", &sent[..]].concat();
        let received = parse_commands(&command);
        assert_eq!(received.len(), 1);
        let (_, fields) = received[0].body.split_once("PIN=").unwrap();
        let rights: Vec<_> = received_fields(fields).filter(|(key, _)| key == "Pri").collect();
        assert_eq!(rights, [("Pri".into(), "0".into())]);
        assert!(shown(&sent).contains("Name=Li C:9:CLEAR DATA"), "{}", shown(&sent));
    }
}

fn any_kind() -> impl Strategy<Value = TemplateKind> {
    prop_oneof![
        Just(TemplateKind::Fingerprint),
        Just(TemplateKind::NearInfraredFace),
        Just(TemplateKind::FingerVein),
        any::<u8>().prop_map(TemplateKind::Bio),
        Just(TemplateKind::Photo),
        Just(TemplateKind::Picture),
    ]
}

fn any_pin() -> impl Strategy<Value = Pin> {
    "[0-9A-Za-z]{1,24}".prop_filter_map("no pin", |text| Pin::new(&text).ok())
}

#[test]
fn section_14_2_the_us_documents_have_a_t_between_date_and_time() {
    let (from, to, second) = (at(FROM), at(TO), true);
    let means = means(&[]);
    assert_eq!(
        text(&Order::ReadPunches { from, to, second }, &means),
        "DATA QUERY ATTLOG StartTime=2026-07-01T00:00:00\tEndTime=2026-07-06T23:59:59\n"
    );
    assert_eq!(
        text(&Order::CountPunches { from, to, second }, &means),
        "VERIFY SUM ATTLOG StartTime=2026-07-01T00:00:00\tEndTime=2026-07-06T23:59:59\n"
    );
}

fn any_order() -> impl Strategy<Value = Order> {
    let table = prop_oneof![
        Just(Table::People),
        Just(Table::Authorizations),
        Just(Table::Fingerprints),
        Just(Table::NearInfraredFaces),
        any::<u8>().prop_map(Table::Bio),
        Just(Table::Photos),
        Just(Table::Punches),
    ];
    let simple = prop::sample::select(vec![
        Order::Restart,
        Order::SetClock,
        Order::ReadInfo,
        Order::ReadOptions,
        Order::Ping,
        Order::ClearPunches,
        Order::ClearPeople,
        Order::ClearAll,
        Order::ReadPeople,
        Order::ReadTemplates,
        Order::ReadPunches { from: at(FROM), to: at(TO), second: false },
        Order::CountPunches { from: at(FROM), to: at(TO), second: true },
        Order::CountAllPunches,
        Order::CheckAll,
    ]);
    let texts = (any::<String>(), any::<String>(), any::<String>());
    let put = (
        any_pin(),
        texts,
        any::<(u8, bool, bool)>(),
        prop::sample::select(vec![Privilege::User, Privilege::Registrar, Privilege::Administrator]),
    )
        .prop_map(|(pin, (name, card, password), (group, inactive, dated), privilege)| {
            let valid = dated.then(|| (at("2026-07-01 00:00:00"), at("2026-07-02 00:00:00")));
            Order::PutPerson(Person { pin, name, privilege, card, password, group, valid, inactive })
        });
    let template =
        (any_pin(), any_kind(), any::<(u16, u16, u8, u8, u8)>(), prop::collection::vec(any::<u8>(), 0..40))
            .prop_map(|(pin, kind, (no, index, valid, duress, format), data)| {
                Order::PutTemplate(Template {
                    pin,
                    kind,
                    no,
                    index,
                    valid,
                    duress,
                    version: None,
                    format,
                    data,
                })
            });
    prop_oneof![
        simple,
        any::<(u8, u8)>().prop_map(|(door, seconds)| Order::UnlockDoor { door, seconds }),
        put,
        template,
        any_pin().prop_map(|pin| Order::ReadPerson { pin }),
        any_pin().prop_map(|pin| Order::Authorize { pin }),
        any_pin().prop_map(|pin| Order::Revoke { pin }),
        any_pin().prop_map(|pin| Order::DeletePerson { pin }),
        (any_pin(), any_kind()).prop_map(|(pin, of)| Order::DeleteTemplates { pin, of }),
        table.clone().prop_map(Order::ClearTable),
        table.prop_map(Order::ReadTable),
    ]
}

proptest! {
    /// One line for one order, nothing but TABs as control characters, and whoever deletes says whom.
    #[test]
    fn q7_any_order_is_one_line_and_no_deletion_is_without_a_pin(
        order in any_order(), gb18030: bool, old_user_form: bool, v1: bool, dates: bool, letters: bool
    ) {
        let flag = |on: bool| if on { "1" } else { "0" };
        let means = Means {
            encoding: if gb18030 { Encoding::Gb18030 } else { Encoding::Utf8 },
            old_user_form,
            generation: if v1 { Generation::V1 } else { Generation::Modern },
            ..means(&[("UserValidTimeFun", flag(dates)), ("StringPinFunOn", flag(letters))])
        };
        let Ok(body) = body(&order, &means) else { return Ok(()) };
        let mut sent = Vec::new();
        write_commands(&[Command { id: 1, body }], means.encoding, &mut sent);
        prop_assert_eq!(sent.iter().filter(|byte| **byte == b'\n').count(), 1);
        prop_assert_eq!(sent.last(), Some(&b'\n'));
        let others = sent.iter().filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n'));
        prop_assert_eq!(others.count(), 0);
        let received = parse_commands(&sent);
        prop_assert_eq!(received.len(), 1);
        let text = received[0].body.to_ascii_uppercase();
        let deletes = text.starts_with("DATA DEL");
        prop_assert_eq!(deletes, matches!(order, Order::DeletePerson { .. } | Order::DeleteTemplates { .. }));
        if deletes {
            let (_, value) = text.split_once(" PIN=").unwrap();
            let value = value.split('\t').next().unwrap();
            prop_assert!(!value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric()));
            prop_assert!(!value.bytes().all(|b| b == b'0'));
        }
        let forbidden = ["SHELL", "PUTFILE", "GETFILE", "UPGRADE", "SET OPTION"];
        prop_assert!(forbidden.iter().all(|word| !text.starts_with(word)));
    }
}
