//! Commands of access terminals (access-push §8, §9, §10).

use rollcall_protocol::{WallTime, text};

use crate::base64;
use crate::fields::{field, number, pairs, verb};
use crate::habits::Habits;
use crate::journal::Nature;
use crate::memory::{Kind, Memory, Slot, Template, normal_pin};

use super::Model;
use super::packed::unpack;
use super::rows;

const NO_COMMAND: i64 = -13;
const TEMPLATE: i64 = -26;
const NO_TABLE: i64 = -100;
const NO_FIELD: i64 = -101;
const DATA: i64 = -105;
const NOT_SUPPORTED: i64 = -708;

/// The tables a terminal has.
const TABLES: [&str; 16] = [
    "user",
    "extuser",
    "mulcarduser",
    "identitycard",
    "userauthorize",
    "templatev10",
    "biodata",
    "biophoto",
    "userpic",
    "timezone",
    "holiday",
    "firstcard",
    "multimcard",
    "inoutfun",
    "antipassback",
    "transaction",
];

/// A command as it came; one about data may bring further records on lines of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) text: String,
    more: Vec<String>,
}

impl Order {
    pub(crate) fn nature(&self) -> Nature {
        let is = |words: &[&str]| words.iter().any(|word| verb(&self.text, word).is_some());
        let everybody = verb(&self.text, "DATA DELETE ")
            .and_then(|rest| rest.split_once(' ').or(Some((rest, ""))))
            .is_some_and(|(_, condition)| matches!(condition.trim(), "" | "*"));
        if is(&["SHELL", "PutFile", "GetFile", "UPGRADE"]) {
            Nature::Forbidden
        } else if everybody || is(&["CONTROL DEVICE 01", "CONTROL DEVICE 03"]) {
            Nature::OnceOnly
        } else {
            Nature::Repeatable
        }
    }

    pub(crate) fn about(&self) -> Option<&str> {
        let rest = verb(&self.text, "DATA UPDATE ").or_else(|| verb(&self.text, "DATA DELETE "))?;
        let (_, fields) = rest.split_once(' ')?;
        field(fields, "Pin").map(normal_pin).filter(|pin| !pin.is_empty())
    }

    /// Its first two words, which results echo.
    pub(crate) fn echo(&self) -> String {
        self.text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    }
}

/// What remains to be done after an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Done(i64),
    /// Post these rows in packets, then the result with their number.
    Query {
        table: String,
        rows: Vec<String>,
    },
    /// Post a number of rows, then the result.
    Count {
        table: String,
        count: usize,
    },
    /// Post these values, then the result.
    Options(Vec<String>),
    SetClock(WallTime),
    Reboot,
}

/// Cuts a poll's answer into orders; what follows the last line end is never executed.
pub(crate) fn orders(body: &[u8]) -> Vec<Order> {
    let Some(end) = body.iter().rposition(|&byte| byte == b'\n') else { return Vec::new() };
    let mut orders = Vec::<Order>::new();
    for line in body.get(..end).unwrap_or_default().split(|&byte| byte == b'\n') {
        let line = text::decode(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
        let framed = line.strip_prefix("C:").and_then(|rest| rest.split_once(':'));
        match framed {
            Some((id, text)) => {
                // Numbers up to 2³¹−1 (§8).
                if id.parse::<i32>().is_ok_and(|id| id >= 0) {
                    orders.push(Order { id: id.to_owned(), text: text.to_owned(), more: Vec::new() });
                }
            }
            None if line.is_empty() => {}
            None => {
                if let Some(order) = orders.last_mut() {
                    order.more.push(line);
                }
            }
        }
    }
    orders
}

/// Executes one order.
pub(crate) fn execute(order: &Order, memory: &mut Memory, model: Model, now: WallTime, sn: &str) -> Effect {
    let text = order.text.as_str();
    if let Some(rest) = verb(text, "DATA UPDATE ") {
        let Some((table, first)) = known_table(rest) else { return Effect::Done(NO_TABLE) };
        let records = std::iter::once(first).chain(order.more.iter().map(String::as_str));
        return Effect::Done(records.map(|fields| update(&table, fields, memory, model)).min().unwrap_or(0));
    }
    if let Some(rest) = verb(text, "DATA DELETE ") {
        let Some((table, condition)) = known_table(rest) else { return Effect::Done(NO_TABLE) };
        return Effect::Done(delete(&table, condition, memory));
    }
    if let Some(rest) = verb(text, "DATA COUNT ") {
        let Some((table, condition)) = known_table(rest) else { return Effect::Done(NO_TABLE) };
        let count = select(&table, condition, memory, model).len();
        return Effect::Count { table, count };
    }
    if let Some(rest) = verb(text, "DATA QUERY ") {
        let Some((table, filter)) = query(rest) else { return Effect::Done(DATA) };
        if !TABLES.contains(&table.as_str()) {
            return Effect::Done(NO_TABLE);
        }
        let rows = select(&table, filter, memory, model);
        return Effect::Query { table, rows };
    }
    if let Some(code) = verb(text, "CONTROL DEVICE ") {
        return control(code.trim(), memory, model, now);
    }
    if let Some(list) = verb(text, "SET OPTIONS ") {
        let mut clock = None;
        for (key, value) in list.split(',').filter_map(|pair| pair.split_once('=')) {
            if key == "DateTime" {
                let Some(time) = value.parse().ok().and_then(unpack) else { return Effect::Done(DATA) };
                clock = Some(time);
            } else if key.starts_with('~') {
                return Effect::Done(NOT_SUPPORTED);
            } else {
                memory.set(key.to_owned(), value.to_owned());
            }
        }
        return clock.map_or(Effect::Done(0), Effect::SetClock);
    }
    if let Some(list) = verb(text, "GET OPTIONS ") {
        let all = super::capabilities(memory, model, sn);
        let wanted = |pair: &&String| {
            let name = pair.split('=').next().unwrap_or_default();
            list.split(',').any(|wanted| wanted.trim() == name)
        };
        return Effect::Options(all.iter().filter(wanted).cloned().collect());
    }
    Effect::Done(NO_COMMAND)
}

/// A question about records as firmware with these habits understands it.
pub(crate) fn by_habit(order: &Order, habits: Habits) -> Order {
    let mut order = order.clone();
    if habits.range_ignored
        && let Some((head, _)) = order.text.split_once("filter=starttime=")
    {
        order.text = format!("{head}filter=*");
    }
    order
}

/// What it makes of a filter by time, where it has none.
pub(crate) fn refused(order: &Order, habits: Habits) -> Option<Effect> {
    (habits.queries_refused && order.text.contains("filter=starttime=")).then_some(Effect::Done(DATA))
}

/// Table in lower case, and what follows it.
fn known_table(rest: &str) -> Option<(String, &str)> {
    let (table, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let table = table.trim().to_ascii_lowercase();
    TABLES.contains(&table.as_str()).then_some((table, rest))
}

/// `tablename=user,fielddesc=*,filter=…`; the filter goes to the end.
fn query(rest: &str) -> Option<(String, &str)> {
    let rest = rest.strip_prefix("tablename=")?;
    let (table, rest) = rest.split_once(",fielddesc=")?;
    let (_, filter) = rest.split_once(",filter=")?;
    Some((table.to_ascii_lowercase(), filter))
}

fn good_pin(pin: &str) -> bool {
    let bare = normal_pin(pin);
    (1..=9).contains(&bare.len()) && bare != "0" && bare.bytes().all(|byte| byte.is_ascii_digit())
}

fn update(table: &str, fields: &str, memory: &mut Memory, model: Model) -> i64 {
    if matches!(table, "timezone" | "holiday" | "firstcard" | "multimcard" | "inoutfun" | "antipassback") {
        return 0;
    }
    if table == "transaction" {
        return NOT_SUPPORTED;
    }
    let Some(pin) = field(fields, "Pin") else { return NO_FIELD };
    if !good_pin(pin) {
        return DATA;
    }
    let pin = normal_pin(pin).to_owned();
    match table {
        "user" => update_user(&pin, fields, memory, model),
        "userauthorize" => {
            let door = field(fields, "AuthorizeDoorId").unwrap_or_default();
            if number::<u32>(fields, "AuthorizeTimezoneId").is_none() || door.parse::<u32>().is_err() {
                return NO_FIELD;
            }
            memory.authorize(&pin, door.to_owned());
            0
        }
        "extuser" | "mulcarduser" | "identitycard" => 0,
        _ => update_template(table, &pin, fields, memory),
    }
}

fn update_user(pin: &str, fields: &str, memory: &mut Memory, model: Model) -> i64 {
    for key in ["StartTime", "EndTime"] {
        // Packed seconds or a date of eight digits, by the kind of terminal (§12).
        let good = match (field(fields, key).unwrap_or("0"), model) {
            ("0" | "", _) => true,
            (date, Model::Face) => date.parse().ok().and_then(unpack).is_some() && date.len() > 8,
            (date, Model::Controller) => date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit()),
        };
        if !good {
            return DATA;
        }
    }
    if memory.person(pin).is_none() && memory.full() {
        return -18;
    }
    let mut person = memory.person(pin).cloned().unwrap_or_default();
    pin.clone_into(&mut person.pin);
    for (key, value) in pairs(fields) {
        match key.to_ascii_lowercase().as_str() {
            "pin" => {}
            "name" => value.clone_into(&mut person.name),
            "privilege" => person.privilege = value.parse().unwrap_or(0),
            _ => {
                person.fields.insert(key.to_owned(), value.to_owned());
            }
        }
    }
    memory.enrol(person);
    0
}

fn update_template(table: &str, pin: &str, fields: &str, memory: &mut Memory) -> i64 {
    let place = |key| number::<u16>(fields, key);
    let (slot, text): (Slot, _) = match table {
        "templatev10" => {
            let Some(finger) = place("FingerID").filter(|&finger| finger < 10) else { return NO_FIELD };
            ((Kind::Finger, finger, 0), field(fields, "Template"))
        }
        "biodata" => {
            let Some(kind) = number::<u8>(fields, "Type") else { return NO_FIELD };
            ((Kind::Bio(kind), place("No").unwrap_or(0), place("Index").unwrap_or(0)), field(fields, "Tmp"))
        }
        "biophoto" => ((Kind::Photo, 0, 0), field(fields, "Content")),
        _ => ((Kind::Picture, 0, 0), field(fields, "Content")),
    };
    let version = match slot.0 {
        Kind::Bio(9) => {
            let sent = (number::<u32>(fields, "MajorVer"), number::<u32>(fields, "MinorVer"));
            if sent != (Some(40), Some(1)) {
                return TEMPLATE;
            }
            (40, 1)
        }
        _ => (10, 0),
    };
    let Some(data) = text.and_then(base64::decode).filter(|data| !data.is_empty()) else { return TEMPLATE };
    if matches!(slot.0, Kind::Photo) && number::<usize>(fields, "Size") != text.map(str::len) {
        return -631;
    }
    let Some(person) = memory.person_mut(pin) else { return DATA };
    person.templates.keep(slot, Template { data, valid: number(fields, "Valid").unwrap_or(1), version });
    0
}

/// What a condition selects; `*` and nothing at all select everything.
fn everything(condition: &str) -> bool {
    matches!(condition.trim(), "" | "*" | "NewRecord")
}

fn delete(table: &str, condition: &str, memory: &mut Memory) -> i64 {
    let pin = field(condition, "Pin").filter(|pin| !pin.is_empty());
    if pin.is_none() && !everything(condition) {
        return DATA;
    }
    let templates = |slot: &Slot| {
        let same = |key, place: u16| number::<u16>(condition, key).is_none_or(|number| number == place);
        match (table, slot.0) {
            ("templatev10", Kind::Finger) => same("FingerID", slot.1),
            ("biodata", Kind::Bio(kind)) => same("Type", kind.into()) && same("No", slot.1),
            ("biophoto", Kind::Photo) | ("userpic", Kind::Picture) => true,
            _ => false,
        }
    };
    match (table, pin) {
        ("user", Some(pin)) => {
            memory.forget(pin);
        }
        ("user", None) => memory.clear_people(),
        ("userauthorize", Some(pin)) => {
            memory.revoke(pin);
        }
        ("userauthorize", None) => memory.clear_doors(),
        ("transaction", _) => memory.clear_punches(),
        (_, Some(pin)) => {
            if let Some(person) = memory.person_mut(pin) {
                person.templates.forget(templates);
            }
        }
        (_, None) => memory.clear_templates(templates),
    }
    0
}

fn select(table: &str, condition: &str, memory: &Memory, model: Model) -> Vec<String> {
    let rows = rows::table(table, memory, model);
    if everything(condition) {
        return rows;
    }
    let range = (number::<i64>(condition, "starttime"), number::<i64>(condition, "endtime"));
    rows.into_iter()
        .filter(|row| {
            let fields = row.split_once(' ').map_or("", |(_, fields)| fields.trim_end());
            if let (Some(from), Some(to)) = range {
                return number::<i64>(fields, "time_second").is_some_and(|time| (from..=to).contains(&time));
            }
            pairs(condition).all(|(key, value)| field(fields, key) == Some(value))
        })
        .collect()
}

/// Two hexadecimal digits each: what, which, how, how long.
fn control(code: &str, memory: &mut Memory, model: Model, now: WallTime) -> Effect {
    let byte = |at: usize| code.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    if !(8..=10).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Effect::Done(DATA);
    }
    match byte(0) {
        Some(1) => {
            let door = byte(2).unwrap_or(0);
            if door == 0 || door > model.doors() || byte(4) != Some(1) {
                return Effect::Done(DATA);
            }
            // Opened from afar; the door itself tells about it, too.
            memory.record("0", now, 2, 200, 8);
            Effect::Done(0)
        }
        Some(3) => Effect::Reboot,
        Some(2 | 4 | 6) => Effect::Done(0),
        _ => Effect::Done(NOT_SUPPORTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::packed::pack;
    use crate::memory::Person;

    fn run(text: &str, memory: &mut Memory) -> Effect {
        let now = WallTime::from_seconds(1_783_324_800);
        let order = orders(format!("C:1:{text}\r\n").as_bytes()).remove(0);
        execute(&order, memory, Model::Face, now, "A1")
    }

    #[test]
    fn one_command_may_bring_several_records() {
        let body = b"C:415:DATA UPDATE user CardNo=\tPin=1001\tName=a\r\nCardNo=\tPin=1002\tName=b\r\nC:416:DATA UPDATE userauthorize Pin=1001\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1\r\nC:417:DATA COUNT user";
        let orders = orders(body);
        assert_eq!(orders.len(), 2, "the last has no end");
        let mut memory = Memory::default();
        for order in &orders {
            let effect = execute(order, &mut memory, Model::Face, WallTime::from_seconds(0), "A1");
            assert_eq!(effect, Effect::Done(0));
        }
        assert_eq!(memory.people().len(), 2);
        assert!(memory.authorized("1001") && !memory.authorized("1002"));
        assert_eq!(orders[0].about(), Some("1001"));
    }

    #[test]
    fn people_come_and_go() {
        let mut memory = Memory::default();
        assert_eq!(
            run("DATA UPDATE biodata Pin=1001\tType=9\tMajorVer=40\tMinorVer=1\tTmp=AAEC", &mut memory),
            Effect::Done(DATA)
        );
        assert_eq!(run("DATA UPDATE user Name=x", &mut memory), Effect::Done(NO_FIELD));
        assert_eq!(run("DATA UPDATE nowhere Pin=1", &mut memory), Effect::Done(NO_TABLE));
        let whole = format!(
            "DATA UPDATE user CardNo=\tPin=1001\tPassword=\tGroup=1\tStartTime=0\tEndTime={}\tName=张三\tPrivilege=14",
            pack(WallTime::from_seconds(1_783_324_800))
        );
        assert_eq!(run(&whole, &mut memory), Effect::Done(0));
        assert_eq!(
            run("DATA UPDATE user Pin=1001\tEndTime=20261231", &mut memory),
            Effect::Done(DATA),
            "packed seconds here"
        );
        assert_eq!(
            run(
                "DATA UPDATE biodata Pin=1001\tNo=0\tIndex=0\tType=9\tMajorVer=39\tMinorVer=1\tTmp=AAEC",
                &mut memory
            ),
            Effect::Done(TEMPLATE)
        );
        assert_eq!(
            run(
                "DATA UPDATE biodata Pin=1001\tNo=0\tIndex=0\tType=9\tMajorVer=40\tMinorVer=1\tTmp=AAEC",
                &mut memory
            ),
            Effect::Done(0)
        );
        assert_eq!(
            run("DATA COUNT biodata Type=9", &mut memory),
            Effect::Count { table: "biodata".to_owned(), count: 1 }
        );
        let Effect::Query { rows, .. } =
            run("DATA QUERY tablename=user,fielddesc=*,filter=Pin=1001", &mut memory)
        else {
            panic!("no rows")
        };
        assert!(
            rows[0].starts_with("user uid=") && rows[0].contains("\tname=张三\tprivilege=14\t"),
            "{rows:?}"
        );
        assert_eq!(run("DATA DELETE user Pin=1001", &mut memory), Effect::Done(0));
        assert_eq!(memory.people().len(), 0);
    }

    #[test]
    fn doors_open_where_there_are_doors() {
        let mut memory = Memory::default();
        memory.enrol(Person::new("1001", "张三"));
        for (order, expected) in [
            ("CONTROL DEVICE 01010105", Effect::Done(0)),
            ("CONTROL DEVICE 01090105", Effect::Done(DATA)),
            ("CONTROL DEVICE 0101", Effect::Done(DATA)),
            ("CONTROL DEVICE 03000000", Effect::Reboot),
            ("CONTROL DEVICE 0101010Z", Effect::Done(DATA)),
            ("REBOOT", Effect::Done(NO_COMMAND)),
        ] {
            assert_eq!(run(order, &mut memory), expected, "{order}");
        }
        assert_eq!(memory.punches().iter().filter(|record| record.event == 8).count(), 1);
    }

    #[test]
    fn settings_are_set_and_told() {
        let mut memory = Memory::default();
        let clock = run("SET OPTIONS DateTime=852197405", &mut memory);
        assert_eq!(clock, Effect::SetClock(WallTime::parse(b"2026-07-06 09:30:05").expect("a time")));
        assert_eq!(run("SET OPTIONS DateTime=2026-07-06", &mut memory), Effect::Done(DATA));
        let Effect::Options(values) = run("GET OPTIONS ~SerialNumber,FirmVer", &mut memory) else {
            panic!("no options")
        };
        assert_eq!(values, ["~SerialNumber=A1", "FirmVer=ZAM180-NF-Ver1.1.17"]);
    }

    #[test]
    fn what_is_dangerous_twice() {
        let nature = |text: &str| orders(format!("C:1:{text}\n").as_bytes()).remove(0).nature();
        for text in
            ["CONTROL DEVICE 01010105", "CONTROL DEVICE 03000000", "DATA DELETE user *", "DATA DELETE user"]
        {
            assert_eq!(nature(text), Nature::OnceOnly, "{text}");
        }
        for text in [
            "DATA DELETE user Pin=1",
            "DATA QUERY tablename=user,fielddesc=*,filter=*",
            "CONTROL DEVICE 02000000",
        ] {
            assert_eq!(nature(text), Nature::Repeatable, "{text}");
        }
        assert_eq!(nature("SHELL ls"), Nature::Forbidden);
    }
}
