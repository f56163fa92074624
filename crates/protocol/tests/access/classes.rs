//! Which events are punches (access-push §13).

use rollcall_protocol::access::class::{Class, classify, is_alarm};

/// The table of the chapter, in its order: codes, and what they are when somebody is named.
const CHAPTER: [(&[i32], Class); 16] = [
    (&[0], Class::Punch),
    (&[1], Class::Punch),
    (&[2, 18, 19], Class::Punch),
    (&[3, 15, 203], Class::Punch),
    // “No” in the table, where nobody is named. Whoever is, is kept for the operator.
    (&[4], Class::Unclassified),
    (&[5], Class::Unclassified),
    (&[6, 7, 8, 9], Class::Unclassified),
    (&[14, 16, 17], Class::Punch),
    (&[20, 21, 22, 23, 24, 26, 29, 41, 48], Class::Refused),
    (&[27, 30, 34, 38, 39, 68, 69], Class::Refused),
    (&[101, 103], Class::Unclassified),
    (&[100, 102, 104, 199], Class::Unclassified),
    (&[200, 201], Class::Unclassified),
    (&[202, 204, 205, 206, 214], Class::Unclassified),
    (&[207, 208], Class::Punch),
    (&[215, 216, 218, 222, 232], Class::Punch),
];

#[test]
fn the_table_of_the_chapter() {
    for (codes, class) in CHAPTER {
        for code in codes {
            assert_eq!(classify("1001", Some(*code)), class, "{code}");
        }
    }
}

#[test]
fn p9_nobody_never_punches() {
    for code in (-10..7000).map(Some).chain([None]) {
        for nobody in ["", "0", "00", "000000000"] {
            assert_eq!(classify(nobody, code), Class::Nobody, "{nobody:?} {code:?}");
        }
    }
}

#[test]
fn the_rule_word_by_word() {
    let punches: Vec<i32> = CHAPTER
        .iter()
        .filter(|(_, class)| *class == Class::Punch)
        .flat_map(|(codes, _)| codes.iter().copied())
        .collect();
    for code in -10..7000 {
        let expected = match code {
            _ if punches.contains(&code) => Class::Punch,
            20..=99 => Class::Refused,
            _ => Class::Unclassified,
        };
        for pin in ["1001", "0042", "A7", "00x"] {
            assert_eq!(classify(pin, Some(code)), expected, "{pin} {code}");
        }
        assert_eq!(is_alarm(code), (100..=199).contains(&code), "{code}");
    }
    // What happened is not said, or in letters: somebody was there.
    assert_eq!(classify("1001", None), Class::Unclassified);
}
