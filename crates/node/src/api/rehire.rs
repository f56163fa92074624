//! Somebody who left and is back under a new account, and the machines somebody is on.

use axum::extract::State;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::Sn;
use rollcall_core::numbers;
use rollcall_core::roster::rehire as site;
use rollcall_core::roster::rehire::{NewAccount, person_machines};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employees::{NewEmployee, id_in_path};
use super::extract::{Body, Path};
use super::problem::Problem;
use super::roster::RosterEntry;
use super::state::{Api, Caller};
use super::time::day;
use super::types::{Always, Answer, WithBody, WithPath};
use crate::events::Event;

/// Who takes the places of an account that has left.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rehire {
    /// Somebody of the directory; or `newEmployee`.
    new_employee_id: Option<String>,
    /// Somebody to be added to the directory.
    new_employee: Option<NewEmployee>,
    /// Whether fingerprints and faces go over to the new account; else they are deleted with the old one.
    carry_templates: bool,
    /// The last day of the old account, when it has none yet.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    left_on: Option<String>,
}

/// What happens on one machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RehireOnMachine {
    /// The machine's serial number.
    #[schema(value_type = String)]
    sn: Sn,
    /// The number there.
    #[schema(required)]
    pin: Option<String>,
    /// `rehire.carried`, `rehire.follows`, `rehire.added`, `rehire.already_there`, `rehire.no_number`, or why it was refused.
    code: String,
    /// In English.
    detail: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rehired {
    /// The new account.
    employee_id: String,
    /// The machines the old one was on.
    machines: Vec<RehireOnMachine>,
}

/// Takes an account off every machine, puts another one in its places under the same numbers, and sends both. Old punches stay with
/// the old account.
#[utoipa::path(post, path = "/api/employees/{id}/rehire", tag = "employees", operation_id = "rehireEmployee",
    params(("id" = String, Path, description = "The account that has left")),
    request_body = Rehire,
    responses((status = 200, body = Rehired), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The new account's id is taken."),
    WithPath, WithBody, Always))]
pub(crate) async fn rehire(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(old): Path<String>,
    Body(asked): Body<Rehire>,
) -> Answer<Rehired> {
    let old = id_in_path(&old)?;
    let new = match (asked.new_employee_id, asked.new_employee) {
        (Some(id), None) => NewAccount::Existing(id_in_path(&id)?),
        (None, Some(new)) => NewAccount::New(new.checked()?),
        _ => {
            return Err(Problem::invalid(
                "/newEmployeeId",
                "rehire.who",
                "one of newEmployeeId and newEmployee says who takes the places".to_owned(),
            ));
        }
    };
    let wanted = site::Rehire {
        old: old.clone(),
        new,
        carry_templates: asked.carry_templates,
        left_on: day("/leftOn", asked.left_on)?,
    };
    let done = api.site.write(move |tx| site::rehire(tx, &actor, wanted)).await?;
    for id in [&old, &done.employee] {
        api.events.tell(Event::Employee { employee_id: id.as_str().to_owned() });
    }
    for machine in &done.machines {
        api.roster_changed(&machine.sn);
    }
    Ok(Json(Rehired {
        employee_id: done.employee.as_str().to_owned(),
        machines: done
            .machines
            .into_iter()
            .map(|on| RehireOnMachine { sn: on.sn, pin: on.pin, code: on.code, detail: on.detail })
            .collect(),
    }))
}

/// A number somebody has or had.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldNumber {
    /// The number.
    pin: String,
    /// Since when; null is the beginning of time.
    #[schema(required)]
    from: Option<DateTime<Utc>>,
    /// Until when; null is still.
    #[schema(required)]
    to: Option<DateTime<Utc>>,
}

/// A machine somebody is on, or has been.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonMachine {
    /// The machine's serial number.
    #[schema(value_type = String)]
    sn: Sn,
    /// Its name.
    machine_name: String,
    /// Their entry, while they are on its list.
    #[schema(required)]
    entry: Option<RosterEntry>,
    /// The numbers they have had there, newest first.
    spans: Vec<HeldNumber>,
}

/// The machines somebody is or has been on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonMachines {
    /// By the machine's name.
    items: Vec<PersonMachine>,
    /// How many there are.
    total: usize,
}

/// Where somebody is and has been, and under which numbers.
#[utoipa::path(get, path = "/api/employees/{id}/machines", tag = "employees", operation_id = "listEmployeeMachines",
    params(("id" = String, Path, description = "The employee's id")),
    responses((status = 200, body = PersonMachines), WithPath, Always))]
pub(crate) async fn machines(State(api): State<Api>, Path(id): Path<String>) -> Answer<PersonMachines> {
    let id = id_in_path(&id)?;
    let items = api
        .site
        .read(move |conn| {
            let mut items = Vec::new();
            for on in person_machines(conn, &id)? {
                let explained =
                    numbers::explain(conn, &on.machine, on.entry.as_slice())?.pop().unwrap_or_default();
                items.push(PersonMachine {
                    sn: on.machine.sn,
                    machine_name: on.machine.name,
                    entry: on.entry.map(|entry| RosterEntry::from((entry, explained))),
                    spans: on
                        .spans
                        .into_iter()
                        .map(|held| HeldNumber { pin: held.pin.to_string(), from: held.from, to: held.to })
                        .collect(),
                });
            }
            Ok::<_, rollcall_core::roster::RosterError>(items)
        })
        .await?;
    Ok(Json(PersonMachines { total: items.len(), items }))
}
