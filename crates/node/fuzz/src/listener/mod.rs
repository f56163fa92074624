//! The whole listener, from bytes to the database and back: bytes in, and judged is what comes out.
//!
//! The parts: an input is a [`script`] of connections and requests; it goes through a [`pipe`] into a real listener over a
//! real database; what comes back is taken apart by [`answers`]; and [`oracle`] knows what must have been kept.

mod answers;
mod oracle;
mod pipe;
mod script;
mod site;

use std::collections::HashSet;
use std::future::{Future, poll_fn};
use std::net::IpAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use rollcall_node::events::Events;
use rollcall_node::fleet::Fleet;
use rollcall_node::listener::Limits;
use rollcall_node::listener::rig::Rig;
use tokio::runtime::Runtime;

use answers::Answer;
use oracle::Request;
use pipe::{Far, Pipe};
use script::Script;
use site::Place;

/// How often the listener may be woken for one request: each of its bytes may arrive and leave alone, and some are stored.
const WAKINGS: usize = 2_000;
const WAKINGS_PER_BYTE: usize = 8;

/// A listener with a database, for one input after the other.
pub struct Judge {
    runtime: Runtime,
    place: Place,
}

impl Judge {
    /// With a new database in this folder.
    ///
    /// # Panics
    /// When there can be none.
    pub fn new(folder: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime");
        let place = runtime.block_on(Place::open(folder));
        Self { runtime, place }
    }

    /// Judges one input.
    ///
    /// # Panics
    /// When a property does not hold; that is what it is for.
    pub fn judge(&self, input: &[u8]) {
        self.runtime.block_on(self.play(&Script::read(input)));
    }

    async fn play(&self, script: &Script) {
        let place = &self.place;
        place.begin(script.orders).await;
        let fleet = Fleet::load(&place.site).await.expect("a fleet");
        let limits =
            Limits { silence: Duration::from_millis(1), head: 2048, body: 64 * 1024, ..Limits::default() };
        let rig = Rig::new(limits, place.site.clone(), Arc::clone(&fleet), Events::new());
        let mut said = Said::default();
        let (mut line, mut doubtful) = (None, false);
        for bytes in &script.requests {
            let request = Request::read(bytes);
            let anew =
                script.alone || doubtful || request.is_none() || line.as_ref().is_some_and(Line::is_over);
            if let Some(line) = line.take_if(|_| anew) {
                said.hear(&Line::hang_up(line).await, None);
            }
            // Where it ends is known to nobody but the listener.
            doubtful = request.is_none();
            let line = line.get_or_insert_with(|| Line::open(&rig, script));
            if script.strict {
                place.empty().await;
            }
            let before = place.held().await;
            let heard = line.say(bytes).await;
            said.hear(&heard, request.as_ref());
            let after = place.held().await;
            if let Some(request) = &request {
                let answer = match &heard[..] {
                    [answer] => answer,
                    other => panic!("{} answers to one request: {request:?}", other.len()),
                };
                let kept = oracle::Kept { strict: script.strict, before, after };
                oracle::judge(request, answer, kept, place).await;
            }
        }
        if let Some(line) = line {
            said.hear(&Line::hang_up(line).await, None);
        }
        fleet.flush().await.expect("what machines say of themselves can be written");
    }
}

/// What machines were told to do, to see that nothing is told twice.
#[derive(Default)]
struct Said {
    /// May be told again once the machine has said something about it.
    open: HashSet<Vec<u8>>,
    /// Never again (Q4).
    once: HashSet<Vec<u8>>,
}

impl Said {
    fn hear(&mut self, answers: &[Answer], request: Option<&Request>) {
        // It may have been a result, or a handshake that ends what was open.
        if request.is_none_or(|request| !request.polls()) {
            self.open.clear();
        }
        for command in answers.iter().flat_map(Answer::commands) {
            assert!(self.open.insert(command.number.clone()), "handed out twice at a time: {command:?}");
            assert!(
                !command.once_only || self.once.insert(command.number.clone()),
                "handed out again, though it must happen once only: {command:?}"
            );
        }
    }
}

/// One connection.
struct Line<'r> {
    server: Option<Pin<Box<dyn Future<Output = ()> + 'r>>>,
    far: Far,
    sent: usize,
}

impl<'r> Line<'r> {
    fn open(rig: &'r Rig, script: &Script) -> Self {
        let (near, far) = Pipe::pair(script.cut);
        let address = IpAddr::from([192, 168, 1, if script.alone { 7 } else { 8 }]);
        Self { server: Some(Box::pin(rig.converse(address, near))), far, sent: 0 }
    }

    fn is_over(&self) -> bool {
        self.server.is_none()
    }

    /// Sends something, and waits until the listener wants more or has ended the connection.
    async fn say(&mut self, bytes: &[u8]) -> Vec<Answer> {
        self.far.send(bytes);
        self.sent += bytes.len();
        self.settle(false).await;
        answers::read(&self.far.take())
    }

    /// Ends the connection in the middle of whatever it was; the listener has to come to its end.
    async fn hang_up(mut self) -> Vec<Answer> {
        self.far.end();
        self.settle(true).await;
        assert!(self.server.is_none());
        answers::read(&self.far.take())
    }

    async fn settle(&mut self, to_the_end: bool) {
        let Some(server) = &mut self.server else { return };
        let (far, most) = (&self.far, WAKINGS + WAKINGS_PER_BYTE * self.sent);
        let mut wakings = 0;
        let over = poll_fn(|context| {
            wakings += 1;
            assert!(wakings < most, "the listener turns in circles");
            far.watch();
            match server.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(true),
                Poll::Pending if !to_the_end && far.is_thirsty() => Poll::Ready(false),
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
        if over {
            self.server = None;
        }
    }
}
