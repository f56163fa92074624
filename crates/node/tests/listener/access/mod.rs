//! The access dialect over real sockets: registering, events, tables, queries, orders.

mod clocks;
mod events;
mod identity;
mod orders;
mod storage;
mod tables;
mod transport;

use rollcall_core::Sn;
use rollcall_core::enrolments::{SeenView, seen_list};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_core::page::Page;
use rollcall_core::punches::Kind;
use rollcall_protocol::Dialect;

use crate::support::{Rig, SN};

const HELLO: &str = "/iclock/cdata?SN=CQZ7000000001&pushver=3.1.2&options=all&language=83&DeviceType=acc";
const EVENTS: &str = "/iclock/cdata?SN=CQZ7000000001&table=rtlog";
const POLL: &str = "/iclock/getrequest?SN=CQZ7000000001";
const RESULT: &str = "/iclock/devicecmd?SN=CQZ7000000001";
const REGISTRATION: &str =
    "DeviceType=acc,~DeviceName=FaceGate 5,FirmVer=ZAM180,LockCount=1,BioDataFun=1,UserCount=3";

/// Somebody came in.
const CAME: &str = "time=2026-07-06 09:30:05\tpin=1001\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=21";

fn sn() -> Sn {
    Sn::new(SN).unwrap()
}

fn table(name: &str, count: usize) -> String {
    format!("/iclock/cdata?SN={SN}&table=tabledata&tablename={name}&count={count}")
}

fn query(kind: &str, id: i64, name: &str, count: usize) -> String {
    format!(
        "/iclock/querydata?SN={SN}&type={kind}&cmdid={id}&tablename={name}&count={count}&packcnt=1&packidx=1"
    )
}

impl Rig {
    /// With [`SN`] an access machine that has registered.
    async fn access() -> Self {
        let rig = Self::start().await;
        rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
        rig.machine().await;
        rig
    }

    async fn door_log(&self) -> Vec<MachineEventView> {
        self.site.read(|conn| machine_events(conn, &sn(), &Page::default())).await.unwrap().items
    }

    async fn known_people(&self) -> Vec<SeenView> {
        self.site.read(|conn| seen_list(conn, &sn(), &Page::default())).await.unwrap().items
    }

    /// PIN, event and kind of every punch, oldest first.
    async fn told(&self) -> Vec<(String, Option<i32>, Kind)> {
        let mut punches = self.punches().await;
        punches.sort_by_key(|punch| punch.id);
        punches.into_iter().map(|punch| (punch.pin, punch.event, punch.kind)).collect()
    }

    async fn dialect(&self) -> Option<Dialect> {
        self.machine().await.dialect
    }
}
