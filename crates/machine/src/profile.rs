//! Generations of firmware: what they say of themselves and how their lines look.

use std::fmt::Write as _;

use crate::memory::Punch;

/// A generation of firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    generation: Generation,
    aspx: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Generation {
    V1,
    V2,
    Modern,
}

impl Profile {
    /// PUSH 1.x: no `pushver`, short stamp names, `DATA USER` commands, five columns.
    pub const V1: Self = Self { generation: Generation::V1, aspx: false };
    /// PUSH 2.0: `pushver=2.0.1`, seven columns, knows neither options upload nor ping.
    pub const V2: Self = Self { generation: Generation::V2, aspx: false };
    /// Protocol 2.4.1, ten columns, uploads its options, pings.
    pub const MODERN: Self = Self { generation: Generation::Modern, aspx: false };

    /// The same firmware with `.aspx` behind every path (R1).
    #[must_use]
    pub const fn with_aspx(self) -> Self {
        Self { aspx: true, ..self }
    }

    pub(crate) const fn is_modern(self) -> bool {
        matches!(self.generation, Generation::Modern)
    }

    pub(crate) const fn is_v1(self) -> bool {
        matches!(self.generation, Generation::V1)
    }

    /// Whether a server's stamp 0 makes this firmware upload everything again; current firmware keeps its own position.
    pub(crate) const fn obeys_stamps(self) -> bool {
        !self.is_modern()
    }

    pub(crate) fn path(self, name: &str) -> String {
        format!("/iclock/{name}{}", if self.aspx { ".aspx" } else { "" })
    }

    pub(crate) fn handshake(self, sn: &str) -> String {
        let rest = match self.generation {
            Generation::V1 => "",
            Generation::V2 => "&pushver=2.0.1&language=83&pushcommkey=4a9594af164f2b9779b59e8554b5df26",
            Generation::Modern => "&language=83&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1",
        };
        format!("{}?SN={sn}&options=all{rest}", self.path("cdata"))
    }

    pub(crate) fn punch_line(self, punch: &Punch, line: &mut Vec<u8>) {
        let columns = match self.generation {
            Generation::V1 => "\t0",
            Generation::V2 => "\t0\t0\t0",
            Generation::Modern => "\t0\t0\t0\t0\t0\t0",
        };
        let mut text = String::with_capacity(64);
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{}\t{}\t{}\t{}{columns}", punch.pin, punch.time, punch.status, punch.verify);
        line.extend_from_slice(text.as_bytes());
    }

    /// What the firmware calls itself.
    pub(crate) const fn firmware(self) -> &'static str {
        match self.generation {
            Generation::V1 => "Ver 6.21 Nov 19 2008",
            Generation::V2 => "Ver 6.60 Jun 16 2013",
            Generation::Modern => "ZAM70-NF24HA-Ver3.3.12",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rollcall_protocol::WallTime;

    #[test]
    fn what_each_generation_sends() {
        assert_eq!(Profile::V1.handshake("A1"), "/iclock/cdata?SN=A1&options=all");
        assert!(
            Profile::V2
                .with_aspx()
                .handshake("A1")
                .starts_with("/iclock/cdata.aspx?SN=A1&options=all&pushver=2.0.1")
        );
        assert!(Profile::MODERN.handshake("A1").contains("&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1"));
        let time = WallTime::parse(b"2026-07-06 08:58:11").expect("a time");
        let punch = Punch { sequence: 1, pin: "1001".to_owned(), time, status: 255, verify: 15 };
        let mut line = Vec::new();
        Profile::MODERN.punch_line(&punch, &mut line);
        assert_eq!(line, b"1001\t2026-07-06 08:58:11\t255\t15\t0\t0\t0\t0\t0\t0\n");
    }
}
