//! What was measured, in milliseconds.

use std::time::Duration;

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The one in the middle.
pub fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
