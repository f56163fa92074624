//! Reports to read and to print: a workbook that is written row by row, so that a year of a thousand people needs no more memory
//! than a row of one.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook};

use crate::SheetError;

/// How a cell looks. What a colour means stands in its text as well: a printer may have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Above the table.
    Title,
    /// Above or below the table, small.
    Note,
    /// The head of a column.
    Head,
    /// The head of a column of a day off.
    HeadOff,
    /// Text.
    Text,
    /// In the middle of its cell, small.
    Cell,
    /// As it should be and nothing to look at.
    Faint,
    /// Off.
    Off,
    /// On leave.
    Leave,
    /// Not quite as it should be.
    Warning,
    /// Not as it should be.
    Bad,
    /// It was wrong and counts no more.
    Lifted,
    /// Not known yet.
    Open,
    /// A number.
    Number,
}

/// What is in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing, though it is part of the table.
    Blank(Look),
    /// Text, whatever it begins with.
    Text(String, Look),
    /// A number one can calculate with.
    Number(f64, Look),
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>, look: Look) -> Self {
        Self::Text(text.into(), look)
    }
}

/// How a page of the workbook is laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// What the page is called.
    pub name: String,
    /// How wide each column is, in characters.
    pub widths: Vec<f64>,
    /// The first and the last row of the head, from 0: they stay where they are, and are printed on each page.
    pub head: (u32, u32),
    /// Columns on the left that stay where they are, and are printed on each page.
    pub fixed: u16,
}

/// A workbook being written.
pub struct Report {
    workbook: Workbook,
    /// Made when they are first needed.
    formats: HashMap<Look, Format>,
    /// The page that is being written, and its next row.
    page: usize,
    row: u32,
    /// How that page is laid out, its head, and which of those that go on from it this is.
    layout: Layout,
    head: Vec<Vec<Cell>>,
    further: u32,
    /// Rows a page may have.
    most: u32,
}

/// Rows a page of a workbook may have.
const ROWS_MOST: u32 = 1_048_576;

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("page", &self.page).field("row", &self.row).finish_non_exhaustive()
    }
}

/// Paper of the size A4.
const A4: u8 = 9;
/// Paper of the size A3.
const A3: u8 = 8;
/// Columns of which no more fit on A4.
const NARROW: usize = 16;

impl Default for Report {
    fn default() -> Self {
        Self::new()
    }
}

impl Report {
    /// A workbook without a page.
    pub fn new() -> Self {
        Self {
            workbook: Workbook::new(),
            formats: HashMap::new(),
            page: 0,
            row: 0,
            layout: Layout::default(),
            head: Vec::new(),
            further: 1,
            most: ROWS_MOST,
        }
    }

    /// Begins the next page; nothing more can be written to the one before.
    pub fn page(&mut self, layout: &Layout) -> Result<(), SheetError> {
        (self.layout, self.further) = (layout.clone(), 1);
        self.head.clear();
        self.begin(layout, &layout.name)
    }

    /// Goes on on another page of the same layout: a page has no more rows.
    fn go_on(&mut self) -> Result<(), SheetError> {
        self.further += 1;
        // The rows above the head are on the first page alone.
        let (first, last) = self.layout.head;
        let layout = Layout { head: (0, last.saturating_sub(first)), ..self.layout.clone() };
        self.begin(&layout, &format!("{} {}", layout.name, self.further))
    }

    fn begin(&mut self, layout: &Layout, name: &str) -> Result<(), SheetError> {
        (self.page, self.row) = (self.workbook.worksheets().len(), 0);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        for (column, width) in (0_u16..).zip(&layout.widths) {
            sheet.set_column_width(column, *width)?;
        }
        sheet.set_landscape();
        sheet.set_paper_size(if layout.widths.len() > NARROW { A3 } else { A4 });
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        // As wide as a page and as long as it takes.
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(layout.head.0, layout.head.1)?;
        if let Some(last) = layout.fixed.checked_sub(1) {
            sheet.set_repeat_columns(0, last)?;
        }
        sheet.set_freeze_panes(layout.head.1 + 1, layout.fixed)?;
        sheet.set_footer("&L&A&R&P / &N");
        Ok(())
    }

    /// Writes the next row of the page, or the first of another when it is full; the head is repeated there.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        if self.row >= self.most {
            self.go_on()?;
            for row in std::mem::take(&mut self.head) {
                self.put(&row)?;
                self.head.push(row);
            }
        } else if self.further == 1 && (self.layout.head.0..=self.layout.head.1).contains(&self.row) {
            self.head.push(cells.to_vec());
        }
        self.put(cells)
    }

    fn put(&mut self, cells: &[Cell]) -> Result<(), SheetError> {
        let (row, sheet) = (self.row, self.workbook.worksheet_from_index(self.page)?);
        for (column, cell) in (0_u16..).zip(cells) {
            let (Cell::Blank(look) | Cell::Text(_, look) | Cell::Number(_, look)) = cell;
            let format = self.formats.entry(*look).or_insert_with(|| format(*look));
            match cell {
                Cell::Blank(_) => sheet.write_blank(row, column, format)?,
                Cell::Text(text, _) => sheet.write_string_with_format(row, column, text, format)?,
                Cell::Number(number, _) => sheet.write_number_with_format(row, column, *number, format)?,
            };
        }
        self.row += 1;
        Ok(())
    }

    /// The workbook as bytes.
    pub fn finish(mut self) -> Result<Vec<u8>, SheetError> {
        Ok(self.workbook.save_to_buffer()?)
    }
}

fn format(look: Look) -> Format {
    let boxed = || {
        Format::new()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF))
            .set_align(FormatAlign::VerticalCenter)
    };
    let cell = || boxed().set_align(FormatAlign::Center).set_text_wrap().set_font_size(9);
    let head = || cell().set_bold().set_font_size(10);
    match look {
        Look::Title => Format::new().set_bold().set_font_size(16),
        Look::Note => Format::new().set_font_size(9).set_font_color(Color::RGB(0x0059_5959)),
        Look::Head => head().set_background_color(Color::RGB(0x00E7_E6E6)),
        Look::HeadOff => head().set_background_color(Color::RGB(0x00D0_CECE)),
        Look::Text => boxed().set_font_size(10),
        Look::Cell => cell(),
        Look::Faint => cell().set_font_color(Color::RGB(0x007F_7F7F)),
        Look::Off => {
            cell().set_background_color(Color::RGB(0x00F2_F2F2)).set_font_color(Color::RGB(0x007F_7F7F))
        }
        Look::Leave => cell().set_background_color(Color::RGB(0x00DD_EBF7)),
        Look::Warning => cell().set_background_color(Color::RGB(0x00FF_F2CC)),
        Look::Bad => cell().set_background_color(Color::RGB(0x00F8_CBAD)).set_bold(),
        Look::Lifted => cell().set_background_color(Color::RGB(0x00E2_EFDA)),
        Look::Open => cell().set_italic().set_font_color(Color::RGB(0x0059_5959)),
        Look::Number => boxed().set_align(FormatAlign::Right).set_font_size(10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_row_by_row_is_read_again() {
        let mut report = Report::new();
        let layout = Layout { name: "考勤表".into(), widths: vec![10.0, 5.0], head: (1, 1), fixed: 1 };
        report.page(&layout).unwrap();
        report.row(&[Cell::text("2026年7月", Look::Title)]).unwrap();
        report.row(&[Cell::text("姓名", Look::Head), Cell::text("天数", Look::HeadOff)]).unwrap();
        for n in 0..3 {
            let cells =
                [Cell::text(format!("=1+{n}"), Look::Text), Cell::Number(f64::from(n) + 0.5, Look::Number)];
            report.row(&cells).unwrap();
        }
        report.row(&[Cell::Blank(Look::Off), Cell::text("y", Look::Cell)]).unwrap();
        report.page(&Layout { name: "明细".into(), ..Layout::default() }).unwrap();
        report.row(&[Cell::text("x", Look::Note)]).unwrap();
        let rows = crate::read(&report.finish().unwrap()).unwrap();
        let cells: Vec<_> = rows.into_iter().map(|row| row.cells).collect();
        assert_eq!(
            cells,
            [
                vec!["2026年7月"],
                vec!["姓名", "天数"],
                vec!["=1+0", "0.5"],
                vec!["=1+1", "1.5"],
                vec!["=1+2", "2.5"],
                vec!["", "y"],
            ]
        );
    }

    /// Two months of twenty thousand people have more rows than a page of a workbook.
    #[test]
    fn what_is_too_long_for_a_page_goes_on_on_another() {
        let mut report = Report { most: 4, ..Report::new() };
        let layout = Layout { name: "Days".into(), widths: vec![10.0], head: (1, 1), fixed: 1 };
        report.page(&layout).unwrap();
        report.row(&[Cell::text("title", Look::Title)]).unwrap();
        report.row(&[Cell::text("Name", Look::Head)]).unwrap();
        for n in 0..7 {
            report.row(&[Cell::text(format!("n{n}"), Look::Text)]).unwrap();
        }
        let bytes = report.finish().unwrap();
        let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
        let mut pages = Vec::new();
        for name in calamine::Reader::sheet_names(&book) {
            let range = calamine::Reader::worksheet_range(&mut book, &name).unwrap();
            let cells = range.rows().map(|row| row[0].to_string()).collect::<Vec<_>>().join(" ");
            pages.push(format!("{name}: {cells}"));
        }
        assert_eq!(pages, ["Days: title Name n0 n1", "Days 2: Name n2 n3 n4", "Days 3: Name n5 n6"],);
    }
}
