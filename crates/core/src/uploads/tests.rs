use super::*;
use crate::db::{Error, PRUNE_EVERY};
use crate::machines::tests::a_machine;
use crate::site::tests::scratch;

#[tokio::test]
async fn a4_the_oldest_go_when_the_bound_is_reached() {
    let (site, _folder) = scratch();
    let machine = a_machine(&site, "KEEP1").await;
    let kept: i64 = site
        .write(move |tx| {
            for n in 0..MOST_PER_MACHINE + 3 * PRUNE_EVERY {
                upload_keep(tx, machine.id, "BIODATA", "", n.to_string().as_bytes())?;
            }
            Ok::<_, Error>(tx.query_row("SELECT count(*) FROM kept_uploads", [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert!((MOST_PER_MACHINE..MOST_PER_MACHINE + PRUNE_EVERY).contains(&kept), "{kept}");
}

/// Whether the bytes are anywhere in the file or its log.
pub(crate) fn on_disk(folder: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

/// A database of the first schema, with uploads in clear: some there, some deleted already.
fn of_schema_1(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let conn = Connection::open(folder.join("rollcall.db")).unwrap();
    conn.execute_batch(include_str!("../../migrations/0001_first_punch.sql")).unwrap();
    conn.execute_batch(
        "PRAGMA application_id = 1380147564; PRAGMA user_version = 1;
         INSERT INTO machines (id, sn, sn_key, name, time_zone, added_at) VALUES (1, 'OLD1', 'old1', 'Old', 'UTC', 0);",
    )
    .unwrap();
    // Small ones that share a page, and large ones with pages of their own.
    let bodies: Vec<Vec<u8>> = (0..60)
        .map(|n| {
            let length = if n % 3 == 0 { 20_000 } else { 50 };
            format!("<body {n:02}>").bytes().chain(std::iter::repeat_n(b'x', length)).collect()
        })
        .collect();
    for body in &bodies {
        conn.execute(
            "INSERT INTO kept_uploads (machine_id, table_name, query, body, received_at) VALUES (1, 'BIODATA', 'q', ?1, 5)",
            [body],
        )
        .unwrap();
    }
    conn.execute_batch("DELETE FROM kept_uploads WHERE id % 5 = 0").unwrap();
    bodies
}

#[tokio::test]
async fn o3_uploads_kept_in_clear_by_the_first_version_are_sealed_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let bodies = of_schema_1(folder.path());
    let deleted = |n: usize| (n + 1).is_multiple_of(5);
    // Deleting alone did not wipe them, or this would show nothing.
    for kind in [false, true] {
        let there = |(n, body): (usize, &Vec<u8>)| deleted(n) == kind && on_disk(folder.path(), &body[..9]);
        assert!(bodies.iter().enumerate().any(there), "in clear before, deleted: {kind}");
    }

    let path = folder.path().join("rollcall.db");
    let site = crate::Site::open(crate::SiteOptions { path, clock: crate::Clock::system() }).unwrap();
    for (n, body) in bodies.into_iter().enumerate() {
        assert!(!on_disk(folder.path(), &body[..9]), "body {n}");
        let (vault, id) = (site.vault().clone(), i64::try_from(n + 1).unwrap());
        let kept = site.read(move |conn| upload_get(conn, &vault, id)).await.unwrap();
        let expected = (!deleted(n)).then(|| ("BIODATA".to_owned(), body));
        assert!(kept == expected, "body {n}");
    }
    let clear = site.read(queries::any_clear).await.unwrap();
    assert!(!clear, "the table of clear bodies is gone");
}

/// A start on a full disk leaves what it cannot seal to the next one; nothing is lost, and nothing is in two places.
#[test]
fn o3_sealing_that_was_cut_off_is_made_up_for_later() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rollcall.db");
    let bodies = of_schema_1(folder.path());
    let mut conn = db::open_writer(&path).unwrap();
    let vault = Vault::open(&conn, &path).unwrap();
    let number = |conn: &Connection, sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let pages = number(&conn, "PRAGMA page_count");
    conn.pragma_update(None, "max_page_count", pages).unwrap();
    let error = seal_clear(&mut conn, &vault).unwrap_err();
    assert_eq!(error.code(), "database.full");
    let clear = number(&conn, "SELECT count(*) FROM clear_uploads");
    assert_eq!(clear + number(&conn, "SELECT count(*) FROM kept_uploads"), 48);
    assert!(clear > 0);

    conn.pragma_update(None, "max_page_count", pages + 1_000).unwrap();
    seal_clear(&mut conn, &vault).unwrap();
    assert_eq!(number(&conn, "SELECT count(*) FROM kept_uploads"), 48);
    assert!(!queries::any_clear(&conn).unwrap());
    assert!(bodies.iter().all(|body| !on_disk(folder.path(), &body[..9])));
    assert_eq!(number(&conn, "SELECT count(*) FROM sqlite_schema WHERE name = 'wiping'"), 0);
}

#[tokio::test]
async fn o3_what_is_kept_of_an_upload_is_sealed() {
    let (site, folder) = scratch();
    let machine = a_machine(&site, "KEEP1").await;
    let (small, large) = (b"a small body".to_vec(), b"a large body".repeat(2_000));
    for body in [small.clone(), large] {
        site.write(move |tx| upload_keep(tx, machine.id, "FVEIN", "", &body)).await.unwrap();
    }
    for needle in [&small[..], b"a large body"] {
        assert!(!on_disk(folder.path(), needle));
    }
    site.close().await;
    for needle in [&small[..], b"a large body"] {
        assert!(!on_disk(folder.path(), needle));
    }
}
