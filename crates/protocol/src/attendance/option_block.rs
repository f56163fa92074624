//! The option block, the answer to a handshake (attendance-push §3.2, §4).

use std::io::Write as _;

use super::fields;
use super::handshake::{Generation, time_zone_minutes, time_zone_value};
use crate::text;

/// The options a machine is given. [`OptionsBlock::new`] has what the chapter recommends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsBlock {
    /// The machine's serial number, repeated in the first line.
    pub sn: String,
    /// Which keys are written.
    pub generation: Generation,
    /// Position in the punches: opaque, [`OptionsBlock::NONE`] or `9999` asks for nothing old (§4.1).
    pub attlog_stamp: String,
    /// Position in the operations.
    pub operlog_stamp: String,
    /// Position in the punch pictures.
    pub attphoto_stamp: String,
    /// Seconds to wait after a failed connection.
    pub error_delay: u32,
    /// Seconds between polls.
    pub delay: u32,
    /// Moments of bulk checks, `hh:mm` separated by `;`.
    pub trans_times: String,
    /// Minutes between bulk checks, 0 for never.
    pub trans_interval: u32,
    /// What the machine uploads by itself.
    pub trans_flag: TransFlag,
    /// The machine's zone, in minutes east of UTC (§4.3). Always sent: without it clocks jump.
    pub time_zone: i32,
    /// Upload at once.
    pub realtime: bool,
    /// `ServerVer` and, for [`Generation::Modern`], `PushProtVer`; not written for [`Generation::V1`].
    pub version: String,
    /// Capabilities the machine shall upload, comma-separated; empty for none ([`Generation::Modern`] only).
    pub push_options: String,
    /// The server understands `GET ping` ([`Generation::Modern`] only).
    pub support_ping: bool,
}

/// What a machine uploads by itself (§4.2): a set of named kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TransFlag(u16);

/// In the order they are listed, with their place in the bit form of the Chinese documents and device code.
const KINDS: [(TransFlag, &str); 12] = [
    (TransFlag::ATT_LOG, "AttLog"),
    (TransFlag::OP_LOG, "OpLog"),
    (TransFlag::ATT_PHOTO, "AttPhoto"),
    (TransFlag::ENROLL_USER, "EnrollUser"),
    (TransFlag::CHG_USER, "ChgUser"),
    (TransFlag::ENROLL_FP, "EnrollFP"),
    (TransFlag::CHG_FP, "ChgFP"),
    (TransFlag::FP_IMAGE, "FPImag"),
    (TransFlag::FACE, "FACE"),
    (TransFlag::USER_PIC, "UserPic"),
    (TransFlag::WORK_CODE, "WORKCODE"),
    (TransFlag::BIO_PHOTO, "BioPhoto"),
];

impl TransFlag {
    /// Punches.
    pub const ATT_LOG: Self = Self(1);
    /// Operations; must be on for people and fingerprints to be uploaded.
    pub const OP_LOG: Self = Self(1 << 1);
    /// Punch pictures.
    pub const ATT_PHOTO: Self = Self(1 << 2);
    /// New fingerprints.
    pub const ENROLL_FP: Self = Self(1 << 3);
    /// New people.
    pub const ENROLL_USER: Self = Self(1 << 4);
    /// Raw fingerprint images. Not to be asked for: large, and nobody's business.
    pub const FP_IMAGE: Self = Self(1 << 5);
    /// Changed people.
    pub const CHG_USER: Self = Self(1 << 6);
    /// Changed fingerprints.
    pub const CHG_FP: Self = Self(1 << 7);
    /// Near-infra-red faces.
    pub const FACE: Self = Self(1 << 8);
    /// Avatars.
    pub const USER_PIC: Self = Self(1 << 9);
    /// Work codes.
    pub const WORK_CODE: Self = Self(1 << 10);
    /// Comparison photos.
    pub const BIO_PHOTO: Self = Self(1 << 11);
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// What the chapter recommends for current firmware: all but raw images and work codes.
    pub const RECOMMENDED: Self = Self(0b1011_1101_1111);
    /// What the chapter recommends for PUSH 1.x.
    pub const RECOMMENDED_V1: Self = Self(0b1101_1111);

    /// Both together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn write(self, generation: Generation, out: &mut Vec<u8>) {
        if generation == Generation::V1 {
            out.extend((0..10).map(|bit| if self.0 >> bit & 1 == 1 { b'1' } else { b'0' }));
            return;
        }
        // The named form: the bits' order differs between documents.
        out.extend_from_slice(b"TransData ");
        let names = KINDS.iter().filter(|(kind, _)| self.contains(*kind)).map(|(_, name)| name.as_bytes());
        for (at, name) in names.enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            out.extend_from_slice(name);
        }
    }

    /// Reads either form.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        if let Some(names) = value.strip_prefix("TransData") {
            let listed = |name: &str| names.split('\t').any(|item| item.trim().eq_ignore_ascii_case(name));
            return KINDS
                .iter()
                .filter(|(_, name)| listed(name))
                .fold(Self::NONE, |all, (kind, _)| all.with(*kind));
        }
        let bits = value.trim().bytes().take(12).enumerate();
        Self(bits.filter(|(_, digit)| *digit == b'1').fold(0, |all, (bit, _)| all | 1 << bit))
    }
}

/// Why a machine does not accept the answer to its handshake; it waits and asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockError {
    /// `UNKNOWN …` or `RETRY`.
    #[error("the server does not want this machine now")]
    Refused,
    /// Neither `Stamp=` nor `ServerVer=` in it.
    #[error("this is not an option block")]
    NotOptions,
}

impl OptionsBlock {
    /// A stamp that asks for nothing old.
    pub const NONE: &'static str = "None";
    /// A stamp that asks for everything (§19.3): to be given once, or each reconnect brings the whole memory.
    pub const EVERYTHING: &'static str = "0";
    /// The level this server implements.
    pub const VERSION: &'static str = "2.4.1";
    /// The capabilities worth knowing.
    pub const PUSH_OPTIONS: &'static str = "UserCount,TransactionCount,FingerFunOn,FPVersion,FPCount,FaceFunOn,\
        FaceVersion,FaceCount,FvFunOn,PvFunOn,BioPhotoFun,BioDataFun,PhotoFunOn,VisilightFun,UserValidTimeFun,\
        MultiBioDataSupport,MultiBioPhotoSupport,MultiBioVersion,~MaxUserCount,~MaxAttLogCount,PIN2Width,\
        StringPinFunOn,FWVersion,PushVersion";

    /// The recommended block for a machine in a zone so many minutes east of UTC.
    #[must_use]
    pub fn new(sn: &str, generation: Generation, time_zone: i32) -> Self {
        let old = generation == Generation::V1;
        let modern = generation == Generation::Modern;
        let nothing_old = if old { "9999" } else { Self::NONE };
        Self {
            sn: sn.to_owned(),
            generation,
            attlog_stamp: nothing_old.to_owned(),
            operlog_stamp: "9999".to_owned(),
            attphoto_stamp: nothing_old.to_owned(),
            error_delay: if old { 60 } else { 30 },
            delay: if old { 15 } else { 10 },
            trans_times: "00:00;14:05".to_owned(),
            trans_interval: 1,
            trans_flag: if old { TransFlag::RECOMMENDED_V1 } else { TransFlag::RECOMMENDED },
            time_zone,
            realtime: true,
            version: if old { String::new() } else { Self::VERSION.to_owned() },
            push_options: if modern { Self::PUSH_OPTIONS.to_owned() } else { String::new() },
            support_ping: modern,
        }
    }

    /// Writes the block. Every line ends with LF, the last too: machines throw away a line without (H7).
    pub fn write(&self, out: &mut Vec<u8>) {
        let modern = self.generation == Generation::Modern;
        let old = self.generation == Generation::V1;
        let mut line = |key: &str, value: &str| {
            out.extend_from_slice(key.as_bytes());
            fields::write_clean(value, out);
            out.push(b'\n');
        };
        // Device code reads the short names only without ServerVer, the long ones only with it.
        let [att, oper, photo] = stamp_names(old);
        line("GET OPTION FROM: ", &self.sn);
        line(att, &self.attlog_stamp);
        line(oper, &self.operlog_stamp);
        line(photo, &self.attphoto_stamp);
        line("ErrorDelay=", &self.error_delay.to_string());
        line("Delay=", &self.delay.to_string());
        line("TransTimes=", &self.trans_times);
        line("TransInterval=", &self.trans_interval.to_string());
        out.extend_from_slice(b"TransFlag=");
        self.trans_flag.write(self.generation, out);
        // Writing to memory does not fail.
        let _ = write!(out, "\nTimeZone={}\nRealtime=", time_zone_value(self.time_zone));
        out.extend_from_slice(if self.realtime { b"1\nEncrypt=" } else { b"0\nEncrypt=" });
        out.extend_from_slice(if old { b"0\n" } else { b"None\n" });
        let mut line = |key: &str, value: &str| {
            out.extend_from_slice(key.as_bytes());
            fields::write_clean(value, out);
            out.push(b'\n');
        };
        if !old {
            line("ServerVer=", &self.version);
        }
        if modern {
            line("PushProtVer=", &self.version);
            if !self.push_options.is_empty() {
                line("PushOptionsFlag=", "1");
                line("PushOptions=", &self.push_options);
            }
            line("SupportPing=", if self.support_ping { "1" } else { "0" });
        }
    }

    /// Reads a block as device code does: a last line without LF is thrown away, short stamp names count only
    /// without `ServerVer` and long ones only with it. What is absent has the value the machine would use.
    ///
    /// # Errors
    /// [`BlockError`] when the machine would take the answer for a failure.
    pub fn parse(body: &[u8]) -> Result<Self, BlockError> {
        if body.starts_with(b"UN") || body.starts_with(b"RETRY") {
            return Err(BlockError::Refused);
        }
        let contains = |needle: &[u8]| body.windows(needle.len()).any(|window| window == needle);
        if !contains(b"Stamp=") && !contains(b"ServerVer=") {
            return Err(BlockError::NotOptions);
        }
        let end = body.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let whole = body.get(..end).unwrap_or_default();
        let value = |key: &str| {
            fields::lines(whole)
                .filter_map(|line| text::split_once(line, b'='))
                .find(|(found, _)| found.eq_ignore_ascii_case(key.trim_end_matches('=').as_bytes()))
                .map(|(_, value)| text::decode(value).into_owned())
        };
        let number = |key, absent| value(key).and_then(|v| v.trim().parse().ok()).unwrap_or(absent);
        let version = value("ServerVer").unwrap_or_default();
        let generation = if version.is_empty() {
            Generation::V1
        } else if value("PushProtVer").is_some() {
            Generation::Modern
        } else {
            Generation::V2_0
        };
        let [att, oper, photo] =
            stamp_names(generation == Generation::V1).map(|key| value(key).unwrap_or_else(|| "0".to_owned()));
        let sn = fields::lines(whole).find_map(|line| line.strip_prefix(b"GET OPTION FROM:"));
        Ok(Self {
            sn: sn.map(|sn| text::field(sn).into_owned()).unwrap_or_default(),
            generation,
            attlog_stamp: att,
            operlog_stamp: oper,
            attphoto_stamp: photo,
            error_delay: number("ErrorDelay", 30),
            delay: number("Delay", 10),
            trans_times: value("TransTimes").unwrap_or_default(),
            trans_interval: number("TransInterval", 0),
            trans_flag: value("TransFlag").map_or(TransFlag::NONE, |flag| TransFlag::parse(&flag)),
            time_zone: value("TimeZone").and_then(|zone| time_zone_minutes(&zone)).unwrap_or(0),
            realtime: value("Realtime").is_some_and(|flag| flag.trim() == "1"),
            version,
            push_options: value("PushOptions").unwrap_or_default(),
            support_ping: value("SupportPing").is_some_and(|flag| flag.trim() == "1"),
        })
    }
}

fn stamp_names(short: bool) -> [&'static str; 3] {
    if short {
        ["Stamp=", "OpStamp=", "PhotoStamp="]
    } else {
        ["ATTLOGStamp=", "OPERLOGStamp=", "ATTPHOTOStamp="]
    }
}
