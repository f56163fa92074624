//! `cargo xtask rules`: which test proves which rule, of the machines and of the product, and the check that every rule has one
//! and that the tables say so.
//!
//! A test belongs to the rules its name begins with: `fn q1_q4_…` in Rust, `n1: …` or `n1, n3: …` in vitest; and, of the
//! product's, `fn dispatch_4_5_…`, whatever the word in front.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::paths;

mod scan;

/// Rules of one origin, and the table of them.
struct Book {
    /// Numbers and titles, in the order of the table.
    rules: &'static str,
    /// The table, from the top.
    table: &'static str,
    /// What stands above it.
    head: &'static str,
}

const MACHINES: Book = Book {
    rules: include_str!("rules/machines.txt"),
    table: "docs/machine-rules.md",
    head: "# The rules of the machines, and what proves them\n\n\
           Real machines taught these rules. Every test whose name begins with a rule's number proves a part of it; a rule\n\
           without a test fails `cargo xtask test`. Written by `cargo xtask rules`: the titles stand in\n\
           `xtask/src/rules/machines.txt`.\n",
};
const PRODUCT: Book = Book {
    rules: include_str!("rules/product.txt"),
    table: "docs/product-rules.md",
    head: "# What Rollcall must do, and what proves it\n\n\
           The chapters whose every rule has a test. A test proves a part of the rule whose number stands behind the first word of\n\
           its name; a rule without a test fails `cargo xtask test`. Written by `cargo xtask rules`: the titles stand in\n\
           `xtask/src/rules/product.txt`.\n",
};
const BOOKS: [&Book; 2] = [&MACHINES, &PRODUCT];
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

/// Writes the tables, and prints what is missing.
fn write() -> Result<()> {
    let proofs = collect()?;
    for book in BOOKS {
        let path = paths::root()?.join(book.table);
        fs::write(&path, book.text(&proofs)).with_context(|| path.display().to_string())?;
        let tests = book.numbers().filter_map(|(number, _)| proofs.get(number)).map(Vec::len).sum::<usize>();
        println!("{}: {} rules, {tests} tests", book.table, book.numbers().count());
        let missing = book.missing(&proofs);
        if !missing.is_empty() {
            println!("without a test:");
            for (number, title) in missing {
                println!("  {number:<4}{title}");
            }
        }
    }
    Ok(())
}

/// Fails when a rule has no test, or a table is not what the tests say.
pub fn check() -> Result<()> {
    let proofs = collect()?;
    for book in BOOKS {
        let missing: Vec<_> = book.missing(&proofs).iter().map(|(number, _)| *number).collect();
        if !missing.is_empty() {
            bail!("no test is named after: {}", missing.join(" "));
        }
        let path = paths::root()?.join(book.table);
        let kept = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        // A checkout on Windows may have other line ends.
        if kept.replace("\r\n", "\n") != book.text(&proofs) {
            bail!(
                "{} is not what the tests are called; run `cargo xtask rules` and commit what it writes",
                book.table
            );
        }
    }
    Ok(())
}

impl Book {
    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.rules.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(|line| {
            let (name, title) = line.split_once(' ')?;
            Some(match name.len() {
                1 => Entry::Group { letter: name, title },
                _ => Entry::Rule { number: name, title },
            })
        })
    }

    fn numbers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.entries().filter_map(|entry| match entry {
            Entry::Rule { number, title } => Some((number, title)),
            Entry::Group { .. } => None,
        })
    }

    fn missing(&self, proofs: &Proofs) -> Vec<(&'static str, &'static str)> {
        self.numbers().filter(|(number, _)| !proofs.contains_key(*number)).collect()
    }

    fn text(&self, proofs: &Proofs) -> String {
        let mut text = self.head.to_owned();
        for entry in self.entries() {
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
                if BOOKS.iter().any(|book| book.numbers().any(|(known, _)| known == number)) {
                    let proof = Proof { file: file.clone(), name: found.name.clone() };
                    proofs.entry(number).or_default().push(proof);
                }
            }
        }
    }
    Ok(())
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
        for (book, between) in [(&MACHINES, ""), (&PRODUCT, ".")] {
            let mut group = "";
            let mut last: Option<u32> = None;
            for entry in book.entries() {
                match entry {
                    Entry::Group { letter, .. } => (group, last) = (letter, None),
                    Entry::Rule { number, title } => {
                        assert!(title.ends_with('.') && !title.contains('|'));
                        let within = number.strip_prefix(&format!("{group}{between}")).unwrap();
                        let this: u32 = within.parse().unwrap();
                        // What a group begins with may be written of elsewhere: 6.1 to 6.3 are rules of the wire.
                        assert!(last.is_none_or(|last| this == last + 1), "{number} follows {last:?}");
                        last = Some(this);
                    }
                }
            }
        }
        assert_eq!(MACHINES.numbers().count(), 104);
    }

    #[test]
    fn the_table_names_files_once_and_says_what_is_missing() {
        let proof = |file: &str, name: &str| Proof { file: file.into(), name: name.into() };
        let tests = [proof("a.rs", "t1_x"), proof("a.rs", "t1_y"), proof("b.ts", "t1: a | b")];
        let shown = cell(&tests);
        assert_eq!(shown, "[a.rs](../a.rs): `t1_x`, `t1_y`<br>[b.ts](../b.ts): `t1: a \\| b`");
        let proofs = Proofs::from([("T1".to_owned(), tests.into())]);
        assert_eq!(MACHINES.missing(&proofs).len(), 103);
        let text = MACHINES.text(&proofs);
        assert!(text.contains("| T2 | ") && text.contains("**none**"));
    }
}
