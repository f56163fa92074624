//! The requests of an access machine as request targets (access-push §2, §6, §7, §10).

use crate::attendance::request::begin;
use crate::http::write_value;

/// What an access machine asks or tells, apart from what both iclock dialects have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// `GET cdata?…&options=all&DeviceType=acc`: the first contact.
    Handshake {
        /// `pushver`.
        push_version: &'a str,
        /// `language`.
        language: &'a str,
    },
    /// `POST registry`.
    Registry,
    /// `POST push`, in some firmware `GET`.
    Push,
    /// `POST cdata?table=…`: `rtlog`, `rtstate`, `options`.
    Upload {
        /// The table.
        table: &'a str,
    },
    /// `POST cdata?table=tabledata&tablename=…`.
    TableData {
        /// The table.
        name: &'a str,
        /// How many rows.
        count: usize,
    },
    /// `GET rtdata?type=time`.
    Time,
    /// `POST cdata?AuthType=device`: shall this person be let in?
    Decision,
}

impl Request<'_> {
    /// Writes the request target.
    pub fn write_target(self, sn: &str, out: &mut Vec<u8>) {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        let endpoint = match self {
            Self::Handshake { push_version, language } => {
                pairs.push(("pushver", push_version.to_owned()));
                pairs.push(("options", "all".to_owned()));
                pairs.push(("language", language.to_owned()));
                pairs.push(("DeviceType", "acc".to_owned()));
                pairs.push(("PushOptionsFlag", "1".to_owned()));
                "cdata"
            }
            Self::Registry => "registry",
            Self::Push => "push",
            Self::Upload { table } => {
                pairs.push(("table", table.to_owned()));
                "cdata"
            }
            Self::TableData { name, count } => {
                pairs.push(("table", "tabledata".to_owned()));
                pairs.push(("tablename", name.to_owned()));
                pairs.push(("count", count.to_string()));
                "cdata"
            }
            Self::Time => {
                pairs.push(("type", "time".to_owned()));
                "rtdata"
            }
            Self::Decision => {
                pairs.push(("AuthType", "device".to_owned()));
                "cdata"
            }
        };
        begin(endpoint, sn, out);
        for (name, value) in pairs {
            out.push(b'&');
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            write_value(value.as_bytes(), out);
        }
    }
}
