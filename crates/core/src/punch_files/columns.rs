//! What the columns of a table of punches are called, and which of them are understood.

use super::{Mapping, PunchFileError};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Column {
    /// The number on the machine.
    Pin,
    /// Date and time.
    Time,
    /// The date, where the time of day has a column of its own.
    Date,
    /// The time of day.
    Clock,
    /// The key that was pressed.
    Status,
    /// How somebody was identified.
    Verify,
    /// The work code.
    WorkCode,
}

impl Column {
    const ALL: [Self; 7] =
        [Self::Pin, Self::Time, Self::Date, Self::Clock, Self::Status, Self::Verify, Self::WorkCode];

    /// Its name for programs.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Pin => "pin",
            Self::Time => "time",
            Self::Date => "date",
            Self::Clock => "clock",
            Self::Status => "status",
            Self::Verify => "verify",
            Self::WorkCode => "workCode",
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.key().eq_ignore_ascii_case(key))
    }

    /// What it is called in files of machines and of people, without case, blanks and punctuation: the surest first, since a
    /// number of the row may be called a number, too.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Pin => &[
                "pin",
                "enno",
                "enrollno",
                "考勤机中对应人员工号",
                "考勤号码",
                "考勤号",
                "登记号码",
                "登记号",
                "acno",
                "accno",
                "badgenumber",
                "userid",
                "userno",
                "用户编号",
                "用户号",
                "用户id",
                "personid",
                "人员编号",
                "人员工号",
                "人员id",
                "工号",
                "员工编号",
                "empno",
                "employeeid",
                "编号",
                "no",
            ],
            Self::Time => &[
                "datetime",
                "日期时间",
                "日期/时间",
                "日期及时间",
                "打卡时间",
                "考勤时间",
                "刷卡时间",
                "签到时间",
                "出入时间",
                "验证时间",
                "识别时间",
                "checktime",
                "punchtime",
                "timestamp",
                "time",
                "时间",
            ],
            Self::Date => &["打卡日期", "考勤日期", "刷卡日期", "date", "日期", "day"],
            Self::Clock => &["clock", "timeofday", "打卡时刻", "时刻", "钟点"],
            Self::Status => &[
                "考勤状态",
                "打卡状态",
                "出入状态",
                "签到类型",
                "iomd",
                "iomode",
                "inout",
                "attstate",
                "checktype",
                "进出",
                "出入",
                "status",
                "state",
                "状态",
            ],
            Self::Verify => {
                &["verifycode", "verifymode", "verify", "验证方式", "识别方式", "比对方式", "验证码", "mode"]
            }
            Self::WorkCode => &["workcode", "工作代码", "工作号码", "作业代码"],
        }
    }

    /// How sure a header is this column; the lower, the surer.
    fn rank(self, header: &str) -> Option<usize> {
        let bare: String = header
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '/')
            .flat_map(char::to_lowercase)
            .collect();
        self.names().iter().position(|name| *name == bare)
    }
}

/// Where in a row is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Places {
    columns: Vec<Option<Column>>,
    headers: Vec<String>,
}

impl Places {
    /// Understands headers; what the mapping says goes before what they sound like.
    pub(super) fn of(headers: &[String], mapping: &Mapping) -> Result<Self, PunchFileError> {
        let headers: Vec<String> = headers.iter().map(|header| header.trim().to_owned()).collect();
        if let Some(unknown) = mapping.keys().find(|header| !headers.contains(&header.trim().to_owned())) {
            return Err(PunchFileError::MappingHeader(unknown.clone()));
        }
        let said =
            |header: &String| mapping.iter().find(|(key, _)| key.trim() == header).map(|(_, to)| to.trim());
        let mut columns = vec![None; headers.len()];
        for (place, header) in columns.iter_mut().zip(&headers) {
            if let Some(key) = said(header).filter(|key| !key.is_empty()) {
                let column = Column::of_key(key);
                *place = Some(column.ok_or_else(|| PunchFileError::MappingColumn(key.to_owned()))?);
            }
        }
        for column in Column::ALL {
            if columns.contains(&Some(column)) {
                continue;
            }
            // A column that only sounds like another gives way to the one that surely is.
            let sounds = headers.iter().zip(columns.iter_mut()).filter(|(header, _)| said(header).is_none());
            let ranked = sounds.filter_map(|(header, place)| Some((column.rank(header)?, place)));
            if let Some((_, place)) =
                ranked.filter(|(_, place)| place.is_none()).min_by_key(|(rank, _)| *rank)
            {
                *place = Some(column);
            }
        }
        let places = Self { columns, headers };
        places.check()?;
        Ok(places)
    }

    fn check(&self) -> Result<(), PunchFileError> {
        for column in Column::ALL {
            let mut called =
                self.columns.iter().zip(&self.headers).filter(|(known, _)| **known == Some(column));
            if let (Some((_, first)), Some((_, second))) = (called.next(), called.next()) {
                return Err(PunchFileError::ColumnTwice(first.clone(), second.clone(), column.key()));
            }
        }
        let has = |column| self.columns.contains(&Some(column));
        if !has(Column::Pin) {
            return Err(PunchFileError::NoColumn("pin", self.shown()));
        }
        // A date with its clock beside it is a time; so is one column that is called a time and has a date before it.
        if !(has(Column::Time) || has(Column::Date) && has(Column::Clock)) {
            return Err(PunchFileError::NoColumn("time", self.shown()));
        }
        Ok(())
    }

    /// What is in a row under a column.
    pub(super) fn cell<'r>(&self, row: &'r [String], column: Column) -> &'r str {
        let at = self.columns.iter().position(|known| *known == Some(column));
        at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim())
    }

    /// Headers, and what each is understood as.
    pub(super) fn shown(&self) -> Vec<(String, Option<&'static str>)> {
        let key = |column: &Option<Column>| column.map(Column::key);
        self.headers.iter().cloned().zip(self.columns.iter().map(key)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[&str], mapping: &[(&str, &str)]) -> Result<Vec<Option<&'static str>>, &'static str> {
        let headers: Vec<_> = headers.iter().map(|header| (*header).to_owned()).collect();
        let mapping = mapping.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        let places = Places::of(&headers, &mapping).map_err(|error| error.code())?;
        Ok(places.shown().into_iter().map(|(_, key)| key).collect())
    }

    #[test]
    fn attendance_6_7_headers_of_machines_and_of_people_are_understood() {
        let table: [(&[&str], &[Option<&str>]); 5] = [
            (&["考勤号码", "姓名", "日期时间", "状态"], &[Some("pin"), None, Some("time"), Some("status")]),
            (
                &["No", "Mchn", "EnNo", "Name", "Mode", "IOMd", "DateTime"],
                &[None, None, Some("pin"), None, Some("verify"), Some("status"), Some("time")],
            ),
            (&["AC-No.", "Date", "Clock"], &[Some("pin"), Some("date"), Some("clock")]),
            (&["User ID", "Check Time", "Verify Code"], &[Some("pin"), Some("time"), Some("verify")]),
            (&["工号", "打卡时间", "时间"], &[Some("pin"), Some("time"), None]),
        ];
        for (headers, expected) in table {
            assert_eq!(of(headers, &[]).unwrap(), expected, "{headers:?}");
        }
    }

    #[test]
    fn attendance_6_7_a_mapping_goes_before_what_headers_sound_like() {
        let glg = ["No", "EnNo", "DateTime"];
        assert_eq!(of(&glg, &[]).unwrap(), [None, Some("pin"), Some("time")], "the surer one");
        assert_eq!(of(&glg, &[("EnNo", "")]).unwrap(), [Some("pin"), None, Some("time")]);
        assert_eq!(of(&glg, &[("No", "pin")]).unwrap(), [Some("pin"), None, Some("time")]);
        assert_eq!(of(&["甲", "乙"], &[("甲", "pin"), ("乙", "time")]).unwrap(), [Some("pin"), Some("time")]);
        assert_eq!(of(&glg, &[("EnNo", "pin"), ("No", "pin")]), Err("punch_file.column_twice"));
        assert_eq!(of(&glg, &[("丙", "pin")]), Err("punch_file.mapping_header"));
        assert_eq!(of(&glg, &[("No", "name")]), Err("punch_file.mapping_column"));
        assert_eq!(of(&["姓名", "时间"], &[]), Err("punch_file.no_column"));
        assert_eq!(of(&["工号", "日期"], &[]), Err("punch_file.no_column"));
    }
}
