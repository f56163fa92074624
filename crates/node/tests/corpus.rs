//! The committed corpus of the listener's fuzz target, put through the same function without the fuzzing engine: what was
//! found once stays found.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[cfg(test)]
#[path = "../fuzz/src/listener/mod.rs"]
mod listener;

#[test]
fn every_committed_input_holds_its_properties() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/listener");
    let folder = tempfile::tempdir().unwrap();
    let judge = listener::Judge::new(folder.path());
    judge.judge(b"");
    let mut inputs = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        let path = entry.unwrap().path();
        let input = std::fs::read(&path).unwrap();
        let held = catch_unwind(AssertUnwindSafe(|| judge.judge(&input)));
        assert!(held.is_ok(), "the input was {}", path.display());
        inputs += 1;
    }
    assert!(inputs > 0, "there is no corpus");
}
