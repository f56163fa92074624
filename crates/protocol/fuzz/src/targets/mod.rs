//! One module per target: bytes in, a panic when a property does not hold.

mod access_lines;
mod access_time;
mod attlog;
mod bytes;
mod commands;
mod dialect;
mod fk_assembly;
mod fk_frame;
mod fk_json;
mod operlog;
mod options;
mod orders;
mod picture;
mod querydata;
mod results;
mod target;
mod text;

/// What judges one input.
pub type Check = fn(&[u8]);

/// All of them, by the names of their programs and corpus folders.
pub const TARGETS: [(&str, Check); 16] = [
    ("access_lines", access_lines::check),
    ("access_time", access_time::check),
    ("attlog", attlog::check),
    ("commands", commands::check),
    ("dialect", dialect::check),
    ("fk_assembly", fk_assembly::check),
    ("fk_frame", fk_frame::check),
    ("fk_json", fk_json::check),
    ("operlog", operlog::check),
    ("options", options::check),
    ("orders", orders::check),
    ("picture", picture::check),
    ("querydata", querydata::check),
    ("results", results::check),
    ("target", target::check),
    ("text", text::check),
];
