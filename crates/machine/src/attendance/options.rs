//! What the server's option block means to a machine (attendance-push §3.2 and §4).
//!
//! Read here a second time, independently of the writer in `rollcall-protocol`: one that reads with the same
//! hands it writes with finds no mistakes.

use std::time::Duration;

use super::Generation;
use crate::clock::ZoneOffset;

/// Options a handshake brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerOptions {
    pub(crate) error_delay: Duration,
    pub(crate) delay: Duration,
    pub(crate) zone: ZoneOffset,
    pub(crate) realtime: bool,
    /// Pause between bulk uploads when not in real time; none means never by itself.
    pub(crate) interval: Option<Duration>,
    pub(crate) punches_wanted: bool,
    pub(crate) ping: bool,
    pub(crate) wanted_options: Vec<String>,
    /// The server's position for punches, opaque but for the value that asks for everything.
    pub(crate) stamp: String,
}

/// Why a handshake failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotOptions(pub(crate) &'static str);

impl ServerOptions {
    /// Values before the first handshake.
    pub(crate) fn factory() -> Self {
        Self {
            error_delay: Duration::from_secs(30),
            delay: Duration::from_secs(10),
            zone: ZoneOffset::default(),
            realtime: true,
            interval: None,
            punches_wanted: true,
            ping: false,
            wanted_options: Vec::new(),
            stamp: "0".to_owned(),
        }
    }

    /// Reads the body of a handshake's answer.
    pub(crate) fn parse(body: &[u8], generation: Generation) -> Result<Self, NotOptions> {
        if body.starts_with(b"UN") {
            return Err(NotOptions("handshake.unknown"));
        }
        if body.starts_with(b"RETRY") {
            return Err(NotOptions("handshake.retry"));
        }
        let text = String::from_utf8_lossy(body);
        if !text.contains("Stamp=") && !text.contains("ServerVer=") {
            return Err(NotOptions("handshake.no_options"));
        }
        let pairs = pairs(&text);
        let get = |key: &str| pairs.iter().rev().find(|(name, _)| *name == key).map(|(_, value)| *value);
        if get("Encrypt").is_some_and(|value| value != "0" && value != "None") {
            return Err(NotOptions("handshake.encrypted"));
        }
        let mut options = Self::factory();
        let seconds = |key: &str| get(key).and_then(|value| value.parse().ok()).map(Duration::from_secs);
        options.error_delay = seconds("ErrorDelay").unwrap_or(options.error_delay);
        options.delay = seconds("Delay").unwrap_or(options.delay);
        options.zone = get("TimeZone").map(ZoneOffset::parse).unwrap_or_default();
        options.realtime = get("Realtime") == Some("1");
        options.interval = get("TransInterval")
            .and_then(|value| value.parse::<u64>().ok())
            .filter(|&minutes| minutes > 0)
            .map(|minutes| Duration::from_secs(minutes * 60));
        options.punches_wanted = get("TransFlag").is_none_or(wants_punches);
        options.ping = generation.is_modern() && get("SupportPing") == Some("1");
        if generation.is_modern() && get("PushOptionsFlag") == Some("1") {
            let wanted = get("PushOptions").unwrap_or_default().split(',');
            options.wanted_options = wanted.map(|name| name.trim_start_matches('~').to_owned()).collect();
        }
        // The short names count only when no server version was given, the long ones only when one was.
        let long = get("ServerVer").is_some_and(|version| !version.is_empty());
        let stamp = if long { get("ATTLOGStamp") } else { get("Stamp") };
        stamp.unwrap_or("None").clone_into(&mut options.stamp);
        Ok(options)
    }

    /// The server asks for everything from the beginning.
    pub(crate) fn wants_everything(&self) -> bool {
        self.stamp == "0"
    }
}

/// Lines `Key=Value`; a last line without LF is thrown away.
fn pairs(text: &str) -> Vec<(&str, &str)> {
    let complete = text.rfind('\n').and_then(|end| text.get(..end)).unwrap_or_default();
    complete.split('\n').filter_map(|line| line.trim_end_matches('\r').split_once('=')).collect()
}

/// `TransData` and names between TABs, or digits of which the first stands for punches.
fn wants_punches(flag: &str) -> bool {
    match flag.strip_prefix("TransData ") {
        // Between blanks instead of TABs the whole list is one unknown word.
        Some(names) => names.split('\t').any(|name| name == "AttLog"),
        None => flag.starts_with('1'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODERN: &str = "GET OPTION FROM: CQZ7000000001\nATTLOGStamp=None\nOPERLOGStamp=9999\nErrorDelay=30\nDelay=7\n\
        TransInterval=1\nTransFlag=TransData AttLog\tOpLog\tUserPic\nTimeZone=8\nRealtime=1\nEncrypt=None\nServerVer=2.4.1\n\
        PushOptionsFlag=1\nPushOptions=UserCount,~MaxUserCount\nSupportPing=1\n";

    fn modern(text: &str) -> ServerOptions {
        ServerOptions::parse(text.as_bytes(), Generation::Modern).expect("options")
    }

    #[test]
    fn the_recommended_block() {
        let options = modern(MODERN);
        assert_eq!(options.delay, Duration::from_secs(7));
        assert_eq!(options.zone, ZoneOffset::parse("8"));
        assert!(options.realtime && options.punches_wanted && options.ping && !options.wants_everything());
        assert_eq!(options.wanted_options, ["UserCount", "MaxUserCount"]);
    }

    #[test]
    fn h7_a_last_line_without_lf_is_dropped() {
        assert!(modern(MODERN).ping);
        let cut = MODERN.trim_end();
        assert!(!modern(cut).ping, "SupportPing had no LF");
        let alone = ServerOptions::parse(b"Stamp=9999\nDelay=2", Generation::V1).expect("options");
        assert_eq!(alone.delay, ServerOptions::factory().delay);
    }

    #[test]
    fn what_is_no_option_block() {
        for (body, why) in [
            ("UNKNOWN DEVICE", "handshake.unknown"),
            ("RETRY\nStamp=1\n", "handshake.retry"),
            ("OK", "handshake.no_options"),
            ("", "handshake.no_options"),
            ("Stamp=1\nEncrypt=1\n", "handshake.encrypted"),
        ] {
            assert_eq!(
                ServerOptions::parse(body.as_bytes(), Generation::Modern),
                Err(NotOptions(why)),
                "{body}"
            );
        }
    }

    #[test]
    fn stamp_names_depend_on_the_server_version() {
        let short = ServerOptions::parse(b"Stamp=0\nATTLOGStamp=77\n", Generation::V1).expect("options");
        assert!(short.wants_everything());
        let long = ServerOptions::parse(b"Stamp=0\nATTLOGStamp=77\nServerVer=2.2.14\n", Generation::V2)
            .expect("options");
        assert_eq!(long.stamp, "77");
    }

    #[test]
    fn trans_flag_in_both_spellings() {
        assert!(wants_punches("TransData AttLog\tOpLog"));
        assert!(!wants_punches("TransData AttLog OpLog"), "blanks make it one unknown word");
        assert!(!wants_punches("TransData OpLog"));
        assert!(wants_punches("1111101100"));
        assert!(!wants_punches("0111101100"));
    }

    #[test]
    fn without_a_zone_the_machine_works_in_greenwich() {
        assert_eq!(modern("Stamp=1\n").zone, ZoneOffset::default());
    }
}
