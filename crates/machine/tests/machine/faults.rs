//! What goes wrong goes wrong as often as it shall, and never loses a punch by itself.

use rollcall_machine::{Faults, MachineHandle, Phase, Profile};
use rollcall_protocol::WallTime;

use crate::support::{OPTIONS, Script, good, plain};

const MORNING: i64 = 1_783_324_800;

fn punch(machine: &MachineHandle, count: i64) {
    for number in 0..count {
        machine.punch_at(&(1 + number % 7).to_string(), WallTime::from_seconds(MORNING + number));
    }
}

#[tokio::test]
async fn with_every_fault_at_once_everything_arrives_in_the_end() {
    let script = Script::start(good).await;
    let faults =
        Faults { wipes: 0.0, slow: 0.0, reboots: 0.05, answers_lost: 0.2, bodies_cut: 0.0, ..Faults::all(3) };
    let machine = script.machine().faults(faults).batch(3).start();
    punch(&machine, 100);
    machine.wait_uploaded().await;
    let state = machine.state().borrow().clone();
    assert_eq!(machine.memory().acknowledged(), machine.memory().punches());
    assert!(state.restarts > 0 && state.failed > 5, "{state:?}");
}

#[tokio::test]
async fn t7_a_server_that_takes_half_a_body_is_found_out() {
    // This one answers OK to whatever has come.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        loop {
            use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
            let (mut stream, _) = listener.accept().await.expect("a machine");
            let mut bytes = Vec::new();
            while !bytes.windows(4).any(|window| window == b"\r\n\r\n")
                && stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0)
            {}
            let body = if bytes.windows(11).any(|window| window == b"options=all") { OPTIONS } else { "OK" };
            let _ = stream.write_all(&plain(body)).await;
        }
    });
    let machine = rollcall_machine::Machine::builder("T1")
        .server(address)
        .time_scale(0.001)
        .faults(Faults { bodies_cut: 0.5, ..Faults::default() })
        .start();
    punch(&machine, 50);
    machine.wait_uploaded().await;
    machine.wait_for(|state| state.phase == Phase::Handshaken).await;
    while machine.journal().wrong().is_empty() {
        machine.punch("9");
        machine.wait_uploaded().await;
    }
    assert!(machine.journal().wrong()[0].starts_with("half a body to /iclock/cdata?SN=T1&table=ATTLOG"));
}

#[tokio::test]
async fn d6_results_come_twice_and_are_executed_once() {
    let mut handed_out = false;
    let mut script = Script::start(move |request| {
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return plain("C:7:AC_UNLOCK\n");
        }
        good(request)
    })
    .await;
    let machine = script.machine().faults(Faults { results_twice: 1.0, ..Faults::default() }).start();
    for _ in 0..2 {
        assert_eq!(script.next("devicecmd").await.body, "ID=7&Return=0&CMD=AK_UNLOCK\n");
    }
    let journal = machine.journal();
    let unlock = journal.executions().get("7").expect("the order");
    assert!(unlock.once_only && unlock.confirmed && unlock.times == 1 && journal.wrong().is_empty());
}

#[tokio::test]
async fn results_may_overtake_their_data() {
    let mut handed_out = false;
    let mut script = Script::start(move |request| {
        if request.is("getrequest") && !handed_out {
            handed_out = true;
            return plain("C:7:DATA QUERY USERINFO\n");
        }
        good(request)
    })
    .await;
    let machine = script
        .machine()
        .person(rollcall_machine::Person::new("1", "x"))
        .faults(Faults { results_first: 1.0, ..Faults::default() })
        .start();
    let first = script.next_where(|seen| seen.is("devicecmd") || seen.is("OPERLOG")).await;
    assert_eq!(first.body, "ID=7&Return=1&CMD=DATA\n");
    assert!(script.next("table=OPERLOG").await.body.starts_with("USER PIN=1\tName=x\t"));
    machine.wait_for(|state| state.polls > 1).await;
}

#[tokio::test]
async fn faults_can_be_switched_on_and_off_while_it_runs() {
    let script = Script::start(good).await;
    for profile in [Profile::MODERN, Profile::V1] {
        let machine = script.machine().profile(profile).start();
        machine.wait_for(|state| state.polls > 0).await;
        machine.set_faults(Faults { answers_lost: 1.0, clock_ahead: 7200, ..Faults::default() });
        punch(&machine, 1);
        machine.wait_for(|state| state.phase == Phase::Offline).await;
        assert_eq!(machine.memory().pending().len(), 1);
        machine.set_faults(Faults::default());
        machine.wait_uploaded().await;
    }
}

#[tokio::test]
async fn a_wiped_memory_forgets_punches_and_says_which() {
    let script = Script::start(good).await;
    let machine = script.machine().unplugged().start();
    punch(&machine, 3);
    machine.wipe();
    assert_eq!((machine.memory().punches().len(), machine.memory().gone().len()), (0, 3));
}
