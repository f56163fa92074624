//! Nothing anybody sends makes the server fail: 4xx with a stable code for the API, an orderly answer for machines.

use anyhow::{Context as _, ensure};
use reqwest::Method;
use rollcall_machine::wire::{Method as Verb, Wire, WireOptions};
use rollcall_tests::{Reply, Server};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What may stand in a path where a name is expected.
const SEGMENTS: [&str; 8] = [
    "CQZ7000000001",
    "nobody",
    "0",
    "%00",
    "%FF%FE",
    "..%2F..%2Fetc%2Fpasswd",
    "%F0%A0%AE%B7",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

const QUERIES: [&str; 12] = [
    "",
    "limit=0",
    "limit=-1",
    "limit=99999999999999999999",
    "limit=a&limit=b",
    "cursor=%00%FF",
    "cursor=e30",
    "from=yesterday&to=2026-13-45",
    "from=2026-07-06T08:00:00%2B99:00",
    "search=%25%27%22%3B--&pin=%00",
    "matched=perhaps&employeeId=%F0%A0%AE%B7",
    "%=&&==&?&unknown=1",
];

/// Endpoints of the access-control dialect.
const ACCESS: [&str; 4] = ["registry", "push", "rtdata", "querydata"];

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let long = "长".repeat(100_000);
    let values = [
        json!(null),
        json!([]),
        json!("text"),
        json!({}),
        json!({ "sn": null, "name": null, "entries": null, "token": null }),
        json!({ "sn": 1, "name": [], "entries": {}, "fields": [], "pin": {}, "enabled": "yes" }),
        json!({ "sn": "", "name": "", "pin": "", "id": "" }),
        json!({ "sn": "a b", "name": "tab\there\u{0}", "timeZone": "Mars/Olympus" }),
        json!({ "sn": "BAD0001", "name": long, "model": long, "id": long }),
        json!({ "name": "x", "hiredOn": "2026-02-31", "leftOn": "soon", "fields": { "": "", "nosuch": {} } }),
        json!({ "name": "x", "hiredOn": "-262143-01-01", "leftOn": "+262142-12-31" }),
        json!({ "entries": [null, 1, {}, { "employeeId": "", "pin": "-1" }, { "employeeId": "nobody", "pin": "9999999999" }] }),
        json!({ "timeZone": "", "token": "wrong", "unknownField": 1 }),
    ];
    let mut bodies: Vec<_> =
        values.iter().map(|value| ("application/json", value.to_string().into_bytes())).collect();
    bodies.push(("application/json", Vec::new()));
    bodies.push(("application/json", b"{".to_vec()));
    bodies.push(("application/json", b"{\"name\":\"\xFF\xFE\"}".to_vec()));
    bodies.push(("application/json", b"[".repeat(50_000)));
    bodies.push(("text/plain", b"{}".to_vec()));
    bodies.push(("application/x-www-form-urlencoded", b"sn=1&name=2".to_vec()));
    bodies.push(("nonsense", b"{}".to_vec()));
    bodies
}

fn in_order(what: &str, reply: &Reply) -> anyhow::Result<()> {
    ensure!(!reply.status.is_server_error(), "{what} answered {} {}", reply.status, reply.body);
    if reply.status.is_client_error() {
        ensure!(
            reply.content_type.starts_with("application/problem+json"),
            "{what}: {} {}",
            reply.status,
            reply.content_type
        );
        let code = reply.code();
        let stable = code.contains('.')
            && code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._".contains(&byte));
        ensure!(stable, "{what}: {} has the code {code:?}", reply.status);
    }
    Ok(())
}

/// Every path of the description with every nasty thing in its place.
fn paths(template: &str) -> Vec<String> {
    if !template.contains('{') {
        return vec![template.to_owned()];
    }
    SEGMENTS
        .iter()
        .map(|segment| {
            let mut path = String::new();
            for part in template.split('/').skip(1) {
                path.push('/');
                path.push_str(if part.starts_with('{') { segment } else { part });
            }
            path
        })
        .collect()
}

#[tokio::test]
async fn no_input_makes_the_api_fail() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let api = &server.api;
    api.add_machine("CQZ7000000001", "Front door").await?;
    let description = api.get("/api/openapi.json").await?;
    let templates = description.get("paths").and_then(Value::as_object).context("no paths")?;
    ensure!(templates.len() > 8, "the description is about something: {}", templates.len());
    let bodies = bodies();
    for (template, methods) in templates {
        if template == "/api/events" {
            // Streams without end; its input is the same as the others'.
            continue;
        }
        let methods = methods.as_object().context("methods")?;
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let described = methods.contains_key(&method.to_lowercase());
            let method: Method = method.parse()?;
            for path in paths(template) {
                let what = format!("{method} {path}");
                // Wrong tokens are counted per address, and this is not what this test is about.
                if template == "/api/session" && described {
                    in_order(
                        &what,
                        &api.raw(method.clone(), &path, "application/json", b"{".to_vec()).await?,
                    )?;
                    continue;
                }
                if !described || method == Method::GET || method == Method::DELETE {
                    for query in QUERIES.iter().take(if described { QUERIES.len() } else { 1 }) {
                        let reply = api.call(method.clone(), &format!("{path}?{query}"), None).await?;
                        in_order(&format!("{what}?{query}"), &reply)?;
                    }
                    continue;
                }
                for (content_type, body) in &bodies {
                    let reply = api.raw(method.clone(), &path, content_type, body.clone()).await?;
                    let shown = String::from_utf8_lossy(body.get(..80.min(body.len())).unwrap_or_default())
                        .into_owned();
                    in_order(&format!("{what} {content_type} {shown}"), &reply)?;
                }
            }
        }
    }
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/machines/",
        "/api//machines",
        "/api/%00",
        "/api/machines/a/b/c/d",
    ] {
        in_order(path, &api.call(Method::GET, path, None).await?)?;
    }
    let health = api.tokenless("/api/health").await?;
    ensure!(health.body.get("status") == Some(&json!("ok")), "{}", health.body);
    let closed = api.tokenless("/api/machines").await?;
    ensure!(closed.status == 401, "no token, no answer: {}", closed.status);
    in_order("no token", &closed)
}

#[tokio::test]
async fn no_request_makes_the_listener_fail() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    server.api.add_machine("CQZ7000000001", "Front door").await?;
    let mut wire = Wire::new(server.addresses.machines.into(), WireOptions::default());
    // The access dialect comes last: a machine that has spoken it is taken for an access terminal from then on.
    let attendance =
        ["cdata", "getrequest", "devicecmd", "ping", "fdata", "exchange", "event", "test", "file", "nothing"];
    let endpoints = attendance.into_iter().chain(ACCESS);
    let queries = [
        "",
        "SN=",
        "SN=CQZ7000000001",
        "SN=CQZ7000000001&table=ATTLOG",
        "SN=CQZ7000000001&table=OPERLOG",
        "SN=CQZ7000000001&table=%&options=all&pushver=%FF",
        "SN=%00%FF",
        "SN=..%2F..%2Fetc",
        "SN=CQZ7000000001&INFO=,,,,-1,%,99999999999999999999,x",
        "SN=CQZ7000000001&type=time",
        "&&&===&SN",
    ];
    let bodies: [&[u8]; 6] = [
        b"",
        b"\0\0\0\n\t\t\t\n",
        b"ID=1&Return=x&CMD=\nID=&&&=\n",
        b"\xFF\xFE\xC0\t2026-07-06 08:58:11\n",
        b"OPLOG\nUSER\nFP \nBIODATA\t\t=\n",
        b"1\t2026-07-06 08:58:11\t99999999999999\t-\t\t\t\t",
    ];
    for endpoint in endpoints {
        for query in queries {
            for (verb, bodies) in [(Verb::Get, bodies.get(..1).unwrap_or_default()), (Verb::Post, &bodies)] {
                for body in bodies {
                    let target = format!("/iclock/{endpoint}?{query}");
                    let answer = wire
                        .request(verb, &target, body)
                        .await
                        .with_context(|| format!("{verb:?} {target} {body:?}"))?;
                    // "Keep it and come again" is an orderly answer to strangers, and to a dialect that is not served yet.
                    let later = !query.contains("CQZ7000000001") || ACCESS.contains(&endpoint);
                    ensure!(
                        answer.status < 500 || (answer.status == 503 && later),
                        "{verb:?} {target} {body:?}: {answer:?}"
                    );
                }
            }
        }
    }
    // Not even HTTP: every connection ends, and the next is served.
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"GET /iclock/cdata?SN=CQZ7000000001 HTTP/9.9\r\n\r\n",
        b"POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n1\t2026",
        b"POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        &[b'A'; 100_000],
    ] {
        let mut stream = TcpStream::connect(server.addresses.machines).await?;
        // The server may have closed already.
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let mut answer = Vec::new();
        let _ = rollcall_tests::patiently("the connection ends", stream.read_to_end(&mut answer)).await?;
        ensure!(!answer.starts_with(b"HTTP/1.1 5") && !answer.starts_with(b"HTTP/1.0 5"), "{bytes:?}");
    }
    let answer = wire.request(Verb::Get, "/iclock/ping?SN=CQZ7000000001", b"").await?;
    ensure!(answer.accepts_upload(), "it is still there: {answer:?}");
    Ok(())
}
