//! The people of the site, and where they belong: branches hold departments, departments hold departments.
//!
//! One room per thing: [`employees`] with their [`photos`], [`branches`] and [`departments`], the customer's own
//! [`fields`], what people are found by ([`search`]), and whole files of people ([`import`]). A change says in its own
//! transaction whom it moved, what they are called now and which of their fields are others, so that rosters, rules and
//! numbers follow.

mod branches;
mod departments;
mod employees;
mod error;
mod fields;
mod id;
mod import;
mod photos;
mod search;
#[cfg(test)]
mod tests;
mod tree;
mod units;

pub use branches::{
    Branch, BranchChange, NewBranch, branch_add, branch_change, branch_delete, branch_get, branch_list,
};
pub use departments::{
    Department, DepartmentChange, NewDepartment, department_add, department_change, department_delete,
    department_get, department_list,
};
pub use employees::{
    Brief, Employee, EmployeeChange, EmployeeFilter, NAME_MOST, NewEmployee, Status, employee_add,
    employee_change, employee_get, employee_list,
};
pub(crate) use employees::{people_in_brief, person_in_brief};
pub use error::{DirectoryError, UnitKind};
pub use fields::{
    CHOICES_MOST, FIELD_MOST, Field, FieldChange, FieldGroup, FieldType, LABEL_MOST, NewField, SYSTEM_FIELDS,
    ValueError, field_add, field_change, field_delete, field_get, field_list,
};
pub use id::EmployeeId;
pub(crate) use id::ours as id_of_ours;
pub use import::{
    Action, Change, HeaderLanguage, ImportError, ImportFile, ImportReport, ImportRow, ImportSummary,
    KeptPerson, People, RowReport, Undone, export_employees, export_template, import_check, import_employees,
    import_last, import_undo,
};
pub use photos::{Photo, PhotoType, photo_delete, photo_get, photo_put};
pub(crate) use search::{fill as fill_search, needles};
