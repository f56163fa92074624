//! Tables of text from and to files: XLSX and CSV, in bytes and out bytes. What is in them is somebody else's affair.
//!
//! Every cell comes out as the text a person would read in it: a number without a binary fraction's tail, a date as
//! `YYYY-MM-DD`. Files come from strangers, so nothing in one decides how much memory it takes ([`limits`]).

mod csv_file;
mod error;
pub mod limits;
pub mod report;
#[cfg(test)]
mod tests;
mod text;
mod xlsx;

pub use error::SheetError;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A workbook of Excel since 2007.
    Xlsx,
    /// Values between commas.
    Csv,
}

/// A row with something in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number as a spreadsheet counts, from 1.
    pub number: u32,
    /// Its cells from the first column on; trailing empty ones are left out.
    pub cells: Vec<String>,
}

impl Row {
    fn of(number: usize, mut cells: Vec<String>) -> Option<Self> {
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        (!cells.is_empty()).then_some(Self { number, cells })
    }
}

/// A table to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table is called, where the form has a name for it.
    pub name: String,
    /// The first row.
    pub headers: Vec<String>,
    /// The others.
    pub rows: Vec<Vec<String>>,
}

/// Reads the rows of a file that have anything in them; of a workbook, those of its first sheet that is shown.
///
/// The form is told from the bytes, not from a name. Text is UTF-8, with or without a byte order mark, UTF-16 with one, or
/// GB18030.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    if bytes.len() > limits::BYTES {
        return Err(SheetError::TooLarge);
    }
    if bytes.starts_with(XLSX) {
        return xlsx::read(bytes);
    }
    if bytes.starts_with(OLD_EXCEL) {
        return Err(SheetError::OldExcel);
    }
    csv_file::read(&text::decode(bytes)?)
}

/// The text of a file that is no table: UTF-8, with or without a byte order mark, UTF-16 with one, or GB18030. Nothing bounds
/// its length but whoever has the bytes.
pub fn text(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, SheetError> {
    text::decode(bytes)
}

/// Whether a file is a workbook, or was once.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(XLSX) || bytes.starts_with(OLD_EXCEL)
}

/// How a workbook begins.
const XLSX: &[u8] = b"PK\x03\x04";
/// What Excel wrote until 2003, and what it writes with a password.
const OLD_EXCEL: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// Writes a file. Every cell is text: what begins like a formula is none when the file is opened.
pub fn write(format: Format, table: &Table) -> Result<Vec<u8>, SheetError> {
    match format {
        Format::Xlsx => xlsx::write(table),
        Format::Csv => Ok(csv_file::write(table)),
    }
}
