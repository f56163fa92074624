//! Punch pictures (attendance-push §9).

use proptest::prelude::*;
use rollcall_protocol::attendance::picture::Picture;
use rollcall_protocol::base64;

use crate::listing::message;

#[test]
fn p1_split_at_the_first_nul_whatever_the_picture_holds() {
    for (name, cmd, bytes) in [("attphoto", "uploadphoto", 20_480), ("fdata-aspx", "realupload", 8192)] {
        let body = message(name).body;
        let picture = Picture::parse(&body).unwrap();
        assert_eq!((picture.name.as_ref(), picture.cmd.as_ref()), ("20260706085811-1001.jpg", cmd));
        assert_eq!(picture.data.len(), bytes);
        let mut again = Vec::new();
        picture.write(&mut again);
        assert!(again == body, "{name}");
    }
    let body = b"PIN=20260706085811.jpg\r\nSN=1\r\nsize=9\r\nCMD=uploadphoto\0\xff\xd8\0PIN=\n\0";
    assert_eq!(Picture::parse(body).unwrap().data.as_ref(), b"\xff\xd8\0PIN=\n\0");
}

#[test]
fn a_picture_as_base64_with_and_without_a_nul() {
    let jpeg = b"\xff\xd8\xff\xe0picture";
    for between in ["\0", "\n", "\r\n"] {
        let body =
            format!("PIN=20260706085811-1.jpg\nsize=11\nCMD=uploadphoto{between}{}", base64::encode(jpeg));
        let picture = Picture::parse(body.as_bytes()).unwrap();
        assert_eq!(picture.data.as_ref(), jpeg, "{between:?}");
    }
}

#[test]
fn what_is_no_picture() {
    for body in [
        &b""[..],
        b"x",
        b"PIN=a.jpg\nCMD=uploadphoto",
        b"PIN=a.jpg\nCMD=uploadphoto\0",
        b"CMD=uploadphoto\0\xff",
        b"\0\xff\xd8",
    ] {
        assert_eq!(Picture::parse(body), None, "{body:?}");
    }
}

#[test]
fn the_name_tells_when_and_who() {
    let told = |name: &str| {
        let picture = Picture { name: name.into(), sn: "".into(), cmd: "".into(), data: b"x"[..].into() };
        (picture.time().map(|time| time.to_string()), picture.pin().map(str::to_owned))
    };
    let when = || Some("2026-07-06 08:58:11".to_owned());
    assert_eq!(told("20260706085811-1001.jpg"), (when(), Some("1001".to_owned())));
    assert_eq!(told("20260706085811-A01.JPG"), (when(), Some("A01".to_owned())));
    assert_eq!(told("20260706085811.jpg"), (when(), None));
    assert_eq!(told("20260706085811-0.jpg"), (when(), None));
    assert_eq!(told("20260706085811-1-1001-110101199001010011.jpg"), (when(), Some("1001".to_owned())));
    assert_eq!(told("20260231085811-1001.jpg"), (None, Some("1001".to_owned())));
    assert_eq!(told("张-1"), (None, Some("1".to_owned())));
    assert_eq!(told("1001"), (None, None));
}

proptest! {
    #[test]
    fn pictures_are_read_back(
        name in "[0-9]{14}(-[0-9]{1,9})?\\.jpg", sn in "[A-Z0-9]{0,12}", cmd in "uploadphoto|realupload",
        data in prop::collection::vec(any::<u8>(), 0..80)
    ) {
        let mut jpeg = vec![0xff, 0xd8];
        jpeg.extend(data);
        let picture = Picture { name: name.into(), sn: sn.into(), cmd: cmd.into(), data: jpeg.into() };
        let mut body = Vec::new();
        picture.write(&mut body);
        prop_assert_eq!(Picture::parse(&body), Some(picture));
    }

    #[test]
    fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Some(picture) = Picture::parse(&body) {
            let _ = (picture.time(), picture.pin());
        }
    }
}
