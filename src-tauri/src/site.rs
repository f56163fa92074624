//! The node inside this process. It may fail to start, for a port in use above all; then the window still opens,
//! says why, and every call tries again, so that "retry" there is all it takes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Router;
use rollcall_node::listener::Limits;
use rollcall_node::{Node, NodeOptions, StartError};
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::sync::Mutex;

/// A page asks for many things at once; they share one attempt to start.
const NEXT_ATTEMPT: Duration = Duration::from_secs(1);
/// How long the end of the program waits for requests under way.
const STOP_MOST: Duration = Duration::from_secs(5);

/// Why a call has no answer of the router's.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// As in HTTP.
    pub status: u16,
    /// In a word or two.
    pub title: &'static str,
    /// Stable; the page translates it.
    pub code: &'static str,
    /// English, with what to do.
    pub detail: String,
}

impl Trouble {
    /// The page asked for nonsense.
    pub fn of_the_call(detail: String) -> Self {
        Self { status: 400, title: "Bad Request", code: "request.unreadable", detail }
    }

    /// The answer broke off.
    pub fn of_the_answer(detail: String) -> Self {
        Self { status: 500, title: "Internal Server Error", code: "internal", detail }
    }

    fn of_the_start(error: &StartError) -> Self {
        let mut detail = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            detail.push_str(": ");
            detail.push_str(&inner.to_string());
            cause = inner.source();
        }
        Self { status: 503, title: "Rollcall cannot start", code: error.code(), detail }
    }
}

/// The node, when it runs.
pub struct Site {
    data: PathBuf,
    machines: SocketAddr,
    state: Mutex<State>,
}

enum State {
    /// It was not tried, or in vain.
    Down(Option<(Instant, Trouble)>),
    Up(Node),
}

impl Site {
    /// A site that is started by the first call.
    pub fn in_folder(data: PathBuf, machines: SocketAddr) -> Self {
        Self { data, machines, state: Mutex::new(State::Down(None)) }
    }

    /// Who answers the console's calls.
    pub async fn router(&self, app: &AppHandle) -> Result<Router, Trouble> {
        let mut state = self.state.lock().await;
        if let State::Up(node) = &*state {
            return Ok(node.router());
        }
        if let State::Down(Some((when, trouble))) = &*state
            && when.elapsed() < NEXT_ATTEMPT
        {
            return Err(trouble.clone());
        }
        let options = NodeOptions {
            data: self.data.clone(),
            machines: self.machines,
            // Nobody else on this computer, and nobody on the network, has a way to the console.
            console: None,
            token: None,
            limits: Limits::default(),
        };
        match Node::start(options).await {
            Ok(node) => {
                forward(&node, app.clone());
                let router = node.router();
                *state = State::Up(node);
                Ok(router)
            }
            Err(error) => {
                let trouble = Trouble::of_the_start(&error);
                tracing::error!(code = trouble.code, detail = trouble.detail, "Rollcall cannot start");
                *state = State::Down(Some((Instant::now(), trouble.clone())));
                Err(trouble)
            }
        }
    }

    /// Finishes what is under way and closes the database.
    pub async fn stop(&self) {
        let mut state = self.state.lock().await;
        if let State::Up(node) = std::mem::replace(&mut *state, State::Down(None))
            && tokio::time::timeout(STOP_MOST, node.stop()).await.is_err()
        {
            // Nothing acknowledged is lost by that: it was committed before.
            tracing::warn!("requests under way were cut off");
        }
    }
}

/// Passes the live events on to the page.
fn forward(node: &Node, app: AppHandle) {
    let mut events = node.events().subscribe();
    tauri::async_runtime::spawn(async move {
        while let Some(event) = events.next().await {
            let data: serde_json::Value = serde_json::from_str(&event.data()).unwrap_or_default();
            if let Err(error) =
                app.emit("rollcall", serde_json::json!({ "event": event.name(), "data": data }))
            {
                tracing::warn!(%error, "an event did not reach the page");
            }
        }
    });
}

/// Where the site is kept when nothing else was asked for. On Windows not in the roaming profile: a database must not
/// be copied while in use.
pub fn usual_folder(app: &AppHandle) -> anyhow::Result<PathBuf> {
    let folder = app.path().app_local_data_dir();
    let folder = folder.context("this system names no folder for a program's data; name one with --data")?;
    // Beside it the web view keeps its own things.
    Ok(folder.join("site"))
}
