//! Wiping what was deleted before deleting wiped.

use rusqlite::Connection;

use super::Error;

/// Bytes written at a time.
const PIECE: i64 = 4 * 1024 * 1024;

/// Writes over all pages of the file that hold nothing any more, and empties the log.
///
/// `secure_delete` wipes what is deleted from now on; this is for what was deleted before. The pages are taken into a table
/// of zeros and given back; the file does not grow by more than a piece.
pub(crate) fn wipe_free_pages(conn: &Connection) -> Result<(), Error> {
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0));
    conn.execute_batch("CREATE TABLE IF NOT EXISTS wiping (zeros BLOB NOT NULL)")?;
    let page: i64 = number("PRAGMA page_size")?;
    loop {
        let free = number("PRAGMA freelist_count")?;
        if free == 0 {
            break;
        }
        // An overflow page has room for a little less than a page: so many bytes take all that are free.
        let size = (free * page).min(PIECE);
        conn.execute("INSERT INTO wiping (zeros) VALUES (zeroblob(?1))", [size])?;
    }
    conn.execute_batch("DROP TABLE wiping")?;
    empty_log(conn)
}

/// Folds the log into the file and empties it.
pub(crate) fn empty_log(conn: &Connection) -> Result<(), Error> {
    // Answers with a row: whether a reader kept it from being emptied.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
