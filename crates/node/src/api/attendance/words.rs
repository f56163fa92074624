//! What stands in the cells of a report, in the language of whoever reads it.

use chrono::{Datelike, NaiveDate};
use rollcall_core::attendance::day::{Mark, MarkKind, Status};
use rollcall_core::attendance::{DateKind, DayStatus, SheetDay};
use rollcall_sheets::report::Look;

use crate::api::imports::files::FileLanguage;

/// The words of a language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub FileLanguage);

impl Words {
    /// One of two texts.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self.0 {
            FileLanguage::Zh => chinese,
            FileLanguage::En => english,
        }
    }

    /// The texts of several cells.
    pub fn all<const N: usize>(
        self,
        chinese: [&'static str; N],
        english: [&'static str; N],
    ) -> [&'static str; N] {
        self.pick(chinese, english)
    }

    pub fn weekday(self, weekday: u8) -> &'static str {
        let names =
            self.all(["一", "二", "三", "四", "五", "六", "日"], ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]);
        names.get(usize::from(weekday.saturating_sub(1))).copied().unwrap_or_default()
    }

    pub fn weekday_of(self, date: NaiveDate) -> &'static str {
        self.weekday(u8::try_from(date.weekday().number_from_monday()).unwrap_or(1))
    }

    /// The head of a date that is not like others.
    pub fn kind(self, kind: DateKind) -> &'static str {
        match kind {
            DateKind::Ordinary => "",
            DateKind::Holiday => self.pick("节", "H"),
            DateKind::Workday => self.pick("班", "W"),
        }
    }

    pub fn status(self, status: DayStatus) -> &'static str {
        let (chinese, english) = match status {
            DayStatus::Pending => ("待定", "Not known yet"),
            DayStatus::Is(Status::Normal) => ("正常", "Normal"),
            DayStatus::Is(Status::Late) => ("迟到", "Late"),
            DayStatus::Is(Status::EarlyLeave) => ("早退", "Left early"),
            DayStatus::Is(Status::Missing) => ("缺卡", "Missing punch"),
            DayStatus::Is(Status::Absent) => ("旷工", "Absent"),
            DayStatus::Is(Status::Rest) => ("休息", "Rest day"),
            DayStatus::Is(Status::Holiday) => ("节假日", "Holiday"),
            DayStatus::Is(Status::Leave) => ("请假", "On leave"),
            DayStatus::Is(Status::Unscheduled) => ("未排班", "No shift"),
            DayStatus::Is(Status::NotEmployed) => ("不在职", "Not employed"),
        };
        self.pick(chinese, english)
    }

    /// A mark in full, in the words of the console: `迟到 12 分（申诉通过）`.
    pub fn mark(self, mark: &Mark) -> String {
        let minutes = mark.minutes;
        let mut text = match mark.kind {
            MarkKind::Late => self.pick(format!("迟到 {minutes} 分"), format!("Late {minutes} min")),
            MarkKind::EarlyLeave => {
                self.pick(format!("早退 {minutes} 分"), format!("Left early {minutes} min"))
            }
            MarkKind::MissingIn => self.pick("上班缺卡", "Missing punch in").to_owned(),
            MarkKind::MissingOut => self.pick("下班缺卡", "Missing punch out").to_owned(),
            MarkKind::Absent => self.pick(format!("旷工 {minutes} 分"), format!("Absent {minutes} min")),
        };
        // Of a shift in parts; the first is as of any other.
        if let Some(segment) = mark.segment.filter(|segment| *segment > 0) {
            let nth = segment + 1;
            text += &self.pick(format!("（第 {nth} 段）"), format!(" (part {nth})"));
        }
        if mark.lifted {
            text += self.pick("（申诉通过）", " (appeal approved)");
        }
        text
    }

    pub fn marks(self, marks: &[Mark]) -> String {
        let texts: Vec<String> = marks.iter().map(|mark| self.mark(mark)).collect();
        texts.join(self.pick("；", "; "))
    }

    /// A mark as short as a cell of a month is narrow.
    fn short(self, mark: &Mark) -> String {
        let minutes = mark.minutes;
        let mut text = match mark.kind {
            MarkKind::Late => self.pick(format!("迟{minutes}"), format!("L{minutes}")),
            MarkKind::EarlyLeave => self.pick(format!("早{minutes}"), format!("E{minutes}")),
            MarkKind::MissingIn => self.pick("缺上", "in?").to_owned(),
            MarkKind::MissingOut => self.pick("缺下", "out?").to_owned(),
            MarkKind::Absent if mark.segment.is_none() => self.pick("旷", "A").to_owned(),
            MarkKind::Absent => self.pick(format!("旷{minutes}"), format!("A{minutes}")),
        };
        if mark.lifted {
            text += self.pick("诉", "*");
        }
        text
    }

    /// A day of the month sheet, and how it looks.
    pub fn cell(self, day: &SheetDay) -> (String, Look) {
        let marks: Vec<String> = day.marks.iter().map(|mark| self.short(mark)).collect();
        let (alone, look) = match day.status {
            DayStatus::Pending => ("…", Look::Open),
            DayStatus::Is(Status::Normal) if marks.is_empty() => ("√", Look::Faint),
            DayStatus::Is(Status::Normal) => ("", Look::Lifted),
            DayStatus::Is(Status::Late | Status::EarlyLeave) => ("", Look::Warning),
            DayStatus::Is(Status::Missing | Status::Absent) => ("", Look::Bad),
            DayStatus::Is(Status::Rest) => (self.pick("休", "R"), Look::Off),
            DayStatus::Is(Status::Holiday) => (self.pick("节", "H"), Look::Off),
            DayStatus::Is(Status::Leave) => (self.pick("假", "V"), Look::Leave),
            DayStatus::Is(Status::Unscheduled) => ("—", Look::Faint),
            DayStatus::Is(Status::NotEmployed) => ("/", Look::Faint),
        };
        let texts = std::iter::once(alone.to_owned()).filter(|text| !text.is_empty()).chain(marks);
        (texts.collect::<Vec<_>>().join("\n"), look)
    }

    /// What the cells of the month sheet mean.
    pub fn legend(self) -> [&'static str; 3] {
        self.all(
            [
                "√ 正常　迟n 迟到 n 分钟　早n 早退 n 分钟　缺上／缺下 上班／下班缺卡　旷 全天旷工　旷n 旷工 n 分钟",
                "休 休息　节 节假日　假 全天请假　— 未排班　／ 不在职　… 待定：当天未结束或考勤机数据未到齐",
                "诉 申诉通过：标记保留显示，不计入合计。日期下的“班”为调休上班日",
            ],
            [
                "√ normal   Ln late by n minutes   En left early by n minutes   in? / out? missing punch in / out   A absent all day   An absent for n minutes",
                "R rest   H holiday   V on leave all day   — no shift   / not employed   … not known yet: the day is not over, or a machine's data is not all here",
                "* appeal approved: the mark stays visible and counts for nothing. W beneath a date: a make-up workday",
            ],
        )
    }
}
