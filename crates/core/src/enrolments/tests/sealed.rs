//! O3: nothing of it lies in clear.

use super::*;

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
async fn o3_a_template_of_10_mb_is_kept_and_comes_back() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "E1").await.id;
    let data = (0..=255).collect::<Vec<u8>>().repeat(10 * 1024 * 1024 / 256);
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
