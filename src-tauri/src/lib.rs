//! The desktop shell: a window around the console, an icon in the tray, one instance. What Rollcall does it does in
//! [`rollcall_node`], which runs inside this process; the console's calls reach it without a TCP port.
mod api;
mod files;
mod site;
mod tray;
mod window;
mod words;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use tauri::{Manager as _, RunEvent};
use tauri_plugin_window_state::StateFlags;
use tracing::level_filters::LevelFilter;

use crate::site::Site;

/// Attendance machines of a site: the window.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version)]
struct Arguments {
    /// Where the site is kept [default: the system's folder for this program]
    #[arg(long, env = "ROLLCALL_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where attendance machines connect to
    #[arg(long, env = "ROLLCALL_MACHINES", value_name = "ADDRESS:PORT", default_value = "0.0.0.0:8083")]
    machines: SocketAddr,
}

/// Opens the window and returns when the program is quit. `ROLLCALL_LOG` says what is logged on standard error, as in
/// `info,rollcall_node=debug`.
pub fn run() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    rollcall_node::log::start(LevelFilter::WARN);
    // Every machine is a connection, and so a file.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the system allows few open files, and so few machines at once");
    }

    let app = tauri::Builder::default()
        // First: a second start must end before it touches the data of the first.
        .plugin(tauri_plugin_single_instance::init(|app, _arguments, _folder| window::show(app)))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // Whether it was hidden in the tray is not remembered: who starts a program wants to see it.
                .with_state_flags(StateFlags::all() - StateFlags::VISIBLE)
                .build(),
        )
        .invoke_handler(tauri::generate_handler![api::api, files::save])
        .setup(move |app| {
            let data = match &arguments.data {
                Some(data) => std::path::absolute(data)?,
                None => site::usual_folder(app.handle())?,
            };
            app.manage(Site::in_folder(data, arguments.machines));
            window::open(app.handle())?;
            tray::put(app.handle());
            // The machines are listened to from now on, not only once the page asks for something.
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                // An error is told to the page when it asks.
                let _ = handle.state::<Site>().router(&handle).await;
            });
            #[cfg(unix)]
            tauri::async_runtime::spawn(told_to_end(app.handle().clone()));
            Ok(())
        })
        .on_window_event(window::event)
        .build(tauri::generate_context!())
        .context("the window cannot be opened")?;
    app.run(|app, event| match event {
        // Requests under way are finished and the database is closed in order.
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Site>().stop()),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    });
    Ok(())
}

/// Ctrl-C, or the end of the session: quits in order, as from the tray.
#[cfg(unix)]
async fn told_to_end(app: tauri::AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::warn!("signals cannot be listened to; they end the program at once");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.exit(0);
}
