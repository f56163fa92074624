//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The top of the working copy.
pub fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .context("xtask lies one folder below the top")
}

/// Cargo's target folder, which `CARGO_TARGET_DIR` or a configuration file may have moved: the one this very program
/// was built into.
pub fn target() -> Result<PathBuf> {
    let exe = std::env::current_exe().context("this program does not know where it is")?;
    // target/debug/xtask
    exe.parent()
        .filter(|profile| ["debug", "release"].iter().any(|name| profile.ends_with(name)))
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .context("xtask was not started by cargo; use `cargo xtask …`")
}

/// A program of ours, as a debug build leaves it.
pub fn built(name: &str) -> Result<PathBuf> {
    Ok(target()?.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// The first of `names` found in PATH.
pub fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        folders.iter().find_map(|folder| {
            // npm is a script on Windows, everything else we call an executable.
            ["", ".exe", ".cmd"].iter().filter(|suffix| suffix.is_empty() || cfg!(windows)).find_map(
                |suffix| {
                    let candidate = folder.join(format!("{name}{suffix}"));
                    (candidate.is_file() && !(cfg!(windows) && suffix.is_empty())).then_some(candidate)
                },
            )
        })
    })
}

/// The youngest change under `path`, a file or a folder.
pub fn youngest(path: &Path) -> Result<Option<std::time::SystemTime>> {
    let Ok(about) = std::fs::metadata(path) else { return Ok(None) };
    if !about.is_dir() {
        return Ok(Some(about.modified()?));
    }
    let mut newest = None;
    for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
        newest = newest.max(youngest(&entry?.path())?);
    }
    Ok(newest)
}
