//! One connection from its first byte to its last: read a request, have it answered, write the answer, and hold no memory
//! in between.

use std::net::IpAddr;
use std::sync::Arc;

use super::connections::Guest;
use super::desk::{Desk, Input, Outcome, Reply};
use super::job::Job;
use super::limits::Lease;
use super::trace::{Content, Sketch, Whose};
use super::wire::body::{self, Body};
use super::wire::buffers::Buffer;
use super::wire::head::{self, Flaw, Framing, Head, Parsed};
use super::wire::response::{self, Envelope, Status};
use super::wire::socket::Socket;
use super::wire::stream::{Broken, Wire, first_bytes};

/// What becomes of the connection.
enum Next {
    /// Wait for another request, for as long as it takes.
    Rest,
    /// The other side has closed, or asked us to.
    Close,
    /// Refused in the middle of what it was saying.
    Part,
}

/// Serves a connection until it is over.
pub(crate) async fn converse(desk: Arc<Desk>, mut stream: impl Socket, guest: Guest) {
    loop {
        let Ok((1.., input)) = first_bytes(&mut stream).await else { return };
        if !guest.slot.talk() {
            return;
        }
        let mut wire = Wire { stream: &mut stream, slot: &guest.slot, input };
        match serve(&desk, &mut wire, guest.address()).await {
            Ok(Next::Rest) if guest.slot.rest() => {}
            Ok(Next::Part) => {
                wire.part().await;
                return;
            }
            Ok(Next::Rest | Next::Close) | Err(Broken) => return,
        }
    }
}

/// A request that is kept in a trace once it is answered.
struct Traced {
    whose: Whose,
    sketch: Sketch,
}

/// What a look at the input leads to.
enum Step {
    /// More of the head is needed.
    More,
    Flawed(Flaw),
    /// The answer is written; so much of the input was the request.
    Answered {
        used: usize,
        envelope: Envelope,
    },
    Store {
        used: usize,
        envelope: Envelope,
        job: Box<Job>,
        traced: Option<Box<Traced>>,
    },
    /// The body is still arriving.
    Body {
        head: usize,
        framing: Framing,
        expects_continue: bool,
    },
}

/// Serves requests until none is left in the input.
async fn serve(desk: &Arc<Desk>, wire: &mut Wire<'_>, address: IpAddr) -> Result<Next, Broken> {
    let mut out = Buffer::take();
    loop {
        let keep_alive = match look(desk, &wire.input, address, &mut out) {
            Step::More => {
                if wire.input.len() > desk.limits.head {
                    return refuse(desk, wire, &mut out, Flaw::TooLarge, address).await;
                }
                if !wire.fill_or_end().await? {
                    return Ok(Next::Close);
                }
                continue;
            }
            Step::Flawed(flaw) => return refuse(desk, wire, &mut out, flaw, address).await,
            Step::Answered { used, envelope } => {
                wire.input.drain(..used);
                envelope.keep_alive
            }
            Step::Store { used, mut envelope, job, traced } => {
                wire.input.drain(..used);
                if !wire.slot.store() {
                    return Err(Broken);
                }
                Box::pin(finish(desk, job, &mut envelope, &mut out)).await;
                if let Some(traced) = traced {
                    traced.sketch.answered(&out, traced.whose.ring());
                }
                if !wire.slot.talk() {
                    return Err(Broken);
                }
                envelope.keep_alive
            }
            Step::Body { head, framing, expects_continue } => {
                let head: Vec<u8> = wire.input.drain(..head).collect();
                match Box::pin(long(desk, wire, head, framing, expects_continue, address, &mut out)).await? {
                    Some(keep_alive) => keep_alive,
                    None => {
                        wire.send(&out).await?;
                        return Ok(Next::Part);
                    }
                }
            }
        };
        wire.send(&out).await?;
        out.clear();
        if !keep_alive {
            return Ok(Next::Close);
        }
        if wire.input.is_empty() {
            return Ok(Next::Rest);
        }
    }
}

/// Looks at the input, and answers at once if the request is whole and needs no storing: this is a poll's whole way.
fn look(desk: &Desk, input: &[u8], address: IpAddr, out: &mut Vec<u8>) -> Step {
    let head = match head::parse(input) {
        Parsed::Whole(head) => head,
        Parsed::Partial => return Step::More,
        Parsed::Flawed(flaw) => return Step::Flawed(flaw),
    };
    if head.size > desk.limits.head {
        return Step::Flawed(Flaw::TooLarge);
    }
    let body = match head.framing {
        Framing::Empty => Some(&[][..]),
        Framing::Length(length) => usize::try_from(length)
            .ok()
            .and_then(|length| head.size.checked_add(length))
            .and_then(|end| input.get(head.size..end)),
        Framing::Chunked | Framing::UntilClose => None,
    };
    let Some(body) = body.filter(|body| body.len() <= desk.limits.body) else {
        let Head { size, framing, expects_continue, .. } = head;
        return Step::Body { head: size, framing, expects_continue };
    };
    let used = head.size + body.len();
    let case = desk.look(&head, address);
    let mut reply = Reply { out, envelope: desk.envelope(case.now, head.http10, head.keep_alive) };
    let outcome = desk.answer(&case, Input::Here(body), &mut reply);
    let envelope = reply.envelope;
    // After the answer: only then is a stranger on the list.
    let whose = desk.whose(&case);
    let request = case.request(input, Content::Here(body));
    match outcome {
        Outcome::Answered => {
            if let Some(whose) = whose {
                request.answered(out, whose.ring());
            }
            Step::Answered { used, envelope }
        }
        Outcome::Store(job) => {
            let traced = whose.map(|whose| Box::new(Traced { whose, sketch: request.begin() }));
            Step::Store { used, envelope, job, traced }
        }
    }
}

/// Reads a body that did not arrive with its head, and answers. Whether the connection stays open; nothing when what is
/// left of the body makes it useless.
async fn long(
    desk: &Arc<Desk>,
    wire: &mut Wire<'_>,
    head: Vec<u8>,
    framing: Framing,
    expects_continue: bool,
    address: IpAddr,
    out: &mut Vec<u8>,
) -> Result<Option<bool>, Broken> {
    // Parsed again instead of held: the input moves while the body arrives.
    let Parsed::Whole(parsed) = head::parse(&head) else { return Err(Broken) };
    let (http10, keep_alive) = (parsed.http10, parsed.keep_alive);
    let appetite = desk.appetite(&desk.look(&parsed, address));
    if expects_continue && wire.input.is_empty() {
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let lease = Lease::new(&desk.budget, address);
    let (body, lease) = body::read(wire, framing, appetite, &desk.limits, lease).await?;
    // The body may have taken minutes: the time for the answer, and the rest after it, count from here.
    if !wire.slot.talk() {
        return Err(Broken);
    }
    let mut envelope = desk.envelope(desk.fleet.now(), http10, keep_alive);
    let input = match body {
        Body::Kept(bytes) => Input::Kept(bytes),
        Body::Discarded => Input::Discarded,
        Body::TooLarge => Input::TooLarge,
        Body::NoMemory => Input::NoMemory,
        Body::Endless => {
            envelope.keep_alive = false;
            Input::Endless
        }
        Body::Unreadable => {
            envelope.keep_alive = false;
            response::iclock(out, envelope, Status::BadRequest, b"BAD REQUEST");
            return Ok(None);
        }
    };
    let unread = matches!(input, Input::Endless);
    let considered = if input.bytes().len() > LONG_READING {
        let turn = desk.readings.acquire().await;
        let desk = Arc::clone(desk);
        let reading = tokio::task::spawn_blocking(move || consider(&desk, &head, input, envelope, address));
        let considered = reading.await;
        drop(turn);
        considered.map_err(|_| Broken)?
    } else {
        consider(desk, &head, input, envelope, address)
    };
    let Some(Considered { mut envelope, answer, outcome, traced }) = considered else { return Err(Broken) };
    out.extend_from_slice(&answer);
    if let Outcome::Store(job) = outcome {
        if !wire.slot.store() {
            return Err(Broken);
        }
        finish(desk, job, &mut envelope, out).await;
        if let Some(traced) = traced {
            traced.sketch.answered(out, traced.whose.ring());
        }
        if !wire.slot.talk() {
            return Err(Broken);
        }
    } else if let Some(traced) = traced {
        traced.sketch.answered(out, traced.whose.ring());
    }
    drop::<Lease>(lease);
    Ok((!unread).then_some(envelope.keep_alive))
}

/// Bodies above this are read on a thread of their own, one at a time, so that others' polls do not wait for it.
const LONG_READING: usize = 64 * 1024;

/// What a request came to whose body did not arrive with its head.
struct Considered {
    envelope: Envelope,
    answer: Vec<u8>,
    outcome: Outcome,
    traced: Option<Traced>,
}

/// Has the desk answer a request. It is looked at again: the machine may have been added, disabled or deleted while it was
/// talking. Nothing when the head is none.
fn consider(
    desk: &Desk,
    bytes: &[u8],
    input: Input<'_>,
    envelope: Envelope,
    address: IpAddr,
) -> Option<Considered> {
    let Parsed::Whole(head) = head::parse(bytes) else { return None };
    let case = desk.look(&head, address);
    let content = match &input {
        Input::Here(body) => Content::Here(body),
        Input::Kept(body) => Content::Here(body),
        Input::Discarded | Input::TooLarge | Input::Endless | Input::NoMemory => Content::NotKept,
    };
    let sketch = case.request(bytes, content).begin();
    let mut answer = Vec::new();
    let mut reply = Reply { out: &mut answer, envelope };
    let outcome = desk.answer(&case, input, &mut reply);
    let envelope = reply.envelope;
    let traced = desk.whose(&case).map(|whose| Traced { whose, sketch });
    Some(Considered { envelope, answer, outcome, traced })
}

async fn finish(desk: &Desk, job: Box<Job>, envelope: &mut Envelope, out: &mut Vec<u8>) {
    let mut reply = Reply { out, envelope: *envelope };
    job.run(desk, &mut reply).await;
    *envelope = reply.envelope;
}

/// Answers what can never become a request.
async fn refuse(
    desk: &Desk,
    wire: &mut Wire<'_>,
    out: &mut Vec<u8>,
    flaw: Flaw,
    address: IpAddr,
) -> Result<Next, Broken> {
    if flaw == Flaw::Tls {
        desk.journal.tls(address);
        desk.fleet.tls_knock(address);
        return Ok(Next::Close);
    }
    desk.journal.unreadable(address, flaw);
    let (status, body) = match flaw {
        Flaw::TooLarge => (Status::HeadTooLarge, &b"TOO LARGE"[..]),
        Flaw::Unreadable | Flaw::Length | Flaw::Tls => (Status::BadRequest, &b"BAD REQUEST"[..]),
    };
    response::iclock(out, desk.envelope(desk.fleet.now(), false, false), status, body);
    wire.send(out).await?;
    Ok(Next::Part)
}
