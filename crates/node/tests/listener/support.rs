//! A listener of its own for every test, and raw sockets to talk to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeZone, Utc};
use rollcall_core::clock::ClockHandle;
use rollcall_core::machines::{Machine, MachineChange, NewMachine, machine_add, machine_change, machine_get};
use rollcall_core::page::Page;
use rollcall_core::punches::{PunchFilter, PunchView, RejectedLine, punch_list, rejected_list};
use rollcall_core::uploads::upload_get;
use rollcall_core::{Actor, Clock, Site, SiteOptions, Sn};
use rollcall_node::events::Events;
use rollcall_node::fleet::Fleet;
use rollcall_node::listener::{Limits, Listener};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The machine most tests are about.
pub const SN: &str = "CQZ7000000001";
/// One punch of it, as a line.
pub const LINE: &str = "1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\n";

/// A site with a listener on a free port, and a clock that stands still at Monday, 6 July 2026, 01:30 UTC.
pub struct Rig {
    pub site: Site,
    pub fleet: Arc<Fleet>,
    pub events: Events,
    pub listener: Listener,
    pub clock: ClockHandle,
    pub folder: tempfile::TempDir,
}

/// Any failure to answer is a failure of the test, not a hanging one.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn patiently<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.expect("nothing happened for too long")
}

impl Rig {
    /// With the machine [`SN`], enabled, in Shanghai.
    pub async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let rig = Self::empty(limits).await;
        rig.add(SN, chrono_tz::Asia::Shanghai).await;
        rig
    }

    /// Nobody has added any machine.
    pub async fn empty(limits: Limits) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), limits).await
    }

    /// The same in a folder that has something in it.
    pub async fn in_folder(folder: tempfile::TempDir, limits: Limits) -> Self {
        let (clock, handle) = Clock::fixed(monday());
        let site = Site::open(SiteOptions { path: folder.path().join("site.db"), clock }).unwrap();
        let fleet = Fleet::load(&site).await.unwrap();
        fleet.set_time_zone(chrono_tz::Asia::Kolkata);
        let events = Events::new();
        let listener = Listener::start(
            SocketAddr::from(([127, 0, 0, 1], 0)),
            limits,
            site.clone(),
            Arc::clone(&fleet),
            events.clone(),
        )
        .unwrap();
        Self { site, fleet, events, listener, clock: handle, folder }
    }

    /// Adds a machine, as the console does.
    pub async fn add(&self, sn: &str, time_zone: chrono_tz::Tz) -> Machine {
        let new = NewMachine {
            sn: Sn::new(sn).unwrap(),
            name: format!("Gate {sn}"),
            model: None,
            time_zone: Some(time_zone),
        };
        let machine = self.site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap();
        self.fleet.refresh(&machine);
        machine
    }

    /// Changes [`SN`], as the console does.
    pub async fn change(&self, change: MachineChange) {
        let sn = Sn::new(SN).unwrap();
        let machine =
            self.site.write(move |tx| machine_change(tx, &Actor::console(), &sn, change)).await.unwrap();
        self.fleet.refresh(&machine);
    }

    /// [`SN`] as the database knows it, everything heard written down.
    pub async fn machine(&self) -> Machine {
        self.fleet.flush().await.unwrap();
        let sn = Sn::new(SN).unwrap();
        self.site.read(move |conn| machine_get(conn, &sn)).await.unwrap().unwrap()
    }

    pub async fn punches(&self) -> Vec<PunchView> {
        self.site
            .read(|conn| punch_list(conn, &PunchFilter::default(), &Page { limit: 1000, cursor: None }))
            .await
            .unwrap()
            .items
    }

    pub async fn rejected(&self) -> Vec<RejectedLine> {
        self.site.read(|conn| rejected_list(conn, &Page { limit: 1000, cursor: None })).await.unwrap().items
    }

    /// What was kept raw: table and body, oldest first.
    pub async fn kept(&self) -> Vec<(String, Vec<u8>)> {
        let site = self.site.clone();
        self.site
            .read(move |conn| {
                let mut statement = conn.prepare("SELECT id FROM kept_uploads ORDER BY id")?;
                let ids: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
                ids.into_iter()
                    .map(|id| Ok(upload_get(conn, site.vault(), id)?.unwrap()))
                    .collect::<Result<_, rollcall_core::db::Error>>()
            })
            .await
            .unwrap()
    }

    pub async fn connect(&self) -> Line {
        Line::over(TcpStream::connect(self.listener.local_addr()).await.unwrap())
    }

    /// Sends `bytes` on a connection of their own; the whole answer.
    pub async fn talk(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut line = self.connect().await;
        line.send(bytes).await;
        line.answer().await
    }

    /// The same from another address of this computer.
    pub async fn talk_from(&self, address: [u8; 4], bytes: impl AsRef<[u8]>) -> Answer {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((address, 0))).unwrap();
        let mut line = Line::over(socket.connect(self.listener.local_addr()).await.unwrap());
        line.send(bytes).await;
        line.answer().await
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.talk(format!("GET {target} HTTP/1.1\r\nHost: 192.168.1.10:8081\r\n\r\n")).await
    }

    pub async fn post(&self, target: &str, body: impl AsRef<[u8]>) -> Answer {
        self.talk(post(target, body)).await
    }

    /// An upload of punches.
    pub async fn punch(&self, sn: &str, lines: &str) -> Answer {
        self.post(&format!("/iclock/cdata?SN={sn}&table=ATTLOG&Stamp=9999"), lines).await
    }
}

pub fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap()
}

/// A POST as machines send it.
pub fn post(target: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!(
        "POST {target} HTTP/1.1\r\nHost: 192.168.1.10:8081\r\nUser-Agent: iClock Proxy/1.09\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A connection.
pub struct Line {
    pub stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub fn over(stream: TcpStream) -> Self {
        Self { stream, read: Vec::new() }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// The next answer, by its `Content-Length`.
    pub async fn answer(&mut self) -> Answer {
        loop {
            if let Some(answer) = Answer::parse(&self.read) {
                self.read.drain(..answer.raw.len());
                return answer;
            }
            assert!(self.fill().await, "closed after {:?}", String::from_utf8_lossy(&self.read));
        }
    }

    /// What a single read of the socket gives.
    pub async fn one_read(&mut self) -> Vec<u8> {
        assert!(self.read.is_empty());
        self.fill().await;
        std::mem::take(&mut self.read)
    }

    /// Everything until the other side closes.
    pub async fn rest(&mut self) -> Vec<u8> {
        while self.fill().await {}
        std::mem::take(&mut self.read)
    }

    /// Whether there is more; a reset counts as an end.
    async fn fill(&mut self) -> bool {
        self.read.reserve(64 * 1024);
        patiently(self.stream.read_buf(&mut self.read)).await.is_ok_and(|bytes| bytes > 0)
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub raw: Vec<u8>,
    pub head: String,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        // As device code searches for it: case-sensitively, in the raw text (H1).
        let length = head.split("\r\nContent-Length: ").nth(1).map(|rest| rest.lines().next().unwrap());
        let length: usize = match length {
            Some(length) => length.parse().unwrap(),
            None if head.contains(" 100 Continue") => 0,
            None => panic!("no Content-Length in {head:?}"),
        };
        let body = bytes.get(end..end + length)?;
        let raw = bytes[..end + length].to_vec();
        Some(Self { raw, head, body: String::from_utf8(body.to_vec()).unwrap() })
    }

    pub fn status(&self) -> u16 {
        self.head[9..12].parse().unwrap()
    }

    /// Accepted, with exactly this body, byte for byte.
    #[track_caller]
    pub fn is_ok(&self, body: &str) {
        assert_eq!(String::from_utf8_lossy(&self.raw), accepted(body, "keep-alive"));
    }

    /// Refused with this status, and so that no machine takes it for a success (A2).
    #[track_caller]
    pub fn is_refused(&self, status: u16) {
        assert_eq!(self.status(), status, "{self:?}");
        let text = String::from_utf8(self.raw.clone()).unwrap();
        assert!(!text.to_ascii_uppercase().contains("OK"), "{text:?}");
    }
}

/// The bytes of an answer with status 200 at the time of the rig's clock.
pub fn accepted(body: &str, connection: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nDate: Mon, 06 Jul 2026 01:30:00 GMT\r\n\
         Connection: {connection}\r\n\r\n{body}",
        body.len()
    )
}
