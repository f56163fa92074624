//! The site without a window: machines push to it, browsers manage it.

use std::io::Write;

fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("openapi") {
        std::io::stdout().write_all(rollcall_node::api::description().as_bytes())?;
    }
    Ok(())
}
