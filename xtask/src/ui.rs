//! The console's packages and its build.

use anyhow::{Context, Result};

use crate::paths::{root, youngest};
use crate::sh::{Sh, sh};

/// npm, in the folder of the UI.
pub fn npm() -> Result<Sh> {
    let root = root()?;
    Ok(sh("npm")?.dir(root.join("ui")).env("npm_config_fund", "false").env("npm_config_audit", "false"))
}

/// Installs the UI's packages unless what is installed is what the lock file says.
pub fn install() -> Result<()> {
    let ui = root()?.join("ui");
    let wanted = youngest(&ui.join("package-lock.json"))?.context("ui/package-lock.json is missing")?;
    // npm writes this one last.
    if youngest(&ui.join("node_modules/.package-lock.json"))? >= Some(wanted) {
        return Ok(());
    }
    npm()?.arg("ci").run()
}

/// Sees that there is a `ui/dist`, of whatever age: the service does not compile without one.
pub fn there() -> Result<()> {
    match root()?.join("ui/dist/index.html").is_file() {
        true => install(),
        false => build(),
    }
}

/// Builds `ui/dist` unless it is younger than everything it is made of.
pub fn build() -> Result<()> {
    install()?;
    let ui = root()?.join("ui");
    let mut newest = None;
    for made_of in ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json"] {
        newest = newest.max(youngest(&ui.join(made_of))?);
    }
    newest = newest.max(youngest(&root()?.join("docs/openapi.json"))?);
    if youngest(&ui.join("dist/index.html"))? >= newest {
        println!("The console's pages are up to date.");
        return Ok(());
    }
    npm()?.args(["run", "build"]).run()
}
