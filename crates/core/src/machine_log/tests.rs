use super::*;
use crate::Site;
use crate::machines::tests::a_machine;
use crate::site::tests::{plan, scratch};

fn an_event(second: i64, code: i32) -> MachineEvent {
    MachineEvent {
        wall: Some(WallTime::from_seconds(1_783_328_400 + second)),
        utc_offset: 28_800,
        code,
        operator: "1".to_owned(),
        objects: vec!["1003".to_owned(), "6".to_owned()],
        kind: "operation",
        raw: b"OPLOG 6\t1\t2026-07-06 09:00:00\t1003\t6".to_vec(),
    }
}

async fn add(site: &Site, machine: MachineId, events: Vec<MachineEvent>) -> usize {
    site.write(move |tx| machine_events_add(tx, machine, &events)).await.unwrap()
}

async fn list(site: &Site, page: Page) -> Paged<MachineEventView> {
    let sn = Sn::new("L1").unwrap();
    site.read(move |conn| machine_events(conn, &sn, &page)).await.unwrap()
}

#[tokio::test]
async fn d1_what_happened_at_a_machine_is_kept_once() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "L1").await.id;
    let event = an_event(0, 6);
    let others = vec![
        event.clone(),
        MachineEvent { wall: None, ..event.clone() },
        MachineEvent { wall: Some(WallTime::from_seconds(0)), ..event.clone() },
        MachineEvent { code: -7, ..event.clone() },
        MachineEvent { operator: String::new(), ..event.clone() },
        MachineEvent { objects: vec!["1003,6".to_owned()], ..event.clone() },
        MachineEvent { kind: "door", ..event.clone() },
    ];
    assert_eq!(add(&site, machine, others.clone()).await, others.len());
    assert_eq!(add(&site, machine, others.clone()).await, 0);
    // Another offset is the same event: its machine was moved, and sends its log again.
    assert_eq!(add(&site, machine, vec![MachineEvent { utc_offset: 0, ..event.clone() }]).await, 0);
    let elsewhere = a_machine(&site, "L2").await.id;
    assert_eq!(add(&site, elsewhere, vec![event]).await, 1);

    let kept = list(&site, Page::default()).await;
    assert_eq!(kept.total, others.len() as u64);
    for (kept, sent) in kept.items.iter().rev().zip(&others) {
        let MachineEventView { wall, utc_offset, code, operator, objects, kind, .. } = kept;
        assert_eq!((wall, utc_offset, code), (&sent.wall, &sent.utc_offset, &sent.code));
        assert_eq!((operator, objects, kind.as_str()), (&sent.operator, &sent.objects, sent.kind));
        assert_eq!(kept.received_at, site.clock().now());
    }
}

#[tokio::test]
async fn a_log_comes_in_pages_newest_first() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "L1").await.id;
    let noise = a_machine(&site, "L2").await.id;
    for second in 0..10 {
        add(&site, machine, vec![an_event(second, 4)]).await;
        add(&site, noise, vec![an_event(second, 4)]).await;
    }
    let (mut walls, mut cursor) = (Vec::new(), None);
    loop {
        let paged = list(&site, Page { limit: 3, cursor: cursor.take() }).await;
        assert_eq!(paged.total, 10);
        walls.extend(paged.items.into_iter().map(|event| event.wall.unwrap().seconds() - 1_783_328_400));
        cursor = paged.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(walls, (0..10).rev().collect::<Vec<_>>());
    let unknown = Sn::new("NONE").unwrap();
    let refused = site.read(move |conn| machine_events(conn, &unknown, &Page::default())).await.unwrap_err();
    assert_eq!(refused.code(), "machine.unknown");
}

#[tokio::test]
async fn a4_a_log_is_bounded_and_the_oldest_go_first() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "L1").await.id;
    let other = a_machine(&site, "L2").await.id;
    add(&site, other, vec![an_event(0, 4)]).await;
    for part in 0..3 {
        let events = (0..10_000).map(|n| an_event(part * 10_000 + n, 4)).collect();
        add(&site, machine, events).await;
    }
    let kept = list(&site, Page { limit: 1, cursor: None }).await;
    assert_eq!(kept.total, u64::try_from(MOST_PER_MACHINE).unwrap());
    assert_eq!(kept.items[0].wall.unwrap().seconds(), 1_783_328_400 + 29_999);
    let sn = Sn::new("L2").unwrap();
    let others = site.read(move |conn| machine_events(conn, &sn, &Page::default())).await.unwrap();
    assert_eq!(others.total, 1, "another machine's stay");
}

#[tokio::test]
async fn listing_a_log_reads_a_page_of_it() {
    let (site, _folder) = scratch();
    let plan = site.read(|conn| plan(conn, queries::BEFORE)).await.unwrap();
    assert_eq!(plan, "SEARCH machine_events USING INDEX machine_events_machine (machine_id=? AND id<?)");
}

#[tokio::test]
async fn p11_control_bytes_in_a_log_are_kept_as_blanks_and_nothing_is_endless() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "L1").await.id;
    let event = MachineEvent {
        operator: "1\0\t".to_owned(),
        objects: vec!["x".repeat(10_000); 100],
        raw: vec![0; 100_000],
        ..an_event(0, 4)
    };
    add(&site, machine, vec![event]).await;
    let kept = list(&site, Page::default()).await.items.remove(0);
    assert_eq!(kept.operator, "1  ");
    assert_eq!((kept.objects.len(), kept.objects[0].len()), (16, 256));
    let raw: i64 = site
        .read(|conn| {
            let sql = "SELECT length(raw) FROM machine_events";
            Ok::<_, db::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(raw, 1024);
}
