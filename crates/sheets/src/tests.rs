//! Workbooks as Excel and others write them.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

use crate::{Format, Row, Table, limits, read, write, xlsx};

fn cells(row: &Row) -> Vec<&str> {
    row.cells.iter().map(String::as_str).collect()
}

#[test]
fn directory_2_2_cells_are_what_one_reads_in_them() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_hidden(true).write_string(0, 0, "hidden").unwrap();
    let sheet = workbook.add_worksheet().set_active(true);
    sheet.write_string(0, 0, "工号").unwrap();
    let date = CellFormat::new().set_num_format("yyyy/m/d");
    let time = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm");
    let zeros = CellFormat::new().set_num_format("0000");
    sheet.write_number(2, 0, 1001).unwrap();
    sheet.write_string(2, 1, "0042").unwrap();
    sheet.write_number_with_format(2, 2, 42, &zeros).unwrap();
    sheet.write_number(2, 3, 1.1 + 2.2).unwrap();
    sheet.write_number(2, 4, 13_800_138_000_f64).unwrap();
    sheet.write_number(2, 5, -7.5).unwrap();
    sheet.write_boolean(2, 6, true).unwrap();
    sheet.write_datetime_with_format(2, 7, ExcelDateTime::from_ymd(2026, 1, 5).unwrap(), &date).unwrap();
    let noon = ExcelDateTime::from_ymd(2026, 1, 5).unwrap().and_hms(12, 30, 0).unwrap();
    sheet.write_datetime_with_format(2, 8, noon, &time).unwrap();
    sheet.write_formula(2, 9, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_string(2, 11, "王芳").unwrap();
    sheet.write_string(2, 12, "  ").unwrap();
    let rows = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!((rows.len(), rows[0].number, rows[1].number), (2, 1, 3));
    assert_eq!(
        cells(&rows[1]),
        [
            "1001",
            "0042",
            "0042",
            "3.3",
            "13800138000",
            "-7.5",
            "TRUE",
            "2026-01-05",
            "2026-01-05 12:30:00",
            "2",
            "",
            "王芳"
        ]
    );
}

#[test]
fn directory_2_2_a_workbook_comes_back_as_it_was_written() {
    let texts = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let table = Table {
        name: "人员".to_owned(),
        headers: texts(&["姓名", "工号", "备注"]),
        rows: vec![
            texts(&["𠮷田 嘢", "007", "=1+1"]),
            texts(&["", "+86", "a\nb"]),
            texts(&["<&>\"'", "-5", "@x"]),
        ],
    };
    for format in [Format::Xlsx, Format::Csv] {
        let rows = read(&write(format, &table).unwrap()).unwrap();
        let all: Vec<_> = rows.iter().map(|row| row.cells.clone()).collect();
        let written: Vec<_> = std::iter::once(&table.headers).chain(&table.rows).cloned().collect();
        assert_eq!(all, written, "{format:?}");
    }
    // Nothing in it is a formula.
    let bytes = write(Format::Xlsx, &table).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![0_u8; 1 << 20];
    let bomb = archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/media/x.bin", &zeros), ("y", &zeros)]);
    assert!(bomb.len() < 10_000, "{}", bomb.len());
    assert!(xlsx::check_size(&bomb, 2 << 20 | 11).is_ok());
    assert_eq!(xlsx::check_size(&bomb, 2 << 20).unwrap_err().code(), "sheet.too_large");
    let many: Vec<(String, &[u8])> = (0..=limits::PARTS).map(|n| (format!("{n}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(read(&archive(&many)).unwrap_err().code(), "sheet.too_large");
}

#[test]
fn what_is_no_workbook_is_refused() {
    for (bytes, code) in [
        (b"PK\x03\x04 and nothing more".to_vec(), "sheet.unreadable"),
        (archive(&[("hello.txt", b"hello")]), "sheet.unreadable"),
        (vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], "sheet.old_excel"),
        (vec![b'x'; limits::BYTES + 1], "sheet.too_large"),
    ] {
        assert_eq!(read(&bytes).unwrap_err().code(), code);
    }
}

/// Two cells at the far corners of a sheet: a range between them would have seventeen thousand million.
#[test]
fn a_cell_far_out_takes_no_room() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(1_048_575, 3, "z").unwrap();
    let rows = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!((rows.len(), rows[1].number), (2, 1_048_576));
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 16_383, "z").unwrap();
    let refused = read(&workbook.save_to_buffer().unwrap()).unwrap_err();
    assert_eq!(refused.code(), "sheet.too_many_columns");
}
