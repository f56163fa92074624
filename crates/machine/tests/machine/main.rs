//! Simulated machines and their program against tiny scripted servers.

#![expect(clippy::expect_used, reason = "helpers of tests; a failed expectation is a failed test")]

mod program;
mod strict;
mod support;
