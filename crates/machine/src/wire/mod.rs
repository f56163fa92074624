//! HTTP as the firmware of a machine does it: a few lines of text into a TCP socket, and a search of the raw answer.
//!
//! Nothing here is generous. The head is searched case-sensitively for `\r\nContent-Length:`, `Date:` and
//! `text/plain`, must stay below 2 KB and begin with `HTTP/1.x 200 `; a chunked body is not understood
//! (quirks H1–H6). A server that only works with a forgiving client fails here instead of on somebody's wall.

mod address;
mod head;

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

pub use address::{ServerAddress, ServerAddressError};
use head::read_head;

/// The head of an answer must be shorter than this: the firmware reads it into a fixed buffer (H5).
pub const HEAD_LIMIT: usize = 2048;
/// One line of the head must be shorter than this (H5).
pub const LINE_LIMIT: usize = 1024;
/// A machine has little memory; no answer comes near this.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// The HTTP version a firmware writes into its requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpVersion {
    /// Old firmware.
    Http10,
    /// Current firmware.
    #[default]
    Http11,
}

/// How requests travel.
#[derive(Clone, Debug, Default)]
pub struct WireOptions {
    /// Version in the request line.
    pub version: HttpVersion,
    /// Keep the connection for the next request instead of opening one each time.
    pub keep_alive: bool,
    /// Write the request in small pieces, as a bad radio link does.
    pub dribble: Option<Dribble>,
    /// Local address to connect from; with many machines on one computer each may have its own 127.x.y.z.
    pub source: Option<IpAddr>,
    /// Longest wait for a connection and for an answer; 60 s when absent, four times that for bodies above 10 KB.
    pub timeout: Option<Duration>,
}

/// A link that lets only a few bytes through at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dribble {
    /// Bytes per piece.
    pub bytes: usize,
    /// Pause after each piece.
    pub pause: Duration,
}

/// GET or POST; a machine knows no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// GET, without a body.
    Get,
    /// POST with `Content-Length`.
    Post,
}

/// One request, apart from what is the same in all requests of a machine.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// GET or POST.
    pub method: Method,
    /// Path and query.
    pub target: &'a str,
    /// Whole lines of the head besides `Host`, `Connection` and `Content-Length`, each with CR LF.
    pub headers: &'a str,
    /// The body; nothing with GET.
    pub body: &'a [u8],
}

/// What every attendance machine says of itself.
pub const ICLOCK: &str = "User-Agent: iClock Proxy/1.09\r\nAccept: */*\r\n";

/// What the machine made of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status line began with `HTTP/1.x 200 `.
    pub ok: bool,
    /// The number in the status line, for messages only.
    pub status: u16,
    /// `text/plain` occurs in the head, in this spelling.
    pub text_plain: bool,
    /// Text after `Date:` up to the end of that line.
    pub date: Option<String>,
    /// The head as it came.
    pub head: String,
    /// As many bytes as `Content-Length:` announced; empty when that header was not understood.
    pub body: Vec<u8>,
    /// Time from sending to having the whole answer; clocks are only set after a short one.
    pub round_trip: Duration,
}

impl Answer {
    /// An upload counts as taken: a clean 200 and `OK` somewhere in the text.
    #[must_use]
    pub fn accepts_upload(&self) -> bool {
        self.ok && contains(&self.body, b"OK")
    }

    /// The rest of the line that begins with `name` and a colon, in exactly this spelling.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        head::after(&self.head, &format!("\r\n{name}:"))
    }

    /// The server does not know the machine and wants its handshake again.
    #[must_use]
    pub fn unknown_device(&self) -> bool {
        self.ok && self.body.starts_with(b"UNKNOWN DEVICE")
    }
}

/// No usable answer came.
#[derive(Debug, Error)]
pub enum WireError {
    /// The server cannot be reached.
    #[error("no connection to the server")]
    Connect(#[source] std::io::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] std::io::Error),
    /// The server closed before the answer was complete.
    #[error("the server closed the connection in the middle of the answer")]
    Closed,
    /// Nothing came in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// A fault threw the answer away after the server had written it.
    #[error("the answer was lost")]
    Lost,
    /// The head does not fit into the firmware's buffer.
    #[error("the head of the answer is longer than {HEAD_LIMIT} bytes")]
    HeadTooLong,
    /// A line of the head does not fit into the firmware's buffer.
    #[error("a line in the head of the answer is longer than {LINE_LIMIT} bytes")]
    LineTooLong,
    /// The body does not fit into the machine.
    #[error("the answer is too large for a machine")]
    BodyTooLong,
}

impl WireError {
    /// Stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Connect(_) => "wire.connect",
            Self::Broken(_) => "wire.broken",
            Self::Closed => "wire.closed",
            Self::Timeout => "wire.timeout",
            Self::Lost => "wire.lost",
            Self::HeadTooLong => "wire.head_too_long",
            Self::LineTooLong => "wire.line_too_long",
            Self::BodyTooLong => "wire.body_too_long",
        }
    }
}

/// One machine's line to the server.
#[derive(Debug)]
pub struct Wire {
    server: ServerAddress,
    host: String,
    options: WireOptions,
    kept: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Wire {
    /// A line to `server`; nothing is connected yet.
    #[must_use]
    pub fn new(server: ServerAddress, options: WireOptions) -> Self {
        let host = server.to_string();
        Self { server, host, options, kept: None, buffer: Vec::new() }
    }

    /// The server this line leads to.
    #[must_use]
    pub const fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// Forgets a kept connection, as a pulled cable does.
    pub fn cut(&mut self) {
        self.kept = None;
    }

    /// Sends one request as an attendance machine and waits for its answer; see [`send`](Self::send).
    ///
    /// # Errors
    /// [`WireError`] when no complete, readable answer came.
    pub async fn request(&mut self, method: Method, target: &str, body: &[u8]) -> Result<Answer, WireError> {
        self.send(Request { method, target, headers: ICLOCK, body }).await
    }

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// [`WireError`] when no complete, readable answer came. Whether the server acted on the request is then
    /// unknown, exactly as for a real machine.
    pub async fn send(&mut self, request: Request<'_>) -> Result<Answer, WireError> {
        let (head, body) = (self.head(&request), request.body);
        let limit = self.options.timeout.unwrap_or(Duration::from_secs(60));
        let limit = if body.len() > 10 * 1024 { limit * 4 } else { limit };
        let started = Instant::now();
        // Taken out for the time of the request: a request given up half way must not leave its connection behind.
        let kept = self.kept.take();
        let reused = kept.is_some();
        let first = timeout(limit, self.exchange(kept, &head, body)).await.unwrap_or(Err(WireError::Timeout));
        let stale = matches!(first, Err(WireError::Broken(_) | WireError::Closed)) && self.buffer.is_empty();
        let mut answer = if reused && stale {
            // The server may have closed an idle connection at the very moment it was needed; a machine opens a new one.
            timeout(limit, self.exchange(None, &head, body)).await.unwrap_or(Err(WireError::Timeout))?
        } else {
            first?
        };
        answer.round_trip = started.elapsed();
        Ok(answer)
    }

    /// Sends only the first `share` of a request's bytes and breaks the connection, as a machine that is switched off.
    ///
    /// # Errors
    /// [`WireError`] when not even that much could be sent.
    pub async fn send_part(&mut self, request: Request<'_>, share: f64) -> Result<(), WireError> {
        self.cut();
        let mut whole = self.head(&request).into_bytes();
        whole.extend_from_slice(request.body);
        let part = (0..whole.len()).filter(|&index| (index as f64) < share * whole.len() as f64).count();
        let mut stream = self.connect().await?;
        stream.write_all(whole.get(..part).unwrap_or_default()).await.map_err(WireError::Broken)
    }

    /// Sends the whole head but only the first half of the body, then ends its side of the connection and listens.
    ///
    /// # Errors
    /// [`WireError`] when no answer came, which is what should happen (T7).
    pub async fn send_short(&mut self, request: Request<'_>) -> Result<Answer, WireError> {
        self.cut();
        let head = self.head(&request);
        let body = request.body.get(..request.body.len() / 2).unwrap_or_default();
        let mut stream = self.connect().await?;
        self.buffer.clear();
        self.write(&mut stream, &head, body).await.map_err(WireError::Broken)?;
        stream.shutdown().await.map_err(WireError::Broken)?;
        let limit = self.options.timeout.unwrap_or(Duration::from_secs(60));
        let received = timeout(limit, self.receive(&mut stream)).await.unwrap_or(Err(WireError::Timeout))?;
        Ok(received.0)
    }

    /// Longest wait for an answer from now on.
    pub const fn set_timeout(&mut self, limit: Duration) {
        self.options.timeout = Some(limit);
    }

    /// Slow or not from now on.
    pub const fn set_dribble(&mut self, dribble: Option<Dribble>) {
        self.options.dribble = dribble;
    }

    fn head(&self, request: &Request<'_>) -> String {
        let (method_name, version) = (
            match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
            },
            match self.options.version {
                HttpVersion::Http10 => "HTTP/1.0",
                HttpVersion::Http11 => "HTTP/1.1",
            },
        );
        let mut head = format!("{method_name} {} {version}\r\nHost: {}\r\n", request.target, self.host);
        head.push_str(request.headers);
        // Access terminals have a word of their own here.
        if !request.headers.contains("Connection:") {
            head.push_str(if self.options.keep_alive {
                "Connection: keep-alive\r\n"
            } else {
                "Connection: close\r\n"
            });
        }
        if request.method == Method::Post {
            // Writing into a String cannot fail.
            let _ = write!(head, "Content-Length: {}\r\n", request.body.len());
        }
        head.push_str("\r\n");
        head
    }

    async fn connect(&self) -> Result<TcpStream, WireError> {
        let mut last = std::io::Error::other("the server's name has no address");
        let addresses = tokio::net::lookup_host((self.server.host.as_str(), self.server.port))
            .await
            .map_err(WireError::Connect)?;
        for address in addresses {
            let attempt = async {
                let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
                if let Some(source) = self.options.source {
                    socket.bind(SocketAddr::new(source, 0))?;
                }
                socket.connect(address).await
            };
            match attempt.await {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(WireError::Connect)?;
                    return Ok(stream);
                }
                Err(error) => last = error,
            }
        }
        Err(WireError::Connect(last))
    }

    async fn exchange(
        &mut self,
        kept: Option<TcpStream>,
        head: &str,
        body: &[u8],
    ) -> Result<Answer, WireError> {
        self.buffer.clear();
        let mut stream = match kept {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        // A server may answer and close before it has read everything (413, 503): its answer still counts.
        let sent = self.write(&mut stream, head, body).await;
        let received = self.receive(&mut stream).await;
        match (sent, received) {
            (_, Ok((answer, reusable))) => {
                if reusable && self.options.keep_alive {
                    self.kept = Some(stream);
                }
                Ok(answer)
            }
            (Err(error), Err(_)) => Err(WireError::Broken(error)),
            (Ok(()), Err(error)) => Err(error),
        }
    }

    async fn write(&self, stream: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
        let mut whole = Vec::with_capacity(head.len() + body.len());
        whole.extend_from_slice(head.as_bytes());
        whole.extend_from_slice(body);
        match self.options.dribble {
            None => stream.write_all(&whole).await,
            Some(dribble) => {
                for piece in whole.chunks(dribble.bytes.max(1)) {
                    stream.write_all(piece).await?;
                    stream.flush().await?;
                    tokio::time::sleep(dribble.pause).await;
                }
                Ok(())
            }
        }
    }

    async fn receive(&mut self, stream: &mut TcpStream) -> Result<(Answer, bool), WireError> {
        let head_end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            if self.buffer.len() >= HEAD_LIMIT {
                return Err(WireError::HeadTooLong);
            }
            if stream.read_buf(&mut self.buffer).await.map_err(WireError::Broken)? == 0 {
                return Err(WireError::Closed);
            }
        };
        let (head, rest) = self.buffer.split_at(head_end);
        let facts = read_head(head)?;
        let length = facts.length.unwrap_or(0);
        if length > BODY_LIMIT {
            return Err(WireError::BodyTooLong);
        }
        let mut body = rest.to_vec();
        while body.len() < length {
            if stream.read_buf(&mut body).await.map_err(WireError::Broken)? == 0 {
                return Err(WireError::Closed);
            }
        }
        let surplus = body.len() > length;
        body.truncate(length);
        // Kept between polls by thousands of machines: give a large answer's room back.
        if self.buffer.capacity() > 4096 {
            self.buffer = Vec::new();
        }
        let reusable = facts.length.is_some() && !surplus && !facts.close;
        let answer = Answer {
            ok: facts.ok,
            status: facts.status,
            text_plain: facts.text_plain,
            date: facts.date,
            head: facts.text,
            body,
            round_trip: Duration::ZERO,
        };
        Ok((answer, reusable))
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Whether `wanted` occurs anywhere in `text`, byte for byte.
#[must_use]
pub(crate) fn contains(text: &[u8], wanted: &[u8]) -> bool {
    find(text, wanted).is_some()
}
