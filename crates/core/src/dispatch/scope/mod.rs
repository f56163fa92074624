//! Who belongs on a machine's list (rules 4.1 and 4.2): include targets minus exclude targets, exclude wins at any level.
//!
//! A rule is compiled once against the organisation, so that judging somebody is a look into a table: two thousand rules over
//! ten thousand people are twenty million looks.

#[cfg(test)]
pub(super) mod tests;

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Serialize;

use crate::directory::EmployeeId;

/// What a target of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TargetKind {
    /// One person.
    Employee,
    /// A department, with those below it.
    Department,
    /// A branch, with its departments and the branches below it.
    Branch,
}

impl TargetKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Employee, Self::Department, Self::Branch];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Department => "department",
            Self::Branch => "branch",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whom a rule names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Which one.
    pub id: String,
}

/// A branch or a department as the database has it.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is in, of its own kind.
    pub parent: Option<String>,
    /// Of a department: the branch it is in.
    pub branch: Option<String>,
}

/// Where something is in [`Org`].
type Place = usize;

#[derive(Debug)]
struct Node {
    name: String,
    parent: Option<Place>,
    branch: Option<Place>,
}

/// The organisation at one moment: parents before their children, whatever order they came in.
#[derive(Debug, Default)]
pub struct Org {
    branches: Vec<Node>,
    departments: Vec<Node>,
    branch_places: HashMap<String, Place>,
    department_places: HashMap<String, Place>,
}

/// Somebody, and where they are.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their last day.
    pub left_on: Option<NaiveDate>,
    department: Option<Place>,
    branch: Option<Place>,
}

/// How somebody stands to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Included and not excluded.
    In,
    /// Excluded, included or not.
    Excluded,
    /// Neither.
    Outside,
    /// Not there any more; in no scope.
    Left,
}

/// By whose names somebody is in or out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct By {
    /// The include targets that hold them.
    #[serde(rename = "in")]
    pub included: Vec<String>,
    /// The exclude targets that hold them.
    #[serde(rename = "out")]
    pub excluded: Vec<String>,
}

/// Puts parents before children. A parent that is not there is none; a circle, which is never stored, is cut open.
fn in_order(units: Vec<Unit>) -> Vec<Unit> {
    let places: HashMap<&str, Place> =
        units.iter().enumerate().map(|(place, unit)| (unit.id.as_str(), place)).collect();
    let mut order = Vec::with_capacity(units.len());
    let mut seen = vec![false; units.len()];
    for start in 0..units.len() {
        let (mut way, mut next) = (Vec::new(), Some(start));
        while let Some(place) = next {
            match seen.get_mut(place) {
                Some(known) if !*known => *known = true,
                _ => break,
            }
            way.push(place);
            let parent = units.get(place).and_then(|unit| unit.parent.as_deref());
            next = parent.and_then(|parent| places.get(parent).copied());
        }
        order.extend(way.into_iter().rev());
    }
    let mut units: Vec<Option<Unit>> = units.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| units.get_mut(place).and_then(Option::take)).collect()
}

impl Org {
    /// The organisation made of these branches and departments.
    pub fn new(branches: Vec<Unit>, departments: Vec<Unit>) -> Self {
        let mut org = Self::default();
        for unit in in_order(branches) {
            let parent = org.branch(unit.parent.as_deref());
            org.branch_places.insert(unit.id, org.branches.len());
            org.branches.push(Node { name: unit.name, parent, branch: None });
        }
        for unit in in_order(departments) {
            let parent = org.department(unit.parent.as_deref());
            let inherited = || parent.and_then(|parent| org.departments.get(parent)?.branch);
            let branch = org.branch(unit.branch.as_deref()).or_else(inherited);
            org.department_places.insert(unit.id, org.departments.len());
            org.departments.push(Node { name: unit.name, parent, branch });
        }
        org
    }

    fn branch(&self, id: Option<&str>) -> Option<Place> {
        self.branch_places.get(id?).copied()
    }

    fn department(&self, id: Option<&str>) -> Option<Place> {
        self.department_places.get(id?).copied()
    }

    /// What people call a branch or a department; none when there is none with that id.
    pub fn name(&self, target: &Target) -> Option<&str> {
        let node = match target.kind {
            TargetKind::Employee => return None,
            TargetKind::Department => self.departments.get(self.department(Some(&target.id))?),
            TargetKind::Branch => self.branches.get(self.branch(Some(&target.id))?),
        };
        node.map(|node| node.name.as_str())
    }

    /// Somebody of the directory. They are in the branch of their department and in the one they are said to be in.
    pub fn person(
        &self,
        id: EmployeeId,
        name: String,
        department: Option<&str>,
        branch: Option<&str>,
        left_on: Option<NaiveDate>,
    ) -> Person {
        Person { id, name, left_on, department: self.department(department), branch: self.branch(branch) }
    }
}

/// Goes from a place up to the top.
fn upwards(nodes: &[Node], from: Option<Place>) -> impl Iterator<Item = Place> + '_ {
    std::iter::successors(from, |place| nodes.get(*place)?.parent)
}

const INCLUDED: u8 = 1;
const EXCLUDED: u8 = 2;

/// A rule, compiled against the organisation.
#[derive(Debug)]
pub struct Scope<'a> {
    org: &'a Org,
    include: &'a [Target],
    exclude: &'a [Target],
    employees: HashMap<&'a str, u8>,
    /// By place: whether being there includes or excludes somebody, by whatever level.
    departments: Vec<u8>,
    branches: Vec<u8>,
}

impl<'a> Scope<'a> {
    /// Compiles a rule. A target that is not there any more names nobody.
    pub fn new(org: &'a Org, include: &'a [Target], exclude: &'a [Target]) -> Self {
        let mut employees: HashMap<&str, u8> = HashMap::new();
        let mut departments = vec![0_u8; org.departments.len()];
        let mut branches = vec![0_u8; org.branches.len()];
        let targets = include.iter().map(|target| (target, INCLUDED));
        for (target, mark) in targets.chain(exclude.iter().map(|target| (target, EXCLUDED))) {
            let marked = match target.kind {
                TargetKind::Employee => Some(employees.entry(&target.id).or_default()),
                TargetKind::Department => {
                    org.department(Some(&target.id)).and_then(|place| departments.get_mut(place))
                }
                TargetKind::Branch => org.branch(Some(&target.id)).and_then(|place| branches.get_mut(place)),
            };
            if let Some(marked) = marked {
                *marked |= mark;
            }
        }
        // Parents come first, so each has all its marks when its children take them over.
        let at = |marks: &[u8], place: Option<Place>| {
            place.and_then(|place| marks.get(place)).copied().unwrap_or_default()
        };
        for (place, node) in org.branches.iter().enumerate() {
            let inherited = at(&branches, node.parent);
            if let Some(marks) = branches.get_mut(place) {
                *marks |= inherited;
            }
        }
        for (place, node) in org.departments.iter().enumerate() {
            let inherited = at(&departments, node.parent) | at(&branches, node.branch);
            if let Some(marks) = departments.get_mut(place) {
                *marks |= inherited;
            }
        }
        Self { org, include, exclude, employees, departments, branches }
    }

    /// How somebody stands to the rule on a day of the machine's zone.
    pub fn judge(&self, person: &Person, today: NaiveDate) -> Standing {
        if person.left_on.is_some_and(|left_on| left_on < today) {
            return Standing::Left;
        }
        let at = |marks: &[u8], place: Option<Place>| {
            place.and_then(|place| marks.get(place)).copied().unwrap_or_default()
        };
        let mut marks = at(&self.departments, person.department) | at(&self.branches, person.branch);
        if !self.employees.is_empty() {
            marks |= self.employees.get(person.id.as_str()).copied().unwrap_or_default();
        }
        match marks {
            marks if marks & EXCLUDED != 0 => Standing::Excluded,
            INCLUDED => Standing::In,
            _ => Standing::Outside,
        }
    }

    /// By whose names somebody is in or out; the targets in the order of the rule.
    pub fn by(&self, person: &Person) -> By {
        let departments: Vec<Place> = upwards(&self.org.departments, person.department).collect();
        let of_departments = departments
            .iter()
            .filter_map(|place| self.org.departments.get(*place)?.branch)
            .flat_map(|branch| upwards(&self.org.branches, Some(branch)));
        let branches: Vec<Place> = upwards(&self.org.branches, person.branch).chain(of_departments).collect();
        let named = |targets: &[Target]| {
            targets
                .iter()
                .filter_map(|target| {
                    let holds = match target.kind {
                        TargetKind::Employee => {
                            return (target.id == person.id.as_str()).then(|| person.name.clone());
                        }
                        TargetKind::Department => {
                            departments.contains(&self.org.department(Some(&target.id))?)
                        }
                        TargetKind::Branch => branches.contains(&self.org.branch(Some(&target.id))?),
                    };
                    holds.then(|| self.org.name(target).map(str::to_owned)).flatten()
                })
                .collect()
        };
        By { included: named(self.include), excluded: named(self.exclude) }
    }
}
