#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use rollcall_node_fuzz::listener::Judge;

/// In memory where there is such a folder: what waits for a disk is not fuzzed.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
    // The engine ends without saying goodbye, so each run clears up behind those before it.
    for entry in std::fs::read_dir(&base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix("rollcall-fuzz-"));
        if owner.is_some_and(|pid| !PathBuf::from("/proc").join(pid).exists()) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
    let folder = base.join(format!("rollcall-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the database");
    folder
});

thread_local! {
    static JUDGE: Judge = Judge::new(&FOLDER);
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| JUDGE.with(|judge| judge.judge(data)));
