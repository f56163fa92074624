//! Whole files of people: a plan of what a file would do, which is shown; and all of it, or nothing.
//!
//! What a file is made of is somebody else's affair; here it is rows of text. The plan is a pure value ([`plan`]), made from
//! the file and as much of the directory as the file speaks of. The last file can be undone ([`undo`]).

mod columns;
mod export;
mod places;
mod plan;
mod queries;
#[cfg(test)]
mod tests;
mod undo;

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;
use serde::Serialize;

pub use columns::HeaderLanguage;
pub(super) use columns::is_fixed_header;
pub use export::{People, export_employees, export_template};
pub use undo::{ImportSummary, KeptPerson, Undone, import_last, import_undo};

use super::employees::{self, Employee};
use super::error::{DirectoryError, UnitKind};
use super::fields::Fields;
use super::{branches, departments, id, units};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use columns::Target;
use plan::{Plan, Planned, Snapshot};

/// A file of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportFile {
    /// What it is called.
    pub name: String,
    /// Its rows; the first one says what the columns are.
    pub rows: Vec<ImportRow>,
    /// What columns hold, by what they are called: the key of a field, or nothing for one to leave out. Whoever is not named
    /// here is understood by their header.
    pub mapping: BTreeMap<String, String>,
}

/// A row of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportRow {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Somebody new.
    Added,
    /// Somebody who is there, with something else.
    Changed,
    /// Somebody who is there as they are.
    Unchanged,
    /// Nothing: something is wrong with the row.
    Rejected,
}

/// One thing that is other than it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of what.
    pub field: String,
    /// How it was.
    pub before: Option<String>,
    /// How it is.
    pub after: Option<String>,
}

/// A row as the report shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowReport {
    /// Its number in the file.
    pub row: u32,
    /// What becomes of it.
    pub action: Action,
    /// What is wrong with it: a stable code, and English.
    pub problem: Option<(&'static str, String)>,
    /// Of whom; of somebody new without an id, none until they are there.
    pub id: Option<String>,
    /// Their name.
    pub name: String,
    /// What is other than it was.
    pub changes: Vec<Change>,
}

/// What a file does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Its number, by which it can be undone; none when nothing was written.
    pub import_id: Option<i64>,
    /// How many are new.
    pub added: u64,
    /// How many are other than they were.
    pub changed: u64,
    /// How many are as they were.
    pub unchanged: u64,
    /// How many rows are wrong.
    pub rejected: u64,
    /// The columns: what they are called, and what is understood of them.
    pub columns: Vec<(String, Option<String>)>,
    /// All rows that are wrong, and up to [`SHOWN_MOST`] that change something, in the order of the file.
    pub rows: Vec<RowReport>,
    /// Departments that are made for it, by their paths.
    pub new_departments: Vec<String>,
    /// Branches that are made for it, by their paths.
    pub new_branches: Vec<String>,
}

/// Rows of a plan that are shown beside the wrong ones.
pub const SHOWN_MOST: usize = 1_000;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing in it.
    #[error("the file has no rows")]
    Empty,
    /// Nothing in it says who somebody is.
    #[error("no column is a name, an id or an employee number; the first row says what the columns are")]
    NoPeople,
    /// Two columns for the same.
    #[error("the columns {other:?} and {header:?} are the same field; leave one out")]
    ColumnTwice {
        /// The second one.
        header: String,
        /// The first one.
        other: String,
    },
    /// The mapping names a column that is not there.
    #[error("there is no column {0:?} in the file")]
    MappingHeader(String),
    /// The mapping names a field that is not there.
    #[error("there is no field {0:?}")]
    MappingField(String),
    /// Rows are wrong, and nothing was imported.
    #[error("rows that are wrong: {}; nothing was imported", .0.rejected)]
    RowsInvalid(Box<ImportReport>),
    /// No file was ever taken in.
    #[error("nothing was imported yet")]
    None,
    /// A later file was taken in, or there is no such one.
    #[error("only the last import can be undone")]
    NotLast,
    /// It was undone before.
    #[error("the import was undone before")]
    Undone,
    /// Something about the directory.
    #[error(transparent)]
    Directory(DirectoryError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

db::database_failure!(ImportError);

impl From<DirectoryError> for ImportError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Database(error) => Self::Database(error),
            error => Self::Directory(error),
        }
    }
}

impl ImportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "import.empty",
            Self::NoPeople => "import.no_people",
            Self::ColumnTwice { .. } => "import.column_twice",
            Self::MappingHeader(_) => "import.mapping_header_unknown",
            Self::MappingField(_) => "import.mapping_field_unknown",
            Self::RowsInvalid(_) => "import.rows_invalid",
            Self::None => "import.none",
            Self::NotLast => "import.not_last",
            Self::Undone => "import.undone",
            Self::Directory(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// What columns are called, and what is understood of them.
type Columns = Vec<(String, Option<String>)>;

/// A file that was understood.
struct Understood<'f> {
    /// Where, what, and what it is called.
    columns: Vec<(usize, Target, String)>,
    shown: Columns,
    rows: &'f [ImportRow],
}

fn understand<'f>(file: &'f ImportFile, fields: &Fields) -> Result<Understood<'f>, ImportError> {
    let (head, rows) = file.rows.split_first().ok_or(ImportError::Empty)?;
    if rows.is_empty() {
        return Err(ImportError::Empty);
    }
    let fields: Vec<_> = fields.0.values().cloned().collect();
    let targets = columns::matched(&head.cells, &file.mapping, &fields)?;
    let shown = head.cells.iter().zip(&targets);
    let shown =
        shown.map(|(header, target)| (header.clone(), target.as_ref().map(|target| target.key().to_owned())));
    let shown = shown.collect();
    let columns = targets.into_iter().zip(&head.cells).enumerate();
    let columns = columns.filter_map(|(at, (target, header))| Some((at, target?, header.trim().to_owned())));
    Ok(Understood { columns: columns.collect(), shown, rows })
}

fn snapshot(
    conn: &Connection,
    file: &Understood<'_>,
    fields: Fields,
    now: Timestamp,
) -> Result<Snapshot, db::Error> {
    let cells = |wanted: &Target| -> Vec<String> {
        let Some((at, ..)) = file.columns.iter().find(|(_, target, _)| target == wanted) else {
            return Vec::new();
        };
        let cells = file.rows.iter().filter_map(|row| row.cells.get(*at));
        cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    let ids = cells(&Target::Id);
    let numbers = cells(&Target::Field("employeeNumber".to_owned()));
    let people = employees::of_file(conn, &ids, &numbers)?;
    let mut by_number: HashMap<String, Vec<String>> = HashMap::new();
    for person in &people {
        if let Some(number) = person.fields.get("employeeNumber") {
            by_number.entry(number.clone()).or_default().push(person.id.as_str().to_owned());
        }
    }
    Ok(Snapshot {
        people: people.into_iter().map(|person| (person.id.as_str().to_owned(), person)).collect(),
        numbers: by_number,
        fields,
        departments: departments::tree(conn)?,
        branches: branches::tree(conn)?,
        now,
    })
}

fn planned(conn: &Connection, file: &ImportFile, now: Timestamp) -> Result<(Plan, Columns), ImportError> {
    let fields = Fields::load(conn)?;
    let understood = understand(file, &fields)?;
    let snapshot = snapshot(conn, &understood, fields, now)?;
    let mut mint = |kind| match kind {
        None => Ok(id::EmployeeId::ours()?.as_str().to_owned()),
        Some(UnitKind::Branch) => id::ours('b'),
        Some(UnitKind::Department) => id::ours('d'),
    };
    let plan = plan::plan(&understood.columns, understood.rows, &snapshot, &mut mint)?;
    Ok((plan, understood.shown))
}

/// What there is to say of a plan; `written` leaves out what went well.
fn report(plan: &Plan, columns: Columns, written: bool) -> ImportReport {
    let mut report = ImportReport {
        columns,
        new_departments: plan.department_paths.clone(),
        new_branches: plan.branch_paths.clone(),
        ..ImportReport::default()
    };
    let mut shown = 0;
    for Planned { shown: row, .. } in &plan.rows {
        *match row.action {
            Action::Added => &mut report.added,
            Action::Changed => &mut report.changed,
            Action::Unchanged => &mut report.unchanged,
            Action::Rejected => &mut report.rejected,
        } += 1;
        let changing =
            matches!(row.action, Action::Added | Action::Changed) && !written && shown < SHOWN_MOST;
        shown += usize::from(changing);
        if changing || row.action == Action::Rejected {
            report.rows.push(row.clone());
        }
    }
    report
}

/// What a file would do.
pub fn import_check(
    conn: &Connection,
    file: &ImportFile,
    now: Timestamp,
) -> Result<ImportReport, ImportError> {
    let (plan, columns) = planned(conn, file, now)?;
    Ok(report(&plan, columns, false))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    file_name: &'a str,
    added: u64,
    changed: u64,
    unchanged: u64,
    rejected: u64,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    new_branches: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    new_departments: &'a [String],
}

/// Takes a file in: everything, or (with `partial`) everything that is right, or nothing.
pub fn import_employees(
    tx: &Tx<'_>,
    actor: &Actor,
    file: &ImportFile,
    partial: bool,
) -> Result<ImportReport, ImportError> {
    let (plan, columns) = planned(tx, file, tx.now())?;
    let mut report = report(&plan, columns, true);
    if report.rejected > 0 && !partial {
        let columns = std::mem::take(&mut report.columns);
        return Err(ImportError::RowsInvalid(Box::new(self::report(&plan, columns, false))));
    }
    if report.added + report.changed == 0 {
        return Ok(report);
    }
    for unit in &plan.branches {
        units::insert(tx, UnitKind::Branch, unit)?;
    }
    for unit in &plan.departments {
        units::insert(tx, UnitKind::Department, unit)?;
    }
    let places = undo::Made::of(&plan.branches, &plan.departments);
    let import = queries::begin(tx, actor, &file.name, report.added, report.changed, &places)?;
    for row in &plan.rows {
        let Some(after) = &row.after else { continue };
        write(tx, actor, row.before.as_ref(), after)?;
        queries::remember(tx, import, row.before.as_ref(), after)?;
    }
    report.import_id = Some(import);
    let logged = Logged {
        file_name: &file.name,
        added: report.added,
        changed: report.changed,
        unchanged: report.unchanged,
        rejected: report.rejected,
        new_branches: &report.new_branches,
        new_departments: &report.new_departments,
    };
    audit::record(tx, actor, "employees.import", &subject(import), None, Some(&logged))?;
    Ok(report)
}

fn write(tx: &Tx<'_>, actor: &Actor, before: Option<&Employee>, after: &Employee) -> Result<(), db::Error> {
    match before {
        None => employees::insert(tx, after),
        Some(before) => employees::update(tx, actor, before, after),
    }
}

fn subject(import: i64) -> String {
    format!("import/{import}")
}
