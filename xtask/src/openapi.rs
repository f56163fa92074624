//! `cargo xtask openapi`, and the check that nobody forgot it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::sh::{Sh, cargo, sh};
use crate::{paths, ui};

fn description() -> Result<PathBuf> {
    Ok(paths::root()?.join("docs/openapi.json"))
}

/// Writes the description from the Rust types, and from it what the pages know of the API; that is made with every build and kept
/// by nobody.
pub fn write() -> Result<()> {
    // Not the present pages: they may wait for the very client that is about to be written.
    ui::there()?;
    let text = cargo()?
        .args(["run", "--quiet", "--package", "rollcall-node", "--bin", "rollcalld", "--", "openapi"])
        .output()?;
    let path = description()?;
    fs::write(&path, text).with_context(|| path.display().to_string())?;
    ui::npm()?.args(["run", "api"]).run()
}

/// Fails when the description is not what a fresh one would be.
pub fn check() -> Result<()> {
    let fresh = rollcalld()?.arg("openapi").output()?;
    let path = description()?;
    let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if fresh.trim_end() != kept.trim_end() {
        bail!(
            "docs/openapi.json is not what the Rust types say; run `cargo xtask openapi` and commit what it writes"
        );
    }
    Ok(())
}

/// `rollcalld` as the checks have built it.
pub fn rollcalld() -> Result<Sh> {
    sh(paths::built("rollcalld")?)
}
