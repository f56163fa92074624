//! The requests of a machine as request targets: poll, ping, upload, results (attendance-push §2, §6). The
//! handshake has a module of its own.

use std::borrow::Cow;

use super::Table;
use super::info::Info;
use crate::http::{Query, write_value};

/// `GET getrequest`: a poll, now and then with [`Info`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Poll {
    /// What the machine says of itself.
    pub info: Option<Info>,
}

impl Poll {
    /// Reads a poll's query.
    #[must_use]
    pub fn from_query(query: &Query<'_>) -> Self {
        Self { info: query.get("INFO").filter(|v| !v.is_empty()).map(|value| Info::parse(&value)) }
    }

    /// Writes the request target.
    pub fn write_target(&self, sn: &str, out: &mut Vec<u8>) {
        begin("getrequest", sn, out);
        if let Some(info) = &self.info {
            out.extend_from_slice(b"&INFO=");
            info.write(out);
        }
    }
}

/// `POST cdata?table=…`: which table, and where the machine is with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload<'a> {
    /// What the body holds.
    pub table: Table,
    /// The table's name as sent.
    pub name: Cow<'a, str>,
    /// `Stamp=`, or `OpStamp=` and `PhotoStamp=` of old firmware: opaque (§4.1).
    pub stamp: Option<Cow<'a, str>>,
}

impl<'a> Upload<'a> {
    /// Reads an upload's query; `None` without a table.
    #[must_use]
    pub fn from_query(query: &Query<'a>) -> Option<Self> {
        let name = query.text("table")?;
        let stamp = ["Stamp", "OpStamp", "PhotoStamp"].into_iter().find_map(|key| query.text(key));
        Some(Self { table: Table::parse(name.as_bytes()), name, stamp })
    }

    /// Writes the request target.
    pub fn write_target(&self, sn: &str, out: &mut Vec<u8>) {
        begin("cdata", sn, out);
        out.extend_from_slice(b"&table=");
        write_value(self.name.as_bytes(), out);
        if let Some(stamp) = &self.stamp {
            out.extend_from_slice(b"&Stamp=");
            write_value(stamp.as_bytes(), out);
        }
    }
}

/// Writes the target of a ping.
pub fn write_ping_target(sn: &str, out: &mut Vec<u8>) {
    begin("ping", sn, out);
}

/// Writes the target of a clock request.
pub fn write_time_target(sn: &str, out: &mut Vec<u8>) {
    begin("cdata", sn, out);
    out.extend_from_slice(b"&type=time");
}

/// Writes the target of the results of commands.
pub fn write_results_target(sn: &str, out: &mut Vec<u8>) {
    begin("devicecmd", sn, out);
}

pub(crate) fn begin(endpoint: &str, sn: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"/iclock/");
    out.extend_from_slice(endpoint.as_bytes());
    out.extend_from_slice(b"?SN=");
    write_value(sn.as_bytes(), out);
}
