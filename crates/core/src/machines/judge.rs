//! What somebody should look at, judged from what a machine reports and what is here (rule 1.4): counts that differ, and
//! a memory that is full. Codes are stable, the sentences English.

use chrono::NaiveDate;
use rollcall_protocol::Dialect;

use super::{Capacity, Held, Machine, Reported};
use crate::clock::{Timestamp, date_in};

/// A judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Stable, dotted.
    pub code: &'static str,
    /// In English, with the numbers.
    pub detail: String,
}

/// A memory is called full from this part of its estimated size on.
const FULL: (u64, u64) = (95, 100);

/// Judges the counts. A machine that holds fewer punches than are here has been cleared, which is no loss (D7).
///
/// An access machine counts doors and alarms among its records, so its count says nothing about punches.
pub fn judge_counts(
    dialect: Option<Dialect>,
    reported: &Reported,
    held: &Held,
    capacity: &Capacity,
) -> Vec<Judgement> {
    let mut found = Vec::new();
    if let Some(reports) = reported.punches.map(u64::from)
        && dialect != Some(Dialect::Access)
        && reports > held.punches
    {
        let missing = reports - held.punches;
        found.push(Judgement {
            code: "machine.count_mismatch",
            detail: format!(
                "the machine holds {reports} punches, of which {missing} are not here: they may still be on their way, or \
                 have to be asked for again"
            ),
        });
    }
    let full = [
        ("machine.people_full", "people", reported.people, capacity.people),
        ("machine.fingerprints_full", "fingerprints", reported.fingerprints, capacity.fingerprints),
        ("machine.faces_full", "faces", reported.faces, capacity.faces),
        ("machine.punches_full", "punches", reported.punches, capacity.punches),
    ];
    for (code, what, reports, holds) in full {
        let (Some(reports), Some(holds)) = (reports.map(u64::from), holds) else { continue };
        if reports.saturating_mul(FULL.1) >= holds.saturating_mul(FULL.0) {
            found.push(Judgement {
                code,
                detail: format!("the machine holds {reports} {what} and has room for about {holds}"),
            });
        }
    }
    found
}

/// Judges who administers a machine that has people (rule 3.3).
pub fn judge_administrators(machine: &Machine, now: Timestamp) -> Option<Judgement> {
    if machine.roster.total == 0 {
        return None;
    }
    let today = date_in(machine.time_zone, now);
    let is_there = |last_day: &Option<NaiveDate>| last_day.is_none_or(|day| day >= today);
    let detail = match machine.administrators.as_slice() {
        [] => "nobody on this machine is its administrator: whoever stands before it can change its settings",
        some if !some.iter().any(is_there) => "every administrator of this machine has left the company",
        _ => return None,
    };
    Some(Judgement { code: "machine.no_administrator", detail: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o5_counts_are_judged() {
        type Case<'a> = (&'a str, Option<Dialect>, u32, u64, &'a [&'a str]);
        let attendance = Some(Dialect::Attendance);
        let table: &[Case<'_>] = &[
            ("equal", attendance, 7, 7, &[]),
            ("more there than here", attendance, 8, 7, &["machine.count_mismatch"]),
            ("nobody knows yet how it talks", None, 8, 7, &["machine.count_mismatch"]),
            ("cleared there", attendance, 0, 7, &[]),
            ("counts doors as well", Some(Dialect::Access), 900, 7, &[]),
            ("nearly full", attendance, 950, 1000, &["machine.punches_full"]),
            (
                "full and not all here",
                attendance,
                1000,
                10,
                &["machine.count_mismatch", "machine.punches_full"],
            ),
        ];
        for (what, dialect, reports, holds, codes) in table {
            let reported = Reported { punches: Some(*reports), ..Reported::default() };
            let held = Held { people: 0, punches: *holds };
            let capacity = Capacity { punches: Some(1000), ..Capacity::default() };
            let found = judge_counts(*dialect, &reported, &held, &capacity);
            assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), *codes, "{what}");
        }
        let reported = Reported { people: Some(3000), fingerprints: Some(3), faces: None, punches: None };
        let capacity = Capacity { people: Some(3000), fingerprints: Some(1000), ..Capacity::default() };
        let found = judge_counts(None, &reported, &Held::default(), &capacity);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].detail, "the machine holds 3000 people and has room for about 3000");
    }
}
