use rusqlite::{Connection, OptionalExtension, params};

use super::{Field, FieldGroup, FieldType};
use crate::db::{Error, Tx};

pub(super) fn all(conn: &Connection) -> Result<Vec<Field>, Error> {
    let mut statement = conn
        .prepare_cached("SELECT key, label, type, field_group, choices FROM fields ORDER BY position, key")?;
    let rows = statement.query_map([], |row| {
        Ok(Field {
            key: row.get(0)?,
            label: row.get(1)?,
            kind: FieldType::from_name(&row.get::<_, String>(2)?),
            group: match row.get::<_, String>(3)?.as_str() {
                "personal" => FieldGroup::Personal,
                _ => FieldGroup::Basic,
            },
            choices: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default(),
            system: false,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn choices(field: &Field) -> String {
    // A list of texts is always JSON.
    serde_json::to_string(&field.choices).unwrap_or_else(|_| "[]".to_owned())
}

pub(super) fn insert(tx: &Tx<'_>, field: &Field) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO fields (key, label, type, field_group, choices, position)
         VALUES (?1, ?2, ?3, ?4, ?5, (SELECT coalesce(max(position), 0) + 1 FROM fields))",
    )?
    .execute(params![field.key, field.label, field.kind.name(), field.group.name(), choices(field)])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, field: &Field) -> Result<(), Error> {
    tx.prepare_cached("UPDATE fields SET label = ?2, choices = ?3 WHERE key = ?1")?.execute(params![
        field.key,
        field.label,
        choices(field)
    ])?;
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, key: &str) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM fields WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Takes the field off everybody who has it. A key is letters, digits and `_`, so it needs no quoting in a path.
pub(super) fn clear_values(tx: &Tx<'_>, key: &str) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE employees SET fields = json_remove(fields, '$.' || ?1), changed_at = ?2
         WHERE json_type(fields, '$.' || ?1) IS NOT NULL",
    )?
    .execute(params![key, tx.now().timestamp_millis()])?;
    Ok(())
}

/// The name of a machine whose numbers are filled from the field.
pub(super) fn mapped_by(conn: &Connection, key: &str) -> Result<Option<String>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT m.name FROM number_mappings n JOIN machines m ON m.id = n.machine_id
         WHERE n.field = ?1 AND m.deleted_at IS NULL ORDER BY m.name LIMIT 1",
    )?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}
