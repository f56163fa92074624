//! What firmware does otherwise than its documents say, always and not by chance.

/// Habits of a machine's firmware; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habits {
    /// Asked for the punches of a stretch of time, it sends its whole memory.
    pub range_ignored: bool,
    /// It refuses to send punches of a stretch of time: −1 (attendance), −105 (access), `ERROR_INVALID_PARAM` (FK).
    pub queries_refused: bool,
    /// It does not know how to count punches (attendance).
    pub no_counts: bool,
    /// It wants a `T` between date and time, as in the documents of the US (attendance).
    pub times_with_t: bool,
    /// It knows neither queries nor counts, and heeds stamps: `CHECK` is the only way to have punches again (attendance).
    pub only_check: bool,
}
