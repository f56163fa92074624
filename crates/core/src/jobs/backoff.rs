//! How long a job that could not be done waits for its next try.

use chrono::TimeDelta;

/// Tries until a job has failed for good.
pub const MOST_TRIES: u32 = 8;
/// The longest wait.
const LONGEST_MINUTES: i64 = 60;

/// The wait after so many tries: one minute, two, four … an hour; none when there were enough.
pub(super) fn after(tries: u32) -> Option<TimeDelta> {
    if tries >= MOST_TRIES {
        return None;
    }
    let doubled = 1_i64.checked_shl(tries.saturating_sub(1)).unwrap_or(LONGEST_MINUTES);
    Some(TimeDelta::minutes(doubled.clamp(1, LONGEST_MINUTES)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_and_there_is_a_last_one() {
        let minutes: Vec<_> =
            (0..=MOST_TRIES).map(|tries| after(tries).map(|wait| wait.num_minutes())).collect();
        let expected = [1, 1, 2, 4, 8, 16, 32, 60].map(Some);
        assert_eq!(minutes, expected.into_iter().chain([None]).collect::<Vec<_>>());
    }
}
