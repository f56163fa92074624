//! The tables of access machines and what they are registered with: rows are in order, the two forms of an event are one
//! event, and what was written is read back.

use rollcall_protocol::access::configuration::{Configuration, parse_registered, write_registered};
use rollcall_protocol::access::errors::MachineError;
use rollcall_protocol::access::event::{self, Event, Form};
use rollcall_protocol::access::people::User;
use rollcall_protocol::access::row::{Row, Table, rows};
use rollcall_protocol::access::state::DoorState;
use rollcall_protocol::access::time::{Limit, pack};
use rollcall_protocol::access::{answer, templates};
use rollcall_protocol::text::decode;

/// Judges one input, as everything it could be.
pub fn check(body: &[u8]) {
    events(body);
    for row in rows(body) {
        assert!(!row.raw.contains(&b'\n'));
        tables(&row);
    }
    door(body);
    registration(body);
}

fn events(body: &[u8]) {
    for line in event::lines(body) {
        assert_eq!(line.event, event::parse_line(line.raw));
        let Ok(event) = line.event else { continue };
        assert!(!event.pin.chars().chain(event.verify.chars()).any(char::is_control));
        let _ = event.class();
        let live = again(&event, Form::RealTime);
        assert_eq!(essence(&live), essence(&event));
        if pack(event.time).is_some() {
            let row = again(&event, Form::Transaction);
            assert_eq!(essence(&row), essence(&event), "both forms are one event");
        }
    }
}

/// What one event is known by, whatever form it comes in.
fn essence<'e>(event: &'e Event<'_>) -> impl PartialEq + std::fmt::Debug + use<'e> {
    (
        event.time,
        event.pin.as_ref(),
        event.code,
        event.status,
        (event.verify.as_ref(), event.card.as_ref()),
        (event.point, event.index, event.rest.len()),
    )
}

fn again(event: &Event<'_>, form: Form) -> Event<'static> {
    let mut written = Vec::new();
    event.write(form, &mut written);
    let line = written.strip_suffix(b"\r\n").expect("it ends with a line end");
    assert!(!line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'));
    // Leaked: a target is run once per input, and the borrow would go nowhere else.
    let line = decode(line).into_owned();
    let event = event::parse_line(line.as_bytes()).expect("what was written is an event");
    Event {
        pin: event.pin.into_owned().into(),
        verify: event.verify.into_owned().into(),
        card: event.card.into_owned().into(),
        rest: event.rest.iter().map(|(k, v)| (k.to_string().into(), v.to_string().into())).collect(),
        ..Event { rest: Vec::new(), pin: "".into(), verify: "".into(), card: "".into(), ..event }
    }
}

fn tables(row: &Row<'_>) {
    for table in [Table::TemplateV10, Table::FaceV7, Table::BioData, Table::BioPhoto, Table::UserPic] {
        if let Ok(template) = templates::template(table, row) {
            assert!(template.data.len() <= row.raw.len());
        }
    }
    if let Some(picture) = templates::picture(row) {
        assert!(picture.data.len() <= row.raw.len());
    }
    if let Some(error) = MachineError::of(row) {
        assert!(!error.code.is_empty());
    }
    let Some(user) = User::of(row.clone()) else { return };
    let _ = (user.privilege(), user.inactive());
    let mut written = Vec::new();
    user.write(&mut written);
    assert_eq!(written.iter().filter(|byte| **byte == b'\n').count(), 1);
    let mut reread = rows(&written);
    let again = reread.next().and_then(User::of).expect("what was written is a person");
    assert!(reread.next().is_none(), "a value became a row");
    assert_eq!(
        (&again.pin, &again.name, &again.card, &again.password, &again.privilege, again.disabled),
        (&user.pin, &user.name, &user.card, &user.password, &user.privilege, user.disabled)
    );
    for (again, limit) in [(again.from, user.from), (again.to, user.to)] {
        // Eight digits are a day; packed seconds that long only come with zeros in front.
        let is_long =
            |limit: &Limit| matches!(limit, Limit::Second(time) if pack(*time) >= Some(100_000_000));
        if limit.is_none_or(|limit| is_long(&limit) || matches!(limit, Limit::Day(_))) {
            assert_eq!(again, limit);
        }
    }
}

fn door(body: &[u8]) {
    let Some(state) = DoorState::parse(body) else { return };
    let mut written = Vec::new();
    state.write(&mut written);
    assert_eq!(DoorState::parse(&written).as_ref(), Some(&state));
}

fn registration(body: &[u8]) {
    if let Some(configuration) = Configuration::parse(body) {
        let mut written = Vec::new();
        configuration.write(&mut written);
        assert_eq!(written.last(), Some(&b'\n'));
        assert_eq!(Configuration::parse(&written).as_ref(), Some(&configuration));
    }
    if let Some(code) = parse_registered(body) {
        let mut written = Vec::new();
        write_registered(code, &mut written);
        assert_eq!(parse_registered(&written), Some(code));
    }
    if let Some((table, count)) = answer::parse_count(body) {
        let mut written = Vec::new();
        answer::write_count(table, count, &mut written);
        assert_eq!(answer::parse_count(&written).map(|(_, count)| count), Some(count));
    }
    let mut written = Vec::new();
    answer::write_no_decision(body, &mut written);
    assert!(written.len() <= 4096);
}
