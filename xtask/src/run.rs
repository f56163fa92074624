//! `cargo xtask run`: from a fresh copy to a window.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::packages::{self, For};
use crate::paths;
use crate::rollcalld::Rollcalld;
use crate::sh::{cargo, sh};
use crate::ui;

/// How to run.
#[derive(Debug, Args)]
pub struct Options {
    /// Start rollcalld although there is a display
    #[arg(long)]
    headless: bool,
    /// Where the site is kept, if not in the usual place
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where attendance machines connect to
    #[arg(long, default_value = "0.0.0.0:8083", value_name = "ADDRESS:PORT")]
    machines: String,
    /// Where rollcalld serves the console
    #[arg(long, default_value = "127.0.0.1:8090", value_name = "ADDRESS:PORT")]
    console: String,
}

/// Installs, builds, opens.
pub fn run(options: &Options) -> Result<()> {
    if options.headless || !display() { headless(options) } else { window(options) }
}

/// Whether a window could be seen.
fn display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn window(options: &Options) -> Result<()> {
    packages::ensure(&[For::Node, For::Window])?;
    ui::build()?;
    println!("Building Rollcall; the first time takes some minutes.");
    let mut command = cargo()?
        .args(["run", "--package", "rollcall", "--features", "custom-protocol"])
        .env("ROLLCALL_MACHINES", &options.machines);
    if let Some(data) = &options.data {
        command = command.env("ROLLCALL_DATA", std::path::absolute(data)?);
    }
    command.run()
}

fn headless(options: &Options) -> Result<()> {
    packages::ensure(&[For::Node])?;
    ui::build()?;
    println!("Building rollcalld; the first time takes some minutes.");
    cargo()?.args(["build", "--package", "rollcall-node", "--bin", "rollcalld"]).run()?;
    let data = match &options.data {
        Some(data) => std::path::absolute(data)?,
        None => usual_data()?,
    };
    let node = Rollcalld::start(sh(paths::built("rollcalld")?)?, &data, &options.machines, &options.console)?;
    if !options.headless {
        println!("\nThere is no display, so Rollcall runs without its window; use a browser instead.");
    }
    let token = match std::env::var_os("ROLLCALL_TOKEN") {
        Some(_) => "what ROLLCALL_TOKEN says".to_owned(),
        None => format!("in {}", data.join("console.token").display()),
    };
    println!(
        "\n  Console   http://{}\n  Token     {token}\n  Machines  connect to {}\n  Data      {}\n\nCtrl-C stops it.",
        node.console,
        node.machines,
        data.display()
    );
    node.wait()
}

/// Where the window keeps its site too, so that both show the same one.
fn usual_data() -> Result<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    };
    let base = base.context("There is no home folder; say with --data where the site is to be kept.")?;
    Ok(base.join("org.rollcall.console").join("site"))
}
