//! Messages in blocks.

use proptest::prelude::*;
use rollcall_protocol::fk::assembly::{Assembly, Bounds, Joined};

use crate::listing::framed;

const CODE: &[u8] = b"realtime_enroll_data";
const TRANS: &[u8] = b"RTEnrollDataAction";

struct Rig(Assembly<u8>);

impl Rig {
    fn new() -> Self {
        Self::with(Bounds::default())
    }

    fn with(bounds: Bounds) -> Self {
        Self(Assembly::new(bounds))
    }

    fn block<'a>(&mut self, number: u32, block: &'a [u8]) -> Joined<'a> {
        self.0.join(&1, TRANS, CODE, number, block, 0)
    }
}

fn message() -> Vec<u8> {
    framed(r#"{"user_id":"1001","user_photo":"BIN_1"}"#, &[&[0; 200]])
}

fn whole(bytes: &[u8]) -> Joined<'_> {
    Joined::Whole(bytes.into())
}

#[test]
fn blocks_cut_anywhere_give_the_message() {
    let message = message();
    for first in 1..message.len() - 1 {
        for second in [first, first + 1, message.len() - 1] {
            let mut rig = Rig::new();
            assert_eq!(rig.block(1, &message[..first]), Joined::More);
            assert_eq!(rig.block(2, &message[first..second]), Joined::More);
            assert_eq!(rig.block(0, &message[second..]), whole(&message), "{first} {second}");
        }
    }
}

#[test]
fn a_single_block_is_a_message_and_holds_no_memory() {
    let mut rig = Rig::new();
    let message = message();
    assert_eq!(rig.block(0, &message), whole(&message));
    assert_eq!(rig.block(0, b""), whole(b""));
    assert_eq!(rig.0.held(), 0);
}

#[test]
fn a_new_beginning_and_a_single_block_discard_a_half_message() {
    let message = message();
    let mut rig = Rig::new();
    rig.block(1, b"something else");
    assert_eq!(rig.block(1, &message[..10]), Joined::More);
    assert_eq!(rig.block(0, &message[10..]), whole(&message));
    rig.block(1, b"half");
    assert_eq!(rig.block(0, &message), whole(&message));
    assert_eq!(rig.0.held(), 0);
    assert_eq!(rig.block(0, &message[10..]), Joined::Gap, "nothing to continue");
}

#[test]
fn messages_of_others_are_kept_apart() {
    let message = message();
    let mut assembly = Assembly::new(Bounds::default());
    let keys: [(u8, &[u8], &[u8]); 4] = [(1, b"a", b"x"), (2, b"a", b"x"), (1, b"b", b"x"), (1, b"a", b"y")];
    for (n, (machine, trans_id, code)) in keys.iter().enumerate() {
        assembly.join(machine, trans_id, code, 1, &message[..n + 5], 0);
    }
    for (n, (machine, trans_id, code)) in keys.iter().enumerate() {
        assert_eq!(assembly.join(machine, trans_id, code, 0, &message[n + 5..], 0), whole(&message));
    }
}

#[test]
fn d1_a_block_sent_twice_counts_once_and_the_last_may_come_again() {
    let message = message();
    let mut rig = Rig::new();
    rig.block(1, &message[..10]);
    rig.block(2, &message[10..20]);
    assert_eq!(rig.block(2, &message[10..20]), Joined::More);
    // The answer was lost, or the storage failed: the machine says the end again.
    for _ in 0..3 {
        assert_eq!(rig.block(0, &message[20..]), whole(&message));
    }
}

#[test]
fn a_missing_block_makes_the_machine_begin_again() {
    let message = message();
    let mut rig = Rig::new();
    rig.block(1, &message[..10]);
    assert_eq!(rig.block(3, &message[10..20]), Joined::Gap);
    assert_eq!(rig.block(0, &message[20..]), Joined::Gap, "not joined to what came before the gap");
    assert_eq!(rig.block(2, b"x"), Joined::Gap);
    rig.block(1, &message[..10]);
    assert_eq!(rig.block(0, &message[10..]), whole(&message));
}

#[test]
fn a4_an_end_without_a_beginning_is_handed_over_after_some_refusals() {
    let mut rig = Rig::new();
    let end = [0xd8; 50];
    let answers: Vec<_> = (0..4).map(|_| rig.block(0, &end) == Joined::Gap).collect();
    assert_eq!(
        answers,
        [true, true, true, false],
        "a record nobody can read must not block a machine for ever"
    );
    // What begins like a message is no end of one; sending it again would not help.
    assert_eq!(rig.block(0, b"{\"user_id\":"), whole(b"{\"user_id\":"));
}

#[test]
fn s1_memory_is_bounded_by_machine_and_in_all() {
    let mut rig = Rig::with(Bounds { machine: 100, all: 150, messages: 2, age: 600 });
    assert_eq!(rig.block(1, &[1; 101]), Joined::Full);
    assert_eq!(rig.block(1, &[1; 60]), Joined::More);
    assert_eq!(rig.block(2, &[1; 41]), Joined::Full);
    assert_eq!(rig.0.held(), 0, "what cannot be finished is not held");
    rig.block(1, &[1; 100]);
    assert_eq!(rig.0.join(&2, TRANS, CODE, 1, &[1; 51], 0), Joined::Full);
    assert_eq!(rig.0.join(&2, TRANS, CODE, 1, &[1; 50], 0), Joined::More);
    assert_eq!(rig.0.held(), 150);
    // What is finished goes first.
    rig.0.forget(&2);
    rig.block(1, &[1; 60]);
    assert!(matches!(rig.block(0, &[2; 30]), Joined::Whole(_)));
    assert_eq!(rig.0.held(), 90);
    assert_eq!(rig.0.join(&2, TRANS, CODE, 1, &[1; 100], 0), Joined::More);
    assert_eq!(rig.0.held(), 100);
    // No machine holds more than two at a time: the one that lay longest goes.
    for trans_id in [b"1", b"2", b"3"] {
        rig.0.join(&3, trans_id, CODE, 1, b"x", i64::from(trans_id[0]));
    }
    assert_eq!(rig.0.held(), 102);
    assert_eq!(rig.0.join(&3, b"1", CODE, 2, b"x", 60), Joined::Gap);
    assert_eq!(rig.0.join(&3, b"3", CODE, 2, b"x", 60), Joined::More);
}

#[test]
fn what_nobody_continues_is_forgotten_with_the_time() {
    let mut assembly = Assembly::new(Bounds::default());
    assembly.join(&1, TRANS, CODE, 1, b"half", 1000);
    assembly.join(&2, TRANS, CODE, 1, b"half", 1500);
    assert_eq!(assembly.join(&3, b"t", b"c", 0, b"", 1601), whole(b""));
    assert_eq!(assembly.held(), 4);
    assert_eq!(assembly.join(&1, TRANS, CODE, 2, b"more", 1602), Joined::Gap);
    assert_eq!(assembly.join(&2, TRANS, CODE, 2, b"more", 1602), Joined::More);
    // A clock that is set back holds nothing for ever.
    assembly.join(&3, b"t", b"c", 0, b"", 10);
    assert_eq!(assembly.held(), 0);
}

proptest! {
    #[test]
    fn any_blocks_in_any_order_stay_in_bounds(
        blocks in prop::collection::vec((0_u8..3, 0_u8..3, 0_u32..4, prop::collection::vec(any::<u8>(), 0..60), 0_i64..2000), 0..80),
    ) {
        let mut assembly = Assembly::new(Bounds { machine: 100, all: 150, messages: 2, age: 600 });
        for (machine, trans_id, number, block, now) in &blocks {
            assembly.join(machine, &[*trans_id], CODE, *number, block, *now);
            prop_assert!(assembly.held() <= 150);
        }
        for machine in 0..3 {
            assembly.forget(&machine);
        }
        prop_assert_eq!(assembly.held(), 0);
    }
}
