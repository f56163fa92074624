//! What a machine says of itself: with every poll (fk-http §5), and when asked for its status (§9).

use super::json::Json;
use super::time;
use crate::text;
use crate::time::WallTime;

/// What a poll says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poll {
    /// The machine's clock; where it leaves out the seconds, in the middle of the minute.
    pub time: Option<WallTime>,
    /// Its clock is not a time at all, or an impossible one (C5).
    pub bad_time: bool,
    /// Its firmware.
    pub firmware: Option<String>,
    /// What it names itself and its libraries, and what it can identify people by, as names and values to be kept.
    pub said: Vec<(String, String)>,
}

/// Names and values kept of one poll; machines send a dozen.
const MOST_SAID: usize = 40;

/// Digits of a time that ends with the minute.
const WITHOUT_SECONDS: usize = 12;

impl Poll {
    /// Reads the JSON of a poll; what is not there is empty.
    #[must_use]
    pub fn read(json: &Json<'_>) -> Self {
        let clock = json.any(&["fk_time", "time"]).map(Json::text).unwrap_or_default();
        // Taken for the beginning of the minute, a good clock would look slow by up to a minute, which is the limit.
        let middle = if clock.len() == WITHOUT_SECONDS { 30 } else { 0 };
        let time = time::parse(clock).ok().map(|time| WallTime::from_seconds(time.seconds() + middle));
        let info = json.get("fk_info").unwrap_or(json);
        let mut said = Vec::new();
        if let Some(name) = json.get("fk_name") {
            say(&mut said, "fk_name", name);
        }
        for (name, value) in info.members() {
            if !matches!(&**name, "fk_name" | "fk_time" | "fk_info" | "time") {
                say(&mut said, name, value);
            }
        }
        let firmware =
            info.any(&["firmware", "firmware_version"]).map(|value| text::clean(value.text()).into_owned());
        Self {
            time,
            bad_time: time.is_none() && !clock.is_empty(),
            firmware: firmware.filter(|text| !text.is_empty()),
            said,
        }
    }
}

fn say(said: &mut Vec<(String, String)>, name: &str, value: &Json<'_>) {
    let value = match value {
        Json::List(values) => values.iter().map(Json::text).collect::<Vec<_>>().join(","),
        value => value.text().to_owned(),
    };
    if said.len() < MOST_SAID && !value.is_empty() {
        said.push((text::clean(name).into_owned(), text::clean(&value).into_owned()));
    }
}

/// Counts and capacities, from the answer to `GET_DEVICE_STATUS` or `GET_DEVICE_INFO`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// People enrolled.
    pub people: Option<u32>,
    /// Fingerprints.
    pub fingerprints: Option<u32>,
    /// Faces.
    pub faces: Option<u32>,
    /// Punches in its memory.
    pub punches: Option<u32>,
    /// Its firmware.
    pub firmware: Option<String>,
    /// Everything else it says.
    pub said: Vec<(String, String)>,
}

impl Status {
    /// Reads the JSON of the answer.
    #[must_use]
    pub fn read(json: &Json<'_>) -> Self {
        let count = |names: &[&str]| {
            json.any(names).and_then(Json::number).and_then(|number| u32::try_from(number).ok())
        };
        let mut said = Vec::new();
        for (name, value) in json.members() {
            say(&mut said, name, value);
        }
        Self {
            people: count(&["user_count", "all_user_count", "total_user_count"]),
            fingerprints: count(&["fp_count", "all_fp_count"]),
            faces: count(&["face_count", "all_face_count"]),
            punches: count(&["total_log_count", "all_log_count", "log_count"]),
            firmware: json
                .any(&["firmware", "firmware_version"])
                .map(|value| text::clean(value.text()).into_owned())
                .filter(|text| !text.is_empty()),
            said,
        }
    }
}

/// A door that was opened or closed (`realtime_door_status`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Door {
    /// The machine's clock, if it says so.
    pub time: Option<WallTime>,
    /// The state as the machine names it.
    pub state: String,
    /// Everything it says, as names and values.
    pub said: Vec<(String, String)>,
}

impl Door {
    /// Reads the JSON of the message.
    #[must_use]
    pub fn read(json: &Json<'_>) -> Self {
        let field = |names: &[&str]| json.any(names).map(Json::text).unwrap_or_default();
        let mut said = Vec::new();
        for (name, value) in json.members() {
            say(&mut said, name, value);
        }
        Self {
            time: time::parse(field(&["door_time", "io_time", "time", "fk_time"])).ok(),
            state: text::clean(field(&["door_status", "status", "door_state"])).into_owned(),
            said,
        }
    }
}
