//! Tables: people and what belongs to them, and those nobody knows.

use rollcall_core::enrolments::templates_of;
use rollcall_core::machines::Machine;
use rollcall_core::pictures::{picture_get, picture_of};
use rollcall_protocol::WallTime;
use rollcall_protocol::order::Privilege;

use super::{query, table};
use crate::support::{Rig, SN};

#[tokio::test]
async fn a6_tables_are_acknowledged_by_name_and_number() {
    let rig = Rig::access().await;
    for (target, body, answer) in [
        (table("user", 2), "user uid=1\tpin=1001\tname=A\nuser uid=2\tpin=1002\tname=B\n", "user=2"),
        // As the request spells the name and counts; without a number the lines; without a name plainly.
        (table("USER", 7), "pin=1001\n", "USER=7"),
        (
            format!("/iclock/cdata?SN={SN}&table=tabledata&tablename=user"),
            "pin=1001\r\n\r\npin=1002\r\n",
            "user=2",
        ),
        (format!("/iclock/cdata?SN={SN}&table=tabledata"), "whatever\n", "OK"),
        (format!("/iclock/cdata?SN={SN}&table=tabledata&tablename=a/b&count=1"), "whatever\n", "OK"),
        (
            table("biophoto", 1),
            "biophoto pin=1001\tfilename=1001.jpg\ttype=9\tsize=12\tcontent=/9j/4AAQSkZJ\n",
            "biophoto=1",
        ),
        (
            table("ATTPHOTO", 1),
            "ATTPHOTO pin=20260706093005-1001.jpg\tsn=X\tsize=12\tphoto=/9j/4AAQSkZJ\n",
            "ATTPHOTO=1",
        ),
        (
            format!("/iclock/cdata?SN={SN}&type=registry&tablename=DeviceAuthorize&count=3"),
            "a\nb\nc\n",
            "DeviceAuthorize=3",
        ),
        (table("errorlog", 1), "errorlog errcode=D01E0001\tdataorigin=dev\n", "errorlog=1"),
        (query("tabledata", 7, "extuser", 1), "extuser pin=1001\tfirstname=A\n", "extuser=1"),
        (query("count", 7, "user", 1), "user=17", "user=17"),
        (query("options", 7, "options", 1), "~SerialNumber=CQZ7000000001,FirmVer=ZAM190", "OK"),
        (query("vmtable", 7, "vmtable", 2), "a\nb\n", "vmtable=2"),
        // A parameter may occur twice (§9).
        (
            format!("/iclock/querydata?SN={SN}&type=tabledata&type=tabledata&cmdid=7&tablename=user&count=1"),
            "pin=1001",
            "user=1",
        ),
    ] {
        rig.post(&target, body).await.is_ok(answer);
    }
    let machine: Machine = rig.machine().await;
    assert_eq!((machine.reported.people, machine.firmware.as_deref()), (Some(17), Some("ZAM190")));
}

#[tokio::test]
async fn r5_a4_unknown_tables_are_acknowledged_and_kept() {
    let rig = Rig::access().await;
    for (target, body, answer) in [
        (format!("/iclock/cdata?SN={SN}&table=NEWTHING"), "a\tb\n", "OK"),
        (table("newtable", 1), "newtable a=1\n", "newtable=1"),
        (table("mulcarduser", 1), "mulcarduser pin=1001\tcardno=8A1F22\n", "mulcarduser=1"),
        // A row that names nobody, between good ones.
        (table("user", 3), "user pin=1001\nuser pin=0\tname=X\nuser pin=1002\n", "user=3"),
        (table("biodata", 1), "biodata pin=1001\ttmp=***\n", "biodata=1"),
    ] {
        rig.post(&target, body).await.is_ok(answer);
    }
    let kept: Vec<_> = rig.kept().await;
    let names: Vec<_> = kept.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["NEWTHING", "newtable", "mulcarduser", "user", "biodata"]);
    assert_eq!(kept[3].1, b"user pin=0\tname=X\n");
    assert_eq!(rig.known_people().await.len(), 2);
}

#[tokio::test]
async fn people_templates_and_pictures_are_kept() {
    let rig = Rig::access().await;
    let users = "user uid=1\tcardno=\tpin=1001\tpassword=\tgroup=1\tstarttime=0\tendtime=0\tname=张三\tprivilege=0\tdisable=0\tverify=0\r\n\
                 user uid=2\tcardno=8A1F22\tpin=1002\tpassword=77\tgroup=1\tstarttime=20260701\tendtime=20261231\tname=Wang\tprivilege=14\tdisable=1\tverify=0\r\n";
    rig.post(&table("user", 2), users).await.is_ok("user=2");
    let biodata = "biodata pin=1001\tno=0\tindex=0\tvalid=1\tduress=0\ttype=9\tmajorver=40\tminorver=1\tformat=0\ttmp=AAECAwQFBgc=\r\n";
    rig.post(&table("biodata", 1), biodata).await.is_ok("biodata=1");
    rig.post(
        &table("ATTPHOTO", 1),
        "ATTPHOTO pin=20260706093005-1001.jpg\tsn=X\tsize=12\tphoto=/9j/4AAQSkZJ\r\n",
    )
    .await
    .is_ok("ATTPHOTO=1");
    let seen = rig.known_people().await;
    assert_eq!(seen.len(), 2);
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].inactive),
        ("张三", Privilege::User, false)
    );
    assert_eq!(
        (seen[1].card.as_str(), seen[1].privilege, seen[1].inactive),
        ("8A1F22", Privilege::Administrator, true)
    );
    assert!(seen[1].has_password && !seen[0].has_password);
    assert_eq!(seen[1].valid_to, "20261231");
    let machine = rig.machine().await;
    assert_eq!(machine.seen_encoding, Some(rollcall_protocol::text::Encoding::Utf8));
    let vault = rig.site.vault().clone();
    let wall = WallTime::parse(b"2026-07-06 09:30:05").unwrap();
    let (templates, picture) = rig
        .site
        .read(move |conn| {
            let templates = templates_of(conn, &vault, machine.id, "1001")?;
            let picture = picture_of(conn, machine.id, "1001", wall)?.unwrap();
            Ok::<_, rollcall_core::db::Error>((templates, picture_get(conn, &vault, picture)?.unwrap()))
        })
        .await
        .unwrap();
    assert_eq!((templates.len(), templates[0].version, templates[0].data.len()), (1, Some((40, 1)), 8));
    assert_eq!(&picture[..2], [0xff, 0xd8]);
    assert!(rig.kept().await.is_empty());
}
