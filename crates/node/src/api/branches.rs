//! The branches of the site.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::directory as site;
use rollcall_core::directory::{UnitKind, branch_add, branch_change, branch_delete, branch_get, branch_list};
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

/// A branch: it holds departments and other branches.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Branch {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// The branch it is beneath.
    #[schema(required)]
    parent_id: Option<String>,
    /// How many people are in it, in its departments and in the branches beneath, and have not left.
    employees: u64,
}

/// A branch to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewBranch {
    /// An id, 1 to 64 characters without `/`; one of ours when absent.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 64
    )]
    id: Option<String>,
    /// Its name; no other branch beneath the same one has it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "上海分公司"
    )]
    name: String,
    /// The branch it is to be beneath.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    parent_id: Option<String>,
}

/// What to change of a branch; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BranchChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// The branch it is to be beneath; everybody in it moves along.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    #[serde(default, deserialize_with = "nullable")]
    parent_id: Option<Option<String>>,
}

impl From<site::Branch> for Branch {
    fn from(branch: site::Branch) -> Self {
        Self { id: branch.id, name: branch.name, parent_id: branch.parent_id, employees: branch.employees }
    }
}

const KIND: UnitKind = UnitKind::Branch;

/// The branches, by name.
#[utoipa::path(get, path = "/api/branches", tag = "organisation", operation_id = "listBranches", params(PageQuery),
    responses((status = 200, body = List<Branch>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Branch>> {
    let (page, now) = (query.page()?, api.site.clock().now());
    let paged = api.site.read(move |conn| branch_list(conn, site_date(conn, now)?, &page)).await?;
    Ok(Json(list(paged, Branch::from)))
}

/// Adds a branch.
#[utoipa::path(post, path = "/api/branches", tag = "organisation", operation_id = "addBranch", request_body = NewBranch,
    responses((status = 201, body = Branch), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The id is taken, or the name beneath the same branch."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewBranch>,
) -> Created<Branch> {
    units::check(Some(&new.name), &[("/id", new.id.as_deref()), ("/parentId", new.parent_id.as_deref())])?;
    let new = site::NewBranch { id: new.id, name: new.name, parent_id: new.parent_id };
    let added = units::written(&api, KIND, branch_get, move |tx| branch_add(tx, &actor, new)).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Changes a branch.
#[utoipa::path(patch, path = "/api/branches/{id}", tag = "organisation", operation_id = "changeBranch",
    params(("id" = String, Path, description = "Its id")), request_body = BranchChange,
    responses((status = 200, body = Branch), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "Another branch beneath the same one has the name."), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Body(change): Body<BranchChange>,
) -> Answer<Branch> {
    units::check(change.name.as_deref(), &[])?;
    let change = site::BranchChange { name: change.name, parent_id: change.parent_id };
    let changed = units::written(&api, KIND, branch_get, move |tx| {
        branch_change(tx, &actor, &id, change)?;
        Ok(id)
    });
    Ok(Json(changed.await?.into()))
}

/// Deletes a branch with nothing in it.
#[utoipa::path(delete, path = "/api/branches/{id}", tag = "organisation", operation_id = "deleteBranch",
    params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "Branches, departments or people are in it (`branch.not_empty`), or a dispatch rule or an assignment of \
    a shift names it (`branch.in_use`, with their names as `rules` and `shifts`)."), WithPath,
    Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
) -> Done {
    api.site.write(move |tx| branch_delete(tx, &actor, &id)).await?;
    api.events.tell(Event::Organisation {});
    Ok(StatusCode::NO_CONTENT)
}
