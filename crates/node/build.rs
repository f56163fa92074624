//! Makes the folder of the built UI known to the compiler before there is one.

use std::path::Path;

fn main() {
    let pages = Path::new("../../ui/dist");
    // A debug build reads the files at run time, from a folder whose true path is looked up now: it has to be there. Where
    // it cannot be made, the program is built without pages and says so.
    let _ = std::fs::create_dir_all(pages);
    println!("cargo::rerun-if-changed=build.rs");
    // Only a release carries the files inside; a debug build must not be compiled anew for each of them.
    if std::env::var("PROFILE").as_deref() == Ok("release") && pages.exists() {
        println!("cargo::rerun-if-changed={}", pages.display());
    }
}
