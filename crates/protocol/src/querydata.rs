//! `POST querydata`: what a machine was asked for, as a request of its own (attendance-push §11, access-push §9). The
//! access dialect answers every query so, newer attendance firmware now and then.

use std::borrow::Cow;

use crate::http::Query;

/// The query of such a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryData<'a> {
    /// `type`: `tabledata`, `options`, `count` …, as sent.
    pub kind: Cow<'a, str>,
    /// `cmdid`: the command it answers.
    pub command: Option<u32>,
    /// `tablename`, as sent.
    pub table: Cow<'a, str>,
    /// `count`: the rows in this body.
    pub count: Option<u32>,
    /// `packcnt`: how many bodies there are in all.
    pub packs: Option<u32>,
    /// `packidx`: which of them this is, counting from 1.
    pub pack: Option<u32>,
}

impl<'a> QueryData<'a> {
    /// Reads the query; what is absent or no number is `None`.
    #[must_use]
    pub fn from_query(query: &Query<'a>) -> Self {
        let number = |name| query.text(name).and_then(|value| value.parse().ok());
        Self {
            kind: query.text("type").unwrap_or_default(),
            command: number("cmdid"),
            table: query.text("tablename").unwrap_or_default(),
            count: number("count"),
            packs: number("packcnt"),
            pack: number("packidx"),
        }
    }

    /// Whether nothing more follows; also when it does not say how many there are.
    #[must_use]
    pub fn is_last(&self) -> bool {
        match (self.packs, self.pack) {
            (Some(packs), Some(pack)) => pack >= packs,
            _ => true,
        }
    }

    /// Writes the request target.
    pub fn write_target(&self, sn: &str, out: &mut Vec<u8>) {
        crate::attendance::request::begin("querydata", sn, out);
        let mut pair = |name: &str, value: &str| {
            out.push(b'&');
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            crate::http::write_value(value.as_bytes(), out);
        };
        pair("type", &self.kind);
        let numbers = [("count", self.count), ("packcnt", self.packs), ("packidx", self.pack)];
        if let Some(command) = self.command {
            pair("cmdid", &command.to_string());
        }
        pair("tablename", &self.table);
        for (name, number) in numbers {
            if let Some(number) = number {
                pair(name, &number.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Target;
    use proptest::prelude::*;

    #[test]
    fn read_whatever_is_missing() {
        let whole = b"SN=1&type=tabledata&CmdId=4&tablename=user&count=2&packcnt=3&packidx=1";
        let data = QueryData::from_query(&Query::new(whole));
        assert_eq!((data.command, data.count, data.is_last()), (Some(4), Some(2), false));
        assert_eq!((data.kind.as_ref(), data.table.as_ref()), ("tabledata", "user"));
        assert!(QueryData::from_query(&Query::new(b"cmdid=x&packcnt=1&packidx=1")).is_last());
        assert_eq!(QueryData::from_query(&Query::new(b"")), QueryData::default());
    }

    proptest! {
        #[test]
        fn targets_are_read_back(
            kind in "[a-z&= %]{0,9}", table in "[a-z_&+]{0,9}", command: Option<u32>, count: Option<u32>,
            packs: Option<u32>, pack: Option<u32>
        ) {
            let kind = kind.trim().to_owned();
            let data = QueryData { kind: kind.into(), command, table: table.into(), count, packs, pack };
            let mut target = Vec::new();
            data.write_target("CQZ7", &mut target);
            let target = Target::parse(&target);
            prop_assert!(target.sn().is_some_and(|sn| sn.as_ref() == b"CQZ7"));
            prop_assert_eq!(QueryData::from_query(&target.query), data);
        }
    }
}
