//! The committed corpus of the fuzz targets, put through the same functions without the fuzzing engine: what was found
//! once stays found.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

#[cfg(test)]
#[path = "../fuzz/src/targets/mod.rs"]
mod targets;

#[test]
fn every_committed_input_holds_its_properties() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, check) in targets::TARGETS {
        check(b"");
        let mut inputs = 0;
        for entry in std::fs::read_dir(corpus.join(name)).unwrap_or_else(|e| panic!("{name}: {e}")) {
            let path = entry.unwrap().path();
            let input = std::fs::read(&path).unwrap();
            let held = catch_unwind(AssertUnwindSafe(|| check(&input)));
            assert!(held.is_ok(), "the input was {}", path.display());
            inputs += 1;
        }
        assert!(inputs > 0, "the target {name} has no corpus");
    }
}
