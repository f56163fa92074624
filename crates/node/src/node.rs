//! The whole of it, started and stopped as one: database, machine listener, console, and what runs by itself.

mod folder;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use chrono_tz::Tz;
use rollcall_core::db::{self, StorageState};
use rollcall_core::settings::settings_begin;
use rollcall_core::{Clock, OpenError, Site, SiteOptions};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::{self, Api, Bound, Console, Gate, Parts};
use crate::events::{Event, Events};
use crate::fleet::Fleet;
use crate::listener::{BindError, Limits, Listener};
use crate::workers::Workers;

/// The database's file in the data folder.
const DATABASE: &str = "rollcall.db";

/// What a node is started with.
#[derive(Debug, Clone)]
pub struct NodeOptions {
    /// The folder of its database, token and lock; made when there is none.
    pub data: PathBuf,
    /// Where machines push to; port 0 takes a free one.
    pub machines: SocketAddr,
    /// Where the console is served; none when only a window in this process needs it.
    pub console: Option<SocketAddr>,
    /// The console's token; none takes the one in the data folder, made on the first start.
    pub token: Option<String>,
    /// How much machines may ask of this computer.
    pub limits: Limits,
}

/// Why a node could not start. Each text reads as advice, since it is the first thing a user sees; the system's word is
/// the source.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the folder {folder} cannot be used; choose another one with --data, or change its permissions")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// Another program uses the data folder.
    #[error(
        "another Rollcall uses the folder {folder} (the window, or rollcalld); stop it, or choose another folder with --data"
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// The token cannot be read or made.
    #[error(
        "the console's token {path} cannot be read or made; change its permissions, or set ROLLCALL_TOKEN"
    )]
    Token {
        /// Its file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The token is no good.
    #[error("the console's token may only have ASCII letters, digits and punctuation; choose another")]
    TokenUnfit,
    /// The system gave no random number.
    #[error("the system gave no random number for a token; set ROLLCALL_TOKEN")]
    NoRandom,
    /// The database cannot be opened.
    #[error(transparent)]
    Site(#[from] OpenError),
    /// The database cannot be read.
    #[error("the database cannot be read ({0})")]
    Database(#[from] db::Error),
    /// The machines' port cannot be opened.
    #[error("{}", port_advice("the machines", "--machines", *.addr, source.kind()))]
    Machines {
        /// The address that was asked for.
        addr: SocketAddr,
        /// The stable code.
        code: &'static str,
        /// The system's word.
        source: std::io::Error,
    },
    /// The console's port cannot be opened.
    #[error("{}", port_advice("the console", "--console", *.addr, source.kind()))]
    Console {
        /// The address that was asked for.
        addr: SocketAddr,
        /// The system's word.
        source: std::io::Error,
    },
}

impl StartError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "site.folder",
            Self::InUse { .. } => "site.in_use",
            Self::Token { .. } => "console.token_file",
            Self::TokenUnfit => "console.token_unfit",
            Self::NoRandom => "system.no_random",
            Self::Site(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Machines { code, .. } => code,
            Self::Console { source, .. } => match source.kind() {
                std::io::ErrorKind::AddrInUse => "console.port_in_use",
                std::io::ErrorKind::PermissionDenied => "console.port_forbidden",
                std::io::ErrorKind::AddrNotAvailable => "console.no_such_address",
                _ => "console.bind_failed",
            },
        }
    }
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> Self {
        Self::Machines { addr: error.addr, code: error.code(), source: error.source }
    }
}

fn port_advice(whose: &str, flag: &str, addr: SocketAddr, kind: std::io::ErrorKind) -> String {
    let (ip, port) = (addr.ip(), addr.port());
    match kind {
        std::io::ErrorKind::AddrInUse => format!(
            "port {port} for {whose} is in use by another program, perhaps another Rollcall; stop that one, or choose \
             another port with {flag} {}",
            SocketAddr::new(ip, port.wrapping_add(1).max(1024))
        ),
        std::io::ErrorKind::PermissionDenied => format!(
            "this user may not open port {port} for {whose}; choose one above 1023 with {flag} {}",
            SocketAddr::new(ip, port.saturating_add(8000))
        ),
        std::io::ErrorKind::AddrNotAvailable => format!(
            "{ip} is not an address of this computer; name one of its own for {whose}, or all of them with {flag} 0.0.0.0:{port}"
        ),
        _ => format!("the address {addr} for {whose} cannot be opened; choose another with {flag}"),
    }
}

/// A running site on the network. It ends with [`Node::stop`].
pub struct Node {
    api: Api,
    router: Router,
    machines_addr: SocketAddr,
    listener: Listener,
    workers: Workers,
    console: Option<Console>,
    watching: TaskTracker,
    _lock: folder::Lock,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("machines", &self.machines_addr)
            .field("console", &self.console_addr())
            .finish_non_exhaustive()
    }
}

impl Node {
    /// Opens the database and the ports. What was begun is undone when something fails.
    ///
    /// # Errors
    /// When the folder, the database or a port cannot be had.
    pub async fn start(options: NodeOptions) -> Result<Self, StartError> {
        let lock = folder::take(&options.data)?;
        let token = match (&options.console, &options.token) {
            (None, _) => None,
            (Some(_), Some(token)) => Some(folder::check(token)?.to_owned()),
            (Some(_), None) => Some(folder::token(&options.data)?),
        };
        let site = open(options.data.join(DATABASE)).await?;
        match assemble(&site, options, token, lock).await {
            Ok(node) => Ok(node),
            Err(error) => {
                site.close().await;
                Err(error)
            }
        }
    }

    /// The address machines push to.
    pub fn machines_addr(&self) -> SocketAddr {
        self.machines_addr
    }

    /// The console's address, if it is on the network.
    pub fn console_addr(&self) -> Option<SocketAddr> {
        self.console.as_ref().map(Console::local_addr)
    }

    /// The API for a host in this process; it asks for no token.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// What changes.
    pub fn events(&self) -> &Events {
        &self.api.events
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.api.site
    }

    /// Takes nothing new, finishes what is under way, and closes the database.
    pub async fn stop(self) {
        self.api.stopping.cancel();
        let console = async {
            if let Some(console) = self.console {
                console.stop().await;
            }
        };
        tokio::join!(console, self.listener.stop());
        self.watching.close();
        self.watching.wait().await;
        self.workers.stop().await;
        self.api.site.close().await;
    }
}

async fn open(path: PathBuf) -> Result<Site, StartError> {
    // Migrating may take its time.
    let opened =
        tokio::task::spawn_blocking(|| Site::open(SiteOptions { path, clock: Clock::system() })).await;
    let site = match opened {
        Ok(site) => site?,
        Err(_) => return Err(StartError::Database(db::Error::Closed)),
    };
    let zone = computer_zone();
    if let Err(error) = site.write(move |tx| settings_begin(tx, zone)).await {
        site.close().await;
        return Err(error.into());
    }
    Ok(site)
}

/// The zone this computer is set to; what most of its machines will be in.
fn computer_zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC)
}

async fn assemble(
    site: &Site,
    options: NodeOptions,
    token: Option<String>,
    lock: folder::Lock,
) -> Result<Node, StartError> {
    let (events, stopping) = (Events::new(), CancellationToken::new());
    let fleet = Fleet::load(site).await?;
    // Before the machines' port, which would answer machines at once.
    let console = match options.console {
        Some(addr) => Some(Bound::open(addr).await.map_err(|source| StartError::Console { addr, source })?),
        None => None,
    };
    let listener =
        Listener::start(options.machines, options.limits, site.clone(), Arc::clone(&fleet), events.clone())?;
    let machines_addr = listener.local_addr();
    let workers = Workers::start(site, &fleet, &events);
    let watching = TaskTracker::new();
    watching.spawn(watch_storage(site.clone(), events.clone(), stopping.clone()));
    let api = Api::new(Parts {
        site: site.clone(),
        fleet,
        events,
        bell: workers.bell().clone(),
        changing: tokio::sync::Mutex::default(),
        machines: machines_addr,
        console: console.as_ref().map(Bound::local_addr),
        gate: Gate::new(token),
        streams: Arc::new(Semaphore::new(api::STREAMS_MOST)),
        stopping,
    });
    Ok(Node {
        router: api::in_process(api.clone()),
        console: console.map(|bound| bound.serve(api::console(api.clone()))),
        api,
        machines_addr,
        listener,
        workers,
        watching,
        _lock: lock,
    })
}

/// Tells whoever watches when the database stops taking what it is given, and when it does again.
async fn watch_storage(site: Site, events: Events, stopping: CancellationToken) {
    let mut storage = site.storage();
    loop {
        tokio::select! {
            changed = storage.changed() => if changed.is_err() { return },
            () = stopping.cancelled() => return,
        }
        let writable = matches!(*storage.borrow_and_update(), StorageState::Writable);
        events.tell(Event::Storage { writable });
    }
}
