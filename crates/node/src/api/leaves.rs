//! Days, or hours of them, on which somebody need not be there.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::directory::EmployeeId;
use rollcall_core::schedule as site;
use rollcall_core::schedule::{TimeOfDay, leave_add, leave_change, leave_list, leave_remove};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Path, Query, given, nullable};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::{date, day, time_of_day};
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Why somebody is on leave.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LeaveKind {
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

/// Somebody is on leave.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Leave {
    /// Its number.
    id: i64,
    /// Who.
    employee_id: String,
    /// Their name.
    name: String,
    /// Why.
    kind: LeaveKind,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    to: NaiveDate,
    /// Of the first day: since when, HH:MM; null: from its beginning.
    #[schema(required, example = "13:00")]
    start: Option<String>,
    /// Of the last day: until when, HH:MM; null: to its end.
    #[schema(required)]
    end: Option<String>,
    /// What somebody noted; empty when nobody did.
    note: String,
}

/// Leave to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewLeave {
    /// Who.
    employee_id: String,
    /// Why.
    kind: LeaveKind,
    /// The first day.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    from: String,
    /// The last day; the first one when absent.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    to: Option<String>,
    /// Of the first day: since when; from its beginning when absent.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "13:00")]
    start: Option<String>,
    /// Of the last day: until when; to its end when absent.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end: Option<String>,
    /// A note.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    note: Option<String>,
}

/// What to change of leave; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct LeaveChange {
    /// Why.
    #[schema(value_type = LeaveKind, required = false)]
    #[serde(default, deserialize_with = "given")]
    kind: Option<LeaveKind>,
    /// The first day.
    #[schema(value_type = String, required = false, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    #[serde(default, deserialize_with = "given")]
    from: Option<String>,
    /// The last day.
    #[schema(value_type = String, required = false, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    #[serde(default, deserialize_with = "given")]
    to: Option<String>,
    /// Of the first day: since when.
    #[schema(value_type = Option<String>, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    #[serde(default, deserialize_with = "nullable")]
    start: Option<Option<String>>,
    /// Of the last day: until when.
    #[schema(value_type = Option<String>, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    #[serde(default, deserialize_with = "nullable")]
    end: Option<Option<String>>,
    /// Another note.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    #[serde(default, deserialize_with = "given")]
    note: Option<String>,
}

/// Which leave to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct LeaveQuery {
    /// Only this person's.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Only of people of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only what ends on this date or later.
    #[param(nullable = false, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    from: Option<String>,
    /// Only what begins on this date or earlier.
    #[param(nullable = false, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    to: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

macro_rules! same_kinds {
    ($($kind:ident),*) => {
        impl From<LeaveKind> for site::LeaveKind {
            fn from(kind: LeaveKind) -> Self {
                match kind {
                    $(LeaveKind::$kind => Self::$kind,)*
                }
            }
        }

        impl From<site::LeaveKind> for LeaveKind {
            fn from(kind: site::LeaveKind) -> Self {
                match kind {
                    $(site::LeaveKind::$kind => Self::$kind,)*
                }
            }
        }
    };
}
same_kinds!(Annual, Sick, Personal, Compensatory, Marriage, Maternity, Bereavement, BusinessTrip, Other);

impl From<site::LeaveShown> for Leave {
    fn from(shown: site::LeaveShown) -> Self {
        let site::LeaveShown { id, leave, name, .. } = shown;
        Self {
            id,
            employee_id: leave.employee.as_str().to_owned(),
            name,
            kind: leave.kind.into(),
            from: leave.from,
            to: leave.to,
            start: leave.start.map(|time| time.to_string()),
            end: leave.end.map(|time| time.to_string()),
            note: leave.note,
        }
    }
}

fn time(pointer: &str, text: Option<String>) -> Result<Option<TimeOfDay>, Problem> {
    text.map(|text| time_of_day(pointer, &text)).transpose()
}

/// Leave, the latest first.
#[utoipa::path(get, path = "/api/leaves", tag = "schedule", operation_id = "listLeaves", params(LeaveQuery),
    responses((status = 200, body = List<Leave>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, Query(query): Query<LeaveQuery>) -> Answer<List<Leave>> {
    let page = page(query.limit, query.cursor)?;
    let filter = site::LeaveFilter {
        employee_id: query.employee_id,
        department_id: query.department_id,
        from: day("/from", query.from)?,
        to: day("/to", query.to)?,
    };
    let paged = api.site.read(move |conn| leave_list(conn, &filter, &page)).await?;
    Ok(Json(list(paged, Leave::from)))
}

/// Enters leave.
#[utoipa::path(post, path = "/api/leaves", tag = "schedule", operation_id = "addLeave", request_body = NewLeave,
    responses((status = 201, body = Leave), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "They are on leave already then."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewLeave>,
) -> Created<Leave> {
    text::check("/note", new.note.as_deref(), site::NOTE_MOST)?;
    let employee = EmployeeId::new(&new.employee_id).map_err(|_| {
        Problem::invalid(
            "/employeeId",
            "employee.unknown",
            format!("there is nobody with the id {:?}", new.employee_id),
        )
    })?;
    let from = date("/from", &new.from)?;
    let new = site::Leave {
        employee,
        kind: new.kind.into(),
        from,
        to: day("/to", new.to)?.unwrap_or(from),
        start: time("/start", new.start)?,
        end: time("/end", new.end)?,
        note: new.note.unwrap_or_default(),
    };
    let shown = api.site.write(move |tx| leave_add(tx, &actor, new)).await?;
    api.events.tell(Event::Schedule {});
    Ok((StatusCode::CREATED, Json(shown.into())))
}

/// Changes leave.
#[utoipa::path(patch, path = "/api/leaves/{id}", tag = "schedule", operation_id = "changeLeave",
    params(("id" = i64, Path, description = "Its number")), request_body = LeaveChange,
    responses((status = 200, body = Leave), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "They are on leave already then."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
    Body(change): Body<LeaveChange>,
) -> Answer<Leave> {
    text::check("/note", change.note.as_deref(), site::NOTE_MOST)?;
    let change = site::LeaveChange {
        kind: change.kind.map(Into::into),
        from: day("/from", change.from)?,
        to: day("/to", change.to)?,
        start: change.start.map(|text| time("/start", text)).transpose()?,
        end: change.end.map(|text| time("/end", text)).transpose()?,
        note: change.note,
    };
    let shown = api.site.write(move |tx| leave_change(tx, &actor, id, change)).await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(shown.into()))
}

/// Takes leave back.
#[utoipa::path(delete, path = "/api/leaves/{id}", tag = "schedule", operation_id = "removeLeave",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "It is gone."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Done {
    api.site.write(move |tx| leave_remove(tx, &actor, id)).await?;
    api.events.tell(Event::Schedule {});
    Ok(StatusCode::NO_CONTENT)
}
