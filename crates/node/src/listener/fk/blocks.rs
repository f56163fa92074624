//! Messages in blocks: every block is answered `OK`, and only the last makes the message (fk-http §4).

use std::borrow::Cow;
use std::sync::Arc;

use parking_lot::Mutex;
use rollcall_core::machines::MachineId;
use rollcall_protocol::fk::assembly::{Assembly, Joined};
use rollcall_protocol::fk::request::{block_number, response};

use crate::fleet::Known;
use crate::listener::desk::{Case, Desk};
use crate::listener::wire::head::Framing;
use crate::listener::wire::response::FkAnswer;

/// The half messages of all machines.
pub(crate) type Blocks = Mutex<Assembly<MachineId>>;

/// The message this block completes, else what the machine is told.
pub(super) fn join<'b>(
    desk: &Desk,
    case: &Case<'_>,
    known: &Arc<Known>,
    block: &'b [u8],
) -> Result<Cow<'b, [u8]>, FkAnswer> {
    let headers = &case.head.fk;
    let Some(number) = block_number(headers.blk_no) else { return Err(FkAnswer::code(response::BLOCK)) };
    // A body that ends with its connection may have been cut; only here it says how long it was meant to be (T7).
    let announced = headers.blk_len.and_then(|text| std::str::from_utf8(text).ok()?.parse::<usize>().ok());
    if case.head.framing == Framing::UntilClose && announced.is_some_and(|announced| block.len() < announced)
    {
        return Err(FkAnswer::code(response::BLOCK));
    }
    let trans_id = headers.trans_id.unwrap_or_default();
    let code = case.head.request_code.or(headers.cmd_id).unwrap_or_default();
    match desk.blocks.lock().join(&known.id, trans_id, code, number, block, case.now.timestamp()) {
        Joined::Whole(message) => Ok(message),
        Joined::More => Err(super::taken(case)),
        Joined::Gap => Err(FkAnswer::code(response::BLOCK)),
        Joined::Full => Err(FkAnswer::code(response::ERROR)),
    }
}
