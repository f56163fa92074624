//! Who belongs on a machine's list (rules 4.1 and 4.2): include targets minus exclude targets, exclude wins at any level.
//!
//! A rule is compiled once against the organisation, so that judging somebody is a look into a table: two thousand rules over
//! ten thousand people are twenty million looks.

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

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in crate::dispatch) fn unit(id: &str, parent: Option<&str>, branch: Option<&str>) -> Unit {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Unit { id: id.to_owned(), name: format!("<{id}>"), parent: owned(parent), branch: owned(branch) }
    }

    /// Branch hq holds branch east. hq: d1 > d11 > d111; east: d2 > d21; d3 is in no branch.
    pub(in crate::dispatch) fn org() -> Org {
        Org::new(
            vec![unit("east", Some("hq"), None), unit("hq", None, None)],
            vec![
                unit("d111", Some("d11"), None),
                unit("d11", Some("d1"), None),
                unit("d1", None, Some("hq")),
                unit("d2", None, Some("east")),
                unit("d21", Some("d2"), None),
                unit("d3", None, None),
            ],
        )
    }

    pub(in crate::dispatch) fn person(org: &Org, id: &str, department: Option<&str>) -> Person {
        org.person(EmployeeId::new(id).unwrap(), format!("<{id}>"), department, None, None)
    }

    pub(in crate::dispatch) fn targets(texts: &[&str]) -> Vec<Target> {
        texts
            .iter()
            .map(|text| {
                let (kind, id) = text.split_once(':').unwrap();
                Target { kind: TargetKind::from_name(kind).unwrap(), id: id.to_owned() }
            })
            .collect()
    }

    pub(in crate::dispatch) const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();

    #[test]
    fn dispatch_4_1_targets_hold_people_departments_below_and_branches() {
        let org = org();
        type Row<'a> = (&'a [&'a str], &'a [&'a str], &'a str, Option<&'a str>, Standing);
        let table: &[Row<'_>] = &[
            (&["employee:e1"], &[], "e1", None, Standing::In),
            (&["employee:e1"], &[], "e2", None, Standing::Outside),
            (&["department:d1"], &[], "e1", Some("d1"), Standing::In),
            (&["department:d1"], &[], "e1", Some("d111"), Standing::In),
            (&["department:d11"], &[], "e1", Some("d1"), Standing::Outside),
            (&["branch:hq"], &[], "e1", Some("d111"), Standing::In),
            (&["branch:hq"], &[], "e1", Some("d21"), Standing::In),
            (&["branch:east"], &[], "e1", Some("d111"), Standing::Outside),
            (&["branch:hq", "branch:east"], &[], "e1", Some("d3"), Standing::Outside),
            (&[], &[], "e1", Some("d1"), Standing::Outside),
            // A target that was deleted names nobody, and nobody without a department is in it.
            (&["department:gone", "branch:gone"], &[], "e1", None, Standing::Outside),
            (&["department:gone"], &[], "e1", Some("gone"), Standing::Outside),
        ];
        for (include, exclude, id, department, expected) in table {
            let (include, exclude) = (targets(include), targets(exclude));
            let scope = Scope::new(&org, &include, &exclude);
            let person = person(&org, id, *department);
            assert_eq!(scope.judge(&person, TODAY), *expected, "{include:?} {id} {department:?}");
        }
    }

    #[test]
    fn dispatch_4_1_exclude_wins_at_any_level() {
        let org = org();
        let table: &[(&[&str], &[&str], Standing)] = &[
            (&["department:d1"], &["department:d11"], Standing::Excluded),
            (&["department:d11"], &["department:d1"], Standing::Excluded),
            (&["employee:e1"], &["branch:hq"], Standing::Excluded),
            (&["branch:hq"], &["employee:e1"], Standing::Excluded),
            (&["department:d111"], &["department:d111"], Standing::Excluded),
            (&["department:d111"], &["department:d2", "employee:e2"], Standing::In),
            (&[], &["branch:hq"], Standing::Excluded),
        ];
        for (include, exclude, expected) in table {
            let (include, exclude) = (targets(include), targets(exclude));
            let scope = Scope::new(&org, &include, &exclude);
            let person = person(&org, "e1", Some("d111"));
            assert_eq!(scope.judge(&person, TODAY), *expected, "{include:?} {exclude:?}");
        }
    }

    #[test]
    fn dispatch_4_1_somebody_without_a_department_is_in_the_branch_they_are_said_to_be_in() {
        let org = org();
        let include = targets(&["branch:hq"]);
        let scope = Scope::new(&org, &include, &[]);
        let somebody = |branch| org.person(EmployeeId::new("e1").unwrap(), "王芳".into(), None, branch, None);
        assert_eq!(scope.judge(&somebody(Some("east")), TODAY), Standing::In);
        assert_eq!(scope.judge(&somebody(None), TODAY), Standing::Outside);
        assert_eq!(scope.by(&somebody(Some("east"))).included, ["<hq>"]);
    }

    #[test]
    fn dispatch_4_1_whoever_has_left_is_in_no_scope_from_the_day_after() {
        let org = org();
        let include = targets(&["employee:e1"]);
        let scope = Scope::new(&org, &include, &[]);
        let on = |left_on| Person { left_on, ..person(&org, "e1", None) };
        assert_eq!(scope.judge(&on(TODAY.pred_opt()), TODAY), Standing::Left);
        assert_eq!(scope.judge(&on(Some(TODAY)), TODAY), Standing::In, "the last day is a day at work");
        assert_eq!(scope.judge(&on(TODAY.succ_opt()), TODAY), Standing::In);
    }

    #[test]
    fn dispatch_4_1_one_reads_by_which_targets_somebody_is_in_and_out() {
        let org = org();
        let include = targets(&["department:d1", "branch:hq", "department:d2", "employee:e1"]);
        let exclude = targets(&["department:d11", "employee:e9", "department:gone"]);
        let scope = Scope::new(&org, &include, &exclude);
        let by = scope.by(&person(&org, "e1", Some("d111")));
        assert_eq!(by.included, ["<d1>", "<hq>", "<e1>"]);
        assert_eq!(by.excluded, ["<d11>"]);
    }

    #[test]
    fn a_circle_that_should_not_be_there_ends_nothing() {
        let org = Org::new(
            vec![unit("b1", Some("b2"), None), unit("b2", Some("b1"), None)],
            vec![
                unit("d1", Some("d2"), Some("b1")),
                unit("d2", Some("d1"), None),
                unit("d3", Some("d3"), None),
            ],
        );
        let include = targets(&["department:d1"]);
        let scope = Scope::new(&org, &include, &[]);
        assert_eq!(scope.judge(&person(&org, "e1", Some("d1")), TODAY), Standing::In);
        assert_eq!(scope.judge(&person(&org, "e1", Some("d3")), TODAY), Standing::Outside);
        assert_eq!(scope.by(&person(&org, "e1", Some("d3"))), By::default());
    }

    /// What each is in, by number.
    type Within = Vec<Option<usize>>;

    /// An organisation of ten branches and thirty departments: the parents of both, and the branches of departments.
    fn some_org() -> impl Strategy<Value = (Org, Within, Within, Within)> {
        let parents = |count: usize| {
            (0..count)
                .map(|place| {
                    proptest::option::of(0..place.max(1)).prop_map(move |p| p.filter(|p| *p < place))
                })
                .collect::<Vec<_>>()
        };
        (parents(10), parents(30), proptest::collection::vec(proptest::option::of(0_usize..10), 30)).prop_map(
            |(branches, departments, within)| {
                let name = |letter: &str, place: usize| format!("{letter}{place}");
                let units =
                    |letter: &'static str, parents: &[Option<usize>], within: Option<&[Option<usize>]>| {
                        let mut units: Vec<Unit> = parents
                            .iter()
                            .enumerate()
                            .map(|(place, parent)| Unit {
                                id: name(letter, place),
                                name: name(letter, place),
                                parent: parent.map(|parent| name(letter, parent)),
                                branch: within
                                    .filter(|_| parent.is_none())
                                    .and_then(|within| within[place])
                                    .map(|branch| name("b", branch)),
                            })
                            .collect();
                        units.reverse();
                        units
                    };
                let org = Org::new(units("b", &branches, None), units("d", &departments, Some(&within)));
                (org, branches, departments, within)
            },
        )
    }

    fn some_targets() -> impl Strategy<Value = Vec<Target>> {
        let target = prop_oneof![
            (0..20).prop_map(|n| Target { kind: TargetKind::Employee, id: format!("e{n}") }),
            (0..35).prop_map(|n| Target { kind: TargetKind::Department, id: format!("d{n}") }),
            (0..12).prop_map(|n| Target { kind: TargetKind::Branch, id: format!("b{n}") }),
        ];
        proptest::collection::vec(target, 0..8)
    }

    proptest! {
        /// Against the slow truth: walk up from the person and look at every target on the way.
        #[test]
        fn dispatch_4_1_exclude_always_wins_and_the_table_says_what_walking_up_says(
            (org, branches, departments, within) in some_org(),
            include in some_targets(),
            exclude in some_targets(),
            number in 0..20,
            department in proptest::option::of(0_usize..30),
            branch in proptest::option::of(0_usize..10),
        ) {
            let mut places = vec![Target { kind: TargetKind::Employee, id: format!("e{number}") }];
            let mut up = department;
            let mut around: Vec<usize> = branch.into_iter().collect();
            while let Some(place) = up {
                places.push(Target { kind: TargetKind::Department, id: format!("d{place}") });
                if departments[place].is_none() {
                    around.extend(within[place]);
                }
                up = departments[place];
            }
            for start in around {
                let mut up = Some(start);
                while let Some(place) = up {
                    places.push(Target { kind: TargetKind::Branch, id: format!("b{place}") });
                    up = branches[place];
                }
            }
            let hit = |targets: &[Target]| targets.iter().any(|target| places.contains(target));
            let expected = match (hit(&include), hit(&exclude)) {
                (_, true) => Standing::Excluded,
                (true, false) => Standing::In,
                (false, false) => Standing::Outside,
            };
            let (department, branch) = (department.map(|d| format!("d{d}")), branch.map(|b| format!("b{b}")));
            let person = org.person(
                EmployeeId::new(&format!("e{number}")).unwrap(), "x".into(),
                department.as_deref(), branch.as_deref(), None,
            );
            let scope = Scope::new(&org, &include, &exclude);
            prop_assert_eq!(scope.judge(&person, TODAY), expected);
            let by = scope.by(&person);
            prop_assert_eq!(!by.included.is_empty(), hit(&include));
            prop_assert_eq!(!by.excluded.is_empty(), hit(&exclude));
        }
    }
}
