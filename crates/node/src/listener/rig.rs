//! A listener without a port, for checks that bring connections of their own: the whole of it, over anything that carries
//! bytes both ways.

use std::net::IpAddr;
use std::sync::Arc;

use rollcall_core::Site;
use tokio::io::{AsyncRead, AsyncWrite};

use super::Limits;
use super::connections::Connections;
use super::conversation::converse;
use super::desk::Desk;
use super::trace;
use super::wire::socket::Plain;
use crate::events::Events;
use crate::fleet::Fleet;

/// The form in which a line that nobody can read is set aside, when it is not kept as it came.
pub fn set_aside(line: &[u8]) -> Option<Vec<u8>> {
    trace::set_aside(line)
}

/// Serves whoever is handed to it; nobody looks after those that take too long.
#[derive(Debug)]
pub struct Rig {
    desk: Arc<Desk>,
    connections: Arc<Connections>,
}

impl Rig {
    /// With the same parts as a listener.
    pub fn new(limits: Limits, site: Site, fleet: Arc<Fleet>, events: Events) -> Self {
        let connections = Connections::new(&limits);
        Self { desk: Arc::new(Desk::new(site, fleet, events, limits)), connections }
    }

    /// Serves one connection from `address` until it is over.
    pub async fn converse(&self, address: IpAddr, stream: impl AsyncRead + AsyncWrite + Unpin + Send) {
        if let Some(guest) = self.connections.admit(address) {
            converse(Arc::clone(&self.desk), Plain(stream), guest).await;
        }
    }
}
