//! Punches, at once and fetched later.

use rollcall_protocol::WallTime;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::log::{self, Log, long_record, short_record};
use rollcall_protocol::fk::modes::Library;
use rollcall_protocol::fk::punch::{Punch, image};

use crate::listing::framed;

fn read(json: &str) -> Result<(String, String, Option<i32>, String, String), &'static str> {
    let (json, _) = Json::parse_prefix(json).unwrap();
    Punch::read(&json, Library::Plain)
        .map(|p| {
            (
                p.pin.into_owned(),
                p.time.to_string(),
                p.status,
                p.verify.into_owned(),
                p.work_code.into_owned(),
            )
        })
        .map_err(|error| error.code())
}

#[test]
fn p10_numbers_may_be_texts_and_texts_numbers() {
    let expected =
        ("1001".to_owned(), "2026-07-06 08:58:11".to_owned(), Some(0), "33".to_owned(), "5".to_owned());
    for json in [
        r#"{"user_id":1001,"verify_mode":33,"io_mode":1,"io_time":20260706085811,"work_code":5}"#,
        r#"{"user_id":"1001","verify_mode":"33","io_mode":"1","io_time":"20260706085811","work_code":"5"}"#,
        r#"{"user_id":" 1001 ","verify_mode":" 33 ","io_mode":1.0,"io_time":"2026-07-06 08:58:11","work_code":" 5","temperature":"36.5"}"#,
    ] {
        assert_eq!(read(json).as_ref(), Ok(&expected), "{json}");
    }
    assert_eq!(read(r#"{"user_id":"00001001","io_time":"202607060858"}"#).unwrap().1, "2026-07-06 08:58:00");
    assert_eq!(read(r#"{"user_id":"00001001","io_time":"202607060858"}"#).unwrap().0, "00001001");
    assert_eq!(
        read(r#"{"user_id":"7","io_time":"202607060858","verify_mode":"[\"FP\"]"}"#).unwrap().3,
        "[\"FP\"]"
    );
}

#[test]
fn c5_p9_what_is_no_punch_says_why() {
    for (json, code) in [
        (r#"{"io_time":"20260706085811"}"#, "punch.no_pin"),
        (r#"{"user_id":0,"io_time":"20260706085811"}"#, "punch.no_pin"),
        (r#"{"user_id":"00000000","io_time":"20260706085811"}"#, "punch.no_pin"),
        (r#"{"user_id":"1"}"#, "punch.time_missing"),
        (r#"{"user_id":"1","io_time":""}"#, "punch.time_missing"),
        (r#"{"user_id":"1","io_time":"20260231080000"}"#, "punch.time_impossible"),
        (r#"{"user_id":"1","io_time":"yesterday"}"#, "punch.time_unreadable"),
        ("null", "punch.no_pin"),
        ("[1]", "punch.no_pin"),
    ] {
        assert_eq!(read(json).unwrap_err(), code, "{json}");
    }
    // Absurd, but possible: kept, and flagged by whoever keeps it.
    assert_eq!(read(r#"{"user_id":"1","io_time":"20000101000000"}"#).unwrap().1, "2000-01-01 00:00:00");
    assert_eq!(read(r#"{"user_id":"1","io_time":"20990101000000"}"#).unwrap().1, "2099-01-01 00:00:00");
}

#[test]
fn pictures_in_both_generations() {
    let classic = framed(r#"{"user_id":"1","log_image":"BIN_1"}"#, &[b"jpeg"]);
    let frame = Frame::parse(&classic).unwrap();
    assert_eq!(image(&frame, &frame.json().unwrap()).as_deref(), Some(&b"jpeg"[..]));
    let frame = Frame::parse(b"{\"user_id\":\"1\",\"log_image\":\"anBlZw==\"}\0").unwrap();
    assert_eq!(image(&frame, &frame.json().unwrap()).as_deref(), Some(&b"jpeg"[..]));
    for none in [
        r#"{"log_image":null}"#,
        r#"{"log_image":""}"#,
        r#"{"log_image":"BIN_2"}"#,
        r#"{"log_image":7}"#,
        "{}",
    ] {
        let body = framed(none, &[b"jpeg"]);
        let frame = Frame::parse(&body).unwrap();
        assert_eq!(image(&frame, &frame.json().unwrap()), None, "{none}");
    }
}

fn at(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

/// One record's values, as the punch of the same moment has them.
fn stored(size: usize, raw: &[u8], library: Library) -> (String, String, Option<i32>, String) {
    let json = format!(r#"{{"log_count":1,"one_log_size":{size},"log_array":"BIN_1"}}"#);
    let body = framed(&json, &[raw]);
    let frame = Frame::parse(&body).unwrap();
    let Log::Records(records) = log::read(&frame, &frame.json().unwrap(), library) else { panic!("{size}") };
    assert_eq!(records.len(), 1);
    let punch = records[0].punch.clone().unwrap();
    (punch.pin, punch.time.to_string(), punch.status, punch.verify)
}

#[test]
fn d4_a_punch_fetched_later_is_the_punch_sent_at_once() {
    let time = at("2026-07-06 08:58:11");
    for (library, name, io_mode, verify_mode, io_byte, verify_byte) in [
        (Library::Plain, "FKDataHS101", 1_u32, 33_u32, 1, 33),
        (Library::Plain, "FKDataHS101", 0, 1, 0, 1),
        (Library::TopByte, "FKDataHS102", 1 << 24, 0x1000_0000, 1, 0x10),
        (Library::TopByte, "FKDataHS102", 1 << 24 | 7, 0x1000_0000, 1, 1),
        (Library::TopByte, "FKDataHS103", 6 << 24, 0x1200_0000, 6, 0x12),
    ] {
        let json = format!(
            r#"{{"fk_bin_data_lib":"{name}","user_id":"00001001","verify_mode":{verify_mode},"io_mode":"{io_mode}","io_time":"20260706085811"}}"#
        );
        let (_, when, status, verify, _) = read(&json).unwrap();
        let live = ("1001".to_owned(), when, status, verify);
        assert_eq!(
            stored(12, &short_record(1001, io_byte, verify_byte, time), library),
            live,
            "{name} short"
        );
        assert_eq!(
            stored(48, &long_record("1001", io_mode, verify_mode, time), library),
            live,
            "{name} long"
        );
    }
}

#[test]
fn records_of_other_sizes_are_kept_as_they_are() {
    for size in [0, 20, 24, 32, 40, 52] {
        let json = format!(r#"{{"log_count":"1","one_log_size":"{size}","log_array":"BIN_1"}}"#);
        let body = framed(&json, &[&[7; 104]]);
        let frame = Frame::parse(&body).unwrap();
        let found = log::read(&frame, &frame.json().unwrap(), Library::Plain);
        assert_eq!(found, Log::Unknown(size, (&[7; 104][..]).into()));
    }
}

#[test]
fn p6_a_broken_record_does_not_disturb_the_others() {
    let good = short_record(7, 1, 1, at("2026-07-06 08:58:11"));
    let mut impossible = good;
    impossible[8..].fill(0);
    impossible[9] = 0x20;
    let nobody = short_record(0, 1, 1, at("2026-07-06 08:58:11"));
    let blob = [good, impossible, nobody, [0; 12], good].concat();
    let body = framed(r#"{"log_count":5,"one_log_size":12,"log_array":"BIN_1"}"#, &[&blob]);
    let frame = Frame::parse(&body).unwrap();
    let Log::Records(records) = log::read(&frame, &frame.json().unwrap(), Library::Plain) else { panic!() };
    let codes: Vec<_> =
        records.iter().map(|record| record.punch.as_ref().map_err(|e| e.code()).map(|_| ())).collect();
    assert_eq!(codes, [Ok(()), Err("punch.time_impossible"), Err("punch.no_pin"), Ok(())]);
}

#[test]
fn an_answer_may_be_a_list_of_objects_or_nothing() {
    let text = r#"{"log_array":[{"user_id":"7","io_time":"20260706085811","io_mode":"2"},{"user_id":""}]}"#;
    let frame = Frame::parse(text.as_bytes()).unwrap();
    let json = frame.json().unwrap();
    assert_eq!(log::read(&frame, &json, Library::Plain), Log::Objects(2));
    let read: Vec<_> = log::list(&json)
        .iter()
        .map(|object| Punch::read(object, Library::Plain).map(|p| p.status).map_err(|e| e.code()))
        .collect();
    assert_eq!(read, [Ok(Some(1)), Err("punch.no_pin")]);
    for text in ["{}", r#"{"log_count":0,"one_log_size":12,"log_array":null}"#, ""] {
        let frame = Frame::parse(text.as_bytes()).unwrap();
        assert_eq!(log::read(&frame, &frame.json().unwrap(), Library::Plain), Log::Empty, "{text}");
    }
}
