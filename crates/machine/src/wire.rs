//! HTTP as the firmware of a machine does it: a few lines of text into a TCP socket, and a search of the raw answer.
//!
//! Nothing here is generous. The head is searched case-sensitively for `\r\nContent-Length:`, `Date:` and
//! `text/plain`, must stay below 2 KB and begin with `HTTP/1.x 200 `; a chunked body is not understood
//! (quirks H1–H6). A server that only works with a forgiving client fails here instead of on somebody's wall.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

/// The head of an answer must be shorter than this: the firmware reads it into a fixed buffer (H5).
pub const HEAD_LIMIT: usize = 2048;
/// One line of the head must be shorter than this (H5).
pub const LINE_LIMIT: usize = 1024;
/// A machine has little memory; no answer comes near this.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Where the machine's menu says the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    host: String,
    port: u16,
}

/// A server address nobody could type into a machine.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("'{0}' is not a server address; give HOST:PORT or http://HOST:PORT")]
pub struct ServerAddressError(String);

impl ServerAddressError {
    /// Stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "server_address.unreadable"
    }
}

impl FromStr for ServerAddress {
    type Err = ServerAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ServerAddressError(text.to_owned());
        let bare = text.trim();
        let bare = bare.strip_prefix("http://").unwrap_or(bare);
        let bare = bare.trim_end_matches('/');
        if bare.is_empty() || bare.contains('/') {
            return Err(wrong());
        }
        if let Ok(address) = bare.parse::<SocketAddr>() {
            return Ok(address.into());
        }
        // 8083 is what the console's wizard tells people to type.
        let (host, port) = bare.rsplit_once(':').unwrap_or((bare, "8083"));
        let port = port.parse().map_err(|_| wrong())?;
        if host.is_empty() || host.contains([':', ' ']) {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

impl From<SocketAddr> for ServerAddress {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

impl std::fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

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

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// [`WireError`] when no complete, readable answer came. Whether the server acted on the request is then
    /// unknown, exactly as for a real machine.
    pub async fn request(&mut self, method: Method, target: &str, body: &[u8]) -> Result<Answer, WireError> {
        let head = self.head(method, target, body.len());
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

    fn head(&self, method: Method, target: &str, length: usize) -> String {
        let (method_name, version) = (
            match method {
                Method::Get => "GET",
                Method::Post => "POST",
            },
            match self.options.version {
                HttpVersion::Http10 => "HTTP/1.0",
                HttpVersion::Http11 => "HTTP/1.1",
            },
        );
        let connection = if self.options.keep_alive { "keep-alive" } else { "close" };
        let mut head = format!(
            "{method_name} {target} {version}\r\nHost: {}\r\nUser-Agent: iClock Proxy/1.09\r\nConnection: {connection}\r\nAccept: */*\r\n",
            self.host
        );
        if method == Method::Post {
            // Writing into a String cannot fail.
            let _ = write!(head, "Content-Length: {length}\r\n");
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
        let sent = self.send(&mut stream, head, body).await;
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

    async fn send(&self, stream: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
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
            body,
            round_trip: Duration::ZERO,
        };
        Ok((answer, reusable))
    }
}

struct HeadFacts {
    ok: bool,
    status: u16,
    text_plain: bool,
    date: Option<String>,
    length: Option<usize>,
    close: bool,
}

fn read_head(head: &[u8]) -> Result<HeadFacts, WireError> {
    if head.len() >= HEAD_LIMIT {
        return Err(WireError::HeadTooLong);
    }
    if head.split(|&byte| byte == b'\n').any(|line| line.len() >= LINE_LIMIT) {
        return Err(WireError::LineTooLong);
    }
    let text = String::from_utf8_lossy(head);
    let ok = ["HTTP/1.0 200 ", "HTTP/1.1 200 "].iter().any(|good| text.starts_with(good));
    let status = text.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or(0);
    Ok(HeadFacts {
        ok,
        status,
        text_plain: text.contains("text/plain"),
        date: after(&text, "Date:").map(str::to_owned),
        length: after(&text, "\r\nContent-Length:").and_then(|number| number.parse().ok()),
        close: text.starts_with("HTTP/1.0") || text.contains("\r\nConnection: close"),
    })
}

/// The rest of the line after `key`, without blanks around it.
fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(key)?;
    rest.split('\r').next().map(str::trim)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Whether `wanted` occurs anywhere in `text`, byte for byte.
#[must_use]
pub(crate) fn contains(text: &[u8], wanted: &[u8]) -> bool {
    find(text, wanted).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(head: &str) -> HeadFacts {
        read_head(head.as_bytes()).expect("a readable head")
    }

    #[test]
    fn h1_a_title_case_head_is_understood() {
        let facts = facts(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nDate: Mon, 06 Jul 2026 00:58:41 GMT\r\n\r\n",
        );
        assert!(facts.ok && facts.text_plain && !facts.close);
        assert_eq!(facts.length, Some(5));
        assert_eq!(facts.date.as_deref(), Some("Mon, 06 Jul 2026 00:58:41 GMT"));
    }

    #[test]
    fn h1_lower_case_names_are_not_understood() {
        let facts = facts(
            "HTTP/1.1 200 OK\r\ncontent-type: Text/Plain\r\ncontent-length: 5\r\ndate: Mon, 06 Jul 2026 00:58:41 GMT\r\n\r\n",
        );
        assert!(facts.ok && !facts.text_plain);
        assert_eq!((facts.length, facts.date), (None, None));
    }

    #[test]
    fn h6_only_a_full_status_line_is_a_success() {
        for (line, ok) in [
            ("HTTP/1.0 200 OK", true),
            ("HTTP/1.1 200 ", true),
            ("HTTP/1.1 200", false),
            ("HTTP/1.1 201 Created", false),
            ("HTTP/2 200 OK", false),
            ("http/1.1 200 OK", false),
        ] {
            assert_eq!(facts(&format!("{line}\r\n\r\n")).ok, ok, "{line}");
        }
    }

    #[test]
    fn h5_long_heads_and_lines_do_not_fit() {
        let long_line = format!("HTTP/1.1 200 OK\r\nX-Note: {}\r\n\r\n", "x".repeat(LINE_LIMIT));
        assert!(matches!(read_head(long_line.as_bytes()), Err(WireError::LineTooLong)));
        let long_head = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Note: x\r\n".repeat(200));
        assert!(matches!(read_head(long_head.as_bytes()), Err(WireError::HeadTooLong)));
    }

    #[test]
    fn addresses_as_people_type_them() {
        for (typed, meant) in [
            ("192.168.1.10:8081", "192.168.1.10:8081"),
            (" http://rollcall.local:8083/ ", "rollcall.local:8083"),
            ("rollcall.local", "rollcall.local:8083"),
            ("[::1]:8083", "[::1]:8083"),
        ] {
            assert_eq!(typed.parse::<ServerAddress>().expect(typed).to_string(), meant);
        }
        for typed in ["", "http://", "https://a/b", "host:port", "a b:1"] {
            assert!(typed.parse::<ServerAddress>().is_err(), "{typed}");
        }
    }
}
