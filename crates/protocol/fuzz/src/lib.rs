//! What the fuzz targets of the protocol crate do with an input. Without the fuzzing engine, so that the tests of the
//! crate can put the committed corpus through the same functions.

pub mod targets;

/// Judges an input of the target of this name.
///
/// # Panics
/// When a property does not hold; that is what it is for.
pub fn check(name: &str, input: &[u8]) {
    let found = targets::TARGETS.iter().find(|(known, _)| *known == name);
    let (_, check) = found.unwrap_or_else(|| panic!("there is no target {name}"));
    check(input);
}
