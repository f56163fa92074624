//! What a request asks, by its headers (fk-http §2, §3).

/// Kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// `receive_cmd`: is there something to do?
    Poll,
    /// `send_cmd_result`: what became of a command.
    CommandResult,
    /// `realtime_glog`: a punch.
    Punch,
    /// `realtime_enroll_data`: somebody was enrolled at the machine.
    Enrolment,
    /// `realtime_door_status`.
    Door,
    /// Anything else.
    Other,
}

impl Request {
    /// The kind of a request: by `request_code`, else by `cmd_id`, which some models send instead (§2).
    #[must_use]
    pub fn of(request_code: Option<&[u8]>, cmd_id: Option<&[u8]>) -> Self {
        const CODES: [(&[u8], Request); 11] = [
            (b"receive_cmd", Request::Poll),
            (b"send_cmd_result", Request::CommandResult),
            (b"realtime_glog", Request::Punch),
            (b"realtime_enroll_data", Request::Enrolment),
            (b"realtime_door_status", Request::Door),
            (b"ReceiveCommandAction", Request::Poll),
            (b"SendResultAction", Request::CommandResult),
            (b"SendCmdResultAction", Request::CommandResult),
            (b"RTLogSendAction", Request::Punch),
            (b"RTEnrollDataAction", Request::Enrolment),
            (b"RTDoorStatusAction", Request::Door),
        ];
        let named = |name: &[u8]| {
            CODES.iter().find(|(code, _)| code.eq_ignore_ascii_case(name.trim_ascii())).map(|(_, kind)| *kind)
        };
        request_code.and_then(named).or_else(|| cmd_id.and_then(named)).unwrap_or(Self::Other)
    }
}

/// What the machine is told: the values of the header `response_code` (§3).
pub mod response {
    /// Taken; or: here is a command.
    pub const OK: &str = "OK";
    /// Nothing to do.
    pub const NO_COMMAND: &str = "ERROR_NO_CMD";
    /// Not taken; the machine keeps it and sends it again.
    pub const ERROR: &str = "ERROR";
    /// The block does not fit what came before it: begin again with block 1.
    pub const BLOCK: &str = "ERROR_ADD_BLOCK_DATA";
    /// Nobody knows such a request; the maker spells it so.
    pub const UNKNOWN_REQUEST: &str = "ERROR_INVLAID_REQUEST_CODE";
}

/// The number of a block (`blk_no`); without the header there is only one, the last.
#[must_use]
pub fn block_number(header: Option<&[u8]>) -> Option<u32> {
    let Some(text) = header.map(<[u8]>::trim_ascii).filter(|text| !text.is_empty()) else { return Some(0) };
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_by_either_header() {
        for (code, id, kind) in [
            (Some("receive_cmd"), None, Request::Poll),
            (Some(" Realtime_GLog "), None, Request::Punch),
            (None, Some("RTLogSendAction"), Request::Punch),
            (None, Some("ReceiveCommandAction"), Request::Poll),
            (None, Some("RTEnrollDataAction"), Request::Enrolment),
            (Some("nothing known"), Some("RTLogSendAction"), Request::Punch),
            (Some("send_cmd_result"), Some("ReceiveCommandAction"), Request::CommandResult),
            (Some("realtime_door_status"), None, Request::Door),
            (Some("realtime_slog"), None, Request::Other),
            (None, None, Request::Other),
        ] {
            assert_eq!(Request::of(code.map(str::as_bytes), id.map(str::as_bytes)), kind, "{code:?} {id:?}");
        }
    }

    #[test]
    fn block_numbers() {
        for (text, number) in
            [(None, Some(0)), (Some(""), Some(0)), (Some(" 2 "), Some(2)), (Some("-1"), None)]
        {
            assert_eq!(block_number(text.map(str::as_bytes)), number);
        }
    }
}
