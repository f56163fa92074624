//! The operation log.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use rollcall_core::audit::audit_list;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::extract::Query;
use super::page::{PageQuery, list};
use super::state::Api;
use super::types::{Always, Answer, List, WithQuery};

/// One change: who, when, what, from what to what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditLine {
    /// Its number; later lines have higher ones.
    id: i64,
    /// When.
    time: DateTime<Utc>,
    /// Who: `console`, `desktop` or `system`.
    who: String,
    /// What was done, object first: `machine.add`, `roster.change`.
    what: String,
    /// To what: `machine/CQZ7000000001`, `employee/e17`.
    subject: String,
    /// How it was; null for something new.
    #[schema(required, value_type = Option<Object>)]
    before: Option<Value>,
    /// How it is now; null for something removed.
    #[schema(required, value_type = Option<Object>)]
    after: Option<Value>,
}

/// Every change, newest first.
#[utoipa::path(get, path = "/api/audit", tag = "audit", operation_id = "listAudit", params(PageQuery),
    responses((status = 200, body = List<AuditLine>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<AuditLine>> {
    let page = query.page()?;
    let paged = api.site.read(move |conn| audit_list(conn, &page)).await?;
    Ok(Json(list(paged, |line| AuditLine {
        id: line.id,
        time: line.time,
        who: line.who,
        what: line.what,
        subject: line.subject,
        before: line.before,
        after: line.after,
    })))
}
