//! People: lists, and everything about one of them.

use proptest::prelude::*;
use rollcall_protocol::fk::frame::{Draft, Frame, Generation};
use rollcall_protocol::fk::people::{self, Listing, User};
use rollcall_protocol::order::{Person, Pin, Privilege, Template, TemplateKind};
use rollcall_protocol::text::Encoding;

use crate::listing::framed;

fn user(body: &[u8]) -> Option<User> {
    let frame = Frame::parse(body).unwrap();
    User::read(&frame, &frame.json().unwrap())
}

#[test]
fn the_worked_person_of_the_chapter() {
    let json = r#"{"user_id":"1001","user_name":"张三","user_privilege":"USER","user_photo":"BIN_1","fp_enroll_time":"20260706090000","card_enroll_time":"00000000000000","enroll_data_array":[{"backup_number":0,"enroll_data":"BIN_2"},{"backup_number":10,"enroll_data":"BIN_3"}]}"#;
    let user = user(&framed(json, &[b"jpeg", &[9; 1404], b"123456"])).unwrap();
    assert_eq!((user.pin.as_str(), user.name.as_str(), user.privilege), ("1001", "张三", Privilege::User));
    assert_eq!((user.password.as_str(), user.card.as_str(), user.inactive), ("123456", "", false));
    assert_eq!(
        user.templates,
        [(TemplateKind::Picture, 0, b"jpeg".to_vec()), (TemplateKind::Fingerprint, 0, vec![9; 1404])]
    );
    let templates = user.templates(|kind| (kind == TemplateKind::Fingerprint).then_some((4, 0)));
    assert_eq!(templates.iter().map(|t| t.version).collect::<Vec<_>>(), [None, Some((4, 0))]);
    assert!(!format!("{user:?}").contains("123456"));
}

#[test]
fn p10_people_of_new_models_and_other_families() {
    for (json, password, card) in [
        (
            r#"{"user_id":7,"enroll_data_array":[{"backup_number":"10","enroll_data":"MTIzNA=="}]}"#,
            "1234",
            "",
        ),
        // Four digits are Base64 as well.
        (r#"{"user_id":7,"enroll_data_array":[{"backup_number":10,"enroll_data":"1234"}]}"#, "1234", ""),
        (
            r#"{"user_id":7,"enroll_data_array":[{"backup_number":"11","enroll_data":12345678}]}"#,
            "",
            "12345678",
        ),
        (r#"{"user_id":7,"backup_number":"11","enroll_data":"0012345678"}"#, "", "0012345678"),
        (r#"{"user_id":7,"enroll_data_array":[{"backup_number":11,"enroll_data":"BIN_4"}]}"#, "", ""),
        (r#"{"user_id":7,"enroll_data_array":null}"#, "", ""),
    ] {
        let user = user(json.as_bytes()).unwrap();
        assert_eq!(
            (user.pin.as_str(), user.password.as_str(), user.card.as_str()),
            ("7", password, card),
            "{json}"
        );
    }
    for nobody in ["{}", r#"{"user_id":""}"#, r#"{"user_id":0}"#, "[]"] {
        assert_eq!(user(nobody.as_bytes()), None, "{nobody}");
    }
    assert!(user(br#"{"user_id":7,"enable_flag":"0"}"#).unwrap().inactive);
    assert!(!user(br#"{"user_id":7,"enable_flag":1}"#).unwrap().inactive);
}

#[test]
fn privileges_by_word_and_by_number() {
    use Privilege::{Administrator, Registrar, User};
    for (text, privilege) in [
        ("USER", User),
        ("0", User),
        ("", User),
        ("whatever", User),
        ("MANAGER", Administrator),
        ("manager", Administrator),
        ("1", Administrator),
        ("REGISTER", Registrar),
        ("OPERATOR", Registrar),
        ("2", Registrar),
        ("3", Registrar),
    ] {
        assert_eq!(people::privilege(text), privilege, "{text}");
    }
    for privilege in [User, Registrar, Administrator] {
        assert_eq!(people::privilege(people::privilege_word(privilege)), privilege);
    }
}

#[test]
fn u5_names_are_cut_after_fifteen_characters() {
    for (name, cut) in [
        ("张三", "张三"),
        ("欧阳修欧阳修欧阳修欧阳修欧阳修欧阳修", "欧阳修欧阳修欧阳修欧阳修欧阳修"),
        ("a\tb\0c\n", "a b c"),
        ("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"),
    ] {
        assert_eq!(people::name(name), cut);
    }
}

#[test]
fn lists_of_both_sizes_and_of_texts() {
    let mut entry = [0; 36];
    entry[..7].copy_from_slice(b"A000123");
    entry[32] = 1;
    let blob = [entry, [0; 36]].concat();
    let json = r#"{"user_id_count":2,"one_user_id_size":36,"user_id_array":"BIN_1"}"#;
    let body = framed(json, &[&blob]);
    let frame = Frame::parse(&body).unwrap();
    let Listing::People(found) = people::listing(&frame, &frame.json().unwrap()) else { panic!() };
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].pin.as_str(), found[0].manager, found[0].active),
        ("A000123", Some(true), Some(false))
    );

    for text in [
        r#"{"user_id_list":["1","2",0,3]}"#,
        r#"{"user_id_array":[{"user_id":"1"},{"user_id":2},{"user_id":"3"}]}"#,
    ] {
        let frame = Frame::parse(text.as_bytes()).unwrap();
        let Listing::People(found) = people::listing(&frame, &frame.json().unwrap()) else { panic!() };
        assert_eq!(found.iter().map(|one| one.pin.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    }

    let body = framed(r#"{"one_user_id_size":40,"user_id_array":"BIN_1"}"#, &[&[1; 80]]);
    let frame = Frame::parse(&body).unwrap();
    assert_eq!(people::listing(&frame, &frame.json().unwrap()), Listing::Unknown(40, (&[1; 80][..]).into()));
}

fn kinds() -> impl Strategy<Value = (TemplateKind, u16)> {
    prop_oneof![
        (0_u16..=9).prop_map(|no| (TemplateKind::Fingerprint, no)),
        Just((TemplateKind::NearInfraredFace, 0)),
        (0_u16..=3).prop_map(|no| (TemplateKind::Bio(8), no)),
        Just((TemplateKind::FingerVein, 0)),
        Just((TemplateKind::Photo, 0)),
        Just((TemplateKind::Picture, 0)),
    ]
}

proptest! {
    #[test]
    fn people_written_and_read_back(
        pin in "[1-9][0-9]{0,8}", name in "[^\\p{Cc}]{0,15}", card in "[0-9]{0,10}", password in "[0-9]{0,8}",
        new in any::<bool>(),
        templates in prop::collection::btree_map(kinds(), prop::collection::vec(any::<u8>(), 1..50), 0..6),
    ) {
        let pin = Pin::new(&pin).unwrap();
        let person = Person {
            pin: pin.clone(), name, privilege: Privilege::Registrar, card, password, group: 1, valid: None, inactive: false,
        };
        let templates: Vec<Template> = templates.into_iter().map(|((kind, no), data)| Template {
            pin: pin.clone(), kind, no, index: 0, valid: 1, duress: 0, version: None, format: 0, data,
        }).collect();
        let mut draft = Draft::new(if new { Generation::New } else { Generation::Classic });
        let json = people::write(&person, &templates, &mut draft);
        let read = user(&draft.finish(&json, Encoding::Utf8)).unwrap();
        prop_assert_eq!(&read.pin, pin.as_str());
        prop_assert_eq!(read.name.trim(), person.name.trim());
        prop_assert_eq!((&read.card, &read.password), (&person.card, &person.password));
        prop_assert_eq!(read.privilege, Privilege::Registrar);
        let mut found = read.templates(|_| None);
        found.sort_by_key(|t| (t.kind, t.no));
        prop_assert_eq!(found, templates);
    }
}
