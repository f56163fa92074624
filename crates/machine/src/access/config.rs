//! What the server's start-up answers mean to an access terminal (access-push §2, §4).

use std::time::Duration;

use super::Model;

/// What a terminal works with after it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) registry: String,
    pub(crate) session: String,
    pub(crate) error_delay: Duration,
    pub(crate) delay: Duration,
    pub(crate) timeout: Duration,
    pub(crate) realtime: bool,
    pub(crate) transactions: bool,
    pub(crate) users: bool,
}

/// What the first request was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Welcome {
    /// A plain OK: register first.
    Register,
    /// Everything at once.
    Known(Config),
}

impl Welcome {
    pub(crate) fn parse(body: &[u8], model: Model) -> Result<Self, &'static str> {
        let text = String::from_utf8_lossy(body);
        if text.trim() == "OK" {
            return Ok(Self::Register);
        }
        if get(&text, "registry") != Some("ok") {
            return Err("handshake.no_registry");
        }
        let registry = registry_code(&text).ok_or("handshake.registry_code")?;
        Config::parse(body, registry, model).map(Self::Known)
    }
}

impl Config {
    pub(crate) fn parse(body: &[u8], registry: String, model: Model) -> Result<Self, &'static str> {
        let text = String::from_utf8_lossy(body);
        // A terminal that is sent the other dialect's block looks connected and never delivers a punch (§1).
        if ["GET OPTION FROM", "Stamp=", "TransFlag=", "Encrypt="]
            .iter()
            .any(|foreign| text.contains(foreign))
        {
            return Err("handshake.foreign");
        }
        let session = get(&text, "SessionID").filter(|session| name(session)).ok_or("handshake.session")?;
        if get(&text, "ServerVersion").is_none() {
            return Err("handshake.server_version");
        }
        let seconds =
            |key: &str| get(&text, key).and_then(|value| value.parse().ok()).map(Duration::from_secs);
        let tables: Vec<&str> = get(&text, "TransTables").unwrap_or_default().split(' ').collect();
        // Which of the two names a terminal reads depends on its kind (§4).
        let delay = if model == Model::Controller { "Delay" } else { "RequestDelay" };
        Ok(Self {
            registry,
            session: session.to_owned(),
            error_delay: seconds("ErrorDelay").unwrap_or(Duration::from_secs(30)),
            delay: seconds(delay).unwrap_or(Duration::from_secs(30)),
            timeout: seconds("TimeoutSec").unwrap_or(Duration::from_secs(10)),
            realtime: get(&text, "Realtime") == Some("1"),
            transactions: tables.contains(&"Transaction"),
            users: tables.contains(&"User"),
        })
    }
}

/// `RegistryCode=…`, a line end is not needed.
pub(crate) fn registry_code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("RegistryCode=")?;
    let code = rest.split(['\r', '\n']).next()?;
    name(code).then(|| code.to_owned())
}

/// Up to 32 letters and digits.
fn name(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The value of a line; a last line without LF is thrown away.
fn get<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let complete = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
    complete
        .split('\n')
        .filter_map(|line| line.trim_end_matches('\r').split_once('='))
        .find(|(name, _)| *name == key)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "registry=ok\nRegistryCode=Uy47fxftP3\nServerVersion=3.1.2\nServerName=ADMS\nPushProtVer=3.0.1\nErrorDelay=30\nRequestDelay=5\nTransTimes=00:00;14:00\nTransInterval=1\nTransTables=User Transaction\nRealtime=1\nSessionID=30BFB04B2C8AECC72C01C03BFD549D15\nTimeoutSec=10\n";

    fn known(text: &str, model: Model) -> Config {
        match Welcome::parse(text.as_bytes(), model) {
            Ok(Welcome::Known(config)) => config,
            other => panic!("not known: {other:?}"),
        }
    }

    #[test]
    fn the_block_of_the_chapter() {
        let config = known(BLOCK, Model::Face);
        assert_eq!(
            (config.registry.as_str(), config.delay.as_secs(), config.timeout.as_secs()),
            ("Uy47fxftP3", 5, 10)
        );
        assert!(config.realtime && config.transactions && config.users);
        assert_eq!(known(BLOCK, Model::Controller).delay.as_secs(), 30, "it looks for Delay");
        assert_eq!(Welcome::parse(b"OK", Model::Face), Ok(Welcome::Register));
    }

    #[test]
    fn what_is_no_welcome() {
        for (body, why) in [
            ("GET OPTION FROM: A1\nATTLOGStamp=None\n".to_owned(), "handshake.no_registry"),
            (format!("{BLOCK}Encrypt=None\n"), "handshake.foreign"),
            (BLOCK.replace("SessionID", "Session"), "handshake.session"),
            (BLOCK.replace("Uy47fxftP3", "Uy 47"), "handshake.registry_code"),
            (BLOCK.replace("TimeoutSec=10\n", "").trim_end().to_owned(), "handshake.session"),
            (String::new(), "handshake.no_registry"),
        ] {
            assert_eq!(Welcome::parse(body.as_bytes(), Model::Face), Err(why), "{body}");
        }
    }
}
