//! Orders in the words of every dialect: whatever an order and a machine are, one command comes out that holds nothing
//! but itself, names whom it deletes, and can cut no machine off.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rollcall_protocol::attendance::command::{Body, Command, parse_commands, write_commands};
use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::order::{Means, Order, Person, Pin, Privilege, Table, Template, TemplateKind, steps};
use rollcall_protocol::text::Encoding;
use rollcall_protocol::{Dialect, WallTime, access, attendance, fk};

use super::bytes::Bytes;

/// Judges one input, made into an order and a machine.
pub fn check(data: &[u8]) {
    let mut bytes = Bytes(data);
    let means = means(&mut bytes);
    let Some(order) = order(&mut bytes) else { return };
    assert!(order.replaced_by(&order) || order.once_only() || order.kind() != "ping");
    let _ = (order.person(), order.patience(Some(means.dialect)), order.alone(), order.is_secret());
    if let Ok(steps) = steps(&order, &means) {
        assert!((1..=16).contains(&steps.len()));
        for step in &steps {
            // What was promised when it was ordered can be said when the machine asks.
            say(step, &means).unwrap_or_else(|| panic!("no words for the step {step:?} of {order:?}"));
        }
    }
    say(&order, &means);
}

fn say(order: &Order, means: &Means<'_>) -> Option<()> {
    match means.dialect {
        Dialect::Attendance => iclock(order, &attendance::orders::body(order, means).ok()?, means),
        Dialect::Access => iclock(order, &access::orders::body(order, means).ok()?, means),
        Dialect::Fk => in_fk(order, &fk::orders::command(order, means).ok()?, means),
    }
    Some(())
}

/// What no order begins with, in any dialect (O2).
const NEVER: [&str; 9] = [
    "SHELL",
    "PUTFILE",
    "GETFILE",
    "UPGRADE",
    "SET OPTIONS IP",
    "SET OPTIONS WEB",
    "RESET DEVICE",
    "UPDATE_",
    "UNBIND",
];

fn iclock(order: &Order, body: &Body, means: &Means<'_>) {
    let upper = body.as_str().to_ascii_uppercase();
    assert!(!NEVER.iter().any(|word| upper.starts_with(word)), "{upper}");
    assert!(upper.is_char_boundary(0) && !upper.starts_with("C:") && !upper.is_empty());
    for encoding in [means.encoding, Encoding::Utf8, Encoding::Gb18030] {
        let mut written = Vec::new();
        write_commands(&[Command { id: 7, body: body.clone() }], encoding, &mut written);
        let (end, line) = written.split_last().expect("a command is not empty");
        assert_eq!(*end, b'\n');
        assert!(!line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'), "{upper}");
        assert_eq!(parse_commands(&written).len(), 1);
    }
    let deletes = ["DATA DELETE ", "DATA DEL_USER ", "CLEAR "].iter().any(|words| upper.starts_with(words));
    if !deletes {
        return;
    }
    let everything =
        matches!(order, Order::ClearPunches | Order::ClearPeople | Order::ClearAll | Order::ClearTable(_));
    if everything {
        assert!(order.once_only());
        return;
    }
    let pin = upper.split_once("PIN=").map(|(_, rest)| rest.split(['\t', ' ']).next().unwrap_or_default());
    let wanted = order.person().map(|pin| pin.on_wire().to_ascii_uppercase());
    assert!(wanted.is_some() && pin == wanted.as_deref(), "a deletion that names nobody: {upper}");
    assert!(!upper.contains('*'), "{upper}");
}

const FK: [&str; 12] = [
    "RESET_FK",
    "SET_TIME",
    "GET_DEVICE_STATUS",
    "GET_DEVICE_INFO",
    "SET_DOOR_STATUS",
    "CLEAR_LOG_DATA",
    "CLEAR_ENROLL_DATA",
    "GET_USER_ID_LIST",
    "GET_USER_INFO",
    "DELETE_USER",
    "SET_USER_INFO",
    "GET_LOG_DATA",
];

fn in_fk(order: &Order, command: &fk::orders::Command, means: &Means<'_>) {
    assert!(FK.contains(&command.cmd_code), "{}", command.cmd_code);
    assert!(command.cmd_code != "CLEAR_ENROLL_DATA" || matches!(order, Order::ClearPeople));
    if command.body.is_empty() {
        assert!(command.cmd_code != "DELETE_USER");
        return;
    }
    let frame = Frame::parse(&command.body).expect("a command is a message");
    assert!(frame.intact, "{:?}", frame.text);
    let json = frame.json().expect("a command is JSON");
    if let Some(pin) = order.person() {
        assert_eq!(json.get("user_id").map(Json::text), Some(pin.on_wire()));
    }
    // `聣` in GB18030 is U+0089 in UTF-8. A machine knows in which of the two it reads; whoever sees only the bytes does not.
    if frame.encoding.is_some_and(|seen| seen != means.encoding) {
        assert!(!frame.text.chars().any(|c| c.is_ascii_control()), "{:?}", frame.text);
        return;
    }
    assert!(!frame.text.chars().any(char::is_control), "{:?}", frame.text);
    if let Some(name) = json.get("user_name") {
        assert!(!name.text().chars().any(char::is_control), "{name:?}");
        assert!(name.text().chars().count() <= fk::people::LONGEST_NAME);
    }
}

/// What machines say of themselves that decides what they can be told.
const OPTIONS: [&str; 20] = [
    "FingerFunOn",
    "FaceFunOn",
    "FvFunOn",
    "BioDataFun",
    "BioPhotoFun",
    "VisilightFun",
    "LockFunOn",
    "LockCount",
    "MultiBioDataSupport",
    "MultiBioPhotoSupport",
    "MultiBioVersion",
    "PIN2Width",
    "StringPinFunOn",
    "UserValidTimeFun",
    "DateFmtFunOn",
    "DisableUserFunOn",
    "dev_model",
    "ZKFPVersion",
    "FaceVersion",
    "FPVersion",
];
const VALUES: [&str; 8] =
    ["0", "1", "2", "10", "0:1:0:0:0:0:0:0:1:1", "0:10.0:0:7.0:0:0:0:0:0:58.12", "", "x"];

fn means(bytes: &mut Bytes<'_>) -> Means<'static> {
    let flags = bytes.byte();
    let mut options = BTreeMap::new();
    for _ in 0..bytes.byte() % 8 {
        let name = OPTIONS[usize::from(bytes.byte()) % OPTIONS.len()];
        let value = match bytes.byte() {
            0xff => bytes.text(),
            known => VALUES[usize::from(known) % VALUES.len()].to_owned(),
        };
        options.insert(name.to_owned(), value);
    }
    Means {
        dialect: [Dialect::Attendance, Dialect::Access, Dialect::Fk][usize::from(flags & 3) % 3],
        generation: Generation::of_version(["1.0", "2.0.1", "2.2.14", "2.4.1"][usize::from(flags >> 2 & 3)]),
        encoding: if flags & 16 == 0 { Encoding::Utf8 } else { Encoding::Gb18030 },
        old_user_form: flags & 32 != 0,
        options: Cow::Owned(options),
        now: time(bytes),
        utc_offset: i32::from(i16::from_le_bytes([bytes.byte(), bytes.byte()])),
    }
}

/// Any second of any year.
fn time(bytes: &mut Bytes<'_>) -> WallTime {
    let seconds = i64::from(bytes.number()) << (bytes.byte() % 12);
    WallTime::from_seconds(seconds)
}

fn pin(bytes: &mut Bytes<'_>) -> Option<Pin> {
    Pin::new(&bytes.text()).ok()
}

fn kind(bytes: &mut Bytes<'_>) -> TemplateKind {
    match bytes.byte() % 6 {
        0 => TemplateKind::Fingerprint,
        1 => TemplateKind::NearInfraredFace,
        2 => TemplateKind::FingerVein,
        3 => TemplateKind::Bio(bytes.byte()),
        4 => TemplateKind::Photo,
        _ => TemplateKind::Picture,
    }
}

fn table(bytes: &mut Bytes<'_>) -> Table {
    match bytes.byte() % 7 {
        0 => Table::People,
        1 => Table::Authorizations,
        2 => Table::Fingerprints,
        3 => Table::NearInfraredFaces,
        4 => Table::Bio(bytes.byte()),
        5 => Table::Photos,
        _ => Table::Punches,
    }
}

fn person(bytes: &mut Bytes<'_>) -> Option<Person> {
    Some(Person {
        pin: pin(bytes)?,
        name: bytes.text(),
        privilege: [Privilege::User, Privilege::Registrar, Privilege::Administrator]
            [usize::from(bytes.byte() % 3)],
        card: bytes.text(),
        password: bytes.text(),
        group: bytes.byte(),
        valid: bytes.flag().then(|| (time(bytes), time(bytes))),
        inactive: bytes.flag(),
    })
}

fn template(bytes: &mut Bytes<'_>) -> Option<Template> {
    Some(Template {
        pin: pin(bytes)?,
        kind: kind(bytes),
        no: bytes.byte().into(),
        index: bytes.byte().into(),
        valid: bytes.byte(),
        duress: bytes.byte(),
        version: bytes.flag().then(|| (bytes.byte().into(), bytes.byte().into())),
        format: bytes.byte(),
        data: bytes.part().to_vec(),
    })
}

fn order(bytes: &mut Bytes<'_>) -> Option<Order> {
    Some(match bytes.byte() % 24 {
        0 => Order::Restart,
        1 => Order::SetClock,
        2 => Order::ReadInfo,
        3 => Order::ReadOptions,
        4 => Order::Ping,
        5 => Order::UnlockDoor { door: bytes.byte(), seconds: bytes.byte() },
        6 => Order::ClearPunches,
        7 => Order::ClearPeople,
        8 => Order::ClearAll,
        9 => Order::ReadPeople,
        10 => Order::ReadTemplates,
        11 => Order::ReadPerson { pin: pin(bytes)? },
        12 => Order::PutPerson(person(bytes)?),
        13 => Order::Authorize { pin: pin(bytes)? },
        14 => Order::Revoke { pin: pin(bytes)? },
        15 => Order::DeletePerson { pin: pin(bytes)? },
        16 => Order::PutTemplate(template(bytes)?),
        17 => Order::DeleteTemplates { pin: pin(bytes)?, of: kind(bytes) },
        18 => Order::ClearTable(table(bytes)),
        20 => Order::ReadPunches { from: time(bytes), to: time(bytes), second: bytes.flag() },
        21 => Order::CountPunches { from: time(bytes), to: time(bytes), second: bytes.flag() },
        22 => Order::CountAllPunches,
        23 => Order::CheckAll,
        _ => Order::ReadTable(table(bytes)),
    })
}
