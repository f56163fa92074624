//! Bodies in all the ways machines frame them.

use proptest::prelude::*;
use rollcall_protocol::fk::frame::{Draft, Frame, Generation};
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::text::Encoding;

use crate::listing::framed;

const JSON: &str = r#"{"user_id":"1001","log_image":"BIN_1","other":"BIN_2"}"#;

fn bytes_of(body: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let frame = Frame::parse(body).ok()?;
    let json = frame.json().ok()?;
    let binary = |name| frame.binary(json.get(name)?).map(std::borrow::Cow::into_owned);
    assert_eq!(json.get("user_id")?.text(), "1001");
    Some((binary("log_image")?, binary("other")?))
}

/// The second byte of its last character is a backslash, and all of it happens to be UTF-8.
#[test]
fn a_name_in_gb18030_that_is_utf8_as_well_loses_no_message() {
    for json in [r#"{"user_id":"1001","user_name":"%s"}"#, r#"{"user_name":"%s","user_id":"1001"}"#] {
        let text = json.replace("%s", "NAME");
        let body = framed(&text, &[]);
        let body = replaced(&body, b"NAME", b"\xe4\xa6\xb8\x5c");
        let frame = Frame::parse(&body).unwrap();
        let name = frame.json().unwrap().get("user_name").unwrap().text().to_owned();
        assert_eq!((name.as_str(), frame.encoding), ("洇竆", Some(Encoding::Gb18030)));
    }
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = body.windows(from.len()).position(|piece| piece == from).unwrap();
    let mut body = body.to_vec();
    body.splice(at..at + from.len(), to.iter().copied());
    body
}

#[test]
fn the_length_counts_the_zero_byte_or_not() {
    // The second binary is as long as a zero byte in its length can make it hard: 256 bytes.
    let (one, two) = (vec![1; 3], vec![0; 256]);
    let counted = framed(JSON, &[&one, &two]);
    assert_eq!(bytes_of(&counted), Some((one.clone(), two.clone())));
    let mut not_counted = counted.clone();
    not_counted[0] -= 1;
    assert_eq!(bytes_of(&not_counted), Some((one.clone(), two.clone())), "length without the zero byte");
    let mut no_zero = not_counted.clone();
    no_zero.remove(4 + JSON.len());
    assert_eq!(bytes_of(&no_zero), Some((one.clone(), two.clone())), "and without the byte itself");
    let mut no_length = counted[4..].to_vec();
    assert_eq!(bytes_of(&no_length), Some((one.clone(), two.clone())), "no length at all");
    no_length.splice(0..0, b"\xef\xbb\xbf".iter().copied());
    assert_eq!(bytes_of(&no_length), Some((one.clone(), two)), "and a byte order mark");
    // A binary whose length begins with a zero byte, behind a text without its own.
    let two = vec![7; 256];
    let mut no_zero = framed(JSON, &[&two, &one]);
    no_zero[0] -= 1;
    no_zero.remove(4 + JSON.len());
    assert_eq!(bytes_of(&no_zero), Some((two, one)));
}

#[test]
fn empty_bodies_and_zeros_are_messages_without_parameters() {
    for body in [&b""[..], b"\0", b"\0\0\0\0", b"\x01\0\0\0\0", &[0; 100]] {
        let frame = Frame::parse(body).unwrap();
        assert_eq!(frame.json().unwrap(), Json::Null, "{body:?}");
        assert!(frame.blobs.is_empty() && frame.intact);
    }
}

#[test]
fn what_is_no_message_is_told_from_one_that_is_cut() {
    for body in [&b"abc"[..], b"\xff\xff\xff\xff{}", b"result=OK", &[0xd8; 50]] {
        assert!(Frame::parse(body).is_err(), "{body:?}");
        assert!(!Frame::is_whole(body));
    }
    let whole = framed(JSON, &[b"one", b"two"]);
    assert!(Frame::is_whole(&whole));
    for cut in 1..whole.len() {
        assert!(!Frame::is_whole(&whole[..cut]), "the first {cut} bytes");
    }
    // Padding at the end changes nothing.
    assert!(Frame::is_whole(&[whole, vec![0; 7]].concat()));
    assert!(!Frame::is_whole(b"{\"a\":1}]}"));
}

#[test]
fn a_punch_is_read_even_when_its_picture_is_cut() {
    let mut body = framed(r#"{"user_id":"1001","log_image":"BIN_1"}"#, &[&[1; 100]]);
    body.truncate(body.len() - 1);
    let frame = Frame::parse(&body).unwrap();
    let json = frame.json().unwrap();
    assert!(!frame.intact);
    assert_eq!(
        (json.get("user_id").unwrap().text(), frame.binary(json.get("log_image").unwrap())),
        ("1001", None)
    );
}

#[test]
fn p5_text_that_is_no_utf8_is_read_as_gb18030() {
    let mut text = b"{\"user_name\":\"".to_vec();
    // The second byte of this character is a backslash, which ends nothing here.
    text.extend(rollcall_protocol::text::encode("张誠\u{4e57}", Encoding::Gb18030).iter());
    text.extend(b"\",\"user_id\":7}");
    let mut body = u32::try_from(text.len()).unwrap().to_le_bytes().to_vec();
    body.extend(text);
    let frame = Frame::parse(&body).unwrap();
    assert_eq!(frame.encoding, Some(Encoding::Gb18030));
    assert_eq!(frame.json().unwrap().get("user_name").unwrap().text(), "张誠\u{4e57}");
}

#[test]
fn o3_binaries_inside_the_text_do_not_reach_the_records() {
    let json = format!(r#"{{"user_id":"1","log_image":"{}"}}"#, "QUJD".repeat(1000));
    let frame = Frame::parse(json.as_bytes()).unwrap();
    assert_eq!(
        frame.without_binaries(&frame.json().unwrap()),
        r#"{"user_id":"1","log_image":"(4000 bytes)"}"#
    );
}

proptest! {
    #[test]
    fn messages_written_and_read_back(
        name in "\\PC{0,20}",
        blobs in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..300), 0..5),
        new in any::<bool>(),
        padding in 0_usize..8,
    ) {
        let generation = if new { Generation::New } else { Generation::Classic };
        let mut draft = Draft::new(generation);
        let mut members: Vec<(String, Json<'_>)> =
            blobs.iter().enumerate().map(|(n, blob)| (format!("b{n}"), draft.binary(blob))).collect();
        members.push(("name".to_owned(), Json::clean(&name)));
        let json = Json::Object(members.iter().map(|(key, value)| (key.as_str().into(), value.clone())).collect());
        let mut body = draft.finish(&json, Encoding::Utf8);
        prop_assert!(Frame::is_whole(&body));
        body.extend(std::iter::repeat_n(0, padding));
        let frame = Frame::parse(&body).unwrap();
        let read = frame.json().unwrap();
        prop_assert_eq!(&read, &json);
        for (n, blob) in blobs.iter().enumerate() {
            let found = frame.binary(read.get(&format!("b{n}")).unwrap());
            prop_assert_eq!(found.as_deref(), Some(&blob[..]));
        }
    }

    #[test]
    fn any_bytes_are_taken_apart_without_panic(body in prop::collection::vec(any::<u8>(), 0..300), head in 0_u32..300) {
        let _ = Frame::parse(&body).map(|frame| frame.json().is_ok());
        let _ = Frame::parse(&[&head.to_le_bytes()[..], &body].concat()).map(|frame| frame.json().is_ok());
    }
}
