//! The shifts of the site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::schedule as site;
use rollcall_core::schedule::shift::{Minute, ShiftId, Stretch};
use rollcall_core::schedule::{
    Duration, Period, RuleDraft, RuleError, TimeOfDay, shift_add, shift_change, shift_list, shift_remove,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Object, Path, Query, given, nullable};
use super::page::{PageQuery, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::time_of_day;
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// What one owes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ShiftKind {
    /// To be there from the start to the end of each segment.
    Fixed,
    /// To be there for `requiredMinutes`, whenever one likes within the segment.
    Flexible,
}

/// From a time of day to another; an end that is not after the start is on the next day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShiftPeriod {
    /// When it begins, on the clocks of the place.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    start: String,
    /// When it ends.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "18:00")]
    end: String,
}

/// A shift.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shift {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// What one owes.
    kind: ShiftKind,
    /// A name of the console's palette.
    #[schema(required)]
    color: Option<String>,
    /// The parts one punches in and out of, in order. Of a flexible shift one: the hours it may be worked in.
    segments: Vec<ShiftPeriod>,
    /// Coming this much later than a start is still in time.
    grace_in_minutes: i32,
    /// Leaving this much earlier than an end is still in time.
    grace_out_minutes: i32,
    /// Punches count from this long before the first start.
    window_before_minutes: i32,
    /// Punches count until this long after the last end.
    window_after_minutes: i32,
    /// What is neither worked nor punched for: a lunch within a segment.
    breaks: Vec<ShiftPeriod>,
    /// What a flexible shift asks; null of a fixed one, of which it follows from segments and breaks.
    #[schema(required)]
    required_minutes: Option<i32>,
    /// Late or early by more than this is half a day's absence; null: it never is.
    #[schema(required)]
    half_day_after_minutes: Option<i32>,
    /// Late or early by more than this is a day's absence; null: it never is.
    #[schema(required)]
    absent_after_minutes: Option<i32>,
    /// Staying at least this long after the last end is overtime, from the end on; null: there is no overtime.
    #[schema(required)]
    overtime_after_minutes: Option<i32>,
    /// Overtime is cut to whole multiples of this.
    #[schema(required)]
    rounding_minutes: Option<i32>,
    /// Two punches closer than this are one.
    double_punch_minutes: i32,
    /// How many assignments have it from today on, through rotations too.
    assigned: u64,
}

/// A shift to add. All durations are minutes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewShift {
    /// Its name; no other shift has it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "早班"
    )]
    name: String,
    /// What one owes; `fixed` when absent.
    kind: Option<ShiftKind>,
    /// A name of the console's palette.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 30, example = "blue")]
    color: Option<String>,
    /// The parts one punches in and out of, in order, each beginning after the one before has ended, and the last ending within
    /// 24 hours of the first start. Of a flexible shift one: the hours it may be worked in.
    #[schema(value_type = Vec<ShiftPeriod>, min_items = 1, max_items = 6)]
    segments: Vec<Object<ShiftPeriod>>,
    /// Coming this much later than a start is still in time; 0 when absent.
    #[schema(minimum = 0, maximum = 720)]
    grace_in_minutes: Option<i32>,
    /// Leaving this much earlier than an end is still in time; 0 when absent.
    #[schema(minimum = 0, maximum = 720)]
    grace_out_minutes: Option<i32>,
    /// Punches count from this long before the first start; 120 when absent.
    #[schema(minimum = 0, maximum = 720)]
    window_before_minutes: Option<i32>,
    /// Punches count until this long after the last end; 240 when absent.
    #[schema(minimum = 0, maximum = 720)]
    window_after_minutes: Option<i32>,
    /// What is neither worked nor punched for, each within a segment; none when absent.
    #[schema(value_type = Option<Vec<ShiftPeriod>>, max_items = 12)]
    breaks: Option<Vec<Object<ShiftPeriod>>>,
    /// What a flexible shift asks; refused of a fixed one.
    #[schema(minimum = 1, maximum = 1440)]
    required_minutes: Option<i32>,
    /// Late or early by more than this is half a day's absence; never when absent.
    #[schema(minimum = 1, maximum = 1440)]
    half_day_after_minutes: Option<i32>,
    /// Late or early by more than this is a day's absence; never when absent.
    #[schema(minimum = 1, maximum = 1440)]
    absent_after_minutes: Option<i32>,
    /// Staying at least this long after the last end is overtime; there is none when absent.
    #[schema(minimum = 0, maximum = 1440)]
    overtime_after_minutes: Option<i32>,
    /// Overtime is cut to whole multiples of this; it is not when absent.
    #[schema(minimum = 1, maximum = 480)]
    rounding_minutes: Option<i32>,
    /// Two punches closer than this are one; 1 when absent.
    #[schema(minimum = 0, maximum = 60)]
    double_punch_minutes: Option<i32>,
}

/// What to change of a shift; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ShiftChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// What one owes.
    #[schema(value_type = ShiftKind, required = false)]
    #[serde(default, deserialize_with = "given")]
    kind: Option<ShiftKind>,
    /// Another color.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 30)]
    #[serde(default, deserialize_with = "nullable")]
    color: Option<Option<String>>,
    /// Other segments, instead of those there are.
    #[schema(value_type = Vec<ShiftPeriod>, required = false, min_items = 1, max_items = 6)]
    #[serde(default, deserialize_with = "given")]
    segments: Option<Vec<Object<ShiftPeriod>>>,
    /// Coming this much later than a start is still in time.
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 720)]
    #[serde(default, deserialize_with = "given")]
    grace_in_minutes: Option<i32>,
    /// Leaving this much earlier than an end is still in time.
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 720)]
    #[serde(default, deserialize_with = "given")]
    grace_out_minutes: Option<i32>,
    /// Punches count from this long before the first start.
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 720)]
    #[serde(default, deserialize_with = "given")]
    window_before_minutes: Option<i32>,
    /// Punches count until this long after the last end.
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 720)]
    #[serde(default, deserialize_with = "given")]
    window_after_minutes: Option<i32>,
    /// Other breaks, instead of those there are.
    #[schema(value_type = Vec<ShiftPeriod>, required = false, max_items = 12)]
    #[serde(default, deserialize_with = "given")]
    breaks: Option<Vec<Object<ShiftPeriod>>>,
    /// What a flexible shift asks.
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1440)]
    #[serde(default, deserialize_with = "nullable")]
    required_minutes: Option<Option<i32>>,
    /// Late or early by more than this is half a day's absence.
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1440)]
    #[serde(default, deserialize_with = "nullable")]
    half_day_after_minutes: Option<Option<i32>>,
    /// Late or early by more than this is a day's absence.
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 1440)]
    #[serde(default, deserialize_with = "nullable")]
    absent_after_minutes: Option<Option<i32>>,
    /// Staying at least this long after the last end is overtime.
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1440)]
    #[serde(default, deserialize_with = "nullable")]
    overtime_after_minutes: Option<Option<i32>>,
    /// Overtime is cut to whole multiples of this.
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 480)]
    #[serde(default, deserialize_with = "nullable")]
    rounding_minutes: Option<Option<i32>>,
    /// Two punches closer than this are one.
    #[schema(value_type = i32, required = false, minimum = 0, maximum = 60)]
    #[serde(default, deserialize_with = "given")]
    double_punch_minutes: Option<i32>,
}

impl From<ShiftKind> for site::shift::ShiftKind {
    fn from(kind: ShiftKind) -> Self {
        match kind {
            ShiftKind::Fixed => Self::Fixed,
            ShiftKind::Flexible => Self::Flexible,
        }
    }
}

fn clock(minute: Minute) -> String {
    TimeOfDay::of(minute).to_string()
}

fn periods(stretches: &[Stretch]) -> Vec<ShiftPeriod> {
    stretches
        .iter()
        .map(|stretch| ShiftPeriod { start: clock(stretch.start), end: clock(stretch.end) })
        .collect()
}

impl From<site::ShiftShown> for Shift {
    fn from(shown: site::ShiftShown) -> Self {
        let rule = shown.shift.rule;
        Self {
            id: shown.shift.id.0,
            name: shown.shift.name,
            kind: match rule.kind {
                site::shift::ShiftKind::Fixed => ShiftKind::Fixed,
                site::shift::ShiftKind::Flexible => ShiftKind::Flexible,
            },
            color: shown.color,
            segments: periods(&rule.segments),
            grace_in_minutes: rule.grace_in,
            grace_out_minutes: rule.grace_out,
            window_before_minutes: rule.window_before,
            window_after_minutes: rule.window_after,
            breaks: periods(&rule.breaks),
            required_minutes: rule.required_minutes,
            half_day_after_minutes: rule.half_day_after,
            absent_after_minutes: rule.absent_after,
            overtime_after_minutes: rule.overtime_after,
            rounding_minutes: rule.rounding,
            double_punch_minutes: rule.double_punch,
            assigned: shown.assigned,
        }
    }
}

fn read(pointer: &str, periods: Vec<Object<ShiftPeriod>>) -> Result<Vec<Period>, Problem> {
    let periods = periods.into_iter().enumerate().map(|(index, Object(period))| {
        Ok(Period {
            start: time_of_day(&format!("{pointer}/{index}/start"), &period.start)?,
            end: time_of_day(&format!("{pointer}/{index}/end"), &period.end)?,
        })
    });
    periods.collect()
}

impl TryFrom<NewShift> for site::NewShift {
    type Error = Problem;

    fn try_from(new: NewShift) -> Result<Self, Problem> {
        text::check("/name", Some(&new.name), site::NAME_MOST)?;
        text::check("/color", new.color.as_deref(), site::COLOR_MOST)?;
        let usual = RuleDraft::fixed(read("/segments", new.segments)?);
        let rule = RuleDraft {
            kind: new.kind.map_or(usual.kind, Into::into),
            segments: usual.segments,
            grace_in: new.grace_in_minutes.unwrap_or(usual.grace_in),
            grace_out: new.grace_out_minutes.unwrap_or(usual.grace_out),
            window_before: new.window_before_minutes.unwrap_or(usual.window_before),
            window_after: new.window_after_minutes.unwrap_or(usual.window_after),
            breaks: read("/breaks", new.breaks.unwrap_or_default())?,
            required_minutes: new.required_minutes,
            half_day_after: new.half_day_after_minutes,
            absent_after: new.absent_after_minutes,
            overtime_after: new.overtime_after_minutes,
            rounding: new.rounding_minutes,
            double_punch: new.double_punch_minutes.unwrap_or(usual.double_punch),
        };
        Ok(Self { name: new.name, color: new.color, rule })
    }
}

impl TryFrom<ShiftChange> for site::ShiftChange {
    type Error = Problem;

    fn try_from(change: ShiftChange) -> Result<Self, Problem> {
        text::check("/name", change.name.as_deref(), site::NAME_MOST)?;
        text::check("/color", change.color.as_ref().and_then(Option::as_deref), site::COLOR_MOST)?;
        Ok(Self {
            name: change.name,
            color: change.color,
            kind: change.kind.map(Into::into),
            segments: change.segments.map(|periods| read("/segments", periods)).transpose()?,
            grace_in: change.grace_in_minutes,
            grace_out: change.grace_out_minutes,
            window_before: change.window_before_minutes,
            window_after: change.window_after_minutes,
            breaks: change.breaks.map(|periods| read("/breaks", periods)).transpose()?,
            required_minutes: change.required_minutes,
            half_day_after: change.half_day_after_minutes,
            absent_after: change.absent_after_minutes,
            overtime_after: change.overtime_after_minutes,
            rounding: change.rounding_minutes,
            double_punch: change.double_punch_minutes,
        })
    }
}

/// Which part of the body a rule is wrong in.
pub(crate) fn pointer(error: RuleError) -> String {
    let duration = |which| match which {
        Duration::GraceIn => "/graceInMinutes",
        Duration::GraceOut => "/graceOutMinutes",
        Duration::WindowBefore => "/windowBeforeMinutes",
        Duration::WindowAfter => "/windowAfterMinutes",
        Duration::HalfDayAfter => "/halfDayAfterMinutes",
        Duration::AbsentAfter => "/absentAfterMinutes",
        Duration::OvertimeAfter => "/overtimeAfterMinutes",
        Duration::Rounding => "/roundingMinutes",
        Duration::DoublePunch => "/doublePunchMinutes",
    };
    match error {
        RuleError::SegmentsOverlap(index) => format!("/segments/{index}"),
        RuleError::BreakOutside(index) | RuleError::BreaksOverlap(index) => format!("/breaks/{index}"),
        RuleError::Segments | RuleError::TooLong | RuleError::FlexibleSegments => "/segments".to_owned(),
        RuleError::Breaks | RuleError::NothingLeft => "/breaks".to_owned(),
        RuleError::RequiredMissing | RuleError::RequiredOfFixed | RuleError::Required(_) => {
            "/requiredMinutes".to_owned()
        }
        RuleError::OutOfRange { which, .. } => duration(which).to_owned(),
        RuleError::Thresholds => "/absentAfterMinutes".to_owned(),
    }
}

/// The shifts, by name.
#[utoipa::path(get, path = "/api/shifts", tag = "schedule", operation_id = "listShifts", params(PageQuery),
    responses((status = 200, body = List<Shift>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Shift>> {
    let (page, now) = (query.page()?, api.site.clock().now());
    let paged = api.site.read(move |conn| shift_list(conn, now, &page)).await?;
    Ok(Json(list(paged, Shift::from)))
}

/// Adds a shift.
#[utoipa::path(post, path = "/api/shifts", tag = "schedule", operation_id = "addShift", request_body = NewShift,
    responses((status = 201, body = Shift), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another shift has the name."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewShift>,
) -> Created<Shift> {
    let new = new.try_into()?;
    let shown = api.site.write(move |tx| shift_add(tx, &actor, new)).await?;
    api.events.tell(Event::Schedule {});
    Ok((StatusCode::CREATED, Json(shown.into())))
}

/// Changes a shift, also for the days it was worked already: those are judged anew, unless their month is locked.
#[utoipa::path(patch, path = "/api/shifts/{id}", tag = "schedule", operation_id = "changeShift",
    params(("id" = String, Path, description = "Its id")), request_body = ShiftChange,
    responses((status = 200, body = Shift), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another shift has the name."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Body(change): Body<ShiftChange>,
) -> Answer<Shift> {
    let change = change.try_into()?;
    let shown = api.site.write(move |tx| shift_change(tx, &actor, &ShiftId(id), change)).await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(shown.into()))
}

/// Removes a shift that nobody is to work from today on; days on which it was worked keep it.
#[utoipa::path(delete, path = "/api/shifts/{id}", tag = "schedule", operation_id = "removeShift",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "Somebody is to work it, or a rotation has it."), WithPath,
    Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
) -> Done {
    api.site.write(move |tx| shift_remove(tx, &actor, &ShiftId(id))).await?;
    api.events.tell(Event::Schedule {});
    Ok(StatusCode::NO_CONTENT)
}
