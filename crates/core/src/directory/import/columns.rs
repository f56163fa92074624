//! What the columns of a file of people are called, and which of them are understood.

use std::collections::BTreeMap;

use super::super::fields::Field;
use super::ImportError;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Id,
    Name,
    Branch,
    Department,
    HiredOn,
    LeftOn,
    Field(String),
}

impl Target {
    /// Its name for programs.
    pub fn key(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Branch => "branch",
            Self::Department => "department",
            Self::HiredOn => "hiredOn",
            Self::LeftOn => "leftOn",
            Self::Field(key) => key,
        }
    }

    fn of_key(key: &str, fields: &[Field]) -> Option<Self> {
        let fixed = [Self::Id, Self::Name, Self::Branch, Self::Department, Self::HiredOn, Self::LeftOn];
        fixed.into_iter().find(|target| target.key() == key).or_else(|| {
            fields.iter().find(|field| field.key == key).map(|field| Self::Field(field.key.clone()))
        })
    }
}

/// Columns that every file may have, in the order they are written: key, and the name in Chinese. No field of the customer's is
/// called like one.
const FIXED: [(&str, &str); 9] = [
    ("id", "人员ID"),
    ("name", "姓名"),
    ("branch", "分部"),
    ("department", "部门"),
    ("employeeNumber", "工号"),
    ("mobile", "手机"),
    ("email", "邮箱"),
    ("hiredOn", "入职日期"),
    ("leftOn", "离职日期"),
];
/// The system's other fields. A field of the customer's that is called like one goes before it.
const FURTHER: [(&str, &str); 4] =
    [("gender", "性别"), ("idNumber", "身份证号"), ("birthday", "生日"), ("position", "职位")];
/// What else the system's columns are called in the files people have.
const ALSO: [(&str, &str); 8] = [
    ("mobile", "手机号"),
    ("mobile", "手机号码"),
    ("email", "电子邮箱"),
    ("employeeNumber", "员工编号"),
    ("idNumber", "身份证号码"),
    ("birthday", "出生日期"),
    ("position", "岗位"),
    ("branch", "分公司"),
];

/// Whether a column called so is understood as one of the system's, so that no field of the customer's can be.
pub(in super::super) fn is_fixed_header(header: &str) -> bool {
    FIXED.iter().any(|(key, name)| key.eq_ignore_ascii_case(header) || *name == header)
}

/// The language of the headers of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeaderLanguage {
    /// Chinese.
    #[default]
    Chinese,
    /// The keys, which are English.
    English,
}

/// The columns a file is written with.
pub(super) fn all(fields: &[Field], language: HeaderLanguage) -> Vec<(Target, String)> {
    let named = |(key, name): &(&str, &str)| {
        let header = match language {
            HeaderLanguage::Chinese => *name,
            HeaderLanguage::English => *key,
        };
        Target::of_key(key, fields).map(|target| (target, header.to_owned()))
    };
    let custom = fields.iter().filter(|field| !field.system);
    let custom = custom.map(|field| (Target::Field(field.key.clone()), field.label.clone()));
    FIXED.iter().chain(&FURTHER).filter_map(named).chain(custom).collect()
}

fn understood(header: &str, fields: &[Field]) -> Option<Target> {
    let table = |table: &[(&str, &str)]| {
        let found = table.iter().find(|(key, name)| key.eq_ignore_ascii_case(header) || *name == header);
        found.and_then(|(key, _)| Target::of_key(key, fields))
    };
    let custom = || {
        let mut custom = fields.iter().filter(|field| !field.system);
        let found = custom
            .clone()
            .find(|field| field.label.to_lowercase() == header.to_lowercase())
            .or_else(|| custom.find(|field| field.key == header));
        found.map(|field| Target::Field(field.key.clone()))
    };
    table(&FIXED).or_else(custom).or_else(|| table(&FURTHER)).or_else(|| table(&ALSO))
}

/// What each column of a file holds; none for one that is left out. What the mapping says goes before what headers are
/// understood as, and a column that only sounds like another gives way to it.
pub(super) fn matched(
    headers: &[String],
    mapping: &BTreeMap<String, String>,
    fields: &[Field],
) -> Result<Vec<Option<Target>>, ImportError> {
    let clean = |header: &str| header.trim().trim_end_matches(['*', '＊']).trim().to_owned();
    if let Some(header) = mapping.keys().find(|key| !headers.iter().any(|header| clean(header) == clean(key)))
    {
        return Err(ImportError::MappingHeader(header.clone()));
    }
    let mapping: BTreeMap<String, &String> = mapping.iter().map(|(key, field)| (clean(key), field)).collect();
    let mut columns: Vec<Option<Target>> = vec![None; headers.len()];
    let mut taken: BTreeMap<Target, String> = BTreeMap::new();
    for said in [true, false] {
        let before = taken.clone();
        for (header, column) in headers.iter().zip(&mut columns) {
            let name = clean(header);
            let target = match mapping.get(&name) {
                Some(key) if said && !key.is_empty() => Some(
                    Target::of_key(key, fields).ok_or_else(|| ImportError::MappingField((*key).clone()))?,
                ),
                None if !said => understood(&name, fields).filter(|target| !before.contains_key(target)),
                _ => None,
            };
            let Some(target) = target else { continue };
            if let Some(other) = taken.insert(target.clone(), header.clone()) {
                return Err(ImportError::ColumnTwice { header: header.clone(), other });
            }
            *column = Some(target);
        }
    }
    let known = [Target::Id, Target::Name, Target::Field("employeeNumber".to_owned())];
    if known.iter().any(|target| taken.contains_key(target)) {
        Ok(columns)
    } else {
        Err(ImportError::NoPeople)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fields::{FieldGroup, FieldType, SYSTEM_FIELDS};
    use super::*;

    fn fields() -> Vec<Field> {
        let field = |key: &str, label: &str, system| Field {
            key: key.to_owned(),
            label: label.to_owned(),
            kind: FieldType::Text,
            group: FieldGroup::Basic,
            choices: Vec::new(),
            system,
        };
        let mut fields: Vec<Field> = SYSTEM_FIELDS.into_iter().map(|key| field(key, "", true)).collect();
        fields.extend([field("shoeSize", "鞋码", false), field("rank", "职位", false)]);
        fields
    }

    /// What headers and what is said of them come to.
    type Case<T> = (&'static [&'static str], &'static [(&'static str, &'static str)], T);

    fn keys(headers: &[&str], mapping: &[(&str, &str)]) -> Result<Vec<String>, &'static str> {
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let mapping = mapping.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let columns = matched(&headers, &mapping, &fields()).map_err(|error| error.code())?;
        Ok(columns
            .into_iter()
            .map(|column| column.map_or_else(String::new, |c| c.key().to_owned()))
            .collect())
    }

    #[test]
    fn directory_2_2_columns_are_understood_by_their_names() {
        let good: [Case<&[&str]>; 7] = [
            (
                &["id", "name", "branch", "department", "employeeNumber", "mobile", "email", "hiredOn"],
                &[],
                &["id", "name", "branch", "department", "employeeNumber", "mobile", "email", "hiredOn"],
            ),
            (
                &["人员ID", "姓名", "分部", "部门", "工号", "手机", "邮箱", "入职日期"],
                &[],
                &["id", "name", "branch", "department", "employeeNumber", "mobile", "email", "hiredOn"],
            ),
            (
                &[" 姓名* ", "NAME2", "鞋码", "shoeSize2", "性别"],
                &[],
                &["name", "", "shoeSize", "", "gender"],
            ),
            // The customer's own word goes before ours.
            (&["姓名", "职位", "position"], &[], &["name", "rank", "position"]),
            (&["谁", "号"], &[("谁", "name"), ("号", "shoeSize")], &["name", "shoeSize"]),
            (&["姓名", "谁"], &[("谁", "name")], &["", "name"]),
            (&["姓名", "鞋码"], &[("鞋码", "")], &["name", ""]),
        ];
        for (headers, mapping, expected) in good {
            assert_eq!(keys(headers, mapping).unwrap(), expected, "{headers:?}");
        }
        let bad: [Case<&str>; 5] = [
            (&["姓名", "name"], &[], "import.column_twice"),
            (&["手机", "邮箱"], &[], "import.no_people"),
            (&["姓名"], &[("名字", "name")], "import.mapping_header_unknown"),
            (&["姓名"], &[("姓名", "hat")], "import.mapping_field_unknown"),
            (&["a", "b"], &[("a", "name"), ("b", "name")], "import.column_twice"),
        ];
        for (headers, mapping, code) in bad {
            assert_eq!(keys(headers, mapping).unwrap_err(), code, "{headers:?}");
        }
    }

    #[test]
    fn directory_2_2_what_is_written_is_understood() {
        for language in [HeaderLanguage::Chinese, HeaderLanguage::English] {
            let fields: Vec<Field> = fields().into_iter().filter(|field| field.key != "rank").collect();
            let columns = all(&fields, language);
            let headers: Vec<String> = columns.iter().map(|(_, header)| header.clone()).collect();
            let read = matched(&headers, &BTreeMap::new(), &fields).unwrap();
            let written: Vec<_> = columns.into_iter().map(|(target, _)| Some(target)).collect();
            assert_eq!(read, written);
        }
    }
}
