//! What people are found by: name, pinyin in full and as initials, id, employee number, mobile.
//!
//! Written beside each person in lower case, one item a line. No item and nothing that is looked for has a line break in it,
//! so nothing is found across two of them.

mod queries;

use std::collections::BTreeMap;

use pinyin::{Pinyin, ToPinyinMulti};
use rusqlite::Connection;

use super::id::EmployeeId;
use crate::db;

/// Readings of a name that are written down; of one with more, the later characters keep their commonest.
const READINGS_MOST: usize = 16;
/// Characters of a name that are read aloud; longer ones are no Chinese names.
const READ_MOST: usize = 12;

/// What somebody is found by.
pub(super) fn key(name: &str, id: &EmployeeId, fields: &BTreeMap<String, String>) -> String {
    let mut items = vec![name.to_lowercase(), id.as_str().to_lowercase()];
    items.extend(
        ["employeeNumber", "mobile"].into_iter().filter_map(|key| fields.get(key)).map(|v| v.to_lowercase()),
    );
    for item in readings(name) {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    items.join("\n")
}

/// What is looked for, as it would stand in a [`key`]: as typed, and without the blanks between syllables.
pub(crate) fn needles(search: &str) -> Option<(String, String)> {
    let needle = search.trim().to_lowercase();
    let tight = needle.split_whitespace().collect();
    (!needle.is_empty()).then_some((needle, tight))
}

/// The syllables a character may be read as, the commonest first; a foreign character is its own reading.
fn syllables(c: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let syllable = Pinyin::plain(reading);
        // There is no ü on a keyboard; both ways to type it are in use.
        for typed in [syllable.replace('ü', "v"), syllable.replace('ü', "u")] {
            if !found.contains(&typed) {
                found.push(typed);
            }
        }
    }
    if found.is_empty() && !c.is_whitespace() {
        found.push(c.to_lowercase().collect());
    }
    found
}

/// A Chinese name in full and as initials, in each way it may be read.
fn readings(name: &str) -> Vec<String> {
    if !name.chars().any(|c| c.to_pinyin_multi().is_some()) {
        return Vec::new();
    }
    let mut full = vec![(String::new(), String::new())];
    for c in name.chars().take(READ_MOST) {
        let syllables = syllables(c);
        let kept = if full.len() * syllables.len() > READINGS_MOST { 1 } else { syllables.len() };
        if syllables.is_empty() {
            continue;
        }
        full = full
            .iter()
            .flat_map(|(so_far, initials)| {
                syllables.iter().take(kept).map(move |syllable| {
                    let initial = syllable.chars().next().map(String::from).unwrap_or_default();
                    (format!("{so_far}{syllable}"), format!("{initials}{initial}"))
                })
            })
            .collect();
    }
    let (full, initials): (Vec<String>, Vec<String>) = full.into_iter().unzip();
    let mut found = full;
    for item in initials {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

/// Rows filled in one transaction after a start.
const AT_ONCE: i64 = 2_000;

/// Writes down what the people of an earlier version are found by.
pub(crate) fn fill(conn: &mut Connection) -> Result<(), db::Error> {
    loop {
        let tx = conn.transaction()?;
        let people = queries::unfilled(&tx, AT_ONCE)?;
        for (id, name, fields) in &people {
            queries::set(&tx, id, &key(name, id, fields))?;
        }
        tx.commit()?;
        if people.is_empty() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, search: &str) -> bool {
        let id = EmployeeId::new("E-17").unwrap();
        let fields = [("employeeNumber", "A0042"), ("mobile", "13800138000"), ("email", "x@example.org")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let key = key(name, &id, &fields.into());
        let (needle, tight) = needles(search).unwrap();
        key.contains(&needle) || key.contains(&tight)
    }

    #[test]
    fn directory_2_1_people_are_found_by_name_pinyin_and_numbers() {
        let good = [
            ("王芳", "王"),
            ("王芳", "wang"),
            ("王芳", "WangFang"),
            ("王芳", "wang fang"),
            ("王芳", "wf"),
            ("王芳", "a0042"),
            ("王芳", "e-17"),
            ("王芳", "8001"),
            // surnames that are read in another way than the character alone
            ("单雄信", "shanxiongxin"),
            ("单雄信", "sxx"),
            ("曾国藩", "zeng"),
            ("解缙", "xiejin"),
            ("仇英", "qiuying"),
            ("查良镛", "zhaliangyong"),
            ("重阳", "chongyang"),
            ("重阳", "zhongyang"),
            ("吕布", "lvbu"),
            ("吕布", "lubu"),
            ("欧阳修", "oyx"),
            ("John Smith", "john s"),
            ("𠮷田 嘢", "𠮷"),
            ("Élodie", "élo"),
        ];
        for (name, search) in good {
            assert!(found(name, search), "{name} by {search}");
        }
        for (name, search) in
            [("王芳", "fangwang"), ("王芳", "example"), ("王芳", "芳e"), ("John Smith", "js")]
        {
            assert!(!found(name, search), "{name} by {search}");
        }
        assert_eq!(needles(" \u{3000}"), None);
    }

    #[test]
    fn the_readings_of_a_name_are_bounded() {
        let key = key(&"重".repeat(100), &EmployeeId::new("e1").unwrap(), &BTreeMap::new());
        assert!(key.len() < 2_000, "{}", key.len());
    }
}
