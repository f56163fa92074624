//! H: how answers leave.

use crate::support::{LINE, Rig, SN, accepted, post};

#[tokio::test]
async fn h1_h6_h7_exact_bytes_of_a_poll() {
    let rig = Rig::start().await;
    let answer = rig.get(&format!("/iclock/getrequest?SN={SN}")).await;
    assert_eq!(
        String::from_utf8(answer.raw).unwrap(),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nDate: Mon, 06 Jul 2026 01:30:00 GMT\r\n\
         Connection: keep-alive\r\n\r\nOK"
    );
}

#[tokio::test]
async fn h2_fk_headers_are_lower_case_with_underscores() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    line.send("POST / HTTP/1.0\r\nrequest_code: receive_cmd\r\ndev_id: C26013500122\r\ntrans_id: ReceiveCommandAction\r\nblk_no: 0\r\nContent-Length: 5\r\n\r\nabcde").await;
    assert_eq!(
        String::from_utf8(line.rest().await).unwrap(),
        "HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nresponse_code: ERROR_NO_CMD\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
}

#[tokio::test]
async fn h3_always_a_length_never_chunked_or_compressed() {
    let rig = Rig::start().await;
    let line = |target: &str| {
        format!("GET {target} HTTP/1.1\r\nAccept-Encoding: gzip, deflate\r\nTE: trailers\r\n\r\n")
    };
    for target in [
        format!("/iclock/cdata?SN={SN}&options=all&pushver=2.4.1"),
        format!("/iclock/getrequest?SN={SN}"),
        "/iclock/getrequest".to_owned(),
        "/nothing".to_owned(),
    ] {
        let answer = rig.talk(line(&target)).await;
        let lower = answer.head.to_ascii_lowercase();
        assert!(answer.head.contains("\r\nContent-Length: "), "{answer:?}");
        assert!(!lower.contains("transfer-encoding") && !lower.contains("content-encoding"), "{answer:?}");
    }
}

#[tokio::test]
async fn h4_h5_text_plain_in_a_small_header() {
    let rig = Rig::start().await;
    for answer in [
        rig.get(&format!("/iclock/cdata?SN={SN}&options=all")).await,
        rig.post(&format!("/iclock/devicecmd?SN={SN}"), "ID=1&Return=0&CMD=DATA\n").await,
        rig.punch(SN, LINE).await,
        rig.get("/iclock/cdata").await,
    ] {
        assert!(answer.head.contains("\r\nContent-Type: text/plain\r\n"), "{answer:?}");
        assert!(answer.head.len() < 2048 && !answer.head.contains("Cookie"));
    }
}

#[tokio::test]
async fn h7_the_option_block_ends_every_line() {
    let rig = Rig::start().await;
    let answer = rig
        .get(&format!(
            "/iclock/cdata?SN={SN}&options=all&language=83&pushver=2.4.1&DeviceType=att&PushOptionsFlag=1"
        ))
        .await;
    answer.is_ok(
        "GET OPTION FROM: CQZ7000000001\nATTLOGStamp=None\nOPERLOGStamp=9999\nATTPHOTOStamp=None\nErrorDelay=30\nDelay=10\n\
         TransTimes=00:00;14:05\nTransInterval=1\n\
         TransFlag=TransData AttLog\tOpLog\tAttPhoto\tEnrollUser\tChgUser\tEnrollFP\tChgFP\tFACE\tUserPic\tBioPhoto\n\
         TimeZone=8\nRealtime=1\nEncrypt=None\nServerVer=2.4.1\nPushProtVer=2.4.1\nPushOptionsFlag=1\n\
         PushOptions=UserCount,TransactionCount,FingerFunOn,FPVersion,FPCount,FaceFunOn,FaceVersion,FaceCount,FvFunOn,\
         PvFunOn,BioPhotoFun,BioDataFun,PhotoFunOn,VisilightFun,UserValidTimeFun,MultiBioDataSupport,\
         MultiBioPhotoSupport,MultiBioVersion,~MaxUserCount,~MaxAttLogCount,PIN2Width,StringPinFunOn,FWVersion,\
         PushVersion\nSupportPing=1\n",
    );
}

#[tokio::test]
async fn h7_old_machines_get_the_block_they_can_read() {
    let rig = Rig::start().await;
    rig.get(&format!("/iclock/cdata?SN={SN}&options=all")).await.is_ok(
        "GET OPTION FROM: CQZ7000000001\nStamp=9999\nOpStamp=9999\nPhotoStamp=9999\nErrorDelay=60\nDelay=15\n\
         TransTimes=00:00;14:05\nTransInterval=1\nTransFlag=1111101100\nTimeZone=8\nRealtime=1\nEncrypt=0\n",
    );
    let answer = rig.get(&format!("/iclock/cdata?SN={SN}&options=all&pushver=2.0.1&language=83")).await;
    assert!(
        answer.body.contains("\nATTLOGStamp=None\n") && answer.body.contains("\nServerVer="),
        "{answer:?}"
    );
    assert!(!answer.body.contains("PushProtVer"), "{answer:?}");
}

#[tokio::test]
async fn h8_header_and_body_leave_in_one_write() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    for _ in 0..50 {
        line.send(format!("GET /iclock/getrequest?SN={SN} HTTP/1.1\r\n\r\n")).await;
        assert_eq!(String::from_utf8(line.one_read().await).unwrap(), accepted("OK", "keep-alive"));
        line.send(post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE)).await;
        assert_eq!(String::from_utf8(line.one_read().await).unwrap(), accepted("OK: 1", "keep-alive"));
    }
}
