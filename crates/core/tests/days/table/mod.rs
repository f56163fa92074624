//! The table of days; its files go by the chapters of docs/day.md. Here are the shifts that its rows are about.

mod leave;
mod marks;
mod places;
mod put_right;
mod sure;
mod windows;
mod worked;

/// Eight hours and lunch, for which nobody punches. Punches are taken from 07:00 to 22:00.
const OFFICE: &str = "09:00-18:00; break 12:00-13:00; grace 5";
/// The same without grace.
const PLAIN: &str = "09:00-18:00; break 12:00-13:00";
/// Late or early by more than an hour is half a day, by more than four hours a day.
const STRICT: &str = "09:00-18:00; break 12:00-13:00; half day after 60; absent after 240";
/// Eight hours, and everybody punches at noon.
const SPLIT: &str = "09:00-12:00, 13:00-18:00; grace 5";
const TRIPLE: &str = "08:00-11:00, 12:00-15:00, 16:00-19:00";
/// Punches are taken from 20:00 to 10:00 on the next day.
const NIGHT: &str = "22:00-06:00; grace 5";
const LATE_SHIFT: &str = "14:00-22:00";
const AFTER_MIDNIGHT: &str = "00:00-08:00";
const AROUND_THE_CLOCK: &str = "08:00-08:00";
/// Eight hours whenever one likes; ten minutes less are still enough.
const FLEXIBLE: &str = "flexible 07:00-21:00; break 12:00-13:00; required 8:00; grace 10";
const FLEXIBLE_STRICT: &str =
    "flexible 07:00-21:00; break 12:00-13:00; required 8:00; half day after 120; absent after 300";
/// Half an hour more is overtime, in whole half hours.
const OVERTIME: &str = "09:00-18:00; break 12:00-13:00; overtime after 30; in whole 30";
/// Two punches within ten minutes are one.
const UNSURE: &str = "09:00-18:00; break 12:00-13:00; double punch 10";

const REST: &str = "rest";
const HOLIDAY: &str = "holiday";
const UNSCHEDULED: &str = "unscheduled";
const NOT_EMPLOYED: &str = "not employed";
