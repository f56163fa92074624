//! The notice in which the State Council's office says each autumn which days of the next year are off, and which are worked
//! instead (国务院办公厅关于部分节假日安排的通知). Read as it is published: a paragraph for each holiday, in it dates and what they are
//! for. What it says twice, weekdays and counts, has to agree: else it is of another year, or was copied wrongly.

#[cfg(test)]
mod tests;

use chrono::{Datelike, NaiveDate, Weekday};

use super::read::{self, CalendarRead};
use crate::schedule::error::ScheduleError;
use crate::schedule::plan::{CalendarDay, Special};

/// Days a holiday may go on for at most; more is a misread date.
const LONGEST: i64 = 31;

/// What a sentence is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A date, as much of it as is written: `2月15日`, or after another one `23日`.
    Date { year: Option<i32>, month: Option<u32>, day: u32 },
    /// What stands behind a date in brackets says which weekday it is.
    Weekday(Weekday),
    /// From the date before to the one behind.
    To,
    /// The dates before are off.
    Off,
    /// The dates before are worked.
    Work,
    /// How many days are off.
    Count(u32),
}

/// Blanks are taken out, digits and colons made ordinary ones.
fn plain(line: &str) -> String {
    let ordinary = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '：' => ':',
        '（' | '〔' | '【' | '[' => '(',
        '）' | '〕' | '】' | ']' => ')',
        c => c,
    };
    line.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\u{feff}').map(ordinary).collect()
}

/// The number a text begins with, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (1..=4).contains(&digits.len()).then(|| digits.parse().ok()).flatten().map(|number| (number, rest))
}

/// A date the text begins with, and what follows it.
fn date(text: &str) -> Option<(Token, &str)> {
    let (first, rest) = number(text)?;
    if let Some(rest) = rest.strip_prefix('年') {
        let (month, rest) = number(rest)?;
        let (day, rest) = number(rest.strip_prefix('月')?)?;
        let rest = rest.strip_prefix(['日', '号'])?;
        let year = Some(i32::try_from(first).ok()?);
        return Some((Token::Date { year, month: Some(month), day }, rest));
    }
    if let Some(rest) = rest.strip_prefix('月') {
        let (day, rest) = number(rest)?;
        return Some((Token::Date { year: None, month: Some(first), day }, rest.strip_prefix(['日', '号'])?));
    }
    let rest = rest.strip_prefix(['日', '号'])?;
    Some((Token::Date { year: None, month: None, day: first }, rest))
}

/// The weekday a remark in brackets names, and what follows the brackets.
fn remark(text: &str) -> Option<(Option<Weekday>, &str)> {
    let (inside, rest) = text.strip_prefix('(')?.split_once(')')?;
    let named = inside.split(['、', '，', ',']).find_map(|part| {
        let word = ["星期", "周"].into_iter().find_map(|word| part.split_once(word))?.1;
        read::weekday(word)
    });
    Some((named, rest))
}

/// The words of a sentence that matter.
fn tokens(sentence: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sentence;
    while let Some(c) = rest.chars().next() {
        if let Some((token, after)) = date(rest) {
            tokens.push(token);
            rest = after;
        } else if let Some((weekday, after)) = remark(rest) {
            tokens.extend(weekday.map(Token::Weekday));
            rest = after;
        } else if let Some((count, after)) = count(rest) {
            tokens.push(Token::Count(count));
            rest = after;
        } else if let Some((token, after)) = word(rest) {
            rest = after;
            // "放假1天"
            let days = number(rest).filter(|_| token == Token::Off);
            tokens.push(token);
            if let Some((count, after)) =
                days.and_then(|(count, after)| Some((count, after.strip_prefix('天')?)))
            {
                tokens.push(Token::Count(count));
                rest = after;
            }
        } else {
            // A number that is no date is passed over as a whole, or its last digits would be one.
            rest =
                number(rest).map_or_else(|| rest.get(c.len_utf8()..).unwrap_or_default(), |(_, after)| after);
        }
    }
    tokens
}

/// How many days there are in all: "共3天".
fn count(text: &str) -> Option<(u32, &str)> {
    let (count, rest) = number(text.strip_prefix('共')?)?;
    Some((count, rest.strip_prefix('天')?))
}

fn word(text: &str) -> Option<(Token, &str)> {
    const WORDS: [(&str, Token); 10] = [
        ("放假", Token::Off),
        ("上班", Token::Work),
        ("至", Token::To),
        ("到", Token::To),
        ("-", Token::To),
        ("－", Token::To),
        ("—", Token::To),
        ("–", Token::To),
        ("~", Token::To),
        ("～", Token::To),
    ];
    WORDS.into_iter().find_map(|(word, token)| Some((token, text.strip_prefix(word)?)))
}

/// The year the notice is of: the first that is not that of a date.
fn year_of(text: &str) -> Option<i32> {
    text.match_indices('年').find_map(|(at, year)| {
        let before = text.get(..at)?;
        let digits = before.get(before.len().checked_sub(4)?..)?;
        let is_date = number(text.get(at + year.len()..)?).is_some_and(|(_, rest)| rest.starts_with('月'));
        let is_year = digits.bytes().all(|byte| byte.is_ascii_digit()) && !is_date;
        is_year.then(|| digits.parse().ok()).flatten()
    })
}

/// The holiday a paragraph is about, and what it says of it: `二、春节:…`.
fn heading(sentence: &str) -> Option<(&str, &str)> {
    let ordinal = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    let numbered =
        |head: &'_ str| head.trim_start_matches(ordinal).strip_prefix(['、', '.', '．']).map(str::len);
    let (head, rest) = match sentence.split_once(':') {
        Some(parts) => parts,
        // On a line of its own.
        None => numbered(sentence).map(|_| (sentence, ""))?,
    };
    let name = numbered(head).and_then(|length| head.get(head.len() - length..)).unwrap_or(head);
    let short = (1..=30).contains(&name.chars().count());
    (short && !tokens(name).iter().any(|token| matches!(token, Token::Date { .. }))).then_some((name, rest))
}

/// A date of a sentence, and whether all up to it from the one before belong as well.
struct Named {
    date: NaiveDate,
    weekday: Option<Weekday>,
    joined: bool,
}

/// Where one is in the notice.
struct Reader {
    year: i32,
    holiday: String,
    row: u32,
    read: CalendarRead,
}

/// The notice of a year: the one given, or the one it says.
pub(super) fn read(text: &str, year: Option<i32>) -> Result<CalendarRead, ScheduleError> {
    let lines: Vec<String> = text.lines().map(plain).collect();
    if !lines.iter().any(|line| line.contains("放假") || line.contains("上班")) {
        let detail =
            "neither a table with a column date (日期), nor JSON, nor a notice that says what is off (放假)";
        return Err(ScheduleError::CalendarUnreadable(detail));
    }
    let year = year.or_else(|| year_of(&lines.concat())).ok_or(ScheduleError::CalendarYear)?;
    let mut reader = Reader { year, holiday: "节假日".to_owned(), row: 0, read: CalendarRead::default() };
    for (row, line) in (1..).zip(&lines) {
        reader.row = row;
        for sentence in line.split(['。', '；', ';', '!']) {
            reader.sentence(sentence);
        }
    }
    Ok(reader.read)
}

impl Reader {
    fn sentence(&mut self, sentence: &str) {
        let mut sentence = sentence;
        if let Some((name, rest)) = heading(sentence) {
            name.clone_into(&mut self.holiday);
            sentence = rest;
        }
        // What employers are encouraged to do binds nobody.
        if sentence.contains("鼓励") {
            return;
        }
        let tokens = tokens(sentence);
        if !tokens.iter().any(|token| matches!(token, Token::Off | Token::Work)) {
            return;
        }
        let mut dates: Vec<Named> = Vec::new();
        let mut joined = false;
        let mut off = None;
        for token in tokens {
            match token {
                Token::Date { year, month, day } => {
                    match self.date(dates.last(), (year, month, day)) {
                        Some(date) => dates.push(Named { date, weekday: None, joined }),
                        None => {
                            let detail = format!("there is no {day}日 where it stands in {sentence:?}");
                            self.read.wrong(self.row, "date.invalid", detail);
                            return;
                        }
                    }
                    joined = false;
                }
                Token::Weekday(weekday) => {
                    if let Some(last) = dates.last_mut() {
                        last.weekday = Some(weekday);
                    }
                }
                Token::To => joined = !dates.is_empty(),
                Token::Off => {
                    off = self.take(&dates, &Special::Holiday).or(off);
                    dates.clear();
                }
                Token::Work => {
                    self.take(&dates, &Special::Workday { as_weekday: None });
                    dates.clear();
                }
                Token::Count(count) => {
                    if let Some(off) = off.filter(|off| *off != count) {
                        let detail = format!("{count} days are announced, and {off} are named");
                        self.read.wrong(self.row, "calendar.count", detail);
                    }
                }
            }
        }
    }

    /// A date as far as it is written, after another one.
    fn date(
        &self,
        before: Option<&Named>,
        (year, month, day): (Option<i32>, Option<u32>, u32),
    ) -> Option<NaiveDate> {
        let month = month.or_else(|| before.map(|before| before.date.month()))?;
        let year = match (year, before) {
            (Some(year), _) => year,
            // From December into January.
            (None, Some(before)) if before.date.month() == 12 && month == 1 => before.date.year() + 1,
            (None, Some(before)) => before.date.year(),
            // The new year's holiday may begin in the old one.
            (None, None) if month == 12 && self.holiday.contains("元旦") => self.year - 1,
            (None, None) => self.year,
        };
        NaiveDate::from_ymd_opt(year, month, day)
    }

    /// Takes in what the dates of a sentence are, unless one of them is wrong; how many they were.
    fn take(&mut self, dates: &[Named], special: &Special) -> Option<u32> {
        let all = match all_dates(dates) {
            Ok(all) => all,
            Err((code, detail)) => {
                self.read.wrong(self.row, code, detail);
                return None;
            }
        };
        let name = match special {
            Special::Holiday => self.holiday.clone(),
            Special::Workday { .. } => format!("{}调休", self.holiday),
        };
        for date in &all {
            let day = CalendarDay { date: *date, special: special.clone(), name: name.clone() };
            self.read.put(self.row, day);
        }
        u32::try_from(all.len()).ok().filter(|count| *count > 0)
    }
}

/// The dates, and those between joined ones; or what is wrong with one of them.
fn all_dates(dates: &[Named]) -> Result<Vec<NaiveDate>, (&'static str, String)> {
    let mut all: Vec<NaiveDate> = Vec::new();
    for Named { date, weekday, joined } in dates {
        if let Some(weekday) = weekday.filter(|weekday| *weekday != date.weekday()) {
            let detail = format!("{date} is a {}, not a {weekday}: is it of another year?", date.weekday());
            return Err(("calendar.weekday_wrong", detail));
        }
        let from = all.last().filter(|_| *joined).and_then(|last| last.succ_opt()).unwrap_or(*date);
        if !(0..LONGEST).contains(&(*date - from).num_days()) {
            return Err(("calendar.range", format!("nothing goes on from {from} to {date}")));
        }
        all.extend(from.iter_days().take_while(|next| next <= date));
    }
    Ok(all)
}
