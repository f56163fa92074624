//! The OpenAPI document, and what its generator has to be helped with.

use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{Modify, OpenApi};

use super::auth;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rollcall",
        description = "The console API of Rollcall, the attendance machines of a site. Every error is a Problem (RFC 9457).",
    ),
    modifiers(&Doors),
    security(("token" = []), ("session" = [])),
    tags(
        (name = "health", description = "Is it alive"),
        (name = "overview", description = "The first screen"),
        (name = "listener", description = "What to type on a machine"),
        (name = "machines", description = "The machines of the site"),
        (name = "commands", description = "What machines are told, and what became of it"),
        (name = "strangers", description = "Machines that knock and that nobody has added"),
        (name = "employees", description = "The people of the site"),
        (name = "organisation", description = "Branches, departments, and the columns of people"),
        (name = "imports", description = "Whole files of people"),
        (name = "roster", description = "The people of one machine"),
        (name = "mapping", description = "Which field fills the numbers of a machine's people"),
        (name = "dispatch", description = "Who belongs on a machine's list by itself"),
        (name = "jobs", description = "Work that runs later or in the background, with its log"),
        (name = "schedule", description = "Who is to work when: shifts, the calendar, leave"),
        (name = "punches", description = "What machines sent"),
        (name = "appeals", description = "Putting a day right: appeals, their evidence, and what they came to"),
        (name = "attendance", description = "What people's days were"),
        (name = "reuploads", description = "What machines are to send again, and what is missing"),
        (name = "audit", description = "The operation log"),
        (name = "settings", description = "What holds for the whole site"),
        (name = "events", description = "What changes, live"),
        (name = "session", description = "A browser's session"),
    )
)]
pub(super) struct Description;

struct Doors;

impl Modify for Doors {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The console's token"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKeyValue::with_description(auth::COOKIE, "Set by POST /api/session");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The generator writes the items of a generic list out in full, each time; this names them instead.
struct Lists;

impl Modify for Lists {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let Some(components) = openapi.components.as_mut() else { return };
        for (name, schema) in &mut components.schemas {
            if let Some(item) = name.strip_prefix("List_")
                && let RefOr::T(Schema::Object(list)) = schema
                && let Some(RefOr::T(Schema::Array(items))) = list.properties.get_mut("items")
            {
                items.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(item).into()));
            }
        }
    }
}

/// A file that is refused as a whole comes without a report of its rows.
struct Reports;

impl Modify for Reports {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let Some(components) = openapi.components.as_mut() else { return };
        for (report, problem) in
            [("ImportReport", "ImportProblem"), ("CalendarImportReport", "CalendarImportProblem")]
        {
            let Some(RefOr::T(Schema::Object(report))) = components.schemas.get(report) else { continue };
            let mut report = report.clone();
            report.required.clear();
            if let Some(RefOr::T(Schema::AllOf(problem))) = components.schemas.get_mut(problem)
                && let Some(part) = problem.items.last_mut()
            {
                *part = RefOr::T(Schema::Object(report));
            }
        }
    }
}

/// The document as JSON, with a line break at its end.
pub(super) fn describe(mut openapi: utoipa::openapi::OpenApi) -> String {
    Lists.modify(&mut openapi);
    Reports.modify(&mut openapi);
    // Made of our own types: it is JSON, and the test of the committed file would say if it were not.
    let mut json = openapi.to_pretty_json().unwrap_or_default();
    json.push('\n');
    json
}
