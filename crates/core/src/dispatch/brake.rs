//! When a run does too much at once to do it unasked (rule 4.5).

/// Percent of a list up to which a run may delete or disable.
pub const PERCENT: u64 = 30;
/// People up to which it may, however short the list is.
pub const PEOPLE: u64 = 5;

/// Whether a run that would delete or disable so many of so many entries waits for a yes.
pub fn brake(hit: u64, entries: u64) -> bool {
    hit > PEOPLE && hit.saturating_mul(100) > entries.saturating_mul(PERCENT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dispatch_4_5_brake_more_than_thirty_percent_and_more_than_five_people() {
        let table = [
            (0, 0, false),
            (5, 5, false),
            (6, 6, true),
            (6, 19, true),
            // 6 of 20 is exactly 30 %
            (6, 20, false),
            (7, 20, true),
            (30, 100, false),
            (31, 100, true),
            (300, 1000, false),
            (301, 1000, true),
        ];
        for (hit, entries, expected) in table {
            assert_eq!(brake(hit, entries), expected, "{hit} of {entries}");
        }
    }

    proptest! {
        #[test]
        fn dispatch_4_5_brake_never_lets_more_than_the_limit_through(entries in 0_u64..5000, hit in 0_u64..5000) {
            let hit = hit.min(entries);
            if !brake(hit, entries) {
                prop_assert!(hit <= PEOPLE || hit * 100 <= entries * PERCENT);
            }
        }
    }
}
