//! Cycles of shifts.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::schedule as site;
use rollcall_core::schedule::shift::ShiftId;
use rollcall_core::schedule::{rotation_add, rotation_change, rotation_list, rotation_remove};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, given};
use super::page::{PageQuery, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// A cycle of days, each with a shift or none, that begins anew when it is through.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rotation {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The shift of each of its days; null: rest.
    steps: Vec<Option<String>>,
}

/// A rotation to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRotation {
    /// Its name; no other rotation has it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "四班三倒"
    )]
    name: String,
    /// The shift of each of its days; null: rest. At least one is worked.
    #[schema(min_items = 1, max_items = 366)]
    steps: Vec<Option<String>>,
}

/// What to change of a rotation; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RotationChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// Other steps, instead of those there are.
    #[schema(value_type = Vec<Option<String>>, required = false, min_items = 1, max_items = 366)]
    #[serde(default, deserialize_with = "given")]
    steps: Option<Vec<Option<String>>>,
}

impl From<site::Rotation> for Rotation {
    fn from(rotation: site::Rotation) -> Self {
        let steps = rotation.steps.into_iter().map(|step| step.map(|shift| shift.0)).collect();
        Self { id: rotation.id, name: rotation.name, steps }
    }
}

fn read(steps: Vec<Option<String>>) -> Vec<Option<ShiftId>> {
    steps.into_iter().map(|step| step.map(ShiftId)).collect()
}

/// The rotations, by name.
#[utoipa::path(get, path = "/api/rotations", tag = "schedule", operation_id = "listRotations", params(PageQuery),
    responses((status = 200, body = List<Rotation>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Rotation>> {
    let page = query.page()?;
    let paged = api.site.read(move |conn| rotation_list(conn, &page)).await?;
    Ok(Json(list(paged, Rotation::from)))
}

/// Adds a rotation.
#[utoipa::path(post, path = "/api/rotations", tag = "schedule", operation_id = "addRotation", request_body = NewRotation,
    responses((status = 201, body = Rotation), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another rotation has the name."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewRotation>,
) -> Created<Rotation> {
    text::check("/name", Some(&new.name), site::NAME_MOST)?;
    let new = site::NewRotation { name: new.name, steps: read(new.steps) };
    let rotation = api.site.write(move |tx| rotation_add(tx, &actor, new)).await?;
    api.events.tell(Event::Schedule {});
    Ok((StatusCode::CREATED, Json(rotation.into())))
}

/// Changes a rotation, also for the days it was worked already: those are judged anew, unless their month is locked.
#[utoipa::path(patch, path = "/api/rotations/{id}", tag = "schedule", operation_id = "changeRotation",
    params(("id" = String, Path, description = "Its id")), request_body = RotationChange,
    responses((status = 200, body = Rotation), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another rotation has the name."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Body(change): Body<RotationChange>,
) -> Answer<Rotation> {
    text::check("/name", change.name.as_deref(), site::NAME_MOST)?;
    let change = site::RotationChange { name: change.name, steps: change.steps.map(read) };
    let rotation = api.site.write(move |tx| rotation_change(tx, &actor, &id, change)).await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(rotation.into()))
}

/// Removes a rotation that nobody is to work from today on; days on which it was worked keep it.
#[utoipa::path(delete, path = "/api/rotations/{id}", tag = "schedule", operation_id = "removeRotation",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "Somebody is to work it."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
) -> Done {
    api.site.write(move |tx| rotation_remove(tx, &actor, &id)).await?;
    api.events.tell(Event::Schedule {});
    Ok(StatusCode::NO_CONTENT)
}
