//! What somebody types into a machine's menu.

use std::net::SocketAddr;
use std::str::FromStr;

use thiserror::Error;

/// Where the machine's menu says the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    pub(super) host: String,
    pub(super) port: u16,
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

#[cfg(test)]
mod tests {
    use super::*;

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
