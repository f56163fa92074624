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
        vec![unit("d1", Some("d2"), Some("b1")), unit("d2", Some("d1"), None), unit("d3", Some("d3"), None)],
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
            .map(|place| proptest::option::of(0..place.max(1)).prop_map(move |p| p.filter(|p| *p < place)))
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
