//! Whole files of people.

mod columns;

pub(super) use columns::is_fixed_header;
