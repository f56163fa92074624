//! Large machines, and machines that lie.

use super::*;

#[tokio::test]
async fn lists_and_counts_use_their_indexes() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let people: Vec<_> = (1..=300).map(|n| a_person(&n.to_string(), "x")).collect();
    see(&site, machine, people).await;
    let templates = (1..=300_u16).map(|n| a_template(&n.to_string(), TemplateKind::Bio(1), n % 10, b"x"));
    keep(&site, machine, templates.collect()).await;
    site.write(|tx| Ok::<_, db::Error>(tx.execute_batch("ANALYZE")?)).await.unwrap();
    let lists = [queries::LIST, queries::COUNT_OF, queries::COUNT_ALL, queries::COUNT_ON_MACHINE];
    insta::assert_snapshot!(plans(&site, lists).await);
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
