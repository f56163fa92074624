//! The FK dialect over real sockets.

mod clocks;
mod events;
mod identity;
mod orders;
mod people;
mod storage;
mod transport;

use rollcall_core::Sn;
use rollcall_core::enrolments::{SeenView, seen_list, templates_of};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_core::page::Page;
use rollcall_protocol::WallTime;
use rollcall_protocol::order::TemplateKind;

use crate::support::{Rig, SN};

const GLOG: &[(&str, &str)] =
    &[("request_code", "realtime_glog"), ("trans_id", "RTLogSendAction"), ("blk_no", "0")];
const POLL: &[(&str, &str)] =
    &[("request_code", "receive_cmd"), ("trans_id", "ReceiveCommandAction"), ("blk_no", "0")];
const ENROL: &str = "realtime_enroll_data";
const INFO: &str = r#"{"fk_name":"CQZ7000000001","fk_time":"20260706093000","fk_info":{"supported_enroll_data":["FP","PASSWORD","IDCARD","FACE"],"fk_bin_data_lib":"FKDataHS102","firmware":"HS102_1.0","fp_data_ver":4,"face_data_ver":1}}"#;

/// An answer in this dialect.
struct Told {
    head: String,
    body: Vec<u8>,
}

impl Told {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn code(&self) -> &str {
        self.header("response_code").unwrap()
    }

    /// Not taken, and so that no machine takes it for a success (A2).
    #[track_caller]
    fn is_refused(&self, code: &str) {
        assert_eq!(self.code(), code, "{}", self.head);
        assert!(!self.head.to_ascii_uppercase().replace("BLOCK", "").contains("OK"), "{}", self.head);
    }

    /// The JSON of a command.
    fn json(&self) -> &str {
        let end = self.body.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        std::str::from_utf8(self.body.get(4..end).unwrap_or_default()).unwrap()
    }
}

fn request_to(target: &str, sn: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("POST {target} HTTP/1.0\r\nContent-Type: application/octet-stream\r\ndev_id: {sn}\r\n")
            .into_bytes();
    for (name, value) in headers {
        bytes.extend(format!("{name}: {value}\r\n").bytes());
    }
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn framed(json: &str, blobs: &[&[u8]]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let mut body = length(json.len() + 1).to_vec();
    body.extend_from_slice(json.as_bytes());
    body.push(0);
    for blob in blobs {
        body.extend(length(blob.len()));
        body.extend_from_slice(blob);
    }
    body
}

fn punch_json(pin: &str, time: &str) -> String {
    format!(
        r#"{{"fk_bin_data_lib":"FKDataHS102","user_id":"{pin}","verify_mode":268435456,"io_mode":16777216,"io_time":"{time}","log_image":null}}"#
    )
}

fn punch(pin: &str, time: &str) -> Vec<u8> {
    framed(&punch_json(pin, time), &[])
}

impl Rig {
    async fn fk_of(&self, sn: &str, headers: &[(&str, &str)], body: &[u8]) -> Told {
        self.fk_raw(&request_to("/", sn, headers, body)).await
    }

    async fn fk_raw(&self, bytes: &[u8]) -> Told {
        let mut line = self.connect().await;
        line.send(bytes).await;
        let answer = line.rest().await;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        Told { head, body: answer[end + 4..].to_vec() }
    }

    async fn fk(&self, headers: &[(&str, &str)], body: &[u8]) -> Told {
        self.fk_of(SN, headers, body).await
    }

    async fn glog(&self, body: &[u8]) -> Told {
        self.fk(GLOG, body).await
    }

    async fn fk_poll(&self) -> Told {
        self.fk(POLL, &framed(INFO, &[])).await
    }

    /// A machine that has polled before, so that it is known to speak this dialect.
    async fn fk_rig() -> Self {
        let rig = Self::start().await;
        assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
        rig.machine().await;
        rig
    }

    async fn result(&self, id: &str, code: &str, body: &[u8]) -> Told {
        let headers = [
            ("request_code", "send_cmd_result"),
            ("trans_id", id),
            ("cmd_return_code", code),
            ("blk_no", "0"),
        ];
        self.fk(&headers, body).await
    }

    async fn seen(&self) -> Vec<SeenView> {
        let sn = Sn::new(SN).unwrap();
        self.site
            .read(move |conn| seen_list(conn, &sn, &Page { limit: 1000, cursor: None }))
            .await
            .unwrap()
            .items
    }

    async fn log(&self) -> Vec<MachineEventView> {
        let sn = Sn::new(SN).unwrap();
        self.site
            .read(move |conn| machine_events(conn, &sn, &Page { limit: 1000, cursor: None }))
            .await
            .unwrap()
            .items
    }

    /// Kind, number and bytes of the templates kept of somebody.
    async fn templates(&self, pin: &'static str) -> Vec<(TemplateKind, u16, Option<(u32, u32)>, Vec<u8>)> {
        let id = self.machine().await.id;
        let site = self.site.clone();
        let found = self.site.read(move |conn| templates_of(conn, site.vault(), id, pin)).await.unwrap();
        found.into_iter().map(|t| (t.kind, t.no, t.version, t.data)).collect()
    }
}

fn wall(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}
