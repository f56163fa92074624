//! The door of the console: token, session, other people's pages, guessing.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Answer, Host, TOKEN};

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}")
}

#[tokio::test]
async fn nothing_but_health_is_open() {
    let host = Host::start().await;
    for path in ["machines", "nothing", "openapi.json", "events", "session", "health/", "health2", ""] {
        let answer = host.wire(&format!("GET /api/{path}"), &[], "").await;
        answer.problem(401, "token.missing");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    insta::assert_json_snapshot!(host.wire("GET /api", &[], "").await.problem(401, "token.missing"));
    host.wire("DELETE /api/machines/X", &[], "").await.problem(401, "token.missing");
    host.wire("GET /api/machines", &[&bearer(TOKEN)], "").await.ok(200);
    host.wire("GET /api/machines", &[&format!("authorization: bearer {TOKEN}")], "").await.ok(200);
    for wrong in [
        "Authorization: Bearer wrong",
        "Authorization: Basic YTpi",
        "Authorization: Bearer",
        "Authorization: x",
    ] {
        host.wire("GET /api/machines", &[wrong], "").await.problem(401, "token.wrong");
    }
}

fn cookie(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/api"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains(TOKEN));
    format!("Cookie: theme=dark; {}", set.split(';').next().unwrap())
}

#[tokio::test]
async fn a_browser_signs_in_and_out() {
    let host = Host::start().await;
    let body = format!("{{\"token\": \"{TOKEN}\"}}");
    host.wire("POST /api/session", &[], "{\"token\": \"wrong\"}").await.problem(401, "token.wrong");
    host.wire("POST /api/session", &[], "{}").await.problem(422, "body.invalid");
    let signed_in = host.wire("POST /api/session", &[], &body).await;
    signed_in.ok(204);
    let cookie = cookie(&signed_in);
    assert_eq!(host.wire("GET /api/session", &[&cookie], "").await.ok(200)["via"], "session");
    assert_eq!(host.wire("GET /api/session", &[&bearer(TOKEN)], "").await.ok(200)["via"], "token");
    assert_eq!(host.get("/api/session").await.ok(200)["via"], "window");
    host.wire("GET /api/machines", &[&cookie], "").await.ok(200);
    let signed_out = host.wire("DELETE /api/session", &[&cookie], "").await;
    signed_out.ok(204);
    assert!(signed_out.header("set-cookie").unwrap().contains("Max-Age=0"));
    host.wire("GET /api/machines", &[&cookie], "").await.problem(401, "session.over");
}

#[tokio::test]
async fn pages_of_other_sites_cannot_use_the_session() {
    let host = Host::start().await;
    let addr = host.node.console_addr().unwrap();
    let body = format!("{{\"token\": \"{TOKEN}\"}}");
    let cookie = cookie(&host.wire("POST /api/session", &[], &body).await);
    let machine = r#"{"sn": "CQZ7000000001", "name": "x"}"#;
    let own = format!("Origin: http://{addr}");
    for foreign in [
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1:1",
        "Sec-Fetch-Site: same-site",
    ] {
        let answer = host.wire("POST /api/machines", &[&cookie, foreign], machine).await;
        answer.problem(403, "request.cross_origin");
        host.wire("POST /api/session", &[foreign], &body).await.problem(403, "request.cross_origin");
        // The token itself is no browser's to give away: it is good from anywhere.
        host.wire("GET /api/machines", &[&bearer(TOKEN), foreign], "").await.ok(200);
    }
    // A name of the attacker's own that points here finds no session under it.
    let rebound = ["Host: evil.example:8090", "Origin: http://evil.example:8090", &cookie];
    host.wire("POST /api/machines", &rebound, machine).await.problem(401, "session.over");
    host.wire("POST /api/machines", &[&cookie, &own, "Sec-Fetch-Site: same-origin"], machine).await.ok(201);
    host.wire("DELETE /api/machines/CQZ7000000001", &[&cookie], "").await.ok(204);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_sessions_go_on() {
    let host = Host::start().await;
    let body = format!("{{\"token\": \"{TOKEN}\"}}");
    let cookie = cookie(&host.wire("POST /api/session", &[], &body).await);
    for _ in 0..9 {
        host.wire("GET /api/machines", &[&bearer("guess")], "").await.problem(401, "token.wrong");
    }
    host.wire("POST /api/session", &[], "{\"token\": \"guess\"}").await.problem(401, "token.wrong");
    let slowed = host.wire("GET /api/machines", &[&bearer("guess")], "").await;
    slowed.problem(429, "token.too_many_tries");
    assert!(slowed.header("retry-after").unwrap().parse::<u64>().unwrap() <= 6);
    host.wire("POST /api/session", &[], "{\"token\": \"guess\"}").await.problem(429, "token.too_many_tries");
    host.wire("GET /api/machines", &[&cookie], "").await.ok(200);
    // Whoever has the token is not locked out by whoever guesses at the same address; with it the count begins anew.
    host.wire("GET /api/machines", &[&bearer(TOKEN)], "").await.ok(200);
    host.wire("POST /api/session", &[], &body).await.ok(204);
    host.wire("GET /api/machines", &[&bearer("guess")], "").await.problem(401, "token.wrong");
}

#[tokio::test]
async fn strangers_bodies_are_small_or_not_read_at_all() {
    let host = Host::start().await;
    let token = |length: usize| format!("{{\"token\": \"{}\"}}", "x".repeat(length - 13));
    host.wire("POST /api/session", &[], &token(4096)).await.problem(401, "token.wrong");
    host.wire("POST /api/session", &[], &token(4097)).await.problem(413, "body.too_large");
    // These announce a body and never send it: the answer does not wait for it.
    let json = "Content-Type: application/json";
    let announced = [json, "Content-Length: 4194304"];
    host.wire("POST /api/session", &announced, "").await.problem(413, "body.too_large");
    for call in ["POST /api/machines", "PUT /api/settings", "PATCH /api/employees/e1", "POST /api/nothing"] {
        host.wire(call, &announced, "").await.problem(401, "token.missing");
        host.wire(call, &[json, "Transfer-Encoding: chunked"], "").await.problem(401, "token.missing");
    }
    let endless = format!("{:x}\r\n{}", 1 << 20, "x".repeat(8192));
    let head = [json, "Transfer-Encoding: chunked"];
    host.wire_raw("POST /api/session", &head, &endless).await.problem(413, "body.too_large");
}

#[tokio::test]
async fn answers_are_marked_safe_for_browsers() {
    let host = Host::start().await;
    let answer = host.wire("GET /api/health", &[], "").await;
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

async fn connect(host: &Host) -> TcpStream {
    TcpStream::connect(host.node.console_addr().unwrap()).await.unwrap()
}

/// Sends the head of a call and reads the beginning of its answer.
async fn head_of(stream: &mut TcpStream, path: &str) -> String {
    let call = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{}\r\n\r\n", bearer(TOKEN));
    stream.write_all(call.as_bytes()).await.unwrap();
    let mut bytes = [0; 12];
    stream.read_exact(&mut bytes).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn silent_strangers_lock_nobody_out() {
    let host = Host::start().await;
    let mut watching = connect(&host).await;
    assert_eq!(head_of(&mut watching, "/api/events").await, "HTTP/1.1 200");
    let mut silent = Vec::new();
    for _ in 0..1100 {
        silent.push(connect(&host).await);
    }
    let token = bearer(TOKEN);
    let head = [token.as_str()];
    let call = host.wire("GET /api/machines", &head, "");
    tokio::time::timeout(Duration::from_secs(5), call).await.expect("a place").ok(200);
    // The longest silent one made room; whoever is known did not, though longer there.
    let closed = tokio::time::timeout(Duration::from_secs(5), silent[0].read(&mut [0; 1])).await.unwrap();
    assert!(!closed.is_ok_and(|read| read > 0));
    host.add_machine("CQZ7000000001", "大厅").await;
    let mut told = Vec::new();
    while !String::from_utf8_lossy(&told).contains("CQZ7000000001") {
        let read = watching.read_buf(&mut told);
        assert!(tokio::time::timeout(Duration::from_secs(5), read).await.unwrap().unwrap() > 0);
    }
}
