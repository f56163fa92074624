//! How quick a directory of fifty thousand people is.

use anyhow::{Context as _, ensure};
use rollcall_core::directory::{
    DirectoryError, EmployeeFilter, ImportError, ImportFile, ImportRow, Status, department_list,
    employee_list, export_employees, import_employees, import_undo,
};
use rollcall_core::page::Page;
use rollcall_core::{Actor, Clock, Site, SiteOptions};
use rollcall_sheets::{Format, Table as Sheet};
use rusqlite::Connection;
use tokio::time::Instant;

use crate::table::Table;
use crate::times::{middle, millis};

const PEOPLE: usize = 50_000;
const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "单"];
const NAMES: [&str; 12] = ["芳", "伟", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "勇"];

/// A file of invented people in 200 departments of five branches.
fn sheet() -> Sheet {
    let headers = ["人员ID", "姓名", "分部", "部门", "工号", "手机", "邮箱", "入职日期"];
    let pick = |list: &[&str], at: usize| list.get(at % list.len()).copied().unwrap_or_default().to_owned();
    let rows = (0..PEOPLE).map(|n| {
        vec![
            format!("p{n:05}"),
            pick(&SURNAMES, n) + &pick(&NAMES, n / 7) + &pick(&NAMES, n / 31),
            format!("分部{}", n % 5),
            format!("部门{}/组{}", n % 20, n % 200),
            format!("{:06}", n + 1),
            format!("138{n:08}"),
            format!("p{n}@example.org"),
            format!("20{:02}-{:02}-01", n % 26, n % 12 + 1),
        ]
    });
    Sheet { name: "人员".to_owned(), headers: headers.map(str::to_owned).to_vec(), rows: rows.collect() }
}

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("rollcall.db");
    let site = Site::open(SiteOptions { path: path.clone(), clock: Clock::system() })?;

    let sheet = tokio::task::spawn_blocking(sheet).await?;
    let begun = Instant::now();
    let bytes = rollcall_sheets::write(Format::Xlsx, &sheet)?;
    table.figure("50,000 people written into a workbook", "ms", millis(begun.elapsed()), "", None);
    let begun = Instant::now();
    let rows = rollcall_sheets::read(&bytes)?;
    table.figure("50,000 people read from a workbook", "ms", millis(begun.elapsed()), "", None);
    let rows = rows.into_iter().map(|row| ImportRow { number: row.number, cells: row.cells }).collect();
    let file = ImportFile { rows, ..ImportFile::default() };

    let take = async |file: ImportFile| {
        let begun = Instant::now();
        let report = site.write(move |tx| import_employees(tx, &Actor::system(), &file, false)).await?;
        Ok::<_, ImportError>((report, millis(begun.elapsed())))
    };
    let (report, added) = take(file.clone()).await?;
    ensure!(report.added == PEOPLE as u64, "{} were added", report.added);
    let (report, unchanged) = take(file.clone()).await?;
    ensure!(report.unchanged == PEOPLE as u64, "{} are unchanged", report.unchanged);
    let mut other = file;
    for row in other.rows.iter_mut().skip(1) {
        row.cells.iter_mut().skip(5).take(1).for_each(|mobile| mobile.push('9'));
    }
    let (report, changed) = take(other).await?;
    let import = report.import_id.context("an import")?;
    let begun = Instant::now();
    site.write(move |tx| import_undo(tx, &Actor::system(), import)).await?;
    let undone = millis(begun.elapsed());
    let plain = plain_insert(&folder.path().join("plain.db"))?;
    table.at_most("import of 50,000 people", "ms", added, ("bare rows into SQLite", plain), None);
    table.figure("the same file again, nothing changed", "ms", unchanged, "", None);
    table.figure("import that changes all 50,000", "ms", changed, "", None);
    table.figure("undoing that", "ms", undone, "", None);

    let filters = [
        ("first page of all", EmployeeFilter::default()),
        ("search by initials", search("wfn")),
        ("search for a rare number", search("13800049999")),
        ("search for nobody", search("nobody-at-all")),
        ("who is active", EmployeeFilter { status: Some(Status::Active), ..EmployeeFilter::default() }),
        (
            "a department of 250 people",
            EmployeeFilter {
                department_id: Some(department(&site, "组17").await?),
                ..EmployeeFilter::default()
            },
        ),
        (
            "a department of 2,500 people with what is beneath",
            EmployeeFilter {
                department_id: Some(department(&site, "部门7").await?),
                ..EmployeeFilter::default()
            },
        ),
    ];
    let bare = Connection::open(&path)?;
    for (what, filter) in filters {
        let mut times = Vec::new();
        for _ in 0..21 {
            let filter = filter.clone();
            let begun = Instant::now();
            site.read(move |conn| employee_list(conn, &filter, &Page::default())).await?;
            times.push(millis(begun.elapsed()));
        }
        let scan = bare_scan(&bare)?;
        table.at_most(&format!("50,000 people: {what}"), "ms", middle(times), ("bare LIKE scan", scan), None);
    }
    let begun = Instant::now();
    let people =
        site.read(|conn| export_employees(conn, &EmployeeFilter::default(), Default::default())).await?;
    ensure!(people.rows.len() == PEOPLE, "{} exported", people.rows.len());
    table.figure("export of 50,000 people, before the file", "ms", millis(begun.elapsed()), "", None);
    site.close().await;
    Ok(())
}

fn search(text: &str) -> EmployeeFilter {
    EmployeeFilter { search: Some(text.to_owned()), ..EmployeeFilter::default() }
}

/// The id of the first department of a name.
async fn department(site: &Site, name: &'static str) -> anyhow::Result<String> {
    let found = site
        .read(move |conn| {
            let page = Page { limit: Page::MOST, cursor: None };
            let departments = department_list(conn, Default::default(), &page)?.items;
            Ok::<_, DirectoryError>(departments.into_iter().find(|department| department.name == name))
        })
        .await?;
    Ok(found.context(name)?.id)
}

/// What a plain table with an index by name takes for as many rows.
fn plain_insert(path: &std::path::Path) -> anyhow::Result<f64> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, fields TEXT) WITHOUT ROWID;
         CREATE INDEX people_name ON people (name, id);",
    )?;
    let begun = Instant::now();
    let tx = conn.transaction()?;
    for n in 0..PEOPLE {
        tx.prepare_cached("INSERT INTO people VALUES (?1, ?2, ?3)")?.execute((
            format!("p{n:05}"),
            format!("员工{n}"),
            format!("{{\"employeeNumber\":\"{n:06}\",\"mobile\":\"138{n:08}\"}}"),
        ))?;
    }
    tx.commit()?;
    Ok(millis(begun.elapsed()))
}

/// What it takes to look at every name.
fn bare_scan(conn: &Connection) -> anyhow::Result<f64> {
    let begun = Instant::now();
    let _: i64 =
        conn.query_row("SELECT count(*) FROM employees WHERE name LIKE '%nobody%'", [], |row| row.get(0))?;
    Ok(millis(begun.elapsed()))
}
