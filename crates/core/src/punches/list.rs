//! Finding punches: by machine, person, pin and time, each with the person it belongs to.

use chrono::{Duration, NaiveDate};
use rollcall_protocol::{Dialect, Sn, WallTime};
use rusqlite::{Connection, Row, params_from_iter};

use super::queries::{OWNER, WIDEST_OFFSET};
use super::{Flags, Kind, PunchError, PunchId, Source, queries};
use crate::clock::{Timestamp, from_millis};
use crate::db::{self, Conditions};
use crate::directory::EmployeeId;
use crate::machines::stored_sn;
use crate::page::{Page, Paged};
use crate::roster::pin_number;

/// The order of a list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// By the machines' clocks.
    #[default]
    Time,
    /// By arrival, which no wrong clock disturbs.
    Arrival,
}

/// One end of a stretch of time; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBound {
    /// A date on the machine's own calendar.
    Date(NaiveDate),
    /// An instant.
    Instant(Timestamp),
}

/// Which punches; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PunchFilter {
    /// Of this machine.
    pub sn: Option<Sn>,
    /// Of this employee.
    pub employee_id: Option<EmployeeId>,
    /// Under this pin; numbers match by value.
    pub pin: Option<String>,
    /// Not before.
    pub from: Option<TimeBound>,
    /// Not after.
    pub to: Option<TimeBound>,
    /// Only those that belong to somebody, or only those that do not.
    pub matched: Option<bool>,
    /// In which order.
    pub order: Order,
}

impl PunchFilter {
    fn leads_with_unmatched(&self) -> bool {
        self.matched == Some(false) && self.employee_id.is_none()
    }
}

/// A punch and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PunchView {
    /// Its number.
    pub id: PunchId,
    /// The machine.
    pub sn: Sn,
    /// What people call the machine.
    pub machine_name: String,
    /// The pin as the machine sent it.
    pub pin: String,
    /// Whose it is.
    pub employee: Option<(EmployeeId, String)>,
    /// The machine's wall clock.
    pub wall: WallTime,
    /// Seconds east of UTC that the machine's zone had then.
    pub utc_offset: i32,
    /// The key pressed, as a number.
    pub status: Option<i32>,
    /// How the person was identified, as sent.
    pub verify: String,
    /// The work code.
    pub work_code: String,
    /// How it came here.
    pub source: Source,
    /// What is odd about it.
    pub flags: Flags,
    /// When it came here.
    pub received_at: Timestamp,
    /// What the identification came to.
    pub kind: Kind,
    /// The machine's number for what happened, where its dialect has one.
    pub event: Option<i32>,
    /// How the machine talks, which tells what `verify` means.
    pub dialect: Option<Dialect>,
}

const COLUMNS: &str =
    "p.id, m.sn, m.name, p.pin, e.id, e.name, p.wall, p.utc_offset, p.status, p.verify, p.work_code,
  p.source, p.flags, p.received_at, p.kind, p.event, m.dialect";

/// The punches a filter leaves.
pub fn punch_list(
    conn: &Connection,
    filter: &PunchFilter,
    page: &Page,
) -> Result<Paged<PunchView>, PunchError> {
    let machine = match &filter.sn {
        Some(sn) => match queries::machine_row(conn, sn)? {
            Some(machine) => Some(machine),
            None => return Ok(Paged { items: Vec::new(), total: 0, next: None }),
        },
        None => None,
    };
    let conditions = conditions(filter, machine);
    let total = match queries::counted(conn, filter, machine)? {
        Some(total) => total,
        None => {
            let sql = format!("SELECT count(*) FROM {} {}", source(filter), conditions.clause());
            conn.prepare_cached(&sql).and_then(|mut query| {
                query.query_row(params_from_iter(&conditions.values), |row| row.get(0))
            })?
        }
    };
    let items = rows(conn, filter, conditions, page)?;
    Ok(match filter.order {
        Order::Time => page.finish(items, total, |row| (row.wall.seconds(), row.id.0)),
        Order::Arrival => page.finish(items, total, |row| (0, row.id.0)),
    })
}

/// These punches, in any order.
pub(crate) fn punches_of_ids(conn: &Connection, ids: &[PunchId]) -> Result<Vec<PunchView>, db::Error> {
    let ids = serde_json::to_string(ids).unwrap_or_else(|_| "[]".to_owned());
    let mut query = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM json_each(?1) w CROSS JOIN punches p ON p.id = w.value LEFT JOIN spans s ON {OWNER}
         CROSS JOIN machines m ON m.id = p.machine_id LEFT JOIN employees e ON e.id = s.employee_id"
    ))?;
    Ok(query.query_map([ids], view)?.collect::<Result<_, _>>()?)
}

fn rows(
    conn: &Connection,
    filter: &PunchFilter,
    mut conditions: Conditions,
    page: &Page,
) -> Result<Vec<PunchView>, PunchError> {
    let after: Option<(i64, i64)> = page.after()?;
    // The same number under two names: only the one of the leading table is read in its order, without sorting.
    let (order, arrived_before) = match filter.order {
        Order::Time => ("p.wall DESC, p.id DESC", ""),
        Order::Arrival if filter.leads_with_unmatched() => ("u.punch_id DESC", "u.punch_id < ?"),
        Order::Arrival => ("p.id DESC", "p.id < ?"),
    };
    match (after, filter.order) {
        (Some((wall, id)), Order::Time) => {
            conditions.add("(p.wall, p.id) < (?, ?)", [wall.into(), id.into()]);
        }
        (Some((_, id)), Order::Arrival) => conditions.add(arrived_before, [id.into()]),
        (None, _) => {}
    }
    let sql = format!("{} LIMIT ?", select(filter, &conditions.clause(), order));
    conditions.values.push(page.probe().into());
    let mut query = conn.prepare_cached(&sql)?;
    let rows = query.query_map(params_from_iter(&conditions.values), view)?.collect::<Result<_, _>>()?;
    Ok(rows)
}

/// The query for a filter; its conditions as a clause.
pub(super) fn select(filter: &PunchFilter, clause: &str, order: &str) -> String {
    format!("SELECT {COLUMNS} FROM {} {clause} ORDER BY {order}", source(filter))
}

/// The tables, beginning with the one that narrows most.
fn source(filter: &PunchFilter) -> String {
    let punches = match &filter.employee_id {
        Some(_) =>
        // The bounds on the wall clock are for the index; the owner's are the truth.
        {
            format!(
                "spans s CROSS JOIN punches p ON {OWNER}
                   AND p.wall >= s.from_at - {WIDEST_OFFSET} AND p.wall < s.to_at + {WIDEST_OFFSET}"
            )
        }
        None if filter.leads_with_unmatched() => {
            format!("unmatched u CROSS JOIN punches p ON p.id = u.punch_id LEFT JOIN spans s ON {OWNER}")
        }
        None => format!("punches p LEFT JOIN spans s ON {OWNER}"),
    };
    // CROSS keeps the order: with few machines and statistics that say so, SQLite would begin with them and sort everything.
    format!(
        "{punches} CROSS JOIN machines m ON m.id = p.machine_id LEFT JOIN employees e ON e.id = s.employee_id"
    )
}

fn conditions(filter: &PunchFilter, machine: Option<i64>) -> Conditions {
    let mut conditions = Conditions::default();
    if let Some(machine) = machine {
        conditions.add("p.machine_id = ?", [machine.into()]);
    }
    if let Some(employee) = &filter.employee_id {
        conditions.add("s.employee_id = ?", [employee.as_str().to_owned().into()]);
    }
    match filter.pin.as_deref().map(|pin| (pin_number(pin), pin)) {
        Some((Some(number), _)) => conditions.add("p.pin_number = ?", [number.into()]),
        Some((None, text)) => conditions.add("p.pin = ?", [text.trim().to_owned().into()]),
        None => {}
    }
    match filter.matched {
        Some(true) => conditions
            .add("p.kind <> 1 AND NOT EXISTS (SELECT 1 FROM unmatched u WHERE u.punch_id = p.id)", []),
        Some(false) if filter.employee_id.is_some() => conditions.add("FALSE", []),
        _ => {}
    }
    let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    match filter.from {
        Some(TimeBound::Date(day)) => conditions.add("p.wall >= ?", [midnight(day).into()]),
        // The first condition is for the index, the second for the truth.
        Some(TimeBound::Instant(at)) => conditions.add(
            "p.wall >= ? AND p.wall - p.utc_offset >= ?",
            [(at.timestamp() - WIDEST_OFFSET).into(), ceiling(at).into()],
        ),
        None => {}
    }
    match filter.to {
        Some(TimeBound::Date(day)) => {
            conditions
                .add("p.wall < ?", [midnight(day).saturating_add(Duration::days(1).num_seconds()).into()]);
        }
        Some(TimeBound::Instant(at)) => conditions.add(
            "p.wall <= ? AND p.wall - p.utc_offset <= ?",
            [(at.timestamp() + WIDEST_OFFSET).into(), at.timestamp().into()],
        ),
        None => {}
    }
    conditions
}

/// The first whole second not before an instant; punches have whole seconds.
fn ceiling(at: Timestamp) -> i64 {
    at.timestamp() + i64::from(at.timestamp_subsec_nanos() > 0)
}

fn view(row: &Row<'_>) -> rusqlite::Result<PunchView> {
    let employee: Option<String> = row.get(4)?;
    let name: Option<String> = row.get(5)?;
    Ok(PunchView {
        id: PunchId(row.get(0)?),
        sn: stored_sn(row, 1)?,
        machine_name: row.get(2)?,
        pin: row.get(3)?,
        employee: employee.map(|id| (EmployeeId::stored(id), name.unwrap_or_default())),
        wall: WallTime::from_seconds(row.get(6)?),
        utc_offset: row.get(7)?,
        status: Some(row.get(8)?).filter(|status| *status != queries::NO_STATUS),
        verify: row.get(9)?,
        work_code: row.get(10)?,
        source: Source::from_number(row.get(11)?),
        flags: Flags::of(row.get(12)?),
        received_at: from_millis(row.get(13)?),
        kind: Kind::of(row.get(14)?),
        event: queries::event_of(row.get(15)?),
        dialect: row.get::<_, Option<String>>(16)?.and_then(|name| Dialect::from_name(&name)),
    })
}
