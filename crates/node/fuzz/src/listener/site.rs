//! The database the listener writes to: made once, brought back to its beginning before each input.

use std::path::Path;

use rollcall_core::commands::command_add;
use rollcall_core::db::Error;
use rollcall_core::machines::{MachineChange, NewMachine, machine_add, machine_change};
use rollcall_core::{Actor, Clock, Site, SiteOptions, Sn};
use rollcall_protocol::order::{Order, Person, Pin, Privilege};

/// A machine that somebody has added; everybody else is a stranger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    Attendance,
    Access,
    Fk,
    Disabled,
}

pub const MACHINES: [(Machine, &str); 4] = [
    (Machine::Attendance, "CQZ7000000001"),
    (Machine::Access, "VGU6000000001"),
    (Machine::Fk, "C26013500122"),
    (Machine::Disabled, "OFF7000000001"),
];

/// Monday, 6 July 2026, 01:30 UTC.
const NOW: i64 = 1_783_301_400;
/// Not emptied: what does not come from machines.
const STAYS: [&str; 3] = ["machines", "settings", "vault"];
/// Emptied, but nothing that machines hand over: who they are, what they are told, whose pins they are.
const NOT_HELD: [&str; 7] = ["strangers", "commands", "audit", "employees", "roster", "spans", "unmatched"];

pub struct Place {
    pub site: Site,
    /// Everything that is emptied.
    all: String,
    /// Emptied before a request that is to be judged strictly.
    held: String,
    /// Counts the rows of what machines hand over.
    count: String,
}

impl Place {
    pub async fn open(folder: &Path) -> Self {
        let now = chrono::DateTime::from_timestamp(NOW, 0).expect("an instant");
        let (clock, _handle) = Clock::fixed(now);
        let site = Site::open(SiteOptions { path: folder.join("site.db"), clock }).expect("a database");
        for (machine, sn) in MACHINES {
            let sn = Sn::new(sn).expect("a serial number");
            let new = NewMachine {
                sn: sn.clone(),
                name: format!("Gate {sn}"),
                model: None,
                time_zone: "Asia/Shanghai".parse().ok(),
            };
            let off = machine == Machine::Disabled;
            let added = site.write(move |tx| {
                machine_add(tx, &Actor::console(), new)?;
                if off {
                    let change = MachineChange { enabled: Some(false), ..MachineChange::default() };
                    machine_change(tx, &Actor::console(), &sn, change)?;
                }
                Ok::<_, rollcall_core::machines::MachineError>(())
            });
            added.await.expect("a machine");
        }
        let tables: Vec<String> = site
            .write(|tx| {
                // Of this connection, which is the one that writes.
                tx.execute_batch(
                    "UPDATE machines SET dialect = 'access' WHERE sn LIKE 'VGU%';
                     UPDATE machines SET dialect = 'fk' WHERE sn LIKE 'C26%';
                     CREATE TEMP TABLE machines_at_first AS SELECT * FROM main.machines;",
                )?;
                let mut query = tx.prepare(
                    "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                )?;
                let names = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                Ok::<_, Error>(names)
            })
            .await
            .expect("tables");
        let emptied = tables.iter().filter(|name| !STAYS.contains(&name.as_str()));
        let held: Vec<_> = emptied.clone().filter(|name| !NOT_HELD.contains(&name.as_str())).collect();
        let empty = |name: &String| format!("DELETE FROM {name};");
        let count: Vec<_> = held.iter().map(|name| format!("(SELECT count(*) FROM {name})")).collect();
        let held = std::iter::once("DELETE FROM unmatched;".to_owned()).chain(held.into_iter().map(empty));
        Self {
            site,
            all: std::iter::once("DELETE FROM unmatched;".to_owned()).chain(emptied.map(empty)).collect(),
            held: held.collect(),
            count: format!("SELECT {}", count.join("+")),
        }
    }

    /// Everything as it was at first, with something ordered or not.
    pub async fn begin(&self, orders: bool) {
        let all = format!(
            "PRAGMA defer_foreign_keys = ON; {} DELETE FROM sqlite_sequence;
             INSERT OR REPLACE INTO main.machines SELECT * FROM machines_at_first;",
            self.all
        );
        let emptied = self.site.write(move |tx| {
            tx.execute_batch(&all)?;
            for (machine, sn) in MACHINES {
                if orders && machine != Machine::Disabled {
                    let sn = Sn::new(sn).map_err(|_| Error::Closed)?;
                    for order in some_orders() {
                        // What a machine cannot be told is refused.
                        let _ = command_add(tx, &Actor::console(), &sn, &order);
                    }
                }
            }
            Ok::<_, Error>(())
        });
        emptied.await.expect("an empty database");
    }

    /// Nothing of what machines have handed over.
    pub async fn empty(&self) {
        let held = format!("PRAGMA defer_foreign_keys = ON; {}", self.held);
        self.site.write(move |tx| Ok::<_, Error>(tx.execute_batch(&held)?)).await.expect("empty tables");
    }

    /// How many rows of what machines have handed over there are.
    pub async fn held(&self) -> i64 {
        self.number(self.count.clone()).await
    }

    pub async fn number(&self, query: String) -> i64 {
        let count = self.site.write(move |tx| Ok::<_, Error>(tx.query_row(&query, [], |row| row.get(0))?));
        count.await.expect("a number")
    }
}

fn some_orders() -> Vec<Order> {
    let pin = |text: &str| Pin::new(text).expect("a pin");
    vec![
        Order::ReadInfo,
        Order::UnlockDoor { door: 1, seconds: 5 },
        Order::PutPerson(Person {
            pin: pin("1001"),
            name: "张三\tPIN=0\nC:7:REBOOT".to_owned(),
            privilege: Privilege::Administrator,
            card: "12345".to_owned(),
            password: "4321".to_owned(),
            group: 1,
            valid: None,
            inactive: false,
        }),
        Order::ReadPerson { pin: pin("1002") },
        Order::DeletePerson { pin: pin("1003") },
        Order::ReadPeople,
        Order::ClearPunches,
        Order::Restart,
    ]
}
