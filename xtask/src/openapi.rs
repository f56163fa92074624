//! `cargo xtask openapi`, and the check that nobody forgot it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::sh::{Sh, cargo, sh};
use crate::{paths, ui};

fn description() -> Result<PathBuf> {
    Ok(paths::root()?.join("docs/openapi.json"))
}

fn client() -> Result<PathBuf> {
    Ok(paths::root()?.join("ui/src/api/schema.d.ts"))
}

/// Writes the description from the Rust types and the client from the description.
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

/// Fails when the description or the client is not what a fresh one would be.
pub fn check() -> Result<()> {
    let advice = "run `cargo xtask openapi` and commit what it writes";
    let fresh = rollcalld()?.arg("openapi").output()?;
    let path = description()?;
    let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    if fresh.trim_end() != kept.trim_end() {
        bail!("docs/openapi.json is not what the Rust types say; {advice}");
    }
    let path = client()?;
    let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    ui::npm()?.args(["run", "--silent", "api"]).run()?;
    let fresh = fs::read_to_string(&path)?;
    if fresh != kept {
        // A check leaves the working copy as it was.
        fs::write(&path, kept)?;
        bail!("ui/src/api/schema.d.ts is not what docs/openapi.json says; {advice}");
    }
    Ok(())
}

/// `rollcalld` as the checks have built it.
pub fn rollcalld() -> Result<Sh> {
    sh(paths::built("rollcalld")?)
}
