use proptest::prelude::*;

use super::head::LONGEST_QUERY;
use super::*;

const PLENTY: usize = 100_000;

fn shown(bytes: impl AsRef<[u8]>) -> String {
    body(bytes.as_ref(), false, PLENTY)
}

#[test]
fn o1_bodies_are_masked() {
    let tmp = "TVpTUw".repeat(200);
    let table = [
        ("1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\r\n", "1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\n"),
        (
            "USER PIN=1003\tName=李四\tPri=0\tPasswd=4321\tCard=123456789\tGrp=1\tTZ=0000000100000000\n",
            "USER PIN=1003\tName=李四\tPri=0\tPasswd=‹secret›\tCard=•••••••89\tGrp=1\tTZ=0000000100000000\n",
        ),
        (
            "USER PIN=1\tPasswd=\tCard=[15CD5B07]\tViceCard=[0000000000]\tVerify=0",
            "USER PIN=1\tPasswd=\tCard=[••••••07]\tViceCard=[0000000000]\tVerify=0",
        ),
        (
            "user uid=2 cardno=8A1F22 pin=1002 password=12 34 group=1 name=王 privilege=14",
            "user uid=2 cardno=••••22 pin=1002 password=‹secret› group=1 name=王 privilege=14",
        ),
        ("user cardno=0\tpassword=\tidnum=12\tpin=1", "user cardno=0\tpassword=\tidnum=••\tpin=1"),
        (
            "FP PIN=1\tFID=6\tSize=8\tValid=1\tTMP=TVpTUw==\nFP PIN=2",
            "FP PIN=1\tFID=6\tSize=8\tValid=1\tTMP=‹8 bytes›\nFP PIN=2",
        ),
        (
            "BIOPHOTO PIN=1\tFileName=1.jpg\tContent=/9j/4AAQ==\tNo=0",
            "BIOPHOTO PIN=1\tFileName=1.jpg\tContent=‹10 bytes›\tNo=0",
        ),
        ("templatev10 size=4\ttemplate=AAECAw==\tpin=1", "templatev10 size=4\ttemplate=‹8 bytes›\tpin=1"),
        (
            "IDCARD PIN=1\tIDNum=110101199003071234\tPhoto=Qk0yAA",
            "IDCARD PIN=1\tIDNum=••••••••••••••••34\tPhoto=‹6 bytes›",
        ),
        ("C:7:SET OPTION ComKey=1234\n", "C:7:SET OPTION ComKey=‹secret›\n"),
        (
            "~DeviceName=Gate,MAC=00:17,authKey=abc,~OEMVendor=EXAMPLE CO., LTD.,ComPwd=9,BioPhoto=1,BioPhotoFun=1",
            "~DeviceName=Gate,MAC=00:17,authKey=‹secret›,~OEMVendor=EXAMPLE CO., LTD.,ComPwd=‹secret›,BioPhoto=1,BioPhotoFun=1",
        ),
        ("RegistryCode=Uy47fxftP3\nSessionID=30BF", "RegistryCode=‹secret›\nSessionID=‹secret›"),
        ("PublicKey=MIIB", "PublicKey=‹secret›"),
        ("ID=301&Return=0&CMD=DATA\n", "ID=301&Return=0&CMD=DATA\n"),
        (
            "PIN=1.jpg\nSN=1\nsize=3\nCMD=realupload\0\u{1}\u{2}\u{3}",
            "PIN=1.jpg\nSN=1\nsize=3\nCMD=realupload‹4 bytes›",
        ),
        (
            r#"{"user_id":"1001","user_name":"张三","enroll_data_array":[{"backup_number":10,"enroll_data":"1234"},{"backup_number":0,"enroll_data":"BIN_2"}],"user_photo":"/9j/"}"#,
            r#"{"user_id":"1001","user_name":"张三","enroll_data_array":[{"backup_number":10,"enroll_data":"‹4 bytes›"},{"backup_number":0,"enroll_data":"BIN_2"}],"user_photo":"‹4 bytes›"}"#,
        ),
        (
            r#"{"log_image":null,"password" : 1234,"token":"a\"b","supported_enroll_data":["FP","PASSWORD"],"password_enroll_time":"0"}"#,
            r#"{"log_image":null,"password" : ‹secret›,"token":"‹secret›","supported_enroll_data":["FP","PASSWORD"],"password_enroll_time":"0"}"#,
        ),
        ("a\u{1}b\u{7f}c", "a b c"),
    ];
    for (text, masked) in table {
        assert_eq!(shown(text), masked, "{text}");
    }
    // Under no name at all, and under one that nobody knows.
    for before in ["", "Unheard=", "1\t2026-07-06 08:58:11\t0\t", r#"{"unheard":""#] {
        assert_eq!(shown(format!("{before}{tmp}==\tx")), format!("{before}‹1202 bytes›\tx"));
    }
    assert_eq!(shown(format!("Tmp={tmp}\nTVpTUw==\nFP PIN=2")), "Tmp=‹1200 bytes›\n‹8 bytes›\nFP PIN=2");
    assert_eq!(
        shown(b"USER PIN=1\tName=\xc0\xee\xcb\xc4\tPasswd=1"),
        "USER PIN=1\tName=李四\tPasswd=‹secret›"
    );
}

#[test]
fn o1_blanks_around_a_name_bare_nothing() {
    let table = [
        (
            "USER\tPIN=7\tName=x\tPasswd = SECRET 02\tCard =[0011CARD22]",
            "USER\tPIN=7\tName=x\tPasswd = ‹secret›\tCard =[••••••••22]",
        ),
        ("USER PIN=7\t PASSWD\u{a0}=\u{1}SECRET\tGrp=1", "USER PIN=7\t PASSWD\u{a0}= ‹secret›\tGrp=1"),
        ("USER PIN=7\t\tpasswd\t= SECRET\tGrp=1", "USER PIN=7\t\tpasswd\t= ‹secret›\tGrp=1"),
        // Without TABs a blank may be part of a secret, and so may a sign behind it.
        ("user pin=7 password = SECRET=2 group=1", "user pin=7 password = ‹secret› group=1"),
        ("user password = SECRET group = 1", "user password = ‹secret›"),
        ("user password  =   group=1", "user password  =   ‹secret›"),
        ("C:1:SET OPTION ComKey = SECRET", "C:1:SET OPTION ComKey = ‹secret›"),
        ("ComKey : SECRET", "ComKey : ‹secret›"),
        ("Tmp = TVpTUw==\tx", "Tmp = ‹8 bytes›\tx"),
        (r#"{"password" : "SECRET","a":1}"#, r#"{"password" : "‹secret›","a":1}"#),
        (r#"{" Password " :"SECRET"}"#, r#"{" Password " :"‹secret›"}"#),
        ("{\"password\"\t:\tSECRET}", "{\"password\"\t:\t‹secret›}"),
        ("Passwd=\tCard = 5", "Passwd=\tCard = •"),
        ("user uid=2 password= group=1", "user uid=2 password= group=1"),
    ];
    for (text, masked) in table {
        assert_eq!(shown(text), masked, "{text}");
    }
    assert_eq!(pair(" ComPwd\t", "x"), " ComPwd\t=‹secret›");
    assert!(is_secret(" authKey "));
    assert_eq!(headers(b" Token : x\r\n", PLENTY), " Token : ‹secret›");
    assert_eq!(
        target(b"/iclock/cdata?SN=A1& Card =12345&%20ComKey%20=x&p%61sswd=x&Com%4bey=x", PLENTY),
        "/iclock/cdata?SN=A1& Card =•••45&%20ComKey%20=‹secret›&p%61sswd=‹secret›&Com%4bey=‹secret›"
    );
}

#[test]
fn o1_o3_a_kept_query_holds_no_secret() {
    let tmp = "TVpTUw".repeat(20);
    for (text, masked) in [
        ("SN=A1&tablename=user&passwd=4321&count=2", "SN=A1&tablename=user&passwd=‹secret›&count=2"),
        ("", ""),
        ("SN=A1&x", "SN=A1&x"),
    ] {
        assert_eq!(query(text.as_bytes()), masked);
    }
    assert_eq!(query(format!("x={tmp}").as_bytes()), "x=‹120 bytes›");
    assert!(query("x=李&".repeat(2000).as_bytes()).len() <= LONGEST_QUERY + '…'.len_utf8());
}

#[test]
fn o1_fk_blobs_are_masked_whatever_block_they_are_in() {
    let mut whole = vec![0x10, 0, 0, 0];
    whole.extend_from_slice(br#"{"user_id":"1"}"#);
    whole.extend_from_slice(b"\0\x04\0\0\0\xff\xd8\xff\xe0");
    assert_eq!(body(&whole, true, PLENTY), r#"‹4 bytes›{"user_id":"1"}‹9 bytes›"#);
    assert_eq!(body(b"template bytes without a zero", true, PLENTY), "‹29 bytes›");
    assert_eq!(body(b"{\"a\":1}\0", true, PLENTY), "{\"a\":1}‹1 bytes›");
    // Cut in the middle of a value that is a blob.
    assert_eq!(body(br#"{"enroll_data":"TVpT"#, true, PLENTY), r#"{"enroll_data":"‹4 bytes›"#);
    assert_eq!(body(b"result=OK", true, PLENTY), "result=OK");
}

#[test]
fn o1_targets_and_headers_are_masked() {
    let table = [
        (
            "/iclock/cdata?SN=A1&pushcommkey=4a9594&ComKey=1&options=all&pushver=2.4.1",
            "/iclock/cdata?SN=A1&pushcommkey=‹secret›&ComKey=‹secret›&options=all&pushver=2.4.1",
        ),
        ("/iclock/getrequest?SN=A1&INFO=Ver 8.0, 17,-1", "/iclock/getrequest?SN=A1&INFO=Ver 8.0, 17,-1"),
        (
            "/iclock/cdata?SN=A1&AuthType=PWD&PIN=1&passwd=1",
            "/iclock/cdata?SN=A1&AuthType=PWD&PIN=1&passwd=‹secret›",
        ),
        (
            "/iclock/cdata?SN=A1&AuthType=CARD&CardNo=123456",
            "/iclock/cdata?SN=A1&AuthType=CARD&CardNo=••••56",
        ),
        ("/", "/"),
    ];
    for (text, masked) in table {
        assert_eq!(target(text.as_bytes(), PLENTY), masked);
    }
    assert_eq!(
        headers(
            b"Host: 10.0.0.1:8083\r\nCookie: token=2a28; timestamp=\r\nAuthorization: Basic YTpi\r\ntoken_id: 7\r\ndev_id: C26\r\n\r\n",
            PLENTY
        ),
        "Host: 10.0.0.1:8083\nCookie: token=‹secret›; timestamp=\nAuthorization: ‹secret›\ntoken_id: ‹secret›\ndev_id: C26"
    );
}

#[test]
fn o1_options_are_masked_by_their_names() {
    for (key, value, shown) in [
        ("DeviceName", "FaceClock 7", "DeviceName=FaceClock 7"),
        ("authKey", "x1", "authKey=‹secret›"),
        ("ComPwd", "", "ComPwd="),
        ("MultiBioVersion", "0:13.0", "MultiBioVersion=0:13.0"),
    ] {
        assert_eq!(pair(key, value), shown);
    }
}

#[test]
fn o1_what_is_kept_is_bounded_and_a_cut_bares_nothing() {
    let text = format!("Name={}\tPasswd=4321", "李".repeat(3000));
    let cut = body(text.as_bytes(), false, 100);
    assert!(cut.len() <= 100 + '…'.len_utf8() && cut.ends_with("李…"), "{cut}");
    let long = format!("{}{}", "PIN=1\tPasswd=4321\tCard=123456789\n".repeat(60), "?".repeat(1_000_000));
    for most in 100..140 {
        let cut = body(long.as_bytes(), false, most);
        assert!(!cut.contains("4321") && !cut.contains("123") && !cut.contains("•45"), "{cut}");
    }
    for most in 0..60 {
        let cut = body(b"USER PIN=1\tPasswd=4321\tCard=123456789\tTMP=TVpTUw==", false, most);
        assert!(!cut.contains("4321") && !cut.contains("123456") && !cut.contains("TVpT"), "{cut}");
    }
}

#[test]
fn o3_a_line_that_is_set_aside_holds_no_password() {
    let aside = |line: &str| set_aside(line.as_bytes()).map(|line| String::from_utf8(line).unwrap());
    assert_eq!(aside("1001\t2026-07-06 25:58:11\t0"), None);
    assert_eq!(aside("Pin=7\tTime=never"), None);
    let line = "USER PIN=7\tName=李四\tPasswd=4321";
    assert_eq!(aside(line).as_deref(), Some("USER PIN=7\tName=李四\tPasswd=‹secret›"));
}

#[test]
fn o1_a_secret_stands_on_another_line_than_its_name() {
    for text in ["{\"password\":\n\"4321\",\n \"user_id\": 7}", "[{\"pwd\"\n:\r\n  4321 }]"] {
        let shown = shown(text);
        assert!(!shown.contains("4321") && shown.contains(SECRET), "{shown}");
    }
}

proptest! {
    #[test]
    fn o1_no_long_run_of_base64_survives(bytes in prop::collection::vec(any::<u8>(), 0..40), run in "[A-Za-z0-9+/]{40,90}", fk: bool) {
        let mut all = bytes.clone();
        all.extend_from_slice(run.as_bytes());
        all.extend_from_slice(&bytes);
        prop_assert!(!body(&all, fk, PLENTY).contains(&run));
        prop_assert!(!headers(&all, PLENTY).contains(&run));
    }

    #[test]
    fn o1_no_secret_survives_its_name(
        before in "[ -~\\t\\n李]{0,30}",
        key in "Passwd|password|PWD|ComKey|pushcommkey|authKey|token|TMP|Template|Content|enroll_data",
        sign in " {0,2}= {0,2}",
        secret in "[!-+./:-\\[\\]-~]{6,30}",
        after in "[\\t\\n][ -~\\t\\n]{0,30}",
    ) {
        prop_assume!(!before.contains(&secret) && !after.contains(&secret) && !secret.starts_with("BIN_"));
        let text = format!("{before}\t{key}{sign}{secret}{after}");
        prop_assert!(!shown(&text).contains(&secret), "{}", shown(&text));
    }
}
