//! Programs the checks need that come from crates.io and PyPI; they are installed under the target folder and found
//! there again.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::paths;
use crate::sh::{cargo, sh};

/// A program from crates.io.
struct Crate {
    name: &'static str,
    version: &'static str,
}

const NEXTEST: Crate = Crate { name: "cargo-nextest", version: "0.9.143" };
/// 2.x belongs to Tauri 2.
const TAURI_DRIVER: Crate = Crate { name: "tauri-driver", version: "^2" };
const DENY: Crate = Crate { name: "cargo-deny", version: "^0.19" };
const FUZZ: Crate = Crate { name: "cargo-fuzz", version: "^0.13" };

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// The program `cargo-nextest`.
pub fn nextest() -> Result<PathBuf> {
    installed(&NEXTEST)
}

/// The program `tauri-driver`, which speaks WebDriver for a Tauri window.
pub fn tauri_driver() -> Result<PathBuf> {
    installed(&TAURI_DRIVER)
}

/// The program `cargo-deny`.
pub fn deny() -> Result<PathBuf> {
    installed(&DENY)
}

/// The program `cargo-deny` if it is there already.
pub fn deny_if_there() -> Option<PathBuf> {
    there(&DENY)
}

/// The program `cargo-fuzz`.
pub fn fuzz() -> Result<PathBuf> {
    installed(&FUZZ)
}

/// The program `st` of schemathesis, in a Python environment of its own.
pub fn schemathesis() -> Result<PathBuf> {
    let python = paths::target()?.join("tools/python");
    let programs = python.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let st = programs.join(format!("st{}", std::env::consts::EXE_SUFFIX));
    // The environment of another version is thrown away: pip's upgrades leave things behind.
    let mark = python.join("rollcall-installed");
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == SCHEMATHESIS) && st.is_file() {
        return Ok(st);
    }
    let system = if cfg!(windows) { "python" } else { "python3" };
    sh(system)?.args(["-m", "venv", "--clear"]).arg(&python).run()?;
    sh(programs.join("python"))?
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS])
        .run()?;
    std::fs::write(&mark, SCHEMATHESIS).context("the mark of the Python environment")?;
    Ok(st)
}

fn there(tool: &Crate) -> Option<PathBuf> {
    let ours = paths::target().ok()?.join("tools/bin").join(format!(
        "{}{}",
        tool.name,
        std::env::consts::EXE_SUFFIX
    ));
    if ours.is_file() { Some(ours) } else { paths::in_path(&[tool.name]) }
}

fn installed(tool: &Crate) -> Result<PathBuf> {
    if let Some(found) = there(tool) {
        return Ok(found);
    }
    let root = paths::target()?.join("tools");
    // One target folder for all tools: what they share is compiled once.
    cargo()?
        .args(["install", "--locked", tool.name, "--version", tool.version, "--root"])
        .arg(&root)
        .arg("--target-dir")
        .arg(root.join("build"))
        // Optimising a tool that runs for a minute takes longer than it saves.
        .args(["--profile", "dev", "--config", "profile.dev.debug=false"])
        .env("CARGO_INCREMENTAL", "0")
        .run()?;
    there(tool).with_context(|| format!("{} installed, but is not there", tool.name))
}
