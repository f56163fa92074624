//! What the fuzz target of the listener does with an input. Without the fuzzing engine, so that the tests of the crate can
//! put the committed corpus through the same functions.

pub mod listener;
