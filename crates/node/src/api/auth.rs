//! The door of the console on the network: a token, or a browser's session that was opened with it.
//!
//! The desktop window does not come through here; it is not on the network.

mod sessions;
mod tries;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rollcall_core::Actor;
use subtle::ConstantTimeEq;

use super::problem::Problem;
use super::serve::Place;
use super::state::{Api, Caller};
use sessions::Sessions;
use tries::Tries;

/// The cookie of a browser's session.
pub(crate) const COOKIE: &str = "rollcall_session";

/// Who may come in over the network.
pub(crate) struct Gate {
    /// None lets nobody in: the console is not on the network.
    token: Option<String>,
    sessions: Sessions,
    tries: Tries,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Via {
    /// Through the desktop window.
    Window,
    /// With the token.
    Token,
    /// With a browser's session.
    Session,
}

/// Where a request came from; put into it at the door.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

impl Gate {
    pub(crate) fn new(token: Option<String>) -> Self {
        Self { token, sessions: Sessions::default(), tries: Tries::default() }
    }

    /// Whether this is the token. A wrong one counts against its address; after too many, wrong ones are sent away for a
    /// while. The right one is let in whatever others at its address do, or anybody there could lock its owner out; what
    /// keeps guessing hopeless is the token's length.
    pub(crate) fn check(&self, offered: &str, peer: IpAddr) -> Result<(), Problem> {
        let right =
            self.token.as_ref().is_some_and(|token| token.as_bytes().ct_eq(offered.as_bytes()).into());
        if right {
            self.tries.forget(peer);
            return Ok(());
        }
        let now = Instant::now();
        if let Some(seconds) = self.tries.wait(peer, now) {
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "token.too_many_tries",
                format!("too many wrong tokens from this address; wait {seconds} s"),
            )
            .retry_after(seconds));
        }
        self.tries.count(peer, now);
        Err(Problem::new(StatusCode::UNAUTHORIZED, "token.wrong", "this is not the console's token"))
    }

    /// Begins a browser's session; answers its secret.
    pub(crate) fn open(&self, host: String) -> Result<String, Problem> {
        self.sessions.open(host, Instant::now()).map_err(|_| {
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "system.no_random",
                "the system gave no random number for a session",
            )
        })
    }

    /// Ends the session of this request, if it has one.
    pub(crate) fn close(&self, headers: &HeaderMap) {
        if let Some(secret) = cookie(headers) {
            self.sessions.close(secret);
        }
    }

    fn admit(&self, uri: &Uri, headers: &HeaderMap, peer: IpAddr) -> Result<Via, Problem> {
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let offered = value.to_str().ok().and_then(bearer).unwrap_or_default();
            return self.check(offered, peer).map(|()| Via::Token);
        }
        let Some(secret) = cookie(headers) else {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "token.missing",
                "send the console's token as Authorization: Bearer TOKEN, or open a session with POST /api/session",
            ));
        };
        let host = host(uri, headers);
        // A session is good only under the name it was opened under: a page that made its own name point here has none.
        if !self.sessions.good(secret, &host, Instant::now()) {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "session.over",
                "this session is over; sign in again",
            ));
        }
        same_origin(headers, &host)?;
        Ok(Via::Session)
    }
}

/// What counts as one address. A customer's IPv6 network does: whoever has one has 2^64. This computer's own is itself.
pub(crate) fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(ip) if !ip.is_loopback() => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
        peer => peer,
    }
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, secret)| secret)
}

/// The name and port the browser believes to speak to.
pub(crate) fn host(uri: &Uri, headers: &HeaderMap) -> String {
    let header = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    uri.authority()
        .map_or_else(|| header.unwrap_or_default().to_owned(), ToString::to_string)
        .to_ascii_lowercase()
}

/// Refuses what a page of another site sent with the browser's cookie. Programs that send neither header are no browsers.
pub(crate) fn same_origin(headers: &HeaderMap, host: &str) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin = text("origin").is_none_or(|origin| {
        origin
            .split_once("://")
            .is_some_and(|(scheme, name)| same_host(scheme, &name.to_ascii_lowercase(), host))
    });
    let fetch = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    if origin && fetch {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "request.cross_origin",
        "this came from a page of another site; behind a proxy, have it pass the Host header on unchanged",
    ))
}

/// Whether two authorities are the same, a port left out being the scheme's own.
fn same_host(scheme: &str, origin: &str, host: &str) -> bool {
    let port = if scheme == "https" { ":443" } else { ":80" };
    origin.trim_end_matches(port) == host.trim_end_matches(port)
}

/// Lets in who has the token or a session, and says who it is.
pub(crate) async fn enter(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(addr)| addr.ip().to_canonical());
    request.extensions_mut().insert(Peer(peer));
    let free = match request.uri().path() {
        "/api/health" => true,
        "/api/session" => request.method() == Method::POST,
        _ => false,
    };
    if !free {
        match api.gate.admit(request.uri(), request.headers(), peer) {
            Ok(via) => {
                if let Some(place) = request.extensions().get::<Arc<Place>>() {
                    place.recognize();
                }
                request.extensions_mut().insert(via);
            }
            Err(problem) => return problem.into_response(),
        }
    }
    request.extensions_mut().insert(Caller(Actor::console()));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers = &'static [(&'static str, &'static str)];

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        list.iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<HeaderMap>()
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let host = "127.0.0.1:8090";
        let table: &[(Headers, &str, bool)] = &[
            (&[], host, true),
            (&[("origin", "http://127.0.0.1:8090")], host, true),
            (&[("origin", "http://127.0.0.1:3000")], host, false),
            (&[("origin", "http://evil.example")], host, false),
            (&[("origin", "null")], host, false),
            (&[("sec-fetch-site", "same-origin")], host, true),
            (&[("sec-fetch-site", "none")], host, true),
            (&[("sec-fetch-site", "same-site")], host, false),
            (&[("sec-fetch-site", "cross-site")], host, false),
            (&[("origin", "https://Rollcall.example")], "rollcall.example", true),
            (&[("origin", "https://rollcall.example")], "rollcall.example:443", true),
            (&[("origin", "http://rollcall.example")], "rollcall.example:8090", false),
        ];
        for (list, host, good) in table {
            assert_eq!(same_origin(&headers(list), host).is_ok(), *good, "{list:?} {host}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let found = headers(&[("cookie", "a=b; rollcall_session=abc;c=d")]);
        assert_eq!(cookie(&found), Some("abc"));
        assert_eq!(cookie(&headers(&[("cookie", "xrollcall_session=abc")])), None);
        assert_eq!(cookie(&headers(&[])), None);
    }

    #[test]
    fn a_session_is_good_only_under_its_own_name() {
        let gate = Gate::new(Some("secret".into()));
        let secret = gate.open("127.0.0.1:8090".into()).unwrap();
        assert!(!secret.contains("secret"));
        let cookie = format!("{COOKIE}={secret}");
        let peer = IpAddr::from([127, 0, 0, 1]);
        let admit = |host: &str| {
            gate.admit(
                &"/api/machines".parse().unwrap(),
                &headers(&[("host", host), ("cookie", &cookie)]),
                peer,
            )
        };
        assert_eq!(admit("127.0.0.1:8090").unwrap(), Via::Session);
        assert_eq!(admit("evil.example:8090").unwrap_err().code(), "session.over");
        gate.close(&headers(&[("cookie", &cookie)]));
        assert_eq!(admit("127.0.0.1:8090").unwrap_err().code(), "session.over");
    }

    #[test]
    fn without_a_token_nobody_comes_in() {
        let gate = Gate::new(None);
        assert!(gate.check("", IpAddr::from([127, 0, 0, 1])).is_err());
    }
}
