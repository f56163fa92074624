//! Generations of attendance firmware: what they say of themselves and how their lines look.

use std::fmt::Write as _;

use crate::memory::Punch;
use crate::profile::Profile;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    V1,
    V2,
    Modern,
}

impl Generation {
    pub(crate) const fn is_modern(self) -> bool {
        matches!(self, Self::Modern)
    }

    pub(crate) const fn is_v1(self) -> bool {
        matches!(self, Self::V1)
    }

    /// Whether a server's stamp 0 makes this firmware upload everything again; current firmware keeps its own position.
    pub(crate) const fn obeys_stamps(self) -> bool {
        !self.is_modern()
    }

    pub(crate) fn punch_line(self, punch: &Punch, line: &mut Vec<u8>) {
        let columns = match self {
            Self::V1 => "\t0",
            Self::V2 => "\t0\t0\t0",
            Self::Modern => "\t0\t0\t0\t0\t0\t0",
        };
        let mut text = String::with_capacity(64);
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}\t{}\t{}\t{}{columns}", punch.pin, punch.time, punch.status, punch.verify);
        line.extend_from_slice(text.as_bytes());
    }

    /// What the firmware calls itself.
    pub(crate) const fn firmware(self) -> &'static str {
        match self {
            Self::V1 => "Ver 6.21 Nov 19 2008",
            Self::V2 => "Ver 6.60 Jun 16 2013",
            Self::Modern => "ZAM70-NF24HA-Ver3.3.12",
        }
    }
}

pub(crate) fn handshake(profile: Profile, sn: &str) -> String {
    let rest = match profile.generation() {
        Generation::V1 => "",
        Generation::V2 => "&pushver=2.0.1&language=83&pushcommkey=4a9594af164f2b9779b59e8554b5df26",
        Generation::Modern => "&language=83&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1",
    };
    format!("{}?SN={sn}&options=all{rest}", profile.path("cdata"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_protocol::WallTime;

    #[test]
    fn what_each_generation_sends() {
        assert_eq!(handshake(Profile::V1, "A1"), "/iclock/cdata?SN=A1&options=all");
        assert!(
            handshake(Profile::V2.with_aspx(), "A1")
                .starts_with("/iclock/cdata.aspx?SN=A1&options=all&pushver=2.0.1")
        );
        assert!(handshake(Profile::MODERN, "A1").contains("&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1"));
        let time = WallTime::parse(b"2026-07-06 08:58:11").expect("a time");
        let (pin, index) = ("1001".to_owned(), 1);
        let punch = Punch { sequence: 1, index, pin, time, status: 255, verify: 15, event: 0 };
        let mut line = Vec::new();
        Generation::Modern.punch_line(&punch, &mut line);
        assert_eq!(line, b"1001\t2026-07-06 08:58:11\t255\t15\t0\t0\t0\t0\t0\t0\n");
    }
}
