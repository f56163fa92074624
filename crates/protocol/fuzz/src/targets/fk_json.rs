//! FK messages and what they mean: values survive writing, and no text that is read holds a control character.

use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::log::{self, Log};
use rollcall_protocol::fk::modes::{self, Library};
use rollcall_protocol::fk::people::{self, Listing, User};
use rollcall_protocol::fk::poll::{Door, Poll, Status};
use rollcall_protocol::fk::punch::{Punch, image};
use rollcall_protocol::fk::{codes, time};

/// Judges one input: a body in either generation.
pub fn check(body: &[u8]) {
    let Ok(frame) = Frame::parse(body) else { return };
    let _ = (codes::is_success(&frame.text), codes::reason(&frame.text));
    if let Ok(time) = time::parse(&frame.text) {
        assert_eq!(time::parse(&time::write(time)), Ok(time));
    }
    let Ok(json) = frame.json() else { return };
    let mut once = String::new();
    json.write(&mut once);
    // JSON itself allows U+007F.
    assert!(!once.bytes().any(|byte| byte < b' '), "{once:?}");
    let (again, rest) = Json::parse_prefix(&once).expect("what was written is JSON");
    assert_eq!((&again, rest), (&json, ""));

    for library in [Library::Plain, Library::TopByte] {
        if let Ok(punch) = Punch::read(&json, library) {
            clean([&punch.pin, &punch.verify, &punch.work_code].map(AsRef::as_ref));
            assert!(!punch.pin.is_empty());
            let _ = modes::method(&punch.verify, library);
        }
        match log::read(&frame, &json, library) {
            Log::Records(records) => {
                assert!(records.len() * 12 <= body.len());
                for record in records {
                    assert!(matches!(record.raw.len(), 12 | 48));
                    if let Ok(stored) = record.punch {
                        clean([stored.pin.as_str(), &stored.verify, ""]);
                    }
                }
            }
            Log::Objects(count) => assert_eq!(log::list(&json).len(), count),
            Log::Unknown(_, bytes) => assert!(bytes.len() <= body.len()),
            Log::Empty => {}
        }
    }
    if let Some(image) = image(&frame, &json) {
        assert!(image.len() <= body.len());
    }
    if let Some(user) = User::read(&frame, &json) {
        clean([user.pin.as_str(), &user.name, &user.raw_privilege]);
        clean([user.card.as_str(), &user.password, ""]);
        // A binary may be spoken of more than once, but each kind is kept once.
        assert!(user.templates(|_| None).len() <= 64 + 2);
        let mut kinds: Vec<_> = user.templates.iter().map(|(kind, no, _)| (*kind, *no)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), user.templates.len());
    }
    if let Listing::People(listed) = people::listing(&frame, &json) {
        listed.iter().for_each(|one| clean([one.pin.as_str(), "", ""]));
    }
    let (poll, status, door) = (Poll::read(&json), Status::read(&json), Door::read(&json));
    for said in [poll.said, status.said, door.said] {
        assert!(said.len() <= 40);
        said.iter().for_each(|(name, value)| clean([name.as_str(), value, ""]));
    }
}

fn clean(texts: [&str; 3]) {
    for text in texts {
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
}
