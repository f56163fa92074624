//! Commands: how a machine takes them out of a poll's answer, and what they do to its memory (attendance-push §13, §14).

use rollcall_protocol::{WallTime, text};

use crate::fields::{field, number, verb};
use crate::habits::Habits;
use crate::journal::Nature;
use crate::memory::{Kind, Memory, Template, normal_pin};

use super::Generation;
use super::codes::{DONE, NO_SUCH_PERSON, NOT_SUPPORTED, PARAMETER, UNKNOWN};
use super::people::{self, TABLES, good_pin};

/// A command as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) text: String,
}

impl Order {
    /// What kind of thing it does, to the eyes of somebody in front of the door.
    pub(crate) fn nature(&self) -> Nature {
        let is = |words: &[&str]| words.iter().any(|word| verb(&self.text, word).is_some());
        let everybody = is(&["DATA DELETE ", "DATA DEL_"]) && self.about().is_none();
        if is(&["SHELL", "PutFile", "GetFile", "UPGRADE"]) {
            Nature::Forbidden
        } else if everybody || is(&["CLEAR ", "REBOOT", "AC_UNLOCK"]) {
            Nature::OnceOnly
        } else {
            Nature::Repeatable
        }
    }

    /// Number of the person it is about.
    pub(crate) fn about(&self) -> Option<&str> {
        if verb(&self.text, "DATA ").is_none() || verb(&self.text, "DATA QUERY").is_some() {
            return None;
        }
        // The fields begin after the name of the table, with the last blank before the first TAB.
        let head = self.text.split('\t').next().unwrap_or_default();
        let fields = self.text.get(head.rfind(' ')? + 1..)?;
        field(fields, "PIN").map(normal_pin).filter(|pin| !pin.is_empty())
    }
}

/// What executing an order leaves to be done by the machine's main loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing but the result.
    Done { code: i64, echo: &'static str },
    /// The result is followed by configuration lines.
    Information,
    /// One value of the configuration.
    Option { key: String },
    /// Post these punches, then the result with their number.
    UploadPunches { from: WallTime, to: WallTime },
    /// Post these lines, then the result with their number.
    Upload { table: &'static str, lines: Vec<String> },
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

/// Executes one order on the memory.
pub(crate) fn execute(order: &Order, memory: &mut Memory, generation: Generation) -> Effect {
    let text = order.text.as_str();
    let done = |code, echo| Effect::Done { code, echo };
    if let Some(rest) = verb(text, "DATA ") {
        return data(rest, &order.id, memory, generation);
    }
    if verb(text, "CHECK").is_some() {
        Effect::Check
    } else if verb(text, "INFO").is_some() {
        Effect::Information
    } else if verb(text, "REBOOT").is_some() {
        Effect::Reboot
    } else if let Some(what) = verb(text, "CLEAR ") {
        clear(what, memory, generation)
    } else if let Some(pair) = verb(text, "SET OPTION ") {
        match pair.split_once('=') {
            // Keys with a tilde are read-only.
            Some((key, value)) if !key.is_empty() && !key.starts_with('~') => {
                memory.set(key.to_owned(), value.to_owned());
                done(DONE, "SET OPTION")
            }
            _ => done(PARAMETER, "SET OPTION"),
        }
    } else if verb(text, "RELOAD OPTIONS").is_some() {
        done(DONE, "RELOAD OPTIONS")
    } else if generation.is_v1() {
        // 1.x firmware knows nothing of the rest (§14.6).
        done(UNKNOWN, "UNKNOWN")
    } else if verb(text, "LOG").is_some() {
        Effect::Log
    } else if let Some(range) = verb(text, "VERIFY SUM ATTLOG") {
        match self::range(range) {
            Some((from, to)) => Effect::Count { from, to },
            None => done(PARAMETER, "VERIFY SUM"),
        }
    } else if verb(text, "AC_UNLOCK").is_some() {
        // Some firmware misspells its own command in the result (§13.2).
        done(DONE, "AK_UNLOCK")
    } else if verb(text, "AC_UNALARM").is_some() {
        done(DONE, "AC_UNALARM")
    } else if let Some(key) = verb(text, "GET OPTION FROM ") {
        Effect::Option { key: key.trim_start_matches('~').to_owned() }
    } else if let Some(rest) = verb(text, "ENROLL_FP ") {
        let finger = number::<u16>(rest, "FID").filter(|&finger| finger < 10).unwrap_or(0);
        done(enrol(rest, memory, (Kind::Finger, finger, 0), (10, 0)), "ENROLL_FP")
    } else if let Some(rest) = verb(text, "ENROLL_BIO ") {
        done(enrol(rest, memory, (Kind::Bio(9), 0, 0), (40, 1)), "ENROLL_BIO")
    } else {
        done(UNKNOWN, "UNKNOWN")
    }
}

/// What a machine with these habits makes of a question about punches, where they matter.
pub(crate) fn refused(order: &Order, habits: Habits) -> Option<Effect> {
    let query = verb(&order.text, "DATA QUERY ATTLOG");
    let counts = verb(&order.text, "VERIFY SUM ATTLOG");
    let times = query.or(counts)?;
    let with_t = has_t(times);
    let code = match (query.is_some(), habits) {
        (_, Habits { only_check: true, .. }) | (false, Habits { no_counts: true, .. }) => UNKNOWN,
        (true, Habits { queries_refused: true, .. }) => PARAMETER,
        (_, Habits { times_with_t, .. }) if times_with_t != with_t => PARAMETER,
        _ => return None,
    };
    Some(Effect::Done { code, echo: if query.is_some() { "DATA" } else { "VERIFY SUM" } })
}

/// Whether the times have a `T` in them.
fn has_t(fields: &str) -> bool {
    field(fields, "StartTime").is_some_and(|time| time.as_bytes().get(10) == Some(&b'T'))
}

fn data(rest: &str, id: &str, memory: &mut Memory, generation: Generation) -> Effect {
    let done = |code| Effect::Done { code, echo: "DATA" };
    let old = verb(rest, "USER ").or_else(|| verb(rest, "FP ")).is_some() || verb(rest, "DEL_").is_some();
    if old != generation.is_v1() {
        // 1.x firmware knows only the old forms, everything newer only the new ones.
        return done(if generation.is_v1() { UNKNOWN } else { NOT_SUPPORTED });
    }
    if let Some(fields) = verb(rest, "UPDATE USERINFO ").or_else(|| verb(rest, "USER ")) {
        return done(people::update_person(fields, memory));
    }
    if let Some(fields) = verb(rest, "DELETE USERINFO").or_else(|| verb(rest, "DEL_USER")) {
        match field(fields, "PIN") {
            Some(pin) if !pin.is_empty() => {
                memory.forget(pin);
            }
            // The danger of the documents: without a number, everybody.
            _ => memory.clear_people(),
        }
        return done(DONE);
    }
    if let Some(wanted) = verb(rest, "QUERY ATTLOG") {
        return match range(wanted) {
            Some((from, to)) => Effect::UploadPunches { from, to },
            None => done(PARAMETER),
        };
    }
    if let Some(wanted) = verb(rest, "QUERY USERINFO") {
        return Effect::Upload {
            table: "OPERLOG",
            lines: people::query("USERINFO", wanted, memory, generation),
        };
    }
    if let Some(fields) = verb(rest, "FP ") {
        let code = people::update("FINGERTMP", fields, id, memory, generation);
        return done(code.unwrap_or_else(|code| code));
    }
    if let Some(fields) = verb(rest, "DEL_FP") {
        return done(people::delete("FINGERTMP", fields, memory));
    }
    for table in TABLES {
        if let Some(fields) = verb(rest, &format!("UPDATE {table} ")) {
            let code = people::update(table, fields, id, memory, generation);
            return done(code.unwrap_or_else(|code| code));
        }
        if let Some(fields) = verb(rest, &format!("DELETE {table}")) {
            return done(people::delete(table, fields, memory));
        }
        if let Some(wanted) = verb(rest, &format!("QUERY {table}")) {
            let lines = people::query(table, wanted, memory, generation);
            // Old kinds travel among the operations, newer ones under their own name (§14.2).
            let table = match table {
                "BIODATA" => "BIODATA",
                "BIOPHOTO" => "BIOPHOTO",
                "USERPIC" => "USERPIC",
                _ => "OPERLOG",
            };
            return Effect::Upload { table, lines };
        }
    }
    done(NOT_SUPPORTED)
}

fn clear(what: &str, memory: &mut Memory, generation: Generation) -> Effect {
    let (code, echo) = if verb(what, "LOG").is_some() {
        memory.clear_punches();
        (DONE, "CLEAR_LOG")
    } else if verb(what, "DATA").is_some() {
        memory.wipe();
        (DONE, "CLEAR_DATA")
    } else if verb(what, "ALL USERINFO").is_some() && !generation.is_v1() {
        memory.clear_people();
        (DONE, "CLEAR ALL USERINFO")
    } else if verb(what, "BIODATA").is_some() && generation.is_modern() {
        memory.clear_templates(|slot| matches!(slot.0, Kind::Bio(_)));
        (DONE, "CLEAR BIODATA")
    } else if verb(what, "PHOTO").is_some() {
        (DONE, "CLEAR PHOTO")
    } else {
        (UNKNOWN, "CLEAR")
    };
    Effect::Done { code, echo }
}

/// Somebody comes to the machine and lets it look.
fn enrol(fields: &str, memory: &mut Memory, slot: crate::memory::Slot, version: (u32, u32)) -> i64 {
    let Some(pin) = field(fields, "PIN").filter(|pin| good_pin(pin)) else { return PARAMETER };
    match memory.person_mut(pin) {
        Some(person) => {
            person.templates.keep(slot, Template::new(vec![7; 24], version));
            DONE
        }
        None => NO_SUCH_PERSON,
    }
}

fn range(fields: &str) -> Option<(WallTime, WallTime)> {
    let moment = |key| field(fields, key).and_then(|time| WallTime::parse(time.as_bytes()).ok());
    Some((moment("StartTime")?, moment("EndTime")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;

    fn run(order: &str, memory: &mut Memory) -> Effect {
        run_on(order, memory, Generation::Modern)
    }

    fn run_on(text: &str, memory: &mut Memory, generation: Generation) -> Effect {
        execute(&Order { id: "7".to_owned(), text: text.to_owned() }, memory, generation)
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
        assert_eq!((person.name.as_str(), person.privilege, person.templates.fingers()), ("Li Si", 14, 1));
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
        assert_eq!(code(run_on("DATA USER PIN=1\tName=x", &mut memory, Generation::V1)), 0);
        assert_eq!(code(run_on("DATA UPDATE USERINFO PIN=1\tName=x", &mut memory, Generation::V1)), -22);
        assert_eq!(code(run("DATA USER PIN=1\tName=x", &mut memory)), -1002);
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

    #[test]
    fn habits_decide_how_punches_are_asked_for() {
        let order = |text: &str| Order { id: "7".to_owned(), text: text.to_owned() };
        let span = |words, dash| {
            format!("{words} StartTime=2026-07-01{dash}00:00:00\tEndTime=2026-07-01{dash}23:59:59")
        };
        let table = [
            (Habits::default(), "DATA QUERY ATTLOG", " ", None),
            (Habits::default(), "DATA QUERY ATTLOG", "T", Some(PARAMETER)),
            (Habits { times_with_t: true, ..Habits::default() }, "VERIFY SUM ATTLOG", "T", None),
            (Habits { times_with_t: true, ..Habits::default() }, "VERIFY SUM ATTLOG", " ", Some(PARAMETER)),
            (
                Habits { queries_refused: true, ..Habits::default() },
                "DATA QUERY ATTLOG",
                " ",
                Some(PARAMETER),
            ),
            (Habits { queries_refused: true, ..Habits::default() }, "VERIFY SUM ATTLOG", " ", None),
            (Habits { no_counts: true, ..Habits::default() }, "VERIFY SUM ATTLOG", " ", Some(UNKNOWN)),
            (Habits { only_check: true, ..Habits::default() }, "DATA QUERY ATTLOG", " ", Some(UNKNOWN)),
        ];
        for (habits, words, dash, expected) in table {
            let found = refused(&order(&span(words, dash)), habits).map(code);
            assert_eq!(found, expected, "{habits:?} {words}{dash}");
        }
        assert_eq!(refused(&order("CHECK"), Habits { only_check: true, ..Habits::default() }), None);
    }

    #[test]
    fn only_1x_forms_for_1x_firmware() {
        let mut memory = Memory::default();
        for unknown in ["LOG", "AC_UNLOCK", "CLEAR ALL USERINFO", "VERIFY SUM ATTLOG", "DATA QUERY USERINFO"]
        {
            assert_eq!(code(run_on(unknown, &mut memory, Generation::V1)), -22, "{unknown}");
        }
        assert_eq!(code(run_on("CLEAR LOG", &mut memory, Generation::V1)), 0);
    }

    #[test]
    fn u3_templates_of_another_algorithm_are_refused() {
        let mut memory = Memory::default();
        run("DATA UPDATE USERINFO PIN=1003\tName=x", &mut memory);
        let bio = |kind, major, minor, tmp: &str| {
            format!(
                "DATA UPDATE BIODATA Pin=1003\tNo=0\tIndex=0\tValid=1\tDuress=0\tType={kind}\tMajorVer={major}\tMinorVer={minor}\tFormat=0\tTmp={tmp}"
            )
        };
        for (order, expected) in [
            (bio(9, 40, 1, "AAECAwQFBgc="), 0),
            (bio(9, 39, 1, "AAECAwQFBgc="), -30),
            (bio(8, 12, 0, "AAECAwQFBgc="), -1002),
            (bio(9, 40, 1, "AAECAwQFBgc"), -12),
        ] {
            assert_eq!(code(run(&order, &mut memory)), expected, "{order}");
        }
        let query = run("DATA QUERY BIODATA Type=9\tPIN=1003", &mut memory);
        let line = "BIODATA Pin=1003\tNo=0\tIndex=0\tValid=1\tDuress=0\tType=9\tMajorVer=40\tMinorVer=1\tFormat=0\tTmp=AAECAwQFBgc=\n";
        assert_eq!(query, Effect::Upload { table: "BIODATA", lines: vec![line.to_owned()] });
    }

    #[test]
    fn templates_of_the_wrong_size_are_refused_and_deletes_are_exact() {
        let mut memory = Memory::default();
        run("DATA UPDATE USERINFO PIN=1003\tName=x", &mut memory);
        let finger = |finger, size| {
            format!("DATA UPDATE FINGERTMP PIN=1003\tFID={finger}\tSize={size}\tValid=1\tTMP=TVpTUw==")
        };
        assert_eq!(code(run(&finger(1, 9), &mut memory)), -9);
        for number in [1, 2, 3] {
            assert_eq!(code(run(&finger(number, 8), &mut memory)), 0);
        }
        let fingers = |memory: &Memory| memory.person("1003").expect("somebody").templates.fingers();
        assert_eq!(code(run("DATA DELETE FINGERTMP PIN=1003\tFID=2", &mut memory)), 0);
        assert_eq!(fingers(&memory), 2);
        assert_eq!(code(run("DATA DELETE FINGERTMP PIN=1003", &mut memory)), 0);
        assert_eq!(fingers(&memory), 0);
        assert_eq!(code(run("DATA DELETE FINGERTMP PIN=9", &mut memory)), -10);
    }

    #[test]
    fn u4_a_photo_without_a_face_is_stored_and_complained_of_later() {
        let mut memory = Memory::default();
        run("DATA UPDATE USERINFO PIN=1003\tName=x", &mut memory);
        let photo = |bytes: &[u8], size: usize| {
            let text = base64::encode(bytes);
            format!(
                "DATA UPDATE BIOPHOTO PIN=1003\tType=9\tSize={}\tContent={text}\tFormat=0\tUrl=\tPostBackTmpFlag=1",
                text.len() + size
            )
        };
        assert_eq!(code(run(&photo(b"\xFF\xD8\xFF\xE0JFIF", 1), &mut memory)), -2);
        assert_eq!(code(run(&photo(b"no picture", 0), &mut memory)), 0);
        let report = memory.next_report().expect("an error");
        assert_eq!(report.table, "ERRORLOG");
        assert_eq!(
            report.body,
            b"ERRORLOG ErrCode=D01E0001\tErrMsg=\tDataOrigin=cmd\tCmdId=7\tAdditional=UElOPTEwMDM=\n"
        );
        memory.reported(&report);
        assert_eq!(code(run(&photo(b"\xFF\xD8\xFF\xE0JFIF", 0), &mut memory)), 0);
        assert!(memory.person("1003").expect("somebody").templates.face());
        assert_eq!(memory.next_report().map(|report| report.table), Some("BIODATA"));
    }

    #[test]
    fn what_is_dangerous_twice() {
        let nature = |text: &str| Order { id: "1".to_owned(), text: text.to_owned() }.nature();
        for text in ["CLEAR LOG", "REBOOT", "AC_UNLOCK", "DATA DELETE USERINFO", "DATA DELETE FINGERTMP"] {
            assert_eq!(nature(text), Nature::OnceOnly, "{text}");
        }
        for text in ["CHECK", "DATA DELETE USERINFO PIN=1", "DATA QUERY USERINFO"] {
            assert_eq!(nature(text), Nature::Repeatable, "{text}");
        }
        assert_eq!(nature("SHELL reboot"), Nature::Forbidden);
        let order = Order { id: "1".to_owned(), text: "DATA UPDATE FINGERTMP FID=6\tPIN=01003".to_owned() };
        assert_eq!(order.about(), Some("1003"));
    }
}
