//! The few words the shell says itself, in the system's language.

/// What the tray says.
#[derive(Debug)]
pub struct Words {
    /// Opens the window.
    pub open: &'static str,
    /// Ends the program.
    pub quit: &'static str,
    /// Beside the pointer.
    pub tooltip: &'static str,
}

const ENGLISH: Words =
    Words { open: "Open Rollcall", quit: "Quit Rollcall", tooltip: "Rollcall – listening to the machines" };
const CHINESE: Words =
    Words {
        open: "打开 Rollcall", quit: "退出 Rollcall", tooltip: "Rollcall – 正在接收考勤机数据"
    };

impl Words {
    /// Chinese where the system speaks Chinese, else English.
    pub fn of_the_system() -> &'static Self {
        let chinese = sys_locale::get_locale().is_some_and(|locale| locale.to_lowercase().starts_with("zh"));
        if chinese { &CHINESE } else { &ENGLISH }
    }
}
