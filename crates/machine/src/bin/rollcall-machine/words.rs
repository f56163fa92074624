//! What the machine says to the person in front of it, in Chinese and English.

use clap::ValueEnum;
use rollcall_machine::{Person, Phase, Punch, State};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Zh,
    En,
}

impl Lang {
    /// What was asked for, else what the environment says.
    pub fn choose(asked: Option<Self>) -> Self {
        asked.unwrap_or_else(|| {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(|name| std::env::var(name).ok())
                .find(|value| !value.is_empty());
            if locale.is_some_and(|locale| locale.starts_with("zh")) { Self::Zh } else { Self::En }
        })
    }

    const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    pub fn welcome(self, sn: &str, server: &str) -> String {
        match self {
            Self::Zh => {
                format!("模拟考勤机 {sn},服务器 {server}\n输入工号并回车即打卡,输入 help 查看其他命令。")
            }
            Self::En => format!(
                "Simulated attendance machine {sn}, server {server}\nType a number and press Enter to punch; `help` shows the rest."
            ),
        }
    }

    pub const fn help(self) -> &'static str {
        match self {
            Self::Zh => {
                "\
  1001           工号 1001 打卡
  status  状态   连接状态与计数
  people  人员   机器上的人员
  offline 断网   拔掉网线,打卡记录留在机器里
  online  联网   插上网线
  wipe    清空   恢复出厂:人员和打卡记录全部清除
  help    帮助   本说明
  quit    退出   关机"
            }
            Self::En => {
                "\
  1001     the person with number 1001 punches
  status   connection and counters
  people   who is on the machine
  offline  pull the network cable; punches stay on the machine
  online   put it back in
  wipe     factory reset: people and punches are gone
  help     this text
  quit     switch the machine off"
            }
        }
    }

    pub fn punched(self, punch: &Punch) -> String {
        match self {
            Self::Zh => format!("滴!{} 于 {} 打卡", punch.pin, punch.time),
            Self::En => format!("Beep! {} punched at {}", punch.pin, punch.time),
        }
    }

    pub fn not_let_in(self, pin: &str) -> String {
        match self {
            Self::Zh => format!("门不开:机器上没有 {pin} 或此人无开门权限(输入 people 查看)"),
            Self::En => {
                format!("The door stays shut: {pin} is not on the machine or may not pass (see `people`)")
            }
        }
    }

    pub fn accepted(self, count: u64) -> String {
        match self {
            Self::Zh => format!("  ✓ 服务器已保存 {count} 条打卡记录"),
            Self::En if count == 1 => "  ✓ the server has stored the punch".to_owned(),
            Self::En => format!("  ✓ the server has stored {count} punches"),
        }
    }

    /// What a change of the connection means; nothing when it means nothing new.
    pub fn phase(self, state: &State, server: &str) -> Option<String> {
        let text = match state.phase {
            Phase::Starting | Phase::Stopped => return None,
            Phase::Handshaken => self.pick("已连接服务器", "Connected to the server").to_owned(),
            Phase::Unplugged => self.pick("网线已拔出", "The cable is out").to_owned(),
            Phase::Offline => match (self, state.problem, state.refused_status) {
                (_, Some("upload.refused"), Some(503)) => self
                    .pick(
                        "服务器暂不接收打卡记录(503):请在 Rollcall 中添加或启用这台考勤机。记录保留在机器里,稍后重传。",
                        "The server does not take punches yet (503): add or enable this machine in Rollcall. They stay on the machine and are sent again.",
                    )
                    .to_owned(),
                (Self::Zh, Some("wire.connect"), _) => format!("连不上 {server},稍后重试"),
                (Self::En, Some("wire.connect"), _) => format!("Cannot reach {server}; trying again soon"),
                (Self::Zh, problem, _) => format!("与服务器通信失败({}),稍后重试", problem.unwrap_or("?")),
                (Self::En, problem, _) => {
                    format!("No success with the server ({}); trying again soon", problem.unwrap_or("?"))
                }
            },
        };
        Some(text)
    }

    pub fn status(self, sn: &str, clock: &str, people: usize, punches: usize, state: &State) -> String {
        let phase = match state.phase {
            Phase::Starting => self.pick("正在连接", "connecting"),
            Phase::Handshaken => self.pick("已连接", "connected"),
            Phase::Offline => self.pick("离线,等待重试", "offline, will try again"),
            Phase::Unplugged => self.pick("网线已拔出", "cable out"),
            Phase::Stopped => self.pick("已关机", "off"),
        };
        let State { acknowledged, pending, refused, failed, .. } = state;
        match self {
            Self::Zh => format!(
                "{sn} · {phase} · 时钟 {clock}\n人员 {people} · 打卡记录 {punches} · 已上传 {acknowledged} · 待上传 {pending} · 被拒 {refused} · 通信失败 {failed}"
            ),
            Self::En => format!(
                "{sn} · {phase} · clock {clock}\npeople {people} · punches {punches} · uploaded {acknowledged} · waiting {pending} · refused {refused} · failed {failed}"
            ),
        }
    }

    pub fn person(self, person: &Person) -> String {
        let role = match person.privilege & 0x0E {
            0 => self.pick("普通用户", "user"),
            2 => self.pick("登记员", "registrar"),
            _ => self.pick("管理员", "administrator"),
        };
        let fingers = person.templates.fingers();
        let face = if person.templates.face() { self.pick(" · 人脸", " · face") } else { "" };
        let (pin, name) = (&person.pin, &person.name);
        match self {
            Self::Zh => format!("{pin:>9}  {name}  {role} · 指纹 {fingers}{face}"),
            Self::En => format!("{pin:>9}  {name}  {role} · fingerprints {fingers}{face}"),
        }
    }

    pub const fn nobody(self) -> &'static str {
        match self {
            Self::Zh => "机器上没有人员",
            Self::En => "Nobody is on the machine",
        }
    }

    pub const fn wiped(self) -> &'static str {
        match self {
            Self::Zh => "已恢复出厂",
            Self::En => "The machine is as it left the factory",
        }
    }

    pub fn not_understood(self, line: &str) -> String {
        match self {
            Self::Zh => format!("不认识“{line}”。工号只能是数字,最多 9 位;输入 help 查看命令。"),
            Self::En => format!("'{line}' is neither a number of up to 9 digits nor a command; try `help`."),
        }
    }

    pub fn left_behind(self, pending: usize) -> String {
        match self {
            Self::Zh => format!("有 {pending} 条打卡记录未上传,随模拟机关闭而丢失。"),
            Self::En => {
                format!("{pending} punches were not uploaded and are lost with this simulated machine.")
            }
        }
    }
}
