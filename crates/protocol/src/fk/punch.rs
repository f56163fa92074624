//! Punches: sent at once, one by one (fk-http §6).

use std::borrow::Cow;

use super::frame::{Draft, Frame, Generation};
use super::json::Json;
use super::modes::{self, Library};
use super::time;
use crate::attendance::attlog::{LineError, MAX_PIN};
use crate::text;
use crate::time::WallTime;

/// One identification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Punch<'a> {
    /// The person's number as sent; some machines pad it to eight digits.
    pub pin: Cow<'a, str>,
    /// The machine's wall clock.
    pub time: WallTime,
    /// The direction as the other dialects number it, see [`modes::status`].
    pub status: Option<i32>,
    /// `verify_mode`, the number as text; see [`modes::method`].
    pub verify: Cow<'a, str>,
    /// Empty where the machine sends none.
    pub work_code: Cow<'a, str>,
    /// How the machine lays out its numbers, if the punch says so.
    pub library: Option<&'a str>,
}

impl<'a> Punch<'a> {
    /// Reads the JSON of a punch; `known` is the library the machine named before, for punches that do not.
    ///
    /// # Errors
    /// [`LineError`] when it names no person or no readable time.
    pub fn read(json: &'a Json<'_>, known: Library) -> Result<Self, LineError> {
        let field = |names: &[&str]| json.any(names).map(Json::text).unwrap_or_default();
        let pin = pin(field(&["user_id", "userId", "enroll_id"]))?;
        let time = time::parse(field(&["io_time", "ioTime", "time"]))?;
        let library = json.get("fk_bin_data_lib").map(Json::text).filter(|name| !name.is_empty());
        let layout = library.map_or(known, Library::from_name);
        let io_mode = json.any(&["io_mode", "ioMode"]).and_then(Json::number);
        Ok(Self {
            pin,
            time,
            status: io_mode.and_then(|io_mode| modes::status(io_mode, layout)),
            verify: json.any(&["verify_mode", "verifyMode"]).map(verify).unwrap_or_default(),
            work_code: text::clean(field(&["work_code", "workcode", "workCode"])),
            library,
        })
    }
}

/// The person's number, if it is one (P9).
pub(super) fn pin(text: &str) -> Result<Cow<'_, str>, LineError> {
    if text.is_empty() || text.bytes().all(|b| b == b'0') {
        return Err(LineError::NoPin);
    }
    if text.len() > MAX_PIN {
        return Err(LineError::PinTooLong);
    }
    let pin = text::clean(text);
    // Once more without what is not shown: it may have stood beside nothing but zeros.
    if pin.trim().bytes().all(|b| b == b'0') { Err(LineError::NoPin) } else { Ok(pin) }
}

/// The number as text, written one way, however the machine writes it (P10, D4); what is no number stays as it is.
fn verify<'a>(value: &'a Json<'_>) -> Cow<'a, str> {
    match value.number() {
        Some(number) => Cow::Owned(number.to_string()),
        None => text::clean(value.text()),
    }
}

/// The picture taken at a punch.
#[must_use]
pub fn image<'a>(frame: &Frame<'a>, json: &Json<'_>) -> Option<Cow<'a, [u8]>> {
    json.any(&["log_image", "logPhoto", "log_photo"])
        .and_then(|value| frame.binary(value))
        .filter(|image| !image.is_empty())
}

/// A punch as a machine writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// The person's number.
    pub pin: &'a str,
    /// The wall clock.
    pub time: WallTime,
    /// Direction, as the machine numbers it.
    pub io_mode: u32,
    /// Way of identification, as the machine numbers it.
    pub verify_mode: u32,
    /// A picture.
    pub image: Option<&'a [u8]>,
    /// The name of the library; new models do not send it.
    pub library: &'a str,
}

impl Written<'_> {
    /// The body of the request.
    #[must_use]
    pub fn body(&self, generation: Generation) -> Vec<u8> {
        let mut draft = Draft::new(generation);
        let image = self.image.map_or(Json::Null, |image| draft.binary(image));
        let time = Json::Text(Cow::Owned(time::write(self.time)));
        let number = |number: u32| match generation {
            Generation::Classic => Json::of_number(number.into()),
            Generation::New => Json::Text(Cow::Owned(number.to_string())),
        };
        let mut members = Vec::new();
        if generation == Generation::Classic {
            members.push(("fk_bin_data_lib", Json::clean(self.library)));
        }
        members.extend([
            ("user_id", Json::clean(self.pin)),
            ("verify_mode", number(self.verify_mode)),
            ("io_mode", number(self.io_mode)),
            ("io_time", time),
        ]);
        if generation == Generation::Classic || self.image.is_some() {
            members.push(("log_image", image));
        }
        draft.finish(&Json::object(members), text::Encoding::Utf8)
    }
}
