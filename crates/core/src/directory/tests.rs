//! What holds across the rooms.

use rusqlite::Connection;

use super::employees::{NARROW_COUNT, NARROW_PAGE, SCOPE_SIZE, WIDE_COUNT, WIDE_PAGE};
use super::*;
use crate::audit::Actor;
use crate::db;
use crate::page::Page;
use crate::site::tests::{as_if_large, plans, scratch};
use crate::{Clock, Site, SiteOptions};

/// Fifty thousand people are found from the index by name, or from those of a department and a branch; rows are read of the
/// page alone.
#[tokio::test]
async fn lists_of_people_are_answered_from_indexes() {
    let (site, _folder) = scratch();
    as_if_large(
        &site,
        "('employees', 'employees_name', '50000 1 1 1 1 1 1'), ('employees', 'employees_department', '50000 200 180'),
         ('employees', 'employees_branch', '50000 5000 4900')",
    )
    .await;
    let lists = [WIDE_PAGE, WIDE_COUNT, NARROW_PAGE, NARROW_COUNT, SCOPE_SIZE];
    insta::assert_snapshot!(plans(&site, lists).await);
}

async fn dirty(site: &Site) -> Vec<String> {
    site.write(|tx| {
        let ids = {
            let mut query = tx.prepare("SELECT employee_id FROM dispatch_dirty ORDER BY employee_id")?;
            let rows = query.query_map([], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        tx.execute("DELETE FROM dispatch_dirty", [])?;
        Ok::<_, db::Error>(ids)
    })
    .await
    .unwrap()
}

/// Rule 4.2: whenever the directory moves somebody, the rules are to look at them.
#[tokio::test]
async fn dispatch_4_2_whoever_is_moved_is_noted() {
    let (site, _folder) = scratch();
    let actor = Actor::console;
    site.write(move |tx| {
        for id in ["b1", "b2"] {
            branch_add(tx, &actor(), NewBranch { id: Some(id.into()), name: id.into(), parent_id: None })?;
        }
        for (id, parent, branch) in [("d1", None, Some("b1")), ("d2", Some("d1"), None), ("d3", None, None)] {
            let new = NewDepartment {
                id: Some(id.into()),
                name: id.into(),
                parent_id: parent.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
            };
            department_add(tx, &actor(), new)?;
        }
        for (id, department, branch) in
            [("e1", Some("d1"), None), ("e2", Some("d2"), None), ("e3", None, Some("b1"))]
        {
            let new = NewEmployee {
                id: Some(id.into()),
                name: id.into(),
                department_id: department.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
                ..NewEmployee::default()
            };
            employee_add(tx, &actor(), new)?;
        }
        Ok::<_, DirectoryError>(())
    })
    .await
    .unwrap();
    assert_eq!(dirty(&site).await, ["e1", "e2", "e3"]);
    let person = async |change: EmployeeChange| {
        site.write(move |tx| employee_change(tx, &actor(), &EmployeeId::new("e1").unwrap(), change))
            .await
            .unwrap();
        dirty(&site).await
    };
    let left = "2026-01-01".parse().ok();
    assert!(person(EmployeeChange { name: Some("x".into()), ..EmployeeChange::default() }).await.is_empty());
    assert_eq!(person(EmployeeChange { left_on: Some(left), ..EmployeeChange::default() }).await, ["e1"]);
    assert_eq!(person(EmployeeChange { left_on: Some(None), ..EmployeeChange::default() }).await, ["e1"]);
    let to_d3 = EmployeeChange { department_id: Some(Some("d3".into())), ..EmployeeChange::default() };
    assert_eq!(person(to_d3.clone()).await, ["e1"]);
    assert!(person(to_d3).await.is_empty(), "they are there already");
    let department = async |id: &'static str, change: DepartmentChange| {
        site.write(move |tx| department_change(tx, &actor(), id, change)).await.unwrap();
        dirty(&site).await
    };
    let rename = DepartmentChange { name: Some("x".into()), ..DepartmentChange::default() };
    assert!(department("d1", rename).await.is_empty());
    let elsewhere = DepartmentChange { branch_id: Some(Some("b2".into())), ..DepartmentChange::default() };
    assert_eq!(department("d1", elsewhere).await, ["e2"]);
    let beneath = DepartmentChange { parent_id: Some(Some("d3".into())), ..DepartmentChange::default() };
    assert_eq!(department("d2", beneath).await, ["e2"]);
    site.write(move |tx| {
        let change = BranchChange { parent_id: Some(Some("b2".into())), ..BranchChange::default() };
        branch_change(tx, &actor(), "b1", change)
    })
    .await
    .unwrap();
    assert_eq!(dirty(&site).await, ["e3"]);
}

/// People of before there was a search by pinyin are found by it after the next start.
#[tokio::test]
async fn directory_2_1_people_of_an_earlier_version_are_found_after_the_start() {
    let (site, folder) = scratch();
    site.close().await;
    let path = folder.path().join("rollcall.db");
    let conn = Connection::open(&path).unwrap();
    conn.execute(
        "INSERT INTO employees (id, name, fields, created_at, changed_at)
         VALUES ('old', '单雄信', '{\"mobile\":\"13800138000\"}', 5, 5)",
        [],
    )
    .unwrap();
    drop(conn);
    let site = Site::open(SiteOptions { path, clock: Clock::system() }).unwrap();
    for search in ["sxx", "shanxiongxin", "单雄", "8001", "OLD"] {
        let filter = EmployeeFilter { search: Some(search.into()), ..EmployeeFilter::default() };
        let found = site.read(move |conn| employee_list(conn, &filter, &Page::default())).await.unwrap();
        assert_eq!(found.total, 1, "{search}");
    }
}

/// The adaptive list gives the same whichever way it goes about it, and in the same order.
#[tokio::test]
async fn narrow_and_wide_lists_are_the_same() {
    let (site, _folder) = scratch();
    site.write(|tx| {
        let actor = Actor::console();
        for id in ["d1", "d2"] {
            let new = NewDepartment { id: Some(id.into()), name: id.into(), ..NewDepartment::default() };
            department_add(tx, &actor, new)?;
        }
        for n in 0..2_500 {
            let new = NewEmployee {
                id: Some(format!("e{n}")),
                name: format!("员工{}", n % 700),
                department_id: Some(if n % 5 == 0 { "d2" } else { "d1" }.to_owned()),
                ..NewEmployee::default()
            };
            employee_add(tx, &actor, new)?;
        }
        Ok::<_, DirectoryError>(())
    })
    .await
    .unwrap();
    let all = async |department: Option<&'static str>| {
        let (mut ids, mut cursor) = (Vec::new(), None);
        loop {
            let filter =
                EmployeeFilter { department_id: department.map(str::to_owned), ..EmployeeFilter::default() };
            let page = Page { limit: 333, cursor: cursor.take() };
            let paged = site.read(move |conn| employee_list(conn, &filter, &page)).await.unwrap();
            ids.extend(paged.items.into_iter().map(|person| (person.name, person.id, person.department_id)));
            cursor = paged.next;
            if cursor.is_none() {
                return (ids, paged.total);
            }
        }
    };
    let (everybody, total) = all(None).await;
    assert_eq!((everybody.len(), total), (2_500, 2_500));
    assert!(everybody.is_sorted());
    for department in ["d1", "d2"] {
        let theirs: Vec<_> =
            everybody.iter().filter(|person| person.2.as_deref() == Some(department)).cloned().collect();
        let (found, total) = all(Some(department)).await;
        assert_eq!(total, theirs.len() as u64);
        assert!(found == theirs, "{department}");
    }
}
