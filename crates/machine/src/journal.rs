//! What the simulation itself writes down about commands, over wipes and restarts: no machine remembers this much.

use std::collections::BTreeMap;

/// What became of one command, by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Execution {
    /// The command without its values, as it came first.
    pub what: String,
    /// How often it was carried out.
    pub times: u32,
    /// The server has accepted a result of it.
    pub confirmed: bool,
    /// It restarts, opens or clears something: what must not happen twice.
    pub once_only: bool,
}

/// Every command a machine has ever been given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    executions: BTreeMap<String, Execution>,
    /// Numbers of the commands about a person, in the order in which they were carried out.
    about: BTreeMap<String, Vec<u64>>,
    wrong: Vec<String>,
}

impl Journal {
    /// Commands by number.
    #[must_use]
    pub const fn executions(&self) -> &BTreeMap<String, Execution> {
        &self.executions
    }

    /// What no server may do: a once-only command given again, a confirmed one repeated, commands about one person out of
    /// order, a shell, firmware or file command. Several may be repeated together when their results were lost (Q1), as long as
    /// the newest comes last (Q3).
    #[must_use]
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = self.wrong.clone();
        for (about, numbers) in &self.about {
            let (last, newest) = (numbers.last(), numbers.iter().max());
            if last != newest {
                wrong.push(format!("of the commands about {about} the last was not the newest: {numbers:?}"));
            }
        }
        wrong
    }

    pub(crate) fn executed(&mut self, id: &str, text: &str, order: Nature, about: Option<&str>) {
        let what = headline(text);
        let execution = self.executions.entry(id.to_owned()).or_insert_with(|| Execution {
            what: what.clone(),
            once_only: order == Nature::OnceOnly,
            ..Execution::default()
        });
        execution.times += 1;
        if execution.times > 1 && execution.once_only {
            self.wrong.push(format!("once-only command {id} ({what}) executed {} times", execution.times));
        }
        if execution.times > 1 && execution.confirmed {
            self.wrong.push(format!("command {id} ({what}) repeated after its result was accepted"));
        }
        if execution.what != what {
            self.wrong.push(format!("number {id} given twice: {} and {what}", execution.what));
        }
        if order == Nature::Forbidden {
            self.wrong.push(format!("command {id} ({what}) must never be sent"));
        }
        let (Some(about), Ok(number)) = (about, id.parse::<u64>()) else { return };
        let earlier = self.about.entry(about.to_owned()).or_default();
        let settled = |newer: &&u64| {
            **newer > number && self.executions.get(&newer.to_string()).is_some_and(|newer| newer.confirmed)
        };
        if let Some(newer) = earlier.iter().find(settled) {
            self.wrong.push(format!("command {id} ({what}) about {about} came after {newer} was confirmed"));
        }
        earlier.push(number);
    }

    /// The server took a body for complete that was not (T7).
    pub(crate) fn half_a_body(&mut self, target: &str) {
        self.wrong.push(format!("half a body to {target} was accepted"));
    }

    pub(crate) fn confirmed(&mut self, id: &str) {
        if let Some(execution) = self.executions.get_mut(id) {
            execution.confirmed = true;
        }
    }
}

/// What kind of thing a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    Repeatable,
    OnceOnly,
    Forbidden,
}

/// The words of a command without fields: names and templates have no place in a log.
fn headline(text: &str) -> String {
    text.split('\t')
        .next()
        .unwrap_or_default()
        .split(' ')
        .filter(|word| !word.contains('='))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q4_a_second_unlock_is_written_down() {
        let mut journal = Journal::default();
        journal.executed("5", "AC_UNLOCK", Nature::OnceOnly, None);
        assert!(journal.wrong().is_empty());
        journal.executed("5", "AC_UNLOCK", Nature::OnceOnly, None);
        assert_eq!(journal.wrong(), ["once-only command 5 (AC_UNLOCK) executed 2 times"]);
    }

    #[test]
    fn q1_a_repetition_is_fine_until_its_result_was_accepted() {
        let mut journal = Journal::default();
        for _ in 0..3 {
            journal.executed("5", "CHECK", Nature::Repeatable, None);
        }
        assert!(journal.wrong().is_empty());
        journal.confirmed("5");
        journal.executed("5", "CHECK", Nature::Repeatable, None);
        assert_eq!(journal.wrong(), ["command 5 (CHECK) repeated after its result was accepted"]);
    }

    #[test]
    fn q3_commands_about_a_person_come_in_order() {
        let mut journal = Journal::default();
        journal.executed("6", "DATA UPDATE USERINFO PIN=1\tName=x", Nature::Repeatable, Some("1"));
        journal.executed("5", "DATA DELETE USERINFO PIN=2", Nature::Repeatable, Some("2"));
        assert!(journal.wrong().is_empty());
        journal.executed("5", "DATA DELETE USERINFO PIN=1", Nature::Repeatable, Some("1"));
        assert_eq!(journal.wrong(), ["of the commands about 1 the last was not the newest: [6, 5]"]);
        // Both repeated in order: their results were lost together.
        journal.executed("6", "DATA UPDATE USERINFO PIN=1\tName=x", Nature::Repeatable, Some("1"));
        assert!(journal.wrong().is_empty());
        journal.confirmed("6");
        journal.executed("5", "DATA DELETE USERINFO PIN=1", Nature::Repeatable, Some("1"));
        assert!(journal.wrong()[0].ends_with("about 1 came after 6 was confirmed"), "{:?}", journal.wrong());
    }
}
