//! What a rule does to a list (rules 4.2 and 4.3): who is added, enabled, deleted, disabled, and who is left alone though
//! one might expect otherwise.

use chrono::NaiveDate;
use serde::Serialize;

use super::scope::{Person, Scope, Standing};
use crate::roster::DisabledBy;

/// What happens to entries out of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum OutOfScope {
    /// They stay as they are.
    #[default]
    Keep,
    /// They are removed, from the machine too.
    Delete,
    /// They stay on the list and may not identify.
    Disable,
}

impl OutOfScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Keep, Self::Delete, Self::Disable];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Delete => "delete",
            Self::Disable => "disable",
        }
    }

    /// The option of a name; one that is none of ours does least.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|option| option.name() == name).unwrap_or_default()
    }
}

/// An entry of the list, as far as a rule looks at it. One that is being removed is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Who disabled it; none when it is enabled.
    pub disabled_by: Option<DisabledBy>,
}

/// What a rule does to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Puts them on the list.
    Add,
    /// Lets them identify again.
    Enable,
    /// Takes them off the list and the machine.
    Delete,
    /// Lets them identify no more.
    Disable,
    /// Nothing, though one might expect something.
    Skip,
}

impl Action {
    /// Whether it takes something away from somebody: what the brake is for.
    pub fn takes_away(self) -> bool {
        matches!(self, Self::Delete | Self::Disable)
    }
}

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Included and not excluded.
    InScope,
    /// Excluded.
    Excluded,
    /// Named by no target.
    OutOfScope,
    /// Their last day is over.
    Left,
    /// In scope again after the rule had disabled them.
    BackInScope,
    /// In scope, but disabled by hand, and so they stay.
    DisabledByHand,
    /// Out of scope, and the rule keeps such entries.
    KeptOutOfScope,
}

impl Reason {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::InScope => "inScope",
            Self::Excluded => "excluded",
            Self::OutOfScope => "outOfScope",
            Self::Left => "left",
            Self::BackInScope => "backInScope",
            Self::DisabledByHand => "disabledByHand",
            Self::KeptOutOfScope => "keptOutOfScope",
        }
    }
}

impl From<Standing> for Reason {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::In => Self::InScope,
            Standing::Excluded => Self::Excluded,
            Standing::Outside => Self::OutOfScope,
            Standing::Left => Self::Left,
        }
    }
}

/// What a rule does to one person; none when everything is as it should be.
pub fn decide(standing: Standing, listed: Option<Listed>, option: OutOfScope) -> Option<(Action, Reason)> {
    match (standing, listed.map(|listed| listed.disabled_by)) {
        (Standing::In, None) => Some((Action::Add, Reason::InScope)),
        (Standing::In, Some(None)) | (_, None) => None,
        (Standing::In, Some(Some(DisabledBy::Rule))) => Some((Action::Enable, Reason::BackInScope)),
        (Standing::In, Some(Some(DisabledBy::Hand))) => Some((Action::Skip, Reason::DisabledByHand)),
        (out, Some(disabled_by)) => match option {
            OutOfScope::Keep => Some((Action::Skip, Reason::KeptOutOfScope)),
            OutOfScope::Delete => Some((Action::Delete, out.into())),
            OutOfScope::Disable if disabled_by.is_none() => Some((Action::Disable, out.into())),
            OutOfScope::Disable => None,
        },
    }
}

/// What a rule does to one person, and why.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Whom.
    pub person: &'a Person,
    /// What.
    pub action: Action,
    /// Why.
    pub reason: Reason,
}

/// What a rule does to a list, by what is done.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// Put on the list.
    pub add: Vec<Step<'a>>,
    /// Enabled again.
    pub enable: Vec<Step<'a>>,
    /// Taken off.
    pub delete: Vec<Step<'a>>,
    /// Disabled.
    pub disable: Vec<Step<'a>>,
    /// Left alone.
    pub skip: Vec<Step<'a>>,
    /// Entries there are.
    pub entries: u64,
}

impl Plan<'_> {
    /// Entries that lose something: what the brake counts.
    pub fn hit(&self) -> u64 {
        (self.delete.len() + self.disable.len()) as u64
    }
}

/// What a rule does to a list on a day of the machine's zone.
pub fn plan<'a>(
    scope: &Scope<'_>,
    option: OutOfScope,
    today: NaiveDate,
    people: impl IntoIterator<Item = (&'a Person, Option<Listed>)>,
) -> Plan<'a> {
    let mut plan = Plan::default();
    for (person, listed) in people {
        plan.entries += u64::from(listed.is_some());
        let Some((action, reason)) = decide(scope.judge(person, today), listed, option) else { continue };
        let steps = match action {
            Action::Add => &mut plan.add,
            Action::Enable => &mut plan.enable,
            Action::Delete => &mut plan.delete,
            Action::Disable => &mut plan.disable,
            Action::Skip => &mut plan.skip,
        };
        steps.push(Step { person, action, reason });
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::scope::tests::{TODAY, org, person, targets};
    use super::*;

    const HAND: Option<DisabledBy> = Some(DisabledBy::Hand);
    const RULE: Option<DisabledBy> = Some(DisabledBy::Rule);

    fn listed(disabled_by: Option<DisabledBy>) -> Option<Listed> {
        Some(Listed { disabled_by })
    }

    #[test]
    fn dispatch_4_2_people_in_scope_are_added_and_those_the_rule_disabled_enabled() {
        for option in OutOfScope::ALL {
            assert_eq!(decide(Standing::In, None, option), Some((Action::Add, Reason::InScope)));
            let back = decide(Standing::In, listed(RULE), option);
            assert_eq!(back, Some((Action::Enable, Reason::BackInScope)));
            assert_eq!(decide(Standing::In, listed(None), option), None);
        }
    }

    #[test]
    fn dispatch_4_3_who_was_disabled_by_hand_stays_disabled() {
        for option in OutOfScope::ALL {
            let skipped = decide(Standing::In, listed(HAND), option);
            assert_eq!(skipped, Some((Action::Skip, Reason::DisabledByHand)));
        }
    }

    #[test]
    fn dispatch_4_3_entries_out_of_scope_are_kept_deleted_or_disabled() {
        let outside = [
            (Standing::Outside, Reason::OutOfScope),
            (Standing::Excluded, Reason::Excluded),
            (Standing::Left, Reason::Left),
        ];
        for (standing, reason) in outside {
            for disabled_by in [None, HAND, RULE] {
                let decide = |option| decide(standing, listed(disabled_by), option);
                assert_eq!(decide(OutOfScope::Keep), Some((Action::Skip, Reason::KeptOutOfScope)));
                assert_eq!(decide(OutOfScope::Delete), Some((Action::Delete, reason)));
                let disabled = disabled_by.is_none().then_some((Action::Disable, reason));
                assert_eq!(decide(OutOfScope::Disable), disabled);
            }
            assert_eq!(decide(standing, None, OutOfScope::Delete), None);
        }
    }

    fn apply(plan: &Plan<'_>, list: &mut [Option<Listed>], people: &[Person]) {
        let mut set = |steps: &[Step<'_>], entry: Option<Listed>| {
            for step in steps {
                let place = people.iter().position(|person| person.id == step.person.id).unwrap();
                list[place] = entry;
            }
        };
        set(&plan.add, listed(None));
        set(&plan.enable, listed(None));
        set(&plan.delete, None);
        set(&plan.disable, listed(RULE));
    }

    proptest! {
        #[test]
        fn dispatch_4_3_what_is_done_twice_changes_nothing_more(
            list in proptest::collection::vec(
                prop_oneof![Just(None), Just(listed(None)), Just(listed(HAND)), Just(listed(RULE))], 24),
            include in proptest::sample::subsequence(
                vec!["branch:hq", "branch:east", "department:d1", "department:d11", "department:d3", "employee:p5"], 0..4),
            exclude in proptest::sample::subsequence(
                vec!["branch:east", "department:d111", "department:d2", "employee:p3", "employee:p4"], 0..3),
            option in prop_oneof![Just(OutOfScope::Keep), Just(OutOfScope::Delete), Just(OutOfScope::Disable)],
        ) {
            let org = org();
            let departments = [None, Some("d1"), Some("d11"), Some("d111"), Some("d2"), Some("d21"), Some("d3")];
            let people: Vec<_> =
                (0..24).map(|n| person(&org, &format!("p{n}"), departments[n % departments.len()])).collect();
            let (include, exclude) = (targets(&include), targets(&exclude));
            let scope = Scope::new(&org, &include, &exclude);
            let mut list = list;
            let first = plan(&scope, option, TODAY, people.iter().zip(list.iter().copied()));
            let hand: Vec<_> = list.iter().map(|entry| *entry == listed(HAND)).collect();
            let gone: Vec<_> = first.delete.iter().map(|step| step.person.id.clone()).collect();
            apply(&first, &mut list, &people);
            let second = plan(&scope, option, TODAY, people.iter().zip(list.iter().copied()));
            prop_assert!(second.add.is_empty() && second.enable.is_empty());
            prop_assert_eq!(second.hit(), 0);
            for ((person, entry), by_hand) in people.iter().zip(&list).zip(hand) {
                let inside = scope.judge(person, TODAY) == Standing::In;
                prop_assert!(!inside || entry.is_some(), "whoever is in scope is on the list");
                prop_assert!(
                    !by_hand || gone.contains(&person.id) || *entry == listed(HAND), "by hand stays by hand"
                );
                match option {
                    OutOfScope::Keep => {}
                    OutOfScope::Delete => prop_assert!(inside || entry.is_none()),
                    OutOfScope::Disable => {
                        prop_assert!(inside || entry.is_none_or(|entry| entry.disabled_by.is_some()));
                    }
                }
            }
        }
    }
}
