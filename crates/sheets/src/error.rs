use crate::limits;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// More bytes than are taken.
    #[error("the file has more than {} MB", limits::BYTES / 1024 / 1024)]
    TooLarge,
    /// More rows than are taken.
    #[error("the file has more than {} rows", limits::ROWS - 1)]
    TooManyRows,
    /// More columns than are taken.
    #[error("the file has more than {} columns", limits::COLUMNS)]
    TooManyColumns,
    /// More text than is taken, once unpacked.
    #[error("the file is too large once unpacked")]
    TooMuch,
    /// A workbook of before 2007, or one with a password.
    #[error("a workbook of Excel before 2007, or one with a password; save it as .xlsx without one")]
    OldExcel,
    /// Text in an encoding that is none of ours.
    #[error("the text is neither UTF-8 nor GBK; save it as “CSV UTF-8”")]
    Encoding,
    /// A workbook without a sheet.
    #[error("the workbook has no sheet")]
    NoSheet,
    /// A broken workbook.
    #[error("the workbook cannot be read")]
    Workbook(#[source] Box<calamine::XlsxError>),
    /// A broken archive.
    #[error("the workbook cannot be unpacked")]
    Archive(#[source] std::io::Error),
    /// The workbook could not be written.
    #[error("the workbook cannot be written")]
    Write(#[source] Box<rust_xlsxwriter::XlsxError>),
}

impl SheetError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooMuch => "sheet.too_large",
            Self::TooManyRows => "sheet.too_many_rows",
            Self::TooManyColumns => "sheet.too_many_columns",
            Self::OldExcel => "sheet.old_excel",
            Self::Encoding => "sheet.encoding",
            Self::NoSheet => "sheet.empty",
            Self::Workbook(_) | Self::Archive(_) => "sheet.unreadable",
            Self::Write(_) => "sheet.not_written",
        }
    }
}

impl From<calamine::XlsxError> for SheetError {
    fn from(error: calamine::XlsxError) -> Self {
        Self::Workbook(Box::new(error))
    }
}

impl From<rust_xlsxwriter::XlsxError> for SheetError {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Write(Box::new(error))
    }
}
