//! Blocks of FK messages in any order: memory stays in bounds, and what comes out was put in.

use rollcall_protocol::fk::assembly::{Assembly, Bounds, Joined};

use super::bytes::Bytes;

const BOUNDS: Bounds = Bounds { machine: 96, all: 200, messages: 2, age: 100 };

/// Judges one input, a list of blocks: who sends it, its number, when, and its bytes.
pub fn check(data: &[u8]) {
    let mut bytes = Bytes(data);
    let mut assembly = Assembly::new(BOUNDS);
    let (mut now, mut sent) = (1_000_i64, 0_usize);
    while !bytes.is_empty() {
        let who = bytes.byte();
        let (machine, trans_id, code) = (who & 3, [who >> 2 & 1], [b'A' + (who >> 3 & 1)]);
        let number = match bytes.byte() {
            number @ 0..=250 => u32::from(number % 8),
            251 => u32::MAX,
            252 => u32::MAX - 1,
            _ => 2,
        };
        now += i64::from(bytes.byte().cast_signed()) * i64::from(who >> 4);
        let block = bytes.part();
        sent += block.len();
        if number == 7 && who & 0x80 != 0 {
            assembly.forget(&machine);
            continue;
        }
        if let Joined::Whole(whole) = assembly.join(&machine, &trans_id, &code, number, block, now) {
            assert_eq!(number, 0, "only the last block makes a message whole");
            assert!(whole.ends_with(block));
            assert!(whole.len() <= sent);
            assert!(whole.len() <= BOUNDS.machine.max(block.len()));
        }
        assert!(assembly.held() <= BOUNDS.all, "{} bytes", assembly.held());
    }
    for machine in 0..4 {
        assembly.forget(&machine);
    }
    assert_eq!(assembly.held(), 0, "what is forgotten is not counted any more");
}
