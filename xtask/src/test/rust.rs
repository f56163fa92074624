//! The Rust side. Every cargo call names the same packages and features, so that nothing is compiled twice.

use anyhow::Result;

use crate::sh::{Sh, cargo, sh};
use crate::tools;

/// The whole workspace, the window with its pages inside.
pub const EVERYTHING: &[&str] = &["--workspace", "--features", "rollcall/custom-protocol"];

pub fn format() -> Result<()> {
    cargo()?.args(["fmt", "--all", "--check"]).run()
}

pub fn clippy() -> Result<()> {
    cargo()?.arg("clippy").args(EVERYTHING).args(["--all-targets", "--", "-D", "warnings"]).run()
}

/// Programs and tests in one call: asked for apart, cargo would settle on other features for what both depend on.
pub fn build() -> Result<()> {
    cargo()?.arg("build").args(EVERYTHING).args(["--bins", "--tests"]).run()
}

pub fn tests() -> Result<()> {
    nextest()?.args(EVERYTHING).arg("--no-fail-fast").run()
}

/// The examples in the documentation run, and its links lead somewhere.
pub fn documentation() -> Result<()> {
    cargo()?.args(["test", "--doc"]).args(EVERYTHING).run()
}

pub fn deny() -> Result<()> {
    match tools::deny_if_there() {
        Some(program) => crate::deny::offline(program),
        // Building it takes minutes, and its verdict changes only with the dependencies.
        None => {
            println!("cargo-deny is not installed: left to `cargo xtask deny`");
            Ok(())
        }
    }
}

/// `cargo nextest run`, to be told what.
pub fn nextest() -> Result<Sh> {
    // Called directly: cargo would look for it in PATH only.
    Ok(sh(tools::nextest()?)?.args(["nextest", "run"]))
}
