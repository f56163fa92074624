//! Messages cut into blocks, put together again (fk-http §3, §4).
//!
//! Blocks are numbered 1, 2, 3 … and the last is number 0. Which message a block belongs to is known by the machine, the
//! transaction and the kind of request. Nothing here does I/O or asks a clock.
//!
//! A message stays here after its last block, until something newer needs its place: when the answer to the last block was
//! lost, or the storage failed, a machine repeats that block alone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use super::frame::Frame;

/// Bounds of what half messages may hold.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of one machine.
    pub machine: usize,
    /// Bytes of all machines.
    pub all: usize,
    /// Messages of one machine at the same time.
    pub messages: usize,
    /// Seconds after which a message nobody continued is forgotten.
    pub age: i64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { machine: 10 * 1024 * 1024, all: 64 * 1024 * 1024, messages: 4, age: 600 }
    }
}

/// What a block amounts to.
#[derive(Debug, PartialEq, Eq)]
pub enum Joined<'a> {
    /// Taken; more blocks are to come.
    More,
    /// The whole message.
    Whole(Cow<'a, [u8]>),
    /// What came before it is not here: the machine is to begin again with block 1.
    Gap,
    /// There is no place for it now.
    Full,
}

#[derive(Debug)]
struct Message {
    trans_id: Vec<u8>,
    code: Vec<u8>,
    bytes: Vec<u8>,
    /// Where the last block begins, by which its repetition is known.
    last_from: usize,
    last_number: u32,
    /// Block 0 has come; its beginning.
    finished: Option<usize>,
    /// When something of it came the last time, in the caller's seconds.
    at: i64,
}

impl Message {
    fn is(&self, trans_id: &[u8], code: &[u8]) -> bool {
        self.trans_id == trans_id && self.code.eq_ignore_ascii_case(code)
    }
}

/// The half messages of all machines, each known by a key.
#[derive(Debug)]
pub struct Assembly<K> {
    bounds: Bounds,
    machines: HashMap<K, Vec<Message>>,
    held: usize,
    swept_at: i64,
}

/// A message name longer than this is cut; it is untrusted text (I5).
const LONGEST_NAME: usize = 64;
/// Fragments without a beginning that are refused in a row, before one is handed over as it is: a record that can never be
/// read must not keep a machine from everything behind it.
const MOST_GAPS: u32 = 3;
/// The number under which refused fragments are counted; no message has it.
const FRAGMENT: u32 = u32::MAX;

impl<K: Hash + Eq + Clone> Assembly<K> {
    /// Holds nothing yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, machines: HashMap::new(), held: 0, swept_at: i64::MIN }
    }

    /// Bytes held.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held
    }

    /// Takes a block: the machine's key, the headers `trans_id`, `request_code` and `blk_no`, its bytes, and the caller's
    /// time in seconds.
    pub fn join<'a>(
        &mut self,
        machine: &K,
        trans_id: &[u8],
        code: &[u8],
        number: u32,
        block: &'a [u8],
        now: i64,
    ) -> Joined<'a> {
        let trans_id = trans_id.get(..LONGEST_NAME).unwrap_or(trans_id);
        let code = code.get(..LONGEST_NAME).unwrap_or(code);
        self.sweep(now);
        match number {
            0 => self.last(machine, trans_id, code, block, now),
            1 => self.first(machine, trans_id, code, block, now),
            _ => self.next(machine, trans_id, code, number, block, now),
        }
    }

    /// Forgets everything of a machine.
    pub fn forget(&mut self, machine: &K) {
        for message in self.machines.remove(machine).unwrap_or_default() {
            self.held = self.held.saturating_sub(message.bytes.len());
        }
    }

    /// Block 1 begins anew, whatever was there (§4).
    fn first(
        &mut self,
        machine: &K,
        trans_id: &[u8],
        code: &[u8],
        block: &[u8],
        now: i64,
    ) -> Joined<'static> {
        self.drop_message(machine, trans_id, code);
        if !self.make_room(machine, block.len(), true) {
            return Joined::Full;
        }
        let message = Message {
            trans_id: trans_id.to_vec(),
            code: code.to_vec(),
            bytes: block.to_vec(),
            last_from: 0,
            last_number: 1,
            finished: None,
            at: now,
        };
        self.held += block.len();
        self.machines.entry(machine.clone()).or_default().push(message);
        Joined::More
    }

    fn next(
        &mut self,
        machine: &K,
        trans_id: &[u8],
        code: &[u8],
        number: u32,
        block: &[u8],
        now: i64,
    ) -> Joined<'static> {
        let Some(message) = self.message(machine, trans_id, code) else { return Joined::Gap };
        message.at = now;
        let repeated = message.last_number == number
            && message.finished.is_none()
            && message.bytes.get(message.last_from..) == Some(block);
        if repeated {
            return Joined::More;
        }
        if message.finished.is_some() || message.last_number.checked_add(1) != Some(number) {
            self.drop_message(machine, trans_id, code);
            return Joined::Gap;
        }
        if !self.make_room(machine, block.len(), false) {
            self.drop_message(machine, trans_id, code);
            return Joined::Full;
        }
        let Some(message) = self.message(machine, trans_id, code) else { return Joined::Full };
        message.last_from = message.bytes.len();
        message.last_number = number;
        message.bytes.extend_from_slice(block);
        self.held += block.len();
        Joined::More
    }

    fn last<'a>(
        &mut self,
        machine: &K,
        trans_id: &[u8],
        code: &[u8],
        block: &'a [u8],
        now: i64,
    ) -> Joined<'a> {
        let open =
            self.message(machine, trans_id, code).is_some_and(|message| message.last_number != FRAGMENT);
        // Nearly always the only block. One that is a message by itself is no end of another, unless it makes the other
        // one whole; zeros may well be an end.
        let single = if open {
            Frame::is_whole(block) && !self.ends(machine, trans_id, code, block)
        } else {
            Frame::is_whole(block) || block.iter().all(|byte| *byte == 0)
        };
        if single {
            self.drop_message(machine, trans_id, code);
            return Joined::Whole(Cow::Borrowed(block));
        }
        if !open {
            return self.fragment(machine, trans_id, code, block, now);
        }
        let Some(message) = self.message(machine, trans_id, code) else { return Joined::Gap };
        message.at = now;
        if let Some(end) = message.finished {
            // The end once more, or something new whose beginning is not here.
            if message.bytes.get(end..) == Some(block) {
                return Joined::Whole(Cow::Owned(message.bytes.clone()));
            }
            self.drop_message(machine, trans_id, code);
            return self.fragment(machine, trans_id, code, block, now);
        }
        if !self.make_room(machine, block.len(), false) {
            self.drop_message(machine, trans_id, code);
            return Joined::Full;
        }
        let Some(message) = self.message(machine, trans_id, code) else { return Joined::Full };
        message.finished = Some(message.bytes.len());
        message.bytes.extend_from_slice(block);
        let whole = message.bytes.clone();
        self.held += block.len();
        Joined::Whole(Cow::Owned(whole))
    }

    /// Whether the half message becomes a whole one with this block.
    fn ends(&mut self, machine: &K, trans_id: &[u8], code: &[u8], block: &[u8]) -> bool {
        let Some(message) = self.message(machine, trans_id, code) else { return false };
        let before = message.bytes.get(..message.finished.unwrap_or(message.bytes.len())).unwrap_or_default();
        Frame::is_whole(&[before, block].concat())
    }

    /// A last block whose beginning is not here: it was sent before this program started, or it is a message that cannot be
    /// read. The first is cured by sending it again, the second is not.
    fn fragment<'a>(
        &mut self,
        machine: &K,
        trans_id: &[u8],
        code: &[u8],
        block: &'a [u8],
        now: i64,
    ) -> Joined<'a> {
        let begins = [block.get(4), block.first()].iter().any(|byte| matches!(byte, Some(b'{' | b'[')));
        if begins {
            return Joined::Whole(Cow::Borrowed(block));
        }
        if let Some(message) = self.message(machine, trans_id, code) {
            message.at = now;
            message.last_from += 1;
            if message.last_from >= usize::try_from(MOST_GAPS).unwrap_or(usize::MAX) {
                self.drop_message(machine, trans_id, code);
                return Joined::Whole(Cow::Borrowed(block));
            }
            return Joined::Gap;
        }
        if self.make_room(machine, 0, true) {
            let message = Message {
                trans_id: trans_id.to_vec(),
                code: code.to_vec(),
                bytes: Vec::new(),
                last_from: 0,
                last_number: FRAGMENT,
                finished: None,
                at: now,
            };
            self.machines.entry(machine.clone()).or_default().push(message);
        }
        Joined::Gap
    }

    fn message(&mut self, machine: &K, trans_id: &[u8], code: &[u8]) -> Option<&mut Message> {
        self.machines.get_mut(machine)?.iter_mut().find(|message| message.is(trans_id, code))
    }

    fn drop_message(&mut self, machine: &K, trans_id: &[u8], code: &[u8]) {
        let Some(messages) = self.machines.get_mut(machine) else { return };
        let held = &mut self.held;
        messages.retain(|message| {
            let goes = message.is(trans_id, code);
            if goes {
                *held = held.saturating_sub(message.bytes.len());
            }
            !goes
        });
        if messages.is_empty() {
            self.machines.remove(machine);
        }
    }

    /// Makes room for so many more bytes of a machine, by forgetting messages that are finished, its own and then others'.
    /// A machine with too many messages loses the one it left alone the longest.
    fn make_room(&mut self, machine: &K, more: usize, another: bool) -> bool {
        while let Some(messages) = self.machines.get(machine) {
            let bytes: usize = messages.iter().map(|message| message.bytes.len()).sum();
            let full = another && messages.len() >= self.bounds.messages;
            if !full && bytes.saturating_add(more) <= self.bounds.machine {
                break;
            }
            let oldest = messages
                .iter()
                .filter(|message| full || message.finished.is_some())
                .min_by_key(|message| (message.finished.is_none(), message.at))
                .map(|message| (message.trans_id.clone(), message.code.clone()));
            let Some((trans_id, code)) = oldest else { return false };
            self.drop_message(machine, &trans_id, &code);
        }
        if more > self.bounds.machine {
            return false;
        }
        while self.held.saturating_add(more) > self.bounds.all {
            let oldest = self
                .machines
                .iter()
                .flat_map(|(key, messages)| messages.iter().map(move |message| (key, message)))
                .filter(|(_, message)| message.finished.is_some())
                .min_by_key(|(_, message)| message.at)
                .map(|(key, message)| (key.clone(), message.trans_id.clone(), message.code.clone()));
            let Some((key, trans_id, code)) = oldest else { return false };
            self.drop_message(&key, &trans_id, &code);
        }
        true
    }

    /// Forgets what is too old, now and then.
    fn sweep(&mut self, now: i64) {
        // A clock that was set back would keep everything for ever.
        if self.machines.is_empty() || (self.swept_at <= now && now.saturating_sub(self.swept_at) < 30) {
            return;
        }
        self.swept_at = now;
        let (age, mut held) = (self.bounds.age, 0);
        self.machines.retain(|_, messages| {
            messages.retain(|message| message.at <= now && now.saturating_sub(message.at) <= age);
            held += messages.iter().map(|message| message.bytes.len()).sum::<usize>();
            !messages.is_empty()
        });
        self.held = held;
    }
}
