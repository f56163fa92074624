//! What a request head says, without sockets: the request line, its target and its query (attendance-push
//! §2, quirks R1, R2, R7, T10).

use std::borrow::Cow;

/// The first line of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLine<'a> {
    /// `GET`, `POST` … as sent.
    pub method: &'a [u8],
    /// The request target, undecoded.
    pub target: &'a [u8],
    /// The minor version: 0 for HTTP/1.0, 1 for HTTP/1.1.
    pub minor: u8,
}

impl<'a> RequestLine<'a> {
    /// Reads a request line without its line end. `None` when it is not one of HTTP/1.x.
    ///
    /// Blanks inside the target are part of it: machines put their firmware version into the poll unencoded
    /// (§6).
    #[must_use]
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        let (method, rest) = crate::text::split_once(line.trim_ascii_start(), b' ')?;
        let rest = rest.trim_ascii();
        let at = rest.len().checked_sub(b"HTTP/1.x".len())?;
        let (target, version) = rest.split_at_checked(at)?;
        let minor = match version.strip_prefix(b"HTTP/1.")? {
            [digit @ b'0'..=b'9'] => digit - b'0',
            _ => return None,
        };
        // The blank in front of the version is what separates it from the target.
        let target = target.strip_suffix(b" ")?.trim_ascii();
        let named = !method.is_empty() && method.iter().all(u8::is_ascii_alphabetic);
        (named && !target.is_empty()).then_some(Self { method, target, minor })
    }
}

/// A request target, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// The path, undecoded, without scheme and authority; `/` when there was none.
    pub path: &'a [u8],
    /// What follows the first `?`.
    pub query: Query<'a>,
}

/// The last segment of a path, as far as it means something (§2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `cdata`: handshake and uploads.
    Cdata,
    /// `getrequest`: the poll.
    GetRequest,
    /// `devicecmd`: results of commands.
    DeviceCmd,
    /// `ping`: heartbeat during long uploads.
    Ping,
    /// `fdata`: pictures of old firmware.
    Fdata,
    /// `querydata`: answers to queries.
    QueryData,
    /// `registry`: access dialect.
    Registry,
    /// `push`: access dialect.
    Push,
    /// `rtdata`: access dialect.
    RtData,
    /// `exchange`: key exchange of the encrypted variant.
    Exchange,
    /// `event`: old door events.
    Event,
    /// `test`: the vendor's test page.
    Test,
    /// Anything else.
    Other,
}

impl<'a> Target<'a> {
    /// Takes a target apart, in origin form (`/iclock/cdata?SN=…`) or absolute form
    /// (`http://server:port/iclock/…`, T10).
    #[must_use]
    pub fn parse(target: &'a [u8]) -> Self {
        let target = without_authority(target);
        let (path, query) = crate::text::split_once(target, b'?').unwrap_or((target, b""));
        Self { path: if path.is_empty() { b"/" } else { path }, query: Query(query) }
    }

    /// The last path segment as an endpoint: without `.aspx`, in any case, whatever stands in front, doubled
    /// and trailing slashes ignored (R1).
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        const NAMES: [(&[u8], Endpoint); 12] = [
            (b"cdata", Endpoint::Cdata),
            (b"getrequest", Endpoint::GetRequest),
            (b"devicecmd", Endpoint::DeviceCmd),
            (b"ping", Endpoint::Ping),
            (b"fdata", Endpoint::Fdata),
            (b"querydata", Endpoint::QueryData),
            (b"registry", Endpoint::Registry),
            (b"push", Endpoint::Push),
            (b"rtdata", Endpoint::RtData),
            (b"exchange", Endpoint::Exchange),
            (b"event", Endpoint::Event),
            (b"test", Endpoint::Test),
        ];
        let Some(last) = self.segments().next_back() else { return Endpoint::Other };
        let name = without_suffix(last);
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(Endpoint::Other, |(_, endpoint)| *endpoint)
    }

    /// Whether a segment of the path is `iclock`: below it, what matches nothing is answered 404 and logged
    /// (R4).
    #[must_use]
    pub fn under_iclock(&self) -> bool {
        self.segments().any(|segment| segment.eq_ignore_ascii_case(b"iclock"))
    }

    /// The serial number in the query (`SN`, any case, trimmed), else the one in the path (R7).
    #[must_use]
    pub fn sn(&self) -> Option<Cow<'a, [u8]>> {
        match self.query.get("SN") {
            Some(sn) if !sn.trim_ascii().is_empty() => Some(sn),
            _ => self.sn_in_path().map(Cow::Borrowed),
        }
    }

    /// `X` of `/iclock/X/cdata`, when the last segment is an endpoint (R7: undocumented, accepted when the
    /// query has none).
    #[must_use]
    pub fn sn_in_path(&self) -> Option<&'a [u8]> {
        if self.endpoint() == Endpoint::Other {
            return None;
        }
        let mut back = self.segments().rev().skip(1);
        let sn = back.next()?;
        back.next()?.eq_ignore_ascii_case(b"iclock").then_some(sn)
    }

    /// The non-empty segments of the path.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &'a [u8]> + use<'a> {
        self.path.split(|b| *b == b'/').filter(|segment| !segment.is_empty())
    }
}

/// Takes `http://host:port` off an absolute-form target.
fn without_authority(target: &[u8]) -> &[u8] {
    let Some(colon) = target.iter().position(|b| !b.is_ascii_alphabetic()) else { return target };
    let (scheme, rest) = target.split_at(colon);
    let Some(rest) = rest.strip_prefix(b"://") else { return target };
    if !scheme.eq_ignore_ascii_case(b"http") && !scheme.eq_ignore_ascii_case(b"https") {
        return target;
    }
    let end = rest.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(rest.len());
    rest.get(end..).unwrap_or_default()
}

fn without_suffix(segment: &[u8]) -> &[u8] {
    match segment.len().checked_sub(b".aspx".len()).and_then(|at| segment.split_at_checked(at)) {
        Some((name, suffix)) if suffix.eq_ignore_ascii_case(b".aspx") => name,
        _ => segment,
    }
}

/// The query of a request target. Names are matched without case, the first of several wins (R2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'a>(&'a [u8]);

impl<'a> Query<'a> {
    /// A query without its `?`.
    #[must_use]
    pub fn new(query: &'a [u8]) -> Self {
        Self(query)
    }

    /// The bytes as they were sent.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.0
    }

    /// The first value under a name, percent-decoded: a bare `%` is kept, `+` stays `+` (R2). A name without
    /// `=` has the empty value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.pairs().find(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }

    /// The same as text (P5), without blanks and control bytes around it.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        Some(match self.get(name)? {
            Cow::Borrowed(bytes) => crate::text::field(bytes),
            Cow::Owned(bytes) => Cow::Owned(crate::text::field(&bytes).into_owned()),
        })
    }

    /// All names and values, decoded, in the order sent.
    pub fn pairs(&self) -> impl Iterator<Item = (Cow<'a, [u8]>, Cow<'a, [u8]>)> + use<'a> {
        self.0.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = crate::text::split_once(pair, b'=').unwrap_or((pair, b""));
            (decode(name), decode(value))
        })
    }
}

fn decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'%') {
        return Cow::Borrowed(bytes);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%'
            && let [high, low, tail @ ..] = after
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            decoded.push(high << 4 | low);
            rest = tail;
        } else {
            decoded.push(first);
        }
    }
    Cow::Owned(decoded)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Writes a query value: what could end the value, the target or the line is percent-encoded, the rest is
/// sent as machines send it. [`Query::get`] reads it back.
pub fn write_value(value: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in value {
        if byte <= b' ' || byte >= 0x7f || matches!(byte, b'%' | b'&' | b'#' | b'"' | b'<' | b'>') {
            let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
            out.extend([b'%', digit(byte >> 4), digit(byte & 0xf)]);
        } else {
            out.push(byte);
        }
    }
}
