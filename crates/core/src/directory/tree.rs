//! The shape of the organisation, as a pure value: what is beneath what.

use std::collections::{BTreeMap, BTreeSet};

/// A branch or a department as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
    /// Of a department without a parent; the others are where their parent is.
    pub branch: Option<String>,
}

/// All branches, or all departments.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree {
    units: BTreeMap<String, Unit>,
    beneath: BTreeMap<String, Vec<String>>,
}

impl Tree {
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        let mut tree = Self::default();
        for unit in units {
            tree.add(unit);
        }
        tree
    }

    pub fn add(&mut self, unit: Unit) {
        if let Some(parent) = &unit.parent {
            self.beneath.entry(parent.clone()).or_default().push(unit.id.clone());
        }
        self.units.insert(unit.id.clone(), unit);
    }

    /// Takes out a unit with nothing beneath it.
    pub fn remove(&mut self, id: &str) {
        self.units.remove(id);
    }

    pub fn get(&self, id: &str) -> Option<&Unit> {
        self.units.get(id)
    }

    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.units.values()
    }

    /// The unit and what it is beneath, upwards.
    pub fn upwards<'t>(&'t self, id: &str) -> impl Iterator<Item = &'t Unit> {
        let mut next = self.units.get(id);
        // There are no cycles; were there one, nobody would walk in it for ever.
        let mut steps = self.units.len();
        std::iter::from_fn(move || {
            let unit = next.filter(|_| steps > 0)?;
            steps -= 1;
            next = unit.parent.as_deref().and_then(|parent| self.units.get(parent));
            Some(unit)
        })
    }

    /// Whether `id` beneath `parent` would be beneath itself.
    pub fn would_cycle(&self, id: &str, parent: &str) -> bool {
        id == parent || self.upwards(parent).any(|unit| unit.id == id)
    }

    /// The branch of a department: that of the topmost above it.
    pub fn branch_of(&self, id: &str) -> Option<&str> {
        self.upwards(id).last().and_then(|top| top.branch.as_deref())
    }

    /// The unit and all beneath it.
    pub fn below(&self, id: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if self.units.contains_key(id) && found.insert(id.to_owned()) {
                open.extend(self.beneath.get(id).into_iter().flatten().map(String::as_str));
            }
        }
        found
    }

    /// For each unit the sum over itself and all beneath it.
    pub fn sums(&self, own: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for (id, count) in own {
            for unit in self.upwards(id) {
                *sums.entry(unit.id.clone()).or_default() += count;
            }
        }
        sums
    }

    /// The names from the top down to the unit.
    pub fn path(&self, id: &str) -> Vec<&str> {
        let mut names: Vec<&str> = self.upwards(id).map(|unit| unit.name.as_str()).collect();
        names.reverse();
        names
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(id: &str, parent: Option<&str>, branch: Option<&str>) -> Unit {
        Unit {
            id: id.to_owned(),
            name: format!("N{id}"),
            parent: parent.map(str::to_owned),
            branch: branch.map(str::to_owned),
        }
    }

    #[test]
    fn directory_2_1_the_branch_follows_from_the_topmost_parent() {
        let tree = Tree::new([
            unit("c", Some("b"), None),
            unit("b", Some("a"), None),
            unit("a", None, Some("x")),
            unit("z", None, None),
        ]);
        for (id, branch) in [("a", Some("x")), ("c", Some("x")), ("z", None), ("nobody", None)] {
            assert_eq!(tree.branch_of(id), branch, "{id}");
        }
        assert_eq!(tree.path("c"), ["Na", "Nb", "Nc"]);
        assert_eq!(tree.below("b").into_iter().collect::<Vec<_>>(), ["b", "c"]);
        let own = [("a", 1), ("b", 2), ("c", 4), ("z", 8)].map(|(id, n)| (id.to_owned(), n));
        let sums = tree.sums(&own.into());
        assert_eq!(["a", "b", "c", "z"].map(|id| sums[id]), [7, 6, 4, 8]);
    }

    proptest! {
        /// Whatever is moved where: what is accepted never closes a cycle, and what is refused would have.
        #[test]
        fn directory_2_1_no_cycle_is_ever_accepted(moves in proptest::collection::vec((0_u8..12, 0_u8..12), 0..80)) {
            let mut parents: BTreeMap<u8, Option<u8>> = (0..12).map(|id| (id, None)).collect();
            let tree = |parents: &BTreeMap<u8, Option<u8>>| {
                Tree::new(parents.iter().map(|(id, parent)| {
                    unit(&id.to_string(), parent.map(|parent| parent.to_string()).as_deref(), None)
                }))
            };
            let cyclic = |parents: &BTreeMap<u8, Option<u8>>, from: u8| {
                let (mut at, mut steps) = (from, 0);
                while let Some(parent) = parents[&at] {
                    at = parent;
                    steps += 1;
                    if steps > 12 {
                        return true;
                    }
                }
                false
            };
            for (id, parent) in moves {
                let refused = tree(&parents).would_cycle(&id.to_string(), &parent.to_string());
                let mut then = parents.clone();
                then.insert(id, Some(parent));
                prop_assert_eq!(refused, cyclic(&then, id));
                if !refused {
                    parents = then;
                }
            }
        }
    }
}
