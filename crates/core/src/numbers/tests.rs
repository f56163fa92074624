use std::collections::BTreeMap;

use super::*;
use crate::Site;
use crate::directory::{EmployeeChange, NewEmployee, employee_add, employee_change};
use crate::machines::{NewMachine, machine_add, machine_delete, machine_get};
use crate::page::Page;
use crate::roster::{
    NewEntry, RosterFilter, roster_add, roster_get, roster_list, roster_of_pin, roster_remove,
};
use crate::site::tests::scratch;

const NUMBER: &str = "employeeNumber";

fn sn() -> Sn {
    Sn::new("CQZ7000000001").unwrap()
}

fn id(text: &str) -> EmployeeId {
    EmployeeId::new(text).unwrap()
}

fn console() -> Actor {
    Actor::console()
}

async fn site(people: &[(&'static str, &'static str, Option<&'static str>)]) -> (Site, tempfile::TempDir) {
    let (site, folder) = scratch();
    let people = people.to_vec();
    site.write(move |tx| {
        let new = NewMachine { sn: sn(), name: "大厅".into(), model: None, time_zone: None };
        machine_add(tx, &console(), new)?;
        for (id, name, number) in people {
            let fields = number.map(|number| (NUMBER.to_owned(), number.to_owned())).into_iter().collect();
            let new =
                NewEmployee { id: Some(id.into()), name: name.into(), fields, ..NewEmployee::default() };
            employee_add(tx, &console(), new).unwrap();
        }
        Ok::<_, MachineError>(())
    })
    .await
    .unwrap();
    (site, folder)
}

async fn on_list(site: &Site, ids: &[&'static str]) {
    let entries = ids
        .iter()
        .map(|id| NewEntry {
            employee_id: (*id).to_owned(),
            pin: None,
            role: roster::Role::User,
            enabled: true,
            source: roster::EntrySource::Manual,
        })
        .collect();
    let added = site.write(move |tx| roster_add(tx, &console(), &sn(), entries)).await.unwrap();
    assert_eq!(added.rejected, []);
}

async fn map(site: &Site, field: &'static str) -> u64 {
    site.write(move |tx| {
        let mapping = Mapping { enabled: true, field: Some(field.to_owned()) };
        mapping_set(tx, &console(), &sn(), &mapping)?;
        numbers_fill(tx, &console(), &sn(), None)
    })
    .await
    .unwrap()
    .filled
}

async fn set_field(site: &Site, employee: &'static str, value: Option<&'static str>) {
    let fields = BTreeMap::from([(NUMBER.to_owned(), value.map(str::to_owned))]);
    let change = EmployeeChange { fields, ..EmployeeChange::default() };
    site.write(move |tx| employee_change(tx, &console(), &id(employee), change)).await.unwrap();
}

async fn pin(site: &Site, employee: &'static str) -> Option<(String, PinSource)> {
    let entry = site.read(move |conn| roster_get(conn, &sn(), &id(employee))).await.unwrap();
    entry.pin.map(|pin| (pin.as_str().to_owned(), entry.pin_source))
}

async fn explained(site: &Site) -> Vec<(String, Option<&'static str>, Option<String>)> {
    site.read(|conn| {
        let machine = machine_get(conn, &sn())?.unwrap();
        let entries = roster_list(conn, &sn(), &RosterFilter::default(), &Page::default()).unwrap().items;
        let explained = explain(conn, &machine, &entries)?;
        Ok::<_, db::Error>(
            entries
                .iter()
                .zip(explained)
                .map(|(entry, explained)| {
                    let code = explained.problem.map(|(code, _)| code);
                    (entry.employee_id.as_str().to_owned(), code, explained.proposal)
                })
                .collect(),
        )
    })
    .await
    .unwrap()
}

fn mapped(pin: &str) -> Option<(String, PinSource)> {
    Some((pin.to_owned(), PinSource::Mapped))
}

#[tokio::test]
async fn numbers_5_1_the_source_is_a_text_or_number_field_of_ours_or_theirs() {
    let (site, _folder) = site(&[]).await;
    site.write(|tx| {
        tx.execute_batch(
            "INSERT INTO fields (key, label, type, field_group, position) VALUES
               ('badge', '胸牌', 'text', 'basic', 1), ('seat', '座位', 'number', 'personal', 2),
               ('joined', '入会', 'date', 'basic', 3), ('size', '尺码', 'choice', 'personal', 4)",
        )?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    let set = async |enabled, field: Option<&'static str>| {
        let mapping = Mapping { enabled, field: field.map(str::to_owned) };
        let set = site.write(move |tx| mapping_set(tx, &console(), &sn(), &mapping)).await;
        set.map_err(|refused| refused.code())
    };
    for field in ["badge", "seat", "employeeNumber", "mobile", "idNumber", "birthday"] {
        assert_eq!(set(true, Some(field)).await, Ok(()), "{field}");
    }
    assert_eq!(set(true, Some("joined")).await, Err("mapping.field_type"));
    assert_eq!(set(true, Some("size")).await, Err("mapping.field_type"));
    assert_eq!(set(true, Some("shoe")).await, Err("mapping.field_unknown"));
    assert_eq!(set(true, None).await, Err("mapping.field_missing"));
    let kept = site.read(|conn| mapping_get(conn, &sn())).await.unwrap();
    assert_eq!(
        kept,
        Mapping { enabled: true, field: Some("birthday".into()) },
        "refused ones leave no trace"
    );
    assert_eq!(set(false, None).await, Ok(()));
}

#[tokio::test]
async fn numbers_5_1_a_field_of_the_customers_own_fills_pins() {
    let (site, _folder) = site(&[("e1", "王芳", None)]).await;
    on_list(&site, &["e1"]).await;
    site.write(|tx| {
        tx.execute_batch(
            "INSERT INTO fields (key, label, type, field_group, position) VALUES ('座位.2', '座位', 'number', 'personal', 2);
             UPDATE employees SET fields = '{\"座位.2\": \"77\"}'",
        )?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    assert_eq!(map(&site, "座位.2").await, 1);
    assert_eq!(pin(&site, "e1").await, mapped("77"));
}

#[tokio::test]
async fn numbers_5_2_what_fills_nothing_says_why() {
    let (site, _folder) = site(&[
        ("e1", "a", Some("1001")),
        ("e2", "b", None),
        ("e3", "c", Some("A7")),
        ("e4", "d", Some("13800138000")),
        ("e5", "e", Some("0")),
        ("e6", "f", Some("01001")),
    ])
    .await;
    on_list(&site, &["e1", "e2", "e3", "e4", "e5", "e6"]).await;
    assert_eq!(explained(&site).await[1].1, None, "nothing is to be said while it is off");
    assert_eq!(map(&site, NUMBER).await, 1);
    let said: Vec<_> = explained(&site).await.into_iter().map(|(_, code, _)| code).collect();
    let expected = [
        None,
        Some("pin.empty"),
        Some("pin.not_digits"),
        Some("pin.too_long"),
        Some("pin.zero"),
        Some("pin.taken"),
    ];
    assert_eq!(said, expected);
    let (entries, machine) = site
        .read(|conn| {
            let entries = roster_list(conn, &sn(), &RosterFilter::default(), &Page::default()).unwrap().items;
            Ok::<_, db::Error>((entries, machine_get(conn, &sn())?.unwrap()))
        })
        .await
        .unwrap();
    let last = site.read(move |conn| explain(conn, &machine, &entries)).await.unwrap().pop().unwrap();
    assert_eq!(last.problem.unwrap().1, "a has the number 01001 on this machine", "by name");
    let counts = site.read(|conn| mapping_counts(conn, &sn())).await.unwrap();
    assert_eq!(counts, MappingCounts { without_number: 5, proposals: 0 });
}

#[tokio::test]
async fn numbers_5_3_it_fills_when_switched_on_when_people_come_and_when_the_field_changes() {
    let (site, _folder) =
        site(&[("e1", "王芳", Some("1")), ("e2", "李娜", Some("2")), ("e3", "赵磊", None)]).await;
    on_list(&site, &["e1"]).await;
    assert_eq!(pin(&site, "e1").await, None, "off by default");
    assert_eq!(map(&site, NUMBER).await, 1);
    assert_eq!(pin(&site, "e1").await, mapped("1"));
    on_list(&site, &["e2", "e3"]).await;
    assert_eq!((pin(&site, "e2").await, pin(&site, "e3").await), (mapped("2"), None));
    set_field(&site, "e3", Some("3x")).await;
    assert_eq!(pin(&site, "e3").await, None);
    set_field(&site, "e3", Some("0003")).await;
    assert_eq!(pin(&site, "e3").await, mapped("0003"));
    let holder = site.read(|conn| roster_of_pin(conn, &sn(), "3")).await.unwrap().unwrap();
    assert_eq!(holder.employee_id, id("e3"));
    // Punches under the number belong to them: the span was opened as if it had been typed.
    let spans: i64 = site
        .read(|conn| {
            let sql = "SELECT count(*) FROM spans WHERE employee_id = 'e3' AND pin_number = 3";
            Ok::<_, db::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(spans, 1);
}

#[tokio::test]
async fn numbers_5_3_what_is_there_is_never_overwritten_but_proposed() {
    let (site, _folder) = site(&[("e1", "a", Some("1")), ("e2", "b", Some("2")), ("e3", "c", None)]).await;
    on_list(&site, &["e1", "e3"]).await;
    map(&site, NUMBER).await;
    set_field(&site, "e1", Some("11")).await;
    assert_eq!(pin(&site, "e1").await, mapped("1"));
    let typed = EntryChange { pin: Some(Some("300".into())), ..EntryChange::default() };
    site.write(move |tx| roster::roster_change(tx, &console(), &sn(), &id("e3"), typed)).await.unwrap();
    set_field(&site, "e3", Some("33")).await;
    assert_eq!(pin(&site, "e3").await, Some(("300".into(), PinSource::Typed)));
    // The same number with zeros in front is the same to every machine.
    on_list(&site, &["e2"]).await;
    set_field(&site, "e2", Some("002")).await;
    assert_eq!(
        explained(&site).await,
        [
            ("e1".to_owned(), None, Some("11".to_owned())),
            ("e2".to_owned(), None, None),
            ("e3".to_owned(), None, Some("33".to_owned())),
        ]
    );
    let counts = site.read(|conn| mapping_counts(conn, &sn())).await.unwrap();
    assert_eq!(counts, MappingCounts { without_number: 0, proposals: 2 });
    let accept = async |ids: &[&str]| {
        let ids: Vec<_> = ids.iter().map(|id| (*id).to_owned()).collect();
        site.write(move |tx| proposals_accept(tx, &console(), &sn(), &ids)).await
    };
    let taken = accept(&["e1", "e2", "nobody"]).await.unwrap();
    assert_eq!(taken.changed, [id("e1")]);
    let codes: Vec<_> = taken.rejected.iter().map(|rejected| rejected.code).collect();
    assert_eq!(codes, ["mapping.no_proposal", "roster.unknown"]);
    assert_eq!(pin(&site, "e1").await, mapped("11"));
    set_field(&site, "e1", None).await;
    assert_eq!(explained(&site).await[0].2, None, "a field that says nothing proposes nothing");
    let off = Mapping { enabled: false, field: Some(NUMBER.into()) };
    site.write(move |tx| mapping_set(tx, &console(), &sn(), &off)).await.unwrap();
    assert_eq!(accept(&["e3"]).await.unwrap_err().code(), "mapping.off");
}

#[tokio::test]
async fn numbers_5_3_proposals_in_a_row_are_taken_as_numbers_become_free() {
    let (site, _folder) =
        site(&[("e1", "a", Some("1")), ("e2", "b", Some("2")), ("e3", "c", Some("3"))]).await;
    on_list(&site, &["e1", "e2", "e3"]).await;
    map(&site, NUMBER).await;
    for (employee, number) in [("e1", "2"), ("e2", "3"), ("e3", "4")] {
        set_field(&site, employee, Some(number)).await;
    }
    let ids = ["e1", "e2", "e3"].map(str::to_owned);
    let taken = site.write(move |tx| proposals_accept(tx, &console(), &sn(), &ids)).await.unwrap();
    assert_eq!(taken.rejected, []);
    assert_eq!(pin(&site, "e1").await, mapped("2"));
    set_field(&site, "e1", Some("3")).await;
    let ids = ["e1".to_owned()];
    let taken = site.write(move |tx| proposals_accept(tx, &console(), &sn(), &ids)).await.unwrap();
    assert_eq!((taken.rejected[0].code, taken.changed.len()), ("pin.taken", 0));
    assert!(taken.rejected[0].detail.starts_with("b has"), "{}", taken.rejected[0].detail);
}

#[tokio::test]
async fn numbers_5_3_a_number_that_becomes_free_is_given_to_whoever_waits_for_it() {
    let (site, _folder) = site(&[("e1", "a", Some("7")), ("e2", "b", Some("07"))]).await;
    on_list(&site, &["e1"]).await;
    map(&site, NUMBER).await;
    on_list(&site, &["e2"]).await;
    assert_eq!(pin(&site, "e2").await, None);
    site.write(|tx| roster_remove(tx, &console(), &sn(), &id("e1"))).await.unwrap();
    assert_eq!(pin(&site, "e2").await, mapped("07"));
}

#[tokio::test]
async fn numbers_5_3_many_are_filled_in_parts() {
    let (site, _folder) = site(&[]).await;
    site.write(|tx| {
        tx.execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
             INSERT INTO employees (id, name, fields, created_at, changed_at)
               SELECT format('e%05d', i), 'x', json_object('employeeNumber', CAST(i AS TEXT)), 0, 0 FROM n;
             INSERT INTO roster (machine_id, employee_id, added_at, changed_at)
               SELECT (SELECT id FROM machines), id, 0, 0 FROM employees",
        )?;
        let mapping = Mapping { enabled: true, field: Some(NUMBER.into()) };
        mapping_set(tx, &console(), &sn(), &mapping).unwrap();
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    let (mut filled, mut next) = (Vec::new(), None);
    loop {
        let after: Option<EmployeeId> = next.take();
        let part = site.write(move |tx| numbers_fill(tx, &console(), &sn(), after.as_ref())).await.unwrap();
        filled.push(part.filled);
        next = part.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(filled, [500, 500, 100]);
}

#[tokio::test]
async fn numbers_5_1_a_machine_that_is_added_again_has_no_mapping() {
    let (site, _folder) = site(&[]).await;
    map(&site, NUMBER).await;
    site.write(|tx| {
        machine_delete(tx, &console(), &sn())?;
        let new = NewMachine { sn: sn(), name: "大厅".into(), model: None, time_zone: None };
        machine_add(tx, &console(), new)
    })
    .await
    .unwrap();
    assert_eq!(site.read(|conn| mapping_get(conn, &sn())).await.unwrap(), Mapping::default());
    let audit = site.read(|conn| audit::audit_list(conn, &Page::default())).await.unwrap();
    assert!(audit.items.iter().any(|line| line.what == "mapping.change"));
}
