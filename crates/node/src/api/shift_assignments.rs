//! Who works which shift or rotation.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::dispatch::Target;
use rollcall_core::schedule as site;
use rollcall_core::schedule::plan::{Assignment, Weekdays, Work};
use rollcall_core::schedule::shift::ShiftId;
use rollcall_core::schedule::{
    ScheduleError, assignment_add, assignment_change, assignment_list, assignment_remove,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::dispatch::{DispatchTarget, NamedTarget, TargetKind};
use super::extract::{Body, Object, Path, Query, nullable};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::time::{date, day};
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Who works what. Where several hold somebody on a date, the narrowest target wins: the person, then the department
/// they are in and upwards, then the branch and upwards; of the same target the newest.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShiftAssignment {
    /// Its number; the higher is the newer.
    id: i64,
    /// Whom it means.
    target: NamedTarget,
    /// The shift they work; null when it is a rotation.
    #[schema(required)]
    shift_id: Option<String>,
    /// The rotation they work; null when it is a shift.
    #[schema(required)]
    rotation_id: Option<String>,
    /// The date of the rotation's first step; null when it is a shift.
    #[schema(required)]
    anchor: Option<NaiveDate>,
    /// From this date.
    from: NaiveDate,
    /// To this date, included; null: for good.
    #[schema(required)]
    to: Option<NaiveDate>,
    /// On these days of the week, 1 is Monday and 7 Sunday; on the others they rest.
    weekdays: Vec<u8>,
    /// Whether holidays are worked as well.
    works_on_holidays: bool,
}

/// Who is to work what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewShiftAssignment {
    /// Whom it means.
    #[schema(value_type = DispatchTarget)]
    target: Object<DispatchTarget>,
    /// The shift they work; either this or a rotation.
    shift_id: Option<String>,
    /// The rotation they work; either this or a shift.
    rotation_id: Option<String>,
    /// The date of the rotation's first step; `from` when absent. Refused with a shift.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    anchor: Option<String>,
    /// From this date.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    from: String,
    /// To this date, included; for good when absent.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    to: Option<String>,
    /// On these days of the week, 1 is Monday and 7 Sunday, each at most once; when absent Monday to Friday of a shift, and every
    /// day of a rotation.
    #[schema(value_type = Option<Vec<u8>>, min_items = 1, max_items = 7, example = json!([1, 2, 3, 4, 5]))]
    weekdays: Option<Vec<u8>>,
    /// Whether holidays are worked as well; false when absent.
    works_on_holidays: Option<bool>,
}

/// What to change of an assignment; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShiftAssignmentChange {
    /// Another last day, or `null` for none: how an assignment is ended without changing what was worked by it.
    #[schema(value_type = Option<String>, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    #[serde(default, deserialize_with = "nullable")]
    to: Option<Option<String>>,
}

/// Which assignments to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ShiftAssignmentQuery {
    /// Only those of this kind of target.
    #[param(nullable = false, inline)]
    target_kind: Option<TargetKind>,
    /// Only those of the target with this id.
    #[param(nullable = false)]
    target_id: Option<String>,
    /// Only those that hold this person: their own, and those of their departments and branches.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Only those of this shift, or of a rotation with it.
    #[param(nullable = false)]
    shift_id: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

impl From<site::AssignmentShown> for ShiftAssignment {
    fn from(shown: site::AssignmentShown) -> Self {
        let site::AssignmentShown { assignment, target_name } = shown;
        let (shift_id, rotation_id, anchor) = match assignment.work {
            Work::Shift(shift) => (Some(shift.0), None, None),
            Work::Rotation { id, anchor } => (None, Some(id), anchor.or(Some(assignment.from))),
        };
        Self {
            id: assignment.id,
            target: NamedTarget::of(assignment.target, target_name),
            shift_id,
            rotation_id,
            anchor,
            from: assignment.from,
            to: assignment.to,
            weekdays: assignment.weekdays.numbers(),
            works_on_holidays: assignment.holidays,
        }
    }
}

fn read(new: NewShiftAssignment) -> Result<Assignment, Problem> {
    let from = date("/from", &new.from)?;
    let to = day("/to", new.to)?;
    let anchor = day("/anchor", new.anchor)?;
    let (work, usual) = match (new.shift_id, new.rotation_id) {
        (Some(shift), None) if anchor.is_none() => (Work::Shift(ShiftId(shift)), Weekdays::WORKING_WEEK),
        (Some(_), None) => {
            let detail = "only a rotation has a first step";
            return Err(Problem::invalid("/anchor", "assignment.anchor_of_shift", detail));
        }
        (None, Some(id)) => (Work::Rotation { id, anchor: anchor.or(Some(from)) }, Weekdays::ALL),
        _ => {
            let detail = "either a shift or a rotation is assigned";
            return Err(Problem::invalid("/shiftId", "assignment.shift_or_rotation", detail));
        }
    };
    let weekdays = match new.weekdays {
        Some(numbers) => Weekdays::of_numbers(&numbers).ok_or(ScheduleError::AssignmentWeekdays)?,
        None => usual,
    };
    let Object(target) = new.target;
    Ok(Assignment {
        id: 0,
        target: Target::from(target),
        work,
        from,
        to,
        weekdays,
        holidays: new.works_on_holidays.unwrap_or(false),
    })
}

/// The assignments, newest first.
#[utoipa::path(get, path = "/api/shift-assignments", tag = "schedule", operation_id = "listShiftAssignments",
    params(ShiftAssignmentQuery), responses((status = 200, body = List<ShiftAssignment>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<ShiftAssignmentQuery>,
) -> Answer<List<ShiftAssignment>> {
    let page = page(query.limit, query.cursor)?;
    let filter = site::AssignmentFilter {
        target_kind: query.target_kind.map(Into::into),
        target_id: query.target_id,
        employee_id: query.employee_id,
        shift_id: query.shift_id,
    };
    let paged = api.site.read(move |conn| assignment_list(conn, &filter, &page)).await?;
    Ok(Json(list(paged, ShiftAssignment::from)))
}

/// Assigns a shift or a rotation.
#[utoipa::path(post, path = "/api/shift-assignments", tag = "schedule", operation_id = "addShiftAssignment",
    request_body = NewShiftAssignment, responses((status = 201, body = ShiftAssignment), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewShiftAssignment>,
) -> Created<ShiftAssignment> {
    let new = read(new)?;
    let shown = api.site.write(move |tx| assignment_add(tx, &actor, new)).await?;
    api.events.tell(Event::Schedule {});
    Ok((StatusCode::CREATED, Json(shown.into())))
}

/// Gives an assignment another last day. What was worked by it before stays as it was.
#[utoipa::path(patch, path = "/api/shift-assignments/{id}", tag = "schedule", operation_id = "changeShiftAssignment",
    params(("id" = i64, Path, description = "Its number")), request_body = ShiftAssignmentChange,
    responses((status = 200, body = ShiftAssignment), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
    Body(change): Body<ShiftAssignmentChange>,
) -> Answer<ShiftAssignment> {
    let to = change.to.map(|to| day("/to", to)).transpose()?;
    let shown = api
        .site
        .write(move |tx| match to {
            Some(to) => assignment_change(tx, &actor, id, to),
            None => site::assignment_get(tx, id),
        })
        .await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(shown.into()))
}

/// Takes an assignment back, as if it had never been made: the days that were worked by it are judged anew, unless their month is
/// locked.
#[utoipa::path(delete, path = "/api/shift-assignments/{id}", tag = "schedule", operation_id = "removeShiftAssignment",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "It is gone."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Done {
    api.site.write(move |tx| assignment_remove(tx, &actor, id)).await?;
    api.events.tell(Event::Schedule {});
    Ok(StatusCode::NO_CONTENT)
}
