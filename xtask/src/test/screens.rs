//! The console where people see it: in a browser on `rollcalld`, and in the real window.

use anyhow::{Result, bail};

use super::rust;
use crate::sh::sh;
use crate::{paths, tools, ui};

pub fn browser() -> Result<()> {
    ui::npm()?
        .args(["run", "e2e"])
        .env("ROLLCALLD", paths::built("rollcalld")?)
        .env("ROLLCALL_MACHINE", paths::built("rollcall-machine")?)
        .env("ROLLCALL_SCREENS", paths::target()?.join("screens"))
        .run()
}

pub fn window() -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("The window is driven through WebKitWebDriver, which there is on Linux only: left out here");
        return Ok(());
    }
    let driver = tools::tauri_driver()?;
    if paths::in_path(&["WebKitWebDriver"]).is_none() {
        bail!("WebKitWebDriver is missing; Debian's package webkit2gtk-driver has it");
    }
    let nextest = rust::nextest()?.into_inner();
    // A bus and a screen of their own: the one who runs the tests keeps theirs, with a Rollcall open in it or not.
    sh("dbus-run-session")?
        .args(["--", "xvfb-run", "--auto-servernum", "--server-args", "-screen 0 1440x900x24"])
        .arg(nextest.get_program())
        .args(nextest.get_args())
        .args(rust::EVERYTHING)
        .args(["--filterset", "package(rollcall-window-tests)", "--run-ignored", "only"])
        .env("TAURI_DRIVER", driver)
        .env("ROLLCALL_WINDOW", paths::built("rollcall")?)
        .env("ROLLCALL_MACHINE", paths::built("rollcall-machine")?)
        .env("ROLLCALL_SCREENS", paths::target()?.join("screens"))
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .run()
}
