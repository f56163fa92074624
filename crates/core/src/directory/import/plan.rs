//! What a file of people would do to the directory, as a pure value: nothing here reads or writes anything.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::employees::{self, Employee, NAME_MOST};
use super::super::error::{DirectoryError, UnitKind};
use super::super::fields::{self, FieldType, Fields};
use super::super::id::{self, EmployeeId};
use super::super::tree::{Tree, Unit};
use super::columns::Target;
use super::places::{Places, Within};
use super::{Action, Change, ImportRow, RowReport};
use crate::clock::Timestamp;
use crate::text::{self, TextError};

/// The directory as far as a file needs it.
pub(super) struct Snapshot {
    /// Whoever the file may speak of, by id.
    pub people: HashMap<String, Employee>,
    /// Ids by employee number.
    pub numbers: HashMap<String, Vec<String>>,
    pub fields: Fields,
    pub departments: Tree,
    pub branches: Tree,
    pub now: Timestamp,
}

/// What becomes of a row.
pub(super) struct Planned {
    pub shown: RowReport,
    /// Somebody who was there.
    pub before: Option<Employee>,
    /// Somebody to write.
    pub after: Option<Employee>,
}

/// What becomes of all of them.
pub(super) struct Plan {
    pub rows: Vec<Planned>,
    /// Parents first.
    pub branches: Vec<Unit>,
    /// Parents first.
    pub departments: Vec<Unit>,
    /// What they are called, as a cell names them.
    pub branch_paths: Vec<String>,
    pub department_paths: Vec<String>,
}

/// Makes ids: of people with `None`.
pub(super) type Mint<'m> = &'m mut dyn FnMut(Option<UnitKind>) -> Result<String, DirectoryError>;

/// What is wrong with a row, one thing after the other.
#[derive(Default)]
struct Problems(Vec<(&'static str, String)>);

impl Problems {
    fn add(&mut self, code: &'static str, header: &str, detail: impl std::fmt::Display) {
        self.0.push((code, format!("{header}: {detail}")));
    }

    /// The first one's code, and all of them in words.
    fn told(self) -> Option<(&'static str, String)> {
        let code = self.0.first()?.0;
        let details: Vec<String> = self.0.into_iter().map(|(_, detail)| detail).collect();
        Some((code, details.join("; ")))
    }
}

struct Planner<'s> {
    columns: &'s [(usize, Target, String)],
    snapshot: &'s Snapshot,
    branches: Places,
    departments: Places,
    /// Rows by the id they speak of.
    ids: HashMap<String, u32>,
    /// Rows that add somebody without an id, by employee number.
    numbers: HashMap<String, u32>,
}

/// Plans the rows of a file; `columns` are those that are understood: where, what, and what it is called.
pub(super) fn plan(
    columns: &[(usize, Target, String)],
    rows: &[ImportRow],
    snapshot: &Snapshot,
    mint: Mint<'_>,
) -> Result<Plan, DirectoryError> {
    let mut planner = Planner {
        columns,
        snapshot,
        branches: Places::new(UnitKind::Branch, snapshot.branches.clone()),
        departments: Places::new(UnitKind::Department, snapshot.departments.clone()),
        ids: HashMap::new(),
        numbers: HashMap::new(),
    };
    let rows = rows.iter().map(|row| planner.row(row, mint)).collect::<Result<Vec<_>, _>>()?;
    let Planner { branches, departments, .. } = planner;
    let paths = |places: &Places| places.made.iter().map(|unit| places.path(&unit.id)).collect();
    Ok(Plan {
        rows,
        branch_paths: paths(&branches),
        department_paths: paths(&departments),
        branches: branches.made,
        departments: departments.made,
    })
}

impl Planner<'_> {
    fn cell<'r>(&self, row: &'r ImportRow, wanted: &Target) -> Option<(&'r str, &str)> {
        let (at, _, header) = self.columns.iter().find(|(_, target, _)| target == wanted)?;
        Some((row.cells.get(*at).map_or("", String::as_str), header))
    }

    fn row(&mut self, row: &ImportRow, mint: Mint<'_>) -> Result<Planned, DirectoryError> {
        let mut problems = Problems::default();
        let id = self.given_id(row, &mut problems);
        let before = self.person(row, id.as_ref(), &mut problems).cloned();
        let mut after = before.clone().unwrap_or_else(|| {
            let id = id.clone().unwrap_or_else(|| EmployeeId::stored(String::new()));
            Employee::blank(id, self.snapshot.now)
        });
        self.once(row, &after, before.is_some() || id.is_some(), &mut problems);
        self.values(row, &mut after, &mut problems);
        if after.name.is_empty() && problems.0.is_empty() {
            problems.0.push(("employee.name_empty", "an employee needs a name".to_owned()));
        }
        if let Err(error) = employees::check_days(&after) {
            problems.0.push((error.code(), error.to_string()));
        }
        // Last, so that a row that is wrong otherwise makes no department.
        if problems.0.is_empty() {
            self.place(row, before.as_ref(), &mut after, &mut problems, mint)?;
        }
        let shown_id = Some(after.id.as_str().to_owned()).filter(|id| !id.is_empty());
        if shown_id.is_none() && problems.0.is_empty() {
            after.id = EmployeeId::stored(mint(None)?);
        }
        let problem = problems.told();
        let changes = if problem.is_some() { Vec::new() } else { self.changes(before.as_ref(), &after) };
        let action = match (&problem, &before) {
            (Some(_), _) => Action::Rejected,
            (None, None) => Action::Added,
            (None, Some(_)) if changes.is_empty() => Action::Unchanged,
            (None, Some(_)) => Action::Changed,
        };
        after.changed_at = self.snapshot.now;
        let shown =
            RowReport { row: row.number, action, problem, id: shown_id, name: after.name.clone(), changes };
        let is_written = matches!(action, Action::Added | Action::Changed);
        Ok(Planned { shown, after: is_written.then_some(after), before })
    }

    /// The id in the row, if there is one.
    fn given_id(&self, row: &ImportRow, problems: &mut Problems) -> Option<EmployeeId> {
        let (cell, header) = self.cell(row, &Target::Id)?;
        if cell.trim().is_empty() {
            return None;
        }
        match id::given(cell) {
            Ok(id) => Some(EmployeeId::stored(id)),
            Err(TextError::ControlCharacter) => {
                problems.add("text.control_character", header, TextError::ControlCharacter);
                None
            }
            Err(_) => {
                problems.add("employee.id_invalid", header, DirectoryError::IdInvalid);
                None
            }
        }
    }

    /// Whom the row speaks of: by id where one is given, else by employee number.
    fn person(&self, row: &ImportRow, id: Option<&EmployeeId>, problems: &mut Problems) -> Option<&Employee> {
        if let Some(id) = id {
            return self.snapshot.people.get(id.as_str());
        }
        let (cell, header) = self.cell(row, &Target::Field("employeeNumber".to_owned()))?;
        match self.snapshot.numbers.get(cell.trim()).map(Vec::as_slice) {
            Some([id]) => self.snapshot.people.get(id),
            Some([_, _, ..]) => {
                let detail =
                    format!("several people have the number {}; say by their ids who is meant", cell.trim());
                problems.add("import.number_ambiguous", header, detail);
                None
            }
            _ => None,
        }
    }

    /// Refuses a second row about the same person.
    fn once(&mut self, row: &ImportRow, person: &Employee, known: bool, problems: &mut Problems) {
        if known {
            let id = person.id.as_str().to_owned();
            if let Some(first) = self.ids.get(&id) {
                problems.0.push(("import.id_twice", format!("row {first} is about {id} already")));
            } else {
                self.ids.insert(id, row.number);
            }
            return;
        }
        let number = self.cell(row, &Target::Field("employeeNumber".to_owned()));
        let Some((number, _)) = number.filter(|(cell, _)| !cell.trim().is_empty()) else { return };
        let number = number.trim().to_owned();
        if let Some(first) = self.numbers.get(&number) {
            problems.0.push(("import.number_twice", format!("row {first} has the number {number} already")));
        } else {
            self.numbers.insert(number, row.number);
        }
    }

    /// Everything but who it is and where they are.
    fn values(&self, row: &ImportRow, person: &mut Employee, problems: &mut Problems) {
        for (at, target, header) in self.columns {
            let cell = row.cells.get(*at).map_or("", String::as_str);
            match target {
                Target::Name => match text::required(cell, NAME_MOST) {
                    Ok(name) => person.name = name,
                    Err(TextError::Empty) => {
                        problems.add("employee.name_empty", header, DirectoryError::NameEmpty);
                    }
                    Err(error) => problems.add(error.code(), header, error),
                },
                Target::HiredOn => match day(cell) {
                    Ok(day) => person.hired_on = day,
                    Err(detail) => problems.add("date.invalid", header, detail),
                },
                Target::LeftOn => match day(cell) {
                    Ok(day) => person.left_on = day,
                    Err(detail) => problems.add("date.invalid", header, detail),
                },
                Target::Field(key) => self.field(key, cell, header, person, problems),
                Target::Id | Target::Branch | Target::Department => {}
            }
        }
    }

    fn field(&self, key: &str, cell: &str, header: &str, person: &mut Employee, problems: &mut Problems) {
        let is_date = self.snapshot.fields.0.get(key).is_some_and(|field| field.kind == FieldType::Date);
        let lenient = is_date.then(|| day(cell).ok().flatten().map(|day| day.to_string())).flatten();
        let value = lenient.as_deref().unwrap_or(cell);
        // What somebody has and keeps is not looked at again: their choice may be none any more.
        if person.fields.get(key).is_some_and(|kept| kept == value.trim()) {
            return;
        }
        match self.snapshot.fields.checked(key, value) {
            Ok(Some(value)) => {
                person.fields.insert(key.to_owned(), value);
            }
            Ok(None) => {
                person.fields.remove(key);
            }
            Err(DirectoryError::FieldValue { problem, .. }) => problems.add(problem.code(), header, problem),
            Err(error) => problems.add(error.code(), header, error),
        }
    }

    fn place(
        &mut self,
        row: &ImportRow,
        before: Option<&Employee>,
        person: &mut Employee,
        problems: &mut Problems,
        mint: Mint<'_>,
    ) -> Result<(), DirectoryError> {
        let department =
            self.cell(row, &Target::Department).map(|(cell, header)| (cell.trim(), header.to_owned()));
        let branch = self.cell(row, &Target::Branch).map(|(cell, header)| (cell.trim(), header.to_owned()));
        let present_branch = before.and_then(|person| person.branch_id.as_deref());
        let present = before.and_then(|person| person.department_id.as_deref());
        let mut units = |kind| mint(Some(kind));
        let named = match &branch {
            Some((cell, header)) if !cell.is_empty() => {
                match self.branches.find_or_make(cell, Within::All, present_branch, &mut units)? {
                    Ok(id) => Some(id),
                    Err(error) => {
                        problems.add(error.code(), header, error);
                        return Ok(());
                    }
                }
            }
            _ => None,
        };
        match (department, branch) {
            (Some((cell, header)), _) if !cell.is_empty() => {
                let within = named.as_deref().map_or(Within::All, Within::Branch);
                match self.departments.find_or_make(cell, within, present, &mut units)? {
                    Ok(id) => person.department_id = Some(id),
                    Err(error) => problems.add(error.code(), &header, error),
                }
            }
            (Some(_), Some(_)) => (person.department_id, person.branch_id) = (None, named),
            (Some(_), None) => person.department_id = None,
            (None, Some((_, header))) => match &person.department_id {
                None => person.branch_id = named,
                Some(_) if named.is_none() || named.as_deref() == present_branch => {}
                Some(_) => {
                    let error = DirectoryError::BranchFollows;
                    problems.add(error.code(), &header, error);
                }
            },
            (None, None) => {}
        }
        if let Some(department) = &person.department_id {
            person.branch_id = self.departments.tree().branch_of(department).map(str::to_owned);
        }
        Ok(())
    }

    /// What is other than it was, in the words of the file.
    fn changes(&self, before: Option<&Employee>, after: &Employee) -> Vec<Change> {
        let department =
            |person: &Employee| person.department_id.as_deref().map(|id| self.departments.path(id));
        let branch = |person: &Employee| person.branch_id.as_deref().map(|id| self.branches.path(id));
        let date = |date: Option<NaiveDate>| date.map(|date| date.to_string());
        let mut changes = Vec::new();
        let mut compare = |field: &str, old: Option<String>, new: Option<String>, moved: bool| {
            if old != new || moved {
                changes.push(Change { field: field.to_owned(), before: old, after: new });
            }
        };
        let moved =
            |of: fn(&Employee) -> &Option<String>| before.is_some_and(|before| of(before) != of(after));
        compare("name", before.map(|person| person.name.clone()), Some(after.name.clone()), false);
        compare("branch", before.and_then(branch), branch(after), moved(|person| &person.branch_id));
        compare(
            "department",
            before.and_then(department),
            department(after),
            moved(|person| &person.department_id),
        );
        compare("hiredOn", before.and_then(|person| date(person.hired_on)), date(after.hired_on), false);
        compare("leftOn", before.and_then(|person| date(person.left_on)), date(after.left_on), false);
        for key in self.snapshot.fields.0.keys() {
            let old = before.and_then(|person| person.fields.get(key).cloned());
            compare(key, old, after.fields.get(key).cloned(), false);
        }
        changes
    }
}

/// A day as people write them: `2026-01-05`, `2026/1/5`, `2026.1.5`, `2026年1月5日`, `20260105`, with a time of day or not. Not
/// with the year last: nobody could say which of the others is the month.
fn day(cell: &str) -> Result<Option<NaiveDate>, String> {
    let text = cell.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> = match (date.len(), date.bytes().all(|byte| byte.is_ascii_digit())) {
        (8, true) => [date.get(..4), date.get(4..6), date.get(6..)].into_iter().flatten().collect(),
        _ => date.trim_end_matches('日').split(['-', '/', '.', '年', '月']).collect(),
    };
    let day = match *parts {
        [year, month, day]
            if year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len()) =>
        {
            fields::date(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    };
    day.map(Some).ok_or_else(|| format!("{text:?} is no date like 2026-07-06 of the years 1900 to 9999"))
}
