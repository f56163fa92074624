//! The machine against tiny scripted servers: what a real machine would not take, it does not take.

use std::time::Duration;

use crate::support::{OPTIONS, Script, good, plain};
use rollcall_machine::{HttpVersion, MachineHandle, Person, Phase, Profile};
use rollcall_protocol::WallTime;

async fn stored(machine: &MachineHandle) -> usize {
    machine.wait_uploaded().await;
    machine.memory().acknowledged().len()
}

#[tokio::test]
async fn a_punch_is_delivered_and_kept_in_the_journal() {
    let mut script = Script::start(good).await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.handshakes == 1).await;
    let punch = machine.punch("1001").expect("a punch");
    assert_eq!(stored(&machine).await, 1);
    let seen = script.next("table=ATTLOG").await;
    assert_eq!(seen.body, format!("1001\t{}\t255\t15\t0\t0\t0\t0\t0\t0\n", punch.time));
    assert_eq!(machine.memory().acknowledged(), [punch]);
}

#[tokio::test]
async fn the_first_poll_tells_about_the_machine() {
    let mut script = Script::start(good).await;
    let _machine = script.machine().start();
    let first = script.next("getrequest").await;
    assert!(first.is("&INFO=ZAM70-NF24HA-Ver3.3.12,0,0,0,"), "{}", first.target);
    assert!(!script.next("getrequest").await.is("INFO"), "only the first, while nothing changes");
}

#[tokio::test]
async fn h1_lower_case_header_names_are_not_understood() {
    let script = Script::start(|request| {
        String::from_utf8(good(request))
            .expect("text")
            .replace("Content-Length", "content-length")
            .into_bytes()
    })
    .await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.phase == Phase::Offline).await;
    let state = machine.state().borrow().clone();
    assert_eq!((state.handshakes, state.problem), (0, Some("handshake.no_options")));
}

#[tokio::test]
async fn h3_a_chunked_answer_is_not_understood() {
    let script = Script::start(|request| match request.is("options=all") {
        true => plain(OPTIONS),
        false => b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n".to_vec(),
    })
    .await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.phase == Phase::Offline).await;
    assert_eq!(machine.state().borrow().problem, Some("poll.refused"));
}

/// Uploads are answered with `answer` three times and properly afterwards.
async fn refused_first(answer: &'static [u8]) -> MachineHandle {
    let mut left = 3;
    let script = Script::start(move |request| {
        if request.is("table=ATTLOG") && left > 0 {
            left -= 1;
            return answer.to_vec();
        }
        good(request)
    })
    .await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.handshakes == 1).await;
    machine.punch("1001");
    assert_eq!(stored(&machine).await, 1);
    machine
}

#[tokio::test]
async fn a2_only_a_clean_200_with_ok_counts() {
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nSaved",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nBUSY",
        "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nOK",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK",
    ] {
        let machine = refused_first(answer.as_bytes()).await;
        assert_eq!(machine.state().borrow().refused, 3, "{answer}");
    }
    // No answer, and half an answer.
    for answer in ["", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nOK"] {
        let machine = refused_first(answer.as_bytes()).await;
        assert_eq!(machine.state().borrow().failed, 3, "{answer}");
    }
}

#[tokio::test]
async fn a2_the_letters_ok_anywhere_count_as_success() {
    // Why a server must never write "not OK": this punch is lost.
    let machine = refused_first(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nnot OK").await;
    assert_eq!(machine.state().borrow().refused, 0);
}

#[tokio::test]
async fn three_quick_retries_then_offline_then_a_handshake() {
    let mut refusing = true;
    let mut script = Script::start(move |request| {
        if request.is("table=ATTLOG") && refusing {
            refusing = request.connection < 6;
            return b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nBUSY".to_vec();
        }
        good(request)
    })
    .await;
    let machine = script.machine().error_delay(Duration::from_secs(3600)).start();
    machine.wait_for(|state| state.handshakes == 1 && state.polls > 0).await;
    machine.punch("1001");
    machine.wait_for(|state| state.phase == Phase::Offline).await;
    assert_eq!(machine.state().borrow().refused, 4, "one attempt and three repetitions");
    assert_eq!(machine.memory().pending().len(), 1);
    machine.punch("1002");
    machine.hurry();
    assert_eq!(stored(&machine).await, 2);
    let pins: Vec<_> = machine.memory().acknowledged().iter().map(|punch| punch.pin.clone()).collect();
    assert_eq!(pins, ["1001", "1002"], "in order");
    assert_eq!(machine.state().borrow().handshakes, 2);
    script.next("options=all").await;
}

#[tokio::test]
async fn after_an_error_batches_are_small_and_grow_again() {
    let mut failures = 8;
    let mut script = Script::start(move |request| {
        if request.is("table=ATTLOG") && failures > 0 {
            failures -= 1;
            return Vec::new();
        }
        good(request)
    })
    .await;
    let machine = script.machine().unplugged().start();
    let noon = WallTime::parse(b"2026-07-06 12:00:00").expect("a time").seconds();
    let pins: Vec<String> = (1..=1000).map(|pin| pin.to_string()).collect();
    machine.punch_all(pins.iter().map(|pin| (pin.as_str(), WallTime::from_seconds(noon))));
    machine.plug();
    assert_eq!(stored(&machine).await, 1000);
    let mut sizes = Vec::new();
    while sizes.len() < 12 {
        sizes.push(script.next("table=ATTLOG").await.body.lines().count());
    }
    assert_eq!(sizes, [500, 500, 500, 500, 150, 150, 150, 150, 75, 150, 300, 475]);
}

#[tokio::test]
async fn c1_the_clock_follows_date_and_zone_from_the_handshake_on() {
    let script = Script::start(good).await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.handshakes == 1).await;
    let expected = WallTime::parse(b"2026-07-06 09:30:00").expect("a time").seconds();
    assert!((0..10).contains(&(machine.clock().seconds() - expected)), "{}", machine.clock());
    assert_eq!(machine.state().borrow().clock_sets, 1);
}

#[tokio::test]
async fn h4_without_text_plain_the_clock_stays_and_results_are_sent_again() {
    let mut handed_out = false;
    let mut posts = 0;
    let mut script = Script::start(move |request| {
        let typeless =
            |body| String::from_utf8(plain(body)).expect("text").replace("text/plain", "text/html");
        if request.is("devicecmd") {
            posts += 1;
            let timeless = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK";
            return if posts < 3 { typeless("OK").into_bytes() } else { timeless.to_vec() };
        }
        if request.is("options=all") {
            return typeless(OPTIONS).into_bytes();
        }
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return typeless("C:7:SET OPTION VOLUME=60\n").into_bytes();
        }
        typeless("OK").into_bytes()
    })
    .await;
    let machine = script.machine().start();
    for _ in 0..3 {
        assert_eq!(script.next("devicecmd").await.body, "ID=7&Return=0&CMD=SET OPTION\n");
    }
    machine.wait_for(|state| state.polls > 1).await;
    assert_eq!(machine.state().borrow().executed, 1, "sent again, not executed again");
    let year_2000 = WallTime::parse(b"2000-01-02 00:00:00").expect("a time");
    assert!(machine.clock() < year_2000, "the only answer with text/plain had no Date");
}

#[tokio::test]
async fn unknown_device_sends_the_machine_back_to_its_handshake() {
    let mut known = false;
    let script = Script::start(move |request| {
        if request.is("table=ATTLOG") && !known {
            known = true;
            return plain("UNKNOWN DEVICE");
        }
        good(request)
    })
    .await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.handshakes == 1).await;
    machine.punch("1001");
    assert_eq!(stored(&machine).await, 1);
    assert_eq!(machine.state().borrow().handshakes, 2);
}

#[tokio::test]
async fn commands_change_the_machine_and_are_answered() {
    let mut handed_out = false;
    let mut script = Script::start(move |request| {
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return plain(
                "C:1:DATA UPDATE USERINFO PIN=1003\tName=李四\tPri=14\n\r\nC:2:DATA DELETE USERINFO PIN=9\nC:3:FLY\nC:4:CHECK",
            );
        }
        good(request)
    })
    .await;
    let machine = script.machine().person(Person::new("9", "")).start();
    let results = script.next("devicecmd").await.body;
    assert_eq!(results, "ID=1&Return=0&CMD=DATA\nID=2&Return=0&CMD=DATA\nID=3&Return=-22&CMD=UNKNOWN\n");
    let memory = machine.memory();
    assert_eq!(memory.people().len(), 1);
    assert_eq!(memory.person("1003").map(|person| person.name.as_str()), Some("李四"));
}

#[tokio::test]
async fn a_range_is_uploaded_again_without_moving_the_position() {
    let mut handed_out = false;
    let mut script = Script::start(move |request| {
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return plain(
                "C:5:DATA QUERY ATTLOG StartTime=2026-07-02 00:00:00\tEndTime=2026-07-02 23:59:59\n",
            );
        }
        good(request)
    })
    .await;
    let machine = script.machine().unplugged().start();
    for day in 1..=3 {
        let time = format!("2026-07-0{day} 08:00:00");
        machine.punch_at("1001", WallTime::parse(time.as_bytes()).expect("a time"));
    }
    machine.plug();
    assert_eq!(script.next("devicecmd").await.body, "ID=5&Return=1&CMD=DATA\n");
    machine.wait_for(|state| state.polls > 0).await;
    let state = machine.state().borrow().clone();
    assert_eq!((state.acknowledged, state.uploaded_again), (3, 1));
}

#[tokio::test]
async fn a_modern_machine_uploads_the_options_it_is_asked_for() {
    let mut script = Script::start(|request| match request.is("options=all") {
        true => plain(&format!("{OPTIONS}PushOptionsFlag=1\nPushOptions=UserCount\n")),
        false => plain("OK"),
    })
    .await;
    let _machine = script.machine().start();
    let seen = script.next("table=options").await;
    assert!(
        seen.body.starts_with("~DeviceName=FaceClock 7,MAC=") && seen.body.contains("EXAMPLE CO., LTD.,")
    );
}

#[tokio::test]
async fn old_firmware_uploads_everything_when_the_stamp_is_zero() {
    let script = Script::start(|request| match request.is("options=all") {
        true => plain("Stamp=0\nOpStamp=0\nErrorDelay=1\nDelay=1\nTransFlag=1111101100\nTimeZone=8\nRealtime=1\nEncrypt=0\n"),
        false => plain("OK"),
    })
    .await;
    let machine = script.machine().profile(Profile::V1).http(HttpVersion::Http10).start();
    machine.wait_for(|state| state.handshakes == 1).await;
    machine.punch("1001");
    assert_eq!(stored(&machine).await, 1);
    machine.unplug();
    machine.wait_for(|state| state.phase == Phase::Unplugged).await;
    machine.plug();
    machine.wait_for(|state| state.acknowledged == 2).await;
}

#[tokio::test]
async fn requests_look_like_their_firmware() {
    let mut script = Script::start(good).await;
    let machine = script.machine().profile(Profile::V2.with_aspx()).http(HttpVersion::Http10).start();
    let handshake = script.next("options=all").await;
    assert!(handshake.head.starts_with("GET /iclock/cdata.aspx?SN=T1&options=all&pushver=2.0.1&language=83"));
    assert!(handshake.head.contains(" HTTP/1.0\r\n") && handshake.head.contains("\r\nConnection: close"));
    machine.stop().await;
}

#[tokio::test]
async fn keep_alive_uses_one_connection_and_survives_its_end() {
    let mut script = Script::start(good).await;
    let machine = script.machine().keep_alive(true).start();
    machine.wait_for(|state| state.polls >= 2).await;
    machine.punch("1001");
    assert_eq!(stored(&machine).await, 1);
    assert_eq!(script.next("ATTLOG").await.connection, 0);
    assert_eq!(machine.state().borrow().failed, 0);
}

#[tokio::test]
async fn a_dribbling_machine_is_only_slow() {
    let script = Script::start(good).await;
    let machine = script.machine().dribble(7, Duration::from_micros(50)).start();
    machine.wait_for(|state| state.handshakes == 1).await;
    machine.punch("1001");
    assert_eq!(stored(&machine).await, 1);
}

#[tokio::test]
async fn punches_made_while_unplugged_arrive_in_order_afterwards() {
    let mut script = Script::start(good).await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.handshakes == 1).await;
    machine.unplug();
    machine.wait_for(|state| state.phase == Phase::Unplugged).await;
    for pin in ["3", "1", "2"] {
        machine.punch(pin);
    }
    assert_eq!(machine.memory().pending().len(), 3);
    machine.plug();
    assert_eq!(stored(&machine).await, 3);
    let pins: Vec<_> = script
        .next("ATTLOG")
        .await
        .body
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(pins, ["3", "1", "2"]);
}

#[tokio::test]
async fn a_long_upload_is_broken_by_pings() {
    let mut script = Script::start(|request| match request.is("options=all") {
        true => plain(&format!("{}SupportPing=1\n", OPTIONS.replace("Delay=10", "Delay=0"))),
        false => plain("OK"),
    })
    .await;
    let machine = script.machine().batch(2).unplugged().start();
    for minute in 0..6 {
        machine.punch_at("1001", WallTime::from_seconds(1_783_324_800 + minute * 60));
    }
    machine.plug();
    assert_eq!(stored(&machine).await, 6);
    script.next("/iclock/ping?SN=T1").await;
    assert!(machine.state().borrow().pings >= 2);
}

#[tokio::test]
async fn without_realtime_punches_wait_for_the_schedule_or_for_an_order() {
    let mut asked = false;
    let script = Script::start(move |request| {
        if request.is("options=all") {
            // A bulk upload every 1000 minutes, a poll every 10 seconds.
            return plain(&OPTIONS.replace("Realtime=1", "Realtime=0\nTransInterval=1000"));
        }
        // The machine says how many punches it holds: the fourth value of INFO.
        if request.is("INFO=") && request.target.split(',').nth(3) == Some("1") && !asked {
            asked = true;
            return plain("C:9:LOG\n");
        }
        plain("OK")
    })
    .await;
    let machine = script.machine().start();
    machine.wait_for(|state| state.polls > 0).await;
    machine.punch("1001");
    machine.wait_for(|state| state.polls > 3).await;
    assert_eq!(machine.state().borrow().acknowledged, 0, "not before its time");
    machine.unplug();
    machine.wait_for(|state| state.phase == Phase::Unplugged).await;
    machine.plug();
    assert_eq!(stored(&machine).await, 1);
    assert_eq!(machine.state().borrow().executed, 1);
}

#[tokio::test]
async fn what_follows_a_reboot_in_the_same_answer_is_lost() {
    let mut handed_out = false;
    let mut script = Script::start(move |request| {
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return plain("C:1:INFO\nC:2:REBOOT\nC:3:CLEAR LOG\n");
        }
        good(request)
    })
    .await;
    let machine = script.machine().start();
    let information = script.next("devicecmd").await.body;
    assert!(information.starts_with("ID=1&Return=0&CMD=INFO\n~DeviceName=FaceClock 7\n"), "{information}");
    assert_eq!(script.next("devicecmd").await.body, "ID=2&Return=0&CMD=REBOOT\n");
    machine.wait_for(|state| state.handshakes == 2).await;
    assert_eq!(machine.state().borrow().executed, 2);
}
