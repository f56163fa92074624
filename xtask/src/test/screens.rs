//! The console where people see it: in a browser on `rollcalld`, and in the real window.

use anyhow::{Context, Result, bail};

use super::rust;
use crate::sh::sh;
use crate::{packages, paths, tools, ui};

pub fn browser() -> Result<()> {
    let Some(chromium) = packages::browser() else {
        bail!("there is no Chromium or Chrome in PATH");
    };
    ui::npm()?
        .args(["run", "e2e"])
        .env("CHROMIUM", chromium)
        .env("ROLLCALLD", paths::built("rollcalld")?)
        .env("ROLLCALL_MACHINE", paths::built("rollcall-machine")?)
        .env("ROLLCALL_SCREENS", paths::target()?.join("screens"))
        .run()
}

/// A bus that starts no services: neither portals nor accessibility, which would want a screen of their own.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

pub fn window() -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("The window is driven through WebKitWebDriver, which there is on Linux only: left out here");
        return Ok(());
    }
    let driver = tools::tauri_driver()?;
    if paths::in_path(&["WebKitWebDriver"]).is_none() {
        bail!("WebKitWebDriver is missing; Debian's package webkit2gtk-driver has it");
    }
    let bus = paths::target()?.join("bus.conf");
    std::fs::write(&bus, BUS).with_context(|| bus.display().to_string())?;
    let nextest = rust::nextest()?.into_inner();
    // A screen and buses of their own: the one who runs the tests keeps theirs, with a Rollcall open in it or not.
    sh("xvfb-run")?
        .args(["--auto-servernum", "--server-args", "-screen 0 1440x900x24"])
        .arg(nextest.get_program())
        .args(nextest.get_args())
        .args(rust::EVERYTHING)
        .args(["--filterset", "package(rollcall-window-tests)", "--run-ignored", "only"])
        // One window on the screen.
        .args(["--test-threads", "1", "--no-fail-fast"])
        .env("ROLLCALL_BUS", bus)
        .env("TAURI_DRIVER", driver)
        .env("ROLLCALL_WINDOW", paths::built("rollcall")?)
        .env("ROLLCALL_MACHINE", paths::built("rollcall-machine")?)
        .env("ROLLCALL_SCREENS", paths::target()?.join("screens"))
        .env("NO_AT_BRIDGE", "1")
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .run()
}
