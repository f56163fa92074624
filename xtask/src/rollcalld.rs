//! A running `rollcalld`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::sh::Sh;

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Rollcalld {
    child: Child,
    /// Where the attendance machines connect to.
    pub machines: String,
    /// Where the console is.
    pub console: String,
}

impl Rollcalld {
    /// Starts one and waits for the line that says where it listens.
    pub fn start(program: Sh, data: &Path, machines: &str, console: &str) -> Result<Self> {
        let mut command =
            program.arg("--data").arg(data).args(["--machines", machines, "--console", console]).into_inner();
        let mut child = command
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .context("rollcalld does not start")?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).context("rollcalld says nothing")?;
        }
        let bound: Value = match serde_json::from_str(&line) {
            Ok(bound) => bound,
            Err(_) => {
                // Why it did not start is on standard error already, with what to do.
                let status = child.wait().context("rollcalld is lost")?;
                bail!("rollcalld did not start ({status})");
            }
        };
        let text = |key: &str| bound.get(key).and_then(Value::as_str).map(str::to_owned);
        let (Some(machines), Some(console)) = (text("machines"), text("console")) else {
            let _ = child.kill();
            bail!("rollcalld did not say where it listens, but: {line}");
        };
        Ok(Self { child, machines, console })
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Result<()> {
        let status = self.child.wait().context("rollcalld is lost")?;
        if status.success() { Ok(()) } else { bail!("rollcalld ended with {status}") }
    }
}

impl Drop for Rollcalld {
    fn drop(&mut self) {
        // An error only says that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
