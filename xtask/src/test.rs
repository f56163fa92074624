//! `cargo xtask test`: everything that can be checked, in one go. A step that fails does not keep the others from
//! running; all failures stand at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use clap::{Args, ValueEnum};

use crate::packages::{self, For};
use crate::ui;

mod api;
mod rust;
mod screens;

/// What to check.
#[derive(Debug, Args)]
pub struct Options {
    /// Only this part; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

/// A part of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, clippy, unit and integration tests, licences
    Rust,
    /// The console's pages: lint, types, unit tests, both languages complete
    Ui,
    /// The API against its description, and the client generated from it
    Api,
    /// The console in a browser
    E2e,
    /// The real window
    Window,
}

/// One thing that passes or fails.
struct Step {
    name: &'static str,
    parts: &'static [Part],
    /// What must have passed for this to mean anything.
    after: &'static [&'static str],
    run: fn() -> Result<()>,
}

const ALL: &[Part] = &[Part::Rust, Part::Ui, Part::Api, Part::E2e, Part::Window];
/// What needs our programs built.
const BUILT: &[Part] = &[Part::Rust, Part::Api, Part::E2e, Part::Window];

const PAGES: &[&str] = &["ui: packages"];
const PROGRAMS: &[&str] = &["rust: build"];

const STEPS: &[Step] = &[
    Step { name: "ui: packages", parts: ALL, after: &[], run: ui::install },
    Step { name: "rust: format", parts: &[Part::Rust], after: &[], run: rust::format },
    // Reads only names: said before anything is built.
    Step {
        name: "rules: each has a test",
        parts: &[Part::Rust, Part::Ui],
        after: &[],
        run: crate::rules::check,
    },
    Step {
        name: "ui: lint",
        parts: &[Part::Ui],
        after: PAGES,
        run: || ui::npm()?.args(["run", "lint"]).run(),
    },
    // Type-checks, too.
    Step { name: "ui: build", parts: ALL, after: PAGES, run: ui::build },
    Step {
        name: "ui: unit tests",
        parts: &[Part::Ui],
        after: PAGES,
        run: || ui::npm()?.args(["run", "test"]).run(),
    },
    Step { name: "rust: clippy", parts: &[Part::Rust], after: &["ui: build"], run: rust::clippy },
    Step { name: "rust: build", parts: BUILT, after: &["ui: build"], run: rust::build },
    Step { name: "rust: tests", parts: &[Part::Rust], after: PROGRAMS, run: rust::tests },
    Step { name: "rust: documentation", parts: &[Part::Rust], after: PROGRAMS, run: rust::documentation },
    Step { name: "api: description", parts: &[Part::Api], after: PROGRAMS, run: crate::openapi::check },
    Step { name: "api: schemathesis", parts: &[Part::Api], after: PROGRAMS, run: api::schemathesis },
    Step { name: "e2e: in a browser", parts: &[Part::E2e], after: PROGRAMS, run: screens::browser },
    Step {
        name: "window: in the real window",
        parts: &[Part::Window],
        after: PROGRAMS,
        run: screens::window,
    },
    Step { name: "rust: licences and sources", parts: &[Part::Rust], after: &[], run: rust::deny },
];

/// Runs the checks.
pub fn test(options: &Options) -> Result<()> {
    let wanted =
        |parts: &[Part]| options.only.is_empty() || parts.iter().any(|part| options.only.contains(part));
    let needs: Vec<For> = [
        (BUILT, For::Node),
        // Clippy and the tests build the whole workspace, the window in it.
        (BUILT, For::Window),
        (&[Part::Api], For::Python),
        (&[Part::E2e], For::Browser),
        (&[Part::Window], For::WindowTests),
    ]
    .iter()
    .filter(|(parts, _)| wanted(parts))
    .map(|(_, need)| *need)
    .collect();

    let mut tally = Tally::default();
    tally.attempt("set up", &[], || packages::ensure(&needs));
    for step in STEPS.iter().filter(|step| wanted(step.parts)) {
        tally.attempt(step.name, step.after, step.run);
    }
    tally.close()
}

/// What passed and what did not.
#[derive(Default)]
struct Tally {
    passed: Vec<(&'static str, Duration)>,
    failed: Vec<(&'static str, anyhow::Error)>,
}

impl Tally {
    fn attempt(&mut self, name: &'static str, after: &[&str], run: impl FnOnce() -> Result<()>) {
        println!("\n── {name}");
        // Without what it needs it would fail too, or pass on programs of yesterday.
        let lost = self.failed.iter().map(|(lost, _)| *lost);
        if let Some(lost) = lost.into_iter().find(|lost| *lost == "set up" || after.contains(lost)) {
            self.failed.push((name, anyhow!("not run, since \"{lost}\" failed")));
            return;
        }
        let start = Instant::now();
        let outcome = run();
        let took = start.elapsed();
        match outcome {
            Ok(()) => {
                println!("── {name}: passed in {}", shown(took));
                self.passed.push((name, took));
            }
            Err(error) => {
                println!("── {name}: FAILED after {}: {error:#}", shown(took));
                self.failed.push((name, error));
            }
        }
    }

    fn close(self) -> Result<()> {
        println!("\n══ All steps");
        for (name, took) in &self.passed {
            println!("   passed  {:>9}  {name}", shown(*took));
        }
        for (name, error) in &self.failed {
            println!("   FAILED             {name}: {error:#}");
        }
        let counts = format!("{} passed, {} failed", self.passed.len(), self.failed.len());
        if !self.failed.is_empty() {
            bail!(counts);
        }
        println!("\n{counts}");
        Ok(())
    }
}

fn shown(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
