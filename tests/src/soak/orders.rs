//! What an administrator and the people at the doors do all day.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;
use reqwest::Method;
use rollcall_core::commands::{CommandError, command_add};
use rollcall_core::{Actor, Clock, Site, SiteOptions};
use rollcall_machine::{Dialect, Fleet};
use rollcall_protocol::Sn;
use rollcall_protocol::order::{Order, Person, Pin, Privilege};
use serde_json::json;
use tokio::sync::watch;

use super::{Machines, enrol_everybody, is_empty};
use crate::{Api, database};

/// SplitMix64.
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % end.max(1)
    }
}

/// Kinds of orders, the dangerous ones rarely.
const KINDS: [(&str, usize); 12] = [
    ("restart", 3),
    ("setClock", 10),
    ("readInfo", 10),
    ("readOptions", 5),
    ("ping", 15),
    ("unlockDoor", 20),
    ("clearPunches", 2),
    ("clearPeople", 1),
    ("clearAll", 1),
    ("readPeople", 10),
    ("readTemplates", 5),
    ("readPerson", 10),
];

/// Gives one order to one machine; false when the machine cannot do such a thing.
pub(super) async fn give(api: &Api, fleet: &Fleet, random: &mut Random) -> anyhow::Result<bool> {
    let machines = fleet.machines();
    let Some(machine) = machines.get(random.below(machines.len())) else { return Ok(false) };
    let mut lot = random.below(KINDS.iter().map(|(_, weight)| weight).sum());
    let kind = KINDS.iter().find(|(_, weight)| match lot.checked_sub(*weight) {
        Some(rest) => {
            lot = rest;
            false
        }
        None => true,
    });
    let kind = kind.map_or("ping", |(kind, _)| kind);
    let mut body = json!({ "kind": kind, "confirm": machine.sn() });
    let fields = match kind {
        "unlockDoor" => json!({ "door": 1, "seconds": 3 }),
        "readPerson" => json!({ "pin": (1 + random.below(20)).to_string() }),
        _ => json!({}),
    };
    if let (Some(body), Some(fields)) = (body.as_object_mut(), fields.as_object()) {
        if !kind.starts_with("clear") {
            body.remove("confirm");
        }
        body.extend(fields.clone());
    }
    let path = format!("/api/machines/{}/commands", machine.sn());
    let reply = api.call(Method::POST, &path, Some(&body)).await?;
    let refused = reply.status == 422 && reply.code().starts_with("command.");
    ensure!(reply.status == 201 || refused, "{kind} for {}: {} {}", machine.sn(), reply.status, reply.body);
    Ok(!refused)
}

/// What happens at the machines besides punches: doors, menus, people enrolled where nobody is left.
pub(super) async fn events(machines: Machines, seed: u64, mut stopped: watch::Receiver<bool>) {
    let mut random = Random::new(seed);
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = tick.tick() => {}
        }
        let Some(machine) = machines.get(random.below(machines.len())) else { return };
        let pin = (1 + random.below(20)).to_string();
        if is_empty(machine) {
            enrol_everybody(machine);
            continue;
        }
        match machine.dialect() {
            Dialect::Access => {
                // Refused, not known, opened by a button, under duress.
                let (who, event) = match random.below(4) {
                    0 => (pin.as_str(), 23),
                    1 => ("0", 27),
                    2 => ("0", 202),
                    _ => (pin.as_str(), 101),
                };
                machine.door_event(who, event);
            }
            Dialect::Attendance => machine.operation(5, "0", ["7", "30", "0", "0"]),
            Dialect::Fk => machine.enrol(rollcall_machine::Person::new(pin, "张三")),
        }
    }
}

/// Orders about people, queued while the server is off as a later version of it would: create, change, delete, create.
pub(super) async fn while_it_is_down(data: &Path, fleet: &Fleet, seed: u64) -> anyhow::Result<u64> {
    let site = Site::open(SiteOptions { path: database(data)?, clock: Clock::system() })?;
    let mut given = 0;
    for (index, machine) in fleet.machines().iter().enumerate() {
        let sn = Sn::new(machine.sn())?;
        let pin = Pin::new(&(7000 + index % 100 + usize::try_from(seed % 7)?).to_string())?;
        let person = |name: &str| {
            Order::PutPerson(Person {
                pin: pin.clone(),
                name: name.to_owned(),
                privilege: Privilege::User,
                card: String::new(),
                password: String::new(),
                group: 1,
                valid: None,
                inactive: false,
            })
        };
        let orders =
            [person("李四"), person("Li Si"), Order::DeletePerson { pin: pin.clone() }, person("王五")];
        given += site
            .write(move |tx| {
                let mut given = 0;
                for order in &orders {
                    match command_add(tx, &Actor::system(), &sn, order) {
                        Ok(_) => given += 1,
                        Err(CommandError::Refused(_)) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok::<u64, CommandError>(given)
            })
            .await?;
    }
    site.close().await;
    Ok(given)
}
