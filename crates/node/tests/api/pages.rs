//! The UI's files, or what stands in for them.

use crate::support::Host;

#[tokio::test]
async fn pages_need_no_token_and_every_address_of_the_consoles_is_one() {
    let host = Host::start().await;
    for path in ["/", "/machines", "/machines/CQZ7000000001/people", "/index.html"] {
        let answer = host.wire(&format!("GET {path}"), &[], "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(answer.body.to_ascii_lowercase().contains("<!doctype html>"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_not_there() {
    let host = Host::start().await;
    for path in [
        "/assets/nothing.js",
        "/nothing.png",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2f..%2fCargo.toml",
    ] {
        host.wire(&format!("GET {path}"), &[], "").await.problem(404, "path.unknown");
    }
    let answer = host.wire("POST /machines", &[], "{}").await;
    answer.problem(405, "method.not_allowed");
    assert_eq!(answer.header("allow"), Some("GET, HEAD"));
}
