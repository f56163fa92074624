//! FK messages of both generations: no more comes out than went in, and what was written is read back.

use rollcall_protocol::fk::frame::{Draft, Frame, Generation};
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::request::{Request, block_number};
use rollcall_protocol::text::Encoding;

/// Judges one input: a body.
pub fn check(body: &[u8]) {
    let _ = (Request::of(Some(body), None), Request::of(None, Some(body)), block_number(Some(body)));
    let whole = Frame::is_whole(body);
    let Ok(frame) = Frame::parse(body) else {
        assert!(!whole);
        return;
    };
    assert!(frame.blobs.iter().map(|blob| blob.len() + 4).sum::<usize>() <= body.len());
    let Ok(json) = frame.json() else {
        assert!(!whole);
        return;
    };
    let mut bare = String::new();
    json.write(&mut bare);
    assert!(frame.without_binaries(&json).len() <= bare.len() + 64);
    for (_, value) in json.members() {
        if let Some(bytes) = frame.binary(value) {
            assert!(bytes.len() <= body.len());
        }
    }
    if matches!(json, Json::Object(_)) {
        written(&frame, &json);
    }
}

fn written(frame: &Frame<'_>, json: &Json<'_>) {
    // Zeros at the end of a message are padding, so a binary of zeros only is one only before another.
    let blobs: Vec<&[u8]> =
        frame.blobs.iter().copied().filter(|blob| blob.iter().any(|byte| *byte != 0)).collect();
    for generation in [Generation::Classic, Generation::New] {
        let mut draft = Draft::new(generation);
        let names: Vec<Json<'_>> = blobs.iter().map(|blob| draft.binary(blob)).collect();
        let message = Json::object(vec![("is", json.clone()), ("blobs", Json::List(names))]);
        let body = draft.finish(&message, Encoding::Utf8);
        let again = Frame::parse(&body).expect("what was written is a message");
        assert!(again.intact);
        let reread = again.json();
        // One more level may be the one that is too much.
        let Ok(reread) = reread else { continue };
        assert_eq!(reread.get("is"), Some(json));
        let held = reread.get("blobs").map(Json::list).unwrap_or_default();
        let held: Vec<_> = held.iter().filter_map(|name| again.binary(name)).collect();
        assert_eq!(held, blobs);
    }
}
