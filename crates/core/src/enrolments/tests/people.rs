//! People as machines describe them.

use super::*;

#[tokio::test]
async fn u1_a_complete_reading_marks_whom_the_machine_has_no_more() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "E1").await.id;
    see(&site, machine, vec![a_person("1", "a"), a_person("2", "b"), a_person("3", "c")]).await;
    keep(
        &site,
        machine,
        vec![a_template("1", TemplateKind::Photo, 0, b"1"), a_template("2", TemplateKind::Photo, 0, b"2")],
    )
    .await;
    clock.advance(chrono::Duration::minutes(5));
    let since = site.clock().now();
    see(&site, machine, vec![a_person("1", "a"), a_person("3", "c")]).await;
    let gone = site.write(move |tx| people_sweep(tx, machine, since)).await.unwrap();
    assert_eq!(gone, 1);
    assert_eq!(pins(&site).await, ["1", "3"]);
    // Whoever is there keeps their templates, which are read by another command.
    assert_eq!(counts(&site, machine).await.photos, 1);
    assert_eq!(of(&site, machine, "2").await.len(), 1);
}

#[tokio::test]
async fn u6_what_the_machine_says_changes_no_roster() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let new = NewEmployee { id: said("e1"), name: "李四".into(), ..NewEmployee::default() };
    site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap();
    let entry = NewEntry {
        employee_id: "e1".into(),
        pin: said("7"),
        role: Role::User,
        enabled: true,
        source: roster::EntrySource::Manual,
    };
    site.write(move |tx| roster_add(tx, &Actor::console(), &sn("E1"), vec![entry])).await.unwrap();
    let roster = |site: Site| async move {
        site.read(|conn| roster_list(conn, &sn("E1"), &roster::RosterFilter::default(), &Page::default()))
            .await
            .unwrap()
            .items
    };
    let before = roster(site.clone()).await;

    // The machine knows them under another name, as an administrator; and somebody nobody here knows.
    let administrator = SeenPerson {
        privilege: Some(Privilege::Administrator),
        raw_privilege: said("14"),
        inactive: Some(true),
        ..a_person("0007", "Li Si")
    };
    see(&site, machine, vec![administrator, a_person("99", "?")]).await;
    assert_eq!(roster(site.clone()).await, before);
    let seen = list(&site, "E1").await;
    assert_eq!(seen[0].employee.as_ref().unwrap().1, "李四");
    assert_eq!((seen[0].name.as_str(), seen[0].privilege), ("Li Si", Privilege::Administrator));
    assert_eq!((seen[0].raw_privilege.as_str(), seen[0].inactive), ("14", true));
    assert_eq!(seen[1].employee, None);
    site.write(move |tx| person_gone(tx, machine, "7")).await.unwrap();
    assert_eq!(roster(site.clone()).await, before);
}

/// The owner is whoever had the number when the machine said it.
#[tokio::test]
async fn u6_somebody_seen_before_the_number_changed_hands_is_the_one_before() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "E1").await.id;
    for id in ["old", "new"] {
        let new = NewEmployee { id: said(id), name: id.into(), ..NewEmployee::default() };
        site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap();
    }
    let enlist = |id: &'static str| {
        move |tx: &Tx<'_>| {
            let entry = NewEntry {
                employee_id: id.into(),
                pin: said("7"),
                role: Role::User,
                enabled: true,
                source: roster::EntrySource::Manual,
            };
            roster_add(tx, &Actor::console(), &sn("E1"), vec![entry])
        }
    };
    let owner = |site: Site| async move { list(&site, "E1").await[0].employee.clone().unwrap().1 };
    site.write(enlist("old")).await.unwrap();
    see(&site, machine, vec![a_person("7", "x")]).await;
    clock.advance(chrono::Duration::hours(1));
    site.write(|tx| {
        roster::roster_remove(tx, &Actor::console(), &sn("E1"), &EmployeeId::new("old").unwrap())
    })
    .await
    .unwrap();
    site.write(enlist("new")).await.unwrap();
    assert_eq!(owner(site.clone()).await, "old");
    // The number is theirs until the machine has them no more.
    site.write(move |tx| person_gone(tx, machine, "7")).await.unwrap();
    clock.advance(chrono::Duration::hours(1));
    see(&site, machine, vec![a_person("7", "x")]).await;
    assert_eq!(owner(site.clone()).await, "new");
}

#[tokio::test]
async fn u7_an_echo_changes_nothing_but_the_moment() {
    let (site, clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "E1").await.id;
    let person =
        SeenPerson { card: said("1"), password: said("22"), group: said("1"), ..a_person("7", "李四") };
    see(&site, machine, vec![person.clone()]).await;
    keep(&site, machine, vec![a_template("7", TemplateKind::Bio(9), 0, b"face")]).await;
    let before = list(&site, "E1").await;
    clock.advance(chrono::Duration::seconds(5));
    see(&site, machine, vec![person.clone(), person]).await;
    let mut after = list(&site, "E1").await;
    assert_eq!(after[0].seen_at, site.clock().now());
    after[0].seen_at = before[0].seen_at;
    assert_eq!(after, before);
    assert_eq!(of(&site, machine, "7").await.len(), 1, "an update without templates leaves them");
}

#[tokio::test]
async fn what_a_machine_leaves_out_stays() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let vault = site.vault().clone();
    let full = SeenPerson {
        pin: "7".into(),
        name: said("李四"),
        privilege: Some(Privilege::Registrar),
        raw_privilege: said("2"),
        inactive: Some(true),
        card: said("123"),
        password: said("4321"),
        group: said("2"),
        verify: said("-1"),
        valid_from: said("20260701"),
        valid_to: said("20261231"),
        uid: said("5"),
    };
    see(&site, machine, vec![full.clone()]).await;
    see(&site, machine, vec![SeenPerson { pin: "007".into(), ..SeenPerson::default() }]).await;
    let read = |vault: Vault| move |conn: &Connection| person_of(conn, &vault, machine, "7");
    let kept = site.read(read(vault.clone())).await.unwrap().unwrap();
    assert_eq!(kept, SeenPerson { pin: "007".into(), ..full.clone() });
    // Said to be empty is not left out.
    let cleared = SeenPerson { pin: "7".into(), card: said(""), password: said(""), ..SeenPerson::default() };
    see(&site, machine, vec![cleared]).await;
    let kept = site.read(read(vault)).await.unwrap().unwrap();
    assert_eq!(kept, SeenPerson { card: said(""), password: said(""), ..full });
}

#[tokio::test]
async fn p11_odd_texts_of_a_machine_are_kept_and_nobody_is_nobody() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let people = ["10", "9", "A1", "0", "", " ", "000", "a'; DROP TABLE x; --"];
    see(&site, machine, people.iter().map(|pin| a_person(pin, "李\0四\n")).collect()).await;
    assert_eq!(pins(&site).await, ["9", "10", "A1", "a'; DROP TABLE x; --"]);
    assert!(list(&site, "E1").await.iter().all(|person| person.name == "李 四 "));
}

#[tokio::test]
async fn the_list_comes_in_pages_ordered_by_number() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let mut expected: Vec<String> = (1..=25).map(|n| n.to_string()).collect();
    expected.extend(["A1", "B", "b"].map(str::to_owned));
    see(&site, machine, expected.iter().rev().map(|pin| a_person(pin, "x")).collect()).await;
    let other = a_machine(&site, "E2").await.id;
    see(&site, other, vec![a_person("1", "of another machine")]).await;
    let (mut got, mut cursor) = (Vec::new(), None);
    loop {
        let page = Page { limit: 4, cursor: cursor.take() };
        let paged = site.read(move |conn| seen_list(conn, &sn("E1"), &page)).await.unwrap();
        assert_eq!(paged.total, 28);
        got.extend(paged.items.into_iter().map(|person| person.pin));
        cursor = paged.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(got, expected);
    let unknown = site.read(|conn| seen_list(conn, &sn("NONE"), &Page::default())).await.unwrap_err();
    assert_eq!(unknown.code(), "machine.unknown");
    let page = Page { limit: 4, cursor: said("zz") };
    let refused = site.read(move |conn| seen_list(conn, &sn("E1"), &page)).await.unwrap_err();
    assert_eq!(refused.code(), "page.cursor_invalid");
}
