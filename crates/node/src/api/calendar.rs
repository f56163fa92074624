//! Holidays, and the days that are worked instead of them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::schedule as site;
use rollcall_core::schedule::plan::Special;
use rollcall_core::schedule::{calendar_list, calendar_remove, calendar_set, weekday_of_number};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Path, Query};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::date;
use super::types::{Always, Answer, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// What is special about a date.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CalendarKind {
    /// Nothing is worked, but by assignments that work on holidays.
    Holiday,
    /// A day of rest that is worked instead of another (调休上班).
    Workday,
}

/// A date that is not as its weekday says.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CalendarDay {
    /// Which.
    date: NaiveDate,
    /// What is special about it.
    kind: CalendarKind,
    /// What it is called.
    name: String,
    /// Of a make-up workday: the weekday it is worked as, 1 is Monday and 7 Sunday; null: by everybody who works at all from
    /// Monday to Friday.
    #[schema(required)]
    as_weekday: Option<u8>,
}

/// What a date is, instead of what was noted of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCalendarDay {
    /// Which.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    date: String,
    /// What is special about it.
    kind: CalendarKind,
    /// What it is called.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "国庆节"
    )]
    name: String,
    /// Of a make-up workday: the weekday it is worked as, 1 is Monday and 7 Sunday. Refused of a holiday.
    #[schema(minimum = 1, maximum = 7)]
    as_weekday: Option<u8>,
}

/// Which dates to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CalendarQuery {
    /// Only those of this year.
    #[param(minimum = 1900, maximum = 9999, nullable = false)]
    year: Option<i32>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

impl From<site::plan::CalendarDay> for CalendarDay {
    fn from(day: site::plan::CalendarDay) -> Self {
        let (kind, as_weekday) = match day.special {
            Special::Holiday => (CalendarKind::Holiday, None),
            Special::Workday { as_weekday } => (CalendarKind::Workday, as_weekday),
        };
        let number = as_weekday.and_then(|day| u8::try_from(day.number_from_monday()).ok());
        Self { date: day.date, kind, name: day.name, as_weekday: number }
    }
}

fn special(kind: CalendarKind, as_weekday: Option<u8>) -> Result<Special, Problem> {
    match (kind, as_weekday) {
        (CalendarKind::Holiday, None) => Ok(Special::Holiday),
        (CalendarKind::Holiday, Some(_)) => {
            let detail = "only a make-up workday is worked as another weekday";
            Err(Problem::invalid("/asWeekday", "calendar.weekday_of_holiday", detail))
        }
        (CalendarKind::Workday, None) => Ok(Special::Workday { as_weekday: None }),
        (CalendarKind::Workday, Some(number)) => match weekday_of_number(number) {
            Some(day) => Ok(Special::Workday { as_weekday: Some(day) }),
            None => {
                let detail = "a weekday is 1 (Monday) to 7 (Sunday)";
                Err(Problem::invalid("/asWeekday", "calendar.weekday", detail))
            }
        },
    }
}

/// The year of a query.
pub(crate) fn checked_year(year: Option<i32>) -> Result<Option<i32>, Problem> {
    match year {
        Some(year) if !(1900..=9999).contains(&year) => {
            Err(Problem::invalid("/year", "calendar.year", "a year is 1900 to 9999"))
        }
        year => Ok(year),
    }
}

/// The dates that are not as their weekday says, in their order.
#[utoipa::path(get, path = "/api/calendar-days", tag = "schedule", operation_id = "listCalendarDays",
    params(CalendarQuery), responses((status = 200, body = List<CalendarDay>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<CalendarQuery>,
) -> Answer<List<CalendarDay>> {
    let (year, page) = (checked_year(query.year)?, page(query.limit, query.cursor)?);
    let paged = api.site.read(move |conn| calendar_list(conn, year, &page)).await?;
    Ok(Json(list(paged, CalendarDay::from)))
}

/// Says what a date is, instead of what was said of it before.
#[utoipa::path(post, path = "/api/calendar-days", tag = "schedule", operation_id = "setCalendarDay",
    request_body = NewCalendarDay, responses((status = 200, body = CalendarDay), WithBody, Always))]
pub(crate) async fn set(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewCalendarDay>,
) -> Answer<CalendarDay> {
    text::check("/name", Some(&new.name), site::NAME_MOST)?;
    let day = site::plan::CalendarDay {
        date: date("/date", &new.date)?,
        special: special(new.kind, new.as_weekday)?,
        name: new.name,
    };
    let day = api.site.write(move |tx| calendar_set(tx, &actor, day)).await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(day.into()))
}

/// Forgets what was said of a date: it is as its weekday says again.
#[utoipa::path(delete, path = "/api/calendar-days/{date}", tag = "schedule", operation_id = "removeCalendarDay",
    params(("date" = NaiveDate, Path, description = "The date")),
    responses((status = 204, description = "It is an ordinary day."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(text): Path<String>,
) -> Done {
    let unknown =
        || Problem::not_found("calendar.unknown", format!("nothing is noted in the calendar for {text:?}"));
    let date = date("/date", &text).map_err(|_| unknown())?;
    api.site.write(move |tx| calendar_remove(tx, &actor, date)).await?;
    api.events.tell(Event::Schedule {});
    Ok(StatusCode::NO_CONTENT)
}
