//! A machine played by hand: each poll, upload and result by itself, in any order.

mod absent;
mod asking;
mod counting;
mod ways;

use chrono::{NaiveDate, TimeDelta};
use rollcall_protocol::Dialect;
use serde_json::Value;

use super::*;
use crate::audit::Actor;
use crate::clock::ClockHandle;
use crate::commands::{Leases, Settled, commands_hand_out, commands_settle};
use crate::directory::{EmployeeId, NewEmployee, employee_add};
use crate::jobs::{Job, JobId, job_cancel, job_get, job_log_list};
use crate::machines::tests::a_machine;
use crate::machines::{Machine, MachineChange, Report, machine_change, machine_report};
use crate::punches::{Batch, Ingested, Source, punch_ingest};
use crate::roster::{EntrySource, NewEntry, Role, roster_add};
use crate::site::tests::scratch_with_clock;
use crate::{Connection, Site};

/// A site whose clock stands at Monday, 6 July 2026, 09:00 in Shanghai, and one machine that has called before.
struct Story {
    site: Site,
    clock: ClockHandle,
    machine: Machine,
    dialect: Dialect,
    _folder: tempfile::TempDir,
}

/// A command as the machine got it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    id: i64,
    words: String,
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Story {
    async fn attendance() -> Self {
        Self::of(Dialect::Attendance, "2.4.1").await
    }

    async fn of(dialect: Dialect, version: &str) -> Self {
        let (site, clock, folder) = scratch_with_clock();
        let machine = a_machine(&site, "CQZ7000000001").await;
        let (id, seen) = (machine.id, site.clock().now());
        let report = Report {
            dialect: Some(dialect),
            protocol_version: Some(version.to_owned()),
            last_seen_at: Some(seen),
            ..Report::default()
        };
        site.write(move |tx| machine_report(tx, id, &report)).await.unwrap();
        Self { site, clock, machine, dialect, _folder: folder }
    }

    async fn ask(&self, from: &str, to: &str, people: Option<&[&str]>) -> Result<JobId, ReuploadError> {
        let people = people.map(|ids| ids.iter().map(|id| EmployeeId::new(id).unwrap()).collect());
        let asked = Asked { from: date(from), to: date(to), people, only_missing: false };
        let sn = self.machine.sn.clone();
        self.site.write(move |tx| reupload(tx, &Actor::console(), &sn, &asked)).await
    }

    async fn check(&self, from: &str, to: &str) -> JobId {
        let (sn, from, to) = (self.machine.sn.clone(), date(from), date(to));
        self.site.write(move |tx| gap_check(tx, &Actor::console(), &sn, from, to)).await.unwrap()
    }

    async fn poll(&self) -> Vec<Told> {
        let (id, dialect) = (self.machine.id, self.dialect);
        let given =
            self.site.write(move |tx| commands_hand_out(tx, id, dialect, Leases::default())).await.unwrap();
        if dialect == Dialect::Fk {
            let words = given.fk.map(|command| command.cmd_code.to_owned());
            return given.commands.iter().map(|command| command.id.0).zip(words).map(told).collect();
        }
        let lines = String::from_utf8(given.lines).unwrap();
        let command = |line: &str| {
            let (id, words) = line.strip_prefix("C:").unwrap().split_once(':').unwrap();
            told((id.parse().unwrap(), words.replace('\t', "|")))
        };
        lines.lines().map(command).collect()
    }

    /// A poll that gets exactly one command.
    async fn one(&self, words: &str) -> i64 {
        let told = self.poll().await;
        let found: Vec<_> = told.iter().map(|told| told.words.as_str()).collect();
        assert!(told.len() == 1 && found[0].starts_with(words), "{found:?} instead of {words}");
        told[0].id
    }

    async fn nothing(&self) {
        assert_eq!(self.poll().await, []);
    }

    async fn settle(&self, settled: Settled) {
        let id = self.machine.id;
        self.site
            .write(move |tx| {
                commands_settle(tx, id, &[settled])?;
                reuploads_follow(tx, id)
            })
            .await
            .unwrap();
    }

    async fn answer(&self, id: i64, code: i64) {
        let reason = (code < 0).then(|| rollcall_protocol::attendance::codes::reason(code, false).to_owned());
        self.settle(Settled { id, code: Some(code), ok: code >= 0, reason, ..Settled::default() }).await;
    }

    async fn counts(&self, id: i64, count: i64) {
        self.settle(Settled { id, code: Some(0), ok: true, count: Some(count), ..Settled::default() }).await;
    }

    /// Lines of `PIN time`, with a status and a way.
    async fn upload(&self, answers: Answers, lines: &str) -> Ingested {
        let text: String = lines
            .lines()
            .map(|line| match line.trim().split_once(' ') {
                Some((pin, time)) => format!("{pin}\t{time}\t0\t1\n"),
                None => format!("{}\n", line.trim()),
            })
            .collect();
        let mut batch = Batch::parse(text.as_bytes(), self.site.clock().now(), self.machine.time_zone);
        batch.answers(answers);
        let id = self.machine.id;
        let source = if matches!(answers, Answers::Command(_)) { Source::Reupload } else { Source::Live };
        self.site.write(move |tx| punch_ingest(tx, id, source, &batch)).await.unwrap()
    }

    async fn job(&self, id: JobId) -> Job {
        self.site.read(move |conn| job_get(conn, id)).await.unwrap().unwrap()
    }

    async fn result(&self, id: JobId) -> Value {
        self.job(id).await.result.unwrap_or_default()
    }

    /// How the counts stand: received, new, known, others, repeated, rejected.
    async fn tally(&self, id: JobId) -> [u64; 6] {
        let result = self.result(id).await;
        ["received", "new", "known", "others", "repeated", "rejected"]
            .map(|name| result[name].as_u64().unwrap_or_default())
    }

    async fn state(&self, id: JobId) -> &'static str {
        self.job(id).await.state.name()
    }

    async fn log(&self, id: JobId) -> Vec<String> {
        let lines = self.site.read(move |conn| job_log_list(conn, id)).await.unwrap();
        lines.into_iter().map(|line| line.code).collect()
    }

    async fn gaps(&self, from: &str, to: &str) -> Gaps {
        let (sn, from, to, now) = (self.machine.sn.clone(), date(from), date(to), self.site.clock().now());
        self.site.read(move |conn| gaps(conn, &sn, from, to, now)).await.unwrap()
    }

    async fn sources(&self) -> Vec<(String, i64)> {
        self.site
            .read(|conn: &Connection| {
                let mut query = conn.prepare("SELECT pin, source FROM punches ORDER BY id")?;
                let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok::<_, db::Error>(rows.collect::<Result<_, _>>()?)
            })
            .await
            .unwrap()
    }

    async fn employee(&self, id: &'static str, pin: &'static str) {
        let sn = self.machine.sn.clone();
        self.site
            .write(move |tx| {
                let new =
                    NewEmployee { id: Some(id.to_owned()), name: id.to_owned(), ..NewEmployee::default() };
                employee_add(tx, &Actor::console(), new).map_err(|_| db::Error::Closed)?;
                let entry = NewEntry {
                    employee_id: id.to_owned(),
                    pin: Some(pin.to_owned()),
                    role: Role::User,
                    enabled: true,
                    source: EntrySource::Manual,
                };
                roster_add(tx, &Actor::console(), &sn, vec![entry]).map_err(|_| db::Error::Closed)
            })
            .await
            .unwrap();
    }

    async fn enable(&self, enabled: bool) {
        let sn = self.machine.sn.clone();
        let change = MachineChange { enabled: Some(enabled), ..MachineChange::default() };
        self.site.write(move |tx| machine_change(tx, &Actor::console(), &sn, change)).await.unwrap();
    }

    fn later(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }
}

fn told((id, words): (i64, String)) -> Told {
    Told { id, words }
}
