//! What every handler works with.

use std::net::SocketAddr;
use std::sync::Arc;

use rollcall_core::{Actor, Site, Sn};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::auth::Gate;
use crate::events::{Event, Events};
use crate::fleet::Fleet;
use crate::workers::Bell;

/// The state of the API; cheap to clone.
#[derive(Clone)]
pub(crate) struct Api(Arc<Parts>);

/// What the API stands on.
pub(crate) struct Parts {
    /// The site.
    pub site: Site,
    /// The machines as the listener sees them.
    pub fleet: Arc<Fleet>,
    /// What changed.
    pub events: Events,
    /// Wakes the workers for jobs and for attendance.
    pub bell: Bell,
    /// Held while a machine or the site's zone is changed, so that the listener hears of changes in their order.
    pub changing: tokio::sync::Mutex<()>,
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

impl Api {
    /// The people of a machine changed: its next poll is worth a look, and whoever watches is told.
    pub(crate) fn roster_changed(&self, sn: &Sn) {
        self.fleet.orders_raised(sn);
        self.events.tell(Event::Roster { sn: sn.clone() });
    }

    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
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
