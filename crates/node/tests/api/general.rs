//! What holds for every call: errors are problems, whatever went wrong.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use crate::support::{Host, TOKEN};

#[tokio::test]
async fn every_error_is_a_problem() {
    let host = Host::start().await;
    let post = |body: &'static str| host.send_text(Method::POST, "/api/machines", body);
    let cases = [
        ("unknown path", host.get("/api/nothing").await),
        ("api itself", host.get("/api").await),
        ("wrong method", host.send_text(Method::PUT, "/api/machines", "{}").await),
        ("not JSON", post("{\"sn\":").await),
        ("no body", post("").await),
        ("not UTF-8", host.call(json_request(b"{\"sn\": \"\xff\"}".to_vec())).await),
        ("a field is missing", post("{\"sn\": \"A1\"}").await),
        ("an unknown field", post("{\"sn\": \"A1\", \"name\": \"x\", \"nmae\": \"y\"}").await),
        ("a wrong type", post("{\"sn\": \"A1\", \"name\": 7}").await),
        ("twice the same field", post("{\"sn\": \"A1\", \"sn\": \"A2\", \"name\": \"x\"}").await),
        ("no content type", host.call(Request::post("/api/machines").body(Body::from("{}")).unwrap()).await),
        ("an unreadable path", host.get("/api/machines/%FF").await),
        ("an unknown parameter", host.get("/api/machines?limt=5").await),
        ("a limit that is no number", host.get("/api/machines?limit=five").await),
        ("a limit twice", host.get("/api/machines?limit=5&limit=6").await),
        ("a limit too large for any integer", host.get("/api/machines?limit=99999999999999999999999").await),
        ("a limit of nothing", host.get("/api/machines?limit=0").await),
        ("a limit beyond the most", host.get("/api/machines?limit=1001").await),
    ];
    let told: Vec<Value> = cases
        .into_iter()
        .map(|(what, answer)| {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}");
            json!({"case": what, "status": answer.status, "problem": answer.json})
        })
        .collect();
    insta::assert_json_snapshot!(told);
}

fn json_request(body: Vec<u8>) -> Request<Body> {
    Request::post("/api/machines").header("content-type", "application/json").body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let host = Host::start().await;
    for (method, path, allow) in [
        (Method::PUT, "/api/machines", "GET,HEAD,POST"),
        (Method::POST, "/api/machines/X1", "GET,HEAD,PATCH,DELETE"),
        (Method::DELETE, "/api/health", "GET,HEAD"),
        (Method::TRACE, "/api/audit", "GET,HEAD"),
        (Method::OPTIONS, "/api/events", "GET,HEAD"),
    ] {
        let answer =
            host.call(Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await;
        answer.problem(405, "method.not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{path}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_413() {
    let host = Host::start().await;
    let body = format!("{{\"sn\": \"A1\", \"name\": \"{}\"}}", "x".repeat(4 * 1024 * 1024));
    host.send_text(Method::POST, "/api/machines", &body).await.problem(413, "body.too_large");
}

#[tokio::test]
async fn garbage_for_a_cursor_is_refused_everywhere() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let lists = [
        "/api/machines",
        "/api/strangers",
        "/api/employees",
        "/api/branches",
        "/api/departments",
        "/api/fields",
        "/api/machines/CQZ7000000001/roster",
        "/api/machines/CQZ7000000001/commands",
        "/api/machines/CQZ7000000001/seen-people",
        "/api/machines/CQZ7000000001/log",
        "/api/punches",
        "/api/punches?order=arrival",
        "/api/punches/rejected",
        "/api/audit",
    ];
    for list in lists {
        let join = if list.contains('?') { '&' } else { '?' };
        for cursor in
            ["x", "zz", "5b5d", "%00", "%E4%B8%AD", "31383434363734343037333730393535313631363030", ""]
        {
            let answer = host.get(&format!("{list}{join}cursor={cursor}")).await;
            answer.problem(422, "page.cursor_invalid");
        }
    }
}

#[tokio::test]
async fn the_committed_description_is_the_present_one() {
    let committed = include_str!("../../../../docs/openapi.json");
    let present = rollcall_node::api::description();
    assert!(
        committed == present,
        "the API changed; write its description anew: cargo run -p rollcall-node -- openapi > docs/openapi.json"
    );
    let host = Host::start().await;
    let served = host.wire("GET /api/openapi.json", &[&format!("Authorization: Bearer {TOKEN}")], "").await;
    assert_eq!(served.ok(200)["openapi"], "3.1.0");
    assert_eq!(served.body, present);
    assert_eq!(served.header("content-type"), Some("application/json"));
}

/// A client generator names its types and functions after these.
#[test]
fn operations_are_named_once_and_documented() {
    let description: Value = serde_json::from_str(&rollcall_node::api::description()).unwrap();
    let mut names = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(!names.contains(&name), "{name} twice");
            names.push(name);
            let text = operation["summary"].as_str().or(operation["description"].as_str());
            assert!(text.is_some_and(|text| !text.is_empty()), "{method} {path} says nothing");
        }
    }
    assert!(names.len() > 20);
}
