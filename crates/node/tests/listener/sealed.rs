//! O3: what is somebody's body lies sealed, and is not taken at all while it could not be.

use rollcall_core::vault::KEY_FILE;
use rollcall_node::listener::Limits;
use rollcall_protocol::base64;

use crate::support::{LINE, Rig, SN, post};

const ACCESS: &str = "VGU6000000001";

const FK: &str = "C26013500122";
const ENROLMENT: &str = r#"{"user_id":"3","user_name":"x","user_privilege":"USER","enroll_data_array":[{"backup_number":0,"enroll_data":"BIN_1"}]}"#;

fn glog(image: &str) -> String {
    format!(
        r#"{{"fk_bin_data_lib":"FKDataHS101","user_id":"1001","verify_mode":1,"io_mode":1,"io_time":"20260706085811","log_image":{image}}}"#
    )
}

/// What an FK machine is answered: the response code.
async fn fk(rig: &Rig, request: &str, json: &str, blobs: &[&[u8]]) -> String {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let mut body = [&length(json.len() + 1)[..], json.as_bytes(), b"\0"].concat();
    for blob in blobs {
        body.extend(length(blob.len()));
        body.extend_from_slice(blob);
    }
    let head = format!(
        "POST / HTTP/1.0\r\nrequest_code: {request}\r\ndev_id: {FK}\r\ntrans_id: RTAction\r\nblk_no: 0\r\n\
         blk_len: {length}\r\nContent-Length: {length}\r\n\r\n",
        length = body.len()
    );
    let mut line = rig.connect().await;
    line.send([head.as_bytes(), &body].concat()).await;
    let answer = String::from_utf8(line.rest().await).unwrap();
    let code = answer.split("\r\n").find_map(|line| line.strip_prefix("response_code: "));
    code.unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// A rig whose key is none.
async fn without_key() -> Rig {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(KEY_FILE), b"not a key").unwrap();
    let rig = Rig::in_folder(folder, Limits::default()).await;
    rig.add(SN, chrono_tz::Asia::Shanghai).await;
    rig.add(ACCESS, chrono_tz::Asia::Shanghai).await;
    rig
}

#[tokio::test]
async fn o3_without_its_key_templates_stay_on_the_machines_and_punches_are_taken() {
    let rig = without_key().await;
    let upload = |table: &str| format!("/iclock/cdata?SN={SN}&table={table}");
    let template = "Tmp=AAECAwQFBgc=";
    let refused = [
        (
            "BIODATA",
            format!("BIODATA Pin=3\tNo=0\tIndex=0\tValid=1\tType=9\tMajorVer=40\tMinorVer=1\t{template}\n"),
        ),
        (
            "OPERLOG",
            format!("OPLOG 6\t1\t2026-07-06 09:02:30\t3\t6\t8\t0\nFP PIN=3\tFID=6\tValid=1\t{template}\n"),
        ),
        ("OPERLOG", "USER PIN=3\tName=x\tPasswd=4321\n".to_owned()),
        ("BIOPHOTO", "BIOPHOTO PIN=3\tType=9\tSize=12\tContent=/9j/4AAQSkZJ\n".to_owned()),
        ("ATTPHOTO", "PIN=20260706085811-3.jpg\nSN=x\nsize=4\nCMD=uploadphoto\0\u{1}jpg".to_owned()),
        // Who knows what is in it.
        ("WHATEVER", "a line\n".to_owned()),
    ];
    for round in 0..2 {
        for (table, body) in &refused {
            rig.post(&upload(table), body).await.is_refused(503);
        }
        // The same connection, all the while.
        let mut line = rig.connect().await;
        for (table, body, expected) in [
            ("ATTLOG", LINE, "OK: 1"),
            ("OPERLOG", "OPLOG 4\t1\t2026-07-06 09:01:07\t0\t0\t0\t0\n", "OK: 1"),
            ("OPERLOG", "USER PIN=4\tName=y\tPasswd=\tCard=123\n", "OK: 1"),
        ] {
            line.send(post(&upload(table), body)).await;
            line.answer().await.is_ok(expected);
        }
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
        assert_eq!(rig.punches().await.len(), 1, "round {round}");
    }
    let access =
        |table: &str, name: &str| format!("/iclock/cdata?SN={ACCESS}&table={table}&tablename={name}&count=1");
    rig.post(
        &access("rtlog", ""),
        "time=2026-07-06 09:30:05\tpin=1001\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=21\r\n",
    )
    .await
    .is_ok("OK");
    rig.post(
        &access("tabledata", "biodata"),
        format!("biodata pin=3\tno=0\tindex=0\tvalid=1\ttype=9\tmajorver=40\tminorver=1\t{template}\r\n"),
    )
    .await
    .is_refused(503);
    assert_eq!(rig.punches().await.len(), 2);
    rig.add(FK, chrono_tz::Asia::Shanghai).await;
    assert_eq!(fk(&rig, "realtime_enroll_data", ENROLMENT, &[b"a finger"]).await, "ERROR");
    // These machines send one punch at a time, and none behind one that is refused: it is taken without its picture.
    assert_eq!(fk(&rig, "realtime_glog", &glog("\"BIN_1\""), &[b"\xff\xd8 jpeg"]).await, "OK");
    assert_eq!(rig.punches().await.len(), 3);
    // Nothing of what was refused is there, sealed or not.
    let counts: (i64, i64, i64) = rig
        .site
        .read(|conn| {
            let sql = "SELECT (SELECT count(*) FROM templates), (SELECT count(*) FROM pictures),
                         (SELECT count(*) FROM kept_uploads)";
            Ok::<_, rollcall_core::db::Error>(
                conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?,
            )
        })
        .await
        .unwrap();
    assert_eq!(counts, (0, 0, 0));
}

/// The queries of uploads that nothing reads, and of rows in tables that something reads otherwise.
#[tokio::test]
async fn o3_secrets_in_a_query_do_not_reach_the_disk() {
    let rig = Rig::start().await;
    rig.add(ACCESS, chrono_tz::Asia::Shanghai).await;
    let targets = [
        format!("/iclock/querydata?SN={SN}&type=tabledata&tablename=user&passwd=4321SECRET"),
        format!("/iclock/cdata?SN={SN}&table=WHATEVER&Passwd%20=4321SECRET"),
        format!("/iclock/cdata?SN={SN}&table=OPERLOG&ComKey=4321SECRET"),
        format!("/iclock/cdata?SN={ACCESS}&table=tabledata&tablename=newtable&passwd=4321SECRET"),
        format!("/iclock/cdata?SN={ACCESS}&table=tabledata&tablename=user&passwd=4321SECRET"),
    ];
    for target in &targets {
        let answer = rig.post(target, "user pin=0\tname=X\n").await;
        assert!(answer.head.starts_with("HTTP/1.1 200 "), "{target}: {}", answer.head);
    }
    let queries: Vec<String> = rig
        .site
        .read(|conn| {
            let mut statement = conn.prepare("SELECT query FROM kept_uploads ORDER BY id")?;
            let queries = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok::<_, rollcall_core::db::Error>(queries)
        })
        .await
        .unwrap();
    let masked = targets.each_ref().map(|target| {
        let query = target.split_once('?').unwrap().1;
        query.replace("4321SECRET", "‹secret›")
    });
    assert_eq!(queries, masked);
}

/// Some FK machines send the password with the punch it was typed for.
#[tokio::test]
async fn o3_a_password_beside_an_fk_punch_does_not_reach_the_disk() {
    let rig = Rig::start().await;
    rig.add(FK, chrono_tz::Asia::Shanghai).await;
    let punch = glog("null").replace("\"io_mode\"", "\"password\":\"4321SECRET\",\"io_mode\"");
    assert_eq!(fk(&rig, "realtime_glog", &punch, &[]).await, "OK");
    // One that is set aside.
    assert_eq!(fk(&rig, "realtime_glog", &punch.replace("20260706085811", "never"), &[]).await, "OK");
    assert_eq!((rig.punches().await.len(), rig.rejected().await.len()), (1, 1));
    for entry in std::fs::read_dir(rig.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        assert!(!bytes.windows(10).any(|window| window == b"4321SECRET"), "{}", path.display());
    }
}

/// Whichever way it comes, whatever is wrong with it.
#[tokio::test]
async fn o3_no_template_or_photo_reaches_the_disk_in_clear() {
    let rig = Rig::start().await;
    rig.add(ACCESS, chrono_tz::Asia::Shanghai).await;
    let secret = b"the ridges and valleys of one finger, as a machine sees them";
    let text = base64::encode(secret);
    let size = text.len();
    let upload = |table: &str| format!("/iclock/cdata?SN={SN}&table={table}");
    let photo = [b"PIN=20260706085811-3.jpg\nSN=x\nsize=60\nCMD=uploadphoto\0".as_slice(), secret].concat();
    let bodies: Vec<(String, Vec<u8>)> = [
        (
            upload("BIODATA"),
            format!("BIODATA Pin=3\tNo=0\tIndex=0\tValid=1\tType=1\tMajorVer=13\tTmp={text}\n"),
        ),
        (upload("OPERLOG"), format!("FP PIN=3\tFID=6\tSize={size}\tValid=1\tTMP={text}\n")),
        (upload("OPERLOG"), format!("FACE PIN=3\tFID=0\tSIZE={size}\tVALID=1\tTMP={text}\n")),
        (upload("OPERLOG"), format!("USERPIC PIN=3\tFileName=3.jpg\tSize={size}\tContent={text}\n")),
        (upload("BIOPHOTO"), format!("BIOPHOTO PIN=3\tType=9\tSize={size}\tContent={text}\n")),
        // Nobody's, not Base64 to its end, of no known kind, in a table nothing reads.
        (upload("OPERLOG"), format!("FP PIN=\tFID=6\tTMP={text}\n")),
        (upload("BIODATA"), format!("BIODATA Pin=3\tType=1\tTmp={text}%%%\n")),
        (upload("OPERLOG"), format!("PALM PIN=3\tTMP={text}\n")),
        (upload("IDCARD"), format!("IDCARD PIN=3\tIDNum=1\tPhoto={text}\n")),
        (upload("WHATEVER"), format!("{text}\n")),
        (
            format!("/iclock/cdata?SN={ACCESS}&table=tabledata&tablename=templatev10&count=1"),
            format!("templatev10 pin=3\tfingerid=6\tvalid=1\ttemplate={text}\r\n"),
        ),
        (
            format!("/iclock/cdata?SN={ACCESS}&table=tabledata&tablename=biophoto&count=1"),
            format!("biophoto pin=3\tfilename=3.jpg\ttype=9\tsize={size}\tcontent={text}\r\n"),
        ),
    ]
    .into_iter()
    .map(|(target, body)| (target, body.into_bytes()))
    .chain([(upload("ATTPHOTO"), photo.clone()), (format!("/iclock/fdata?SN={SN}&table=ATTPHOTO"), photo)])
    .collect();
    let middle = text.get(8..48).unwrap().as_bytes().to_vec();
    let lies_in = |needle: &[u8]| {
        std::fs::read_dir(rig.folder.path()).unwrap().map(|entry| entry.unwrap().path()).find(|path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    };
    for (target, body) in bodies {
        let answer = rig.post(&target, body).await;
        assert!(answer.head.starts_with("HTTP/1.1 200 "), "{target}: {}", answer.head);
        for needle in [&middle[..], secret] {
            assert_eq!(lies_in(needle), None, "{target}");
        }
    }
    rig.add(FK, chrono_tz::Asia::Shanghai).await;
    for (request, json) in [("realtime_enroll_data", ENROLMENT), ("realtime_glog", &glog("\"BIN_1\""))] {
        assert_eq!(fk(&rig, request, json, &[secret]).await, "OK");
        // And one that says less than it should.
        assert_eq!(fk(&rig, request, &json.replace("user_id", "nobody"), &[secret]).await, "OK");
        assert_eq!(lies_in(secret), None, "{request}");
    }
    // The search finds what may lie in clear.
    rig.post(&upload("ATTLOG"), LINE).await.is_ok("OK: 1");
    assert!(lies_in(LINE.trim().as_bytes()).is_some());
}
