//! How long each target has been fuzzed: the table of `docs/fuzzing.md`, which is read back and added to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

const FILE: &str = "docs/fuzzing.md";
const HEAD: &str = "| Target | CPU minutes | Executions | Found meanwhile | Code as of |";
const RULE: &str = "| --- | ---: | ---: | --- | --- |";

const NOTHING: &str = "nothing";

/// What one target has had.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Processor time of the fuzzer, its own and the system's for it.
    pub minutes: f64,
    pub executions: u64,
    /// Written by hand, and left alone here.
    pub found: String,
    /// The last commits that changed what is fuzzed, as they were then; more than one when somebody has judged that a
    /// change did not concern the target.
    pub code: String,
}

/// The page, with the table taken apart.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    before: String,
    rows: BTreeMap<String, Row>,
    after: String,
}

impl Ledger {
    pub fn open(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Self::read(path, &text)
    }

    fn read(path: PathBuf, text: &str) -> Result<Self> {
        let table = format!("{HEAD}\n{RULE}\n");
        let (before, rest) =
            text.split_once(&table).with_context(|| format!("{FILE} has no table:\n{table}"))?;
        let lines = rest.split_inclusive('\n').take_while(|line| line.starts_with('|'));
        let length = lines.clone().map(str::len).sum();
        let rows = lines.map(Row::read).collect::<Result<_>>()?;
        let after = rest.get(length..).unwrap_or_default().to_owned();
        Ok(Self { path, before: before.to_owned(), rows, after })
    }

    /// The row of a target; a new one when it has none.
    pub fn row(&mut self, name: &str) -> &mut Row {
        self.rows
            .entry(name.to_owned())
            .or_insert_with(|| Row { found: NOTHING.to_owned(), ..Row::default() })
    }

    pub fn write(&self) -> Result<()> {
        fs::write(&self.path, self.shown()).with_context(|| self.path.display().to_string())
    }

    fn shown(&self) -> String {
        let mut text = format!("{}{HEAD}\n{RULE}\n", self.before);
        for (name, Row { minutes, executions, found, code }) in &self.rows {
            let _ = writeln!(text, "| `{name}` | {minutes:.2} | {executions} | {found} | {code} |");
        }
        text + &self.after
    }
}

impl Row {
    fn read(line: &str) -> Result<(String, Self)> {
        let columns: Vec<_> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let [name, minutes, executions, found, code] = columns[..] else {
            anyhow::bail!("{FILE}: not five columns: {line}")
        };
        let row = Self {
            minutes: minutes.parse().with_context(|| format!("{FILE}: {line}"))?,
            executions: executions.parse().with_context(|| format!("{FILE}: {line}"))?,
            found: found.to_owned(),
            code: code.to_owned(),
        };
        ensure!(row.minutes >= 0.0, "{FILE}: {line}");
        Ok((name.trim_matches('`').to_owned(), row))
    }

    /// Prepares it for more of the code of this commit. What was done with other code does not count, unless somebody has
    /// judged that it does.
    pub fn of_code(&mut self, commit: &str, count_on: bool) {
        if self.code.split(' ').next_back() == Some(commit) {
            return;
        }
        if count_on && !self.code.is_empty() {
            self.code = format!("{} {commit}", self.code);
        } else {
            *self = Self { found: NOTHING.to_owned(), code: commit.to_owned(), ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_back_and_added_to() {
        let text =
            format!("# F\n\n{HEAD}\n{RULE}\n| `b` | 1.50 | 70 | a crash, mended | abc |\n\nThe end.\n");
        let mut ledger = Ledger::read(PathBuf::new(), &text).unwrap();
        assert_eq!(ledger.shown(), text);
        ledger.row("b").minutes += 0.25;
        ledger.row("a").of_code("abc", false);
        let more = text.replace("1.50", "1.75").replace("| `b`", "| `a` | 0.00 | 0 | nothing | abc |\n| `b`");
        assert_eq!(ledger.shown(), more);
        assert!(Ledger::read(PathBuf::new(), "# F\n").is_err());
        assert!(Ledger::read(PathBuf::new(), &text.replace("70", "many")).is_err());
    }

    #[test]
    fn other_code_begins_anew_unless_it_is_the_same_to_the_target() {
        let row = Row { minutes: 3.0, executions: 5, found: "x".into(), code: "abc".into() };
        let with = |commit: &str, count_on| {
            let mut row = row.clone();
            row.of_code(commit, count_on);
            (row.minutes, row.code)
        };
        assert_eq!(with("abc", false), (3.0, "abc".to_owned()));
        assert_eq!(with("def", true), (3.0, "abc def".to_owned()));
        assert_eq!(with("def", false), (0.0, "def".to_owned()));
    }
}
