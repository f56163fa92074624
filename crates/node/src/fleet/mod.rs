//! The machines as the listener sees them, in memory: a poll is answered from here, without the database. What they
//! say of themselves is collected and written by [`Fleet::flush`], many machines in one transaction.

mod addresses;
mod doors;
mod key;
mod known;
mod orders;
mod report;
mod resend;
mod strangers;
#[cfg(test)]
pub(crate) mod tests;
mod tls;
mod tongue;
mod traces;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono_tz::Tz;
use parking_lot::{Mutex, RwLock};
use rollcall_core::Site;
use rollcall_core::clock::Timestamp;
use rollcall_core::commands::{commands_cancel_all, commands_waiting};
use rollcall_core::db;
use rollcall_core::machines::{
    Machine, Stranger, machine_list, machine_report, stranger_list, strangers_save,
};
use rollcall_core::reuploads::reuploads_resending;
use rollcall_core::settings::settings_get;
use rollcall_protocol::Sn;
use tokio::sync::Notify;

pub use doors::DoorsView;
pub(crate) use key::SnKey;
pub use known::Live;
pub(crate) use known::{Contact, Known, Presence, offset_at};
pub(crate) use orders::Look;
pub(crate) use report::{kept, of_handshake, of_info, of_options, value};

use crate::events::Event;
use crate::listener::trace::{Exchange, Ring};
use strangers::Strangers;
use tls::TlsKnocks;
use traces::StrangerTraces;

/// Strangers that are told about after one flush; whoever watches reads the whole list anyway.
const MOST_STRANGER_NEWS: usize = 20;

/// All machines that have been added, and the strangers.
pub struct Fleet {
    site: Site,
    machines: RwLock<HashMap<SnKey, Arc<Known>>>,
    strangers: Mutex<Strangers>,
    stranger_traces: Mutex<StrangerTraces>,
    time_zone: RwLock<Tz>,
    /// Whether machines are told the time (C2).
    steer_clocks: AtomicBool,
    /// Addresses something tried HTTPS from, and when (T11).
    tls_knocks: Mutex<TlsKnocks>,
    /// One flush at a time: what a failed one puts back must not be overtaken by a later one.
    flushing: tokio::sync::Mutex<()>,
    news: Mutex<Vec<Event>>,
    nudge: Notify,
    deadlines: Notify,
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet").field("machines", &self.machines.read().len()).finish_non_exhaustive()
    }
}

impl Fleet {
    /// Reads what the database knows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(site: &Site) -> Result<Arc<Self>, db::Error> {
        let (machines, strangers, settings, waiting, resending) = site
            .read(|conn| {
                let (waiting, resending) = (commands_waiting(conn)?, reuploads_resending(conn)?);
                let settings = settings_get(conn)?;
                Ok::<_, db::Error>((machine_list(conn)?, stranger_list(conn)?, settings, waiting, resending))
            })
            .await?;
        let known = |machine: &Machine| {
            let known = Known::new(machine);
            if waiting.contains(&machine.id) {
                known.orders.raise();
                // It may have been told to restart before we did so ourselves.
                known.orders.restarts();
            }
            known.resend.set(resending.contains(&machine.id));
            Arc::new(known)
        };
        let machines = machines.iter().map(|machine| (SnKey::from(&machine.sn), known(machine))).collect();
        Ok(Arc::new(Self {
            site: site.clone(),
            machines: RwLock::new(machines),
            strangers: Mutex::new(Strangers::load(strangers)),
            stranger_traces: Mutex::default(),
            time_zone: RwLock::new(settings.time_zone),
            steer_clocks: AtomicBool::new(settings.steer_clocks),
            tls_knocks: Mutex::default(),
            flushing: tokio::sync::Mutex::default(),
            news: Mutex::default(),
            nudge: Notify::new(),
            deadlines: Notify::new(),
        }))
    }

    /// Takes over a machine that was added or changed; it is a stranger no longer.
    pub fn refresh(&self, machine: &Machine) {
        let (key, now) = (SnKey::from(&machine.sn), self.now());
        let mut machines = self.machines.write();
        match machines.get(&key).filter(|known| known.id == machine.id) {
            Some(known) => known.refresh(machine, now),
            None => {
                let known = Known::new(machine);
                // It may have set its clock by the site's zone while it was a stranger.
                if self.strangers.lock().contains(key) {
                    known.told(offset_at(self.time_zone(), now), now);
                }
                if let Some(trace) = self.stranger_traces.lock().remove(key) {
                    known.trace.lock().take(&trace.lock());
                }
                machines.insert(key, Arc::new(known));
            }
        }
        drop(machines);
        self.strangers.lock().forget(key);
    }

    /// A machine was deleted; when it calls again it is a stranger.
    pub fn forget(&self, sn: &Sn) {
        self.machines.write().remove(&SnKey::from(sn));
    }

    /// Something waits for this machine from now on, or time has done something to what waits.
    pub fn orders_changed(&self, sn: &Sn) {
        self.orders_raised(sn);
        self.deadlines.notify_one();
    }

    /// The machine's next poll is worth a look into the queue.
    pub(crate) fn orders_raised(&self, sn: &Sn) {
        if let Some(known) = self.known(SnKey::from(sn)) {
            known.orders.raise();
        }
    }

    /// A command went out: it has a deadline now.
    pub(crate) fn handed_out(&self) {
        self.deadlines.notify_one();
    }

    /// Waits until a deadline of a command may have become another one.
    pub(crate) async fn deadlines_changed(&self) {
        self.deadlines.notified().await;
    }

    /// The site's zone changed: strangers are told the new one.
    pub fn set_time_zone(&self, zone: Tz) {
        *self.time_zone.write() = zone;
    }

    /// Whether machines are told the time from now on.
    pub fn set_steer_clocks(&self, steer: bool) {
        self.steer_clocks.store(steer, Ordering::Relaxed);
    }

    /// Whether machines are told the time, and so set their clocks by this computer's (C2).
    pub(crate) fn steers_clocks(&self) -> bool {
        self.steer_clocks.load(Ordering::Relaxed)
    }

    /// What is known of a machine right now.
    pub fn live(&self, sn: &Sn) -> Option<Live> {
        self.known(SnKey::from(sn)).map(|known| known.live(self.now()))
    }

    /// Somebody has looked: there is only one machine of this serial number, and it may be told things again (I3).
    pub fn resolve_twins(&self, sn: &Sn) {
        if let Some(known) = self.known(SnKey::from(sn)) {
            known.resolve_twins();
        }
    }

    /// Something at this address opened a connection with HTTPS (T11).
    pub(crate) fn tls_knock(&self, address: IpAddr) {
        self.tls_knocks.lock().knock(address, self.now());
    }

    /// Whether something tried HTTPS from a machine's address since the machine was last heard: it is silent because somebody
    /// has switched that on there.
    pub fn tries_tls(&self, live: &Live) -> bool {
        let address = live.address.as_deref().and_then(|address| address.parse().ok());
        let knocked = address.and_then(|address| self.tls_knocks.lock().last(address));
        !live.online && knocked.is_some_and(|at| live.last_seen_at.is_none_or(|seen| at >= seen))
    }

    /// Addresses something tried HTTPS from lately, and that no machine is known at.
    pub fn unknown_tls(&self) -> Vec<IpAddr> {
        let now = self.now();
        let known: Vec<_> =
            self.machines.read().values().filter_map(|known| known.live(now).address).collect();
        let mut knocks = self.tls_knocks.lock().recent(now);
        knocks.retain(|address| !known.contains(&address.to_string()));
        knocks
    }

    /// How the doors of an access machine stand, by its last word since we began.
    pub fn doors(&self, sn: &Sn) -> Option<DoorsView> {
        self.known(SnKey::from(sn))?.doors.view()
    }

    /// The strangers, the one that knocked last first; at most 500.
    pub fn strangers(&self) -> Vec<Stranger> {
        self.strangers.lock().list()
    }

    /// What a machine or a stranger said lately, and was answered, the newest first; nothing when nobody is known under
    /// this serial number.
    pub fn trace(&self, sn: &Sn) -> Option<Vec<Exchange>> {
        let key = SnKey::from(sn);
        if let Some(known) = self.known(key) {
            return Some(known.trace.lock().exchanges());
        }
        let stranger = self.strangers.lock().contains(key);
        let trace = self.stranger_traces.lock().get(key);
        stranger.then(|| trace.map(|trace| trace.lock().exchanges()).unwrap_or_default())
    }

    /// Where a stranger's exchanges are kept, if it is on the list.
    pub(crate) fn stranger_trace(&self, key: SnKey) -> Option<Arc<Mutex<Ring>>> {
        if !self.strangers.lock().contains(key) {
            return None;
        }
        Some(self.stranger_traces.lock().get_or_make(key))
    }

    /// Takes a stranger off the list.
    pub fn forget_stranger(&self, sn: &Sn) {
        self.strangers.lock().forget(SnKey::from(sn));
    }

    /// Writes what changed, in one transaction. Afterwards the database knows every stranger of the list, so that it
    /// can be adopted.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is forgotten then.
    pub async fn flush(&self) -> Result<(), db::Error> {
        let _one = self.flushing.lock().await;
        let machines: Vec<_> = self
            .machines
            .read()
            .values()
            .filter_map(|known| known.take_unwritten().map(|unwritten| (Arc::clone(known), unwritten)))
            .collect();
        let strangers = self.strangers.lock().take_unwritten();
        if machines.is_empty() && strangers.is_empty() {
            return Ok(());
        }
        let reports: Vec<_> = machines
            .iter()
            .map(|(known, unwritten)| (known.id, unwritten.report.clone(), unwritten.takes_back))
            .collect();
        let knocks: Vec<_> = strangers.iter().map(|(stranger, _)| stranger.clone()).collect();
        let written = self
            .site
            .write(move |tx| {
                let mut taken_back = Vec::new();
                for (id, report, takes_back) in &reports {
                    machine_report(tx, *id, report)?;
                    if let Some(reason) = takes_back {
                        taken_back.extend(commands_cancel_all(tx, *id, reason)?);
                    }
                }
                strangers_save(tx, &knocks)?;
                Ok::<_, db::Error>(taken_back)
            })
            .await;
        match written {
            Ok(taken_back) => {
                for (known, _) in machines.iter().filter(|(_, unwritten)| unwritten.takes_back.is_some()) {
                    known.taken_back();
                    let theirs = taken_back.iter().filter(|command| command.machine == known.id);
                    self.news.lock().extend(theirs.map(|command| Event::command(&known.sn, command)));
                }
                let machines = machines
                    .iter()
                    .filter(|(_, unwritten)| unwritten.news)
                    .map(|(known, _)| (&known.sn, false));
                let strangers =
                    strangers.iter().filter(|(_, news)| *news).map(|(stranger, _)| (&stranger.sn, true));
                self.news.lock().extend(
                    machines
                        .chain(strangers.take(MOST_STRANGER_NEWS))
                        .map(|(sn, stranger)| Event::Machine { sn: sn.clone(), stranger }),
                );
                Ok(())
            }
            Err(error) => {
                for (known, unwritten) in machines {
                    known.put_back(unwritten);
                }
                self.strangers.lock().put_back(&strangers);
                Err(error)
            }
        }
    }

    pub(crate) fn known(&self, key: SnKey) -> Option<Arc<Known>> {
        self.machines.read().get(&key).cloned()
    }

    /// The site's zone.
    pub(crate) fn time_zone(&self) -> Tz {
        *self.time_zone.read()
    }

    /// A stranger sent a request and said `info` of itself.
    pub(crate) fn knock(
        &self,
        key: SnKey,
        sn: &[u8],
        address: IpAddr,
        info: impl Iterator<Item = (String, String)>,
    ) {
        let news = self.strangers.lock().knock(key, sn, address, self.now(), info);
        if news {
            self.nudge.notify_one();
        }
    }

    /// There is something to write that somebody may be waiting for.
    pub(crate) fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// Waits for the next [`Fleet::nudge`].
    pub(crate) async fn nudged(&self) {
        self.nudge.notified().await;
    }

    /// What the last flushes have written that is worth telling.
    pub(crate) fn take_news(&self) -> Vec<Event> {
        std::mem::take(&mut self.news.lock())
    }

    /// Who went offline just now, and when the next one could.
    pub(crate) fn watch(&self) -> (Vec<Sn>, Option<Timestamp>) {
        let now = self.now();
        let (mut gone, mut next) = (Vec::new(), None::<Timestamp>);
        for known in self.machines.read().values() {
            match known.watch(now) {
                Presence::Offline => {}
                Presence::WentOffline => gone.push(known.sn.clone()),
                Presence::OnlineUntil(until) => next = Some(next.map_or(until, |next| next.min(until))),
            }
        }
        (gone, next)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.site.clock().now()
    }
}
