//! One machine somebody has added, as the listener sees it: its settings, when it was last heard, and what it has
//! said of itself that is not on disk yet.

use std::net::IpAddr;

use chrono::{Offset, TimeDelta, TimeZone};
use chrono_tz::Tz;
use parking_lot::Mutex;
use rollcall_core::clock::Timestamp;
use rollcall_core::machines::skew::Skew;
use rollcall_core::machines::{Machine, MachineId, Report};
use rollcall_core::punches::Batch;
use rollcall_protocol::{Dialect, Sn};

use super::addresses::Addresses;
use super::doors::Doors;
use super::orders::Orders;
use super::report;
use super::resend::Resend;
use super::tongue::Tongue;
use crate::listener::fk::Seen;
use crate::listener::trace::{self, Ring};

/// Seconds between polls of a machine that has not read its options from us yet.
const POLL_INTERVAL: u32 = 10;
/// The same for FK machines, which decide it themselves, up to this much (I6).
const FK_POLL_INTERVAL: u32 = 120;
/// Polls a machine may miss before it counts as offline.
const MISSED_POLLS: u32 = 3;
/// Polls in a row without a punch of before after which nothing more is to be expected.
const QUIET_POLLS: u8 = 3;
/// How often a machine is sent back to its handshake for one change of its zone.
const HANDSHAKE_CALLS: u8 = 3;

/// What the listener knows of a machine that has been added.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) id: MachineId,
    pub(crate) sn: Sn,
    /// What it said lately, and was answered.
    pub(crate) trace: Mutex<Ring>,
    /// Whether something waits for it.
    pub(crate) orders: Orders,
    /// Whether its next handshake asks for everything.
    pub(crate) resend: Resend,
    /// How its doors stand, by its last word.
    pub(crate) doors: Doors,
    /// What only matters when it speaks the FK dialect.
    pub(crate) fk: Seen,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    enabled: bool,
    time_zone: Tz,
    tongue: Tongue,
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
    skew: Skew,
    last_poll_at: Option<Timestamp>,
    /// Polls in a row since it last brought a punch it had kept, or came back.
    quiet: u8,
    /// Why its queue is to be taken back with the next flush; it gets nothing until then.
    takes_back: Option<&'static str>,
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
    /// Its last poll: what waits for it goes with the next one (Q11).
    pub last_poll_at: Option<Timestamp>,
    /// Requests under this serial number come from these two addresses in turns: two machines share it (I3).
    pub twins: Option<(IpAddr, IpAddr)>,
    /// It asked for encrypted communication, which nobody but its maker can offer; it must be switched off there.
    pub encrypted: bool,
    /// How many seconds its clock is ahead of ours, and as of when.
    pub clock_skew: Option<(i64, Timestamp)>,
    /// Its clock is off by more than a minute, without reasonable doubt.
    pub clock_off: bool,
}

/// What is to be written down of a machine.
#[derive(Debug)]
pub(crate) struct Unwritten {
    pub(crate) report: Report,
    /// Whether it is news to anybody.
    pub(crate) news: bool,
    /// Why its queue is to be taken back.
    pub(crate) takes_back: Option<&'static str>,
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
        let address = machine.address.as_deref().and_then(|address| address.parse().ok());
        let state = State {
            enabled: machine.enabled,
            time_zone: machine.time_zone,
            tongue: Tongue::new(machine.dialect, address),
            poll_interval: POLL_INTERVAL,
            last_seen_at: machine.last_seen_at,
            address,
            told_online: false,
            told_offset: None,
            handshake_calls: 0,
            addresses: Addresses::default(),
            encrypted: false,
            skew: Skew::known(machine.clock_skew),
            last_poll_at: None,
            quiet: 0,
            takes_back: None,
            unwritten: None,
            news: false,
        };
        let trace = Mutex::new(Ring::new(trace::MACHINE));
        let orders = Orders::default();
        let doors = Doors::default();
        let fk = Seen::before(machine);
        let (id, sn, resend) = (machine.id, machine.sn.clone(), Resend::default());
        Self { id, sn, trace, orders, resend, doors, fk, state: Mutex::new(state) }
    }

    /// Takes over changed settings.
    pub(crate) fn refresh(&self, machine: &Machine, now: Timestamp) {
        let mut state = self.state.lock();
        if machine.enabled && !state.enabled {
            // It has kept what it was refused, and sends it when it likes.
            state.quiet = 0;
        }
        state.enabled = machine.enabled;
        if state.time_zone != machine.time_zone {
            state.time_zone = machine.time_zone;
            // What was measured was measured by the old one.
            state.skew.forget();
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
                let one = state.addresses.twins(now).is_none();
                state.addresses.change(before, address, now);
                state.news |= one && state.addresses.twins(now).is_some();
            }
            state.report().address = Some(address.to_string());
        }
        if state.online_until().is_none_or(|until| until < now) {
            // It was away, told so or not, and may have kept something.
            state.quiet = 0;
        }
        state.last_seen_at = Some(now);
        state.report().last_seen_at = Some(now);
        state.tongue.heard(address, now);
        let came_online = !std::mem::replace(&mut state.told_online, true);
        Contact {
            came_online,
            enabled: state.enabled,
            dialect: state.tongue.dialect(),
            handshake_due: state.handshake_calls > 0,
        }
    }

    /// A poll came in. A machine that was away calls before it sends what it has kept; only when it has called a few times and
    /// brought nothing of before is everything here that it has recorded. Whether that is so since now.
    pub(crate) fn polled(&self, now: Timestamp) -> bool {
        let mut state = self.state.lock();
        state.last_poll_at = Some(now);
        state.quiet = state.quiet.saturating_add(1);
        if state.enabled && state.quiet >= QUIET_POLLS {
            state.report().caught_up_at = Some(now);
        }
        state.enabled && state.quiet == QUIET_POLLS
    }

    /// Whether it may be told anything now. Not while two machines share the serial number, for nobody knows which of them
    /// would open its door (I3); and not what was meant for a machine that spoke another way (Q10).
    pub(crate) fn may_be_told(&self, now: Timestamp) -> bool {
        let state = self.state.lock();
        state.takes_back.is_none() && state.addresses.twins(now).is_none()
    }

    /// Somebody has looked: there is one machine of this serial number.
    pub(crate) fn resolve_twins(&self) {
        self.state.lock().addresses.resolve();
    }

    /// The machine's clock showed `shown` in something that came at `now`. Only what it sends at once tells anything; what
    /// it kept for a while is old by nature (C7).
    pub(crate) fn clock_sample(&self, shown: Timestamp, now: Timestamp, live: bool) {
        if !live {
            return;
        }
        let mut state = self.state.lock();
        let (was_off, before) = (state.skew.is_off(), state.skew.seconds());
        state.skew.sample(shown, now);
        let (is_off, skew) = (state.skew.is_off(), state.skew.seconds());
        state.report().clock_skew = skew;
        state.news |= was_off != is_off || before.is_none();
    }

    /// Notes on an upload of punches that came at `now` what is known of the machine: whether its clock is off, which a live
    /// punch tells, and where it came from while two machines share the serial number (I3).
    pub(crate) fn receives(&self, batch: &mut Batch, now: Timestamp) {
        if let Some(shown) = batch.only_punch_at() {
            self.clock_sample(shown, now, true);
        }
        self.marks(batch, now);
    }

    /// The same without a look at the clock, of machines that send one punch at a time, kept ones too. Either way the machine
    /// still brings punches.
    pub(crate) fn marks(&self, batch: &mut Batch, now: Timestamp) {
        let mut state = self.state.lock();
        // Whatever becomes of it, there may be more of what it has kept. One that only sends what happens is not behind, and at
        // a gate where somebody always comes it would never fall silent.
        if !batch.is_of_just_now() {
            state.quiet = 0;
        }
        batch.clock_off(state.skew.is_off());
        if let Some(address) = state.address.filter(|_| state.addresses.twins(now).is_some()) {
            batch.came_from(address.to_string());
        }
    }

    /// Remembers the dialect of a request that left no doubt; whether that is news.
    pub(crate) fn speaks(&self, dialect: Dialect, address: IpAddr, now: Timestamp) -> bool {
        let mut state = self.state.lock();
        let before = state.tongue.dialect();
        if state.tongue.evidence(dialect, address, now) {
            // Its kind is a setting that erases the machine, or it is another one: what was queued means nothing to it.
            state.takes_back = Some(rollcall_core::commands::DIALECT_CHANGED);
        }
        let after = state.tongue.dialect();
        if before != after {
            state.report().dialect = after;
            state.news = true;
        }
        before != after
    }

    /// Keeps what the machine said of itself until the next flush.
    pub(crate) fn said(&self, newer: Report) {
        let mut state = self.state.lock();
        let hardware = newer.options.iter().find(|(key, _)| key.eq_ignore_ascii_case("MAC"));
        if let (Some(address), Some((_, hardware))) = (state.address, hardware) {
            state.addresses.says(address, hardware);
        }
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
            last_poll_at: state.last_poll_at,
            twins: state.addresses.twins(now),
            encrypted: state.encrypted,
            clock_skew: state.skew.seconds(),
            clock_off: state.skew.is_off(),
        }
    }

    /// What is to be written.
    pub(crate) fn take_unwritten(&self) -> Option<Unwritten> {
        let mut state = self.state.lock();
        let news = std::mem::take(&mut state.news);
        // It stays until it is written: until then the machine gets nothing.
        let takes_back = state.takes_back;
        state.unwritten.take().map(|report| Unwritten { report: *report, news, takes_back })
    }

    /// The queue was taken back for this reason; the machine may be told things again.
    pub(crate) fn taken_back(&self) {
        self.state.lock().takes_back = None;
    }

    /// Takes back what could not be written; what was said since counts more.
    pub(crate) fn put_back(&self, older: Unwritten) {
        let mut state = self.state.lock();
        let mut merged = older.report;
        if let Some(newer) = state.unwritten.take() {
            report::merge(&mut merged, *newer);
        }
        state.unwritten = Some(Box::new(merged));
        state.news |= older.news;
    }
}

impl State {
    fn report(&mut self) -> &mut Report {
        self.unwritten.get_or_insert_default()
    }

    fn online_until(&self) -> Option<Timestamp> {
        let interval =
            if self.tongue.dialect() == Some(Dialect::Fk) { FK_POLL_INTERVAL } else { self.poll_interval };
        let allowed = TimeDelta::seconds(i64::from(interval.saturating_mul(MISSED_POLLS)));
        self.last_seen_at?.checked_add_signed(allowed)
    }
}

/// Seconds east of UTC in `zone` at this moment, summer time included.
pub(crate) fn offset_at(zone: Tz, now: Timestamp) -> i32 {
    zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc()
}
