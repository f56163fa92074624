//! What the machine's firmware does otherwise, and what is in its memory already.

use clap::{Args, ValueEnum};
use rollcall_machine::Habits;
use rollcall_protocol::WallTime;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Firmware and memory")]
pub struct Memory {
    /// What the firmware does otherwise than its documents say; may be given several times.
    #[arg(long, value_enum, value_name = "HABIT")]
    habit: Vec<Habit>,
    /// The punches of so many days before today are in its memory, sent to somebody already: 1001 to 1005 came and left.
    #[arg(long, value_name = "DAYS", default_value_t = 0)]
    remembers: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Habit {
    /// Asked for a stretch of time, it sends its whole memory.
    RangeIgnored,
    /// It refuses to be asked for a stretch of time.
    QueriesRefused,
    /// It does not count punches.
    NoCounts,
    /// It wants a `T` between date and time.
    TimesWithT,
    /// It sends again only when it is told to check everything.
    OnlyCheck,
}

impl Memory {
    pub fn habits(&self) -> Habits {
        let mut habits = Habits::default();
        for habit in &self.habit {
            match habit {
                Habit::RangeIgnored => habits.range_ignored = true,
                Habit::QueriesRefused => habits.queries_refused = true,
                Habit::NoCounts => habits.no_counts = true,
                Habit::TimesWithT => habits.times_with_t = true,
                Habit::OnlyCheck => habits.only_check = true,
            }
        }
        habits
    }

    /// What it remembers, the oldest first.
    pub fn remembered(&self, now: WallTime) -> Vec<(String, WallTime)> {
        let today = now.seconds() - now.seconds().rem_euclid(DAY);
        (1..=i64::from(self.remembers))
            .rev()
            .flat_map(|days| [(days, 8 * 3600), (days, 17 * 3600 + 1800)])
            .flat_map(|(days, at)| (0..5).map(move |person| (person, today - days * DAY + at + person * 61)))
            .map(|(person, at)| ((1001 + person).to_string(), WallTime::from_seconds(at)))
            .collect()
    }
}

const DAY: i64 = 86_400;
