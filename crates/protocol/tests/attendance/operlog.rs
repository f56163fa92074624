//! Mixed lines: operations, people, templates (attendance-push §8, §9, §10).

use proptest::prelude::*;
use rollcall_protocol::attendance::Table;
use rollcall_protocol::attendance::operlog::{
    ErrorLine, IdCard, LineError, Operation, OperationKind, Record, WorkCode, lines, parse_line, write_line,
};
use rollcall_protocol::attendance::user::{User, card_number, moment};
use rollcall_protocol::order::{Pin, Privilege, Template, TemplateKind};
use rollcall_protocol::time::WallTime;

use crate::listing::{message, shown};

fn read(body: &[u8], table: Table) -> Vec<Record<'_>> {
    lines(body, table).map(|line| line.record.unwrap()).collect()
}

fn template(pin: &str, kind: TemplateKind, data: &[u8]) -> Template {
    Template {
        pin: Pin::new(pin).unwrap(),
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

fn at(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

#[test]
fn p7_the_worked_mixture() {
    let body = message("operlog").body;
    let records = read(&body, Table::OperLog);
    let user = User {
        pin: "1003".into(),
        name: Some("李四".into()),
        privilege_code: Some("0".into()),
        password: Some("".into()),
        card: Some("".into()),
        group: Some("1".into()),
        zones: Some("0000000100000000".into()),
        verify: Some("-1".into()),
        vice_card: Some("".into()),
        start: Some("0".into()),
        end: Some("0".into()),
        rest: Vec::new(),
    };
    let operation = |code, time: &str, objects: [&'static str; 4]| {
        let objects = objects.map(Into::into).to_vec();
        Record::Operation(Operation { code, operator: "1".into(), time: Some(at(time)), objects })
    };
    assert_eq!(
        records,
        [
            operation(4, "2026-07-06 09:01:07", ["0", "0", "0", "0"]),
            Record::User(user),
            Record::Template(Template { no: 6, ..template("1003", TemplateKind::Fingerprint, b"MZSS") }),
            operation(6, "2026-07-06 09:02:30", ["1003", "6", "8", "0"]),
        ]
    );
    let mut again = Vec::new();
    records.iter().for_each(|record| write_line(record, &mut again));
    assert_eq!(shown(&again), shown(&body));
}

#[test]
fn p7_the_first_word_may_be_followed_by_a_tab_or_be_missing() {
    let user = |line: &str, table| match parse_line(line.as_bytes(), table) {
        Ok(Record::User(user)) => user.pin.into_owned(),
        other => format!("{other:?}"),
    };
    for line in
        ["USER PIN=7\tName=A", "USER\tPIN=7\tName=A", "user  pin=7", "USERINFO PIN=7", "\tUSER PIN=7\r"]
    {
        assert_eq!(user(line, Table::OperLog), "7", "{line:?}");
        assert_eq!(user(line, Table::UserInfo), "7", "{line:?}");
    }
    assert_eq!(user("PIN=7\tName=A", Table::UserInfo), "7");
    // An OPERLOG holds everything, so there the word has to say it; only operations have no pairs.
    assert_eq!(parse_line(b"PIN=7\tName=A", Table::OperLog), Err(LineError::Unknown));
    let operation = parse_line(b"9\t1\t2026-07-06 09:01:07\t1003", Table::OperLog);
    assert!(matches!(operation, Ok(Record::Operation(o)) if o.person_gone() == Some("1003")));
    for (line, table) in [
        ("PIN=7\tFID=1\tTMP=AA==", Table::FingerTmp),
        ("PIN=7\tFID=1\tSIZE=4\tVALID=1\tTMP=AA==", Table::Face),
        ("Pin=7\tFID=1\tIndex=0\tTmp=AA==", Table::FVein),
        ("Pin=7\tType=9\tTmp=AA==", Table::BioData),
        ("PIN=7\tType=9\tContent=AA==", Table::BioPhoto),
        ("PIN=7\tContent=AA==", Table::UserPic),
    ] {
        let record = parse_line(line.as_bytes(), table);
        assert!(matches!(&record, Ok(Record::Template(t)) if t.data == [0]), "{line}: {record:?}");
    }
    // Another word than the table's counts for itself; one nobody knows for nothing.
    assert!(matches!(parse_line(b"USER PIN=7", Table::BioData), Ok(Record::User(_))));
    assert_eq!(parse_line(b"NEWTHING PIN=7", Table::BioData), Err(LineError::Unknown));
    assert_eq!(parse_line(b"PIN=7", Table::Other), Err(LineError::Unknown));
}

#[test]
fn p4_keys_in_any_case_and_values_to_their_end() {
    let line = b"FP pin=1003\tfid=6\tSIZE=8\tVALID=3\ttmp=TVpTUw==";
    let expected = Template { no: 6, valid: 3, ..template("1003", TemplateKind::Fingerprint, b"MZSS") };
    assert_eq!(parse_line(line, Table::OperLog), Ok(Record::Template(expected)));
    let Ok(Record::User(user)) = parse_line(b"USER PIN=1\tNAME=a=b & c, d\tNew=x=y", Table::OperLog) else {
        panic!("a person")
    };
    assert_eq!(
        (user.name.as_deref(), &user.rest[..]),
        (Some("a=b & c, d"), &[("New".into(), "x=y".into())][..])
    );
}

#[test]
fn the_worked_tables_of_their_own_name() {
    let biodata = message("biodata").body;
    let face = Template {
        version: Some((40, 1)),
        ..template("1003", TemplateKind::Bio(9), &[0, 1, 2, 3, 4, 5, 6, 7])
    };
    assert_eq!(read(&biodata, Table::BioData), [Record::Template(face)]);
    let error = message("errorlog").body;
    let Record::Error(line) = &read(&error, Table::ErrorLog)[0] else { panic!("an error") };
    assert_eq!((line.code.as_ref(), line.of_command()), ("D01E0001", Some(4711)));
    let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49];
    let photo = message("biophoto").body;
    assert_eq!(
        read(&photo, Table::BioPhoto),
        [Record::Template(template("1003", TemplateKind::Photo, &jpeg))]
    );
    let mixed = message("operlog-userpic").body;
    assert_eq!(
        read(&mixed, Table::OperLog),
        [
            Record::Template(template("1003", TemplateKind::Picture, &jpeg)),
            Record::Template(template("1003", TemplateKind::NearInfraredFace, &[0, 1, 2, 3, 4, 5]))
        ]
    );
    for (name, table) in [("biodata", Table::BioData), ("errorlog", Table::ErrorLog)] {
        let (body, mut again) = (message(name).body, Vec::new());
        read(&body, table).iter().for_each(|record| write_line(record, &mut again));
        assert_eq!(shown(&again), shown(&body));
    }
}

#[test]
fn p6_a_line_nobody_can_read_disturbs_no_other_and_stays_as_it_came() {
    let body = b"USER PIN=1\nFP PIN=1\tTMP=@@@\nNEW x\nUSER PIN=0\nOPLOG x\t1\nFP PIN=1\tFID=0\tTMP=\nBIOPHOTO PIN=2\tType=10\tContent=AA==\nUSER PIN=2\n";
    let found: Vec<_> = lines(body, Table::OperLog).map(|line| (line.raw, line.record.err())).collect();
    assert_eq!(
        found,
        [
            (&b"USER PIN=1"[..], None),
            (b"FP PIN=1\tTMP=@@@", Some(LineError::Content)),
            (b"NEW x", Some(LineError::Unknown)),
            (b"USER PIN=0", Some(LineError::NoPin)),
            (b"OPLOG x\t1", Some(LineError::NoCode)),
            (b"FP PIN=1\tFID=0\tTMP=", Some(LineError::Content)),
            (b"BIOPHOTO PIN=2\tType=10\tContent=AA==", Some(LineError::Unknown)),
            (b"USER PIN=2", None),
        ]
    );
    let long = format!("USER PIN={}", "1".repeat(65));
    assert_eq!(parse_line(long.as_bytes(), Table::OperLog), Err(LineError::PinTooLong));
}

#[test]
fn p11_control_bytes_inside_lines() {
    let body = b"USER PIN=10\0\tName=Li\0Si\x01\tCard=\0\0\n\0\0\nOPLOG 4\t1\t2026-07-06 09:01:07\0\t0\0\n";
    let records = read(body, Table::OperLog);
    let (Record::User(user), Record::Operation(operation)) = (&records[0], &records[1]) else {
        panic!("two")
    };
    assert_eq!(
        (user.pin.as_ref(), user.name.as_deref(), user.card.as_deref()),
        ("10", Some("Li Si"), Some(""))
    );
    assert_eq!((operation.code, operation.objects.as_slice()), (4, &["0".into()][..]));
    assert!(operation.time.is_some());
}

#[test]
fn p5_names_line_by_line_in_their_own_encoding() {
    let body = b"USER PIN=1\tName=\xc0\xee\xcb\xc4\nUSER PIN=2\tName=\xe6\x9d\x8e\xe5\x9b\x9b\n";
    let names: Vec<_> = read(body, Table::OperLog)
        .into_iter()
        .map(|record| match record {
            Record::User(user) => user.name.unwrap().into_owned(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["李四", "李四"]);
}

#[test]
fn privileges_by_their_masks() {
    for (code, privilege, inactive) in [
        (Some("0"), Privilege::User, false),
        (Some("1"), Privilege::User, true),
        (Some("2"), Privilege::Registrar, false),
        (Some("3"), Privilege::Registrar, true),
        (Some("6"), Privilege::Administrator, false),
        (Some("10"), Privilege::Administrator, false),
        (Some("14"), Privilege::Administrator, false),
        (Some("15"), Privilege::Administrator, true),
        (Some("x"), Privilege::User, false),
        (None, Privilege::User, false),
    ] {
        let user = User { privilege_code: code.map(Into::into), ..User::default() };
        assert_eq!((user.privilege(), user.inactive()), (privilege, inactive), "{code:?}");
    }
}

#[test]
fn cards_in_both_forms_are_decimal() {
    for (text, number) in [
        ("[15CD5B07]", "123456789"),
        ("[15cd5b0700]", "123456789"),
        ("[0000000001]", "4294967296"),
        ("123456789", "123456789"),
        ("0012345678", "12345678"),
        ("", ""),
        ("0", ""),
        ("[0000000000]", ""),
        ("[]", ""),
        // Not understood, so not changed.
        ("[15CD5B0]", "[15CD5B0]"),
        ("[+5CD5B07]", "[+5CD5B07]"),
        ("[15CD5B0715CD5B0715]", "[15CD5B0715CD5B0715]"),
        ("[张张]", "[张张]"),
        ("A1B2", "A1B2"),
    ] {
        assert_eq!(card_number(text), number, "{text}");
    }
}

#[test]
fn dates_as_text_or_seconds() {
    let shanghai = 8 * 3600;
    assert_eq!(moment("2026-07-01T00:00:00", shanghai), Some(at("2026-07-01 00:00:00")));
    assert_eq!(moment("1782835200", shanghai), Some(at("2026-07-01 00:00:00")));
    for nothing in ["0", "", " ", "never", "2026-02-31T00:00:00", "-5"] {
        assert_eq!(moment(nothing, shanghai), None, "{nothing:?}");
    }
    let user = User { start: Some("0".into()), end: Some("2026-12-31T23:59:59".into()), ..User::default() };
    assert_eq!((user.valid_from(0), user.valid_to(0)), (None, Some(at("2026-12-31 23:59:59"))));
}

#[test]
fn operations_that_matter_by_their_codes() {
    let of = |code| Operation { code, objects: vec!["1003".into()], ..Operation::default() };
    assert_eq!(of(9).person_gone(), Some("1003"));
    assert_eq!(of(10).person_gone(), None);
    for pin in ["", "0"] {
        assert_eq!(Operation { objects: vec![pin.into()], ..of(9) }.person_gone(), None);
    }
    assert_eq!(Operation { objects: Vec::new(), ..of(9) }.person_gone(), None);
    for (code, kind) in [
        (3, OperationKind::Alarm),
        (54, OperationKind::Door),
        (6, OperationKind::Enrolment),
        (9, OperationKind::Operation),
        (9999, OperationKind::Operation),
    ] {
        assert_eq!(of(code).kind(), kind, "{code}");
    }
}

#[test]
fn o3_no_password_card_or_template_is_printed() {
    let line = b"USER PIN=1\tName=A\tPasswd=4321\tCard=987654\tViceCard=55555\tNewSecret=77777";
    let printed = format!("{:?}", parse_line(line, Table::OperLog).unwrap());
    for secret in ["4321", "987654", "55555", "77777"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let card = parse_line(b"IDCARD PIN=1\tIDNum=11010119900101\tName=A", Table::IdCard).unwrap();
    assert!(!format!("{card:?}").contains("1101"));
    let finger = parse_line(b"FP PIN=1\tFID=0\tTMP=TVpTUw==", Table::OperLog).unwrap();
    assert!(!format!("{finger:?}").contains("77, 90"));
}

/// Text as it comes out of a field.
fn text(most: usize) -> impl Strategy<Value = String> {
    let most = format!("[^\\p{{Cc}} ]([^\\p{{Cc}}]{{0,{most}}}[^\\p{{Cc}} ])?");
    proptest::string::string_regex(&most).unwrap()
}

fn kind() -> impl Strategy<Value = TemplateKind> {
    prop_oneof![
        Just(TemplateKind::Fingerprint),
        Just(TemplateKind::NearInfraredFace),
        Just(TemplateKind::FingerVein),
        (0u8..=10).prop_map(TemplateKind::Bio),
        Just(TemplateKind::Photo),
        Just(TemplateKind::Picture),
    ]
}

prop_compose! {
    fn any_template()(
        pin in "[1-9][0-9]{0,8}|[A-Z][A-Z0-9]{0,23}", kind in kind(), numbers: (u16, u16, u8, u8, u8), major: u32, minor: u32,
        data in prop::collection::vec(any::<u8>(), 1..60)
    ) -> Template {
        let (no, index, valid, duress, format) = numbers;
        let all = Template {
            pin: Pin::new(&pin).unwrap(), kind, no, index, valid, duress, version: Some((major, minor)), format, data
        };
        // What a kind has no field for comes back as it is when nothing is said.
        let plain = Template { index: 0, duress: 0, version: None, format: 0, ..all.clone() };
        match kind {
            TemplateKind::Bio(_) => all,
            TemplateKind::FingerVein => Template { index, ..plain },
            TemplateKind::Photo => Template { index, valid: 1, ..plain },
            TemplateKind::Picture => Template { no: 0, valid: 1, ..plain },
            TemplateKind::Fingerprint | TemplateKind::NearInfraredFace => plain,
        }
    }
}

prop_compose! {
    fn user()(
        pin in "[1-9A-Z][0-9A-Z]{0,8}",
        values in prop::array::uniform10(prop::option::of(prop_oneof![Just(String::new()), text(12)])),
        rest in prop::collection::vec(("X[a-z0-9]{1,6}", text(8)), 0..3),
    ) -> Record<'static> {
        let [name, privilege_code, password, card, group, zones, verify, vice_card, start, end] =
            values.map(|value| value.map(Into::into));
        let rest = rest.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Record::User(User {
            pin: pin.into(), name, privilege_code, password, card, group, zones, verify, vice_card, start, end, rest
        })
    }
}

fn record() -> impl Strategy<Value = Record<'static>> {
    let operation = (any::<i32>(), text(9), any::<u32>(), prop::collection::vec(text(9), 0..5)).prop_map(
        |(code, operator, time, objects)| {
            let time = (time > 0).then(|| WallTime::from_seconds(time.into()));
            let objects = objects.into_iter().map(Into::into).collect();
            Record::Operation(Operation { code, operator: operator.into(), time, objects })
        },
    );
    let work_code = (text(9), text(9), text(9)).prop_map(|(pin, code, name)| {
        Record::WorkCode(WorkCode { pin: pin.into(), code: code.into(), name: name.into() })
    });
    let id_card = prop::collection::vec(("[A-Z][A-Za-z0-9]{0,6}", text(9)), 1..5).prop_map(|pairs| {
        Record::IdCard(IdCard(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
    });
    let error = (text(9), text(9), text(4), any::<Option<u32>>(), text(9)).prop_map(
        |(code, message, origin, command, additional)| {
            Record::Error(ErrorLine {
                code: code.into(),
                message: message.into(),
                origin: origin.into(),
                command,
                additional: additional.into(),
            })
        },
    );
    prop_oneof![operation, user(), any_template().prop_map(Record::Template), work_code, id_card, error]
}

proptest! {
    #[test]
    fn lines_are_read_back(records in prop::collection::vec(record(), 0..8)) {
        let mut body = Vec::new();
        records.iter().for_each(|record| write_line(record, &mut body));
        let again: Vec<_> = lines(&body, Table::OperLog).map(|line| line.record).collect();
        prop_assert_eq!(again, records.into_iter().map(Ok).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_are_read_line_by_line(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for table in [Table::OperLog, Table::UserInfo, Table::BioData, Table::Other] {
            let found = lines(&body, table).count();
            let mut again = Vec::new();
            for line in lines(&body, table) {
                again.extend_from_slice(line.raw);
                again.push(b'\n');
            }
            prop_assert_eq!(lines(&again, table).count(), found);
        }
    }
}
