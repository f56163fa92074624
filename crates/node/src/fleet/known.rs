//! One machine somebody has added, as the listener sees it: its settings, when it was last heard, and what it has
//! said of itself that is not on disk yet.

use std::net::IpAddr;

use chrono::{Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use parking_lot::Mutex;
use rollcall_core::clock::Timestamp;
use rollcall_core::machines::{Machine, MachineId, Report};
use rollcall_protocol::{Dialect, Sn};

use super::orders::Orders;
use super::report;
use crate::listener::trace::{self, Ring};

/// Seconds between polls of a machine that has not read its options from us yet.
const POLL_INTERVAL: u32 = 10;
/// The same for FK machines, which decide it themselves, up to this much (I6).
const FK_POLL_INTERVAL: u32 = 120;
/// Polls a machine may miss before it counts as offline.
const MISSED_POLLS: u32 = 3;
/// How often a machine is sent back to its handshake for one change of its zone.
const HANDSHAKE_CALLS: u8 = 3;
/// Changes between two addresses within [`TWIN_SPAN`] that make two machines of one serial number (I3); a machine
/// that got another address from its router changes once (I4).
const TWIN_CHANGES: u8 = 4;
const TWIN_SPAN: TimeDelta = TimeDelta::minutes(10);

/// What the listener knows of a machine that has been added.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) id: MachineId,
    pub(crate) sn: Sn,
    /// What it said lately, and was answered.
    pub(crate) trace: Mutex<Ring>,
    /// Whether something waits for it.
    pub(crate) orders: Orders,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    enabled: bool,
    time_zone: Tz,
    dialect: Option<Dialect>,
    poll_interval: u32,
    last_seen_at: Option<Timestamp>,
    address: Option<IpAddr>,
    /// What the last told event said.
    told_online: bool,
    /// Offset east of UTC in seconds, as of the last handshake.
    told_offset: Option<i32>,
    /// Polls that are still to be answered with the way back to the handshake (C8).
    handshake_calls: u8,
    addresses: Addresses,
    encrypted: bool,
    unwritten: Option<Box<Report>>,
    /// The unwritten part says more than when the machine was last seen.
    news: bool,
}

/// What is known of a machine right now; the rest is in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// Last request of any kind.
    pub last_seen_at: Option<Timestamp>,
    /// Where it came from.
    pub address: Option<String>,
    /// Heard from within three of its poll intervals.
    pub online: bool,
    /// Requests under this serial number come from two places in turns: two machines share it (I3).
    pub twins: bool,
    /// It asked for encrypted communication, which nobody but its maker can offer; it must be switched off there.
    pub encrypted: bool,
}

/// A request came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contact {
    /// The machine was offline, or had never been heard of.
    pub(crate) came_online: bool,
    /// Its uploads are taken.
    pub(crate) enabled: bool,
    /// The dialect of its last request that left no doubt.
    pub(crate) dialect: Option<Dialect>,
    /// A poll is to send it back to its handshake.
    pub(crate) handshake_due: bool,
}

/// What became of a machine with the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Offline, and told so.
    Offline,
    /// Offline since just now.
    WentOffline,
    /// Online at least until then.
    OnlineUntil(Timestamp),
}

impl Known {
    pub(crate) fn new(machine: &Machine) -> Self {
        let state = State {
            enabled: machine.enabled,
            time_zone: machine.time_zone,
            dialect: machine.dialect,
            poll_interval: POLL_INTERVAL,
            last_seen_at: machine.last_seen_at,
            address: machine.address.as_deref().and_then(|address| address.parse().ok()),
            told_online: false,
            told_offset: None,
            handshake_calls: 0,
            addresses: Addresses::default(),
            encrypted: false,
            unwritten: None,
            news: false,
        };
        let trace = Mutex::new(Ring::new(trace::MACHINE));
        let orders = Orders::default();
        Self { id: machine.id, sn: machine.sn.clone(), trace, orders, state: Mutex::new(state) }
    }

    /// Takes over changed settings.
    pub(crate) fn refresh(&self, machine: &Machine, now: Timestamp) {
        let mut state = self.state.lock();
        state.enabled = machine.enabled;
        if state.time_zone != machine.time_zone {
            state.time_zone = machine.time_zone;
            let offset = offset_at(machine.time_zone, now);
            state.handshake_calls = if state.told_offset == Some(offset) { 0 } else { HANDSHAKE_CALLS };
        }
    }

    /// The machine was told this offset before it was added.
    pub(crate) fn told(&self, offset: i32, now: Timestamp) {
        let mut state = self.state.lock();
        state.told_offset = Some(offset);
        if offset != offset_at(state.time_zone, now) {
            state.handshake_calls = HANDSHAKE_CALLS;
        }
    }

    pub(crate) fn time_zone(&self) -> Tz {
        self.state.lock().time_zone
    }

    /// A request came in.
    pub(crate) fn contact(&self, now: Timestamp, address: IpAddr) -> Contact {
        let mut state = self.state.lock();
        let before = state.address.replace(address);
        if before != Some(address) {
            if let Some(before) = before {
                state.addresses.change(before, address, now);
            }
            state.report().address = Some(address.to_string());
        }
        state.last_seen_at = Some(now);
        state.report().last_seen_at = Some(now);
        let came_online = !std::mem::replace(&mut state.told_online, true);
        Contact {
            came_online,
            enabled: state.enabled,
            dialect: state.dialect,
            handshake_due: state.handshake_calls > 0,
        }
    }

    /// Remembers the dialect of a request that left no doubt.
    pub(crate) fn speaks(&self, dialect: Dialect) {
        let mut state = self.state.lock();
        if state.dialect != Some(dialect) {
            state.dialect = Some(dialect);
            state.report().dialect = Some(dialect);
            state.news = true;
        }
    }

    /// Keeps what the machine said of itself until the next flush.
    pub(crate) fn said(&self, newer: Report) {
        let mut state = self.state.lock();
        report::merge(state.report(), newer);
        state.news = true;
    }

    /// It asked for encrypted communication.
    pub(crate) fn asked_for_encryption(&self) {
        self.state.lock().encrypted = true;
    }

    /// The machine reads its options: the offset in seconds it is to be told.
    pub(crate) fn handshake(&self, now: Timestamp, poll_interval: u32) -> i32 {
        let mut state = self.state.lock();
        let offset = offset_at(state.time_zone, now);
        state.told_offset = Some(offset);
        state.handshake_calls = 0;
        state.poll_interval = poll_interval.max(1);
        // If it still wants to encrypt, it will say so again in a moment.
        state.encrypted = false;
        offset
    }

    /// Whether this poll is to send the machine back to its handshake, because the zone it was told is no longer
    /// right (C8).
    pub(crate) fn take_handshake_call(&self) -> bool {
        let mut state = self.state.lock();
        let due = state.handshake_calls > 0;
        state.handshake_calls = state.handshake_calls.saturating_sub(1);
        due
    }

    /// Whether the machine is there, and whether summer time began or ended where it hangs.
    pub(crate) fn watch(&self, now: Timestamp) -> Presence {
        let mut state = self.state.lock();
        if state.told_offset.is_some_and(|told| told != offset_at(state.time_zone, now)) {
            state.told_offset = None;
            state.handshake_calls = HANDSHAKE_CALLS;
        }
        match state.online_until().filter(|until| *until > now) {
            Some(until) => Presence::OnlineUntil(until),
            None if state.told_online => {
                state.told_online = false;
                Presence::WentOffline
            }
            None => Presence::Offline,
        }
    }

    pub(crate) fn live(&self, now: Timestamp) -> Live {
        let state = self.state.lock();
        Live {
            last_seen_at: state.last_seen_at,
            address: state.address.map(|address| address.to_string()),
            online: state.online_until().is_some_and(|until| until > now),
            twins: state.addresses.twins(now),
            encrypted: state.encrypted,
        }
    }

    /// What is to be written, and whether it is news to anybody.
    pub(crate) fn take_unwritten(&self) -> Option<(Report, bool)> {
        let mut state = self.state.lock();
        let news = std::mem::take(&mut state.news);
        state.unwritten.take().map(|report| (*report, news))
    }

    /// Takes back what could not be written; what was said since counts more.
    pub(crate) fn put_back(&self, older: Report, news: bool) {
        let mut state = self.state.lock();
        let mut merged = older;
        if let Some(newer) = state.unwritten.take() {
            report::merge(&mut merged, *newer);
        }
        state.unwritten = Some(Box::new(merged));
        state.news |= news;
    }
}

impl State {
    fn report(&mut self) -> &mut Report {
        self.unwritten.get_or_insert_default()
    }

    fn online_until(&self) -> Option<Timestamp> {
        let interval = if self.dialect == Some(Dialect::Fk) { FK_POLL_INTERVAL } else { self.poll_interval };
        let allowed = TimeDelta::seconds(i64::from(interval.saturating_mul(MISSED_POLLS)));
        self.last_seen_at?.checked_add_signed(allowed)
    }
}

/// Seconds east of UTC in `zone` at this moment, summer time included.
pub(crate) fn offset_at(zone: Tz, now: Timestamp) -> i32 {
    zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc()
}

/// The last addresses, to tell two machines in one from one that moved.
#[derive(Debug, Default)]
struct Addresses {
    pair: Option<(IpAddr, IpAddr)>,
    changes: u8,
    first_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
}

impl Addresses {
    fn change(&mut self, from: IpAddr, to: IpAddr, now: Timestamp) {
        let pair = if from < to { (from, to) } else { (to, from) };
        let recent = self.first_at.is_some_and(|first| now - first < TWIN_SPAN) || self.twins(now);
        if self.pair == Some(pair) && recent {
            self.changes = self.changes.saturating_add(1);
        } else {
            *self = Self { pair: Some(pair), changes: 1, first_at: Some(now), last_at: None };
        }
        self.last_at = Some(now);
    }

    fn twins(&self, now: Timestamp) -> bool {
        self.changes >= TWIN_CHANGES && self.last_at.is_some_and(|last| now - last < TWIN_SPAN)
    }
}
