//! The columns of a person: the system's and the customer's own.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::directory as site;
use rollcall_core::directory::{DirectoryError, field_add, field_change, field_delete, field_list};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, given};
use super::page::{PageQuery, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// A column of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Field {
    /// Its name for programs.
    key: String,
    /// Its name for people; empty for the system's, which each language has a word for.
    label: String,
    /// What may stand in it.
    r#type: FieldType,
    /// Where it is shown.
    group: FieldGroup,
    /// What may be chosen, in order; empty unless it is a choice.
    choices: Vec<String>,
    /// Whether every directory has it.
    system: bool,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FieldType {
    /// Any text.
    Text,
    /// A decimal number; kept as its shortest text.
    Number,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// One of the choices.
    Choice,
}

/// Where a field is shown.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FieldGroup {
    /// Basic information.
    Basic,
    /// Personal information; the operation log says only that it changed.
    Personal,
}

/// A field to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewField {
    /// Its name for programs: 1 to 64 ASCII letters, digits and `_`, beginning with a letter; none that the system has.
    #[schema(pattern = "^[A-Za-z][A-Za-z0-9_]*$", max_length = 64, example = "shoeSize")]
    key: String,
    /// Its name for people, and for columns of files of people.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "鞋码"
    )]
    label: String,
    /// What may stand in it.
    r#type: FieldType,
    /// Where it is shown.
    group: FieldGroup,
    /// What may be chosen: at most 500 different texts of at most 100 characters; only for a choice.
    choices: Option<Vec<String>>,
}

/// What to change of a field; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldChange {
    /// Its name for people.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    label: Option<String>,
    /// What may be chosen; whoever has a choice that is gone keeps it until they are given another.
    #[schema(value_type = Vec<String>, required = false)]
    #[serde(default, deserialize_with = "given")]
    choices: Option<Vec<String>>,
}

impl From<site::FieldType> for FieldType {
    fn from(kind: site::FieldType) -> Self {
        match kind {
            site::FieldType::Text => Self::Text,
            site::FieldType::Number => Self::Number,
            site::FieldType::Date => Self::Date,
            site::FieldType::Choice => Self::Choice,
        }
    }
}

impl From<FieldType> for site::FieldType {
    fn from(kind: FieldType) -> Self {
        match kind {
            FieldType::Text => Self::Text,
            FieldType::Number => Self::Number,
            FieldType::Date => Self::Date,
            FieldType::Choice => Self::Choice,
        }
    }
}

impl From<site::Field> for Field {
    fn from(field: site::Field) -> Self {
        Self {
            key: field.key,
            label: field.label,
            r#type: field.kind.into(),
            group: match field.group {
                site::FieldGroup::Basic => FieldGroup::Basic,
                site::FieldGroup::Personal => FieldGroup::Personal,
            },
            choices: field.choices,
            system: field.system,
        }
    }
}

/// A key in a path that no field has.
fn in_path(error: DirectoryError) -> Problem {
    match error {
        DirectoryError::FieldUnknown(_) => Problem::not_found(error.code(), error.to_string()),
        error => error.into(),
    }
}

/// The fields: the system's first, then the customer's in the order they were made.
#[utoipa::path(get, path = "/api/fields", tag = "organisation", operation_id = "listFields", params(PageQuery),
    responses((status = 200, body = List<Field>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Field>> {
    let page = query.page()?;
    let paged = api
        .site
        .read(move |conn| {
            let after: Option<u32> = page.after()?;
            let fields = field_list(conn)?;
            let total = fields.len() as u64;
            let rest = (0_u32..).zip(fields).filter(|(at, _)| after.is_none_or(|after| *at > after));
            Ok::<_, DirectoryError>(page.finish(rest.collect(), total, |(at, _)| *at))
        })
        .await?;
    Ok(Json(list(paged, |(_, field)| Field::from(field))))
}

/// Adds a field.
#[utoipa::path(post, path = "/api/fields", tag = "organisation", operation_id = "addField", request_body = NewField,
    responses((status = 201, body = Field), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The key or the label is taken."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewField>,
) -> Created<Field> {
    text::check("/label", Some(&new.label), site::LABEL_MOST)?;
    let new = site::NewField {
        key: new.key,
        label: new.label,
        kind: new.r#type.into(),
        group: match new.group {
            FieldGroup::Basic => site::FieldGroup::Basic,
            FieldGroup::Personal => site::FieldGroup::Personal,
        },
        choices: new.choices.unwrap_or_default(),
    };
    let field = api.site.write(move |tx| field_add(tx, &actor, new)).await?;
    api.events.tell(Event::Organisation {});
    Ok((StatusCode::CREATED, Json(field.into())))
}

/// Changes a field of the customer's.
#[utoipa::path(patch, path = "/api/fields/{key}", tag = "organisation", operation_id = "changeField",
    params(("key" = String, Path, description = "Its key")), request_body = FieldChange,
    responses((status = 200, body = Field), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The label is taken, or the field is the system's."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(key): Path<String>,
    Body(change): Body<FieldChange>,
) -> Answer<Field> {
    text::check("/label", change.label.as_deref(), site::LABEL_MOST)?;
    let change = site::FieldChange { label: change.label, choices: change.choices };
    let field = api.site.write(move |tx| field_change(tx, &actor, &key, change)).await.map_err(in_path)?;
    api.events.tell(Event::Organisation {});
    Ok(Json(field.into()))
}

/// Deletes a field of the customer's, with what stands in it of everybody.
#[utoipa::path(delete, path = "/api/fields/{key}", tag = "organisation", operation_id = "deleteField",
    params(("key" = String, Path, description = "Its key")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json",
    description = "The number mapping of a machine uses it, or it is the system's."), WithPath, Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(key): Path<String>,
) -> Done {
    api.site.write(move |tx| field_delete(tx, &actor, &key)).await.map_err(in_path)?;
    api.events.tell(Event::Organisation {});
    Ok(StatusCode::NO_CONTENT)
}
