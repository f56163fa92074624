//! The people of the site.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, NaiveDate, Utc};
use rollcall_core::db::Tx;
use rollcall_core::directory as site;
use rollcall_core::directory::{
    DirectoryError, EmployeeId, employee_add, employee_change, employee_get, employee_list,
};
use rollcall_core::settings::site_date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Path, Query, given, nullable};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::day;
use super::types::{Always, Answer, Created, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Somebody of the site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Employee {
    /// Who: the id of the system that owns the directory, or ours.
    id: String,
    /// Their name.
    name: String,
    /// Their branch: that of their department, or their own when they have none.
    #[schema(required)]
    branch_id: Option<String>,
    /// Its name.
    #[schema(required)]
    branch_name: Option<String>,
    /// Their department.
    #[schema(required)]
    department_id: Option<String>,
    /// Its name.
    #[schema(required)]
    department_name: Option<String>,
    /// Their first day.
    #[schema(required)]
    hired_on: Option<NaiveDate>,
    /// Their last day.
    #[schema(required)]
    left_on: Option<NaiveDate>,
    /// Whether they are still there, by the site's date.
    status: EmployeeStatus,
    /// Their further fields, by key: employeeNumber, mobile, email, gender, idNumber, birthday, position, and those of
    /// `/api/fields`. Numbers and dates are texts too.
    fields: BTreeMap<String, String>,
    /// Their photo, which is at `…/photo`; another one has another id.
    #[schema(required)]
    photo_file_id: Option<String>,
    /// When they were added here.
    created_at: DateTime<Utc>,
    /// When they were last changed here.
    changed_at: DateTime<Utc>,
}

/// Whether somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EmployeeStatus {
    /// No last day, or not yet.
    Active,
    /// The last day is over.
    Left,
}

/// Somebody to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewEmployee {
    /// An id, 1 to 64 characters without `/`; one of ours when absent.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 64
    )]
    id: Option<String>,
    /// Their name.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "李娜"
    )]
    name: String,
    /// Their branch; with a department it follows from that.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    branch_id: Option<String>,
    /// Their department.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    department_id: Option<String>,
    /// Their first day.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    hired_on: Option<String>,
    /// Their last day.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    left_on: Option<String>,
    /// Further fields, by key: those of `/api/fields`.
    #[serde(default)]
    fields: Option<BTreeMap<String, Option<String>>>,
}

/// What to change of somebody; what is absent stays, `null` clears.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct EmployeeChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// Their branch; refused for somebody whose department is in another one.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    #[serde(default, deserialize_with = "nullable")]
    branch_id: Option<Option<String>>,
    /// Their department.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    #[serde(default, deserialize_with = "nullable")]
    department_id: Option<Option<String>>,
    /// Their first day.
    #[schema(value_type = Option<String>, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    #[serde(default, deserialize_with = "nullable")]
    hired_on: Option<Option<String>>,
    /// Their last day.
    #[schema(value_type = Option<String>, format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    #[serde(default, deserialize_with = "nullable")]
    left_on: Option<Option<String>>,
    /// Fields to set; one that is null is cleared, others stay.
    #[schema(value_type = BTreeMap<String, Option<String>>, required = false)]
    #[serde(default, deserialize_with = "given")]
    fields: Option<BTreeMap<String, Option<String>>>,
}

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct EmployeeQuery {
    /// Part of a name, of its pinyin (in full or as initials), of an id, an employee number or a mobile number.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// Only those of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only those of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Only those still there, or only those who left.
    #[param(nullable = false, inline)]
    status: Option<EmployeeStatus>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

impl From<EmployeeStatus> for site::Status {
    fn from(status: EmployeeStatus) -> Self {
        match status {
            EmployeeStatus::Active => Self::Active,
            EmployeeStatus::Left => Self::Left,
        }
    }
}

fn show(employee: site::Employee, today: NaiveDate) -> Employee {
    Employee {
        status: match employee.left_on {
            Some(day) if day < today => EmployeeStatus::Left,
            _ => EmployeeStatus::Active,
        },
        id: employee.id.as_str().to_owned(),
        name: employee.name,
        branch_id: employee.branch_id,
        branch_name: employee.branch_name,
        department_id: employee.department_id,
        department_name: employee.department_name,
        hired_on: employee.hired_on,
        left_on: employee.left_on,
        fields: employee.fields,
        photo_file_id: employee.photo_file_id,
        created_at: employee.created_at,
        changed_at: employee.changed_at,
    }
}

/// The id in a path; one that cannot be one belongs to nobody.
pub(crate) fn id_in_path(text: &str) -> Result<EmployeeId, Problem> {
    EmployeeId::new(text)
        .map_err(|_| Problem::not_found("employee.unknown", format!("there is nobody with the id {text:?}")))
}

impl NewEmployee {
    /// What was given, with its days read; texts that are none are refused where they stand.
    pub(crate) fn checked(self) -> Result<site::NewEmployee, Problem> {
        text::check("/name", Some(&self.name), site::NAME_MOST)?;
        text::check("/id", self.id.as_deref(), EmployeeId::MOST)?;
        let fields = self.fields.unwrap_or_default();
        check_fields(&fields)?;
        Ok(site::NewEmployee {
            id: self.id,
            name: self.name,
            branch_id: self.branch_id,
            department_id: self.department_id,
            hired_on: day("/hiredOn", self.hired_on)?,
            left_on: day("/leftOn", self.left_on)?,
            fields: fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(),
        })
    }
}

/// Only texts: what else is wrong with a value the site's fields say.
fn check_fields(fields: &BTreeMap<String, Option<String>>) -> Result<(), Problem> {
    for (key, value) in fields {
        let pointer = format!("/fields/{}", key.replace('~', "~0").replace('/', "~1"));
        text::check(&pointer, value.as_deref(), site::FIELD_MOST)?;
    }
    Ok(())
}

/// Adds or changes somebody, tells whoever watches, and shows them as they are then.
async fn written(
    api: &Api,
    write: impl FnOnce(&Tx<'_>) -> Result<site::Employee, DirectoryError> + Send + 'static,
) -> Result<Employee, Problem> {
    let shown = api
        .site
        .write(move |tx| {
            let employee = write(tx)?;
            Ok::<_, DirectoryError>(show(employee, site_date(tx, tx.now())?))
        })
        .await?;
    api.events.tell(Event::Employee { employee_id: shown.id.clone() });
    Ok(shown)
}

/// The people of the site, by name.
#[utoipa::path(get, path = "/api/employees", tag = "employees", operation_id = "listEmployees", params(EmployeeQuery),
    responses((status = 200, body = List<Employee>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<EmployeeQuery>,
) -> Answer<List<Employee>> {
    let page = page(query.limit, query.cursor)?;
    text::check_query("/search", query.search.as_deref())?;
    let now = api.site.clock().now();
    let status = query.status.map(site::Status::from);
    let (search, department_id, branch_id) = (query.search, query.department_id, query.branch_id);
    let shown = api.site.read(move |conn| {
        let today = site_date(conn, now)?;
        let filter = site::EmployeeFilter { search, department_id, branch_id, status, today };
        let paged = employee_list(conn, &filter, &page)?;
        Ok::<_, DirectoryError>(list(paged, |employee| show(employee, today)))
    });
    Ok(Json(shown.await?))
}

/// Adds somebody.
#[utoipa::path(post, path = "/api/employees", tag = "employees", operation_id = "addEmployee", request_body = NewEmployee,
    responses((status = 201, body = Employee), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The id is taken."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewEmployee>,
) -> Created<Employee> {
    let new = new.checked()?;
    let shown = written(&api, move |tx| employee_add(tx, &actor, new)).await?;
    Ok((StatusCode::CREATED, Json(shown)))
}

/// One of them.
#[utoipa::path(get, path = "/api/employees/{id}", tag = "employees", operation_id = "getEmployee",
    params(("id" = String, Path, description = "Their id")),
    responses((status = 200, body = Employee), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(id): Path<String>) -> Answer<Employee> {
    let id = id_in_path(&id)?;
    let now = api.site.clock().now();
    let shown = api.site.read(move |conn| {
        let employee = employee_get(conn, &id)?.ok_or(DirectoryError::Unknown(id))?;
        Ok::<_, DirectoryError>(show(employee, site_date(conn, now)?))
    });
    Ok(Json(shown.await?))
}

/// Changes somebody.
#[utoipa::path(patch, path = "/api/employees/{id}", tag = "employees", operation_id = "changeEmployee",
    params(("id" = String, Path, description = "Their id")), request_body = EmployeeChange,
    responses((status = 200, body = Employee), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<String>,
    Body(change): Body<EmployeeChange>,
) -> Answer<Employee> {
    let id = id_in_path(&id)?;
    text::check("/name", change.name.as_deref(), site::NAME_MOST)?;
    let fields = change.fields.unwrap_or_default();
    check_fields(&fields)?;
    let change = site::EmployeeChange {
        name: change.name,
        branch_id: change.branch_id,
        department_id: change.department_id,
        hired_on: change.hired_on.map(|text| day("/hiredOn", text)).transpose()?,
        left_on: change.left_on.map(|text| day("/leftOn", text)).transpose()?,
        fields,
    };
    Ok(Json(written(&api, move |tx| employee_change(tx, &actor, &id, change)).await?))
}
