//! Is it alive, where does it listen, can it write?

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use rollcall_core::db::StorageState;
use rollcall_core::vault::VaultError;
use serde::Serialize;
use utoipa::ToSchema;

use super::state::Api;

/// How the program is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `degraded`: the database cannot be written right now, or the vault is shut; machines keep meanwhile what is not taken.
    status: Status,
    /// The program's version.
    version: &'static str,
    /// The address machines push to.
    #[schema(example = "0.0.0.0:8083")]
    machines: String,
    /// The console's address; null when only the window is served.
    #[schema(required, example = "127.0.0.1:8090")]
    console: Option<String>,
    /// Whether the database takes what it is given.
    storage: Storage,
    /// Why templates, photos and passwords are not taken, `vault.key_missing` for one; null when they are. Punches are taken
    /// all the same.
    #[schema(required)]
    vault: Option<&'static str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HealthStatus)]
enum Status {
    Ok,
    Degraded,
}

/// Whether the database takes what it is given.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Storage {
    /// Whether it does; when not, machines are told to keep their punches and lose none.
    pub writable: bool,
    /// Why not: `database.full`, `database.locked`, `database.read_only`, `database.io`, `database.damaged`.
    #[schema(required)]
    pub code: Option<&'static str>,
    /// Since when not.
    #[schema(required)]
    pub since: Option<DateTime<Utc>>,
}

impl From<StorageState> for Storage {
    fn from(state: StorageState) -> Self {
        match state {
            StorageState::Writable => Self { writable: true, code: None, since: None },
            StorageState::Unwritable { code, since } => {
                Self { writable: false, code: Some(code), since: Some(since) }
            }
        }
    }
}

/// How the program is. Needs no token.
#[utoipa::path(get, path = "/api/health", tag = "health", operation_id = "getHealth", security(()),
    responses((status = 200, body = Health)))]
pub(crate) async fn get(State(api): State<Api>) -> Json<Health> {
    let storage = Storage::from(*api.site.storage().borrow());
    let vault = api.site.vault().trouble().map(VaultError::code);
    Json(Health {
        status: if storage.writable && vault.is_none() { Status::Ok } else { Status::Degraded },
        version: env!("CARGO_PKG_VERSION"),
        machines: api.machines.to_string(),
        console: api.console.map(|addr| addr.to_string()),
        storage,
        vault,
    })
}
