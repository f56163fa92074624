//! What a machine says of itself, in bounds: a machine may say what it likes, but not fill the database with it.

use rollcall_core::machines::{Report, Reported};
use rollcall_protocol::attendance::handshake::Handshake;
use rollcall_protocol::attendance::info::Info;
use rollcall_protocol::attendance::options::{self, Pair};
use rollcall_protocol::text;

use crate::listener::trace::is_secret;

/// Options kept of one machine, and bytes of a name and a value.
const MOST_OPTIONS: usize = 200;
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 512;

/// Adds what was said later to what was said before.
pub(crate) fn merge(older: &mut Report, newer: Report) {
    fn take<T>(older: &mut Option<T>, newer: Option<T>) {
        if newer.is_some() {
            *older = newer;
        }
    }
    take(&mut older.last_seen_at, newer.last_seen_at);
    take(&mut older.caught_up_at, newer.caught_up_at);
    take(&mut older.address, newer.address);
    if newer.reported.people == Some(0) {
        // Said in the request that is being read, which was noted as a contact when it came.
        older.empty_at = newer.empty_at.or(older.last_seen_at);
    } else {
        take(&mut older.empty_at, newer.empty_at);
    }
    take(&mut older.dialect, newer.dialect);
    take(&mut older.firmware, newer.firmware);
    take(&mut older.protocol_version, newer.protocol_version);
    take(&mut older.language, newer.language);
    take(&mut older.seen_encoding, newer.seen_encoding);
    take(&mut older.clock_skew, newer.clock_skew);
    take(&mut older.reported.people, newer.reported.people);
    take(&mut older.reported.fingerprints, newer.reported.fingerprints);
    take(&mut older.reported.faces, newer.reported.faces);
    take(&mut older.reported.punches, newer.reported.punches);
    for (key, value) in newer.options {
        let room = older.options.len() < MOST_OPTIONS;
        match older.options.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&key)) {
            Some((_, known)) => *known = value,
            None if room => older.options.push((key, value)),
            None => {}
        }
    }
}

/// What firmware without a `pushver` is called (attendance-push §3.1); it is told things in words of its own.
const VERY_OLD: &str = "1.x";

/// What a handshake says.
pub(crate) fn of_handshake(handshake: &Handshake<'_>) -> Report {
    let push_version = handshake.push_version.as_deref().map_or_else(|| VERY_OLD.to_owned(), value);
    Report {
        protocol_version: Some(push_version),
        language: handshake.language.as_deref().map(value),
        ..Report::default()
    }
}

/// What a poll with `INFO` says (attendance-push §6).
pub(crate) fn of_info(info: &Info) -> Report {
    Report {
        firmware: info.firmware.as_deref().map(value),
        reported: Reported {
            people: info.users,
            fingerprints: info.fingerprints,
            faces: info.faces,
            punches: info.punches,
        },
        ..Report::default()
    }
}

/// What a list of capabilities says (attendance-push §5, access-push §3).
pub(crate) fn of_options(pairs: &[Pair<'_>]) -> Report {
    let number = |key| options::get(pairs, key).and_then(|value| value.parse().ok());
    let text = |key| options::get(pairs, key).filter(|text| !text.is_empty()).map(value);
    Report {
        firmware: text("FWVersion").or_else(|| text("FirmVer")),
        language: text("Language"),
        reported: Reported {
            people: number("UserCount"),
            fingerprints: number("FPCount"),
            faces: number("FaceCount"),
            punches: number("TransactionCount"),
        },
        options: kept(pairs).collect(),
        ..Report::default()
    }
}

/// The pairs worth keeping, in bounds and without secrets.
pub(crate) fn kept<'a>(pairs: &'a [Pair<'_>]) -> impl Iterator<Item = (String, String)> + 'a {
    pairs
        .iter()
        .filter(|(key, _)| key.len() <= LONGEST_NAME && !is_secret(key))
        .take(MOST_OPTIONS)
        .map(|(key, text)| (key.to_string(), value(text)))
}

/// A value in bounds, without control characters.
pub(crate) fn value(text: &str) -> String {
    text::clean(text::truncate_bytes(text, LONGEST_VALUE)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_later_counts_and_what_is_not_said_again_stays() {
        let mut report = of_options(&options::parse(b"FWVersion=1,UserCount=3,PushVersion=a"));
        merge(&mut report, of_options(&options::parse(b"UserCount=4,pushversion=b,FaceCount=1")));
        assert_eq!(report.firmware.as_deref(), Some("1"));
        assert_eq!((report.reported.people, report.reported.faces), (Some(4), Some(1)));
        assert_eq!(report.options.iter().find(|(key, _)| key == "PushVersion").unwrap().1, "b");
    }

    #[test]
    fn options_are_kept_in_bounds_and_without_secrets() {
        let long = format!("A={},ComPwd=123,~PushCommKey=1,authKey=x,B=2", "x".repeat(5000));
        let report = of_options(&options::parse(long.as_bytes()));
        assert_eq!(report.options.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(report.options[0].1.len(), LONGEST_VALUE);
        let many: String = (0..500).map(|n| format!("K{n}=1,")).collect();
        assert_eq!(of_options(&options::parse(many.as_bytes())).options.len(), MOST_OPTIONS);
    }
}
