//! Tiny scripted servers.

use std::net::SocketAddr;

use rollcall_machine::{Machine, MachineBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

pub(crate) const DATE: &str = "Mon, 06 Jul 2026 01:30:00 GMT";
pub(crate) const OPTIONS: &str = "GET OPTION FROM: T1\nATTLOGStamp=None\nErrorDelay=30\nDelay=10\nTimeZone=8\nRealtime=1\nEncrypt=None\nServerVer=2.4.1\n";

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) target: String,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) connection: u32,
}

impl Seen {
    pub(crate) fn is(&self, part: &str) -> bool {
        self.target.contains(part)
    }

    /// A value of the head, by its exact name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, rest) = self.head.split_once(&format!("\r\n{name}: "))?;
        rest.split("\r\n").next()
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

pub(crate) struct Script {
    pub(crate) address: SocketAddr,
    seen: mpsc::UnboundedReceiver<Seen>,
}

impl Script {
    /// Answers every request with the bytes `reply` makes; an empty answer closes the connection.
    pub(crate) async fn start(mut reply: impl FnMut(&Seen) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (send, seen) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for connection in 0.. {
                let (mut stream, _) = listener.accept().await.expect("a machine");
                while let Some(request) = read_request(&mut stream, connection).await {
                    let answer = reply(&request);
                    let keep = request.head.contains("keep-alive");
                    if send.send(request).is_err() || stream.write_all(&answer).await.is_err() {
                        break;
                    }
                    if !keep || answer.is_empty() {
                        break;
                    }
                }
            }
        });
        Self { address, seen }
    }

    pub(crate) async fn next(&mut self, part: &str) -> Seen {
        self.next_where(|seen| seen.is(part)).await
    }

    pub(crate) async fn next_where(&mut self, wanted: impl Fn(&Seen) -> bool) -> Seen {
        loop {
            let seen = self.seen.recv().await.expect("the server runs");
            if wanted(&seen) {
                return seen;
            }
        }
    }

    pub(crate) fn machine(&self) -> MachineBuilder {
        Machine::builder("T1").server(self.address).time_scale(0.001)
    }
}

async fn read_request(stream: &mut TcpStream, connection: u32) -> Option<Seen> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).into_owned();
            let bytes = read[end + 4..].to_vec();
            let length = head.split("Content-Length: ").nth(1).and_then(|rest| rest.lines().next());
            let length: usize = length.map_or(0, |length| length.parse().expect("a length"));
            if bytes.len() >= length {
                let target = head.split(' ').nth(1).expect("a target").to_owned();
                let body = String::from_utf8_lossy(&bytes).into_owned();
                return Some(Seen { head, target, body, bytes, connection });
            }
        }
        if stream.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}

pub(crate) fn plain(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nDate: {DATE}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A server that does everything right.
pub(crate) fn good(request: &Seen) -> Vec<u8> {
    if request.is("options=all") { plain(OPTIONS) } else { plain("OK") }
}
