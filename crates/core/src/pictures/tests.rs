use super::*;
use crate::Site;
use crate::db::PRUNE_EVERY;
use crate::machines::tests::a_machine;
use crate::site::tests::{plans, scratch};
use crate::uploads::tests::on_disk;

fn wall(second: i64) -> WallTime {
    WallTime::from_seconds(1_783_328_291 + second)
}

async fn keep(
    site: &Site,
    machine: MachineId,
    name: &str,
    pin: Option<&str>,
    at: Option<WallTime>,
    data: &[u8],
) -> Option<PictureId> {
    let (name, pin, data) = (name.to_owned(), pin.map(str::to_owned), data.to_vec());
    site.write(move |tx| {
        picture_keep(tx, machine, &Picture { name: &name, pin: pin.clone(), wall: at, data: &data })
    })
    .await
    .unwrap()
}

async fn find(site: &Site, machine: MachineId, pin: &'static str, at: WallTime) -> Option<Vec<u8>> {
    let vault = site.vault().clone();
    site.read(move |conn| match picture_of(conn, machine, pin, at)? {
        Some(id) => picture_get(conn, &vault, id),
        None => Ok(None),
    })
    .await
    .unwrap()
}

async fn count(site: &Site) -> i64 {
    site.read(|conn| {
        Ok::<_, db::Error>(conn.query_row("SELECT count(*) FROM pictures", [], |row| row.get(0))?)
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_picture_is_found_by_its_punch() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "P1").await.id;
    keep(&site, machine, "20260706085811-1001.jpg", Some("1001"), Some(wall(0)), b"one").await;
    keep(&site, machine, "20260706085811-A7.jpg", Some("A7"), Some(wall(0)), b"two").await;
    keep(&site, machine, "20260706085811.jpg", None, Some(wall(0)), b"a failed attempt").await;
    assert_eq!(find(&site, machine, "00001001", wall(0)).await.unwrap(), b"one");
    assert_eq!(find(&site, machine, "A7", wall(0)).await.unwrap(), b"two");
    assert_eq!(find(&site, machine, "1001", wall(1)).await, None);
    assert_eq!(find(&site, machine, "1002", wall(0)).await, None);
    let other = a_machine(&site, "P2").await.id;
    assert_eq!(find(&site, other, "1001", wall(0)).await, None);
}

#[tokio::test]
async fn d1_a_picture_sent_again_changes_nothing() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "P1").await.id;
    let first = keep(&site, machine, "20260706085811-7.jpg", Some("7"), Some(wall(0)), b"first").await;
    assert!(first.is_some());
    assert_eq!(keep(&site, machine, "20260706085811-7.jpg", Some("7"), Some(wall(0)), b"again").await, None);
    assert_eq!(find(&site, machine, "7", wall(0)).await.unwrap(), b"first");
    // Without a name nobody can tell.
    for _ in 0..2 {
        assert!(keep(&site, machine, "", None, None, b"nameless").await.is_some());
    }
    assert_eq!(count(&site).await, 3);
}

#[tokio::test]
async fn a4_pictures_are_bounded_by_number_and_by_bytes() {
    let (site, _folder) = scratch();
    let (machine, other) = (a_machine(&site, "P1").await.id, a_machine(&site, "P2").await.id);
    keep(&site, other, "stays.jpg", None, None, b"x").await;
    site.write(move |tx| {
        for n in 0..MOST_PER_MACHINE + 3 * PRUNE_EVERY {
            let name = n.to_string();
            picture_keep(tx, machine, &Picture { name: &name, pin: None, wall: None, data: b"x" })?;
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    let kept = count(&site).await - 1;
    assert!((MOST_PER_MACHINE..MOST_PER_MACHINE + PRUNE_EVERY).contains(&kept), "{kept}");
    // As if the oldest of these were huge: one more, and they go.
    let oldest_kept: i64 = site
        .write(move |tx| {
            tx.execute(
                "UPDATE pictures SET size = ?1 WHERE id = (SELECT id FROM pictures WHERE machine_id = ?2
                   ORDER BY id DESC LIMIT 1 OFFSET 10)",
                [MOST_BYTES_PER_MACHINE, machine.0],
            )?;
            let data = vec![0; 64 * 1024];
            picture_keep(tx, machine, &Picture { name: "big", pin: None, wall: None, data: &data })?;
            let left = "SELECT count(*) FROM pictures WHERE machine_id = ?1";
            Ok::<_, db::Error>(tx.query_row(left, [machine.0], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(oldest_kept, 11);
    assert_eq!(count(&site).await, 12, "another machine's stay");
}

#[tokio::test]
async fn o3_punch_pictures_are_sealed_on_disk_and_deleted_with_the_person() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "P1").await.id;
    let jpeg = b"\xff\xd8 a face at the door ".repeat(1_000);
    keep(&site, machine, "a.jpg", Some("7"), Some(wall(0)), &jpeg).await;
    keep(&site, machine, "b.jpg", Some("8"), Some(wall(0)), b"another").await;
    let nowhere = || {
        let base64 = rollcall_protocol::base64::encode(&jpeg[..30]);
        assert!(
            !on_disk(folder.path(), b" a face at the door ") && !on_disk(folder.path(), base64.as_bytes())
        );
    };
    nowhere();
    assert_eq!(site.write(move |tx| pictures_delete(tx, machine, "007")).await.unwrap(), 1);
    assert_eq!(find(&site, machine, "7", wall(0)).await, None);
    assert!(find(&site, machine, "8", wall(0)).await.is_some());
    site.close().await;
    nowhere();
}

#[tokio::test]
async fn finding_and_pruning_use_their_indexes() {
    let (site, _folder) = scratch();
    insta::assert_snapshot!(plans(&site, [queries::OF_PUNCH.to_owned(), BOUNDED.sql()]).await);
}
