//! Which orders a poll takes with it (quirks Q2 to Q5): a pure rule over what is open.

use std::collections::HashSet;

use crate::clock::Timestamp;

/// An order that has no result yet, as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub id: i64,
    /// Handed out, and not overdue.
    pub out: bool,
    /// The step that must be done before.
    pub waits_for_step: bool,
    pub person: Option<String>,
    /// Travels in an answer of its own.
    pub alone: bool,
    /// Bytes it takes in an answer.
    pub size: usize,
}

/// How much one answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Commands.
    pub commands: usize,
    /// Bytes; a single command may exceed them.
    pub bytes: usize,
}

impl Budget {
    /// The iclock dialects: far below what the documents allow, which is 200 commands and 40 KB (attendance-push §13.1).
    pub const ICLOCK: Self = Self { commands: 50, bytes: 32 * 1024 };
    /// FK machines take one command from a poll (fk-http §5).
    pub const FK: Self = Self { commands: 1, bytes: usize::MAX };
}

/// What is handed out, in the order given; `open` has every order of one machine without a result, oldest first.
pub(super) fn pick(open: &[Open], budget: Budget) -> Vec<i64> {
    let mut picked = Vec::new();
    let mut bytes = 0_usize;
    // People whose earlier order is out or held back: a later one must not overtake it (Q3).
    let mut held: HashSet<&str> = HashSet::new();
    for order in open {
        let person = order.person.as_deref();
        let free = !order.out && !order.waits_for_step && person.is_none_or(|pin| !held.contains(pin));
        if !free {
            held.extend(person);
            continue;
        }
        let fits = picked.is_empty() || (!order.alone && bytes.saturating_add(order.size) <= budget.bytes);
        if !fits || picked.len() >= budget.commands {
            // Whatever comes later stays behind it: orders of one machine keep their order.
            break;
        }
        picked.push(order.id);
        bytes = bytes.saturating_add(order.size);
        if order.alone {
            break;
        }
    }
    picked
}

/// What becomes of an order whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    /// Nothing yet.
    No,
    /// Never handed out, and nobody wants it any more (Q4).
    Expired,
    /// To be handed out once more (Q1).
    Again,
    /// The machine never said what became of it.
    Unanswered,
}

/// How often an order is handed out before nothing more is expected (Q1).
pub const MOST_TRIES: u32 = 5;

/// Judges one order.
pub(super) fn overdue(
    now: Timestamp,
    lease_until: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    once_only: bool,
    tries: u32,
) -> Overdue {
    match lease_until {
        None if expires_at.is_some_and(|end| end <= now) => Overdue::Expired,
        Some(end) if end <= now => {
            if once_only || tries >= MOST_TRIES {
                Overdue::Unanswered
            } else {
                Overdue::Again
            }
        }
        _ => Overdue::No,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn order(id: i64) -> Open {
        Open { id, out: false, waits_for_step: false, person: None, alone: false, size: 100 }
    }

    fn about(id: i64, pin: &str) -> Open {
        Open { person: Some(pin.to_owned()), ..order(id) }
    }

    const SMALL: Budget = Budget { commands: 3, bytes: 250 };

    #[test]
    fn what_a_poll_takes() {
        let out = |order: Open| Open { out: true, ..order };
        let alone = |order: Open| Open { alone: true, ..order };
        let step = |order: Open| Open { waits_for_step: true, ..order };
        let table: &[(&str, Vec<Open>, &[i64])] = &[
            ("nothing", vec![], &[]),
            ("q5: as many as fit", vec![order(1), order(2), order(3)], &[1, 2]),
            ("q5: a large one by itself", vec![Open { size: 9000, ..order(1) }, order(2)], &[1]),
            (
                "q5: what is large waits for its turn",
                vec![order(1), Open { size: 9000, ..order(2) }, order(3)],
                &[1],
            ),
            ("q5: a restart is alone", vec![alone(order(1)), order(2)], &[1]),
            ("q5: a restart after the others", vec![order(1), alone(order(2)), order(3)], &[1]),
            ("q2: never twice within the lease", vec![out(order(1)), order(2)], &[2]),
            ("q3: one person's orders in their order", vec![about(1, "7"), about(2, "7")], &[1, 2]),
            (
                "q3: a later one waits for one that is out",
                vec![out(about(1, "7")), about(2, "7"), about(3, "8")],
                &[3],
            ),
            ("q3: and for one that waits itself", vec![step(about(1, "7")), about(2, "7"), order(3)], &[3]),
            ("a step waits for the one before", vec![order(1), step(order(2)), order(3)], &[1, 3]),
        ];
        for (what, open, expected) in table {
            assert_eq!(pick(open, SMALL), *expected, "{what}");
        }
        let few = Budget { commands: 1, bytes: usize::MAX };
        assert_eq!(pick(&[order(1), order(2)], few), [1], "q5: FK machines take one");
    }

    #[test]
    fn q1_q4_what_time_does_to_an_order() {
        let at = |seconds| Timestamp::from_timestamp(seconds, 0).unwrap();
        let table = [
            ("queued", None, Some(at(10)), false, 0, Overdue::No),
            ("queued too long", None, Some(at(4)), true, 0, Overdue::Expired),
            ("wanted for ever", None, None, false, 0, Overdue::No),
            ("out", Some(at(6)), Some(at(1)), false, 1, Overdue::No),
            ("no answer", Some(at(5)), None, false, 1, Overdue::Again),
            ("no answer, often", Some(at(5)), None, false, MOST_TRIES, Overdue::Unanswered),
            ("a door never opens twice", Some(at(5)), None, true, 1, Overdue::Unanswered),
        ];
        for (what, lease, expires, once, tries, expected) in table {
            assert_eq!(overdue(at(5), lease, expires, once, tries), expected, "{what}");
        }
    }

    proptest! {
        #[test]
        fn q3_q5_whatever_is_open(
            open in proptest::collection::vec((any::<bool>(), any::<bool>(), 0_u8..4, any::<bool>(), 1_usize..200), 0..30),
            commands in 1_usize..6,
        ) {
            let open: Vec<Open> = open
                .into_iter()
                .zip(1..)
                .map(|((out, waits_for_step, person, alone, size), id)| Open {
                    id, out, waits_for_step, person: (person > 0).then(|| person.to_string()), alone, size,
                })
                .collect();
            let picked = pick(&open, Budget { commands, bytes: 300 });
            prop_assert!(picked.len() <= commands && picked.is_sorted());
            let of = |id: i64| open.iter().find(|order| order.id == id).unwrap();
            for id in &picked {
                let order = of(*id);
                prop_assert!(!order.out && !order.waits_for_step);
                prop_assert!(!order.alone || picked.len() == 1);
                // Nothing of the same person stays behind it.
                prop_assert!(open.iter().all(|earlier| earlier.id >= *id
                    || earlier.person.is_none() || earlier.person != order.person || picked.contains(&earlier.id)));
            }
            // Something free is never left waiting when nothing was taken.
            let free = open.iter().any(|order| !order.out && !order.waits_for_step
                && open.iter().all(|earlier| earlier.id >= order.id || earlier.person.is_none() || earlier.person != order.person));
            prop_assert_eq!(free, !picked.is_empty());
        }
    }
}
