//! The FK dialect (“BS SDK”): JSON and binary parts behind headers of their own (fk-http).

pub mod orders;
