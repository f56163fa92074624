//! How much a file may hold.

/// Bytes of a file.
pub const BYTES: usize = 20 * 1024 * 1024;
/// Rows with something in them.
pub const ROWS: usize = 100_001;
/// Columns.
pub const COLUMNS: usize = 200;
/// Bytes of all parts of a workbook, unpacked.
pub const UNPACKED: u64 = 256 * 1024 * 1024;
/// Parts of a workbook.
pub const PARTS: usize = 4_096;
/// Bytes of text in all cells together: a workbook may name one long text in each.
pub const TEXT: usize = 96 * 1024 * 1024;
/// Bytes of one cell; as many characters as Excel takes, of any kind.
pub const CELL: usize = 4 * 32_767;
