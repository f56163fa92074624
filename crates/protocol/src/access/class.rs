//! Which events are punches (access-push §13).

/// What an event says about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Nobody was there: a door, an alarm, a button.
    Nobody,
    /// Somebody identified and was let in.
    Punch,
    /// Somebody identified and was refused: kept, not a punch.
    Refused,
    /// Somebody is named, and what happened is in no list: kept, and shown to the operator. A real punch dropped by a
    /// wrong list is gone for ever, a wrongly kept one is not.
    Unclassified,
}

/// Events that are punches when a person is named.
const PUNCHES: [i32; 18] = [0, 1, 2, 3, 14, 15, 16, 17, 18, 19, 203, 207, 208, 215, 216, 218, 222, 232];

/// The rule of §13, word by word. `pin` is as sent; no code is like one in no list.
#[must_use]
pub fn classify(pin: &str, code: Option<i32>) -> Class {
    if is_nobody(pin) {
        return Class::Nobody;
    }
    match code {
        Some(code) if PUNCHES.contains(&code) => Class::Punch,
        Some(20..=99) => Class::Refused,
        _ => Class::Unclassified,
    }
}

/// Whether a `pin` names nobody: empty, or zero in any length (P9).
#[must_use]
pub fn is_nobody(pin: &str) -> bool {
    pin.bytes().all(|byte| byte == b'0')
}

/// Whether an event is an alarm; opening under duress is one although somebody is named.
#[must_use]
pub fn is_alarm(code: i32) -> bool {
    (100..200).contains(&code)
}
