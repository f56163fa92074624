//! Request lines, targets, queries (attendance-push §2).

use std::borrow::Cow;

use proptest::prelude::*;
use rollcall_protocol::attendance::Table;
use rollcall_protocol::http::{Endpoint, Query, RequestLine, Target, write_value};

fn target(text: &str) -> Target<'_> {
    Target::parse(text.as_bytes())
}

#[test]
fn r1_the_last_segment_decides() {
    for (path, endpoint) in [
        ("/iclock/cdata", Endpoint::Cdata),
        ("/iclock/cdata.aspx", Endpoint::Cdata),
        ("/iclock/CDATA.ASPX?SN=1", Endpoint::Cdata),
        ("//iclock//getrequest", Endpoint::GetRequest),
        ("/iclock/getrequest/", Endpoint::GetRequest),
        ("/some/prefix/iclock/devicecmd//?SN=1", Endpoint::DeviceCmd),
        ("/Iclock/Ping", Endpoint::Ping),
        ("/iclock/fdata.aspx", Endpoint::Fdata),
        ("/iclock/querydata", Endpoint::QueryData),
        ("/iclock/registry", Endpoint::Registry),
        ("/iclock/push", Endpoint::Push),
        ("/iclock/rtdata", Endpoint::RtData),
        ("/iclock/exchange", Endpoint::Exchange),
        ("/iclock/event", Endpoint::Event),
        ("/iclock/test", Endpoint::Test),
        ("iclock/cdata", Endpoint::Cdata),
        ("/iclock/", Endpoint::Other),
        ("/", Endpoint::Other),
        ("", Endpoint::Other),
        ("/iclock/cdata.asp", Endpoint::Other),
        ("/iclock/.aspx", Endpoint::Other),
        ("/iclock/photo/1003.jpg?", Endpoint::Other),
        ("/iclock/cdata/x", Endpoint::Other),
    ] {
        assert_eq!(target(path).endpoint(), endpoint, "{path}");
    }
}

#[test]
fn r1_iclock_is_found_behind_a_prefix() {
    for path in ["/iclock/cdata", "//ICLOCK/x", "/a/b/iclock/c/d", "/iclock", "http://s/iclock/x"] {
        assert!(target(path).under_iclock(), "{path}");
    }
    for path in ["/", "/cdata", "/iclocks/cdata", "/x?p=/iclock/", "http://iclock/cdata"] {
        assert!(!target(path).under_iclock(), "{path}");
    }
}

#[test]
fn t10_absolute_form_is_a_path_too() {
    for (text, path, query) in [
        ("http://192.168.1.10:8081/iclock/cdata?SN=1", "/iclock/cdata", "SN=1"),
        ("HTTP://server/iclock/ping", "/iclock/ping", ""),
        ("https://server/iclock/ping?", "/iclock/ping", ""),
        ("http://server", "/", ""),
        ("http://server?SN=1", "/", "SN=1"),
        ("http:/iclock/cdata", "http:/iclock/cdata", ""),
        ("ftp://server/iclock/cdata", "ftp://server/iclock/cdata", ""),
        ("/iclock/cdata?url=http://x/y?z", "/iclock/cdata", "url=http://x/y?z"),
        ("*", "*", ""),
    ] {
        let target = target(text);
        assert_eq!((target.path, target.query.raw()), (path.as_bytes(), query.as_bytes()), "{text}");
    }
}

fn get(query: &str, name: &str) -> Option<String> {
    Query::new(query.as_bytes()).get(name).map(|value| String::from_utf8_lossy(&value).into_owned())
}

#[test]
fn r2_names_in_any_case_and_the_first_wins() {
    for query in ["SN=A1", "sn=A1", "Sn=A1&SN=B2", "x=1&&sN=A1&", "%53N=A1"] {
        assert_eq!(get(query, "SN").as_deref(), Some("A1"), "{query}");
    }
    assert_eq!(get("SNX=1&XSN=2", "SN"), None);
    assert_eq!(get("SN", "SN").as_deref(), Some(""));
    assert_eq!(get("", "SN"), None);
}

#[test]
fn r2_bare_percent_is_kept() {
    for (query, value) in [
        ("v=100%", "100%"),
        ("v=%", "%"),
        ("v=%4", "%4"),
        ("v=%zz", "%zz"),
        ("v=%%41", "%A"),
        ("v=%41%4", "A%4"),
        ("v=a%20b", "a b"),
        ("v=%e5%BC%a0", "张"),
    ] {
        assert_eq!(get(query, "v").as_deref(), Some(value), "{query}");
    }
}

#[test]
fn r2_plus_stays_plus() {
    assert_eq!(get("v=+28800+", "v").as_deref(), Some("+28800+"));
}

#[test]
fn r2_a_value_may_hold_equals_and_blanks() {
    assert_eq!(get("INFO=a b,c=d&x=1", "INFO").as_deref(), Some("a b,c=d"));
}

#[test]
fn r3_tables_in_any_case_and_with_a_leading_blank() {
    for name in ["ATTLOG", "attlog", " ATTLOG", "AttLog ", "\tattlog"] {
        assert_eq!(Table::parse(name.as_bytes()), Table::AttLog, "{name:?}");
    }
    let table = |query: &str| Query::new(query.as_bytes()).get("table").map(|name| Table::parse(&name));
    assert_eq!(table("table=%20OperLog"), Some(Table::OperLog));
    assert_eq!(table("table= options"), Some(Table::Options));
    assert_eq!(table("table=NEWTABLE"), Some(Table::Other));
    assert_eq!(table("table="), Some(Table::Other));
    assert_eq!(table("SN=1"), None);
}

#[test]
fn tables_have_names_that_read_back() {
    for name in ["ATTLOG", "OPERLOG", "ATTPHOTO", "options", "BIODATA", "BIOPHOTO", "USERPIC", "IDCARD"] {
        assert_eq!(Table::parse(name.as_bytes()).name(), Some(name));
    }
    assert_eq!(Table::Other.name(), None);
}

#[test]
fn a3_a4_a5_which_uploads_are_counted() {
    for (table, counted) in [
        (Table::AttLog, true),
        (Table::OperLog, true),
        (Table::BioData, true),
        (Table::ErrorLog, true),
        (Table::Options, false),
        (Table::AttPhoto, false),
        (Table::Other, false),
        (Table::RtLog, false),
    ] {
        assert_eq!(table.is_counted(), counted, "{table:?}");
    }
}

#[test]
fn r7_a_serial_number_in_the_path_counts_when_the_query_has_none() {
    for (text, sn) in [
        ("/iclock/A1/cdata", Some("A1")),
        ("/x/ICLOCK//A1/cdata.aspx/", Some("A1")),
        ("/iclock/A1/cdata?SN=B2", Some("B2")),
        ("/iclock/A1/cdata?SN=", Some("A1")),
        ("/iclock/cdata?sn=B2", Some("B2")),
        ("/iclock/cdata", None),
        ("/iclock/photo/1003.jpg", None),
        ("/iclock/a/b/cdata", None),
        ("/A1/cdata", None),
    ] {
        let found = target(text).sn().map(|sn| String::from_utf8(sn.into_owned()).unwrap());
        assert_eq!(found.as_deref(), sn, "{text}");
    }
}

#[test]
fn t1_request_lines_of_both_versions() {
    let line = RequestLine::parse(b"GET /iclock/ping?SN=1 HTTP/1.0").unwrap();
    assert_eq!((line.method, line.target, line.minor), (&b"GET"[..], &b"/iclock/ping?SN=1"[..], 0));
    assert_eq!(RequestLine::parse(b"POST / HTTP/1.1\r").unwrap().minor, 1);
    // An unencoded firmware version in a poll.
    let line =
        RequestLine::parse(b"GET /iclock/getrequest?SN=1&INFO=Ver 6.60 Mar 12 2013,1 HTTP/1.1").unwrap();
    assert_eq!(line.target, b"/iclock/getrequest?SN=1&INFO=Ver 6.60 Mar 12 2013,1");
}

#[test]
fn what_is_no_request_line() {
    for line in [
        "",
        "GET",
        "GET /",
        "GET HTTP/1.1",
        "GET  HTTP/1.1",
        "GET /HTTP/1.1",
        "GET / HTTP/2.0",
        "GET / HTTP/1.",
        "GET / http/1.1",
        "\u{16}\u{3}\u{1} / HTTP/1.1",
        "G3T / HTTP/1.1",
    ] {
        assert_eq!(RequestLine::parse(line.as_bytes()), None, "{line:?}");
    }
}

proptest! {
    #[test]
    fn values_are_read_back(value in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut text = b"/iclock/cdata?SN=1&v=".to_vec();
        write_value(&value, &mut text);
        text.extend_from_slice(b"&w=2");
        prop_assert!(text.iter().all(u8::is_ascii_graphic));
        let query = Target::parse(&text).query;
        prop_assert_eq!(query.get("v").map(Cow::into_owned), Some(value));
        prop_assert_eq!(query.get("w").map(Cow::into_owned), Some(b"2".to_vec()));
    }

    #[test]
    fn a_target_survives_its_request_line(target in "/[!-~]{0,40}( [!-~]{1,10}){0,3}") {
        let line = format!("GET {target} HTTP/1.1");
        prop_assert_eq!(RequestLine::parse(line.as_bytes()).map(|l| l.target), Some(target.as_bytes()));
    }
}
