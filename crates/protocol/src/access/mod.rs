//! The access-control dialect, on the same paths as the attendance dialect (access-push).

pub mod orders;
