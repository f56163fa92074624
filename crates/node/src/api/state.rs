//! What every handler works with.

use std::net::SocketAddr;
use std::sync::Arc;

use rollcall_core::clock::Timestamp;
use rollcall_core::machines::{Machine, Stranger};
use rollcall_core::{Actor, Site, Sn};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::auth::Gate;
use crate::events::Events;

/// The state of the API; cheap to clone.
#[derive(Clone)]
pub(crate) struct Api(Arc<Parts>);

/// What the API stands on.
pub(crate) struct Parts {
    /// The site.
    pub site: Site,
    /// What changed.
    pub events: Events,
    /// Where machines are listened to.
    pub machines: SocketAddr,
    /// Where the console is served, if it is on the network.
    pub console: Option<SocketAddr>,
    /// Who may come in over the network.
    pub gate: Gate,
    /// Places for watchers of the live stream.
    pub streams: Arc<Semaphore>,
    /// Ends the streams.
    pub stopping: CancellationToken,
}

/// What is known of a machine's presence in memory, newer than what is written down.
pub(crate) struct Live {
    /// Its last contact.
    pub last_seen_at: Timestamp,
    /// Where it called from.
    pub address: String,
    /// Whether that is recent enough.
    pub online: bool,
}

impl Api {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// What the listener knows of a machine right now.
    pub(crate) fn live(&self, _sn: &Sn) -> Option<Live> {
        None
    }

    /// The strangers the listener has heard, newest knock first.
    pub(crate) fn strangers(&self) -> Vec<Stranger> {
        Vec::new()
    }

    /// Tells the listener that a machine was added or changed.
    pub(crate) fn refresh(&self, _machine: &Machine) {}

    /// Tells the listener that a machine is no longer one of the site's.
    pub(crate) fn forget(&self, _sn: &Sn) {}
}

impl std::ops::Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Who is on the other end; put into the request by the door it came through.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub Actor);
