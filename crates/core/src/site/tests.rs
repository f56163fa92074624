use chrono::DateTime;

use super::*;
use crate::clock::{ClockHandle, Timestamp};
use crate::db::Error;

/// 2026-07-06 09:00:00 in Shanghai.
pub(crate) const SCRATCH_NOW: Timestamp = DateTime::from_timestamp(1_783_299_600, 0).unwrap();

pub(crate) fn scratch_with_clock() -> (Site, ClockHandle, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (clock, handle) = Clock::fixed(SCRATCH_NOW);
    let site = Site::open(SiteOptions { path: folder.path().join("rollcall.db"), clock }).unwrap();
    (site, handle, folder)
}

pub(crate) fn scratch() -> (Site, tempfile::TempDir) {
    let (site, _clock, folder) = scratch_with_clock();
    (site, folder)
}

/// How SQLite would go about a query, whatever its parameters are.
pub(crate) fn plan(conn: &Connection, sql: &str) -> Result<String, Error> {
    let mut query = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let nulls = vec![rusqlite::types::Null; query.parameter_count()];
    let rows = query.query_map(rusqlite::params_from_iter(nulls), |row| row.get::<_, String>(3))?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

/// The same of several, one below the other.
pub(crate) async fn plans<S: AsRef<str>>(
    site: &Site,
    queries: impl IntoIterator<Item = S> + Send + 'static,
) -> String {
    let plans = site
        .read(|conn| queries.into_iter().map(|sql| plan(conn, sql.as_ref())).collect::<Result<Vec<_>, _>>());
    plans.await.unwrap().join("\n--\n")
}

/// A site with three machines and ten million punches, for [`as_if_large`].
pub(crate) const TEN_MILLION_PUNCHES: &str = "('machines', 'sqlite_autoindex_machines_1', '3 1'),
   ('punches', 'punches_pin', '10000000 2001 2001 1'), ('punches', 'punches_once', '10000000 3 1 1 1 1')";

/// Has SQLite know of a site what it would of a large one, for which it plans differently: rows of its statistics.
pub(crate) async fn as_if_large(site: &Site, statistics: &'static str) {
    site.write(move |tx| {
        tx.execute_batch(&format!(
            "ANALYZE; DELETE FROM sqlite_stat1; INSERT INTO sqlite_stat1 VALUES {statistics}"
        ))?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

async fn put(site: &Site, key: &'static str, keep: bool) -> Result<(), Error> {
    site.write(move |tx| {
        tx.execute("INSERT INTO settings (key, value) VALUES (?1, '')", [key])?;
        if keep { Ok(()) } else { Err(Error::Closed) }
    })
    .await
}

async fn keys(site: &Site) -> Vec<String> {
    site.read(|conn| {
        let mut query =
            conn.prepare("SELECT key FROM settings WHERE key NOT LIKE 'storage.%' ORDER BY key")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok::<_, Error>(rows.collect::<Result<_, _>>()?)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_job_leaves_no_trace_and_its_neighbours_stay() {
    let (site, _folder) = scratch();
    let names: Vec<&'static str> =
        vec!["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"];
    let jobs: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let (site, name) = (site.clone(), *name);
            tokio::spawn(async move { put(&site, name, n % 2 == 0).await.is_ok() })
        })
        .collect();
    for (n, job) in jobs.into_iter().enumerate() {
        assert_eq!(job.await.unwrap(), n % 2 == 0);
    }
    assert_eq!(keys(&site).await, ["a", "c", "e", "g", "i", "k", "m", "o"]);
    assert!(site.commits() <= 9, "{} commits", site.commits());
}

#[tokio::test]
async fn a_panic_in_a_job_is_its_own_affair() {
    let (site, _folder) = scratch();
    let failed = site.write(|_| -> Result<(), Error> { panic!("on purpose") }).await;
    assert!(failed.is_err());
    put(&site, "after", true).await.unwrap();
    assert_eq!(keys(&site).await, ["after"]);
}

#[tokio::test]
async fn a_locked_database_says_so_and_recovers_by_itself() {
    let (site, folder) = scratch();
    let mut storage = site.storage();
    let other = Connection::open(folder.path().join("rollcall.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = put(&site, "x", true).await.unwrap_err();
    assert_eq!(error.code(), "database.locked");
    assert!(matches!(*storage.borrow_and_update(), StorageState::Unwritable { code: "database.locked", .. }));
    assert!(keys(&site).await.is_empty(), "readers go on");
    other.execute_batch("ROLLBACK").unwrap();
    storage.wait_for(|state| *state == StorageState::Writable).await.unwrap();
    put(&site, "x", true).await.unwrap();
}

#[tokio::test]
async fn a_full_database_says_so_and_recovers_by_itself() {
    let (site, _folder) = scratch();
    let mut storage = site.storage();
    let big = |site: Site| async move {
        site.write(|tx| {
            tx.execute("INSERT INTO settings (key, value) VALUES ('big', hex(zeroblob(500000)))", [])?;
            Ok::<_, Error>(())
        })
        .await
    };
    let pages: i64 = site
        .write(|tx| {
            let pages: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            tx.pragma_update(None, "max_page_count", pages)?;
            Ok::<_, Error>(pages)
        })
        .await
        .unwrap();
    assert_eq!(big(site.clone()).await.unwrap_err().code(), "database.full");
    assert!(matches!(*storage.borrow_and_update(), StorageState::Unwritable { code: "database.full", .. }));
    site.write(move |tx| Ok::<_, Error>(tx.pragma_update(None, "max_page_count", pages + 10_000)?))
        .await
        .unwrap();
    storage.wait_for(|state| *state == StorageState::Writable).await.unwrap();
    big(site.clone()).await.unwrap();
}

/// Sixteen MiB of pages are folded into the file while the site is open, and not by the writer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_log_is_folded_beside_the_work() {
    let (site, folder) = scratch();
    let size = || std::fs::metadata(folder.path().join("rollcall.db")).unwrap().len();
    let mut written = 0;
    while size() < 16 * 1024 * 1024 {
        // Whatever is folded when nothing more comes is folded with the next commit that is one too many.
        site.write(move |tx| {
            tx.execute(
                "INSERT INTO settings (key, value) VALUES (?1, hex(zeroblob(250000)))",
                [format!("k{written}")],
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        written += 1;
        assert!(written < 2 * 16_000 / 122, "the writer had to fold it");
    }
    let first: String = site
        .read(|conn| {
            Ok::<_, Error>(
                conn.query_row("SELECT value FROM settings WHERE key = 'k0'", [], |row| row.get(0))?,
            )
        })
        .await
        .unwrap();
    assert_eq!(first.len(), 500_000);
}

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let (site, folder) = scratch();
    put(&site, "kept", true).await.unwrap();
    site.close().await;
    assert_eq!(put(&site, "late", true).await.unwrap_err().code(), "database.closed");
    let path = folder.path().join("rollcall.db");
    assert!(!path.with_extension("db-wal").exists(), "the log was folded into the file");
    let site = Site::open(SiteOptions { path, clock: Clock::system() }).unwrap();
    assert_eq!(keys(&site).await, ["kept"]);
}

/// Rule 9.3: a damaged database is never overwritten.
#[tokio::test]
async fn safety_9_3_damage_is_found_after_the_start_and_nothing_is_written_any_more() {
    let (site, folder) = scratch();
    site.write(|tx| {
        for n in 0..4000 {
            tx.execute(
                "INSERT INTO settings (key, value) VALUES (?1, hex(zeroblob(200)))",
                [format!("k{n:05}")],
            )?;
        }
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    site.close().await;
    let path = folder.path().join("rollcall.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 40 * 4096].fill(0xA5);
    std::fs::write(&path, &bytes).unwrap();

    let site = Site::open(SiteOptions { path: path.clone(), clock: Clock::system() }).unwrap();
    let damaged =
        |state: &StorageState| matches!(state, StorageState::Unwritable { code: "database.damaged", .. });
    site.storage().wait_for(damaged).await.unwrap();
    assert_eq!(put(&site, "zz", true).await.unwrap_err().code(), "database.damaged");
    assert!(damaged(&site.storage().borrow()), "and it stays so");
    site.close().await;
    assert!(std::fs::read(&path).unwrap() == bytes, "the file is as it was");
}

#[cfg(unix)]
#[tokio::test]
async fn o3_the_database_is_its_owners_only_also_in_a_folder_that_others_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let beside = |name: &str| folder.path().join(name);
    let allow = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode));
    let mode = |name: &str| std::fs::metadata(beside(name)).unwrap().permissions().mode() & 0o777;
    allow(folder.path(), 0o755).unwrap();
    let files = ["rollcall.db", "rollcall.db-wal", "rollcall.db-shm"];
    let open = || Site::open(SiteOptions { path: beside(files[0]), clock: Clock::system() }).unwrap();

    let site = open();
    put(&site, "new", true).await.unwrap();
    assert_eq!(files.map(mode), [0o600; 3]);
    // Of an earlier version, which did not end well: its log is still there.
    for name in files {
        allow(&beside(name), 0o644).unwrap();
    }
    let again = open();
    assert_eq!(files.map(mode), [0o600; 3]);
    put(&again, "more", true).await.unwrap();
    site.close().await;
    again.close().await;
    // Of one that did: what is made beside it is made like it.
    allow(&beside(files[0]), 0o640).unwrap();
    let site = open();
    assert_eq!(keys(&site).await, ["more", "new"]);
    assert_eq!(files.map(mode), [0o600; 3]);

    let made = beside("of/our/own");
    Site::open(SiteOptions { path: made.join(files[0]), clock: Clock::system() }).unwrap();
    assert_eq!(std::fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);

    let theirs = beside("theirs.db");
    Connection::open(&theirs).unwrap().execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
    allow(&theirs, 0o644).unwrap();
    assert!(Site::open(SiteOptions { path: theirs, clock: Clock::system() }).is_err());
    assert_eq!(mode("theirs.db"), 0o644, "not ours to change");
}

#[test]
fn a_file_of_another_program_is_left_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let refused = Site::open(SiteOptions { path: path.clone(), clock: Clock::system() }).err().unwrap();
    assert_eq!(refused.code(), "site.foreign_database");
    assert_eq!(std::fs::read(&path).unwrap(), before);
    std::fs::write(&path, b"this is no database at all, but long enough to look like one, surely").unwrap();
    let refused = Site::open(SiteOptions { path, clock: Clock::system() }).err().unwrap();
    assert_eq!(refused.code(), "database.damaged");
}
