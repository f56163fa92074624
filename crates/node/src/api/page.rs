//! `limit` and `cursor`, and the lists they make.

use rollcall_core::page::{CursorError, Page, Paged};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Query;
use super::problem::Problem;
use super::types::List;

/// For a list without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

impl Query<PageQuery> {
    pub(crate) fn page(self) -> Result<Page, Problem> {
        page(self.0.limit, self.0.cursor)
    }
}

/// The page asked for.
pub(crate) fn page(limit: Option<u32>, cursor: Option<String>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(Page::USUAL);
    if (1..=Page::MOST).contains(&limit) {
        Ok(Page { limit, cursor })
    } else {
        Err(Problem::invalid("/limit", "page.limit", format!("limit is 1 to {}", Page::MOST)))
    }
}

/// A page of the core as the API's.
pub(crate) fn list<T, U: ToSchema>(paged: Paged<T>, show: impl Fn(T) -> U) -> List<U> {
    List { items: paged.items.into_iter().map(show).collect(), total: paged.total, next: paged.next }
}

/// A page of a list that is in memory as a whole and in the order of `key`. Its cursor is the core's kind: the key of the
/// last item seen; that item may be gone meanwhile, the order remains.
pub(crate) fn cut<T, K>(items: Vec<T>, page: &Page, key: impl Fn(&T) -> K) -> Result<Paged<T>, CursorError>
where
    K: Ord + Serialize + DeserializeOwned,
{
    let after: Option<K> = page.after()?;
    let total = items.len() as u64;
    let rest = items.into_iter().filter(|item| after.as_ref().is_none_or(|after| key(item) > *after));
    Ok(page.finish(rest.collect(), total, key))
}
