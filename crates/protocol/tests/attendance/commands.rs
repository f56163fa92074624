//! Framing of commands (attendance-push §13.1).

use proptest::prelude::*;
use rollcall_protocol::attendance::command::{
    Body, Command, parse_commands, received_fields, write_commands,
};
use rollcall_protocol::text::Encoding;

use crate::listing::{message, shown};

fn written(commands: &[Command], encoding: Encoding) -> Vec<u8> {
    let mut out = Vec::new();
    write_commands(commands, encoding, &mut out);
    out
}

fn received(body: &[u8]) -> Vec<(String, String)> {
    parse_commands(body).into_iter().map(|c| (c.id.to_owned(), c.body.into_owned())).collect()
}

#[test]
fn the_worked_message() {
    let commands = [
        Command {
            id: 295,
            body: Body::new("DATA UPDATE USERINFO")
                .field("PIN", "1003")
                .field("Name", "Li Si")
                .field("Pri", "0")
                .field("Passwd", "")
                .field("Card", "")
                .field("Grp", "1")
                .field("TZ", "0000000100000000"),
        },
        Command { id: 296, body: Body::new("DATA DELETE USERINFO").field("PIN", "1002") },
        Command { id: 297, body: Body::new("CHECK") },
    ];
    let body = message("commands").body;
    assert_eq!(shown(&written(&commands, Encoding::Utf8)), shown(&body));
    let expected: Vec<_> = commands.iter().map(|c| (c.id.to_string(), c.body.as_str().to_owned())).collect();
    assert_eq!(received(&body), expected);
}

/// Builds a command again from what a machine received.
fn rebuilt(body: &str) -> Body {
    let Some((head, _)) = body.split_once('=') else { return Body::new(body) };
    let (words, _) = head.rsplit_once(' ').unwrap();
    received_fields(&body[words.len() + 1..]).fold(Body::new(words), |b, (key, value)| b.field(&key, &value))
}

#[test]
fn every_kind_of_command_is_written_as_worked() {
    for name in ["commands", "commands-all", "commands-biophoto", "commands-reboot"] {
        let body = message(name).body;
        let commands: Vec<_> = parse_commands(&body)
            .iter()
            .map(|c| Command { id: c.number().unwrap(), body: rebuilt(&c.body) })
            .collect();
        assert_eq!(shown(&written(&commands, Encoding::Utf8)), shown(&body), "{name}");
    }
    assert_eq!(parse_commands(&message("commands-all").body).len(), 16);
}

#[test]
fn h7_a_command_without_lf_is_not_executed() {
    for (body, ids) in [
        ("C:1:CHECK\nC:2:LOG\n", &["1", "2"][..]),
        ("C:1:CHECK\nC:2:LOG", &["1"]),
        ("C:1:CHECK", &[]),
        ("C:1:CHECK\r\n\r\nC:2:LOG\r\n", &["1", "2"]),
        ("C:1:CHECK\r", &["1"]),
        ("\n\nC:1:CHECK\n\n", &["1"]),
        ("OK", &[]),
        ("OK\n", &[]),
        ("", &[]),
    ] {
        let found: Vec<_> = received(body.as_bytes()).into_iter().map(|(id, _)| id).collect();
        assert_eq!(found, ids, "{body:?}");
    }
}

#[test]
fn what_is_not_a_command() {
    for line in
        ["C:1", "C:1:", "C::CHECK", "c:1:CHECK", " C:1:CHECK", "C:1-2:CHECK", "C:12345678901234567:LOG"]
    {
        assert_eq!(received(format!("{line}\n").as_bytes()), [], "{line:?}");
    }
    assert_eq!(received(b"C:abc123:LOG\n"), [("abc123".to_owned(), "LOG".to_owned())]);
}

#[test]
fn q7_a_line_break_in_a_name_does_not_begin_a_command() {
    let name = "Li\nC:9:CLEAR DATA\r\nC:10:REBOOT\t\0Pri=14\u{85}\u{7f}";
    let command =
        Command { id: 1, body: Body::new("DATA UPDATE USERINFO").field("PIN", "7").field("Name", name) };
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let body = written(std::slice::from_ref(&command), encoding);
        assert_eq!(
            shown(&body),
            "C:1:DATA UPDATE USERINFO PIN=7␉Name=Li C:9:CLEAR DATA  C:10:REBOOT  Pri=14  ␊\n"
        );
        assert_eq!(received(&body).len(), 1);
    }
    assert_eq!(Body::new("CHECK\nC:2:CLEAR DATA").as_str(), "CHECK C:2:CLEAR DATA");
}

#[test]
fn words_are_matched_in_any_case() {
    let body =
        b"C:1:data Query ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-06 23:59:59\nC:2:CHECK\n";
    let commands = parse_commands(body);
    let rest = commands[0].after("DATA QUERY ATTLOG").unwrap();
    let fields: Vec<_> = received_fields(rest).collect();
    assert_eq!(
        fields,
        [
            ("StartTime".into(), "2026-07-01 00:00:00".into()),
            ("EndTime".into(), "2026-07-06 23:59:59".into())
        ]
    );
    assert_eq!(commands[0].after("DATA QUERY ATT"), None);
    assert_eq!(commands[0].after("CHECK"), None);
    assert_eq!(commands[1].after("check"), Some(""));
    // No panic inside a character.
    assert_eq!(parse_commands("C:1:张\n".as_bytes())[0].after("X"), None);
}

#[test]
fn p5_names_go_out_in_the_machines_encoding() {
    let command = Command { id: 1, body: Body::new("DATA UPDATE USERINFO").field("Name", "张三𠮷") };
    let body = written(&[command], Encoding::Gb18030);
    assert!(body.ends_with(b"Name=\xd5\xc5\xc8\xfd\x95\x34\xb2\x35\n"));
    assert_eq!(received(&body)[0].1, "DATA UPDATE USERINFO Name=张三𠮷");
}

prop_compose! {
    fn command()(
        id in 1..=999_999_999u32,
        words in "[A-Z]{1,6}( [A-Z]{1,6}){0,2}",
        fields in prop::collection::vec(("[A-Za-z]{1,8}", ".{0,12}"), 0..5),
    ) -> Command {
        Command { id, body: fields.iter().fold(Body::new(&words), |body, (key, value)| body.field(key, value)) }
    }
}

proptest! {
    #[test]
    fn commands_are_read_back(commands in prop::collection::vec(command(), 0..6)) {
        let expected: Vec<_> =
            commands.iter().map(|c| (c.id.to_string(), c.body.as_str().to_owned())).collect();
        prop_assert_eq!(received(&written(&commands, Encoding::Utf8)), expected);
    }

    #[test]
    fn q7_no_control_character_leaves_a_field(
        words in any::<String>(), key in any::<String>(), values in prop::collection::vec(any::<String>(), 0..4)
    ) {
        let body = values.iter().fold(Body::new(&words), |body, value| body.field(&key, value));
        for encoding in [Encoding::Utf8, Encoding::Gb18030] {
            let bytes = written(&[Command { id: 7, body: body.clone() }], encoding);
            let controls: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_control).collect();
            let mut expected = vec![b'\t'; values.len().saturating_sub(1)];
            expected.push(b'\n');
            prop_assert_eq!(controls, expected);
        }
    }
}
