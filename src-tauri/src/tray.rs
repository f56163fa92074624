//! The icon in the tray: the machines are listened to while the window is closed.

use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, include_image};

use crate::window;
use crate::words::Words;

const ICON: Image<'static> = include_image!("assets/icons/tray.png");

/// Puts the icon there if the system can show one.
pub fn put(app: &AppHandle) {
    // On Linux the library behind the tray is looked for only now, and its absence is a panic there.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(app)));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "no icon in the tray"),
        Err(_) => tracing::warn!("no icon in the tray: install libayatana-appindicator3-1"),
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let words = Words::of_the_system();
    let open = MenuItem::with_id(app, "open", words.open, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", words.quit, true, None::<&str>)?;
    TrayIconBuilder::with_id("rollcall")
        .icon(ICON)
        .tooltip(words.tooltip)
        .menu(&Menu::with_items(app, &[&open, &quit])?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(|app, event| match event.id.as_ref() {
            "open" => window::show(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left, button_state: MouseButtonState::Up, ..
            } = event
                && !cfg!(target_os = "macos")
            {
                window::show(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(())
}

/// Whether somebody shows the icon. A desktop without a tray must not swallow the window.
pub fn is_shown(app: &AppHandle) -> bool {
    app.tray_by_id("rollcall").is_some() && host()
}

#[cfg(target_os = "linux")]
fn host() -> bool {
    let ask = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let proxy = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        Ok(proxy.name_has_owner("org.kde.StatusNotifierWatcher".try_into()?)?)
    };
    ask().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn host() -> bool {
    true
}
