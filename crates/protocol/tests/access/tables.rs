//! Rows of tables (access-push §7, §11, §19).

use proptest::prelude::*;
use rollcall_protocol::access::errors::MachineError;
use rollcall_protocol::access::people::User;
use rollcall_protocol::access::row::{Row, Table, rows};
use rollcall_protocol::access::templates::{TemplateError, picture, template};
use rollcall_protocol::order::{Privilege, TemplateKind};

use crate::listing::{message, shown};

fn first(line: &str) -> Row<'_> {
    rows(line.as_bytes()).next().unwrap()
}

#[test]
fn people_of_the_chapter() {
    let body = message("access/users").body;
    let users: Vec<_> = rows(&body).filter_map(User::of).collect();
    let names: Vec<_> = users.iter().map(|user| (user.pin.as_ref(), user.name.as_ref())).collect();
    assert_eq!(names, [("1001", "张三"), ("1002", "Wang")]);
    assert_eq!((users[0].privilege(), users[1].privilege()), (Privilege::User, Privilege::Administrator));
    assert_eq!((users[0].from, users[1].from.unwrap().to_string()), (None, "2026-07-01".to_owned()));
    assert_eq!(users[1].to.unwrap().to_string(), "2026-12-31");
    assert_eq!(users[1].card, "8A1F22");
    let mut again = Vec::new();
    users.iter().for_each(|user| user.write(&mut again));
    assert_eq!(shown(&again), shown(&body));
}

#[test]
fn p7_the_word_in_front_may_be_missing_or_followed_by_a_tab() {
    for line in [
        "user uid=1\tpin=1001\tname=Wang Wu\tprivilege=2",
        "user\tuid=1\tpin=1001\tname=Wang Wu\tprivilege=2",
        "USER   uid=1\tpin=1001\tname=Wang Wu\tprivilege=2",
        "uid=1\tpin=1001\tname=Wang Wu\tprivilege=2\t",
        "name=Wang Wu\tPIN=1001\tPrivilege=2\tUID=1\r",
        "  name=Wang Wu\tPIN=1001\tPrivilege=2\tUID=1\0\0",
    ] {
        let user = User::of(first(line)).unwrap();
        assert_eq!(
            (user.pin.as_ref(), user.name.as_ref(), user.uid.as_ref()),
            ("1001", "Wang Wu", "1"),
            "{line:?}"
        );
        assert_eq!(user.privilege(), Privilege::Registrar, "{line:?}");
    }
}

#[test]
fn p9_rows_of_nobody_are_nobody() {
    for line in ["user pin=0\tname=X", "user pin=\tname=X", "user name=X", "user"] {
        assert_eq!(rows(line.as_bytes()).filter_map(User::of).count(), 0, "{line:?}");
    }
}

#[test]
fn both_marks_of_disabled_people_are_read() {
    for (line, inactive, privilege) in [
        ("user pin=7\tdisable=0\tprivilege=0", false, Privilege::User),
        ("user pin=7\tdisable=1\tprivilege=0", true, Privilege::User),
        ("user pin=7\tprivilege=1", true, Privilege::User),
        ("user pin=7\tprivilege=15", true, Privilege::Administrator),
        ("user pin=7\tprivilege=6", false, Privilege::Administrator),
        ("user pin=7\tprivilege=10", false, Privilege::Administrator),
        ("user pin=7\tprivilege=x", false, Privilege::User),
    ] {
        let user = User::of(first(line)).unwrap();
        assert_eq!((user.inactive(), user.privilege()), (inactive, privilege), "{line}");
    }
}

#[test]
fn o3_neither_card_nor_password_is_printed() {
    let user = User::of(first("user pin=7\tpassword=4321\tcardno=8A1F22")).unwrap();
    let printed = format!("{user:?}");
    assert!(!printed.contains("4321") && !printed.contains("8A1F22"), "{printed}");
}

#[test]
fn templates_of_every_table() {
    for (table, line, kind, key, version) in [
        (
            Table::BioData,
            "biodata pin=1001\tno=3\tindex=2\tvalid=1\tduress=0\ttype=9\tmajorver=40\tminorver=1\tformat=0\ttmp=AAECAwQFBgc=",
            TemplateKind::Bio(9),
            (3, 2),
            Some((40, 1)),
        ),
        (
            Table::TemplateV10,
            "templatev10 pin=1001\tfingerid=6\tvalid=1\ttemplate=AAECAwQFBgc=",
            TemplateKind::Fingerprint,
            (6, 0),
            None,
        ),
        (
            Table::FaceV7,
            "facev7 pin=1001\tfaceid=4\ttemplate=AAECAwQFBgc=",
            TemplateKind::NearInfraredFace,
            (0, 4),
            None,
        ),
        (
            Table::BioPhoto,
            "biophoto pin=1001\tfilename=1001.jpg\ttype=9\tsize=12\tcontent=AAECAwQFBgc=",
            TemplateKind::Photo,
            (0, 0),
            None,
        ),
        (
            Table::UserPic,
            "pin=1001\tfilename=1001.jpg\tsize=12\tcontent=AAECAwQFBgc=",
            TemplateKind::Picture,
            (0, 0),
            None,
        ),
    ] {
        let read = template(table, &first(line)).unwrap();
        assert_eq!(read.pin.as_str(), "1001");
        assert_eq!((read.kind, (read.no, read.index), read.version), (kind, key, version), "{line}");
        assert_eq!(read.data, [0, 1, 2, 3, 4, 5, 6, 7]);
    }
    for name in ["biophoto", "biodata"] {
        let message = message(&format!("access/{name}"));
        let table = Table::parse(name).unwrap();
        assert!(template(table, &rows(&message.body).next().unwrap()).is_ok(), "{name}");
    }
}

#[test]
fn rows_that_are_no_templates() {
    for (table, line, error) in [
        (Table::User, "user pin=1", TemplateError::Table),
        (Table::BioData, "biodata pin=0\ttmp=AAEC", TemplateError::Pin),
        (Table::BioData, "biodata pin=1 2\ttmp=AAEC", TemplateError::Pin),
        (Table::BioData, "biodata pin=1\ttmp=", TemplateError::Data),
        (Table::BioData, "biodata pin=1", TemplateError::Data),
        (Table::BioPhoto, "biophoto pin=1\tcontent=///\u{ff}", TemplateError::Data),
    ] {
        assert_eq!(template(table, &first(line)), Err(error), "{line}");
    }
}

#[test]
fn pictures_tell_who_and_when_by_their_names() {
    for (name, pin, wall) in [
        ("20260706085811-1001.jpg", Some("1001"), Some("2026-07-06 08:58:11")),
        ("20260706085811.jpg", None, Some("2026-07-06 08:58:11")),
        ("20260706085811-0.jpg", None, Some("2026-07-06 08:58:11")),
        ("20260231085811-1001.jpg", Some("1001"), None),
        ("whatever", None, None),
    ] {
        let line = format!("ATTPHOTO pin={name}\tsn=VGU6000000001\tsize=12\tphoto=/9j/4AAQSkZJ");
        let picture = picture(&first(&line)).unwrap();
        assert_eq!(picture.pin(), pin, "{name}");
        assert_eq!(picture.time().map(|wall| wall.to_string()).as_deref(), wall, "{name}");
        assert_eq!(&picture.data[..2], [0xff, 0xd8]);
    }
    assert_eq!(picture(&first("ATTPHOTO pin=1.jpg\tphoto=")), None);
    assert_eq!(picture(&first("ATTPHOTO pin=1.jpg")), None);
}

#[test]
fn errors_name_the_command_they_are_about() {
    let body = message("access/errorlog").body;
    let row = rows(&body).next().unwrap();
    let error = MachineError::of(&row).unwrap();
    assert_eq!(
        (error.code.as_ref(), error.command, error.about.as_str()),
        ("D01E0001", Some(430), "PIN=1001")
    );
    let own = first("errorlog errcode=D01E0002\terrmsg=x\tdataorigin=dev\tcmdid=430\tadditional=plain text");
    let own = MachineError::of(&own).unwrap();
    assert_eq!((own.command, own.about.as_str(), own.words.as_ref()), (None, "plain text", "x"));
    assert_eq!(MachineError::of(&first("errorlog errmsg=x")), None);
}

#[test]
fn tables_have_names_in_any_case() {
    for name in [
        "user",
        "EXTUSER",
        "MulCardUser",
        "identitycard",
        "templatev10",
        "facev7",
        "biophoto",
        "userpic",
        "biodata",
        "attphoto",
        "transaction",
        " errorlog ",
    ] {
        assert!(
            Table::parse(name).is_some_and(|table| table.name().eq_ignore_ascii_case(name.trim())),
            "{name}"
        );
    }
    assert_eq!(Table::parse("newtable"), None);
}

proptest! {
    #[test]
    fn rows_are_read_back(pairs in prop::collection::vec(("[a-z][a-z0-9]{0,9}", "[^\\p{Cc}]{0,12}"), 1..8)) {
        let borrowed: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let mut line = Vec::new();
        Row::write("user", &borrowed, &mut line);
        let read: Vec<_> = rows(&line).collect();
        prop_assert_eq!(read.len(), 1);
        let read: Vec<_> = read[0].pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let sent: Vec<_> = pairs.iter().map(|(key, value)| (key.clone(), value.trim_matches(' ').to_owned())).collect();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for row in rows(&body) {
            let _ = template(Table::BioData, &row);
            let _ = picture(&row);
            let _ = MachineError::of(&row);
            let _ = User::of(row);
        }
    }
}
