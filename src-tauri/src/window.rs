//! The one window.

use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent};

use crate::tray;

const MAIN: &str = "main";

/// Makes the window; its size and place are those of the last time.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Rollcall")
        .inner_size(1280.0, 800.0)
        .min_inner_size(900.0, 600.0)
        // Shown when it has its place: it would jump otherwise.
        .visible(false)
        .on_navigation(ours)
        .build()?;
    window.show()
}

/// Whether a page is one of the console's; the window shows no other.
fn ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", _) | ("http" | "https", Some("tauri.localhost")) => true,
        // The development server.
        ("http", Some("localhost")) => tauri::is_dev(),
        _ => false,
    }
}

/// Brings the window to the front, from the tray or from behind others.
pub fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let outcome = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = outcome {
        tracing::warn!(%error, "the window cannot be brought to the front");
    }
}

/// Closing the window leaves Rollcall listening in the tray; where there is no tray it quits, since nothing else
/// would.
pub fn event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && tray::is_shown(window.app_handle())
    {
        api.prevent_close();
        if let Err(error) = window.hide() {
            tracing::warn!(%error, "the window cannot be hidden");
        }
    }
}
