//! Commands: only what is ended is executed, and no text makes the writer write anything but the commands it
//! was given.

use rollcall_protocol::attendance::command::{
    Body, Command, parse_commands, received_fields, write_commands,
};
use rollcall_protocol::text::{Encoding, decode};

/// Judges one input.
pub fn check(data: &[u8]) {
    for command in parse_commands(data) {
        assert!((1..=16).contains(&command.id.len()));
        assert!(!command.body.contains(['\n', '\r']));
        for words in ["DATA UPDATE USERINFO", "CHECK", ""] {
            if let Some(rest) = command.after(words) {
                received_fields(rest).for_each(drop);
            }
        }
    }
    if let Some(end) = data.iter().rposition(|b| matches!(b, b'\n' | b'\r')) {
        assert_eq!(parse_commands(data), parse_commands(&data[..=end]));
    } else {
        assert!(parse_commands(data).is_empty());
    }

    // The first byte tells how much of the rest is words, key and value.
    let Some((split, rest)) = data.split_first() else { return };
    let (words, rest) = rest.split_at(usize::from(split >> 4).min(rest.len()));
    let (key, value) = rest.split_at(usize::from(split & 0xf).min(rest.len()));
    let (words, key, value) = (decode(words), decode(key), decode(value));
    let body = Body::new(&words).field(&key, &value).field(&key, &value);
    let commands = [Command { id: 7, body: body.clone() }, Command { id: 8, body }];
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let mut written = Vec::new();
        write_commands(&commands, encoding, &mut written);
        let controls: Vec<u8> = written.iter().copied().filter(u8::is_ascii_control).collect();
        assert_eq!(controls, b"\t\n\t\n");
        let ids: Vec<_> = parse_commands(&written).iter().map(|command| command.number()).collect();
        assert_eq!(ids, [Some(7), Some(8)]);
    }
}
