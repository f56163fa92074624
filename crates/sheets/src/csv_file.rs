//! Values between commas.

use std::borrow::Cow;

use crate::{Row, SheetError, Table, limits};

/// Characters with which a cell is taken for a formula, or left out of what one types.
fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that no spreadsheet takes for a formula: a quote mark is put before what begins like one. And one more before what
/// [`unguard`] would take one off.
fn guard(text: &str) -> Cow<'_, str> {
    if begins_a_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Takes off again what [`guard`] put before.
fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if begins_a_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// What stands between the values: where Excel writes decimals with a comma, it is a semicolon.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(*delimiter == byte);
                }
            }
            _ => {}
        }
    }
    // The first of equals: a comma.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter)
}

/// Walks through the cells of a text, row by row. A quote mark opens a cell in which delimiters and line breaks are text, and
/// two of them are one; what follows the closing one belongs to the cell all the same.
///
/// Libraries for this pass over empty lines and count those within cells: the numbers of rows would not be a spreadsheet's.
struct Cells<'t> {
    rest: &'t str,
    delimiter: char,
}

impl Cells<'_> {
    /// The next cell, and whether its row ends with it.
    fn next(&mut self) -> (String, bool) {
        let mut cell = String::new();
        let mut quoted = false;
        let mut chars = self.rest.chars();
        while let Some(c) = chars.next() {
            let next = chars.as_str().chars().next();
            match c {
                '"' if quoted && next == Some('"') => {
                    cell.push('"');
                    chars.next();
                }
                '"' if quoted => quoted = false,
                '"' if cell.is_empty() => quoted = true,
                _ if quoted => cell.push(c),
                '\r' | '\n' => {
                    if (c, next) == ('\r', Some('\n')) {
                        chars.next();
                    }
                    self.rest = chars.as_str();
                    return (cell, true);
                }
                _ if c == self.delimiter => {
                    self.rest = chars.as_str();
                    return (cell, false);
                }
                _ => cell.push(c),
            }
        }
        self.rest = "";
        (cell, true)
    }
}

pub(crate) fn read(text: &str) -> Result<Vec<Row>, SheetError> {
    let mut cells = Cells { rest: text, delimiter: char::from(delimiter(text)) };
    let mut rows = Vec::new();
    let (mut number, mut held) = (1, 0);
    let mut row = Vec::new();
    while !(cells.rest.is_empty() && row.is_empty()) {
        let (cell, ends) = cells.next();
        held += cell.len();
        if held > limits::TEXT || cell.len() > limits::CELL {
            return Err(SheetError::TooMuch);
        }
        if row.len() == limits::COLUMNS && !cell.trim().is_empty() {
            return Err(SheetError::TooManyColumns);
        }
        if row.len() < limits::COLUMNS {
            row.push(unguard(&cell).to_owned());
        }
        if ends {
            if let Some(row) = Row::of(number, std::mem::take(&mut row)) {
                if rows.len() == limits::ROWS {
                    return Err(SheetError::TooManyRows);
                }
                rows.push(row);
            }
            number += 1;
        }
    }
    Ok(rows)
}

/// A cell between quote marks, if it has to be.
fn quoted(text: &str, out: &mut String) {
    if !text.contains([',', ';', '"', '\r', '\n', '\t']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

pub(crate) fn write(table: &Table) -> Vec<u8> {
    // Without the mark Excel takes UTF-8 for the computer's own encoding.
    let mut out = "\u{feff}".to_owned();
    for row in std::iter::once(&table.headers).chain(&table.rows) {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                out.push(',');
            }
            quoted(&guard(cell), &mut out);
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(text: &str) -> Vec<(u32, Vec<String>)> {
        read(text).unwrap().into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn directory_2_2_rows_keep_the_numbers_a_spreadsheet_gives_them() {
        let text = "id,name\r\n\r\n1,\"a\r\nb\"\r\n,,\r\n2,\"say \"\"hi\"\"\",,\n\n3,x\n";
        assert_eq!(
            texts(text),
            [
                (1, cells(&["id", "name"])),
                (3, cells(&["1", "a\r\nb"])),
                (5, cells(&["2", "say \"hi\""])),
                (7, cells(&["3", "x"])),
            ]
        );
        assert!(read("").unwrap().is_empty());
        assert_eq!(texts("\"a\"b,\"c\rd,x")[0].1, cells(&["ab", "c\rd,x"]));
        assert_eq!(texts("a\rb,x\"y\"\r\n")[1], (2, cells(&["b", "x\"y\""])));
    }

    #[test]
    fn directory_2_2_other_delimiters_are_told() {
        for text in ["a;b;c,d\n1;2;3", "a\tb\tc\n1\t2\t3", "a,b,c\n1,2,3", "\"x;y;z\",b,c\n1,2,3"] {
            assert_eq!(texts(text)[1].1, cells(&["1", "2", "3"]), "{text}");
        }
        assert_eq!(texts("name\n王芳")[1].1, cells(&["王芳"]));
    }

    #[test]
    fn directory_2_2_what_begins_like_a_formula_is_written_as_text() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("-5", "'-5"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("'x", "'x"),
            ("x=1", "x=1"),
        ] {
            assert_eq!(guard(text), written);
            assert_eq!(unguard(written), text);
        }
    }

    #[test]
    fn files_beyond_the_bounds_are_refused() {
        let wide = vec!["x"; limits::COLUMNS + 1].join(",");
        assert_eq!(read(&wide).unwrap_err().code(), "sheet.too_many_columns");
        let long = "x\n".repeat(limits::ROWS + 1);
        assert_eq!(read(&long).unwrap_err().code(), "sheet.too_many_rows");
        // Empty cells to the right are nothing.
        assert_eq!(read(&format!("a{}", ",".repeat(limits::COLUMNS + 9))).unwrap()[0].cells, cells(&["a"]));
        let cell = "x".repeat(limits::CELL + 1);
        assert_eq!(read(&cell).unwrap_err().code(), "sheet.too_large");
    }

    proptest! {
        #[test]
        fn directory_2_2_a_table_comes_back_as_it_was_written(
            rows in proptest::collection::vec(proptest::collection::vec("['=+@\t\r\n\"a;,王𠮷-]{0,6}", 1..5), 0..8)
        ) {
            let table = Table { name: String::new(), headers: cells(&["甲", "乙"]), rows };
            let bytes = write(&table);
            let read: Vec<Vec<String>> = crate::read(&bytes).unwrap().into_iter().skip(1).map(|row| row.cells).collect();
            let kept: Vec<Vec<String>> =
                table.rows.into_iter().filter_map(|row| Row::of(1, row)).map(|row| row.cells).collect();
            prop_assert_eq!(read, kept);
        }

        #[test]
        fn no_bytes_make_the_reader_fail_otherwise_than_by_saying_so(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = crate::read(&bytes);
        }
    }
}
