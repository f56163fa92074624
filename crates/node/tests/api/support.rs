//! A node on free ports in a folder of its own, and the two ways to talk to its console.

use std::net::SocketAddr;
use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use rollcall_node::{Node, NodeOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tower::ServiceExt;

pub const TOKEN: &str = "an-invented-token";

pub struct Host {
    pub node: Node,
    pub folder: TempDir,
}

/// An answer; `json` is null when there is no body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub bytes: Vec<u8>,
    pub json: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body, checked to be a problem with this status and code.
    pub fn problem(&self, status: u16, code: &str) -> &Value {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.json["status"], status);
        assert_eq!(self.json["type"], "about:blank");
        for key in ["title", "detail"] {
            assert!(self.json[key].as_str().is_some_and(|text| !text.is_empty()), "{}", self.body);
        }
        &self.json
    }

    /// The body, checked to be an answer with this status.
    pub fn ok(&self, status: u16) -> &Value {
        assert_eq!(self.status, status, "{}", self.body);
        &self.json
    }
}

impl Host {
    pub async fn start() -> Self {
        Self::start_in(|_| ()).await
    }

    /// A node on a data folder that something was done to before.
    pub async fn start_in(prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        prepare(&data);
        let node = Node::start(options(&folder)).await.unwrap();
        let host = Self { node, folder };
        // The zone of the computer the tests run on is not the tests' business.
        host.send(Method::PUT, "/api/settings", json!({"timeZone": "Asia/Shanghai"})).await.ok(200);
        host
    }

    /// A call as the window makes it.
    pub async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.node.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        answer(parts.status.as_u16(), headers, bytes.to_vec())
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Request::delete(path).body(Body::empty()).unwrap()).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send_text(method, path, &body.to_string()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, body).await
    }

    pub async fn send_text(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.call(request).await
    }

    /// A call with bytes of another kind than JSON.
    pub async fn send_bytes(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", kind);
        self.call(request.body(Body::from(body)).unwrap()).await
    }

    /// A call through the console's port; `head` are further header lines.
    pub async fn wire(&self, request_line: &str, head: &[&str], body: &str) -> Answer {
        let addr = self.node.console_addr().unwrap();
        let mut lines = vec![format!("{request_line} HTTP/1.1")];
        if !head.iter().any(|line| line.to_ascii_lowercase().starts_with("host:")) {
            lines.push(format!("Host: {addr}"));
        }
        lines.extend(head.iter().map(|line| (*line).to_owned()));
        if !body.is_empty() {
            lines.push("Content-Type: application/json".into());
            lines.push(format!("Content-Length: {}", body.len()));
        }
        self.wire_lines(addr, lines, body).await
    }

    /// The same, without saying anything about the body that `head` does not say.
    pub async fn wire_raw(&self, request_line: &str, head: &[&str], body: &str) -> Answer {
        let addr = self.node.console_addr().unwrap();
        let mut lines = vec![format!("{request_line} HTTP/1.1"), format!("Host: {addr}")];
        lines.extend(head.iter().map(|line| (*line).to_owned()));
        self.wire_lines(addr, lines, body).await
    }

    async fn wire_lines(&self, addr: SocketAddr, mut lines: Vec<String>, body: &str) -> Answer {
        lines.push("Connection: close".into());
        exchange(addr, &format!("{}\r\n\r\n{body}", lines.join("\r\n"))).await
    }

    /// What a machine sends to its own port; answers the status and the body.
    pub async fn machine(&self, request_line: &str, body: &str) -> Answer {
        let addr = self.node.machines_addr();
        let request = format!(
            "{request_line} HTTP/1.1\r\nHost: {addr}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        exchange(addr, &request).await
    }

    /// Bytes to the machines' port, until it closes the connection.
    pub async fn machine_raw(&self, bytes: &[u8]) {
        let mut stream = TcpStream::connect(self.node.machines_addr()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        // A reset is an end as well.
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }

    /// The same from another address of this computer.
    pub async fn machine_from(&self, from: [u8; 4], request_line: &str, body: &str) -> Answer {
        let addr = self.node.machines_addr();
        let request = format!(
            "{request_line} HTTP/1.1\r\nHost: {addr}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        talk(socket.connect(addr).await.unwrap(), &request).await
    }

    pub async fn add_machine(&self, sn: &str, name: &str) {
        self.post("/api/machines", json!({"sn": sn, "name": name})).await.ok(201);
    }

    pub async fn add_employee(&self, id: &str, name: &str) {
        self.post("/api/employees", json!({"id": id, "name": name})).await.ok(201);
    }

    /// Uploads punches as a machine does, and checks that they were taken.
    pub async fn upload(&self, sn: &str, lines: &str) {
        let answer = self.machine(&format!("POST /iclock/cdata?SN={sn}&table=ATTLOG&Stamp=1"), lines).await;
        assert!(answer.status == 200 && answer.body.starts_with("OK"), "{answer:?}");
    }

    /// Asks for orders as a machine does.
    pub async fn poll(&self, sn: &str) {
        let answer = self.machine(&format!("GET /iclock/getrequest?SN={sn}"), "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

pub fn options(folder: &TempDir) -> NodeOptions {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    NodeOptions {
        data: folder.path().join("data"),
        machines: free,
        console: Some(free),
        token: Some(TOKEN.to_owned()),
        limits: Default::default(),
    }
}

async fn exchange(addr: SocketAddr, request: &str) -> Answer {
    talk(TcpStream::connect(addr).await.unwrap(), request).await
}

async fn talk(mut stream: TcpStream, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(&bytes).unwrap() else { panic!("half an answer") };
    let headers = response
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    answer(response.code.unwrap(), headers, bytes[head..].to_vec())
}

fn answer(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Answer {
    let text = String::from_utf8_lossy(&body).into_owned();
    let json = serde_json::from_str(&text).unwrap_or(Value::Null);
    Answer { status, headers, body: text, bytes: body, json }
}
