//! Files of people against a directory in a temporary folder.

use std::fmt::Write as _;

use super::super::{
    EmployeeChange, EmployeeFilter, EmployeeId, FieldGroup, FieldType, NewBranch, NewDepartment, NewEmployee,
    NewField, branch_add, branch_list, department_add, department_list, employee_add, employee_change,
    employee_get, employee_list, field_add,
};
use super::*;
use crate::Site;
use crate::machines::{NewMachine, machine_add};
use crate::page::Page;
use crate::roster::{NewEntry, Role, roster_add};
use crate::site::tests::scratch;

/// Rows from lines of cells with `|` between them.
fn file(lines: &str) -> ImportFile {
    let rows = (1..).zip(lines.lines().map(str::trim).filter(|line| !line.is_empty()));
    let rows = rows.map(|(number, line)| ImportRow {
        number,
        cells: line.split('|').map(|cell| cell.trim().to_owned()).collect(),
    });
    ImportFile { name: "people.csv".to_owned(), rows: rows.collect(), mapping: BTreeMap::new() }
}

async fn site() -> (Site, tempfile::TempDir) {
    let (site, folder) = scratch();
    site.write(|tx| {
        let actor = Actor::console();
        let branch =
            |id: &str, name: &str| NewBranch { id: Some(id.into()), name: name.into(), parent_id: None };
        branch_add(tx, &actor, branch("b1", "上海"))?;
        branch_add(tx, &actor, branch("b2", "北京"))?;
        for (id, name, parent, branch) in [
            ("d1", "研发部", None, Some("b1")),
            ("d2", "前端组", Some("d1"), None),
            ("d3", "行政部", None, None),
        ] {
            let new = NewDepartment {
                id: Some(id.into()),
                name: name.into(),
                parent_id: parent.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
            };
            department_add(tx, &actor, new)?;
        }
        for (key, label, kind, choices) in [
            ("shoeSize", "鞋码", FieldType::Number, vec![]),
            ("trialEnds", "试用期至", FieldType::Date, vec![]),
            ("shift", "班次", FieldType::Choice, vec!["白班".to_owned(), "夜班".to_owned()]),
        ] {
            let (key, label) = (key.to_owned(), label.to_owned());
            field_add(tx, &actor, NewField { key, label, kind, group: FieldGroup::Basic, choices })?;
        }
        for (id, name, number, department, branch) in [
            ("e1", "王芳", Some("1001"), Some("d2"), None),
            ("e2", "李娜", Some("1002"), None, Some("b2")),
            ("e3", "赵磊", Some("0042"), None, None),
            ("e4", "单伟", Some("7"), None, None),
            ("e5", "陈静", Some("7"), None, None),
        ] {
            let new = NewEmployee {
                id: Some(id.into()),
                name: name.into(),
                department_id: department.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
                fields: number
                    .map(|number| ("employeeNumber".to_owned(), number.to_owned()))
                    .into_iter()
                    .collect(),
                ..NewEmployee::default()
            };
            employee_add(tx, &actor, new)?;
        }
        Ok::<_, DirectoryError>(())
    })
    .await
    .unwrap();
    (site, folder)
}

/// What the report says, for people.
fn told(report: &ImportReport) -> String {
    let mut out = format!(
        "added {} changed {} unchanged {} rejected {}\n",
        report.added, report.changed, report.unchanged, report.rejected
    );
    let _ = writeln!(out, "new: {:?} {:?}", report.new_branches, report.new_departments);
    for row in &report.rows {
        let _ = write!(out, "{} {:?} {} {}", row.row, row.action, row.id.as_deref().unwrap_or("-"), row.name);
        for change in &row.changes {
            let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "∅".to_owned());
            let _ = write!(out, " | {}: {} → {}", change.field, text(&change.before), text(&change.after));
        }
        if let Some((code, detail)) = &row.problem {
            let _ = write!(out, " | {code}: {detail}");
        }
        out.push('\n');
    }
    out
}

async fn check(site: &Site, lines: &str) -> Result<ImportReport, ImportError> {
    let (file, now) = (file(lines), site.clock().now());
    site.read(move |conn| import_check(conn, &file, now)).await
}

async fn import(site: &Site, lines: &str, partial: bool) -> Result<ImportReport, ImportError> {
    let file = file(lines);
    site.write(move |tx| import_employees(tx, &Actor::console(), &file, partial)).await
}

/// Everybody, as a file would have them.
async fn everybody(site: &Site) -> Vec<String> {
    let people = site
        .read(|conn| export_employees(conn, &EmployeeFilter::default(), HeaderLanguage::English))
        .await
        .unwrap();
    let mut rows: Vec<String> =
        people.rows.iter().map(|row| row.join(",").trim_end_matches(',').to_owned()).collect();
    rows.sort();
    rows
}

const MIXED: &str = "
    人员ID | 姓名   | 部门          | 分部 | 工号 | 手机     | 入职日期   | 鞋码 | 试用期至   | 班次 | 备注
    e1     | 王方   | 研发部/前端组 |      | 1001 | 138      | 2026/1/5   | 043  | 2026年7月6日 | 夜班 | x
    e3     | 赵磊   |               |      | 0042 |          |            |      |            |      |
    e9     | 新一   | 市场部/华东   | 北京 | 9001 |          | 20260105   |      |            |      |
           | 新二   | 研发部        | 上海 | 9002 |          | 2026-01-05 00:00:00 | | |     |
           | 李娜娜 |               | 北京 | 1002 |          |            |      |            |      |
";

#[tokio::test]
async fn directory_2_2_a_dry_run_shows_what_would_be_and_changes_nothing() {
    let (site, _folder) = site().await;
    let before = everybody(&site).await;
    let report = check(&site, MIXED).await.unwrap();
    insta::assert_snapshot!(told(&report));
    let columns: Vec<_> = report.columns.iter().map(|(_, field)| field.as_deref().unwrap_or("")).collect();
    assert_eq!(
        columns,
        [
            "id",
            "name",
            "department",
            "branch",
            "employeeNumber",
            "mobile",
            "hiredOn",
            "shoeSize",
            "trialEnds",
            "shift",
            ""
        ]
    );
    assert_eq!((report.import_id, everybody(&site).await), (None, before));
}

const BAD: &str = "
    id  | name | department | branch | employeeNumber | hiredOn    | leftOn     | 鞋码 | 班次 | 试用期至
    e1  |      |            |        | 1              |            |            |      |      |
    a/b | x    |            |        | 2              |            |            |      |      |
    e2  | x    |            |        | 3              | 5/1/2026   |            |      |      |
    e2  | x    |            |        | 4              |            |            |      |      |
        | x    |            |        | 7              |            |            |      |      |
        | x    |            |        | 8              |            |            | big  | 早班 | soon
        | y    |            |        | 8              |            |            |      |      |
        | x    |            |        | 9              | 2026-02-02 | 2026-02-01 |      |      |
        |      |            |        | 10             |            |            |      |      |
        | x    | a//b       |        | 11             |            |            |      |      |
    e3  | a\u{7}b |         |        | 12             |            |            |      |      |
        | good | 没有的部门 | 没有的分部 | 13         |            |            |      |      |
        | bad  | 另一个部门 |        | 14             | 2026-02-30 |            |      |      |
";

#[tokio::test]
async fn directory_2_2_every_wrong_row_is_named_and_nothing_is_half_imported() {
    let (site, _folder) = site().await;
    let before = everybody(&site).await;
    let bad = BAD.replace("\\u{7}", "\u{7}");
    let Err(ImportError::RowsInvalid(report)) = import(&site, &bad, false).await else {
        panic!("it was taken")
    };
    insta::assert_snapshot!(told(&report));
    assert_eq!(everybody(&site).await, before);
    assert_eq!(site.read(import_last).await.unwrap(), None);
    // With leave to take what is right, it is.
    let report = import(&site, &bad, true).await.unwrap();
    assert_eq!((report.added, report.rejected, report.rows.len()), (1, 12, 12));
    assert_eq!(
        (&*report.new_departments, &*report.new_branches),
        (&["没有的部门".to_owned()][..], &["没有的分部".to_owned()][..])
    );
    assert_eq!(everybody(&site).await.len(), before.len() + 1);
}

#[tokio::test]
async fn directory_2_2_a_file_is_taken_once_and_taken_again_changes_nothing() {
    let (site, _folder) = site().await;
    let report = import(&site, MIXED, false).await.unwrap();
    assert_eq!((report.added, report.changed, report.unchanged, report.rejected), (2, 2, 1, 0));
    assert!(report.import_id.is_some() && report.rows.is_empty());
    // Ids of ours are random.
    let rows = everybody(&site).await.into_iter().map(|row| match row.split_once(',') {
        Some((id, rest)) if id.len() == 17 => format!("…,{rest}"),
        _ => row,
    });
    let mut rows: Vec<String> = rows.collect();
    rows.sort();
    insta::assert_snapshot!(rows.join("\n"));
    let again = import(&site, MIXED, false).await.unwrap();
    assert_eq!((again.added, again.changed, again.unchanged, again.import_id), (0, 0, 5, None));
    // One line of the log, whatever the file had in it.
    let lines: Vec<String> = site
        .read(|conn| {
            let mut query =
                conn.prepare("SELECT what || ' ' || after FROM audit WHERE what LIKE 'employees%'")?;
            let rows = query.query_map([], |row| row.get(0))?;
            Ok::<_, db::Error>(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn directory_2_2_what_is_exported_is_taken_again_unchanged() {
    let (site, _folder) = site().await;
    import(&site, MIXED, false).await.unwrap();
    for language in [HeaderLanguage::Chinese, HeaderLanguage::English] {
        let people = site
            .read(move |conn| export_employees(conn, &EmployeeFilter::default(), language))
            .await
            .unwrap();
        let rows = std::iter::once(people.headers).chain(people.rows);
        let rows = (1..).zip(rows).map(|(number, cells)| ImportRow { number, cells }).collect();
        let file = ImportFile { rows, ..ImportFile::default() };
        let now = site.clock().now();
        let report = site.read(move |conn| import_check(conn, &file, now)).await.unwrap();
        assert_eq!((report.added, report.changed, report.rejected), (0, 0, 0), "{}", told(&report));
        assert_eq!(report.unchanged, 7);
    }
}

#[tokio::test]
async fn directory_2_2_files_that_say_nothing_of_people_are_refused() {
    let (site, _folder) = site().await;
    for (lines, code) in [
        ("", "import.empty"),
        ("id|name", "import.empty"),
        ("手机|邮箱\n1|2", "import.no_people"),
        ("姓名|name\nx|y", "import.column_twice"),
    ] {
        assert_eq!(check(&site, lines).await.unwrap_err().code(), code, "{lines}");
    }
}

#[tokio::test]
async fn directory_2_2_an_empty_cell_clears_and_a_missing_column_leaves() {
    let (site, _folder) = site().await;
    import(&site, "id|mobile\ne1|138", false).await.unwrap();
    import(&site, "id|email\ne1|x@example.org", false).await.unwrap();
    let person = async |id: &'static str| {
        site.read(move |conn| employee_get(conn, &EmployeeId::new(id).unwrap())).await.unwrap().unwrap()
    };
    let fields = person("e1").await.fields;
    assert_eq!((fields["mobile"].as_str(), fields["email"].as_str()), ("138", "x@example.org"));
    import(&site, "id|mobile|department\ne1||", false).await.unwrap();
    let cleared = person("e1").await;
    assert!(!cleared.fields.contains_key("mobile") && cleared.department_id.is_none());
    // The branch stays: nothing was said of it.
    assert_eq!(cleared.branch_id.as_deref(), Some("b1"));
    let Err(ImportError::RowsInvalid(report)) =
        import(&site, "id|name|branch\ne2|李娜|北京\ne1||上海", false).await
    else {
        panic!("a name cannot be cleared")
    };
    assert_eq!(report.rows[0].problem.as_ref().unwrap().0, "employee.name_empty");
}

#[tokio::test]
async fn directory_2_2_the_last_import_is_undone_but_not_what_came_after_it() {
    let (site, _folder) = site().await;
    let before = everybody(&site).await;
    let lines = "
        id | name | employeeNumber | department    | branch
        e1 | 王方 | 1001           | 行政部        |
        e2 | 李娜 | 1002           | 新部门/一组   | 新分部
        e6 | 加一 | 6              | 新部门/一组   | 新分部
        e7 | 加二 | 6b             |               |
        e8 | 加三 | 6c             |               |
    ";
    let first = import(&site, lines, false).await.unwrap().import_id.unwrap();
    // One is changed by hand, another is put on a roster.
    site.write(|tx| {
        let actor = Actor::console();
        let change = EmployeeChange { name: Some("加贰".into()), ..EmployeeChange::default() };
        employee_change(tx, &actor, &EmployeeId::new("e7").unwrap(), change)?;
        let sn = rollcall_protocol::Sn::new("A1").unwrap();
        machine_add(
            tx,
            &actor,
            NewMachine { sn: sn.clone(), name: "大厅".into(), model: None, time_zone: None },
        )
        .unwrap();
        let entry = NewEntry {
            employee_id: "e8".into(),
            pin: Some("8".into()),
            role: Role::User,
            enabled: true,
            source: crate::roster::EntrySource::Manual,
        };
        assert_eq!(roster_add(tx, &actor, &sn, vec![entry]).unwrap().added.len(), 1);
        Ok::<_, DirectoryError>(())
    })
    .await
    .unwrap();
    let undo = async |import| site.write(move |tx| import_undo(tx, &Actor::console(), import)).await;
    assert_eq!(undo(first + 1).await.unwrap_err().code(), "import.not_last");
    let undone = undo(first).await.unwrap();
    let kept: Vec<_> = undone.kept.iter().map(|kept| (kept.employee_id.as_str(), kept.code)).collect();
    assert_eq!((undone.undone, kept), (3, vec![("e7", "import.changed_since"), ("e8", "import.on_roster")]));
    let mut rows = everybody(&site).await;
    rows.retain(|row| !row.starts_with("e7") && !row.starts_with("e8"));
    assert_eq!(rows, before);
    let places = site
        .read(|conn| {
            let today = chrono::NaiveDate::default();
            let branches = branch_list(conn, today, &Page::default())?.total;
            Ok::<_, DirectoryError>((branches, department_list(conn, today, &Page::default())?.total))
        })
        .await
        .unwrap();
    assert_eq!(places, (2, 3), "what was made for the file is gone with it");
    assert_eq!(undo(first).await.unwrap_err().code(), "import.undone");
}

/// Rule 9.1, and machines wait meanwhile: a large file is quick. How quick, a release build says; here it is only bounded.
#[tokio::test]
async fn a_large_file_is_one_import() {
    let (site, _folder) = scratch();
    let mut lines = "id|name|department|branch|employeeNumber|mobile\n".to_owned();
    for n in 0..3_000 {
        let _ = writeln!(lines, "p{n}|员工{n}|部门{}/组{}|分部{}|{n:05}|138{n:08}", n % 20, n % 7, n % 3);
    }
    let report = import(&site, &lines, false).await.unwrap();
    assert_eq!((report.added, report.rejected), (3_000, 0));
    let found = site
        .read(|conn| {
            let filter = EmployeeFilter { search: Some("yuangong2999".into()), ..EmployeeFilter::default() };
            Ok::<_, DirectoryError>(employee_list(conn, &filter, &Page::default())?.total)
        })
        .await
        .unwrap();
    assert_eq!(found, 1);
    assert_eq!(import(&site, &lines, false).await.unwrap().unchanged, 3_000);
}
