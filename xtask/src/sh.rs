//! Other programs, started from the top of the working copy.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A program to run; what it prints is seen.
#[derive(Debug)]
pub struct Sh(Command);

/// A program by name or path; `npm` is found on Windows too.
pub fn sh(program: impl AsRef<OsStr>) -> Result<Sh> {
    let program = program.as_ref();
    let found = program.to_str().and_then(|name| paths::in_path(&[name]));
    let mut command = found.map_or_else(|| Command::new(program), Command::new);
    command.current_dir(paths::root()?);
    // What cargo told this program about itself is nothing a build beneath it should see.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
        {
            command.env_remove(&name);
        }
    }
    Ok(Sh(command))
}

/// The cargo that runs us.
pub fn cargo() -> Result<Sh> {
    sh(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

impl Sh {
    /// One argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    /// Several.
    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.0.args(arguments);
        self
    }

    /// A variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Where it starts.
    pub fn dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.0.current_dir(folder);
        self
    }

    /// Runs it to its end; anything but success is an error that names the command.
    pub fn run(mut self) -> Result<()> {
        let shown = self.shown();
        println!("$ {shown}");
        let status = self.0.status().with_context(|| self.cannot_start())?;
        if !status.success() {
            bail!("`{shown}` ended with {status}");
        }
        Ok(())
    }

    /// Runs it and gives what it printed.
    pub fn output(mut self) -> Result<String> {
        let shown = self.shown();
        let output = self.0.stderr(Stdio::inherit()).output().with_context(|| self.cannot_start())?;
        if !output.status.success() {
            bail!("`{shown}` ended with {}", output.status);
        }
        String::from_utf8(output.stdout).with_context(|| format!("what `{shown}` printed is no text"))
    }

    /// The same, without showing its complaints.
    pub fn output_quiet(mut self) -> Result<String> {
        let output = self.0.output().with_context(|| self.cannot_start())?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Whether it can be started and succeeds; what it prints is not shown.
    pub fn works(mut self) -> bool {
        self.0
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The command itself, for whoever wants to keep it running.
    pub fn into_inner(self) -> Command {
        self.0
    }

    fn shown(&self) -> String {
        let mut words = vec![Path::new(self.0.get_program()).file_stem().unwrap_or_default()];
        words.extend(self.0.get_args());
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }

    fn cannot_start(&self) -> String {
        format!(
            "`{}` cannot be started; is it installed and in PATH?",
            self.0.get_program().to_string_lossy()
        )
    }
}
