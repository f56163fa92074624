//! The one thread that writes.
//!
//! Whatever is waiting is put into one transaction, each job in a savepoint of its own so that a refused one leaves no
//! trace, committed with one fsync, and only then is anybody answered. Under load the thread lingers for a moment so that
//! a commit serves many; alone, a job is committed at once.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::folding::Folding;
use super::{Error, Failure, Tx};
use crate::vault::Vault;
use crate::{Clock, Timestamp};

/// Jobs that share a commit at the most.
const MOST_PER_COMMIT: usize = 2048;
/// Jobs that may wait; beyond it new ones are refused, which a machine takes as "later".
const MOST_WAITING: usize = 20_000;
/// How long a commit waits for company when the one before it had some; and no longer than that one took, since on a fast disk
/// waiting costs more than it saves.
const LINGER: Duration = Duration::from_micros(1500);
/// The code of a damaged file.
pub(crate) const DAMAGED: &str = "database.damaged";
/// How often an unwritable database is tried without anybody asking.
const PROBE: Duration = Duration::from_secs(1);

/// Whether the database takes what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageState {
    /// It does.
    Writable,
    /// It does not; machines keep their punches meanwhile.
    Unwritable {
        /// The code of the [`Error`].
        code: &'static str,
        /// Since when.
        since: Timestamp,
    },
}

/// A job with its answer inside.
trait Work: Send {
    /// Does it; the answer is kept until the commit. `Err` means its savepoint is to be rolled back, with the storage's
    /// code if the storage is to blame.
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Option<&'static str>>;
    /// Answers: what `run` kept, or the failure of the commit.
    fn answer(self: Box<Self>, commit: Result<(), Error>);
}

struct Pending<F, T, E> {
    job: Option<F>,
    kept: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Work for Pending<F, T, E>
where
    F: FnOnce(&Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: Failure,
{
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), Option<&'static str>> {
        let Some(job) = self.job.take() else { return Ok(()) };
        // A mistake of ours in one job must not take the writer away from all the others.
        let Ok(result) = std::panic::catch_unwind(AssertUnwindSafe(|| job(tx))) else {
            tracing::error!("a write panicked and was rolled back");
            return Err(None);
        };
        let verdict = match &result {
            Ok(_) => Ok(()),
            Err(error) => Err(error.database().filter(|error| error.is_storage()).map(Error::code)),
        };
        self.kept = Some(result);
        verdict
    }

    fn answer(self: Box<Self>, commit: Result<(), Error>) {
        let result = match (commit, self.kept) {
            // A refusal stands whether or not the others were committed.
            (_, Some(Err(refused))) => Err(refused),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(Error::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // Nobody waiting any more is no reason to undo what was written.
        let _ = self.reply.send(result);
    }
}

enum Message {
    Job(Box<dyn Work>),
    Close(oneshot::Sender<()>),
}

/// The way to the writing thread.
pub(crate) struct Writer {
    queue: Sender<Message>,
    shared: Arc<Shared>,
    thread: parking_lot::Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    waiting: AtomicUsize,
    commits: AtomicU64,
    /// A damaged file is not written any more: what can still be read of it must stay readable.
    damaged: AtomicBool,
    state: watch::Sender<StorageState>,
}

impl Writer {
    /// `path` is the database's file.
    pub(crate) fn start(
        mut conn: Connection,
        path: &Path,
        clock: Clock,
        vault: Vault,
    ) -> std::io::Result<Self> {
        // Without it SQLite folds the log within commits.
        let folding = Folding::start(&mut conn, path)
            .inspect_err(|error| tracing::warn!(%error, "the write-ahead log is folded by the writer"))
            .ok();
        let (queue, jobs) = channel();
        let shared = Arc::new(Shared {
            waiting: AtomicUsize::new(0),
            commits: AtomicU64::new(0),
            damaged: AtomicBool::new(false),
            state: watch::Sender::new(StorageState::Writable),
        });
        let worker =
            Worker { conn, folding, clock, vault, shared: shared.clone(), last_batch: 0, last_took: LINGER };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || worker.serve(&jobs))?;
        Ok(Self { queue, shared, thread: parking_lot::Mutex::new(Some(thread)) })
    }

    /// Runs a job in the next transaction; answers after its commit.
    pub(crate) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        if self.shared.waiting.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Overloaded.into());
        }
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Pending { job: Some(job), kept: None, reply });
        if self.queue.send(Message::Job(job)).is_err() {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Closed.into());
        }
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    pub(crate) fn state(&self) -> watch::Receiver<StorageState> {
        self.shared.state.subscribe()
    }

    /// Says that the file was found damaged; nothing is written from here on.
    pub(crate) fn found_damaged(&self, now: Timestamp) {
        self.shared.damaged.store(true, Ordering::SeqCst);
        self.shared.set_state(Some(DAMAGED), now);
    }

    pub(crate) fn commits(&self) -> u64 {
        self.shared.commits.load(Ordering::Relaxed)
    }

    /// Finishes what is queued, folds the log into the file, ends the thread.
    pub(crate) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.queue.send(Message::Close(reply)).is_ok() {
            let _ = closed.await;
        }
        let thread = self.thread.lock().take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

struct Worker {
    conn: Connection,
    folding: Option<Folding>,
    clock: Clock,
    vault: Vault,
    shared: Arc<Shared>,
    last_batch: usize,
    last_took: Duration,
}

impl Worker {
    fn serve(mut self, queue: &Receiver<Message>) {
        loop {
            let first = match self.next(queue) {
                Next::Job(job) => job,
                Next::Nothing => {
                    self.probe();
                    continue;
                }
                Next::Close(reply) => {
                    self.finish(reply);
                    return;
                }
            };
            let mut batch = vec![first];
            let closing = self.gather(queue, &mut batch);
            self.last_batch = batch.len();
            self.shared.waiting.fetch_sub(batch.len(), Ordering::Relaxed);
            let began = Instant::now();
            self.commit(batch);
            self.last_took = began.elapsed();
            if let Some(reply) = closing {
                self.finish(reply);
                return;
            }
        }
    }

    fn next(&self, queue: &Receiver<Message>) -> Next {
        let writable = matches!(*self.shared.state.borrow(), StorageState::Writable);
        let message = if writable {
            queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            queue.recv_timeout(PROBE)
        };
        match message {
            Ok(Message::Job(job)) => Next::Job(job),
            Ok(Message::Close(reply)) => Next::Close(Some(reply)),
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
            Err(RecvTimeoutError::Disconnected) => Next::Close(None),
        }
    }

    /// Takes what else is waiting; under load also what comes within the linger, up to the size of the last batch.
    fn gather(
        &self,
        queue: &Receiver<Message>,
        batch: &mut Vec<Box<dyn Work>>,
    ) -> Option<Option<oneshot::Sender<()>>> {
        let until = Instant::now() + LINGER.min(self.last_took);
        while batch.len() < MOST_PER_COMMIT {
            let message = match queue.try_recv() {
                Ok(message) => message,
                Err(_) if self.last_batch > 1 && batch.len() < self.last_batch => {
                    let Some(left) = until.checked_duration_since(Instant::now()) else { break };
                    match queue.recv_timeout(left) {
                        Ok(message) => message,
                        Err(_) => break,
                    }
                }
                Err(_) => break,
            };
            match message {
                Message::Job(job) => batch.push(job),
                Message::Close(reply) => return Some(Some(reply)),
            }
        }
        None
    }

    fn commit(&self, mut batch: Vec<Box<dyn Work>>) {
        let outcome = self.transaction(&mut batch);
        match &outcome {
            Ok(None) => self.set_state(None),
            Ok(Some(code)) => self.set_state(Some(code)),
            Err(error) => {
                tracing::error!(code = error.code(), %error, jobs = batch.len(), "nothing was written");
                if error.is_storage() {
                    self.set_state(Some(error.code()));
                }
            }
        }
        let failed = outcome.err().map(|error| error.code());
        for job in batch {
            job.answer(failed.map_or(Ok(()), |code| Err(Error::NotCommitted(code))));
        }
    }

    /// Runs the batch. `Ok` once committed, with the storage's code if it failed some of the jobs.
    fn transaction(&self, batch: &mut [Box<dyn Work>]) -> Result<Option<&'static str>, Error> {
        if self.shared.damaged.load(Ordering::SeqCst) {
            return Err(Error::NotCommitted(DAMAGED));
        }
        self.run("BEGIN IMMEDIATE")?;
        let tx = Tx::new(&self.conn, self.clock.now(), &self.vault);
        let alone = batch.len() == 1;
        let mut blamed = None;
        for job in batch.iter_mut() {
            if !alone {
                self.run("SAVEPOINT job").inspect_err(|_| self.roll_back())?;
            }
            let verdict = job.run(&tx);
            if self.conn.is_autocommit() {
                // SQLite gave the whole transaction up (disk full, I/O): nobody in it may be told "done".
                return Err(Error::NotCommitted(verdict.err().flatten().unwrap_or("database.failed")));
            }
            match verdict {
                Ok(()) if alone => {}
                Ok(()) => self.run("RELEASE job").inspect_err(|_| self.roll_back())?,
                Err(code) => {
                    blamed = blamed.or(code);
                    if alone {
                        self.roll_back();
                        return Ok(blamed);
                    }
                    self.run("ROLLBACK TO job").inspect_err(|_| self.roll_back())?;
                    self.run("RELEASE job").inspect_err(|_| self.roll_back())?;
                }
            }
        }
        self.run("COMMIT").inspect_err(|_| self.roll_back())?;
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        Ok(blamed)
    }

    fn run(&self, sql: &str) -> Result<(), Error> {
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    fn roll_back(&self) {
        if !self.conn.is_autocommit()
            && let Err(error) = self.run("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// Writes a trifle, so that the console stops complaining as soon as there is nothing to complain about.
    fn probe(&self) {
        if self.shared.damaged.load(Ordering::SeqCst) {
            return;
        }
        let written = self.run("BEGIN IMMEDIATE").and_then(|()| {
            let now = self.clock.now().timestamp_millis().to_string();
            self.conn.execute(
                "INSERT OR REPLACE INTO settings (key, value) VALUES ('storage.probed_at', ?1)",
                [now],
            )?;
            self.run("COMMIT")
        });
        match written {
            Ok(()) => self.set_state(None),
            Err(error) => {
                self.roll_back();
                self.set_state(Some(error.code()));
            }
        }
    }

    fn set_state(&self, code: Option<&'static str>) {
        if code == Some(DAMAGED) {
            self.shared.damaged.store(true, Ordering::SeqCst);
        }
        self.shared.set_state(code, self.clock.now());
    }
}

impl Shared {
    fn set_state(&self, code: Option<&'static str>, now: Timestamp) {
        self.state.send_if_modified(|state| {
            let next = match (code, *state) {
                // Only another start, with another file, ends that.
                (_, StorageState::Unwritable { code: DAMAGED, .. }) => *state,
                (None, _) => StorageState::Writable,
                (Some(code), StorageState::Unwritable { since, .. }) => {
                    StorageState::Unwritable { code, since }
                }
                (Some(code), StorageState::Writable) => StorageState::Unwritable { code, since: now },
            };
            let changed = next != *state;
            *state = next;
            changed
        });
    }
}

impl Worker {
    fn finish(mut self, reply: Option<oneshot::Sender<()>>) {
        if let Some(folding) = self.folding.take() {
            folding.end(&mut self.conn);
        }
        // A reader elsewhere may still hold the log; then the next start folds it.
        if let Err(error) = self.conn.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);") {
            tracing::warn!(%error, "the write-ahead log was not folded into the file");
        }
        drop(self.conn);
        if let Some(reply) = reply {
            let _ = reply.send(());
        }
    }
}

enum Next {
    Job(Box<dyn Work>),
    Nothing,
    Close(Option<oneshot::Sender<()>>),
}
