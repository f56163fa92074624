//! The departments of the site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::directory as site;
use rollcall_core::directory::{
    UnitKind, department_add, department_change, department_delete, department_get, department_list,
};
use rollcall_core::settings::site_date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, given, nullable};
use super::page::{PageQuery, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use super::units;
use crate::events::Event;

/// A department: of a branch or of none, and beneath another one or not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Department {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The department it is beneath.
    #[schema(required)]
    parent_id: Option<String>,
    /// The branch it is in: its own, or that of the topmost department above it.
    #[schema(required)]
    branch_id: Option<String>,
    /// How many people are in it and in the departments beneath, and have not left.
    employees: u64,
}

/// A department to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewDepartment {
    /// An id, 1 to 64 characters without `/`; one of ours when absent.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 64
    )]
    id: Option<String>,
    /// Its name; no other department beneath the same one has it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "研发部"
    )]
    name: String,
    /// The department it is to be beneath.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    parent_id: Option<String>,
    /// Its branch; one beneath another department is where that is.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    branch_id: Option<String>,
}

/// What to change of a department; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DepartmentChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// The department it is to be beneath; everybody in it moves along.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    #[serde(default, deserialize_with = "nullable")]
    parent_id: Option<Option<String>>,
    /// Its branch; refused for one beneath a department of another branch. One that is taken from beneath another stays in its
    /// branch unless this says otherwise.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    #[serde(default, deserialize_with = "nullable")]
    branch_id: Option<Option<String>>,
}

impl From<site::Department> for Department {
    fn from(department: site::Department) -> Self {
        Self {
            id: department.id,
            name: department.name,
            parent_id: department.parent_id,
            branch_id: department.branch_id,
            employees: department.employees,
        }
    }
}

const KIND: UnitKind = UnitKind::Department;

/// The departments, by name.
#[utoipa::path(get, path = "/api/departments", tag = "organisation", operation_id = "listDepartments", params(PageQuery),
    responses((status = 200, body = List<Department>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Department>> {
    let (page, now) = (query.page()?, api.site.clock().now());
    let paged = api.site.read(move |conn| department_list(conn, site_date(conn, now)?, &page)).await?;
    Ok(Json(list(paged, Department::from)))
}

/// Adds a department.
#[utoipa::path(post, path = "/api/departments", tag = "organisation", operation_id = "addDepartment", request_body = NewDepartment,
    responses((status = 201, body = Department), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The id is taken, or the name beneath the same department."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewDepartment>,
) -> Created<Department> {
    units::check(
        Some(&new.name),
        &[
            ("/id", new.id.as_deref()),
            ("/parentId", new.parent_id.as_deref()),
            ("/branchId", new.branch_id.as_deref()),
        ],
    )?;
    let new = site::NewDepartment {
        id: new.id,
        name: new.name,
        parent_id: new.parent_id,
        branch_id: new.branch_id,
    };
    let added = units::written(&api, KIND, department_get, move |tx| department_add(tx, &actor, new)).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Changes a department.
#[utoipa::path(patch, path = "/api/departments/{id}", tag = "organisation", operation_id = "changeDepartment",
    params(("id" = String, Path, description = "Its id")), request_body = DepartmentChange,
    responses((status = 200, body = Department), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another department beneath the same one has the name."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Body(change): Body<DepartmentChange>,
) -> Answer<Department> {
    units::check(change.name.as_deref(), &[])?;
    let change = site::DepartmentChange {
        name: change.name,
        parent_id: change.parent_id,
        branch_id: change.branch_id,
    };
    let changed = units::written(&api, KIND, department_get, move |tx| {
        department_change(tx, &actor, &id, change)?;
        Ok(id)
    });
    Ok(Json(changed.await?.into()))
}

/// Deletes a department with nothing in it.
#[utoipa::path(delete, path = "/api/departments/{id}", tag = "organisation", operation_id = "deleteDepartment",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "Departments or people are in it (`department.not_empty`), or a dispatch rule or an assignment of a \
    shift names it (`department.in_use`, with their names as `rules` and `shifts`)."), WithPath,
    Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
) -> Done {
    api.site.write(move |tx| department_delete(tx, &actor, &id)).await?;
    api.events.tell(Event::Organisation {});
    Ok(StatusCode::NO_CONTENT)
}
