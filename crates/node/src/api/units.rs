//! What the calls for branches and for departments have in common.

use chrono::NaiveDate;
use rollcall_core::Connection;
use rollcall_core::db::{self, Tx};
use rollcall_core::directory::{DirectoryError, EmployeeId, NAME_MOST, UnitKind};
use rollcall_core::settings::site_date;

use super::problem::Problem;
use super::state::Api;
use super::text;
use crate::events::Event;

/// Refuses texts that can be neither a name nor the id of anything, where they stand.
pub(super) fn check(name: Option<&str>, ids: &[(&str, Option<&str>)]) -> Result<(), Problem> {
    text::check("/name", name, NAME_MOST)?;
    ids.iter().try_for_each(|(pointer, id)| text::check(pointer, *id, EmployeeId::MOST))
}

/// Reads one of them back, by its id and the site's date.
pub(super) type Get<U> = fn(&Connection, &str, NaiveDate) -> Result<Option<U>, db::Error>;

/// Adds or changes one, which answers its id, tells whoever watches, and reads it back as it is then.
pub(super) async fn written<U: Send + 'static>(
    api: &Api,
    kind: UnitKind,
    get: Get<U>,
    write: impl FnOnce(&Tx<'_>) -> Result<String, DirectoryError> + Send + 'static,
) -> Result<U, Problem> {
    let unit = api
        .site
        .write(move |tx| {
            let id = write(tx)?;
            let today = site_date(tx, tx.now())?;
            get(tx, &id, today)?.ok_or(DirectoryError::UnitUnknown(kind, id))
        })
        .await?;
    api.events.tell(Event::Organisation {});
    Ok(unit)
}
