//! Commands of FK machines (fk-http §9).

use rollcall_protocol::WallTime;
use serde_json::{Value, json};

use super::Model;
use super::frame::Message;
use super::people::{self, good_user, text_of};
use crate::habits::Habits;
use crate::journal::Nature;
use crate::memory::{Kind, Memory, normal_pin};

/// What a command leaves to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// This return code and nothing else.
    Done(&'static str),
    /// `OK` and this.
    Tell(Value, Vec<Vec<u8>>),
    SetClock(WallTime),
    /// No result at all, ever (§5).
    Silence,
    Restart,
}

const OK: Effect = Effect::Done("OK");
const INVALID: Effect = Effect::Done("ERROR_INVALID_PARAM");

pub(crate) fn nature(command: &str) -> Nature {
    match command {
        "RESET_FK" | "SET_DOOR_STATUS" | "CLEAR_LOG_DATA" | "CLEAR_ENROLL_DATA" | "CLEAR_MANAGER"
        | "CLEAR_ALL_ADMIN" => Nature::OnceOnly,
        // Firmware, and the settings that cut a machine off.
        "UPDATE_FIRMWARE" | "SET_WEB_SERVER_INFO" => Nature::Forbidden,
        _ => Nature::Repeatable,
    }
}

/// Number of the person a command changes.
pub(crate) fn about(command: &str, message: &Message) -> Option<String> {
    let changes = matches!(command, "SET_USER_INFO" | "SET_USER_NAME" | "DELETE_USER");
    let id = message.json.get("user_id").map(text_of)?;
    (changes && !id.is_empty()).then(|| normal_pin(&id).to_owned())
}

/// Executes one command.
pub(crate) fn execute(command: &str, message: &Message, memory: &mut Memory, model: Model) -> Effect {
    let text = |key: &str| message.json.get(key).map(text_of).unwrap_or_default();
    let id = text("user_id");
    let user = normal_pin(&id);
    match command {
        "SET_TIME" => match fourteen_digits(&text("time")) {
            Some(time) => Effect::SetClock(time),
            None => INVALID,
        },
        "RESET_FK" => Effect::Restart,
        "SET_USER_INFO" => match people::read(message, model) {
            Some(person) if memory.person(&person.pin).is_none() && memory.full() => INVALID,
            Some(person) => {
                memory.enrol(person);
                OK
            }
            None => INVALID,
        },
        "DELETE_USER" | "SET_USER_NAME" | "GET_USER_INFO" if !good_user(&id, model) => INVALID,
        "DELETE_USER" if memory.forget(user) => OK,
        "SET_USER_NAME" => match memory.person_mut(user) {
            Some(person) => {
                person.name = text("user_name").chars().take(15).collect();
                OK
            }
            None => unknown(model),
        },
        "GET_USER_INFO" => match memory.person(user) {
            Some(person) => {
                let (json, blobs) = people::describe(person, model);
                Effect::Tell(json, blobs)
            }
            None => unknown(model),
        },
        "DELETE_USER" => unknown(model),
        "GET_USER_ID_LIST" => {
            let (json, blobs) = people::list(memory, model);
            Effect::Tell(json, blobs)
        }
        "GET_LOG_DATA" => {
            let (json, blobs) = match span(message) {
                Some((from, to)) => people::log(&memory.in_range(from, to), model),
                None => people::log(memory.punches(), model),
            };
            Effect::Tell(json, blobs)
        }
        "GET_DEVICE_STATUS" | "GET_DEVICE_INFO" => Effect::Tell(status(memory), Vec::new()),
        "CLEAR_LOG_DATA" => {
            memory.clear_punches();
            OK
        }
        "CLEAR_ENROLL_DATA" => {
            memory.clear_people();
            OK
        }
        "CLEAR_MANAGER" | "CLEAR_ALL_ADMIN" => {
            memory.people_mut().for_each(|person| person.privilege = 0);
            OK
        }
        "SET_DOOR_STATUS" if message.json.is_object() => OK,
        "SET_COMMAND" if message.json.get("cmd").is_some() => OK,
        "SET_DOOR_STATUS" | "SET_COMMAND" => INVALID,
        _ => unknown(model),
    }
}

/// From and to of a question for punches.
fn span(message: &Message) -> Option<(WallTime, WallTime)> {
    let moment = |key: &str| fourteen_digits(&text_of(message.json.get(key)?));
    Some((moment("begin_time")?, moment("end_time")?))
}

/// What firmware with these habits makes of a question for punches, and of anything else.
pub(crate) fn by_habit(
    command: &str,
    message: Message,
    memory: &mut Memory,
    model: Model,
    habits: Habits,
) -> Effect {
    let asks = command == "GET_LOG_DATA" && span(&message).is_some();
    if asks && habits.queries_refused {
        return INVALID;
    }
    let message = if asks && habits.range_ignored { Message::default() } else { message };
    execute(command, &message, memory, model)
}

/// What is unknown, the old ones never say; new ones do.
const fn unknown(model: Model) -> Effect {
    match model {
        Model::New => Effect::Done("ERROR_NOT_SUPPORTED"),
        Model::Hs101 | Model::Hs102 => Effect::Silence,
    }
}

fn status(memory: &Memory) -> Value {
    let managers = memory.people().filter(|person| person.privilege & 0x0E > 2).count();
    let having = |field: &str| memory.people().filter(|person| !person.field(field).is_empty()).count();
    let faces = memory
        .people()
        .filter(|person| person.templates.iter().any(|(slot, _)| slot.0 == Kind::Face))
        .count();
    json!({
        "user_count": memory.people().len(), "user_max": 3000, "manager_count": managers,
        "fp_count": memory.fingerprints(), "fp_max": 3000, "face_count": faces, "face_max": 1000,
        "password_count": having("Passwd"), "idcard_count": having("Card"),
        "all_log_count": memory.punches().len(), "total_log_count": memory.punches().len(), "total_log_max": 100_000,
    })
}

/// `YYYYMMDDhhmmss`.
fn fourteen_digits(text: &str) -> Option<WallTime> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let year = i32::try_from(part(0, 4)?).ok()?;
    WallTime::from_civil(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fk::frame::{pack, unpack};

    fn run(command: &str, json: Value, blobs: &[Vec<u8>], memory: &mut Memory, model: Model) -> Effect {
        let body = if json.is_null() { Vec::new() } else { pack(model, &json, blobs) };
        execute(command, &unpack(model, &body).expect("a message"), memory, model)
    }

    #[test]
    fn u2_a_user_is_replaced_as_a_whole() {
        for model in [Model::Hs101, Model::Hs102, Model::New] {
            let mut memory = Memory::default();
            let whole = json!({ "user_id": "1001", "user_name": "张三", "user_privilege": "MANAGER", "user_photo": "BIN_1",
                "enroll_data_array": [{ "backup_number": 0, "enroll_data": "BIN_2" }, { "backup_number": 10, "enroll_data": "BIN_3" }] });
            let blobs = [vec![0xFF, 0xD8], vec![7; 1404], b"123456".to_vec()];
            assert_eq!(run("SET_USER_INFO", whole, &blobs, &mut memory, model), OK);
            let person = memory.person("1001").expect("the person");
            assert_eq!(
                (person.privilege, person.templates.fingers(), person.field("Passwd")),
                (14, 1, "123456")
            );
            assert_eq!(
                run(
                    "SET_USER_NAME",
                    json!({ "user_id": 1001, "user_name": "李四" }),
                    &[],
                    &mut memory,
                    model
                ),
                OK
            );
            let Effect::Tell(told, told_blobs) =
                run("GET_USER_INFO", json!({ "user_id": "1001" }), &[], &mut memory, model)
            else {
                panic!("silent")
            };
            assert_eq!((told["user_name"].as_str(), told_blobs.len()), (Some("李四"), 3));
            let bare = json!({ "user_id": "1001", "user_name": "李四", "user_privilege": "USER" });
            assert_eq!(run("SET_USER_INFO", bare, &[], &mut memory, model), OK);
            assert_eq!(memory.person("1001").expect("the person").templates.fingers(), 0, "lost");
        }
    }

    #[test]
    fn old_ones_never_speak_of_what_they_do_not_know() {
        let mut memory = Memory::default();
        for command in ["GET_USER_INFO", "DELETE_USER"] {
            assert_eq!(
                run(command, json!({ "user_id": "9" }), &[], &mut memory, Model::Hs102),
                Effect::Silence
            );
            let new = run(command, json!({ "user_id": "9" }), &[], &mut memory, Model::New);
            assert_eq!(new, Effect::Done("ERROR_NOT_SUPPORTED"));
        }
        assert_eq!(run("FLY", Value::Null, &[], &mut memory, Model::Hs101), Effect::Silence);
        assert_eq!(run("DELETE_USER", json!({ "user_id": "" }), &[], &mut memory, Model::Hs101), INVALID);
    }

    #[test]
    fn lists_and_logs_in_both_sizes() {
        let mut memory = Memory::default();
        memory.enrol(crate::memory::Person { privilege: 14, ..crate::memory::Person::new("1001", "a") });
        let time = WallTime::parse(b"2026-07-06 08:58:11").expect("a time");
        memory.punch("1001", time, 0, 1);
        let Effect::Tell(json, blobs) = run("GET_USER_ID_LIST", Value::Null, &[], &mut memory, Model::Hs101)
        else {
            panic!("silent")
        };
        assert_eq!(
            (json["one_user_id_size"].as_u64(), blobs[0].as_slice()),
            (Some(8), &[0xE9, 3, 0, 0, 1, 1, 0, 0][..])
        );
        let Effect::Tell(json, blobs) = run("GET_USER_ID_LIST", Value::Null, &[], &mut memory, Model::Hs102)
        else {
            panic!("silent")
        };
        assert_eq!((json["one_user_id_size"].as_u64(), blobs[0].len(), blobs[0][32]), (Some(36), 36, 1));
        for (model, size) in [(Model::Hs101, 12), (Model::Hs102, 48)] {
            let Effect::Tell(json, blobs) = run("GET_LOG_DATA", Value::Null, &[], &mut memory, model) else {
                panic!("silent")
            };
            assert_eq!((json["log_count"].as_u64(), blobs[0].len()), (Some(1), size));
            let day = |day: u32| json!({ "begin_time": format!("202607{day:02}000000"), "end_time": format!("202607{day:02}235959") });
            for (date, count) in [(6, 1), (7, 0)] {
                let Effect::Tell(json, _) = run("GET_LOG_DATA", day(date), &[], &mut memory, model) else {
                    panic!("silent")
                };
                assert_eq!(json["log_count"].as_u64(), Some(count));
            }
            let message = || unpack(model, &pack(model, &day(7), &[])).expect("a message");
            let of = |habits| by_habit("GET_LOG_DATA", message(), &mut Memory::default(), model, habits);
            assert_eq!(of(Habits { queries_refused: true, ..Habits::default() }), INVALID);
            let mut all = memory.clone();
            let habits = Habits { range_ignored: true, ..Habits::default() };
            let Effect::Tell(json, _) = by_habit("GET_LOG_DATA", message(), &mut all, model, habits) else {
                panic!("silent")
            };
            assert_eq!(json["log_count"].as_u64(), Some(1));
        }
    }

    #[test]
    fn clocks_are_set_with_fourteen_digits() {
        let mut memory = Memory::default();
        let set = |time: &str, memory: &mut Memory| {
            run("SET_TIME", json!({ "time": time }), &[], memory, Model::Hs102)
        };
        assert_eq!(
            set("20260706093005", &mut memory),
            Effect::SetClock(WallTime::parse(b"2026-07-06 09:30:05").expect("a time"))
        );
        assert_eq!(set("2026-07-06 09:30:05", &mut memory), INVALID);
        assert_eq!(set("20260231093005", &mut memory), INVALID);
    }
}
