//! The console in its window.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::Result;
use rollcall_machine::{Machine, Phase};
use rollcall_protocol::WallTime;
use rollcall_window_tests::{Desktop, free};
use serde_json::json;

#[tokio::test]
#[ignore = "needs a screen and the built programs: cargo xtask test --only window"]
async fn from_the_empty_site_to_the_first_punch_with_its_name() -> Result<()> {
    let desktop = Desktop::open().await?;
    desktop.read("还没有考勤机").await?;
    desktop.picture("window-empty").await?;

    desktop.press("连接第一台考勤机").await?;
    desktop.read(&format!("{}", desktop.machines.port())).await?;
    desktop.press("下一步").await?;
    desktop.press("已经输入").await?;
    let machine = Machine::builder("CQZ7000000001").server(desktop.machines).start();
    desktop.press("就是这台").await?;
    desktop.write("名称", "正门").await?;
    desktop.press("添加考勤机").await?;
    desktop.write("姓名", "陈晓雯").await?;
    desktop.write("考勤机中对应人员工号", "1001").await?;
    desktop.press("添加人员").await?;
    desktop.read("陈晓雯 的工号是 1001").await?;
    desktop.press("继续，首次打卡").await?;
    machine.hurry();

    machine.punch("1001");
    desktop.read("陈晓雯 于").await?;
    desktop.picture("window-first-punch").await?;

    desktop.press("打卡").await?;
    desktop.headed("打卡").await?;
    desktop.read("陈晓雯").await?;
    desktop.picture("window-punches").await?;

    // Who starts it twice gets the window that is there.
    desktop.start_again().await?;
    desktop.press("总览").await?;
    desktop.headed("总览").await?;
    desktop.read("陈晓雯").await?;
    machine.stop().await;
    desktop.close().await
}

#[tokio::test]
#[ignore = "needs a screen and the built programs: cargo xtask test --only window"]
async fn a_port_in_use_is_said_in_the_window_and_tried_again() -> Result<()> {
    let machines = free()?;
    let other = TcpListener::bind(machines)?;
    let desktop = Desktop::listening(machines).await?;
    desktop.read("考勤机端口被另一个程序占用").await?;
    desktop.picture("window-port-in-use").await?;

    drop(other);
    desktop.press("重试").await?;
    desktop.read("还没有考勤机").await?;
    desktop.close().await
}

#[tokio::test]
#[ignore = "needs a screen and the built programs: cargo xtask test --only window"]
async fn the_overview_of_a_site_at_work() -> Result<()> {
    let people = [
        "陈晓雯",
        "王建国",
        "李梅",
        "欧阳静怡",
        "赵𠮷",
        "孙浩然",
        "周婷",
        "吴嘢",
        "郑志强",
        "冯雪",
        "何俊杰",
        "苏婉清",
    ];
    // On all addresses, as at a customer's.
    let machines_addr = SocketAddr::from((Ipv4Addr::UNSPECIFIED, free()?.port()));
    let desktop = Desktop::listening(machines_addr).await?;
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, machines_addr.port()));
    let mut machines = Vec::new();
    for (sn, name) in [("CQZ7000000001", "正门"), ("CQZ7000000002", "食堂"), ("CQZ7000000003", "仓库")]
    {
        let machine = json!({ "sn": sn, "name": name, "model": "X-face 201" });
        desktop.call("POST", "/api/machines", Some(machine)).await?;
    }
    let mut entries = Vec::new();
    for (pin, name) in (1001..).zip(people) {
        let person = desktop.call("POST", "/api/employees", Some(json!({ "name": name }))).await?;
        entries.push(json!({ "employeeId": person["id"], "pin": pin.to_string() }));
    }
    // The third one has never been connected.
    for sn in ["CQZ7000000001", "CQZ7000000002"] {
        let path = format!("/api/machines/{sn}/roster");
        desktop.call("POST", &path, Some(json!({ "entries": entries }))).await?;
        machines.push(Machine::builder(sn).server(server).start());
    }
    for (at, machine) in machines.iter().enumerate() {
        // Its clock is right once it has been told the time.
        machine.wait_for(|state| state.phase == Phase::Handshaken).await;
        let now = machine.clock().seconds();
        // Crowds at some hours, single people between them, and nobody in the future.
        let mut times: Vec<i64> =
            (0..150_i64).map(|turn| (turn % 7) * 5_400 + (turn * turn) % 2_700 + 60).collect();
        times.sort_unstable_by_key(|ago| -ago);
        for (turn, ago) in times.into_iter().enumerate() {
            let pin = (1001 + (turn * 5 + at) % people.len()).to_string();
            machine.punch_at(&pin, WallTime::from_seconds(now - ago));
        }
        machine.wait_uploaded().await;
    }
    desktop.press("考勤机").await?;
    desktop.headed("考勤机").await?;
    desktop.read("仓库").await?;
    desktop.picture("window-machines").await?;
    desktop.press("总览").await?;
    desktop.headed("总览").await?;
    desktop.read("赵𠮷").await?;
    desktop.picture("window-overview").await?;
    for machine in machines {
        machine.stop().await;
    }
    desktop.close().await
}
