//! `querydata`: what is written into the query is read back from it.

use rollcall_protocol::http::{Query, Target};
use rollcall_protocol::querydata::QueryData;

/// Judges one input, a query.
pub fn check(query: &[u8]) {
    let data = QueryData::from_query(&Query::new(query));
    let _ = data.is_last();
    let mut target = Vec::new();
    data.write_target("CQZ7", &mut target);
    assert!(target.iter().all(u8::is_ascii_graphic));
    let target = Target::parse(&target);
    assert!(target.sn().is_some_and(|sn| sn.as_ref() == b"CQZ7"));
    assert_eq!(QueryData::from_query(&target.query), data);
}
