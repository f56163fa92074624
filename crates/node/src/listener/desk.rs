//! Where every request is looked at first: which dialect it speaks, who is calling, and what may be done for them.
//! Nothing here waits; what has to be stored leaves as a [`Job`].

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Datelike};
use rollcall_core::Site;
use rollcall_core::clock::Timestamp;
use rollcall_protocol::attendance::Table;
use rollcall_protocol::attendance::handshake::Handshake;
use rollcall_protocol::dialect::{Dialect, Facts, detect};
use rollcall_protocol::fk::assembly::{Assembly, Bounds};
use rollcall_protocol::http::{Endpoint, Target};
use tokio::sync::Semaphore;

use super::job::Job;
use super::journal::Journal;
use super::limits::{Budget, Limits};
use super::trace::{Content, Request, Whose};
use super::wire::body::Appetite;
use super::wire::head::{Head, Method};
use super::wire::response::{self, Envelope, FkAnswer, Status};
use super::{access, attendance, fk};
use crate::events::{Event, Events};
use crate::fleet::{Contact, Fleet, Known, SnKey};

/// What all connections share.
pub(crate) struct Desk {
    pub(crate) site: Site,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) events: Events,
    pub(crate) limits: Limits,
    pub(crate) budget: Arc<Budget>,
    /// Turns to read a long body: as many at once as there are machines that send one would take the processor from the
    /// others.
    pub(crate) readings: Semaphore,
    pub(crate) journal: Journal,
    pub(crate) blocks: fk::Blocks,
    pub(crate) stopping: AtomicBool,
    /// Who gives access machines their codes.
    pub(crate) registrar: access::Registrar,
}

/// A request whose head is known.
pub(crate) struct Case<'a> {
    pub(crate) head: &'a Head<'a>,
    pub(crate) target: Target<'a>,
    pub(crate) endpoint: Endpoint,
    pub(crate) address: IpAddr,
    pub(crate) now: Timestamp,
    kind: Kind<'a>,
}

enum Kind<'a> {
    /// Not ours: outside `/iclock`, and no FK headers.
    Elsewhere,
    /// Below `/iclock`, but nothing is there (R4), or a file nobody announced (R6).
    Unknown,
    /// Neither GET nor POST.
    Method,
    /// Key exchange of the encrypted variant, which nobody but the maker can answer.
    Exchange(Option<Caller<'a>>),
    /// The vendor's test page.
    Test,
    /// Nobody says who is calling (R9).
    Nobody,
    Attendance(Caller<'a>),
    Access(Caller<'a>),
    Fk(Option<Caller<'a>>),
}

/// Who is calling.
pub(crate) struct Caller<'a> {
    key: SnKey,
    sn: Cow<'a, [u8]>,
    /// The machine, if somebody has added it.
    pub(crate) known: Option<Arc<Known>>,
    contact: Option<Contact>,
    address: IpAddr,
    now: Timestamp,
}

impl Caller<'_> {
    /// Whether the machine is known to speak this way, or nothing is known yet: only then is it told anything in it.
    pub(crate) fn is_known_to_speak(&self, dialect: Dialect) -> bool {
        self.contact.and_then(|contact| contact.dialect).is_none_or(|known| known == dialect)
    }

    /// The machine whose uploads are taken; none for a stranger and for a disabled machine (I1).
    pub(crate) fn trusted(&self) -> Option<&Arc<Known>> {
        let enabled = self.contact.is_some_and(|contact| contact.enabled);
        self.known.as_ref().filter(|_| enabled)
    }

    /// The machine, if this poll is to send it back to its handshake.
    pub(crate) fn handshake_due(&self) -> Option<&Arc<Known>> {
        let due = self.contact.is_some_and(|contact| contact.handshake_due);
        self.known.as_ref().filter(|_| due)
    }

    /// The machine spoke a dialect that leaves no doubt; whether that is news.
    fn speaks(&self, dialect: Dialect) -> bool {
        match (&self.known, self.contact) {
            (Some(known), Some(contact)) if contact.dialect != Some(dialect) => {
                known.speaks(dialect, self.address, self.now)
            }
            _ => false,
        }
    }

    /// What a refused upload is told, for people who look at the wire; never the letters "OK" (A2).
    pub(crate) fn refusal(&self) -> &'static [u8] {
        if self.known.is_some() { b"DISABLED" } else { b"NOT ADDED" }
    }
}

impl<'a> Case<'a> {
    /// The request for a trace; `bytes` begin with its head.
    pub(crate) fn request<'r>(&'r self, bytes: &'r [u8], body: Content<'r>) -> Request<'r> {
        Request {
            at: self.now,
            address: self.address,
            head: self.head,
            target: &self.target,
            endpoint: self.endpoint,
            bytes: bytes.get(..self.head.size).unwrap_or(bytes),
            body,
        }
    }

    /// Whether what waits for the machine goes with the answer.
    fn is_poll(&self) -> bool {
        match &self.kind {
            Kind::Fk(_) => fk::says_of_itself(self),
            _ => self.endpoint == Endpoint::GetRequest,
        }
    }

    /// Which table it is about, in the words of the iclock dialects.
    pub(crate) fn table(&self) -> Option<Table> {
        self.target.query.get("table").map(|name| Table::parse(&name))
    }

    /// Whether it is the beginning of a conversation in one of them.
    pub(crate) fn shakes_hands(&self) -> bool {
        Handshake::from_query(&self.target.query).is_some()
    }

    /// Whether what goes to `cdata` tells about the machine itself.
    pub(crate) fn tells_of_the_machine(&self) -> bool {
        self.shakes_hands() || self.table() == Some(Table::Options)
    }

    /// Who is calling, if they say.
    fn caller(&self) -> Option<&Caller<'a>> {
        match &self.kind {
            Kind::Attendance(caller) | Kind::Access(caller) => Some(caller),
            Kind::Exchange(caller) | Kind::Fk(caller) => caller.as_ref(),
            Kind::Elsewhere | Kind::Unknown | Kind::Method | Kind::Test | Kind::Nobody => None,
        }
    }
}

/// The body of a request, as far as it was kept.
pub(crate) enum Input<'a> {
    /// Arrived together with the head.
    Here(&'a [u8]),
    Kept(Vec<u8>),
    /// Thrown away, since nobody was to take it.
    Discarded,
    TooLarge,
    /// Not even read to its end.
    Endless,
    NoMemory,
}

impl Input<'_> {
    /// The bytes; empty when they were not kept.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Here(bytes) => bytes,
            Self::Kept(bytes) => bytes,
            Self::Discarded | Self::TooLarge | Self::Endless | Self::NoMemory => &[],
        }
    }
}

/// How a request ends.
pub(crate) enum Outcome {
    /// The answer is written.
    Answered,
    /// Something is to be stored first.
    Store(Box<Job>),
}

/// Where the answer goes.
pub(crate) struct Reply<'o> {
    pub(crate) out: &'o mut Vec<u8>,
    pub(crate) envelope: Envelope,
}

impl Reply<'_> {
    /// Status 200 with a text.
    pub(crate) fn accept(&mut self, body: &[u8]) -> Outcome {
        self.answer(Status::Accepted, body)
    }

    /// An answer of the FK dialect; the connection is over with it.
    pub(crate) fn fk(&mut self, status: Status, answer: &FkAnswer) -> Outcome {
        self.envelope.keep_alive = false;
        response::fk(self.out, self.envelope.http10, status, answer);
        Outcome::Answered
    }

    /// Any status with a text.
    pub(crate) fn answer(&mut self, status: Status, body: &[u8]) -> Outcome {
        response::iclock(self.out, self.envelope, status, body);
        Outcome::Answered
    }
}

/// Bytes of what a stranger says of itself that are read.
const STRANGERS_SAY: usize = 64 * 1024;
/// Bodies above this are worth a word in the log (S1).
const LARGE: usize = 4 * 1024 * 1024;
/// No computer runs this program before this year: a clock that says so has lost its battery.
const FIRST_YEAR: i32 = 2025;

impl Desk {
    pub(crate) fn new(site: Site, fleet: Arc<Fleet>, events: Events, limits: Limits) -> Self {
        let budget = Budget::new(&limits);
        Self {
            site,
            fleet,
            events,
            limits,
            budget,
            readings: Semaphore::new(1),
            journal: Journal::new(),
            blocks: fk::Blocks::new(Assembly::new(Bounds::default())),
            registrar: access::Registrar::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Looks at a head: who speaks how, and about what.
    pub(crate) fn look<'a>(&self, head: &'a Head<'a>, address: IpAddr) -> Case<'a> {
        let target = Target::parse(head.target);
        let endpoint = target.endpoint();
        let now = self.fleet.now();
        let kind = self.kind(head, &target, endpoint, address, now);
        let case = Case { head, target, endpoint, address, now, kind };
        if let Some(Caller { known: Some(known), .. }) = case.caller()
            && case.is_poll()
            && known.polled(now)
        {
            self.fleet.nudge();
        }
        case
    }

    fn kind<'a>(
        &self,
        head: &'a Head<'a>,
        target: &Target<'a>,
        endpoint: Endpoint,
        address: IpAddr,
        now: Timestamp,
    ) -> Kind<'a> {
        if head.request_code.is_some() || head.dev_id.is_some() {
            let caller = head.dev_id.and_then(|id| self.caller(Cow::Borrowed(id), address, now));
            if caller.as_ref().is_some_and(|caller| caller.speaks(Dialect::Fk)) {
                self.fleet.nudge();
            }
            return Kind::Fk(caller);
        }
        if !target.under_iclock() {
            return Kind::Elsewhere;
        }
        if head.method == Method::Other {
            return Kind::Method;
        }
        let sn = match endpoint {
            Endpoint::Other => return Kind::Unknown,
            Endpoint::Test => return Kind::Test,
            _ => target.sn(),
        };
        let caller = sn.and_then(|sn| self.caller(sn, address, now));
        if endpoint == Endpoint::Exchange {
            return Kind::Exchange(caller);
        }
        let Some(caller) = caller else { return Kind::Nobody };
        let remembered = caller.contact.and_then(|contact| contact.dialect);
        let facts = Facts { fk_header: false, push_header: head.access_media, target: *target };
        let detected = detect(&facts, remembered);
        if detected.explicit && caller.speaks(detected.dialect) {
            self.fleet.nudge();
        }
        match detected.dialect {
            Dialect::Access => Kind::Access(caller),
            Dialect::Attendance | Dialect::Fk => Kind::Attendance(caller),
        }
    }

    fn caller<'a>(&self, sn: Cow<'a, [u8]>, address: IpAddr, now: Timestamp) -> Option<Caller<'a>> {
        let key = SnKey::from_bytes(&sn)?;
        let known = self.fleet.known(key);
        let contact = known.as_ref().map(|known| known.contact(now, address));
        if let (Some(known), Some(Contact { came_online: true, .. })) = (&known, contact) {
            self.events.tell(Event::Machine { sn: known.sn.clone(), stranger: false });
            self.fleet.nudge();
        }
        Some(Caller { key, sn, known, contact, address, now })
    }

    /// How much of the body is worth keeping.
    pub(crate) fn appetite(&self, case: &Case<'_>) -> Appetite {
        let (caller, says) = match &case.kind {
            Kind::Attendance(caller) => (caller, attendance::says_of_itself(case)),
            Kind::Access(caller) => (caller, access::says_of_itself(case)),
            Kind::Fk(Some(caller)) => (caller, fk::says_of_itself(case)),
            Kind::Unknown => return Appetite::Keep(1024),
            _ => return Appetite::Discard,
        };
        match (caller.trusted(), says) {
            (Some(_), _) => Appetite::Keep(self.limits.body),
            (None, true) => Appetite::Keep(STRANGERS_SAY),
            (None, false) => Appetite::Discard,
        }
    }

    /// Answers a request whose body has arrived, or says what is to be stored first.
    pub(crate) fn answer(&self, case: &Case<'_>, input: Input<'_>, reply: &mut Reply<'_>) -> Outcome {
        if input.bytes().len() > LARGE {
            self.journal.large(case.address, input.bytes().len());
        }
        match &case.kind {
            Kind::Attendance(caller) => attendance::answer(self, case, caller, input, reply),
            Kind::Access(caller) => access::answer(self, case, caller, input, reply),
            Kind::Fk(caller) => fk::answer(self, case, caller.as_ref(), input, reply),
            Kind::Test => reply.accept(b"OK"),
            Kind::Elsewhere => reply.answer(Status::NotFound, b"NOT FOUND"),
            Kind::Unknown => {
                self.journal.unknown_path(case.address, case.head.verb, &case.target, input.bytes());
                reply.answer(Status::NotFound, b"NOT FOUND")
            }
            Kind::Exchange(caller) => {
                self.journal.exchange(case.address);
                match caller {
                    Some(Caller { known: Some(known), .. }) => known.asked_for_encryption(),
                    Some(caller) => {
                        self.knock(case, caller, [("encrypted".to_owned(), "1".to_owned())].into_iter());
                    }
                    None => {}
                }
                reply.answer(Status::NotFound, b"NOT FOUND")
            }
            Kind::Method => {
                // Whatever follows, it may not mean what we think.
                reply.envelope.keep_alive = false;
                reply.answer(Status::MethodNotAllowed, b"METHOD")
            }
            Kind::Nobody => reply.answer(Status::BadRequest, b"NO SERIAL NUMBER"),
        }
    }

    /// Writes down that somebody called whom nobody has added.
    pub(crate) fn knock(
        &self,
        case: &Case<'_>,
        caller: &Caller<'_>,
        info: impl Iterator<Item = (String, String)>,
    ) {
        self.fleet.knock(caller.key, &caller.sn, case.address, info);
    }

    /// Whose trace a request belongs into. A path nobody knows is the very thing a trace is for, so there the serial number
    /// counts as well, but makes nobody a stranger.
    pub(crate) fn whose(&self, case: &Case<'_>) -> Option<Whose> {
        let key = match case.caller() {
            Some(Caller { known: Some(known), .. }) => return Some(Whose::Machine(Arc::clone(known))),
            Some(caller) => caller.key,
            None if matches!(case.kind, Kind::Unknown) => SnKey::from_bytes(&case.target.sn()?)?,
            None => return None,
        };
        let known = self.fleet.known(key).map(Whose::Machine);
        known.or_else(|| self.fleet.stranger_trace(key).map(Whose::Stranger))
    }

    /// What an answer at `now` has to do with its connection.
    pub(crate) fn envelope(&self, now: Timestamp, http10: bool, keep_alive: bool) -> Envelope {
        let keep_alive = keep_alive && !self.stopping.load(Ordering::Relaxed);
        let date = trusted_time(now).filter(|_| self.fleet.steers_clocks());
        Envelope { http10, keep_alive, date }
    }
}

/// The time, unless the computer's clock is known to be wrong: machines set theirs by it (C1, C2).
fn trusted_time(now: Timestamp) -> Option<DateTime<chrono::Utc>> {
    (now.year() >= FIRST_YEAR).then_some(now)
}
