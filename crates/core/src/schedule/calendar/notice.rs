//! The notice in which the State Council's office says each autumn which days of the next year are off, and which are worked
//! instead (国务院办公厅关于部分节假日安排的通知). Read as it is published: a paragraph for each holiday, in it dates and what they are
//! for. What it says twice, weekdays and counts, has to agree: else it is of another year, or was copied wrongly.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::calendar_built_in;

    /// Days in a row of one kind and name as one: `休 春节 02-15…02-23`.
    fn shown(text: &str, year: Option<i32>) -> Vec<String> {
        let read = read(text, year).unwrap();
        let mut runs: Vec<(NaiveDate, NaiveDate, &CalendarDay)> = Vec::new();
        for day in read.days.values() {
            match runs.last_mut() {
                Some((_, last, first))
                    if last.succ_opt() == Some(day.date)
                        && (&first.special, &first.name) == (&day.special, &day.name) =>
                {
                    *last = day.date;
                }
                _ => runs.push((day.date, day.date, day)),
            }
        }
        let run = |(from, to, day): &(NaiveDate, NaiveDate, &CalendarDay)| {
            let kind = if day.special == Special::Holiday { "休" } else { "班" };
            let to = if from == to { String::new() } else { format!("…{}", to.format("%m-%d")) };
            format!("{kind} {} {from}{to}", day.name)
        };
        let wrong = read.wrong.iter().map(|wrong| format!("{} {}", wrong.row, wrong.code));
        runs.iter().map(run).chain(wrong).collect()
    }

    #[test]
    fn attendance_6_4_the_notice_of_2024_is_read() {
        let text = "关于2024年部分节假日安排的通知（发明电〔2023〕7号）
            各单位：
            经批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
            一、元旦：1月1日放假，与周末连休。
            二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位安排职工在除夕（2月9日）休息。
            三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
            四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
            五、端午节：6月10日放假，与周末连休。
            六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
            七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
            节假日期间，各单位要妥善安排好值班和安全工作。
            2023年10月25日";
        assert_eq!(
            shown(text, None),
            [
                "休 元旦 2024-01-01",
                "班 春节调休 2024-02-04",
                "休 春节 2024-02-10…02-17",
                "班 春节调休 2024-02-18",
                "休 清明节 2024-04-04…04-06",
                "班 清明节调休 2024-04-07",
                "班 劳动节调休 2024-04-28",
                "休 劳动节 2024-05-01…05-05",
                "班 劳动节调休 2024-05-11",
                "休 端午节 2024-06-10",
                "班 中秋节调休 2024-09-14",
                "休 中秋节 2024-09-15…09-17",
                "班 国庆节调休 2024-09-29",
                "休 国庆节 2024-10-01…10-07",
                "班 国庆节调休 2024-10-12",
            ]
        );
    }

    fn built_in(year: i32) -> Vec<CalendarDay> {
        calendar_built_in(year).unwrap().days.into_values().collect()
    }

    #[test]
    fn attendance_6_4_the_notices_of_2025_and_2026_say_what_is_built_in() {
        let of_2025 = "2025年部分节假日安排
            一、元旦：1月1日（周三）放假1天，不调休。
            二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
            三、清明节：4月4日（周五）至6日（周日）放假，共3天。
            四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
            五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
            六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。";
        let of_2026 = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
            二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
            三、清明节：4月4日（周六）至6日（周一）放假，共3天。
            四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
            五、端午节：6月19日（周五）至21日（周日）放假，共3天。
            六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
            七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。";
        for (text, given, year) in [(of_2025, None, 2025), (of_2026, Some(2026), 2026)] {
            let read = read(text, given).unwrap();
            assert!(read.wrong.is_empty(), "{:?}", read.wrong);
            assert_eq!(read.days.into_values().collect::<Vec<_>>(), built_in(year), "{year}");
        }
    }

    #[test]
    fn attendance_6_4_notices_are_read_in_the_forms_they_have_had() {
        let table: [(&str, &[&str]); 9] = [
            // From the old year into the new one, with and without saying so.
            ("一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。", &["休 元旦 2022-12-31…01-02"]),
            (
                "一、元旦：12月30日至1月1日放假调休，共3天。12月29日（星期四）上班。",
                &["班 元旦调休 2022-12-29", "休 元旦 2022-12-30…01-01"],
            ),
            // Days after a comma, and two things in one sentence.
            (
                "劳动节：5月1日、2日、3日放假，5月6日上班",
                &["休 劳动节 2023-05-01…05-03", "班 劳动节调休 2023-05-06"],
            ),
            // Digits of full width, blanks, other dashes.
            ("三、清明节： ４月５日 － ７日 放假", &["休 清明节 2023-04-05…04-07"]),
            (
                "国庆节:9月29日~10月6日放假调休,共8天;10月7日(周六)、10月8日(周日)上班;",
                &["休 国庆节 2023-09-29…10-06", "班 国庆节调休 2023-10-07…10-08"],
            ),
            // The name on a line of its own.
            (
                "四、端午节\n6月22日至24日放假，共3天。\n6月25日（周日）上班。",
                &["休 端午节 2023-06-22…06-24", "班 端午节调休 2023-06-25"],
            ),
            // Without a name.
            ("5月1日放假", &["休 节假日 2023-05-01"]),
            // What binds nobody, and dates of something else.
            ("除夕：鼓励1月21日放假。本通知自2022年12月8日起施行。5月1日放假", &["休 除夕 2023-05-01"]),
            (
                "放假通知：请于4月20日前报名，5月1日放假。",
                &["休 放假通知 2023-04-20", "休 放假通知 2023-05-01"],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text, Some(2023)), expected, "{text}");
        }
    }

    #[test]
    fn attendance_6_4_a_notice_that_does_not_agree_with_itself_is_not_believed() {
        let table: [(&str, &[&str]); 6] = [
            // The weekdays are those of 2026.
            ("元旦：1月1日（周四）至3日（周六）放假。", &["1 calendar.weekday_wrong"]),
            ("元旦：1月1日至3日放假，共2天。", &["休 元旦 2025-01-01…01-03", "1 calendar.count"]),
            ("元旦：2月1日至30日放假。", &["1 date.invalid"]),
            ("元旦：3月1日至1日放假。\n元旦：3月5日至2日放假。", &["1 calendar.range", "2 calendar.range"]),
            ("元旦：1月1日至5月3日放假。", &["1 calendar.range"]),
            ("元旦：1月1日放假。1月1日上班。", &["休 元旦 2025-01-01", "1 calendar.date_twice"]),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text, Some(2025)), expected, "{text}");
        }
        assert_eq!(read("元旦：1月1日放假。", None).unwrap_err().code(), "calendar.year_missing");
        assert_eq!(read("Hello.", Some(2025)).unwrap_err().code(), "calendar.unreadable");
    }

    proptest::proptest! {
        /// Whatever is pasted: it is read or refused, and no day is of a year that nobody can mean.
        #[test]
        fn attendance_6_4_anything_may_be_pasted(text in "([0-9０-９]{0,3}[年月日号至、，。：（）放假上班共天 \n周一四星期元旦a-c]{0,3}){0,30}", year in proptest::option::of(1900..=9999_i32)) {
            if let Ok(read) = read(&text, year) {
                proptest::prop_assert!(read.days.keys().all(|date| (1900..=9999).contains(&date.year())));
            }
        }
    }
}
