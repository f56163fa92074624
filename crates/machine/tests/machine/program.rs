//! The program, as somebody without a machine uses it.

use std::process::{Output, Stdio};

use crate::support::{Script, good};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// Runs the program with this typed into it, to the end of the input and of the program.
async fn run(arguments: &[&str], typed: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall-machine"))
        .args(arguments)
        .env_remove("ROLLCALL_SERVER")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut input = program.stdin.take().expect("its keyboard");
    input.write_all(typed.as_bytes()).await.expect("typing");
    drop(input);
    program.wait_with_output().await.expect("the program ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn typing_a_number_is_a_punch() {
    let mut script = Script::start(good).await;
    let server = format!("http://{}", script.address);
    let output = run(&["--server", &server, "--sn", "KEYS0001", "--lang", "zh"], "1001\n帮助\n12x\n").await;
    let text = said(&output);
    assert!(output.status.success(), "{text}");
    for part in ["模拟考勤机 KEYS0001", "滴!1001 于", "拔掉网线", "不认识“12x”", "服务器已保存 1 条打卡记录"]
    {
        assert!(text.contains(part), "no {part} in {text}");
    }
    assert!(script.next("table=ATTLOG").await.body.starts_with("1001\t"));
}

#[tokio::test]
async fn a_door_stays_shut_for_whom_it_does_not_know() {
    let script = Script::start(good).await;
    let server = script.address.to_string();
    let output =
        run(&["--server", &server, "--dialect", "access", "--lang", "en"], "9\npeople\n1002\nquit\n").await;
    let text = said(&output);
    assert!(text.contains("The door stays shut: 9") && text.contains("1001  张三"), "{text}");
    assert!(text.contains("Beep! 1002"), "{text}");
}

#[tokio::test]
async fn an_fk_machine_with_faults_is_a_few_flags_away() {
    let mut script = Script::start(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nresponse_code: OK\r\nContent-Length: 0\r\n\r\n".to_vec()
    })
    .await;
    let server = script.address.to_string();
    let output = run(
        &[
            "--server",
            &server,
            "--firmware",
            "fk-new",
            "--sn",
            "C26013500123",
            "--requests-repeated",
            "1",
            "--lang",
            "en",
        ],
        "1001\n",
    )
    .await;
    assert!(output.status.success() && said(&output).contains("Beep! 1001"), "{output:?}");
    for _ in 0..2 {
        let punch = script.next_where(|seen| seen.header("request_code") == Some("realtime_glog")).await;
        assert_eq!((punch.header("dev_id"), punch.header("dev_model")), (Some("C26013500123"), Some("M61")));
    }
}

#[tokio::test]
async fn the_machine_can_be_switched_off() {
    let script = Script::start(good).await;
    let output =
        run(&["--server", &script.address.to_string(), "--lang", "en"], "status\npeople\nquit\n1001\n").await;
    let text = said(&output);
    assert!(
        output.status.success() && text.contains("Nobody is on the machine") && !text.contains("Beep"),
        "{text}"
    );
}

#[tokio::test]
async fn a_fleet_counts_what_it_does() {
    let script = Script::start(good).await;
    let server = script.address.to_string();
    let arguments = [
        "fleet",
        "--server",
        &server,
        "--machines",
        "5",
        "--rate",
        "40",
        "--seconds",
        "1",
        "--time-scale",
        "0.01",
        "--json",
    ];
    let output = run(&arguments, "").await;
    let text = said(&output);
    assert!(output.status.success() && text.lines().count() == 1, "{text}");
    let number = |name: &str| -> u64 {
        let (_, rest) = text.split_once(&format!("\"{name}\":")).expect(name);
        rest.split([',', '}']).next().and_then(|number| number.parse().ok()).expect(name)
    };
    assert!(number("punched") >= 20, "{text}");
    assert_eq!(number("acknowledged"), number("punched"));
    assert_eq!((number("machines"), number("refused"), number("failed")), (5, 0, 0));
}

#[tokio::test]
async fn a_wrong_server_address_is_explained() {
    let output = run(&["--server", "https://x/y"], "").await;
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("give HOST:PORT"), "{output:?}");
}
