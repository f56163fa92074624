//! The table that is printed, in Markdown.

use std::fmt;

/// Rows as they are measured.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    ours: String,
    other: String,
    ratio: String,
    aim: String,
}

impl Table {
    /// Ours and the other side in the same unit, and what their ratio shall at least be.
    pub fn ratio(&mut self, what: &str, unit: &str, ours: f64, other: (&str, f64), aim: Option<f64>) {
        let (ratio, (name, other)) = (ours / other.1, other);
        let aim =
            aim.map_or(String::new(), |aim| format!("≥ {aim} {}", if ratio >= aim { "✔" } else { "✘" }));
        self.rows.push(Row {
            what: what.to_owned(),
            ours: format!("{} {unit}", number(ours)),
            other: format!("{name}: {} {unit}", number(other)),
            ratio: format!("{ratio:.2}"),
            aim,
        });
    }

    /// Ours beside the other side in the same unit, and what their ratio shall at most be.
    pub fn at_most(&mut self, what: &str, unit: &str, ours: f64, other: (&str, f64), aim: Option<f64>) {
        let (ratio, (name, other)) = (ours / other.1, other);
        let aim =
            aim.map_or(String::new(), |aim| format!("≤ {aim} {}", if ratio <= aim { "✔" } else { "✘" }));
        self.rows.push(Row {
            what: what.to_owned(),
            ours: format!("{} {unit}", number(ours)),
            other: format!("{name}: {} {unit}", number(other)),
            ratio: format!("{ratio:.2}"),
            aim,
        });
    }

    /// A figure that stands alone, and what it shall at least be.
    pub fn figure(&mut self, what: &str, unit: &str, ours: f64, note: &str, aim: Option<f64>) {
        let aim = aim.map_or(String::new(), |aim| {
            format!("≥ {} {}", number(aim), if ours >= aim { "✔" } else { "✘" })
        });
        let ours = format!("{} {unit}", number(ours));
        self.rows.push(Row {
            what: what.to_owned(),
            ours,
            other: note.to_owned(),
            ratio: String::new(),
            aim,
        });
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| What | Rollcall | Beside it | Ratio | Aim |")?;
        writeln!(f, "| --- | --- | --- | --- | --- |")?;
        for row in &self.rows {
            writeln!(f, "| {} | {} | {} | {} | {} |", row.what, row.ours, row.other, row.ratio, row.aim)?;
        }
        Ok(())
    }
}

/// Three significant digits, thousands set apart.
fn number(value: f64) -> String {
    if value >= 1000.0 {
        let digits = format!("{value:.0}");
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        text
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
