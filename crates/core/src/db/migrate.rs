use rusqlite::Connection;

use super::Error;

/// "RCal": tells our file from any other SQLite file.
const APPLICATION_ID: i64 = 0x5243_616c;

/// Append-only: a released file is never edited, a change is a new file.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first_punch.sql"),
    include_str!("../../migrations/0002_every_machine.sql"),
    include_str!("../../migrations/0003_what_machines_hold.sql"),
    include_str!("../../migrations/0004_the_right_people.sql"),
    include_str!("../../migrations/0005_a_fair_day.sql"),
];

/// The schema this program reads and writes.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrateError {
    #[error("the file is a database of another program")]
    Foreign,
    #[error("the database was written by a newer Rollcall (schema {0})")]
    Newer(i64),
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<rusqlite::Error> for MigrateError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The schema of the file, if it is one of ours. Only reads, so that somebody else's file stays as it is.
pub(crate) fn identify(conn: &Connection) -> Result<usize, MigrateError> {
    let id: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if id != APPLICATION_ID && (id != 0 || tables != 0 || version != 0) {
        return Err(MigrateError::Foreign);
    }
    let done = usize::try_from(version).map_err(|_| MigrateError::Newer(version))?;
    if done > SCHEMA_VERSION {
        return Err(MigrateError::Newer(version));
    }
    Ok(done)
}

/// Brings the file to the present schema, one transaction for each step.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), MigrateError> {
    let done = identify(conn)?;
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", index + 1)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_becomes_ours_and_stays_as_it_is() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        migrate(&mut conn).unwrap();
        let version: usize = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, SCHEMA_VERSION);
    }

    #[test]
    fn somebody_elses_database_is_left_alone() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
        assert!(matches!(migrate(&mut conn), Err(MigrateError::Foreign)));
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        conn.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
        assert!(matches!(migrate(&mut conn), Err(MigrateError::Newer(_))));
    }

    /// Rows such as each schema first held; a schema has those of the ones before it too.
    const ROWS: [&str; SCHEMA_VERSION] = [
        "INSERT INTO machines (id, sn, sn_key, name, time_zone, added_at, held_punches)
           VALUES (1, 'Old1', 'old1', '大门', 'Asia/Shanghai', 5, 1);
         INSERT INTO employees (id, name, created_at, changed_at) VALUES ('e1', '李四', 5, 5);
         INSERT INTO roster (machine_id, employee_id, pin, pin_number, added_at, changed_at) VALUES (1, 'e1', '007', 7, 5, 5);
         INSERT INTO spans (machine_id, pin_number, employee_id, from_at, to_at) VALUES (1, 7, 'e1', 0, 4611686018427387904);
         INSERT INTO punches (id, machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source,
             flags, received_at)
           VALUES (11, 1, '007', 7, 1783328291, 28800, 0, '15', '', x'37', 0, 0, 6);
         INSERT INTO unmatched (punch_id) VALUES (11);
         INSERT INTO rejected_lines (machine_id, line, reason, received_at) VALUES (1, x'78', 'punch.no_pin', 6);
         INSERT INTO kept_uploads (id, machine_id, table_name, query, body, received_at) VALUES (3, 1, 'BIODATA', 'q', x'62', 6);
         INSERT INTO settings (key, value) VALUES ('time_zone', 'Asia/Shanghai');
         INSERT INTO audit (at, who, what, subject) VALUES (5, 'console', 'machine.add', 'machine/Old1');",
        "INSERT INTO commands (machine_id, kind, what, once_only, state, who, queued_at)
           VALUES (1, 'restart', x'7b7d', 1, 'queued', 'console', 7);",
        "INSERT INTO vault (id, proof) VALUES (1, x'01');
         INSERT INTO templates (machine_id, pin, pin_key, kind, no, idx, valid, duress, format, on_machine, seen_at, size, data)
           VALUES (1, '007', 7, 'bio9', 0, 0, 1, 0, 0, 1, 8, 1, x'02');",
        "INSERT INTO branches (id, name, created_at) VALUES ('b1', '上海', 9);
         INSERT INTO departments (id, name, branch_id, created_at) VALUES ('d1', '生产部', 'b1', 9);
         INSERT INTO applied (machine_id, pin_number, employee_id) VALUES (1, 7, 'e1');",
        "INSERT INTO shifts (id, name, rule, created_at, changed_at) VALUES ('s1', '白班', '{}', 9, 9);
         INSERT INTO shift_assignments (kind, target_id, shift_id, from_on, weekdays, created_at)
           VALUES ('employee', 'e1', 's1', '2026-07-01', 31, 9);",
    ];

    /// Everything in a database, but for the names and the order of columns: a table's rows as texts.
    fn rows(conn: &Connection, table: &str) -> Vec<String> {
        let mut query = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = query.column_count();
        let text = |row: &rusqlite::Row<'_>| {
            let cells: Result<Vec<rusqlite::types::Value>, _> = (0..columns).map(|at| row.get(at)).collect();
            Ok(format!("{:?}", cells?))
        };
        query.query_map([], text).unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_database_of_every_earlier_schema_is_brought_to_the_present_with_all_its_rows() {
        for schema in 1..=SCHEMA_VERSION {
            let mut conn = Connection::open_in_memory().unwrap();
            conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
            for (sql, rows) in MIGRATIONS.iter().zip(ROWS).take(schema) {
                conn.execute_batch(sql).unwrap();
                conn.execute_batch(rows).unwrap();
            }
            conn.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
            conn.pragma_update(None, "user_version", schema).unwrap();
            migrate(&mut conn).unwrap();

            let check: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(check, "ok", "schema {schema}");
            let broken = conn.query_row("PRAGMA foreign_key_check", [], |_| Ok(()));
            assert!(broken.is_err(), "schema {schema}: a row refers to one that is not there");
            let count = |table: &str| rows(&conn, table).len();
            let tables =
                ["machines", "employees", "roster", "spans", "punches", "unmatched", "rejected_lines"];
            assert!(
                tables.into_iter().chain(["settings", "audit"]).all(|table| count(table) == 1),
                "schema {schema}"
            );
            // In clear until the program, which has the key, seals it.
            assert_eq!((count("clear_uploads"), count("kept_uploads")), (1, 0), "schema {schema}");
            assert_eq!(count("commands"), usize::from(schema >= 2));
            assert_eq!(count("templates"), usize::from(schema >= 3));
            assert_eq!(
                (count("departments"), count("applied")),
                (usize::from(schema >= 4), usize::from(schema >= 4))
            );
            assert_eq!(count("shift_assignments"), usize::from(schema >= 5));
            assert!(rows(&conn, "punches")[0].contains("Integer(1783328291)"));
            assert!(rows(&conn, "machines")[0].contains("大门"));
        }
    }
}
