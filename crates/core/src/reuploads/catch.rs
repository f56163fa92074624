//! Punches on their way to the disk, as an open re-upload sees them: which of them came because they were asked for.

use rollcall_protocol::WallTime;
use serde::{Deserialize, Serialize};

use super::queries::{Open, Part};
use super::start::CALM;
use super::{Tally, Way, What, queries};
use crate::commands::CommandId;
use crate::db::{self, Tx};
use crate::jobs::JobId;
use crate::machines::MachineId;
use crate::punches::Source;

/// Whether an upload answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Answers {
    /// It cannot: its dialect has another place for answers.
    #[default]
    No,
    /// Nobody can tell it from what a machine sends by itself (attendance-push §14.2): the times of its punches decide.
    Perhaps,
    /// The one of this command.
    Command(i64),
}

/// What an open re-upload of the machine makes of one upload.
pub(crate) struct Catch {
    open: Open,
    parts: Vec<Part>,
    /// Everything it sends is of it, whatever its time.
    all: bool,
    /// The last second that counts at all: what was made later is sent live.
    until: i64,
    tally: Tally,
    /// What came of each of `parts`.
    came: Vec<i64>,
    /// Something of the past came, of whatever day.
    past: bool,
}

impl Catch {
    /// None when nothing was asked for, as nearly always.
    pub(crate) fn of(tx: &Tx<'_>, machine: MachineId, answers: Answers) -> Result<Option<Self>, db::Error> {
        let Some(open) = queries::open(tx, machine)? else { return Ok(None) };
        queries::not_calm(tx, machine, CALM)?;
        if open.what != What::Reupload || answers == Answers::No {
            return Ok(None);
        }
        let mut parts = queries::parts(tx, open.job)?;
        if let Answers::Command(id) = answers {
            parts.retain(|part| part.command == Some(CommandId(id)));
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let is_out = parts.iter().any(|part| part.state.is_out());
        let all = matches!(answers, Answers::Command(_)) || (open.way == Some(Way::Check) && is_out);
        let until = parts.iter().map(|part| part.asked).max().unwrap_or(i64::MAX);
        let came = vec![0; parts.len()];
        Ok(Some(Self { open, parts, all, until, tally: Tally::default(), came, past: false }))
    }

    fn part(&self, wall: WallTime) -> Option<usize> {
        self.parts.iter().position(|part| part.holds(wall))
    }

    /// How a punch counts as having come.
    pub(crate) fn source(&self, wall: WallTime) -> Option<Source> {
        let asked_for = self.part(wall).is_some() || (self.all && wall.seconds() <= self.until);
        asked_for.then_some(Source::Reupload)
    }

    /// Takes down a punch that is stored now, whether or not it was before.
    pub(crate) fn punch(&mut self, tx: &Tx<'_>, punch: Caught) -> Result<(), db::Error> {
        let Caught { id, wall, offset, pin, is_new } = punch;
        let Some(at) = self.part(wall) else {
            if self.all && wall.seconds() <= self.until {
                self.tally.outside += 1;
                self.past = true;
            }
            return Ok(());
        };
        self.past = true;
        if !queries::see(tx, self.open.job, id)? {
            self.tally.repeated += 1;
            return Ok(());
        }
        self.tally.received += 1;
        if let Some(came) = self.came.get_mut(at) {
            *came += 1;
        }
        let asked_for = self.open.everybody
            || match pin {
                Some(pin) => {
                    let at = wall.seconds() - i64::from(offset);
                    queries::is_asked_for(tx, self.open.job, self.open.machine, pin, at)?
                }
                None => false,
            };
        match (asked_for, is_new) {
            (false, _) => self.tally.others += 1,
            (true, true) => self.tally.new += 1,
            (true, false) => self.tally.known += 1,
        }
        Ok(())
    }

    /// Takes down a line that was set aside. It has no time, so it is of the re-upload when something else of the upload is, or
    /// when there is nothing else.
    pub(crate) fn rejected(&mut self, tx: &Tx<'_>, line: i64, alone: bool) -> Result<(), db::Error> {
        if (self.past || alone) && queries::see(tx, self.open.job, -line)? {
            self.tally.rejected += 1;
        }
        Ok(())
    }

    /// Writes down what came; the job, if anything did.
    pub(crate) fn finish(self, tx: &Tx<'_>) -> Result<Option<JobId>, db::Error> {
        let job = self.open.job;
        for (part, came) in self.parts.iter().zip(&self.came).filter(|(_, came)| **came > 0) {
            queries::part_received(tx, job, part.part, *came)?;
        }
        if self.past {
            queries::not_quiet(tx, job)?;
        }
        if self.tally == Tally::default() {
            return Ok(None);
        }
        queries::count(tx, job, &self.tally)?;
        Ok(Some(job))
    }
}

/// A punch on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caught {
    pub(crate) id: i64,
    pub(crate) wall: WallTime,
    pub(crate) offset: i32,
    pub(crate) pin: Option<i64>,
    pub(crate) is_new: bool,
}
