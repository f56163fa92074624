//! Commands: how a machine takes them out of a poll's answer, and what they do to its memory (attendance-push §13, §14).

use rollcall_protocol::{WallTime, text};

use crate::memory::{Memory, Person, normal_pin};
use crate::profile::Profile;

/// A command as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// What executing an order leaves to be done by the machine's main loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing but the result.
    Done { code: i64, echo: &'static str },
    /// The result is followed by configuration lines.
    Information,
    /// Post these punches, then the result with their number.
    UploadPunches { from: WallTime, to: WallTime },
    /// Post people, one or all, then the result with their number.
    UploadPeople { pin: Option<String> },
    /// Count punches.
    Count { from: WallTime, to: WallTime },
    /// Upload what is new, now.
    Log,
    /// Handshake again after the result.
    Check,
    /// Post the result, then start anew; what followed in the same answer is lost.
    Reboot,
}

/// Cuts a poll's answer into orders. A line without a final LF or CR is never executed.
pub(crate) fn orders(body: &[u8]) -> Vec<Order> {
    let Some(end) = body.iter().rposition(|&byte| byte == b'\n' || byte == b'\r') else { return Vec::new() };
    let complete = body.get(..end).unwrap_or_default();
    complete
        .split(|&byte| byte == b'\n' || byte == b'\r')
        .filter_map(|line| {
            let line = text::decode(line);
            let (id, text) = line.strip_prefix("C:")?.split_once(':')?;
            let usable =
                !id.is_empty() && id.len() <= 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
            usable.then(|| Order { id: id.to_owned(), text: text.to_owned() })
        })
        .collect()
}

const DONE: i64 = 0;
const PARAMETER: i64 = -1;
const NO_SUCH_PERSON: i64 = -10;
const UNKNOWN: i64 = -22;
const NOT_SUPPORTED: i64 = -1002;

/// Executes one order on the memory.
pub(crate) fn execute(order: &str, memory: &mut Memory, profile: Profile) -> Effect {
    let done = |code, echo| Effect::Done { code, echo };
    if let Some(rest) = verb(order, "DATA ") {
        return data(rest, memory, profile);
    }
    if verb(order, "CHECK").is_some() {
        Effect::Check
    } else if verb(order, "INFO").is_some() {
        Effect::Information
    } else if verb(order, "LOG").is_some() {
        Effect::Log
    } else if verb(order, "REBOOT").is_some() {
        Effect::Reboot
    } else if let Some(what) = verb(order, "CLEAR ") {
        clear(what, memory)
    } else if let Some(pair) = verb(order, "SET OPTION ") {
        match pair.split_once('=') {
            // Keys with a tilde are read-only.
            Some((key, value)) if !key.is_empty() && !key.starts_with('~') => {
                memory.set(key.to_owned(), value.to_owned());
                done(DONE, "SET OPTION")
            }
            _ => done(PARAMETER, "SET OPTION"),
        }
    } else if verb(order, "RELOAD OPTIONS").is_some() {
        done(DONE, "RELOAD OPTIONS")
    } else if let Some(range) = verb(order, "VERIFY SUM ATTLOG") {
        match self::range(range) {
            Some((from, to)) => Effect::Count { from, to },
            None => done(PARAMETER, "VERIFY SUM"),
        }
    } else if verb(order, "AC_UNLOCK").is_some() {
        done(DONE, "AC_UNLOCK")
    } else if verb(order, "AC_UNALARM").is_some() {
        done(DONE, "AC_UNALARM")
    } else if let Some(rest) = verb(order, "ENROLL_FP ") {
        let finger =
            field(rest, "FID").and_then(|finger| finger.parse::<u16>().ok()).filter(|&finger| finger < 10);
        done(enrol(rest, memory, |person| person.templates.fingers |= 1 << finger.unwrap_or(0)), "ENROLL_FP")
    } else if let Some(rest) = verb(order, "ENROLL_BIO ") {
        done(enrol(rest, memory, |person| person.templates.face = true), "ENROLL_BIO")
    } else {
        done(UNKNOWN, "UNKNOWN")
    }
}

fn data(rest: &str, memory: &mut Memory, profile: Profile) -> Effect {
    let done = |code| Effect::Done { code, echo: "DATA" };
    let old = verb(rest, "USER ").or_else(|| verb(rest, "FP ")).is_some() || verb(rest, "DEL_").is_some();
    if old != profile.is_v1() {
        // 1.x firmware knows only the old forms, everything newer only the new ones.
        return done(if profile.is_v1() { UNKNOWN } else { NOT_SUPPORTED });
    }
    if let Some(fields) = verb(rest, "UPDATE USERINFO ").or_else(|| verb(rest, "USER ")) {
        done(update_person(fields, memory))
    } else if let Some(fields) = verb(rest, "UPDATE FINGERTMP ").or_else(|| verb(rest, "FP ")) {
        let finger =
            field(fields, "FID").and_then(|finger| finger.parse::<u16>().ok()).filter(|&finger| finger < 10);
        match finger {
            Some(finger) => done(enrol(fields, memory, |person| person.templates.fingers |= 1 << finger)),
            None => done(PARAMETER),
        }
    } else if let Some(fields) = verb(rest, "UPDATE FACE ") {
        done(enrol(fields, memory, |person| person.templates.face = true))
    } else if let Some(fields) = verb(rest, "UPDATE BIODATA ") {
        let kind = field(fields, "Type").unwrap_or_default().to_owned();
        done(enrol(fields, memory, |person| match kind.as_str() {
            "1" => person.templates.fingers |= 1,
            "2" | "9" => person.templates.face = true,
            _ => person.templates.palm = true,
        }))
    } else if let Some(fields) = verb(rest, "UPDATE BIOPHOTO ") {
        done(enrol(fields, memory, |person| {
            person.templates.photo = true;
            person.templates.face = true;
        }))
    } else if let Some(fields) = verb(rest, "UPDATE USERPIC ") {
        done(enrol(fields, memory, |_| {}))
    } else if let Some(fields) = verb(rest, "DELETE USERINFO").or_else(|| verb(rest, "DEL_USER")) {
        match field(fields, "PIN") {
            Some(pin) if !pin.is_empty() => {
                memory.forget(pin);
                done(DONE)
            }
            // The danger of the documents: without a number, everybody.
            _ => {
                memory.clear_people();
                done(DONE)
            }
        }
    } else if let Some(fields) = verb(rest, "DELETE FINGERTMP ").or_else(|| verb(rest, "DEL_FP ")) {
        let finger =
            field(fields, "FID").and_then(|finger| finger.parse::<u16>().ok()).filter(|&finger| finger < 10);
        let keep = finger.map_or(0, |finger| !(1_u16 << finger));
        done(enrol(fields, memory, |person| person.templates.fingers &= keep))
    } else if let Some(fields) = verb(rest, "DELETE FACE ").or_else(|| verb(rest, "DELETE BIODATA ")) {
        done(enrol(fields, memory, |person| person.templates.face = false))
    } else if let Some(fields) = verb(rest, "DELETE BIOPHOTO ") {
        done(enrol(fields, memory, |person| person.templates.photo = false))
    } else if let Some(wanted) = verb(rest, "QUERY ATTLOG") {
        match range(wanted) {
            Some((from, to)) => Effect::UploadPunches { from, to },
            None => done(PARAMETER),
        }
    } else if let Some(wanted) = verb(rest, "QUERY USERINFO") {
        Effect::UploadPeople { pin: field(wanted, "PIN").filter(|pin| !pin.is_empty()).map(str::to_owned) }
    } else {
        done(NOT_SUPPORTED)
    }
}

fn clear(what: &str, memory: &mut Memory) -> Effect {
    let (code, echo) = if verb(what, "LOG").is_some() {
        memory.clear_punches();
        (DONE, "CLEAR_LOG")
    } else if verb(what, "DATA").is_some() {
        memory.wipe();
        (DONE, "CLEAR_DATA")
    } else if verb(what, "ALL USERINFO").is_some() {
        memory.clear_people();
        (DONE, "CLEAR ALL USERINFO")
    } else if verb(what, "PHOTO").is_some() || verb(what, "BIODATA").is_some() {
        (DONE, "CLEAR")
    } else {
        (UNKNOWN, "CLEAR")
    };
    Effect::Done { code, echo }
}

fn update_person(fields: &str, memory: &mut Memory) -> i64 {
    let Some(pin) = field(fields, "PIN").filter(|pin| good_pin(pin)) else { return PARAMETER };
    let pin = normal_pin(pin);
    let mut person = memory.person(pin).cloned().unwrap_or_default();
    pin.clone_into(&mut person.pin);
    for (key, value) in pairs(fields) {
        match key.to_ascii_lowercase().as_str() {
            "pin" => {}
            "name" => value.clone_into(&mut person.name),
            "pri" => person.privilege = value.parse().unwrap_or(0),
            _ => {
                person.fields.insert(key.to_owned(), value.to_owned());
            }
        }
    }
    memory.enrol(person);
    DONE
}

/// Changes the templates of the person a command names.
fn enrol(fields: &str, memory: &mut Memory, change: impl FnOnce(&mut Person)) -> i64 {
    let Some(pin) = field(fields, "PIN").filter(|pin| good_pin(pin)) else { return PARAMETER };
    match memory.person_mut(pin) {
        Some(person) => {
            change(person);
            DONE
        }
        None => NO_SUCH_PERSON,
    }
}

fn good_pin(pin: &str) -> bool {
    let bare = normal_pin(pin);
    (1..=9).contains(&bare.len()) && bare != "0" && bare.bytes().all(|byte| byte.is_ascii_digit())
}

fn range(fields: &str) -> Option<(WallTime, WallTime)> {
    let moment = |key| field(fields, key).and_then(|time| WallTime::parse(time.as_bytes()).ok());
    Some((moment("StartTime")?, moment("EndTime")?))
}

/// What follows a command word, which counts in any case.
fn verb<'a>(order: &'a str, word: &str) -> Option<&'a str> {
    let head = order.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| order.get(word.len()..).unwrap_or_default())
}

/// `Key=Value` between TABs. A blank beside a TAB belongs to key or value and spoils it, as on the machine.
fn pairs(fields: &str) -> impl Iterator<Item = (&str, &str)> {
    fields.strip_prefix(' ').unwrap_or(fields).split('\t').filter_map(|pair| pair.split_once('='))
}

fn field<'a>(fields: &'a str, key: &str) -> Option<&'a str> {
    pairs(fields).find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(order: &str, memory: &mut Memory) -> Effect {
        execute(order, memory, Profile::MODERN)
    }

    fn code(effect: Effect) -> i64 {
        match effect {
            Effect::Done { code, .. } => code,
            other => panic!("no plain result: {other:?}"),
        }
    }

    #[test]
    fn h7_an_order_without_lf_is_never_executed() {
        let body = b"C:1:CHECK\r\n\nC:2:INFO\nC:3:REBOOT";
        let ids: Vec<_> = orders(body).into_iter().map(|order| order.id).collect();
        assert_eq!(ids, ["1", "2"]);
        assert!(orders(b"C:1:CHECK").is_empty());
    }

    #[test]
    fn what_is_not_an_order_is_ignored() {
        assert!(
            orders(b"OK\nC:CHECK\nC::CHECK\nX:1:CHECK\nC:12345678901234567:CHECK\nC:1-2:CHECK\n").is_empty()
        );
    }

    #[test]
    fn a_person_with_templates_comes_and_goes() {
        let mut memory = Memory::default();
        assert_eq!(
            code(run("DATA UPDATE FINGERTMP PIN=1003\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==", &mut memory)),
            -10
        );
        assert_eq!(
            code(run("data update userinfo PIN=01003\tName=Li Si\tPri=14\tCard=\tGrp=1", &mut memory)),
            0
        );
        assert_eq!(
            code(run("DATA UPDATE FINGERTMP PIN=1003\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==", &mut memory)),
            0
        );
        let person = memory.person("1003").expect("the person");
        assert_eq!((person.name.as_str(), person.privilege, person.templates.fingers), ("Li Si", 14, 1 << 6));
        assert_eq!(code(run("DATA DELETE USERINFO PIN=1003", &mut memory)), 0);
        assert_eq!(memory.people().len(), 0);
    }

    #[test]
    fn u_a_delete_without_a_number_deletes_everybody() {
        let mut memory = Memory::default();
        for pin in 1..4 {
            run(&format!("DATA UPDATE USERINFO PIN={pin}\tName=x"), &mut memory);
        }
        assert_eq!(code(run("DATA DELETE USERINFO", &mut memory)), 0);
        assert_eq!(memory.people().len(), 0);
    }

    #[test]
    fn a_blank_before_a_tab_spoils_a_field() {
        let mut memory = Memory::default();
        assert_eq!(code(run("DATA UPDATE USERINFO PIN=1003 \tName=x", &mut memory)), -1);
    }

    #[test]
    fn pins_a_machine_cannot_hold() {
        let mut memory = Memory::default();
        for pin in ["", "0", "000", "1234567890", "A12", "-1"] {
            assert_eq!(
                code(run(&format!("DATA UPDATE USERINFO PIN={pin}\tName=x"), &mut memory)),
                -1,
                "{pin}"
            );
        }
    }

    #[test]
    fn each_generation_knows_its_own_forms() {
        let mut memory = Memory::default();
        assert_eq!(code(execute("DATA USER PIN=1\tName=x", &mut memory, Profile::V1)), 0);
        assert_eq!(code(execute("DATA UPDATE USERINFO PIN=1\tName=x", &mut memory, Profile::V1)), -22);
        assert_eq!(code(execute("DATA USER PIN=1\tName=x", &mut memory, Profile::MODERN)), -1002);
    }

    #[test]
    fn the_rest_of_the_catalogue() {
        let mut memory = Memory::default();
        assert_eq!(run("CHECK", &mut memory), Effect::Check);
        assert_eq!(run("INFO", &mut memory), Effect::Information);
        assert_eq!(run("LOG", &mut memory), Effect::Log);
        assert_eq!(run("REBOOT", &mut memory), Effect::Reboot);
        assert_eq!(code(run("SET OPTION VOLUME=60", &mut memory)), 0);
        assert_eq!(memory.settings().get("VOLUME").map(String::as_str), Some("60"));
        assert_eq!(code(run("SET OPTION ~SerialNumber=1", &mut memory)), -1);
        assert_eq!(code(run("USER ADD PIN=1", &mut memory)), -22);
        assert_eq!(code(run("CLEAR LOG", &mut memory)), 0);
        let query =
            run("DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-06 23:59:59", &mut memory);
        assert!(matches!(query, Effect::UploadPunches { .. }));
        assert_eq!(code(run("DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00 \tEndTime=x", &mut memory)), -1);
    }
}
