//! Registering: the handshake, `registry` and `push` (access-push §2).
//!
//! What a machine is given there goes into the token it sends with every request, so it must be the same after a restart of
//! this program, or every machine's token would be wrong at once (§5). It is derived from a secret of the site and the
//! serial number; nothing is kept per machine.
//!
//! The token itself is not verified. It is optional, most firmware sends none at first contact and some never, and it
//! keeps nobody out: the code is given in clear to whoever registers under a serial number (I7). Who may talk to us is
//! decided by the list of machines.

use std::sync::{Arc, OnceLock};

use rollcall_core::commands::commands_restarted;
use rollcall_core::settings::settings_secret;
use rollcall_protocol::Sn;
use rollcall_protocol::access::configuration::{Configuration, write_registered};
use rollcall_protocol::attendance::handshake::Handshake;
use rollcall_protocol::attendance::{answer, options};
use sha2::{Digest, Sha256};

use super::super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::super::job::{Acknowledgement, Answer, Job, Stored, Work};
use super::super::orders;
use super::super::wire::response::Status;
use crate::events::Event;
use crate::fleet::{self, Known};

/// The setting the site's secret is kept under.
const SECRET: &str = "access_secret";
/// Letters of a registry code; at most 32 (§2.1).
const CODE: usize = 20;
/// Letters of a session number.
const SESSION: usize = 32;

/// The site's secret, once it has been read.
#[derive(Default)]
pub(crate) struct Registrar(Arc<OnceLock<String>>);

/// What a machine is told that has to be so again after a restart.
struct Codes {
    registry: String,
    session: String,
}

impl Codes {
    fn of(secret: &str, sn: &Sn) -> Self {
        Self {
            registry: derived(secret, "registry", sn, CODE),
            session: derived(secret, "session", sn, SESSION),
        }
    }
}

/// The first letters of a hash over the secret, what it is for, and the serial number in lower case.
fn derived(secret: &str, purpose: &str, sn: &Sn, letters: usize) -> String {
    let hash = Sha256::digest(format!("{secret}/{purpose}/{}", sn.key()));
    let mut text: String = hash.iter().map(|byte| format!("{byte:02X}")).collect();
    text.truncate(letters);
    text
}

/// Which answer is wanted.
#[derive(Clone, Copy)]
enum Wanted {
    /// The code alone, after registering.
    Code,
    /// The configuration, after the code.
    Configuration,
    /// Everything at once.
    Everything,
}

/// `cdata` with `options=all`. A machine we know gets everything at once; any other is told `OK`, goes on to register, and
/// is refused there (I1).
pub(super) fn shake_hands(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let handshake = Handshake::from_query(&case.target.query).unwrap_or_default();
    let pairs = options::parse(input.bytes());
    if let Some(known) = &caller.known {
        known.said(fleet::of_handshake(&handshake));
        known.said(fleet::of_options(&pairs));
        desk.fleet.nudge();
    } else {
        let said = [("pushver", &handshake.push_version), ("language", &handshake.language)];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| value.as_deref().map(|value| (name.to_owned(), fleet::value(value))));
        desk.knock(case, caller, said.chain(fleet::kept(&pairs)).chain([super::dialect()]));
    }
    match caller.trusted() {
        Some(known) => give(desk, case, known, Wanted::Everything, reply),
        None => reply.accept(answer::OK),
    }
}

/// `POST registry`. What a stranger says there is kept for whoever is to adopt it.
pub(super) fn register(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    super::says(desk, case, caller, input);
    match caller.trusted() {
        Some(known) => give(desk, case, known, Wanted::Code, reply),
        None => reply.answer(Status::Unavailable, caller.refusal()),
    }
}

/// `push`, by GET or POST (§2.1).
pub(super) fn configure(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, reply: &mut Reply<'_>) -> Outcome {
    match caller.trusted() {
        Some(known) => give(desk, case, known, Wanted::Configuration, reply),
        None => {
            super::heard(desk, case, caller);
            reply.answer(Status::Unavailable, caller.refusal())
        }
    }
}

/// Seconds between the polls of a machine that has its configuration from us.
pub(super) fn poll_interval() -> u32 {
    Configuration::new(None, "").request_delay
}

/// Answers from the secret, which the first machine of all has to wait for.
fn give(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, wanted: Wanted, reply: &mut Reply<'_>) -> Outcome {
    known.handshake(case.now, poll_interval());
    if let Some(secret) = desk.registrar.0.get() {
        let answer = written(secret, &known.sn, wanted);
        return orders::began_anew(known, &answer).unwrap_or_else(|| reply.accept(&answer));
    }
    let (secret, id, sn) = (Arc::clone(&desk.registrar.0), known.id, known.sn.clone());
    let restarted = known.orders.take_restart();
    let mut fresh = [0_u8; 32];
    if getrandom::fill(&mut fresh).is_err() {
        return reply.answer(Status::Unavailable, answer::BUSY);
    }
    let work = Work::Store(Box::new(move |tx| {
        let fresh: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        let (kept, known_before) = settings_secret(tx, SECRET, &fresh)?;
        if known_before {
            // Not a fresh one: should this very transaction fail, the next machine makes another.
            let _ = secret.set(kept.clone());
        }
        let changed = if restarted { commands_restarted(tx, id)? } else { Vec::new() };
        let answer = written(&kept, &sn, wanted);
        Ok(Stored {
            events: changed.iter().map(|command| Event::command(&sn, command)).collect(),
            answer: Some(Answer::Text(answer)),
            ..Stored::default()
        })
    }));
    Outcome::Store(Box::new(Job {
        machine: Arc::clone(known),
        acknowledgement: Acknowledgement::Plain,
        work,
    }))
}

fn written(secret: &str, sn: &Sn, wanted: Wanted) -> Vec<u8> {
    let codes = Codes::of(secret, sn);
    let mut body = Vec::with_capacity(512);
    match wanted {
        Wanted::Code => write_registered(&codes.registry, &mut body),
        Wanted::Configuration => Configuration::new(None, &codes.session).write(&mut body),
        Wanted::Everything => Configuration::new(Some(&codes.registry), &codes.session).write(&mut body),
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_per_machine_and_fit() {
        let codes = |secret, sn| {
            let codes = Codes::of(secret, &Sn::new(sn).unwrap());
            (codes.registry, codes.session)
        };
        let (registry, session) = codes("s", "VGU6000000001");
        assert_eq!((registry.clone(), session.clone()), codes("s", "vgu6000000001"));
        assert_eq!((registry.len(), session.len()), (CODE, SESSION));
        assert!(registry.bytes().chain(session.bytes()).all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(registry, codes("s", "VGU6000000002").0);
        assert_ne!(registry, codes("t", "VGU6000000001").0);
        assert!(!session.starts_with(&registry));
    }
}
