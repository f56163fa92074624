//! A calendar as it comes: the rows of a table, JSON, the yearly notice, or the years that are built in.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::notice;
use crate::schedule::NAME_MOST;
use crate::schedule::error::ScheduleError;
use crate::schedule::plan::{CalendarDay, Special};
use crate::text;

/// Days one calendar may have.
const DAYS_MOST: usize = 4000;

/// A row of a calendar that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowWrong {
    /// Its number, from 1: a row of a table, a line of a text, a place in a list.
    pub row: u32,
    /// A stable code.
    pub code: &'static str,
    /// The same in English.
    pub detail: String,
}

/// What a calendar says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarRead {
    /// Its days, by date.
    pub days: BTreeMap<NaiveDate, CalendarDay>,
    /// What is wrong with it.
    pub wrong: Vec<RowWrong>,
}

impl CalendarRead {
    /// Takes in a day; one that is there already as something else is wrong.
    pub(super) fn put(&mut self, row: u32, day: CalendarDay) {
        if day.date.year() < 1900 || day.date.year() > 9999 {
            self.wrong(row, "date.invalid", format!("{} is not of the years 1900 to 9999", day.date));
            return;
        }
        if self.days.get(&day.date).is_some_and(|known| known.special != day.special) {
            let detail = format!("{} is a holiday in one place and a workday in another", day.date);
            self.wrong(row, "calendar.date_twice", detail);
            return;
        }
        self.days.entry(day.date).or_insert(day);
    }

    pub(super) fn wrong(&mut self, row: u32, code: &'static str, detail: String) {
        self.wrong.push(RowWrong { row, code, detail });
    }

    fn checked(self) -> Result<Self, ScheduleError> {
        if self.days.is_empty() && self.wrong.is_empty() {
            return Err(ScheduleError::CalendarUnreadable("there is no day in it"));
        }
        if self.days.len() + self.wrong.len() > DAYS_MOST {
            return Err(ScheduleError::CalendarUnreadable("there are more than 4,000 days in it"));
        }
        Ok(self)
    }
}

/// What form a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarForm {
    /// JSON.
    Json,
    /// Rows of values, with a delimiter between them.
    Table,
    /// The yearly notice of the State Council's office.
    Notice,
}

/// What form a text is in, as far as one can tell.
pub fn calendar_form(text: &str) -> CalendarForm {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if text.starts_with(['{', '[']) {
        return CalendarForm::Json;
    }
    let first: Vec<&str> = text.lines().next().unwrap_or_default().split([',', ';', '\t']).collect();
    let is_table = first.iter().any(|cell| Column::of_header(cell) == Some(Column::Date))
        || (first.len() > 1 && first.first().is_some_and(|cell| date(cell).is_some()));
    if is_table { CalendarForm::Table } else { CalendarForm::Notice }
}

/// A date as people write it in a table: `2026-01-01`, `2026/1/1`, `2026.1.1`, `2026年1月1日`.
fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_matches('"').trim_end_matches('日');
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let mut number = |digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let part = parts.next()?.trim();
        let digits_only = part.bytes().all(|byte| byte.is_ascii_digit()) && digits.contains(&part.len());
        digits_only.then(|| part.parse().ok()).flatten()
    };
    let (year, month, day) = (number(4..=4)?, number(1..=2)?, number(1..=2)?);
    let rest = parts.next();
    if rest.is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

fn kind(text: &str) -> Option<Special> {
    match text.trim().to_lowercase().as_str() {
        "holiday" | "off" | "假" | "休" | "休息" | "放假" | "节假日" | "假期" | "假日" | "节日" => {
            Some(Special::Holiday)
        }
        "workday" | "work" | "班" | "上班" | "补班" | "调休" | "调休上班" | "工作日" => {
            Some(Special::Workday { as_weekday: None })
        }
        _ => None,
    }
}

/// The weekday somebody wrote, as a number or in words.
pub(super) fn weekday(text: &str) -> Option<Weekday> {
    let text = text.trim();
    let rest = ["星期", "周", "礼拜"].into_iter().find_map(|prefix| text.strip_prefix(prefix));
    match rest.unwrap_or(text) {
        "1" | "一" => Some(Weekday::Mon),
        "2" | "二" => Some(Weekday::Tue),
        "3" | "三" => Some(Weekday::Wed),
        "4" | "四" => Some(Weekday::Thu),
        "5" | "五" => Some(Weekday::Fri),
        "6" | "六" => Some(Weekday::Sat),
        "7" | "日" | "天" => Some(Weekday::Sun),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Kind,
    Name,
    AsWeekday,
}

impl Column {
    const USUAL: [Option<Self>; 4] =
        [Some(Self::Date), Some(Self::Kind), Some(Self::Name), Some(Self::AsWeekday)];

    fn of_header(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['"', '\u{feff}', '*', '＊']).trim().to_lowercase();
        match text.as_str() {
            "date" | "日期" => Some(Self::Date),
            "kind" | "type" | "类型" | "类别" => Some(Self::Kind),
            "name" | "名称" | "节日" | "节假日" => Some(Self::Name),
            "asweekday" | "as weekday" | "按星期" | "上星期几的班" => Some(Self::AsWeekday),
            _ => None,
        }
    }
}

/// What one calls a day that has no name.
fn usual_name(special: &Special) -> &'static str {
    match special {
        Special::Holiday => "节假日",
        Special::Workday { .. } => "调休上班",
    }
}

/// The rows of a table: date, kind, name, and the weekday a make-up workday is worked as. The first row may say which column is
/// which.
pub fn calendar_of_rows(rows: &[(u32, Vec<String>)]) -> Result<CalendarRead, ScheduleError> {
    let Some((_, first)) = rows.first() else {
        return Err(ScheduleError::CalendarUnreadable("there is no row in it"));
    };
    let named: Vec<Option<Column>> = first.iter().map(|cell| Column::of_header(cell)).collect();
    let (columns, rows) = if named.contains(&Some(Column::Date)) {
        (named, rows.get(1..).unwrap_or_default())
    } else if first.first().is_some_and(|cell| date(cell).is_some()) {
        (Column::USUAL.to_vec(), rows)
    } else {
        return Err(ScheduleError::CalendarUnreadable("no column is called date or 日期"));
    };
    let mut read = CalendarRead::default();
    for (number, cells) in rows {
        let cell = |wanted: Column| {
            let place = columns.iter().position(|column| *column == Some(wanted));
            place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim())
        };
        let row = Raw {
            date: cell(Column::Date),
            kind: cell(Column::Kind),
            name: cell(Column::Name),
            as_weekday: cell(Column::AsWeekday),
        };
        match row.day() {
            Ok(day) => read.put(*number, day),
            Err((code, detail)) => read.wrong(*number, code, detail),
        }
    }
    read.checked()
}

/// A row as it is written.
struct Raw<'a> {
    date: &'a str,
    kind: &'a str,
    name: &'a str,
    as_weekday: &'a str,
}

impl Raw<'_> {
    fn day(&self) -> Result<CalendarDay, (&'static str, String)> {
        let date = date(self.date)
            .ok_or_else(|| ("date.invalid", format!("{:?} is no date like 2026-01-01", self.date)))?;
        let mut special = kind(self.kind).ok_or_else(|| {
            ("calendar.kind", format!("{:?} is neither holiday (放假) nor workday (上班)", self.kind))
        })?;
        if !self.as_weekday.is_empty() {
            let Special::Workday { as_weekday } = &mut special else {
                let detail = "only a make-up workday is worked as another weekday".to_owned();
                return Err(("calendar.weekday_of_holiday", detail));
            };
            let day = weekday(self.as_weekday).ok_or_else(|| {
                (
                    "calendar.weekday",
                    format!("{:?} is no weekday of 1 (Monday) to 7 (Sunday)", self.as_weekday),
                )
            })?;
            *as_weekday = Some(day);
        }
        let name = match text::optional(self.name, NAME_MOST) {
            Ok(name) => name.unwrap_or_else(|| usual_name(&special).to_owned()),
            Err(error) => return Err((error.code(), error.to_string())),
        };
        Ok(CalendarDay { date, special, name })
    }
}

/// A day as JSON: ours, or as the lists on the net have it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonDay {
    date: String,
    name: Option<String>,
    is_off_day: Option<bool>,
    kind: Option<String>,
    as_weekday: Option<u8>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum JsonDays {
    Object { days: Vec<serde_json::Value> },
    List(Vec<serde_json::Value>),
}

/// JSON: `{"days": [{"date", "name", "isOffDay"}]}`, or the list alone; instead of `isOffDay` a day may have `kind`.
pub fn calendar_of_json(text: &str) -> Result<CalendarRead, ScheduleError> {
    let (JsonDays::Object { days } | JsonDays::List(days)) =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| {
            ScheduleError::CalendarUnreadable(
                "JSON of the form {\"days\": [{\"date\", \"name\", \"isOffDay\"}]} is wanted",
            )
        })?;
    let mut read = CalendarRead::default();
    for (row, day) in (1..).zip(days) {
        let day: JsonDay = match serde_json::from_value(day) {
            Ok(day) => day,
            Err(error) => {
                read.wrong(row, "calendar.entry", error.to_string());
                continue;
            }
        };
        let kind = match (&day.kind, day.is_off_day) {
            (Some(kind), _) => kind.as_str(),
            (None, Some(true)) => "holiday",
            (None, Some(false)) => "workday",
            (None, None) => "",
        };
        let number = day.as_weekday.map(|number| number.to_string()).unwrap_or_default();
        let name = day.name.unwrap_or_default();
        let raw = Raw { date: &day.date, kind, name: &name, as_weekday: &number };
        match raw.day() {
            Ok(day) => read.put(row, day),
            Err((code, detail)) => read.wrong(row, code, detail),
        }
    }
    read.checked()
}

/// The yearly notice of the State Council's office; of the year given, or of the one it says.
pub fn calendar_of_notice(text: &str, year: Option<i32>) -> Result<CalendarRead, ScheduleError> {
    notice::read(text, year)?.checked()
}

const BUILT_IN: &str = include_str!("mainland_china.csv");

/// From, to and what each date between them is.
fn built_in() -> impl Iterator<Item = (NaiveDate, NaiveDate, Special, &'static str)> {
    BUILT_IN.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split(',');
        let (from, to) = (date(cells.next()?)?, date(cells.next()?)?);
        Some((from, to, kind(cells.next()?)?, cells.next()?))
    })
}

/// The years whose calendar is built in.
pub fn calendar_years_built_in() -> Vec<i32> {
    let mut years: Vec<i32> = built_in().map(|(from, ..)| from.year()).collect();
    years.dedup();
    years
}

/// The calendar of a year that is built in.
pub fn calendar_built_in(year: i32) -> Result<CalendarRead, ScheduleError> {
    let mut read = CalendarRead::default();
    for (from, to, special, name) in built_in().filter(|(from, ..)| from.year() == year) {
        for date in from.iter_days().take_while(|date| *date <= to) {
            read.put(0, CalendarDay { date, special: special.clone(), name: name.to_owned() });
        }
    }
    if read.days.is_empty() { Err(ScheduleError::CalendarNotBuiltIn(year)) } else { Ok(read) }
}

#[cfg(test)]
mod tests {
    use super::super::weekday_of_number;
    use super::*;

    fn shown(read: &CalendarRead) -> Vec<String> {
        let day = |day: &CalendarDay| {
            let kind = match day.special {
                Special::Holiday => "休".to_owned(),
                Special::Workday { as_weekday } => {
                    format!(
                        "班{}",
                        as_weekday.map_or(String::new(), |day| day.number_from_monday().to_string())
                    )
                }
            };
            format!("{} {kind} {}", day.date, day.name)
        };
        let wrong = read.wrong.iter().map(|wrong| format!("{} {}", wrong.row, wrong.code));
        read.days.values().map(day).chain(wrong).collect()
    }

    fn table(rows: &[&[&str]]) -> Vec<(u32, Vec<String>)> {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        (1..).zip(rows.iter().map(cells)).collect()
    }

    #[test]
    fn attendance_6_4_a_table_of_holidays_is_read_with_or_without_headers() {
        let expected = ["2026-01-01 休 元旦", "2026-01-04 班5 调休"];
        for rows in [
            &[
                &["date", "kind", "name", "asWeekday"][..],
                &["2026-01-01", "holiday", "元旦"],
                &["2026-01-04", "workday", "调休", "5"],
            ][..],
            &[
                &["名称", "备注", "类型", "日期", "按星期"],
                &["元旦", "x", "放假", "2026/1/1"],
                &["调休", "", "上班", "2026年1月4日", "周五"],
            ],
            &[&["2026.1.1", "休", "元旦"], &["2026-1-4", "班", "调休", "星期五"]],
        ] {
            assert_eq!(shown(&calendar_of_rows(&table(rows)).unwrap()), expected);
        }
        let unnamed = calendar_of_rows(&table(&[&["日期", "类型"], &["2026-01-01", "假"]])).unwrap();
        assert_eq!(shown(&unnamed), ["2026-01-01 休 节假日"]);
    }

    #[test]
    fn attendance_6_4_every_row_that_is_wrong_is_named() {
        let rows = table(&[
            &["日期", "类型", "名称", "按星期"],
            &["2026-02-30", "放假", "x"],
            &["2026-01-01", "也许", "x"],
            &["2026-01-01", "放假", "x", "3"],
            &["2026-01-04", "上班", "x", "8"],
            &["2026-01-02", "放假", "x\ty"],
            &["2026-01-03", "放假", "x"],
            &["2026-01-03", "上班", "x"],
            &["", "", "x"],
        ]);
        assert_eq!(
            shown(&calendar_of_rows(&rows).unwrap()),
            [
                "2026-01-03 休 x",
                "2 date.invalid",
                "3 calendar.kind",
                "4 calendar.weekday_of_holiday",
                "5 calendar.weekday",
                "6 text.control_character",
                "8 calendar.date_twice",
                "9 date.invalid",
            ]
        );
        for rows in [table(&[]), table(&[&["x", "y"]]), table(&[&["日期", "类型"]])] {
            assert_eq!(calendar_of_rows(&rows).unwrap_err().code(), "calendar.unreadable");
        }
    }

    #[test]
    fn attendance_6_4_json_of_days_is_read() {
        let list = r#"[{"name":"元旦","date":"2026-01-01","isOffDay":true},{"name":"元旦","date":"2026-01-04","isOffDay":false}]"#;
        let expected = ["2026-01-01 休 元旦", "2026-01-04 班 元旦"];
        assert_eq!(shown(&calendar_of_json(list).unwrap()), expected);
        let object = format!(r#"{{"$schema":"x","year":2026,"papers":[],"days":{list}}}"#);
        assert_eq!(shown(&calendar_of_json(&object).unwrap()), expected);
        let ours = r#"{"days":[{"date":"2026-01-04","kind":"workday","name":"调休","asWeekday":5}]}"#;
        assert_eq!(shown(&calendar_of_json(ours).unwrap()), ["2026-01-04 班5 调休"]);
        let wrong =
            r#"[{"date":"2026-01-01"},{"date":"x","isOffDay":true},7,{"date":"2026-01-02","isOffDay":true}]"#;
        assert_eq!(
            shown(&calendar_of_json(wrong).unwrap()),
            ["2026-01-02 休 节假日", "1 calendar.kind", "2 date.invalid", "3 calendar.entry"]
        );
        for text in ["", "{", "{}", "[]", r#"{"days":7}"#, "null"] {
            assert_eq!(calendar_of_json(text).unwrap_err().code(), "calendar.unreadable", "{text}");
        }
    }

    #[test]
    fn attendance_6_4_the_form_of_a_text_is_told() {
        for (text, form) in [
            ("{\"days\":[]}", CalendarForm::Json),
            (" \n[]", CalendarForm::Json),
            ("date,kind,name\n", CalendarForm::Table),
            ("\u{feff}日期;类型;名称", CalendarForm::Table),
            ("2026年1月1日,放假,元旦", CalendarForm::Table),
            ("一、元旦：1月1日至3日放假，共3天。", CalendarForm::Notice),
            ("国务院办公厅关于2026年部分节假日安排的通知", CalendarForm::Notice),
        ] {
            assert_eq!(calendar_form(text), form, "{text}");
        }
    }

    #[test]
    fn attendance_6_4_the_years_that_are_built_in_have_the_days_of_their_notices() {
        assert_eq!(calendar_years_built_in(), [2025, 2026]);
        for (year, holidays, workdays) in [(2025, 28, 5), (2026, 33, 6)] {
            let read = calendar_built_in(year).unwrap();
            let is_holiday = |day: &&CalendarDay| day.special == Special::Holiday;
            assert_eq!(read.days.values().filter(is_holiday).count(), holidays, "{year}");
            assert_eq!(read.days.len(), holidays + workdays, "{year}");
            // Nobody makes up for a day of work on a day of work.
            for day in read.days.values().filter(|day| !is_holiday(day)) {
                assert!(matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun), "{}", day.date);
            }
            assert!(read.wrong.is_empty());
        }
        assert_eq!(calendar_built_in(2024).unwrap_err().code(), "calendar.not_built_in");
        assert_eq!(weekday_of_number(7), Some(Weekday::Sun));
        assert_eq!((weekday_of_number(0), weekday_of_number(8)), (None, None));
    }
}
