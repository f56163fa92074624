//! Punches that come again, over real sockets (attendance-push §14.2, §19; access-push §17; fk-http §9).

use rollcall_core::directory::EmployeeId;
use rollcall_core::jobs::{Job, JobId, job_get};
use rollcall_core::reuploads::{Asked, reupload};
use rollcall_core::{Actor, Sn};
use rollcall_node::listener::Limits;

use crate::support::{Rig, SN, post};

const POLL: &str = "/iclock/getrequest?SN=CQZ7000000001";
const RESULT: &str = "/iclock/devicecmd?SN=CQZ7000000001";
const OLD: &str = "/iclock/cdata?SN=CQZ7000000001&options=all";

impl Rig {
    /// Asks [`SN`] for the punches of some days again, as the console does.
    pub async fn ask_again(&self, from: &str, to: &str) -> JobId {
        let (sn, people) = (Sn::new(SN).unwrap(), None::<Vec<EmployeeId>>);
        let asked =
            Asked { from: from.parse().unwrap(), to: to.parse().unwrap(), people, only_missing: false };
        let key = sn.clone();
        let job = self.site.write(move |tx| reupload(tx, &Actor::console(), &key, &asked)).await.unwrap();
        self.fleet.orders_changed(&sn);
        job
    }

    pub async fn job(&self, id: JobId) -> Job {
        self.site.read(move |conn| job_get(conn, id)).await.unwrap().unwrap()
    }

    async fn tally(&self, id: JobId) -> [i64; 3] {
        let result = self.job(id).await.result.unwrap();
        ["received", "new", "known"].map(|name| result[name].as_i64().unwrap())
    }

    /// The number of the only command a poll takes, which begins with these words.
    async fn ordered(&self, words: &str) -> i64 {
        let body = self.get(POLL).await.body;
        let (id, rest) = body.strip_prefix("C:").and_then(|line| line.split_once(':')).expect(&body);
        assert!(rest.starts_with(words) && rest.matches("C:").count() == 0, "{body:?} instead of {words}");
        id.parse().unwrap()
    }
}

fn stamp(block: &str) -> Option<&str> {
    block.lines().find_map(|line| line.strip_prefix("Stamp="))
}

#[tokio::test]
async fn section_19_3_old_firmware_is_told_stamp_0_once_and_until_it_has_the_answer() {
    let rig = Rig::start().await;
    assert_eq!(stamp(&rig.get(OLD).await.body), Some("9999"));
    rig.machine().await;
    let job = rig.ask_again("2026-07-01", "2026-07-02").await;
    let id = rig.ordered("CHECK").await;
    rig.post(RESULT, format!("ID={id}&Return=0&CMD=CHECK\n")).await.is_ok("OK");
    // The program ends, and begins again: it still knows.
    let Rig { site, listener, folder, .. } = rig;
    listener.stop().await;
    site.close().await;
    let rig = Rig::in_folder(folder, Limits::default()).await;
    assert_eq!(stamp(&rig.get(OLD).await.body), Some("0"));
    assert_eq!(stamp(&rig.get(OLD).await.body), Some("0"), "the first answer may have been lost");
    rig.punch(SN, "1\t2026-05-01 08:00:00\t0\t1\n1\t2026-07-01 08:00:00\t0\t1\n").await.is_ok("OK: 2");
    rig.get(POLL).await.is_ok("OK");
    assert_eq!(stamp(&rig.get(OLD).await.body), Some("9999"), "or every reconnect would bring everything");
    rig.get(POLL).await.is_ok("OK");
    rig.get(POLL).await.is_ok("OK");
    assert_eq!((rig.job(job).await.state.name(), rig.tally(job).await), ("done", [1, 1, 0]));
    assert_eq!(rig.punches().await.len(), 2);
}

#[tokio::test]
async fn section_14_2_data_that_overtake_their_result_or_come_after_it_are_counted() {
    let rig = Rig::start().await;
    rig.get("/iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1&DeviceType=att").await;
    rig.machine().await;
    let job = rig.ask_again("2026-07-01", "2026-07-01").await;
    let count =
        rig.ordered("VERIFY SUM ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-01 23:59:59").await;
    let counted = format!("ID={count}&Return=0&CMD=VERIFY SUM ATTLOG&StartTime=x&EndTime=y&AttlogCount=2\n");
    rig.post(RESULT, &counted).await.is_ok("OK");
    let query = rig.ordered("DATA QUERY ATTLOG").await;
    rig.post(RESULT, format!("ID={query}&Return=2&CMD=DATA\n")).await.is_ok("OK");
    rig.get(POLL).await.is_ok("OK");
    rig.punch(SN, "1\t2026-07-01 08:00:00\t0\t1\n2\t2026-07-01 08:00:00\t0\t1\n").await.is_ok("OK: 2");
    let last = rig.ordered("VERIFY SUM ATTLOG").await;
    rig.post(RESULT, format!("ID={last}&Return=0&CMD=VERIFY SUM&AttlogSum=2\n")).await.is_ok("OK");
    assert_eq!((rig.job(job).await.state.name(), rig.tally(job).await), ("done", [2, 2, 0]));
}

#[tokio::test]
async fn section_17_an_access_terminal_answers_by_number() {
    let rig = Rig::start().await;
    rig.get("/iclock/cdata?SN=CQZ7000000001&options=all&DeviceType=acc").await;
    rig.machine().await;
    let live = "time=2026-07-01 08:00:00\tpin=1\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=1\r\n";
    rig.post("/iclock/cdata?SN=CQZ7000000001&table=rtlog", live).await;
    let job = rig.ask_again("2026-07-01", "2026-07-01").await;
    let id = rig
        .ordered("DATA QUERY tablename=transaction,fielddesc=*,filter=starttime=851731200\tendtime=")
        .await;
    let rows = "transaction cardno=0\tpin=1\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second=851760000\tindex=1\r\n\
        transaction cardno=0\tpin=2\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second=851760060\tindex=2\r\n\
        transaction cardno=0\tpin=0\tverified=200\tdoorid=1\teventtype=200\tinoutstate=2\ttime_second=851760061\tindex=3\r\n";
    let target = format!(
        "/iclock/querydata?SN=CQZ7000000001&type=tabledata&cmdid={id}&tablename=transaction&count=3&packcnt=1&packidx=1"
    );
    assert_eq!(rig.talk(post(&target, rows)).await.body, "transaction=3");
    rig.post(RESULT, format!("ID={id}&Return=3&CMD=DATA QUERY\r\n")).await;
    rig.get(POLL).await;
    rig.get(POLL).await;
    assert_eq!((rig.job(job).await.state.name(), rig.tally(job).await), ("done", [2, 1, 1]));
}
