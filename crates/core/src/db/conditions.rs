use rusqlite::types::Value;

/// What a query is put together from: conditions that all hold, and the values of their parameters in order.
#[derive(Default)]
pub(crate) struct Conditions {
    sql: Vec<&'static str>,
    /// One for each parameter; a limit may be put behind them.
    pub values: Vec<Value>,
}

impl Conditions {
    /// `sql` has one `?` for each value.
    pub fn add(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) {
        self.sql.push(sql);
        self.values.extend(values);
    }

    /// Nothing when there is nothing to compare with; `sql` has one `?`.
    pub fn add_some(&mut self, sql: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.add(sql, [value.into()]);
        }
    }

    /// The conditions as a clause; nothing when there are none.
    pub fn clause(&self) -> String {
        if self.sql.is_empty() { String::new() } else { format!("WHERE {}", self.sql.join(" AND ")) }
    }
}
