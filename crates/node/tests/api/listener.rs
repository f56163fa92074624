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
