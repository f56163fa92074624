//! The photo of a person.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use rollcall_core::directory::{PhotoType, photo_delete, photo_get, photo_put};
use serde::Serialize;
use utoipa::ToSchema;

use super::employees::id_in_path;
use super::extract::{Path, Raw};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Done, FileBytes, WithPath};
use crate::events::Event;
use crate::photo;

/// What a photo is called.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PhotoFile {
    /// Another photo of the same person has another id.
    photo_file_id: String,
}

/// Gives somebody a photo, in the place of the one before: a JPEG or PNG of at most 10 MB.
#[utoipa::path(put, path = "/api/employees/{id}/photo", tag = "employees", operation_id = "putPhoto",
    params(("id" = String, Path, description = "Their id")),
    request_body(content((FileBytes = "image/jpeg"), (FileBytes = "image/png"))),
    responses((status = 200, body = PhotoFile), (status = 413, body = Problem,
    content_type = "application/problem+json", description = "More than 10 MB."), (status = 422, body = Problem,
    content_type = "application/problem+json", description = "It cannot be decoded."), WithPath, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Raw(bytes): Raw<{ photo::BYTES_MOST }>,
) -> Answer<PhotoFile> {
    let id = id_in_path(&id)?;
    let kind = photo::look(bytes.clone()).await.map_err(|error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "photo.unreadable", error.to_string())
    })?;
    let employee_id = id.as_str().to_owned();
    let photo_file_id = api.site.write(move |tx| photo_put(tx, &actor, &id, kind, &bytes)).await?;
    api.events.tell(Event::Employee { employee_id });
    Ok(Json(PhotoFile { photo_file_id }))
}

/// Somebody's photo, as it was given.
#[utoipa::path(get, path = "/api/employees/{id}/photo", tag = "employees", operation_id = "getPhoto",
    params(("id" = String, Path, description = "Their id")),
    responses((status = 200, description = "The photo.", content((FileBytes = "image/jpeg"), (FileBytes = "image/png"))), WithPath,
    Always))]
pub(crate) async fn get(State(api): State<Api>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = id_in_path(&id)?;
    let vault = api.site.vault().clone();
    let photo = api.site.read(move |conn| photo_get(conn, &vault, &id)).await?;
    let name = match photo.kind {
        PhotoType::Jpeg => "inline; filename=\"photo.jpg\"",
        PhotoType::Png => "inline; filename=\"photo.png\"",
    };
    let head = [(header::CONTENT_TYPE, photo.kind.media_type()), (header::CONTENT_DISPOSITION, name)];
    Ok((head, photo.data).into_response())
}

/// Takes somebody's photo away.
#[utoipa::path(delete, path = "/api/employees/{id}/photo", tag = "employees", operation_id = "deletePhoto",
    params(("id" = String, Path, description = "Their id")),
    responses((status = 204, description = "It is gone."), WithPath, Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
) -> Done {
    let id = id_in_path(&id)?;
    let employee_id = id.as_str().to_owned();
    api.site.write(move |tx| photo_delete(tx, &actor, &id)).await?;
    api.events.tell(Event::Employee { employee_id });
    Ok(StatusCode::NO_CONTENT)
}
