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
        ("放假通知：请于4月20日前报名，5月1日放假。", &["休 放假通知 2023-04-20", "休 放假通知 2023-05-01"]),
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
