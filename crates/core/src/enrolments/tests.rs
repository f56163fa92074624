use proptest::prelude::*;
use rollcall_protocol::order::Pin;

use super::*;
use crate::audit::Actor;
use crate::directory::{NewEmployee, employee_add};
use crate::machines::tests::a_machine;
use crate::page::Page;
use crate::roster::{self, NewEntry, Role, roster_add, roster_list};
use crate::site::tests::{plan, scratch, scratch_with_clock};
use crate::uploads::tests::on_disk;
use crate::{Connection, Site};

fn sn(text: &str) -> Sn {
    Sn::new(text).unwrap()
}

fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn a_person(pin: &str, name: &str) -> SeenPerson {
    SeenPerson { pin: pin.to_owned(), name: said(name), ..SeenPerson::default() }
}

fn a_template(pin: &str, kind: TemplateKind, no: u16, data: &[u8]) -> Template {
    Template {
        pin: Pin::new(pin).unwrap(),
        kind,
        no,
        index: 0,
        valid: 1,
        duress: 0,
        version: Some((10, 0)),
        format: 0,
        data: data.to_vec(),
    }
}

async fn see(site: &Site, machine: MachineId, people: Vec<SeenPerson>) {
    site.write(move |tx| people_seen(tx, machine, &people)).await.unwrap();
}

async fn keep(site: &Site, machine: MachineId, templates: Vec<Template>) {
    site.write(move |tx| templates_keep(tx, machine, &templates)).await.unwrap();
}

async fn of(site: &Site, machine: MachineId, pin: &'static str) -> Vec<Template> {
    let vault = site.vault().clone();
    site.read(move |conn| templates_of(conn, &vault, machine, pin)).await.unwrap()
}

async fn list(site: &Site, text: &str) -> Vec<SeenView> {
    let sn = sn(text);
    let page = site.read(move |conn| seen_list(conn, &sn, &Page::default())).await.unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items
}

async fn pins(site: &Site) -> Vec<String> {
    list(site, "E1").await.into_iter().map(|person| person.pin).collect()
}

async fn counts(site: &Site, machine: MachineId) -> TemplateCounts {
    site.read(move |conn| template_counts(conn, machine)).await.unwrap()
}

#[tokio::test]
async fn u1_what_a_machine_deletes_is_kept_as_a_backup() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let person = SeenPerson { card: said("123456"), password: said("4321"), ..a_person("0007", "李四") };
    see(&site, machine, vec![person, a_person("8", "王五")]).await;
    let finger = a_template("7", TemplateKind::Fingerprint, 6, b"finger");
    keep(&site, machine, vec![finger.clone(), a_template("8", TemplateKind::Bio(9), 0, b"face")]).await;
    assert_eq!(
        counts(&site, machine).await,
        TemplateCounts { fingerprints: 1, faces: 1, ..Default::default() }
    );

    site.write(move |tx| person_gone(tx, machine, "7")).await.unwrap();
    assert_eq!(pins(&site).await, ["8"]);
    assert_eq!(counts(&site, machine).await, TemplateCounts { faces: 1, ..Default::default() });
    assert_eq!(of(&site, machine, "7").await, std::slice::from_ref(&finger));
    let vault = site.vault().clone();
    let backup = site.read(move |conn| person_of(conn, &vault, machine, "7")).await.unwrap().unwrap();
    assert_eq!((backup.card, backup.password), (said("123456"), said("4321")));

    // Back again: the person as new, with the templates the machine sends, and no others.
    see(&site, machine, vec![a_person("7", "李四")]).await;
    assert_eq!(counts(&site, machine).await.fingerprints, 0);
    keep(&site, machine, vec![finger]).await;
    assert_eq!(counts(&site, machine).await.fingerprints, 1);

    site.write(move |tx| people_gone(tx, machine)).await.unwrap();
    assert!(pins(&site).await.is_empty());
    assert_eq!(counts(&site, machine).await, TemplateCounts::default());
    assert_eq!(of(&site, machine, "8").await.len(), 1);
}

#[tokio::test]
async fn u1_an_empty_template_replaces_nothing_and_a_deleted_one_is_a_backup() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let fingers: Vec<_> = (0..3).map(|no| a_template("7", TemplateKind::Fingerprint, no, &[1; 20])).collect();
    keep(&site, machine, fingers.clone()).await;
    keep(&site, machine, vec![a_template("7", TemplateKind::Fingerprint, 1, b"")]).await;
    assert_eq!(of(&site, machine, "7").await, fingers);
    let gone = |no| move |tx: &Tx<'_>| template_gone(tx, machine, "7", TemplateKind::Fingerprint, no);
    site.write(gone(Some(1))).await.unwrap();
    assert_eq!(counts(&site, machine).await.fingerprints, 2);
    site.write(gone(None)).await.unwrap();
    assert_eq!(counts(&site, machine).await.fingerprints, 0);
    assert_eq!(of(&site, machine, "7").await, fingers);
}

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
async fn u3_templates_keep_type_and_version() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let mut sent: Vec<_> = [
        TemplateKind::Fingerprint,
        TemplateKind::NearInfraredFace,
        TemplateKind::FingerVein,
        TemplateKind::Photo,
        TemplateKind::Picture,
    ]
    .into_iter()
    .chain((0..=10).map(TemplateKind::Bio))
    .enumerate()
    .map(|(n, kind)| Template {
        index: 3,
        valid: 3,
        duress: 1,
        version: [None, Some((u32::try_from(n).unwrap(), 1)), Some((u32::MAX, 0))][n % 3],
        format: 2,
        ..a_template("42", kind, 9, format!("template {n}").as_bytes())
    })
    .collect();
    keep(&site, machine, sent.clone()).await;
    let mut kept = of(&site, machine, "0042").await;
    let by_kind = |template: &Template| template.kind;
    sent.sort_by_key(by_kind);
    kept.sort_by_key(by_kind);
    assert_eq!(kept, sent);

    // A newer one of the same finger takes the place, version and all.
    let newer = Template { version: Some((13, 1)), ..a_template("42", TemplateKind::Bio(1), 9, b"newer") };
    let newer = Template { index: 3, ..newer };
    keep(&site, machine, vec![newer.clone()]).await;
    let kept = of(&site, machine, "42").await;
    assert_eq!(kept.len(), sent.len());
    assert!(kept.contains(&newer));
}

#[tokio::test]
async fn u6_what_the_machine_says_changes_no_roster() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let new = NewEmployee { id: said("e1"), name: "李四".into(), ..NewEmployee::default() };
    site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap();
    let entry = NewEntry { employee_id: "e1".into(), pin: said("7"), role: Role::User, enabled: true };
    site.write(move |tx| roster_add(tx, &Actor::console(), &sn("E1"), vec![entry])).await.unwrap();
    let roster = |site: Site| async move {
        site.read(|conn| roster_list(conn, &sn("E1"), &Page::default())).await.unwrap().items
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
            let entry = NewEntry { employee_id: id.into(), pin: said("7"), role: Role::User, enabled: true };
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

fn base64(bytes: &[u8]) -> Vec<u8> {
    rollcall_protocol::base64::encode(bytes).into()
}

#[tokio::test]
async fn o3_biometrics_are_sealed_on_disk() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let small = b"the ridges of a finger".to_vec();
    let photo = [b"\xff\xd8\xff\xe0".to_vec(), b"a face, seen from the front; ".repeat(3_000)].concat();
    let person = SeenPerson { password: said("8642097531"), ..a_person("7", "李四") };
    see(&site, machine, vec![person.clone()]).await;
    keep(
        &site,
        machine,
        vec![
            a_template("7", TemplateKind::Bio(1), 0, &small),
            a_template("7", TemplateKind::Photo, 0, &photo),
        ],
    )
    .await;
    let needles = [
        small.clone(),
        base64(&small),
        photo[..40].to_vec(),
        base64(&photo)[..40].to_vec(),
        // The middle of the photo: 30 bytes at a multiple of 3, so that the Base64 is the same.
        photo[30_000..30_030].to_vec(),
        base64(&photo[30_000..30_030]),
        b"8642097531".to_vec(),
    ];
    let nowhere = |when: &str| {
        for (n, needle) in needles.iter().enumerate() {
            assert!(!on_disk(folder.path(), needle), "{when}: needle {n}");
        }
    };
    nowhere("in the log");
    assert!(on_disk(folder.path(), "李四".as_bytes()), "the search finds what lies in clear");
    site.close().await;
    nowhere("in the file");
}

/// What is deleted for good is wiped, sealed as it is: the key may become known one day.
#[tokio::test]
async fn o3_deleting_somebody_deletes_their_templates_and_wipes_them() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let person = SeenPerson { password: said("4321"), ..a_person("7", "x") };
    see(&site, machine, vec![person, a_person("8", "y")]).await;
    let face = vec![1; 30_000];
    keep(
        &site,
        machine,
        vec![a_template("7", TemplateKind::Bio(9), 0, &face), a_template("8", TemplateKind::Photo, 0, b"8")],
    )
    .await;
    let sealed: Vec<u8> = site
        .read(|conn| {
            let sql = "SELECT data FROM templates WHERE pin_key = 7";
            Ok::<_, db::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    site.write(move |tx| person_gone(tx, machine, "7")).await.unwrap();
    let deleted = site.write(move |tx| templates_delete(tx, machine, "7")).await.unwrap();
    assert_eq!(deleted, 1);
    assert!(of(&site, machine, "7").await.is_empty());
    let vault = site.vault().clone();
    assert_eq!(site.read(move |conn| person_of(conn, &vault, machine, "7")).await.unwrap(), None);
    assert_eq!(of(&site, machine, "8").await.len(), 1, "others' stay");
    site.close().await;
    assert!(!on_disk(folder.path(), &sealed[15_000..15_064]));
}

#[test]
fn o3_nobody_is_printed() {
    let person = SeenPerson { password: said("4321"), card: said("99887766"), ..a_person("7", "李四") };
    let printed = format!("{person:?}");
    assert!(
        !printed.contains("4321") && !printed.contains("99887766") && !printed.contains('李'),
        "{printed}"
    );
}

#[tokio::test]
async fn lists_and_counts_use_their_indexes() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let people: Vec<_> = (1..=300).map(|n| a_person(&n.to_string(), "x")).collect();
    see(&site, machine, people).await;
    let templates = (1..=300_u16).map(|n| a_template(&n.to_string(), TemplateKind::Bio(1), n % 10, b"x"));
    keep(&site, machine, templates.collect()).await;
    let plans = site
        .read(|conn| {
            conn.execute_batch("PRAGMA query_only = OFF; ANALYZE; PRAGMA query_only = ON")?;
            Ok::<_, db::Error>([
                plan(conn, queries::LIST)?,
                plan(conn, queries::COUNT_OF)?,
                plan(conn, queries::COUNT_ALL)?,
                plan(conn, queries::COUNT_ON_MACHINE)?,
            ])
        })
        .await
        .unwrap();
    insta::assert_snapshot!(plans.join("\n--\n"));
}

/// One thing that happens: (what, pin, no, length).
type Step = (u8, u8, u8, u8);

/// The same with a plain map: templates there and backed up.
async fn play(steps: Vec<Step>) {
    use std::collections::BTreeMap;
    let (site, _clock, _folder) = scratch_with_clock();
    let machine = a_machine(&site, "E1").await.id;
    let mut model: BTreeMap<(u8, u8), (bool, Vec<u8>)> = BTreeMap::new();
    for (what, pin, no, length) in steps {
        let text = pin.to_string();
        match what {
            0 | 1 => {
                let data = vec![length; usize::from(length)];
                let template = a_template(&text, TemplateKind::Bio(1), no.into(), &data);
                keep(&site, machine, vec![template]).await;
                if !data.is_empty() {
                    model.insert((pin, no), (true, data));
                }
            }
            2 => {
                site.write(move |tx| person_gone(tx, machine, &text)).await.unwrap();
                model.iter_mut().filter(|((whose, _), _)| *whose == pin).for_each(|(_, kept)| kept.0 = false);
            }
            3 => {
                let gone = Some(u16::from(no));
                site.write(move |tx| template_gone(tx, machine, &text, TemplateKind::Bio(1), gone))
                    .await
                    .unwrap();
                model.entry((pin, no)).and_modify(|kept| kept.0 = false);
            }
            4 => see(&site, machine, vec![a_person(&text, "x")]).await,
            _ => {
                site.write(move |tx| templates_delete(tx, machine, &text)).await.unwrap();
                model.retain(|(whose, _), _| *whose != pin);
            }
        }
    }
    let on_machine = model.values().filter(|(there, _)| *there).count() as u64;
    assert_eq!(counts(&site, machine).await.fingerprints, on_machine);
    for pin in ["1", "2", "3"] {
        let kept: Vec<_> = of(&site, machine, pin).await.into_iter().map(|t| (t.no, t.data)).collect();
        let theirs = model.iter().filter(|((whose, _), _)| whose.to_string() == pin);
        let expected: Vec<_> = theirs.map(|((_, no), (_, data))| (u16::from(*no), data.clone())).collect();
        assert_eq!(kept, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn u1_templates_are_there_or_backed_up_until_they_are_deleted(
        steps in proptest::collection::vec((0..6_u8, 1..4_u8, 0..3_u8, 0..4_u8), 1..30)
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(play(steps));
    }
}

#[tokio::test]
async fn o3_a_template_of_10_mb_is_kept_and_comes_back() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let data: Vec<u8> = (0..10 * 1024 * 1024_u32).map(|n| n.to_le_bytes()[n as usize % 4]).collect();
    let photo = a_template("7", TemplateKind::Photo, 0, &data);
    keep(&site, machine, vec![photo.clone()]).await;
    assert!(of(&site, machine, "7").await == [photo]);
}

/// A full disk is the storage's trouble: nothing is half there, machines hear "later", and all goes on by itself.
#[tokio::test]
async fn o3_a_disk_that_fills_while_something_is_sealed_costs_nothing() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let before = a_template("7", TemplateKind::Bio(9), 0, b"before");
    keep(&site, machine, vec![before.clone()]).await;
    let pages = |site: Site, more: i64| async move {
        site.write(move |tx| {
            let pages: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            Ok::<_, db::Error>(tx.pragma_update(None, "max_page_count", pages + more)?)
        })
        .await
        .unwrap();
    };
    pages(site.clone(), 0).await;
    let after: Vec<_> = (0..20).map(|no| a_template("7", TemplateKind::Bio(9), no, &[7; 20_000])).collect();
    let kept = after.clone();
    let error = site.write(move |tx| templates_keep(tx, machine, &kept)).await.unwrap_err();
    assert_eq!((error.code(), error.is_storage()), ("database.full", true));
    assert_eq!(of(&site, machine, "7").await, [before]);
    pages(site.clone(), 1_000).await;
    keep(&site, machine, after.clone()).await;
    assert!(of(&site, machine, "7").await == after);
}

/// Rough, for the capacity of a large machine: `cargo test --release … -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn five_thousand_people_with_two_templates_each() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let took = |what: &str, begun: std::time::Instant| println!("{what}: {:?}", begun.elapsed());
    for round in ["first", "again"] {
        let begun = std::time::Instant::now();
        for part in 0..50 {
            let people = (part * 100 + 1..=part * 100 + 100)
                .map(|pin: u32| SeenPerson {
                    password: said("1234"), ..a_person(&pin.to_string(), "李四")
                });
            see(&site, machine, people.collect()).await;
        }
        took(&format!("{round}: 5,000 people in parts of 100"), begun);
        let begun = std::time::Instant::now();
        for part in 0..100 {
            let templates = (part * 50 + 1..=part * 50 + 50).flat_map(|pin: u32| {
                [0, 1].map(|no| a_template(&pin.to_string(), TemplateKind::Bio(1), no, &[7; 1_600]))
            });
            keep(&site, machine, templates.collect()).await;
        }
        took(&format!("{round}: 10,000 templates of 1,600 bytes in parts of 100"), begun);
    }
    let begun = std::time::Instant::now();
    assert_eq!(counts(&site, machine).await.fingerprints, 10_000);
    took("counting", begun);
    let begun = std::time::Instant::now();
    let page = Page { limit: 100, cursor: None };
    let paged = site.read(move |conn| seen_list(conn, &sn("E1"), &page)).await.unwrap();
    assert_eq!(paged.total, 5_000);
    took("a page of 100 people", begun);
    let begun = std::time::Instant::now();
    let since = site.clock().now();
    assert_eq!(site.write(move |tx| people_sweep(tx, machine, since)).await.unwrap(), 0);
    took("a sweep", begun);
    let begun = std::time::Instant::now();
    site.write(move |tx| people_gone(tx, machine)).await.unwrap();
    took("all gone", begun);
    site.close().await;
    let size = std::fs::metadata(folder.path().join("rollcall.db")).unwrap().len();
    println!("file: {} MiB", size / 1024 / 1024);
}

#[tokio::test]
async fn what_no_machine_can_hold_is_not_kept_and_what_is_there_is_still_changed() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    site.write(move |tx| {
        let (mut people, mut templates) = (1, 1);
        for name in ["first", "second"] {
            for pin in ["1", "2", "3"] {
                queries::put_person(tx, machine, &a_person(pin, name), &mut people)?;
                let template = a_template(pin, TemplateKind::Photo, 0, name.as_bytes());
                queries::put_template(tx, machine, &template, &mut templates)?;
            }
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    let people = list(&site, "E1").await;
    assert_eq!((people.len(), people[0].name.as_str()), (1, "second"));
    assert_eq!(counts(&site, machine).await.photos, 1);
    assert_eq!(of(&site, machine, "1").await[0].data, b"second");
}
