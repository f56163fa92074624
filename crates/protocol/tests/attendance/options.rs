//! Capabilities (attendance-push §5).

use proptest::prelude::*;
use rollcall_protocol::attendance::options::{get, parse, write};

use crate::listing::message;

fn read(body: &str) -> Vec<(String, String)> {
    parse(body.as_bytes()).into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

fn written(pairs: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    write(pairs, &mut out);
    out
}

#[test]
fn the_worked_message() {
    let body = message("capabilities").body;
    let pairs = parse(&body);
    insta::assert_debug_snapshot!(pairs);
    assert_eq!(get(&pairs, "oemvendor"), Some("EXAMPLE CO., LTD."));
    assert_eq!(get(&pairs, "MULTIBIOVERSION"), Some("0:13.0:0:0:0:0:0:0:0:40.1"));
    assert_eq!(get(&pairs, "BioDataFun"), Some(""));
    assert_eq!(get(&pairs, "Nothing"), None);
}

#[test]
fn the_worked_message_is_written_again() {
    let body = message("capabilities").body;
    let read_only = ["DeviceName", "MaxAttLogCount", "MaxUserCount", "Platform", "OEMVendor"];
    let pairs: Vec<_> = parse(&body)
        .into_iter()
        .map(|(key, value)| {
            let tilde = if read_only.contains(&key.as_ref()) { "~" } else { "" };
            (format!("{tilde}{key}"), value.into_owned())
        })
        .collect();
    assert_eq!(written(&pairs), body);
}

#[test]
fn separators_that_exist() {
    let expected = [("A".to_owned(), "1".to_owned()), ("B_2".to_owned(), "x y".to_owned())];
    for body in
        ["~A=1,B_2=x y", "A=1\t~B_2=x y", "A=1\nB_2=x y\n", "A=1\r\n~B_2=x y\r\n", "\n A=1 ,B_2=x y,\0"]
    {
        let read = read(body);
        assert_eq!(read[0], expected[0], "{body:?}");
        assert_eq!(read[1].0, "B_2", "{body:?}");
        assert!(read[1].1.starts_with("x y"), "{body:?}");
    }
    assert_eq!(read(""), []);
    assert_eq!(read("OK"), []);
    assert_eq!(read("=1,~=2"), []);
    assert_eq!(read("\u{83}~A=1"), [("A".to_owned(), "1".to_owned())]);
    assert_eq!(read("~ ~A=1"), [("A".to_owned(), "1".to_owned())]);
}

#[test]
fn p4_values_may_hold_commas_equals_and_ampersands() {
    assert_eq!(
        read("V=a,b=c&d=e,1x=2, y=3,Z=a=b"),
        [
            ("V".to_owned(), "a".to_owned()),
            ("b".to_owned(), "c&d=e,1x=2, y=3".to_owned()),
            ("Z".to_owned(), "a=b".to_owned()),
        ]
    );
}

#[test]
fn p5_names_in_gb18030() {
    // ~DeviceName=人脸机, in GB18030.
    let pairs = parse(b"~DeviceName=\xc8\xcb\xc1\xb3\xbb\xfa,UserCount=3");
    assert_eq!(get(&pairs, "DeviceName"), Some("人脸机"));
    assert_eq!(get(&pairs, "UserCount"), Some("3"));
}

#[test]
fn p11_control_characters_at_the_ends_of_a_value_leave_no_blank() {
    assert_eq!(get(&parse(b"~N=\xc2\x9f\x90"), "N"), Some("\u{fffd}"));
    assert_eq!(read("N=\u{85}a\u{9f}b\u{80}\0"), [("N".to_owned(), "a b".to_owned())]);
}

#[test]
fn no_pair_can_be_smuggled_into_a_value() {
    let pairs = [("Name".to_owned(), "a,SN=1\nB=2\t~C=3".to_owned()), ("=,1 x".to_owned(), String::new())];
    assert_eq!(String::from_utf8(written(&pairs)).unwrap(), "Name=a SN=1 B=2 ~C=3,__1_x=");
}

/// A comma in front of what looks like a key cannot be written; everything else can.
fn without_commas(value: &str) -> String {
    value.replace(',', " ").trim_matches(' ').to_owned()
}

proptest! {
    #[test]
    fn pairs_are_read_back(
        pairs in prop::collection::vec(("~?[A-Za-z_][A-Za-z0-9_]{0,15}", "([^\\p{Cc}]|,~?[a-z]=){0,12}"), 0..8)
    ) {
        let body = written(&pairs);
        let again = read(std::str::from_utf8(&body).unwrap());
        prop_assert_eq!(again.len(), pairs.len());
        for ((key, value), (key_again, value_again)) in pairs.iter().zip(&again) {
            prop_assert_eq!(key.trim_start_matches('~'), key_again);
            prop_assert_eq!(without_commas(value), without_commas(value_again));
        }
    }

    #[test]
    fn what_was_read_is_written_alike(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let first: Vec<_> = parse(&body).into_iter().map(|(k, v)| (k.into_owned(), v.into_owned())).collect();
        let once = written(&first);
        let twice = written(&read(std::str::from_utf8(&once).unwrap()));
        prop_assert_eq!(once, twice);
    }
}
