use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use crate::support::{Host, TOKEN};

async fn watch(host: &Host) -> (BufReader<OwnedReadHalf>, tokio::net::tcp::OwnedWriteHalf) {
    let addr = host.node.console_addr().unwrap();
    let (reader, mut writer) = TcpStream::connect(addr).await.unwrap().into_split();
    let request =
        format!("GET /api/events HTTP/1.1\r\nHost: {addr}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    writer.write_all(request.as_bytes()).await.unwrap();
    let mut reader = BufReader::new(reader);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).await.unwrap(), 0, "{head}");
    }
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/event-stream"), "{head}");
    (reader, writer)
}

/// The next event: its name and its data.
async fn next(reader: &mut BufReader<OwnedReadHalf>) -> Option<(String, String)> {
    let mut name = None;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await.unwrap() == 0 {
            return None;
        }
        if let Some(event) = line.strip_prefix("event: ") {
            name = Some(event.trim().to_owned());
        }
        if let (Some(name), Some(data)) = (&name, line.strip_prefix("data: ")) {
            return Some((name.clone(), data.trim().to_owned()));
        }
    }
}

async fn until(reader: &mut BufReader<OwnedReadHalf>, wanted: &str) -> String {
    loop {
        let (name, data) = next(reader).await.expect("the stream goes on");
        if name == wanted {
            return data;
        }
    }
}

#[tokio::test]
async fn what_changes_is_told_live_with_its_key() {
    let host = Host::start().await;
    let (mut reader, _writer) = watch(&host).await;
    host.add_machine("CQZ7000000001", "大厅").await;
    assert_eq!(until(&mut reader, "machine").await, r#"{"sn":"CQZ7000000001","stranger":false}"#);
    host.add_employee("e1", "王芳").await;
    assert_eq!(until(&mut reader, "employee").await, r#"{"employeeId":"e1"}"#);
    let entries = json!({"entries": [{"employeeId": "e1", "pin": "7"}]});
    host.post("/api/machines/CQZ7000000001/roster", entries).await.ok(200);
    assert_eq!(until(&mut reader, "roster").await, r#"{"sn":"CQZ7000000001"}"#);
    host.upload("CQZ7000000001", "7\t2026-07-06 09:00:00\t0\t1\t0\t0\t0\n").await;
    assert_eq!(until(&mut reader, "punch").await, r#"{"sn":"CQZ7000000001","ids":[1]}"#);
    // Told only when it is stored: what the event names can be read at once.
    assert_eq!(host.get("/api/punches").await.ok(200)["items"][0]["id"], 1);
    host.machine("GET /iclock/cdata?SN=STRANGE1&options=all", "").await;
    loop {
        let data = until(&mut reader, "machine").await;
        if data == r#"{"sn":"STRANGE1","stranger":true}"# {
            break;
        }
    }
}

#[tokio::test]
async fn a_stop_ends_the_stream_at_once() {
    let host = Host::start().await;
    let (mut reader, _writer) = watch(&host).await;
    host.node.stop().await;
    while let Some(event) = next(&mut reader).await {
        assert_ne!(event.0, "reset");
    }
}
