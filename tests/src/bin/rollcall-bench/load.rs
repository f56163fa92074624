//! Many connections that ask as fast as they are answered.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// A connection that sends prepared requests and reads answers with as little work as possible.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects from one of the loopback addresses 127.0.0.1 … 127.0.0.250.
    pub async fn connect(address: SocketAddr, source: usize) -> anyhow::Result<Self> {
        let last = u8::try_from(source % 250 + 1)?;
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0))?;
        let stream = socket.connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1024) })
    }

    /// One request; the answer is in the buffer afterwards and is a clean 200.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed");
            if let Some(end) = whole_answer(&self.buffer) {
                ensure!(
                    self.buffer.starts_with(b"HTTP/1.1 200 "),
                    "{}",
                    String::from_utf8_lossy(&self.buffer)
                );
                ensure!(end == self.buffer.len(), "more than one answer");
                return Ok(&self.buffer);
            }
        }
    }
}

/// Where the answer ends, if it is all there.
fn whole_answer(bytes: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"\r\nContent-Length: ";
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let at = bytes.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
    let digits = bytes.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    (bytes.len() >= head + length).then_some(head + length)
}

/// The request of a poll.
pub fn poll(sn: &str, keep: bool) -> Vec<u8> {
    let connection = if keep { "keep-alive" } else { "close" };
    format!(
        "GET /iclock/getrequest?SN={sn} HTTP/1.1\r\nHost: 127.0.0.1:8083\r\nUser-Agent: iClock Proxy/1.09\r\nConnection: {connection}\r\nAccept: */*\r\n\r\n"
    )
    .into_bytes()
}

/// The request that uploads these lines.
pub fn upload(sn: &str, lines: &str) -> Vec<u8> {
    format!(
        "POST /iclock/cdata?SN={sn}&table=ATTLOG&Stamp=9999 HTTP/1.1\r\nHost: 127.0.0.1:8083\r\nUser-Agent: iClock Proxy/1.09\r\nConnection: keep-alive\r\nAccept: */*\r\nContent-Length: {}\r\n\r\n{lines}",
        lines.len()
    )
    .into_bytes()
}

/// Polls from so many connections at once for a while; polls per second.
pub async fn polls(
    address: SocketAddr,
    connections: usize,
    keep: bool,
    time: Duration,
    sn: impl Fn(usize) -> String,
) -> anyhow::Result<(u64, f64)> {
    let done = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let end = started + time;
    let mut tasks = JoinSet::new();
    for index in 0..connections {
        let (request, done) = (poll(&sn(index), keep), done.clone());
        tasks.spawn(async move {
            let mut client = Client::connect(address, index).await?;
            while Instant::now() < end {
                client.ask(&request).await?;
                done.fetch_add(1, Ordering::Relaxed);
                if !keep {
                    client = Client::connect(address, index).await?;
                }
            }
            anyhow::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let (done, seconds) = (done.load(Ordering::Relaxed), started.elapsed().as_secs_f64());
    if done == 0 {
        bail!("nothing was answered");
    }
    Ok((done, done as f64 / seconds))
}
