//! Finding the branch or department that a cell names by a path, and making those that are not there.

use std::collections::BTreeMap;

use super::super::NAME_MOST;
use super::super::error::{DirectoryError, UnitKind};
use super::super::tree::{Tree, Unit};
use crate::text::{self, TextError};

/// Names of a path.
const DEPTH_MOST: usize = 32;

/// The names of a path; `\/` is a slash within one.
pub(super) fn split(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        let next = chars.as_str().chars().next();
        let literal = match (c, next) {
            ('\\', Some(next @ ('/' | '\\'))) => {
                chars.next();
                next
            }
            ('/', _) => {
                names.push(String::new());
                continue;
            }
            _ => c,
        };
        if let Some(name) = names.last_mut() {
            name.push(literal);
        }
    }
    names.into_iter().map(|name| name.trim().to_owned()).collect()
}

/// The path of names; what [`split`] takes apart again.
pub(super) fn join(names: &[&str]) -> String {
    let quoted = names.iter().map(|name| name.replace('\\', "\\\\").replace('/', "\\/"));
    quoted.collect::<Vec<_>>().join("/")
}

/// Why a cell names no place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PlaceError {
    #[error("several {kind}s are called {path:?}; write the whole path, as in 研发部/前端组")]
    Ambiguous { kind: UnitKind, path: String },
    #[error("{path:?} is no path of names: {problem}")]
    Name { path: String, problem: TextError },
    #[error("{path:?} has more than {DEPTH_MOST} names")]
    Deep { path: String },
}

impl PlaceError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ambiguous { kind: UnitKind::Branch, .. } => "branch.ambiguous",
            Self::Ambiguous { kind: UnitKind::Department, .. } => "department.ambiguous",
            Self::Name { problem, .. } => problem.code(),
            Self::Deep { .. } => "text.too_long",
        }
    }
}

/// Where departments are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Within<'a> {
    /// Anywhere.
    All,
    /// In this branch.
    Branch(&'a str),
}

/// All branches or all departments, and those a file adds.
pub(super) struct Places {
    kind: UnitKind,
    tree: Tree,
    /// Units by name, so that a file with thousands of departments is quick.
    named: BTreeMap<String, Vec<String>>,
    found: BTreeMap<(String, Option<String>), Vec<String>>,
    /// Made for the file, parents first.
    pub made: Vec<Unit>,
}

impl Places {
    pub fn new(kind: UnitKind, tree: Tree) -> Self {
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for unit in tree.units() {
            named.entry(unit.name.clone()).or_default().push(unit.id.clone());
        }
        Self { kind, tree, named, found: BTreeMap::new(), made: Vec::new() }
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// A unit as a cell names it.
    pub fn path(&self, id: &str) -> String {
        join(&self.tree.path(id))
    }

    fn fits(&self, id: &str, within: Within<'_>) -> bool {
        match within {
            Within::All => true,
            Within::Branch(branch) => self.tree.branch_of(id) == Some(branch),
        }
    }

    /// Units whose path from the top is `names`; of several, all.
    fn whole(&self, names: &[String], within: Within<'_>) -> Vec<String> {
        let ends = |id: &String| self.tree.path(id) == names && self.fits(id, within);
        self.called(names).filter(|id| ends(id)).cloned().collect()
    }

    /// Units whose path ends with `names`.
    fn partly(&self, names: &[String], within: Within<'_>) -> Vec<String> {
        let ends = |id: &String| {
            let path = self.tree.path(id);
            path.len() >= names.len()
                && path.iter().rev().zip(names.iter().rev()).all(|(a, b)| a == b)
                && self.fits(id, within)
        };
        self.called(names).filter(|id| ends(id)).cloned().collect()
    }

    fn called(&self, names: &[String]) -> impl Iterator<Item = &String> {
        names.last().and_then(|name| self.named.get(name)).into_iter().flatten()
    }

    fn candidates(&mut self, cell: &str, names: &[String], within: Within<'_>) -> Vec<String> {
        let branch = match within {
            Within::All => None,
            Within::Branch(branch) => Some(branch.to_owned()),
        };
        let key = (cell.to_owned(), branch);
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        let mut found = self.whole(names, within);
        if found.is_empty() {
            found = self.partly(names, within);
        }
        if found.is_empty() && self.tree.get(cell).is_some() && self.fits(cell, within) {
            found.push(cell.to_owned());
        }
        self.found.insert(key, found.clone());
        found
    }

    /// The unit a cell names: by its whole path, by the end of it where that is one unit's only, or by its id. Where several are
    /// called so, somebody stays where they are; else one outside all branches is meant. Nothing of the name: it is made.
    pub fn find_or_make(
        &mut self,
        cell: &str,
        within: Within<'_>,
        present: Option<&str>,
        mint: &mut dyn FnMut(UnitKind) -> Result<String, DirectoryError>,
    ) -> Result<Result<String, PlaceError>, DirectoryError> {
        let names = split(cell);
        if names.len() > DEPTH_MOST {
            return Ok(Err(PlaceError::Deep { path: cell.to_owned() }));
        }
        for name in &names {
            if let Err(problem) = text::required(name, NAME_MOST) {
                return Ok(Err(PlaceError::Name { path: cell.to_owned(), problem }));
            }
        }
        let found = self.candidates(cell, &names, within);
        if let Some(present) = present.filter(|present| found.iter().any(|id| id == present)) {
            return Ok(Ok(present.to_owned()));
        }
        match self.choose(cell, &found) {
            Ok(None) => self.make(cell, &names, within, mint),
            Ok(Some(id)) => Ok(Ok(id)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// The one that is meant.
    fn choose(&self, cell: &str, found: &[String]) -> Result<Option<String>, PlaceError> {
        if let [] | [_] = found {
            return Ok(found.first().cloned());
        }
        let mut outside = found.iter().filter(|id| self.tree.branch_of(id).is_none());
        match (self.kind, outside.next(), outside.next()) {
            (UnitKind::Department, Some(one), None) => Ok(Some(one.clone())),
            _ => Err(PlaceError::Ambiguous { kind: self.kind, path: cell.to_owned() }),
        }
    }

    /// Makes the units of a path that are not there.
    fn make(
        &mut self,
        cell: &str,
        names: &[String],
        within: Within<'_>,
        mint: &mut dyn FnMut(UnitKind) -> Result<String, DirectoryError>,
    ) -> Result<Result<String, PlaceError>, DirectoryError> {
        let mut parent: Option<String> = None;
        for (end, name) in (1..).zip(names) {
            let mut there = self.whole(names.get(..end).unwrap_or_default(), within);
            if parent.is_some() {
                there.retain(|id| self.tree.get(id).is_some_and(|unit| unit.parent == parent));
            }
            match self.choose(cell, &there) {
                Ok(Some(id)) => {
                    parent = Some(id);
                    continue;
                }
                Ok(None) => {}
                Err(error) => return Ok(Err(error)),
            }
            let unit = Unit {
                id: mint(self.kind)?,
                name: name.clone(),
                branch: match within {
                    Within::Branch(branch) if parent.is_none() => Some(branch.to_owned()),
                    _ => None,
                },
                parent,
            };
            parent = Some(unit.id.clone());
            self.named.entry(unit.name.clone()).or_default().push(unit.id.clone());
            self.tree.add(unit.clone());
            self.made.push(unit);
        }
        self.found.clear();
        Ok(Ok(parent.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(id: &str, name: &str, parent: Option<&str>, branch: Option<&str>) -> Unit {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Unit { id: id.to_owned(), name: name.to_owned(), parent: owned(parent), branch: owned(branch) }
    }

    /// 研发部/前端组 in b1, 研发部/后端组 in b2, 行政部/前端组 in none, and 研发部 in none.
    fn places() -> Places {
        Places::new(
            UnitKind::Department,
            Tree::new([
                unit("d1", "研发部", None, Some("b1")),
                unit("d2", "前端组", Some("d1"), None),
                unit("d3", "研发部", None, Some("b2")),
                unit("d4", "后端组", Some("d3"), None),
                unit("d5", "行政部", None, None),
                unit("d6", "前端组", Some("d5"), None),
                unit("d7", "销售", None, Some("b1")),
                unit("d8", "销售", None, Some("b2")),
            ]),
        )
    }

    #[test]
    fn directory_2_2_departments_are_found_by_path_end_or_id_and_made_otherwise() {
        let mut count = 0;
        let mut mint = |_| {
            count += 1;
            Ok(format!("n{count}"))
        };
        let mut places = places();
        let mut find = |cell: &str, within, present| {
            places
                .find_or_make(cell, within, present, &mut mint)
                .unwrap()
                .unwrap_or_else(|error| error.code().to_owned())
        };
        let b1 = Within::Branch("b1");
        let table = [
            ("研发部/后端组", Within::All, None, "d4"),
            ("后端组", Within::All, None, "d4"),
            ("研发部", b1, None, "d1"),
            ("研发部", Within::All, Some("d3"), "d3"),
            ("前端组", Within::All, None, "d6"),
            ("前端组", b1, None, "d2"),
            ("销售", Within::All, None, "department.ambiguous"),
            ("销售/一组", Within::All, None, "department.ambiguous"),
            ("d4", Within::All, None, "d4"),
            ("d4", b1, None, "n1"),
            ("研发部/测试/自动化", b1, None, "n3"),
            ("测试", Within::All, None, "n2"),
            ("自动化", Within::All, None, "n3"),
            ("市场部", b1, None, "n4"),
            ("市场部", Within::All, None, "n4"),
            ("a//b", Within::All, None, "text.empty"),
            ("/", Within::All, None, "text.empty"),
            ("甲\\/乙", Within::All, None, "n5"),
        ];
        for (cell, within, present, expected) in table {
            assert_eq!(find(cell, within, present), expected, "{cell} {within:?}");
        }
        let made: Vec<_> = places
            .made
            .iter()
            .map(|unit| (&*unit.name, unit.parent.as_deref(), unit.branch.as_deref()))
            .collect();
        assert_eq!(
            made,
            [
                ("d4", None, Some("b1")),
                ("测试", Some("d1"), None),
                ("自动化", Some("n2"), None),
                ("市场部", None, Some("b1")),
                ("甲/乙", None, None)
            ]
        );
    }

    proptest! {
        #[test]
        fn directory_2_2_a_path_comes_back_as_it_was_written(names in proptest::collection::vec("[a/\\\\部]{1,5}", 1..4)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            prop_assert_eq!(split(&join(&names)), names);
        }
    }
}
