//! `cargo xtask rules`: which test proves which rule of the machines, and the check that every rule has one and that the
//! table says so.
//!
//! A test belongs to the rules its name begins with: `fn q1_q4_…` in Rust, `n1: …` or `n1, n3: …` in vitest.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::paths;

mod scan;

/// Numbers and titles, in the order of the table.
const RULES: &str = include_str!("rules.txt");
/// Where tests are.
const PLACES: &[&str] = &["crates", "src-tauri/src", "tests", "ui/e2e", "ui/src", "xtask/src"];
/// Folders without tests of ours, whatever lies in them.
const NOT_OURS: &[&str] = &["target", "node_modules", "dist", "corpus", "artifacts"];

/// What to do with the table.
#[derive(Debug, Args)]
pub struct Options {
    /// Only say whether it is up to date and every rule has a test
    #[arg(long)]
    check: bool,
}

/// A test, so that the table's order is that of the paths.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Proof {
    /// From the top, with slashes on every system.
    file: String,
    name: String,
}

/// A rule, or the heading of a group of them.
#[derive(Debug, PartialEq, Eq)]
enum Entry {
    Group { letter: &'static str, title: &'static str },
    Rule { number: &'static str, title: &'static str },
}

type Proofs = BTreeMap<String, Vec<Proof>>;

/// Writes or checks the table.
pub fn rules(options: &Options) -> Result<()> {
    if options.check { check() } else { write() }
}

/// Writes the table, and prints what is missing.
fn write() -> Result<()> {
    let proofs = collect()?;
    let path = table_path()?;
    fs::write(&path, table(&proofs)).with_context(|| path.display().to_string())?;
    let missing = missing(&proofs);
    println!("{} rules, {} tests", numbers().count(), proofs.values().map(Vec::len).sum::<usize>());
    if !missing.is_empty() {
        println!("without a test:");
        for (number, title) in missing {
            println!("  {number:<4}{title}");
        }
    }
    Ok(())
}

/// Fails when a rule has no test, or the table is not what the tests say.
pub fn check() -> Result<()> {
    let proofs = collect()?;
    let missing: Vec<_> = missing(&proofs).iter().map(|(number, _)| *number).collect();
    if !missing.is_empty() {
        bail!("no test is named after: {}", missing.join(" "));
    }
    let path = table_path()?;
    let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    // A checkout on Windows may have other line ends.
    if kept.replace("\r\n", "\n") != table(&proofs) {
        bail!(
            "docs/machine-rules.md is not what the tests are called; run `cargo xtask rules` and commit what it writes"
        );
    }
    Ok(())
}

fn table_path() -> Result<PathBuf> {
    Ok(paths::root()?.join("docs/machine-rules.md"))
}

fn entries() -> impl Iterator<Item = Entry> {
    RULES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(|line| {
        let (name, title) = line.split_once(' ')?;
        Some(match name.len() {
            1 => Entry::Group { letter: name, title },
            _ => Entry::Rule { number: name, title },
        })
    })
}

fn numbers() -> impl Iterator<Item = (&'static str, &'static str)> {
    entries().filter_map(|entry| match entry {
        Entry::Rule { number, title } => Some((number, title)),
        Entry::Group { .. } => None,
    })
}

fn missing(proofs: &Proofs) -> Vec<(&'static str, &'static str)> {
    numbers().filter(|(number, _)| !proofs.contains_key(*number)).collect()
}

fn collect() -> Result<Proofs> {
    let root = paths::root()?;
    let mut proofs = Proofs::new();
    for place in PLACES {
        walk(&root, &root.join(place), &mut proofs)?;
    }
    for tests in proofs.values_mut() {
        tests.sort();
        tests.dedup();
    }
    Ok(proofs)
}

fn walk(root: &Path, folder: &Path, proofs: &mut Proofs) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            if !NOT_OURS.contains(&&*name) && !name.starts_with('.') {
                walk(root, &path, proofs)?;
            }
            continue;
        }
        let names = match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => scan::rust,
            Some("ts" | "tsx") => scan::vitest,
            _ => continue,
        };
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let parts = path.strip_prefix(root)?.components().map(|part| part.as_os_str().to_string_lossy());
        let file = parts.collect::<Vec<_>>().join("/");
        for found in names(&text) {
            for number in found.rules {
                if numbers().any(|(known, _)| known == number) {
                    let proof = Proof { file: file.clone(), name: found.name.clone() };
                    proofs.entry(number).or_default().push(proof);
                }
            }
        }
    }
    Ok(())
}

fn table(proofs: &Proofs) -> String {
    let mut text = String::from(
        "# The rules of the machines, and what proves them\n\n\
         Real machines taught these rules. Every test whose name begins with a rule's number proves a part of it; a rule\n\
         without a test fails `cargo xtask test`. Written by `cargo xtask rules`: the titles stand in `xtask/src/rules.txt`.\n",
    );
    for entry in entries() {
        match entry {
            Entry::Group { letter, title } => {
                let _ = write!(
                    text,
                    "\n## {letter}: {title}\n\n| Rule | What it asks | Tests |\n| --- | --- | --- |\n"
                );
            }
            Entry::Rule { number, title } => {
                let tests = proofs.get(number).map_or(&[][..], Vec::as_slice);
                let _ = writeln!(text, "| {number} | {title} | {} |", cell(tests));
            }
        }
    }
    text
}

/// The tests of one rule, each file named once.
fn cell(tests: &[Proof]) -> String {
    if tests.is_empty() {
        return "**none**".to_owned();
    }
    let files = tests.chunk_by(|a, b| a.file == b.file).map(|tests| {
        let file = tests.first().map_or("", |proof| &proof.file);
        let names: Vec<_> =
            tests.iter().map(|proof| format!("`{}`", proof.name.replace('|', "\\|"))).collect();
        format!("[{file}](../{file}): {}", names.join(", "))
    });
    files.collect::<Vec<_>>().join("<br>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_numbered_without_a_gap_or_a_repetition() {
        let mut group = "";
        let mut last = Vec::new();
        for entry in entries() {
            match entry {
                Entry::Group { letter, .. } => (group, last) = (letter, Vec::new()),
                Entry::Rule { number, title } => {
                    assert!(number.starts_with(group) && title.ends_with('.') && !title.contains('|'));
                    last.push(number);
                    assert_eq!(number, format!("{group}{}", last.len()));
                }
            }
        }
        assert_eq!(numbers().count(), 104);
    }

    #[test]
    fn the_table_names_files_once_and_says_what_is_missing() {
        let proof = |file: &str, name: &str| Proof { file: file.into(), name: name.into() };
        let tests = [proof("a.rs", "t1_x"), proof("a.rs", "t1_y"), proof("b.ts", "t1: a | b")];
        let shown = cell(&tests);
        assert_eq!(shown, "[a.rs](../a.rs): `t1_x`, `t1_y`<br>[b.ts](../b.ts): `t1: a \\| b`");
        let proofs = Proofs::from([("T1".to_owned(), tests.into())]);
        assert_eq!(missing(&proofs).len(), 103);
        assert!(table(&proofs).contains("| T2 | ") && table(&proofs).contains("**none**"));
    }
}
