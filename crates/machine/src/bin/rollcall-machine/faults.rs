//! Faults, by flags.

use std::time::Duration;

use clap::Args;
use rollcall_machine::Faults;
use rollcall_machine::wire::Dribble;

/// What goes wrong. Shares are between 0 and 1.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Faults")]
pub struct Flags {
    /// Everything at once, as often as on a bad day; the other flags change single shares of it.
    #[arg(long, global = true)]
    faults: bool,
    /// Answers lost after the server has written them.
    #[arg(long, global = true, value_name = "SHARE")]
    answers_lost: Option<f64>,
    /// Requests sent twice.
    #[arg(long, global = true, value_name = "SHARE")]
    requests_repeated: Option<f64>,
    /// Bodies that end in the middle.
    #[arg(long, global = true, value_name = "SHARE")]
    bodies_cut: Option<f64>,
    /// Results posted twice.
    #[arg(long, global = true, value_name = "SHARE")]
    results_twice: Option<f64>,
    /// Results of queries before their data.
    #[arg(long, global = true, value_name = "SHARE")]
    results_first: Option<f64>,
    /// Batches of punches asked for again that are sent twice.
    #[arg(long, global = true, value_name = "SHARE")]
    punches_repeated: Option<f64>,
    /// Requests in the middle of which the machine restarts.
    #[arg(long, global = true, value_name = "SHARE")]
    reboots: Option<f64>,
    /// Restarts that empty the memory.
    #[arg(long, global = true, value_name = "SHARE")]
    wipes: Option<f64>,
    /// Requests over a bad link.
    #[arg(long, global = true, value_name = "SHARE")]
    slow: Option<f64>,
    /// Seconds the clock is ahead, however often it is set.
    #[arg(long, global = true, value_name = "SECONDS", allow_hyphen_values = true)]
    clock_ahead: Option<i64>,
    /// Seconds the clock gains in a second.
    #[arg(long, global = true, value_name = "SECONDS", allow_hyphen_values = true)]
    clock_drift: Option<f64>,
    /// Where chance begins: the same number, the same faults.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
}

impl Flags {
    pub fn faults(&self) -> Faults {
        let mut faults = if self.faults { Faults::all(self.seed) } else { Faults::default() };
        faults.seed = self.seed;
        faults.dribble = Some(Dribble { bytes: 64, pause: Duration::from_millis(5) });
        for (place, share) in [
            (&mut faults.answers_lost, self.answers_lost),
            (&mut faults.requests_repeated, self.requests_repeated),
            (&mut faults.bodies_cut, self.bodies_cut),
            (&mut faults.results_twice, self.results_twice),
            (&mut faults.results_first, self.results_first),
            (&mut faults.punches_repeated, self.punches_repeated),
            (&mut faults.reboots, self.reboots),
            (&mut faults.wipes, self.wipes),
            (&mut faults.slow, self.slow),
            (&mut faults.clock_drift, self.clock_drift),
        ] {
            *place = share.unwrap_or(*place);
        }
        faults.clock_ahead = self.clock_ahead.unwrap_or(0);
        faults
    }
}
