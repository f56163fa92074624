//! The program `rollcall`: see [`rollcall_desktop`].

// A window needs no console beside it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> anyhow::Result<()> {
    rollcall_desktop::run()
}
