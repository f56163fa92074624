//! Workbooks.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Style, Xlsx};
use rust_xlsxwriter::{Format, Workbook};

use crate::{Row, SheetError, Table, limits};

/// Unpacks everything once into nothing: what an archive says of its sizes may be a lie, and whoever believes it runs out of
/// memory.
pub(crate) fn check_size(bytes: &[u8], most: u64) -> Result<(), SheetError> {
    let broken = |error: zip::result::ZipError| SheetError::Archive(io::Error::other(error));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > limits::PARTS {
        return Err(SheetError::TooMuch);
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let size = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(SheetError::Archive)?;
        left = left.checked_sub(size).ok_or(SheetError::TooMuch)?;
    }
    Ok(())
}

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    check_size(bytes, limits::UNPACKED)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let shown = workbook.sheets_metadata().iter().find(|sheet| sheet.visible == SheetVisible::Visible);
    let name = shown.map(|sheet| sheet.name.clone()).ok_or(SheetError::NoSheet)?;
    // Cell by cell: a range of the library's is as large as the distance of its corners.
    let mut reader = workbook.worksheet_cells_reader(&name)?;
    let mut rows: Vec<Row> = Vec::new();
    let (mut number, mut cells, mut held) = (0, Vec::new(), 0);
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let text = text(cell.get_value(), reader.styles().get(style));
        if text.trim().is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize + 1, column as usize);
        if row != number {
            finish(&mut rows, number, std::mem::take(&mut cells))?;
            number = row;
        }
        held += text.len();
        if held > limits::TEXT || text.len() > limits::CELL {
            return Err(SheetError::TooMuch);
        }
        if column >= limits::COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        if column >= cells.len() {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
    }
    finish(&mut rows, number, cells)?;
    Ok(rows)
}

fn finish(rows: &mut Vec<Row>, number: usize, cells: Vec<String>) -> Result<(), SheetError> {
    let Some(row) = Row::of(number, cells) else { return Ok(()) };
    if rows.len() == limits::ROWS {
        return Err(SheetError::TooManyRows);
    }
    rows.push(row);
    Ok(())
}

/// What somebody reads in a cell.
fn text(value: &DataRef<'_>, style: Option<&Style>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => padded(number.to_string(), style),
        DataRef::Float(number) => padded(number_text(*number), style),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
    }
}

/// Excel keeps fifteen digits of a number, whatever a binary fraction has behind them.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// A number that is shown with zeros before it, `0000` being how: 42 is read as 0042.
fn padded(digits: String, style: Option<&Style>) -> String {
    let format =
        style.and_then(|style| style.number_format.as_ref()).map(|format| format.format_code.as_str());
    match format {
        Some(code)
            if code.len() > digits.len()
                && code.bytes().all(|byte| byte == b'0')
                && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{digits:0>width$}", width = code.len())
        }
        _ => digits,
    }
}

/// A day, and the time of day if there is one. A number that is no day is left one: it was none.
fn time_text(time: &ExcelDateTime) -> String {
    if time.is_duration() || !(1.0..2_958_466.0).contains(&time.as_f64()) {
        return number_text(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

/// Characters after which a column is as wide as is good to look at.
const WIDEST: usize = 40;

pub(crate) fn write(table: &Table) -> Result<Vec<u8>, SheetError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    if !table.name.is_empty() {
        sheet.set_name(&table.name)?;
    }
    // Text throughout: zeros in front stay where they are, also of what somebody types into an empty row.
    let (head, body) = (Format::new().set_bold().set_num_format("@"), Format::new().set_num_format("@"));
    for (column, header) in (0_u16..).zip(&table.headers) {
        let widest = table
            .rows
            .iter()
            .take(200)
            .filter_map(|row| row.get(usize::from(column)))
            .map(|cell| width(cell));
        let width = widest.chain([width(header) + 2, 8]).max().unwrap_or(8).min(WIDEST);
        sheet.set_column_width(column, width as f64)?;
        sheet.set_column_format(column, &body)?;
        sheet.write_string_with_format(0, column, header, &head)?;
    }
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, column, cell, &body)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(workbook.save_to_buffer()?)
}

/// How wide a text is in a column: Chinese characters take two places.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() + 1
}
