//! Rows of an access terminal: punches and events, people, permissions, templates (access-push §6, §7, §11).

use crate::base64;
use crate::memory::{Kind, Memory, Person, Punch, Slot, Template};

use super::Model;
use super::packed::pack;

/// What happened at the door, as it is told at once.
pub(crate) fn event_line(punch: &Punch, card: &str, model: Model, text: &mut Vec<u8>) {
    let Punch { pin, time, verify, index, event, .. } = punch;
    let direction = if punch.status <= 1 { punch.status } else { 2 };
    let line = match model {
        Model::Face => format!(
            "time={time}\tpin={pin}\tcardno={card}\tsitecode=0\tlinkid=0\teventaddr=1\tevent={event}\tinoutstatus={direction}\tverifytype={verify}\tindex={index}\tmaskflag=0\ttemperature=0\tconvtemperature=0\r\n"
        ),
        // Keyed fields in whatever order the firmware's author liked.
        Model::Controller => format!(
            "index={index}\tevent={event}\tpin={pin}\ttime={time}\teventaddr=1\tinoutstatus={direction}\tverifytype={verify}\tcardno={card}\tsitecode=0\tlinkid=0\n"
        ),
    };
    text.extend_from_slice(line.as_bytes());
}

/// The same as a row of the table.
pub(crate) fn transaction_row(punch: &Punch, card: &str) -> String {
    let Punch { pin, verify, index, event, .. } = punch;
    let direction = if punch.status <= 1 { punch.status } else { 2 };
    format!(
        "transaction cardno={card}\tpin={pin}\tverified={verify}\tdoorid=1\teventtype={event}\tinoutstate={direction}\ttime_second={}\tindex={index}\tsitecode=0\tdevid=1\r\n",
        pack(punch.time)
    )
}

/// The card of whoever punched: decimal on terminals, hexadecimal on controllers.
pub(crate) fn card(memory: &Memory, pin: &str, model: Model) -> String {
    let card = memory.person(pin).map(|person| person.field("CardNo")).unwrap_or_default();
    match (card.parse::<u64>(), model) {
        (Ok(number), Model::Controller) => format!("{number:X}"),
        (Ok(number), Model::Face) => number.to_string(),
        (Err(_), _) => "0".to_owned(),
    }
}

pub(crate) fn user_row(person: &Person, model: Model) -> Vec<u8> {
    let field = |name| person.field(name);
    let date = |name| if field(name).is_empty() { "0" } else { field(name) };
    let uid =
        person.pin.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(10).wrapping_add(u32::from(byte & 15)));
    let end = if model == Model::Face { "\r\n" } else { "\n" };
    format!(
        "user uid={uid}\tcardno={}\tpin={}\tpassword={}\tgroup=1\tstarttime={}\tendtime={}\tname={}\tprivilege={}\tdisable=0\tverify=0{end}",
        field("CardNo"),
        person.pin,
        field("Password"),
        date("StartTime"),
        date("EndTime"),
        person.name,
        person.privilege,
    )
    .into_bytes()
}

/// A template in the form of its table.
pub(crate) fn template_row(pin: &str, slot: Slot, template: &Template) -> Option<(&'static str, String)> {
    let text = base64::encode(&template.data);
    let (valid, (kind, no, index), size) = (template.valid, slot, text.len());
    Some(match kind {
        Kind::Finger => (
            "templatev10",
            format!("templatev10 size={size}\tpin={pin}\tfingerid={no}\tvalid={valid}\ttemplate={text}\r\n"),
        ),
        Kind::Bio(kind) => (
            "biodata",
            format!(
                "biodata pin={pin}\tno={no}\tindex={index}\tvalid={valid}\tduress=0\ttype={kind}\tmajorver={}\tminorver={}\tformat=0\ttmp={text}\r\n",
                template.version.0, template.version.1
            ),
        ),
        Kind::Photo => (
            "biophoto",
            format!("biophoto pin={pin}\tfilename={pin}.jpg\ttype=9\tsize={size}\tcontent={text}\r\n"),
        ),
        Kind::Picture => {
            ("userpic", format!("userpic pin={pin}\tfilename={pin}.jpg\tsize={size}\tcontent={text}\r\n"))
        }
        Kind::Face | Kind::Vein => return None,
    })
}

/// Rows of a table, for a query.
pub(crate) fn table(name: &str, memory: &Memory, model: Model) -> Vec<String> {
    let text = |row: Vec<u8>| String::from_utf8_lossy(&row).into_owned();
    match name {
        "user" => memory.people().map(|person| text(user_row(person, model))).collect(),
        "userauthorize" => memory
            .doors()
            .iter()
            .map(|(pin, door)| {
                format!("userauthorize pin={pin}\tauthorizetimezoneid=1\tauthorizedoorid={door}\tdevid=1\r\n")
            })
            .collect(),
        "transaction" => memory
            .punches()
            .iter()
            .map(|punch| transaction_row(punch, &card(memory, &punch.pin, model)))
            .collect(),
        _ => memory
            .people()
            .flat_map(|person| {
                person
                    .templates
                    .iter()
                    .filter_map(|(slot, template)| template_row(&person.pin, *slot, template))
            })
            .filter(|(table, _)| *table == name)
            .map(|(_, row)| row)
            .collect(),
    }
}
