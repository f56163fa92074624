use crate::support::Host;

#[tokio::test]
async fn what_is_bound_is_said_and_that_machines_cannot_reach_loopback() {
    let host = Host::start().await;
    let answer = host.get("/api/listener").await;
    let listener = answer.ok(200);
    assert_eq!(listener["address"], "127.0.0.1");
    assert_eq!(listener["port"], host.node.machines_addr().port());
    assert_eq!(listener["addresses"][0]["kind"], "loopback");
    assert_eq!(listener["addresses"][0]["address"], "127.0.0.1");
    assert_eq!(listener["problems"][0]["code"], "listener.bound_to_loopback");
    assert_eq!(listener["problems"][0]["level"], "error");
}

#[tokio::test]
async fn n4_machines_are_never_redirected() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    for call in [
        "GET /",
        "GET /iclock",
        "GET /iclock/",
        "GET //iclock//getrequest/?SN=CQZ7000000001",
        "GET /prefix/iclock/cdata.aspx?SN=CQZ7000000001&options=all",
        "GET http://elsewhere/iclock/getrequest?SN=CQZ7000000001",
        "GET /iclock/unheard?SN=CQZ7000000001",
        "POST /hdata.aspx",
        "PUT /iclock/cdata?SN=CQZ7000000001",
    ] {
        let answer = host.machine(call, "").await;
        assert!(
            !(300..400).contains(&answer.status) && answer.header("location").is_none(),
            "{call}: {answer:?}"
        );
        assert!(!answer.body.to_ascii_uppercase().contains("ICLOCKSVRURL"), "{call}: {answer:?}");
    }
}

#[tokio::test]
async fn t11_https_from_an_unknown_address_is_a_problem_with_words() {
    let host = Host::start().await;
    host.machine_raw(&[0x16, 3, 1, 0, 5]).await;
    let answer = host.get("/api/listener").await;
    let problems = answer.ok(200)["problems"].as_array().unwrap();
    let tls = problems.iter().find(|problem| problem["code"] == "listener.tls").unwrap();
    assert!(tls["detail"].as_str().unwrap().contains("127.0.0.1"), "{tls}");
    assert_eq!(answer.json["guide"].as_array().unwrap().len(), 5);
}
