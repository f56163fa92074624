//! Text of unknown encoding, lines and pairs (attendance-push §15.2).

use proptest::prelude::*;
use rollcall_protocol::attendance::fields::{lines, text_pairs};
use rollcall_protocol::text::{Encoding, clean, decode, detect, encode, truncate_bytes, truncate_encoded};

use crate::listing::message;

#[test]
fn p5_utf8_first_then_gb18030_then_what_is_lost_least() {
    assert_eq!(decode("张三".as_bytes()), "张三");
    assert_eq!(decode(b"\xd5\xc5\xc8\xfd"), "张三");
    assert_eq!(decode(b"plain"), "plain");
    // A name cut in the middle of its last character, in either encoding.
    assert_eq!(decode(b"\xd5\xc5\xc8\xfd\xc8"), "张三\u{fffd}");
    assert_eq!(decode(&"张三".as_bytes()[..5]), "张\u{fffd}");
    assert_eq!(decode(b"\xff\xff"), "\u{fffd}\u{fffd}");
}

#[test]
fn p5_a_name_cut_in_utf8_is_not_taken_for_gb18030() {
    // 22 bytes and two letters: all of it would be good GB18030 too.
    let name = "AB欧阳娜娜欧阳娜娜".as_bytes();
    let cut = &name[..24];
    assert_eq!(decode(cut), "AB欧阳娜娜欧阳娜\u{fffd}");
    assert_eq!(detect(cut), Some(Encoding::Utf8));
    // Two bytes each, good in both encodings but for the last: no sign of UTF-8.
    assert_eq!(decode(b"\xc4\xa3\xc4\xa3\xc4\xe3"), "模模你");
}

#[test]
fn p5_what_a_machine_writes_in() {
    for (bytes, encoding) in [
        (&b"Li Si"[..], None),
        (b"", None),
        ("张三".as_bytes(), Some(Encoding::Utf8)),
        (b"\xd5\xc5\xc8\xfd", Some(Encoding::Gb18030)),
        (b"\xff\xff", None),
    ] {
        assert_eq!(detect(bytes), encoding, "{bytes:?}");
    }
}

#[test]
fn u5_names_are_cut_by_the_bytes_of_the_machines_encoding() {
    let name = "欧阳娜娜欧阳娜娜欧阳娜娜欧";
    assert_eq!(truncate_encoded(name, Encoding::Utf8, 24), "欧阳娜娜欧阳娜娜");
    assert_eq!(truncate_encoded(name, Encoding::Gb18030, 24), "欧阳娜娜欧阳娜娜欧阳娜娜");
    assert_eq!(truncate_encoded("a欧阳", Encoding::Gb18030, 4), "a欧");
    // Four bytes of GB18030.
    assert_eq!(truncate_encoded("欧𠮷", Encoding::Gb18030, 5), "欧");
}

#[test]
fn a_character_without_a_place_is_a_question_mark() {
    assert_eq!(encode("张\u{e5e5}三", Encoding::Gb18030).as_ref(), b"\xd5\xc5?\xc8\xfd");
}

#[test]
fn p4_pairs_split_at_the_first_equals() {
    let body = message("operlog").body;
    let all: Vec<_> = lines(&body).collect();
    assert_eq!(all.len(), 4);
    let fp: Vec<_> = text_pairs(all[2].strip_prefix(b"FP ").unwrap()).collect();
    assert_eq!(fp.last().unwrap(), &("TMP".into(), "TVpTUw==".into()));
    let user: Vec<_> = text_pairs(all[1].strip_prefix(b"USER ").unwrap()).collect();
    assert_eq!(user[1], ("Name".into(), "李四".into()));
    assert_eq!(user[3], ("Passwd".into(), "".into()));
}

#[test]
fn p5_a_short_name_in_gb18030_is_not_taken_for_a_cut_one() {
    // Good UTF-8 but for a last byte that begins another character.
    for name in ["洹高", "鈥毶"] {
        let bytes = encode(name, Encoding::Gb18030);
        assert_eq!(decode(&bytes), name);
        assert_eq!(detect(&bytes), Some(Encoding::Gb18030));
    }
}

#[test]
fn u5_names_are_cut_on_a_character_border() {
    assert_eq!(truncate_bytes("欧阳娜娜欧阳娜娜", 24), "欧阳娜娜欧阳娜娜");
    assert_eq!(truncate_bytes("欧阳娜娜欧阳娜娜", 23), "欧阳娜娜欧阳娜");
    assert_eq!(truncate_bytes("𠮷", 3), "");
    assert_eq!(truncate_bytes("abc", 0), "");
    assert_eq!(truncate_bytes("abc", 9), "abc");
}

proptest! {
    #[test]
    fn decoding_never_fails_and_utf8_is_itself(text in any::<String>(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_eq!(decode(text.as_bytes()), text.as_str());
        let _ = decode(&bytes);
    }

    #[test]
    fn p5_gb18030_of_chinese_reads_back(text in "[\\u{4e00}-\\u{9fa5}]{1,8}") {
        let bytes = encode(&text, Encoding::Gb18030);
        // Two bytes a character, a few of which happen to be UTF-8 of something else.
        prop_assume!(std::str::from_utf8(&bytes).is_err());
        prop_assert_eq!(decode(&bytes), text.as_str());
    }

    #[test]
    fn q7_clean_text_has_no_control_character(text in any::<String>()) {
        let cleaned = clean(&text);
        prop_assert!(!cleaned.chars().any(char::is_control));
        prop_assert_eq!(cleaned.chars().count(), text.chars().count());
        prop_assert_eq!(clean(&cleaned), cleaned.as_ref());
    }

    #[test]
    fn truncated_text_fits(text in any::<String>(), max in 0..40usize) {
        let cut = truncate_bytes(&text, max);
        prop_assert!(cut.len() <= max && text.starts_with(cut));
        prop_assert!(text.len() <= max || cut.len() + 4 > max);
    }

    #[test]
    fn u5_what_is_cut_fits_and_nothing_more_would(text in "[a-z张三𠮷é]{0,20}", max in 0usize..30) {
        for encoding in [Encoding::Utf8, Encoding::Gb18030] {
            let cut = truncate_encoded(&text, encoding, max);
            prop_assert!(text.starts_with(cut) && encode(cut, encoding).len() <= max);
            if let Some(next) = text[cut.len()..].chars().next() {
                let longer = format!("{cut}{next}");
                prop_assert!(encode(&longer, encoding).len() > max);
            }
        }
    }
}
