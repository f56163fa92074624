//! People as rows of text, such as a file that is taken in again has them.

use rusqlite::Connection;

use super::super::employees::{self, EmployeeFilter};
use super::super::fields::field_list;
use super::super::{branches, departments};
use super::columns::{self, HeaderLanguage, Target};
use super::places;
use crate::db;

/// A table of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// What the columns are called.
    pub headers: Vec<String>,
    /// A row for each person.
    pub rows: Vec<Vec<String>>,
}

/// The columns a file may have, without anybody in it.
pub fn export_template(conn: &Connection, language: HeaderLanguage) -> Result<People, db::Error> {
    let headers = columns::all(&field_list(conn)?, language).into_iter().map(|(_, header)| header);
    Ok(People { headers: headers.collect(), rows: Vec::new() })
}

/// The people a filter leaves, by name.
pub fn export_employees(
    conn: &Connection,
    filter: &EmployeeFilter,
    language: HeaderLanguage,
) -> Result<People, db::Error> {
    let (targets, headers): (Vec<_>, Vec<_>) = columns::all(&field_list(conn)?, language).into_iter().unzip();
    let (branches, departments) = (branches::tree(conn)?, departments::tree(conn)?);
    let path = |tree: &super::super::tree::Tree, id: &Option<String>| {
        id.as_deref().map(|id| places::join(&tree.path(id))).unwrap_or_default()
    };
    let people = employees::all(conn, filter)?;
    let rows = people.iter().map(|person| {
        let cells = targets.iter().map(|target| match target {
            Target::Id => person.id.as_str().to_owned(),
            Target::Name => person.name.clone(),
            Target::Branch => path(&branches, &person.branch_id),
            Target::Department => path(&departments, &person.department_id),
            Target::HiredOn => person.hired_on.map(|day| day.to_string()).unwrap_or_default(),
            Target::LeftOn => person.left_on.map(|day| day.to_string()).unwrap_or_default(),
            Target::Field(key) => person.fields.get(key).cloned().unwrap_or_default(),
        });
        cells.collect()
    });
    Ok(People { headers, rows: rows.collect() })
}
