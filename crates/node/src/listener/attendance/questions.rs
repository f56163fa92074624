//! Questions that are answered with records (attendance-push §11): the database is asked, so they leave as a [`Job`], and
//! without an answer the machine is told that nobody knows.

use std::sync::Arc;

use rollcall_core::machines::{machine_get, means_of};
use rollcall_core::page::Page;
use rollcall_core::punches::{Kind, Order as Sorting, PunchError, PunchFilter, punch_list};
use rollcall_core::roster::{RosterError, roster_of_pin};
use rollcall_core::{Sn, db};
use rollcall_protocol::Dialect;
use rollcall_protocol::attendance::orders;
use rollcall_protocol::attendance::questions::{LastPunch, NO_LAST_PUNCH, NONE, write_person};
use rollcall_protocol::order::{Order, Person, Pin};

use super::super::desk::{Caller, Case, Desk, Outcome, Reply};
use super::super::job::{Acknowledgement, Answer, Job, Stored, Work};
use super::heard;

/// “Is this person known elsewhere?” Whoever is on the machine's roster and enabled is.
pub(super) fn who_is(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, reply: &mut Reply<'_>) -> Outcome {
    ask(desk, case, caller, reply, NONE, person)
}

/// “When did I punch last?”
pub(super) fn last_punch(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    ask(desk, case, caller, reply, NO_LAST_PUNCH, punch)
}

/// Looks up what a machine is told about a number.
type Look = fn(&db::Tx<'_>, &Sn, &Pin) -> Result<Option<Vec<u8>>, db::Error>;

/// Looks something up for a machine of ours that asks about a number that can be one's; everybody else is told `nothing`.
fn ask(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    reply: &mut Reply<'_>,
    nothing: &'static [u8],
    look: Look,
) -> Outcome {
    heard(desk, case, caller);
    let pin = case.target.query.text("PIN").and_then(|pin| Pin::new(&pin).ok());
    let (Some(known), Some(pin)) = (caller.trusted(), pin) else { return reply.accept(nothing) };
    let sn = known.sn.clone();
    let work = Work::Store(Box::new(move |tx| {
        let answer = look(tx, &sn, &pin)?.map(Answer::Text);
        Ok(Stored { answer, ..Stored::default() })
    }));
    let acknowledgement = Acknowledgement::Always(nothing.to_vec());
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}

fn person(tx: &db::Tx<'_>, sn: &Sn, pin: &Pin) -> Result<Option<Vec<u8>>, db::Error> {
    let entry = match roster_of_pin(tx, sn, pin.as_str()) {
        Ok(entry) => entry.filter(|entry| entry.enabled),
        Err(RosterError::Database(error)) => return Err(error),
        Err(_) => None,
    };
    let Some((machine, entry)) = machine_get(tx, sn)?.zip(entry) else { return Ok(None) };
    let means = means_of(&machine, Dialect::Attendance, tx.now());
    let person = Person {
        pin: pin.clone(),
        name: entry.name,
        privilege: entry.role.into(),
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    };
    // What the machine could not be told it is not told here either.
    let Ok(record) = orders::body(&Order::PutPerson(person), &means) else { return Ok(None) };
    let mut answer = Vec::new();
    write_person(&[record], means.encoding, &mut answer);
    Ok(Some(answer))
}

fn punch(tx: &db::Tx<'_>, sn: &Sn, pin: &Pin) -> Result<Option<Vec<u8>>, db::Error> {
    let filter = PunchFilter {
        sn: Some(sn.clone()),
        pin: Some(pin.as_str().to_owned()),
        order: Sorting::Time,
        ..PunchFilter::default()
    };
    let page = Page { limit: 10, cursor: None };
    let last = match punch_list(tx, &filter, &page) {
        Ok(paged) => paged.items.into_iter().find(|punch| punch.kind == Kind::Punch),
        Err(PunchError::Database(error)) => return Err(error),
        Err(PunchError::Cursor(_)) => None,
    };
    let Some((machine, last)) = machine_get(tx, sn)?.zip(last) else { return Ok(None) };
    let name = last.employee.map(|(_, name)| name).unwrap_or_default();
    let encoding = means_of(&machine, Dialect::Attendance, tx.now()).encoding;
    let told = LastPunch {
        pin: last.pin.into(),
        name: name.into(),
        state: last.status.unwrap_or_default(),
        work_code: last.work_code.into(),
        time: last.wall,
    };
    let mut answer = Vec::new();
    told.write(encoding, &mut answer);
    Ok(Some(answer))
}
