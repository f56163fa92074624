//! Simulated machines and their program against tiny scripted servers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests; a failed expectation is a failed test"
)]

mod access;
mod faults;
mod fk;
mod program;
mod strict;
mod support;
