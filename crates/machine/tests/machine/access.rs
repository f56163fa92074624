//! Access terminals against a server as strict as their chapter.

use std::sync::Arc;
use std::sync::Mutex;

use rollcall_machine::{MachineHandle, Person, Profile};
use rollcall_protocol::WallTime;

use crate::support::{DATE, Script, Seen};

const CODE: &str = "Uy47fxftP3";
/// What the cookie begins with; 32 digits follow.
const TOKEN: &str = "token=";
const CONFIG: &str = "ServerVersion=3.1.2\nServerName=ADMS\nPushVersion=3.0.1\nPushProtVer=3.0.1\nErrorDelay=30\nRequestDelay=5\nDelay=5\nTransTimes=00:00;14:00\nTransInterval=1\nTransTables=User Transaction\nRealtime=1\nSessionID=30BFB04B2C8AECC72C01C03BFD549D15\nTimeoutSec=10\n";

fn answer(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/push;charset=UTF-8\r\nContent-Length: {length}\r\nDate: {DATE}\r\n\r\n{body}")
        .into_bytes()
}

/// What a server of the chapter keeps, and what it is told.
#[derive(Default)]
struct Server {
    registered: bool,
    /// Handed out at the next poll.
    orders: String,
}

/// A server that answers everything as it should; `change` may spoil an answer.
async fn serve(server: Server, mut spoil: impl FnMut(&Seen) -> Option<Vec<u8>> + Send + 'static) -> Script {
    let server = Arc::new(Mutex::new(server));
    Script::start(move |request| {
        if let Some(spoiled) = spoil(request) {
            return spoiled;
        }
        let mut server = server.lock().expect("nobody panics");
        let path = request.target.split('?').next().unwrap_or_default();
        assert_eq!(request.query("SN"), Some("T1"), "{}", request.target);
        match path {
            "/iclock/cdata" if request.is("options=all") => {
                assert!(request.is("DeviceType=acc"), "{}", request.target);
                assert_eq!(request.header("Connection"), Some("starting"));
                if server.registered {
                    answer(&format!("registry=ok\nRegistryCode={CODE}\n{CONFIG}"))
                } else {
                    answer("OK")
                }
            }
            "/iclock/registry" => {
                assert!(request.body.starts_with("DeviceType=acc,") && request.body.contains(",LockCount="));
                server.registered = true;
                answer(&format!("RegistryCode={CODE}"))
            }
            "/iclock/push" => {
                assert!(server.registered, "configuration only after the registration");
                answer(CONFIG)
            }
            // Everything else needs the token of this session.
            _ if request.header("Cookie").is_none_or(|cookie| cookie.len() != TOKEN.len() + 32) => {
                b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\n401".to_vec()
            }
            "/iclock/rtdata" => answer("DateTime=852168605,ServerTZ=+0800"),
            "/iclock/cdata" if request.is("table=tabledata") => {
                let (table, count) =
                    (request.query("tablename").expect("a table"), request.query("count").expect("a count"));
                assert_eq!(
                    count.parse::<usize>().ok(),
                    Some(request.body.lines().count()),
                    "{}",
                    request.body
                );
                answer(&format!("{table}={count}"))
            }
            "/iclock/querydata" => match request.query("type") {
                Some("tabledata") => answer(&format!(
                    "{}={}",
                    request.query("tablename").expect("a table"),
                    request.query("count").expect("a count")
                )),
                Some("count") => answer(&request.body),
                _ => answer("OK"),
            },
            "/iclock/cdata" | "/iclock/devicecmd" => answer("OK"),
            "/iclock/getrequest" if server.orders.is_empty() => answer("OK"),
            "/iclock/getrequest" => answer(&std::mem::take(&mut server.orders)),
            _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        }
    })
    .await
}

async fn good(orders: &str) -> Script {
    serve(Server { orders: orders.to_owned(), ..Server::default() }, |_| None).await
}

fn terminal(script: &Script) -> MachineHandle {
    script.machine().profile(Profile::ACCESS).person(Person::new("1001", "张三")).start()
}

#[tokio::test]
async fn a_terminal_registers_sets_its_clock_and_tells_its_people() {
    let mut script = good("").await;
    let machine = terminal(&script);
    script.next("/registry").await;
    let push = script.next("/push").await;
    assert!(push.head.starts_with("POST "));
    let options = script.next("table=options").await;
    assert!(options.header("Cookie").is_some_and(|cookie| cookie.starts_with(TOKEN)));
    let people = script.next("tablename=user").await;
    assert!(people.body.starts_with("user uid=") && people.body.contains("\tpin=1001\t"), "{}", people.body);
    machine.wait_for(|state| state.polls > 0).await;
    let expected = WallTime::parse(b"2026-07-06 09:30:05").expect("a time").seconds();
    assert!((0..10).contains(&(machine.clock().seconds() - expected)), "{}", machine.clock());
    assert_eq!(machine.state().borrow().registrations, 1);
    script.next("table=rtstate").await;
}

#[tokio::test]
async fn a_known_terminal_skips_registration() {
    let mut script = serve(Server { registered: true, ..Server::default() }, |request| {
        assert!(!request.is("/registry") && !request.is("/push"), "{}", request.target);
        None
    })
    .await;
    let machine = terminal(&script);
    machine.wait_for(|state| state.polls > 0).await;
    let poll = script.next("getrequest").await;
    // The token of the chapter's code and session with this serial number.
    assert_eq!(poll.header("Cookie").map(str::len), Some(TOKEN.len() + 32));
}

#[tokio::test]
async fn an_older_controller_asks_with_get_and_reads_another_delay() {
    let mut script = good("").await;
    let machine = script.machine().profile(Profile::ACCESS_OLD).person(Person::new("7", "x")).start();
    assert!(script.next("/push").await.head.starts_with("GET "));
    machine.wait_for(|state| state.polls > 0).await;
    machine.punch("7").expect("let in");
    let record = script.next("table=rtlog").await.body;
    assert!(
        record.starts_with("index=1\tevent=0\tpin=7\ttime=")
            && record.ends_with('\n')
            && !record.ends_with("\r\n")
    );
}

#[tokio::test]
async fn only_who_may_pass_is_recorded() {
    let mut script =
        good("C:1:DATA UPDATE user Pin=1002\tName=x\r\nC:2:DATA DELETE userauthorize Pin=1001\r\n").await;
    let machine = terminal(&script);
    machine.wait_for(|state| state.executed == 2).await;
    assert!(machine.punch("1001").is_none(), "no longer");
    assert!(machine.punch("1002").is_none(), "not yet");
    assert!(machine.memory().punches().is_empty(), "recorded nothing");
    assert!(machine.punch("9").is_none());
    let stranger = script.next("table=rtlog").await.body;
    assert!(stranger.contains("\tpin=0\t") && stranger.contains("\tevent=27\t"), "{stranger}");
}

#[tokio::test]
async fn a6_an_upload_is_taken_only_with_its_own_answer() {
    for (part, wrong) in [
        ("table=rtlog", "OK: 1"),
        ("table=rtlog", "rtlog=1"),
        ("tablename=user", "OK"),
        ("tablename=user", "user=2"),
    ] {
        let mut left = 2;
        let script = serve(Server::default(), move |request| {
            let spoiled = request.is(part) && left > 0;
            left -= u32::from(spoiled);
            spoiled.then(|| answer(wrong))
        })
        .await;
        let machine = terminal(&script);
        machine.wait_for(|state| state.polls > 0).await;
        machine.punch("1001").expect("let in");
        machine.wait_uploaded().await;
        assert_eq!(machine.state().borrow().refused, 2, "{part} {wrong}");
        assert_eq!(machine.memory().acknowledged().len(), 1);
    }
}

#[tokio::test]
async fn a_plain_ok_makes_it_register_for_ever_and_a_foreign_block_is_none() {
    for (part, wrong) in [
        ("/registry", "OK"),
        ("options=all", "GET OPTION FROM: T1\nATTLOGStamp=None\nTimeZone=8\nServerVer=2.4.1\n"),
    ] {
        let script = serve(Server::default(), move |request| request.is(part).then(|| answer(wrong))).await;
        let machine = terminal(&script);
        machine.wait_for(|state| state.refused >= 8).await;
        assert_eq!((machine.state().borrow().handshakes, machine.state().borrow().polls), (0, 0), "{part}");
    }
}

#[tokio::test]
async fn a_refused_token_sends_it_back_to_the_start() {
    let mut refused = false;
    let script = serve(Server::default(), move |request| {
        let now = request.is("getrequest") && !refused;
        refused |= now;
        now.then(|| b"HTTP/1.1 406 Session\r\nContent-Length: 3\r\n\r\n406".to_vec())
    })
    .await;
    let machine = terminal(&script);
    machine.wait_for(|state| state.handshakes == 2 && state.polls > 0).await;
}

#[tokio::test]
async fn commands_are_carried_out_and_queries_answered_in_packets() {
    let mut orders = String::new();
    for pin in 1..=45 {
        orders.push_str(&format!("C:{pin}:DATA UPDATE user Pin={pin}\tName=Person {pin}\tPrivilege=0\r\n"));
    }
    orders.push_str("C:50:DATA COUNT user\r\nC:51:GET OPTIONS ~SerialNumber,LockCount\r\nC:52:DATA QUERY tablename=user,fielddesc=*,filter=*\r\nC:53:CONTROL DEVICE 01010105\r\nC:54:FLY\r\n");
    let mut script = good(&orders).await;
    let machine = script.machine().profile(Profile::ACCESS).start();
    let count = script.next("type=count").await;
    assert_eq!((count.query("cmdid"), count.body.as_str()), (Some("50"), "user=45"));
    assert_eq!(script.next("type=options").await.body, "~SerialNumber=T1,LockCount=1");
    for (packet, rows) in [("1", "20"), ("2", "20"), ("3", "5")] {
        let seen = script.next("type=tabledata").await;
        assert_eq!(
            (seen.query("packcnt"), seen.query("packidx"), seen.query("count")),
            (Some("3"), Some(packet), Some(rows))
        );
    }
    let results = script.next("devicecmd").await.body;
    for line in [
        "ID=1&Return=0&CMD=DATA UPDATE\r\n",
        "ID=50&Return=45&CMD=DATA COUNT\r\n",
        "ID=52&Return=45&CMD=DATA QUERY\r\n",
        "ID=53&Return=0&CMD=CONTROL DEVICE\r\n",
        "ID=54&Return=-13&CMD=FLY\r\n",
    ] {
        assert!(results.contains(line), "no {line} in {results}");
    }
    machine.wait_uploaded().await;
    assert_eq!(machine.memory().acknowledged().iter().filter(|record| record.event == 8).count(), 1);
    assert!(machine.journal().wrong().is_empty());
}

#[tokio::test]
async fn somebody_enrolled_at_the_terminal_is_told_as_a_row() {
    let mut script = good("").await;
    let machine = script.machine().profile(Profile::ACCESS).start();
    machine.wait_for(|state| state.polls > 0).await;
    machine.enrol(Person::new("1003", "李四"));
    let row = script.next("tablename=user&count=1").await.body;
    assert!(row.contains("\tpin=1003\t") && row.contains("\tname=李四\t"), "{row}");
    assert!(machine.punch("1003").is_some());
}
