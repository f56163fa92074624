//! Work that runs later or in the background, with a log one can read.
