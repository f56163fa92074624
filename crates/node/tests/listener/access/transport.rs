//! Requests and answers as they are on the wire.

use rollcall_protocol::Dialect;

use super::{CAME, EVENTS};
use crate::support::{Rig, SN};

#[tokio::test]
async fn h4_media_types_of_either_kind_are_taken_and_text_plain_is_answered() {
    let rig = Rig::access().await;
    for media in [
        "application/push;charset=UTF-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json",
    ] {
        let request = format!(
            "POST {EVENTS} HTTP/1.1\r\nConnection: starting\r\nAccept: application/push\r\nContent-Type: {media}\r\n\
             Content-Length: {}\r\n\r\n{CAME}",
            CAME.len()
        );
        let answer = rig.talk(request).await;
        assert!(answer.head.contains("\r\nContent-Type: text/plain\r\n"), "{answer:?}");
        assert_eq!((answer.status(), answer.body.as_str()), (200, "OK"));
    }
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn r4_r6_paths_nobody_knows_and_files_are_not_found() {
    let rig = Rig::access().await;
    for path in ["whatever", "file", "photo/1001.jpg", "registry/x"] {
        rig.get(&format!("/iclock/{path}?SN={SN}")).await.is_refused(404);
        rig.post(&format!("/iclock/{path}?SN={SN}"), CAME).await.is_refused(404);
    }
    rig.talk(format!("GET /iclock/photo/1001.jpg?SN={SN} HTTP/1.1\r\nRange: bytes=0-9\r\n\r\n"))
        .await
        .is_refused(404);
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty());
}
