//! Return codes (attendance-push §18).

pub(crate) const DONE: i64 = 0;
pub(crate) const PARAMETER: i64 = -1;
pub(crate) const PICTURE_SIZE: i64 = -2;
pub(crate) const SIZE: i64 = -9;
pub(crate) const NO_SUCH_PERSON: i64 = -10;
pub(crate) const INVALID_TEMPLATE: i64 = -12;
pub(crate) const UNKNOWN: i64 = -22;
pub(crate) const VERSION: i64 = -30;
pub(crate) const CAPACITY: i64 = -1001;
pub(crate) const NOT_SUPPORTED: i64 = -1002;
pub(crate) const TOO_LONG: i64 = -1006;
pub(crate) const NO_FETCH: i64 = -1008;
