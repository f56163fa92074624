//! Leave: days, or hours of them, on which somebody need not be there.

pub(super) mod queries;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Serialize, Serializer};

use super::error::ScheduleError;
use super::times::TimeOfDay;
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor, MASK};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::directory::{self, EmployeeId};
use crate::page::{Page, Paged};
use crate::text;

/// Characters a note may have.
pub const NOTE_MOST: usize = 500;

/// Why somebody is on leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LeaveKind {
    /// 年假.
    Annual,
    /// 病假.
    Sick,
    /// 事假.
    Personal,
    /// 调休.
    Compensatory,
    /// 婚假.
    Marriage,
    /// 产假.
    Maternity,
    /// 丧假.
    Bereavement,
    /// 出差: away, but at work.
    BusinessTrip,
    /// Anything else.
    Other,
}

impl LeaveKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Annual,
        Self::Sick,
        Self::Personal,
        Self::Compensatory,
        Self::Marriage,
        Self::Maternity,
        Self::Bereavement,
        Self::BusinessTrip,
        Self::Other,
    ];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Annual => "annual",
            Self::Sick => "sick",
            Self::Personal => "personal",
            Self::Compensatory => "compensatory",
            Self::Marriage => "marriage",
            Self::Maternity => "maternity",
            Self::Bereavement => "bereavement",
            Self::BusinessTrip => "businessTrip",
            Self::Other => "other",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Somebody is on leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// Who.
    pub employee: EmployeeId,
    /// Why.
    pub kind: LeaveKind,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Of the first day: since when; none: from its beginning.
    pub start: Option<TimeOfDay>,
    /// Of the last day: until when; none: to its end.
    pub end: Option<TimeOfDay>,
    /// What somebody noted.
    pub note: String,
}

/// Leave as it is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveShown {
    /// Its number.
    pub id: i64,
    /// The leave.
    pub leave: Leave,
    /// What the person is called.
    pub name: String,
    /// Who entered it.
    pub who: String,
    /// When it was entered.
    pub created_at: Timestamp,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct LeaveChange {
    /// See [`Leave`].
    pub kind: Option<LeaveKind>,
    /// See [`Leave`].
    pub from: Option<NaiveDate>,
    /// See [`Leave`].
    pub to: Option<NaiveDate>,
    /// See [`Leave`].
    pub start: Option<Option<TimeOfDay>>,
    /// See [`Leave`].
    pub end: Option<Option<TimeOfDay>>,
    /// See [`Leave`].
    pub note: Option<String>,
}

/// Which leave to list.
#[derive(Debug, Clone, Default)]
pub struct LeaveFilter {
    /// Only this person's.
    pub employee_id: Option<String>,
    /// Only of people of this department and the ones beneath.
    pub department_id: Option<String>,
    /// Only what ends on this day or later.
    pub from: Option<NaiveDate>,
    /// Only what begins on this day or earlier.
    pub to: Option<NaiveDate>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    kind: LeaveKind,
    from: NaiveDate,
    to: NaiveDate,
    #[serde(serialize_with = "as_text")]
    start: Option<TimeOfDay>,
    #[serde(serialize_with = "as_text")]
    end: Option<TimeOfDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[expect(clippy::ref_option, reason = "serde hands it a reference")]
fn as_text<S: Serializer>(time: &Option<TimeOfDay>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

impl From<&Leave> for Logged {
    fn from(leave: &Leave) -> Self {
        let Leave { kind, from, to, start, end, note, .. } = leave;
        // What is noted may say what somebody has.
        let note = (!note.is_empty()).then_some(MASK);
        Self { kind: *kind, from: *from, to: *to, start: *start, end: *end, note }
    }
}

/// With the person in it, so that their page finds it.
fn subject(employee: &EmployeeId, id: i64) -> String {
    format!("employee/{employee}/leave/{id}")
}

/// When leave begins and ends, in minutes of its days; the end is the first minute that is none.
fn edges(leave: &Leave) -> ((NaiveDate, i32), (NaiveDate, i32)) {
    let start = leave.start.map_or(0, TimeOfDay::minutes);
    let end = leave.end.map_or(super::shift::DAY, TimeOfDay::minutes);
    ((leave.from, start), (leave.to, end))
}

/// Whether two leaves have a minute in common.
fn overlap(a: &Leave, b: &Leave) -> bool {
    let ((a_start, a_end), (b_start, b_end)) = (edges(a), edges(b));
    a_start < b_end && b_start < a_end
}

fn check(conn: &Connection, leave: &Leave, but: Option<i64>) -> Result<(), ScheduleError> {
    let (start, end) = edges(leave);
    if leave.to < leave.from || end <= start {
        return Err(ScheduleError::LeaveToBeforeFrom);
    }
    let other = queries::beside(conn, leave, but)?.into_iter().find(|other| overlap(leave, other));
    match other {
        Some(other) => Err(ScheduleError::LeaveOverlaps { from: other.from, to: other.to }),
        None => Ok(()),
    }
}

fn touch(tx: &Tx<'_>, leave: &Leave) -> Result<(), db::Error> {
    attendance::days_touched(tx, Touched::Employee(&leave.employee), leave.from, Some(leave.to))
}

/// The leave a filter leaves, newest first.
pub fn leave_list(
    conn: &Connection,
    filter: &LeaveFilter,
    page: &Page,
) -> Result<Paged<LeaveShown>, ScheduleError> {
    let after: Option<(String, i64)> = page.after()?;
    let (rows, total) = queries::list(conn, filter, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.leave.from.to_string(), row.id)))
}

/// One of them.
pub fn leave_get(conn: &Connection, id: i64) -> Result<LeaveShown, ScheduleError> {
    queries::get(conn, id)?.ok_or(ScheduleError::LeaveUnknown(id))
}

fn noted(note: &str) -> Result<String, ScheduleError> {
    Ok(text::optional(note, NOTE_MOST)?.unwrap_or_default())
}

/// Enters leave.
pub fn leave_add(tx: &Tx<'_>, actor: &Actor, mut new: Leave) -> Result<LeaveShown, ScheduleError> {
    new.note = noted(&new.note)?;
    if directory::employee_get(tx, &new.employee)?.is_none() {
        return Err(ScheduleError::EmployeeUnknown(new.employee));
    }
    check(tx, &new, None)?;
    let id = queries::insert(tx, &new, actor.as_str())?;
    touch(tx, &new)?;
    audit::record(tx, actor, "leave.add", &subject(&new.employee, id), None, Some(&Logged::from(&new)))?;
    leave_get(tx, id)
}

/// Changes leave.
pub fn leave_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: i64,
    change: LeaveChange,
) -> Result<LeaveShown, ScheduleError> {
    let before = leave_get(tx, id)?.leave;
    let mut after = before.clone();
    after.kind = change.kind.unwrap_or(after.kind);
    after.from = change.from.unwrap_or(after.from);
    after.to = change.to.unwrap_or(after.to);
    after.start = change.start.unwrap_or(after.start);
    after.end = change.end.unwrap_or(after.end);
    if let Some(note) = change.note {
        after.note = noted(&note)?;
    }
    if after != before {
        check(tx, &after, Some(id))?;
        queries::update(tx, id, &after)?;
        touch(tx, &before)?;
        touch(tx, &after)?;
        let (old, new) = (Logged::from(&before), Logged::from(&after));
        // Of another note only the change is to be seen.
        audit::record_always(tx, actor, "leave.change", &subject(&before.employee, id), &old, &new)?;
    }
    leave_get(tx, id)
}

/// Takes leave back.
pub fn leave_remove(tx: &Tx<'_>, actor: &Actor, id: i64) -> Result<EmployeeId, ScheduleError> {
    let LeaveShown { leave, .. } = leave_get(tx, id)?;
    queries::remove(tx, id)?;
    touch(tx, &leave)?;
    let subject = subject(&leave.employee, id);
    audit::record(tx, actor, "leave.remove", &subject, Some(&Logged::from(&leave)), None)?;
    Ok(leave.employee)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leave(from: &str, start: Option<&str>, to: &str, end: Option<&str>) -> Leave {
        let time = |text: Option<&str>| text.map(|text| TimeOfDay::parse(text).unwrap());
        Leave {
            employee: EmployeeId::new("e1").unwrap(),
            kind: LeaveKind::Annual,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            start: time(start),
            end: time(end),
            note: String::new(),
        }
    }

    /// A note says more of somebody than whoever reads the log needs to know.
    #[tokio::test]
    async fn attendance_6_6_what_is_noted_of_leave_does_not_reach_the_log() {
        let (site, _folder) = crate::site::tests::scratch();
        let lines = site
            .write(|tx| {
                let actor = Actor::console();
                tx.execute(
                    "INSERT INTO employees (id, name, created_at, changed_at) VALUES ('e1', 'e1', 0, 0)",
                    [],
                )?;
                let new =
                    Leave { note: "chemotherapy".into(), ..leave("2026-07-06", None, "2026-07-10", None) };
                let id = leave_add(tx, &actor, new)?.id;
                let note = Some("second round".to_owned());
                leave_change(tx, &actor, id, LeaveChange { note, ..LeaveChange::default() })?;
                leave_remove(tx, &actor, id)?;
                let mut lines =
                    tx.prepare("SELECT what || coalesce(before, '') || coalesce(after, '') FROM audit")?;
                let lines = lines.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
                Ok::<_, ScheduleError>(lines)
            })
            .await
            .unwrap();
        assert_eq!(
            lines.iter().filter(|line| line.starts_with("leave.")).count(),
            3,
            "another note is a change"
        );
        assert!(lines.iter().all(|line| !line.contains("chemo") && !line.contains("round")), "{lines:?}");
    }

    #[test]
    fn attendance_6_5_leave_that_only_touches_other_leave_does_not_overlap() {
        let morning = leave("2026-07-06", None, "2026-07-06", Some("12:00"));
        let afternoon = leave("2026-07-06", Some("12:00"), "2026-07-06", None);
        let week = leave("2026-07-06", Some("13:00"), "2026-07-10", Some("09:00"));
        let next = leave("2026-07-07", None, "2026-07-07", None);
        let after = leave("2026-07-10", Some("09:00"), "2026-07-12", None);
        for (a, b, expected) in [
            (&morning, &afternoon, false),
            (&morning, &morning, true),
            (&afternoon, &week, true),
            (&morning, &week, false),
            (&week, &next, true),
            (&week, &after, false),
            (&afternoon, &next, false),
        ] {
            assert_eq!(overlap(a, b), expected, "{a:?} {b:?}");
            assert_eq!(overlap(b, a), expected, "{b:?} {a:?}");
        }
    }
}
