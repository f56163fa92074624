//! `INFO` of a poll (attendance-push §6).

use proptest::prelude::*;
use rollcall_protocol::attendance::info::Info;
use rollcall_protocol::attendance::request::Poll;
use rollcall_protocol::http::{Query, Target};

use crate::listing::message;

fn poll(query: &str) -> Info {
    Poll::from_query(&Query::new(query.as_bytes())).info.unwrap()
}

#[test]
fn the_worked_message() {
    let message = message("poll-info");
    let poll = Poll::from_query(&Target::parse(message.target()).query);
    insta::assert_debug_snapshot!(poll.info.unwrap());
}

#[test]
fn a_poll_may_say_nothing() {
    for query in ["SN=1", "SN=1&INFO=", "SN=1&INFO"] {
        assert_eq!(Poll::from_query(&Query::new(query.as_bytes())).info, None, "{query}");
    }
}

#[test]
fn encoded_blank_and_negative_values() {
    let info = poll("SN=1&INFO=Ver%206.60%20Mar 12 2013, 1 ,0,-1,10.0.0.1,10,-1,0,0,100");
    assert_eq!(info.firmware.as_deref(), Some("Ver 6.60 Mar 12 2013"));
    assert_eq!((info.users, info.fingerprints, info.punches), (Some(1), Some(0), None));
    assert_eq!(info.face_version.as_deref(), Some("-1"));
    assert_eq!((info.faces, info.features.as_deref()), (Some(0), Some("100")));
    assert_eq!(info.cards, None);
}

#[test]
fn commas_in_the_firmware_version() {
    let info = poll("INFO=Ver 6.60 Mar 12, 2013,1,2,3,10.0.0.1,10,7,12,5,11101,3,0,55");
    assert_eq!(info.firmware.as_deref(), Some("Ver 6.60 Mar 12,2013"));
    assert_eq!((info.users, info.punches, info.faces), (Some(1), Some(3), Some(5)));
    assert_eq!(info.address.as_deref(), Some("10.0.0.1"));
}

#[test]
fn absent_counts_are_not_taken_for_a_longer_firmware_version() {
    let info = poll("INFO=Ver 1,,,2,3,10.5.0.1");
    assert_eq!((info.firmware.as_deref(), info.users, info.punches), (Some("Ver 1"), None, Some(2)));
}

#[test]
fn nine_values_are_ambiguous_about_faces() {
    let info = poll("INFO=Ver 1,1,2,3,10.0.0.1,10,7,12,5");
    assert_eq!((info.users, info.fingerprints, info.punches), (Some(1), Some(2), Some(3)));
    assert_eq!(info.face_version.as_deref(), Some("7"));
    assert_eq!((info.faces_per_enrolment, info.faces), (None, None));
}

#[test]
fn rubbish_is_no_reason_to_fail() {
    for query in ["INFO=,", "INFO=,,,,,,,,,,,,,,,,", "INFO=%ff%fe", "INFO=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p"] {
        let info = poll(query);
        assert_eq!((info.users, info.punches, info.faces), (None, None, None), "{query}");
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    "[^,\\p{Cc}]{0,16}".prop_map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

prop_compose! {
    fn info()(
        texts in (text(), prop::option::of("[0-9]{1,3}(\\.[0-9]{1,3}){3}"), text()),
        versions in prop::array::uniform2(prop::option::of("[0-9]{1,3}")),
        numbers in prop::array::uniform8(any::<Option<u32>>()),
    ) -> Info {
        let (firmware, address, features) = texts;
        let [fingerprint_version, face_version] = versions;
        let [users, fingerprints, punches, faces_per_enrolment, faces, cards, user_pictures, punch_pictures] = numbers;
        Info {
            firmware, users, fingerprints, punches, address, fingerprint_version, face_version,
            faces_per_enrolment, faces, features, cards, user_pictures, punch_pictures,
        }
    }
}

proptest! {
    #[test]
    fn polls_are_read_back(info in info()) {
        let poll = Poll { info: Some(info) };
        let mut target = Vec::new();
        poll.write_target("A1", &mut target);
        prop_assert!(target.iter().all(u8::is_ascii_graphic));
        prop_assert_eq!(Poll::from_query(&Target::parse(&target).query), poll);
    }
}
