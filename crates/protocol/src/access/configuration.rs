//! Registering, and the configuration a machine is given (access-push §2, §4).

use std::borrow::Cow;
use std::io::Write as _;

use crate::attendance::options;

/// Longest `RegistryCode` and `SessionID`, in letters and digits.
pub const LONGEST_CODE: usize = 32;

/// What a machine is told. Nothing of the attendance block is in it: mixed blocks confuse machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration<'a> {
    /// `RegistryCode`: stable per machine. Given with the first answer to a machine that is known already; one that has
    /// just registered has it.
    pub registry_code: Option<Cow<'a, str>>,
    /// `SessionID`: goes into the machine's token, so it must outlive a restart of the server (§5).
    pub session: Cow<'a, str>,
    /// Seconds to wait after an error.
    pub error_delay: u32,
    /// Seconds between polls. Written as `RequestDelay` and as `Delay`: machines read the one or the other (§4).
    pub request_delay: u32,
    /// Seconds a machine waits for an answer.
    pub timeout: u32,
}

/// The protocol level we answer: from 3.1.1 on machines begin to encrypt, which only their maker's server can answer.
const LEVEL: &str = "3.0.1";
/// Which biometric types we take, index = type (§4): everything a machine may hold.
const TAKES_DATA: &str = "0:1:1:0:0:0:1:1:1:1";
/// The same for photos: visible-light faces.
const TAKES_PHOTOS: &str = "0:0:0:0:0:0:0:0:0:1";

impl<'a> Configuration<'a> {
    /// With the delays this listener wants.
    #[must_use]
    pub fn new(registry_code: Option<&'a str>, session: &'a str) -> Self {
        Self {
            registry_code: registry_code.map(Cow::Borrowed),
            session: Cow::Borrowed(session),
            error_delay: 30,
            request_delay: 5,
            timeout: 10,
        }
    }

    /// Writes the block: §2.2 with a registry code, else §2.1. Every line ends with LF, the last too (H7).
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut line = |key: &str, value: &dyn std::fmt::Display| {
            // Writing to memory does not fail.
            let _ = writeln!(out, "{key}={value}");
        };
        if let Some(code) = &self.registry_code {
            line("registry", &"ok");
            line("RegistryCode", code);
        }
        line("ServerVersion", &"3.1.2");
        line("ServerName", &"ADMS");
        line("PushProtVer", &LEVEL);
        line("PushVersion", &LEVEL);
        line("ErrorDelay", &self.error_delay);
        line("RequestDelay", &self.request_delay);
        line("Delay", &self.request_delay);
        line("TransTimes", &"00:00;14:00");
        line("TransInterval", &"1");
        line("TransTables", &"User Transaction");
        line("Realtime", &"1");
        line("SessionID", &self.session);
        line("TimeoutSec", &self.timeout);
        if self.registry_code.is_none() {
            line("BioPhotoFun", &"1");
            line("BioDataFun", &"1");
            line("MultiBioDataSupport", &TAKES_DATA);
            line("MultiBioPhotoSupport", &TAKES_PHOTOS);
        }
    }

    /// Reads a block as a machine does. `None` without a session, or when attendance options are mixed in.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let pairs = options::parse(body);
        let text = |key| options::get(&pairs, key).filter(|value| !value.is_empty()).map(str::to_owned);
        let number =
            |key, default| options::get(&pairs, key).and_then(|value| value.parse().ok()).unwrap_or(default);
        let mixed = ["ATTLOGStamp", "Stamp", "TransFlag", "Encrypt"];
        if body.starts_with(b"GET OPTION") || mixed.into_iter().any(|key| options::get(&pairs, key).is_some())
        {
            return None;
        }
        Some(Self {
            registry_code: text("RegistryCode").map(Cow::Owned),
            session: Cow::Owned(text("SessionID")?),
            error_delay: number("ErrorDelay", 30),
            request_delay: number("RequestDelay", number("Delay", 30)),
            timeout: number("TimeoutSec", 10),
        })
    }
}

/// Writes the answer to `registry`.
pub fn write_registered(code: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"RegistryCode=");
    out.extend_from_slice(code.as_bytes());
}

/// Reads that answer as a machine does; nothing when it has to register again.
#[must_use]
pub fn parse_registered(body: &[u8]) -> Option<&str> {
    let code = std::str::from_utf8(body.trim_ascii().strip_prefix(b"RegistryCode=")?).ok()?;
    let fits =
        (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(code)
}
